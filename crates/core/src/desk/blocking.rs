//! Keeping a customer away: Meta does it, and the whole team learns of it.
//!
//! ```text
//!   pressed ──▶ the role allows it ──▶ Meta ──┬─ done ──▶ told to the team, now or when the relay is back
//!                    │ no                     ├─ refused, or could not be reached ──▶ nothing changed, words
//!                    ▼                        └─ no clear answer ──▶ words; asking again does no harm
//!                  words
//! ```
//!
//! That Meta is asked is kept before it is, so that a desk which ends before the team was told asks once more at its next start
//! (`desk::unsettled`).

use baton_graph::{CallError, Unknown};
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::send::ModerationBody;
use baton_messenger::{CustomerId, Words};
use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;

use super::inner::Inner;
use super::{Desk, DeskError, unsettled};
use crate::by_hand;
use crate::store::{Begun, Block, Reading, StoreError, ThreadId, ThreadRow};

/// Why a customer is kept away no more or no less than before.
#[derive(Debug, thiserror::Error)]
pub enum BlockError {
    /// The agent's role does not allow it.
    #[error("the role does not allow to block customers")]
    NotAllowed,
    /// There is no Page token that Meta accepts.
    #[error("there is no living Page token")]
    NoToken,
    /// Meta did not do it, or gave no clear answer.
    #[error("Meta did not do it: {error}")]
    Meta {
        /// What happened.
        error: CallError,
        /// What was asked for.
        wanted: Block,
    },
}

impl BlockError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NotAllowed => Words::new(
                "Only supervisors and administrators block and unblock customers.",
                "Ask one of them, or give the thread back to the queue.",
            ),
            Self::NoToken => Words::new(
                "This desk has no Page token that Meta accepts for this account, so Meta was not asked.",
                "Connect the account again, then try once more.",
            ),
            Self::Meta { error: CallError::Lost(unknown), wanted } => Words::new(
                format!("Meta gave no clear answer, so it is not certain that {}.", as_wanted(*wanted)),
                match unknown {
                    Unknown::Fault(_) => "Try again in a while: asking twice does no harm.",
                    _ => "Try again: asking twice does no harm.",
                },
            ),
            Self::Meta { error, wanted } => refused(error, *wanted),
        }
    }

    /// True when the same may work in a while.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Meta { error: CallError::Meta(error), .. } => error.is_transient,
            Self::Meta { .. } => true,
            Self::NotAllowed | Self::NoToken => false,
        }
    }
}

/// Nothing changed at Meta.
fn refused(error: &CallError, wanted: Block) -> Words {
    let said = by_hand::words(error);
    let what = match error.class() {
        Some(ErrorClass::PermissionMissing | ErrorClass::ObjectMissing | ErrorClass::BadRequest) => {
            let detail = error.graph_error().map(quoted).unwrap_or_default();
            return Words::new(
                format!("Meta did not let Baton do this here, so nothing changed{detail}."),
                "A Page admin can do it in Meta's own inbox, or give Baton the right to moderate messages.",
            );
        }
        _ => said.what,
    };
    let nothing = match wanted {
        Block::No => "The customer stays blocked.",
        Block::Blocked | Block::Spam => "The customer is not blocked.",
    };
    Words::new(format!("{what} {nothing}"), said.remedy)
}

fn quoted(error: &GraphError) -> String {
    if error.message.is_empty() { String::new() } else { format!(" (\u{201c}{}\u{201d})", error.message) }
}

fn as_wanted(wanted: Block) -> &'static str {
    match wanted {
        Block::No => "the customer was unblocked",
        Block::Blocked | Block::Spam => "the customer was blocked",
    }
}

impl Block {
    /// Why nothing can be sent to the customer; none when nothing is in the way.
    #[must_use]
    pub fn composer_words(self) -> Option<Words> {
        match self {
            Self::No => None,
            Self::Blocked => Some(Words::new(
                "This customer is blocked, so nothing can be sent and nothing arrives.",
                "Supervisors and admins unblock customers, in the details beside the thread.",
            )),
            Self::Spam => Some(Words::new(
                "This customer is blocked as spam, so nothing can be sent and nothing arrives.",
                "Supervisors and admins unblock customers, in the details beside the thread. Meta's own inbox keeps the thread under spam until it is moved there.",
            )),
        }
    }
}

impl Desk {
    /// Blocks a customer at Meta, or lets them through again, for the whole team.
    ///
    /// # Errors
    /// [`DeskError::Block`]; the customer is as before, save where Meta gave no clear answer.
    pub async fn block(&self, thread: ThreadId, wanted: Block) -> Result<(), DeskError> {
        let thread = self.inner.thread(thread).await?;
        if !may_block(&self.inner, &thread).await? {
            return Err(BlockError::NotAllowed.into());
        }
        let was = self.inner.blocking(&thread).await?;
        if was == wanted {
            return Ok(());
        }
        let begun = self.inner.store.act_begins(&thread.key, Begun::Block { was, wanted }).await?;
        let done = set_at_meta(&self.inner, &thread, wanted).await;
        // What could not be kept is settled at the next start.
        if !matches!(done, Err(DeskError::Store(_))) {
            unsettled::ended(&self.inner, &begun).await;
        }
        done
    }

    /// Whether a thread's customer is kept away, as far as this desk knows: what it did itself counts before the team has
    /// heard of it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn blocking(reading: &mut Reading, thread: &ThreadRow) -> Result<Block, StoreError> {
        Ok(reading.queued_block(&thread.key).await?.unwrap_or(thread.block))
    }
}

impl Inner {
    /// The same as [`Desk::blocking`], now.
    pub(crate) async fn blocking(&self, thread: &ThreadRow) -> Result<Block, StoreError> {
        Ok(self.store.queued_block(&thread.key).await?.unwrap_or(thread.block))
    }
}

/// Whether this desk's agent may keep a thread's customer away.
pub(super) async fn may_block(inner: &Inner, thread: &ThreadRow) -> Result<bool, StoreError> {
    let access = inner.store.access().await?;
    let role = access.iter().find(|access| access.account == thread.key.account).map(|access| access.role);
    Ok(role.is_some_and(|role| role != Role::Agent))
}

/// Has Meta do it, and tells the team.
pub(super) async fn set_at_meta(inner: &Inner, thread: &ThreadRow, wanted: Block) -> Result<(), DeskError> {
    let account = &thread.key.account;
    let credentials = inner.credentials(account).await.ok_or(BlockError::NoToken)?;
    let page = inner.page_of(account).await?;
    let body = body(wanted, &thread.key.customer);
    if let Err(error) = inner.graph().moderate(&credentials, &page, &body).await {
        if error.is_dead_token() {
            inner.token_died(account, &credentials).await?;
        }
        return Err(BlockError::Meta { error, wanted }.into());
    }
    let (blocked, spam) = (wanted.keeps_away(), wanted == Block::Spam);
    let command = Command::SetBlock { customer: thread.key.customer.clone(), blocked, spam };
    inner.tell(&LogName::Account(account.clone()), command).await?;
    inner.notices.threads([thread.id], inner.store.version());
    inner.wake_outbox.notify_one();
    Ok(())
}

fn body(wanted: Block, customer: &CustomerId) -> ModerationBody {
    match wanted {
        Block::No => ModerationBody::unblock(customer),
        Block::Blocked => ModerationBody::block(customer),
        Block::Spam => ModerationBody::block_as_spam(customer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i64) -> BlockError {
        let error = GraphError { code, message: "No.".to_owned(), ..GraphError::default() };
        BlockError::Meta { error: CallError::Meta(Box::new(error)), wanted: Block::Blocked }
    }

    #[test]
    fn a_refusal_says_that_nothing_changed_and_who_can_do_something() {
        let words = refusal(10).agent_words();
        assert!(words.what.contains("nothing changed"), "{}", words.what);
        assert!(words.remedy.contains("Page admin"), "{}", words.remedy);
        let words = refusal(190).agent_words();
        assert!(words.what.contains("The customer is not blocked."), "{}", words.what);
        assert!(words.remedy.contains("Connect"), "{}", words.remedy);
    }

    #[test]
    fn what_was_turned_away_says_that_nothing_changed_and_when_to_try_again() {
        let error = CallError::Throttled { error: Box::default(), retry_after_ms: 120_000 };
        let words = BlockError::Meta { error, wanted: Block::Blocked }.agent_words();
        assert!(words.what.ends_with("turned this one away. The customer is not blocked."), "{}", words.what);
        assert_eq!(words.remedy, "Try again in about 2 minutes.");
    }

    #[test]
    fn after_no_clear_answer_nothing_is_claimed() {
        let lost = BlockError::Meta { error: CallError::Lost(Unknown::TimedOut), wanted: Block::No };
        assert!(lost.agent_words().what.contains("not certain that the customer was unblocked"));
        assert!(lost.may_pass());
    }
}
