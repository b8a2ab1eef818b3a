//! An update on a disk that is full: it is told, and the file of before stands as it was, for the program of before and for the
//! next try.

use std::path::{Path, PathBuf};

use baton_core::store::{OpeningStep, OpeningWatcher, SCHEMA, Store, StoreError};
use sqlx::Connection as _;

use crate::kept::{connect, of_schema};

const OLD: i64 = 28;
const LIGHT: &str = "\"light\"";

/// The disk is full from the moment in which the copy begins: whatever is written to it goes to a device without room.
struct FullDisk {
    copy: PathBuf,
}

/// SQLite follows the link, and lays its journal beside where that leads if it may.
impl Drop for FullDisk {
    fn drop(&mut self) {
        let _ = std::fs::remove_file("/dev/full-journal");
    }
}

impl OpeningWatcher for FullDisk {
    fn stands(&self, step: OpeningStep) {
        if let OpeningStep::Copying(share) = step
            && share.done == 0
            && !self.copy.exists()
        {
            std::os::unix::fs::symlink("/dev/full", &self.copy).unwrap();
        }
    }
}

async fn old_file(file: &Path) {
    let mut conn = of_schema(file, OLD).await;
    sqlx::query("INSERT INTO setting (name, value) VALUES ('page.theme', ?)")
        .bind(LIGHT)
        .execute(&mut conn)
        .await
        .unwrap();
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
}

async fn schema_of(file: &Path) -> i64 {
    let mut conn = connect(file).await;
    let schema =
        sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    schema
}

fn aside(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder.join("set-aside")).unwrap();
    files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect()
}

#[tokio::test]
async fn an_update_whose_copy_finds_no_room_is_told_and_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("desk.db");
    old_file(&file).await;
    let before = std::fs::read(&file).unwrap();
    let copy = folder.path().join(format!("set-aside/before-update-of-schema-{OLD}.part"));

    for _ in 0..2 {
        let error = Store::open_told(&file, &FullDisk { copy: copy.clone() }).await.unwrap_err();
        assert!(matches!(error, StoreError::DiskFull) && error.may_pass(), "{error:?}");
        let words = error.words();
        assert!(words.what.contains("disk is full") && words.remedy.contains("Free some space"), "{words:?}");
        assert_eq!(aside(folder.path()), [] as [String; 0], "no half of a copy is left");
        assert!(std::fs::read(&file).unwrap() == before, "the old file was written into");
    }
    assert_eq!(schema_of(&file).await, OLD);

    // There is room again.
    let store = Store::open(&file).await.unwrap();
    assert_eq!(store.setting("page.theme").await.unwrap().as_deref(), Some(LIGHT));
    assert!(store.is_sound().await.unwrap());
    store.close().await;
    assert_eq!(schema_of(&file).await, SCHEMA);
    assert_eq!(aside(folder.path()), [format!("before-update-of-schema-{OLD}.sqlite")]);
}
