//! What follows a reply that was sent: asked for after a restart, as the agent saw the thread, and told when it is missed.

use std::path::Path;
use std::sync::{Arc, Mutex};

use baton_core::desk::{Desk, SetbackKind};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::store::{
    AfterSent, Enrolment, LeavesAs, NewPart, NewReply, PartKey, PartMove, PartStateName, Store,
};
use baton_protocol::command::{Accepted, Command, CommandRequest, Conflict, ConflictReason};
use baton_protocol::error::ErrorCode;
use baton_protocol::hello::Versions;
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::Status;
use baton_protocol::{DeskId, Mid, ReplyId, routes};
use secrecy::SecretString;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::builders::{Log, MARA, MINUTE, NINE, ines, key, log_id, part, tea};
use crate::fake_relay::{open, says_hello, sse, streams, until};

/// Answers what is asked about Mara's thread, and keeps it.
async fn answers(relay: &MockServer, answer: ResponseTemplate) -> Arc<Mutex<Vec<CommandRequest>>> {
    let asked: Arc<Mutex<Vec<CommandRequest>>> = Arc::default();
    let keep = Arc::clone(&asked);
    let respond = move |request: &Request| {
        keep.lock().unwrap().push(serde_json::from_slice(&request.body).unwrap());
        answer.clone()
    };
    let log = baton_protocol::LogName::Account(tea());
    Mock::given(method("POST")).and(path(routes::commands(&log))).respond_with(respond).mount(relay).await;
    asked
}

/// A desk that ended right after Mara's reply was sent, and begins again. `since` is what came after she asked.
async fn begins_again(folder: &Path, relay: &MockServer, since: impl FnOnce(&mut Log)) -> Desk {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    since(&mut log);
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    let thread = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    let reply = NewReply {
        reply: ReplyId::new(),
        thread,
        agent: ines(),
        created_ms: NINE,
        pressed_ms: NINE,
        version_seen: 4,
        word_seq_seen: 3,
        claim: true,
        take_first: false,
        despite_unknown: false,
        leaves: LeavesAs::Plain,
        after_sent: Some(AfterSent::Done),
        parts: vec![NewPart {
            part: part(1),
            file: None,
            text: "It arrives tomorrow.".to_owned(),
            tag: None,
            state: PartStateName::Queued,
            detail: None,
        }],
    };
    store.insert_reply(&reply).await.unwrap();
    let sent = PartMove {
        mid: Some(Mid::from("m_2")),
        ..PartMove::new(&[PartStateName::Queued], PartStateName::Sent, NINE)
    };
    assert!(store.set_state(PartKey(part(1)), &sent).await.unwrap());
    let enrolment = Enrolment {
        relay: relay.uri(),
        desk: DeskId::new(),
        agent: ines(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    says_hello(relay, Versions::ours()).await;
    let head = log.entries.last().unwrap().seq;
    let opened = Opened { log: log.name.clone(), log_id: log_id(), head, from_seq: head + 1 };
    streams(relay, sse(&[StreamEvent::Opened(opened)])).await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token")).await.unwrap();
    open(folder, keys).await
}

#[tokio::test]
async fn the_thread_is_set_done_as_the_agent_saw_it() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    let accepted = Accepted { seqs: vec![9], version: 9, ..Accepted::default() };
    let asked = answers(&relay, ResponseTemplate::new(200).set_body_json(accepted)).await;
    let desk = begins_again(folder.path(), &relay, |_| {}).await;
    until("it is not to be done any more", async || {
        desk.store().threads_with_open_parts().await.unwrap().is_empty().then_some(())
    })
    .await;
    assert!(desk.setbacks().await.unwrap().is_empty());
    let asked = asked.lock().unwrap();
    let [only] = asked.as_slice() else { panic!("{asked:?}") };
    assert!(matches!(only.command, Command::SetStatus { status: Status::Done, .. }));
    assert_eq!((only.if_version, only.if_no_word_after), (Some(4), Some(3)));
}

/// What the relay says when the last word is the log's fourth entry.
fn somebody_wrote() -> ResponseTemplate {
    ResponseTemplate::new(409).set_body_json(Conflict {
        code: ErrorCode::Conflict,
        reason: ConflictReason::Word,
        version: 4,
        assignee: Some(ines()),
        status: Status::Open,
        word_seq: 4,
        open_parts: Vec::new(),
        message: String::new(),
    })
}

#[tokio::test]
async fn a_customer_who_wrote_meanwhile_keeps_the_thread_open_and_the_agent_is_told() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    answers(&relay, somebody_wrote()).await;
    let since = |log: &mut Log| {
        log.says("messaging", MARA, NINE + MINUTE, "m_3", "Hello?");
    };
    let desk = begins_again(folder.path(), &relay, since).await;
    let told = until("a setback", async || desk.setbacks().await.unwrap().pop()).await;
    assert!(told.kind == SetbackKind::NotDone && told.words.what.contains("not set done"), "{told:?}");
    assert!(desk.store().threads_with_open_parts().await.unwrap().is_empty());
}

/// The relay counts a page of history as a word; the desk sees that it is from before its agent looked.
#[tokio::test]
async fn older_messages_that_history_brought_meanwhile_keep_no_thread_open() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    let accepted = Accepted { seqs: vec![9], version: 9, ..Accepted::default() };
    let log = baton_protocol::LogName::Account(tea());
    let sees_all = |request: &Request| {
        let request: CommandRequest = serde_json::from_slice(&request.body).unwrap();
        request.if_no_word_after == Some(4)
    };
    Mock::given(method("POST"))
        .and(path(routes::commands(&log)))
        .and(sees_all)
        .respond_with(ResponseTemplate::new(200).set_body_json(accepted))
        .with_priority(1)
        .mount(&relay)
        .await;
    let asked = answers(&relay, somebody_wrote()).await;
    let since = |log: &mut Log| {
        log.history(MARA, NINE + MINUTE, &[("m_0", NINE - MINUTE, true, "Hello.")]);
    };
    let desk = begins_again(folder.path(), &relay, since).await;
    until("it is not to be done any more", async || {
        desk.store().threads_with_open_parts().await.unwrap().is_empty().then_some(())
    })
    .await;
    assert!(desk.setbacks().await.unwrap().is_empty());
    assert_eq!(asked.lock().unwrap().len(), 1, "asked again once, as it now stands");
}
