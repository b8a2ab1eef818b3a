//! People, and entries as a relay would hand them over.

use std::path::PathBuf;

use baton_core::store::{MessageRow, Store, ThreadId, ThreadKey, ThreadRow};
use baton_messenger::answer::ConversationMessage;
use baton_messenger::id::{AppId, Platform};
use baton_protocol::account::RoutingMode;
use baton_protocol::audit::{AuditPage, Lack};
use baton_protocol::entry::{Entry, EntryKind, chain_next};
use baton_protocol::team::{Actor, OwnerSeen, OwnerSource, Settlement, TeamFact};
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, LogId, LogName, PartId, ReplyId};
use serde_json::{Value, json, value::RawValue};
use uuid::Uuid;

/// The Page "Northwind Tea".
pub const TEA: &str = "104500000000011";
/// Our app.
pub const BATON: &str = "700100200300400";
/// The bot that answers first.
pub const TEABOT: &str = "700555666777888";
/// Mara Lindt, a customer.
pub const MARA: &str = "6200000000000101";
/// Jonas Weber, a customer.
pub const WEBER: &str = "6200000000000102";
/// Monday, 09:00 UTC.
pub const NINE: i64 = 1_791_190_800_000;
pub const MINUTE: i64 = 60_000;
pub const HOUR: i64 = 60 * MINUTE;

pub fn ines() -> AgentId {
    AgentId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0001))
}

pub fn jonas() -> AgentId {
    AgentId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0002))
}

pub fn desk_of_ines() -> DeskId {
    DeskId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0011))
}

pub fn part(number: u128) -> PartId {
    PartId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0001_0000 + number))
}

pub fn log_id() -> LogId {
    LogId(Uuid::from_u128(7))
}

pub fn tea() -> AccountId {
    AccountId::from(TEA)
}

/// Mara gets a part that is a whole reply, let go for this agent at this desk.
pub fn started(part: PartId, (agent, desk): (AgentId, DeskId), text: &str, unchecked: bool) -> TeamFact {
    TeamFact::SendStarted {
        file: None,
        customer: CustomerId::from(MARA),
        reply: ReplyId(part.0),
        part,
        index: 0,
        of: 1,
        agent,
        desk,
        text: text.to_owned(),
        tag: None,
        unchecked,
    }
}

/// How that ended.
pub fn settled(part: PartId, desk: DeskId, settlement: Settlement) -> TeamFact {
    TeamFact::SendSettled { customer: CustomerId::from(MARA), reply: ReplyId(part.0), part, desk, settlement }
}

/// Ines' desk learned who holds Mara's thread.
pub fn learned(seen: OwnerSeen, source: OwnerSource, at_ms: i64) -> TeamFact {
    let customer = CustomerId::from(MARA);
    TeamFact::OwnerLearned {
        customer,
        seen,
        source,
        at_ms,
        until_ms: None,
        note: None,
        by: by_ines(),
        when_done: false,
    }
}

pub fn key(customer: &str) -> ThreadKey {
    ThreadKey { account: tea(), customer: CustomerId::from(customer) }
}

pub fn by_ines() -> Actor {
    Actor::Agent { agent: ines(), desk: desk_of_ines() }
}

/// A log as it grows at the relay.
pub struct Log {
    pub name: LogName,
    pub entries: Vec<Entry>,
    chain: String,
}

impl Log {
    /// The log of Northwind Tea, empty.
    pub fn new() -> Self {
        Self { name: LogName::Account(tea()), entries: Vec::new(), chain: String::new() }
    }

    /// The log of Northwind Tea, connected, with Teabot as the default app.
    pub fn connected() -> Self {
        let mut log = Self::new();
        log.connect(RoutingMode::On);
        log.team(&TeamFact::RoutingSet { routing: RoutingMode::On, default_app: Some(AppId::from(TEABOT)) });
        log
    }

    pub fn connect(&mut self, routing: RoutingMode) {
        self.team(&TeamFact::AccountConnected {
            platform: Platform::Messenger,
            name: "Northwind Tea".to_owned(),
            page: tea(),
            app: AppId::from(BATON),
            routing,
            fields: vec!["messages".to_owned()],
            by: by_ines(),
        });
    }

    /// One more than the newest entry that is still held here.
    fn next_seq(&self) -> u64 {
        self.entries.last().map_or(0, |entry| entry.seq) + 1
    }

    pub fn push(&mut self, kind: EntryKind, key: String, at_ms: i64, body: &Value) -> u64 {
        let seq = self.next_seq();
        self.chain = chain_next(&self.chain, kind, &key, at_ms);
        self.entries.push(Entry {
            log: self.name.clone(),
            seq,
            at_ms,
            kind,
            key,
            body: RawValue::from_string(body.to_string()).unwrap(),
            chain: self.chain.clone(),
        });
        seq
    }

    pub fn team(&mut self, fact: &TeamFact) -> u64 {
        let seq = self.next_seq();
        self.push(
            EntryKind::Team,
            format!("team:{seq}"),
            NINE + seq as i64,
            &serde_json::to_value(fact).unwrap(),
        )
    }

    /// A webhook event of the Page in one of its lists.
    pub fn event(&mut self, list: &str, at_ms: i64, event: &Value) -> u64 {
        self.event_of("page", TEA, list, at_ms, event)
    }

    pub fn event_of(&mut self, object: &str, account: &str, list: &str, at_ms: i64, event: &Value) -> u64 {
        let body = json!({
            "object": object, "list": list, "account": account, "entry_time_ms": at_ms, "received_ms": at_ms + 200,
            "event": event,
        });
        let stored: baton_messenger::webhook::StoredEvent = serde_json::from_value(body.clone()).unwrap();
        let key = stored.into_event().key();
        self.push(EntryKind::Meta, key, at_ms + 200, &body)
    }

    pub fn says(&mut self, list: &str, customer: &str, at_ms: i64, mid: &str, text: &str) -> u64 {
        let event = json!({
            "sender": {"id": customer}, "recipient": {"id": TEA}, "timestamp": at_ms,
            "message": {"mid": mid, "text": text},
        });
        self.event(list, at_ms, &event)
    }

    pub fn echo(&mut self, list: &str, customer: &str, at_ms: i64, mid: &str, app: &str, text: &str) -> u64 {
        let event = json!({
            "sender": {"id": TEA}, "recipient": {"id": customer}, "timestamp": at_ms,
            "message": {"mid": mid, "is_echo": true, "app_id": app, "text": text},
        });
        self.event(list, at_ms, &event)
    }

    pub fn echo_of_part(&mut self, customer: &str, at_ms: i64, mid: &str, part: PartId, text: &str) -> u64 {
        let event = json!({
            "sender": {"id": TEA}, "recipient": {"id": customer}, "timestamp": at_ms,
            "message": {"mid": mid, "is_echo": true, "app_id": BATON, "metadata": format!("b1:out:{part}"), "text": text},
        });
        self.event("messaging", at_ms, &event)
    }

    pub fn pass(&mut self, customer: &str, at_ms: i64, from: Option<&str>, to: &str, note: &str) -> u64 {
        let event = json!({
            "sender": {"id": customer}, "recipient": {"id": TEA}, "timestamp": at_ms,
            "pass_thread_control": {"previous_owner_app_id": from, "new_owner_app_id": to, "metadata": note},
        });
        self.event("messaging", at_ms, &event)
    }

    /// A page of history, newest first: `(mid, at_ms, from the customer, text)`.
    pub fn history(&mut self, customer: &str, appended_ms: i64, messages: &[(&str, i64, bool, &str)]) -> u64 {
        self.history_lacking(customer, appended_ms, messages, &[])
    }

    /// The same, with messages that Meta named and did not give: `(mid, at_ms)`.
    pub fn history_lacking(
        &mut self,
        customer: &str,
        appended_ms: i64,
        messages: &[(&str, i64, bool, &str)],
        lacks: &[(&str, i64)],
    ) -> u64 {
        let messages: Vec<ConversationMessage> = messages
            .iter()
            .map(|(mid, at_ms, inbound, text)| {
                let from = if *inbound { customer } else { TEA };
                let time = jiff_text(*at_ms);
                serde_json::from_value(json!({
                    "id": mid, "created_time": time, "from": {"id": from}, "message": text,
                }))
                .unwrap()
            })
            .collect();
        let page = AuditPage {
            customer: CustomerId::from(customer),
            conversation: format!("t_{customer}"),
            desk: desk_of_ines(),
            read_at_ms: appended_ms,
            customer_name: Some("Mara Lindt".to_owned()),
            messages,
            is_oldest: true,
            older_withheld: false,
            lacks: lacks.iter().map(|(mid, at_ms)| Lack { mid: (*mid).into(), at_ms: *at_ms }).collect(),
        };
        let key = format!("audit:{customer}:{}", self.entries.len());
        self.push(EntryKind::Audit, key, appended_ms, &serde_json::to_value(page).unwrap())
    }
}

fn jiff_text(at_ms: i64) -> String {
    jiff::Timestamp::from_millisecond(at_ms).unwrap().strftime("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// A store in a folder of its own.
pub struct Desk {
    pub store: Store,
    folder: tempfile::TempDir,
}

impl Desk {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("desk.db")).await.unwrap();
        Self { store, folder }
    }

    pub async fn with(log: &Log) -> Self {
        let desk = Self::new().await;
        desk.store.ingest(&log.entries, log_id()).await.unwrap();
        desk
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("desk.db")
    }

    pub async fn reopen(&mut self) {
        self.store.close().await;
        self.store = Store::open(&self.file()).await.unwrap();
    }

    pub async fn thread_id(&self, customer: &str) -> ThreadId {
        self.store.thread_id(&key(customer)).await.unwrap().unwrap()
    }

    pub async fn row(&self, customer: &str, now_ms: i64) -> ThreadRow {
        self.store.thread(self.thread_id(customer).await, now_ms).await.unwrap()
    }

    pub async fn messages(&self, customer: &str) -> Vec<MessageRow> {
        self.store.messages(self.thread_id(customer).await, None, 200).await.unwrap()
    }

    pub async fn texts(&self, customer: &str) -> Vec<String> {
        self.messages(customer).await.into_iter().map(|message| message.text.unwrap_or_default()).collect()
    }
}
