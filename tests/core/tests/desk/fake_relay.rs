//! A relay that answers as told, on loopback, and a desk that is enrolled there.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::{Clock, SystemClock};
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::store::{Enrolment, Store};
use baton_graph::GraphConfig;
use baton_protocol::block::BlockHead;
use baton_protocol::entry::{Entry, EntryKind, chain_next, chain_start};
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::TeamFact;
use baton_protocol::{AgentId, AppId, DeskId, LogId, LogName, routes};
use flate2::Compression;
use flate2::write::GzEncoder;
use secrecy::SecretString;
use serde_json::value::to_raw_value;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// A port where nobody listens.
pub const NOWHERE: &str = "http://127.0.0.1:9";

pub fn hello(versions: Versions) -> Hello {
    Hello {
        versions,
        program: "0.1.0".to_owned(),
        workspace: "Northwind".to_owned(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        accounts: Vec::new(),
        app: AppId::from("700100200300400"),
        relay_ms: 1_791_201_600_000,
        meta_ms: Some(1_791_201_600_000),
        login: true,
        blocks: false,
        presence: false,
        durable: true,
    }
}

/// The workspace log with this many agents in it.
pub fn log_of_agents(count: u64) -> Vec<Entry> {
    let mut chain = chain_start();
    (1..=count)
        .map(|seq| {
            let fact = TeamFact::AgentNamed { agent: AgentId::new(), name: format!("Agent {seq}") };
            let key = format!("agent-{seq}");
            let at_ms = 1_791_201_600_000 + seq.cast_signed();
            chain = chain_next(&chain, EntryKind::Team, &key, at_ms);
            Entry {
                log: LogName::Workspace,
                seq,
                at_ms,
                kind: EntryKind::Team,
                key,
                body: to_raw_value(&fact).unwrap(),
                chain: chain.clone(),
            }
        })
        .collect()
}

pub fn opened(log_id: LogId, head: u64, from_seq: u64) -> StreamEvent {
    StreamEvent::Opened(Opened { log: LogName::Workspace, log_id, head, from_seq })
}

/// Events as they go over the wire. The stream ends after them.
pub fn sse(events: &[StreamEvent]) -> ResponseTemplate {
    let body: String = events
        .iter()
        .map(|event| format!("event: {}\ndata: {}\n\n", event.name(), event.data().unwrap()))
        .collect();
    ResponseTemplate::new(200).set_body_raw(body, "text/event-stream")
}

pub async fn says_hello(relay: &MockServer, versions: Versions) {
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello(versions)))
        .mount(relay)
        .await;
}

pub async fn streams(relay: &MockServer, answer: ResponseTemplate) {
    Mock::given(method("POST")).and(path(routes::STREAM)).respond_with(answer).mount(relay).await;
}

/// A desk that was enrolled at this relay in an earlier run.
pub async fn enrolled(folder: &Path, relay: &str) -> Desk {
    let store = Store::open(&folder.join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.to_owned(),
        desk: DeskId::new(),
        agent: AgentId::new(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    let keys = MemoryKeyStore::default();
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token-of-ines")).await.unwrap();
    open(folder, Arc::new(keys)).await
}

pub async fn open(folder: &Path, keys: Arc<MemoryKeyStore>) -> Desk {
    open_with(folder, keys, Arc::new(SystemClock)).await
}

pub async fn open_with(folder: &Path, keys: Arc<MemoryKeyStore>, clock: Arc<dyn Clock>) -> Desk {
    Desk::open(config(folder, keys, clock)).await.unwrap()
}

pub fn config(folder: &Path, keys: Arc<MemoryKeyStore>, clock: Arc<dyn Clock>) -> DeskConfig {
    DeskConfig {
        data_dir: folder.to_owned(),
        clock,
        keys,
        graph: GraphConfig::at(NOWHERE).unwrap(),
        desk_name: "Ines's laptop".to_owned(),
        history_after: std::time::Duration::MAX,
    }
}

/// Looks until it is so.
pub async fn until<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let waiting = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.unwrap_or_else(|_| panic!("never: {what}"))
}

/// The same of a relay that gives out whole blocks.
pub async fn says_hello_with_blocks(relay: &MockServer) {
    let hello = Hello { blocks: true, ..hello(Versions::ours()) };
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello))
        .mount(relay)
        .await;
}

/// A block as the relay packs it.
pub fn packed_block(log_id: LogId, entries: &[Entry]) -> Vec<u8> {
    let head = BlockHead { log_id, first: entries[0].seq, last: entries[entries.len() - 1].seq };
    let mut file = GzEncoder::new(Vec::new(), Compression::default());
    writeln!(file, "{}", serde_json::to_string(&head).unwrap()).unwrap();
    for entry in entries {
        writeln!(file, "{}", serde_json::to_string(entry).unwrap()).unwrap();
    }
    file.finish().unwrap()
}
