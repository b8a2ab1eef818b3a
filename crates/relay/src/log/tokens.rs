//! What the relay keeps about Page tokens: fingerprints, boxes, logins. Never a token.
//!
//! Whatever the implementation, it promises:
//!
//! - A login's state is good for one return, and its end is handed out once.
//! - A box is handed out once, to its desk, while that desk may read the account.
//! - What was handed out or has ended leaves the storage, not only its tables.

use async_trait::async_trait;
use baton_messenger::id::AccountId;
use baton_protocol::enrol::AccountRole;
use baton_protocol::login::LoginStanding;
use baton_protocol::token::{BoxTaken, BoxesKept, BoxesLeft, TokenDesk};
use baton_protocol::{DeskId, LoginId};

use super::{LogError, Read};
use crate::secret::Hash;

/// A login that a desk begins.
#[derive(Clone, Debug)]
pub struct NewLogin {
    /// The login.
    pub login: LoginId,
    /// The desk.
    pub desk: DeskId,
    /// The hash of its state.
    pub state: Hash,
    /// When it ends by itself, milliseconds UTC of the relay.
    pub ends_at_ms: i64,
}

/// What a state that came back belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// A login that waits; this return is its only one.
    Login(WaitingLogin),
    /// Its login was returned to before.
    Again,
    /// No login has it, or its time is over, or its desk was cut off.
    Nobodys,
}

/// A login that Meta came back to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingLogin {
    /// The login.
    pub login: LoginId,
    /// The desk that began it.
    pub desk: DeskId,
    /// What its machine is called.
    pub desk_name: String,
    /// Its agent's name.
    pub agent_name: String,
    /// The key that the desk had when it began.
    pub public_key: String,
    /// What the desk may read now.
    pub accounts: Vec<AccountRole>,
}

/// Something that waits for a desk.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PickUp {
    /// A box for this account, and when it was left.
    Box(AccountId, i64),
    /// The end of a login.
    Login(LoginId),
}

/// The part of the log that is about Page tokens.
#[async_trait]
pub trait TokenStore {
    /// Keeps a login, and ends earlier ones of the same desk.
    async fn begin_login(&self, new: NewLogin) -> Result<(), LogError>;

    /// Meta sent a browser back with this state.
    async fn return_login(&self, state: &Hash) -> Result<Returned, LogError>;

    /// Keeps how a login ended, for its desk. Nothing when its time is over.
    async fn end_login(&self, login: LoginId, standing: LoginStanding) -> Result<(), LogError>;

    /// Hands out how a login stands; an end is deleted with it. None when this desk has no such login.
    async fn take_login(&self, desk: DeskId, login: LoginId) -> Result<Option<LoginStanding>, LogError>;

    /// Keeps the fingerprint of a token that was checked, as this desk's for the account.
    async fn register_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<()>, LogError>;

    /// Whether a token of this fingerprint is registered for the account, by whichever desk.
    async fn knows_token(
        &self,
        desk: DeskId,
        account: &AccountId,
        print: &Hash,
    ) -> Result<Read<bool>, LogError>;

    /// Whether this desk registered a token for the account that nobody found dead.
    async fn token_lives(&self, desk: DeskId, account: &AccountId) -> Result<Read<bool>, LogError>;

    /// The desks with a role on the account, oldest enrolment first; none when this desk's agent is no admin there.
    async fn token_desks(
        &self,
        desk: DeskId,
        account: &AccountId,
    ) -> Result<Read<Option<Vec<TokenDesk>>>, LogError>;

    /// Keeps boxes for desks of the account; none when this desk's agent is no admin there.
    async fn leave_boxes(
        &self,
        desk: DeskId,
        account: &AccountId,
        left: BoxesLeft,
    ) -> Result<Read<Option<BoxesKept>>, LogError>;

    /// Hands out the box that waits for this desk, and deletes it.
    async fn take_box(&self, desk: DeskId, account: &AccountId) -> Result<Read<Option<BoxTaken>>, LogError>;

    /// What waits for a desk.
    async fn pick_ups(&self, desk: DeskId) -> Result<Vec<PickUp>, LogError>;

    /// Deletes boxes and logins whose time is over. How many there were.
    async fn drop_ended(&self) -> Result<u64, LogError>;
}
