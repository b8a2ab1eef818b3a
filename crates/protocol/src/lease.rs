//! What one desk of an account does for all: the lease of its steward, slots for calls of Graph, and how far it is.
//!
//! The relay keeps leases and slots in memory: after a restart they are asked for anew. Two desks that both take themselves
//! for the steward for a moment do no harm, because what they append has keys ([`crate::audit::AuditPage::key`]).

use baton_messenger::id::AccountId;
use serde::{Deserialize, Serialize};

use crate::ids::DeskId;

/// How long a lease holds without being renewed, milliseconds of the relay's boot clock.
pub const LEASE_MS: i64 = 60_000;
/// How often a steward renews, milliseconds.
pub const RENEW_EVERY_MS: i64 = 20_000;

/// Asks for the lease of an account, or renews it. Needs a living Page token that this desk showed the relay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeaseAsked {
    /// How far the steward is with the account's history, for the other desks.
    #[serde(default)]
    pub progress: Option<HistoryProgress>,
}

/// Who has the lease now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leased {
    /// The steward.
    pub steward: DeskId,
    /// True when that is the desk that asked.
    pub yours: bool,
    /// For how long it holds unless it is renewed, milliseconds.
    pub for_ms: i64,
}

/// For whom a slot is asked. Earlier ones go first.
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
pub enum SlotUrgency {
    /// What became of a send of which nobody knows.
    Settling,
    /// An agent waits for it.
    Opening,
    /// History, audits, names: nobody waits for it.
    Audit,
}

/// Asks for the slot of one read about the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotAsked {
    /// For whom.
    pub urgency: SlotUrgency,
}

/// An answer to one question for a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "slot", rename_all = "snake_case")]
pub enum SlotGiven {
    /// The read may be made, once, now.
    Granted,
    /// All are taken: ask again after so long, milliseconds.
    NotYet {
        /// How long.
        for_ms: i64,
    },
}

/// How far the steward is with the history of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryProgress {
    /// What it does.
    pub state: HistoryState,
    /// Threads that are done in this pass.
    pub threads_done: u64,
    /// Threads that are known to be in this pass.
    pub threads_known: u64,
    /// Threads of this pass that are set aside, because Meta failed to give them. They are tried again at its end, and in
    /// the next one. A desk of before tells none.
    #[serde(default)]
    pub threads_failing: u64,
    /// True once all threads of this pass are known.
    pub is_listed: bool,
    /// Messages that this pass found.
    pub messages: u64,
    /// How long it still takes, milliseconds; none while nobody can tell.
    pub left_ms: Option<i64>,
    /// True while the account's history is read for the first time, false when a later pass looks for what is missing.
    pub is_first: bool,
}

/// What the steward does with the history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "history", rename_all = "snake_case")]
pub enum HistoryState {
    /// It reads.
    Reading,
    /// Somebody paused it.
    Paused,
    /// It waits and goes on by itself.
    Waiting {
        /// For what.
        why: HistoryWait,
        /// For about how long, milliseconds; none when nobody can tell.
        for_ms: Option<i64>,
    },
    /// The pass is over, and what it could read is in the log; it looks again later.
    Done,
    /// A state of a newer version.
    #[serde(other)]
    Unknown,
}

/// What the history waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HistoryWait {
    /// Meta's limits.
    Limit,
    /// Meta cannot be reached, or fails.
    Meta,
    /// Meta does not give what is asked for.
    Refused,
    /// A newer version's reason.
    #[serde(other)]
    Unknown,
}

/// How far the history of an account is, as its steward told. Not numbered, coalesced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryTold {
    /// The account.
    pub account: AccountId,
    /// The steward; none when nobody is.
    pub steward: Option<DeskId>,
    /// How far it is, where it said so.
    pub progress: Option<HistoryProgress>,
}
