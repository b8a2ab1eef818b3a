//! What a batch changed, for whoever shows it, fetches files, or tells somebody.

use std::collections::BTreeSet;

use baton_messenger::id::Mid;
use baton_protocol::AccountId;
use baton_protocol::ids::PartId;

use crate::store::{FreshMedia, ThreadId, ThreadKey};

/// What a batch changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Threads of which something changed.
    pub threads: BTreeSet<ThreadKey>,
    /// The same by this desk's numbers.
    pub thread_ids: BTreeSet<ThreadId>,
    /// Accounts whose facts changed.
    pub accounts: BTreeSet<AccountId>,
    /// Agents, labels or canned replies changed.
    pub workspace: bool,
    /// Order or membership of lists may have changed.
    pub list_changed: bool,
    /// The customer's messages that were not known before, are no mere history, and were not taken back by now, oldest first.
    pub new_inbound: Vec<NewInbound>,
    /// Parts of ours, of whatever desk, whose echo came or that some desk found sent: Meta has them.
    pub parts_proved: Vec<(PartId, Mid)>,
    /// Parts that a person gave up without knowing whether they arrived, of whatever desk.
    pub parts_given_up: Vec<PartId>,
    /// Accounts in which Meta refused a reply, of whatever desk.
    pub refused: BTreeSet<AccountId>,
    /// Messages that were told of and brought files to fetch.
    pub media: Vec<FreshMedia>,
    /// Messages that were announced and not told.
    pub announced: Vec<Announced>,
    /// True when a customer was erased: the relay waits to hear that it was.
    pub erased: bool,
}

/// A message that Meta announced without telling it (docs/meta.md 2.7.9). It may have been told of before, or by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its account.
    pub account: AccountId,
    /// The message.
    pub mid: Mid,
    /// When the relay appended the announcement, milliseconds UTC.
    pub at_ms: i64,
}

/// A customer's message that was not known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInbound {
    /// The thread.
    pub thread: ThreadKey,
    /// The entry that told of it.
    pub seq: u64,
    /// When it was said, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Its text.
    pub text: Option<String>,
    /// True when another app holds the thread and we only listen.
    pub standby: bool,
    /// True when an audit found it.
    pub found_late: bool,
}
