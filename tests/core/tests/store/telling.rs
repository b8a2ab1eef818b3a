//! What takes long while a file is opened is told, with how far it is; a file that is opened as it is tells nothing.

use std::sync::{Mutex, PoisonError};

use baton_core::store::{OpeningStep, OpeningWatcher, Share, Store};
use rstest::rstest;

use crate::builders::*;
use crate::kept::Kept;

/// Keeps what it hears.
#[derive(Default)]
struct Heard(Mutex<Vec<OpeningStep>>);

impl OpeningWatcher for Heard {
    fn stands(&self, step: OpeningStep) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(step);
    }
}

/// A step's name and its share.
fn named(step: OpeningStep) -> (&'static str, Share) {
    match step {
        OpeningStep::Copying(share) => ("copying", share),
        OpeningStep::Migrating(share) => ("migrating", share),
        OpeningStep::Salvaging(share) => ("salvaging", share),
        OpeningStep::Remaking(share) => ("remaking", share),
        OpeningStep::Applying(share) => ("applying", share),
        OpeningStep::Starting => ("starting", Share { done: 0, of: 1 }),
    }
}

impl Heard {
    fn all(&self) -> Vec<(&'static str, Share)> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        heard.iter().map(|step| named(*step)).collect()
    }

    /// The steps in their order, each once. No share goes back, and none is more than there is.
    fn steps(&self) -> Vec<&'static str> {
        let all = self.all();
        for pair in all.windows(2) {
            let ((name, before), (next, after)) = (pair[0], pair[1]);
            assert!(name != next || before.done <= after.done, "{all:?}");
        }
        for (name, share) in &all {
            assert!(share.of > 0 && share.done <= share.of, "{name}: {share:?}");
        }
        let mut names: Vec<_> = all.into_iter().map(|(name, _)| name).collect();
        names.dedup();
        names
    }

    /// The last that was told of a step.
    fn last(&self, step: &str) -> Share {
        self.all().into_iter().rev().find(|(name, _)| *name == step).unwrap().1
    }
}

#[tokio::test]
async fn a_new_file_and_one_that_is_as_it_should_be_tell_nothing() {
    let mut log = Log::connected();
    log.says("messaging", MARA, NINE, "m_1", "Hello");
    let desk = Desk::with(&log).await;
    desk.store.close().await;
    let folder = tempfile::tempdir().unwrap();
    for file in [desk.file(), folder.path().join("new.db")] {
        let heard = Heard::default();
        Store::open_told(&file, &heard).await.unwrap().close().await;
        assert_eq!(heard.steps(), [] as [&str; 0]);
    }
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(12, include_str!("old_files/schema_12.sql"))]
#[tokio::test]
async fn an_old_file_tells_its_copy_and_its_update(#[case] schema: i64, #[case] rows: &'static str) {
    let kept = Kept::of(schema, rows).await;
    let heard = Heard::default();
    Store::open_told(&kept.file(), &heard).await.unwrap().close().await;
    assert_eq!(heard.steps(), ["copying", "migrating", "applying"]);
    let bytes = std::fs::metadata(kept.as_it_was()).unwrap().len();
    assert!(heard.last("copying").of <= bytes);
    let migrating = heard.last("migrating");
    assert_eq!(migrating.done + 1, migrating.of, "the last one was told as it began");
    let applying = heard.last("applying");
    assert_eq!(applying.done, applying.of);
    // The next start has nothing to tell.
    let heard = Heard::default();
    Store::open_told(&kept.file(), &heard).await.unwrap().close().await;
    assert_eq!(heard.steps(), [] as [&str; 0]);
}

#[tokio::test]
async fn a_damaged_file_tells_its_repair() {
    let mut log = Log::connected();
    for number in 0..20 {
        log.says("messaging", MARA, NINE + number, &format!("m_{number}"), "Hello");
    }
    let desk = Desk::with(&log).await;
    desk.store.found_damaged().await.unwrap();
    desk.store.close().await;
    let heard = Heard::default();
    Store::open_told(&desk.file(), &heard).await.unwrap().close().await;
    assert_eq!(heard.steps(), ["salvaging", "remaking"]);
    let entries = u64::try_from(log.entries.len()).unwrap();
    assert_eq!(heard.last("remaking"), Share { done: entries, of: entries });
}

#[tokio::test]
async fn a_damaged_old_file_is_told_as_a_repair_and_not_as_an_update() {
    let kept = Kept::of(12, include_str!("old_files/schema_12.sql")).await;
    kept.is_known_as_damaged();
    let heard = Heard::default();
    Store::open_told(&kept.file(), &heard).await.unwrap().close().await;
    assert_eq!(heard.steps(), ["salvaging", "remaking"]);
}
