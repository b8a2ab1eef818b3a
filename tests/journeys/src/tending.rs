//! What the demo does when a program of its stage ends before its time: it says so, and starts it again.

use std::time::Duration;

use crate::stage::Stage;
use crate::telling::Telling;

/// How long a program that ended stays away, so that a person sees the window without it.
pub const AWAY: Duration = Duration::from_secs(10);
/// How often in a row it is started again.
const MOST: u8 = 5;
/// A program that ran for so long ends anew, not in a row.
const STEADY: Duration = Duration::from_secs(60);

/// When a program that ended is started again. Pure: whether it runs and the time go in.
///
/// ```text
///   runs ──it ends──▶ away ──after a while──▶ is started ──▶ runs
///    └──it ends, and was started five times in a row──▶ given up
/// ```
#[derive(Debug)]
struct Revival {
    away: Duration,
    state: State,
    tries: u8,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Runs { since: Duration },
    Away { until: Duration },
    GivenUp,
}

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
enum Does {
    Nothing,
    /// It has ended: say that it comes back, for this time in a row.
    Says(u8),
    Starts,
    /// It has ended once too often: say that it does not come back.
    GivesUp,
}

impl Revival {
    fn after(away: Duration) -> Self {
        Self { away, state: State::Runs { since: Duration::ZERO }, tries: 0 }
    }

    fn look(&mut self, runs: bool, now: Duration) -> Does {
        match self.state {
            State::Runs { since } if !runs => {
                if now.saturating_sub(since) >= STEADY {
                    self.tries = 0;
                }
                if self.tries == MOST {
                    self.state = State::GivenUp;
                    return Does::GivesUp;
                }
                self.tries += 1;
                self.state = State::Away { until: now + self.away };
                Does::Says(self.tries)
            }
            State::Away { until } if now >= until => {
                self.state = State::Runs { since: now };
                Does::Starts
            }
            State::Runs { .. } | State::Away { .. } | State::GivenUp => Does::Nothing,
        }
    }
}

/// Looks after the programs of a stage.
#[derive(Debug)]
pub struct Tending {
    relay: Revival,
    meta: Revival,
    looks: u32,
}

impl Tending {
    /// Begins. A program that ended is started again after so long.
    #[must_use]
    pub fn after(away: Duration) -> Self {
        Self { relay: Revival::after(away), meta: Revival::after(away), looks: 0 }
    }

    /// Looks once, at this time since the beginning; to be called again and again.
    ///
    /// # Errors
    /// When the system cannot say what runs, or nothing can be told.
    pub async fn look(
        &mut self,
        stage: &mut Stage,
        telling: &mut Telling,
        now: Duration,
    ) -> anyhow::Result<()> {
        self.relay(stage, telling, now).await?;
        self.meta(stage, telling, now).await
    }

    async fn relay(&mut self, stage: &mut Stage, telling: &mut Telling, now: Duration) -> anyhow::Result<()> {
        let ended = stage.relay_ended()?;
        let what = "The relay";
        match self.relay.look(ended.is_none(), now) {
            Does::Nothing => {}
            Does::Says(times) => telling.plain(&goes(what, ended.as_deref(), self.relay.away, times))?,
            Does::GivesUp => telling.plain(&stays_away(what, ended.as_deref()))?,
            Does::Starts => match stage.start_relay().await {
                Ok(()) => telling.plain(&format!(
                    "{what} runs again, as process {}. The window takes up where it was.",
                    stage.relay()?.pid()
                ))?,
                Err(error) => telling.plain(&format!("{what} did not start again: {error:#}"))?,
            },
        }
        Ok(())
    }

    async fn meta(&mut self, stage: &mut Stage, telling: &mut Telling, now: Duration) -> anyhow::Result<()> {
        let ended = stage.meta_ended()?;
        let what = "The local Meta, with the customer's phone,";
        match self.meta.look(ended.is_none(), now) {
            Does::Nothing if ended.is_none() => {
                if self.looks.is_multiple_of(10) {
                    stage.note_meta().await;
                }
                self.looks = self.looks.wrapping_add(1);
            }
            Does::Nothing => {}
            Does::Says(times) => telling.plain(&goes(what, ended.as_deref(), self.meta.away, times))?,
            Does::GivesUp => telling.plain(&stays_away(what, ended.as_deref()))?,
            Does::Starts => match stage.start_meta_again().await {
                Ok(()) => telling.plain(&format!(
                    "{what} runs again, as process {}, at the same addresses. It has forgotten what was said, and people \
                     who were added; the window has not.",
                    stage.meta().pid()
                ))?,
                Err(error) => telling.plain(&format!("{what} did not start again: {error:#}"))?,
            },
        }
        Ok(())
    }
}

fn goes(what: &str, how: Option<&str>, away: Duration, times: u8) -> String {
    let (how, seconds) = (how.unwrap_or_default(), away.as_secs());
    format!(
        "\n{what} has ended ({how}). It is started again in {seconds} seconds, for time {times} of {MOST}."
    )
}

fn stays_away(what: &str, how: Option<&str>) -> String {
    let how = how.unwrap_or_default();
    format!(
        "\n{what} has ended ({how}), and was started {MOST} times in a row. It stays away now: the window shows how that is. \
         Ctrl-C ends the demo."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// It ends `from` seconds after the beginning; gives when it is started again, seconds.
    fn back_at(revival: &mut Revival, from: u32) -> Option<u32> {
        (from..from + 100).find(|&second| revival.look(false, SECOND * second) == Does::Starts)
    }

    #[test]
    fn what_runs_is_left_alone() {
        let mut revival = Revival::after(SECOND);
        assert!((0..1_000).all(|second| revival.look(true, SECOND * second) == Does::Nothing));
    }

    #[test]
    fn what_ended_is_said_once_and_comes_back_after_a_while() {
        let mut revival = Revival::after(SECOND * 10);
        assert_eq!(revival.look(false, SECOND), Does::Says(1));
        assert_eq!(revival.look(false, SECOND * 5), Does::Nothing);
        assert_eq!(revival.look(false, SECOND * 11), Does::Starts);
        assert_eq!(revival.look(true, SECOND * 12), Does::Nothing);
    }

    #[test]
    fn what_ends_again_and_again_is_given_up() {
        let mut revival = Revival::after(SECOND);
        let mut now = 0;
        for _ in 0..MOST {
            now = back_at(&mut revival, now + 1).unwrap();
        }
        assert_eq!(revival.look(false, SECOND * (now + 1)), Does::GivesUp);
        assert_eq!(back_at(&mut revival, now + 2), None);
    }

    #[test]
    fn what_ran_for_long_is_started_as_if_for_the_first_time() {
        let mut revival = Revival::after(SECOND);
        let mut now = 0;
        for _ in 0..MOST {
            now = back_at(&mut revival, now + 1).unwrap();
        }
        let later = SECOND * now + STEADY;
        assert_eq!(revival.look(true, later), Does::Nothing);
        assert_eq!(revival.look(false, later), Does::Says(1));
    }
}
