//! Labels: which there are is the workspace's, and its supervisors say so; who puts them on threads is everybody who works
//! there.
//!
//! ```text
//!   put on or taken off ──relay answers──▶ in the log ──▶ every desk
//!            │                                 ▲
//!            └──relay away──▶ queued, shown as on its way ──relay is back──┘
//! ```

use baton_messenger::Words;
use baton_protocol::command::{Accepted, Command};
use baton_protocol::label::{self, LabelFault};
use baton_protocol::{LabelId, LogName};

use super::customer::tidy;
use super::inner::{Inner, request};
use super::notes::until_here;
use super::{Desk, DeskError};
use crate::store::{LabelRow, QueuedCommand, StoreError, ThreadId, ThreadKey, ThreadRow};

/// The labels of a workspace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// By name.
    pub labels: Vec<LabelRow>,
    /// Whether this agent may say which there are. The relay decides when it is asked.
    pub may_define: bool,
}

impl Desk {
    /// The labels that there are.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn labels(&self) -> Result<Labels, DeskError> {
        let labels = self.inner.store.labels().await?;
        Ok(Labels { labels, may_define: self.may_lead().await? })
    }

    /// Makes a label, or changes the one that is named. Needs the relay now.
    ///
    /// # Errors
    /// [`DeskError::Label`] for a name or colour that cannot be kept; [`DeskError::Relay`], where the role does not allow it or
    /// the name is taken among others.
    pub async fn define_label(
        &self,
        label: Option<LabelId>,
        name: &str,
        colour: &str,
    ) -> Result<(), DeskError> {
        let (label, name, colour) = (label.unwrap_or_default(), tidy(name), colour.to_owned());
        label::check(&name, &colour).map_err(DeskError::Label)?;
        self.tell_workspace(Command::DefineLabel { label, name, colour, removed: false }).await
    }

    /// Takes a label out of the workspace: no thread shows it any more, and none can get it. Needs the relay now.
    ///
    /// # Errors
    /// [`DeskError::Relay`], where the role does not allow it among others.
    pub async fn remove_label(&self, label: LabelId) -> Result<(), DeskError> {
        let (name, colour) = (String::new(), String::new());
        self.tell_workspace(Command::DefineLabel { label, name, colour, removed: true }).await
    }

    /// Asks the relay, and waits for the log, so that whoever reads next reads what was set.
    async fn tell_workspace(&self, command: Command) -> Result<(), DeskError> {
        let accepted = self.inner.ask(&LogName::Workspace, &request(command)).await?;
        until_here(&self.inner, &LogName::Workspace, &accepted).await?;
        Ok(())
    }

    /// Puts a label on a thread, or takes it off. While the relay is away it waits in the queue.
    ///
    /// # Errors
    /// [`DeskError::Relay`] when the relay refuses it; when the store cannot be written.
    pub async fn set_label(&self, thread: ThreadId, label: LabelId, on: bool) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        if let Some(accepted) = self.inner.label(&thread, label, on).await? {
            until_here(&self.inner, &LogName::Account(thread.key.account), &accepted).await?;
        }
        Ok(())
    }
}

impl Inner {
    /// Puts a label on a thread, or takes it off. Returns what the relay accepted; none when it stands so already, or waits in
    /// the queue.
    pub(super) async fn label(
        &self,
        thread: &ThreadRow,
        label: LabelId,
        on: bool,
    ) -> Result<Option<Accepted>, DeskError> {
        let (is_on, queued) = self.store.label_of_thread(thread.id, &thread.key, label).await?;
        if queued.unwrap_or(is_on) == on {
            return Ok(None);
        }
        let log = LogName::Account(thread.key.account.clone());
        let request = request(Command::SetLabel { customer: thread.key.customer.clone(), label, on });
        // What was done before comes before.
        let is_next = queued.is_none();
        if is_next && self.is_served() {
            match self.ask(&log, &request).await {
                Ok(accepted) => return Ok(Some(accepted)),
                Err(error) if error.may_work_later() => {}
                Err(error) => return Err(error.into()),
            }
        }
        // Under the same id, so that what was cut off is not done twice.
        self.store.queue_command(&log, &request, self.wall_ms()).await?;
        self.wake_commands.notify_one();
        self.notices.threads([thread.id], self.store.version());
        Ok(None)
    }
}

/// The relay answered a queued command and it was forgotten: a thread whose label it was about shows what the log tells.
pub(crate) async fn was_answered(inner: &Inner, queued: &QueuedCommand) -> Result<(), StoreError> {
    let Command::SetLabel { customer, .. } = &queued.request.command else { return Ok(()) };
    let Some(account) = queued.log.account().cloned() else { return Ok(()) };
    let key = ThreadKey { account, customer: customer.clone() };
    if let Some(thread) = inner.store.thread_id(&key).await? {
        inner.notices.threads([thread], inner.store.version());
    }
    Ok(())
}

/// What is wrong with a label that cannot be kept.
pub(super) fn words(fault: LabelFault) -> Words {
    match fault {
        LabelFault::Name => Words::new("A label needs a name.", "Give it one, in one line."),
        LabelFault::NameTooLong => Words::new(
            format!("The name is longer than {} characters.", label::NAME_CHARS),
            "Choose a shorter one.",
        ),
        LabelFault::Colour => Words::new("A label needs a colour.", "Choose one."),
    }
}
