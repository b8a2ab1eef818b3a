//! What came of a run, in numbers, and every fault with its combination.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use baton_core::outbox::step::{Side, Step};

use super::combination::Combination;
use super::judge::{Fault, Verdict};

/// The outcome of a run.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many combinations were played.
    pub played: usize,
    /// In how many the sender died where it was to.
    pub killed: usize,
    /// In how many it died once more.
    pub killed_again: usize,
    /// Steps and sides at which a sender died.
    pub killed_at: BTreeSet<(Step, Side)>,
    /// How many parts ended so.
    pub verdicts: BTreeMap<Verdict, usize>,
    /// What must not be.
    pub faults: Vec<(String, Fault, String)>,
    /// Where no sender died, although it was to.
    pub not_reached: Vec<String>,
}

impl Tally {
    /// Counts a combination that was played.
    pub(super) fn count(
        &mut self,
        combination: &Combination,
        deaths: u32,
        end: &Result<Vec<Verdict>, Fault>,
        last_words: impl FnOnce() -> String,
    ) {
        self.played += 1;
        if deaths > 0 {
            self.killed += 1;
            self.killed_at.insert((combination.kill.step, combination.kill.side));
        }
        if let (2, Some(again)) = (deaths, combination.again) {
            self.killed_again += 1;
            self.killed_at.insert((again.step, again.side));
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
            Err(fault) => {
                eprintln!("{fault}: {combination}");
                self.faults.push((combination.to_string(), fault.clone(), last_words()));
            }
        }
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
        write!(
            f,
            "{} combinations played, the sender killed in {} of them ({} twice) at {} of its moments; parts: {} arrived once, \
             {} unknown with the reason, {} kept; {} faults",
            self.played,
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
