//! One part of a reply, from the press of *Send* to its end. Pure: `(state, event, boot clock) → (state, effects)`.
//!
//! ```text
//!   ─press─▶ held ── its time is over · send now ──▶ queued;  taken back, or a crash ──▶ returned
//!
//!                       ┌───────── waiting: relay · network · limit · token ◀────────┐
//!                       ▼                                                            │
//!   ─press─▶ queued ── turn ──▶ queued, asked ── granted ──▶ sending ── answer ──┬──▶ sent
//!              │  ▲                   │                         │                ├──▶ refused ──┐ an agent's
//!              │  └── begun anew ─────┤ (settled as not begun,  │ restart        │              │ choice
//!              │      under a new id  │  grant lost or late)    ▼                ▼              ▼
//!              │                      │                     unknown ◀───── no clear answer    queued, new id
//!              ▼                      ▼                      │  │  ▲
//!           returned to the draft, with a reason      proof ─┘  │  └─ proof for abandoned: sent
//!           (not owner · window · tag needed ·                  └──▶ abandoned (a person closed it)
//!            someone wrote · someone took it)
//! ```
//!
//! A file goes to Meta before the grant is asked for: *turn* uploads it (`waiting: upload`), and only what Meta has is
//! asked for. An upload reaches nobody; one that was cut is made again.
//!
//! ```text
//!   queued ── turn ──▶ queued, uploading ──┬─ uploaded ──▶ queued, asked
//!                            ▲             ├─ cut, throttled, no token ──▶ waiting ──┐
//!                            └─────────────│──────────────── turn ◀──────────────────┘
//!                                          └─ Meta refuses the file ──▶ refused
//! ```
//!
//! The parts of one reply leave in order. What stands behind a part that was refused or given up is not begun
//! ([`Store::next_queued`](crate::store::Store::next_queued)) until an agent says what shall become of it; what goes back
//! to the draft takes along all that stands behind it.
//! What waited while the relay was away is granted only after a look whether the customer wrote meanwhile (`outbox::written`).
//! While the relay is away a part waits; where the account lets replies leave unchecked it is first made durable that the
//! relay will be told, and then the part leaves as if it had been granted.
//!
//! Promises, each held by the tests beside this file:
//! - [`Effect::CallMeta`] is given out at most once per part id, and only after `sending` is durable. Whoever runs the
//!   machine stores a new state before it carries out the effects that came with it.
//! - No call begins later than [`GRANT_MS`] after the moment before the grant was asked for.
//! - A part that may have reached the customer never goes back to the queue or the draft by itself.
//! - A part never leaves as anything but what the agent was shown ([`Leaves`]).

use baton_messenger::AppId;
use baton_messenger::error::GraphError;
use baton_messenger::policy::{Refusal, Verdict};
use baton_protocol::command::GRANT_MS;
use baton_protocol::team::Settlement;
use baton_protocol::{AgentId, Mid};
use serde::{Deserialize, Serialize};

use super::answer::{self, Answered};
use super::uploading::{NotUploaded, not_uploaded};
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

/// What is to be done, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Settle the present id as not begun, then go on under a new one; answer with `Renewed` or `RenewFailed`.
    Renew,
    /// Give Meta the part's file; answer with `Uploaded` or `NotUploaded`.
    Upload,
    /// The same while the relay is away: it is told later, and the part goes on under a new id; answer with `Renewed`.
    RenewLater,
    /// See to it that the relay is told once it is back that the part left without its grant; answer with `ToldLater`.
    TellLater,
    /// Take control; answer with `Took`, `TakePutOff` or `TakeFailed`.
    Take,
    /// Ask the relay for the grant.
    AskGrant,
    /// Make the one Graph call, unless the boot clock is past this; answer with `Answered` or `TooLate`.
    CallMeta {
        /// The first moment at which it is too late, milliseconds of the boot clock.
        not_from_boot_ms: i64,
    },
    /// Tell the relay how it ended, until it knows.
    Settle(Settlement),
    /// Look at the conversation, not before a while.
    Look,
    /// Tell the team that another app holds the thread.
    LearnNotOwner {
        /// Which one, where the refusal tells it.
        by: Option<AppId>,
    },
    /// Tell the team that Meta refuses the token.
    TokenDied,
    /// Put a new part with the same text into the outbox: the agent's choice after an end that nobody knows. The old
    /// part stays as it is, so that a late proof still finds it.
    SendCopy,
    /// Put the text back into the draft.
    ToDraft,
    /// Look again after so long, milliseconds of the boot clock.
    TurnAgain {
        /// How long.
        in_ms: i64,
    },
}

/// How long a part waits for the relay or the network before it looks again. The loop is also woken when either
/// comes back.
const LOOK_AGAIN_MS: i64 = 2_000;

/// The longest pause without looking again: Meta's clock may be moved meanwhile.
const LONGEST_PAUSE_MS: i64 = 15_000;
pub(super) const TURN_AGAIN: Effect = Effect::TurnAgain { in_ms: LOOK_AGAIN_MS };

/// One step.
#[must_use]
pub fn step(state: State, event: Event, boot_ms: i64) -> (State, Vec<Effect>) {
    match (state, event) {
        (State::Held { until_boot_ms }, Event::Turn(facts)) if boot_ms >= until_boot_ms => {
            turn(false, None, facts)
        }
        (State::Held { until_boot_ms }, Event::Turn(_)) => {
            let in_ms = until_boot_ms.saturating_sub(boot_ms);
            (State::Held { until_boot_ms }, vec![Effect::TurnAgain { in_ms }])
        }
        (State::Held { .. }, Event::SendNow) => (queued(None), vec![Effect::TurnAgain { in_ms: 0 }]),
        (State::Held { .. }, Event::Discard { .. }) => returned(Return::Taken),
        (State::Held { .. }, Event::Restarted) => returned(Return::Closed),
        (State::Queued { asked, wait }, Event::Turn(facts)) => turn(asked, wait, facts),
        (State::Queued { asked: true, wait }, Event::Renewed) => {
            let in_ms = if wait.is_none() { 0 } else { LOOK_AGAIN_MS };
            (queued(wait), vec![Effect::TurnAgain { in_ms }])
        }
        (State::Queued { asked: true, .. }, Event::RenewFailed | Event::RelayAway) => {
            (State::Queued { asked: true, wait: Some(Wait::Relay) }, vec![TURN_AGAIN])
        }
        // Control is not taken for a reply that could not leave afterwards.
        (State::Queued { asked: false, .. }, Event::RelayAway) => {
            (queued(Some(Wait::Relay)), vec![TURN_AGAIN])
        }
        (State::Queued { asked: false, .. }, Event::Uploaded(facts)) if facts.upload_due => {
            (queued(Some(Wait::Network)), vec![TURN_AGAIN])
        }
        (State::Queued { asked: false, .. }, Event::Uploaded(facts)) => turn(false, None, facts),
        (State::Queued { asked: false, .. }, Event::NotUploaded(why)) => not_uploaded(why),
        (State::Queued { asked: false, .. }, Event::Took) => ask(false),
        (State::Queued { asked: false, .. }, Event::TakeFailed { what, remedy }) => {
            returned(Return::TakeFailed { what, remedy })
        }
        (State::Queued { asked: false, .. }, Event::TakePutOff { wait }) => {
            (queued(Some(wait)), vec![TURN_AGAIN])
        }
        (State::Queued { asked: true, .. }, Event::Granted { asked_boot_ms, facts }) => {
            granted(asked_boot_ms, &facts, boot_ms)
        }
        (State::Queued { asked: true, .. }, Event::ToldLater { facts }) => granted(boot_ms, &facts, boot_ms),
        (State::Queued { asked: true, .. }, Event::GrantedBefore) => renew(None),
        (State::Queued { asked: true, .. }, Event::NotGranted(reason)) => returned(reason),
        // Nothing was asked under the present id yet.
        (State::Queued { .. }, Event::CustomerWrote) => returned(Return::CustomerWrote),
        (State::Queued { asked, .. }, Event::Discard { .. }) => {
            if asked {
                given_back(Return::Taken)
            } else {
                returned(Return::Taken)
            }
        }
        (State::Sending, Event::TooLate) => renew(None),
        (State::Sending, Event::Answered(answered)) => answer::ended(answered),
        (State::Sending, Event::Restarted) => unknown("Baton was closed while the reply was on its way."),
        (State::Unknown { why, .. }, Event::LookedInVain { several_fit }) => {
            (State::Unknown { why, looked: true, look_failed: false, several_fit }, vec![])
        }
        (State::Unknown { why, looked: false, several_fit, .. }, Event::LookFailed) => {
            (State::Unknown { why, looked: false, look_failed: true, several_fit }, vec![])
        }
        (state @ State::Unknown { .. }, Event::Restarted) => (state, vec![Effect::Look]),
        // Who closes it does not wait for the look; who then sends it again does.
        (State::Unknown { looked, look_failed, several_fit, .. }, Event::Discard { by }) => (
            State::Abandoned { looked, look_failed, several_fit },
            vec![Effect::Settle(Settlement::Abandoned { by })],
        ),
        (State::Abandoned { .. }, Event::LookedInVain { several_fit }) => {
            (State::Abandoned { looked: true, look_failed: false, several_fit }, vec![])
        }
        (State::Abandoned { looked: false, several_fit, .. }, Event::LookFailed) => {
            (State::Abandoned { looked: false, look_failed: true, several_fit }, vec![])
        }
        (state, Event::Proved { mid, at_ms }) if may_have_left(&state) => proved(mid, at_ms),
        (State::Unknown { looked, look_failed, several_fit, .. }, Event::ClosedElsewhere) => {
            (State::Abandoned { looked, look_failed, several_fit }, vec![])
        }
        (State::Refused { .. }, Event::Retry { .. }) => renew(None),
        (State::Unknown { looked, look_failed, several_fit, .. }, Event::Retry { by })
            if looked || look_failed =>
        {
            let closed = State::Abandoned { looked, look_failed, several_fit };
            (closed, vec![Effect::Settle(Settlement::Abandoned { by }), Effect::SendCopy])
        }
        (state @ State::Abandoned { .. }, Event::Retry { .. }) if state.may_be_sent_again() => {
            (state, vec![Effect::SendCopy])
        }
        (State::Refused { .. }, Event::Discard { .. }) => returned(Return::Taken),
        // Whatever else comes, comes late: an answer after a proof, a turn after the end.
        (state, _) => (state, vec![]),
    }
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

fn turn(asked: bool, wait: Option<Wait>, facts: Facts) -> (State, Vec<Effect>) {
    // Before everything else: whatever it waits for, its text comes back as soon as it may not leave as it was shown.
    if let Some(reason) = barred(&facts) {
        return if asked { given_back(reason) } else { returned(reason) };
    }
    if asked {
        let (state, effects) = renew(wait.filter(|wait| matches!(wait, Wait::Limit { .. })));
        let later = vec![Effect::RenewLater];
        return (state, if facts.goes_unchecked { later } else { effects });
    }
    // The relay decides whether a reply was overtaken. Control is not taken for one that it would refuse: whoever holds the
    // thread would be cut off, and the customer get nothing.
    if facts.heard && facts.control == Control::TakeFirst {
        return returned(Return::SomeoneWrote);
    }
    if let Some(Wait::Limit { until_ms }) = wait
        && facts.meta_now_ms < until_ms
    {
        let in_ms = until_ms.saturating_sub(facts.meta_now_ms).min(LONGEST_PAUSE_MS);
        return (queued(wait), vec![Effect::TurnAgain { in_ms }]);
    }
    if !facts.has_token {
        return (queued(Some(Wait::Token)), vec![]);
    }
    match facts.control {
        Control::Theirs => returned(Return::NotOwner { back: facts.way_back }),
        Control::Ours | Control::TakeFirst if facts.upload_due => {
            (queued(Some(Wait::Upload)), vec![Effect::Upload])
        }
        Control::Ours => ask(facts.goes_unchecked),
        Control::TakeFirst => (queued(None), vec![Effect::Take]),
    }
}

/// Why the part may not leave as what it was shown as.
pub(super) fn barred(facts: &Facts) -> Option<Return> {
    if facts.is_blocked {
        return Some(Return::Blocked);
    }
    // The relay would refuse the grant for it; whoever works there now is not to wait for that.
    if let Some(moved) = facts.moved {
        return Some(moved.into());
    }
    match (facts.leaves, facts.verdict) {
        (_, Verdict::Refused { reason }) => Some(Return::Window { refusal: reason }),
        (Leaves::Plain, Verdict::HumanAgent { .. }) => Some(Return::TagNeeded),
        (Leaves::Tagged, Verdict::Plain { .. }) => Some(Return::TagNotNeeded),
        (Leaves::Plain, Verdict::Plain { .. }) | (Leaves::Tagged, Verdict::HumanAgent { .. }) => None,
    }
}

fn granted(asked_boot_ms: i64, facts: &Facts, boot_ms: i64) -> (State, Vec<Effect>) {
    if let Some(reason) = barred(facts) {
        return given_back(reason);
    }
    let not_from_boot_ms = asked_boot_ms.saturating_add(GRANT_MS);
    if boot_ms >= not_from_boot_ms {
        return renew(None);
    }
    (State::Sending, vec![Effect::CallMeta { not_from_boot_ms }])
}

fn ask(goes_unchecked: bool) -> (State, Vec<Effect>) {
    let effect = if goes_unchecked { Effect::TellLater } else { Effect::AskGrant };
    (State::Queued { asked: true, wait: None }, vec![effect])
}

fn proved(mid: Mid, at_ms: Option<i64>) -> (State, Vec<Effect>) {
    let settlement = Settlement::Sent { mid: mid.clone(), at_ms };
    (State::Sent { mid }, vec![Effect::Settle(settlement)])
}

pub(super) fn queued(wait: Option<Wait>) -> State {
    State::Queued { asked: false, wait }
}

/// The grant of the present id is of no more use: free it, and begin anew under another.
pub(super) fn renew(wait: Option<Wait>) -> (State, Vec<Effect>) {
    (State::Queued { asked: true, wait }, vec![Effect::Renew])
}

pub(super) fn returned(reason: Return) -> (State, Vec<Effect>) {
    (State::Returned { reason }, vec![Effect::ToDraft])
}

/// The same for a part whose grant may have been asked for: it was not used.
fn given_back(reason: Return) -> (State, Vec<Effect>) {
    let (state, back) = returned(reason);
    (state, [Effect::Settle(Settlement::NotBegun)].into_iter().chain(back).collect())
}

pub(super) fn unknown(why: &str) -> (State, Vec<Effect>) {
    let state = State::Unknown { why: why.to_owned(), looked: false, look_failed: false, several_fit: false };
    (state, vec![Effect::Settle(Settlement::Unknown { why: why.to_owned() }), Effect::Look])
}
