//! An erased customer: nothing of what was said before stays, nor the name, nor notes about them. What has no words stays:
//! who worked on the thread, who held it, when something was said.

use baton_messenger::id::AccountId;
use baton_protocol::entry::{
    Content, Entry, EntryKind, Redaction, RedactionReason, Tombstone, TombstoneReason,
};
use baton_protocol::{CustomerId, LogName};
use serde_json::value::RawValue;

use super::super::super::LogError;
use super::super::row::{storage, text, to_json};
use super::super::writer::Tx;
use super::{aside, before, replace_body, seqs, tell};

/// How many entries are looked at together.
const STRIDE: i64 = 500;

/// Takes the words out of everything that is about a customer, up to the seq of the fact that says so.
pub(in super::super) async fn customer(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    seq: u64,
) -> Result<(), LogError> {
    let log = LogName::Account(account.clone());
    let cleared = clear_entries(tx, &log, customer, before(seq)).await?;
    aside::of_customer(tx, account.as_str(), customer).await?;
    let redaction = Redaction {
        seqs: seqs(&cleared),
        mid: None,
        customer: customer.clone(),
        reason: RedactionReason::Erased,
        at_ms: tx.stamp.ms,
    };
    tell(tx, &log, &format!("erased:{seq}"), &redaction).await
}

/// Returns where tombstones stand now.
async fn clear_entries(
    tx: &mut Tx<'_>,
    log: &LogName,
    customer: &CustomerId,
    before: i64,
) -> Result<Vec<i64>, LogError> {
    let (name, about) = (log.as_str(), customer.as_str());
    let (mut cleared, mut after) = (Vec::new(), 0);
    loop {
        let rows = sqlx::query!(
            r#"select seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!" from entry
               where log = ?1 and customer = ?2 and seq > ?3 and seq < ?4 order by seq limit ?5"#,
            name,
            about,
            after,
            before,
            STRIDE
        )
        .fetch_all(&mut *tx.conn)
        .await
        .map_err(storage)?;
        let Some(last) = rows.last().map(|row| row.seq) else { return Ok(cleared) };
        for row in rows {
            let kind: EntryKind = text(&row.kind)?;
            let body = RawValue::from_string(row.body).map_err(|e| LogError::Unreadable(e.to_string()))?;
            let entry = Entry {
                log: log.clone(),
                seq: 0,
                at_ms: row.at_ms,
                kind,
                key: row.key,
                body,
                chain: String::new(),
            };
            let Some(bare) = without_words(&entry, customer)? else { continue };
            replace_body(tx, name, row.seq, &bare).await?;
            if kind != EntryKind::Team {
                cleared.push(row.seq);
            }
        }
        after = last;
    }
}

/// The body without words; none when it has none.
fn without_words(entry: &Entry, customer: &CustomerId) -> Result<Option<String>, LogError> {
    match (entry.kind, entry.content()) {
        (_, Content::Tombstone(_)) => Ok(None),
        (EntryKind::Meta | EntryKind::Audit, _) => Ok(Some(to_json(&tombstone(customer))?)),
        (EntryKind::Team, Content::Team(fact)) => fact.without_words().map(|bare| to_json(&bare)).transpose(),
        _ => Ok(None),
    }
}

fn tombstone(customer: &CustomerId) -> Tombstone {
    Tombstone {
        tombstone: true,
        reason: TombstoneReason::Erased,
        mid: None,
        customer: Some(customer.clone()),
        at_ms: None,
        bare: None,
    }
}
