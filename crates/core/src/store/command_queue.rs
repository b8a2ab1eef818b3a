//! Table `command_queue`: commands for the relay that must not be lost, in order, until it answered.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::ids::{CommandId, NoteId, PartId};
use baton_protocol::{AccountId, CustomerId, LogName, Mid};

use super::error::{of_json, parsed, to_json};
use super::{Block, Conn, QueuedNote, Result, Store, ThreadKey};

/// A command that waits for the relay.
#[derive(Clone, Debug)]
pub struct QueuedCommand {
    /// Its place in the queue.
    pub place: i64,
    /// To which log.
    pub log: LogName,
    /// The command; its id makes a repeat harmless.
    pub request: CommandRequest,
    /// When it was queued, of the desk's wall clock.
    pub created_ms: i64,
    /// How often it was tried.
    pub attempts: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    place: i64,
    log: String,
    request: String,
    created_ms: i64,
    attempts: i64,
}

impl Store {
    /// Puts a command at the end of the queue. A repeat of its id is left alone.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn queue_command(&self, log: &LogName, request: &CommandRequest, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        queue(&mut tx, log, request, now_ms).await?;
        self.commit(tx).await
    }

    /// The first commands of the queue.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_commands(&self, limit: u32) -> Result<Vec<QueuedCommand>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT place, log, request, created_ms, attempts FROM command_queue ORDER BY place LIMIT ?",
        )
        .bind(limit)
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(QueuedCommand::try_from).collect()
    }

    /// Takes a command out: the relay answered.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_command(&self, command: CommandId) -> Result<()> {
        let mut tx = self.write().await?;
        forget(&mut tx, command).await?;
        self.commit(tx).await
    }

    /// Whether an agent at this desk made a thread urgent, or no longer so, and that still waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_priority(&self, thread: &ThreadKey) -> Result<Option<bool>> {
        let mut conn = self.read().acquire().await?;
        Ok(queued_priorities(&mut conn).await?.get(thread).copied())
    }

    /// Whether a report on the account's Page token still waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queues_token_report(&self, account: &AccountId) -> Result<bool> {
        let queued = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM command_queue WHERE log = ? AND request ->> '$.command.do' = 'report_token')",
        );
        Ok(queued.bind(account.as_str()).fetch_one(self.read()).await?)
    }

    /// What an agent at this desk did last about keeping a customer away, while that still waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_block(&self, thread: &ThreadKey) -> Result<Option<Block>> {
        let mut conn = self.read().acquire().await?;
        queued_block(&mut conn, thread).await
    }

    /// Counts a try.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn tried_command(&self, command: CommandId) -> Result<()> {
        let mut tx = self.write().await?;
        let command = command.to_string();
        sqlx::query!("UPDATE command_queue SET attempts = attempts + 1 WHERE command_id = ?", command)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }
}

impl TryFrom<Row> for QueuedCommand {
    type Error = super::StoreError;
    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            place: row.place,
            log: LogName::from(row.log),
            request: of_json(&row.request)?,
            created_ms: row.created_ms,
            attempts: row.attempts,
        })
    }
}

/// Parts of a thread that left while the relay was away, as long as it has not been told.
pub(super) async fn queued_unchecked(conn: &mut Conn, thread: &ThreadKey) -> Result<BTreeSet<PartId>> {
    let parts: Vec<String> = sqlx::query_scalar(
        "SELECT request ->> '$.command.part' FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'start_send' AND request ->> '$.command.customer' = ?",
    )
    .bind(thread.account.as_str())
    .bind(thread.customer.as_str())
    .fetch_all(conn)
    .await?;
    parts.iter().map(|part| parsed(part)).collect()
}

/// What an agent at this desk did last about our reaction to each message of a thread, while that waits for the relay.
pub(super) async fn queued_reactions(
    conn: &mut Conn,
    thread: &ThreadKey,
) -> Result<BTreeMap<Mid, Option<String>>> {
    let set: Vec<(String, Option<String>)> = sqlx::query_as(
        "SELECT request ->> '$.command.mid', request ->> '$.command.emoji' FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'set_reaction' AND request ->> '$.command.customer' = ?
         ORDER BY place",
    )
    .bind(thread.account.as_str())
    .bind(thread.customer.as_str())
    .fetch_all(conn)
    .await?;
    Ok(set.into_iter().map(|(mid, emoji)| (Mid::from(mid), emoji)).collect())
}

/// What an agent at this desk did last about keeping a customer away, while that still waits for the relay.
pub(super) async fn queued_block(conn: &mut Conn, thread: &ThreadKey) -> Result<Option<Block>> {
    let set = sqlx::query_as(
        "SELECT request ->> '$.command.blocked', request ->> '$.command.spam' FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'set_block' AND request ->> '$.command.customer' = ?
         ORDER BY place DESC LIMIT 1",
    );
    let set = set.bind(thread.account.as_str()).bind(thread.customer.as_str());
    let set: Option<(bool, bool)> = set.fetch_optional(conn).await?;
    Ok(set.map(|(blocked, spam)| Block::of(blocked, spam)))
}

/// Which threads an agent at this desk made urgent, or no longer so, while that waits for the relay. The queue is short, and
/// a list asks for all of it at once.
pub(super) async fn queued_priorities(conn: &mut Conn) -> Result<BTreeMap<ThreadKey, bool>> {
    let set: Vec<(String, String, bool)> = sqlx::query_as(
        "SELECT log, request ->> '$.command.customer', request ->> '$.command.urgent' FROM command_queue
         WHERE request ->> '$.command.do' = 'set_priority' ORDER BY place",
    )
    .fetch_all(conn)
    .await?;
    let key = |account: String, customer: String| ThreadKey {
        account: AccountId::from(account),
        customer: CustomerId::from(customer),
    };
    Ok(set.into_iter().map(|(account, customer, urgent)| (key(account, customer), urgent)).collect())
}

/// Private notes of a thread that wait for the relay and are not in its log yet, oldest first; not those that are to be taken
/// away again.
pub(super) async fn queued_notes(conn: &mut Conn, thread: &ThreadKey) -> Result<Vec<QueuedNote>> {
    let removals = queued_removals(conn, thread).await?;
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "SELECT request, created_ms FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'add_note' AND request ->> '$.command.customer' = ?
           AND NOT EXISTS (SELECT 1 FROM note n WHERE n.note = request ->> '$.command.note' AND n.seq > 0)
         ORDER BY place",
    )
    .bind(thread.account.as_str())
    .bind(thread.customer.as_str())
    .fetch_all(conn)
    .await?;
    let mut notes = Vec::with_capacity(rows.len());
    for (request, created_ms) in rows {
        let request: CommandRequest = of_json(&request)?;
        if let Command::AddNote { note, text, mentions, supervisors_only, .. } = request.command
            && !removals.contains(&note)
        {
            notes.push(QueuedNote { note, created_ms, text, mentions, supervisors_only });
        }
    }
    Ok(notes)
}

/// Private notes of a thread that an agent at this desk takes away, while that waits for the relay.
pub(super) async fn queued_removals(conn: &mut Conn, thread: &ThreadKey) -> Result<BTreeSet<NoteId>> {
    let notes: Vec<String> = sqlx::query_scalar(
        "SELECT request ->> '$.command.note' FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'remove_note' AND request ->> '$.command.customer' = ?",
    )
    .bind(thread.account.as_str())
    .bind(thread.customer.as_str())
    .fetch_all(conn)
    .await?;
    notes.iter().map(|note| parsed(note)).collect()
}

/// Takes a command out, with whatever else the transaction does.
pub(super) async fn forget(conn: &mut Conn, command: CommandId) -> Result<()> {
    let command = command.to_string();
    sqlx::query!("DELETE FROM command_queue WHERE command_id = ?", command).execute(conn).await?;
    Ok(())
}

/// Puts a command at the end of the queue, with whatever else the transaction does.
pub(super) async fn queue(
    conn: &mut Conn,
    log: &LogName,
    request: &CommandRequest,
    now_ms: i64,
) -> Result<()> {
    let command_id = request.command_id.to_string();
    let log = log.as_str();
    let json = to_json(request)?;
    sqlx::query!(
        "INSERT INTO command_queue (command_id, log, request, created_ms, attempts) VALUES (?, ?, ?, ?, 0)
             ON CONFLICT (command_id) DO NOTHING",
        command_id,
        log,
        json,
        now_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest name that an agent at this desk gave a customer and that still waits for the relay.
pub(super) async fn queued_name(conn: &mut Conn, thread: &ThreadKey) -> Result<Option<String>> {
    let name = sqlx::query_scalar(
        "SELECT request ->> '$.command.name' FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'name_customer' AND request ->> '$.command.by_hand' = 1
           AND request ->> '$.command.customer' = ?
         ORDER BY place DESC LIMIT 1",
    );
    let name = name.bind(thread.account.as_str()).bind(thread.customer.as_str());
    Ok(name.fetch_optional(conn).await?)
}
