//! Desks of a world: installed, set up, looked at from outside.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_core::relay_client::{RelayAddress, RelayClient};
use baton_protocol::enrol::Role;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use super::World;
use super::browser::Browser;
use super::desk::{Machine, TestDesk};
use crate::people::Shop;
use crate::wait;

impl World {
    /// A desk that has just been installed: it runs, and nobody knows it yet.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn new_desk(&self, agent: &str) -> anyhow::Result<TestDesk> {
        let folder = self.folder.path().join(format!("desk of {agent}"));
        std::fs::create_dir_all(&folder)?;
        let keys = Arc::new(MemoryKeyStore::default());
        let (name, graph_url) = (agent.to_owned(), self.meta.base_url());
        let browser = Arc::new(Browser::of(&graph_url));
        let (clock, history_after) = (Arc::clone(&self.clock), self.history_after);
        let screen = Arc::default();
        TestDesk::on(Machine { name, folder, keys, graph_url, browser, screen, clock, history_after }).await
    }

    /// A desk that serves these accounts as their admin: enrolled, connected, knowing the bot by name.
    ///
    /// # Errors
    /// When a step of its set-up is refused.
    pub async fn desk(&self, agent: &str, shops: &[Shop]) -> anyhow::Result<TestDesk> {
        let desk = self.new_desk(agent).await?;
        desk.enrols(&self.relay_address(), &self.invites(agent, shops).await?).await?;
        for shop in shops {
            desk.connects(*shop, &self.page_token(*shop)?).await?;
            if shop.is_routing_on {
                desk.knows_the_bot(*shop).await?;
            }
        }
        Ok(desk)
    }

    /// A desk that was invited with this role and has no token of its own.
    ///
    /// # Errors
    /// When its invite is refused.
    pub async fn invited_desk(&self, agent: &str, shops: &[Shop], role: Role) -> anyhow::Result<TestDesk> {
        let desk = self.new_desk(agent).await?;
        desk.enrols(&self.relay_address(), &self.invites_as(agent, shops, role).await?).await?;
        Ok(desk)
    }

    /// The operator cuts a desk off.
    ///
    /// # Errors
    /// When the relay does not do it.
    pub async fn revokes(&self, desk: &TestDesk) -> anyhow::Result<()> {
        let hello = self.as_desk(desk).await?.hello().await?;
        self.relay.revokes(hello.desk).await
    }

    /// The relay as this desk sees it, for calls that the desk itself would not make.
    ///
    /// # Errors
    /// When the desk is not enrolled.
    pub async fn as_desk(&self, desk: &TestDesk) -> anyhow::Result<RelayClient> {
        let token = desk.keys().get(&KeyName::DeskToken).await?.context("the desk is not enrolled")?;
        let address: RelayAddress = self.relay_address().parse()?;
        Ok(RelayClient::new(address, token)?)
    }
}

impl TestDesk {
    /// Waits until this desk has stored every entry of an account's log, each once and at its seq.
    ///
    /// # Errors
    /// When one is missing.
    pub async fn has_read_all_of(&self, world: &World, shop: Shop) -> anyhow::Result<()> {
        let wanted = world.entries(shop).await?.into_iter().map(|entry| (entry.seq, entry.key));
        let wanted: BTreeSet<(u64, String)> = wanted.collect();
        wait::until(format!("{} to store the log of {}", self.name(), shop.name), async || {
            let stored = self.stored(shop).await.map_err(|error| format!("{error:#}"))?;
            let missing: Vec<_> = wanted.difference(&stored).collect();
            if missing.is_empty() { Ok(()) } else { Err(format!("missing: {missing:#?}")) }
        })
        .await
    }

    /// Seq and key of each raw entry in the desk's own file.
    async fn stored(&self, shop: Shop) -> anyhow::Result<BTreeSet<(u64, String)>> {
        let mut stored = BTreeSet::new();
        let mut file =
            SqliteConnectOptions::new().filename(self.database()?).read_only(true).connect().await?;
        let rows: Vec<(i64, String)> =
            sqlx::query_as("SELECT seq, key FROM raw_entry WHERE log = ? AND seq IS NOT NULL")
                .bind(shop.id().to_string())
                .fetch_all(&mut file)
                .await?;
        file.close().await?;
        for (seq, key) in rows {
            stored.insert((u64::try_from(seq)?, key));
        }
        Ok(stored)
    }

    pub(crate) fn database(&self) -> anyhow::Result<PathBuf> {
        let files = std::fs::read_dir(self.folder())?.filter_map(Result::ok).map(|file| file.path());
        let mut databases = files.filter(|path| {
            path.extension().is_some_and(|end| matches!(end.to_str(), Some("sqlite" | "db" | "sqlite3")))
        });
        databases.next().context("the desk has no database")
    }
}
