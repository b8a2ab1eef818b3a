//! When people write: by the hour of their day and the day of the week.

use rand::RngExt;
use rand_pcg::Pcg64;

use crate::clock::{DAY_MS, HOUR_MS};

/// How busy each hour of a day is, per cent of the busiest.
const HOURS: [u8; 24] =
    [4, 3, 2, 2, 2, 5, 16, 36, 64, 90, 100, 92, 74, 72, 84, 86, 78, 68, 70, 80, 82, 60, 30, 12];
/// From Monday on.
const DAYS: [u8; 7] = [100, 96, 92, 90, 88, 60, 44];
/// 1970 began on a Thursday.
const FIRST_DAY: i64 = 3;
/// After so many throws any moment will do.
const THROWS: usize = 12;

/// A moment between two others, likely a busy one for somebody in this zone.
pub(super) fn moment(from_ms: i64, until_ms: i64, timezone: i32, dice: &mut Pcg64) -> i64 {
    let mut at_ms = from_ms;
    for _ in 0..THROWS {
        at_ms = dice.random_range(from_ms..until_ms.max(from_ms + 1));
        if dice.random_range(0..100 * 100) < business(at_ms, timezone) {
            break;
        }
    }
    at_ms
}

/// 0 to 10 000.
fn business(at_ms: i64, timezone: i32) -> u32 {
    let local_ms = at_ms + i64::from(timezone) * HOUR_MS;
    let hour = usize::try_from(local_ms.rem_euclid(DAY_MS) / HOUR_MS).unwrap_or(0);
    let day = usize::try_from((local_ms.div_euclid(DAY_MS) + FIRST_DAY).rem_euclid(7)).unwrap_or(0);
    u32::from(HOURS[hour]) * u32::from(DAYS[day])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seed::USUAL_MOMENT_MS;

    /// The usual moment is a Monday, 9:00 UTC.
    #[test]
    fn monday_morning_is_busy_and_sunday_night_is_not() {
        assert_eq!(business(USUAL_MOMENT_MS, 0), 9000);
        assert_eq!(business(USUAL_MOMENT_MS - 33 * HOUR_MS, 0), 4 * 44, "Sunday, 0:00");
        assert_eq!(business(USUAL_MOMENT_MS - 6 * HOUR_MS, -6), 60 * 44, "Sunday, 21:00 there");
    }
}
