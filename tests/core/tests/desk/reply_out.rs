//! A reply while Meta cannot be reached: it waits with words, and every try is a part id of its own that is given back.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_core::desk::{Desk, Press};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::outbox::{Leaves, State, Wait, state_of};
use baton_core::store::{Enrolment, Store, ThreadId};
use baton_protocol::command::{Accepted, Command, CommandRequest, PartState};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::Settlement;
use baton_protocol::{DeskId, PartId, Platform, routes};
use secrecy::SecretString;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::builders::{Log, MARA, MINUTE, NINE, ines, key, log_id, tea};
use crate::fake_relay::{hello, open, sse, streams, until};

/// What the desk asked for.
#[derive(Default)]
pub struct Asked {
    granted: Vec<PartId>,
    not_begun: BTreeSet<PartId>,
}

/// Grants whatever is asked for the first time, and keeps what it was asked.
pub async fn grants_everything(relay: &MockServer) -> Arc<Mutex<Asked>> {
    let asked: Arc<Mutex<Asked>> = Arc::default();
    let answer = {
        let asked = Arc::clone(&asked);
        move |request: &Request| {
            let request: CommandRequest = serde_json::from_slice(&request.body).unwrap();
            let mut asked = asked.lock().unwrap();
            let part = match request.command {
                Command::StartSend { part, .. } => {
                    asked.granted.push(part);
                    Some(PartState::Granted)
                }
                Command::SettleSend { part, settlement: Settlement::NotBegun, .. } => {
                    asked.not_begun.insert(part);
                    Some(PartState::Settled { settlement: Settlement::NotBegun })
                }
                _ => None,
            };
            ResponseTemplate::new(200).set_body_json(Accepted { part, ..Accepted::default() })
        }
    };
    let log = baton_protocol::LogName::Account(tea());
    Mock::given(method("POST")).and(path(routes::commands(&log))).respond_with(answer).mount(relay).await;
    asked
}

async fn mara_wrote(relay: &MockServer) {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Where is my parcel?");
    let head = log.entries.last().unwrap().seq;
    let opened = Opened { log: log.name.clone(), log_id: log_id(), head, from_seq: 1 };
    streams(relay, sse(&[StreamEvent::Opened(opened), StreamEvent::Entries(log.entries)])).await;
    let mut hello = hello(Versions::ours());
    hello.meta_ms = Some(NINE + MINUTE);
    serves_tea(relay, hello).await;
}

/// Says hello to a desk that serves the Page.
pub async fn serves_tea(relay: &MockServer, hello: Hello) {
    serves_tea_at(relay, move || hello.clone()).await;
}

/// The same, where what it says is another thing each time.
pub async fn serves_tea_at(relay: &MockServer, hello: impl Fn() -> Hello + Send + Sync + 'static) {
    let accounts = vec![AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    }];
    let says = move |_: &wiremock::Request| {
        ResponseTemplate::new(200).set_body_json(Hello { accounts: accounts.clone(), ..hello() })
    };
    Mock::given(method("GET")).and(path(routes::HELLO)).respond_with(says).mount(relay).await;
}

/// A desk with a thread of Mara's that can be answered, at a relay that grants everything and a Meta that is away.
pub async fn desk_with_maras_thread() -> (Desk, MockServer, tempfile::TempDir) {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    grants_everything(&relay).await;
    let desk = desk_at(&relay, &folder).await;
    until("the thread", async || desk.store().thread_id(&key(MARA)).await.unwrap()).await;
    (desk, relay, folder)
}

async fn desk_at(relay: &MockServer, folder: &tempfile::TempDir) -> Desk {
    mara_wrote(relay).await;
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
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
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token")).await.unwrap();
    keys.set(&KeyName::PageToken(tea()), &SecretString::from("EAAtoken")).await.unwrap();
    open(folder.path(), keys).await
}

/// A plain reply, as the composer presses it now.
pub async fn press(desk: &Desk, thread: ThreadId, text: &str) -> Press {
    let composer = desk.composer(thread).await.unwrap();
    Press {
        thread,
        text: text.to_owned(),
        based_on: composer.draft.map(|draft| draft.text).unwrap_or_default(),
        leaves: Leaves::Plain,
        take_first: false,
        version: composer.version,
        word_seq: composer.word_seq,
        composed_ms: 4_000,
        despite_unknown: false,
        hold_ms: 0,
        then_done: false,
        files: Vec::new(),
    }
}

#[tokio::test]
async fn while_meta_is_away_a_reply_waits_and_each_try_is_given_back() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    let asked = grants_everything(&relay).await;
    let desk = desk_at(&relay, &folder).await;
    let thread = until("the thread", async || desk.store().thread_id(&key(MARA)).await.unwrap()).await;

    let press = press(&desk, thread, "It arrives tomorrow.").await;
    let receipt = desk.send_reply(press).await.unwrap();

    until("it waits for the network", async || {
        let part = desk.store().part(receipt.keys[0].0).await.unwrap()?;
        let waits = State::Queued { asked: false, wait: Some(Wait::Network) };
        (state_of(&part).unwrap() == waits).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    desk.shutdown().await;

    let asked = asked.lock().unwrap();
    let ids: BTreeSet<PartId> = asked.granted.iter().copied().collect();
    assert_eq!(ids.len(), asked.granted.len(), "no id is asked for twice");
    assert!((2..=5).contains(&ids.len()), "{} tries in four seconds", ids.len());
    assert!(ids.difference(&asked.not_begun).count() <= 1, "every try but a last one was given back");
}
