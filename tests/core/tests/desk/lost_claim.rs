//! Two agents took one thread at once: whoever came second is told who was first, whether or not the log has brought it yet.

use std::path::Path;
use std::sync::Arc;

use baton_core::desk::{Desk, DeskError};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::store::{Enrolment, Store, ThreadId};
use baton_protocol::command::{Conflict, ConflictReason};
use baton_protocol::error::ErrorCode;
use baton_protocol::hello::Versions;
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, DeskId, LogName, routes};
use secrecy::SecretString;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::builders::{Log, MARA, NINE, ines, jonas, key, log_id, tea};
use crate::fake_relay::{open, says_hello, sse, streams};

/// Ines's desk, which knows Jonas by name and saw Mara's thread while this agent had it, or nobody.
async fn opens(folder: &Path, relay: &MockServer, holder: Option<AgentId>) -> (Desk, ThreadId) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    if let Some(agent) = holder {
        log.team(&TeamFact::Assigned {
            customer: MARA.into(),
            assignee: Some(agent),
            by: Actor::Agent { agent, desk: DeskId::new() },
            reply: None,
        });
    }
    let mut workspace = Log::new();
    workspace.name = LogName::Workspace;
    workspace.team(&TeamFact::AgentNamed { agent: jonas(), name: "Jonas Falk".to_owned() });
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    store.ingest(&log.entries, log_id()).await.unwrap();
    store.ingest(&workspace.entries, log_id()).await.unwrap();
    let thread = store.thread_id(&key(MARA)).await.unwrap().unwrap();
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
    (open(folder, keys).await, thread)
}

async fn says_it_is_taken(relay: &MockServer, assignee: Option<AgentId>, message: &str) {
    let conflict = Conflict {
        code: ErrorCode::Conflict,
        reason: ConflictReason::Version,
        version: 9,
        assignee,
        status: Status::Open,
        word_seq: 3,
        open_parts: Vec::new(),
        message: message.to_owned(),
    };
    Mock::given(method("POST"))
        .and(path(routes::commands(&LogName::Account(tea()))))
        .respond_with(ResponseTemplate::new(409).set_body_json(conflict))
        .mount(relay)
        .await;
}

async fn lost(relay: &MockServer) -> String {
    lost_as_of(relay, None).await
}

async fn lost_as_of(relay: &MockServer, holder: Option<AgentId>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let (desk, thread) = opens(folder.path(), relay, holder).await;
    let Err(DeskError::Lost(words)) = desk.assign(thread, true).await else { panic!("it was not lost") };
    words.what
}

#[tokio::test]
async fn the_winner_is_named() {
    let relay = MockServer::start().await;
    says_it_is_taken(&relay, Some(jonas()), "Somebody moved it.").await;
    assert_eq!(lost(&relay).await, "Jonas Falk took this thread first.");
}

#[tokio::test]
async fn one_whom_this_desk_does_not_know_yet_is_a_colleague() {
    let relay = MockServer::start().await;
    says_it_is_taken(&relay, Some(AgentId::new()), "Somebody moved it.").await;
    assert_eq!(lost(&relay).await, "A colleague took this thread first.");
}

#[tokio::test]
async fn where_nobody_has_it_the_relays_own_words_say_what_happened() {
    let relay = MockServer::start().await;
    says_it_is_taken(&relay, None, "It was set done meanwhile.").await;
    assert_eq!(lost(&relay).await, "It was set done meanwhile.");
}

#[tokio::test]
async fn where_somebody_had_it_and_nobody_has_it_went_back_to_the_queue() {
    let relay = MockServer::start().await;
    says_it_is_taken(&relay, None, "Somebody moved it.").await;
    let words = lost_as_of(&relay, Some(jonas())).await;
    assert_eq!(words, "Somebody gave this thread back to the queue first.");
}
