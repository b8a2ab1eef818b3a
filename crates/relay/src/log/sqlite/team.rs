//! The team's state in tables: loaded for one decision, saved after its facts.

use baton_messenger::id::{AccountId, CustomerId, Platform};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{LogName, PartId, ReplyId};

use super::super::LogError;
use super::super::queue::QueueNews;
use super::row::{column, json, maybe, seq, storage, text, to_json};
use super::turns::{self, Served};
use super::writer::Tx;
use super::{append, drafts};
use crate::team::queue::Stands;
use crate::team::{AccountState, Part, Reply, Said, ThreadState, Words};

/// A thread, its open parts, and the part and reply that are named.
pub(super) async fn load(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    part: Option<PartId>,
    reply: Option<ReplyId>,
) -> Result<ThreadState, LogError> {
    let (a, c) = (account.as_str(), customer.as_str());
    let mut thread = ThreadState::default();
    let row = sqlx::query!(
        r#"select version as "version!", assignee, status as "status!", word_seq as "word_seq!", word_desk,
                  other_word_seq as "other_word_seq!", stands as "stands!", is_reopened as "is_reopened!: bool",
                  case when turn_of = (select turns from account where account = ?1) then turn end as "turn?: String"
           from thread where account = ?1 and customer = ?2"#,
        a,
        c
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    if let Some(row) = row {
        thread.version = seq(row.version);
        thread.assignee = maybe(row.assignee.as_deref())?;
        thread.status = json(&row.status)?;
        thread.words = Words {
            last: seq(row.word_seq),
            by: maybe(row.word_desk.as_deref())?,
            other: seq(row.other_word_seq),
        };
        thread.turn = row.turn.as_deref().map(json).transpose()?;
        thread.stood = Stands::of(&row.stands);
        thread.is_reopened = row.is_reopened;
    }
    load_parts(tx, a, c, part, reply, &mut thread).await?;
    if let Some(reply) = reply {
        load_reply(tx, reply, &mut thread).await?;
    }
    Ok(thread)
}

async fn load_parts(
    tx: &mut Tx<'_>,
    account: &str,
    customer: &str,
    part: Option<PartId>,
    reply: Option<ReplyId>,
    thread: &mut ThreadState,
) -> Result<(), LogError> {
    let (part, reply) = (part.map(|id| id.to_string()), reply.map(|id| id.to_string()));
    let rows = sqlx::query!(
        r#"select part as "part!", reply as "reply!", place as "place!", agent as "agent!", desk as "desk!",
                  granted_seq as "granted_seq!", granted_run as "granted_run!",
                  granted_boot_ms as "granted_boot_ms!", settlement, is_told as "is_told!: bool"
           from part where account = ?1 and customer = ?2 and is_open = 1
           union
           select part, reply, place, agent, desk, granted_seq, granted_run, granted_boot_ms, settlement, is_told
           from part where part = ?3 and account = ?1 and customer = ?2
           union
           select part, reply, place, agent, desk, granted_seq, granted_run, granted_boot_ms, settlement, is_told
           from part where reply = ?4 and account = ?1 and customer = ?2"#,
        account,
        customer,
        part,
        reply
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    for row in rows {
        // The boot clock of an earlier run may be another machine start's: count from the beginning of this one.
        let is_this_run = row.granted_run == tx.run.id.to_string();
        let since = if is_this_run { row.granted_boot_ms } else { tx.run.began_boot_ms };
        let part = Part {
            reply: text(&row.reply)?,
            place: u32::try_from(row.place).unwrap_or(u32::MAX),
            agent: text(&row.agent)?,
            desk: text(&row.desk)?,
            granted_seq: seq(row.granted_seq),
            age_ms: tx.boot_ms - since,
            settlement: row.settlement.as_deref().map(json).transpose()?,
            is_told: row.is_told,
        };
        thread.parts.insert(text(&row.part)?, part);
    }
    Ok(())
}

async fn load_reply(tx: &mut Tx<'_>, reply: ReplyId, thread: &mut ThreadState) -> Result<(), LogError> {
    let id = reply.to_string();
    let row =
        sqlx::query!(r#"select desk as "desk!", version as "version!" from reply where reply = ?1"#, id)
            .fetch_optional(&mut *tx.conn)
            .await
            .map_err(storage)?;
    if let Some(row) = row {
        thread.replies.insert(reply, Reply { desk: text(&row.desk)?, version: seq(row.version) });
    }
    Ok(())
}

/// Saves a thread with all the parts and replies it was loaded with, after everything was appended, and tells how it stands.
pub(super) async fn save(
    tx: &mut Tx<'_>,
    served: &Served,
    customer: &CustomerId,
    thread: &mut ThreadState,
) -> Result<(), LogError> {
    let account = &served.account;
    let (a, c) = (account.as_str(), customer.as_str());
    if thread.turn.is_none() {
        thread.turn = Some(turns::of_entries(tx, served, customer).await?);
    }
    thread.notice_reopened(tx.stamp.ms);
    let standing = thread.standing();
    let turn = thread.turn.as_ref().map(to_json).transpose()?;
    let (stands, waits_ms, wakes_ms) = (standing.stands.as_str(), standing.waits_ms, standing.wakes_ms);
    let (version, word_seq) = (column(thread.version), column(thread.words.last));
    let other_word_seq = column(thread.words.other);
    let assignee = thread.assignee.map(|id| id.to_string());
    let word_desk = thread.words.by.map(|id| id.to_string());
    let status = to_json(&thread.status)?;
    sqlx::query!(
        "insert into thread (account, customer, version, assignee, status, word_seq, word_desk, other_word_seq,
                             turn, stands, waits_ms, wakes_ms, is_reopened, word_ms, turn_of)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14,
                 coalesce((select turns from account where account = ?1), 0))
         on conflict (account, customer) do update set version = excluded.version, assignee = excluded.assignee,
           status = excluded.status, word_seq = excluded.word_seq, word_desk = excluded.word_desk,
           other_word_seq = excluded.other_word_seq, turn = excluded.turn, stands = excluded.stands,
           waits_ms = excluded.waits_ms, wakes_ms = excluded.wakes_ms, is_reopened = excluded.is_reopened,
           word_ms = excluded.word_ms, turn_of = excluded.turn_of",
        a,
        c,
        version,
        assignee,
        status,
        word_seq,
        word_desk,
        other_word_seq,
        turn,
        stands,
        waits_ms,
        wakes_ms,
        standing.is_reopened,
        standing.word_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    tx.effects.queue.push(QueueNews::Stands(account.clone(), customer.clone(), standing));
    for (id, reply) in &thread.replies {
        save_reply(tx, a, c, *id, reply).await?;
    }
    for (id, part) in &thread.parts {
        save_part(tx, a, c, *id, part).await?;
    }
    Ok(())
}

async fn save_reply(tx: &mut Tx<'_>, a: &str, c: &str, id: ReplyId, reply: &Reply) -> Result<(), LogError> {
    let (id, desk, version) = (id.to_string(), reply.desk.to_string(), column(reply.version));
    sqlx::query!(
        "insert into reply (reply, account, customer, desk, version) values (?1, ?2, ?3, ?4, ?5)
         on conflict (reply) do update set version = excluded.version",
        id,
        a,
        c,
        desk,
        version
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

async fn save_part(tx: &mut Tx<'_>, a: &str, c: &str, id: PartId, part: &Part) -> Result<(), LogError> {
    let (id, reply) = (id.to_string(), part.reply.to_string());
    let (agent, desk) = (part.agent.to_string(), part.desk.to_string());
    let (granted_seq, run) = (column(part.granted_seq), tx.run.id.to_string());
    let mid = match &part.settlement {
        Some(Settlement::Sent { mid, .. }) => Some(mid.as_str()),
        _ => None,
    };
    let settlement = part.settlement.as_ref().map(to_json).transpose()?;
    let is_open = i64::from(part.is_open());
    sqlx::query!(
        "insert into part (part, account, customer, reply, place, agent, desk, granted_seq, granted_run,
                           granted_boot_ms, settlement, mid, is_open, is_told)
         values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
         on conflict (part) do update set settlement = excluded.settlement, mid = excluded.mid,
           is_open = excluded.is_open, is_told = excluded.is_told",
        id,
        a,
        c,
        reply,
        part.place,
        agent,
        desk,
        granted_seq,
        run,
        tx.boot_ms,
        settlement,
        mid,
        is_open,
        part.is_told
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// Whether a part or reply of this id was granted in another thread.
pub(super) async fn is_elsewhere(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    (part, reply): (PartId, ReplyId),
) -> Result<bool, LogError> {
    let (a, c) = (account.as_str(), customer.as_str());
    let (part, reply) = (part.to_string(), reply.to_string());
    let row = sqlx::query!(
        r#"select exists (select 1 from part where part = ?1 and (account <> ?3 or customer <> ?4)
                  union all select 1 from reply where reply = ?2 and (account <> ?3 or customer <> ?4))
           as "elsewhere!: bool""#,
        part,
        reply,
        a,
        c
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(row.elsewhere)
}

/// An account; none when nobody was invited to it.
/// The platforms of other connected accounts that hear of Meta through an account's Page.
pub(super) async fn served_through(
    tx: &mut Tx<'_>,
    account: &AccountId,
    page: &str,
) -> Result<Vec<Platform>, LogError> {
    let account = account.as_str();
    // A Page that was connected by an older relay does not name itself.
    let page = if page.is_empty() { account } else { page };
    let rows = sqlx::query!(
        r#"select distinct platform as "platform!" from account
           where account <> ?1 and connected_at_ms is not null and (account = ?2 or page = ?2) order by platform"#,
        account,
        page
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    rows.iter().map(|row| text(&row.platform)).collect()
}

pub(super) async fn load_account(
    tx: &mut Tx<'_>,
    account: &AccountId,
) -> Result<Option<AccountState>, LogError> {
    let a = account.as_str();
    let row = sqlx::query!(
        r#"select platform as "platform!", name as "name!", page as "page!", app as "app!",
                  routing as "routing!", default_app, human_agent as "human_agent!", waiting as "waiting!",
                  token_alive as "token_alive: bool", fields as "fields!",
                  is_subscribed as "is_subscribed!: bool", names_given as "names_given: bool", connected_at_ms,
                  history_paused as "history_paused!: bool", history_through_ms,
                  (select rules from queue_set where queue_set.account = ?1 order by seq desc limit 1)
                    as "queue?: String"
           from account where account = ?1"#,
        a
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(AccountState {
        account: account.clone(),
        platform: text::<Platform>(&row.platform)?,
        name: row.name,
        page: row.page,
        app: row.app,
        routing: text(&row.routing)?,
        default_app: row.default_app.map(Into::into),
        human_agent: text(&row.human_agent)?,
        waiting: text(&row.waiting)?,
        queue: row.queue.as_deref().map(json).transpose()?.unwrap_or_default(),
        token_alive: row.token_alive,
        fields: json(&row.fields)?,
        subscribed: row.is_subscribed,
        names_given: row.names_given,
        connected_at_ms: row.connected_at_ms,
        history_paused: row.history_paused,
        history_through_ms: row.history_through_ms,
    }))
}

/// Saves an account that exists.
pub(super) async fn save_account(tx: &mut Tx<'_>, account: &AccountState) -> Result<(), LogError> {
    let (a, platform) = (account.account.as_str(), account.platform.as_str());
    let (routing, human_agent) = (account.routing.to_string(), account.human_agent.to_string());
    let (waiting, fields) = (account.waiting.to_string(), to_json(&account.fields)?);
    let default_app = account.default_app.as_ref().map(baton_messenger::id::AppId::as_str);
    sqlx::query!(
        "update account set platform = ?2, name = ?3, page = ?4, app = ?5, routing = ?6, default_app = ?7,
           human_agent = ?8, waiting = ?9, token_alive = ?10, fields = ?11, connected_at_ms = ?12,
           is_subscribed = ?13, names_given = ?14, history_paused = ?15, history_through_ms = ?16
         where account = ?1",
        a,
        platform,
        account.name,
        account.page,
        account.app,
        routing,
        default_app,
        human_agent,
        waiting,
        account.token_alive,
        fields,
        account.connected_at_ms,
        account.subscribed,
        account.names_given,
        account.history_paused,
        account.history_through_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// Appends a fact to an account's log and, where it is about the account, keeps its place for the snapshot.
pub(super) async fn append_account_fact(
    tx: &mut Tx<'_>,
    account: &AccountId,
    key: &str,
    fact: &TeamFact,
) -> Result<Option<u64>, LogError> {
    let Some(at) = append::fact(tx, &LogName::Account(account.clone()), key, fact).await? else {
        return Ok(None);
    };
    turns::account_changed(tx, account, at, fact).await?;
    if let Some(slot) = AccountState::slot(fact) {
        let (a, seq) = (account.as_str(), column(at));
        sqlx::query!(
            "insert into account_fact (account, slot, seq) values (?1, ?2, ?3)
             on conflict (account, slot) do update set seq = excluded.seq",
            a,
            slot,
            seq
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    }
    Ok(Some(at))
}

/// Appends a fact about a thread and takes it into the thread's state. Where it takes the thread from an agent, their draft of
/// it follows at once. Returns the seqs of what was appended; nothing when it stood there already.
pub(super) async fn append_to_thread(
    tx: &mut Tx<'_>,
    served: &Served,
    thread: &mut ThreadState,
    key: &str,
    fact: &TeamFact,
) -> Result<Vec<u64>, LogError> {
    let account = &served.account;
    let Some(at) = append_account_fact(tx, account, key, fact).await? else { return Ok(Vec::new()) };
    let had = thread.assignee;
    thread.apply(at, fact);
    if let Some(said) = Said::of_fact(fact, key) {
        thread.say(&said, &served.facts);
    }
    let mut seqs = vec![at];
    if let (TeamFact::Assigned { customer, assignee, by, .. }, Some(from)) = (fact, had)
        && *assignee != Some(from)
    {
        seqs.extend(drafts::hand(tx, account, customer, from, by, key).await?);
    }
    Ok(seqs)
}
