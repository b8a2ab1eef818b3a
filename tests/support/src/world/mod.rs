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

mod customer;

pub use customer::Customer;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_simulator::{Call, Config, Fault, NewCustomer, NewPage, Simulator};
use secrecy::SecretString;
use tempfile::TempDir;

use crate::people::{CUSTOMERS, KITE_AND_CO, NORTHWIND_TEA, Shop, customer_id};

/// The secret with which Meta signs the webhooks of this world.
pub const APP_SECRET: &str = "an-app-secret-for-stories-0123456789";

/// One hour.
pub const HOUR: Duration = Duration::from_secs(3600);

/// Meta, a relay, desks and customers.
#[derive(Debug)]
pub struct World {
    meta: Arc<Simulator>,
    folder: TempDir,
}

impl World {
    /// A new world: both Pages, all customers, nothing said yet.
    ///
    /// # Errors
    /// When a part cannot be started.
    pub async fn begin() -> anyhow::Result<Self> {
        let meta = start_meta().await?;
        let folder = tempfile::tempdir()?;
        Ok(Self { meta, folder })
    }

    /// Meta.
    #[must_use]
    pub fn meta(&self) -> &Simulator {
        &self.meta
    }

    /// Where the files of this world are.
    #[must_use]
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A customer by name.
    ///
    /// # Errors
    /// When nobody has that name.
    pub fn customer(&self, name: &str) -> anyhow::Result<Customer> {
        let known = CUSTOMERS.iter().find(|(known, _, _)| *known == name);
        let (name, shop, psid) = *known.with_context(|| format!("nobody is called {name}"))?;
        Ok(Customer { meta: Arc::clone(&self.meta), shop, id: customer_id(psid), name })
    }

    /// Hours pass at Meta, and with it for everybody.
    pub fn moves_clock(&self, hours: u32) {
        self.meta.advance(HOUR * hours);
    }

    /// From now on this goes wrong.
    pub fn goes_wrong(&self, fault: Fault) {
        self.meta.add_fault(fault);
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
}

async fn start_meta() -> anyhow::Result<Arc<Simulator>> {
    let config = Config {
        app_secret: SecretString::from(APP_SECRET),
        retry_pauses: [50, 100, 200, 400].map(Duration::from_millis).to_vec(),
        bot_pause: Duration::from_millis(50),
        ..Config::default()
    };
    let meta = Simulator::start(config).await?;
    for shop in [NORTHWIND_TEA, KITE_AND_CO] {
        meta.add_page(page_of(shop, &meta));
    }
    for (name, shop, psid) in CUSTOMERS {
        let customer = NewCustomer { id: Some(customer_id(psid)), ..NewCustomer::named(name) };
        meta.add_customer(&shop.id(), customer)?;
    }
    Ok(Arc::new(meta))
}

fn page_of(shop: Shop, meta: &Simulator) -> NewPage {
    if shop.is_routing_on {
        NewPage::with_bot(shop.id().as_str(), shop.name, &meta.app_id())
    } else {
        NewPage::without_routing(shop.id().as_str(), shop.name)
    }
}
