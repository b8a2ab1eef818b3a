//! What the operator asks for at the command line, while the relay runs or not.
//!
//! A running relay listens on a socket beside its database that only its own user may open: one line of JSON in, one
//! out. When no relay runs, the command opens the database itself, under the same lock.

mod act;
mod socket;

use std::path::{Path, PathBuf};

use baton_messenger::id::{AccountId, AppId, Platform};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::enrol::Role;
use baton_protocol::{AgentId, DeskId};
use serde::{Deserialize, Serialize};

pub use act::{OperatorError, act};
pub(crate) use socket::listen;
pub use socket::{AskError, ask};

use crate::people::{AccountLine, DeskLine, InviteAccount};

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Request {
    /// Makes an invite.
    Invite {
        /// The agent's name, for a new agent.
        name: String,
        /// An agent that exists, for another desk of theirs.
        agent: Option<AgentId>,
        /// What it is for.
        accounts: Vec<InviteAccount>,
        /// How long it is good for, milliseconds.
        valid_ms: i64,
        /// Replaces roles that the agent has; without it such an invite is refused.
        #[serde(default)]
        change_roles: bool,
    },
    /// Cuts a desk off.
    Revoke {
        /// Which.
        desk: DeskId,
    },
    /// Sets or ends a role.
    SetRole {
        /// Whose.
        agent: AgentId,
        /// Where. An account that nobody was invited to yet is taken on.
        account: AccountId,
        /// What an account is that is taken on; of a known one it says nothing.
        platform: Platform,
        /// Which; none ends it.
        role: Option<Role>,
    },
    /// Copies the log into a new file.
    Backup {
        /// Its whole path.
        to: PathBuf,
    },
    /// Lists the desks.
    Desks,
    /// Lists the accounts.
    Accounts,
    /// Says whether Meta approved the Human Agent feature.
    HumanAgent {
        /// For which account.
        account: AccountId,
        /// The right.
        right: HumanAgentRight,
    },
    /// Says which app gets a customer who writes while nobody holds the thread.
    DefaultApp {
        /// For which account.
        account: AccountId,
        /// The app.
        app: AppId,
    },
    /// Says what an app is called.
    NameApp {
        /// For which account.
        account: AccountId,
        /// The app.
        app: AppId,
        /// Its name.
        name: String,
    },
}

/// What became of it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Answer {
    /// The invite, shown this once.
    Invite {
        /// The invite.
        invite: String,
        /// When it ends, milliseconds UTC.
        expires_at_ms: i64,
    },
    /// Done; false when nothing needed to change.
    Done {
        /// Whether something changed.
        changed: bool,
    },
    /// The copy is made.
    Backup {
        /// How large it is.
        bytes: u64,
    },
    /// The desks.
    Desks {
        /// Oldest first.
        desks: Vec<DeskLine>,
    },
    /// The accounts.
    Accounts {
        /// By id.
        accounts: Vec<AccountLine>,
    },
    /// It could not be done.
    Failed {
        /// Why.
        why: String,
    },
}

/// The operator's socket of a database.
#[must_use]
pub fn socket_of(database: &Path) -> PathBuf {
    crate::log::sqlite::beside(database, ".sock")
}
