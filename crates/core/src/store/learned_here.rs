//! What this desk learned of a thread's owner, shown before the log tells it.
//!
//! ```text
//!   an act that Meta did, an answer, a refusal ──▶ command queued + evidence put in ──▶ shown
//!                                                        │ one transaction
//!   the relay's log has the fact, under the same key ────┴──▶ the same evidence, with its note
//!   the relay refuses it for good ──────────────────────────▶ the evidence goes again
//! ```
//!
//! The evidence is that of the fact which the command becomes, under the key that its entry will have. So whatever else comes
//! in is folded with it as with everybody's evidence, and when the fact comes nothing is there twice. It has no words: a note
//! comes with the fact, so that no erasure has to look for it here.

use baton_protocol::command::{Command, CommandRequest, fact_key};
use baton_protocol::team::Actor;
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, LogName};
use baton_thread::{Act, Evidence};

use super::error::{of_json, parsed_some};
use super::owner_event::EvidencePlace;
use super::{Conn, Result, Store, ThreadId, ThreadKey, account, command_queue, owner_event, refresh, thread};

impl Store {
    /// Queues what this desk, known to the relay as `desk`, learned of a thread's owner, and shows it from now on. `now_ms` is
    /// of the desk's wall clock.
    ///
    /// # Errors
    /// When the file cannot be written; then neither was done.
    pub async fn learn_owner(
        &self,
        desk: DeskId,
        account: &AccountId,
        request: &CommandRequest,
        now_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        command_queue::queue(&mut tx, &LogName::Account(account.clone()), request, now_ms).await?;
        put(&mut tx, desk, account, std::slice::from_ref(request)).await?;
        self.commit(tx).await
    }

    /// The relay does not take what this desk learned of an owner: it is shown no longer, and its command is forgotten.
    /// Returns the thread that it was of; none for other commands, which stay.
    ///
    /// # Errors
    /// When the file cannot be written; then it is still queued.
    pub async fn owner_was_not_learned(
        &self,
        desk: DeskId,
        account: &AccountId,
        request: &CommandRequest,
    ) -> Result<Option<ThreadId>> {
        let Some((customer, evidence)) = evidence(desk, None, request) else { return Ok(None) };
        let key = ThreadKey { account: account.clone(), customer: customer.clone() };
        let mut tx = self.write().await?;
        let found = thread::find(&mut tx, &key).await?;
        if let Some(thread) = found {
            let place =
                owner_event::take_out_told_ahead(&mut tx, account.as_str(), thread, &evidence.tie).await?;
            fold(&mut tx, account, place.into_iter().map(|place| (thread, place)).collect()).await?;
        }
        command_queue::forget(&mut tx, request.command_id).await?;
        self.commit(tx).await?;
        Ok(found)
    }
}

/// Puts back what is queued of an account, after its evidence was made anew from the log.
pub(super) async fn put_back(conn: &mut Conn, account: &AccountId) -> Result<()> {
    let desk: Option<String> =
        sqlx::query_scalar("SELECT desk FROM enrolment WHERE only = 1").fetch_optional(&mut *conn).await?;
    let Some(desk) = parsed_some::<DeskId>(desk.as_deref())? else { return Ok(()) };
    let queued: Vec<String> = sqlx::query_scalar(
        "SELECT request FROM command_queue
         WHERE log = ? AND request ->> '$.command.do' = 'learn_owner' ORDER BY place",
    )
    .bind(account.as_str())
    .fetch_all(&mut *conn)
    .await?;
    let queued: Vec<CommandRequest> = queued.iter().map(|json| of_json(json)).collect::<Result<_>>()?;
    put(conn, desk, account, &queued).await
}

async fn put(conn: &mut Conn, desk: DeskId, account: &AccountId, requests: &[CommandRequest]) -> Result<()> {
    let agent: Option<String> =
        sqlx::query_scalar("SELECT agent FROM enrolment WHERE only = 1").fetch_optional(&mut *conn).await?;
    let agent = parsed_some::<AgentId>(agent.as_deref())?;
    let mut rows = Vec::with_capacity(requests.len());
    for (customer, evidence) in requests.iter().filter_map(|request| evidence(desk, agent, request)) {
        let key = ThreadKey { account: account.clone(), customer: customer.clone() };
        if let Some(thread) = thread::find(conn, &key).await? {
            rows.push(owner_event::row(thread, &evidence, true)?);
        }
    }
    let places = owner_event::add_all(conn, &rows).await?;
    fold(conn, account, places).await
}

/// Folds threads on, each from the first of its places, and computes their rows anew.
async fn fold(
    conn: &mut Conn,
    account: &AccountId,
    mut places: Vec<(ThreadId, EvidencePlace)>,
) -> Result<()> {
    if places.is_empty() {
        return Ok(());
    }
    places.sort();
    places.dedup_by_key(|(thread, _)| *thread);
    let from: Vec<_> = places.into_iter().map(|(thread, place)| (thread, Some(place))).collect();
    let facts = account::facts(conn, account).await?;
    let held = owner_event::fold_all(conn, &facts, &from).await?;
    refresh::threads(conn, &facts, &held).await
}

/// The evidence of the fact that a command becomes, without words.
fn evidence(
    desk: DeskId,
    agent: Option<AgentId>,
    request: &CommandRequest,
) -> Option<(&CustomerId, Evidence)> {
    let Command::LearnOwner { customer, seen, source, at_ms, until_ms, note: _, when_done } =
        &request.command
    else {
        return None;
    };
    let act = Act::Learned {
        seen: seen.clone(),
        source: *source,
        until_ms: *until_ms,
        note: None,
        by: agent.map(|agent| Actor::Agent { agent, desk }),
        when_done: *when_done,
    };
    let tie = fact_key(desk, request.command_id, 0);
    Some((customer, Evidence { at_ms: *at_ms, tie, act }))
}
