//! Copies of the log that are made while it is used, follow what is removed, and are put back.

use std::path::{Path, PathBuf};
use std::time::Duration;

use baton_protocol::command::Command;
use baton_protocol::draft::DraftTold;
use baton_protocol::routes;
use baton_protocol::stream::EntryPage;
use baton_relay::clock::{Clock as _, SystemClock};
use baton_relay::log::sqlite::{RestoreError, Restored, restore};
use baton_relay::operator::{Answer, Request, act};
use reqwest::Method;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::time::Instant;

use crate::operator::program;
use crate::stage::{Desk, MARA, Stage, TEA, customer, unsend};

const SECRET: &str = "my-card-number-4012";

async fn copy(stage: &Stage, name: &str) -> PathBuf {
    let to = stage.database().with_file_name(name);
    let request = Request::Backup { to: to.clone() };
    let answer = stage.operate(request).await;
    assert!(matches!(answer, Answer::Backup { bytes } if bytes > 0));
    to
}

fn holds(file: &Path, words: &str) -> bool {
    std::fs::read(file).unwrap().windows(words.len()).any(|at| at == words.as_bytes())
}

/// In the file, or in the log of writes beside it: what is set aside keeps that where it could not be moved into the file.
fn keeps(file: &Path, words: &str) -> bool {
    let mut wal = file.as_os_str().to_owned();
    wal.push("-wal");
    let wal = PathBuf::from(wal);
    holds(file, words) || wal.exists() && holds(&wal, words)
}

async fn page(desk: &Desk) -> EntryPage {
    desk.page(TEA, "after=0").await.map_err(|(_, no)| no).unwrap()
}

async fn put_back(stage: &Stage, from: &Path) -> Result<Restored, RestoreError> {
    restore(from, &stage.database(), SystemClock.wall_ms()).await
}

#[tokio::test]
async fn a_copy_is_put_back_under_other_log_ids() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    let before = page(&ines).await;
    let copied = copy(&stage, "copy.db").await;
    stage.says(TEA, MARA, "m_2", "This is not in the copy").await;

    let error = put_back(&stage, &copied).await.unwrap_err();
    assert!(matches!(error, RestoreError::Running(_)), "{error}");
    assert_eq!(ines.entries(TEA).await.len(), before.entries.len() + 1, "nothing was changed");

    stage.stop().await;
    let restored = put_back(&stage, &copied).await.unwrap();
    stage.start().await;
    let ines = ines.at(&stage);
    let after = page(&ines).await;
    assert_eq!(after.entries, before.entries);
    assert_ne!(after.log_id, before.log_id);
    assert!(restored.entries >= before.entries.len() as i64);
    assert!(restored.newest_ms.is_some());
    let aside = restored.before.unwrap();
    assert!(holds(&aside, "This is not in the copy"), "what was there before is kept");
    // It goes on as if nothing had been.
    stage.says(TEA, MARA, "m_3", "And on").await;
    assert_eq!(ines.entries(TEA).await.len(), before.entries.len() + 1);
}

#[tokio::test]
async fn drafts_of_then_are_not_put_back() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let assign = |assignee| Command::Assign { customer: customer(MARA), assignee };
    ines.do_it(TEA, assign(Some(ines.enrolled.agent))).await;
    let told = DraftTold { customer: customer(MARA), text: SECRET.to_owned(), files: Vec::new() };
    let path = routes::of_account(routes::DRAFTS, &TEA.into());
    let kept = ines.request(Method::POST, &path).json(&told).send().await.unwrap();
    assert_eq!(kept.status(), 204);
    let copied = copy(&stage, "copy.db").await;
    assert!(holds(&copied, SECRET));
    stage.stop().await;
    put_back(&stage, &copied).await.unwrap();
    assert!(!holds(&stage.database(), SECRET));
    stage.start().await;
    let given_away = ines.at(&stage).do_it(TEA, assign(None)).await;
    assert_eq!(given_away.seqs.len(), 1, "what may have been sent since is handed to nobody");
}

#[tokio::test]
async fn what_is_taken_back_leaves_the_copies_too() {
    let mut stage = Stage::new().await;
    stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    let first = copy(&stage, "first.db").await;
    let second = copy(&stage, "second.db").await;
    let moved = stage.database().with_file_name("moved.db");
    std::fs::rename(&second, &moved).unwrap();
    assert!(holds(&first, SECRET));
    // A relay that starts anew still knows its copies.
    stage.restart().await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert!(!holds(&first, SECRET));
    assert!(holds(&moved, SECRET), "one that was moved away cannot be followed");

    // Put back, the copy still knows that the message was taken back.
    stage.stop().await;
    put_back(&stage, &first).await.unwrap();
    stage.start().await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    crate::redaction::gone_from_the_files(&stage, SECRET).await;
}

/// Puts words between the cells of a page, where SQLite leaves old copies when it moves cells.
fn leave_between_cells(file: &Path, words: &str) {
    const PAGE: usize = 4096;
    let mut bytes = std::fs::read(file).unwrap();
    assert_eq!(usize::from(u16::from_be_bytes([bytes[16], bytes[17]])), PAGE);
    let pages = bytes.chunks_exact_mut(PAGE);
    let put = pages.skip(1).find_map(|page| {
        // A leaf of a table: how many cells, and where they begin.
        let (cells, begin) = (u16::from_be_bytes([page[3], page[4]]), u16::from_be_bytes([page[5], page[6]]));
        let gap = 8 + 2 * usize::from(cells)..usize::from(begin);
        (page[0] == 0x0d && gap.len() > words.len())
            .then(|| page[gap.end - words.len()..gap.end].copy_from_slice(words.as_bytes()))
    });
    put.expect("a page with room");
    std::fs::write(file, bytes).unwrap();
}

async fn gone_from(file: &Path, words: &str) {
    let begun = Instant::now();
    while holds(file, words) {
        assert!(begun.elapsed() < Duration::from_secs(20), "the words are still in {}", file.display());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn copies_are_looked_through_for_what_lies_between_cells_also_after_a_kill() {
    const LEFT: &str = "my-card-number-was-4012-before";
    let mut stage = Stage::new().await;
    stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    stage.says(TEA, MARA, "m_2", "This stays").await;
    let copied = copy(&stage, "copy.db").await;
    leave_between_cells(&copied, LEFT);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    gone_from(&copied, LEFT).await;
    assert!(holds(&copied, "This stays"));

    // The one that removed does not live to look.
    leave_between_cells(&copied, LEFT);
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_2")).await, 200);
    stage.restart().await;
    gone_from(&copied, LEFT).await;
    // What is left is a sound copy.
    stage.stop().await;
    put_back(&stage, &copied).await.unwrap();
}

#[tokio::test]
async fn a_copy_that_cannot_be_looked_through_is_deleted() {
    let stage = Stage::new().await;
    stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    let copied = copy(&stage, "copy.db").await;
    // Pages that may be pointers, which nothing here reckons with.
    let options = SqliteConnectOptions::new().filename(&copied);
    let mut conn = options.connect().await.unwrap();
    sqlx::query("pragma auto_vacuum = full").execute(&mut conn).await.unwrap();
    sqlx::query("vacuum").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    let begun = Instant::now();
    while copied.exists() {
        assert!(begun.elapsed() < Duration::from_secs(20), "the copy is still there");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn what_was_replaced_by_a_restore_follows_too() {
    let mut stage = Stage::new().await;
    stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    let copied = copy(&stage, "copy.db").await;
    stage.stop().await;
    let aside = put_back(&stage, &copied).await.unwrap().before.unwrap();
    assert!(keeps(&aside, SECRET));
    stage.start().await;
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert!(!holds(&aside, SECRET) && !holds(&copied, SECRET));
}

#[tokio::test]
async fn a_copy_that_cannot_be_rewritten_is_deleted() {
    let stage = Stage::new().await;
    stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", SECRET).await;
    let copied = copy(&stage, "copy.db").await;
    let mut bytes = std::fs::read(&copied).unwrap();
    bytes[..100].fill(0);
    std::fs::write(&copied, bytes).unwrap();
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_1")).await, 200);
    assert!(!copied.exists());
}

#[tokio::test]
async fn what_is_no_copy_is_refused_and_nothing_changes() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    let copied = copy(&stage, "copy.db").await;
    stage.stop().await;
    let letter = stage.database().with_file_name("letter.db");
    std::fs::write(&letter, "This is a letter. ".repeat(500)).unwrap();
    let error = put_back(&stage, &letter).await.unwrap_err();
    assert!(error.to_string().contains("no sound database"), "{error}");
    let mut bytes = std::fs::read(&copied).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 4096].fill(0x5A);
    std::fs::write(&letter, bytes).unwrap();
    let error = put_back(&stage, &letter).await.unwrap_err();
    assert!(matches!(error, RestoreError::NotSound { .. }), "{error}");
    stage.start().await;
    let ines = ines.at(&stage);
    assert!(!ines.entries(TEA).await.is_empty());
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused() {
    let stage = Stage::new().await;
    let to = copy(&stage, "copy.db").await;
    let before = std::fs::read(&to).unwrap();
    let again = act(&**stage.running().log(), &SystemClock, Request::Backup { to: to.clone() }).await;
    assert!(again.err().unwrap().to_string().contains("does not exist"));
    assert_eq!(std::fs::read(&to).unwrap(), before);
}

#[tokio::test]
async fn the_commands_say_what_they_did() {
    let dir = tempfile::tempdir().unwrap();
    let to = dir.path().join("copy.db");
    let made = program(dir.path()).args(["backup", "--to"]).arg(&to).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    assert!(String::from_utf8_lossy(&made.stdout).starts_with("Copied "));
    let back = program(dir.path()).args(["restore", "--from"]).arg(&to).output().unwrap();
    assert!(back.status.success(), "{}", String::from_utf8_lossy(&back.stderr));
    assert!(String::from_utf8_lossy(&back.stdout).contains("baton-relay desks"));
    let none = program(dir.path()).args(["restore", "--from", "/nowhere/copy.db"]).output().unwrap();
    assert!(!none.status.success());
}
