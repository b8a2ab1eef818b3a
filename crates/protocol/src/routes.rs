//! Paths of the relay. All calls of a desk carry `Authorization: Bearer <desk token>` and
//! [`crate::hello::VERSION_HEADER`], save the two about invites.

/// `POST` [`crate::enrol::InviteQuestion`] → [`crate::enrol::InviteInfo`].
pub const INVITE: &str = "/v1/invite";
/// `POST` [`crate::enrol::EnrolRequest`] → [`crate::enrol::Enrolled`].
pub const ENROL: &str = "/v1/enrol";
/// `GET` → [`crate::hello::Hello`].
pub const HELLO: &str = "/v1/hello";
/// `POST` [`crate::stream::StreamRequest`] → server-sent events, see [`crate::stream`].
pub const STREAM: &str = "/v1/stream";
/// `GET ?after=&before=&limit=` → [`crate::stream::EntryPage`]. `{log}` is an account's id or `workspace`.
pub const ENTRIES: &str = "/v1/logs/{log}/entries";
/// `GET` → a block, see [`crate::block`]; 404 `nothing_waiting` while the log has not all its seqs. With `if-none-match` of
/// the version that is there: 304.
pub const BLOCK: &str = "/v1/logs/{log}/blocks/{block}";
/// `POST` [`crate::command::CommandRequest`] → [`crate::command::Accepted`], 409 [`crate::command::Conflict`], or an
/// [`crate::error::ErrorBody`].
pub const COMMANDS: &str = "/v1/logs/{log}/commands";
/// `GET ?before=&marks_after=` → a page of [`crate::snapshot::Snapshot`].
pub const SNAPSHOT: &str = "/v1/accounts/{account}/snapshot";
/// `POST` [`crate::snapshot::ReadMark`] → 204. Unread is per agent and not an entry.
pub const READ_MARKS: &str = "/v1/accounts/{account}/read-marks";
/// `POST` [`crate::login::LoginRequest`] → [`crate::login::LoginBegun`].
pub const LOGINS: &str = "/v1/logins";
/// `POST` without a body → [`crate::login::LoginStanding`]; what it hands over is gone at the relay.
pub const TAKE_LOGIN: &str = "/v1/logins/{login}/take";
/// `POST` [`crate::token::TokenShown`] → [`crate::token::TokenRegistered`].
pub const TOKEN: &str = "/v1/accounts/{account}/token";
/// `GET` → [`crate::token::TokenDesks`]. Needs an admin.
pub const TOKEN_DESKS: &str = "/v1/accounts/{account}/token-desks";
/// `POST` [`crate::token::BoxesLeft`] → [`crate::token::BoxesKept`]. Needs an admin.
pub const BOXES: &str = "/v1/accounts/{account}/boxes";
/// `POST` without a body → [`crate::token::BoxTaken`]; it is gone at the relay. `nothing_waiting` when there is none.
pub const TAKE_BOX: &str = "/v1/accounts/{account}/box/take";
/// `POST` [`crate::token::TokenShown`] → [`crate::token::TimedProof`].
pub const PROOF: &str = "/v1/accounts/{account}/proof";
/// `POST` [`crate::lease::LeaseAsked`] → [`crate::lease::Leased`]; `DELETE` gives the lease back → 204.
pub const STEWARD: &str = "/v1/accounts/{account}/steward";
/// `POST` [`crate::lease::SlotAsked`] → [`crate::lease::SlotGiven`].
pub const SLOTS: &str = "/v1/accounts/{account}/slots";
/// `POST` [`crate::presence::PresenceSaid`] → 204. 404 `no_such_log` where it names a thread of an account that the desk may
/// not read. What a desk without a stream says is heard and counts for nothing.
pub const PRESENCE: &str = "/v1/presence";
/// `POST` without a body → 204: the agent is offline until they choose again, see [`crate::presence::SetOffline`]. Needs a
/// supervisor or admin of an account on which the agent has a role. 404 `not_found` about an agent who shares no account.
pub const AGENT_OFFLINE: &str = "/v1/agents/{agent}/offline";
/// `POST` [`crate::draft::DraftTold`] → 204. 413 `too_large` for one that is longer than it may be.
pub const DRAFTS: &str = "/v1/accounts/{account}/drafts";
/// `GET` → [`crate::people::People`]. Needs an admin of any account, as do the five that follow; see [`crate::people`].
pub const PEOPLE: &str = "/v1/people";
/// `POST` [`crate::people::InvitesAsked`] → [`crate::people::InvitesMade`].
pub const INVITES: &str = "/v1/invites";
/// `DELETE` → 204.
pub const TAKE_BACK_INVITE: &str = "/v1/invites/{invite}";
/// `POST` [`crate::people::RoleAsked`] → [`crate::people::Changed`].
pub const AGENT_ROLE: &str = "/v1/agents/{agent}/role";
/// `POST` [`crate::people::NameAsked`] → [`crate::people::Changed`].
pub const AGENT_NAME: &str = "/v1/agents/{agent}/name";
/// `POST` without a body → [`crate::people::Changed`].
pub const REVOKE: &str = "/v1/desks/{desk}/revoke";
/// `GET ?customer=` → [`crate::people::ErasureStanding`]; `nothing_waiting` when the customer was never erased. Needs an admin
/// of the account.
pub const ERASURE: &str = "/v1/accounts/{account}/erasure";
/// `GET` → [`crate::people::Removals`]: what this desk has to remove and did not confirm.
pub const OWED: &str = "/v1/owed";
/// `POST` [`crate::people::Removals`] → 204: that is gone from this desk. What it does not owe is passed over.
pub const GONE: &str = "/v1/gone";
/// `POST` without a body → 204: nothing is left on this desk. The one call of a desk that was cut off.
pub const WIPED: &str = "/v1/wiped";
/// `GET` on both listeners → the relay's health.
pub const HEALTH: &str = "/healthz";
/// Meta's handshake (`GET`) and webhooks (`POST`), on the public listener only.
pub const WEBHOOK: &str = "/webhook";
/// Where Meta's login dialog returns to (`GET`), on the public listener only.
pub const LOGIN_RETURN: &str = "/login/return";

/// [`ENTRIES`] of one log.
#[must_use]
pub fn entries(log: &crate::LogName) -> String {
    ENTRIES.replace("{log}", log.as_str())
}

/// [`BLOCK`] of one log.
#[must_use]
pub fn block(log: &crate::LogName, block: u64) -> String {
    BLOCK.replace("{log}", log.as_str()).replace("{block}", &block.to_string())
}

/// [`COMMANDS`] of one log.
#[must_use]
pub fn commands(log: &crate::LogName) -> String {
    COMMANDS.replace("{log}", log.as_str())
}

/// [`TAKE_LOGIN`] of one login.
#[must_use]
pub fn take_login(login: crate::LoginId) -> String {
    TAKE_LOGIN.replace("{login}", &login.to_string())
}

/// [`TAKE_BACK_INVITE`] of one invite.
#[must_use]
pub fn take_back_invite(invite: crate::InviteId) -> String {
    TAKE_BACK_INVITE.replace("{invite}", &invite.to_string())
}

/// A route about one agent: [`AGENT_ROLE`], [`AGENT_NAME`], [`AGENT_OFFLINE`].
#[must_use]
pub fn of_agent(route: &str, agent: crate::AgentId) -> String {
    route.replace("{agent}", &agent.to_string())
}

/// [`REVOKE`] of one desk.
#[must_use]
pub fn revoke(desk: crate::DeskId) -> String {
    REVOKE.replace("{desk}", &desk.to_string())
}

/// A route about one account: [`TOKEN`], [`TOKEN_DESKS`], [`BOXES`], [`TAKE_BOX`], [`PROOF`], [`STEWARD`],
/// [`SLOTS`], [`ERASURE`], [`DRAFTS`].
#[must_use]
pub fn of_account(route: &str, account: &crate::AccountId) -> String {
    route.replace("{account}", account.as_str())
}

/// [`SNAPSHOT`] of one account.
#[must_use]
pub fn snapshot(account: &crate::AccountId) -> String {
    SNAPSHOT.replace("{account}", account.as_str())
}

/// [`READ_MARKS`] of one account.
#[must_use]
pub fn read_marks(account: &crate::AccountId) -> String {
    READ_MARKS.replace("{account}", account.as_str())
}
