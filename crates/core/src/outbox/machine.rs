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
//! to the draft takes along all that stands behind it. One that was refused can also be put aside: it stays refused, with its
//! words in the thread, and is counted as not sent no longer.
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

mod effect;
mod event;
mod state;

pub use effect::Effect;
pub use event::{Control, Event, Facts, MovedOn};
pub use state::{Leaves, Return, State, Wait, has_ended, may_have_left};

use baton_messenger::policy::Verdict;
use baton_protocol::Mid;
use baton_protocol::command::GRANT_MS;
use baton_protocol::team::Settlement;

use super::answer;
use super::uploading::not_uploaded;

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
        (State::Refused { error, .. }, Event::PutAside { aside }) => {
            (State::Refused { error, aside }, vec![])
        }
        // Whatever else comes, comes late: an answer after a proof, a turn after the end.
        (state, _) => (state, vec![]),
    }
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
