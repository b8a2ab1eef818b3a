//! A real relay as a process, and whole desks without a window in this one.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_chaos_tests::relay::{APP_SECRET, Relay};
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_core::relay_client::{RelayAddress, RelayClient};
use baton_core::store::{Enrolment, Store};
use baton_graph::GraphConfig;
use baton_messenger::signature::sign;
use baton_messenger::webhook::StoredEvent;
use baton_protocol::enrol::Enrolled;
use baton_protocol::entry::{Entry, EntryKind};
use secrecy::SecretString;

use crate::world::PAGE;

/// Nobody answers there: nothing here needs Meta.
pub const NO_GRAPH: &str = "http://127.0.0.1:9";
/// So many events come with one webhook while a log is filled.
const EVENTS: usize = 100;
/// So many webhooks are on their way at once.
const AT_ONCE: usize = 8;

/// Starts a relay on a log in this folder, with the Page connected.
///
/// # Errors
/// When it does not come up.
pub async fn relay(folder: &Path) -> anyhow::Result<Relay> {
    std::fs::create_dir_all(folder)?;
    let relay = Relay::start(&Relay::program()?, folder).await?;
    relay.enrol().await?.connect_account(&relay).await?;
    Ok(relay)
}

/// A desk that was let in and has nothing yet, in this folder.
///
/// # Errors
/// When its files cannot be made.
pub async fn desk(folder: &Path, relay: &Relay) -> anyhow::Result<Desk> {
    let desk = relay.enrol().await?;
    open(folder, relay, desk.enrolled()).await
}

async fn open(folder: &Path, relay: &Relay, enrolled: &Enrolled) -> anyhow::Result<Desk> {
    std::fs::create_dir_all(folder)?;
    let store = Store::open(&folder.join("desk.sqlite")).await?;
    let enrolment = Enrolment {
        relay: relay.desk_url().to_owned(),
        desk: enrolled.desk,
        agent: enrolled.agent,
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await?;
    store.set_access(&enrolled.accounts).await?;
    store.close().await;
    let keys = MemoryKeyStore::default();
    keys.set(&KeyName::DeskToken, &SecretString::from(enrolled.token.clone())).await?;
    let config = DeskConfig {
        data_dir: folder.to_owned(),
        clock: Arc::new(SystemClock),
        keys: Arc::new(keys),
        graph: GraphConfig::at(NO_GRAPH)?,
        desk_name: "bench".to_owned(),
        history_after: Duration::MAX,
    };
    Ok(Desk::open(config).await?)
}

/// Whoever reads the relay beside the desks.
///
/// # Errors
/// When the relay does not let anybody in.
pub async fn reader(relay: &Relay) -> anyhow::Result<RelayClient> {
    let token = SecretString::from(relay.enrol().await?.enrolled().token.clone());
    let address: RelayAddress = relay.desk_url().parse()?;
    Ok(RelayClient::new(address, token)?)
}

/// The webhook that brought these events.
///
/// # Errors
/// When an entry is none of a webhook.
pub fn body(entries: &[&Entry]) -> anyhow::Result<String> {
    let mut events = Vec::with_capacity(entries.len());
    for entry in entries {
        let stored: StoredEvent = serde_json::from_str(entry.body.get())?;
        events.push(stored.event.get().to_owned());
    }
    let at_ms = entries.first().context("a webhook brings something")?.at_ms;
    Ok(format!(
        r#"{{"object":"page","entry":[{{"id":"{PAGE}","time":{at_ms},"messaging":[{}]}}]}}"#,
        events.join(",")
    ))
}

/// Posts a webhook as Meta does, and waits for its 200.
///
/// # Errors
/// When it is refused.
pub async fn post(http: &reqwest::Client, url: &str, body: String) -> anyhow::Result<()> {
    let signature = sign(APP_SECRET.as_bytes(), body.as_bytes());
    let request = http.post(url).header("x-hub-signature-256", signature).body(body);
    request.send().await?.error_for_status()?;
    Ok(())
}

/// A client without a proxy.
///
/// # Errors
/// When the system does not let it begin.
pub fn http() -> anyhow::Result<reqwest::Client> {
    Ok(reqwest::Client::builder().no_proxy().build()?)
}

/// Fills the log with what customers and apps said in these entries. Returns how many there were.
///
/// # Errors
/// When the relay refuses one.
pub async fn fill(relay: &Relay, entries: &[Entry]) -> anyhow::Result<usize> {
    let (http, url) = (http()?, relay.webhook_url());
    let said: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == EntryKind::Meta).collect();
    let mut posting = tokio::task::JoinSet::new();
    for events in said.chunks(EVENTS) {
        let (http, url, body) = (http.clone(), url.clone(), body(events)?);
        posting.spawn(async move { post(&http, &url, body).await });
        if posting.len() >= AT_ONCE {
            posting.join_next().await.context("something was posted")???;
        }
    }
    while let Some(done) = posting.join_next().await {
        done??;
    }
    Ok(said.len())
}
