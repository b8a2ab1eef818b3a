//! Slots for reads of Graph: two a second and account for the whole team, given out by the relay (docs/meta.md 6.1).
//!
//! ```text
//!  the relay answers       two a second; who is more urgent goes first, whichever desk it is at
//!  the relay is away       nothing in the background; else one in 30 s, so that all desks together stay below the limit.
//!                          A reply in doubt goes before a thread that is opened here too
//!  the relay is older      this desk keeps to the whole allowance by itself; Meta's throttle codes settle what collides
//! ```

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use baton_graph::{BootClock, SlotAnswer, SlotBook, Slots, Urgency};
use baton_messenger::AccountId;
use baton_protocol::error::ErrorCode;
use baton_protocol::lease::{SlotGiven, SlotUrgency};
use tokio::sync::watch;

use super::inner::lock;
use crate::clock::Clock;
use crate::relay_client::{RelayClient, RelayError};

const SECOND_MS: i64 = 1_000;
/// Between two reads of an account while the relay is away, milliseconds.
const ALONE_MS: i64 = 30_000;

/// Whoever settles and was told to wait is expected back for so long after the longest wait, milliseconds.
const EXPECTED_MS: i64 = 5_000;

/// Asks for this desk's slots.
pub(crate) struct DeskSlots {
    clock: Arc<dyn Clock>,
    relay: watch::Receiver<Option<RelayClient>>,
    relay_answers: AtomicBool,
    /// While the relay is away.
    alone: Mutex<Alone>,
    /// With a relay that gives out no slots.
    book: Mutex<SlotBook>,
}

/// The boot clock of a desk, as the client of Graph takes it.
pub(crate) struct Boot(pub(crate) Arc<dyn Clock>);

impl BootClock for Boot {
    fn boot_ms(&self) -> i64 {
        self.0.boot_ms()
    }
}

impl DeskSlots {
    pub(crate) fn new(clock: Arc<dyn Clock>, relay: watch::Receiver<Option<RelayClient>>) -> Self {
        let (alone, book) = (Mutex::default(), Mutex::default());
        Self { clock, relay, relay_answers: AtomicBool::new(false), alone, book }
    }

    /// The relay came or went.
    pub(crate) fn set_relay_answers(&self, answers: bool) {
        self.relay_answers.store(answers, Ordering::Relaxed);
    }

    /// How long until a thread that is opened may be read while the relay is away, milliseconds; 0 for now. Nothing is taken.
    pub(crate) fn alone_in_ms(&self, account: &AccountId) -> i64 {
        lock(&self.alone).left_ms(account, Urgency::Opening, self.clock.boot_ms())
    }

    fn relay(&self) -> Option<RelayClient> {
        let answers = self.relay_answers.load(Ordering::Relaxed);
        self.relay.borrow().clone().filter(|_| answers)
    }
}

#[async_trait]
impl Slots for DeskSlots {
    async fn ask(&self, account: &AccountId, urgency: Urgency) -> SlotAnswer {
        let answer = match self.relay() {
            Some(relay) => relay.ask_slot(account, of_the_team(urgency)).await,
            None => Err(RelayError::Unreachable("the relay is away".to_owned())),
        };
        let now_ms = self.clock.boot_ms();
        match answer {
            Ok(SlotGiven::Granted) => SlotAnswer::Granted,
            Ok(SlotGiven::NotYet { for_ms }) => SlotAnswer::NotYet { for_ms: for_ms.clamp(1, ALONE_MS) },
            Err(RelayError::Unreachable(_)) => lock(&self.alone).ask(account, urgency, now_ms),
            Err(RelayError::Refused(body)) if body.code == ErrorCode::RateLimited => {
                SlotAnswer::NotYet { for_ms: SECOND_MS }
            }
            Err(_) => lock(&self.book).ask(account, urgency, now_ms),
        }
    }
}

fn of_the_team(urgency: Urgency) -> SlotUrgency {
    match urgency {
        Urgency::Settling => SlotUrgency::Settling,
        Urgency::SetUp | Urgency::Opening => SlotUrgency::Opening,
        Urgency::Background => SlotUrgency::Audit,
    }
}

/// When the last read of each account went while the relay was away.
#[derive(Debug, Default)]
struct Alone {
    last_ms: BTreeMap<AccountId, i64>,
    /// Until when a read that settles a reply is expected to ask again.
    settles_until_ms: BTreeMap<AccountId, i64>,
}

impl Alone {
    fn ask(&mut self, account: &AccountId, urgency: Urgency, now_ms: i64) -> SlotAnswer {
        if urgency == Urgency::Background {
            // It has all the patience there is, and goes on when the relay is back.
            return SlotAnswer::NotYet { for_ms: SECOND_MS };
        }
        let settles = urgency == Urgency::Settling;
        let for_ms = self.left_ms(account, urgency, now_ms);
        if for_ms > 0 {
            if settles {
                // It comes back when the slot is free, or a whole pause later.
                let until_ms = now_ms.saturating_add(for_ms.max(ALONE_MS)).saturating_add(EXPECTED_MS);
                self.settles_until_ms.insert(account.clone(), until_ms);
            }
            return SlotAnswer::NotYet { for_ms };
        }
        if settles {
            self.settles_until_ms.remove(account);
        }
        self.last_ms.insert(account.clone(), now_ms);
        SlotAnswer::Granted
    }

    /// How long until a read of this urgency may go, milliseconds; 0 for now.
    fn left_ms(&self, account: &AccountId, urgency: Urgency, now_ms: i64) -> i64 {
        let last = self.last_ms.get(account).map_or(i64::MIN, |last| last.saturating_add(ALONE_MS));
        let settles = self.settles_until_ms.get(account).copied().filter(|_| urgency != Urgency::Settling);
        last.max(settles.unwrap_or(i64::MIN)).saturating_sub(now_ms).max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 3_600_000;

    fn tea() -> AccountId {
        "104500000000011".into()
    }

    #[test]
    fn without_the_relay_the_background_stands_still_and_others_keep_30_s_apart() {
        let mut alone = Alone::default();
        for at_ms in [NOW, NOW + 60_000] {
            let stands = alone.ask(&tea(), Urgency::Background, at_ms);
            assert_eq!(stands, SlotAnswer::NotYet { for_ms: SECOND_MS });
        }
        assert_eq!(alone.ask(&tea(), Urgency::Settling, NOW), SlotAnswer::Granted);
        assert_eq!(alone.ask(&tea(), Urgency::Opening, NOW + 10_000), SlotAnswer::NotYet { for_ms: 20_000 });
        assert_eq!(alone.ask(&tea(), Urgency::Opening, NOW + 30_000), SlotAnswer::Granted);
    }

    #[test]
    fn without_the_relay_a_reply_in_doubt_goes_before_a_thread_that_is_looked_at_again_and_again() {
        let mut alone = Alone::default();
        assert_eq!(alone.ask(&tea(), Urgency::Opening, NOW), SlotAnswer::Granted);
        let waits = alone.ask(&tea(), Urgency::Settling, NOW + 10_000);
        assert_eq!(waits, SlotAnswer::NotYet { for_ms: 20_000 });
        assert_ne!(alone.ask(&tea(), Urgency::Opening, NOW + 30_000), SlotAnswer::Granted);
        assert_eq!(alone.ask(&tea(), Urgency::Settling, NOW + 40_000), SlotAnswer::Granted);
        assert_eq!(alone.left_ms(&tea(), Urgency::Opening, NOW + 40_000), ALONE_MS);
        assert_eq!(alone.ask(&tea(), Urgency::Opening, NOW + 70_000), SlotAnswer::Granted);
    }

    #[test]
    fn without_the_relay_one_who_settled_otherwise_holds_nobody_for_long() {
        let mut alone = Alone::default();
        alone.ask(&tea(), Urgency::Opening, NOW);
        alone.ask(&tea(), Urgency::Settling, NOW + 10_000);
        assert_eq!(alone.ask(&tea(), Urgency::Opening, NOW + 45_000), SlotAnswer::Granted);
    }
}
