//! Webhooks on their way out (docs/meta.md 2.2, 2.4).
//!
//! ```text
//!           push                 POST                200
//!  event ─────────▶ lane (FIFO) ──────▶ on its way ──────▶ delivered
//!                     ▲                     │ anything else, or 5 s
//!                     └── wait, try again ──┤
//!                                           └─ failing for an hour of simulated time ─▶ unsubscribed
//! ```
//!
//! One lane per app, Page and customer: order within a thread is kept through retries, and one thread's trouble
//! does not hold up another's. Pauses between tries are real time and grow along the configured list, whose
//! last entry repeats. Before an event gets into its lane the faults have their say ([`departure`]).

mod departure;
mod gather;
pub(crate) mod loose;
mod post;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_messenger::{AccountId, AppId, CustomerId};
use secrecy::SecretString;
use tokio::sync::Semaphore;

use crate::bot;
use crate::clock::HOUR_MS;
use crate::faults::{Case, Effect, Moment};
use crate::journal::Fate;
use crate::sim::Sim;
use crate::world::app::{Callback, Receiver};
use crate::world::webhook_out::Delivery;
use gather::Gathering;

pub(crate) use post::verify_callback;

/// At most this many POSTs at once.
const AT_ONCE: usize = 16;

type LaneKey = (AppId, AccountId, Option<CustomerId>);

/// One event under its number in the journal.
#[derive(Debug, Clone)]
struct Event {
    number: u64,
    delivery: Delivery,
}

/// What leaves in one POST: one event, or several that a fault put together.
#[derive(Debug)]
struct Parcel {
    first: Event,
    more: Vec<Event>,
    /// The first try carries a wrong signature.
    is_forged: bool,
}

impl Parcel {
    fn of(event: Event) -> Self {
        Self { first: event, more: Vec::new(), is_forged: false }
    }

    fn events(&self) -> impl Iterator<Item = &Event> {
        std::iter::once(&self.first).chain(&self.more)
    }
}

/// All lanes.
pub(crate) struct Queues {
    lanes: Mutex<HashMap<LaneKey, VecDeque<Parcel>>>,
    gathering: Gathering,
    slots: Arc<Semaphore>,
    client: reqwest::Client,
    pauses: Vec<Duration>,
}

impl Queues {
    /// `pauses` between tries; `patience` is how long a receiver may take to answer.
    pub fn new(pauses: Vec<Duration>, patience: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .user_agent("facebookexternalua")
            .timeout(patience)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()?;
        Ok(Self {
            lanes: Mutex::default(),
            gathering: Gathering::default(),
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            client,
            pauses: if pauses.is_empty() { vec![Duration::from_secs(1)] } else { pauses },
        })
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Puts an event on its way, or lets a fault have it.
    pub fn push(&self, sim: &Arc<Sim>, mut delivery: Delivery) {
        let struck = departure::write(sim, &mut delivery);
        let number = sim.journal.webhook(&delivery);
        if let Some(struck) = struck {
            sim.journal.struck(number, struck);
        }
        departure::set_out(sim, Event { number, delivery });
    }

    fn enqueue(&self, sim: &Arc<Sim>, parcel: Parcel) {
        let d = &parcel.first.delivery;
        let key = (d.app.clone(), d.account.clone(), d.customer.clone());
        let mut lanes = self.lock();
        if let Some(lane) = lanes.get_mut(&key) {
            lane.push_back(parcel);
            return;
        }
        lanes.insert(key.clone(), VecDeque::from([parcel]));
        let sim = Arc::clone(sim);
        sim.tasks.clone().spawn(async move {
            let stop = sim.stop.clone();
            tokio::select! {
                () = stop.cancelled() => {}
                () = run_lane(&sim, &key) => {}
            }
        });
    }

    /// The next parcel of the lane; the empty lane is removed in the same breath, so that no push is lost.
    fn next(&self, key: &LaneKey) -> Option<Parcel> {
        let mut lanes = self.lock();
        let next = lanes.get_mut(key)?.pop_front();
        if next.is_none() {
            lanes.remove(key);
        }
        next
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<LaneKey, VecDeque<Parcel>>> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn pause(&self, tries: usize) -> Duration {
        self.pauses[tries.min(self.pauses.len() - 1)]
    }
}

async fn run_lane(sim: &Arc<Sim>, key: &LaneKey) {
    while let Some(parcel) = sim.queues.next(key) {
        let fate = deliver(sim, &parcel).await;
        for event in parcel.events() {
            ended(sim, event, fate);
        }
        sim.note_change();
    }
}

/// Writes down what became of an event.
fn ended(sim: &Sim, event: &Event, fate: Fate) {
    sim.journal.ended(event.number, fate);
    if event.delivery.app == sim.desk_app {
        sim.load.with(|tally| tally.ended(&event.delivery, fate));
    }
}

async fn deliver(sim: &Arc<Sim>, parcel: &Parcel) -> Fate {
    let mut tries = 0;
    loop {
        let (callback, secret) = match receiver(sim, &parcel.first.delivery) {
            Some((Receiver::Callback(callback), secret)) => (callback, secret),
            Some((Receiver::Bot, _)) => {
                for event in parcel.events() {
                    bot::hears(sim, &event.delivery).await;
                }
                return Fate::Delivered;
            }
            _ => return Fate::Unsubscribed,
        };
        let Ok(slot) = sim.queues.slots.acquire().await else { return Fate::Dropped };
        let status = attempt(sim, parcel, &callback, &secret, tries == 0 && parcel.is_forged).await;
        drop(slot);
        for event in parcel.events() {
            sim.journal.tried(event.number, sim.clock.now_ms(), status);
        }
        if status == Some(200) {
            sim.act(|world, _| note_success(world, &parcel.first.delivery));
            return Fate::Delivered;
        }
        for event in parcel.events().filter(|event| event.delivery.app == sim.desk_app) {
            sim.load.with(|tally| tally.failed_try(&event.delivery));
        }
        if sim.act(|world, now_ms| note_failure(world, &parcel.first.delivery, now_ms)) {
            return Fate::Unsubscribed;
        }
        tokio::time::sleep(sim.queues.pause(tries)).await;
        tries += 1;
    }
}

/// Where the event goes, if its app still listens.
fn receiver(sim: &Sim, delivery: &Delivery) -> Option<(Receiver, SecretString)> {
    sim.look(|world, _| {
        let app = world.app(&delivery.app).ok()?;
        let listens =
            delivery.is_dashboard_test || world.listens(&delivery.account, &delivery.app, delivery.field);
        listens.then(|| (app.receiver(delivery.platform).clone(), app.secret.clone()))
    })
}

/// One try: the receiver's status, or that of a fault that stands before it.
async fn attempt(
    sim: &Sim,
    parcel: &Parcel,
    callback: &Callback,
    secret: &SecretString,
    is_forged: bool,
) -> Option<u16> {
    let case = case(&parcel.first.delivery);
    if let Some(strike) = sim.faults.strike(Moment::Try, case, sim.clock.now_ms()) {
        for event in parcel.events() {
            sim.journal.struck(event.number, strike.by.clone());
        }
        return match strike.effect {
            Effect::WebhookFails { status } if status > 0 => Some(status),
            _ => None,
        };
    }
    let body = departure::body(parcel);
    post::post(sim.queues.client(), &callback.url, secret, &body, is_forged).await
}

fn note_success(world: &mut crate::world::World, delivery: &Delivery) {
    if let Ok(account) = world.account_mut(&delivery.account)
        && let Some(subscription) = account.subscriptions.get_mut(&delivery.app)
    {
        subscription.failing_since_ms = None;
    }
}

/// Whether this failure was the one that ends the subscription: an hour after the first (docs/meta.md 2.4).
fn note_failure(world: &mut crate::world::World, delivery: &Delivery, now_ms: i64) -> bool {
    let Ok(account) = world.account_mut(&delivery.account) else { return true };
    let Some(subscription) = account.subscriptions.get_mut(&delivery.app) else { return true };
    let since_ms = *subscription.failing_since_ms.get_or_insert(now_ms);
    let is_over = now_ms - since_ms >= HOUR_MS;
    if is_over {
        account.subscriptions.remove(&delivery.app);
        tracing::warn!(account = %delivery.account, app = %delivery.app, "webhooks disabled after an hour of failures");
    }
    is_over
}

fn case(delivery: &Delivery) -> Case<'_> {
    Case {
        page: Some(&delivery.account),
        customer: delivery.customer.as_ref(),
        app: Some(&delivery.app),
        field: Some(delivery.field),
        call: None,
    }
}
