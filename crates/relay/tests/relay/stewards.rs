//! The steward's lease, slots, and pages of history in the log.

use baton_protocol::audit::{AuditPage, Lack, MAX_PAGE_BYTES, MOST_UNREAD, UnreadThread};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::entry::{Content, EntryKind};
use baton_protocol::error::ErrorCode;
use baton_protocol::lease::{
    HistoryProgress, HistoryState, HistoryTold, LEASE_MS, LeaseAsked, Leased, SlotAsked, SlotGiven,
    SlotUrgency,
};
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::token::{PageToken, TokenShown};
use baton_protocol::{CommandId, PartId, ReplyId, routes};
use baton_relay::clock::Clock;
use baton_relay::operator::Request;
use reqwest::Method;
use serde_json::{Value, json};

use crate::meta_stub::{COFFEE_TOKEN, Meta, TEA_TOKEN};
use crate::redaction::{gone_from_the_files, is_in_the_files};
use crate::stage::{Answered, COFFEE, Desk, MARA, Stage, TEA, Told, customer, message, plain, unsend};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

async fn ready() -> (Meta, Stage) {
    let meta = Meta::new().await;
    meta.knows_token(TEA_TOKEN, TEA).await;
    meta.knows_token(COFFEE_TOKEN, COFFEE).await;
    let stage = Stage::with(|config| config.graph_url = meta.url()).await;
    (meta, stage)
}

async fn register(desk: &Desk) {
    let shown = TokenShown { token: PageToken::new(TEA_TOKEN.to_owned()) };
    let path = routes::of_account(routes::TOKEN, &TEA.into());
    desk.post::<Value>(&path, &shown).await.map_err(|(_, no)| no).unwrap();
}

/// Two desks of the connected account, both with a token.
async fn two_desks(stage: &Stage) -> (Desk, Desk) {
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    register(&ines).await;
    register(&jonas).await;
    (ines, jonas)
}

async fn ask(desk: &Desk, progress: Option<HistoryProgress>) -> Answered<Leased> {
    desk.post(&routes::of_account(routes::STEWARD, &TEA.into()), &LeaseAsked { progress }).await
}

async fn is_steward(desk: &Desk) -> bool {
    ask(desk, None).await.unwrap().yours
}

async fn give_back(desk: &Desk) {
    let path = routes::of_account(routes::STEWARD, &TEA.into());
    assert_eq!(desk.request(Method::DELETE, &path).send().await.unwrap().status(), 204);
}

async fn slot(desk: &Desk, urgency: SlotUrgency) -> SlotGiven {
    desk.post(&routes::of_account(routes::SLOTS, &TEA.into()), &SlotAsked { urgency }).await.unwrap()
}

/// A page in which Mara says each of these, the newest first.
fn page(desk: &Desk, said: &[(&str, &str, i64)]) -> AuditPage {
    serde_json::from_value(json!({
        "customer": MARA, "conversation": "t_1", "desk": desk.enrolled.desk, "read_at_ms": 0,
        "customer_name": "Mara Lindt", "is_oldest": true,
        "messages": said.iter().map(|(mid, text, at_ms)| json!({
            "id": mid, "created_time": iso(*at_ms), "from": {"id": MARA}, "message": text,
        })).collect::<Vec<_>>(),
    }))
    .unwrap()
}

fn iso(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).unwrap().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

async fn append(desk: &Desk, page: AuditPage) -> Told {
    desk.ask(TEA, &plain(Command::AppendAudit { page: Box::new(page) })).await
}

/// The seq of the thread's last word, as a desk is told when it asks for a reply as if nothing had been said.
async fn last_word(desk: &Desk) -> u64 {
    let request = CommandRequest {
        if_no_word_after: Some(0),
        ..plain(Command::SetStatus { customer: customer(MARA), status: Status::WaitingOnCustomer })
    };
    match desk.ask(TEA, &request).await {
        Told::Conflict(conflict) => conflict.word_seq,
        Told::Accepted(_) => 0,
        Told::No(_, no) => panic!("{no:?}"),
    }
}

#[tokio::test]
async fn one_desk_has_the_lease_until_it_stops_renewing() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    stage.clock.advance_ms(LEASE_MS / 2);
    let leased = ask(&jonas, None).await.unwrap();
    assert_eq!((leased.steward, leased.yours), (ines.enrolled.desk, false));
    assert!((1..=LEASE_MS / 2).contains(&leased.for_ms), "{leased:?}");
    assert!(is_steward(&ines).await);
    stage.clock.advance_ms(LEASE_MS - 5_000);
    assert!(!is_steward(&jonas).await);
    stage.clock.advance_ms(5_000);
    assert!(is_steward(&jonas).await);
    assert!(!is_steward(&ines).await);
    // Somebody who sets the wall clock ends no lease.
    stage.clock.set_wall_off_by_ms(DAY_MS);
    assert!(!is_steward(&ines).await);
}

#[tokio::test]
async fn a_lease_can_be_given_back_and_does_not_outlive_its_token() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    give_back(&jonas).await;
    assert!(!is_steward(&jonas).await, "nobody gives back another's lease");
    give_back(&ines).await;
    assert!(is_steward(&jonas).await);
    // Meta refuses Jonas's token, which is the same as Ines's: neither may go on.
    jonas.do_it(TEA, Command::ReportToken { alive: false }).await;
    for desk in [&ines, &jonas] {
        assert_eq!(ask(desk, None).await.unwrap_err().1.code, ErrorCode::TokenRefused);
    }
    register(&ines).await;
    assert!(is_steward(&ines).await);
}

#[tokio::test]
async fn only_a_desk_of_the_account_with_a_token_gets_lease_and_slots() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    let without = stage.desk("Tom", &[(TEA, Role::Admin)]).await;
    assert_eq!(ask(&without, None).await.unwrap_err().1.code, ErrorCode::TokenRefused);
    let elsewhere = stage.desk("Lea", &[(COFFEE, Role::Admin)]).await;
    assert_eq!(ask(&elsewhere, None).await.unwrap_err().1.code, ErrorCode::NoSuchLog);
    let asked = SlotAsked { urgency: SlotUrgency::Settling };
    let path = routes::of_account(routes::SLOTS, &TEA.into());
    let refused: Answered<SlotGiven> = elsewhere.post(&path, &asked).await;
    assert_eq!(refused.unwrap_err().1.code, ErrorCode::NoSuchLog);
    let steward = routes::of_account(routes::STEWARD, &TEA.into());
    assert_eq!(elsewhere.request(Method::DELETE, &steward).send().await.unwrap().status(), 404);
    // A desk that is cut off gets neither.
    assert!(is_steward(&ines).await);
    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    assert_eq!(ask(&ines, None).await.unwrap_err().1.code, ErrorCode::DeskRevoked);
}

#[tokio::test]
async fn after_a_restart_the_lease_is_asked_for_anew() {
    let (meta, mut stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    stage.restart_with(|config| config.graph_url = meta.url()).await;
    let (ines, jonas) = (ines.at(&stage), jonas.at(&stage));
    let refused = append(&ines, page(&ines, &[])).await.no().1;
    assert_eq!(refused.code, ErrorCode::NotAllowed);
    assert!(is_steward(&jonas).await);
    assert!(!is_steward(&ines).await);
}

#[tokio::test]
async fn all_desks_together_get_two_slots_a_second_and_the_most_urgent_first() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    assert_eq!(slot(&ines, SlotUrgency::Audit).await, SlotGiven::Granted);
    assert_eq!(slot(&jonas, SlotUrgency::Audit).await, SlotGiven::Granted);
    for (desk, urgency) in
        [(&ines, SlotUrgency::Audit), (&jonas, SlotUrgency::Opening), (&ines, SlotUrgency::Settling)]
    {
        assert!(matches!(slot(desk, urgency).await, SlotGiven::NotYet { for_ms: 1..=1_200 }));
    }
    stage.clock.advance_ms(1_200);
    assert!(matches!(slot(&ines, SlotUrgency::Audit).await, SlotGiven::NotYet { .. }));
    assert!(matches!(slot(&jonas, SlotUrgency::Opening).await, SlotGiven::NotYet { .. }));
    assert_eq!(slot(&ines, SlotUrgency::Settling).await, SlotGiven::Granted);
    assert_eq!(slot(&jonas, SlotUrgency::Opening).await, SlotGiven::Granted);
}

#[tokio::test]
async fn every_desk_of_the_account_hears_how_far_the_history_is() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    let elsewhere = stage.desk("Lea", &[(COFFEE, Role::Admin)]).await;
    let progress = HistoryProgress {
        state: HistoryState::Reading,
        threads_done: 3,
        threads_known: 25,
        threads_failing: 1,
        is_listed: false,
        messages: 41,
        left_ms: None,
        is_first: true,
    };
    let (mut early, mut other) =
        (jonas.stream(&StreamRequest::default()).await, elsewhere.stream(&StreamRequest::default()).await);
    assert!(ask(&ines, Some(progress.clone())).await.unwrap().yours);
    let mut late = jonas.stream(&StreamRequest::default()).await;
    let told =
        HistoryTold { account: TEA.into(), steward: Some(ines.enrolled.desk), progress: Some(progress) };
    for stream in [&mut early, &mut late] {
        loop {
            if let Some(StreamEvent::History(heard)) = stream.news().await {
                assert_eq!(heard, told);
                break;
            }
        }
    }
    give_back(&ines).await;
    loop {
        // The same may be told twice: when the stream opened, and when the steward said it.
        if let Some(StreamEvent::History(heard)) = early.news().await
            && heard != told
        {
            assert_eq!((heard.steward, heard.progress), (None, None));
            break;
        }
    }
    // What comes next on the other account's stream is its own news.
    stage.operate(Request::Revoke { desk: elsewhere.enrolled.desk }).await;
    loop {
        match other.news().await {
            Some(StreamEvent::History(heard)) => panic!("{heard:?}"),
            Some(_) => {}
            None => break,
        }
    }
}

#[tokio::test]
async fn only_the_steward_appends_pages_and_the_same_page_once() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    let now_ms = stage.clock.wall_ms();
    let said = [("m_2", "Anyone?", now_ms - 60_000), ("m_1", "Hello", now_ms - 30 * DAY_MS)];
    assert_eq!(append(&ines, page(&ines, &said)).await.no().1.code, ErrorCode::NotAllowed);
    assert!(is_steward(&ines).await);
    let first = append(&ines, page(&ines, &said)).await.accepted();
    let again = AuditPage { read_at_ms: 7, ..page(&ines, &said) };
    assert_eq!(append(&ines, again).await.accepted().seqs, Vec::<u64>::new());
    assert_eq!(append(&jonas, page(&jonas, &said)).await.no().1.code, ErrorCode::NotAllowed);
    // Whoever is steward next appends nothing twice either.
    give_back(&ines).await;
    assert!(is_steward(&jonas).await);
    assert_eq!(append(&jonas, page(&jonas, &said)).await.accepted().seqs, Vec::<u64>::new());
    assert_eq!(append(&jonas, page(&ines, &[])).await.no().1.code, ErrorCode::BadRequest);

    let entries = jonas.entries(TEA).await;
    let audits: Vec<_> = entries.iter().filter(|entry| entry.kind == EntryKind::Audit).collect();
    assert_eq!(audits.iter().map(|entry| entry.seq).collect::<Vec<_>>(), first.seqs);
    let Content::Audit(kept) = audits[0].content() else { panic!("{:?}", audits[0]) };
    assert_eq!((kept.messages.len(), kept.customer.as_str()), (2, MARA));
}

#[tokio::test]
async fn a_page_is_at_most_as_large_as_the_cap() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    let long = "x".repeat(MAX_PAGE_BYTES);
    let refused = append(&ines, page(&ines, &[("m_1", &long, 0)])).await.no().1;
    assert_eq!(refused.code, ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_fresh_message_that_no_webhook_brought_is_a_word_and_an_old_one_is_not() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    let now_ms = stage.clock.wall_ms();
    append(&ines, page(&ines, &[("m_1", "Long ago", now_ms - 7 * DAY_MS)])).await.accepted();
    assert_eq!(last_word(&ines).await, 0);
    let said = [("m_2", "Anyone?", now_ms - 6 * DAY_MS), ("m_1", "Long ago", now_ms - 7 * DAY_MS)];
    let seqs = append(&ines, page(&ines, &said)).await.accepted().seqs;
    assert_eq!(last_word(&ines).await, seqs[0]);
}

#[tokio::test]
async fn of_a_webhook_and_a_page_the_first_is_the_word() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    let now_ms = stage.clock.wall_ms();
    // The webhook first: its page says nothing new.
    stage.says(TEA, MARA, "m_1", "Hello").await;
    let by_webhook = last_word(&ines).await;
    assert_ne!(by_webhook, 0);
    append(&ines, page(&ines, &[("m_1", "Hello", now_ms - 60_000)])).await.accepted();
    assert_eq!(last_word(&ines).await, by_webhook);
    // The page first: its webhook says nothing new, and neither does a larger page.
    let seqs = append(&ines, page(&ines, &[("m_2", "Anyone?", now_ms - 50_000)])).await.accepted().seqs;
    assert_eq!(last_word(&ines).await, seqs[0]);
    stage.says(TEA, MARA, "m_2", "Anyone?").await;
    let said = [("m_2", "Anyone?", now_ms - 50_000), ("m_1", "Hello", now_ms - 60_000)];
    append(&ines, page(&ines, &said)).await.accepted();
    assert_eq!(last_word(&ines).await, seqs[0]);
    // Something that neither told of is new.
    assert_eq!(stage.post(&message(TEA, MARA, "m_3", "Last try")).await, 200);
    assert!(last_word(&ines).await > seqs[0]);
}

#[tokio::test]
async fn a_page_names_what_meta_does_not_give_and_not_what_was_taken_back() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    let now_ms = stage.clock.wall_ms();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    let lack = |mid: &str| Lack { mid: mid.into(), at_ms: now_ms - 60_000 };
    let lacking = AuditPage { lacks: vec![lack("m_3"), lack("m_2"), lack("m_1")], ..page(&ines, &[]) };
    append(&ines, lacking.clone()).await.accepted();
    assert_eq!(append(&ines, lacking).await.accepted().seqs, Vec::<u64>::new(), "the same page once");
    assert_eq!(named_as_lacking(&ines).await, ["m_3", "m_2"]);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    assert_eq!(named_as_lacking(&ines).await, ["m_3"]);
}

async fn named_as_lacking(desk: &Desk) -> Vec<String> {
    let entries = desk.entries(TEA).await;
    let pages = entries.iter().filter_map(|entry| match entry.content() {
        Content::Audit(page) => Some(page.lacks),
        _ => None,
    });
    pages.flatten().map(|lack| lack.mid.to_string()).collect()
}

#[tokio::test]
async fn what_was_taken_back_or_erased_does_not_come_back_by_a_page() {
    let (_meta, stage) = ready().await;
    let (ines, _) = two_desks(&stage).await;
    assert!(is_steward(&ines).await);
    let now_ms = stage.clock.wall_ms();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    let said = [("m_2", "my-second-secret", now_ms - 50_000), ("m_1", "my-first-secret", now_ms - 60_000)];
    append(&ines, page(&ines, &said)).await.accepted();
    assert!(!is_in_the_files(&stage, "my-first-secret"));
    assert!(is_in_the_files(&stage, "my-second-secret"));
    // An unsend cuts the message out of a page that is there.
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    gone_from_the_files(&stage, "my-second-secret").await;

    append(&ines, page(&ines, &[("m_3", "my-third-secret", now_ms - 40_000)])).await.accepted();
    ines.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
    gone_from_the_files(&stage, "my-third-secret").await;
    let later = [("m_4", "after that", now_ms + 3_600_000), ("m_3", "my-third-secret", now_ms - 40_000)];
    append(&ines, page(&ines, &later)).await.accepted();
    assert!(!is_in_the_files(&stage, "my-third-secret"));
    assert!(is_in_the_files(&stage, "after that"));
}

#[tokio::test]
async fn the_history_is_paused_by_a_supervisor_and_its_end_is_told_by_the_steward() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    let pause = |paused| plain(Command::PauseHistory { paused });
    assert_eq!(jonas.ask(TEA, &pause(true)).await.no().1.code, ErrorCode::NotAllowed);
    assert_eq!(ines.ask(TEA, &pause(true)).await.accepted().seqs.len(), 1);
    assert_eq!(ines.ask(TEA, &pause(true)).await.accepted().seqs.len(), 0);
    let left_out = |conversation: &str| UnreadThread { conversation: conversation.to_owned(), updated_ms: 3 };
    let report = |through_ms| plain(Command::ReportHistory { through_ms, unread: vec![left_out("t_7")] });
    assert_eq!(ines.ask(TEA, &report(5)).await.no().1.code, ErrorCode::NotAllowed);
    assert!(is_steward(&ines).await);
    for unread in [vec![left_out("t_7"); MOST_UNREAD + 1], vec![left_out("")]] {
        let refused = ines.ask(TEA, &plain(Command::ReportHistory { through_ms: 5, unread })).await.no();
        assert_eq!(refused.1.code, ErrorCode::BadRequest);
    }
    assert_eq!(ines.ask(TEA, &report(5)).await.accepted().seqs.len(), 1);
    assert_eq!(ines.ask(TEA, &report(4)).await.accepted().seqs.len(), 0);
    let path = routes::snapshot(&TEA.into());
    let snapshot: baton_protocol::snapshot::Snapshot = ines.get(&path).await.unwrap();
    let facts: Vec<TeamFact> =
        snapshot.account_facts.iter().filter_map(|entry| TeamFact::from_body(&entry.body).ok()).collect();
    assert!(facts.iter().any(|fact| matches!(fact, TeamFact::HistoryPaused { paused: true, .. })));
    let is_told = |fact: &TeamFact| matches!(fact, TeamFact::HistoryRead { through_ms: 5, unread, .. } if *unread == [left_out("t_7")]);
    assert!(facts.iter().any(is_told), "and what it left out");
}

#[tokio::test]
async fn what_a_silent_desk_left_is_settled_by_the_steward_while_there_is_one() {
    let (_meta, stage) = ready().await;
    let (ines, jonas) = two_desks(&stage).await;
    let tom = stage.desk("Tom", &[(TEA, Role::Agent)]).await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    let start = CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(0),
        if_no_word_after: Some(0),
        command: Command::StartSend {
            file: None,
            customer: customer(MARA),
            reply,
            part,
            index: 0,
            of: 1,
            text: "Yes".into(),
            tag: None,
            claim: false,
            unchecked: false,
            despite_unknown: false,
        },
    };
    tom.ask(TEA, &start).await.accepted();
    let settle = || {
        let settlement = Settlement::Unknown { why: "its desk is gone".to_owned() };
        plain(Command::SettleSend { customer: customer(MARA), reply, part, settlement })
    };
    stage.clock.advance_ms(30_000);
    assert!(is_steward(&ines).await);
    assert_eq!(ines.ask(TEA, &settle()).await.no().1.code, ErrorCode::NotAllowed, "it may come back");
    stage.clock.advance_ms(30_000);
    assert_eq!(jonas.ask(TEA, &settle()).await.no().1.code, ErrorCode::NotAllowed, "there is a steward");
    assert_eq!(ines.ask(TEA, &settle()).await.accepted().seqs.len(), 1);
}
