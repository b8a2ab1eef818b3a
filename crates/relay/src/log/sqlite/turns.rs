//! Whose turn it is in threads: the fold beside each. It goes on in the transaction that appends an entry; where it is missing,
//! of an earlier count of its account, or something came late, it is made of all of the thread's entries.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId, CustomerId, Mid};
use baton_protocol::LogName;
use baton_protocol::account::{QueueRules, RoutingMode};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::Content;
use baton_protocol::team::TeamFact;
use baton_thread::owner::{AccountFacts, KnownApp};
use baton_thread::waiting::counts_unnamed;

use super::super::LogError;
use super::super::queue::QueueNews;
use super::read::Row;
use super::row::{column, json, seq, storage, text, to_json};
use super::team;
use super::writer::{Tx, Work};
use crate::team::{Said, Turn};

/// How many entries of a thread are looked at in one step.
const STRIDE: i64 = 200;
/// How many threads are folded anew in one transaction: webhooks wait for it.
const AT_ONCE: i64 = 25;

/// What is true of an account and matters to whose turn it is in its threads.
pub(super) struct Served {
    pub(super) account: AccountId,
    pub(super) facts: AccountFacts,
    pub(super) rules: QueueRules,
}

/// What is true of an account.
pub(super) async fn served(tx: &mut Tx<'_>, account: &AccountId) -> Result<Served, LogError> {
    let name = account.as_str();
    let row = sqlx::query!(
        r#"select platform as "platform!", routing as "routing!", default_app,
                  (select rules from queue_set where queue_set.account = ?1 order by seq desc limit 1)
                    as "rules?: String"
           from account where account = ?1"#,
        name
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let mut facts = AccountFacts { our_app: Some(tx.run.app.clone()), ..AccountFacts::default() };
    let mut rules = QueueRules::default();
    if let Some(row) = row {
        facts.platform = Some(text(&row.platform)?);
        facts.routing = text(&row.routing)?;
        facts.default_app = row.default_app.map(Into::into);
        rules = row.rules.as_deref().map(json).transpose()?.unwrap_or_default();
    }
    if facts.routing == RoutingMode::Off {
        facts.apps = apps(tx, account).await?;
    }
    Ok(Served { account: account.clone(), facts, rules })
}

/// The apps of an account that somebody named.
pub(super) async fn apps(
    tx: &mut Tx<'_>,
    account: &AccountId,
) -> Result<BTreeMap<AppId, KnownApp>, LogError> {
    let name = account.as_str();
    let rows = sqlx::query!(
        r#"select body as "body!" from account_fact
           join entry on entry.log = account_fact.account and entry.seq = account_fact.seq
           where account_fact.account = ?1 and slot like 'app_named:%'"#,
        name
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let mut apps = BTreeMap::new();
    for row in rows {
        if let TeamFact::AppNamed { app, name, answers_count } = json(&row.body)? {
            apps.insert(app, KnownApp { name, answers_count });
        }
    }
    Ok(apps)
}

/// A fact about an account was appended, and neither its row nor the places of its newest facts are saved yet: where it
/// changes what folds go by, they are made anew.
pub(super) async fn account_changed(
    tx: &mut Tx<'_>,
    account: &AccountId,
    at: u64,
    fact: &TeamFact,
) -> Result<(), LogError> {
    match fact {
        TeamFact::QueueSet { rules, .. } => {
            let (name, at, json) = (account.as_str(), column(at), to_json(rules)?);
            sqlx::query!("insert into queue_set (account, seq, rules) values (?1, ?2, ?3)", name, at, json)
                .execute(&mut *tx.conn)
                .await
                .map_err(storage)?;
            tx.effects.queue.push(QueueNews::Rules(account.clone(), rules.clone()));
        }
        TeamFact::HumanAgentSet { right, .. } => {
            tx.effects.queue.push(QueueNews::HumanAgent(account.clone(), *right));
        }
        TeamFact::AccountConnected { routing, .. } | TeamFact::AccountChecked { routing, .. }
            if served(tx, account).await?.facts.routing != *routing =>
        {
            begin_anew(tx, account).await?;
        }
        TeamFact::RoutingSet { .. } => begin_anew(tx, account).await?,
        TeamFact::AppNamed { app, name, answers_count } => {
            let before = served(tx, account).await?.facts;
            let counted = before.apps.get(app).is_some_and(|known| known.answers_count);
            let named = KnownApp { name: name.clone(), answers_count: *answers_count };
            let mut now = before.clone();
            now.apps.insert(app.clone(), named);
            let is_as_before = counted == *answers_count && counts_unnamed(&now) == counts_unnamed(&before);
            if before.routing == RoutingMode::Off && !is_as_before {
                begin_anew(tx, account).await?;
            }
        }
        _ => {}
    }
    Ok(())
}

/// All folds of an account are made anew, some at a time, once this is committed. They count no more from here on: no row of a
/// thread is written for that, however many there are, because webhooks wait for this transaction.
async fn begin_anew(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), LogError> {
    let name = account.as_str();
    sqlx::query!("update account set turns = turns + 1 where account = ?1", name)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.queue.push(QueueNews::Anew(account.clone()));
    Ok(())
}

/// The fold of all of a thread's entries.
pub(super) async fn of_entries(
    tx: &mut Tx<'_>,
    served: &Served,
    customer: &CustomerId,
) -> Result<Turn, LogError> {
    let log = LogName::Account(served.account.clone());
    let reacting = reacting(tx, &served.account).await?;
    let reacts = |at: u64| reacting.range(..at).next_back().is_some_and(|(_, reacts)| *reacts);
    let (mut told, mut pages, mut after) = (Vec::new(), Vec::new(), 0);
    loop {
        let rows = entries_after(tx, &log, customer, after).await?;
        let Some(last) = rows.last().map(|row| row.seq) else { break };
        for row in rows {
            let at = row.seq;
            let entry = match row.entry(&log) {
                Ok(entry) => entry,
                // It keeps nothing else from being stored, nor any thread from being given out.
                Err(error) => {
                    tracing::error!(%log, at, %error, "an entry cannot be read, and does not count for whose turn it is");
                    continue;
                }
            };
            let stored = match entry.content() {
                Content::Meta(stored) => Some(stored),
                // Of a message that was taken back it stays known that it was said.
                Content::Tombstone(tombstone) => tombstone.bare,
                Content::Team(fact) => {
                    told.extend(Said::of_fact(&fact, &entry.key).map(|said| (entry.seq, said)));
                    None
                }
                Content::Audit(page) => {
                    pages.push((entry.seq, entry.at_ms, page));
                    None
                }
                Content::Redacted(_) | Content::Unknown { .. } => None,
            };
            let Some(stored) = stored else { continue };
            let received_ms = stored.received_ms;
            let event = stored.into_event();
            let (at_ms, reacts) = (event.at_ms(received_ms), reacts(entry.seq));
            let said = Said::of_event(&event, &entry.key, at_ms, &served.facts, reacts);
            told.extend(said.into_iter().map(|said| (entry.seq, said)));
        }
        after = last;
    }
    for (at, appended_ms, page) in pages {
        let said = of_page(tx, &served.account, &page, appended_ms).await?;
        told.extend(said.into_iter().map(|said| (at, said)));
    }
    Ok(Turn::of_all(&told, &served.facts))
}

async fn entries_after(
    tx: &mut Tx<'_>,
    log: &LogName,
    customer: &CustomerId,
    after: i64,
) -> Result<Vec<Row>, LogError> {
    let (name, about) = (log.as_str(), customer.as_str());
    sqlx::query_as!(
        Row,
        r#"select seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!",
                  chain as "chain!"
           from entry where log = ?1 and customer = ?2 and seq > ?3 order by seq limit ?4"#,
        name,
        about,
        after,
        STRIDE
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)
}

/// From which seq on a reaction opens threads of an account, and from which on it does not.
async fn reacting(tx: &mut Tx<'_>, account: &AccountId) -> Result<BTreeMap<u64, bool>, LogError> {
    let name = account.as_str();
    let rows = sqlx::query!(
        r#"select seq as "seq!", rules as "rules!" from queue_set where account = ?1 order by seq"#,
        name
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    rows.into_iter().map(|row| Ok((seq(row.seq), json::<QueueRules>(&row.rules)?.reaction_reopens))).collect()
}

/// What a page of history says of whose turn it is.
pub(super) async fn of_page(
    tx: &mut Tx<'_>,
    account: &AccountId,
    page: &AuditPage,
    appended_ms: i64,
) -> Result<Vec<Said>, LogError> {
    let mids: Vec<&str> =
        page.messages.iter().filter_map(|message| message.id.as_ref()).map(Mid::as_str).collect();
    let (log, mids) = (account.as_str(), to_json(&mids)?);
    let rows = sqlx::query!(
        r#"select distinct mid as "mid!" from entry
           where log = ?1 and mid in (select value from json_each(?2)) and kind = 'meta' and about = 'echo'"#,
        log,
        mids
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let echoed: BTreeSet<Mid> = rows.into_iter().map(|row| Mid::new(row.mid)).collect();
    Ok(Said::of_page(page, account, appended_ms, |mid| echoed.contains(mid)))
}

/// Threads that have no fold that counts get one, some at a time; false when there are no more.
pub(super) struct FoldAnew;

/// Threads without a fold that counts: those that nobody looked at, and those whose fold is of an earlier count.
async fn without_fold(tx: &mut Tx<'_>) -> Result<Vec<(AccountId, CustomerId)>, LogError> {
    let rows = sqlx::query!(
        r#"select account as "account!", customer as "customer!" from thread where turn is null limit ?1"#,
        AT_ONCE
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let mut found: Vec<_> =
        rows.into_iter().map(|row| (AccountId::new(row.account), CustomerId::new(row.customer))).collect();
    let left = AT_ONCE - i64::try_from(found.len()).unwrap_or(AT_ONCE);
    if left == 0 {
        return Ok(found);
    }
    let rows = sqlx::query!(
        r#"select thread.account as "account!", thread.customer as "customer!"
           from account cross join thread indexed by thread_by_turn
           where thread.account = account.account and thread.turn_of < account.turns and thread.turn is not null
           limit ?1"#,
        left
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    found.extend(rows.into_iter().map(|row| (AccountId::new(row.account), CustomerId::new(row.customer))));
    Ok(found)
}

#[async_trait]
impl Work for FoldAnew {
    type Answer = bool;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<bool, LogError> {
        let found = without_fold(tx).await?;
        let mut known: BTreeMap<AccountId, Served> = BTreeMap::new();
        let is_full = i64::try_from(found.len()).is_ok_and(|found| found >= AT_ONCE);
        for (account, customer) in found {
            if !known.contains_key(&account) {
                let served = served(tx, &account).await?;
                known.insert(account.clone(), served);
            }
            let Some(served) = known.get(&account) else { continue };
            let mut thread = team::load(tx, &account, &customer, None, None).await?;
            team::save(tx, served, &customer, &mut thread).await?;
        }
        Ok(is_full)
    }
}
