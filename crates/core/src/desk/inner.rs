//! What every loop of a desk shares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use baton_graph::{Credentials, GraphClient};
use baton_messenger::policy::MetaNow;
use baton_messenger::{AccountId, AppId};
use baton_protocol::command::{Accepted, Command, CommandRequest};
use baton_protocol::hello::Hello;
use baton_protocol::{AgentId, CommandId, DeskId, LogName};
use tokio::sync::{Notify, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::cut_off::CutOffs;
use super::gestures::Shown;
use super::meta_clock::MetaClock;
use super::mishaps::Mishaps;
use super::notices::Notices;
use super::slots::DeskSlots;
use super::tokens::Tokens;
use crate::alerts::Alerts;
use crate::clock::Clock;
use crate::from_meta::FromMeta;
use crate::history::History;
use crate::keys::{KeyStore, KeyStoreError};
use crate::login::LoginState;
use crate::media::Media;
use crate::outbox::run::Outbox;
use crate::outbox::step::{Side, Step, StepWatcher, Whose};
use crate::presence::Presences;
use crate::relay_client::{RelayClient, RelayError};
use crate::store::{Store, StoreError, ThreadId};
use crate::sync::SyncStatus;
use crate::token::{Boxes, DeskProver, HandOut};

/// The relay is away once it has not answered for so long, milliseconds of the boot clock.
pub(crate) const AWAY_AFTER_MS: i64 = 5_000;

/// Who this desk is at its relay.
#[derive(Debug, Clone)]
pub(crate) struct Me {
    pub(crate) agent: AgentId,
    pub(crate) desk: DeskId,
    pub(crate) our_app: Option<AppId>,
}

/// What this desk's agent is called where a sentence begins.
pub(crate) const YOU: &str = "You";

/// The shared heart of a desk.
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) keys: Arc<dyn KeyStore>,
    /// Where calls to Meta go out; another one after the machine slept.
    pub(crate) graph: Mutex<GraphClient>,
    /// Where proofs for those calls come from.
    pub(crate) prover: Arc<DeskProver>,
    pub(crate) meta: Arc<MetaClock>,
    pub(crate) tokens: Tokens,
    pub(crate) notices: Arc<Notices>,
    /// The last things that went wrong.
    pub(crate) mishaps: Arc<Mishaps>,
    /// Pictures, sounds, videos and files of messages.
    pub(crate) media: Media,
    /// Who may read from Meta when.
    pub(crate) slots: Arc<DeskSlots>,
    /// The relay, once this desk is enrolled and its token could be read.
    pub(crate) relay: watch::Sender<Option<RelayClient>>,
    /// How the relay answers.
    pub(crate) sync: Mutex<SyncStatus>,
    pub(crate) me: Mutex<Option<Me>>,
    /// Why the desk's own secrets cannot be read, if they cannot.
    pub(crate) locked: Mutex<Option<KeyStoreError>>,
    /// Why the store refused the last write of the stream, if it did.
    pub(crate) storage: Mutex<Option<Arc<StoreError>>>,
    /// Held while unsent read marks are read and written.
    pub(crate) marks: tokio::sync::Mutex<()>,
    /// What the relay last said of itself.
    pub(crate) relay_said: Mutex<Option<Hello>>,
    /// The highest seq of each log, as the relay last said.
    pub(crate) heads: Mutex<BTreeMap<LogName, u64>>,
    /// How many entries each log lacked at most since it was last complete, for how far the reading of them is.
    pub(crate) lacked_most: Mutex<BTreeMap<LogName, u64>>,
    /// When the last webhook of each account reached the relay, milliseconds UTC of Meta.
    pub(crate) last_webhook_ms: Mutex<BTreeMap<AccountId, i64>>,
    /// Stewards of accounts, and what this desk does as one.
    pub(crate) history: History,
    /// What this desk's agent is told of.
    pub(crate) alerts: Alerts,
    /// Threads whose customer may have no name yet.
    pub(crate) unnamed: Mutex<BTreeSet<ThreadId>>,
    /// What customers were shown of what agents here do.
    pub(crate) shown: Mutex<Shown>,
    /// What Meta itself told of threads while the relay was away.
    pub(crate) from_meta: FromMeta,
    /// When the owner of a thread was last read from Meta, milliseconds of the boot clock.
    pub(crate) owner_read: Mutex<BTreeMap<ThreadId, i64>>,
    /// How often control of a thread was acted on: an answer about its owner that was asked for before such an act is old.
    pub(crate) control_acts: Mutex<BTreeMap<ThreadId, u64>>,
    /// Accounts that Meta was asked about for our role in the old handover protocol.
    pub(crate) roles_asked: Mutex<BTreeSet<AccountId>>,
    /// The outbox of this desk; proofs from the log go there.
    pub(crate) outbox: std::sync::OnceLock<Weak<Outbox>>,
    /// Hears of every durable step of a send.
    pub(crate) steps: Arc<dyn StepWatcher>,
    /// Other desks that may need this one's Page tokens.
    pub(crate) hand_out: HandOut,
    /// Page tokens from an admin's desk.
    pub(crate) boxes: Boxes,
    pub(crate) login: LoginState,
    /// Who is there, and what this desk says of its agent.
    pub(crate) presence: Presences,
    /// Whether this desk was cut off.
    pub(crate) cut_offs: CutOffs,
    /// Something was removed of which the relay may wait to hear.
    pub(crate) wake_confirming: Notify,
    pub(crate) wake_sync: Notify,
    pub(crate) wake_outbox: Notify,
    pub(crate) wake_commands: Notify,
    pub(crate) wake_names: Notify,
    /// A Meta that is away is asked for at once. Who is not waiting for it asks anyway.
    pub(crate) wake_reaching: Notify,
    /// Every account is to be checked with Meta, although none is due.
    pub(crate) check_all: std::sync::atomic::AtomicBool,
    pub(crate) wake_checks: Notify,
    pub(crate) wake_sleepers: Notify,
    /// Threads that go back to the default app, and when on the boot clock, milliseconds.
    pub(crate) hand_backs: Mutex<BTreeMap<ThreadId, i64>>,
    pub(crate) wake_hand_back: Notify,
    /// The file gave an error and wants to be looked at.
    pub(crate) wake_soundness: Notify,
    pub(crate) wake_tokens: Notify,
    pub(crate) stop: CancellationToken,
    pub(crate) tasks: TaskTracker,
    pub(crate) desk_name: String,
}

impl Inner {
    pub(crate) fn graph(&self) -> GraphClient {
        lock(&self.graph).clone()
    }

    /// The Page token of an account as calls about it carry it; none when it cannot be used.
    pub(crate) async fn credentials(&self, account: &AccountId) -> Option<Credentials> {
        let token = self.tokens.of(account).await;
        token.usable().map(|token| Credentials::of_account(account, token))
    }

    /// A send is about to take a step.
    pub(crate) fn before_step(&self, step: Step, whose: impl Into<Whose>) {
        self.steps.stands(step, Side::Before, whose.into());
    }

    /// A send took a step.
    pub(crate) fn after_step(&self, step: Step, whose: impl Into<Whose>) {
        self.steps.stands(step, Side::After, whose.into());
    }

    pub(crate) fn meta_now(&self) -> MetaNow {
        self.meta.now()
    }

    pub(crate) fn wall_ms(&self) -> i64 {
        self.clock.wall_ms()
    }

    pub(crate) fn boot_ms(&self) -> i64 {
        self.clock.boot_ms()
    }

    pub(crate) fn me(&self) -> Option<Me> {
        lock(&self.me).clone()
    }

    /// The relay's client, if there is one now.
    pub(crate) fn relay(&self) -> Option<RelayClient> {
        self.relay.borrow().clone()
    }

    pub(crate) fn sync_status(&self) -> SyncStatus {
        lock(&self.sync).clone()
    }

    /// True while the relay serves this desk.
    pub(crate) fn is_served(&self) -> bool {
        lock(&self.sync).is_served()
    }

    /// True once the relay has not answered for so long that nobody takes it for a restart.
    pub(crate) fn is_relay_away(&self) -> bool {
        match &*lock(&self.sync) {
            SyncStatus::Offline { since_boot_ms, .. } => {
                self.boot_ms().saturating_sub(*since_boot_ms) >= AWAY_AFTER_MS
            }
            _ => false,
        }
    }

    pub(crate) fn set_sync_status(&self, status: SyncStatus) {
        self.slots.set_relay_answers(status.is_served());
        let mut sync = lock(&self.sync);
        if *sync == status {
            return;
        }
        *sync = status;
        drop(sync);
        self.from_meta.wake.notify_one();
        self.notices.accounts();
    }

    /// Asks the relay for a command now. The same id is used when a cut makes it ask twice.
    pub(crate) async fn ask(&self, log: &LogName, request: &CommandRequest) -> Result<Accepted, RelayError> {
        let Some(relay) = self.relay() else {
            return Err(RelayError::Unreachable("this desk is not connected".to_owned()));
        };
        let answer = match relay.command(log, request).await {
            // A connection that was going when the request went out: asking again is harmless.
            Err(RelayError::Unreachable(_)) => relay.command(log, request).await,
            answer => answer,
        };
        let is_away = matches!(self.sync_status(), SyncStatus::Offline { .. });
        if is_away && !matches!(answer, Err(RelayError::Unreachable(_))) {
            // It answers again: the stream need not wait out its pause.
            self.wake_sync.notify_one();
        }
        answer
    }

    /// Puts a command into the queue that outlives a crash: the relay gets it sooner or later.
    pub(crate) async fn tell(&self, log: &LogName, command: Command) -> Result<(), StoreError> {
        self.store.queue_command(log, &request(command), self.wall_ms()).await?;
        self.wake_commands.notify_one();
        Ok(())
    }
}

/// A command under an id of its own, without conditions.
pub(crate) fn request(command: Command) -> CommandRequest {
    CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command }
}

/// Takes a lock; a panic elsewhere does not make the data worse than it is.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
