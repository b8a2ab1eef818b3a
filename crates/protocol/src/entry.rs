//! One record of a log.
//!
//! `seq` is dense: 1, 2, 3 … per log, so that a hole is visible. `key` makes a repeat recognisable: a log
//! holds one entry per `(kind, key)`. `chain` is a hash over the previous chain, the kind, the key and the
//! time, not over the body: redaction replaces a body and leaves the chain as it is.
//!
//! An entry's time is Meta's, because messages carry Meta's times and stand beside what the team did. The relay learns
//! Meta's time from Graph's answers and carries it on by its boot clock; while it is not known, or doubtful because the
//! relay's wall clock jumped since the last answer, the entry has the relay's wall clock. Within a log no entry is earlier
//! than one that had Meta's time. Order among entries is `seq`, never the time.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::audit::AuditPage;
use crate::ids::LogName;
use crate::team::{FactError, TeamFact};
use baton_messenger::webhook::{Kind, StoredEvent};

/// What wrote an entry.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum EntryKind {
    /// One event of a webhook, its bytes as Meta sent them.
    Meta,
    /// A fact of our team: assignment, status, a send, a note.
    Team,
    /// One page of one thread as the steward read it from Graph.
    Audit,
    /// Says which earlier entry lost its text, and why.
    Redacted,
    /// A kind this version does not know. Kept, and applied after an update.
    #[serde(other)]
    Unknown,
}

/// One record of a log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// The log it stands in.
    pub log: LogName,
    /// Its place: 1, 2, 3 … without holes.
    pub seq: u64,
    /// When the relay appended it, milliseconds UTC of Meta as far as the relay knew it; see the module.
    pub at_ms: i64,
    /// What wrote it.
    pub kind: EntryKind,
    /// Unique within `(log, kind)`.
    pub key: String,
    /// The content; its shape follows from `kind`, see [`Entry::content`].
    pub body: Box<RawValue>,
    /// Hex hash over the previous chain, kind, key and time.
    pub chain: String,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (&self.log, self.seq, self.at_ms, self.kind, &self.key, self.body.get(), &self.chain)
            == (&other.log, other.seq, other.at_ms, other.kind, &other.key, other.body.get(), &other.chain)
    }
}

/// The body of an entry, understood.
#[derive(Clone, Debug)]
pub enum Content {
    /// One webhook event.
    Meta(Box<StoredEvent>),
    /// A fact of the team.
    Team(Box<TeamFact>),
    /// A page of history.
    Audit(Box<AuditPage>),
    /// A redaction.
    Redacted(Redaction),
    /// The body was removed by a redaction or by retention; seq and key stay.
    Tombstone(Tombstone),
    /// Something this version cannot read. The entry is kept as it is.
    Unknown {
        /// Why it could not be read, without its content.
        why: String,
    },
}

/// Which entry lost its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    /// Seqs of the entries whose text was replaced by a tombstone.
    pub seqs: Vec<u64>,
    /// The message that was unsent, or none for an erased customer.
    pub mid: Option<String>,
    /// The customer whose thread it is.
    pub customer: baton_messenger::id::CustomerId,
    /// Why.
    pub reason: RedactionReason,
    /// When Meta or the admin said so, milliseconds UTC.
    pub at_ms: i64,
}

/// Why a text was removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RedactionReason {
    /// The customer took the message back.
    Unsent,
    /// An admin erased the customer.
    Erased,
}

/// What stands where a body was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tombstone {
    /// Marks the body as a tombstone; always true.
    pub tombstone: bool,
    /// Why it is gone.
    pub reason: TombstoneReason,
    /// The message it was about, where that is known.
    pub mid: Option<String>,
    /// The thread's customer, where that is known.
    pub customer: Option<baton_messenger::id::CustomerId>,
    /// The message's own time, milliseconds UTC, so that its place in the thread stays.
    pub at_ms: Option<i64>,
    /// Of an unsent message: its event without words. In which list it came and through which app is evidence of who held
    /// the thread, and says nothing about anybody. Relays of before did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bare: Option<Box<StoredEvent>>,
}

impl Tombstone {
    /// What stays of an event whose message was taken back.
    #[must_use]
    pub fn unsent(stored: &StoredEvent) -> Self {
        let event = stored.clone().into_event();
        // Of what nobody understands nobody can tell which of it are words: all of it goes.
        let is_understood = !matches!(event.kind, Kind::Unknown(_));
        Self {
            tombstone: true,
            reason: TombstoneReason::Unsent,
            mid: event.mid().map(ToString::to_string),
            customer: event.customer.clone(),
            at_ms: event.timestamp_ms.or(event.envelope.entry_time_ms),
            bare: stored.without_words().filter(|_| is_understood).map(Box::new),
        }
    }

    /// What stays of a body that could not be read, and whose message was taken back.
    #[must_use]
    pub fn of_nothing_known() -> Self {
        let reason = TombstoneReason::Unsent;
        Self { tombstone: true, reason, mid: None, customer: None, at_ms: None, bare: None }
    }
}

/// Why a body is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TombstoneReason {
    /// Unsent by the customer.
    Unsent,
    /// Erased with its customer.
    Erased,
    /// Older than the retention the workspace chose.
    Retention,
}

impl Entry {
    /// Reads the body. Never fails: what cannot be read is [`Content::Unknown`], so that one odd entry
    /// holds up nothing.
    #[must_use]
    pub fn content(&self) -> Content {
        if let Ok(tombstone) = serde_json::from_str::<Tombstone>(self.body.get())
            && tombstone.tombstone
        {
            return Content::Tombstone(tombstone);
        }
        let read = match self.kind {
            EntryKind::Meta => serde_json::from_str(self.body.get()).map(|e| Content::Meta(Box::new(e))),
            EntryKind::Audit => serde_json::from_str(self.body.get()).map(|p| Content::Audit(Box::new(p))),
            EntryKind::Redacted => serde_json::from_str(self.body.get()).map(Content::Redacted),
            EntryKind::Team => return self.team_content(),
            EntryKind::Unknown => return Content::Unknown { why: "a kind of a newer version".to_owned() },
        };
        read.unwrap_or_else(|e| Content::Unknown { why: describe(&e) })
    }

    fn team_content(&self) -> Content {
        match TeamFact::from_body(&self.body) {
            Ok(fact) => Content::Team(Box::new(fact)),
            Err(FactError::UnknownKind(kind)) => Content::Unknown { why: format!("team fact {kind}") },
            Err(FactError::Unreadable(why)) => Content::Unknown { why },
        }
    }
}

/// A parse error without the text it was found in.
pub(crate) fn describe(e: &serde_json::Error) -> String {
    format!("unreadable at line {} column {}", e.line(), e.column())
}

/// The chain before the first entry of a log.
#[must_use]
pub fn chain_start() -> String {
    String::new()
}

/// The chain of an entry: a hash over the chain before it, its kind, its key and its time.
#[must_use]
pub fn chain_next(previous: &str, kind: EntryKind, key: &str, at_ms: i64) -> String {
    let mut hash = Sha256::new();
    // Lengths keep ("ab","c") and ("a","bc") apart.
    for part in [previous.as_bytes(), kind.to_string().as_bytes(), key.as_bytes()] {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.update(at_ms.to_be_bytes());
    hex::encode(&hash.finalize()[..16])
}
