//! Where a part stands, what it waits for and why it went back. As JSON it is what the store keeps of a part.

use baton_messenger::error::GraphError;
use baton_messenger::policy::Refusal;
use baton_protocol::{AgentId, Mid};
use serde::{Deserialize, Serialize};

use crate::control::WayBack;

/// As what the agent was shown that the part would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Leaves {
    /// As an ordinary response.
    Plain,
    /// As a late reply by a person, with Meta's human-agent tag.
    Tagged,
}

/// Where a part stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// Durable, and kept back so that the agent can take it back.
    Held {
        /// Until then, milliseconds of the boot clock.
        until_boot_ms: i64,
    },
    /// Durable, and not begun.
    Queued {
        /// The grant may have been asked for under the present id.
        asked: bool,
        /// What stands in the way.
        wait: Option<Wait>,
    },
    /// The one Graph call may have begun.
    Sending,
    /// Meta has it.
    Sent {
        /// The message.
        mid: Mid,
    },
    /// Meta refused it; it did not go out.
    Refused {
        /// What Meta said.
        error: Box<GraphError>,
        /// The agent put it aside: its words stay in the thread, and nobody is reminded of it any more.
        #[serde(default)]
        aside: bool,
    },
    /// Nobody knows yet whether Meta has it.
    Unknown {
        /// What happened.
        why: String,
        /// The conversation was looked at, and nothing was found that is it for certain.
        looked: bool,
        /// The conversation could not be looked at; that is tried again.
        #[serde(default)]
        look_failed: bool,
        /// More than one message of the conversation could be it.
        #[serde(default)]
        several_fit: bool,
    },
    /// A person closed it without knowing.
    Abandoned {
        /// The conversation was looked at, and nothing was found that is it for certain.
        #[serde(default)]
        looked: bool,
        /// The conversation could not be looked at.
        #[serde(default)]
        look_failed: bool,
        /// More than one message of the conversation could be it.
        #[serde(default)]
        several_fit: bool,
    },
    /// Its text went back to the draft.
    Returned {
        /// Why.
        reason: Return,
    },
}

/// What a queued part waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "wait", rename_all = "snake_case")]
pub enum Wait {
    /// The relay does not answer.
    Relay,
    /// Meta cannot be reached.
    Network,
    /// Meta asks to wait.
    Limit {
        /// Until then, milliseconds of Meta's clock, for showing it.
        until_ms: i64,
    },
    /// There is no Page token that Meta accepts.
    Token,
    /// Its file is on its way to Meta.
    Upload,
}

/// Why a part went back to the draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Return {
    /// Somebody wrote since the agent looked.
    SomeoneWrote,
    /// While it waited the customer wrote something that Meta has not brought yet.
    CustomerWrote,
    /// Somebody moved the thread or changed its status.
    ThreadMoved {
        /// Who works on it now.
        assignee: Option<AgentId>,
        /// Who moved it first; none where the log had not told, or a rule did it.
        #[serde(default)]
        by: Option<AgentId>,
        /// What that one was called then.
        #[serde(default)]
        by_name: Option<String>,
    },
    /// Another desk is sending there.
    SomeoneSends,
    /// Another desk's reply ended as unknown; sending on needs the agent's word.
    UnknownBefore,
    /// An earlier part of the same reply did not leave. Kept for drafts of before: parts wait behind it now.
    EarlierPart,
    /// The customer was blocked.
    Blocked,
    /// Another app holds the thread.
    NotOwner {
        /// How it comes back.
        #[serde(default)]
        back: WayBack,
    },
    /// An automatic flow of questions runs in the thread.
    QuestionFlow {
        /// How it comes back.
        #[serde(default)]
        back: WayBack,
    },
    /// Control could not be taken.
    TakeFailed {
        /// What happened.
        what: String,
        /// What can be done.
        remedy: String,
    },
    /// The time for a plain reply ran out; it could leave as a late reply.
    TagNeeded,
    /// The part was to be a late reply; now the customer has written and it can be a plain one.
    TagNotNeeded,
    /// Policy does not allow it any more.
    Window {
        /// Why.
        refusal: Refusal,
    },
    /// The relay refused for another reason.
    RelayRefused {
        /// What happened.
        what: String,
        /// What can be done.
        remedy: String,
    },
    /// The agent took it back.
    Taken,
    /// Baton was closed while it was kept back.
    Closed,
}

impl State {
    /// Until when Meta asked to wait, milliseconds of Meta's clock, for a part that waits for that; it is sent again then.
    #[must_use]
    pub fn held_until_ms(&self) -> Option<i64> {
        match self {
            Self::Queued { wait: Some(Wait::Limit { until_ms }), .. } => Some(*until_ms),
            _ => None,
        }
    }

    /// True when an agent may send it again. What nobody knows yet is looked for first, also when somebody closed it: only
    /// what Meta does not show, or where Baton cannot look, is an agent's choice.
    #[must_use]
    pub fn may_be_sent_again(&self) -> bool {
        match self {
            Self::Refused { .. } => true,
            Self::Unknown { looked, look_failed, .. } | Self::Abandoned { looked, look_failed, .. } => {
                *looked || *look_failed
            }
            _ => false,
        }
    }
}

/// True while it is possible that Meta has the part although no proof came.
#[must_use]
pub fn may_have_left(state: &State) -> bool {
    matches!(state, State::Sending | State::Unknown { .. } | State::Abandoned { .. } | State::Refused { .. })
}

/// True when nothing more happens to the part without a person or a proof.
#[must_use]
pub fn has_ended(state: &State) -> bool {
    !matches!(state, State::Held { .. } | State::Queued { .. } | State::Sending | State::Unknown { .. })
}
