//! The calls about Page tokens: registering, proofs, boxes for other desks, logins.
//!
//! What they carry and hand out is secret: no body of them stands in a log line or an error.

use baton_protocol::login::{LoginBegun, LoginRequest, LoginStanding};
use baton_protocol::token::{
    BoxTaken, BoxesKept, BoxesLeft, PageToken, TimedProof, TokenDesks, TokenRegistered, TokenShown,
};
use baton_protocol::{AccountId, LoginId, routes};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::client::{ANSWER, RelayClient, read};
use super::{RelayError, client};

/// The relay asks Meta before it answers; that may take as long as Meta does.
const WITH_META: std::time::Duration = std::time::Duration::from_secs(45);

impl RelayClient {
    /// Shows a Page token to the relay, which asks Meta about it and keeps its fingerprint.
    ///
    /// # Errors
    /// [`RelayError::Refused`] with `token_refused` when it is of no use, with `meta_away` when Meta cannot be asked;
    /// [`RelayError`].
    pub async fn register_token(
        &self,
        account: &AccountId,
        token: &SecretString,
    ) -> Result<TokenRegistered, RelayError> {
        let path = routes::of_account(routes::TOKEN, account);
        read(self.call(Method::POST, &path).json(&shown(token)).timeout(WITH_META)).await
    }

    /// Meta's timed proof for a registered token.
    ///
    /// # Errors
    /// [`RelayError::Refused`] with `token_refused` when the token is not registered; [`RelayError`].
    pub async fn prove(&self, account: &AccountId, token: &SecretString) -> Result<TimedProof, RelayError> {
        read(self.post(&routes::of_account(routes::PROOF, account), &shown(token))).await
    }

    /// How the tokens of the account's desks stand, for an admin.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn token_desks(&self, account: &AccountId) -> Result<TokenDesks, RelayError> {
        let path = routes::of_account(routes::TOKEN_DESKS, account);
        read(self.call(Method::GET, &path).timeout(ANSWER)).await
    }

    /// Leaves boxes for other desks, from an admin.
    ///
    /// # Errors
    /// [`RelayError`].
    pub async fn leave_boxes(&self, account: &AccountId, boxes: &BoxesLeft) -> Result<BoxesKept, RelayError> {
        read(self.post(&routes::of_account(routes::BOXES, account), boxes)).await
    }

    /// Takes the box that waits for this desk; none when there is none. It is gone at the relay then.
    ///
    /// # Errors
    /// [`RelayError`]; after a cut the box may be lost.
    pub async fn take_box(&self, account: &AccountId) -> Result<Option<BoxTaken>, RelayError> {
        let path = routes::of_account(routes::TAKE_BOX, account);
        client::or_nothing(read(self.post(&path, &json!({}))).await)
    }

    /// Begins a login with Meta.
    ///
    /// # Errors
    /// [`RelayError::Refused`] with `not_configured` when nobody can log in through this relay; [`RelayError`].
    pub async fn begin_login(&self, request: &LoginRequest) -> Result<LoginBegun, RelayError> {
        read(self.post(routes::LOGINS, request)).await
    }

    /// How a login stands; none when the relay does not know it any more. Its end is handed out once.
    ///
    /// # Errors
    /// [`RelayError`]; after a cut the end may be lost.
    pub async fn take_login(&self, login: LoginId) -> Result<Option<LoginStanding>, RelayError> {
        client::or_nothing(read(self.post(&routes::take_login(login), &json!({}))).await)
    }
}

fn shown(token: &SecretString) -> TokenShown {
    TokenShown { token: PageToken::new(token.expose_secret().to_owned()) }
}
