//! Messages that were taken back.
//!
//! The body of each entry of the message (the message, its edits, its echo) becomes a tombstone, and pages of history lose
//! it. An event of a kind that nobody knows goes whole when it names the message: which of it are the words, nobody can
//! tell. A `redacted` entry says which ones, for desks that have them. What arrives after the unsend is stored as a
//! tombstone.

use baton_messenger::id::CustomerId;
use baton_messenger::webhook::{Event, Kind, StoredEvent, json_names, plain_json};
use baton_protocol::LogName;
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::{Redaction, RedactionReason, Tombstone};

use super::super::super::LogError;
use super::super::row::{json, storage, to_json};
use super::super::writer::Tx;
use super::{aside, grants, is_unsent, replace_body, seqs, tell};

/// Removes the message's text from everything that is kept, and says so. Returns how many entries lost theirs.
pub(in super::super) async fn unsend(tx: &mut Tx<'_>, event: &Event) -> Result<u64, LogError> {
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
    tx.effects.rewritten.unsent.insert((account.to_owned(), mid.to_owned()), at_ms);
    let mut cleared = clear_entries(tx, account, mid).await?;
    cleared.extend(clear_unknown(tx, account, event.customer.as_ref(), mid).await?);
    cleared.sort_unstable();
    if let Some(customer) = &event.customer {
        cut_out_of_history(tx, account, customer, mid).await?;
    }
    grants::clear(tx, account, mid).await?;
    aside::message(tx, account, mid).await?;
    let redaction = Redaction {
        seqs: seqs(&cleared),
        mid: Some(mid.to_owned()),
        customer: event.customer.clone().unwrap_or_else(|| CustomerId::new("")),
        reason: RedactionReason::Unsent,
        at_ms,
    };
    tell(tx, &LogName::Account(event.envelope.account.clone()), &format!("unsent:{mid}"), &redaction).await?;
    Ok(cleared.len() as u64)
}

async fn clear_entries(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<Vec<i64>, LogError> {
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
        cleared.push(row.seq);
        let Ok(stored) = serde_json::from_str::<StoredEvent>(&row.body) else { continue };
        let tombstone = to_json(&Tombstone::unsent(&stored))?;
        replace_body(tx, account, row.seq, &tombstone).await?;
    }
    Ok(cleared)
}

/// What nobody understands and names the message: of its customer, and of whom nobody knows.
async fn clear_unknown(
    tx: &mut Tx<'_>,
    account: &str,
    customer: Option<&CustomerId>,
    mid: &str,
) -> Result<Vec<i64>, LogError> {
    let customer = customer.map_or("", CustomerId::as_str);
    let rows = sqlx::query!(
        r#"select seq as "seq!", body as "body!" from entry
           where log = ?1 and about = 'unknown' and kind = 'meta'
             and (customer = ?2 or customer is null or ?2 = '')
           order by seq"#,
        account,
        customer
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let mut cleared = Vec::new();
    for row in rows.iter().filter(|row| json_names(&row.body, mid)) {
        let Ok(stored) = serde_json::from_str::<StoredEvent>(&row.body) else { continue };
        let tombstone = to_json(&Tombstone::unsent(&stored))?;
        replace_body(tx, account, row.seq, &tombstone).await?;
        cleared.push(row.seq);
    }
    Ok(cleared)
}

/// Pages of history lose the message and nothing else.
async fn cut_out_of_history(
    tx: &mut Tx<'_>,
    account: &str,
    customer: &CustomerId,
    mid: &str,
) -> Result<(), LogError> {
    let customer = customer.as_str();
    let rows = sqlx::query!(
        r#"select seq as "seq!", body as "body!" from entry
           where log = ?1 and customer = ?2 and kind = 'audit' and instr(body, ?3) > 0"#,
        account,
        customer,
        mid
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in rows {
        let Ok(mut page) = json::<AuditPage>(&row.body) else { continue };
        page.messages.retain(|message| message.id.as_ref().is_none_or(|id| id.as_str() != mid));
        page.lacks.retain(|lack| lack.mid.as_str() != mid);
        replace_body(tx, account, row.seq, &to_json(&page)?).await?;
    }
    Ok(())
}

/// The tombstone to store instead of a message that was taken back before it arrived; `body` is its event as it would be
/// stored.
pub(in super::super) async fn tombstone_if_unsent(
    tx: &mut Tx<'_>,
    event: &Event,
    body: &str,
) -> Result<Option<String>, LogError> {
    let account = event.envelope.account.as_str();
    let is_unsent = match (&event.kind, event.mid()) {
        (Kind::Unknown(unknown), _) => names_unsent(tx, account, &unknown.json).await?,
        (kind, Some(mid)) if has_text(kind) => is_unsent(tx, account, mid.as_str()).await?,
        _ => false,
    };
    is_unsent.then(|| to_json(&Tombstone::unsent(&json(body)?))).transpose()
}

/// Whether JSON names a message that was taken back.
async fn names_unsent(tx: &mut Tx<'_>, account: &str, json: &str) -> Result<bool, LogError> {
    let plain = plain_json(json).unwrap_or_default();
    let row = sqlx::query!(
        r#"select exists (select 1 from unsent
                   where account = ?1 and (instr(?2, mid) > 0 or instr(?3, mid) > 0)) as "named!: bool""#,
        account,
        json,
        plain
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(row.named)
}

fn has_text(kind: &Kind) -> bool {
    matches!(kind, Kind::Message(_) | Kind::Echo(_) | Kind::Edit(_) | Kind::Postback(_))
}
