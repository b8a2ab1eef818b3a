//! A whole little world in one process: Meta, a relay, desks, customers.
//!
//! ```text
//!   Customer ──writes──▶ simulator ──webhooks──▶ relay ──log──▶ desk ◀── a test, as the window would
//!                            ▲                                   │
//!                            └──────────── Graph ────────────────┘
//! ```
//!
//! Everything between the parts is real: HTTP on loopback, SQLite files in a folder of the world's own. Relay and
//! desks run on threads of their own ([`crate::island`]), so that a test can kill them. Time is the
//! simulator's; [`World::moves_clock`] moves it, and the parts learn of it as they would from Meta.

pub mod browser;
pub mod bulk;
mod clock;
mod customer;
pub mod desk;
mod desks;
pub mod fake_relay;
mod history;
mod log;
pub mod post;
mod relay;
pub mod screen;
mod seen;
mod traces;

pub use customer::{Customer, file_name};
pub use seen::Seen;
pub use traces::{escaped, traces};

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_core::relay_client::{RelayAddress, RelayClient, enrol};
use baton_messenger::Platform;
use baton_protocol::enrol::Role;
use baton_relay::doctor::Patient;
use baton_simulator::{
    Call, Config, Fate, Fault, NewCustomer, NewInstagram, NewPage, RoutingMode, Simulator,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use tempfile::TempDir;

use crate::people::{
    CUSTOMERS, KITE_AND_CO, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, Shop, customer_id, teabot,
};
use crate::wait;
use clock::StoryClock;
use relay::RelayPart;

/// The secret with which Meta signs the webhooks of this world.
pub const APP_SECRET: &str = "an-app-secret-for-stories-0123456789";
/// The word by which relay and Meta know each other.
const VERIFY_TOKEN: &str = "a-verify-token-for-stories";

/// One hour.
pub const HOUR: Duration = Duration::from_secs(3600);

/// Meta, a relay, desks and customers.
#[derive(Debug)]
pub struct World {
    meta: Arc<Simulator>,
    relay: RelayPart,
    auditor: SecretString,
    clock: Arc<StoryClock>,
    history_after: Duration,
    folder: TempDir,
}

impl World {
    /// A new world: both Pages, all their customers, nothing said yet; the relay runs and Meta knows it.
    ///
    /// # Errors
    /// When a part cannot be started.
    pub async fn begin() -> anyhow::Result<Self> {
        Self::of(&[NORTHWIND_TEA, KITE_AND_CO]).await
    }

    /// A new world in which Northwind Tea is on Instagram too.
    ///
    /// # Errors
    /// As [`World::begin`].
    pub async fn begin_with_instagram() -> anyhow::Result<Self> {
        Self::of(&[NORTHWIND_TEA, KITE_AND_CO, NORTHWIND_ON_INSTAGRAM]).await
    }

    async fn of(shops: &[Shop]) -> anyhow::Result<Self> {
        listen_to_logs();
        let meta = start_meta(shops).await?;
        let folder = tempfile::tempdir()?;
        let verify = SecretString::from(VERIFY_TOKEN);
        let at = folder.path().join("relay");
        let clock = Arc::<StoryClock>::default();
        let relay =
            RelayPart::start(at, meta.app_id(), APP_SECRET, verify.clone(), meta.base_url(), clock.clone())
                .await?;
        anyhow::ensure!(
            meta.verify_callback(&relay.webhook_url(), &verify).await,
            "the relay did not answer Meta's handshake"
        );
        meta.set_callback(relay.webhook_url());
        let auditor = enrol_auditor(&relay, shops).await?;
        Ok(Self { meta, relay, auditor, clock, history_after: Duration::MAX, folder })
    }

    // People

    /// A customer by name.
    ///
    /// # Errors
    /// When nobody has that name.
    pub fn customer(&self, name: &str) -> anyhow::Result<Customer> {
        let known = CUSTOMERS.iter().find(|(known, _, _)| *known == name);
        let (name, shop, psid) = *known.with_context(|| format!("nobody is called {name}"))?;
        Ok(Customer { meta: Arc::clone(&self.meta), shop, id: customer_id(psid), name })
    }

    /// Somebody who never wrote to this shop before.
    ///
    /// # Errors
    /// When Meta does not know the shop.
    pub fn new_customer(&self, shop: Shop) -> anyhow::Result<Customer> {
        let name = "Noa Brandt";
        let id = self.meta.add_customer(&shop.id(), NewCustomer::named(name))?;
        Ok(Customer { meta: Arc::clone(&self.meta), shop, id, name })
    }

    // The relay

    /// Where desks reach the relay.
    #[must_use]
    pub fn relay_address(&self) -> String {
        self.relay.desk_url()
    }

    /// An invite for an admin of these accounts.
    ///
    /// # Errors
    /// When the relay makes none.
    pub async fn invites(&self, agent: &str, shops: &[Shop]) -> anyhow::Result<SecretString> {
        self.relay.invites(agent, shops, Role::Admin).await
    }

    /// An invite with this role on these accounts.
    ///
    /// # Errors
    /// When the relay makes none.
    pub async fn invites_as(&self, agent: &str, shops: &[Shop], role: Role) -> anyhow::Result<SecretString> {
        self.relay.invites(agent, shops, role).await
    }

    /// The relay is killed where it stands.
    pub fn kills_relay(&mut self) {
        self.relay.dies();
    }

    /// The relay's log is copied while it runs.
    ///
    /// # Errors
    /// When the relay makes no copy.
    pub async fn copies_log(&self, name: &str) -> anyhow::Result<PathBuf> {
        self.relay.copies(name).await
    }

    /// A copy is put back with the command, under a dead relay.
    ///
    /// # Errors
    /// When the copy is refused.
    pub async fn restores_log(&self, from: &Path) -> anyhow::Result<()> {
        self.relay.is_restored(from).await
    }

    /// A copy is put back by hand, under a dead relay.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn overwrites_log(&self, from: &Path) -> anyhow::Result<()> {
        self.relay.is_overwritten(from).await
    }

    /// The relay is started again, on the same ports and the same file.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn starts_relay(&mut self) -> anyhow::Result<()> {
        self.relay.comes_back().await
    }

    /// True while the relay says that it works.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn relay_is_well(&self) -> anyhow::Result<bool> {
        Ok(self.relay.health().await?["ok"] == true)
    }

    /// What `baton-relay doctor` looks at here, with these Page tokens shown to it.
    ///
    /// # Errors
    /// When the relay does not tell its accounts.
    pub async fn patient(&self, page_tokens: Vec<SecretString>) -> anyhow::Result<Patient> {
        self.relay.patient(page_tokens).await
    }

    /// Everything that must be printed nowhere.
    ///
    /// # Errors
    /// When Meta made no token.
    pub fn secrets(&self) -> anyhow::Result<Vec<String>> {
        let tokens = [self.page_token(NORTHWIND_TEA)?, self.page_token(KITE_AND_CO)?];
        let tokens = tokens.iter().map(|token| token.expose_secret().to_owned());
        Ok(tokens.chain([APP_SECRET.to_owned(), VERIFY_TOKEN.to_owned()]).collect())
    }

    /// Waits until the relay has heard of Meta's present time.
    ///
    /// # Errors
    /// When it does not.
    pub async fn relay_knows_metas_time(&self) -> anyhow::Result<()> {
        let relay = self.auditor()?;
        wait::until("the relay to know Meta's time", async || {
            let hello = relay.hello().await.map_err(|error| error.to_string())?;
            let off = hello.meta_ms.map(|ms| ms - self.meta.now_ms());
            if off.is_some_and(|off| off.abs() < 10_000) { Ok(()) } else { Err(format!("{off:?}")) }
        })
        .await
    }

    /// How many events the relay has put aside.
    ///
    /// # Errors
    /// When it does not say.
    pub async fn quarantined(&self) -> anyhow::Result<u64> {
        self.relay.health().await?["quarantined"].as_u64().context("the relay does not count them")
    }

    // Webhooks by hand

    /// Posts a webhook as Meta would, rightly signed, and gives the status.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn posts(&self, body: &Value) -> anyhow::Result<u16> {
        self.posts_bytes(serde_json::to_vec(body)?).await
    }

    /// Posts these very bytes, rightly signed, and gives the status.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn posts_bytes(&self, body: Vec<u8>) -> anyhow::Result<u16> {
        let signature = self.signature(&body)?;
        self.posts_signed(body, Some(&signature)).await
    }

    /// Posts these very bytes with this signature, or none, and gives the status.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn posts_signed(&self, body: Vec<u8>, signature: Option<&str>) -> anyhow::Result<u16> {
        post::post(&self.relay.webhook_url(), body, signature).await
    }

    /// Meta's signature of these bytes.
    ///
    /// # Errors
    /// As [`post::signature`].
    pub fn signature(&self, body: &[u8]) -> anyhow::Result<String> {
        post::signature(APP_SECRET, body)
    }

    // Meta

    /// Meta.
    #[must_use]
    pub fn meta(&self) -> &Simulator {
        &self.meta
    }

    /// Hours pass at Meta, and with it for everybody.
    pub fn moves_clock(&self, hours: u32) {
        self.meta.advance(HOUR * hours);
    }

    /// Time passes for the relay and all desks, and not at Meta: leases and pauses end.
    pub fn time_passes(&self, by: Duration) {
        self.clock.passes(by);
    }

    /// Somebody sets the wall clock of the relay and all desks, milliseconds forward or back.
    pub fn wall_clock_jumps(&self, by_ms: i64) {
        self.clock.wall_jumps(by_ms);
    }

    /// Desks that are installed from now on read history as soon as they are stewards. In other stories none does, so that
    /// nothing is asked of Meta but what the story is about.
    pub fn stewards_read_history(&mut self) {
        self.history_after = Duration::ZERO;
    }

    /// From now on this goes wrong.
    ///
    /// # Errors
    /// When there can be no such fault.
    pub fn goes_wrong(&self, fault: Fault) -> anyhow::Result<()> {
        self.meta.add_fault(fault)?;
        Ok(())
    }

    /// The token of our app for a Page.
    ///
    /// # Errors
    /// When Meta made none.
    pub fn page_token(&self, shop: Shop) -> anyhow::Result<SecretString> {
        self.meta.page_token(&shop.page()).context("Meta made no token for this Page")
    }

    /// Calls Graph with a Page's token, past every check of ours. Gives the status and the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn calls_graph(&self, shop: Shop, path: &str, body: &Value) -> anyhow::Result<(u16, Value)> {
        self.calls_graph_with(&self.page_token(shop)?, path, body).await
    }

    /// Calls Graph as the bot, with the bot's own token. Gives the status and the answer.
    ///
    /// # Errors
    /// When no answer came.
    pub async fn bot_calls_graph(
        &self,
        shop: Shop,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<(u16, Value)> {
        let token = self.meta.token_for(&teabot(), &shop.page());
        self.calls_graph_with(&token, path, body).await
    }

    /// One POST to Graph with this token: what another app does.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn calls_graph_with(
        &self,
        token: &SecretString,
        path: &str,
        body: &Value,
    ) -> anyhow::Result<(u16, Value)> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let url = format!("{}/{}{path}", self.meta.base_url(), baton_graph::DEFAULT_VERSION);
        let answer = http.post(url).bearer_auth(token.expose_secret()).json(body).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// The token that a person gets who logs in anew.
    #[must_use]
    pub fn new_page_token(&self, shop: Shop) -> SecretString {
        self.meta.token_for(&self.meta.app_id(), &shop.page())
    }

    /// Every send that reached Meta from our app, oldest first.
    #[must_use]
    pub fn our_sends(&self) -> Vec<Call> {
        let ours = self.meta.app_id();
        let is_send = |call: &Call| {
            call.app_id.as_ref() == Some(&ours)
                && call.method == "POST"
                && call.path.ends_with("/messages")
                && call.params.get("message").is_some()
        };
        self.meta.calls().into_iter().filter(is_send).collect()
    }

    /// Waits until Meta has tried to deliver something to the relay and failed.
    ///
    /// # Errors
    /// When it delivers everything.
    pub async fn meta_has_tried_in_vain(&self) -> anyhow::Result<()> {
        let ours = self.meta.app_id();
        wait::until("Meta to fail to reach the relay", async || {
            let webhooks = self.meta.webhooks();
            let in_vain =
                webhooks.iter().any(|w| w.app_id == ours && w.fate == Fate::Pending && !w.tries.is_empty());
            if in_vain { Ok(()) } else { Err(format!("{:?}", webhooks.last())) }
        })
        .await
    }

    /// Where the files of this world are.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn auditor(&self) -> anyhow::Result<RelayClient> {
        let address: RelayAddress = self.relay_address().parse()?;
        Ok(RelayClient::new(address, self.auditor.clone())?)
    }
}

/// With `RUST_LOG` set, a failing story also shows what the parts logged.
fn listen_to_logs() {
    let filter = tracing_subscriber::EnvFilter::from_default_env();
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_test_writer().try_init();
}

/// One who may read every account, and only reads.
async fn enrol_auditor(relay: &RelayPart, shops: &[Shop]) -> anyhow::Result<SecretString> {
    let invite = relay.invites("Auditor", shops, Role::Agent).await?;
    Ok(enrol(&relay.desk_url().parse()?, &invite, "the auditor's desk").await?.token)
}

async fn start_meta(shops: &[Shop]) -> anyhow::Result<Arc<Simulator>> {
    let config = Config {
        app_secret: SecretString::from(APP_SECRET),
        retry_pauses: [50, 100, 200, 400].map(Duration::from_millis).to_vec(),
        bot_pause: Duration::from_millis(50),
        ..Config::default()
    };
    let meta = Simulator::start(config).await?;
    for shop in shops {
        match shop.platform {
            Platform::Messenger => drop(meta.add_page(page_of(*shop, &meta))),
            Platform::Instagram => meta.add_instagram(instagram_of(*shop, &meta))?,
        }
    }
    for (name, shop, psid) in CUSTOMERS.iter().filter(|(_, shop, _)| shops.contains(shop)) {
        let customer = NewCustomer { id: Some(customer_id(psid)), ..NewCustomer::named(name) };
        meta.add_customer(&shop.id(), customer)?;
    }
    Ok(Arc::new(meta))
}

fn instagram_of(shop: Shop, meta: &Simulator) -> NewInstagram {
    NewInstagram {
        id: shop.id(),
        name: shop.name.to_owned(),
        username: shop.name.to_lowercase().replace(' ', ""),
        page_id: shop.page(),
        routing: RoutingMode::On { default_app: teabot(), may_take: vec![meta.app_id()] },
        is_human_agent_approved: true,
    }
}

fn page_of(shop: Shop, meta: &Simulator) -> NewPage {
    if shop.is_routing_on {
        NewPage::with_bot(shop.id().as_str(), shop.name, &meta.app_id())
    } else {
        NewPage::without_routing(shop.id().as_str(), shop.name)
    }
}
