//! The log: one ordered record per account and one for the workspace, with the people and the team's state that are
//! judged in the same transaction.
//!
//! [`Log`] is small, so that one setting can choose the implementation, and one suite of tests runs against each
//! ([`suite`] of the tests). Whatever the implementation, it promises:
//!
//! - An append that returned is durable. One that failed left nothing.
//! - Seqs of a log are 1, 2, 3 … without holes, and `(kind, key)` stands in it at most once.
//! - A webhook's events are appended all or none, across accounts.
//! - A command is judged and its facts appended in one transaction; a repeat returns its first result.
//! - Reads for a desk check its rights in the same view of the data that is read.
//!
//! It refuses to go on after a write whose end it cannot know: [`LogError::Broken`].

mod backup;
mod group;
pub mod people;
pub mod queue;
pub mod sqlite;
pub mod tokens;

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::path::Path;

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId, Platform};
use baton_messenger::webhook::Event;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::command::{Accepted, CommandRequest, Conflict};
use baton_protocol::enrol::Role;
use baton_protocol::people::RoleChange;
use baton_protocol::snapshot::{ReadMark, Snapshot, SnapshotPage};
use baton_protocol::stream::EntryPage;
use baton_protocol::{AgentId, DeskId, LogId, LogName};
use tokio::sync::{broadcast, watch};

pub use self::backup::BackupError;
use crate::people::{AccountLine, DeskAccess, DeskLine, Invited, NewDesk, NewInvite};
use crate::secret::Hash;
use crate::stewards::Stewardship;
use crate::team::Refusal;
use people::PeopleStore;
use queue::QueueStore;
use tokens::TokenStore;

/// Why the log could not do what was asked.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LogError {
    /// Nothing was written; asking again later may work (disk full, busy).
    #[error("the log cannot store now: {0}")]
    Unavailable(String),
    /// A write failed in a way that leaves the disk's state unknown. The relay must stop and read the disk anew.
    #[error("the log is broken and the relay must start anew: {0}")]
    Broken(String),
    /// What is stored cannot be read; a fault of the relay or of the disk.
    #[error("the log holds something that cannot be read: {0}")]
    Unreadable(String),
}

/// One POST of Meta, verified.
#[derive(Clone, Debug)]
pub enum WebhookBatch {
    /// Taken apart into events, in order.
    Events(Vec<Event>),
    /// Signed, but not readable; kept as it is.
    Unreadable {
        /// The body.
        body: Vec<u8>,
    },
}

/// What became of a POST.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Appended {
    /// Events that became entries.
    pub new: u64,
    /// Events that stood there already.
    pub repeated: u64,
    /// Events that were put aside, by reason.
    pub quarantined: BTreeMap<String, u64>,
    /// Texts that were removed because their message was taken back.
    pub redacted: u64,
}

/// A command of a desk.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The log it is about.
    pub log: LogName,
    /// The desk.
    pub desk: DeskId,
    /// The command.
    pub request: CommandRequest,
    /// How the desk stands to the account's lease.
    pub steward: Stewardship,
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Verdict {
    /// Carried out, now or by its first copy.
    Accepted(Accepted),
    /// The thread is not as it was seen.
    Conflict(Conflict),
    /// Refused whatever the thread's state.
    Refused(Refusal),
    /// The desk may not read this log, or there is none.
    NoSuchLog,
    /// The desk was cut off.
    Revoked,
}

/// Which entries to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Range {
    /// The oldest above this seq.
    After(u64),
    /// The newest below this seq.
    Before(u64),
    /// The oldest between two seqs, both outside.
    Between(u64, u64),
    /// The newest of all.
    Newest,
}

/// What a read for a desk finds.
#[derive(Clone, Debug)]
pub enum Read<T> {
    /// The desk may read it.
    Found(T),
    /// The desk may not read it, or there is none; not told apart.
    NoSuchLog,
    /// The desk was cut off.
    Revoked,
}

/// Where a log stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The log's identity.
    pub log_id: LogId,
    /// Its highest seq.
    pub seq: u64,
    /// The chain there.
    pub chain: String,
    /// The chain at the seq that was asked about; none when the log has no such seq.
    pub chain_at: Option<String>,
}

/// Which version of a block there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockVersion {
    /// The log's identity.
    pub log_id: LogId,
    /// How often a redaction reached into the block.
    pub version: u64,
    /// The chain at its last entry.
    pub chain: String,
}

/// What changes while the relay runs; published after each commit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Live {
    /// The highest seq of each log.
    pub heads: BTreeMap<LogName, u64>,
    /// When the last webhook of each account arrived, milliseconds UTC of Meta where its time is known.
    pub last_webhook_ms: BTreeMap<AccountId, i64>,
    /// Counts up when rights, names or desks changed.
    pub access: u64,
    /// Counts up when something new waits for a desk.
    pub pick_ups: u64,
    /// How many events are in quarantine, by reason.
    pub quarantined: BTreeMap<String, u64>,
}

/// What the operator asks for at the command line.
#[derive(Clone, Debug)]
pub enum OperatorAct {
    /// Keeps an invite.
    Invite(NewInvite),
    /// Cuts a desk off.
    Revoke(DeskId),
    /// Sets or ends a role of an agent on an account.
    SetRole(AgentId, AccountId, Platform, Option<Role>),
    /// Says whether Meta approved the Human Agent feature.
    HumanAgent(AccountId, HumanAgentRight),
    /// Says which app gets a customer who writes while nobody holds the thread.
    DefaultApp(AccountId, AppId),
    /// Says what an app is called.
    NameApp(AccountId, AppId, String),
}

/// What Meta sends our app of one platform.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppSubscribed {
    /// Whether it sends anything.
    pub subscribed: bool,
    /// Those webhook fields of the app that an inbox asks for, in alphabetical order.
    pub fields: Vec<String>,
}

impl AppSubscribed {
    /// It sends these.
    #[must_use]
    pub fn to(fields: &[&str]) -> Self {
        let mut fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
        fields.sort_unstable();
        Self { subscribed: true, fields }
    }
}

/// What became of an operator's act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acted {
    /// Done; false when nothing needed to change.
    Done(bool),
    /// There is no such desk, agent or account.
    NoSuch(&'static str),
    /// An invite for this agent would replace roles that they have, and does not say so.
    ChangesRoles(String, Vec<RoleChange>),
}

/// The log. See the module for what every implementation promises.
#[async_trait]
pub trait Log: TokenStore + PeopleStore + QueueStore + Send + Sync + Debug {
    /// What it is called in `/healthz`.
    fn name(&self) -> &'static str;

    /// True when an append that returned survives a power cut.
    fn is_durable(&self) -> bool;

    /// What changes while the relay runs.
    fn live(&self) -> watch::Receiver<Live>;

    /// Read marks as they are set, with the agent and the desk that set them.
    fn read_marks(&self) -> broadcast::Receiver<(AgentId, DeskId, ReadMark)>;

    /// Blocks as redactions make new versions of them, told after the commit.
    fn renewed(&self) -> broadcast::Receiver<(LogName, u64)>;

    /// Why the log broke, once it did.
    fn broken(&self) -> watch::Receiver<Option<String>>;

    /// Appends the events of one POST, all or none. `received_ms` is Meta's time as the relay knows it.
    async fn append_webhook(&self, batch: WebhookBatch, received_ms: i64) -> Result<Appended, LogError>;

    /// Judges a command and appends its facts.
    async fn command(&self, ask: Ask) -> Result<Verdict, LogError>;

    /// Carries out an act of the operator.
    async fn operate(&self, act: OperatorAct) -> Result<Acted, LogError>;

    /// Appends what Meta sends our app of a platform to the log of each connected account of it for which that is news;
    /// returns how many those are.
    async fn app_subscribed(&self, platform: Platform, sent: AppSubscribed) -> Result<usize, LogError>;

    /// What an invite is good for; none when it is not valid.
    async fn invited(&self, invite: &Hash) -> Result<Option<Invited>, LogError>;

    /// Uses an invite up and makes a desk; none when the invite is not valid.
    async fn enrol(&self, desk: NewDesk) -> Result<Option<DeskAccess>, LogError>;

    /// The desk behind a token.
    async fn desk_of(&self, token: &Hash) -> Result<Option<DeskAccess>, LogError>;

    /// A desk by its id.
    async fn desk(&self, desk: DeskId) -> Result<Option<DeskAccess>, LogError>;

    /// All desks.
    async fn desks(&self) -> Result<Vec<DeskLine>, LogError>;

    /// All accounts that somebody was invited to.
    async fn accounts(&self) -> Result<Vec<AccountLine>, LogError>;

    /// Where a log stands, and its chain at `at`, for a desk.
    async fn head(&self, desk: DeskId, log: &LogName, at: u64) -> Result<Read<Head>, LogError>;

    /// Entries for a desk, oldest first.
    async fn entries(
        &self,
        desk: DeskId,
        log: &LogName,
        range: Range,
        limit: u32,
    ) -> Result<Read<EntryPage>, LogError>;

    /// Which version of a block there is, for a desk; none while the log has not all its seqs.
    async fn block(
        &self,
        desk: DeskId,
        log: &LogName,
        block: u64,
    ) -> Result<Read<Option<BlockVersion>>, LogError>;

    /// A page of the team's state of an account, for a desk.
    async fn snapshot(
        &self,
        desk: DeskId,
        account: &AccountId,
        page: &SnapshotPage,
    ) -> Result<Read<Snapshot>, LogError>;

    /// Keeps an agent's read mark, for a desk.
    async fn mark_read(&self, desk: DeskId, mark: ReadMark) -> Result<Read<()>, LogError>;

    /// Whether it can be read and written. While writes fail it tries one, so that it is well again as soon as it can be.
    async fn check(&self) -> Result<(), LogError>;

    /// Copies the log into a new file while it is used, and keeps the copy free of what is taken back or erased from then
    /// on. Returns its size in bytes.
    ///
    /// # Errors
    /// [`BackupError`]; [`BackupError::NotHere`] where a database server has its own way.
    async fn backup(&self, to: &Path, at_ms: i64) -> Result<u64, BackupError> {
        let _ = (to, at_ms);
        Err(BackupError::NotHere)
    }

    /// Answers what was asked and closes.
    async fn close(&self);
}
