//! A desk that was cut off keeps nothing, says so to the relay, and whoever sits at it is told; a crash changes none of that.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton_core::desk::{CutOffStage, Desk, Phase, ProblemKind};
use baton_core::keys::{KeyName, KeyStore, KeyStoreError, MemoryKeyStore};
use baton_core::store::{Enrolment, Store, ThreadKey};
use baton_protocol::enrol::{AccountRole, Enrolled, Role};
use baton_protocol::entry::{Entry, EntryKind, chain_next, chain_start};
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::stream::StreamEvent;
use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, LogId, LogName, Platform, routes};
use secrecy::SecretString;
use serde_json::value::to_raw_value;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_relay::{hello, open, sse, streams, until};

const TOKEN: &str = "desk-token-of-ines";
const NAME: &str = "Mara Lindt of the tea shop";
const DRAFT: &str = "Hello Mara, about the samovar";

fn northwind() -> AccountId {
    AccountId::from("104500000000011")
}

fn on_northwind() -> AccountRole {
    AccountRole {
        account: northwind(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    }
}

fn mara() -> ThreadKey {
    ThreadKey { account: northwind(), customer: CustomerId::from("6200000000000101") }
}

fn log_of_mara() -> Vec<Entry> {
    let fact = TeamFact::CustomerNamed { customer: mara().customer, name: NAME.to_owned(), by_hand: true };
    let (key, at_ms) = ("name-1".to_owned(), 1_791_201_600_001);
    let chain = chain_next(&chain_start(), EntryKind::Team, &key, at_ms);
    let log = LogName::Account(northwind());
    vec![Entry { log, seq: 1, at_ms, kind: EntryKind::Team, key, body: to_raw_value(&fact).unwrap(), chain }]
}

async fn on_disk(folder: &Path, relay: &str) -> Store {
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.to_owned(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store
}

/// A desk that has read of Mara and holds keys and files, as an earlier run left it.
async fn left_behind(folder: &Path, relay: &str) -> Arc<MemoryKeyStore> {
    let store = on_disk(folder, relay).await;
    store.set_access(&[on_northwind()]).await.unwrap();
    store.ingest(&log_of_mara(), LogId::new()).await.unwrap();
    let thread = store.thread_id(&mara()).await.unwrap().unwrap();
    store.save_draft(thread, DRAFT, "", 1_791_201_600_002).await.unwrap();
    store.close().await;
    for name in ["vault", "files"] {
        let inside = folder.join(name).join("ab");
        std::fs::create_dir_all(&inside).unwrap();
        std::fs::write(inside.join("abcdef"), NAME).unwrap();
    }
    let keys = Arc::new(MemoryKeyStore::default());
    for name in [KeyName::DeskToken, KeyName::DeskPrivateKey, KeyName::PageToken(northwind())] {
        keys.set(&name, &SecretString::from(TOKEN)).await.unwrap();
    }
    keys
}

/// A relay that says that the desk was cut off once its stream is open.
async fn relay_that_cut_off() -> MockServer {
    let relay = MockServer::start().await;
    let hello = Hello { accounts: vec![on_northwind()], ..hello(Versions::ours()) };
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello))
        .mount(&relay)
        .await;
    streams(&relay, sse(&[StreamEvent::Revoked])).await;
    relay
}

async fn takes_wiped(relay: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST"))
        .and(path(routes::WIPED))
        .and(header("authorization", format!("Bearer {TOKEN}")))
        .respond_with(answer)
        .mount(relay)
        .await;
}

fn no(status: u16, code: ErrorCode) -> ResponseTemplate {
    let body = ErrorBody { code, message: "No.".to_owned(), action: "Ask an admin.".to_owned() };
    ResponseTemplate::new(status).set_body_json(body)
}

async fn told(relay: &MockServer) -> usize {
    let asked = relay.received_requests().await.unwrap();
    asked.iter().filter(|request| request.url.path() == routes::WIPED).count()
}

async fn stage(desk: &Desk) -> Option<CutOffStage> {
    desk.session().await.unwrap().cut_off.map(|cut_off| cut_off.stage)
}

async fn reaches(desk: &Desk, wanted: CutOffStage) {
    until("it goes on", async || (stage(desk).await == Some(wanted)).then_some(())).await;
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}

fn nothing_is_left(folder: &Path, keys: &MemoryKeyStore) {
    for file in files_under(folder) {
        let bytes = std::fs::read(&file).unwrap();
        for words in [NAME, DRAFT, TOKEN, "Northwind Tea"] {
            let holds = bytes.windows(words.len()).any(|at| at == words.as_bytes());
            assert!(!holds, "“{words}” in {}", file.display());
        }
    }
    assert!(keys.names().is_empty(), "{keys:?}");
}

#[tokio::test]
async fn everything_is_removed_and_the_relay_is_told_once() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    reaches(&desk, CutOffStage::Told).await;

    let session = desk.session().await.unwrap();
    let cut_off = session.cut_off.unwrap();
    assert_eq!((cut_off.workspace.as_str(), cut_off.agent_name.as_str()), ("Northwind", "Ines"));
    assert_eq!((cut_off.relay, cut_off.drafts, cut_off.replies), (relay.uri(), 1, 0));
    assert_eq!((session.phase, session.accounts.len(), desk.me()), (Phase::Enrol, 0, None));
    let kinds: Vec<_> = session.problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::DeskRevoked]);
    assert_eq!(desk.store().enrolment().await.unwrap(), None);
    assert_eq!(desk.store().thread_id(&mara()).await.unwrap(), None);
    assert_eq!(told(&relay).await, 1);

    let asked = relay.received_requests().await.unwrap().len();
    desk.shutdown().await;
    nothing_is_left(folder.path(), &keys);

    // The next start asks nobody anything, and still says what happened.
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    assert_eq!(stage(&desk).await, Some(CutOffStage::Told));
    desk.shutdown().await;
    assert_eq!(relay.received_requests().await.unwrap().len(), asked);
}

#[tokio::test]
async fn a_crash_while_it_removes_goes_on_at_the_next_start_before_anything_is_read() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let record = serde_json::json!({"relay": relay.uri(), "workspace": "Northwind", "agent_name": "Ines",
        "stage": "removing", "drafts": 1, "replies": 0, "accounts": [northwind()], "joined_anew": false});
    std::fs::write(folder.path().join("cut-off.json"), record.to_string()).unwrap();

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    reaches(&desk, CutOffStage::Told).await;
    assert_eq!(told(&relay).await, 1);
    desk.shutdown().await;
    nothing_is_left(folder.path(), &keys);
    // Not even hello was said in the name of a desk that is none.
    let asked = relay.received_requests().await.unwrap();
    assert!(asked.iter().all(|request| request.url.path() == routes::WIPED), "{asked:?}");
}

#[tokio::test]
async fn a_store_that_is_half_removed_already_holds_nobody_up() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let record = serde_json::json!({"relay": relay.uri(), "workspace": "Northwind", "agent_name": "Ines",
        "stage": "removing", "drafts": 1, "replies": 0, "accounts": [northwind()], "joined_anew": false});
    std::fs::write(folder.path().join("cut-off.json"), record.to_string()).unwrap();
    std::fs::write(folder.path().join("desk.sqlite"), b"half a file").unwrap();

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    reaches(&desk, CutOffStage::Told).await;
    desk.shutdown().await;
    nothing_is_left(folder.path(), &keys);
}

#[tokio::test]
async fn a_record_that_nobody_can_read_stands_for_one_that_was_begun() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    std::fs::write(folder.path().join("cut-off.json"), "{\"relay\": \"htt").unwrap();

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    reaches(&desk, CutOffStage::Told).await;
    assert_eq!(desk.session().await.unwrap().cut_off.unwrap().workspace, "Northwind");
    assert_eq!(told(&relay).await, 1);
    desk.shutdown().await;
    // The Page token of an account that only the store names went too.
    nothing_is_left(folder.path(), &keys);
}

#[tokio::test]
async fn what_is_removed_stays_so_while_the_relay_cannot_be_told_and_is_told_later() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    Mock::given(method("POST"))
        .and(path(routes::WIPED))
        .respond_with(ResponseTemplate::new(503))
        .up_to_n_times(2)
        .with_priority(1)
        .mount(&relay)
        .await;
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    until("the relay was asked in vain", async || (told(&relay).await >= 1).then_some(())).await;
    assert_eq!(stage(&desk).await, Some(CutOffStage::Removed));
    assert_eq!(desk.store().thread_id(&mara()).await.unwrap(), None);
    // The token that opens the last call is kept under its own name.
    assert_eq!(keys.names(), [KeyName::CutOffToken]);
    desk.shutdown().await;

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    until("it is told", async || {
        desk.wake();
        (stage(&desk).await == Some(CutOffStage::Told)).then_some(())
    })
    .await;
    desk.shutdown().await;
    nothing_is_left(folder.path(), &keys);
}

#[tokio::test]
async fn a_key_store_that_does_not_let_go_is_asked_again_and_nobody_claims_that_nothing_is_left() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let record = serde_json::json!({"relay": relay.uri(), "workspace": "Northwind", "agent_name": "Ines",
        "stage": "removing", "drafts": 0, "replies": 0, "accounts": [northwind()], "joined_anew": false});
    std::fs::write(folder.path().join("cut-off.json"), record.to_string()).unwrap();
    keys.fail_with(Some(KeyStoreError::Locked));

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    let words = until("it says what holds it up", async || {
        desk.session().await.unwrap().cut_off.filter(|cut_off| cut_off.held_up.is_some())
    })
    .await
    .words();
    assert!(words.what.contains("not everything could be removed"), "{words:?}");
    assert_eq!(told(&relay).await, 0);
    keys.fail_with(None);
    until("it goes on", async || {
        desk.wake();
        (stage(&desk).await == Some(CutOffStage::Told)).then_some(())
    })
    .await;
    desk.shutdown().await;
    nothing_is_left(folder.path(), &keys);
}

#[tokio::test]
async fn a_relay_that_does_not_know_this_desk_removes_nothing() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(no(401, ErrorCode::Unauthenticated))
        .mount(&relay)
        .await;
    streams(&relay, no(401, ErrorCode::Unauthenticated)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let before = keys.names();
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    let session = until("it says so", async || {
        let session = desk.session().await.unwrap();
        session.problems.iter().any(|problem| problem.kind == ProblemKind::DeskUnknown).then_some(session)
    })
    .await;
    assert_ne!(session.phase, Phase::Enrol);
    assert_eq!(session.cut_off, None);
    assert!(desk.store().thread_id(&mara()).await.unwrap().is_some());
    assert_eq!(keys.names(), before);
    desk.shutdown().await;
    assert!(!folder.path().join("cut-off.json").exists());
}

#[tokio::test]
async fn whoever_joins_anew_begins_with_nothing_and_is_not_told_again() {
    let (relay, folder) = (relay_that_cut_off().await, tempfile::tempdir().unwrap());
    takes_wiped(&relay, ResponseTemplate::new(204)).await;
    let keys = left_behind(folder.path(), &relay.uri()).await;
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    reaches(&desk, CutOffStage::Told).await;

    relay.reset().await;
    let enrolled = Enrolled {
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        token: "another-token".to_owned(),
        accounts: Vec::new(),
    };
    Mock::given(method("POST"))
        .and(path(routes::ENROL))
        .respond_with(ResponseTemplate::new(200).set_body_json(&enrolled))
        .mount(&relay)
        .await;
    let said = ResponseTemplate::new(200).set_body_json(hello(Versions::ours()));
    Mock::given(method("GET")).and(path(routes::HELLO)).respond_with(said).mount(&relay).await;
    desk.enrol(&relay.uri(), &SecretString::from("a-new-invite")).await.unwrap();

    let session = desk.session().await.unwrap();
    assert_eq!((session.cut_off, desk.this_desk()), (None, Some(enrolled.desk)));
    assert!(!folder.path().join("cut-off.json").exists());
    assert_eq!(keys.names(), [KeyName::DeskToken, KeyName::DeskPrivateKey]);
    desk.shutdown().await;
}
