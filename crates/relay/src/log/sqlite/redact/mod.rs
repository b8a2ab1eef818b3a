//! Texts that leave the file: of messages that were taken back, and of customers who were erased.
//!
//! ```text
//!            ┌─ meta: the body becomes a tombstone            ┐
//!   unsend ──┼─ audit: the message is cut out of its page     ├──▶ a `redacted` entry, for desks that have them
//!   erase  ──┼─ team: only the words go, the fact stays       │
//!            └─ quarantine: the row keeps who, when and which ┘
//!   a note that is taken away: only its words go; the fact that says so tells desks
//! ```
//!
//! `seq`, `key` and `chain` of an entry stay. What is told of a message after its unsend is stored without its words,
//! whichever way it is told. Pages that held words are wiped by `secure_delete`, and the WAL is emptied afterwards.

mod aside;
mod erase;
mod grants;
mod unsend;

pub(super) use aside::{in_quarantine, unreadable};
pub(super) use erase::customer;
pub(super) use grants::clear_if_unsent;
pub(super) use unsend::{tombstone_if_unsent, unsend};

use baton_protocol::LogName;
use baton_protocol::entry::{EntryKind, Redaction};
use baton_protocol::team::TeamFact;

use super::super::LogError;
use super::append::{self, NewEntry};
use super::row::{column, storage, to_json};
use super::writer::Tx;

/// Puts another body in place of an entry's.
async fn replace_body(tx: &mut Tx<'_>, log: &str, seq: i64, body: &str) -> Result<(), LogError> {
    sqlx::query!("update entry set body = ?3 where log = ?1 and seq = ?2", log, seq, body)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.removed = true;
    tx.effects.rewritten.entries.insert((log.to_owned(), seq), body.to_owned());
    Ok(())
}

/// A fact of the team stays without its words.
pub(super) async fn fact(tx: &mut Tx<'_>, log: &LogName, seq: i64, bare: &TeamFact) -> Result<(), LogError> {
    replace_body(tx, log.as_str(), seq, &to_json(bare)?).await
}

/// Appends the entry that tells desks of it.
async fn tell(tx: &mut Tx<'_>, log: &LogName, key: &str, redaction: &Redaction) -> Result<(), LogError> {
    let body = to_json(redaction)?;
    let customer = Some(&redaction.customer);
    let new = NewEntry { kind: EntryKind::Redacted, key, about: "", mid: None, customer, body: &body };
    append::entry(tx, log, new).await?;
    Ok(())
}

/// The seqs of a redaction, from their columns.
fn seqs(columns: &[i64]) -> Vec<u64> {
    columns.iter().map(|at| super::row::seq(*at)).collect()
}

/// Whether this message was taken back.
pub(super) async fn is_unsent(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<bool, LogError> {
    let row = sqlx::query!("select at_ms from unsent where account = ?1 and mid = ?2", account, mid)
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(row.is_some())
}

/// The seq before which an erasure reaches, for its column.
fn before(seq: u64) -> i64 {
    column(seq)
}
