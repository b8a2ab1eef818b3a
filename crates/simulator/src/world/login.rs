//! Login: a person grants accounts in the dialog, the app gets a code, and for the code a token (docs/meta.md 1.3, 1.4,
//! 8.1).
//!
//! ```text
//!  dialog ──▶ code ──▶ short token ──▶ long token ──▶ Page tokens without an end
//!           10 min,     1 h             60 days
//!           once        └──────────────────────────▶ Page tokens that end with it
//! ```
//!
//! Instagram's own login goes the same way to a token of the account, which can be renewed.

use std::collections::BTreeSet;

use baton_messenger::{AccountId, AppId};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::World;
use super::refusals::Refusal;
use super::token::{Holder, Token};
use crate::clock::HOUR_MS;

/// How long a person's first token lives.
pub(crate) const SHORT_MS: i64 = HOUR_MS;
/// How long the exchanged one lives.
const LONG_MS: i64 = 5_183_944_000;
/// How long a code may be exchanged. Recalled, not in docs/meta.md.
const CODE_MS: i64 = 10 * 60_000;

/// Which login is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LoginKind {
    /// A person with Pages; Instagram comes through them.
    #[default]
    Facebook,
    /// An Instagram account by itself.
    Instagram,
}

/// What a code stands for.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    app: AppId,
    kind: LoginKind,
    redirect_uri: String,
    granted: BTreeSet<AccountId>,
    made_ms: i64,
    is_used: bool,
}

/// A token, and how long it still lives in seconds.
pub(crate) struct Issued {
    pub text: SecretString,
    pub expires_in_s: i64,
    pub account: Option<AccountId>,
}

impl World {
    /// The person agrees: a code for the app. Of Instagram accounts exactly one is granted.
    pub fn grant(
        &mut self,
        app: &AppId,
        kind: LoginKind,
        redirect_uri: &str,
        granted: BTreeSet<AccountId>,
        now_ms: i64,
    ) -> Result<String, Refusal> {
        self.app(app)?;
        for account in &granted {
            let is_right = self.account(account)?.is_instagram() == (kind == LoginKind::Instagram);
            if !is_right {
                return Err(Refusal::bad_parameter("This login does not offer this account."));
            }
        }
        if kind == LoginKind::Instagram && granted.len() != 1 {
            return Err(Refusal::bad_parameter("Instagram's login grants one account."));
        }
        let text = format!("AQ{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        let code = Code {
            app: app.clone(),
            kind,
            redirect_uri: redirect_uri.to_owned(),
            granted,
            made_ms: now_ms,
            is_used: false,
        };
        self.codes.insert(text.clone(), code);
        Ok(text)
    }

    /// The app of this id, if the secret is its own.
    pub fn check_secret(&self, app: &AppId, secret: &str) -> Result<(), Refusal> {
        let known = self.apps.get(app).is_some_and(|a| a.secret.expose_secret() == secret);
        if known { Ok(()) } else { Err(Refusal::of("client_secret_wrong")) }
    }

    /// A short-lived token for a code, once, by the app and for the address that it was made for.
    pub fn exchange_code(
        &mut self,
        app: &AppId,
        redirect_uri: &str,
        code: &str,
        now_ms: i64,
    ) -> Result<Issued, Refusal> {
        let known = self.codes.get_mut(code).filter(|known| &known.app == app);
        let known = known.ok_or_else(|| Refusal::bad_parameter("Invalid verification code format."))?;
        if known.redirect_uri != redirect_uri {
            return Err(Refusal::of("code_redirect"));
        }
        if known.is_used {
            return Err(Refusal::of("code_used"));
        }
        if now_ms - known.made_ms >= CODE_MS {
            return Err(Refusal::of("code_expired"));
        }
        known.is_used = true;
        let (kind, granted) = (known.kind, known.granted.clone());
        let account = granted.first().cloned().filter(|_| kind == LoginKind::Instagram);
        let holder = account.clone().map_or(Holder::User, Holder::Instagram);
        let granted = account.is_none().then_some(granted);
        Ok(self.issue(Token { granted, ..Token::lasting(app, holder, now_ms) }, SHORT_MS, now_ms))
    }

    /// A long-lived token for a living one of the same app; also how Instagram's tokens are renewed.
    pub fn lengthen(&mut self, app: &AppId, text: &str, now_ms: i64) -> Result<Issued, Refusal> {
        let token = self.token(text, now_ms)?;
        let is_right = &token.app == app && matches!(token.holder, Holder::User | Holder::Instagram(_));
        if !is_right {
            return Err(Refusal::of("token_invalid"));
        }
        Ok(self.issue(Token { issued_ms: now_ms, ..token }, LONG_MS, now_ms))
    }

    /// Kills what the person granted to this app, or lets it live again: after a changed password, say.
    pub fn set_logins_dead(&mut self, app: &AppId, dead: Option<&'static str>) {
        for token in self.tokens.values_mut().filter(|token| &token.app == app) {
            token.dead = dead;
        }
    }

    fn issue(&mut self, token: Token, life_ms: i64, now_ms: i64) -> Issued {
        let account = token.account().cloned();
        let text = self.keep_token(Token { expires_ms: Some(now_ms + life_ms), ..token });
        Issued { text, expires_in_s: life_ms / 1000, account }
    }
}
