//! Signed webhooks that belong into no log yet: kept, counted, and moved once they have a place.

use baton_messenger::id::{AccountId, Platform};
use baton_messenger::webhook::StoredEvent;

use super::super::{Appended, LogError};
use super::row::storage;
use super::webhook;
use super::writer::Tx;

/// A body that is no delivery.
pub(super) const UNREADABLE: &str = "unreadable";
/// An account that nobody has connected.
pub(super) const UNKNOWN_ACCOUNT: &str = "unknown_account";
/// A press on the test button of Meta's dashboard.
pub(super) const DASHBOARD_TEST: &str = "dashboard_test";
/// A connected account, but a delivery of another object than its platform's.
pub(super) const WRONG_OBJECT: &str = "wrong_object";

/// What is put aside.
pub(super) struct Aside<'a> {
    pub(super) why: &'a str,
    pub(super) account: &'a str,
    pub(super) key: &'a str,
    pub(super) about: &'a str,
    pub(super) mid: Option<&'a str>,
    pub(super) body: &'a [u8],
}

/// Puts it aside, once per key.
pub(super) async fn put(tx: &mut Tx<'_>, aside: Aside<'_>, told: &mut Appended) -> Result<(), LogError> {
    let Aside { why, account, key, about, mid, body } = aside;
    let done = sqlx::query!(
        "insert into quarantine (at_ms, why, account, key, about, mid, body)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7) on conflict do nothing",
        tx.stamp.ms,
        why,
        account,
        key,
        about,
        mid,
        body
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    if done.rows_affected() == 0 {
        told.repeated += 1;
        return Ok(());
    }
    *tx.effects.quarantined.entry(why.to_owned()).or_default() += 1;
    *told.quarantined.entry(why.to_owned()).or_default() += 1;
    Ok(())
}

/// How many rows are moved at a time.
const AT_A_TIME: i64 = 200;

/// Moves what arrived for an account into its log, in order of arrival. What does not fit the account's platform stays.
pub(super) async fn release(
    tx: &mut Tx<'_>,
    account: &AccountId,
    platform: Platform,
) -> Result<u64, LogError> {
    let mut told = Appended::default();
    let name = account.as_str();
    loop {
        let rows = sqlx::query!(
            r#"select arrival as "arrival!", why as "why!", body as "body!" from quarantine
               where account = ?1 and why <> ?3 order by arrival limit ?2"#,
            name,
            AT_A_TIME,
            WRONG_OBJECT
        )
        .fetch_all(&mut *tx.conn)
        .await
        .map_err(storage)?;
        if rows.is_empty() {
            return Ok(told.new);
        }
        for row in rows {
            let body = std::str::from_utf8(&row.body).map_err(|e| LogError::Unreadable(e.to_string()))?;
            let event = super::row::json::<StoredEvent>(body)?.into_event();
            *tx.effects.quarantined.entry(row.why).or_default() -= 1;
            if event.envelope.platform() == Some(platform) {
                webhook::append_event(tx, &event, body, &mut told).await?;
                take_out(tx, row.arrival).await?;
            } else {
                stays(tx, row.arrival).await?;
            }
        }
    }
}

/// The row found its place.
pub(super) async fn take_out(tx: &mut Tx<'_>, arrival: i64) -> Result<(), LogError> {
    sqlx::query!("delete from quarantine where arrival = ?1", arrival)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    Ok(())
}

async fn stays(tx: &mut Tx<'_>, arrival: i64) -> Result<(), LogError> {
    sqlx::query!("update quarantine set why = ?2 where arrival = ?1", arrival, WRONG_OBJECT)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    *tx.effects.quarantined.entry(WRONG_OBJECT.to_owned()).or_default() += 1;
    Ok(())
}
