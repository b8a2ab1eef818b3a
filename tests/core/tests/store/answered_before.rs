//! Who waits after history came in: whoever the account did not answer, wherever it answered.

use baton_core::store::{Author, HeardSince};
use baton_messenger::Mid;
use baton_messenger::id::PAGE_INBOX;
use rstest::rstest;

use crate::builders::*;

/// Said in the minutes before the page was read.
const READ: i64 = NINE + HOUR;
const ASKS: (&str, i64, bool, &str) = ("m_1", NINE, true, "Where is my parcel?");
const ANSWER: (&str, i64, bool, &str) = ("m_2", NINE + MINUTE, false, "It is on its way.");
const ASKS_AGAIN: (&str, i64, bool, &str) = ("m_3", NINE + 2 * MINUTE, true, "Since when?");

/// What a page of history told of a thread, newest first, and since when its customer waits.
#[rstest]
#[case::asked(&[ASKS], Some(NINE))]
#[case::asked_and_answered(&[ANSWER, ASKS], None)]
#[case::answered_and_asked_again(&[ASKS_AGAIN, ANSWER, ASKS], Some(NINE + 2 * MINUTE))]
#[case::written_to_first(&[ANSWER], None)]
#[case::answered_in_the_same_second(&[("m_2", NINE, false, "Yes."), ASKS], None)]
#[tokio::test]
async fn the_customer_waits_since(
    #[case] told: &[(&str, i64, bool, &str)],
    #[case] waiting_since_ms: Option<i64>,
) {
    let mut log = Log::connected();
    log.history(MARA, READ, told);
    let row = Desk::with(&log).await.row(MARA, READ).await;
    assert_eq!((row.waiting_since_ms, row.needs_reply), (waiting_since_ms, waiting_since_ms.is_some()));
}

/// A week later nobody waits for an answer to it, answered or not.
#[tokio::test]
async fn what_was_asked_more_than_seven_days_before_it_was_read_makes_nobody_wait() {
    let mut log = Log::connected();
    log.history(MARA, NINE + 7 * 24 * HOUR, &[ASKS]);
    assert!(!Desk::with(&log).await.row(MARA, NINE + 7 * 24 * HOUR).await.needs_reply);
}

/// What the echo of the same answer says of who sent it.
#[rstest]
#[case::a_bot(TEABOT, Author::App(TEABOT.into()), true)]
#[case::metas_inbox(PAGE_INBOX, Author::MetaInbox, false)]
#[case::us(BATON, Author::OtherDesk, false)]
#[tokio::test]
async fn an_echo_decides_whichever_comes_first(
    #[case] app: &str,
    #[case] author: Author,
    #[case] waits: bool,
) {
    let (at_ms, text) = (ANSWER.1 + 300, ANSWER.3);
    let mut history_first = Log::connected();
    history_first.history(MARA, READ, &[ANSWER, ASKS]);
    history_first.echo("messaging", MARA, at_ms, "m_2", app, text);
    let mut echo_first = Log::connected();
    echo_first.echo("messaging", MARA, at_ms, "m_2", app, text);
    echo_first.history(MARA, READ, &[ANSWER, ASKS]);
    for mut log in [history_first, echo_first] {
        // A bot that answers in the list for us holds nothing, so that only the answer speaks here.
        let desk = Desk::with(&log).await;
        let row = desk.row(MARA, READ).await;
        assert_eq!(row.needs_reply, waits, "{row:?}");
        assert_eq!((&row.preview.by, &desk.messages(MARA).await[1].author), (&author, &author));
        // Nor does a page that is read long after, when the thread is looked at again.
        log.history(MARA, READ + HOUR, &[ANSWER, ASKS]);
        desk.store.ingest(&log.entries, log_id()).await.unwrap();
        let row = desk.row(MARA, READ + HOUR).await;
        assert_eq!((&row.preview.by, &desk.messages(MARA).await[1].author), (&author, &author));
    }
}

/// Who waits is one thing; what an agent must have seen, and whose pictures are shown at once, are others.
#[tokio::test]
async fn an_answer_in_history_is_no_word_and_makes_nobody_familiar() {
    let mut log = Log::connected();
    log.history(MARA, READ, &[ANSWER]);
    let desk = Desk::with(&log).await;
    assert_eq!(desk.row(MARA, READ).await.word_seq, 0);
    assert_eq!(desk.messages(MARA).await[0].author, Author::Account);
    let thread = desk.thread_id(MARA).await;
    let opening = desk.store.reading().await.unwrap().is_stranger(thread).await.unwrap();
    assert!(opening, "a bot may have said it");
}

/// What came after the word that an agent has seen, and whether it speaks against the agent's reply.
#[rstest]
#[case::older_history(|log: &mut Log| log.history(MARA, READ, &[ANSWER, ASKS]), HeardSince::Nothing)]
#[case::newer_history(
    |log: &mut Log| log.history(MARA, READ, &[("m_5", NINE + 20 * MINUTE, true, "Hello?"), ANSWER, ASKS]),
    HeardSince::News)]
#[case::a_late_webhook(|log: &mut Log| log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?"), HeardSince::News)]
#[case::a_bot(|log: &mut Log| log.echo("messaging", MARA, READ, "m_6", TEABOT, "Hi!"), HeardSince::Nothing)]
#[case::metas_inbox(|log: &mut Log| log.echo("messaging", MARA, READ, "m_6", PAGE_INBOX, "Hi!"), HeardSince::News)]
#[tokio::test]
async fn after_an_agent_looked(#[case] comes: fn(&mut Log) -> u64, #[case] heard: HeardSince) {
    let mut log = Log::connected();
    let seen = log.says("messaging", MARA, NINE + 10 * MINUTE, "m_4", "Is it red?");
    let now = comes(&mut log);
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let heard_by = async |now| desk.store.heard_since(thread, &tea(), seen, now, &[].into()).await.unwrap();
    assert_eq!(heard_by(now).await, heard);
    // What is not here yet may be anything.
    assert_eq!(heard_by(now + 1).await, HeardSince::NotKnown);
}

/// What an agent had read from Meta itself before the log brought it is no news to them; the message beside it is.
#[rstest]
#[case::all_of_it(&["m_5", "m_6"], HeardSince::Nothing)]
#[case::one_of_two(&["m_5"], HeardSince::News)]
#[case::another(&["m_7"], HeardSince::News)]
#[tokio::test]
async fn after_an_agent_had_read(#[case] read: &[&str], #[case] heard: HeardSince) {
    let mut log = Log::connected();
    let seen = log.says("messaging", MARA, NINE, "m_4", "Is it red?");
    log.says("messaging", MARA, NINE + MINUTE, "m_5", "Or blue?");
    let now = log.says("messaging", MARA, NINE + 2 * MINUTE, "m_6", "Hello?");
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let read = read.iter().map(|mid| Mid::from(*mid)).collect();
    assert_eq!(desk.store.heard_since(thread, &tea(), seen, now, &read).await.unwrap(), heard);
}
