//! Enrolment: an invite, used once, makes a desk that the relay knows.
//!
//! The desk makes an X25519 key pair; the public half goes to the relay so that secrets can be sealed for
//! this desk alone. The relay keeps only a hash of the desk's token.

use baton_messenger::id::{AccountId, Platform};
use serde::{Deserialize, Serialize};

use crate::ids::{AgentId, DeskId};
use crate::people::RoleChange;

/// What an agent may do on an account. Roles limit acts; whoever may read an account reads all of it.
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
pub enum Role {
    /// Answers customers.
    Agent,
    /// Also moves anybody's threads.
    Supervisor,
    /// Also changes the account, people and desks.
    Admin,
}

/// One account an invite or a desk may read, with the role there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountRole {
    /// The account.
    pub account: AccountId,
    /// Messenger or Instagram.
    pub platform: Platform,
    /// The name it has at the relay; empty until it was connected.
    pub name: String,
    /// The role.
    pub role: Role,
    /// True once a desk has connected the account, so that webhooks go into its log.
    pub connected: bool,
}

/// Asks what an invite is good for, without using it. The invite travels in the body, never in a URL.
#[derive(Clone, Serialize, Deserialize)]
pub struct InviteQuestion {
    /// The invite as it was handed over.
    pub invite: String,
}

/// What an invite is good for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteInfo {
    /// The agent's name.
    pub agent_name: String,
    /// What the desk will be able to read, and as what.
    pub accounts: Vec<AccountRole>,
    /// Roles of a known agent that it replaces, on all desks of that agent; a relay of before does not say them.
    #[serde(default)]
    pub changes: Vec<RoleChange>,
    /// When the invite ends, milliseconds UTC of the relay.
    pub expires_at_ms: i64,
    /// The name of the workspace.
    pub workspace: String,
    /// The relay's protocol versions.
    pub versions: crate::hello::Versions,
}

/// Uses an invite.
#[derive(Clone, Serialize, Deserialize)]
pub struct EnrolRequest {
    /// The invite.
    pub invite: String,
    /// What the machine is called.
    pub desk_name: String,
    /// The desk's X25519 public key, base64.
    pub public_key: String,
    /// The desk's protocol version.
    pub version: u32,
}

/// A desk's new identity. The token is shown once; the relay keeps its hash.
#[derive(Clone, Serialize, Deserialize)]
pub struct Enrolled {
    /// The desk.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// The name of the workspace.
    pub workspace: String,
    /// The desk's bearer token.
    pub token: String,
    /// What the desk may read.
    pub accounts: Vec<AccountRole>,
}
