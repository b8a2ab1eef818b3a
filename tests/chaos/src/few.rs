//! A few customers who write to a Meta that loses much of what it should tell: so little in all that its Graph gives every
//! message afterwards.

use std::collections::BTreeSet;

use anyhow::Context as _;
use baton_messenger::{AccountId, CustomerId, Mid};
use baton_simulator::{Fate, NewCustomer, Simulator, Webhook};
use baton_support::window::until;
use secrecy::SecretString;

use crate::meta::simulator;

/// How many customers there are. Each is a thread to be read, and a team reads twice a second.
const CUSTOMERS: usize = 8;
/// How many of the webhooks are lost for good.
const LOST: f64 = 0.2;

/// A Meta with a few customers.
#[derive(Debug)]
pub struct Few {
    sim: Simulator,
    page: AccountId,
    customers: Vec<CustomerId>,
}

impl Few {
    /// Nobody has written yet; what Meta tells comes to this address.
    ///
    /// # Errors
    /// When the simulator does not start.
    pub async fn start(callback: String, seed: u64) -> anyhow::Result<Self> {
        let (sim, page) = simulator(callback, seed, LOST).await?;
        let mut customers = Vec::with_capacity(CUSTOMERS);
        for number in 1..=CUSTOMERS {
            customers.push(sim.add_customer(&page, NewCustomer::named(&format!("Customer {number}")))?);
        }
        Ok(Self { sim, page, customers })
    }

    /// Its customers.
    #[must_use]
    pub fn customers(&self) -> &[CustomerId] {
        &self.customers
    }

    /// Where Graph answers.
    #[must_use]
    pub fn graph_url(&self) -> String {
        self.sim.base_url()
    }

    /// The Page's token of our app.
    ///
    /// # Errors
    /// When Meta made none.
    pub fn page_token(&self) -> anyhow::Result<SecretString> {
        self.sim.page_token(&self.page).context("Meta made no token for the Page")
    }

    /// The relay answers at another address now.
    pub fn goes_on_at(&self, callback: String) {
        self.sim.set_callback(callback);
    }

    /// What is written from now on was written in a later second: Graph tells the times of messages without their fractions.
    ///
    /// # Errors
    /// When time stands still.
    pub async fn begins_a_later_second(&self) -> anyhow::Result<()> {
        let from_ms = self.sim.now_ms().saturating_add(1_000);
        until::holds("a later second", until::SHORT, async || Ok(self.sim.now_ms() >= from_ms)).await
    }

    /// Every customer writes so many messages.
    ///
    /// # Errors
    /// When Meta does not take one.
    pub fn everybody_writes(&self, times: usize) -> anyhow::Result<()> {
        for time in 1..=times {
            for customer in &self.customers {
                self.sim.customer_writes(&self.page, customer, &format!("Where is my parcel? ({time})"))?;
            }
        }
        Ok(())
    }

    /// How many webhooks were answered.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.sim.webhooks().iter().filter(|webhook| webhook.fate == Fate::Delivered).count()
    }

    /// Waits until so many were answered.
    ///
    /// # Errors
    /// When they are not.
    pub async fn answers(&self, in_all: usize) -> anyhow::Result<()> {
        until::holds("Meta to be answered", until::LONG, async || Ok(self.answered() >= in_all)).await
    }

    /// Waits until no webhook is on its way any more.
    ///
    /// # Errors
    /// When one does not get through.
    pub async fn is_through(&self) -> anyhow::Result<()> {
        until::holds("nothing to be on its way", until::LONG, async || {
            Ok(self.sim.webhooks().iter().all(|webhook| webhook.fate != Fate::Pending))
        })
        .await
    }

    /// Messages of which no webhook ever told.
    #[must_use]
    pub fn lost(&self) -> BTreeSet<Mid> {
        let mid = |webhook: Webhook| webhook.event.pointer("/message/mid")?.as_str().map(Mid::from);
        let dropped = self.sim.webhooks().into_iter().filter(|webhook| webhook.fate == Fate::Dropped);
        dropped.filter_map(mid).collect()
    }

    /// Every message that Meta holds.
    #[must_use]
    pub fn messages(&self) -> BTreeSet<Mid> {
        let threads = self.customers.iter().filter_map(|customer| self.sim.thread(&self.page, customer));
        threads.flat_map(|thread| thread.messages).map(|message| message.mid).collect()
    }

    /// How often Meta was asked, and what it said last, for a test that fails.
    #[must_use]
    pub fn was_asked(&self) -> String {
        let calls = self.sim.calls();
        let last = calls.last().map(|call| format!("{} {} with {:?}", call.method, call.path, call.status));
        format!("{} calls, the last: {}", calls.len(), last.unwrap_or_default())
    }

    /// Ends it.
    pub async fn stop(self) {
        self.sim.stop().await;
    }
}
