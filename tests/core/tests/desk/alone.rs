//! A desk that nobody answers: it opens, reads and drafts all the same.

use std::sync::Arc;

use baton_core::desk::{Phase, ProblemKind};
use baton_core::keys::{KeyStoreError, MemoryKeyStore};
use baton_core::sync::SyncStatus;

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
