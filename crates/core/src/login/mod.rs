//! Page tokens by Meta's own login, as this desk goes through it (`baton_protocol::login` tells the whole way).
//!
//! ```text
//!   none ── begin ──▶ waiting: the browser is at Meta ──┬─ box ──▶ choosing ── connected ──▶ none
//!    ▲                    │                             │             ├─ some were not: stays, with why
//!    │                    │                             │             └─ ten minutes: forgotten ──▶ failed
//!    └────── cancel ──────┘                             └─ said no · over · lost · Meta away ──▶ failed, with words
//! ```
//!
//! One login at a time; beginning another ends it. All of it is in memory: what a restart cuts off is begun anew. The address
//! of the dialog holds a state that is good once, and the granted tokens are tokens: neither is logged or stored. The address
//! alone is shown, where no browser opened or to the person who asks for it.

mod grant;
mod run;
mod state;

pub use grant::{Granted, Grants};
pub use state::LoginFacts;

pub(crate) use run::run;
pub(crate) use state::LoginState;

use baton_messenger::{AccountId, Words};
use baton_protocol::login::{LOGIN_LIFE_MS, LoginRequest};
use secrecy::SecretString;

use crate::desk::inner::Inner;
use crate::desk::{Desk, DeskError};
use crate::keys::{KeyName, KeyStoreError};
use crate::relay_client::RelayError;
use state::Waiting;

impl Desk {
    /// Begins a login. Gives the address that the person's browser is to open.
    ///
    /// # Errors
    /// [`DeskError::KeyStore`] before anything begins, when what comes of it could not be opened; [`DeskError::Relay`], with
    /// `not_configured` when nobody can log in through this relay.
    pub async fn begin_login(&self, ask_again: bool) -> Result<SecretString, DeskError> {
        let inner = self.inner();
        inner.me().ok_or(DeskError::NotEnrolled)?;
        inner.private_key().await?;
        let relay = inner.relay().ok_or(DeskError::NotEnrolled)?;
        let asked_boot_ms = inner.boot_ms();
        let begun = relay.begin_login(&LoginRequest { ask_again }).await;
        if begun.as_ref().is_err_and(RelayError::has_no_login) {
            inner.heard_of_logins(false);
        }
        let begun = begun?;
        let address = SecretString::from(begun.url);
        inner.login.waits(Waiting {
            login: begun.login,
            address: address.clone(),
            until_boot_ms: asked_boot_ms.saturating_add(LOGIN_LIFE_MS),
            is_browser_open: true,
            is_asked_for: false,
        });
        inner.notices.login();
        Ok(address)
    }

    /// The address of the dialog again, while the person has not come back.
    #[must_use]
    pub fn login_address(&self) -> Option<SecretString> {
        self.inner().login.address()
    }

    /// Whether a browser could be opened at it; without one the person has to copy the address.
    pub fn login_browser(&self, is_open: bool) {
        self.inner().login.browser(is_open);
        self.inner().notices.login();
    }

    /// The person asks for the address of the dialog, to copy it into a browser of their choice: [`Desk::login`] tells it
    /// from now on, until the login is over.
    pub fn show_login_address(&self) {
        self.inner().login.asked_for_address();
        self.inner().notices.login();
    }

    /// How the login stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn login(&self) -> Result<LoginFacts, DeskError> {
        let inner = self.inner();
        let access = inner.store.access().await?;
        let now = (inner.boot_ms(), inner.meta_now().ms);
        Ok(inner.login.facts(&access, now))
    }

    /// Nobody waits for the login any more, and the tokens it brought are forgotten.
    pub fn cancel_login(&self) {
        self.inner().login.over();
        self.inner().notices.login();
    }

    /// Connects accounts that the person granted. Those that could not be connected say why in [`Desk::login`]; when all
    /// were, the login is over.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn connect_granted(&self, accounts: &[AccountId]) -> Result<(), DeskError> {
        let inner = self.inner();
        let access = inner.store.access().await?;
        let grants = inner.login.grants();
        for account in accounts {
            let Some((token, may_subscribe)) = grants.as_ref().and_then(|grants| grants.token_for(account))
            else {
                continue;
            };
            let is_connected = access.iter().any(|mine| mine.account == *account && mine.connected);
            let done = if is_connected && !may_subscribe {
                inner.adopt_token(account, &token).await
            } else {
                inner.connect_account(account, &token).await
            };
            let failed = done.err().map(|error| error.agent_words());
            inner.login.tried(account, failed);
            inner.notices.login();
        }
        inner.login.is_over_when_all(accounts);
        inner.notices.login();
        Ok(())
    }

    /// Whether people can log in through this relay: until it says that they cannot.
    #[must_use]
    pub fn can_log_in(&self) -> bool {
        self.inner().login.is_offered()
    }
}

impl Inner {
    /// The private half of this desk's key, with which its boxes are opened.
    pub(crate) async fn private_key(&self) -> Result<SecretString, KeyStoreError> {
        let key = self.keys.get(&KeyName::DeskPrivateKey).await?;
        key.ok_or(KeyStoreError::Gone)
    }
}

/// What is said when the box of a login is gone.
fn lost() -> Words {
    Words::new(
        "What Meta handed over got lost on its way to this desk.",
        "Log in again. Meta asks for less the second time.",
    )
}

/// What is said when nobody came back from Meta in time.
fn expired() -> Words {
    Words::new("Nobody came back from Meta within ten minutes.", "Log in again.")
}

/// What is said when nobody connected what was granted.
fn unused() -> Words {
    Words::new(
        "Nobody connected what Meta granted within ten minutes, so this desk forgot it.",
        "Log in again. Meta asks for less the second time.",
    )
}

/// What is said when a box of a login does not open.
fn unreadable() -> Words {
    Words::new(
        "What came back from Meta cannot be read by this desk.",
        "Log in again. If it happens again, ask an admin for a new invite and join anew.",
    )
}
