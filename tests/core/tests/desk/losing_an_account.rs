//! A desk that loses an account keeps nothing of it: no rows, no raw entries, no draft, no token.

use std::sync::Arc;

use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::store::{Enrolment, Store, ThreadKey};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::entry::{Entry, EntryKind, chain_next, chain_start};
use baton_protocol::hello::Versions;
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::TeamFact;
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, LogId, LogName, Platform, routes};
use secrecy::SecretString;
use serde_json::value::to_raw_value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_relay::{hello, open, sse, streams, until};

const NAME: &str = "Mara Lindt of the tea shop";

fn northwind() -> AccountId {
    AccountId::from("104500000000011")
}

fn mara_is_named() -> Entry {
    let customer = CustomerId::from("6200000000000101");
    let fact = TeamFact::CustomerNamed { customer, name: NAME.to_owned(), by_hand: true };
    let (key, at_ms) = ("name-1".to_owned(), 1_791_201_600_001);
    let chain = chain_next(&chain_start(), EntryKind::Team, &key, at_ms);
    let log = LogName::Account(northwind());
    Entry { log, seq: 1, at_ms, kind: EntryKind::Team, key, body: to_raw_value(&fact).unwrap(), chain }
}

async fn says_hello_with(relay: &MockServer, accounts: Vec<AccountRole>, times: u64, priority: u8) {
    let mut hello = hello(Versions::ours());
    hello.accounts = accounts;
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello))
        .up_to_n_times(times)
        .with_priority(priority)
        .mount(relay)
        .await;
}

#[tokio::test]
async fn what_a_desk_may_no_longer_read_is_gone_from_it() {
    let (relay, folder) = (MockServer::start().await, tempfile::tempdir().unwrap());
    let role = AccountRole {
        account: northwind(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    };
    says_hello_with(&relay, vec![role], 1, 1).await;
    says_hello_with(&relay, Vec::new(), u64::MAX, 2).await;
    let log = LogName::Account(northwind());
    let begins = Opened { log: log.clone(), log_id: LogId::new(), head: 1, from_seq: 1 };
    let events = [StreamEvent::Opened(begins), StreamEvent::Entries(vec![mara_is_named()])];
    Mock::given(method("POST"))
        .and(path(routes::STREAM))
        .respond_with(sse(&events))
        .up_to_n_times(1)
        .with_priority(1)
        .mount(&relay)
        .await;
    streams(&relay, sse(&[])).await;

    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.uri(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token")).await.unwrap();
    keys.set(&KeyName::PageToken(northwind()), &SecretString::from("EAAtoken")).await.unwrap();
    let desk = open(folder.path(), Arc::clone(&keys)).await;

    let mara = ThreadKey { account: northwind(), customer: CustomerId::from("6200000000000101") };
    let thread = until("the thread", async || desk.store().thread_id(&mara).await.unwrap()).await;
    let kept = desk.save_draft(thread, "Hello Mara", "").await;

    until("the account is gone", async || {
        let gone = desk.store().thread_id(&mara).await.unwrap().is_none();
        (gone && desk.store().cursor(&log).await.unwrap().is_none()).then_some(())
    })
    .await;
    until("its token is gone", async || (keys.names() == [KeyName::DeskToken]).then_some(())).await;
    assert!(desk.session().await.unwrap().accounts.is_empty());
    desk.shutdown().await;
    // The draft may have come too late to be kept; where it was kept it went with the account.
    drop(kept);
    let entries = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
    for file in entries.filter(|path| path.is_file()) {
        let bytes = std::fs::read(file).unwrap();
        for words in [NAME, "Hello Mara"] {
            assert!(!bytes.windows(words.len()).any(|window| window == words.as_bytes()), "{words} on disk");
        }
    }
}
