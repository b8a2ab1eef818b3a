//! Access tokens: whom they stand for, which app they belong to, how long they live (docs/meta.md 1.3, 1.5).

use std::collections::BTreeSet;

use baton_messenger::{AccountId, AppId};
use secrecy::SecretString;

use super::World;
use super::refusals::Refusal;

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The person who granted the app its rights.
    User,
    Page(AccountId),
    /// An Instagram account that was connected by Instagram's own login.
    Instagram(AccountId),
    /// The app itself: `<id>|<secret>`.
    App,
}

/// One token. Its text is the key under which the world keeps it, and stands nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub app: AppId,
    pub holder: Holder,
    pub issued_ms: i64,
    /// `None`: no end of its own.
    pub expires_ms: Option<i64>,
    /// The accounts that the person granted, for a token of a person; `None`: all.
    pub granted: Option<BTreeSet<AccountId>>,
    /// Set: the token is dead, and this is the name of the refusal.
    pub dead: Option<&'static str>,
}

impl Token {
    /// A token without an end.
    pub fn lasting(app: &AppId, holder: Holder, now_ms: i64) -> Self {
        Self { app: app.clone(), holder, issued_ms: now_ms, expires_ms: None, granted: None, dead: None }
    }

    /// The account that the token speaks for, if it is one of an account.
    pub fn account(&self) -> Option<&AccountId> {
        match &self.holder {
            Holder::Page(account) | Holder::Instagram(account) => Some(account),
            Holder::User | Holder::App => None,
        }
    }

    /// Whether the person who granted this token granted the account too.
    pub fn grants(&self, account: &AccountId) -> bool {
        self.granted.as_ref().is_none_or(|granted| granted.contains(account))
    }

    pub fn check_alive(&self, now_ms: i64) -> Result<(), Refusal> {
        if let Some(name) = self.dead {
            return Err(Refusal::of(name));
        }
        match self.expires_ms {
            Some(expires_ms) if now_ms >= expires_ms => Err(Refusal::of("token_expired")),
            _ => Ok(()),
        }
    }
}

/// The refusal for a dead token with this subcode of 190.
pub(crate) fn death(subcode: i64) -> Option<&'static str> {
    Some(match subcode {
        458 => "token_app_removed",
        459 => "token_checkpoint",
        460 => "token_password_changed",
        463 => "token_expired",
        464 => "token_not_confirmed",
        467 => "token_invalid",
        492 => "token_page_role_lost",
        _ => return None,
    })
}

impl World {
    /// The Page token that a person's token gives: it ends with a short one, and has no end from a long one. The
    /// living one is given again.
    pub fn page_token(&mut self, user: &Token, page: &AccountId, now_ms: i64) -> SecretString {
        let is_short = user.expires_ms.is_some_and(|ms| ms - user.issued_ms <= super::login::SHORT_MS);
        let expires_ms = user.expires_ms.filter(|_| is_short);
        let holder = Holder::Page(page.clone());
        let fits = |token: &Token| {
            token.app == user.app
                && token.holder == holder
                && token.expires_ms == expires_ms
                && token.check_alive(now_ms).is_ok()
        };
        if let Some((text, _)) = self.tokens.iter().find(|(_, token)| fits(token)) {
            return SecretString::from(text.clone());
        }
        self.keep_token(Token { expires_ms, ..Token::lasting(&user.app, holder, now_ms) })
    }
}
