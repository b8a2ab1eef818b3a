//! The first exchange of every connection: versions, rights, times.

use baton_messenger::id::AppId;
use serde::{Deserialize, Serialize};

use crate::enrol::AccountRole;
use crate::ids::{AgentId, DeskId};

/// The version that this crate speaks.
pub const VERSION: u32 = 1;
/// The oldest version that this crate still serves: one back.
pub const OLDEST: u32 = 1;
/// The header in which a desk says its version on every call.
pub const VERSION_HEADER: &str = "baton-protocol";

/// Which versions the relay serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Versions {
    /// The relay's own.
    pub current: u32,
    /// The oldest it still serves.
    pub oldest: u32,
}

impl Versions {
    /// The versions of this crate.
    #[must_use]
    pub fn ours() -> Self {
        Self { current: VERSION, oldest: OLDEST }
    }

    /// How a desk that speaks [`VERSION`] and serves relays down to [`OLDEST`] gets on with this relay.
    #[must_use]
    pub fn judge(self) -> Fit {
        if self.current < OLDEST {
            Fit::RelayTooOld
        } else if self.oldest > VERSION {
            Fit::RelayTooNew
        } else {
            Fit::Good
        }
    }
}

/// Whether a desk and a relay can work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// They can.
    Good,
    /// The relay must be updated.
    RelayTooOld,
    /// This desk must be updated.
    RelayTooNew,
}

/// What the relay says of itself and of the desk that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hello {
    /// Versions served.
    pub versions: Versions,
    /// The version of the relay's program, for support; empty where an older relay does not say it.
    #[serde(default)]
    pub program: String,
    /// The name of the workspace.
    pub workspace: String,
    /// The desk that asks.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// What the desk may read, and as what.
    pub accounts: Vec<AccountRole>,
    /// Our Meta app, which `owner` facts are compared with.
    pub app: AppId,
    /// The relay's clock, milliseconds UTC.
    pub relay_ms: i64,
    /// Meta's clock as the relay last learned it, milliseconds UTC; none before the first answer.
    pub meta_ms: Option<i64>,
    /// True when people can log in with Meta through this relay; a relay of before could not.
    #[serde(default)]
    pub login: bool,
    /// True when the relay gives out whole blocks ([`crate::block`]); a relay of before did not.
    #[serde(default)]
    pub blocks: bool,
    /// True when the relay tells who is there ([`crate::presence`]); a relay of before did not.
    #[serde(default)]
    pub presence: bool,
    /// True when the relay answers Meta only after the log is durable.
    pub durable: bool,
}
