//! Stories of one thread, act by act, and since when its customer waits at the end of each.

use baton_messenger::id::{AppId, PAGE_INBOX};
use baton_protocol::account::RoutingMode;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use proptest::prelude::*;
use rstest::rstest;

use super::{WaitingFacts, waiting};
use crate::evidence::{Act, Evidence, Heard, sorted};
use crate::owner::{AccountFacts, fold_owner};

const BATON: &str = "700100200300400";
const TEABOT: &str = "700555666777888";
const MINUTE: i64 = 60_000;
/// Control lapses after so many minutes.
const DAY: i64 = 24 * 60;

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// The customer writes, and we hear it as the owner's listeners do.
    Writes,
    /// The customer writes, and we hear it in standby.
    WritesToAnother,
    BotAnswers,
    BotPassesToUs,
    BotTakes,
    InboxTakes,
    /// A person of ours answers.
    WeAnswer,
    WeTake,
    WePassToBot,
    WeRelease,
    /// Meta is asked, and says that nobody holds the thread.
    MetaSaysNobody,
    /// Meta is asked, and says that we hold it.
    MetaSaysOurs,
}

use Does::{
    BotAnswers, BotPassesToUs, BotTakes, InboxTakes, MetaSaysNobody, MetaSaysOurs, WeAnswer, WePassToBot,
    WeRelease, WeTake, Writes, WritesToAnother,
};

/// One act and its minute.
type Step = (i64, Does);

fn act(does: Does) -> Act {
    let bot = || Some(AppId::from(TEABOT));
    let us = || Some(AppId::from(BATON));
    let learned =
        |seen, source| Act::Learned { seen, source, until_ms: None, note: None, by: None, when_done: false };
    match does {
        Writes => Act::CustomerWrote { heard: Heard::Messaging },
        WritesToAnother => Act::CustomerWrote { heard: Heard::Standby },
        BotAnswers => Act::AppAnswered { app: bot(), heard: Heard::Standby },
        BotPassesToUs => Act::Passed { from: bot(), to: us(), note: None },
        BotTakes => Act::Taken { from: us(), to: bot(), note: None },
        InboxTakes => Act::Taken { from: us(), to: Some(AppId::from(PAGE_INBOX)), note: None },
        WeAnswer => Act::AppAnswered { app: us(), heard: Heard::Messaging },
        WeTake => learned(OwnerSeen::Ours, OwnerSource::Took),
        WePassToBot => learned(OwnerSeen::Other { app: bot() }, OwnerSource::Passed),
        WeRelease => learned(OwnerSeen::Idle, OwnerSource::Released),
        MetaSaysNobody => learned(OwnerSeen::Idle, OwnerSource::ThreadOwner),
        MetaSaysOurs => learned(OwnerSeen::Ours, OwnerSource::ThreadOwner),
    }
}

/// Routing on; the bot, we or nobody is the default app.
fn account(default_app: Option<&str>) -> AccountFacts {
    AccountFacts {
        our_app: Some(AppId::from(BATON)),
        routing: RoutingMode::On,
        default_app: default_app.map(AppId::from),
        ..AccountFacts::default()
    }
}

/// Since which minute the customer waits at minute `now`.
fn since(story: &[Step], facts: &AccountFacts, now: i64) -> Option<i64> {
    let evidence = story.iter().map(|(minute, does)| Evidence {
        at_ms: minute * MINUTE,
        tie: format!("{minute}"),
        act: act(*does),
    });
    let (owner, _) = fold_owner(&sorted(evidence.collect()), facts, now * MINUTE);
    let last_person = story.iter().filter(|(_, does)| *does == WeAnswer).map(|(minute, _)| *minute).max();
    let wrote = |does: &Does| matches!(does, Writes | WritesToAnother);
    let unanswered = story.iter().filter(|(minute, does)| wrote(does) && Some(*minute) > last_person);
    let since_ms = waiting(&WaitingFacts {
        first_unanswered_ms: unanswered.map(|(minute, _)| minute * MINUTE).min(),
        last_person_ms: last_person.map(|minute| minute * MINUTE),
        owner,
    });
    since_ms.map(|ms| ms / MINUTE)
}

/// The bot is the default app.
#[rstest]
#[case::with_the_bot(&[(0, WritesToAnother), (1, BotAnswers)], 9, None)]
#[case::passed_to_us(&[(0, WritesToAnother), (1, BotAnswers), (5, BotPassesToUs)], 9, Some(5))]
#[case::taken(&[(0, WritesToAnother), (1, BotAnswers), (5, WeTake)], 9, Some(5))]
#[case::taken_and_released(&[(0, WritesToAnother), (5, WeTake), (7, WeRelease)], 9, Some(5))]
#[case::taken_released_and_taken(&[(0, WritesToAnother), (5, WeTake), (7, WeRelease), (8, WeTake)], 9, Some(5))]
#[case::released_and_passed_to_us(&[(0, WritesToAnother), (5, WeTake), (7, WeRelease), (8, BotPassesToUs)], 9, Some(8))]
#[case::released_and_the_bot_goes_on(&[(0, WritesToAnother), (5, WeTake), (7, WeRelease), (8, WritesToAnother)], 9, None)]
#[case::released_answered(&[(0, WritesToAnother), (5, WeTake), (6, WeAnswer), (7, WeRelease)], 9, None)]
#[case::taken_with_all_answered(&[(0, WritesToAnother), (5, WeTake), (6, WeAnswer), (7, WeRelease), (8, WeTake)], 9, None)]
#[case::passed_back(&[(0, WritesToAnother), (5, BotPassesToUs), (7, WePassToBot)], 9, None)]
#[case::passed_back_and_forth(&[(0, WritesToAnother), (5, BotPassesToUs), (7, WePassToBot), (8, BotPassesToUs)], 9, Some(8))]
#[case::passed_back_and_taken(&[(0, WritesToAnother), (5, BotPassesToUs), (7, WePassToBot), (8, WeTake)], 9, Some(8))]
#[case::taken_from_us(&[(0, WritesToAnother), (5, WeTake), (7, BotTakes)], 9, None)]
#[case::taken_from_us_and_again(&[(0, WritesToAnother), (5, WeTake), (7, InboxTakes), (8, WeTake)], 9, Some(8))]
#[case::writes_to_us(&[(0, WritesToAnother), (5, WeTake), (6, WeAnswer), (7, Writes), (8, Writes)], 9, Some(7))]
#[case::writes_and_is_released(&[(0, WritesToAnother), (5, WeTake), (6, WeAnswer), (7, Writes), (8, WeRelease)], 9, Some(7))]
#[case::lapsed_from_us(&[(0, WritesToAnother), (5, WeTake)], 5 + DAY, Some(5))]
#[case::lapsed_from_us_and_taken(&[(0, WritesToAnother), (5, WeTake), (6 + DAY, WeTake)], 7 + DAY, Some(5))]
#[case::lapsed_from_us_and_with_the_bot(&[(0, WritesToAnother), (5, WeTake), (6 + DAY, WritesToAnother)], 7 + DAY, None)]
#[case::lapsed_from_the_bot(&[(0, WritesToAnother), (1, BotAnswers)], 2 + DAY, None)]
#[case::lapsed_from_the_bot_and_taken(&[(0, WritesToAnother), (2 + DAY, WeTake)], 3 + DAY, Some(2 + DAY))]
#[case::lapsed_from_the_bot_taken_and_released(
    &[(0, WritesToAnother), (2 + DAY, WeTake), (3 + DAY, WeRelease), (4 + DAY, WeTake)], 5 + DAY, Some(2 + DAY))]
#[case::given_up_by_the_bot(&[(0, WritesToAnother), (1, BotAnswers), (5, MetaSaysNobody)], 9, None)]
#[case::given_up_by_the_bot_and_taken(&[(0, WritesToAnother), (5, MetaSaysNobody), (6, WeTake)], 9, Some(6))]
#[case::given_up_by_us_unheard(&[(0, WritesToAnother), (5, WeTake), (7, MetaSaysNobody)], 9, Some(5))]
#[case::given_up_by_us_unheard_and_taken(&[(0, WritesToAnother), (5, WeTake), (7, MetaSaysNobody), (8, WeTake)], 9, Some(5))]
#[case::ours_unheard(&[(0, WritesToAnother), (5, MetaSaysOurs)], 9, Some(0))]
#[case::ours_before_it_was_told_how(&[(0, WritesToAnother), (5, MetaSaysOurs), (6, BotPassesToUs)], 9, Some(6))]
#[case::ours_unheard_and_released(&[(0, WritesToAnother), (5, MetaSaysOurs), (7, WeRelease), (8, WeTake)], 9, Some(0))]
fn with_a_bot_first(#[case] story: &[Step], #[case] now: i64, #[case] minute: Option<i64>) {
    assert_eq!(since(story, &account(Some(TEABOT)), now), minute);
}

/// Nobody is the default app: what is idle is heard, and may be answered, by all.
#[rstest]
#[case::writes(&[(0, Writes)], 9, Some(0))]
#[case::writes_twice(&[(0, Writes), (3, Writes)], 9, Some(0))]
#[case::writes_and_is_taken(&[(0, Writes), (5, WeTake)], 9, Some(0))]
#[case::taken_and_released(&[(0, Writes), (5, WeTake), (6, WeRelease), (7, WeTake)], 9, Some(0))]
#[case::passed_to_us(&[(0, Writes), (5, BotPassesToUs)], 9, Some(5))]
#[case::with_the_bot(&[(0, Writes), (1, BotTakes)], 9, None)]
#[case::lapsed_from_the_bot(&[(0, Writes), (1, BotTakes)], 2 + DAY, None)]
#[case::lapsed_from_the_bot_and_writes(&[(0, Writes), (1, BotTakes), (2 + DAY, Writes)], 3 + DAY, Some(2 + DAY))]
#[case::lapsed_from_the_bot_writes_and_is_taken(
    &[(0, Writes), (1, BotTakes), (2 + DAY, Writes), (3 + DAY, WeTake)], 4 + DAY, Some(2 + DAY))]
#[case::given_up_by_the_bot(&[(0, Writes), (1, BotTakes), (5, MetaSaysNobody)], 9, None)]
#[case::given_up_by_the_bot_and_writes(&[(0, Writes), (1, BotTakes), (5, MetaSaysNobody), (6, Writes), (7, Writes)], 9, Some(6))]
#[case::lapsed_from_us_and_writes(&[(0, Writes), (1, WeTake), (2 + DAY, Writes)], 3 + DAY, Some(0))]
fn with_no_default_app(#[case] story: &[Step], #[case] now: i64, #[case] minute: Option<i64>) {
    assert_eq!(since(story, &account(None), now), minute);
}

/// We are the default app.
#[rstest]
#[case::writes(&[(0, Writes)], 9, Some(0))]
#[case::released_and_writes(&[(0, Writes), (5, WeRelease), (7, Writes)], 9, Some(0))]
#[case::passed_to_the_bot(&[(0, Writes), (5, WePassToBot)], 9, None)]
#[case::lapsed_from_the_bot(&[(0, Writes), (5, WePassToBot)], 6 + DAY, None)]
#[case::lapsed_from_the_bot_and_writes(&[(0, Writes), (5, WePassToBot), (6 + DAY, Writes)], 7 + DAY, Some(6 + DAY))]
#[case::lapsed_from_us_and_writes(&[(0, Writes), (1 + DAY, Writes)], 2 + DAY, Some(0))]
fn with_us_first(#[case] story: &[Step], #[case] now: i64, #[case] minute: Option<i64>) {
    assert_eq!(since(story, &account(Some(BATON)), now), minute);
}

fn any_act() -> impl Strategy<Value = Does> {
    prop::sample::select(vec![
        Writes,
        WritesToAnother,
        BotAnswers,
        BotPassesToUs,
        BotTakes,
        InboxTakes,
        WeAnswer,
        WeTake,
        WePassToBot,
        WeRelease,
        MetaSaysNobody,
        MetaSaysOurs,
    ])
}

proptest! {
    /// Nobody's wait gets shorter, or ends, by releasing a thread that is ours, or by taking what we released.
    #[test]
    fn to_release_and_take_again_changes_no_wait(
        steps in prop::collection::btree_map(0_i64..3 * DAY, any_act(), 0..15),
        default_app in prop::sample::select(vec![None, Some(BATON), Some(TEABOT)]),
    ) {
        let facts = account(default_app);
        let mut story: Vec<Step> = steps.into_iter().collect();
        let end = 3 * DAY;
        story.push((end, WeTake));
        let before = since(&story, &facts, end + 3);
        story.push((end + 1, WeRelease));
        prop_assert_eq!(since(&story, &facts, end + 3), before);
        story.push((end + 2, WeTake));
        prop_assert_eq!(since(&story, &facts, end + 3), before);
    }
}
