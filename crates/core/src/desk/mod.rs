//! A whole desk without a window: what the list of commands calls.
//!
//! ```text
//!   commands ──▶ Desk ──▶ store (reads)          loops, each owned by the desk and ended by `shutdown`:
//!                  │                                sync · outbox · command queue · names · checks · clock keeper ·
//!                  │                                sleepers · Page tokens · login · media · leases · history · reading from
//!                  │                                Meta itself · notices · index · merger · scrubber · alerts · presence ·
//!                  │                                falling out · confirming · removing what was here, once it was cut off
//!                  ├────▶ relay (acts that need an answer now)
//!                  └────▶ Graph (control, connecting)
//! ```
//!
//! It opens, reads, drafts and queues without relay, without network and without key store. It promises that a reply is
//! durable before [`Desk::send_reply`] returns, and that a notice comes after the change it speaks of is durable.

mod blocking;
mod board;
mod canned;
pub(crate) mod checks;
mod composer;
mod confirming;
pub(crate) mod customer;
pub(crate) mod cut_off;
mod diagnostics;
mod elsewhere;
mod erasing;
mod error;
mod evidence;
mod files;
mod framing;
pub(crate) mod gestures;
pub(crate) mod hand_back;
mod health;
mod history;
mod indexer;
pub(crate) mod inner;
mod invite_list;
mod inviting;
mod keeper;
mod keeping;
pub(crate) mod labels;
mod lapsing;
mod leaving;
mod many;
mod media;
mod merger;
mod meta_clock;
mod mishaps;
mod names;
pub(crate) mod notes;
mod notices;
mod opening;
mod people;
mod queue;
mod reaching;
mod read_marks;
mod removing;
mod reply;
mod returning;
mod scrubber;
pub(crate) mod setback;
mod setup;
mod shared;
pub(crate) mod slots;
mod soundness;
mod status;
pub(crate) mod teamwork;
mod tokens;
pub(crate) mod unsettled;
mod views;
mod wakes;

use std::path::PathBuf;
use std::sync::Arc;

use baton_graph::{GraphClient, GraphConfig};
use baton_messenger::policy::MetaNow;
use baton_protocol::{AgentId, DeskId};
use tokio::sync::{Notify, broadcast, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub use baton_graph::Pace;
pub use blocking::BlockError;
pub use board::{BoardAgent, BoardShare, DUE_MS};
pub use canned::Canned;
pub use composer::{ComposerFacts, ComposerRows, SendWay, was_not_sent};
pub use cut_off::{CutOff, CutOffStage};
pub use elsewhere::PartElsewhere;
pub use erasing::{Erasure, ErasureDesk};
pub use error::DeskError;
pub use evidence::Exported;
pub use gestures::{GestureError, reactions_of};
pub use health::{FactKind, FactState, HealthFact};
pub use invite_list::{InviteFault, InviteLine, InviteList};
pub use labels::Labels;
pub use lapsing::LapsingThread;
pub use leaving::NotLeft;
pub use many::{Before, Hindrance, MOST_AT_ONCE, ManyAct, Outcome, Preview, Undone};
pub use media::{MediaHeld, MediaPiece, MediaSize, Span};
pub use notes::{NewNote, NoteError, PendingNote};
pub use notices::Notice;
pub use people::{Colleague, ColleagueDesk, NewInvite, PeopleFacts};
pub use removing::MetaAfter;
pub use reply::{Press, Receipt, ThreadShown};
pub use returning::{Returned, Returning};
pub use setback::{Setback, SetbackKind};
pub use setup::{AccountStanding, DeskProblem, Phase, ProblemKind, SessionFacts};
pub use status::{Lacks, MetaHealth, StatusFacts};
pub use tokens::Token;
pub use views::{SavedView, ViewFault};

pub use crate::from_meta::ReadFromMeta;
pub use crate::presence::{Screen, WhoIsThere};

use crate::alerts::Alerts;
use crate::clock::Clock;
use crate::from_meta::FromMeta;
use crate::history::History;
use crate::keys::KeyStore;
use crate::login::LoginState;
use crate::media::{Media, MediaError};
use crate::outbox::run::Outbox;
use crate::outbox::step::{Nobody, StepWatcher};
use crate::presence::Presences;
use crate::store::Store;
use crate::token::{Boxes, DeskProver, HandOut};
use inner::Inner;
use meta_clock::MetaClock;
use mishaps::Mishaps;
use notices::Notices;
use slots::{Boot, DeskSlots};
use tokens::Tokens;

/// The name of the store's file in the data folder.
const STORE_FILE: &str = "desk.sqlite";
/// The name of the folder of files in the data folder.
const VAULT: &str = "vault";
/// The name of the folder of files that agents send.
const OWN_FILES: &str = "files";

/// What a desk is opened with.
#[derive(Clone)]
pub struct DeskConfig {
    /// Where its files are. Everything of one desk is in here, save its secrets.
    pub data_dir: PathBuf,
    /// Its clocks.
    pub clock: Arc<dyn Clock>,
    /// Where its secrets are.
    pub keys: Arc<dyn KeyStore>,
    /// Where Graph is.
    pub graph: GraphConfig,
    /// What this machine is called, for the list of desks.
    pub desk_name: String,
    /// How long after it became the steward of an account a desk begins to read its history.
    pub history_after: std::time::Duration,
}

/// A desk that runs. Clones are the same desk.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
    outbox: Arc<Outbox>,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("me", &self.me()).finish_non_exhaustive()
    }
}

impl Desk {
    /// Opens the store and starts to work. Needs neither relay nor network nor key store.
    ///
    /// # Errors
    /// [`DeskError::Store`] when the files cannot be used; [`DeskError::Graph`] when Graph's address cannot.
    pub async fn open(config: DeskConfig) -> Result<Self, DeskError> {
        Self::open_watched(config, Arc::new(Nobody)).await
    }

    /// Begins to work on an open store. What it spawned has ended when it fails.
    async fn on(
        store: Store,
        cut_offs: cut_off::CutOffs,
        config: DeskConfig,
        steps: Arc<dyn StepWatcher>,
    ) -> Result<Self, DeskError> {
        let meta = Arc::new(MetaClock::new(Arc::clone(&config.clock), keeper::kept(&store).await?));
        let notices = Arc::new(Notices::default());
        let mishaps = Arc::new(Mishaps::new(Arc::clone(&config.clock)));
        let relay = watch::Sender::new(None);
        let slots = Arc::new(DeskSlots::new(Arc::clone(&config.clock), relay.subscribe()));
        let prover = DeskProver::open(&store, relay.subscribe()).await?;
        let boot = Arc::new(Boot(Arc::clone(&config.clock)));
        let media = open_media(&config).await?;
        let alerts = Alerts::open(&store).await?;
        let presence = Presences::open(&store, config.clock.boot_ms()).await?;
        let graph = GraphClient::new(config.graph)?
            .observed_by(Arc::clone(&meta) as _)
            .observed_by(Arc::clone(&notices) as _)
            .observed_by(Arc::clone(&mishaps) as _)
            .paced_by(Arc::clone(&boot) as _, Arc::clone(&slots) as _)
            .proven_by(boot, Arc::clone(&prover) as _);
        let inner = Arc::new(Inner {
            store,
            clock: config.clock,
            media,
            slots,
            tokens: Tokens::new(Arc::clone(&config.keys)),
            keys: config.keys,
            graph: std::sync::Mutex::new(graph),
            prover,
            meta,
            notices,
            mishaps,
            relay,
            sync: std::sync::Mutex::new(crate::sync::SyncStatus::Idle),
            me: std::sync::Mutex::default(),
            locked: std::sync::Mutex::default(),
            storage: std::sync::Mutex::default(),
            marks: tokio::sync::Mutex::default(),
            relay_said: std::sync::Mutex::default(),
            heads: std::sync::Mutex::default(),
            lacked_most: std::sync::Mutex::default(),
            last_webhook_ms: std::sync::Mutex::default(),
            history: History::new(config.history_after),
            alerts,
            unnamed: std::sync::Mutex::default(),
            shown: std::sync::Mutex::default(),
            from_meta: FromMeta::default(),
            owner_read: std::sync::Mutex::default(),
            control_acts: std::sync::Mutex::default(),
            roles_asked: std::sync::Mutex::default(),
            outbox: std::sync::OnceLock::new(),
            steps,
            hand_out: HandOut::default(),
            boxes: Boxes::default(),
            login: LoginState::default(),
            presence,
            cut_offs,
            wake_confirming: Notify::new(),
            wake_sync: Notify::new(),
            wake_outbox: Notify::new(),
            wake_commands: Notify::new(),
            wake_names: Notify::new(),
            wake_reaching: Notify::new(),
            check_all: std::sync::atomic::AtomicBool::default(),
            wake_checks: Notify::new(),
            wake_sleepers: Notify::new(),
            hand_backs: std::sync::Mutex::default(),
            wake_hand_back: Notify::new(),
            wake_soundness: Notify::new(),
            wake_tokens: Notify::new(),
            stop: CancellationToken::new(),
            tasks: TaskTracker::new(),
            desk_name: config.desk_name,
        });
        let outbox = Outbox::new(Arc::clone(&inner));
        let _ = inner.outbox.set(Arc::downgrade(&outbox));
        let desk = Self { inner, outbox };
        let begun = async {
            desk.outbox.recover().await?;
            desk.start().await
        };
        if let Err(error) = begun.await {
            desk.inner.stop.cancel();
            desk.inner.tasks.close();
            desk.inner.tasks.wait().await;
            return Err(error);
        }
        Ok(desk)
    }

    /// Ends every task of this desk and closes its files. What is on its way to Meta becomes unknown, as after a crash.
    pub async fn shutdown(&self) {
        crate::falls_out::tell_all(&self.inner).await;
        crate::history::give_all_back(&self.inner).await;
        self.inner.stop.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.inner.keep_meta_time().await;
        self.inner.store.close().await;
    }

    /// What goes stale from now on. A listener that is too slow hears that it lost some.
    #[must_use]
    pub fn notices(&self) -> broadcast::Receiver<Notice> {
        self.inner.notices.subscribe()
    }

    /// Everything that is read without asking anybody: lists, threads, messages, drafts, settings.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Meta's time, as this desk knows it.
    #[must_use]
    pub fn meta_now(&self) -> MetaNow {
        self.inner.meta_now()
    }

    /// The agent of this desk, once enrolled.
    #[must_use]
    pub fn me(&self) -> Option<AgentId> {
        self.inner.me().map(|me| me.agent)
    }

    /// What the relay calls this desk, once enrolled.
    #[must_use]
    pub fn this_desk(&self) -> Option<DeskId> {
        self.inner.me().map(|me| me.desk)
    }

    /// Tries the relay, Meta and the outbox again now: the network came back, or the agent asks for it. After a sleep of the
    /// machine this happens by itself.
    pub fn wake(&self) {
        self.inner.woke();
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    async fn start(&self) -> Result<(), DeskError> {
        for account in self.inner.store.dead_tokens().await? {
            self.inner.tokens.mark_dead(&account);
        }
        setup::become_known(&self.inner).await?;
        // Before anything new is begun.
        let left = self.inner.store.begun_acts().await?;
        let tasks = &self.inner.tasks;
        let inner = || Arc::clone(&self.inner);
        tasks.spawn({
            let inner = inner();
            async move { inner.notices.run(&inner.stop).await }
        });
        tasks.spawn(crate::alerts::run(inner()));
        tasks.spawn(crate::sync::run::run(inner()));
        tasks.spawn(crate::team::queue::run(inner()));
        tasks.spawn(Arc::clone(&self.outbox).run());
        tasks.spawn(keeper::run(inner()));
        tasks.spawn(scrubber::run(inner()));
        tasks.spawn(names::run(inner()));
        tasks.spawn(indexer::run(inner()));
        tasks.spawn(merger::run(inner()));
        tasks.spawn(wakes::run(inner()));
        tasks.spawn(keeping::run(inner()));
        tasks.spawn(hand_back::run(inner()));
        tasks.spawn(unsettled::run(inner(), left));
        tasks.spawn(soundness::run(inner()));
        tasks.spawn(crate::token::standing::run(inner()));
        tasks.spawn(crate::token::hand_out::run(inner()));
        tasks.spawn(crate::token::boxes::run(inner()));
        tasks.spawn(crate::login::run(inner()));
        tasks.spawn(checks::run(inner()));
        tasks.spawn(crate::history::keep_leases(inner()));
        tasks.spawn(crate::history::run(inner()));
        tasks.spawn(crate::history::look_up(inner()));
        tasks.spawn(crate::history::settle(inner()));
        tasks.spawn(crate::from_meta::run(inner()));
        tasks.spawn(crate::media::run::run(inner()));
        tasks.spawn(setup::keep_unlocking(inner()));
        tasks.spawn(reaching::run(inner()));
        tasks.spawn(confirming::run(inner()));
        tasks.spawn(cut_off::run(inner()));
        tasks.spawn(crate::presence::run::run(inner()));
        tasks.spawn(crate::falls_out::run(inner()));
        Ok(())
    }
}

/// With a Graph on this machine, as in demo and tests, media are on this machine too.
async fn open_media(config: &DeskConfig) -> Result<Media, DeskError> {
    let (vault, own) = (config.data_dir.join(VAULT), config.data_dir.join(OWN_FILES));
    let opened = Media::open(&vault, &own, config.graph.is_loopback()).await;
    opened.map_err(|error| match error {
        MediaError::Vault(why) => DeskError::Folder(why),
        other => DeskError::Graph(baton_graph::ConfigError::Client(other.to_string())),
    })
}
