//! After an update: raw entries that an older version could not understand are applied, once per version.

use baton_protocol::LogName;
use baton_protocol::entry::Entry;
use baton_thread::AccountFacts;

use super::ingest::Batch;
use super::{Result, Store, account, log};
use crate::apply;

/// Which version of apply has seen all raw entries.
pub(super) const SETTING: &str = "store.applied_by";
/// How many entries one transaction looks at.
const STRIDE: u32 = 500;

impl Store {
    /// Applies what is understood since. Returns how many entries that were.
    pub(super) async fn apply_again(&self) -> Result<usize> {
        let version = apply::VERSION.to_string();
        if self.setting(SETTING).await?.as_deref() == Some(version.as_str()) {
            return Ok(0);
        }
        let mut understood = 0;
        for state in self.cursors().await? {
            let mut after = String::new();
            while let Some(page) = self.apply_page_again(&state.log, &after).await? {
                understood += page.understood;
                after = page.last_key;
            }
        }
        self.set_setting(SETTING, Some(&version)).await?;
        Ok(understood)
    }

    async fn apply_page_again(&self, name: &LogName, after: &str) -> Result<Option<Applied>> {
        let mut tx = self.write().await?;
        let entries = log::not_applied(&mut tx, name, after, STRIDE).await?;
        let Some(last_key) = entries.last().map(|entry| entry.key.clone()) else { return Ok(None) };
        let understood: Vec<Entry> =
            entries.into_iter().filter(|entry| apply::understand(entry).understood).collect();
        if !understood.is_empty() {
            let facts = match name.account() {
                Some(account) => account::facts(&mut tx, account).await?,
                None => AccountFacts::default(),
            };
            Batch::new(&mut tx, name.clone(), facts).take_in(&understood).await?;
        }
        self.commit(tx).await?;
        Ok(Some(Applied { understood: understood.len(), last_key }))
    }
}

struct Applied {
    understood: usize,
    last_key: String,
}
