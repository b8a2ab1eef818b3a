//! A page of history as an entry, with what it means for the team's state.
//!
//! A customer's message that was less than seven days old when its page was appended is a word like one that a webhook
//! brought; whichever of the two comes first is the one that counts, for relay and desks alike. Messages that were taken
//! back, and those of a customer who was erased since, are cut out before.

use baton_messenger::id::{AccountId, Mid};
use baton_protocol::audit::{AuditPage, MAX_PAGE_BYTES};
use baton_protocol::command::Accepted;
use baton_protocol::entry::EntryKind;
use baton_protocol::error::ErrorCode;
use baton_protocol::{CustomerId, LogName};
use baton_thread::word::FRESH_MS;

use super::super::{Ask, LogError, Verdict};
use super::append::{self, NewEntry};
use super::row::{column, storage, to_json};
use super::writer::Tx;
use super::{redact, team, turns};
use crate::team::{AccountState, Heard, Refusal, may_append_audit};

/// Appends a page, if this desk may.
pub(super) async fn append(
    tx: &mut Tx<'_>,
    ask: &Ask,
    account: &AccountState,
    page: &AuditPage,
) -> Result<Verdict, LogError> {
    if let Err(refusal) = may_append_audit(ask.desk, ask.steward, account, page) {
        return Ok(Verdict::Refused(refusal));
    }
    if to_json(page)?.len() > MAX_PAGE_BYTES {
        return Ok(Verdict::Refused(too_large()));
    }
    let (account, key) = (&account.account, page.key());
    let page = without_what_is_gone(tx, account, page).await?;
    let body = to_json(&page)?;
    let new = NewEntry {
        kind: EntryKind::Audit,
        key: &key,
        about: "",
        mid: None,
        customer: Some(&page.customer),
        body: &body,
    };
    let Some(seq) = append::entry(tx, &LogName::Account(account.clone()), new).await? else {
        return Ok(Verdict::Accepted(Accepted::default()));
    };
    let brings_a_word = brings_a_word(tx, account, &page, seq).await?;
    let said = turns::of_page(tx, account, &page, tx.stamp.ms).await?;
    if brings_a_word || !said.is_empty() {
        let served = turns::served(tx, account).await?;
        let mut thread = team::load(tx, account, &page.customer, None, None).await?;
        if brings_a_word {
            thread.hear(seq, &Heard::Others, None, None);
        }
        for said in &said {
            thread.say(said, &served.facts);
        }
        team::save(tx, &served, &page.customer, &mut thread).await?;
    }
    Ok(Verdict::Accepted(Accepted { seqs: vec![seq], ..Accepted::default() }))
}

fn too_large() -> Refusal {
    Refusal {
        code: ErrorCode::TooLarge,
        message: format!("A page of history is larger than {} KiB.", MAX_PAGE_BYTES / 1024),
        action: "Append it in smaller pages.".to_owned(),
    }
}

/// The page without messages that were taken back, and without those from before their customer was erased; it does not name
/// them as lacking either.
async fn without_what_is_gone(
    tx: &mut Tx<'_>,
    account: &AccountId,
    page: &AuditPage,
) -> Result<AuditPage, LogError> {
    let mut page = page.clone();
    let erased_ms = erased_at(tx, account, &page.customer).await?;
    let mut kept = Vec::with_capacity(page.messages.len());
    for message in std::mem::take(&mut page.messages) {
        let is_erased = erased_ms.is_some_and(|at| message.created_ms.is_none_or(|created| created <= at));
        let is_unsent = match &message.id {
            Some(mid) => redact::is_unsent(tx, account.as_str(), mid.as_str()).await?,
            None => false,
        };
        if !is_erased && !is_unsent {
            kept.push(message);
        }
    }
    page.messages = kept;
    let mut lacks = Vec::with_capacity(page.lacks.len());
    for lack in std::mem::take(&mut page.lacks) {
        let is_erased = erased_ms.is_some_and(|at| lack.at_ms <= at);
        if !is_erased && !redact::is_unsent(tx, account.as_str(), lack.mid.as_str()).await? {
            lacks.push(lack);
        }
    }
    page.lacks = lacks;
    if erased_ms.is_some() {
        page.customer_name = None;
    }
    Ok(page)
}

async fn erased_at(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<Option<i64>, LogError> {
    let (log, customer) = (account.as_str(), customer.as_str());
    let row = sqlx::query!(
        "select max(at_ms) as at_ms from entry
         where log = ?1 and customer = ?2 and kind = 'redacted' and key like 'erased:%'",
        log,
        customer
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(row.at_ms)
}

/// Whether the page holds a customer's message that is a word and that nothing told of before.
async fn brings_a_word(
    tx: &mut Tx<'_>,
    account: &AccountId,
    page: &AuditPage,
    seq: u64,
) -> Result<bool, LogError> {
    let mut brings = false;
    for message in &page.messages {
        let (Some(mid), Some(created_ms)) = (&message.id, message.created_ms) else { continue };
        let is_fresh = tx.stamp.ms.saturating_sub(created_ms) < FRESH_MS;
        if is_fresh && message.is_from_account(account) == Some(false) {
            brings |= is_first_to_tell(tx, account, mid, seq).await?;
        }
    }
    Ok(brings)
}

/// Notes that a page told of a message; false when a webhook or an earlier page did.
async fn is_first_to_tell(
    tx: &mut Tx<'_>,
    account: &AccountId,
    mid: &Mid,
    seq: u64,
) -> Result<bool, LogError> {
    let (log, mid, seq) = (account.as_str(), mid.as_str(), column(seq));
    let noted = sqlx::query!(
        "insert into told_by_audit (account, mid, seq)
         select ?1, ?2, ?3 where not exists (
           select 1 from entry where log = ?1 and mid = ?2 and kind = 'meta' and about in ('message', 'postback'))
         on conflict (account, mid) do nothing",
        log,
        mid,
        seq
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(noted.rows_affected() > 0)
}

/// Whether a page of history told of a customer's message, as a word, before its webhook came.
pub(super) async fn told_of(tx: &mut Tx<'_>, account: &AccountId, mid: &Mid) -> Result<bool, LogError> {
    let (log, mid) = (account.as_str(), mid.as_str());
    let row = sqlx::query!(
        r#"select exists (select 1 from told_by_audit where account = ?1 and mid = ?2) as "told!: bool""#,
        log,
        mid
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(row.told)
}
