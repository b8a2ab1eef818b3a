//! Holes: what lies between a desk's cursor and where the stream begins is fetched, newest first: whole blocks where the
//! relay gives them out, pages at the edges.
//!
//! Never more than one batch is in memory, and each is stored with the cursor in one transaction: a kill costs at most
//! that batch. Logs take turns, so that a long one does not keep a short one waiting.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::block::BLOCK;
use baton_protocol::entry::Entry;
use baton_protocol::snapshot::SnapshotPage;
use baton_protocol::stream::Opened;
use baton_protocol::{CustomerId, LogId, LogName};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::run::Heads;
use super::steps::{self, Step};
use crate::desk::inner::{Inner, lock};
use crate::relay_client::{RelayClient, RelayError};
use crate::store::StoreError;

/// How many entries of a block are stored at once, and how many bytes of them.
const BATCH: usize = 500;
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Sorts after every id of Meta's, which are digits.
const AFTER_ALL: &str = "~";
/// The pause after a fetch that failed.
const PAUSE: Duration = Duration::from_secs(2);

/// What is known of one log on this stream.
#[derive(Debug, Clone, Copy)]
struct Place {
    log_id: LogId,
    /// Up to here everything is here, or on its way, or missing.
    head: u64,
    /// The stream brings everything from here on; what is below and missing is a hole.
    from_seq: u64,
    /// The head that the last heartbeat told. The stream brings it before the next heartbeat.
    told: u64,
}

/// Puts entries into the store and fetches what is missing below them.
pub(super) struct Filler {
    shared: Arc<Shared>,
    stop: CancellationToken,
    running: bool,
}

struct Shared {
    inner: Arc<Inner>,
    client: RelayClient,
    places: Mutex<BTreeMap<LogName, Place>>,
    /// How many entries are known of and not here, those that the stream brings included.
    missing: AtomicU64,
    /// Whether the relay gives out blocks.
    has_blocks: AtomicBool,
    /// Logs of which the team's state is to be read, and from which page on.
    ahead: Mutex<BTreeMap<LogName, SnapshotPage>>,
    /// Whose turn it was last.
    turn: AtomicUsize,
    wake: Notify,
}

impl Filler {
    pub(super) fn new(inner: Arc<Inner>, client: RelayClient) -> Self {
        let shared = Shared {
            inner,
            client,
            places: Mutex::default(),
            missing: AtomicU64::new(0),
            has_blocks: AtomicBool::new(false),
            ahead: Mutex::default(),
            turn: AtomicUsize::new(0),
            wake: Notify::new(),
        };
        Self { shared: Arc::new(shared), stop: CancellationToken::new(), running: false }
    }

    /// How many entries are known to be missing.
    pub(super) fn missing(&self) -> u64 {
        self.shared.missing.load(Ordering::SeqCst)
    }

    /// The relay said whether it gives out blocks.
    pub(super) fn has_blocks(&self, has_blocks: bool) {
        self.shared.has_blocks.store(has_blocks, Ordering::SeqCst);
    }

    /// The stream of a log begins.
    pub(super) async fn opened(&mut self, opened: Opened) -> Result<(), StoreError> {
        let (log_id, from_seq) = (opened.log_id, opened.from_seq);
        let place = Place { log_id, head: opened.head, from_seq, told: 0 };
        let held = self
            .shared
            .inner
            .store
            .cursor(&opened.log)
            .await?
            .map(|cursor| cursor.ranges)
            .unwrap_or_default();
        let missing = opened.from_seq.saturating_sub(1).saturating_sub(held.count());
        if opened.log.account().is_some() && (held.is_empty() || missing >= BLOCK) {
            lock(&self.shared.ahead).insert(opened.log.clone(), SnapshotPage::default());
        }
        lock(&self.shared.places).insert(opened.log, place);
        self.shared.count().await?;
        self.start();
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Entries came on the stream.
    pub(super) async fn arrived(&mut self, batch: &[Entry]) -> Result<(), StoreError> {
        let Some((first, last)) = batch.first().zip(batch.last()) else { return Ok(()) };
        let Some(place) = lock(&self.shared.places).get(&first.log).copied() else { return Ok(()) };
        let highest = self.shared.inner.store.cursor(&first.log).await?.and_then(|c| c.ranges.highest());
        self.shared.inner.ingest(place.log_id, batch).await?;
        let skipped = first.seq > highest.unwrap_or(0).max(place.from_seq.saturating_sub(1)) + 1;
        if let Some(place) = lock(&self.shared.places).get_mut(&first.log) {
            place.head = place.head.max(last.seq);
            if skipped {
                place.from_seq = first.seq;
            }
        }
        if skipped || self.missing() > 0 {
            self.shared.count().await?;
        }
        if skipped {
            tracing::warn!(log = %first.log, seq = first.seq, "the stream left a hole");
            self.shared.wake.notify_one();
        }
        Ok(())
    }

    /// A heartbeat told the heads: entries that the one before told, and that should have come meanwhile, are a hole, too.
    /// What this one tells may still be on its way.
    pub(super) async fn heads(&mut self, heads: &Heads) -> Result<(), StoreError> {
        for (log, head) in heads {
            let highest = self.shared.inner.store.cursor(log).await?.and_then(|c| c.ranges.highest());
            if let Some(place) = lock(&self.shared.places).get_mut(log) {
                let due = std::mem::replace(&mut place.told, *head);
                place.head = place.head.max(due);
                if highest.unwrap_or(0) < due && place.from_seq <= due {
                    place.from_seq = due.saturating_add(1);
                }
            }
        }
        self.shared.count().await?;
        if self.missing() > 0 {
            self.shared.wake.notify_one();
        }
        Ok(())
    }

    /// A log is another one now: nothing of the old one is fetched any more.
    pub(super) fn forget(&mut self, log: &LogName) {
        lock(&self.shared.places).remove(log);
        lock(&self.shared.ahead).remove(log);
    }

    /// This desk may not read these logs any more: nothing of them goes in from now on, not even what is just being fetched.
    /// The others go on: their part of the stream stays open, and so do their holes.
    pub(super) async fn lose(&mut self, lost: impl IntoIterator<Item = LogName>) -> Result<(), StoreError> {
        self.stop.cancel();
        self.stop = CancellationToken::new();
        self.running = false;
        for log in lost {
            self.forget(&log);
        }
        self.shared.count().await?;
        self.start();
        self.shared.wake.notify_one();
        Ok(())
    }

    /// Begins to fetch. The end of a stream is no reason to stop: holes are fetched by calls of their own, and a stream that is
    /// cut again and again must not keep them open.
    fn start(&mut self) {
        if self.running {
            return;
        }
        self.running = true;
        let (shared, stop) = (Arc::clone(&self.shared), self.stop.clone());
        self.shared.inner.tasks.spawn(async move {
            let over = shared.inner.stop.clone();
            tokio::select! {
                // Nothing that was fetched goes in once it must not.
                biased;
                () = stop.cancelled() => {}
                () = over.cancelled() => {}
                () = shared.run() => {}
            }
        });
    }
}

impl Drop for Filler {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

impl Shared {
    async fn run(&self) {
        loop {
            if self.read_ahead().await {
                continue;
            }
            match self.fill_one().await {
                Ok(true) => {}
                Ok(false) => self.wake.notified().await,
                Err(why) => {
                    match why {
                        Failed::Store(error) => self.inner.not_stored(error),
                        why => tracing::debug!(%why, "older entries could not be fetched"),
                    }
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Reads a page of the team's state of an account that is far behind, so that what the newest entries show stands as the
    /// team left it. False when there is none to read, or it cannot be read: the blocks bring the same in time.
    async fn read_ahead(&self) -> bool {
        let next = lock(&self.ahead).pop_first();
        let Some((log, page)) = next else { return false };
        match self.read_page_ahead(&log, &page).await {
            Ok(Some(next)) => {
                lock(&self.ahead).insert(log, next);
                true
            }
            Ok(None) => true,
            Err(why) => {
                tracing::debug!(%why, %log, "the team's state could not be read ahead");
                false
            }
        }
    }

    /// Returns the page that follows.
    async fn read_page_ahead(
        &self,
        log: &LogName,
        page: &SnapshotPage,
    ) -> Result<Option<SnapshotPage>, Failed> {
        let Some(account) = log.account() else { return Ok(None) };
        let Some(place) = lock(&self.places).get(log).copied() else { return Ok(None) };
        let mut snapshot = self.client.snapshot(account, page).await?;
        if snapshot.log_id != place.log_id {
            return Err(Failed::OtherLog);
        }
        let mut facts = std::mem::take(&mut snapshot.account_facts);
        facts.append(&mut snapshot.thread_facts);
        for batch in facts.chunks(BATCH) {
            self.inner.foresee(place.log_id, batch).await?;
        }
        self.inner.take_read_marks(snapshot.read_marks).await?;
        if snapshot.before.is_none() && snapshot.marks_after.is_none() {
            return Ok(None);
        }
        // What has come to its end stays there while the other one goes on.
        let before = Some(snapshot.before.unwrap_or(0));
        let marks_after = snapshot.marks_after.or_else(|| Some(CustomerId::from(AFTER_ALL)));
        Ok(Some(SnapshotPage { before, marks_after }))
    }

    /// Fetches the newest part of a hole. False when there is none.
    async fn fill_one(&self) -> Result<bool, Failed> {
        let mut places: Vec<_> =
            lock(&self.places).iter().map(|(log, place)| (log.clone(), *place)).collect();
        if !places.is_empty() {
            let turn = self.turn.fetch_add(1, Ordering::SeqCst) % places.len();
            places.rotate_left(turn);
        }
        for (log, place) in places {
            let Some(hole) = self.newest_hole(&log, place).await? else {
                continue;
            };
            let step = steps::newest(hole, self.has_blocks.load(Ordering::SeqCst));
            let done = match step {
                Step::Block(block) => self.fill_block(&log, place, block).await,
                Step::Page { before, limit } => self.fill_page(&log, place, (before, limit)).await,
            };
            return match (done, step) {
                (Err(Failed::Relay(RelayError::Refused(why))), Step::Block(_)) => {
                    // It cannot make the block now. The entries are there all the same.
                    tracing::debug!(%why, %log, "a block is not given out: reading by pages");
                    let page = (hole.1 + 1, (hole.1 - hole.0 + 1).min(steps::PAGE));
                    self.fill_page(&log, place, page).await.map(|()| true)
                }
                (done, _) => done.map(|()| true),
            };
        }
        Ok(false)
    }

    async fn fill_page(
        &self,
        log: &LogName,
        place: Place,
        (before, limit): (u64, u64),
    ) -> Result<(), Failed> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let page = self.client.entries(log, None, Some(before), limit).await?;
        if page.log_id != place.log_id {
            return Err(Failed::OtherLog);
        }
        if page.entries.is_empty() {
            return Err(Failed::Nothing);
        }
        self.store(place, &page.entries).await
    }

    async fn fill_block(&self, log: &LogName, place: Place, block: u64) -> Result<(), Failed> {
        let mut reader = self.client.block(log, block).await?;
        if reader.head().map(|head| head.log_id) != Some(place.log_id) {
            return Err(Failed::OtherLog);
        }
        loop {
            let batch = reader.next(BATCH, BATCH_BYTES).await?;
            if batch.is_empty() {
                return Ok(());
            }
            self.store(place, &batch).await?;
        }
    }

    async fn store(&self, place: Place, batch: &[Entry]) -> Result<(), Failed> {
        self.inner.ingest(place.log_id, batch).await?;
        self.inner.storage_works();
        self.count().await?;
        Ok(())
    }

    async fn newest_hole(&self, log: &LogName, place: Place) -> Result<Option<(u64, u64)>, StoreError> {
        let held = self.inner.store.cursor(log).await?.map(|cursor| cursor.ranges).unwrap_or_default();
        Ok(held.holes(place.from_seq.saturating_sub(1)).pop())
    }

    async fn count(&self) -> Result<(), StoreError> {
        let places: Vec<_> = lock(&self.places).iter().map(|(log, place)| (log.clone(), *place)).collect();
        let mut missing = 0;
        for (log, place) in places {
            let held = self.inner.store.cursor(&log).await?.map(|cursor| cursor.ranges).unwrap_or_default();
            missing += held.holes(place.head).iter().map(|(first, last)| last - first + 1).sum::<u64>();
        }
        if self.missing.swap(missing, Ordering::SeqCst) != missing {
            self.inner.notices.status();
        }
        Ok(())
    }
}

/// Why a part of a hole could not be filled.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Relay(#[from] RelayError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stream that comes next says so, too; until then nothing of the other log is mixed into this one.
    #[error("the relay has another log under this name")]
    OtherLog,
    #[error("the relay has nothing there")]
    Nothing,
}
