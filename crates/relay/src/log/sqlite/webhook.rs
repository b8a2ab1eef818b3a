//! The events of one POST, all or none: into their accounts' logs, or aside.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, Mid, Platform};
use baton_messenger::webhook::{Event, Kind, StoredEvent};
use baton_protocol::LogName;
use baton_protocol::entry::EntryKind;
use sha2::{Digest, Sha256};

use super::super::{Appended, LogError, WebhookBatch};
use super::append::{self, NewEntry};
use super::row::{storage, text, to_json};
use super::writer::{Tx, Work};
use super::{audit, quarantine, redact, team, turns};
use crate::team::{Heard, Said, heard};

/// One POST.
pub(super) struct AppendWebhook {
    pub(super) batch: WebhookBatch,
    pub(super) received_ms: i64,
}

#[async_trait]
impl Work for AppendWebhook {
    type Answer = Appended;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Appended, LogError> {
        let mut told = Appended::default();
        match &self.batch {
            WebhookBatch::Events(events) => {
                for event in events {
                    take(tx, event, self.received_ms, &mut told).await?;
                }
            }
            WebhookBatch::Unreadable { body } => unreadable(tx, body, &mut told).await?,
        }
        Ok(told)
    }
}

async fn unreadable(tx: &mut Tx<'_>, body: &[u8], told: &mut Appended) -> Result<(), LogError> {
    let key = format!("unreadable:{}", hex::encode(Sha256::digest(body)));
    let body = &redact::unreadable(tx, body).await?;
    let aside =
        quarantine::Aside { why: quarantine::UNREADABLE, account: "", key: &key, about: "", mid: None, body };
    quarantine::put(tx, aside, told).await
}

/// Takes one event in: into its account's log, or aside when nobody has connected the account.
pub(super) async fn take(
    tx: &mut Tx<'_>,
    event: &Event,
    received_ms: i64,
    told: &mut Appended,
) -> Result<(), LogError> {
    let account = &event.envelope.account;
    let Some(platform) = platform_if_connected(tx, account).await? else {
        // The dashboard's test button writes to account 0, which can never be connected.
        let is_test = account.as_str() == "0";
        let why = if is_test { quarantine::DASHBOARD_TEST } else { quarantine::UNKNOWN_ACCOUNT };
        return aside(tx, event, received_ms, why, told).await;
    };
    if event.envelope.platform() != Some(platform) {
        return aside(tx, event, received_ms, quarantine::WRONG_OBJECT, told).await;
    }
    note_arrival(tx, account).await?;
    let body = to_json(&StoredEvent::new(event, received_ms))?;
    append_event(tx, event, &body, told).await
}

async fn aside(
    tx: &mut Tx<'_>,
    event: &Event,
    received_ms: i64,
    why: &str,
    told: &mut Appended,
) -> Result<(), LogError> {
    let account = event.envelope.account.as_str();
    let body = to_json(&StoredEvent::new(event, received_ms))?;
    let (key, mid) = (event.key(), event.mid().map(Mid::as_str));
    let put =
        quarantine::Aside { why, account, key: &key, about: event.kind.name(), mid, body: body.as_bytes() };
    quarantine::put(tx, put, told).await?;
    redact::in_quarantine(tx, event).await
}

/// Appends an event to its account's log, with what it means for the team's state and for redaction.
pub(super) async fn append_event(
    tx: &mut Tx<'_>,
    event: &Event,
    body: &str,
    told: &mut Appended,
) -> Result<(), LogError> {
    let account = &event.envelope.account;
    let log = LogName::Account(account.clone());
    let tombstone = redact::tombstone_if_unsent(tx, event, body).await?;
    let key = event.key();
    let new = NewEntry {
        kind: EntryKind::Meta,
        key: &key,
        about: event.kind.name(),
        mid: event.mid().map(Mid::as_str),
        customer: event.customer.as_ref(),
        body: tombstone.as_deref().unwrap_or(body),
    };
    let Some(seq) = append::entry(tx, &log, new).await? else {
        told.repeated += 1;
        return Ok(());
    };
    told.new += 1;
    hear(tx, event, seq).await?;
    if let Kind::Deleted(_) = event.kind {
        told.redacted += redact::unsend(tx, event).await?;
    }
    Ok(())
}

async fn hear(tx: &mut Tx<'_>, event: &Event, seq: u64) -> Result<(), LogError> {
    let heard = heard(event, &tx.run.app);
    let (Some(customer), true) = (&event.customer, heard != Heard::NoWord || may_say(&event.kind)) else {
        return Ok(());
    };
    let account = &event.envelope.account;
    let served = turns::served(tx, account).await?;
    let (at_ms, reacts) = (event.at_ms(tx.stamp.ms), served.rules.reaction_reopens);
    let said = Said::of_event(event, &event.key(), at_ms, &served.facts, reacts);
    if heard == Heard::NoWord && said.is_empty() {
        return Ok(());
    }
    let part = match heard {
        Heard::OfPart(part) => Some(part),
        _ => None,
    };
    let is_told = match (heard, event.mid()) {
        (Heard::Others, Some(mid)) => audit::told_of(tx, account, mid).await?,
        _ => false,
    };
    let mut thread = team::load(tx, account, customer, part, None).await?;
    if !is_told {
        thread.hear(seq, &heard, event.mid(), event.timestamp_ms);
    }
    for said in &said {
        thread.say(said, &served.facts);
    }
    team::save(tx, &served, customer, &mut thread).await?;
    match (part, event.mid()) {
        (Some(_), Some(mid)) => redact::clear_if_unsent(tx, account.as_str(), mid.as_str()).await,
        _ => Ok(()),
    }
}

/// Whether an event that is no word may say whose turn it is: who holds the thread, or that somebody reacted.
fn may_say(kind: &Kind) -> bool {
    matches!(kind, Kind::Echo(_) | Kind::PassControl(_) | Kind::TakeControl(_) | Kind::Reaction(_))
}

async fn platform_if_connected(tx: &mut Tx<'_>, account: &AccountId) -> Result<Option<Platform>, LogError> {
    let account = account.as_str();
    let row = sqlx::query!(
        r#"select platform as "platform!" from account where account = ?1 and connected_at_ms is not null"#,
        account
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    row.map(|row| text(&row.platform)).transpose()
}

async fn note_arrival(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), LogError> {
    let name = account.as_str();
    sqlx::query!("update account set last_webhook_ms = ?2 where account = ?1", name, tx.stamp.ms)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.last_webhook_ms.insert(account.clone(), tx.stamp.ms);
    Ok(())
}
