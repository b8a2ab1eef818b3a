//! Meta's time as the relay knows it: the `Date` of Graph's answers, carried on by the boot clock.
//!
//! `Date` has whole seconds and is some moments old when it arrives, so each answer gives a time that is a little
//! early. The largest of them is kept; one that is far behind means that Meta's clock (or a simulator's) was moved,
//! and begins anew.
//!
//! What is carried on is doubtful as soon as the wall clock has jumped against the boot clock since the last answer: the
//! machine slept in a way that its boot clock did not see, or somebody set the clock. The next answer ends the doubt.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_graph::{AppSecret, GraphClient, Observer};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;

/// An answer this far behind what is known means that the clock was moved, milliseconds.
const MOVED_MS: i64 = 2_500;
/// A wall clock that runs away this far from the boot clock between two answers has jumped, milliseconds. A clock that is
/// only being corrected gains or loses half a second in a quarter of an hour.
const JUMPED_MS: i64 = 5_000;

/// The time that an entry gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Milliseconds UTC.
    pub ms: i64,
    /// True when it is Meta's time; false when it is the relay's own clock, for want of a time of Meta without doubt.
    pub is_metas: bool,
}

/// The difference between Meta's time and the boot clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Offset(Option<i64>);

impl Offset {
    /// Takes in an answer's time; true when Meta's clock turns out to have been moved.
    fn learn(&mut self, date_ms: i64, boot_ms: i64) -> bool {
        let new = date_ms - boot_ms;
        let moved = self.0.is_none_or(|known| (new - known).abs() > MOVED_MS);
        self.0 = Some(match self.0 {
            Some(known) if !moved => known.max(new),
            _ => new,
        });
        moved
    }
}

/// What was learned from Meta's answers.
#[derive(Clone, Copy, Debug, Default)]
struct Learned {
    offset: Offset,
    /// How far the wall clock was ahead of the boot clock at the last answer.
    wall_ahead_ms: i64,
}

/// What the relay knows of Meta's time.
#[derive(Debug)]
pub struct MetaTime {
    clock: Arc<dyn Clock>,
    learned: Mutex<Learned>,
    /// Counts up when the clock turned out to have been moved, so that desks hear of it at once.
    moved: watch::Sender<u64>,
}

impl MetaTime {
    /// Knows nothing yet.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, learned: Mutex::default(), moved: watch::channel(0).0 }
    }

    /// The relay's own clocks.
    #[must_use]
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Meta's time now, milliseconds UTC; none before the first answer.
    #[must_use]
    pub fn now_ms(&self) -> Option<i64> {
        self.learned().offset.0.map(|offset| self.clock.boot_ms() + offset)
    }

    /// The time for what happens now: Meta's where it is known without doubt, else the relay's own.
    #[must_use]
    pub fn stamp(&self) -> Stamp {
        let (wall_ms, boot_ms) = (self.clock.wall_ms(), self.clock.boot_ms());
        let learned = self.learned();
        let has_jumped = (wall_ms - boot_ms - learned.wall_ahead_ms).abs() > JUMPED_MS;
        match learned.offset.0 {
            Some(offset) if !has_jumped => Stamp { ms: boot_ms + offset, is_metas: true },
            _ => Stamp { ms: wall_ms, is_metas: false },
        }
    }

    fn learned(&self) -> Learned {
        *self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes when Meta's clock turned out to have been moved.
    #[must_use]
    pub fn moved(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }
}

impl Observer for MetaTime {
    fn on_meta_time(&self, ms: i64) {
        let (wall_ms, boot_ms) = (self.clock.wall_ms(), self.clock.boot_ms());
        let moved = {
            let mut learned = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
            learned.wall_ahead_ms = wall_ms - boot_ms;
            learned.offset.learn(ms, boot_ms)
        };
        if moved {
            self.moved.send_modify(|count| *count += 1);
        }
    }
}

/// Asks Graph for our own app, again and again, for the `Date` of the answer. A failure is told once, until it works
/// again.
pub(crate) async fn ask(graph: GraphClient, app: AppSecret, every: Duration, stop: CancellationToken) {
    let (mut works, credentials) = (true, app.credentials());
    loop {
        let answer = tokio::select! {
            () = stop.cancelled() => return,
            answer = graph.app(&credentials, &app.app) => answer,
        };
        match &answer {
            Ok(_) if !works => tracing::info!("Graph answers the relay again"),
            Err(error) if works => {
                tracing::warn!(%error, "Graph does not answer the relay; Meta's time is carried on by the boot clock");
            }
            _ => {}
        }
        works = answer.is_ok();
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(every) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_converge_to_the_time() {
        let mut offset = Offset::default();
        for boot in (0..10_000).step_by(700) {
            let truly = 1_791_190_800_123 + boot;
            offset.learn(truly / 1000 * 1000, boot);
        }
        let known = offset.0.unwrap();
        assert!((1_791_190_800_023..=1_791_190_800_123).contains(&known), "{known}");
    }

    #[test]
    fn a_clock_that_was_moved_is_believed_in_both_directions() {
        let mut offset = Offset::default();
        assert!(offset.learn(1_000_000, 0));
        assert!(!offset.learn(1_010_000, 10_000));
        assert!(offset.learn(1_010_000 + 30 * 3_600_000, 10_000));
        assert!(offset.learn(1_011_000, 11_000));
        assert_eq!(offset.0, Some(1_000_000));
    }
}
