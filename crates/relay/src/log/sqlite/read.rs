//! Reading logs and the team's state. Rights were checked in the same view of the data.

use baton_messenger::id::AccountId;
use baton_protocol::stream::EntryPage;
use baton_protocol::{Entry, LogId, LogName};
use futures_util::{Stream, TryStreamExt};
use serde_json::value::RawValue;
use sqlx::SqliteConnection;

use super::super::{Head, Live, LogError, Range, Read};
use super::row::{column, seq, storage, text};

/// Where a log stands, and its chain at `at`.
pub(super) async fn head(
    conn: &mut SqliteConnection,
    log: &LogName,
    at: u64,
) -> Result<Read<Head>, LogError> {
    let name = log.as_str();
    let row = sqlx::query!(
        r#"select log_id as "log_id!", head as "head!", chain as "chain!" from log where log = ?1"#,
        name
    )
    .fetch_optional(&mut *conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(Read::NoSuchLog) };
    let at = column(at);
    let chain_at =
        sqlx::query!(r#"select chain as "chain!" from entry where log = ?1 and seq = ?2"#, name, at)
            .fetch_optional(conn)
            .await
            .map_err(storage)?;
    Ok(Read::Found(Head {
        log_id: text::<LogId>(&row.log_id)?,
        seq: seq(row.head),
        chain: row.chain,
        chain_at: chain_at.map(|row| row.chain),
    }))
}

/// The most bytes of bodies that one page carries; the first entry always goes.
const PAGE_BYTES: usize = 2 * 1024 * 1024;

/// A page of entries, oldest first.
pub(super) async fn entries(
    conn: &mut SqliteConnection,
    log: &LogName,
    range: Range,
    limit: u32,
) -> Result<Read<EntryPage>, LogError> {
    let Read::Found(head) = head(conn, log, 0).await? else { return Ok(Read::NoSuchLog) };
    let (mut rows, newest_first) = match range {
        Range::After(after) => (oldest(conn, log, after, u64::MAX, limit).await?, false),
        Range::Between(after, before) => (oldest(conn, log, after, before, limit).await?, false),
        Range::Before(before) => (newest(conn, log, before, limit).await?, true),
        Range::Newest => (newest(conn, log, u64::MAX, limit).await?, true),
    };
    if newest_first {
        rows.reverse();
    }
    Ok(Read::Found(EntryPage { log_id: head.log_id, head: head.seq, entries: rows }))
}

async fn oldest(
    conn: &mut SqliteConnection,
    log: &LogName,
    after: u64,
    before: u64,
    limit: u32,
) -> Result<Vec<Entry>, LogError> {
    let (name, after, before) = (log.as_str(), column(after), column(before));
    let rows = sqlx::query_as!(
        Row,
        r#"select seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!",
                  chain as "chain!"
           from entry where log = ?1 and seq > ?2 and seq < ?3 order by seq limit ?4"#,
        name,
        after,
        before,
        limit
    )
    .fetch(conn);
    fitting(rows, log).await
}

async fn newest(
    conn: &mut SqliteConnection,
    log: &LogName,
    before: u64,
    limit: u32,
) -> Result<Vec<Entry>, LogError> {
    let (name, before) = (log.as_str(), column(before));
    let rows = sqlx::query_as!(
        Row,
        r#"select seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!",
                  chain as "chain!"
           from entry where log = ?1 and seq < ?2 order by seq desc limit ?3"#,
        name,
        before,
        limit
    )
    .fetch(conn);
    fitting(rows, log).await
}

/// As many entries as fit into a page. The rest is not even read: with pages of history a whole one would be a hundred
/// megabytes, for each desk that asks.
async fn fitting(
    mut rows: impl Stream<Item = Result<Row, sqlx::Error>> + Unpin,
    log: &LogName,
) -> Result<Vec<Entry>, LogError> {
    let (mut entries, mut bytes) = (Vec::new(), 0);
    while let Some(row) = rows.try_next().await.map_err(storage)? {
        bytes += row.body.len();
        if bytes > PAGE_BYTES && !entries.is_empty() {
            break;
        }
        entries.push(row.entry(log)?);
    }
    Ok(entries)
}

/// An entry as its row has it.
pub(super) struct Row {
    pub(super) seq: i64,
    pub(super) at_ms: i64,
    pub(super) kind: String,
    pub(super) key: String,
    pub(super) body: String,
    pub(super) chain: String,
}

impl Row {
    pub(super) fn entry(self, log: &LogName) -> Result<Entry, LogError> {
        Ok(Entry {
            log: log.clone(),
            seq: seq(self.seq),
            at_ms: self.at_ms,
            kind: text(&self.kind)?,
            key: self.key,
            body: RawValue::from_string(self.body).map_err(|e| LogError::Unreadable(e.to_string()))?,
            chain: self.chain,
        })
    }
}

/// What the log last knew, at start.
pub(super) async fn live(conn: &mut SqliteConnection) -> Result<Live, LogError> {
    let mut live = Live::default();
    let logs = sqlx::query!(r#"select log as "log!", head as "head!" from log"#)
        .fetch_all(&mut *conn)
        .await
        .map_err(storage)?;
    live.heads.extend(logs.into_iter().map(|row| (LogName::from(row.log), seq(row.head))));
    let accounts = sqlx::query!(r#"select account as "account!", last_webhook_ms from account"#)
        .fetch_all(&mut *conn)
        .await
        .map_err(storage)?;
    for row in accounts {
        if let Some(ms) = row.last_webhook_ms {
            live.last_webhook_ms.insert(AccountId::new(row.account), ms);
        }
    }
    let rows =
        sqlx::query!(r#"select why as "why!", count(*) as "count!: i64" from quarantine group by why"#)
            .fetch_all(conn)
            .await
            .map_err(storage)?;
    live.quarantined.extend(rows.into_iter().map(|row| (row.why, seq(row.count))));
    Ok(live)
}
