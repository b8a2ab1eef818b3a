//! Where the time and the memory of a row go: stages in their order, programs and threads by what they use.

use std::collections::HashMap;

use crate::stat::{median, short};

/// Name and figure, line by line, as a row of the report has them.
pub(super) type Lines = Vec<(String, String)>;

/// So many threads at most are named.
const NAMED: usize = 8;

/// Threads that used most between two looks, the busiest first; what they used is divided by `over`.
pub(super) fn busiest(
    before: &HashMap<String, f64>,
    after: &HashMap<String, f64>,
    over: f64,
) -> Vec<(String, f64)> {
    let mut used: Vec<(String, f64)> = after
        .iter()
        .map(|(name, used)| (name.clone(), (used - before.get(name).copied().unwrap_or(0.0)) / over))
        .filter(|(_, used)| *used > 0.0)
        .collect();
    used.sort_by(|(one, its), (other, others)| others.total_cmp(its).then_with(|| one.cmp(other)));
    used.truncate(NAMED);
    used
}

/// What each of these rounds told of something, one after the other.
pub(super) fn of_all<Of>(rounds: &[Of], times: fn(&Of) -> &Vec<f64>) -> Vec<f64> {
    rounds.iter().flat_map(|round| times(round).iter().copied()).collect()
}

/// Moments in their order, half of all; one that nobody saw is left out.
pub(super) fn moments(named: &[(&str, &[f64])]) -> Lines {
    named
        .iter()
        .filter(|(_, times)| !times.is_empty())
        .map(|(name, times)| ((*name).to_owned(), format!("{} ms", short(median(times)))))
        .collect()
}

/// What each program needs, of ours and of the reference, in MiB.
pub(super) fn memory(ours: &HashMap<String, f64>, bare: &HashMap<String, f64>) -> Lines {
    let told = |whose: &str, all: &HashMap<String, f64>| {
        let mut lines: Vec<(&String, &f64)> = all.iter().collect();
        lines.sort_by(|(one, its), (other, others)| others.total_cmp(its).then_with(|| one.cmp(other)));
        lines
            .into_iter()
            .map(|(name, mib)| (format!("{whose}: {name}"), format!("{} MiB", short(*mib))))
            .collect::<Lines>()
    };
    [told("ours", ours), told("the bare page", bare)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_used_most_stands_first_and_who_used_nothing_is_not_named() {
        let before = HashMap::from([("a".to_owned(), 1.0), ("b".to_owned(), 1.0), ("c".to_owned(), 2.0)]);
        let after = HashMap::from([("a".to_owned(), 2.0), ("b".to_owned(), 5.0), ("c".to_owned(), 2.0)]);
        assert_eq!(busiest(&before, &after, 2.0), [("b".to_owned(), 2.0), ("a".to_owned(), 0.5)]);
    }

    #[test]
    fn a_moment_that_nobody_saw_is_left_out() {
        let lines = moments(&[("asked", &[1.0, 3.0, 2.0]), ("never", &[])]);
        assert_eq!(lines, [("asked".to_owned(), "2.00 ms".to_owned())]);
    }
}
