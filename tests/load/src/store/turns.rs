//! Two ways to do the same work, in turn, timed one by one.

use crate::report::{Promise, Row};
use crate::stat::{median, percentile, short};

/// What one round measured: microseconds of each piece of work, either way.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) ours: Vec<f64>,
    pub(super) reference: Vec<f64>,
}

/// A row of the slowest hundredth of each round.
pub(super) fn slowest(what: &str, rounds: &[Round], promise: Promise) -> Row {
    let of = |pick: fn(&Round) -> &Vec<f64>, share: f64| -> Vec<f64> {
        rounds.iter().map(|round| percentile(pick(round), share)).collect()
    };
    let (ours, reference) = (of(|round| &round.ours, 0.99), of(|round| &round.reference, 0.99));
    let told = |p99: &[f64], p50: &[f64]| format!("{} µs (p50 {})", short(median(p99)), short(median(p50)));
    Row::of(what, &ours, &reference, promise).told(
        told(&ours, &of(|round| &round.ours, 0.5)),
        told(&reference, &of(|round| &round.reference, 0.5)),
    )
}
