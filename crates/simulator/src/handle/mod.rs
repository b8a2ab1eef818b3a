//! A simulator started inside another program, and everything a test can do with it: here its life, its time and
//! what there is to see; accounts and customers are in files of their own.
//!
//! Each method is one act of a customer, of a Page's admin, or of fate; the same acts are offered under
//! `/control`. Dropping the handle stops the simulator.

mod accounts;
mod customers;

use std::sync::Arc;
use std::time::Duration;

use baton_messenger::{AccountId, CustomerId, Mid};
use tokio::net::TcpListener;

use crate::begin::build;
use crate::config::Config;
use crate::faults::{self, Fault, FaultView};
use crate::journal::{Call, Webhook};
use crate::load::{self, Load, LoadReport};
use crate::routes;
use crate::seed::SeedFileError;
use crate::server;
use crate::sim::Sim;
use crate::world::World;
use crate::world::refusals::Refusal;
use crate::world::show::{ThreadView, WorldView};

/// Why something could not be done.
#[derive(Debug, thiserror::Error)]
pub enum SimulatorError {
    /// The address cannot be listened on.
    #[error("cannot listen on {address}: {cause}. Choose another address or port.")]
    Listen {
        /// The address.
        address: std::net::SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
    /// The HTTP client for webhooks cannot be made.
    #[error("the client for webhooks cannot be made: {0}")]
    Client(#[from] reqwest::Error),
    /// The file of a made world cannot be read.
    #[error(transparent)]
    World(#[from] SeedFileError),
    /// The world refuses: an unknown Page, customer, message or field.
    #[error("{0}")]
    Refused(String),
    /// What was waited for did not come in time.
    #[error("still not so after {0:?}")]
    TimedOut(Duration),
}

impl From<Refusal> for SimulatorError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.text)
    }
}

/// A running simulator.
pub struct Simulator {
    sim: Arc<Sim>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Simulator({})", self.base_url())
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        self.sim.stop.cancel();
    }
}

impl Simulator {
    /// Starts listening and returns as soon as calls are answered.
    ///
    /// # Errors
    /// The address is taken or not ours.
    pub async fn start(config: Config) -> Result<Self, SimulatorError> {
        let refused = |cause| SimulatorError::Listen { address: config.listen, cause };
        let listener = TcpListener::bind(config.listen).await.map_err(refused)?;
        let address = listener.local_addr().map_err(refused)?;
        let base = format!("http://{address}");
        let sim = build(&config, &base)?;
        let _ = sim.base_url.set(base);
        let router = routes::router(Arc::clone(&sim));
        sim.tasks.spawn(server::serve(Arc::clone(&sim), listener, router));
        Ok(Self { sim })
    }

    /// Stops: open connections are closed, webhooks on their way are dropped.
    pub async fn stop(self) {
        self.sim.stop.cancel();
        self.sim.tasks.close();
        self.sim.tasks.wait().await;
    }

    /// `http://127.0.0.1:<port>`; Graph answers below it, with and without a version.
    pub fn base_url(&self) -> String {
        self.sim.base_url().to_owned()
    }

    /// The page that shows a customer's phone.
    pub fn phone_url(&self) -> String {
        format!("{}/phone", self.sim.base_url())
    }

    /// The page that shows and moves everything: clock, faults, routing, owners, every webhook and call.
    pub fn control_room_url(&self) -> String {
        format!("{}/control-room", self.sim.base_url())
    }

    // Time

    /// Simulated time, milliseconds UTC.
    pub fn now_ms(&self) -> i64 {
        self.sim.clock.now_ms()
    }

    /// Moves the simulated clock forward.
    pub fn advance(&self, by: Duration) {
        self.sim.clock.advance(i64::try_from(by.as_millis()).unwrap_or(i64::MAX));
        self.sim.note_change();
    }

    // What there is to see

    /// The whole world.
    pub fn world(&self) -> WorldView {
        self.sim.look(World::show)
    }

    /// How many customers there are, and how many messages in all their threads.
    pub fn size(&self) -> (usize, usize) {
        self.sim.look(|world, _| {
            let threads = world.accounts.values().flat_map(|account| account.threads.values());
            threads.fold((0, 0), |(people, said), thread| (people + 1, said + thread.messages.len()))
        })
    }

    /// One thread, as its customer's phone shows it.
    pub fn thread(&self, page: &AccountId, customer: &CustomerId) -> Option<ThreadView> {
        self.sim.look(|world, now_ms| world.show_thread(page, customer, now_ms))
    }

    /// Every call that came in, oldest first.
    pub fn calls(&self) -> Vec<Call> {
        self.sim.journal.calls()
    }

    /// Every webhook, oldest first, with how far it has come.
    pub fn webhooks(&self) -> Vec<Webhook> {
        self.sim.journal.webhooks()
    }

    /// Waits until `see` finds what it looks for; it is asked again after every change.
    ///
    /// # Errors
    /// [`SimulatorError::TimedOut`] after `patience` of real time.
    pub async fn wait_for<T>(
        &self,
        patience: Duration,
        mut see: impl FnMut(&Self) -> Option<T>,
    ) -> Result<T, SimulatorError> {
        let mut changed = self.sim.changed.subscribe();
        let look = async {
            loop {
                changed.mark_unchanged();
                if let Some(found) = see(self) {
                    return found;
                }
                // Simulated time passes without a change: look again now and then.
                let _ = tokio::time::timeout(Duration::from_millis(200), changed.changed()).await;
            }
        };
        tokio::time::timeout(patience, look).await.map_err(|_| SimulatorError::TimedOut(patience))
    }

    // Load

    /// Begins a load; [`Simulator::load_report`] tells how it goes.
    ///
    /// # Errors
    /// There can be none: one runs already, nobody listens, or the receiver is on another machine.
    pub fn start_load(&self, load: &Load) -> Result<(), SimulatorError> {
        load::start(&self.sim, load).map_err(SimulatorError::Refused)
    }

    /// How the present load goes, or the last one went.
    pub fn load_report(&self) -> Option<LoadReport> {
        self.sim.load.report()
    }

    /// The messages of it that were acknowledged, in the order of the answers.
    pub fn acknowledged(&self) -> Vec<Mid> {
        self.sim.load.acknowledged()
    }

    // Faults

    /// Adds a rule and gives its number.
    ///
    /// # Errors
    /// The rule cannot be: an unknown error, a chance above 1 …
    pub fn add_fault(&self, fault: Fault) -> Result<u64, SimulatorError> {
        faults::add(&self.sim, fault).map_err(SimulatorError::Refused)
    }

    /// Removes one rule; whether there was one.
    pub fn remove_fault(&self, number: u64) -> bool {
        faults::remove(&self.sim, number)
    }

    /// Removes every rule.
    pub fn clear_faults(&self) {
        faults::clear(&self.sim);
    }

    /// Every rule with its counts, also those that have worn off.
    pub fn faults(&self) -> Vec<FaultView> {
        self.sim.faults.list(self.now_ms())
    }
}
