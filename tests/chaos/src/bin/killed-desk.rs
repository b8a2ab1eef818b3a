//! A desk without a window, to be killed: the product's core on a folder, with its token from the environment. Writes how
//! far it has read the account's log beside its file, so that a test knows when it has everything.
//!
//! `killed-desk <folder>`

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_chaos_tests::desk::PROGRESS;
use baton_chaos_tests::relay::log;
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_graph::GraphConfig;
use secrecy::SecretString;
use tokio::signal::unix::{SignalKind, signal};

/// How often it says how far it is.
const OFTEN: Duration = Duration::from_millis(50);
/// Nobody answers there.
const NO_GRAPH: &str = "http://127.0.0.1:9";

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).context("give it a folder")?);
    let token = std::env::var("BATON_DESK_TOKEN").context("give it its token")?;
    let keys = MemoryKeyStore::default();
    keys.set(&KeyName::DeskToken, &SecretString::from(token)).await?;
    let desk = Desk::open(DeskConfig {
        data_dir: folder.clone(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(keys),
        graph: GraphConfig::at(NO_GRAPH)?,
        desk_name: "to be killed".to_owned(),
        history_after: Duration::MAX,
    })
    .await?;
    let mut terminate = signal(SignalKind::terminate())?;
    let (written, progress) = (folder.join(format!("{PROGRESS}.part")), folder.join(PROGRESS));
    loop {
        if let Some(cursor) = desk.store().cursor(&log()).await? {
            std::fs::write(&written, serde_json::to_vec(&cursor)?)?;
            std::fs::rename(&written, &progress)?;
        }
        tokio::select! {
            _ = terminate.recv() => break,
            () = tokio::time::sleep(OFTEN) => {}
        }
    }
    desk.shutdown().await;
    Ok(())
}
