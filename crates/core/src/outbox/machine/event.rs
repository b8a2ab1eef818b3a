//! What happens to a part, and what is true when its turn comes.

use baton_messenger::policy::Verdict;
use baton_protocol::{AgentId, Mid};

use super::state::{Leaves, Return, Wait};
use crate::control::WayBack;
use crate::outbox::answer::Answered;
use crate::outbox::uploading::NotUploaded;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The part is the first of its thread: look whether it can go.
    Turn(Facts),
    /// The old id was settled as not begun at the relay, and the part has a new one.
    Renewed,
    /// The relay could not be asked to settle the old id.
    RenewFailed,
    /// Control was taken.
    Took,
    /// Control could not be taken: Meta refused, or nobody knows.
    TakeFailed {
        /// What happened.
        what: String,
        /// What can be done.
        remedy: String,
    },
    /// Control was not taken yet: Meta was not asked, or turned the call away unread.
    TakePutOff {
        /// What stands in the way.
        wait: Wait,
    },
    /// Meta has the part's file. What is true now.
    Uploaded(Facts),
    /// The part's file did not get to Meta.
    NotUploaded(NotUploaded),
    /// The relay granted the part. The boot clock was read before it was asked.
    Granted {
        /// That reading, milliseconds.
        asked_boot_ms: i64,
        /// What is true now.
        facts: Facts,
    },
    /// The relay knew the part already and grants nothing.
    GrantedBefore,
    /// It is durable that the relay is told of the part once it is back.
    ToldLater {
        /// What is true now.
        facts: Facts,
    },
    /// The relay does not answer, or cannot now.
    RelayAway,
    /// Before the grant of a part that waited, the conversation shows that the customer wrote something new.
    CustomerWrote,
    /// The relay refused the grant for good.
    NotGranted(Return),
    /// The loop came too late to call Meta, and did not.
    TooLate,
    /// The one Graph call ended.
    Answered(Answered),
    /// An echo, or a look at the conversation, shows that Meta has it; or a higher settlement in the log says so.
    Proved {
        /// The message.
        mid: Mid,
        /// When, milliseconds UTC of Meta.
        at_ms: Option<i64>,
    },
    /// The conversation was looked at: nothing is it for certain.
    LookedInVain {
        /// More than one message could be it.
        several_fit: bool,
    },
    /// The conversation could not be looked at, for more than a moment.
    LookFailed,
    /// The desk starts; whatever it was doing was cut off.
    Restarted,
    /// The agent takes back what has not left, or closes what nobody knows.
    Discard {
        /// The agent.
        by: AgentId,
    },
    /// The agent puts aside what Meta refused, or is to be reminded of it again.
    PutAside {
        /// Which of both.
        aside: bool,
    },
    /// Somebody else closed it as abandoned.
    ClosedElsewhere,
    /// The agent does not wait for the end of the time in which it can be taken back.
    SendNow,
    /// The agent sends again what was refused, or what is unknown or was abandoned after the look.
    Retry {
        /// The agent.
        by: AgentId,
    },
}

/// What is true when a part's turn comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// What was shown to the agent.
    pub leaves: Leaves,
    /// What policy says now.
    pub verdict: Verdict,
    /// Whether our app may send.
    pub control: Control,
    /// How the thread comes back when another app holds it.
    pub way_back: WayBack,
    /// The customer is kept away.
    pub is_blocked: bool,
    /// Others moved the thread since the reply was pressed, as this desk's copy of the log tells.
    pub moved: Option<MovedOn>,
    /// Somebody said something new since the reply was pressed, as this desk's copy of the log tells; only of a reply that
    /// takes control first.
    pub heard: bool,
    /// The relay is away, and the account lets replies leave without its grant meanwhile.
    pub goes_unchecked: bool,
    /// A Page token that Meta did not refuse is at hand.
    pub has_token: bool,
    /// The part is a file that Meta does not have.
    pub upload_due: bool,
    /// Meta's time now, milliseconds UTC.
    pub meta_now_ms: i64,
}

/// What others did to a thread since a reply was pressed there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovedOn {
    /// Who works on it now.
    pub assignee: Option<AgentId>,
    /// Who moved it first; none where a rule did it.
    pub by: Option<AgentId>,
}

impl From<MovedOn> for Return {
    fn from(MovedOn { assignee, by }: MovedOn) -> Self {
        Self::ThreadMoved { assignee, by, by_name: None }
    }
}

/// Whether our app may send in a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Control {
    /// It may, or nobody knows better.
    Ours,
    /// After taking control, which the agent asked for and which can work.
    TakeFirst,
    /// Another app holds the thread.
    Theirs,
}
