//! Holes: what lies between a desk's cursor and where the stream begins is fetched, newest first.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_protocol::entry::Entry;
use baton_protocol::stream::Opened;
use baton_protocol::{LogId, LogName};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use super::run::Heads;
use crate::desk::inner::{Inner, lock};
use crate::relay_client::{RelayClient, RelayError};
use crate::store::StoreError;

/// How many entries are fetched at once.
const PAGE: u64 = 500;
/// The pause after a fetch that failed.
const PAUSE: Duration = Duration::from_secs(2);

/// What is known of one log on this stream.
#[derive(Debug, Clone, Copy)]
struct Place {
    log_id: LogId,
    head: u64,
    /// The stream brings everything from here on; what is below and missing is a hole.
    from_seq: u64,
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
    missing: AtomicU64,
    wake: Notify,
}

impl Filler {
    pub(super) fn new(inner: Arc<Inner>, client: RelayClient) -> Self {
        let shared = Shared {
            inner,
            client,
            places: Mutex::default(),
            missing: AtomicU64::new(0),
            wake: Notify::new(),
        };
        Self { shared: Arc::new(shared), stop: CancellationToken::new(), running: false }
    }

    /// How many entries are known to be missing.
    pub(super) fn missing(&self) -> u64 {
        self.shared.missing.load(Ordering::SeqCst)
    }

    /// The stream of a log begins.
    pub(super) async fn opened(&mut self, opened: Opened) -> Result<(), StoreError> {
        let place = Place { log_id: opened.log_id, head: opened.head, from_seq: opened.from_seq };
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
        if skipped {
            tracing::warn!(log = %first.log, seq = first.seq, "the stream left a hole");
            self.shared.count().await?;
            self.shared.wake.notify_one();
        }
        Ok(())
    }

    /// A heartbeat told the heads: entries that should have come and did not are a hole, too.
    pub(super) async fn heads(&mut self, heads: &Heads) -> Result<(), StoreError> {
        for (log, head) in heads {
            let highest = self.shared.inner.store.cursor(log).await?.and_then(|c| c.ranges.highest());
            if let Some(place) = lock(&self.shared.places).get_mut(log) {
                place.head = place.head.max(*head);
                if highest.unwrap_or(0) < *head && place.from_seq <= *head {
                    place.from_seq = head.saturating_add(1);
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
    }

    /// Ends all fetching until a stream begins again. The end of a stream is no reason: holes are fetched by calls of
    /// their own, and a stream that is cut again and again must not keep them open.
    pub(super) fn stop(&mut self) {
        self.stop.cancel();
        self.stop = CancellationToken::new();
        self.running = false;
        lock(&self.shared.places).clear();
    }

    fn start(&mut self) {
        if self.running {
            return;
        }
        self.running = true;
        let (shared, stop) = (Arc::clone(&self.shared), self.stop.clone());
        self.shared.inner.tasks.spawn(async move {
            let over = shared.inner.stop.clone();
            tokio::select! {
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
            match self.fill_one().await {
                Ok(true) => {}
                Ok(false) => self.wake.notified().await,
                Err(why) => {
                    tracing::debug!(why, "older entries could not be fetched");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Fetches one page of the newest hole. False when there is none.
    async fn fill_one(&self) -> Result<bool, String> {
        let places: Vec<_> = lock(&self.places).iter().map(|(log, place)| (log.clone(), *place)).collect();
        for (log, place) in places {
            let Some((first, last)) = self.newest_hole(&log, place).await.map_err(|e| e.to_string())? else {
                continue;
            };
            let limit = (last - first + 1).min(PAGE);
            let fetched = self.fetch(&log, last, limit).await.map_err(|e| e.to_string())?;
            if fetched.is_empty() {
                return Err(format!("the relay has nothing below {last} of {log}"));
            }
            self.inner.ingest(place.log_id, &fetched).await.map_err(|e| e.to_string())?;
            self.count().await.map_err(|e| e.to_string())?;
            return Ok(true);
        }
        Ok(false)
    }

    async fn fetch(&self, log: &LogName, last: u64, limit: u64) -> Result<Vec<Entry>, RelayError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        Ok(self.client.entries(log, None, Some(last + 1), limit).await?.entries)
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
            let holes = held.holes(place.from_seq.saturating_sub(1));
            missing += holes.iter().map(|(first, last)| last - first + 1).sum::<u64>();
        }
        if self.missing.swap(missing, Ordering::SeqCst) != missing {
            self.inner.notices.status();
        }
        Ok(())
    }
}
