//! Tables `raw_entry`, `log_identity` and `cursor_range`: every entry as it came, and how far each log was read.

use std::collections::BTreeSet;

use baton_messenger::webhook::{StoredEvent, json_names};
use baton_messenger::{CustomerId, Mid};
use baton_protocol::entry::{Entry, EntryKind, Tombstone};
use baton_protocol::{Cursor, LogId, LogName, SeqRanges};
use serde_json::value::RawValue;

use super::error::{of_json, parsed, to_json};
use super::{Conn, Result, Store, StoreError, seq_in, seq_out};

/// How far a log was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogState {
    /// The log.
    pub log: LogName,
    /// What this desk holds.
    pub cursor: Cursor,
}

/// What a raw row keeps beside the entry, to be found by an unsend.
pub(super) struct RawExtra {
    pub mid: Option<String>,
    pub customer: Option<String>,
    pub applied: i64,
}

impl Store {
    /// How far every known log was read.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn cursors(&self) -> Result<Vec<LogState>> {
        let mut conn = self.read().acquire().await?;
        let logs: Vec<String> =
            sqlx::query_scalar("SELECT log FROM log_identity ORDER BY log").fetch_all(&mut *conn).await?;
        let mut states = Vec::with_capacity(logs.len());
        for log in logs {
            let log = LogName::from(log);
            if let Some(cursor) = cursor(&mut conn, &log).await? {
                states.push(LogState { log, cursor });
            }
        }
        Ok(states)
    }

    /// Whether the entry at a seq is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn has_entry(&self, log: &LogName, seq: u64) -> Result<bool> {
        let has = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM cursor_range WHERE log = ?1 AND first <= ?2 AND last >= ?2)",
        );
        Ok(has.bind(log.as_str()).bind(seq_in(seq)).fetch_one(self.read()).await?)
    }

    /// How far a log was read; none when nothing of it is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn cursor(&self, log: &LogName) -> Result<Option<Cursor>> {
        let mut conn = self.read().acquire().await?;
        cursor(&mut conn, log).await
    }
}

pub(super) async fn cursor(conn: &mut Conn, log: &LogName) -> Result<Option<Cursor>> {
    let rows: Vec<(String, String, Option<i64>, Option<i64>)> = sqlx::query_as(
        "SELECT i.log_id, i.chain, r.first, r.last FROM log_identity i LEFT JOIN cursor_range r ON r.log = i.log
         WHERE i.log = ? ORDER BY r.first",
    )
    .bind(log.as_str())
    .fetch_all(conn)
    .await?;
    let Some((log_id, chain, ..)) = rows.first() else { return Ok(None) };
    let (log_id, chain) = (parsed(log_id)?, chain.clone());
    let mut ranges = SeqRanges::new();
    for (_, _, first, last) in rows {
        if let (Some(first), Some(last)) = (first, last) {
            ranges.insert(seq_out(first), seq_out(last));
        }
    }
    Ok(Some(Cursor { log_id, ranges, chain }))
}

/// Moves the cursor, which is as it was read in this transaction, over these entries.
pub(super) async fn advance(
    conn: &mut Conn,
    log: &LogName,
    log_id: LogId,
    before: Option<&Cursor>,
    entries: &[&Entry],
) -> Result<()> {
    let held = before.map(|cursor| cursor.ranges.clone()).unwrap_or_default();
    let mut now = held.clone();
    for entry in entries {
        now.insert(entry.seq, entry.seq);
    }
    let newest = entries.iter().max_by_key(|entry| entry.seq);
    let chain = match (newest, before) {
        (Some(newest), _) if Some(newest.seq) >= held.highest() => newest.chain.as_str(),
        (_, Some(before)) => before.chain.as_str(),
        (Some(newest), None) => newest.chain.as_str(),
        (None, None) => "",
    };
    if before.is_none_or(|before| before.chain != chain || before.log_id != log_id) {
        set_identity(conn, log, log_id, chain).await?;
    }
    move_ranges(conn, log, &held, &now).await
}

pub(super) async fn set_identity(conn: &mut Conn, log: &LogName, log_id: LogId, chain: &str) -> Result<()> {
    let log = log.as_str();
    let log_id = log_id.to_string();
    sqlx::query!(
        "INSERT INTO log_identity (log, log_id, chain) VALUES (?, ?, ?)
         ON CONFLICT DO UPDATE SET log_id = excluded.log_id, chain = excluded.chain",
        log,
        log_id,
        chain
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Says which seqs are held, whatever was said before.
pub(super) async fn set_ranges(conn: &mut Conn, log: &LogName, ranges: &SeqRanges) -> Result<()> {
    forget_ranges(conn, log).await?;
    move_ranges(conn, log, &SeqRanges::new(), ranges).await
}

/// Writes what differs: mostly one range grew at its end, which is one row.
async fn move_ranges(conn: &mut Conn, log: &LogName, held: &SeqRanges, now: &SeqRanges) -> Result<()> {
    let log = log.as_str();
    let begins: BTreeSet<u64> = now.as_slice().iter().map(|&(first, _)| first).collect();
    let gone: Vec<i64> = held
        .as_slice()
        .iter()
        .filter(|(first, _)| !begins.contains(first))
        .map(|&(first, _)| seq_in(first))
        .collect();
    if !gone.is_empty() {
        let gone_json = to_json(&gone)?;
        sqlx::query!(
            "DELETE FROM cursor_range WHERE log = ?1 AND first IN (SELECT value FROM json_each(?2))",
            log,
            gone_json
        )
        .execute(&mut *conn)
        .await?;
    }
    let before: BTreeSet<(u64, u64)> = held.as_slice().iter().copied().collect();
    let new: Vec<(u64, u64)> =
        now.as_slice().iter().filter(|range| !before.contains(range)).copied().collect();
    if new.is_empty() {
        return Ok(());
    }
    let new_json = to_json(&new)?;
    sqlx::query!(
        "INSERT INTO cursor_range (log, first, last)
         SELECT ?1, value ->> 0, value ->> 1 FROM json_each(?2) WHERE true
         ON CONFLICT (log, first) DO UPDATE SET last = excluded.last",
        log,
        new_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps entries as they came. A repeat moves only its place: what was cleared stays cleared, and what the relay cleared
/// since is cleared here too. Whom and which message an entry is about is known from when it is understood, which may be
/// after an update; without it neither an unsend nor an erasure would find it.
pub(super) async fn keep(conn: &mut Conn, log: &LogName, entries: &[(&Entry, RawExtra)]) -> Result<()> {
    let rows: Vec<serde_json::Value> = entries
        .iter()
        .map(|(entry, extra)| {
            serde_json::json!([
                entry.kind.to_string(),
                entry.key,
                // An entry whose place is not known stays without one.
                (entry.seq > 0).then(|| seq_in(entry.seq)),
                entry.at_ms,
                entry.chain,
                extra.mid,
                extra.customer,
                extra.applied,
                entry.body.get(),
            ])
        })
        .collect();
    let log = log.as_str();
    let rows_json = to_json(&rows)?;
    sqlx::query!(
        "INSERT INTO raw_entry (log, kind, key, seq, at_ms, chain, mid, customer, applied, body)
         SELECT ?1, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6,
           value ->> 7, value ->> 8
         FROM json_each(?2) WHERE true
         ON CONFLICT (log, kind, key) DO UPDATE SET seq = excluded.seq, at_ms = excluded.at_ms,
           chain = excluded.chain, applied = excluded.applied,
           mid = CASE WHEN raw_entry.applied = 0 THEN excluded.mid ELSE raw_entry.mid END,
           customer = CASE WHEN raw_entry.applied = 0 THEN excluded.customer ELSE raw_entry.customer END,
           body = CASE WHEN excluded.body ->> '$.tombstone' THEN excluded.body ELSE raw_entry.body END",
        log,
        rows_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts tombstones where webhooks at these seqs, or with the text of these messages, were. A tombstone stays as it is.
pub(super) async fn clear(conn: &mut Conn, log: &LogName, seqs: &[u64], mids: &[&Mid]) -> Result<()> {
    let name = log.as_str();
    let (seqs, mids) = (to_json(&seqs)?, to_json(&mids)?);
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT key, body FROM raw_entry
         WHERE raw_entry.rowid IN (
             SELECT rowid FROM raw_entry WHERE log = ?1 AND seq IN (SELECT value FROM json_each(?2))
             UNION
             SELECT rowid FROM raw_entry WHERE log = ?1 AND mid IN (SELECT value FROM json_each(?3)))
           AND kind = 'meta' AND body ->> '$.tombstone' IS NULL",
    )
    .bind(name)
    .bind(seqs)
    .bind(mids)
    .fetch_all(&mut *conn)
    .await?;
    for (key, body) in rows {
        // What cannot be read goes whole.
        let tombstone = match of_json::<StoredEvent>(&body) {
            Ok(stored) => to_json(&Tombstone::unsent(&stored))?,
            Err(_) => to_json(&Tombstone::of_nothing_known())?,
        };
        replace_body(conn, log, EntryKind::Meta, &key, &tombstone).await?;
    }
    Ok(())
}

/// Puts a tombstone where webhooks were that nobody understood and that name this message: of its customer, and of whom
/// nobody knows.
pub(super) async fn clear_unknown(
    conn: &mut Conn,
    log: &LogName,
    customer: &CustomerId,
    mid: &Mid,
    tombstone: &str,
) -> Result<()> {
    let rows: Vec<(String, String)> = sqlx::query_as(
        "SELECT key, body FROM raw_entry INDEXED BY raw_entry_unknown
         WHERE log = ?1 AND applied = 0 AND kind = 'meta' AND customer = ?2
         UNION ALL
         SELECT key, body FROM raw_entry INDEXED BY raw_entry_unknown
         WHERE log = ?1 AND applied = 0 AND kind = 'meta' AND customer IS NULL",
    )
    .bind(log.as_str())
    .bind(customer.as_str())
    .fetch_all(&mut *conn)
    .await?;
    for (key, _) in rows.iter().filter(|(_, body)| json_names(body, mid.as_str())) {
        replace_body(conn, log, EntryKind::Meta, key, tombstone).await?;
    }
    Ok(())
}

/// Takes the text out of the grants at these seqs; that they were given stays.
pub(super) async fn clear_quotes(conn: &mut Conn, log: &LogName, seqs: &[u64]) -> Result<()> {
    if seqs.is_empty() {
        return Ok(());
    }
    let log = log.as_str();
    let seqs_json = to_json(&seqs)?;
    sqlx::query!(
        "UPDATE raw_entry SET body = json_set(body, '$.text', '')
         WHERE log = ?1 AND kind = 'team' AND seq IN (SELECT value FROM json_each(?2))",
        log,
        seqs_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Which seqs are held counts for nothing any more.
pub(super) async fn forget_ranges(conn: &mut Conn, log: &LogName) -> Result<()> {
    let name = log.as_str();
    sqlx::query!("DELETE FROM cursor_range WHERE log = ?", name).execute(conn).await?;
    Ok(())
}

/// Another log under the same name: of so many entries at most, the team's facts go and Meta's stay without their place. False
/// once there is none left of either.
pub(super) async fn forget_some(conn: &mut Conn, log: &LogName, most: u32) -> Result<bool> {
    let up_to: Option<i64> = sqlx::query_scalar(
        "SELECT max(seq) FROM (
           SELECT seq FROM raw_entry WHERE log = ? AND seq IS NOT NULL ORDER BY seq LIMIT ?)",
    )
    .bind(log.as_str())
    .bind(most)
    .fetch_one(&mut *conn)
    .await?;
    if let Some(up_to) = up_to {
        for sql in [
            "DELETE FROM raw_entry WHERE log = ?1 AND seq <= ?2 AND kind NOT IN ('meta', 'audit')",
            "UPDATE raw_entry SET seq = NULL WHERE log = ?1 AND seq <= ?2",
        ] {
            sqlx::query(sql).bind(log.as_str()).bind(up_to).execute(&mut *conn).await?;
        }
        return Ok(true);
    }
    // A repair may have left some without a place. By what stands around the other two, so that those are not read.
    for range in ["kind < 'audit'", "kind > 'audit' AND kind < 'meta'", "kind > 'meta'"] {
        let sql = format!(
            "DELETE FROM raw_entry WHERE rowid IN (SELECT rowid FROM raw_entry WHERE log = ?1 AND {range} LIMIT ?2)"
        );
        let done =
            sqlx::query(sqlx::AssertSqlSafe(sql)).bind(log.as_str()).bind(most).execute(&mut *conn).await?;
        if done.rows_affected() > 0 {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Refuses a batch that is not all of one log.
pub(super) fn one_log(batch: &[Entry]) -> Result<Option<&LogName>> {
    let Some(first) = batch.first() else { return Ok(None) };
    if batch.iter().any(|entry| entry.log != first.log) {
        return Err(StoreError::Other("a batch of entries from several logs".to_owned()));
    }
    Ok(Some(&first.log))
}

/// Pages of a customer's history that name this message: key and body.
pub(super) async fn history_with(
    conn: &mut Conn,
    log: &LogName,
    customer: &CustomerId,
    mid: &Mid,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query_as(
        "SELECT key, body FROM raw_entry INDEXED BY raw_entry_audit
         WHERE log = ? AND kind = 'audit' AND customer = ? AND instr(body, ?) > 0",
    );
    Ok(rows.bind(log.as_str()).bind(customer.as_str()).bind(mid.as_str()).fetch_all(conn).await?)
}

pub(super) async fn replace_body(
    conn: &mut Conn,
    log: &LogName,
    kind: EntryKind,
    key: &str,
    body: &str,
) -> Result<()> {
    let log = log.as_str();
    let kind = kind.to_string();
    sqlx::query!(
        "UPDATE raw_entry SET body = ?4 WHERE log = ?1 AND kind = ?2 AND key = ?3",
        log,
        kind,
        key,
        body
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct RawRow {
    kind: String,
    key: String,
    seq: i64,
    at_ms: i64,
    chain: String,
    mid: Option<String>,
    body: String,
}

impl RawRow {
    fn into_entry(self, log: &LogName) -> Result<Entry> {
        Ok(Entry {
            log: log.clone(),
            seq: seq_out(self.seq),
            at_ms: self.at_ms,
            kind: parsed(&self.kind)?,
            key: self.key,
            body: RawValue::from_string(self.body).map_err(|e| StoreError::Unreadable(e.to_string()))?,
            chain: self.chain,
        })
    }
}

/// Entries that no version has understood yet.
pub(super) async fn not_applied(
    conn: &mut Conn,
    log: &LogName,
    after_key: &str,
    limit: u32,
) -> Result<Vec<Entry>> {
    let rows: Vec<RawRow> = sqlx::query_as(
        "SELECT kind, key, seq, at_ms, chain, mid, body FROM raw_entry
         WHERE log = ? AND applied = 0 AND key > ? AND seq IS NOT NULL ORDER BY key LIMIT ?",
    )
    .bind(log.as_str())
    .bind(after_key)
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.into_entry(log)).collect()
}

/// Entries about a customer between two seqs, in order, each with the message it carries.
pub(super) async fn of_customer(
    conn: &mut Conn,
    log: &LogName,
    customer: &CustomerId,
    after: u64,
    before: u64,
    limit: u32,
) -> Result<Vec<(Entry, Option<String>)>> {
    let rows: Vec<RawRow> = sqlx::query_as(
        "SELECT kind, key, seq, at_ms, chain, mid, body FROM raw_entry
         WHERE log = ? AND customer = ? AND seq > ? AND seq < ? ORDER BY seq LIMIT ?",
    )
    .bind(log.as_str())
    .bind(customer.as_str())
    .bind(seq_in(after))
    .bind(seq_in(before))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter()
        .map(|row| {
            let mid = row.mid.clone();
            Ok((row.into_entry(log)?, mid))
        })
        .collect()
}

/// Every log of which an entry is here, the workspace's first: it names who acts in the others.
pub(super) async fn names(conn: &mut Conn) -> Result<Vec<LogName>> {
    let names: Vec<String> =
        sqlx::query_scalar("SELECT DISTINCT log FROM raw_entry ORDER BY log <> 'workspace', log")
            .fetch_all(conn)
            .await?;
    Ok(names.into_iter().map(LogName::from).collect())
}

/// Which places of a log are here, and the chain at the highest.
pub(super) struct Held {
    pub ranges: Vec<(u64, u64)>,
    pub chain: String,
}

/// What is here of a log, by its entries.
pub(super) async fn held(conn: &mut Conn, log: &LogName) -> Result<Held> {
    let ranges: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT min(seq), max(seq) FROM
           (SELECT seq, seq - row_number() OVER (ORDER BY seq) AS island FROM raw_entry
            WHERE log = ? AND seq IS NOT NULL)
         GROUP BY island ORDER BY 1",
    )
    .bind(log.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let chain: Option<String> = sqlx::query_scalar(
        "SELECT chain FROM raw_entry WHERE log = ? AND seq IS NOT NULL ORDER BY seq DESC LIMIT 1",
    )
    .bind(log.as_str())
    .fetch_optional(conn)
    .await?;
    let ranges = ranges.into_iter().map(|(first, last)| (seq_out(first), seq_out(last))).collect();
    Ok(Held { ranges, chain: chain.unwrap_or_default() })
}

pub(super) async fn set_chain(conn: &mut Conn, log: &LogName, chain: &str) -> Result<()> {
    let log = log.as_str();
    sqlx::query!("UPDATE log_identity SET chain = ?2 WHERE log = ?1", log, chain).execute(conn).await?;
    Ok(())
}

/// Entries keep what they say and lose their place.
pub(super) async fn unplace(conn: &mut Conn, log: &LogName) -> Result<()> {
    let log = log.as_str();
    sqlx::query!("UPDATE raw_entry SET seq = NULL WHERE log = ?", log).execute(conn).await?;
    Ok(())
}

/// Messages that were told of by entries without a place have none either.
pub(super) async fn unplace_messages(conn: &mut Conn) -> Result<()> {
    sqlx::query!("UPDATE message SET seq = NULL WHERE seq = 0").execute(conn).await?;
    Ok(())
}

/// How far a walk over all entries of a log came: those without a place first, then by place.
#[derive(Debug, Clone, Default)]
pub(super) struct Mark {
    seq: u64,
    kind: String,
    key: String,
}

impl Mark {
    pub(super) fn of(entry: &Entry) -> Self {
        Self { seq: entry.seq, kind: entry.kind.to_string(), key: entry.key.clone() }
    }
}

/// The next entries of a walk. One without a place has 0.
pub(super) async fn page_of_all(
    conn: &mut Conn,
    log: &LogName,
    after: &Mark,
    limit: u32,
) -> Result<Vec<Entry>> {
    if after.seq == 0 {
        let rows: Vec<RawRow> = sqlx::query_as(
            "SELECT kind, key, 0 AS seq, at_ms, chain, mid, body FROM raw_entry
             WHERE log = ? AND seq IS NULL AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?",
        )
        .bind(log.as_str())
        .bind(&after.kind)
        .bind(&after.key)
        .bind(limit)
        .fetch_all(&mut *conn)
        .await?;
        if !rows.is_empty() {
            return rows.into_iter().map(|row| row.into_entry(log)).collect();
        }
    }
    let rows: Vec<RawRow> = sqlx::query_as(
        "SELECT kind, key, seq, at_ms, chain, mid, body FROM raw_entry
         WHERE log = ? AND seq > ? ORDER BY seq LIMIT ?",
    )
    .bind(log.as_str())
    .bind(seq_in(after.seq))
    .bind(limit)
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|row| row.into_entry(log)).collect()
}
