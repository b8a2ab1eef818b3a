//! Agents, desks, invites and rights, as the relay's parts speak of them.

use baton_messenger::id::{AccountId, Platform};
use baton_protocol::account::RoutingMode;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::people::{RoleChange, RoleOn};
use baton_protocol::{AgentId, DeskId, InviteId};
use serde::{Deserialize, Serialize};

use crate::secret::Hash;

/// A desk as one of its calls finds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeskAccess {
    /// The desk.
    pub desk: DeskId,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// True once the desk was cut off.
    pub is_revoked: bool,
    /// What it may read, and as what; empty once it is cut off.
    pub accounts: Vec<AccountRole>,
}

impl DeskAccess {
    /// The accounts that the desk's agent administers.
    pub fn administers(&self) -> impl Iterator<Item = &AccountRole> {
        self.accounts.iter().filter(|on| on.role == Role::Admin)
    }

    /// The role on an account; none when the desk may not read it.
    #[must_use]
    pub fn role(&self, account: &AccountId) -> Option<Role> {
        self.accounts.iter().find(|on| on.account == *account).map(|on| on.role)
    }
}

/// One account an invite is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InviteAccount {
    /// The account.
    pub account: AccountId,
    /// Messenger or Instagram.
    pub platform: Platform,
    /// The role there.
    pub role: Role,
}

/// An invite to be kept. Only its hash is.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// What it is called.
    pub invite: InviteId,
    /// The hash of the invite.
    pub hash: Hash,
    /// The admin who makes it, and without whose rights it is worth nothing; none for the operator.
    pub made_by: Option<AgentId>,
    /// Whether it replaces roles that the agent has; else it adds to them.
    pub changes_roles: bool,
    /// For another desk of an agent that exists.
    pub agent: Option<AgentId>,
    /// The agent's name.
    pub agent_name: String,
    /// What it is for.
    pub accounts: Vec<InviteAccount>,
    /// When it ends, milliseconds UTC.
    pub expires_at_ms: i64,
}

/// A valid invite.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invited {
    /// The agent whose further desk it lets in; none for a new one.
    pub agent: Option<AgentId>,
    /// The agent's name.
    pub agent_name: String,
    /// What the desk will be able to read.
    pub accounts: Vec<AccountRole>,
    /// The roles among them that the agent does not have yet.
    pub gives: Vec<RoleOn>,
    /// Those of them that replace another one.
    pub changes: Vec<RoleChange>,
    /// When it ends, milliseconds UTC.
    pub expires_at_ms: i64,
}

/// A desk to be made from an invite.
#[derive(Clone, Debug)]
pub struct NewDesk {
    /// The hash of the invite that is used up.
    pub invite: Hash,
    /// The new desk.
    pub desk: DeskId,
    /// The id of the agent, should the invite make a new one.
    pub new_agent: AgentId,
    /// What the machine is called.
    pub name: String,
    /// X25519, base64.
    pub public_key: String,
    /// The hash of the desk's token.
    pub token: Hash,
}

/// One line of the list of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLine {
    /// The account.
    pub account: AccountId,
    /// Messenger or Instagram.
    pub platform: Platform,
    /// The Page it hears of Meta through: itself on Messenger, the linked one on Instagram once it was connected.
    pub page: AccountId,
    /// The name Meta gives it; empty until it was connected.
    pub name: String,
    /// True once a desk has connected it.
    pub connected: bool,
    /// How routing stands, as Meta answered.
    pub routing: RoutingMode,
    /// Whether Meta accepts its Page token, as far as a desk said.
    pub token_alive: Option<bool>,
    /// Webhook fields that Meta confirmed when it was connected.
    pub fields: Vec<String>,
}

/// One line of the list of desks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskLine {
    /// The desk.
    pub desk: DeskId,
    /// What the machine is called.
    pub name: String,
    /// Its agent.
    pub agent: AgentId,
    /// The agent's name.
    pub agent_name: String,
    /// When it was enrolled, milliseconds UTC.
    pub enrolled_at_ms: i64,
    /// When it was cut off, milliseconds UTC.
    pub revoked_at_ms: Option<i64>,
    /// When it said, cut off, that nothing is left on it, milliseconds UTC.
    #[serde(default)]
    pub wiped_at_ms: Option<i64>,
    /// When it was last connected, milliseconds UTC; none when it never was, as far as the relay knows.
    #[serde(default)]
    pub seen_at_ms: Option<i64>,
    /// The agent's roles.
    pub roles: Vec<(AccountId, Role)>,
}
