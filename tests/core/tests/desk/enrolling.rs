//! First run: what is asked of the relay, in which order, and what is kept.

use std::sync::Arc;

use baton_core::desk::{DeskError, ProblemKind};
use baton_core::keys::{KeyName, KeyStore, KeyStoreError, MemoryKeyStore};
use baton_protocol::enrol::{AccountRole, Enrolled, Role};
use baton_protocol::hello::Versions;
use baton_protocol::{AgentId, DeskId, Platform, routes};
use secrecy::SecretString;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_relay::{open, says_hello};

const TOKEN: &str = "desk-token-that-nobody-may-see";

async fn relay() -> MockServer {
    let relay = MockServer::start().await;
    let account = AccountRole {
        account: "104500000000011".into(),
        platform: Platform::Messenger,
        name: String::new(),
        role: Role::Agent,
        connected: false,
    };
    let enrolled = Enrolled {
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        token: TOKEN.to_owned(),
        accounts: vec![account],
    };
    Mock::given(method("POST"))
        .and(path(routes::ENROL))
        .respond_with(ResponseTemplate::new(200).set_body_json(enrolled))
        .mount(&relay)
        .await;
    says_hello(&relay, Versions::ours()).await;
    relay
}

fn invite() -> SecretString {
    SecretString::from("invite-of-ines")
}

#[tokio::test]
async fn an_invite_is_not_spent_when_the_key_store_takes_no_secrets() {
    let (relay, folder) = (relay().await, tempfile::tempdir().unwrap());
    let keys = Arc::new(MemoryKeyStore::default());
    keys.fail_with(Some(KeyStoreError::Locked));
    let desk = open(folder.path(), Arc::clone(&keys)).await;

    let error = desk.enrol(&relay.uri(), &invite()).await.unwrap_err();
    assert!(matches!(error, DeskError::KeyStore(KeyStoreError::Locked)));
    assert!(relay.received_requests().await.unwrap().is_empty(), "the relay was not asked");

    keys.fail_with(None);
    desk.enrol(&relay.uri(), &invite()).await.unwrap();
    assert!(desk.me().is_some());
    desk.shutdown().await;
}

#[tokio::test]
async fn the_secrets_go_to_the_key_store_and_nowhere_else() {
    let (relay, folder) = (relay().await, tempfile::tempdir().unwrap());
    let keys = Arc::new(MemoryKeyStore::default());
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    desk.enrol(&relay.uri(), &invite()).await.unwrap();

    assert_eq!(keys.names(), [KeyName::DeskToken, KeyName::DeskPrivateKey]);
    desk.shutdown().await;
    for file in files_under(folder.path()) {
        let bytes = std::fs::read(file).unwrap();
        for secret in [TOKEN, "invite-of-ines"] {
            assert!(
                !bytes.windows(secret.len()).any(|window| window == secret.as_bytes()),
                "{secret} on disk"
            );
        }
    }
}

#[tokio::test]
async fn an_account_that_the_invite_does_not_name_is_not_connected() {
    let (relay, folder) = (relay().await, tempfile::tempdir().unwrap());
    let desk = open(folder.path(), Arc::default()).await;
    desk.enrol(&relay.uri(), &invite()).await.unwrap();

    let token = SecretString::from("EAAtoken");
    let error = desk.connect_account(&"104500000000099".into(), &token).await.unwrap_err();
    assert!(error.agent_words().what.contains("does not name that account"), "{error}");
    desk.shutdown().await;
}

#[tokio::test]
async fn a_desk_whose_own_key_is_gone_from_the_key_store_says_so_and_joins_anew_with_what_it_has() {
    let (relay, folder) = (relay().await, tempfile::tempdir().unwrap());
    let keys = Arc::new(MemoryKeyStore::default());
    let desk = open(folder.path(), Arc::clone(&keys)).await;
    desk.enrol(&relay.uri(), &invite()).await.unwrap();
    desk.store().set_setting("page.kept", Some("1")).await.unwrap();
    desk.shutdown().await;
    keys.delete(&KeyName::DeskToken).await.unwrap();

    let desk = open(folder.path(), Arc::clone(&keys)).await;
    let session = desk.session().await.unwrap();
    let gone = session.problems.iter().find(|problem| problem.kind == ProblemKind::DeskKeyGone).unwrap();
    assert!(gone.words.remedy.contains("new invite") && gone.words.remedy.contains("stays"), "{gone:?}");
    assert!(session.problems.iter().all(|problem| problem.kind != ProblemKind::NoKeyStore));

    desk.enrol(&relay.uri(), &invite()).await.unwrap();
    let session = desk.session().await.unwrap();
    assert!(session.problems.iter().all(|problem| problem.kind != ProblemKind::DeskKeyGone), "{session:?}");
    assert_eq!(desk.store().setting("page.kept").await.unwrap().as_deref(), Some("1"));
    desk.shutdown().await;
}

fn files_under(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let inside = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    inside.flat_map(|path| if path.is_dir() { files_under(&path) } else { vec![path] }).collect()
}
