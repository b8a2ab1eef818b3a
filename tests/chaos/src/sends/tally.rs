//! What came of a run, in numbers, and every fault with its combination.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use baton_core::outbox::step::{Side, Step};

use super::combination::{Combination, Course};
use super::judge::{Fault, Verdict};

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many combinations were to be played.
    pub asked: usize,
    /// How many were played, by the number of parts of their reply.
    pub played: BTreeMap<usize, usize>,
    /// The same by the course of the reply.
    pub courses: BTreeMap<Course, usize>,
    /// In how many the sender died where it was to.
    pub killed: usize,
    /// In how many it died once more.
    pub killed_again: usize,
    /// Of so many parts the one, at which step and on which side of it a sender died.
    pub killed_at: BTreeSet<(usize, usize, Step, Side)>,
    /// How many parts ended so.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// What must not be.
    pub faults: Vec<(String, Fault, String)>,
    /// Where no sender died, although it was to.
    pub not_reached: Vec<String>,
}

impl Tally {
    /// Nothing was played yet of so many.
    pub(super) fn of(asked: usize) -> Self {
        Self { asked, ..Self::default() }
    }

    /// Counts a combination that was played.
    pub(super) fn count(
        &mut self,
        combination: &Combination,
        deaths: u32,
        end: &Result<Vec<Verdict>, Fault>,
        last_words: impl FnOnce() -> String,
    ) {
        let Combination { parts, struck, kill, course, .. } = *combination;
        *self.played.entry(parts).or_default() += 1;
        *self.courses.entry(course).or_default() += 1;
        if deaths > 0 {
            self.killed += 1;
            self.killed_at.insert((parts, struck, kill.step, kill.side));
        }
        if deaths == 2 {
            self.killed_again += 1;
        }
        if deaths == 0 || combination.again.is_some() && deaths < 2 {
            self.not_reached.push(combination.to_string());
        }
        match end {
            Ok(verdicts) => {
                for verdict in verdicts {
                    *self.verdicts.entry(*verdict).or_default() += 1;
                }
            }
            Err(fault) => self.fault(combination, fault.clone(), last_words()),
        }
    }

    /// Counts what must not be.
    pub(super) fn fault(&mut self, combination: &Combination, fault: Fault, last_words: String) {
        eprintln!("{fault}: {combination}");
        self.faults.push((combination.to_string(), fault, last_words));
    }

    /// Every fault in a line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.faults.iter().map(|(combination, fault, _)| format!("{fault}: {combination}")).collect()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |verdict| self.verdicts.get(&verdict).copied().unwrap_or(0);
        let played: usize = self.played.values().sum();
        let by_parts: Vec<String> =
            self.played.iter().map(|(parts, played)| format!("{played} of {parts} part(s)")).collect();
        let by_course: Vec<String> =
            self.courses.iter().map(|(course, played)| format!("{played} {course}")).collect();
        write!(
            f,
            "{played} of {} combinations played ({}; {}), the sender killed in {} of them ({} twice) at {} moments of their \
             parts; parts: {} arrived once, {} unknown with the reason, {} kept; {} faults",
            self.asked,
            by_parts.join(", "),
            by_course.join(", "),
            self.killed,
            self.killed_again,
            self.killed_at.len(),
            part(Verdict::Arrived),
            part(Verdict::Unknown),
            part(Verdict::Kept),
            self.faults.len()
        )
    }
}
