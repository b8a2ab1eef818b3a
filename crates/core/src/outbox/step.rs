//! The durable steps of a send, in the order in which they are taken, and the moments right before and right after each.
//!
//! A desk tells them to whoever was given with [`Desk::open_watched`](crate::desk::Desk::open_watched). The product gives
//! nobody; a test gives somebody who kills the process there.

use super::machine::State;
use crate::store::{PartRow, ThreadId};

/// Something that a send leaves behind wherever the desk ends after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// Stored: the reply with its parts; its draft is gone.
    Keep,
    /// Meta was given the part's file, and has answered or not.
    Upload,
    /// Stored: Meta has the part's file, and under which id.
    KeepUpload,
    /// Stored: the grant of the part may have been asked for.
    Ask,
    /// The relay was asked for the grant, and has it in its log.
    Grant,
    /// Stored: the thread's version after the grant.
    SeeAgain,
    /// Stored: the call may have begun.
    Begin,
    /// Meta was called, and has answered or not.
    Call,
    /// Stored: how the call ended, and what the team is to hear of that.
    End,
    /// The relay has in its log how the part ended.
    Report,
    /// Stored: the relay needs not be told again.
    Forget,
    /// Stored: entries of the log that show what became of the part.
    Echo,
    /// Stored: the part was sent, because an echo, the log or the conversation proves it.
    Prove,
    /// Stored: the part goes by another id.
    Renew,
    /// Stored: the part's text is in the draft again.
    Return,
    /// Stored: what the part waits for, or that nobody waits for it any more.
    Wait,
}

/// On which side of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum Side {
    /// It was not begun.
    Before,
    /// It is done, and nothing after it is begun.
    After,
}

/// Which send stands at a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Whose {
    /// Its thread; none for one of its commands, on its way to the relay.
    pub thread: Option<ThreadId>,
    /// The part's place in its reply, from 0; none where the step is of the whole reply, or of a command.
    pub part: Option<u32>,
}

impl From<ThreadId> for Whose {
    fn from(thread: ThreadId) -> Self {
        Self { thread: Some(thread), part: None }
    }
}

impl From<&PartRow> for Whose {
    fn from(part: &PartRow) -> Self {
        Self { thread: Some(part.thread), part: Some(part.idx) }
    }
}

/// Hears of every step.
pub trait StepWatcher: Send + Sync + 'static {
    /// A send stands here now. It goes on when this returns.
    fn stands(&self, step: Step, side: Side, whose: Whose);
}

/// Whom the product gives.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Nobody;

impl StepWatcher for Nobody {
    fn stands(&self, _: Step, _: Side, _: Whose) {}
}

impl Step {
    /// The step that a part takes when its new state is stored.
    pub(super) fn of_move(before: &State, after: &State, renews: bool) -> Self {
        match (before, after) {
            _ if renews => Self::Renew,
            (_, State::Returned { .. }) => Self::Return,
            (_, State::Sending) => Self::Begin,
            (State::Sending, _) => Self::End,
            (_, State::Queued { asked: true, wait: None }) => Self::Ask,
            (_, State::Sent { .. }) => Self::Prove,
            _ => Self::Wait,
        }
    }
}
