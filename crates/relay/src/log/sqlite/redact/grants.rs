//! Grants quote what they let out. Only the text goes; who sent what kind of reply when, and as what, stays.

use super::super::super::LogError;
use super::super::row::storage;
use super::super::writer::Tx;
use super::is_unsent;

/// Takes the text of a message out of the grant of its part, and out of the grants of earlier tries at it: those of the
/// same place in the same reply, and those of the same words in the same thread that never became a message.
pub(super) async fn clear(tx: &mut Tx<'_>, account: &str, mid: &str) -> Result<(), LogError> {
    let cleared = sqlx::query!(
        r#"update entry set body = json_set(body, '$.text', '')
           where log = ?1 and kind = 'team' and body ->> '$.text' <> '' and seq in (
             select tried.granted_seq
             from part sent
             join part tried on tried.account = sent.account and tried.customer = sent.customer
             where sent.account = ?1 and sent.mid = ?2 and (
               tried.part = sent.part
               or (tried.mid is null and tried.is_open = 0 and (
                 (tried.reply = sent.reply and tried.place = sent.place)
                 or (select body ->> '$.text' from entry where log = ?1 and seq = tried.granted_seq)
                  = (select body ->> '$.text' from entry where log = ?1 and seq = sent.granted_seq)))))
           returning seq as "seq!", body as "body!""#,
        account,
        mid
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    tx.effects.removed |= !cleared.is_empty();
    let bodies = cleared.into_iter().map(|row| ((account.to_owned(), row.seq), row.body));
    tx.effects.rewritten.entries.extend(bodies);
    Ok(())
}

/// A part turned out to be a message that was taken back before that was known.
pub(in super::super) async fn clear_if_unsent(
    tx: &mut Tx<'_>,
    account: &str,
    mid: &str,
) -> Result<(), LogError> {
    if is_unsent(tx, account, mid).await? { clear(tx, account, mid).await } else { Ok(()) }
}
