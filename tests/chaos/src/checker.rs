//! What must hold between the answers and the log.

use std::collections::BTreeMap;

use crate::load::is_taken_back;

/// What Meta and a desk saw.
#[derive(Debug, Default)]
pub struct Seen {
    /// Messages that were answered 200.
    pub answered: Vec<String>,
    /// Seq of each entry, oldest first, with its message where it has one.
    pub entries: Vec<(u64, Option<String>)>,
}

/// What does not hold.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// It was answered, and the log does not have it.
    Lost {
        /// Which.
        mid: String,
    },
    /// The log has it more than once.
    Repeated {
        /// Which.
        mid: String,
        /// How often it is there.
        times: usize,
    },
    /// A seq is missing, or not where it should be.
    Hole {
        /// The seq that should be next.
        expected: u64,
        /// The one that is.
        found: u64,
    },
}

/// Everything that does not hold.
#[must_use]
pub fn judge(seen: &Seen) -> Vec<Fault> {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    for mid in seen.entries.iter().filter_map(|(_, mid)| mid.as_deref()) {
        *times.entry(mid).or_default() += 1;
    }
    let lost = seen.answered.iter().filter(|mid| !times.contains_key(mid.as_str()));
    let repeated = times.iter().filter(|(_, times)| **times > 1);
    let holes = (1..).zip(&seen.entries).filter(|(expected, (found, _))| expected != found);
    lost.map(|mid| Fault::Lost { mid: mid.clone() })
        .chain(repeated.map(|(mid, times)| Fault::Repeated { mid: (*mid).to_owned(), times: *times }))
        .chain(holes.map(|(expected, (found, _))| Fault::Hole { expected, found: *found }))
        .collect()
}

/// The same after an unruly load: what was taken back has no words any more, so it is neither lost nor repeated.
#[must_use]
pub fn judge_unruly(seen: &Seen) -> Vec<Fault> {
    let answered = seen.answered.iter().filter(|mid| !is_taken_back(mid)).cloned().collect();
    judge(&Seen { answered, entries: seen.entries.clone() })
}

#[cfg(test)]
fn seen(answered: &[&str], entries: &[(u64, Option<&str>)]) -> Seen {
    Seen {
        answered: answered.iter().map(|&mid| mid.to_owned()).collect(),
        entries: entries.iter().map(|(seq, mid)| (*seq, mid.map(str::to_owned))).collect(),
    }
}

#[test]
fn a_log_with_every_answer_once_and_more_besides_is_good() {
    // "b" was stored, but its answer was lost by a kill.
    assert_eq!(judge(&seen(&["a"], &[(1, None), (2, Some("b")), (3, Some("a"))])), []);
}

#[test]
fn a_lost_answer_a_repeat_and_a_hole_are_found() {
    let mid = |mid: &str| mid.to_owned();
    assert_eq!(judge(&seen(&["a"], &[(1, None)])), [Fault::Lost { mid: mid("a") }]);
    let twice = judge(&seen(&["a"], &[(1, Some("a")), (2, Some("a"))]));
    assert_eq!(twice, [Fault::Repeated { mid: mid("a"), times: 2 }]);
    assert_eq!(judge(&seen(&["a"], &[(1, None), (3, Some("a"))])), [Fault::Hole { expected: 2, found: 3 }]);
}
