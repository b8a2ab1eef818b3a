//! Entries as a relay writes them.

use baton_messenger::webhook::StoredEvent;
use baton_protocol::entry::{Entry, EntryKind, chain_next};
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AccountId, AgentId, DeskId, LogId, LogName};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use uuid::Uuid;

/// The Page "Northwind Tea".
pub const ACCOUNT: &str = "104500000000011";
/// Our app.
pub const OUR_APP: &str = "700100200300400";
/// The bot that answers first.
pub const BOT: &str = "700555666777888";

/// The identity of the log.
#[must_use]
pub fn log_id() -> LogId {
    LogId(Uuid::from_u128(7))
}

/// The agent with this number.
#[must_use]
pub fn agent(number: usize) -> AgentId {
    AgentId(uuid(1, number as u64))
}

/// The agent's desk.
#[must_use]
pub fn desk(number: usize) -> DeskId {
    DeskId(uuid(2, number as u64))
}

/// The agent as the one who acts.
#[must_use]
pub fn by(number: usize) -> Actor {
    Actor::Agent { agent: agent(number), desk: desk(number) }
}

/// An id of this kind.
#[must_use]
pub fn uuid(kind: u8, number: u64) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + (u128::from(kind) << 40) + u128::from(number))
}

/// A log that grows.
#[derive(Debug)]
pub struct Growing {
    name: LogName,
    /// What was not taken away yet.
    pub entries: Vec<Entry>,
    seq: u64,
    chain: String,
}

impl Default for Growing {
    fn default() -> Self {
        let name = LogName::Account(AccountId::from(ACCOUNT));
        Self { name, entries: Vec::new(), seq: 0, chain: String::new() }
    }
}

impl Growing {
    /// How many entries it ever had.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.seq
    }

    /// Appends, and says where.
    ///
    /// # Errors
    /// When the body is no JSON.
    pub fn push(
        &mut self,
        kind: EntryKind,
        key: String,
        at_ms: i64,
        body: &impl serde::Serialize,
    ) -> anyhow::Result<u64> {
        self.seq += 1;
        self.chain = chain_next(&self.chain, kind, &key, at_ms);
        let body = RawValue::from_string(serde_json::to_string(body)?)?;
        let chain = self.chain.clone();
        self.entries.push(Entry { log: self.name.clone(), seq: self.seq, at_ms, kind, key, body, chain });
        Ok(self.seq)
    }

    /// A fact of the team.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn team(&mut self, at_ms: i64, fact: &TeamFact) -> anyhow::Result<u64> {
        let key = format!("team:{}", self.seq + 1);
        self.push(EntryKind::Team, key, at_ms, fact)
    }

    /// A webhook event in one of its lists.
    ///
    /// # Errors
    /// When it is no event.
    pub fn event(&mut self, list: &str, at_ms: i64, event: &Value) -> anyhow::Result<u64> {
        let received_ms = at_ms + 200;
        let body = json!({
            "object": "page", "list": list, "account": ACCOUNT, "entry_time_ms": at_ms, "received_ms": received_ms,
            "event": event,
        });
        let body = serde_json::to_string(&body)?;
        let key = serde_json::from_str::<StoredEvent>(&body)?.into_event().key();
        self.push(EntryKind::Meta, key, received_ms, &RawValue::from_string(body)?)
    }
}
