//! A reply that somebody's word crossed on its way says whose: the relay had let it go when the word came, and had not heard
//! how it ended.

use baton_core::store::Author;
use baton_messenger::id::PAGE_INBOX;
use baton_protocol::team::Settlement;
use baton_protocol::{AgentId, DeskId, PartId};
use rstest::rstest;
use uuid::Uuid;

use crate::builders::*;

const REPLY: &str = "It leaves today.";

fn desk_of_jonas() -> DeskId {
    DeskId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0012))
}

fn grants_to(log: &mut Log, number: u128, sender: (AgentId, DeskId), unchecked: bool) {
    log.team(&started(part(number), sender, REPLY, unchecked));
}

fn grants(log: &mut Log, number: u128) {
    grants_to(log, number, (ines(), desk_of_ines()), false);
}

fn settles_for(log: &mut Log, part: PartId, desk: DeskId, settlement: Settlement) {
    log.team(&settled(part, desk, settlement));
}

/// Tells that Meta has the reply: `m_1` for part 1.
fn sent(log: &mut Log, number: u128) {
    let sent = Settlement::Sent { mid: format!("m_{number}").as_str().into(), at_ms: None };
    settles_for(log, part(number), desk_of_ines(), sent);
}

fn echoes(log: &mut Log, number: u128) {
    log.echo_of_part(MARA, NINE + HOUR, &format!("m_{number}"), part(number), REPLY);
}

fn writes(log: &mut Log, mid: &str) {
    log.says("messaging", MARA, NINE + MINUTE, mid, "Anybody?");
}

/// Whose word crossed the reply that is Meta's `m_1`.
async fn crossed(desk: &Desk) -> Option<Author> {
    let messages = desk.messages(MARA).await;
    messages.into_iter().find(|message| message.place.key == "m_1").unwrap().crossed
}

/// What the log told, in this order.
#[rstest]
#[case::after_the_grant(
    |log: &mut Log| { grants(log, 1); writes(log, "c_1"); sent(log, 1); echoes(log, 1); }, Some(Author::Customer))]
#[case::before_the_echo(
    |log: &mut Log| { grants(log, 1); writes(log, "c_1"); echoes(log, 1); sent(log, 1); }, Some(Author::Customer))]
#[case::before_only_an_echo(
    |log: &mut Log| { grants(log, 1); writes(log, "c_1"); echoes(log, 1); }, Some(Author::Customer))]
#[case::before_the_grant(
    |log: &mut Log| { writes(log, "c_1"); grants(log, 1); sent(log, 1); echoes(log, 1); }, None)]
#[case::after_the_settlement(
    |log: &mut Log| { grants(log, 1); sent(log, 1); writes(log, "c_1"); echoes(log, 1); }, None)]
#[case::after_the_echo(
    |log: &mut Log| { grants(log, 1); echoes(log, 1); writes(log, "c_1"); sent(log, 1); }, None)]
#[case::while_nobody_knew(
    |log: &mut Log| {
        grants(log, 1);
        settles_for(log, part(1), desk_of_ines(), Settlement::Unknown { why: String::new() });
        writes(log, "c_1");
        echoes(log, 1);
        sent(log, 1);
    },
    Some(Author::Customer))]
#[case::metas_inbox(
    |log: &mut Log| {
        grants(log, 1);
        log.echo("messaging", MARA, NINE + MINUTE, "i_1", PAGE_INBOX, "Here.");
        sent(log, 1);
        echoes(log, 1);
    },
    Some(Author::MetaInbox))]
#[case::a_bot(
    |log: &mut Log| {
        grants(log, 1);
        log.echo("messaging", MARA, NINE + MINUTE, "b_1", TEABOT, "Beep.");
        sent(log, 1);
        echoes(log, 1);
    },
    None)]
#[case::a_colleague_who_asked_nobody(
    |log: &mut Log| {
        grants(log, 1);
        grants_to(log, 2, (jonas(), desk_of_jonas()), true);
        settles_for(log, part(2), desk_of_jonas(), Settlement::Sent { mid: "m_2".into(), at_ms: None });
        sent(log, 1);
        echoes(log, 1);
    },
    Some(Author::Agent(jonas())))]
#[case::a_colleague_of_whose_reply_the_author_was_shown(
    |log: &mut Log| {
        grants_to(log, 2, (jonas(), desk_of_jonas()), false);
        grants(log, 1);
        echoes(log, 2);
        sent(log, 1);
        echoes(log, 1);
    },
    None)]
#[case::the_own_reply_before(
    |log: &mut Log| { grants(log, 2); grants(log, 1); echoes(log, 2); sent(log, 2); sent(log, 1); echoes(log, 1); }, None)]
#[case::the_relay_was_not_asked(
    |log: &mut Log| {
        grants_to(log, 1, (ines(), desk_of_ines()), true);
        writes(log, "c_1");
        sent(log, 1);
        echoes(log, 1);
    },
    None)]
#[tokio::test]
async fn a_reply_was_crossed_by(#[case] tells: fn(&mut Log), #[case] by: Option<Author>) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "c_0", "Where is my parcel?");
    tells(&mut log);
    let mut desk = Desk::with(&log).await;
    assert_eq!(crossed(&desk).await, by);
    desk.reopen().await;
    assert_eq!(crossed(&desk).await, by, "after a restart");
    // Whatever came first.
    let turned = Desk::new().await;
    for entry in log.entries.iter().rev() {
        turned.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    assert_eq!(crossed(&turned).await, by, "the other way round");
}

#[tokio::test]
async fn only_the_reply_that_was_on_its_way_says_so() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "c_0", "Where is my parcel?");
    grants(&mut log, 1);
    writes(&mut log, "c_1");
    sent(&mut log, 1);
    echoes(&mut log, 1);
    grants(&mut log, 2);
    sent(&mut log, 2);
    echoes(&mut log, 2);
    let desk = Desk::with(&log).await;
    let marked: Vec<_> = desk.messages(MARA).await.into_iter().filter(|m| m.crossed.is_some()).collect();
    assert_eq!(marked.iter().map(|m| m.place.key.as_str()).collect::<Vec<_>>(), ["m_1"]);
}

#[tokio::test]
async fn a_reply_that_was_taken_back_says_nothing() {
    let mut log = Log::connected();
    grants(&mut log, 1);
    writes(&mut log, "c_1");
    echoes(&mut log, 1);
    let event = serde_json::json!({
        "sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": NINE + 2 * HOUR,
        "message": {"mid": "m_1", "is_echo": true, "is_deleted": true},
    });
    log.event("messaging", NINE + 2 * HOUR, &event);
    assert_eq!(crossed(&Desk::with(&log).await).await, None);
}
