//! Access tokens: whom they stand for, which app they belong to, whether they still live (docs/meta.md 1.3, 1.5).

use baton_messenger::{AccountId, AppId};

use super::refusals::Refusal;

/// Whom a token speaks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The person who granted the app its rights.
    User,
    Page(AccountId),
    /// The app itself: `<id>|<secret>`.
    App,
}

/// One token. Its text is the key under which the world keeps it, and stands nowhere else.
#[derive(Debug, Clone)]
pub(crate) struct Token {
    pub app: AppId,
    pub holder: Holder,
    pub issued_ms: i64,
    /// Set: the token is dead, and this is the name of the refusal.
    pub dead: Option<&'static str>,
}

impl Token {
    /// The account that the token speaks for, if it is one of an account.
    pub fn account(&self) -> Option<&AccountId> {
        match &self.holder {
            Holder::Page(page) => Some(page),
            Holder::User | Holder::App => None,
        }
    }

    pub fn check_alive(&self) -> Result<(), Refusal> {
        self.dead.map_or(Ok(()), |name| Err(Refusal::of(name)))
    }
}

/// The refusal for a dead token with this subcode of 190.
pub(crate) fn death(subcode: i64) -> Option<&'static str> {
    Some(match subcode {
        458 => "token_app_removed",
        459 => "token_checkpoint",
        460 => "token_password_changed",
        463 => "token_expired",
        467 => "token_invalid",
        492 => "token_page_role_lost",
        _ => return None,
    })
}
