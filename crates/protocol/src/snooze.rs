//! How long a thread may sleep, the same at desk and relay.

/// The longest sleep, milliseconds: a year, in which a day may be added.
pub const LONGEST_MS: i64 = 366 * 24 * 60 * 60 * 1000;

/// Why a thread cannot sleep until then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnoozeFault {
    /// That moment has come already.
    #[error("the moment has passed already")]
    Past,
    /// It is more than a year away.
    #[error("the moment is more than a year away")]
    TooFar,
}

/// Whether a thread can sleep until a moment, at this time; both milliseconds UTC.
///
/// # Errors
/// [`SnoozeFault`] says why not.
pub fn check(until_ms: i64, now_ms: i64) -> Result<(), SnoozeFault> {
    if until_ms <= now_ms {
        return Err(SnoozeFault::Past);
    }
    if until_ms.saturating_sub(now_ms) > LONGEST_MS {
        return Err(SnoozeFault::TooFar);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_ends_later_and_within_a_year() {
        assert_eq!(check(1, 0), Ok(()));
        assert_eq!(check(0, 0), Err(SnoozeFault::Past));
        assert_eq!(check(-1, 0), Err(SnoozeFault::Past));
        assert_eq!(check(7 + LONGEST_MS, 7), Ok(()));
        assert_eq!(check(8 + LONGEST_MS, 7), Err(SnoozeFault::TooFar));
        assert_eq!(check(i64::MAX, i64::MIN), Err(SnoozeFault::TooFar));
    }
}
