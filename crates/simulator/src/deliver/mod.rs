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
//! last entry repeats.

mod post;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_messenger::{AccountId, AppId, CustomerId};
use tokio::sync::Semaphore;

use crate::bot;
use crate::clock::HOUR_MS;
use crate::faults::{Case, Effect, Moment};
use crate::journal::Fate;
use crate::sim::Sim;
use crate::world::app::Receiver;
use crate::world::webhook_out::Delivery;

pub(crate) use post::verify_callback;

/// At most this many POSTs at once.
const AT_ONCE: usize = 16;

type LaneKey = (AppId, AccountId, CustomerId);

struct Parcel {
    number: u64,
    delivery: Delivery,
}

/// All lanes.
pub(crate) struct Queues {
    lanes: Mutex<HashMap<LaneKey, VecDeque<Parcel>>>,
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
            slots: Arc::new(Semaphore::new(AT_ONCE)),
            client,
            pauses: if pauses.is_empty() { vec![Duration::from_secs(1)] } else { pauses },
        })
    }

    pub fn client(&self) -> &reqwest::Client {
        &self.client
    }

    /// Puts an event on its way, or lets a fault have it.
    pub fn push(&self, sim: &Arc<Sim>, delivery: &Delivery) {
        let number = sim.journal.webhook(delivery);
        let mut copies = 1;
        match sim.faults.strike(Moment::Webhook, case(delivery, &delivery.app)) {
            Some(Effect::WebhookDropped) => return sim.journal.ended(number, Fate::Dropped),
            Some(Effect::WebhookTwice) => copies = 2,
            _ => {}
        }
        for _ in 0..copies {
            let parcel = Parcel { number, delivery: delivery.clone() };
            match echo_fault(sim, delivery) {
                Some(Effect::EchoNever) => sim.journal.ended(number, Fate::Dropped),
                Some(Effect::EchoLate { ms }) => self.push_later(sim, parcel, Duration::from_millis(ms)),
                _ => self.enqueue(sim, parcel),
            }
        }
    }

    fn push_later(&self, sim: &Arc<Sim>, parcel: Parcel, after: Duration) {
        let sim = Arc::clone(sim);
        sim.tasks.clone().spawn(async move {
            tokio::select! {
                () = sim.stop.cancelled() => {}
                () = tokio::time::sleep(after) => sim.queues.enqueue(&sim, parcel),
            }
        });
    }

    fn enqueue(&self, sim: &Arc<Sim>, parcel: Parcel) {
        let d = &parcel.delivery;
        let key = (d.app.clone(), d.page.clone(), d.customer.clone());
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
        sim.journal.ended(parcel.number, fate);
        sim.note_change();
    }
}

async fn deliver(sim: &Arc<Sim>, parcel: &Parcel) -> Fate {
    let delivery = &parcel.delivery;
    let mut tries = 0;
    loop {
        let receiver = sim.look(|world, _| {
            let subscribed = world.listens(&delivery.page, &delivery.app, delivery.field);
            subscribed.then(|| world.app(&delivery.app).map(|a| (a.receiver.clone(), a.secret.clone())).ok())
        });
        let (callback, secret) = match receiver.flatten() {
            Some((Receiver::Callback(callback), secret)) => (callback, secret),
            Some((Receiver::Bot, _)) => {
                bot::hears(sim, delivery).await;
                return Fate::Delivered;
            }
            _ => return Fate::Unsubscribed,
        };
        let Ok(slot) = sim.queues.slots.acquire().await else { return Fate::Dropped };
        let status = post::post(sim.queues.client(), &callback.url, &secret, &delivery.envelope()).await;
        drop(slot);
        sim.journal.tried(parcel.number, sim.clock.now_ms(), status);
        if status == Some(200) {
            sim.act(|world, _| note_success(world, delivery));
            return Fate::Delivered;
        }
        if sim.act(|world, now_ms| note_failure(world, delivery, now_ms)) {
            return Fate::Unsubscribed;
        }
        tokio::time::sleep(sim.queues.pause(tries)).await;
        tries += 1;
    }
}

fn note_success(world: &mut crate::world::World, delivery: &Delivery) {
    if let Ok(page) = world.page_mut(&delivery.page)
        && let Some(subscription) = page.subscriptions.get_mut(&delivery.app)
    {
        subscription.failing_since_ms = None;
    }
}

/// Whether this failure was the one that ends the subscription: an hour after the first (docs/meta.md 2.4).
fn note_failure(world: &mut crate::world::World, delivery: &Delivery, now_ms: i64) -> bool {
    let Ok(page) = world.page_mut(&delivery.page) else { return true };
    let Some(subscription) = page.subscriptions.get_mut(&delivery.app) else { return true };
    let since_ms = *subscription.failing_since_ms.get_or_insert(now_ms);
    let is_over = now_ms - since_ms >= HOUR_MS;
    if is_over {
        page.subscriptions.remove(&delivery.app);
        tracing::warn!(page = %delivery.page, app = %delivery.app, "webhooks disabled after an hour of failures");
    }
    is_over
}

/// Echo faults strike the sender's own echo only; what other apps hear is a webhook like any other.
fn echo_fault(sim: &Sim, delivery: &Delivery) -> Option<Effect> {
    let is_own_echo =
        delivery.by.as_ref() == Some(&delivery.app) && delivery.event.pointer("/message/is_echo").is_some();
    if !is_own_echo {
        return None;
    }
    sim.faults.strike(Moment::Echo, case(delivery, &delivery.app))
}

fn case<'a>(delivery: &'a Delivery, app: &'a AppId) -> Case<'a> {
    Case {
        page: Some(&delivery.page),
        customer: Some(&delivery.customer),
        app: Some(app),
        field: Some(delivery.field),
    }
}
