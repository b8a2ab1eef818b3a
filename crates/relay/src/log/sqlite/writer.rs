//! The one task that writes. See [`group`](super::super::group) for the machine it follows.

use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use baton_messenger::id::AppId;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::{AgentId, DeskId, LogName};
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{Notify, broadcast, mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::super::group::{LARGEST_GROUP, Next, Synced, Writing};
use super::super::queue::QueueNews;
use super::super::{Live, LogError};
use super::backup::Backups;
use super::effects::Effects;
use super::row::storage;
use super::{block, prune, scrub};
use crate::meta_time::{MetaTime, Stamp};

/// How many appends may wait before new ones are held back.
const QUEUE: usize = 1024;

/// One transaction's view for one append.
pub(super) struct Tx<'c> {
    pub(super) conn: &'c mut SqliteConnection,
    /// The relay's clock at this group, milliseconds UTC.
    pub(super) now_ms: i64,
    /// The time of what is appended in this group.
    pub(super) stamp: Stamp,
    /// The boot clock at this group.
    pub(super) boot_ms: i64,
    /// What is constant while the relay runs.
    pub(super) run: &'c Run,
    pub(super) effects: Effects,
}

/// The clocks as one group finds them.
#[derive(Clone, Copy)]
struct Now {
    wall_ms: i64,
    boot_ms: i64,
    stamp: Stamp,
}

impl Now {
    fn of(time: &MetaTime) -> Self {
        let clock = time.clock();
        Self { wall_ms: clock.wall_ms(), boot_ms: clock.boot_ms(), stamp: time.stamp() }
    }
}

/// What is constant while the relay runs.
#[derive(Debug)]
pub(super) struct Run {
    /// Tells the grants of this run from those of earlier ones, whose boot clock may be another machine start's.
    pub(super) id: Uuid,
    /// The boot clock when this run began.
    pub(super) began_boot_ms: i64,
    pub(super) app: AppId,
}

/// One append.
#[async_trait]
pub(super) trait Work: Send + 'static {
    type Answer: Send;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Self::Answer, LogError>;
}

#[async_trait]
trait Waiting: Send {
    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError>;
    fn answer(self: Box<Self>);
    fn refuse(self: Box<Self>, error: LogError);
}

struct Asked<W: Work> {
    work: W,
    result: Option<Result<W::Answer, LogError>>,
    reply: oneshot::Sender<Result<W::Answer, LogError>>,
}

#[async_trait]
impl<W: Work> Waiting for Asked<W> {
    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        match self.work.run(tx).await {
            Ok(answer) => {
                self.result = Some(Ok(answer));
                Ok(())
            }
            Err(error) => {
                self.result = Some(Err(error.clone()));
                Err(error)
            }
        }
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // Nobody waits any more when the caller's connection ended; what was appended stays.
            let _ = self.reply.send(result);
        }
    }

    fn refuse(self: Box<Self>, error: LogError) {
        let _ = self.reply.send(Err(error));
    }
}

/// What the task does by itself, with nobody waiting for it.
struct Unasked<W: Work>(W);

#[async_trait]
impl<W: Work> Waiting for Unasked<W> {
    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        self.0.run(tx).await.map(|_| ())
    }

    fn answer(self: Box<Self>) {}

    fn refuse(self: Box<Self>, _: LogError) {}
}

/// The way to the writing task.
#[derive(Debug)]
pub(super) struct Writer {
    queue: Mutex<Option<mpsc::Sender<Box<dyn Waiting>>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

impl Debug for dyn Waiting {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an append")
    }
}

/// Where the writer tells what happened.
pub(super) struct Told {
    pub(super) live: watch::Sender<Live>,
    pub(super) marks: broadcast::Sender<(AgentId, DeskId, ReadMark)>,
    /// What changed for giving threads out.
    pub(super) queue: broadcast::Sender<QueueNews>,
    /// Blocks with a new version.
    pub(super) renewed: broadcast::Sender<(LogName, u64)>,
    pub(super) broken: watch::Sender<Option<String>>,
    /// Why the last group could not be stored, until one is.
    pub(super) refusing: watch::Sender<Option<String>>,
    /// Wakes the checkpointer to empty the WAL.
    pub(super) removed: Arc<Notify>,
    /// Counts removals, for whoever looks for old copies of what was removed.
    pub(super) removals: watch::Sender<u64>,
}

impl Writer {
    /// Starts the task on its connection.
    pub(super) fn start(
        conn: SqliteConnection,
        run: Run,
        time: Arc<MetaTime>,
        told: Told,
        backups: Arc<Backups>,
    ) -> Self {
        let (queue, asks) = mpsc::channel(QUEUE);
        let writing = WritingTask { conn, run, time, told, backups, writing: Writing::default() };
        let task = tokio::spawn(writing.work(asks));
        Self { queue: Mutex::new(Some(queue)), task: Mutex::new(Some(task)) }
    }

    /// Runs an append and waits until its group is synced.
    pub(super) async fn run<W: Work>(&self, work: W) -> Result<W::Answer, LogError> {
        let closed = || LogError::Unavailable("the relay is stopping".to_owned());
        let queue = lock(&self.queue).clone().ok_or_else(closed)?;
        let (reply, answer) = oneshot::channel();
        queue.send(Box::new(Asked { work, result: None, reply })).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Lets the task finish what waits, and ends it.
    pub(super) async fn close(&self) {
        lock(&self.queue).take();
        let task = lock(&self.task).take();
        if let Some(task) = task {
            let _ = task.await;
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

struct WritingTask {
    conn: SqliteConnection,
    run: Run,
    time: Arc<MetaTime>,
    told: Told,
    backups: Arc<Backups>,
    writing: Writing,
}

impl WritingTask {
    async fn work(mut self, mut asks: mpsc::Receiver<Box<dyn Waiting>>) {
        let mut group = Vec::new();
        while asks.recv_many(&mut group, LARGEST_GROUP).await > 0 {
            self.store(std::mem::take(&mut group)).await;
            self.prune(&asks).await;
        }
        let _ = self.conn.close().await;
    }

    async fn store(&mut self, mut group: Vec<Box<dyn Waiting>>) {
        if self.writing == Writing::Broken {
            return refuse(group, &LogError::Broken("a write was lost before".to_owned()));
        }
        let outcome = self.transaction(&mut group).await;
        let end = match &outcome {
            Ok(_) => Synced::Good,
            Err(LogError::Broken(_)) => Synced::Lost,
            Err(_) => Synced::NotNow,
        };
        let (writing, next) = self.writing.synced(end);
        self.writing = writing;
        match (next, outcome) {
            (Next::AnswerAll, Ok(effects)) => {
                if self.told.refusing.send_replace(None).is_some() {
                    tracing::info!("the log stores again");
                }
                self.answer(group, &effects);
            }
            (Next::GiveUp, outcome) => {
                let why = outcome.err().map_or_else(|| "a write was lost".to_owned(), |e| e.to_string());
                tracing::error!(
                    why,
                    "the log is broken: nothing is accepted any more, the relay must start anew"
                );
                self.told.broken.send_replace(Some(why.clone()));
                refuse(group, &LogError::Broken(why));
            }
            (_, outcome) => {
                let why = outcome.err().map_or_else(String::new, |e| e.to_string());
                tracing::error!(why, "the log cannot store now: webhooks and commands are answered 503");
                self.told.refusing.send_replace(Some(why.clone()));
                refuse(group, &LogError::Unavailable(why));
            }
        }
    }

    /// Drops old results of commands, a few at a time, as long as nobody waits.
    async fn prune(&mut self, asks: &mpsc::Receiver<Box<dyn Waiting>>) {
        for _ in 0..prune::MOST_STEPS {
            if !asks.is_empty() || self.writing != Writing::Well {
                return;
            }
            match prune::is_due(&mut self.conn, self.time.stamp().ms).await {
                Ok(true) => self.store(vec![Box::new(Unasked(prune::Prune))]).await,
                Ok(false) => return,
                Err(error) => {
                    tracing::warn!(%error, "old results of commands cannot be looked for");
                    return;
                }
            }
        }
    }

    async fn transaction(&mut self, group: &mut [Box<dyn Waiting>]) -> Result<Effects, LogError> {
        let now = Now::of(&self.time);
        execute(&mut self.conn, "begin immediate").await?;
        let mut all = Effects::default();
        for work in group.iter_mut() {
            match append(&mut self.conn, &self.run, now, work).await {
                Ok(effects) => all.merge(effects),
                Err(error) => {
                    // The connection may have ended the transaction by itself; then there is nothing to roll back.
                    let _ = execute(&mut self.conn, "rollback").await;
                    return Err(error);
                }
            }
        }
        if let Err(error) = mark_removals(&mut self.conn, &mut all).await {
            let _ = execute(&mut self.conn, "rollback").await;
            return Err(error);
        }
        // Before the commit, so that a crash in between leaves nothing of it in a copy.
        self.backups.follow(&all.rewritten).await;
        match execute(&mut self.conn, "commit").await {
            Ok(()) => Ok(all),
            Err(error) => {
                let _ = execute(&mut self.conn, "rollback").await;
                Err(error)
            }
        }
    }

    fn answer(&self, group: Vec<Box<dyn Waiting>>, effects: &Effects) {
        self.told.live.send_modify(|live| effects.publish(live));
        for mark in &effects.marks {
            let _ = self.told.marks.send(mark.clone());
        }
        for news in &effects.queue {
            let _ = self.told.queue.send(news.clone());
        }
        if effects.access_changed {
            let _ = self.told.queue.send(QueueNews::Access);
        }
        for block in &effects.renewed {
            let _ = self.told.renewed.send(block.clone());
        }
        if effects.removed {
            self.told.removed.notify_one();
            self.told.removals.send_modify(|count| *count += 1);
        }
        group.into_iter().for_each(<dyn Waiting>::answer);
    }
}

/// Runs one append in its own savepoint, so that its failure takes nothing else of the group with it.
async fn append(
    conn: &mut SqliteConnection,
    run: &Run,
    now: Now,
    work: &mut Box<dyn Waiting>,
) -> Result<Effects, LogError> {
    execute(conn, "savepoint one_append").await?;
    let Now { wall_ms: now_ms, boot_ms, stamp } = now;
    let mut tx = Tx { conn, now_ms, stamp, boot_ms, run, effects: Effects::default() };
    match work.run(&mut tx).await {
        Ok(()) => {
            let effects = std::mem::take(&mut tx.effects);
            execute(tx.conn, "release one_append").await?;
            Ok(effects)
        }
        Err(LogError::Unreadable(why)) => {
            tracing::error!(why, "an append failed and was rolled back");
            execute(conn, "rollback to one_append").await?;
            execute(conn, "release one_append").await?;
            Ok(Effects::default())
        }
        Err(error) => Err(error),
    }
}

/// What follows from removals, in the same transaction.
async fn mark_removals(conn: &mut SqliteConnection, all: &mut Effects) -> Result<(), LogError> {
    if all.removed {
        scrub::is_due(conn).await?;
    }
    all.renewed = block::renew(conn, &all.rewritten).await?;
    Ok(())
}

fn refuse(group: Vec<Box<dyn Waiting>>, error: &LogError) {
    for work in group {
        work.refuse(error.clone());
    }
}

async fn execute(conn: &mut SqliteConnection, sql: &'static str) -> Result<(), LogError> {
    sqlx::query(sql).execute(conn).await.map(|_| ()).map_err(storage)
}
