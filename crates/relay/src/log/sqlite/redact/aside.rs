//! What waits in quarantine loses its words there. A row keeps its envelope, so that it still finds its log.

use baton_messenger::id::Mid;
use baton_messenger::webhook::{Event, Kind, StoredEvent, json_names, keep_only_which};
use baton_protocol::CustomerId;
use serde_json::Value;

use super::super::super::LogError;
use super::super::quarantine::UNREADABLE;
use super::super::row::{json, storage, to_json};
use super::super::writer::Tx;

/// What stands where an unreadable body was that cannot be taken apart.
const REMOVED: &[u8] = b"removed: it held something that was taken back or erased";

/// An event came into quarantine: when it is an unsend, or its unsend is there, its message has no words there any more.
pub(in super::super) async fn in_quarantine(tx: &mut Tx<'_>, event: &Event) -> Result<(), LogError> {
    let account = event.envelope.account.as_str();
    if let Kind::Unknown(unknown) = &event.kind {
        return unknown_in_quarantine(tx, account, &unknown.json).await;
    }
    let Some(mid) = event.mid().map(Mid::as_str) else { return Ok(()) };
    let unsend = sqlx::query!(
        r#"select arrival as "arrival!" from quarantine where account = ?1 and mid = ?2 and about = 'deleted'"#,
        account,
        mid
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    if unsend.is_none() { Ok(()) } else { message(tx, account, mid).await }
}

/// Something that nobody understands came: it loses its words when the unsend of a message that it names is there.
async fn unknown_in_quarantine(tx: &mut Tx<'_>, account: &str, json: &str) -> Result<(), LogError> {
    let rows = sqlx::query!(
        r#"select mid as "mid!" from quarantine where account = ?1 and about = 'deleted' and mid is not null"#,
        account
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in rows.iter().filter(|row| json_names(json, &row.mid)) {
        message(tx, account, &row.mid).await?;
    }
    Ok(())
}

/// Takes the words of a message out of everything that waits.
pub(super) async fn message(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<(), LogError> {
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
        let Some(bare) = json::<StoredEvent>(text)?.without_words() else { continue };
        replace(tx, row.arrival, to_json(&bare)?.as_bytes()).await?;
    }
    let unknown = sqlx::query!(
        r#"select arrival as "arrival!", body as "body!" from quarantine where account = ?1 and about = 'unknown'"#,
        account
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in unknown {
        let Ok(text) = std::str::from_utf8(&row.body) else { continue };
        if !json_names(text, mid) {
            continue;
        }
        let Some(bare) = json::<StoredEvent>(text)?.without_words() else { continue };
        replace(tx, row.arrival, to_json(&bare)?.as_bytes()).await?;
    }
    for (arrival, body) in unreadable_with(tx, mid).await? {
        replace(tx, arrival, &without_message(&body, mid)).await?;
    }
    Ok(())
}

/// Takes everything out of quarantine that is about a customer.
pub(super) async fn of_customer(
    tx: &mut Tx<'_>,
    account: &str,
    customer: &CustomerId,
) -> Result<(), LogError> {
    let rows = sqlx::query!(
        r#"select arrival as "arrival!", body as "body!" from quarantine where account = ?1"#,
        account
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in rows {
        let stored = std::str::from_utf8(&row.body).ok().and_then(|text| json::<StoredEvent>(text).ok());
        let Some(stored) = stored.filter(|stored| is_about(stored, customer)) else { continue };
        let Some(bare) = stored.without_words() else { continue };
        replace(tx, row.arrival, to_json(&bare)?.as_bytes()).await?;
    }
    for (arrival, _) in unreadable_with(tx, customer.as_str()).await? {
        replace(tx, arrival, REMOVED).await?;
    }
    Ok(())
}

/// A body that cannot be read, without the messages in it that were taken back.
pub(in super::super) async fn unreadable(tx: &mut Tx<'_>, body: &[u8]) -> Result<Vec<u8>, LogError> {
    let rows =
        sqlx::query!(r#"select mid as "mid!" from unsent where instr(?1, cast(mid as blob)) > 0"#, body)
            .fetch_all(&mut *tx.conn)
            .await
            .map_err(storage)?;
    Ok(rows.iter().fold(body.to_vec(), |body, row| without_message(&body, &row.mid)))
}

async fn unreadable_with(tx: &mut Tx<'_>, name: &str) -> Result<Vec<(i64, Vec<u8>)>, LogError> {
    let rows = sqlx::query!(
        r#"select arrival as "arrival!", body as "body!" from quarantine
           where why = ?1 and instr(body, cast(?2 as blob)) > 0"#,
        UNREADABLE,
        name
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(rows.into_iter().map(|row| (row.arrival, row.body)).collect())
}

async fn replace(tx: &mut Tx<'_>, arrival: i64, body: &[u8]) -> Result<(), LogError> {
    sqlx::query!("update quarantine set body = ?2 where arrival = ?1", arrival, body)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.removed = true;
    tx.effects.rewritten.waiting.insert(arrival, body.to_vec());
    Ok(())
}

fn is_about(stored: &StoredEvent, customer: &CustomerId) -> bool {
    stored.clone().into_event().customer.as_ref() == Some(customer)
}

/// The same body without the words of one message; nothing of the body when it cannot be taken apart.
fn without_message(body: &[u8], mid: &str) -> Vec<u8> {
    let Ok(mut tree) = serde_json::from_slice::<Value>(body) else { return REMOVED.to_vec() };
    cut(&mut tree, mid);
    tree.to_string().into_bytes()
}

fn cut(value: &mut Value, mid: &str) {
    if value.get("mid").and_then(Value::as_str) == Some(mid) {
        return keep_only_which(value);
    }
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| cut(item, mid)),
        Value::Object(members) => members.values_mut().for_each(|member| cut(member, mid)),
        _ => {}
    }
}
