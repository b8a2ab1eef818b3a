//! How often a desk may ask for what is dear: some at once, then one more after a while. By the boot clock.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use baton_protocol::DeskId;
use baton_protocol::token::{PROOF_EVERY_MS, PROOFS_AT_ONCE};

/// What is allowed of one kind.
#[derive(Clone, Copy, Debug)]
struct Rate {
    at_once: u32,
    every_ms: i64,
}

/// Proofs: one serves all calls of five minutes.
const PROOFS: Rate = Rate { at_once: PROOFS_AT_ONCE, every_ms: PROOF_EVERY_MS };
/// Tokens shown for registering: each costs a call of Graph.
const TOKENS: Rate = Rate { at_once: 20, every_ms: 15_000 };
/// Logins begun.
const LOGINS: Rate = Rate { at_once: 5, every_ms: 30_000 };
/// Times that boxes were left.
const BOXES: Rate = Rate { at_once: 20, every_ms: 10_000 };

/// Times that invites were made.
const INVITES: Rate = Rate { at_once: 20, every_ms: 10_000 };

/// Leases asked for or renewed, also by a steward that says how far it is.
const LEASES: Rate = Rate { at_once: 60, every_ms: 500 };
/// Times that a desk said who is there: it gathers for 300 ms, and says it again every ten seconds.
const PRESENCE: Rate = Rate { at_once: 30, every_ms: 250 };
/// Drafts told: a desk tells one that rested for a while, and all of them once it is connected again.
const DRAFTS: Rate = Rate { at_once: 200, every_ms: 250 };
/// Slots asked for: who is told to wait asks a few times.
const SLOTS: Rate = Rate { at_once: 100, every_ms: 50 };

/// What desks have used up, of each kind.
#[derive(Debug)]
pub(crate) struct Allowances {
    pub(crate) proofs: Allowance,
    pub(crate) tokens: Allowance,
    pub(crate) logins: Allowance,
    pub(crate) boxes: Allowance,
    pub(crate) invites: Allowance,
    pub(crate) leases: Allowance,
    pub(crate) presence: Allowance,
    pub(crate) drafts: Allowance,
    pub(crate) slots: Allowance,
}

impl Default for Allowances {
    fn default() -> Self {
        Self {
            proofs: Allowance::new(PROOFS),
            tokens: Allowance::new(TOKENS),
            logins: Allowance::new(LOGINS),
            boxes: Allowance::new(BOXES),
            invites: Allowance::new(INVITES),
            leases: Allowance::new(LEASES),
            presence: Allowance::new(PRESENCE),
            drafts: Allowance::new(DRAFTS),
            slots: Allowance::new(SLOTS),
        }
    }
}

/// What desks have used up of one kind.
#[derive(Debug)]
pub(crate) struct Allowance {
    rate: Rate,
    /// Until when each desk has used its share: the boot clock at which it may have all at once again.
    used_until_ms: Mutex<BTreeMap<DeskId, i64>>,
}

impl Allowance {
    fn new(rate: Rate) -> Self {
        Self { rate, used_until_ms: Mutex::default() }
    }

    /// Takes one, or says after how many milliseconds there is one again.
    pub(crate) fn take(&self, desk: DeskId, boot_ms: i64) -> Result<(), i64> {
        let mut used = self.used_until_ms.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until_ms| *until_ms > boot_ms);
        let Rate { at_once, every_ms } = self.rate;
        let after = used.get(&desk).copied().unwrap_or(boot_ms) + every_ms;
        let too_many_by_ms = after - boot_ms - i64::from(at_once) * every_ms;
        if too_many_by_ms > 0 {
            return Err(too_many_by_ms);
        }
        used.insert(desk, after);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const RATE: Rate = Rate { at_once: 3, every_ms: 100 };

    #[test]
    fn some_at_once_then_one_after_the_other_and_each_desk_has_its_own() {
        let (allowance, ines, jonas) = (Allowance::new(RATE), DeskId::new(), DeskId::new());
        assert_eq!([0; 3].map(|_| allowance.take(ines, 1_000)), [Ok(()); 3]);
        assert_eq!(allowance.take(ines, 1_000), Err(100));
        assert_eq!(allowance.take(ines, 1_060), Err(40));
        assert_eq!(allowance.take(jonas, 1_060), Ok(()));
        assert_eq!(allowance.take(ines, 1_100), Ok(()));
        assert_eq!(allowance.take(ines, 1_100), Err(100));
        assert_eq!([0; 3].map(|_| allowance.take(ines, 9_000)), [Ok(()); 3]);
    }

    proptest! {
        #[test]
        fn never_more_than_the_rate_in_any_span(pauses in prop::collection::vec(0i64..250, 1..80)) {
            let (allowance, desk) = (Allowance::new(RATE), DeskId::new());
            let (mut now, mut taken) = (0, Vec::new());
            for pause in pauses {
                now += pause;
                match allowance.take(desk, now) {
                    Ok(()) => taken.push(now),
                    Err(wait) => prop_assert!(wait > 0 && wait <= RATE.every_ms),
                }
            }
            for (at, from) in taken.iter().enumerate() {
                for (more, to) in taken[at..].iter().enumerate() {
                    prop_assert!(more as i64 <= i64::from(RATE.at_once) - 1 + (to - from) / RATE.every_ms);
                }
            }
        }
    }
}
