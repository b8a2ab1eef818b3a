//! The one stream of a desk: opening, resuming, misfits, heartbeats, slow readers.

use std::time::Duration;

use baton_protocol::Platform;
use baton_protocol::enrol::Role;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::stream::{ResyncReason, StreamEvent, StreamRequest};
use baton_protocol::{Cursor, LogId, LogName, SeqRanges, routes};
use baton_relay::operator::{Answer, Request};
use baton_relay::people::InviteAccount;
use rstest::rstest;
use tokio::io::AsyncWriteExt;

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, customer};

fn one(log: &str, cursor: Cursor) -> StreamRequest {
    StreamRequest { cursors: [(LogName::from(log.to_owned()), cursor)].into(), presence: None }
}

async fn cursor(desk: &Desk, log: &str) -> Cursor {
    let page = desk.page(log, "after=0").await.unwrap();
    let last = page.entries.last().unwrap();
    let mut ranges = SeqRanges::new();
    ranges.insert(1, last.seq);
    Cursor { log_id: page.log_id, ranges, chain: last.chain.clone() }
}

#[tokio::test]
async fn one_stream_carries_all_logs_and_resumes_after_a_restart() {
    let mut stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    stage.says(TEA, MARA, "m_1", "to the tea").await;
    stage.says(COFFEE, MARA, "m_2", "to the coffee").await;
    stream.entries(TEA, 2).await;
    let held = cursor(&ines, TEA).await;

    stage.restart().await;
    let ines = ines.at(&stage);
    stage.says(TEA, MARA, "m_3", "again").await;
    let mut stream = ines.stream(&one(TEA, held)).await;
    let entries = stream.entries(TEA, 1).await;
    assert_eq!((entries.len(), entries[0].seq), (1, 3), "exactly what was missed");
}

#[rstest]
#[case::other_log(|c: &mut Cursor| c.log_id = LogId::new(), ResyncReason::OtherLog)]
#[case::other_chain(|c: &mut Cursor| c.chain = "0".repeat(32), ResyncReason::OtherChain)]
#[case::beyond(|c: &mut Cursor| c.ranges.insert(1, 99), ResyncReason::BeyondHead)]
#[tokio::test]
async fn a_cursor_that_does_not_fit_is_told_why(
    #[case] spoil: fn(&mut Cursor),
    #[case] reason: ResyncReason,
) {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut spoilt = cursor(&ines, TEA).await;
    spoil(&mut spoilt);
    let mut stream = ines.stream(&one(TEA, spoilt)).await;
    let told = loop {
        if let StreamEvent::Resync(resync) = stream.news().await.unwrap() {
            break resync;
        }
    };
    assert_eq!((told.log.as_str(), told.reason), (TEA, reason));
    assert_eq!(stream.entries(TEA, 1).await[0].seq, 1, "and the tail follows");
}

#[tokio::test]
async fn a_desk_far_behind_gets_the_newest_first_and_reads_the_rest_backwards() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let events: Vec<serde_json::Value> = (0..1200)
        .map(|n| {
            serde_json::json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": 1_791_190_800_000_i64 + n,
                "message": {"mid": format!("m_{n}"), "text": "Hello"}})
        })
        .collect();
    let body = serde_json::json!({"object": "page", "entry": [{"id": TEA, "time": 1, "messaging": events}]});
    assert_eq!(stage.post(&body.to_string()).await, 200);
    let mut stream = ines.stream(&StreamRequest::default()).await;
    let from = loop {
        match stream.news().await.unwrap() {
            StreamEvent::Opened(opened) if opened.log.as_str() == TEA => break opened.from_seq,
            _ => {}
        }
    };
    assert_eq!(from, 202);
    let tail = stream.entries(TEA, 1000).await;
    assert!(tail.iter().enumerate().all(|(at, entry)| entry.seq == from + at as u64));
    let rest = ines.page(TEA, &format!("before={from}")).await.unwrap().entries;
    assert_eq!((rest.len(), rest[0].seq), (201, 1));
}

#[tokio::test]
async fn heartbeats_say_where_the_logs_stand() {
    let stage = Stage::with(|config| config.heartbeat = Duration::from_millis(100)).await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    loop {
        if let StreamEvent::Heartbeat(heartbeat) = stream.next().await.unwrap()
            && heartbeat.heads.get(&LogName::from(TEA.to_owned())) == Some(&2)
        {
            assert!(heartbeat.last_webhook_ms.contains_key(&TEA.into()));
            assert!(heartbeat.relay_ms > 0);
            break;
        }
    }
}

#[tokio::test]
async fn an_agents_other_desk_hears_of_read_marks_and_nobody_else_does() {
    let stage = Stage::new().await;
    let laptop = stage.desk_on_tea("Ines").await;
    let accounts =
        vec![InviteAccount { account: TEA.into(), platform: Platform::Messenger, role: Role::Agent }];
    let agent = Some(laptop.enrolled.agent);
    let (name, valid_ms, change_roles) = (String::new(), 60_000, false);
    let request = Request::Invite { name, agent, accounts, valid_ms, change_roles };
    let Answer::Invite { invite, .. } = stage.operate(request).await else { panic!() };
    let enrolled = stage.enrol_with(&invite).await.unwrap();
    assert_eq!(enrolled.agent, laptop.enrolled.agent);
    let office =
        Desk { enrolled, private_key: String::new(), http: stage.http.clone(), url: laptop.url.clone() };
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;

    let mut office_stream = office.stream(&StreamRequest::default()).await;
    let mut jonas_stream = jonas.stream(&StreamRequest::default()).await;
    while !matches!(office_stream.next().await.unwrap(), StreamEvent::Heartbeat(_)) {}
    while !matches!(jonas_stream.next().await.unwrap(), StreamEvent::Heartbeat(_)) {}
    let mark = ReadMark { account: TEA.into(), customer: customer(MARA), read_seq: 1 };
    let path = routes::read_marks(&TEA.into());
    laptop.request(reqwest::Method::POST, &path).json(&mark).send().await.unwrap();
    let heard = loop {
        if let StreamEvent::ReadMark(mark) = office_stream.news().await.unwrap() {
            break mark;
        }
    };
    assert_eq!(heard, mark);
    stage.says(TEA, MARA, "m_1", "Hello").await;
    loop {
        match jonas_stream.news().await.unwrap() {
            StreamEvent::ReadMark(_) => panic!("a mark of another agent"),
            StreamEvent::Entries(entries) if entries.iter().any(|entry| entry.key.contains("m_1")) => break,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_desk_that_does_not_read_is_dropped_and_holds_nobody_up() {
    let stage = Stage::with(|config| config.deadlines.write = Duration::from_millis(500)).await;
    let ines = stage.desk_on_tea("Ines").await;
    let request = format!(
        "POST /v1/stream HTTP/1.1\r\nHost: relay\r\nbaton-protocol: 1\r\nAuthorization: Bearer {}\r\n\
         Content-Length: 14\r\n\r\n{{\"cursors\":{{}}}}",
        ines.enrolled.token
    );
    let mut deaf = tokio::net::TcpStream::connect(stage.running().desk_addr).await.unwrap();
    deaf.write_all(request.as_bytes()).await.unwrap();
    let text = "x".repeat(200_000);
    for n in 0..80 {
        stage.says(TEA, MARA, &format!("m_{n}"), &text).await;
    }
    // Once the relay has closed, writing to it fails sooner or later.
    let begun = tokio::time::Instant::now();
    while deaf.write_all(b"still there?").await.is_ok() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the connection is still open");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(ines.page(TEA, "limit=1").await.unwrap().head, 81);
}

#[tokio::test]
async fn a_stopping_relay_ends_its_streams() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    stage.relay.take().unwrap().stop().await;
    while stream.next().await.is_some() {}
}
