//! Load: so many customers' messages a second for so long, and how many of them the receiver acknowledged.
//!
//! ```text
//!   rate ──▶ a customer writes (the world, as ever) ──▶ lanes ──▶ receiver
//!                    │ sent                                          │ 200
//!                    └────────────── counted here ◀──────────────────┘
//! ```
//!
//! Open loop: a slow receiver does not slow the customers down. The events are true ones: Graph tells of them
//! afterwards as of any other. While a load runs the bot keeps quiet, so that the rate is the rate. Pacing is real
//! time. Only receivers on this machine are loaded.

mod crowd;
mod run;
mod tally;

use std::sync::{Mutex, MutexGuard, PoisonError};

use baton_messenger::{AccountId, Mid};
use serde::{Deserialize, Serialize};

pub(crate) use run::start;
use tally::Tally;

/// What load is wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Load {
    /// Events a second.
    pub rate: u32,
    /// For so many seconds, real time.
    pub seconds: u32,
    /// How many new customers write them; 0: those who are there.
    #[serde(default = "usual_customers")]
    pub customers: u32,
    /// The accounts they write to; every one that the app under test hears, when left out.
    #[serde(default)]
    pub accounts: Vec<AccountId>,
    /// Decides who writes what.
    #[serde(default)]
    pub seed: u64,
}

fn usual_customers() -> u32 {
    200
}

impl Load {
    /// So many events a second for so long, from the usual number of customers.
    pub fn new(rate: u32, seconds: u32) -> Self {
        Self { rate, seconds, customers: usual_customers(), accounts: Vec::new(), seed: 1 }
    }

    fn events(&self) -> u64 {
        u64::from(self.rate) * u64::from(self.seconds)
    }
}

/// How a load went, or goes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LoadReport {
    /// What was wanted.
    pub load: Load,
    /// Whether it still goes on.
    pub is_running: bool,
    /// Events that customers caused so far.
    pub sent: u64,
    /// Events that the receiver answered with 200.
    pub acknowledged: u64,
    /// Events that no longer wait: a fault dropped them, or the account was unsubscribed.
    pub lost: u64,
    /// Events on their way.
    pub on_the_way: u64,
    /// Tries that were not answered with 200.
    pub failed_tries: u64,
    /// Real time since the beginning, until the last event was acknowledged; milliseconds.
    pub took_ms: u64,
    /// Acknowledged events a second of that time.
    pub acknowledged_per_second: f64,
    /// From a customer's act to its 200, in milliseconds: half, nine of ten, 99 of 100, all were faster.
    pub latency_ms: Latency,
}

/// Latencies in milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Latency {
    /// The median.
    pub p50: f64,
    /// The ninth decile.
    pub p90: f64,
    /// The 99th percentile.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}

/// The load of a simulator: one at a time.
#[derive(Debug, Default)]
pub(crate) struct Loads {
    tally: Mutex<Option<Tally>>,
}

impl Loads {
    /// Whether a load goes on.
    pub fn is_running(&self) -> bool {
        self.lock().as_ref().is_some_and(|tally| tally.is_running)
    }

    /// How the present load goes, or the last one went.
    pub fn report(&self) -> Option<LoadReport> {
        self.lock().as_ref().map(Tally::report)
    }

    /// Every event of it that was acknowledged, in the order of the answers.
    pub fn acknowledged(&self) -> Vec<Mid> {
        self.lock().as_ref().map(|tally| tally.acknowledged.clone()).unwrap_or_default()
    }

    /// No more events are caused; what is on its way still counts.
    pub fn stop(&self) {
        if let Some(tally) = self.lock().as_mut() {
            tally.is_stopping = true;
        }
    }

    /// Does something to the tally of a load that goes on.
    pub(crate) fn with<T>(&self, act: impl FnOnce(&mut Tally) -> T) -> Option<T> {
        self.lock().as_mut().filter(|tally| tally.is_running).map(act)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Tally>> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
