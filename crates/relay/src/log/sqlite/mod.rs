//! The log in one SQLite file: WAL, every commit synced, one writing connection, a few reading ones.
//!
//! ```text
//! appends ──▶ writer task ──▶ one transaction, one savepoint per append ──▶ sync ──▶ answers ──▶ live
//! reads   ──▶ readers (read-only, each call one view of the data)
//!             checkpointer (own connection, off the path of the answers; after a redaction it empties the WAL)
//!             scrubber (reads on a connection of its own; has the writer zero old copies, a few pages at a time;
//!             then looks through the backups)
//! ```
//!
//! SQLite is the bundled one; its version is asserted at start, because 3.7.0 to 3.51.2 can lose pages when a write and
//! a checkpoint meet. The file belongs to one relay at a time: a lock beside it says so.

mod admin;
mod app_subscribed;
mod append;
mod audit;
mod backup;
mod block;
mod boxes;
mod canned;
mod checkpoint;
mod command;
mod drafts;
mod effects;
mod enrol;
mod forward;
#[cfg(test)]
mod full_disk;
mod held;
mod invites;
mod labels;
mod logins;
mod mark;
mod notes;
mod open;
mod operate;
mod people;
mod probe;
mod prune;
mod quarantine;
mod queue;
mod read;
mod redact;
mod reparse;
mod restore;
mod returning;
mod roster;
mod row;
mod scrub;
mod scrub_copy;
mod snapshot;
mod team;
mod tokens;
mod turns;
mod webhook;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId, CustomerId, Platform};
use baton_protocol::draft::DraftTold;
use baton_protocol::login::LoginStanding;
use baton_protocol::people::{ErasureStanding, People, Removals, RoleOn};
use baton_protocol::snapshot::{ReadMark, Snapshot, SnapshotPage};
use baton_protocol::stream::EntryPage;
use baton_protocol::token::{BoxTaken, BoxesKept, BoxesLeft, TokenDesk};
use baton_protocol::{AgentId, DeskId, LogName, LoginId};
use sqlx::SqlitePool;
use tokio::sync::{broadcast, watch};

use backup::Backups;
pub(crate) use backup::newest as newest_backup;
pub use open::OpenError;
pub(crate) use open::beside;
pub use restore::{RestoreError, Restored, restore};

use self::writer::Writer;
use super::people::{AdminAct, Judged, PeopleStore};
use super::queue::{QueueNews, QueueNow, QueueStore};
use super::tokens::{NewLogin, PickUp, Returned, TokenStore};
use super::{
    Acted, AppSubscribed, Appended, Ask, BackupError, BlockVersion, Head, Live, Log, LogError, OperatorAct,
    Range, Read, Verdict, WebhookBatch,
};
use crate::meta_time::MetaTime;
use crate::people::{AccountLine, DeskAccess, DeskLine, Invited, NewDesk};
use crate::secret::Hash;
use crate::team::queue::Move;

/// Which file, and what the rules need to know.
#[derive(Clone, Debug)]
pub struct SqliteSettings {
    /// The file.
    pub path: PathBuf,
    /// Our Meta app; connecting an account compares with it.
    pub app: AppId,
}

/// The log in one SQLite file.
#[derive(Debug)]
pub struct SqliteLog {
    readers: SqlitePool,
    writer: Arc<Writer>,
    time: Arc<MetaTime>,
    live: watch::Receiver<Live>,
    marks: broadcast::Sender<(AgentId, DeskId, ReadMark)>,
    queue: broadcast::Sender<QueueNews>,
    renewed: broadcast::Sender<(LogName, u64)>,
    broken: watch::Receiver<Option<String>>,
    refusing: watch::Receiver<Option<String>>,
    backups: Arc<Backups>,
    /// Held as long as the file is used.
    _lock: open::FileLock,
}

impl SqliteLog {
    /// Opens the file, or makes it. Entries get their time from `time`.
    ///
    /// # Errors
    /// [`OpenError`], in words for the operator.
    pub async fn open(settings: SqliteSettings, time: Arc<MetaTime>) -> Result<Self, OpenError> {
        open::open(settings, time).await
    }
}

#[async_trait]
impl Log for SqliteLog {
    fn name(&self) -> &'static str {
        "sqlite"
    }

    fn is_durable(&self) -> bool {
        true
    }

    fn live(&self) -> watch::Receiver<Live> {
        self.live.clone()
    }

    fn read_marks(&self) -> broadcast::Receiver<(AgentId, DeskId, ReadMark)> {
        self.marks.subscribe()
    }

    fn renewed(&self) -> broadcast::Receiver<(LogName, u64)> {
        self.renewed.subscribe()
    }

    fn broken(&self) -> watch::Receiver<Option<String>> {
        self.broken.clone()
    }

    async fn append_webhook(&self, batch: WebhookBatch, received_ms: i64) -> Result<Appended, LogError> {
        self.writer.run(webhook::AppendWebhook { batch, received_ms }).await
    }

    async fn command(&self, ask: Ask) -> Result<Verdict, LogError> {
        self.writer.run(command::Judge(ask)).await
    }

    async fn operate(&self, act: OperatorAct) -> Result<Acted, LogError> {
        self.writer.run(operate::Operate(act)).await
    }

    async fn app_subscribed(&self, platform: Platform, sent: AppSubscribed) -> Result<usize, LogError> {
        self.writer.run(app_subscribed::Announce { platform, sent }).await
    }

    async fn invited(&self, invite: &Hash) -> Result<Option<Invited>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        invites::invited(&mut view, invite, self.time.clock().wall_ms()).await
    }

    async fn enrol(&self, desk: NewDesk) -> Result<Option<DeskAccess>, LogError> {
        self.writer.run(enrol::Enrol(desk)).await
    }

    async fn desk_of(&self, token: &Hash) -> Result<Option<DeskAccess>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::desk_of_token(&mut view, token).await
    }

    async fn desk(&self, desk: DeskId) -> Result<Option<DeskAccess>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::desk(&mut view, desk).await
    }

    async fn desks(&self) -> Result<Vec<DeskLine>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::desks(&mut view).await
    }

    async fn accounts(&self) -> Result<Vec<AccountLine>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::accounts(&mut view).await
    }

    async fn head(&self, desk: DeskId, log: &LogName, at: u64) -> Result<Read<Head>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, log).await? {
            Read::Found(()) => read::head(&mut view, log, at).await,
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn entries(
        &self,
        desk: DeskId,
        log: &LogName,
        range: Range,
        limit: u32,
    ) -> Result<Read<EntryPage>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, log).await? {
            Read::Found(()) => read::entries(&mut view, log, range, limit).await,
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn block(
        &self,
        desk: DeskId,
        log: &LogName,
        block: u64,
    ) -> Result<Read<Option<BlockVersion>>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, log).await? {
            Read::Found(()) => block::version(&mut view, log, block).await,
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn snapshot(
        &self,
        desk: DeskId,
        account: &AccountId,
        page: &SnapshotPage,
    ) -> Result<Read<Snapshot>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, &LogName::Account(account.clone())).await? {
            Read::Found(()) => snapshot::page(&mut view, desk, account, page).await,
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn mark_read(&self, desk: DeskId, mark: ReadMark) -> Result<Read<()>, LogError> {
        self.writer.run(mark::MarkRead { desk, mark }).await
    }

    async fn check(&self) -> Result<(), LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::any(&mut view).await?;
        if let Some(why) = self.broken.borrow().as_ref() {
            return Err(LogError::Broken(why.clone()));
        }
        let is_refusing = self.refusing.borrow().is_some();
        if is_refusing { self.writer.run(probe::Probe).await } else { Ok(()) }
    }

    async fn backup(&self, to: &Path, at_ms: i64) -> Result<u64, BackupError> {
        self.backups.make(&self.readers, to, at_ms).await
    }

    async fn close(&self) {
        self.writer.close().await;
        self.readers.close().await;
    }
}

#[async_trait]
impl PeopleStore for SqliteLog {
    async fn people(&self, desk: DeskId) -> Result<Judged<People>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        admin::people(&mut view, desk, self.time.clock().wall_ms()).await
    }

    async fn administer(&self, desk: DeskId, act: AdminAct) -> Result<Judged<bool>, LogError> {
        self.writer.run(admin::Administer { desk, act }).await
    }

    async fn erasure(
        &self,
        desk: DeskId,
        account: &AccountId,
        customer: &CustomerId,
    ) -> Result<Judged<Option<ErasureStanding>>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        admin::erasure(&mut view, desk, account, customer).await
    }

    async fn roles_of(&self, agent: AgentId) -> Result<Vec<RoleOn>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        people::roles_of(&mut view, agent).await
    }

    async fn owed(&self, desk: DeskId) -> Result<Read<Removals>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, &LogName::Workspace).await? {
            Read::Found(()) => Ok(Read::Found(held::owed(&mut view, desk).await?)),
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn gone(&self, desk: DeskId, gone: Removals) -> Result<Read<()>, LogError> {
        self.writer.run(held::Gone { desk, gone }).await
    }

    async fn wiped(&self, token: &Hash) -> Result<Option<bool>, LogError> {
        self.writer.run(held::Wiped(token.clone())).await
    }

    async fn seen(&self, seen: Vec<(DeskId, i64)>) -> Result<(), LogError> {
        self.writer.run(held::SeenAt(seen)).await
    }
}

#[async_trait]
impl QueueStore for SqliteLog {
    fn queue_news(&self) -> broadcast::Receiver<QueueNews> {
        self.queue.subscribe()
    }

    async fn queues(&self) -> Result<Vec<QueueNow>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        queue::all(&mut view).await
    }

    async fn give_out(&self, account: &AccountId, moves: Vec<Move>) -> Result<(), LogError> {
        self.writer.run(queue::GiveOut { account: account.clone(), moves }).await
    }

    async fn fold_anew(&self) -> Result<bool, LogError> {
        self.writer.run(turns::FoldAnew).await
    }

    async fn keep_draft(
        &self,
        desk: DeskId,
        account: &AccountId,
        draft: DraftTold,
    ) -> Result<Read<()>, LogError> {
        self.writer.run(drafts::Keep { desk, account: account.clone(), draft }).await
    }
}

#[async_trait]
impl TokenStore for SqliteLog {
    async fn begin_login(&self, new: NewLogin) -> Result<(), LogError> {
        self.writer.run(logins::Begin(new)).await
    }

    async fn return_login(&self, state: &Hash) -> Result<Returned, LogError> {
        self.writer.run(logins::Return(state.clone())).await
    }

    async fn end_login(&self, login: LoginId, standing: LoginStanding) -> Result<(), LogError> {
        self.writer.run(logins::End { login, standing }).await
    }

    async fn take_login(&self, desk: DeskId, login: LoginId) -> Result<Option<LoginStanding>, LogError> {
        self.writer.run(logins::Take { desk, login }).await
    }

    async fn register_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<()>, LogError> {
        let (account, print) = (account.clone(), print.clone());
        self.writer.run(tokens::Register { desk, account, print }).await
    }

    async fn knows_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<bool>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, &LogName::Account(account.clone())).await? {
            Read::Found(()) => Ok(Read::Found(tokens::knows(&mut view, account, print).await?)),
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn token_lives(&self, desk: DeskId, account: &AccountId) -> Result<Read<bool>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        match people::may_read(&mut view, desk, &LogName::Account(account.clone())).await? {
            Read::Found(()) => Ok(Read::Found(tokens::lives(&mut view, desk, account).await?)),
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn token_desks(
        &self,
        desk: DeskId,
        account: &AccountId,
    ) -> Result<Read<Option<Vec<TokenDesk>>>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        let now_ms = self.time.clock().wall_ms();
        match people::may_read(&mut view, desk, &LogName::Account(account.clone())).await? {
            Read::Found(()) => Ok(Read::Found(tokens::desks(&mut view, desk, account, now_ms).await?)),
            Read::NoSuchLog => Ok(Read::NoSuchLog),
            Read::Revoked => Ok(Read::Revoked),
        }
    }

    async fn leave_boxes(
        &self,
        desk: DeskId,
        account: &AccountId,
        left: BoxesLeft,
    ) -> Result<Read<Option<BoxesKept>>, LogError> {
        self.writer.run(boxes::Leave { desk, account: account.clone(), left }).await
    }

    async fn take_box(&self, desk: DeskId, account: &AccountId) -> Result<Read<Option<BoxTaken>>, LogError> {
        self.writer.run(boxes::TakeBox { desk, account: account.clone() }).await
    }

    async fn pick_ups(&self, desk: DeskId) -> Result<Vec<PickUp>, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        let now_ms = self.time.clock().wall_ms();
        let mut waiting = boxes::pick_ups(&mut view, desk, now_ms).await?;
        waiting.extend(logins::pick_ups(&mut view, desk, now_ms).await?);
        Ok(waiting)
    }

    async fn drop_ended(&self) -> Result<u64, LogError> {
        let mut view = self.readers.begin().await.map_err(row::storage)?;
        let any = boxes::any_ended(&mut view, self.time.clock().wall_ms()).await?;
        drop(view);
        if any { self.writer.run(boxes::DropEnded).await } else { Ok(0) }
    }
}
