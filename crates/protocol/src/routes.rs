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

/// A route about one account: [`TOKEN`], [`TOKEN_DESKS`], [`BOXES`], [`TAKE_BOX`], [`PROOF`], [`STEWARD`],
/// [`SLOTS`].
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
