//! How rows are named inside the store and on its border.

use std::fmt;

use baton_protocol::{AccountId, CustomerId};
use serde::{Deserialize, Serialize};

/// This desk's number for a thread. Stable while the file lives, and meaningless elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ThreadId(pub i64);

impl fmt::Display for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A thread, everywhere: exactly one per account and customer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ThreadKey {
    /// The account.
    pub account: AccountId,
    /// The customer.
    pub customer: CustomerId,
}

/// A message's place in its thread: by Meta's time, then by order within a second of a page of history, then by id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageKey {
    /// Milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Order within one second of a page of history.
    pub tie: i64,
    /// The mid, or the key of its entry.
    pub key: String,
}

/// A thread's place in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListKey {
    /// The value that the list is sorted by.
    pub sort_ms: i64,
    /// The thread.
    pub thread: ThreadId,
}
