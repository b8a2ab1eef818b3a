//! A file that enrols a desk once, for the demo and for tests: what a person would type into the first window.
//!
//! ```json
//! {"relay_url": "http://127.0.0.1:4100", "invite": "…",
//!  "accounts": [{"id": "104500000000011", "token": "…"}]}
//! ```
//!
//! It goes through the same commands as the first window, with the same checks. The file is removed before anything
//! else happens, because it holds secrets; a desk that is enrolled already only removes it.

use std::path::Path;

use anyhow::Context as _;
use baton_commands::Answering;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};

/// What the file holds.
#[derive(Debug, Deserialize)]
pub struct EnrolFile {
    relay_url: String,
    #[serde(deserialize_with = "secret")]
    invite: SecretString,
    #[serde(default)]
    accounts: Vec<AccountToken>,
}

#[derive(Debug, Deserialize)]
struct AccountToken {
    id: String,
    #[serde(deserialize_with = "secret")]
    token: SecretString,
}

fn secret<'de, D: Deserializer<'de>>(from: D) -> Result<SecretString, D::Error> {
    String::deserialize(from).map(SecretString::from)
}

/// Reads the file and removes it.
///
/// # Errors
/// When it cannot be read or is not of the form above. The error never holds its words.
pub fn take(path: &Path) -> anyhow::Result<EnrolFile> {
    let text = SecretString::from(
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
    );
    std::fs::remove_file(path).with_context(|| format!("cannot remove {}", path.display()))?;
    serde_json::from_str(text.expose_secret())
        .map_err(|error| anyhow::anyhow!("line {} of {} cannot be read", error.line(), path.display()))
}

/// Enrols the desk and connects its accounts, unless it is enrolled.
///
/// # Errors
/// What the first window would show.
pub async fn enrol(desk: &Answering, file: &EnrolFile) -> anyhow::Result<()> {
    let session = ask(desk, "session", Value::Null).await?;
    if session["phase"] != "enrol" {
        return Ok(());
    }
    let given = json!({"address": file.relay_url, "invite": file.invite.expose_secret()});
    ask(desk, "checkRelay", given.clone()).await?;
    ask(desk, "enrol", given).await?;
    for account in &file.accounts {
        connect(desk, account).await.with_context(|| format!("account {}", account.id))?;
    }
    Ok(())
}

async fn connect(desk: &Answering, account: &AccountToken) -> anyhow::Result<()> {
    let given = json!({"account": account.id, "token": account.token.expose_secret()});
    ask(desk, "checkPageToken", given.clone()).await?;
    ask(desk, "connectAccount", given).await.map(drop)
}

async fn ask(desk: &Answering, name: &str, request: Value) -> anyhow::Result<Value> {
    let answer = baton_commands::dispatch(desk, name, request).await;
    answer.map_err(|error| anyhow::anyhow!("{name}: {} {}", error.message, error.action))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_gone_once_it_was_read_and_is_never_shown() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("enrol.json");
        std::fs::write(
            &path,
            r#"{"relay_url":"http://127.0.0.1:1","invite":"top-1","accounts":[{"id":"1","token":"EAAtop"}]}"#,
        )?;
        let file = take(&path)?;
        assert!(!path.exists());
        let shown = format!("{file:?}");
        assert!(!shown.contains("top-1") && !shown.contains("EAAtop"), "{shown}");
        Ok(())
    }

    #[test]
    fn a_broken_file_does_not_tell_its_words() -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("enrol.json");
        std::fs::write(&path, r#"{"relay_url": "x", "invite": EAAtop}"#)?;
        let error = take(&path).map(drop).unwrap_err();
        assert!(!format!("{error:?}").contains("EAAtop"));
        assert!(!path.exists());
        Ok(())
    }
}
