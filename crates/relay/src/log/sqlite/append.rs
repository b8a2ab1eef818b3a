//! One entry at the end of a log.

use baton_protocol::entry::{EntryKind, chain_next};
use baton_protocol::team::TeamFact;
use baton_protocol::{CustomerId, LogId, LogName};

use super::super::LogError;
use super::row::{seq, storage, to_json};
use super::snapshot;
use super::writer::Tx;

/// What is to be appended.
pub(super) struct NewEntry<'a> {
    pub(super) kind: EntryKind,
    pub(super) key: &'a str,
    /// Of a meta entry: the kind of event.
    pub(super) about: &'a str,
    /// Of a meta entry: the message it is, or is about.
    pub(super) mid: Option<&'a str>,
    /// Whom it is about.
    pub(super) customer: Option<&'a CustomerId>,
    pub(super) body: &'a str,
}

/// Appends an entry and returns its seq; none when `(kind, key)` stands there already.
///
/// Its time is Meta's where that is known without doubt, else the relay's own, and never before one that Meta's clock
/// gave this log. A relay whose own clock was wrong comes back to the truth with Meta's next answer, because only Meta's
/// time holds later ones up.
pub(super) async fn entry(
    tx: &mut Tx<'_>,
    log: &LogName,
    new: NewEntry<'_>,
) -> Result<Option<u64>, LogError> {
    let (name, kind) = (log.as_str(), new.kind.to_string());
    let known = sqlx::query!(
        r#"select seq as "seq!" from entry where log = ?1 and kind = ?2 and key = ?3"#,
        name,
        kind,
        new.key
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    if known.is_some() {
        return Ok(None);
    }
    let at = sqlx::query!(
        r#"select head as "head!", chain as "chain!", meta_at_ms as "meta_at_ms!" from log where log = ?1"#,
        name
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?
    .ok_or_else(|| LogError::Unreadable(format!("there is no log {name}")))?;
    let next = at.head + 1;
    let at_ms = tx.stamp.ms.max(at.meta_at_ms);
    let meta_at_ms = if tx.stamp.is_metas { at_ms } else { at.meta_at_ms };
    let chain = chain_next(&at.chain, new.kind, new.key, at_ms);
    let customer = new.customer.map(CustomerId::as_str);
    sqlx::query!(
        "insert into entry (log, seq, at_ms, kind, key, about, mid, customer, body, chain)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        name,
        next,
        at_ms,
        kind,
        new.key,
        new.about,
        new.mid,
        customer,
        new.body,
        chain
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    sqlx::query!(
        "update log set head = ?2, chain = ?3, meta_at_ms = ?4 where log = ?1",
        name,
        next,
        chain,
        meta_at_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    tx.effects.heads.insert(log.clone(), seq(next));
    Ok(Some(seq(next)))
}

/// Appends a fact of the team under the key of the command that made it.
pub(super) async fn fact(
    tx: &mut Tx<'_>,
    log: &LogName,
    key: &str,
    fact: &TeamFact,
) -> Result<Option<u64>, LogError> {
    let body = to_json(fact)?;
    let customer = fact.customer();
    let new = NewEntry { kind: EntryKind::Team, key, about: "", mid: None, customer, body: &body };
    let at = entry(tx, log, new).await?;
    if let Some(at) = at {
        snapshot::note(tx, log, fact, at).await?;
    }
    Ok(at)
}

/// Makes the log if it does not exist.
pub(super) async fn make_log(tx: &mut Tx<'_>, log: &LogName) -> Result<(), LogError> {
    let (name, log_id) = (log.as_str(), LogId::new().to_string());
    sqlx::query!("insert into log (log, log_id) values (?1, ?2) on conflict do nothing", name, log_id)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.heads.entry(log.clone()).or_insert(head(tx.conn, log).await?);
    Ok(())
}

/// The highest seq of a log.
pub(super) async fn head(conn: &mut sqlx::SqliteConnection, log: &LogName) -> Result<u64, LogError> {
    let name = log.as_str();
    let row = sqlx::query!(r#"select head as "head!" from log where log = ?1"#, name)
        .fetch_optional(conn)
        .await
        .map_err(storage)?;
    Ok(row.map_or(0, |row| seq(row.head)))
}
