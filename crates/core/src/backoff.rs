//! How long to wait before the next try: twice as long each time, up to a limit, with jitter so that many desks do not
//! come back in step. Pure: the random number is passed in.

/// Growing pauses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    first_ms: i64,
    longest_ms: i64,
    failures: u32,
}

impl Backoff {
    /// Pauses from `first_ms` to `longest_ms`.
    #[must_use]
    pub const fn new(first_ms: i64, longest_ms: i64) -> Self {
        Self { first_ms, longest_ms, failures: 0 }
    }

    /// A try failed: the pause before the next one, between half and all of its step. `random` is any number.
    pub fn fail(&mut self, random: u64) -> i64 {
        let step = self.first_ms.saturating_mul(1 << self.failures.min(20)).min(self.longest_ms);
        self.failures = self.failures.saturating_add(1);
        let half = step / 2;
        let spread = u64::try_from(step - half).unwrap_or(0).saturating_add(1);
        half.saturating_add(i64::try_from(random % spread).unwrap_or(0))
    }

    /// A try worked: the next pause is the first one again.
    pub fn succeed(&mut self) {
        self.failures = 0;
    }

    /// How many tries failed in a row.
    #[must_use]
    pub fn failures(&self) -> u32 {
        self.failures
    }
}

/// A number for jitter from the operating system; 0 when it gives none, which only takes the jitter away.
#[must_use]
pub fn random() -> u64 {
    getrandom::u64().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Backoff;

    proptest! {
        #[test]
        fn pauses_grow_within_their_limits(randoms in prop::collection::vec(any::<u64>(), 1..40)) {
            let mut backoff = Backoff::new(500, 30_000);
            let mut step = 500;
            for random in randoms {
                let pause = backoff.fail(random);
                prop_assert!(pause >= step / 2 && pause <= step, "{pause} of {step}");
                step = (step * 2).min(30_000);
            }
            backoff.succeed();
            prop_assert!(backoff.fail(7) <= 500);
        }
    }
}
