//! Meta as the simulator plays it: its customers write all the time, and it mixes up, repeats, holds back, forges and loses
//! what it tells.

use std::time::Duration;

use anyhow::ensure;
use baton_messenger::{AccountId, CustomerId};
use baton_simulator::{Config, Effect, Fate, Fault, FaultView, Load, NewCustomer, NewPage, Simulator};
use baton_support::window::until;
use secrecy::SecretString;

use crate::relay::{ACCOUNT, APP_ID, APP_SECRET};

/// How many messages a second customers write, whatever becomes of them.
const RATE: u32 = 120;
/// Longer than any run, seconds.
const FOR_SECONDS: u32 = 24 * 3_600;
const CUSTOMERS: u32 = 24;
/// How many of its webhooks it loses for good.
const LOST: f64 = 0.04;

/// A Meta that tells badly.
#[derive(Debug)]
pub struct Meta {
    sim: Simulator,
    page: AccountId,
    /// A customer who reacts to what they write.
    reacts: CustomerId,
}

/// What it told, and how.
#[derive(Debug, Default)]
pub struct Told {
    /// Messages that were answered 200.
    pub answered: Vec<String>,
    /// How many messages Meta lost on their way.
    pub lost: u64,
    /// What went wrong, and how often.
    pub faults: Vec<FaultView>,
}

impl Meta {
    /// Customers begin to write, and Meta tells of it at this address.
    ///
    /// # Errors
    /// When the simulator does not start.
    pub async fn start(callback: String, seed: u64) -> anyhow::Result<Self> {
        let (sim, page) = simulator(callback, seed, LOST).await?;
        let reacts = sim.add_customer(&page, NewCustomer::named("Mara Lindt"))?;
        let load = Load { customers: CUSTOMERS, seed, ..Load::new(RATE, FOR_SECONDS) };
        sim.start_load(&load)?;
        Ok(Self { sim, page, reacts })
    }

    /// The relay answers at another address now.
    pub fn goes_on_at(&self, callback: String) {
        self.sim.set_callback(callback);
    }

    /// A customer writes and reacts to it at once: the reaction may come first.
    ///
    /// # Errors
    /// When Meta does not take it.
    pub fn somebody_reacts(&self) -> anyhow::Result<()> {
        let mid = self.sim.customer_writes(&self.page, &self.reacts, "Where is my parcel?")?;
        Ok(self.sim.customer_reacts(&self.page, &self.reacts, &mid, Some("love"))?)
    }

    /// Waits until so many more messages were answered.
    ///
    /// # Errors
    /// When they are not.
    pub async fn wait_for_answers(&self, more: u64) -> anyhow::Result<()> {
        let answered = || self.sim.load_report().map_or(0, |report| report.acknowledged);
        let enough = answered() + more;
        until::holds("Meta to be answered", until::LONG, async || Ok(answered() >= enough)).await
    }

    /// Nobody writes any more; says what was told once everything is through.
    ///
    /// # Errors
    /// When something does not get through.
    pub async fn stop(self) -> anyhow::Result<Told> {
        let load = format!("{}/control/load", self.sim.base_url());
        let client = reqwest::Client::builder().no_proxy().build()?;
        client.delete(load).send().await?.error_for_status()?;
        let report = until::some("everything to be through", until::LONG, async || {
            Ok(self.sim.load_report().filter(|report| !report.is_running))
        })
        .await?;
        ensure!(report.on_the_way == 0, "something did not get through: {report:?}");
        until::holds("nothing to be on its way", until::LONG, async || {
            Ok(self.sim.webhooks().iter().all(|webhook| webhook.fate != Fate::Pending))
        })
        .await?;
        let told = Told {
            answered: self.sim.acknowledged().iter().map(|mid| mid.as_str().to_owned()).collect(),
            lost: report.lost,
            faults: self.sim.faults(),
        };
        self.sim.stop().await;
        Ok(told)
    }
}

/// A Meta with one Page that tells badly at this address, and loses so many of its webhooks for good.
pub(crate) async fn simulator(
    callback: String,
    seed: u64,
    lost: f64,
) -> anyhow::Result<(Simulator, AccountId)> {
    let config = Config {
        app_id: APP_ID.to_owned(),
        app_secret: SecretString::from(APP_SECRET),
        callback_url: Some(callback),
        retry_pauses: [10, 20, 50, 100].map(Duration::from_millis).to_vec(),
        ..Config::default()
    };
    let sim = Simulator::start(config).await?;
    let page = AccountId::from(ACCOUNT);
    sim.add_page(NewPage::without_routing(ACCOUNT, "Northwind Tea"));
    sim.subscribe(&page, &sim.app_id(), &["messages", "message_reactions"])?;
    for (number, (effect, chance)) in (seed..).zip(what_goes_wrong(lost)) {
        let app_id = Some(sim.app_id());
        sim.add_fault(Fault { app_id, chance: Some(chance), seed: number, ..Fault::always(effect) })?;
    }
    Ok((sim, page))
}

/// What goes wrong, and in how many of the cases that nothing before it in the list struck.
fn what_goes_wrong(lost: f64) -> [(Effect, f64); 8] {
    [
        (Effect::WebhookDropped, lost),
        (Effect::WebhookTwice { ms: 0 }, 0.1),
        (Effect::WebhookTwice { ms: 300 }, 0.1),
        (Effect::WebhookLate { ms: 150 }, 0.1),
        (Effect::WebhooksShuffled { count: 6, ms: 100 }, 0.3),
        (Effect::WebhooksTogether { count: 4, ms: 100 }, 0.2),
        (Effect::WebhookForged, 0.1),
        // At a try, whatever struck the webhook before.
        (Effect::WebhookFails { status: 500 }, 0.05),
    ]
}
