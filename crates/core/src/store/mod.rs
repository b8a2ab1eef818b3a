//! The desk's one SQLite file: every table, and all SQL of this crate.
//!
//! ```text
//!   ingest ──▶ ┌────────┐  BEGIN IMMEDIATE, one connection   ┌───────────────┐
//!   outbox ──▶ │ writer │ ─────────────────────────────────▶ │ WAL, FULL     │
//!              └────────┘                                    │ STRICT tables │
//!   lists  ──▶ ┌─────────────────────┐  read-only            │               │
//!   thread ──▶ │ readers, four       │ ◀───────────────────── │               │
//!              └─────────────────────┘                       └───────────────┘
//! ```
//!
//! Promises:
//! - A write that returned is on the disk. Raw entry, what follows from it and the cursor move in one transaction.
//! - Derived tables are a function of the set of entries, see [`crate::apply`]; own tables survive a resync.
//! - What one answer is made of is read at one moment, see [`Reading`].
//! - Lists are pages by key; no query reads everything; counts on the screen are kept, not counted.
//! - What was removed leaves no byte behind: not in the tables, not in the file of writes, not between cells.
//! - No secret is ever stored here: tokens live in the key store of the system.
//!
//! It refuses an SQLite that can lose pages, and a file of a newer schema. With more than one writing connection,
//! transactions that read before they write fail as busy, so there is one.

mod account;
mod account_check;
mod again;
mod alert;
mod app_role;
mod as_json;
mod as_of;
mod attachment;
mod begun_act;
mod beside;
mod board;
mod board_load;
mod canned;
mod canonical;
mod colleague;
mod command_queue;
mod crossed;
mod customer;
mod draft;
mod edit;
mod emptying;
mod ending;
mod enrolment;
mod erase;
mod erasing;
mod error;
mod evidence;
mod familiar;
mod figures;
mod frame;
mod hand_back;
mod handed_draft;
mod haste;
mod heard_since;
mod held;
mod history;
mod ids;
mod ingest;
mod known_app;
mod label;
mod lapsing;
mod last_said;
mod late_end;
mod learned_here;
mod lingering;
mod list_keys;
mod log;
mod media;
mod media_room;
mod media_source;
mod media_wanted;
mod mention;
mod message;
mod message_page;
mod message_put;
mod message_write;
mod not_sent;
mod note;
mod note_draft;
mod opening;
mod outbox_part;
mod own_file;
mod own_moves;
mod own_words;
mod owner_event;
mod page_token;
mod place;
mod policy;
mod preview;
mod proof;
mod purge;
mod queue_rules;
mod reaction;
mod read_mark;
mod reading;
mod recompute;
mod refresh;
mod refused_take;
mod remains;
mod removal;
mod repair;
mod reply;
mod reply_pending;
mod resync;
mod returned;
mod roster;
mod salvage;
mod saved_view;
mod scrub;
mod search;
mod setting;
mod shut;
mod sleep;
mod team_event;
mod team_part;
mod telling;
mod thread;
mod thread_list;
mod timeline;
mod told_ahead;
mod untold;
mod untold_act;
mod wipe;
mod withheld;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use baton_protocol::enrol::AccountRole;
use baton_protocol::{LogName, SeqRanges};
use sqlx::sqlite::{SqliteConnection, SqlitePool};
use sqlx::{Sqlite, Transaction};

pub use crate::apply::{Answered, Came, Extra, Happened, Pressed, StorySaid};
pub use account::{AccountRow, AgentRow, AppSent, MemberRow};
pub use alert::AlertThread;
pub use attachment::{AttachmentPlace, AttachmentRow, CART};
pub use begun_act::{Begun, BegunAct};
pub use board::{
    BoardFilter, BoardFrom, BoardKey, BoardOf, BoardPage, BoardQuery, BoardRow, BoardSort, BoardStatus,
};
pub use board_load::BoardLoad;
pub use canned::CannedRow;
pub use command_queue::QueuedCommand;
pub use customer::Block;
pub use draft::DraftRow;
pub use ending::{SOON_MS, ends_next_ms};
pub use enrolment::Enrolment;
pub use erasing::{Erasing, OnlyHere};
pub use error::{Result, StoreError};
pub use evidence::EvidenceRow;
pub use figures::Figures;
pub use frame::Frame;
pub use handed_draft::HandedDraft;
pub(crate) use haste::Hurry;
pub use heard_since::HeardSince;
pub use history::{HistoryPass, HistoryThread};
pub use ids::{ListKey, MessageKey, ThreadId, ThreadKey};
pub use ingest::{Announced, Changes, NewInbound};
pub use known_app::KnownAppRow;
pub use label::{LabelRow, ThreadLabel};
pub use lapsing::LapsingRow;
pub use late_end::LateEnd;
pub use list_keys::Filter;
pub use log::LogState;
pub use media::{KeptFile, MediaFacts, MediaFate, MediaKnown, NewMedia, Picture};
pub use media_source::{MediaRef, MediaSource, picture_of_card};
pub use media_wanted::FreshMedia;
pub use message::{Author, Delivery, Earlier, MessageKind, MessageRow, Quote, SaidHow};
pub use not_sent::NotSentRow;
pub use note::{NoteRow, QueuedNote};
pub use note_draft::NoteDraftRow;
pub use outbox_part::{NewPart, PartKey, PartMove, PartRow, PartStateName};
pub(crate) use own_file::upload_of;
pub use own_file::{NewOwnFile, OwnFile, OwnFileId, Uploaded};
pub use own_moves::{Move, MovedBy};
pub use page_token::{TokenFactsRow, TokenRow};
pub use policy::Policed;
pub use preview::{Preview, PreviewKind};
pub use reaction::ReactionRow;
pub use reading::Reading;
pub use remains::LeftPart;
pub use removal::Removal;
pub use reply::{AfterSent, LeavesAs, NewReply, ReplyRow};
pub use roster::RosterRow;
pub use salvage::{Salvaged, own_tables};
pub use saved_view::{SavedViewRow, ViewKept};
pub use search::{PeoplePage, PersonPlace, SearchFor, SearchHit, SearchPage};
pub use team_part::TeamPartRow;
pub(crate) use telling::Untold;
pub use telling::{OpeningStep, OpeningWatcher, Share};
pub use thread::{Mention, Outgoing, ThreadRow};
pub use thread_list::{ListFrom, ListQuery, Page, Sort, View, ViewCounts};
pub use timeline::{TimelineItem, TimelineLine};
pub use told_ahead::{DraftToTell, RepliesWaiting};

use place::Place;

/// The newest schema this program knows; the number of the newest migration.
pub const SCHEMA: i64 = 32;

/// As many pages as there are, but no more.
const NO_MORE_PAGES: &str = "PRAGMA max_page_count = 1";

/// The desk's file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Readers of their own for searches, which end when somebody types on.
    searchers: SqlitePool,
    turns: search::Turns,
    version: Arc<AtomicU64>,
    /// Grows whenever something is written, read for the window or looked for.
    uses: Arc<AtomicU64>,
    /// What may be read here, asked for by everything that looks whether it has something to do.
    access: as_of::AsOf<Vec<AccountRole>>,
    /// Threads with replies that are on their way; the outbox looks often.
    sending: as_of::AsOf<Vec<ThreadId>>,
    /// Which seqs of every log are here; the status line looks with every notice.
    held: as_of::AsOf<Arc<BTreeMap<LogName, SeqRanges>>>,
    /// Who goes before the entries of the log.
    haste: haste::Haste,
    /// Something was removed, and the log of writes may still hold its bytes.
    unwiped: Arc<AtomicBool>,
    /// Something was removed, and a copy of the file may still hold it.
    copies_linger: Arc<AtomicBool>,
    /// The file is known to be damaged.
    damaged: Arc<AtomicBool>,
    /// The file may grow no further, see [`Store::limit_pages_to_present`].
    is_limited: Arc<AtomicBool>,
    place: Arc<Place>,
    /// The same as of the log of writes for old copies between the cells of pages.
    scrub: Arc<scrub::Scrub>,
}

impl Store {
    /// Closes the file. Whatever was written is in it.
    pub async fn close(&self) {
        self.searchers.close().await;
        self.readers.close().await;
        self.writer.close().await;
    }

    /// A number that grows with every change, so that a reader can tell older answers from newer ones. Begins anew with
    /// each start.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::SeqCst)
    }

    /// A setting of the writing connection, for the tests that hold the file to what this page promises.
    #[doc(hidden)]
    pub async fn pragma(&self, name: &'static str) -> Result<i64> {
        let sql = format!("PRAGMA {name}");
        Ok(sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.writer).await?)
    }

    /// Lets the file grow no further, as on a full disk, for tests.
    #[doc(hidden)]
    pub async fn limit_pages_to_present(&self) -> Result<()> {
        self.is_limited.store(true, Ordering::SeqCst);
        sqlx::query(NO_MORE_PAGES).execute(&self.writer).await?;
        Ok(())
    }

    /// A number that stays the same for as long as nobody writes, looks for something or reads for the window.
    #[must_use]
    pub fn uses(&self) -> u64 {
        self.uses.load(Ordering::SeqCst)
    }

    fn used(&self) {
        self.uses.fetch_add(1, Ordering::SeqCst);
    }

    /// There is space again, for tests.
    #[doc(hidden)]
    pub async fn lift_page_limit(&self) -> Result<()> {
        self.is_limited.store(false, Ordering::SeqCst);
        sqlx::query("PRAGMA max_page_count = 4294967294").execute(&self.writer).await?;
        Ok(())
    }

    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        self.used();
        match self.begin().await {
            // On a full disk SQLite ends a transaction by itself, and the connection goes on counting it as open: no other
            // could ever begin there, although there is space again.
            Err(sqlx::Error::InvalidSavePointStatement) => {
                self.writer.acquire().await?.close().await?;
                Ok(self.begin().await?)
            }
            begun => Ok(begun?),
        }
    }

    async fn begin(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        if self.is_limited.load(Ordering::SeqCst) {
            sqlx::query(NO_MORE_PAGES).execute(&self.writer).await?;
        }
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    async fn commit(&self, transaction: Transaction<'static, Sqlite>) -> Result<()> {
        transaction.commit().await?;
        self.version.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }

    fn read(&self) -> &SqlitePool {
        &self.readers
    }
}

/// What a write works on, named so that signatures stay short.
type Conn = SqliteConnection;

/// Seqs are u64 on the wire and i64 in SQLite; a log never gets that long.
fn seq_in(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}

fn seq_out(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
