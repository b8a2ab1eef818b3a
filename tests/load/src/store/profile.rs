//! Where the time of the product goes, statement by statement, as the driver tells it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// Whether anybody listens. The driver speaks on a thread of its own, so it has to be heard everywhere.
static LISTENS: AtomicBool = AtomicBool::new(false);
static SEEN: Mutex<BTreeMap<String, (u64, f64)>> = Mutex::new(BTreeMap::new());

/// Statements by how long they took altogether.
#[derive(Debug)]
pub(super) struct Profile {
    seen: BTreeMap<String, (u64, f64)>,
}

impl Profile {
    /// Runs something while listening.
    pub(super) async fn of<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<Self> {
        // Not the first time it is there already.
        let _there = tracing::subscriber::set_global_default(tracing_subscriber::registry().with(Listener));
        LISTENS.store(true, Ordering::SeqCst);
        tracing::callsite::rebuild_interest_cache();
        let done = work.await;
        LISTENS.store(false, Ordering::SeqCst);
        tracing::callsite::rebuild_interest_cache();
        done?;
        Ok(Self { seen: std::mem::take(&mut *SEEN.lock().unwrap_or_else(PoisonError::into_inner)) })
    }

    /// The statements that took longest, with how often they ran, how long each took, and their share of all.
    pub(super) fn longest(&self, most: usize) -> Vec<(String, String)> {
        let all: f64 = self.seen.values().map(|(_, seconds)| seconds).sum();
        let mut rows: Vec<(&String, &(u64, f64))> = self.seen.iter().collect();
        rows.sort_by(|a, b| b.1.1.total_cmp(&a.1.1));
        rows.into_iter()
            .take(most)
            .map(|(sql, (count, seconds))| {
                let each_us = 1e6 * seconds / *count as f64;
                let share = 100.0 * seconds / all;
                (sql.clone(), format!("{count} times, {each_us:.0} µs each, {share:.0} % of the time in SQL"))
            })
            .collect()
    }
}

struct Listener;

impl<S: tracing::Subscriber> Layer<S> for Listener {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        LISTENS.load(Ordering::SeqCst) && metadata.target() == "sqlx::query"
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut read = Read::default();
        event.record(&mut read);
        let mut seen = SEEN.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = seen.entry(read.summary).or_default();
        entry.0 += 1;
        entry.1 += read.seconds;
    }
}

#[derive(Default)]
struct Read {
    summary: String,
    seconds: f64,
}

impl Visit for Read {
    fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "summary" {
            value.clone_into(&mut self.summary);
        }
        if field.name() == "db.statement" && !value.trim().is_empty() {
            self.summary = value.split_whitespace().take(16).collect::<Vec<_>>().join(" ");
        }
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        if field.name() == "elapsed_secs" {
            self.seconds = value;
        }
    }
}
