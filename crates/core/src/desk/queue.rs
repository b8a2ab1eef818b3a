//! How an account's threads are given out, who may answer in them, and what was being written where somebody fell out.

use baton_messenger::{AccountId, Words};
use baton_protocol::account::{QueueFault, QueueRules};
use baton_protocol::command::Command;
use baton_protocol::{AgentId, LogName};

use super::inner::request;
use super::notes::until_here;
use super::{Desk, DeskError};
use crate::store::{ThreadId, ThreadRow};

impl Desk {
    /// Chooses how an account's threads are given out, and who may answer in them. Whoever reads next reads what was set.
    ///
    /// # Errors
    /// [`DeskError::Queue`] for rules that cannot be kept; [`DeskError::Relay`]: refused to agents without the right, or the
    /// relay is away.
    pub async fn set_queue(&self, account: &AccountId, rules: QueueRules) -> Result<(), DeskError> {
        rules.check().map_err(DeskError::Queue)?;
        let log = LogName::Account(self.inner.invited(account).await?.account);
        let accepted = self.inner.ask(&log, &request(Command::SetQueue { rules })).await?;
        until_here(&self.inner, &log, &accepted).await?;
        Ok(())
    }

    /// The agent used what was handed over with a thread up to this seq, or does not need it. It is gone here at once, and from
    /// everybody's desks where the thread is this agent's: the relay knows whose it is, and hears of it sooner or later.
    ///
    /// # Errors
    /// When there is no such thread, or the store cannot be written.
    pub async fn handed_draft_is_done(&self, thread: ThreadId, seq: u64) -> Result<(), DeskError> {
        let key = self.inner.thread(thread).await?.key;
        let command = Command::FinishDraft { customer: key.customer, seq };
        self.inner.tell(&LogName::Account(key.account), command).await?;
        self.inner.store.handed_draft_is_done(thread, seq).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }
}

/// True where only a thread's assignee may answer and that is a colleague. A thread that nobody has is claimed with the reply.
pub(super) fn is_for_another(rules: &QueueRules, thread: &ThreadRow, me: Option<AgentId>) -> bool {
    rules.only_assignee_sends && thread.assignee.is_some_and(|assignee| Some(assignee) != me)
}

/// What an agent is told who may not answer because somebody else works on the thread.
pub(super) fn for_another_words(name: &str) -> Words {
    Words::new(
        format!("Only whoever works on a thread may answer here, and {name} works on this one."),
        "Ask them or a supervisor for it; a supervisor assigns it to themselves. Then send. What you wrote stays.",
    )
}

/// What is wrong with rules that cannot be kept.
pub(super) fn words(fault: QueueFault) -> Words {
    match fault {
        QueueFault::UnknownWay => Words::new(
            "This version of Baton does not know that way of giving threads out.",
            "Update Baton on this computer, or choose another way.",
        ),
        QueueFault::Limit => Words::new(
            format!("An agent gets from 1 to {} open threads.", QueueRules::MOST),
            "Choose a number in between.",
        ),
    }
}
