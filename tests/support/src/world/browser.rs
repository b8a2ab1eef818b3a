//! The browser of a desk's machine, and the person in front of it at Meta's login dialog.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::Context as _;
use async_trait::async_trait;
use baton_commands::outside::{NotOpened, Outside};
use baton_messenger::AccountId;
use reqwest::Url;

/// A browser that remembers what it was opened at.
#[derive(Debug)]
pub struct Browser {
    meta: String,
    is_there: AtomicBool,
    opened: Mutex<Vec<String>>,
    saves_into: Mutex<Option<PathBuf>>,
}

#[async_trait]
impl Outside for Browser {
    fn open(&self, address: &str) -> Result<(), NotOpened> {
        if !self.is_there.load(Ordering::Relaxed) {
            return Err(NotOpened);
        }
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push(address.to_owned());
        Ok(())
    }

    fn open_file(&self, _file: &Path) -> Result<(), NotOpened> {
        Err(NotOpened)
    }

    async fn place_to_save(&self, name: &str) -> Result<Option<PathBuf>, NotOpened> {
        let folder = self.saves_into.lock().unwrap_or_else(PoisonError::into_inner).clone();
        folder.map(|folder| Some(folder.join(name))).ok_or(NotOpened)
    }
}

impl Browser {
    /// Whoever is asked where to save something chooses this folder from now on.
    pub fn saves_into(&self, folder: &Path) {
        *self.saves_into.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder.to_owned());
    }

    /// A browser that reaches this Meta.
    pub(crate) fn of(meta: &str) -> Self {
        Self {
            meta: meta.to_owned(),
            is_there: AtomicBool::new(true),
            opened: Mutex::default(),
            saves_into: Mutex::default(),
        }
    }

    /// The machine has no browser from now on, or has one again.
    pub fn is_there(&self, is_there: bool) {
        self.is_there.store(is_there, Ordering::Relaxed);
    }

    /// What it was opened at, oldest first.
    #[must_use]
    pub fn opened(&self) -> Vec<String> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The person agrees in the dialog that was opened last, and chooses these accounts. Gives the page that is shown in
    /// the end.
    ///
    /// # Errors
    /// When nothing was opened, or Meta or the relay does not answer.
    pub async fn agrees(&self, accounts: &[AccountId]) -> anyhow::Result<String> {
        self.answers(&self.last()?, "continue", accounts).await
    }

    /// The person says no in the dialog that was opened last.
    ///
    /// # Errors
    /// As [`Self::agrees`].
    pub async fn declines(&self) -> anyhow::Result<String> {
        self.answers(&self.last()?, "cancel", &[]).await
    }

    /// The person answers the dialog at this address.
    ///
    /// # Errors
    /// When Meta or the relay does not answer.
    pub async fn answers(
        &self,
        address: &str,
        answer: &str,
        accounts: &[AccountId],
    ) -> anyhow::Result<String> {
        let browser = reqwest::Client::builder().no_proxy().build()?;
        let dialog = browser.get(address).send().await?.error_for_status()?.text().await?;
        anyhow::ensure!(dialog.contains("login-continue"), "this is no dialog: {dialog}");
        let asked = Url::parse(address)?;
        let mut fields: Vec<(String, String)> = asked
            .query_pairs()
            .filter(|(name, _)| ["client_id", "redirect_uri", "state"].contains(&name.as_ref()))
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        fields.push(("kind".to_owned(), "facebook".to_owned()));
        fields.push(("answer".to_owned(), answer.to_owned()));
        fields.extend(accounts.iter().map(|account| ("account".to_owned(), account.to_string())));
        let back = browser.post(format!("{}/dialog/answer", self.meta)).form(&fields).send().await?;
        Ok(back.text().await?)
    }

    fn last(&self) -> anyhow::Result<String> {
        self.opened().pop().context("no browser was opened")
    }
}
