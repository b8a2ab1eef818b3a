//! When it is told that something ends: twice per thread and end, as the agent chose. Pure.
//!
//! ```text
//!                    far (2 h)              near (30 min)            end
//!   ────────────────────●────────────────────────●────────────────────●──▶
//!      nothing          │ told, unless far was   │ told, unless near  │ nothing
//!                       │ told for this end      │ was told for it    │
//! ```
//!
//! An end that moved (the customer wrote, control was kept) is another one. Whoever starts Baton shortly before an end hears
//! of the near one alone.

use baton_thread::{AccountFacts, Owner};

use super::choice::AlertChoice;
use super::machine::End;
use crate::control::keep::{KEEP_BEFORE_MS, Work, is_to_be_kept};
use crate::store::{LapsingRow, ThreadId};

const MINUTE_MS: i64 = 60_000;

/// How near an end is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// In sight.
    Far = 1,
    /// Close.
    Near = 2,
}

/// Something of a thread that ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The thread.
    pub thread: ThreadId,
    /// What ends.
    pub end: End,
    /// When, milliseconds UTC of Meta.
    pub until_ms: i64,
}

/// What was told of an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ToldOf {
    /// The end that was told of.
    pub ending: Ending,
    /// How near it was then.
    pub stage: Stage,
}

/// How far ahead anything is told at all, milliseconds; nothing when nothing is.
#[must_use]
pub fn ahead_ms(choice: &AlertChoice) -> Option<i64> {
    let switch = choice.shutting;
    let minutes = choice.far_minutes.max(choice.near_minutes);
    (minutes > 0 && (switch.popup || switch.sound)).then_some(i64::from(minutes) * MINUTE_MS)
}

/// How near an end is; none when it is not to be told of.
fn stage(left_ms: i64, choice: &AlertChoice) -> Option<Stage> {
    let within = |minutes: u32| left_ms > 0 && left_ms <= i64::from(minutes) * MINUTE_MS;
    if within(choice.near_minutes) {
        Some(Stage::Near)
    } else if within(choice.far_minutes) {
        Some(Stage::Far)
    } else {
        None
    }
}

/// Of these endings those that are to be told of now, each with how near it is.
#[must_use]
pub fn due(endings: &[Ending], told: &[ToldOf], choice: &AlertChoice, now_ms: i64) -> Vec<ToldOf> {
    let is_news =
        |one: &ToldOf| !told.iter().any(|before| before.ending == one.ending && before.stage >= one.stage);
    let near = endings.iter().filter_map(|ending| {
        let stage = stage(ending.until_ms - now_ms, choice)?;
        Some(ToldOf { ending: *ending, stage })
    });
    near.filter(is_news).collect()
}

/// Whether control of a thread that is about to lapse will be lost. Where an agent of this desk writes, or a reply waits,
/// Baton keeps it by itself ([`crate::control::keep`]).
#[must_use]
pub fn is_lost(row: &LapsingRow, facts: &AccountFacts, work: Work, now_ms: i64) -> bool {
    let Some(until_ms) = row.owner.until_ms else { return false };
    // As it will be looked at in time: shortly before the end, with a draft that is older by then.
    let looked_ms = now_ms.max(until_ms.saturating_sub(KEEP_BEFORE_MS));
    let draft_age_ms = work.draft_age_ms.map(|age_ms| age_ms.saturating_add(looked_ms - now_ms));
    let work = Work { draft_age_ms, ..work };
    row.owner.owner == Owner::Ours && !is_to_be_kept(&row.owner, facts, work, looked_ms)
}

#[cfg(test)]
mod tests {
    use baton_protocol::account::RoutingMode;
    use baton_protocol::{AccountId, CustomerId};
    use baton_thread::OwnerState;
    use rstest::rstest;

    use super::*;
    use crate::alerts::choice::AlertSwitch;
    use crate::store::ThreadKey;

    const NOW: i64 = 1_791_190_800_000;
    const HOUR: i64 = 60 * MINUTE_MS;

    fn ending(thread: i64, left_ms: i64) -> Ending {
        Ending { thread: ThreadId(thread), end: End::Window, until_ms: NOW + left_ms }
    }

    #[rstest]
    #[case::far_away(2 * HOUR + 1, None)]
    #[case::in_sight(2 * HOUR, Some(Stage::Far))]
    #[case::not_near_yet(30 * MINUTE_MS + 1, Some(Stage::Far))]
    #[case::near(30 * MINUTE_MS, Some(Stage::Near))]
    #[case::the_last_moment(1, Some(Stage::Near))]
    #[case::over(0, None)]
    fn an_end_is_told_of_when_it_is_near(#[case] left_ms: i64, #[case] told: Option<Stage>) {
        let due = due(&[ending(1, left_ms)], &[], &AlertChoice::default(), NOW);
        assert_eq!(due.first().map(|one| one.stage), told);
    }

    #[test]
    fn each_end_is_told_of_once_per_stage_and_one_that_moved_is_another() {
        let choice = AlertChoice::default();
        let mut told: Vec<ToldOf> = Vec::new();
        let mut heard = Vec::new();
        for minute in 0..=150 {
            // After 100 minutes the customer writes: the window ends a day later, and nothing is near any more.
            let until = if minute < 100 { NOW + 2 * HOUR } else { NOW + 26 * HOUR };
            let now = NOW + minute * MINUTE_MS;
            for one in due(&[Ending { until_ms: until, ..ending(1, 0) }], &told, &choice, now) {
                heard.push((minute, one.stage));
                told.retain(|before| before.ending.thread != one.ending.thread);
                told.push(one);
            }
        }
        assert_eq!(heard, [(0, Stage::Far), (90, Stage::Near)]);
        let again = Ending { until_ms: NOW + 26 * HOUR, ..ending(1, 0) };
        assert_eq!(due(&[again], &told, &choice, NOW + 24 * HOUR).len(), 1);
    }

    #[test]
    fn whoever_starts_late_hears_of_the_near_one_alone() {
        let choice = AlertChoice::default();
        let near = due(&[ending(1, HOUR / 4)], &[], &choice, NOW);
        assert_eq!(near.iter().map(|one| one.stage).collect::<Vec<_>>(), [Stage::Near]);
        assert!(due(&[ending(1, HOUR / 4)], &near, &choice, NOW + MINUTE_MS).is_empty());
    }

    #[rstest]
    #[case::both(120, 30, true, Some(120))]
    #[case::only_near(0, 30, true, Some(30))]
    #[case::turned_round(10, 45, true, Some(45))]
    #[case::neither(0, 0, true, None)]
    #[case::switched_off(120, 30, false, None)]
    fn how_far_ahead_it_looks(
        #[case] far_minutes: u32,
        #[case] near_minutes: u32,
        #[case] on: bool,
        #[case] ahead: Option<i64>,
    ) {
        let shutting = AlertSwitch { popup: on, sound: false };
        let choice = AlertChoice { far_minutes, near_minutes, shutting, ..AlertChoice::default() };
        assert_eq!(ahead_ms(&choice), ahead.map(|minutes| minutes * MINUTE_MS));
    }

    #[rstest]
    #[case::nobody_writes(Owner::Ours, 2 * HOUR, None, false, true)]
    #[case::somebody_writes(Owner::Ours, 2 * HOUR, Some(MINUTE_MS), false, false)]
    #[case::somebody_wrote_a_day_ago(Owner::Ours, 2 * HOUR, Some(23 * HOUR), false, true)]
    #[case::a_reply_waits(Owner::Ours, 2 * HOUR, None, true, false)]
    #[case::in_the_last_hour(Owner::Ours, HOUR / 2, Some(23 * HOUR), false, false)]
    #[case::not_ours(Owner::MetaInbox, HOUR, None, false, false)]
    fn control_that_baton_keeps_by_itself_is_not_lost(
        #[case] owner: Owner,
        #[case] left_ms: i64,
        #[case] draft_age_ms: Option<i64>,
        #[case] reply_waits: bool,
        #[case] lost: bool,
    ) {
        let row = LapsingRow {
            thread: ThreadId(1),
            key: ThreadKey { account: AccountId::from("1"), customer: CustomerId::from("2") },
            customer_name: None,
            owner: OwnerState { owner, until_ms: Some(NOW + left_ms), ..OwnerState::default() },
            needs_reply: true,
            drafted_ms: None,
            reply_waits,
        };
        let facts = AccountFacts { routing: RoutingMode::On, ..AccountFacts::default() };
        assert_eq!(is_lost(&row, &facts, Work { draft_age_ms, reply_waits }, NOW), lost);
    }
}
