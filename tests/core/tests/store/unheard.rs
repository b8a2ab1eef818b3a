//! Whom a reply answers whose echo never comes: only the team's facts tell of it.

use baton_core::store::Store;
use baton_protocol::entry::EntryKind;
use baton_protocol::team::Settlement;
use rstest::rstest;

use crate::builders::*;

const GRANTED: i64 = NINE + HOUR;
const READ: i64 = NINE + 2 * HOUR;

/// Ines' reply is let go at [`GRANTED`] and Meta has it.
fn replies(log: &mut Log) {
    let sent = Settlement::Sent { mid: "m_answer".into(), at_ms: None };
    let started = started(part(1), (ines(), desk_of_ines()), "It leaves today.", false);
    let settled = settled(part(1), desk_of_ines(), sent);
    for (key, fact) in [("team:started", started), ("team:settled", settled)] {
        log.push(EntryKind::Team, key.to_owned(), GRANTED, &serde_json::to_value(fact).unwrap());
    }
}

fn writes(log: &mut Log, at_ms: i64) {
    log.says("messaging", MARA, at_ms, &format!("m_{at_ms}"), "Anybody?");
}

/// History brings a word whose webhook was lost.
fn is_found(log: &mut Log, at_ms: i64) {
    log.history(MARA, READ, &[("m_lost", at_ms, true, "My order?")]);
}

#[rstest]
#[case::what_stood_before(|_: &mut Log| {}, |_: &mut Log| {}, None)]
#[case::no_word_after(|_: &mut Log| {}, |log: &mut Log| writes(log, GRANTED + MINUTE), Some(GRANTED + MINUTE))]
#[case::no_word_that_crossed_it(
    |_: &mut Log| {}, |log: &mut Log| writes(log, GRANTED - 1_000), Some(GRANTED - 1_000))]
#[case::the_first_of_two_after(
    |_: &mut Log| {},
    |log: &mut Log| { writes(log, GRANTED + 2 * MINUTE); writes(log, GRANTED + MINUTE); },
    Some(GRANTED + MINUTE))]
#[case::a_word_by_a_clock_ahead_that_stood_before(
    |log: &mut Log| writes(log, GRANTED + MINUTE), |_: &mut Log| {}, None)]
#[case::what_is_found_later_and_was_written_before(
    |_: &mut Log| {}, |log: &mut Log| is_found(log, NINE + 5 * MINUTE), None)]
#[case::nothing_found_that_was_written_since(
    |_: &mut Log| {}, |log: &mut Log| is_found(log, GRANTED + 30 * MINUTE), Some(GRANTED + 30 * MINUTE))]
#[case::what_is_found_before_and_no_word_after(
    |_: &mut Log| {},
    |log: &mut Log| { is_found(log, NINE + 5 * MINUTE); writes(log, GRANTED + MINUTE); },
    Some(GRANTED + MINUTE))]
#[tokio::test]
async fn a_reply_that_nobody_heard_of_answers(
    #[case] before: fn(&mut Log),
    #[case] after: fn(&mut Log),
    #[case] since_ms: Option<i64>,
) {
    let mut log = Log::connected();
    writes(&mut log, NINE);
    log.pass(MARA, NINE + 10 * MINUTE, Some(TEABOT), BATON, "asks for a person");
    before(&mut log);
    replies(&mut log);
    after(&mut log);
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, READ).await.waiting_since_ms, since_ms);

    // However it comes.
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("desk.db")).await.unwrap();
    for entry in log.entries.iter().rev() {
        store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    let thread = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    assert_eq!(store.thread(thread, READ).await.unwrap().waiting_since_ms, since_ms);
}
