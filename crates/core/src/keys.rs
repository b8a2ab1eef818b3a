//! Secrets of this desk, and where they live: the key store of the operating system, nowhere else.
//!
//! This crate knows only the trait; the window brings the real store, tests bring [`MemoryKeyStore`]. A desk opens and
//! reads without any key store; only enrolling and talking to relay and Meta need it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use baton_messenger::{AccountId, Words};
use secrecy::SecretString;

/// Keeps secrets by name.
#[async_trait]
pub trait KeyStore: Send + Sync + 'static {
    /// The secret of this name; `None` when there is none.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    async fn get(&self, name: &KeyName) -> Result<Option<SecretString>, KeyStoreError>;
    /// Keeps a secret, in place of an older one of the same name.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    async fn set(&self, name: &KeyName, secret: &SecretString) -> Result<(), KeyStoreError>;
    /// Forgets a secret; one that is not there is forgotten already.
    ///
    /// # Errors
    /// [`KeyStoreError`].
    async fn delete(&self, name: &KeyName) -> Result<(), KeyStoreError>;
}

/// Which secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyName {
    /// The bearer token with which the relay knows this desk.
    DeskToken,
    /// The private half of the key pair that was made at enrolment, base64.
    DeskPrivateKey,
    /// The bearer token of a desk that was cut off, until the relay was told that nothing is left of it.
    CutOffToken,
    /// The Page token of an account.
    PageToken(AccountId),
    /// The Page token of an account that came in a box and was not tried yet.
    BoxedToken(AccountId),
    /// Nothing: written and removed to see whether the store takes secrets at all.
    Trial,
}

impl fmt::Display for KeyName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DeskToken => f.write_str("desk-token"),
            Self::DeskPrivateKey => f.write_str("desk-private-key"),
            Self::CutOffToken => f.write_str("cut-off-desk-token"),
            Self::Trial => f.write_str("trial"),
            Self::PageToken(account) => write!(f, "page-token/{account}"),
            Self::BoxedToken(account) => write!(f, "boxed-token/{account}"),
        }
    }
}

/// Why a key store does not serve. Texts come from the store and never hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyStoreError {
    /// There is none on this machine.
    #[error("there is no key store: {0}")]
    NoStore(String),
    /// It is locked, and nobody unlocked it.
    #[error("the key store is locked")]
    Locked,
    /// It refuses this program.
    #[error("the key store refused access")]
    Denied,
    /// It works, and no longer holds a secret that this desk put there.
    #[error("the key store no longer holds what this desk kept there")]
    Gone,
    /// Anything else.
    #[error("the key store failed: {0}")]
    Other(String),
}

impl KeyStoreError {
    /// What the agent is told while it stays so; Baton tries by itself. `effect` is what does not work meanwhile, as the
    /// end of a sentence.
    #[must_use]
    pub fn standing_words(&self, effect: &str) -> Words {
        let (what, remedy) = match self {
            Self::NoStore(_) => (
                "This computer has no key store now",
                "On Linux, start GNOME Keyring, KWallet, or KeePassXC with its Secret Service. Baton looks again every \
                 few seconds.",
            ),
            Self::Locked => (
                "The computer's key store is locked",
                "Unlock it with your password. Baton looks again every few seconds.",
            ),
            Self::Denied => (
                "The computer's key store did not let Baton in",
                "Allow Baton to use the key store. Baton looks again every few seconds.",
            ),
            Self::Gone => (
                "This desk's own key is no longer in the computer's key store",
                "Ask an admin for a new invite and use it here; everything that is on this computer stays. Or bring the \
                 key store back: Baton looks again every few seconds.",
            ),
            Self::Other(_) => (
                "The computer's key store did not work",
                "Sign out and in again, or restart the computer. If it stays, tell whoever looks after it.",
            ),
        };
        Words::new(format!("{what}, {effect}."), remedy)
    }

    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NoStore(_) => Words::new(
                "This computer has no key store, and Baton keeps its secrets nowhere else.",
                "On Linux, install GNOME Keyring (the package gnome-keyring), KWallet, or KeePassXC with its Secret \
                 Service; sign in again so that it starts, then try again.",
            ),
            Self::Locked => Words::new(
                "The computer's key store is locked.",
                "Unlock it with your password, then try again.",
            ),
            Self::Denied => Words::new(
                "The computer's key store did not let Baton in.",
                "Allow Baton to use the key store, then try again.",
            ),
            Self::Gone => Words::new(
                "This desk's own key is no longer in the computer's key store.",
                "Ask an admin for a new invite and use it here; everything that is on this computer stays.",
            ),
            Self::Other(_) => Words::new(
                "The computer's key store did not work.",
                "Sign out and in again, or restart the computer. If it stays, tell whoever looks after it.",
            ),
        }
    }
}

/// A key store in memory, for tests. It can be told to fail.
#[derive(Default)]
pub struct MemoryKeyStore {
    secrets: Mutex<BTreeMap<KeyName, SecretString>>,
    failing: Mutex<Option<KeyStoreError>>,
}

impl MemoryKeyStore {
    /// From now on every call fails with this; `None` ends it.
    pub fn fail_with(&self, error: Option<KeyStoreError>) {
        *self.failing.lock().unwrap_or_else(PoisonError::into_inner) = error;
    }

    /// The names that are kept.
    #[must_use]
    pub fn names(&self) -> Vec<KeyName> {
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    fn check(&self) -> Result<(), KeyStoreError> {
        match &*self.failing.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error.clone()),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for MemoryKeyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryKeyStore").field("names", &self.names()).finish_non_exhaustive()
    }
}

#[async_trait]
impl KeyStore for MemoryKeyStore {
    async fn get(&self, name: &KeyName) -> Result<Option<SecretString>, KeyStoreError> {
        self.check()?;
        Ok(self.secrets.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    async fn set(&self, name: &KeyName, secret: &SecretString) -> Result<(), KeyStoreError> {
        self.check()?;
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), secret.clone());
        Ok(())
    }

    async fn delete(&self, name: &KeyName) -> Result<(), KeyStoreError> {
        self.check()?;
        self.secrets.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[tokio::test]
    async fn a_secret_comes_back_and_is_never_shown() {
        let store = MemoryKeyStore::default();
        let name = KeyName::PageToken("104500000000011".into());
        store.set(&name, &SecretString::from("EAAtop")).await.unwrap();
        assert_eq!(store.get(&name).await.unwrap().unwrap().expose_secret(), "EAAtop");
        assert!(!format!("{store:?}").contains("EAAtop"));
        store.delete(&name).await.unwrap();
        assert!(store.get(&name).await.unwrap().is_none());
    }
}
