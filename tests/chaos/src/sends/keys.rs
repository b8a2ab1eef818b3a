//! The secrets of a test's desk in a file of its folder, so that they outlive its process.

use std::collections::BTreeMap;
use std::path::Path;

use baton_core::keys::{KeyName, KeyStore as _, MemoryKeyStore};
use baton_messenger::AccountId;
use secrecy::{ExposeSecret as _, SecretString};

/// The file's name.
const FILE: &str = "keys.json";
const PAGE_TOKEN: &str = "page-token/";

/// Writes everything that a key store holds.
///
/// # Errors
/// When the folder cannot be written.
pub async fn write(folder: &Path, keys: &MemoryKeyStore) -> anyhow::Result<()> {
    let mut secrets = BTreeMap::new();
    for name in keys.names() {
        if let Some(secret) = keys.get(&name).await? {
            secrets.insert(name.to_string(), secret.expose_secret().to_owned());
        }
    }
    Ok(std::fs::write(folder.join(FILE), serde_json::to_vec(&secrets)?)?)
}

/// A key store that holds what was written.
///
/// # Errors
/// When nothing was.
pub async fn read(folder: &Path) -> anyhow::Result<MemoryKeyStore> {
    let secrets: BTreeMap<String, String> = serde_json::from_slice(&std::fs::read(folder.join(FILE))?)?;
    let keys = MemoryKeyStore::default();
    for (name, secret) in secrets {
        if let Some(name) = name_of(&name) {
            keys.set(&name, &SecretString::from(secret)).await?;
        }
    }
    Ok(keys)
}

fn name_of(name: &str) -> Option<KeyName> {
    match name {
        "desk-token" => Some(KeyName::DeskToken),
        "desk-private-key" => Some(KeyName::DeskPrivateKey),
        _ => name.strip_prefix(PAGE_TOKEN).map(|account| KeyName::PageToken(AccountId::from(account))),
    }
}
