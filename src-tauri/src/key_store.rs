//! The operating system's key store: Secret Service on Linux, Keychain, Credential Manager.
//!
//! What it promises: a secret is kept there or nowhere. What it refuses: a file in its place. Every call opens the
//! store anew, because a key store may be started, unlocked or restarted while the desk is open, and "try again" has to
//! mean it. Calls block, so they run on threads made for that.

use async_trait::async_trait;
use baton_core::keys::{KeyName, KeyStore, KeyStoreError};
use keyring_core::Error;
use secrecy::{ExposeSecret as _, SecretString};

/// Secrets of one desk, under a service name of its own.
#[derive(Debug, Clone)]
pub struct SystemKeyStore {
    service: String,
}

impl SystemKeyStore {
    /// The key store, with the name under which this desk's secrets stand there.
    pub fn new(service: String) -> Self {
        Self { service }
    }

    async fn with_entry<T: Send + 'static>(
        &self,
        name: &KeyName,
        act: impl FnOnce(&keyring_core::Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeyStoreError> {
        let (service, name) = (self.service.clone(), name.to_string());
        let acting = tokio::task::spawn_blocking(move || {
            let entry = open_entry(&service, &name)?;
            act(&entry).map_err(told)
        });
        acting.await.map_err(|error| KeyStoreError::Other(error.to_string()))?
    }
}

#[async_trait]
impl KeyStore for SystemKeyStore {
    async fn get(&self, name: &KeyName) -> Result<Option<SecretString>, KeyStoreError> {
        self.with_entry(name, |entry| match entry.get_password() {
            Ok(secret) => Ok(Some(SecretString::from(secret))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn set(&self, name: &KeyName, secret: &SecretString) -> Result<(), KeyStoreError> {
        let secret = secret.clone();
        self.with_entry(name, move |entry| entry.set_password(secret.expose_secret())).await
    }

    async fn delete(&self, name: &KeyName) -> Result<(), KeyStoreError> {
        self.with_entry(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }
}

#[cfg(target_os = "linux")]
fn open_entry(service: &str, name: &str) -> Result<keyring_core::Entry, KeyStoreError> {
    use keyring_core::api::CredentialStoreApi as _;
    let store = zbus_secret_service_keyring_store::Store::new()
        .map_err(|error| KeyStoreError::NoStore(without_secrets(&error)))?;
    let label = format!("{service}: {name}");
    let label = std::collections::HashMap::from([("label", label.as_str())]);
    store.build(service, name, Some(&label)).map_err(told)
}

#[cfg(not(target_os = "linux"))]
fn open_entry(service: &str, name: &str) -> Result<keyring_core::Entry, KeyStoreError> {
    keyring::v1::Entry::new(service, name).map(|entry| entry.inner).map_err(told)
}

#[expect(clippy::needless_pass_by_value, reason = "used with map_err")]
fn told(error: Error) -> KeyStoreError {
    match &error {
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => {
            KeyStoreError::NoStore(without_secrets(&error))
        }
        Error::NoStorageAccess(_) => KeyStoreError::Locked,
        _ => KeyStoreError::Other(without_secrets(&error)),
    }
}

/// What the store says of itself. Errors that carry what was stored are named only.
fn without_secrets(error: &Error) -> String {
    match error {
        Error::BadEncoding(_) => "an entry is not text".to_owned(),
        Error::BadDataFormat(_, _) => "an entry is damaged".to_owned(),
        Error::Ambiguous(_) => "an entry stands there twice".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_carries_the_secret_does_not_tell_it() {
        let error = told(Error::BadEncoding(b"EAAsecret".to_vec()));
        assert!(!format!("{error:?} {error}").contains("EAAsecret"));
        let bytes = format!("{:?}", b"EAAsecret");
        assert!(!format!("{error:?}").contains(bytes.trim_matches(['[', ']'])));
    }

    #[test]
    fn a_locked_store_and_a_missing_one_are_told_apart() {
        assert_eq!(told(Error::NoStorageAccess("shut".into())), KeyStoreError::Locked);
        assert!(matches!(told(Error::NoDefaultStore), KeyStoreError::NoStore(_)));
    }
}
