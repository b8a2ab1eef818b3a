//! Private notes, by their ids: who wrote one is looked up here, and its words leave the file when it is taken away.

use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::team::TeamFact;
use baton_protocol::{LogName, NoteId};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::redact;
use super::row::{column, json, storage};
use super::writer::Tx;
use crate::team::KnownNote;

/// The note under an id, asked for in one thread; none when nobody wrote one.
pub(super) async fn find(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
    note: NoteId,
) -> Result<Option<KnownNote>, LogError> {
    let note = note.to_string();
    let row = sqlx::query!(
        r#"select note.account as "account!", note.customer as "customer!", note.removed_seq, entry.body as "body!"
           from note join entry on entry.log = note.account and entry.seq = note.seq
           where note.note = ?1"#,
        note
    )
    .fetch_optional(conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    let added: TeamFact = json(&row.body)?;
    let is_here = row.account == account.as_str() && row.customer == customer.as_str();
    Ok(Some(KnownNote { is_here, added, is_removed: row.removed_seq.is_some() }))
}

/// A note was added by the fact at this seq.
pub(super) async fn added(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    note: NoteId,
    at: u64,
) -> Result<(), LogError> {
    let (account, customer, note, at) = (account.as_str(), customer.as_str(), note.to_string(), column(at));
    sqlx::query!(
        "insert into note (note, account, customer, seq) values (?1, ?2, ?3, ?4) on conflict do nothing",
        note,
        account,
        customer,
        at
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// A note was taken away by the fact at this seq: its words go from its entry, and from copies of the file. Desks take them
/// out when they read that fact.
pub(super) async fn removed(
    tx: &mut Tx<'_>,
    account: &AccountId,
    note: NoteId,
    at: u64,
) -> Result<(), LogError> {
    let (note, at) = (note.to_string(), column(at));
    sqlx::query!("update note set removed_seq = ?2 where note = ?1 and removed_seq is null", note, at)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    let row = sqlx::query!(
        r#"select note.seq as "seq!", entry.body as "body!"
           from note join entry on entry.log = note.account and entry.seq = note.seq
           where note.note = ?1"#,
        note
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(()) };
    match json::<TeamFact>(&row.body)?.without_words() {
        Some(bare) => redact::fact(tx, &LogName::Account(account.clone()), row.seq, &bare).await,
        None => Ok(()),
    }
}
