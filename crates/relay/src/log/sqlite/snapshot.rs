//! The team's state of an account, by pages. Rights were checked in the same view of the data.

use std::collections::BTreeMap;

use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::snapshot::{OpenPart, PAGE, ReadMark, Snapshot, SnapshotPage, ThreadSnapshot};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{DeskId, Entry, LabelId, LogName};
use sqlx::SqliteConnection;

use super::super::{LogError, Read};
use super::read::{Row, head};
use super::row::{column, json, maybe, seq, storage, text};
use super::writer::Tx;

/// Reads one page.
pub(super) async fn page(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
    page: &SnapshotPage,
) -> Result<Read<Snapshot>, LogError> {
    let log = LogName::Account(account.clone());
    let Read::Found(head) = head(conn, &log, 0).await? else { return Ok(Read::NoSuchLog) };
    let is_first = page.is_first();
    let thread_facts = thread_facts(conn, &log, page.before).await?;
    let read_marks = read_marks(conn, desk, account, page.marks_after.as_ref()).await?;
    let is_full = |length: usize| length as u64 >= u64::from(PAGE);
    Ok(Read::Found(Snapshot {
        log_id: head.log_id,
        as_of: head.seq,
        account_facts: if is_first { account_facts(conn, &log).await? } else { Vec::new() },
        before: thread_facts.last().filter(|_| is_full(thread_facts.len())).map(|entry| entry.seq),
        thread_facts,
        threads: if is_first { threads(conn, account).await? } else { Vec::new() },
        marks_after: read_marks
            .last()
            .filter(|_| is_full(read_marks.len()))
            .map(|mark| mark.customer.clone()),
        read_marks,
    }))
}

/// Remembers where the newest entry of a fact about a thread stands.
pub(super) async fn note(tx: &mut Tx<'_>, log: &LogName, fact: &TeamFact, at: u64) -> Result<(), LogError> {
    let (Some(account), Some(customer), Some(slot)) = (log.account(), fact.customer(), slot(fact)) else {
        return Ok(());
    };
    let (account, customer, at) = (account.as_str(), customer.as_str(), column(at));
    sqlx::query!(
        "insert into thread_fact (account, customer, slot, seq) values (?1, ?2, ?3, ?4)
         on conflict (account, customer, slot) do update set seq = excluded.seq",
        account,
        customer,
        slot,
        at
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// What a later fact takes the place of; none for what only adds up.
fn slot(fact: &TeamFact) -> Option<String> {
    Some(match fact {
        TeamFact::Assigned { .. } => "assigned".to_owned(),
        TeamFact::StatusSet { .. } => "status_set".to_owned(),
        TeamFact::PrioritySet { .. } => "priority_set".to_owned(),
        TeamFact::BlockSet { .. } => "block_set".to_owned(),
        TeamFact::CustomerErased { .. } => "customer_erased".to_owned(),
        TeamFact::LabelAdded { label, .. } | TeamFact::LabelRemoved { label, .. } => label_slot(*label),
        TeamFact::CustomerNamed { by_hand, .. } => format!("named:{}", u8::from(*by_hand)),
        TeamFact::DraftHanded { from, .. } => format!("draft:{from}"),
        TeamFact::DraftDone { .. } => DRAFT_DONE.to_owned(),
        TeamFact::ReplyPending { desk, .. } => pending_slot(*desk),
        _ => return None,
    })
}

/// The slot of what of the drafts that were handed over with a thread is done with.
const DRAFT_DONE: &str = "draft_done";

/// Up to which seq drafts were handed over with a thread, and up to which whoever worked on it is done with them; 0 for none.
pub(super) async fn handed(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<(u64, u64), LogError> {
    let (name, about) = (account.as_str(), customer.as_str());
    let row = sqlx::query!(
        r#"select coalesce(max(seq), 0) as "handed!: i64" from thread_fact
           where account = ?1 and customer = ?2 and slot like 'draft:%'"#,
        name,
        about
    )
    .fetch_one(&mut *conn)
    .await
    .map_err(storage)?;
    let done = match newest(conn, account, customer, DRAFT_DONE).await? {
        Some(TeamFact::DraftDone { seq: done, .. }) => done,
        _ => 0,
    };
    Ok((seq(row.handed), done))
}

/// The slot of whether a thread carries a label.
pub(super) fn label_slot(label: LabelId) -> String {
    format!("label:{label}")
}

/// The slot of whether a reply waits on a desk.
fn pending_slot(desk: DeskId) -> String {
    format!("pending:{desk}")
}

/// Whether a reply in a thread waits on a desk, as it last said.
pub(super) async fn is_pending(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
    desk: DeskId,
) -> Result<bool, LogError> {
    let newest = newest(conn, account, customer, &pending_slot(desk)).await?;
    Ok(matches!(newest, Some(TeamFact::ReplyPending { parts: 1.., .. })))
}

/// Whether a customer is blocked, and is spam, as the newest fact says; none when there is none.
pub(super) async fn block(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<Option<(bool, bool)>, LogError> {
    Ok(match newest(conn, account, customer, "block_set").await? {
        Some(TeamFact::BlockSet { blocked, spam, .. }) => Some((blocked, spam)),
        _ => None,
    })
}

/// Whether a thread is urgent, as the newest fact says.
pub(super) async fn is_urgent(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<bool, LogError> {
    let newest = newest(conn, account, customer, "priority_set").await?;
    Ok(matches!(newest, Some(TeamFact::PrioritySet { urgent: true, .. })))
}

/// The newest fact of one kind about a thread, by its [`slot`].
pub(super) async fn newest(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
    slot: &str,
) -> Result<Option<TeamFact>, LogError> {
    let (account, customer) = (account.as_str(), customer.as_str());
    let row = sqlx::query!(
        r#"select body as "body!" from thread_fact
           join entry on entry.log = thread_fact.account and entry.seq = thread_fact.seq
           where account = ?1 and thread_fact.customer = ?2 and slot = ?3"#,
        account,
        customer,
        slot
    )
    .fetch_optional(conn)
    .await
    .map_err(storage)?;
    row.map(|row| json(&row.body)).transpose()
}

async fn thread_facts(
    conn: &mut SqliteConnection,
    log: &LogName,
    before: Option<u64>,
) -> Result<Vec<Entry>, LogError> {
    let (name, before) = (log.as_str(), column(before.unwrap_or(u64::MAX)));
    let rows = sqlx::query_as!(
        Row,
        r#"select entry.seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!",
                  chain as "chain!"
           from thread_fact join entry on entry.log = thread_fact.account and entry.seq = thread_fact.seq
           where thread_fact.account = ?1 and thread_fact.seq < ?2 order by thread_fact.seq desc limit ?3"#,
        name,
        before,
        PAGE
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter().map(|row| row.entry(log)).collect()
}

/// The newest entry of each fact about an account.
pub(super) async fn account_facts(
    conn: &mut SqliteConnection,
    log: &LogName,
) -> Result<Vec<Entry>, LogError> {
    let name = log.as_str();
    let rows = sqlx::query_as!(
        Row,
        r#"select entry.seq as "seq!", at_ms as "at_ms!", kind as "kind!", key as "key!", body as "body!",
                  chain as "chain!"
           from account_fact join entry on entry.log = account_fact.account and entry.seq = account_fact.seq
           where account_fact.account = ?1 order by entry.seq"#,
        name
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter().map(|row| row.entry(log)).collect()
}

/// Threads with parts on their way.
async fn threads(conn: &mut SqliteConnection, account: &AccountId) -> Result<Vec<ThreadSnapshot>, LogError> {
    let mut open = open_parts(conn, account).await?;
    let account = account.as_str();
    let rows = sqlx::query!(
        r#"select customer as "customer!", version as "version!", assignee, status as "status!",
                  word_seq as "word_seq!"
           from thread where account = ?1
             and customer in (select customer from part where part.account = ?1 and is_open = 1)
           order by customer"#,
        account
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|row| {
            let customer = CustomerId::new(row.customer);
            Ok(ThreadSnapshot {
                version: seq(row.version),
                assignee: maybe(row.assignee.as_deref())?,
                status: json(&row.status)?,
                word_seq: seq(row.word_seq),
                open_parts: open.remove(&customer).unwrap_or_default(),
                customer,
            })
        })
        .collect()
}

async fn open_parts(
    conn: &mut SqliteConnection,
    account: &AccountId,
) -> Result<BTreeMap<CustomerId, Vec<OpenPart>>, LogError> {
    let account = account.as_str();
    let rows = sqlx::query!(
        r#"select customer as "customer!", part as "part!", reply as "reply!", agent as "agent!",
                  desk as "desk!", granted_seq as "granted_seq!", settlement
           from part where account = ?1 and is_open = 1 order by granted_seq"#,
        account
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    let mut open: BTreeMap<CustomerId, Vec<OpenPart>> = BTreeMap::new();
    for row in rows {
        let settlement: Option<Settlement> = row.settlement.as_deref().map(json).transpose()?;
        open.entry(CustomerId::new(row.customer)).or_default().push(OpenPart {
            reply: text(&row.reply)?,
            part: text(&row.part)?,
            agent: text(&row.agent)?,
            desk: text(&row.desk)?,
            granted_seq: seq(row.granted_seq),
            unknown: settlement.is_some(),
        });
    }
    Ok(open)
}

async fn read_marks(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
    after: Option<&CustomerId>,
) -> Result<Vec<ReadMark>, LogError> {
    let (desk, name) = (desk.to_string(), account.as_str());
    let after = after.map(CustomerId::as_str).unwrap_or_default();
    let rows = sqlx::query!(
        r#"select customer as "customer!", read_seq as "read_seq!" from read_mark
           where account = ?2 and agent = (select agent from desk where desk = ?1) and customer > ?3
           order by customer limit ?4"#,
        desk,
        name,
        after,
        PAGE
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    Ok(rows
        .into_iter()
        .map(|row| ReadMark {
            account: account.clone(),
            customer: CustomerId::new(row.customer),
            read_seq: seq(row.read_seq),
        })
        .collect())
}
