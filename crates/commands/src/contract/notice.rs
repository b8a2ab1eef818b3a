//! News for the page: what went stale. The page reads again what it shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Count, ThreadRef};

/// Something changed. Sent after the change is durable, in order, coalesced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "notice", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Notice {
    /// These threads changed.
    Threads {
        /// Which.
        threads: Vec<ThreadRef>,
        /// The store's version that includes the change.
        store_version: Count,
    },
    /// Lists changed: order or membership.
    Lists {
        /// The store's version that includes the change.
        store_version: Count,
    },
    /// The status line changed.
    Status,
    /// Accounts or problems changed.
    Session,
    /// The login with Meta went on.
    Login,
    /// The window was asked to close, and replies have not left.
    Closing,
    /// Some notices were lost: read everything again.
    All,
}
