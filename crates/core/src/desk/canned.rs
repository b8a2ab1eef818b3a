//! Canned replies: what agents write often, under short names. Shared ones are the team's and go through the workspace
//! log, so every desk has the same; own ones stay on this desk.

use baton_messenger::Words;
use baton_protocol::LogName;
use baton_protocol::canned::{self, CannedFault};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;

use super::inner::request;
use super::{Desk, DeskError};
use crate::clock::until_boot;
use crate::store::{CannedRow, StoreError};

/// How long the log may take to bring what the relay accepted, milliseconds. Then it comes later, with a notice.
const STREAM_MS: i64 = 2_000;

/// The canned replies of a desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canned {
    /// By name.
    pub replies: Vec<CannedRow>,
    /// Whether this agent may change those that the team shares. The relay decides when it is asked.
    pub may_share: bool,
}

impl Desk {
    /// The canned replies that this agent can use.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn canned_replies(&self) -> Result<Canned, DeskError> {
        let replies = self.inner.store.canned_replies().await?;
        Ok(Canned { replies, may_share: self.may_lead().await? })
    }

    /// Whether this agent is a supervisor of any account, who says what the workspace shares. The relay decides when it is
    /// asked.
    pub(super) async fn may_lead(&self) -> Result<bool, DeskError> {
        let role = match self.me() {
            Some(me) => self.inner.store.highest_role(me).await?,
            None => None,
        };
        Ok(role.is_some_and(|role| role >= Role::Supervisor))
    }

    /// Adds or changes a canned reply; without text it is removed. A shared one needs the relay now.
    ///
    /// # Errors
    /// [`DeskError::Canned`] for a name or text that cannot be kept; [`DeskError::Relay`], where the role does not allow
    /// it among others; when the store cannot be written.
    pub async fn set_canned_reply(
        &self,
        name: &str,
        text: Option<&str>,
        shared: bool,
    ) -> Result<(), DeskError> {
        canned::check(name, text).map_err(DeskError::Canned)?;
        if !shared {
            return Ok(self.inner.store.set_own_canned_reply(name, text).await?);
        }
        let command = Command::SetCannedReply { name: name.to_owned(), text: text.map(str::to_owned) };
        self.inner.ask(&LogName::Workspace, &request(command)).await?;
        self.until_shared(name, text).await?;
        Ok(())
    }

    /// Waits for the log, so that whoever reads next reads what was set.
    async fn until_shared(&self, name: &str, text: Option<&str>) -> Result<(), StoreError> {
        let inner = &self.inner;
        let until = inner.boot_ms().saturating_add(STREAM_MS);
        let mut news = inner.notices.subscribe();
        while inner.store.shared_canned_reply(name).await?.as_deref() != text && inner.boot_ms() < until {
            tokio::select! {
                _ = news.recv() => {}
                () = until_boot(&*inner.clock, until) => {}
            }
        }
        Ok(())
    }
}

/// What is wrong with a reply that cannot be kept.
pub(super) fn words(fault: CannedFault) -> Words {
    match fault {
        CannedFault::Name => {
            Words::new("A reply needs a short name of one line.", "Give it a name without space around it.")
        }
        CannedFault::NameTooLong => Words::new(
            format!("The name is longer than {} characters.", canned::NAME_CHARS),
            "Choose a shorter one.",
        ),
        CannedFault::Empty => Words::new("The reply says nothing.", "Write its text."),
        CannedFault::TextTooLong => Words::new(
            format!(
                "The text is longer than {} characters, which is more than one message.",
                canned::TEXT_UNITS
            ),
            "Shorten it, or make two replies of it.",
        ),
    }
}
