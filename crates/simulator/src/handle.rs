//! A simulator started inside another program, and everything a test can do with it.
//!
//! Each method is one act of a customer, of a Page's admin, or of fate; the same acts are offered under
//! `/control`. Dropping the handle stops the simulator.

use std::sync::Arc;
use std::time::Duration;

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use secrecy::SecretString;
use tokio::net::TcpListener;

use crate::admin::{self, NewCustomer, NewPage, RoutingMode};
use crate::begin::build;
use crate::config::Config;
use crate::deliver::verify_callback;
use crate::faults::{Fault, FaultView};
use crate::journal::{Call, Webhook};
use crate::load::{self, Load, LoadReport};
use crate::routes;
use crate::seed::SeedFileError;
use crate::server;
use crate::sim::Sim;
use crate::world::app::{Callback, Receiver, all_fields};
use crate::world::customer::reaction;
use crate::world::refusals::Refusal;
use crate::world::show::{ThreadView, WorldView};
use crate::world::token::{Holder, death};
use crate::world::{NewPerson, World};

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
        let sim = build(&config)?;
        let _ = sim.base_url.set(format!("http://{address}"));
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

    // Pages, apps, tokens

    /// Adds a Page; its desk app and the bot get tokens. Returns the desk app's token.
    pub fn add_page(&self, page: NewPage) -> SecretString {
        self.sim.act(|world, now_ms| admin::add_page(world, page, &self.sim.desk_app, now_ms))
    }

    /// The token of the app under test for this Page.
    pub fn page_token(&self, page: &AccountId) -> Option<SecretString> {
        self.sim.look(|world, _| world.token_of(&self.sim.desk_app, &Holder::Page(page.clone())))
    }

    /// The token of any app for this Page, made when there is none: to act as another app.
    pub fn token_for(&self, app: &AppId, page: &AccountId) -> SecretString {
        self.sim.act(|world, now_ms| admin::token_for(world, app, page, now_ms))
    }

    /// The token of the person who granted the Pages.
    pub fn user_token(&self) -> Option<SecretString> {
        self.sim.look(|world, _| world.token_of(&self.sim.desk_app, &Holder::User))
    }

    /// The id of the app under test.
    pub fn app_id(&self) -> AppId {
        self.sim.desk_app.clone()
    }

    /// Kills every token of the app under test for this Page with this subcode of 190 (460: password changed).
    ///
    /// # Errors
    /// The subcode is none of 458, 459, 460, 463, 467, 492.
    pub fn kill_tokens(&self, page: &AccountId, subcode: i64) -> Result<(), SimulatorError> {
        let cause = death(subcode)
            .ok_or_else(|| SimulatorError::Refused(format!("190 has no subcode {subcode} here.")))?;
        self.set_dead(page, Some(cause));
        Ok(())
    }

    /// Lets killed tokens of this Page live again.
    pub fn revive_tokens(&self, page: &AccountId) {
        self.set_dead(page, None);
    }

    fn set_dead(&self, page: &AccountId, dead: Option<&'static str>) {
        self.sim.act(|world, _| admin::set_dead(world, &self.sim.desk_app, page, dead));
    }

    /// Where the webhooks of the app under test go, as if set in its dashboard (no handshake).
    pub fn set_callback(&self, url: impl Into<String>) {
        let callback = Callback { url: url.into(), fields: all_fields() };
        self.sim.act(|world, _| {
            if let Some(app) = world.apps.get_mut(&self.sim.desk_app) {
                app.receiver = Receiver::Callback(callback);
            }
        });
    }

    /// Whether this callback answers Meta's handshake with this verify token (docs/meta.md 2.1).
    pub async fn verify_callback(&self, url: &str, verify_token: &SecretString) -> bool {
        verify_callback(self.sim.queues.client(), url, verify_token).await
    }

    /// Subscribes a Page to an app.
    ///
    /// # Errors
    /// Unknown Page or field.
    pub fn subscribe(&self, page: &AccountId, app: &AppId, fields: &[&str]) -> Result<(), SimulatorError> {
        let words: Vec<String> = fields.iter().map(|f| (*f).to_owned()).collect();
        Ok(self.sim.act(|world, _| admin::subscribe(world, page, app, &words))?)
    }

    /// Takes a Page's subscription to an app away.
    pub fn unsubscribe(&self, page: &AccountId, app: &AppId) {
        self.sim.act(|world, _| {
            if let Ok(page) = world.page_mut(page) {
                page.subscriptions.remove(app);
            }
        });
    }

    /// Switches Conversation Routing of a Page.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn set_routing(&self, page: &AccountId, mode: &RoutingMode) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| admin::set_routing(world, page, mode))?)
    }

    /// Grants or takes back the Human Agent feature.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn set_human_agent(&self, page: &AccountId, is_approved: bool) -> Result<(), SimulatorError> {
        Ok(self
            .sim
            .act(|world, _| world.page_mut(page).map(|page| page.human_agent_approved = is_approved))?)
    }

    // Customers

    /// A new customer of a Page.
    ///
    /// # Errors
    /// Unknown Page.
    pub fn add_customer(&self, page: &AccountId, new: NewCustomer) -> Result<CustomerId, SimulatorError> {
        Ok(self.sim.act(|world, _| world.add_customer(page, NewPerson::from(new)))?)
    }

    /// The customer writes.
    ///
    /// # Errors
    /// Unknown Page or customer, or an empty text.
    pub fn customer_writes(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_writes(page, customer, text, None, now_ms))?)
    }

    /// The customer writes a reply to a message.
    ///
    /// # Errors
    /// As [`Simulator::customer_writes`].
    pub fn customer_replies(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        text: &str,
        to: &Mid,
    ) -> Result<Mid, SimulatorError> {
        let to = Some(to.clone());
        Ok(self.sim.act(|world, now_ms| world.customer_writes(page, customer, text, to, now_ms))?)
    }

    /// The customer taps a button.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_taps(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        title: &str,
        payload: &str,
    ) -> Result<Mid, SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_taps(page, customer, title, payload, now_ms))?)
    }

    /// The customer's phone shows everything sent so far.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_receives(&self, page: &AccountId, customer: &CustomerId) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_receives(page, customer, now_ms))?)
    }

    /// The customer has seen everything sent so far.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn customer_reads(&self, page: &AccountId, customer: &CustomerId) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.customer_reads(page, customer, now_ms))?)
    }

    /// The customer reacts to a message (`love`, `like` …), or with `None` takes the reaction back.
    ///
    /// # Errors
    /// Unknown Page, customer or message.
    pub fn customer_reacts(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        mid: &Mid,
        name: Option<&str>,
    ) -> Result<(), SimulatorError> {
        let what = name.map(|name| reaction(name, None));
        Ok(self.sim.act(|world, now_ms| world.customer_reacts(page, customer, mid, what.as_ref(), now_ms))?)
    }

    /// Whether messages can reach the customer; if not, sends are refused with 551.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn set_reachable(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        is_reachable: bool,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, _| {
            world.thread_mut(page, customer).map(|thread| thread.customer.is_reachable = is_reachable)
        })?)
    }

    /// Gives a thread to an app, or to nobody, without any event, as Meta's AI agent does.
    ///
    /// # Errors
    /// Unknown Page or customer.
    pub fn seize(
        &self,
        page: &AccountId,
        customer: &CustomerId,
        app: Option<&AppId>,
    ) -> Result<(), SimulatorError> {
        Ok(self.sim.act(|world, now_ms| world.seize(page, customer, app, now_ms))?)
    }

    // What there is to see

    /// The whole world.
    pub fn world(&self) -> WorldView {
        self.sim.look(World::show)
    }

    /// How many customers there are, and how many messages in all their threads.
    pub fn size(&self) -> (usize, usize) {
        self.sim.look(|world, _| {
            let threads = world.pages.values().flat_map(|page| page.threads.values());
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
        fault.check().map_err(SimulatorError::Refused)?;
        let number = self.sim.faults.add(fault, self.now_ms());
        self.sim.note_change();
        Ok(number)
    }

    /// Removes one rule; whether there was one.
    pub fn remove_fault(&self, number: u64) -> bool {
        let is_removed = self.sim.faults.remove(number);
        self.sim.note_change();
        is_removed
    }

    /// Removes every rule.
    pub fn clear_faults(&self) {
        self.sim.faults.clear();
        self.sim.note_change();
    }

    /// Every rule with its counts, also those that have worn off.
    pub fn faults(&self) -> Vec<FaultView> {
        self.sim.faults.list(self.now_ms())
    }
}
