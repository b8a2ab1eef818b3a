//! What customers and apps say is there, once, in order, with who said it.

use baton_core::store::{Author, Delivery, MessageKind, PreviewKind};
use baton_messenger::id::{AppId, PAGE_INBOX};
use baton_protocol::snapshot::ReadMark;
use serde_json::json;

use crate::builders::*;

#[tokio::test]
async fn a_customer_writes_and_the_bot_answers() {
    let mut log = Log::connected();
    log.says("standby", MARA, NINE, "m_1", "Where is my parcel?");
    log.echo("standby", MARA, NINE + 2_000, "m_2", TEABOT, "Let me look that up.");
    let desk = Desk::with(&log).await;

    let messages = desk.messages(MARA).await;
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0].author, Author::Customer);
    assert_eq!(messages[0].text.as_deref(), Some("Where is my parcel?"));
    assert!(messages[0].standby);
    assert_eq!(messages[0].delivery, None);
    assert_eq!(messages[1].author, Author::App(AppId::from(TEABOT)));
    assert_eq!(messages[1].delivery, Some(Delivery::Sent));

    let row = desk.row(MARA, NINE + HOUR).await;
    assert_eq!(row.preview.text, "Let me look that up.");
    assert_eq!(row.preview.by, Author::App(AppId::from(TEABOT)));
    assert_eq!(row.last_at_ms, NINE + 2_000);
    assert_eq!(row.last_opening_ms, Some(NINE));
    assert_eq!(row.account_name, "Northwind Tea");
    assert_eq!(row.unread, 1);
}

#[tokio::test]
async fn what_arrives_twice_is_there_once() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    let again = desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.texts(MARA).await, ["Hello"]);
    assert!(again.new_inbound.is_empty());
}

#[tokio::test]
async fn a_batch_says_what_is_new() {
    let mut log = Log::connected();
    log.says("messaging", WEBER, NINE + MINUTE, "m_2", "And green tea?");
    log.says("standby", MARA, NINE, "m_1", "Hello");
    log.echo_of_part(WEBER, NINE + 2 * MINUTE, "m_3", part(1), "Yes.");
    let desk = Desk::new().await;
    let changes = desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(changes.threads.into_iter().collect::<Vec<_>>(), [key(MARA), key(WEBER)]);
    let texts: Vec<_> =
        changes.new_inbound.iter().map(|new| (new.text.clone().unwrap(), new.standby)).collect();
    assert_eq!(texts, [("Hello".to_owned(), true), ("And green tea?".to_owned(), false)]);
    assert_eq!(changes.parts_proved, [(part(1), "m_3".into())]);
    assert!(changes.accounts.contains(&tea()));
}

#[tokio::test]
async fn delivered_and_seen_reach_what_was_sent_before() {
    let mut log = Log::connected();
    for (at_ms, mid) in [(NINE, "m_1"), (NINE + MINUTE, "m_2"), (NINE + 2 * MINUTE, "m_3")] {
        log.echo("messaging", MARA, at_ms, mid, BATON, "text");
    }
    let receipt = |kind: &str, watermark: i64| json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": watermark + 50, kind: {"watermark": watermark}});
    log.event("messaging", NINE + 3 * MINUTE, &receipt("delivery", NINE + MINUTE));
    log.event("messaging", NINE + 3 * MINUTE, &receipt("read", NINE));
    let desk = Desk::with(&log).await;
    let states: Vec<_> = desk.messages(MARA).await.iter().map(|message| message.delivery.unwrap()).collect();
    assert_eq!(states, [Delivery::Seen, Delivery::Delivered, Delivery::Sent]);
}

#[tokio::test]
async fn on_instagram_seen_names_a_message_and_may_come_before_it() {
    let mut log = Log::connected();
    let seen = json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + HOUR, "read": {"mid": "m_2"}});
    log.event_of("instagram", TEA, "messaging", NINE + HOUR, &seen);
    let desk = Desk::with(&log).await;
    let before = log.entries.len();
    for (at_ms, mid) in [(NINE, "m_1"), (NINE + MINUTE, "m_2"), (NINE + 2 * MINUTE, "m_3")] {
        log.echo("messaging", MARA, at_ms, mid, BATON, "text");
    }
    desk.store.ingest(&log.entries[before..], log_id()).await.unwrap();
    let states: Vec<_> = desk.messages(MARA).await.iter().map(|message| message.delivery.unwrap()).collect();
    assert_eq!(states, [Delivery::Seen, Delivery::Seen, Delivery::Sent]);
}

#[tokio::test]
async fn edits_reactions_buttons_and_answers_are_shown_where_they_belong() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Do you have senhca?");
    let frame = |at_ms: i64, name: &str, body: serde_json::Value| json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": at_ms, name: body});
    let edit = json!({"mid": "m_1", "text": "Do you have sencha?", "num_edit": 1});
    log.event("messaging", NINE + 1_000, &frame(NINE + 1_000, "message_edit", edit));
    log.echo("messaging", MARA, NINE + 2_000, "m_2", BATON, "We do.");
    let love = json!({"mid": "m_2", "action": "react", "reaction": "love", "emoji": "❤"});
    log.event("messaging", NINE + 3_000, &frame(NINE + 3_000, "reaction", love));
    let press = json!({"mid": "m_3", "title": "Order now", "payload": "ORDER"});
    log.event("messaging", NINE + 4_000, &frame(NINE + 4_000, "postback", press));
    let answer = json!({"mid": "m_4", "text": "That one", "reply_to": {"mid": "m_2"}});
    log.event("messaging", NINE + 5_000, &frame(NINE + 5_000, "message", answer));
    let desk = Desk::with(&log).await;

    let messages = desk.messages(MARA).await;
    assert_eq!(messages[0].text.as_deref(), Some("Do you have sencha?"));
    assert!(messages[0].edited);
    assert_eq!(messages[1].reactions[0].emoji, "❤");
    assert_eq!(messages[2].kind, MessageKind::Postback);
    assert_eq!(messages[2].text.as_deref(), Some("Order now"));
    let quote = messages[3].reply_to.as_ref().unwrap();
    assert_eq!(quote.original.as_ref().unwrap().text.as_deref(), Some("We do."));
}

#[tokio::test]
async fn something_unknown_is_kept_and_shown_as_such() {
    let mut log = Log::connected();
    let event = json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE, "hologram": {"depth": 3}});
    log.event("messaging", NINE, &event);
    let desk = Desk::with(&log).await;
    let messages = desk.messages(MARA).await;
    assert_eq!(messages.len(), 1);
    assert_eq!((messages[0].kind, messages[0].author.clone()), (MessageKind::Unknown, Author::Customer));
    assert_eq!(desk.row(MARA, NINE).await.preview.kind, PreviewKind::Unknown);
}

#[tokio::test]
async fn replies_from_metas_inbox_and_from_nowhere_say_so() {
    let mut log = Log::connected();
    log.echo("standby", MARA, NINE, "m_1", PAGE_INBOX, "Hello from the office");
    let event = json!({
        "sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": NINE + 1,
        "message": {"mid": "m_2", "is_echo": true, "text": "We are away"},
    });
    log.event("standby", NINE + 1, &event);
    log.echo("messaging", MARA, NINE + 2, "m_3", BATON, "From an old desk");
    let desk = Desk::with(&log).await;
    let authors: Vec<_> = desk.messages(MARA).await.into_iter().map(|message| message.author).collect();
    assert_eq!(authors, [Author::MetaInbox, Author::Account, Author::OtherDesk]);
}

#[tokio::test]
async fn history_fills_in_and_webhooks_win_over_it() {
    let mut log = Log::connected();
    let second = NINE + MINUTE;
    let before = NINE - HOUR;
    log.history(
        MARA,
        NINE + HOUR,
        &[
            ("m_3", second, false, "third"),
            ("m_2", second, true, "second"),
            ("m_1", second, true, "first"),
            ("m_0", before, true, "before the account was connected"),
        ],
    );
    log.says("messaging", MARA, second + 400, "m_2", "second, as it was sent");
    let desk = Desk::with(&log).await;
    let messages = desk.messages(MARA).await;
    let texts: Vec<_> = messages.iter().map(|message| message.text.clone().unwrap()).collect();
    assert_eq!(texts, ["before the account was connected", "first", "third", "second, as it was sent"]);
    assert!(!messages[0].found_late, "its notice could not have come");
    assert!(messages[1].found_late);
    assert!(!messages[3].found_late);
    assert_eq!(desk.row(MARA, NINE).await.customer_name.as_deref(), Some("Mara Lindt"));
}

#[tokio::test]
async fn old_history_makes_nobody_wait() {
    let mut log = Log::connected();
    log.history(MARA, NINE + 8 * 24 * HOUR, &[("m_1", NINE, true, "an old question")]);
    let desk = Desk::with(&log).await;
    let row = desk.row(MARA, NINE + 9 * 24 * HOUR).await;
    assert_eq!((row.unread, row.waiting_since_ms, row.word_seq), (0, None, 0));
    assert_eq!(desk.texts(MARA).await, ["an old question"]);
}

/// Mara's thread of two days before the account was connected, which somebody answered then.
fn answered_before() -> Log {
    let mut log = Log::connected();
    let then = NINE - 48 * HOUR;
    log.history(
        MARA,
        NINE + HOUR,
        &[("m_2", then + HOUR, false, "It is on its way."), ("m_1", then, true, "Where is my parcel?")],
    );
    log
}

async fn unread(desk: &Desk) -> (u32, Option<String>) {
    let mut reading = desk.store.reading().await.unwrap();
    let begins = reading.first_unread(desk.thread_id(MARA).await).await.unwrap();
    (desk.row(MARA, NINE + 9 * HOUR).await.unread, begins.map(|begins| begins.key))
}

#[tokio::test]
async fn what_was_said_before_the_account_was_connected_is_not_unread() {
    let mut log = answered_before();
    let desk = Desk::with(&log).await;
    assert_eq!(unread(&desk).await, (0, None));
    // What comes since is, and so is what only history tells of it.
    log.history(MARA, NINE + 3 * HOUR, &[("m_3", NINE + 2 * HOUR, true, "It did not come.")]);
    log.says("messaging", MARA, NINE + 4 * HOUR, "m_4", "Hello?");
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(unread(&desk).await, (2, Some("m_3".to_owned())));
}

#[tokio::test]
async fn history_that_is_read_after_a_thread_was_read_makes_nothing_of_it_unread() {
    let mut log = Log::connected();
    let said = log.says("messaging", MARA, NINE + HOUR, "m_9", "Hello");
    let desk = Desk::with(&log).await;
    let mark = |read_seq| ReadMark { account: tea(), customer: MARA.into(), read_seq };
    desk.store.set_read_mark(&mark(said)).await.unwrap();
    // Something else of the log comes between.
    log.says("messaging", WEBER, NINE + HOUR, "w_1", "Hello");
    let read = log.history(MARA, NINE + 2 * HOUR, &[("m_1", NINE - 48 * HOUR, true, "Where is it?")]);
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(unread(&desk).await, (0, None));
    // By hand it is marked unread from its newest word on, whatever that is.
    desk.store.set_read_mark(&mark(read - 1)).await.unwrap();
    assert_eq!(unread(&desk).await, (1, Some("m_1".to_owned())));
}

#[tokio::test]
async fn history_before_the_connection_is_not_unread_in_whatever_order_they_come() {
    let mut entries = answered_before().entries;
    entries.reverse();
    let desk = Desk::new().await;
    for entry in &entries {
        desk.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(unread(&desk).await, (0, None));
}

#[tokio::test]
async fn a_long_thread_is_read_in_pages() {
    let mut log = Log::connected();
    for number in 0..25_i64 {
        log.says("messaging", MARA, NINE + number / 2, &format!("m_{number:02}"), &number.to_string());
    }
    let desk = Desk::with(&log).await;
    let thread = desk.thread_id(MARA).await;
    let mut before = None;
    let mut seen: Vec<String> = Vec::new();
    loop {
        let page = desk.store.messages(thread, before.as_ref(), 10).await.unwrap();
        let Some(oldest) = page.first() else { break };
        before = Some(oldest.place.clone());
        let texts = page.into_iter().map(|message| message.text.unwrap());
        seen = texts.chain(seen).collect();
    }
    assert_eq!(seen, (0..25).map(|number| number.to_string()).collect::<Vec<_>>());
}
