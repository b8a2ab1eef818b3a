//! Making tokens: a code becomes a person's token, a short one a long one (docs/meta.md 1.4). Only where the app secret is.

use std::fmt;

use secrecy::SecretString;
use serde::Deserialize;

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::{AppSecret, Credentials};
use crate::error::CallError;
use crate::read::{Failed, MORE_TIMES, failed, judge};

/// A person's token. `Debug` does not show it.
#[derive(Clone)]
pub struct UserToken {
    /// The token.
    pub token: SecretString,
    /// How long it lives, in seconds, where Meta says so.
    pub expires_in_s: Option<i64>,
}

#[derive(Deserialize)]
struct TokenForm {
    access_token: String,
    #[serde(default)]
    expires_in: serde_json::Value,
}

impl fmt::Debug for UserToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserToken").field("expires_in_s", &self.expires_in_s).finish_non_exhaustive()
    }
}

impl From<TokenForm> for UserToken {
    fn from(form: TokenForm) -> Self {
        let expires_in_s = match &form.expires_in {
            serde_json::Value::String(seconds) => seconds.parse().ok(),
            other => other.as_i64(),
        };
        Self { token: form.access_token.into(), expires_in_s }
    }
}

impl GraphClient {
    /// Exchanges the code that the login dialog gave for a person's token, which lives an hour or two. A code works
    /// once, so it is tried again only when nothing left this machine.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn exchange_code(
        &self,
        app: &AppSecret,
        redirect_uri: &str,
        code: &SecretString,
    ) -> Result<UserToken, CallError> {
        let call =
            token_call("exchange_code", app).with("redirect_uri", redirect_uri).with_secret("code", code);
        let once = || async {
            let failed = match self.once(&call, &Credentials::none(), self.config.read_timeout).await {
                Ok(answer) => match judge::<TokenForm>(&answer) {
                    Ok(form) => return Ok(UserToken::from(form)),
                    Err(failed) => failed,
                },
                Err(none) => failed(none),
            };
            Err(Failed { again: matches!(failed.error, CallError::NotBegun(_)), ..failed })
        };
        self.tries(call.name, MORE_TIMES, once).await
    }

    /// Exchanges a living token of a person for one that lives about 60 days.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn long_lived(&self, app: &AppSecret, token: &SecretString) -> Result<UserToken, CallError> {
        let call = token_call("long_lived", app)
            .with("grant_type", "fb_exchange_token")
            .with_secret("fb_exchange_token", token);
        self.read::<TokenForm>(&call, &Credentials::none()).await.map(UserToken::from)
    }
}

fn token_call(name: &'static str, app: &AppSecret) -> Call {
    Call::get(name, &["oauth", "access_token"])
        .with("client_id", app.app.as_str())
        .with_secret("client_secret", &app.secret)
}
