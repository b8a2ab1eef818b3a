//! Old copies of what was removed, between the cells of the file's pages: looked for and zeroed after each removal
//! (`baton_scrub` tells where they come from).
//!
//! ```text
//!   removed ──▶ due (in the file, in the same transaction) ──▶ a pass: read a stretch, zero a few pages, again …
//!                ▲                                                └─ last page ──▶ nothing removed meanwhile? clean
//!                └──────────────────────── something was ◀───────────┘
//! ```
//!
//! That it is due outlives a kill: it is the file's `user_version`, which nothing else uses here. A file of an earlier version
//! has never been looked through, so its first pass is due when it is opened.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use baton_scrub::{AT_A_TIME, find, zero};

use super::{Conn, Result, Store, StoreError};

/// The file's `user_version` once it was looked through after the last removal.
const CLEAN: i64 = 1;

/// How far a pass has come.
#[derive(Debug, Default)]
pub(super) struct Scrub {
    /// Removals of this run, so that a pass knows whether one came while it went on.
    removals: AtomicU64,
    pass: Mutex<Option<Pass>>,
}

#[derive(Debug, Clone, Copy)]
struct Pass {
    next: u32,
    removals: u64,
}

impl Scrub {
    /// A pass that is due from the beginning, or none.
    pub(super) async fn of(conn: &mut Conn) -> Result<Self> {
        let is_due = user_version(conn).await? != CLEAN;
        Ok(Self {
            removals: AtomicU64::new(0),
            pass: Mutex::new(is_due.then_some(Pass { next: 1, removals: 0 })),
        })
    }

    fn pass(&self) -> std::sync::MutexGuard<'_, Option<Pass>> {
        self.pass.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Store {
    /// Something is removed in this transaction: the file has to be looked through once it is committed. Gives what
    /// [`Store::scrub_begins`] takes then.
    pub(super) async fn scrub_is_due(&self, conn: &mut Conn) -> Result<u64> {
        sqlx::query("PRAGMA user_version = 0").execute(conn).await?;
        // Counted while nobody else can write, so that a pass that ends now knows of it.
        Ok(self.scrub.removals.fetch_add(1, Ordering::SeqCst) + 1)
    }

    /// The removal is committed. A pass that goes on ends first, and finds then that it has to begin anew.
    pub(super) fn scrub_begins(&self, removals: u64) {
        self.scrub.pass().get_or_insert(Pass { next: 1, removals });
    }

    /// Looks through a stretch of the file for old copies of what was removed, and zeroes them. True while there is more to
    /// look through; does nothing most of the time.
    ///
    /// # Errors
    /// When the file cannot be read or written; the pass goes on where it was.
    pub async fn scrub_on(&self) -> Result<bool> {
        let Some(pass) = *self.scrub.pass() else { return Ok(false) };
        let found = find(&mut *self.read().acquire().await?, pass.next).await?;
        for pages in found.dirty.chunks(AT_A_TIME) {
            let mut tx = self.write().await?;
            zero(&mut tx, pages).await?;
            tx.commit().await?;
        }
        if let Some(next) = found.next {
            *self.scrub.pass() = Some(Pass { next, ..pass });
            return Ok(true);
        }
        self.looked_through(pass).await
    }

    /// The last page was looked at. True when something was removed meanwhile.
    async fn looked_through(&self, pass: Pass) -> Result<bool> {
        let mut tx = self.write().await?;
        let removals = self.scrub.removals.load(Ordering::SeqCst);
        let is_clean = removals == pass.removals;
        if is_clean {
            sqlx::query("PRAGMA user_version = 1").execute(&mut *tx).await?;
        }
        tx.commit().await?;
        *self.scrub.pass() = (!is_clean).then_some(Pass { next: 1, removals });
        // What was zeroed also lay in the file of writes.
        self.wipe_log().await?;
        Ok(!is_clean)
    }

    /// True while the file was not looked through after the last removal.
    pub(super) fn is_scrub_due(&self) -> bool {
        self.scrub.pass().is_some()
    }

    /// Looks through the whole file at once, for tests.
    ///
    /// # Errors
    /// As [`Store::scrub_on`].
    #[doc(hidden)]
    pub async fn scrub_all(&self) -> Result<()> {
        while self.scrub_on().await? {}
        Ok(())
    }
}

async fn user_version(conn: &mut Conn) -> Result<i64> {
    Ok(sqlx::query_scalar("PRAGMA user_version").fetch_one(conn).await?)
}

impl From<baton_scrub::ScrubError> for StoreError {
    fn from(error: baton_scrub::ScrubError) -> Self {
        match error {
            baton_scrub::ScrubError::Sqlite(error) => error.into(),
            other @ baton_scrub::ScrubError::OtherLayout => Self::Other(other.to_string()),
        }
    }
}
