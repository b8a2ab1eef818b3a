//! Stories of one thread, and a plain model that the fold is held to.

mod model;

use baton_messenger::id::{AppId, PAGE_INBOX};
use baton_protocol::account::RoutingMode;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::evidence::{Act, Evidence, Heard, sorted};

const BATON: &str = "700100200300400";
const TEABOT: &str = "700555666777888";
const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NINE: i64 = 1_791_190_800_000;

/// Northwind Tea: routing on, Teabot answers first.
fn tea() -> AccountFacts {
    AccountFacts {
        our_app: Some(AppId::from(BATON)),
        routing: RoutingMode::On,
        default_app: Some(AppId::from(TEABOT)),
        ..AccountFacts::default()
    }
}

fn teabot() -> Owner {
    Owner::Other { app: Some(AppId::from(TEABOT)) }
}

fn at(at_ms: i64, act: Act) -> Evidence {
    Evidence { at_ms, tie: format!("{at_ms}"), act }
}

fn wrote(at_ms: i64, heard: Heard) -> Evidence {
    at(at_ms, Act::CustomerWrote { heard })
}

fn answered(at_ms: i64, app: &str, heard: Heard) -> Evidence {
    at(at_ms, Act::AppAnswered { app: Some(AppId::from(app)), heard })
}

fn passed(at_ms: i64, to: &str) -> Evidence {
    at(at_ms, Act::Passed { from: None, to: Some(AppId::from(to)), note: None })
}

fn taken(at_ms: i64, by: &str) -> Evidence {
    at(at_ms, Act::Taken { from: None, to: Some(AppId::from(by)), note: None })
}

fn learned(at_ms: i64, seen: OwnerSeen, source: OwnerSource, until_ms: Option<i64>) -> Evidence {
    at(at_ms, Act::Learned { seen, source, until_ms, note: None, by: None, when_done: false })
}

fn owner(evidence: &[Evidence], facts: &AccountFacts, now_ms: i64) -> OwnerState {
    fold_owner(&sorted(evidence.to_vec()), facts, now_ms).0
}

#[rstest]
#[case::nothing_known(vec![], Owner::Unknown)]
#[case::bot_first(vec![wrote(0, Heard::Standby)], teabot())]
#[case::heard_by_us(vec![wrote(0, Heard::Messaging)], Owner::Ours)]
#[case::bot_passes(vec![wrote(0, Heard::Standby), passed(1, BATON)], Owner::Ours)]
#[case::inbox_takes(vec![passed(0, BATON), taken(1, PAGE_INBOX)], Owner::MetaInbox)]
#[case::inbox_answers_unheard(vec![passed(0, BATON), answered(1, PAGE_INBOX, Heard::Standby)], Owner::MetaInbox)]
#[case::bot_answers_in_standby(vec![passed(0, BATON), answered(1, TEABOT, Heard::Standby)], teabot())]
#[case::bot_answers_while_idle(
    vec![learned(0, OwnerSeen::Idle, OwnerSource::Released, None), answered(1, TEABOT, Heard::Messaging)], Owner::Idle)]
#[case::taken_in_silence(vec![passed(0, BATON), wrote(1, Heard::Standby)], Owner::Other { app: None })]
#[case::pass_to_nobody_named(
    vec![passed(0, BATON), at(1, Act::Passed { from: None, to: None, note: None })], Owner::Unknown)]
#[case::request_moves_nothing(vec![passed(0, BATON), at(1, Act::Requested { by: None, note: None })], Owner::Ours)]
#[case::we_took(vec![wrote(0, Heard::Standby), learned(1, OwnerSeen::Ours, OwnerSource::Took, None)], Owner::Ours)]
#[case::we_released(vec![passed(0, BATON), learned(1, OwnerSeen::Idle, OwnerSource::Released, None)], Owner::Idle)]
#[case::refused_send(
    vec![passed(0, BATON), learned(1, OwnerSeen::Other { app: None }, OwnerSource::SendRefused, None)],
    Owner::Other { app: None })]
#[case::refused_while_idle_says_nothing_new(
    vec![learned(0, OwnerSeen::Idle, OwnerSource::Released, None),
         learned(1, OwnerSeen::Other { app: None }, OwnerSource::SendRefused, None)],
    Owner::Idle)]
#[case::refused_by_a_named_app(
    vec![passed(0, BATON), learned(1, OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::SendRefused, None)],
    teabot())]
#[case::refused_by_a_known_owner_keeps_the_name(
    vec![wrote(0, Heard::Standby), learned(1, OwnerSeen::Other { app: None }, OwnerSource::SendRefused, None)], teabot())]
#[case::our_send_was_accepted(vec![wrote(0, Heard::Standby), answered(1, BATON, Heard::Messaging)], Owner::Ours)]
#[case::not_ours_says_graph(
    vec![wrote(0, Heard::Standby), learned(1, OwnerSeen::Other { app: None }, OwnerSource::IsOwner, None)], teabot())]
fn the_owner_after(#[case] evidence: Vec<Evidence>, #[case] expected: Owner) {
    assert_eq!(owner(&evidence, &tea(), 10).owner, expected);
}

#[rstest]
#[case::after_the_pass(vec![passed(NINE, BATON)], NINE + DAY)]
#[case::after_the_customer(vec![passed(NINE, BATON), wrote(NINE + HOUR, Heard::Messaging)], NINE + HOUR + DAY)]
#[case::after_a_later_take(
    vec![wrote(NINE, Heard::Standby), learned(NINE + HOUR, OwnerSeen::Ours, OwnerSource::Took, None)], NINE + HOUR + DAY)]
#[case::by_an_extension(
    vec![passed(NINE, BATON), learned(NINE + HOUR, OwnerSeen::Ours, OwnerSource::Extended, Some(NINE + 7 * DAY))],
    NINE + 7 * DAY)]
#[case::a_message_never_shortens_an_extension(
    vec![passed(NINE, BATON), learned(NINE + HOUR, OwnerSeen::Ours, OwnerSource::Extended, Some(NINE + 7 * DAY)),
         wrote(NINE + 2 * HOUR, Heard::Messaging)],
    NINE + 7 * DAY)]
#[case::as_graph_says(
    vec![passed(NINE, BATON), learned(NINE + HOUR, OwnerSeen::Ours, OwnerSource::ThreadOwner, Some(NINE + 5 * HOUR))],
    NINE + 5 * HOUR)]
#[case::an_answer_prolongs_nothing(vec![passed(NINE, BATON), answered(NINE + HOUR, BATON, Heard::Messaging)], NINE + DAY)]
fn control_lapses(#[case] evidence: Vec<Evidence>, #[case] at_ms: i64) {
    let before = owner(&evidence, &tea(), at_ms - 1);
    assert_eq!((before.owner, before.until_ms), (Owner::Ours, Some(at_ms)));
    let after = owner(&evidence, &tea(), at_ms);
    assert_eq!((after.owner, after.since_ms, after.by), (Owner::Idle, Some(at_ms), Cause::Lapsed));
    assert!(!after.away);
}

#[test]
fn after_a_lapse_a_customer_who_writes_meets_the_default_app() {
    let evidence = [passed(NINE, BATON), wrote(NINE + 30 * HOUR, Heard::Standby)];
    let (state, lines) = fold_owner(&evidence, &tea(), NINE + 31 * HOUR);
    assert_eq!(state.owner, teabot());
    let told: Vec<_> = lines.iter().map(|line| (line.at_ms, line.cause)).collect();
    assert_eq!(
        told,
        [(NINE, Cause::Passed), (NINE + DAY, Cause::Lapsed), (NINE + 30 * HOUR, Cause::CustomerWrote)]
    );
}

#[test]
fn without_a_default_app_an_idle_thread_stays_idle() {
    let facts = AccountFacts { default_app: None, ..tea() };
    let evidence = [passed(NINE, BATON), wrote(NINE + 30 * HOUR, Heard::Messaging)];
    assert_eq!(owner(&evidence, &facts, NINE + 31 * HOUR).owner, Owner::Idle);
}

#[test]
fn when_we_are_the_default_app_a_customer_who_writes_makes_it_ours() {
    let facts = AccountFacts { default_app: Some(AppId::from(BATON)), ..tea() };
    let evidence =
        [learned(NINE, OwnerSeen::Idle, OwnerSource::Released, None), wrote(NINE + HOUR, Heard::Messaging)];
    let state = owner(&evidence, &facts, NINE + 2 * HOUR);
    assert_eq!((state.owner, state.by), (Owner::Ours, Cause::CustomerWrote));
}

#[test]
fn in_the_old_protocol_what_nobody_holds_is_the_primary_receivers_whomever_threads_are_passed_to() {
    let old = AccountFacts { routing: RoutingMode::HopV2, ..tea() };
    let first = AccountFacts { role: Some(AppRole::PrimaryReceiver), ..old.clone() };
    let passed_on = [
        wrote(NINE, Heard::Messaging),
        learned(NINE + HOUR, OwnerSeen::Other { app: Some(TEABOT.into()) }, OwnerSource::Passed, None),
    ];
    assert_eq!(owner(&passed_on[..1], &first, NINE + 1).owner, Owner::Ours);
    assert_eq!(owner(&passed_on, &first, NINE + 2 * HOUR).owner, teabot());
    let later = [passed_on.as_slice(), &[wrote(NINE + 40 * HOUR, Heard::Messaging)]].concat();
    assert_eq!(owner(&later, &first, NINE + 41 * HOUR).owner, Owner::Ours);

    let another = AccountFacts { role: Some(AppRole::SecondaryReceiver), default_app: None, ..old };
    let standby = [wrote(NINE, Heard::Standby)];
    assert_eq!(owner(&standby, &another, NINE + 1).owner, Owner::Other { app: None });
}

fn no_routing() -> AccountFacts {
    AccountFacts { routing: RoutingMode::Off, ..tea() }
}

#[test]
fn with_routing_off_answers_own_nothing_and_nothing_expires() {
    let evidence = [
        wrote(NINE, Heard::Messaging),
        answered(NINE + 1, TEABOT, Heard::Messaging),
        answered(NINE + 2, PAGE_INBOX, Heard::Messaging),
        answered(NINE + 3, BATON, Heard::Messaging),
    ];
    let state = owner(&evidence, &no_routing(), NINE + 1_000 * HOUR);
    assert_eq!((state.owner, state.until_ms, state.by), (Owner::Unmanaged, None, Cause::RoutingOff));
}

/// An app that was given the thread there keeps the others out (docs/meta.md 5.2).
#[rstest]
#[case::passed_to_us(vec![passed(NINE, BATON)], Owner::Ours)]
#[case::we_passed_it(
    vec![passed(NINE, BATON), learned(NINE + 1, OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::Passed, None)],
    teabot())]
#[case::heard_in_standby(vec![wrote(NINE, Heard::Standby)], Owner::Other { app: None })]
#[case::it_answers_in_standby(vec![answered(NINE, TEABOT, Heard::Standby)], teabot())]
#[case::a_reply_was_refused(
    vec![wrote(NINE, Heard::Messaging), learned(NINE + 1, OwnerSeen::Other { app: None }, OwnerSource::SendRefused, None)],
    Owner::Other { app: None })]
#[case::given_up(vec![passed(NINE, BATON), learned(NINE + 1, OwnerSeen::Idle, OwnerSource::Released, None)], Owner::Unmanaged)]
#[case::meta_says_nobody(
    vec![wrote(NINE, Heard::Standby), learned(NINE + 1, OwnerSeen::Idle, OwnerSource::ThreadOwner, None)], Owner::Unmanaged)]
#[case::heard_by_all_again(vec![wrote(NINE, Heard::Standby), wrote(NINE + HOUR, Heard::Messaging)], Owner::Unmanaged)]
#[case::others_are_heard_by_all_again(
    vec![wrote(NINE, Heard::Standby), answered(NINE + HOUR, TEABOT, Heard::Messaging)], Owner::Unmanaged)]
#[case::our_reply_left(vec![wrote(NINE, Heard::Standby), answered(NINE + HOUR, BATON, Heard::Messaging)], Owner::Unmanaged)]
fn with_routing_off_an_app_may_be_given_a_thread(#[case] evidence: Vec<Evidence>, #[case] expected: Owner) {
    assert_eq!(owner(&evidence, &no_routing(), NINE + 2 * HOUR).owner, expected);
    assert_eq!(owner(&evidence, &no_routing(), NINE + 30 * HOUR).owner, Owner::Unmanaged, "it lapses");
}

/// Meta tells the time of an act of ours in whole seconds, so that a word from just before it may look later.
#[rstest]
#[case::the_bots_last_answer(
    vec![wrote(NINE, Heard::Standby), learned(NINE + 5_000, OwnerSeen::Ours, OwnerSource::Took, None),
         answered(NINE + 5_700, TEABOT, Heard::Standby)],
    Owner::Ours)]
#[case::the_customers_last_word_to_the_bot(
    vec![wrote(NINE, Heard::Standby), learned(NINE + 5_000, OwnerSeen::Ours, OwnerSource::Took, None),
         wrote(NINE + 5_700, Heard::Standby)],
    Owner::Ours)]
#[case::the_bots_good_bye_after_meta_was_asked(
    vec![wrote(NINE, Heard::Standby), learned(NINE + 5_000, OwnerSeen::Ours, OwnerSource::ThreadOwner, None),
         answered(NINE + 5_700, TEABOT, Heard::Standby), passed(NINE + 5_800, BATON)],
    Owner::Ours)]
#[case::our_own_last_answer(
    vec![passed(NINE, BATON), learned(NINE + 5_000, OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::Passed, None),
         answered(NINE + 5_700, BATON, Heard::Messaging)],
    teabot())]
#[case::much_later_it_says_that_somebody_took_it(
    vec![wrote(NINE, Heard::Standby), learned(NINE + 5_000, OwnerSeen::Ours, OwnerSource::Took, None),
         answered(NINE + 9_000, TEABOT, Heard::Standby)],
    teabot())]
fn words_from_just_before_an_act_do_not_undo_it(#[case] evidence: Vec<Evidence>, #[case] expected: Owner) {
    assert_eq!(owner(&evidence, &tea(), NINE + HOUR).owner, expected);
}

#[test]
fn in_one_millisecond_the_pass_counts_after_the_answer() {
    // A bot says good-bye and passes: both carry the same time, and their keys sort the other way.
    let bye = Evidence { tie: "z".to_owned(), ..answered(NINE, TEABOT, Heard::Standby) };
    let pass = Evidence { tie: "a".to_owned(), ..passed(NINE, BATON) };
    assert_eq!(owner(&[pass, bye], &tea(), NINE).owner, Owner::Ours);
}

fn act() -> impl Strategy<Value = Act> {
    let app = prop_oneof![Just(Some(BATON)), Just(Some(TEABOT)), Just(Some(PAGE_INBOX)), Just(None)]
        .prop_map(|app| app.map(AppId::from));
    let heard = prop_oneof![Just(Heard::Messaging), Just(Heard::Standby)];
    let seen = prop_oneof![
        Just(OwnerSeen::Ours),
        Just(OwnerSeen::Idle),
        app.clone().prop_map(|app| OwnerSeen::Other { app })
    ];
    let source = prop_oneof![
        Just(OwnerSource::Took),
        Just(OwnerSource::Passed),
        Just(OwnerSource::Released),
        Just(OwnerSource::Extended),
        Just(OwnerSource::ThreadOwner),
        Just(OwnerSource::IsOwner),
        Just(OwnerSource::SendRefused),
        Just(OwnerSource::SendAccepted),
    ];
    prop_oneof![
        heard.clone().prop_map(|heard| Act::CustomerWrote { heard }),
        (app.clone(), heard).prop_map(|(app, heard)| Act::AppAnswered { app, heard }),
        app.clone().prop_map(|to| Act::Passed { from: None, to, note: None }),
        app.prop_map(|to| Act::Taken { from: None, to, note: None }),
        (seen, source, prop::option::of(NINE..NINE + 9 * DAY)).prop_map(|(seen, source, until_ms)| {
            Act::Learned {
                seen: told_with(source, seen),
                source,
                until_ms,
                note: None,
                by: None,
                when_done: false,
            }
        }),
    ]
}

/// What a desk tells of its own acts is what they do.
fn told_with(source: OwnerSource, seen: OwnerSeen) -> OwnerSeen {
    match (source, seen) {
        (OwnerSource::Took | OwnerSource::Extended, _) => OwnerSeen::Ours,
        (OwnerSource::Passed, OwnerSeen::Ours | OwnerSeen::Idle) => OwnerSeen::Other { app: None },
        (OwnerSource::Released, _) => OwnerSeen::Idle,
        (_, seen) => seen,
    }
}

fn evidence() -> impl Strategy<Value = Vec<Evidence>> {
    let times = prop_oneof![
        NINE..NINE + 5 * DAY,
        (0_i64..100).prop_map(|hour| NINE + hour * HOUR),
        NINE + HOUR..NINE + HOUR + 8_000,
    ];
    prop::collection::vec((times, 0_u8..3, act()), 0..25).prop_map(|pieces| {
        pieces.into_iter().map(|(at_ms, tie, act)| Evidence { at_ms, tie: tie.to_string(), act }).collect()
    })
}

fn accounts() -> impl Strategy<Value = AccountFacts> {
    let default_app = prop_oneof![Just(None), Just(Some(BATON)), Just(Some(TEABOT))];
    let routing = prop_oneof![4 => Just(RoutingMode::On), 1 => Just(RoutingMode::Off), 1 => Just(RoutingMode::Unknown),
            2 => Just(RoutingMode::HopV2)];
    let role =
        prop_oneof![Just(None), Just(Some(AppRole::PrimaryReceiver)), Just(Some(AppRole::SecondaryReceiver))];
    (default_app, routing, role).prop_map(|(default_app, routing, role)| AccountFacts {
        default_app: default_app.map(AppId::from),
        routing,
        role,
        ..tea()
    })
}

proptest! {
    #[test]
    fn order_of_arrival_and_repeats_do_not_matter(
        (one, other) in evidence().prop_flat_map(|one| {
            let twice: Vec<Evidence> = one.iter().chain(&one).cloned().collect();
            (Just(one), Just(twice).prop_shuffle())
        }),
        facts in accounts(),
        later in 0..10 * DAY,
    ) {
        let now_ms = NINE + later;
        // Two different acts with one key at one moment do not exist; sorting settles what the generator makes of it.
        prop_assume!(distinct(&one));
        prop_assert_eq!(fold_owner(&sorted(one), &facts, now_ms), fold_owner(&sorted(other), &facts, now_ms));
    }

    #[test]
    fn the_fold_says_what_the_plain_rules_say(one in evidence(), facts in accounts(), later in 0..10 * DAY) {
        prop_assume!(distinct(&one));
        let one = sorted(one);
        let state = fold_owner(&one, &facts, NINE + later).0;
        let plain = model::owner(&one, &facts, NINE + later);
        prop_assert_eq!((state.owner, state.until_ms), plain);
    }

    #[test]
    fn lines_join_without_a_gap_and_end_where_the_state_is(one in evidence(), facts in accounts(), later in 0..10 * DAY) {
        prop_assume!(distinct(&one));
        let (state, lines) = fold_owner(&sorted(one), &facts, NINE + later);
        for pair in lines.windows(2) {
            prop_assert_eq!(&pair[0].to, &pair[1].from);
        }
        if let Some(last) = lines.last() {
            prop_assert_eq!(&last.to, &state.owner);
        }
    }
}

fn distinct(evidence: &[Evidence]) -> bool {
    let mut keys: Vec<_> = evidence.iter().map(|piece| (piece.at_ms, piece.act.rank(), &piece.tie)).collect();
    keys.sort();
    keys.windows(2).all(|pair| pair[0] != pair[1])
}
