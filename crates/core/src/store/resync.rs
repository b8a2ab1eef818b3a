//! The relay has another log under a name: what the team said in the one of before goes, and every thread is computed anew from
//! what Meta said.
//!
//! ```text
//!  begin ──▶ entries, some at a time ──▶ the account ──▶ threads, some at a time ──▶ end
//!  the log has no identity: nothing of either log comes in                           it has the new one
//! ```
//!
//! In pieces, each in a transaction of its own, so that a long history neither grows the log of the file nor keeps others from
//! writing for long. A thread is as it was or as it will be, never in between: what the team said of it goes in the transaction
//! in which its row is computed. How far it is stands in a setting that moves with each piece, so that a kill costs one piece;
//! the next start goes on, and so does the next stream, to which the relay says the same again because the identity is no
//! log's. What a piece does is the same however often it is done, so a repair in between harms nothing either.

use baton_protocol::{AccountId, LogId, LogName};
use baton_thread::AccountFacts;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::again::{Far, THREADS};
use super::error::{of_json, to_json};
use super::telling::{OpeningWatcher, Untold};
use super::{
    Conn, Result, Store, ThreadId, account, customer, handed_draft, history, known_app, label, learned_here,
    log, mention, message_write, note, owner_event, queue_rules, recompute, reply_pending, search, setting,
    team_event, team_part, thread, told_ahead, withheld,
};

/// Before the name of a log: the setting in which stands how far its resync is.
const SETTING: &str = "store.resync.";
/// How many entries one transaction takes their places from.
const ENTRIES: u32 = 500;
/// The identity of a log while nothing of it may come in. The relay gives it to none.
const NO_LOG: LogId = LogId(Uuid::nil());

/// How far a resync is.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    /// Which log the relay has now.
    log_id: LogId,
    stage: Stage,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stage {
    /// Entries lose their places.
    Entries,
    /// Threads are computed anew; those up to this number are.
    Threads { after: i64 },
}

/// What a piece came to.
enum Piece {
    /// So many threads are done with it, and more may be left.
    More { threads: usize },
    /// Nothing is left.
    Last,
}

impl Store {
    /// The relay has another log under this name: drops ranges and team facts, keeps Meta's facts by key and all own
    /// tables. One that was begun and not finished goes on.
    ///
    /// # Errors
    /// When the file cannot be written. What is done by then stays; the rest is done by the next call, or the next start.
    pub async fn resync(&self, log: &LogName, new_log_id: LogId) -> Result<()> {
        self.begin_resync(log, new_log_id).await?;
        self.go_on_resyncing(log, &mut Far::begin(0, &Untold)).await
    }

    /// The same, stopped after so many pieces as a kill would stop it. True when it was done by then. For tests.
    #[doc(hidden)]
    pub async fn resync_partly(&self, log: &LogName, new_log_id: LogId, pieces: usize) -> Result<bool> {
        self.begin_resync(log, new_log_id).await?;
        for _ in 0..pieces {
            if matches!(self.resync_piece(log).await?, Piece::Last) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Goes on where the last run was killed. The next stream goes on as well.
    pub(super) async fn resume_resyncs(&self, tells: &dyn OpeningWatcher) -> Result<()> {
        let (logs, threads) = {
            let mut conn = self.read().acquire().await?;
            pending(&mut conn).await?
        };
        let mut far = Far::begin(threads, tells);
        for log in logs {
            tracing::info!(%log, "a resync goes on");
            self.go_on_resyncing(&log, &mut far).await?;
        }
        Ok(())
    }

    /// From here on nothing of the log comes in until all is done. One that is under way keeps its place: nothing came in since.
    async fn begin_resync(&self, log: &LogName, new_log_id: LogId) -> Result<()> {
        let mut tx = self.write().await?;
        let stage = mark_of(&mut tx, log).await?.map_or(Stage::Entries, |mark| mark.stage);
        set_mark(&mut tx, log, &Mark { log_id: new_log_id, stage }).await?;
        if let Some(account) = log.account() {
            // All of its threads are computed anyway.
            recompute::forget(&mut tx, account).await?;
        }
        log::forget_ranges(&mut tx, log).await?;
        log::set_identity(&mut tx, log, NO_LOG, "").await?;
        self.commit(tx).await
    }

    async fn go_on_resyncing(&self, log: &LogName, far: &mut Far<'_>) -> Result<()> {
        while let Piece::More { threads } = self.resync_piece(log).await? {
            far.goes_on(threads);
        }
        Ok(())
    }

    async fn resync_piece(&self, log: &LogName) -> Result<Piece> {
        self.let_pass().await;
        let mut tx = self.write().await?;
        // Purged meanwhile, with all that there was to do.
        let Some(mark) = mark_of(&mut tx, log).await? else { return Ok(Piece::Last) };
        let piece = match mark.stage {
            Stage::Entries => {
                entries(&mut tx, log, mark.log_id).await?;
                Piece::More { threads: 0 }
            }
            Stage::Threads { after } => threads(&mut tx, log, mark.log_id, ThreadId(after)).await?,
        };
        self.commit(tx).await?;
        Ok(piece)
    }
}

/// Some entries; after the last of them what the team said of the account.
async fn entries(conn: &mut Conn, log: &LogName, log_id: LogId) -> Result<()> {
    if log::forget_some(conn, log, ENTRIES).await? {
        return Ok(());
    }
    match log.account() {
        None => account::forget_workspace(conn).await?,
        Some(account) => {
            if history::forget_some(conn, account, ENTRIES).await? {
                return Ok(());
            }
            history::forget(conn, account).await?;
            account::forget(conn, account).await?;
            queue_rules::forget(conn, account).await?;
        }
    }
    set_mark(conn, log, &Mark { log_id, stage: Stage::Threads { after: 0 } }).await
}

/// Some threads; after the last of them the log is the new one.
async fn threads(conn: &mut Conn, log: &LogName, log_id: LogId, after: ThreadId) -> Result<Piece> {
    let some = match log.account() {
        Some(account) => thread::after(conn, account, after, THREADS).await?,
        None => Vec::new(),
    };
    let Some((account, last)) = log.account().zip(some.last()) else {
        // What this desk learned and has not told yet is no matter of either log.
        if let Some(account) = log.account() {
            learned_here::put_back(conn, account).await?;
        }
        // A repair meanwhile may have told places by the entries that still had some.
        log::forget_ranges(conn, log).await?;
        log::set_identity(conn, log, log_id, "").await?;
        drop_mark(conn, log).await?;
        return Ok(Piece::Last);
    };
    forget_team(conn, account, &some).await?;
    // Of the account nothing is known until the new log tells it.
    recompute::compute_some(conn, &some, &AccountFacts::default()).await?;
    search::refresh_names(conn, &some).await?;
    set_mark(conn, log, &Mark { log_id, stage: Stage::Threads { after: last.0 } }).await?;
    Ok(Piece::More { threads: some.len() })
}

/// Drops what the team said of these threads, and what hangs on places in the log.
async fn forget_team(conn: &mut Conn, account: &AccountId, threads: &[ThreadId]) -> Result<()> {
    let ids: Vec<i64> = threads.iter().map(|thread| thread.0).collect();
    let ids = to_json(&ids)?;
    customer::forget(conn, &ids).await?;
    thread::forget(conn, &ids).await?;
    history::forget_read(conn, &ids).await?;
    withheld::forget(conn, &ids).await?;
    team_event::forget(conn, &ids).await?;
    message_write::forget_own_reactions(conn, account, &ids).await?;
    team_part::forget(conn, &ids).await?;
    note::forget(conn, &ids).await?;
    mention::forget(conn, &ids).await?;
    label::forget(conn, &ids).await?;
    handed_draft::forget(conn, &ids).await?;
    reply_pending::forget(conn, &ids).await?;
    told_ahead::forget(conn, &ids).await?;
    owner_event::forget_learned(conn, &ids).await?;
    known_app::see_again(conn, &ids).await
}

/// Logs whose resync is not done, and how many threads they have left.
async fn pending(conn: &mut Conn) -> Result<(Vec<LogName>, usize)> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("SELECT name, value FROM setting WHERE name GLOB ? || '*' ORDER BY name")
            .bind(SETTING)
            .fetch_all(&mut *conn)
            .await?;
    let (mut logs, mut left) = (Vec::with_capacity(rows.len()), 0);
    for (name, mark) in rows {
        let Some(log) = name.strip_prefix(SETTING) else { continue };
        let log = LogName::from(log.to_owned());
        let mark: Mark = of_json(&mark)?;
        let after = match mark.stage {
            Stage::Entries => 0,
            Stage::Threads { after } => after,
        };
        if let Some(account) = log.account() {
            let threads: i64 =
                sqlx::query_scalar("SELECT count(*) FROM thread WHERE account = ? AND thread_id > ?")
                    .bind(account.as_str())
                    .bind(after)
                    .fetch_one(&mut *conn)
                    .await?;
            left += usize::try_from(threads).unwrap_or(0);
        }
        logs.push(log);
    }
    Ok((logs, left))
}

async fn mark_of(conn: &mut Conn, log: &LogName) -> Result<Option<Mark>> {
    let mark = setting::get(conn, &setting_of(log)).await?;
    mark.as_deref().map(of_json).transpose()
}

async fn set_mark(conn: &mut Conn, log: &LogName, mark: &Mark) -> Result<()> {
    setting::set(conn, &setting_of(log), &to_json(mark)?).await
}

async fn drop_mark(conn: &mut Conn, log: &LogName) -> Result<()> {
    setting::remove(conn, &setting_of(log)).await
}

fn setting_of(log: &LogName) -> String {
    format!("{SETTING}{log}")
}
