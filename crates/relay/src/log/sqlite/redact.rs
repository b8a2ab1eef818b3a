//! Messages that were taken back: their text leaves the file, their place stays.
//!
//! The body of each entry of the message (the message, its edits, its echo) becomes a tombstone; `seq`, `key` and
//! `chain` stay. A `redacted` entry says which ones, for desks that have them. A message that arrives after its
//! unsend is stored as a tombstone. In quarantine the row keeps its envelope, so that it still finds its log.

use baton_messenger::id::CustomerId;
use baton_messenger::webhook::{Event, Kind, StoredEvent};
use baton_protocol::LogName;
use baton_protocol::entry::{EntryKind, Redaction, RedactionReason, Tombstone, TombstoneReason};
use serde_json::value::RawValue;

use super::super::LogError;
use super::append::{self, NewEntry};
use super::row::{json, seq, storage, to_json};
use super::writer::Tx;

/// Removes the message's text from the log and says so. Returns how many entries lost theirs.
pub(super) async fn unsend(tx: &mut Tx<'_>, event: &Event) -> Result<u64, LogError> {
    let Some(mid) = event.mid() else { return Ok(0) };
    let (account, mid) = (event.envelope.account.as_str(), mid.as_str());
    let at_ms = event.at_ms(tx.stamp.ms);
    sqlx::query!(
        "insert into unsent (account, mid, at_ms) values (?1, ?2, ?3) on conflict do nothing",
        account,
        mid,
        at_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let seqs = clear_entries(tx, account, mid).await?;
    clear_sends(tx, account, mid).await?;
    say_so(tx, event, mid, seqs, at_ms).await
}

async fn clear_entries(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<Vec<u64>, LogError> {
    let rows = sqlx::query!(
        r#"select seq as "seq!", body as "body!" from entry
           where log = ?1 and mid = ?2 and kind = 'meta' and about in ('message', 'echo', 'edit', 'postback')
           order by seq"#,
        account,
        mid
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let mut cleared = Vec::new();
    for row in rows {
        cleared.push(seq(row.seq));
        let Ok(stored) = serde_json::from_str::<StoredEvent>(&row.body) else { continue };
        let tombstone = to_json(&tombstone(&stored.into_event()))?;
        sqlx::query!("update entry set body = ?3 where log = ?1 and seq = ?2", account, row.seq, tombstone)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        tx.effects.removed = true;
    }
    Ok(cleared)
}

/// A message of our own is also quoted in the grant of its part; only the text goes there.
async fn clear_sends(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<(), LogError> {
    let done = sqlx::query!(
        "update entry set body = json_set(body, '$.text', '')
         where log = ?1 and kind = 'team'
           and seq in (select granted_seq from part where account = ?1 and mid = ?2)",
        account,
        mid
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    tx.effects.removed |= done.rows_affected() > 0;
    Ok(())
}

async fn say_so(
    tx: &mut Tx<'_>,
    event: &Event,
    mid: &str,
    seqs: Vec<u64>,
    at_ms: i64,
) -> Result<u64, LogError> {
    let count = seqs.len() as u64;
    let redaction = Redaction {
        seqs,
        mid: Some(mid.to_owned()),
        customer: event.customer.clone().unwrap_or_else(|| CustomerId::new("")),
        reason: RedactionReason::Unsent,
        at_ms,
    };
    let body = to_json(&redaction)?;
    let key = format!("unsent:{mid}");
    let new = NewEntry { kind: EntryKind::Redacted, key: &key, about: "", mid: None, body: &body };
    append::entry(tx, &LogName::Account(event.envelope.account.clone()), new).await?;
    Ok(count)
}

/// The tombstone to store instead of a message that was taken back before it arrived.
pub(super) async fn tombstone_if_unsent(tx: &mut Tx<'_>, event: &Event) -> Result<Option<String>, LogError> {
    let (true, Some(mid)) = (has_text(&event.kind), event.mid()) else { return Ok(None) };
    let (account, mid) = (event.envelope.account.as_str(), mid.as_str());
    let row = sqlx::query!("select at_ms from unsent where account = ?1 and mid = ?2", account, mid)
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
    row.map(|_| to_json(&tombstone(event))).transpose()
}

/// Removes the text of a message that waits in quarantine when its unsend came there, before or after it.
pub(super) async fn in_quarantine(tx: &mut Tx<'_>, event: &Event) -> Result<(), LogError> {
    let Some(mid) = event.mid() else { return Ok(()) };
    let (account, mid) = (event.envelope.account.as_str(), mid.as_str());
    let unsend = sqlx::query!(
        r#"select arrival as "arrival!" from quarantine where account = ?1 and mid = ?2 and about = 'deleted'"#,
        account,
        mid
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    if unsend.is_none() {
        return Ok(());
    }
    let rows = sqlx::query!(
        r#"select arrival as "arrival!", body as "body!" from quarantine
           where account = ?1 and mid = ?2 and about in ('message', 'echo', 'edit', 'postback')"#,
        account,
        mid
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in rows {
        let Ok(text) = std::str::from_utf8(&row.body) else { continue };
        let Some(bare) = without_text(json(text)?) else { continue };
        let bare = to_json(&bare)?.into_bytes();
        sqlx::query!("update quarantine set body = ?2 where arrival = ?1", row.arrival, bare)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        tx.effects.removed = true;
    }
    Ok(())
}

/// The same event with nothing but who, when and which message, so that its key and place stay.
fn without_text(stored: StoredEvent) -> Option<StoredEvent> {
    let mut event: serde_json::Value = serde_json::from_str(stored.event.get()).ok()?;
    for member in ["message", "message_edit", "postback"] {
        if let Some(said) = event.get_mut(member).and_then(serde_json::Value::as_object_mut) {
            said.retain(|name, _| matches!(name.as_str(), "mid" | "is_echo" | "num_edit"));
        }
    }
    let event = RawValue::from_string(event.to_string()).ok()?;
    Some(StoredEvent { event, ..stored })
}

fn has_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Message(_) | Kind::Echo(_) | Kind::Edit(_) | Kind::Postback(_))
}

fn tombstone(event: &Event) -> Tombstone {
    Tombstone {
        tombstone: true,
        reason: TombstoneReason::Unsent,
        mid: event.mid().map(ToString::to_string),
        customer: event.customer.clone(),
        at_ms: event.timestamp_ms.or(event.envelope.entry_time_ms),
    }
}
