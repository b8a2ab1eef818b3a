//! News for the page: what went stale. The page reads again what it shows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::alerts::AlertKind;
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
    /// The read marks of these threads were moved on this desk, and nothing else of them changed.
    Marked {
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
    /// Somebody came, went, looks at a thread or types.
    Presence,
    /// The window was asked to close, and replies have not left.
    Closing,
    /// Something happened that the desktop does not show: it is shown here.
    Alert {
        /// What it is about; none for a test.
        kind: Option<AlertKind>,
        /// Whom or what it is about.
        title: String,
        /// What happened.
        body: String,
        /// The thread, when it is about one.
        thread: Option<ThreadRef>,
    },
    /// Let this be heard.
    Sound {
        /// What happened.
        kind: AlertKind,
        /// How loud, 0 to 100.
        volume: u8,
    },
    /// An alert was clicked on the desktop.
    Go {
        /// The thread that it was about; none when it was about many of this agent's.
        thread: Option<ThreadRef>,
    },
    /// What the agent is told of changed, or do not disturb began or ended.
    Alerts,
    /// Another app passed control of a thread to us.
    Passed {
        /// Which.
        thread: ThreadRef,
        /// Its customer.
        name: String,
        /// The app that held it; none where Meta does not say.
        by: Option<String>,
        /// True when this agent works on it.
        mine: bool,
    },
    /// A setting of the page was set, in whichever window.
    Settings {
        /// Which.
        name: String,
    },
    /// Some notices were lost: read everything again.
    All,
}
