//! A desk that nobody answers: it opens, reads and drafts all the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_core::desk::{Lacks, Phase, ProblemKind, StatusFacts};
use baton_core::keys::{KeyStoreError, MemoryKeyStore};
use baton_core::store::Store;
use baton_core::sync::SyncStatus;
use baton_protocol::Platform;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::entry::Entry;

use crate::builders::{Log, MARA, NINE, log_id, tea};
use crate::fake_relay::{NOWHERE, enrolled, open, until};

#[tokio::test]
async fn a_new_desk_without_key_store_opens_and_asks_to_be_set_up() {
    let folder = tempfile::tempdir().unwrap();
    let keys = Arc::new(MemoryKeyStore::default());
    keys.fail_with(Some(KeyStoreError::NoStore("no bus".to_owned())));
    let desk = open(folder.path(), keys).await;

    let session = desk.session().await.unwrap();
    assert_eq!(session.phase, Phase::Enrol);
    assert!(desk.meta_now().doubtful, "nobody told the time yet");
    assert_eq!(desk.status().await.unwrap().relay, SyncStatus::Idle);
    desk.shutdown().await;
}

#[tokio::test]
async fn a_desk_whose_relay_is_away_says_so_and_works_on() {
    let folder = tempfile::tempdir().unwrap();
    let desk = enrolled(folder.path(), NOWHERE).await;

    let problems = until("the relay is missed", async || {
        let problems = desk.session().await.unwrap().problems;
        (!problems.is_empty()).then_some(problems)
    })
    .await;
    assert_eq!(problems[0].kind, ProblemKind::RelayUnreachable);
    // No account is connected yet: nothing could arrive, and nothing could wait.
    let words = &problems[0].words;
    assert!(words.what.contains("no account can be connected"), "{words:?}");
    assert!(!words.what.contains("replies"), "{words:?}");
    desk.store().set_setting("page.theme", Some("\"dark\"")).await.unwrap();
    desk.shutdown().await;
}

#[tokio::test]
async fn a_locked_key_store_has_its_own_words_and_is_no_relay_problem() {
    let folder = tempfile::tempdir().unwrap();
    enrolled(folder.path(), NOWHERE).await.shutdown().await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.fail_with(Some(KeyStoreError::Locked));
    let desk = open(folder.path(), Arc::clone(&keys)).await;

    let problems = desk.session().await.unwrap().problems;
    let kinds: Vec<_> = problems.iter().map(|problem| problem.kind).collect();
    assert_eq!(kinds, [ProblemKind::NoKeyStore]);
    // It is looked at again by itself, so nobody is told to try.
    let words = &problems[0].words;
    assert!(words.what.contains("nothing new arrives"), "{words:?}");
    assert!(words.remedy.contains("looks again") && !words.remedy.contains("try again"), "{words:?}");
    desk.shutdown().await;
}

#[tokio::test]
async fn shutting_down_ends_every_task() {
    let folder = tempfile::tempdir().unwrap();
    let desk = enrolled(folder.path(), NOWHERE).await;
    tokio::time::timeout(std::time::Duration::from_secs(10), desk.shutdown()).await.unwrap();
    // The files are free for the next run.
    enrolled(folder.path(), NOWHERE).await.shutdown().await;
}

/// A desk that holds these entries of Northwind Tea's log, of which the relay is away.
async fn alone_with(holds: &[&[Entry]]) -> StatusFacts {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    for entries in holds {
        store.ingest(entries, log_id()).await.unwrap();
    }
    let role = AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    };
    store.set_access(&[role]).await.unwrap();
    store.close().await;
    let desk = enrolled(folder.path(), NOWHERE).await;
    let status = until("the relay to be away", async || {
        let status = desk.status().await.unwrap();
        matches!(status.relay, SyncStatus::Offline { .. }).then_some(status)
    })
    .await;
    desk.shutdown().await;
    status
}

#[tokio::test]
async fn what_a_cut_left_out_is_lacking_while_the_relay_is_away() {
    let mut log = Log::connected();
    for number in 0..6 {
        log.says("messaging", MARA, NINE + number, &format!("m_{number}"), "Hello");
    }

    // The newest came first, and then the line was cut.
    let status = alone_with(&[&log.entries[5..], &log.entries[..2]]).await;
    assert_eq!(status.lacks, BTreeMap::from([(tea(), Lacks { entries: 3, of: 3 })]));

    let status = alone_with(&[&log.entries[..]]).await;
    assert!(status.lacks.is_empty(), "nothing is known of that is not here: {:?}", status.lacks);
}
