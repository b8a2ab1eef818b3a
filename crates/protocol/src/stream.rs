//! The one stream of a desk: server-sent events that carry entries of all its logs, and news that are not
//! numbered. Each event's name says which type its data has ([`StreamEvent::parse`]).
//!
//! After `opened` for each log, entries of that log follow in order of seq from `from_seq` on, without a
//! hole. What lies between the desk's cursor and `from_seq`, the desk fetches with
//! [`crate::routes::ENTRIES`], newest first. A heartbeat comes at least every 15 s; a desk that hears
//! nothing for 20 s takes the stream for dead.

use std::collections::BTreeMap;

use baton_messenger::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::cursor::Cursor;
use crate::entry::Entry;
use crate::ids::{LogId, LogName, LoginId};
use crate::lease::HistoryTold;
use crate::presence::{PresenceSaid, Present, SetOffline};
use crate::snapshot::ReadMark;

/// How often the relay says that it is there, milliseconds.
pub const HEARTBEAT_MS: u64 = 15_000;
/// After how much silence a desk takes the stream for dead, milliseconds.
pub const SILENCE_MS: u64 = 20_000;
/// A desk that is further behind than this gets the newest entries first.
pub const TAIL: u64 = 1_000;

/// Opens the stream. Logs that the desk may read and does not name are streamed from their tail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StreamRequest {
    /// How far the desk has read each log.
    pub cursors: BTreeMap<LogName, Cursor>,
    /// How present the desk's agent is, so that nobody takes them for online for a moment who chose otherwise; none from a
    /// desk of before, whose agent is online as long as the stream is.
    #[serde(default)]
    pub presence: Option<PresenceSaid>,
}

/// A page of entries, oldest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EntryPage {
    /// The log's identity.
    pub log_id: LogId,
    /// The highest seq of the log.
    pub head: u64,
    /// The entries asked for. With `after` the oldest above it, with `before` alone the newest below it.
    pub entries: Vec<Entry>,
}

/// Says where a log begins on this stream.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The log.
    pub log: LogName,
    /// Its identity.
    pub log_id: LogId,
    /// Its highest seq now.
    pub head: u64,
    /// The first seq that this stream carries.
    pub from_seq: u64,
}

/// The desk's picture of a log is not this relay's: drop ranges and team facts, keep Meta's facts, read anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resync {
    /// The log.
    pub log: LogName,
    /// Its identity now.
    pub log_id: LogId,
    /// What did not fit.
    pub reason: ResyncReason,
}

/// What did not fit between a cursor and a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResyncReason {
    /// Another log under the same name: a restore, or a failover that may have lost entries.
    OtherLog,
    /// The same log with another history at the desk's highest seq.
    OtherChain,
    /// The desk claims more than the log has.
    BeyondHead,
}

/// The relay is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heartbeat {
    /// The relay's clock, milliseconds UTC.
    pub relay_ms: i64,
    /// Meta's clock as the relay knows it now, milliseconds UTC.
    pub meta_ms: Option<i64>,
    /// The highest seq of each log on this stream.
    pub heads: BTreeMap<LogName, u64>,
    /// When the last webhook of each account arrived, milliseconds UTC of Meta where the relay knows its time.
    pub last_webhook_ms: BTreeMap<AccountId, i64>,
}

/// The desk's rights changed. The desk drops what it may no longer read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessChanged {
    /// What the desk may read now.
    pub accounts: Vec<crate::enrol::AccountRole>,
}

/// A box with a Page token waits for this desk. Not numbered; told again whenever the desk connects, until it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxWaiting {
    /// The account it is for.
    pub account: AccountId,
}

/// A login that this desk began has an end. Not numbered; told again whenever the desk connects, until it is taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoginEnded {
    /// The login.
    pub login: LoginId,
}

/// One event of the stream.
#[derive(Clone, Debug)]
pub enum StreamEvent {
    /// Where a log begins.
    Opened(Opened),
    /// Entries of one log, in order.
    Entries(Vec<Entry>),
    /// Read anew.
    Resync(Resync),
    /// The relay is there.
    Heartbeat(Heartbeat),
    /// Who is there.
    Present(Present),
    /// A supervisor set this desk's agent offline.
    SetOffline(SetOffline),
    /// An agent's own read marks, from another desk of the same agent.
    ReadMark(ReadMark),
    /// The desk's rights changed.
    AccessChanged(AccessChanged),
    /// A box waits.
    BoxWaiting(BoxWaiting),
    /// A login has an end.
    LoginEnded(LoginEnded),
    /// How far the history of an account is.
    History(HistoryTold),
    /// The desk was cut off. Nothing follows.
    Revoked,
    /// An event of a newer relay.
    Unknown(String),
}

impl StreamEvent {
    /// The event's name on the wire.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Opened(_) => "opened",
            Self::Entries(_) => "entries",
            Self::Resync(_) => "resync",
            Self::Heartbeat(_) => "heartbeat",
            // `presence` is the name of a shape that desks of before read and that no relay ever sent.
            Self::Present(_) => "present",
            Self::SetOffline(_) => "set_offline",
            Self::ReadMark(_) => "read_mark",
            Self::AccessChanged(_) => "access_changed",
            Self::BoxWaiting(_) => "box_waiting",
            Self::LoginEnded(_) => "login_ended",
            Self::History(_) => "history",
            Self::Revoked => "revoked",
            Self::Unknown(name) => name,
        }
    }

    /// The event's data on the wire: one line of JSON.
    ///
    /// # Errors
    /// Only what `serde_json` gives for types that cannot be written; none of these are.
    pub fn data(&self) -> Result<String, serde_json::Error> {
        match self {
            Self::Opened(data) => serde_json::to_string(data),
            Self::Entries(data) => serde_json::to_string(data),
            Self::Resync(data) => serde_json::to_string(data),
            Self::Heartbeat(data) => serde_json::to_string(data),
            Self::Present(data) => serde_json::to_string(data),
            Self::SetOffline(data) => serde_json::to_string(data),
            Self::ReadMark(data) => serde_json::to_string(data),
            Self::AccessChanged(data) => serde_json::to_string(data),
            Self::BoxWaiting(data) => serde_json::to_string(data),
            Self::LoginEnded(data) => serde_json::to_string(data),
            Self::History(data) => serde_json::to_string(data),
            Self::Revoked | Self::Unknown(_) => Ok("{}".to_owned()),
        }
    }

    /// Reads one event.
    ///
    /// # Errors
    /// When the data of a known event cannot be read. An unknown name is a value, not an error.
    pub fn parse(name: &str, data: &str) -> Result<Self, serde_json::Error> {
        Ok(match name {
            "opened" => Self::Opened(serde_json::from_str(data)?),
            "entries" => Self::Entries(serde_json::from_str(data)?),
            "resync" => Self::Resync(serde_json::from_str(data)?),
            "heartbeat" => Self::Heartbeat(serde_json::from_str(data)?),
            "present" => Self::Present(serde_json::from_str(data)?),
            "set_offline" => Self::SetOffline(serde_json::from_str(data)?),
            "read_mark" => Self::ReadMark(serde_json::from_str(data)?),
            "access_changed" => Self::AccessChanged(serde_json::from_str(data)?),
            "box_waiting" => Self::BoxWaiting(serde_json::from_str(data)?),
            "login_ended" => Self::LoginEnded(serde_json::from_str(data)?),
            "history" => Self::History(serde_json::from_str(data)?),
            "revoked" => Self::Revoked,
            other => Self::Unknown(other.to_owned()),
        })
    }
}
