//! A real desk without a window, on a folder of its own: as a process, or in this one.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_core::store::{Enrolment, Store};
use baton_graph::GraphConfig;
use baton_protocol::enrol::Enrolled;
use baton_protocol::{AccountId, Cursor};
use baton_support::window::program::Program;
use baton_support::window::until;
use secrecy::{ExposeSecret as _, SecretString};

use crate::relay::ACCOUNT;

/// Where the program writes how far it has read, in the folder.
pub const PROGRESS: &str = "cursor.json";
/// The desk's own file, in the folder.
pub const STORE: &str = "desk.sqlite";

/// Nobody answers there: nothing is asked of Meta.
const NO_GRAPH: &str = "http://127.0.0.1:9";

/// A desk that a relay let in, running in this process.
///
/// # Errors
/// When its folder cannot be written.
pub async fn open(folder: &Path, relay: &str, enrolled: &Enrolled) -> anyhow::Result<Desk> {
    let keys = MemoryKeyStore::default();
    open_at(folder, relay, enrolled, (NO_GRAPH, Duration::MAX), keys).await
}

/// The same with Graph at an address and the account's Page token at hand. Once the relay was shown the token, for which it asks
/// the same Graph, the desk may become the steward, and then it reads history at once.
///
/// # Errors
/// As [`open`].
pub async fn open_to_audit(
    folder: &Path,
    relay: &str,
    enrolled: &Enrolled,
    graph: &str,
    token: &SecretString,
) -> anyhow::Result<Desk> {
    let keys = MemoryKeyStore::default();
    keys.set(&KeyName::PageToken(AccountId::from(ACCOUNT)), token).await?;
    open_at(folder, relay, enrolled, (graph, Duration::ZERO), keys).await
}

async fn open_at(
    folder: &Path,
    relay: &str,
    enrolled: &Enrolled,
    (graph, history_after): (&str, Duration),
    keys: MemoryKeyStore,
) -> anyhow::Result<Desk> {
    is_let_in(folder, relay, enrolled).await?;
    keys.set(&KeyName::DeskToken, &SecretString::from(enrolled.token.clone())).await?;
    let config = DeskConfig {
        data_dir: folder.to_owned(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(keys),
        graph: GraphConfig::at(graph)?,
        desk_name: enrolled.agent_name.clone(),
        history_after,
    };
    Ok(Desk::open(config).await?)
}

/// What a desk keeps of its enrolment.
async fn is_let_in(folder: &Path, relay: &str, enrolled: &Enrolled) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder)?;
    let store = Store::open(&folder.join(STORE)).await?;
    let enrolment = Enrolment {
        relay: relay.to_owned(),
        desk: enrolled.desk,
        agent: enrolled.agent,
        agent_name: enrolled.agent_name.clone(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await?;
    store.set_access(&enrolled.accounts).await?;
    store.close().await;
    Ok(())
}

/// A desk that can be killed.
#[derive(Debug)]
pub struct KilledDesk {
    program: PathBuf,
    folder: PathBuf,
    token: SecretString,
    running: Option<Program>,
}

impl KilledDesk {
    /// A desk that a relay let in; not started yet.
    ///
    /// # Errors
    /// When its folder cannot be written.
    pub async fn enrolled(
        program: &Path,
        folder: &Path,
        relay: &str,
        enrolled: &Enrolled,
    ) -> anyhow::Result<Self> {
        is_let_in(folder, relay, enrolled).await?;
        Ok(Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            token: SecretString::from(enrolled.token.clone()),
            running: None,
        })
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the program is not there.
    pub fn start(&mut self) -> anyhow::Result<()> {
        let mut command = Command::new(&self.program);
        command.arg(&self.folder).env("BATON_DESK_TOKEN", self.token.expose_secret());
        self.running = Some(Program::start("killed-desk", command, &self.folder.join("desk.log"))?);
        Ok(())
    }

    /// Kills it, wherever it is.
    pub fn kill(&mut self) {
        if let Some(running) = self.running.take() {
            running.kill();
        }
    }

    /// Waits until it holds everything up to here.
    ///
    /// # Errors
    /// When it does not get there.
    pub async fn holds_all(&self, head: u64) -> anyhow::Result<()> {
        let file = self.folder.join(PROGRESS);
        until::some("the desk to hold everything", until::LONG, async || {
            let Ok(json) = std::fs::read(&file) else { return Ok(None) };
            let Ok(cursor) = serde_json::from_slice::<Cursor>(&json) else { return Ok(None) };
            Ok((cursor.ranges.as_slice() == [(1, head)]).then_some(()))
        })
        .await
    }

    /// What it shows, once it does not run any more.
    ///
    /// # Errors
    /// When its file cannot be read.
    pub async fn export(&mut self) -> anyhow::Result<String> {
        if let Some(running) = self.running.take() {
            running.stop();
        }
        let store = Store::open(&self.folder.join(STORE)).await?;
        anyhow::ensure!(store.repaired().await?.is_none(), "a kill damaged the file");
        anyhow::ensure!(store.is_sound().await?, "a kill damaged the file");
        let export = store.canonical_export().await?;
        store.close().await;
        Ok(export)
    }
}
