//! After an update, once per version: raw entries that an older version could not understand are applied, and every thread is
//! computed anew, because that version may have seen another in what it understood.

use baton_protocol::entry::Entry;
use baton_protocol::{AccountId, LogName};
use baton_thread::AccountFacts;

use super::ingest::Batch;
use super::telling::{OpeningStep, OpeningWatcher, Share, Untold};
use super::{LogState, Result, Store, account, log, recompute, thread};
use crate::apply;

/// Which version of apply has seen all raw entries.
pub(super) const SETTING: &str = "store.applied_by";
/// How many entries one transaction looks at.
const STRIDE: u32 = 500;
/// How many threads one transaction computes anew.
pub(super) const THREADS: usize = 500;

impl Store {
    /// Applies what is understood since. Returns how many entries that were.
    pub(super) async fn apply_again(&self, tells: &dyn OpeningWatcher) -> Result<usize> {
        let version = apply::VERSION.to_string();
        if self.setting(SETTING).await?.as_deref() == Some(version.as_str()) {
            return Ok(0);
        }
        let mut understood = 0;
        let logs = self.cursors().await?;
        let mut far = Far::begin(self.threads_of(&logs).await?, tells);
        for state in logs {
            let mut after = String::new();
            while let Some(page) = self.apply_page_again(&state.log, &after).await? {
                understood += page.understood;
                after = page.last_key;
            }
            if let Some(account) = state.log.account() {
                self.compute_again(account, &mut far).await?;
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
        let (mut removed, mut due) = (false, None);
        if !understood.is_empty() {
            let facts = match name.account() {
                Some(account) => account::facts_of_ensured(&mut tx, account).await?,
                None => AccountFacts::default(),
            };
            let mut batch = Batch::new(&mut tx, name.clone(), facts);
            batch.take_in(&understood).await?;
            removed = batch.has_removed();
            due = batch.into_due();
        }
        self.commit_or_removal(tx, removed).await?;
        if let Some(account) = due {
            self.compute_all_due(&account, &mut Far::begin(0, &Untold)).await?;
        }
        Ok(Some(Applied { understood: understood.len(), last_key }))
    }

    /// Every thread of an account, from its messages and its evidence: who holds it, and what its row says. In pieces, so that
    /// a long history neither grows the log of the file nor keeps others from writing for long.
    async fn compute_again(&self, account: &AccountId, far: &mut Far<'_>) -> Result<()> {
        let threads = {
            let mut conn = self.read().acquire().await?;
            thread::of_account(&mut conn, account).await?
        };
        for some in threads.chunks(THREADS) {
            let mut tx = self.write().await?;
            let facts = account::facts_of_ensured(&mut tx, account).await?;
            recompute::compute_some(&mut tx, some, &facts).await?;
            self.commit(tx).await?;
            far.goes_on(some.len());
        }
        Ok(())
    }

    /// How many threads there are to compute anew; entries that are understood since may bring more.
    async fn threads_of(&self, logs: &[LogState]) -> Result<usize> {
        let mut conn = self.read().acquire().await?;
        let mut threads = 0;
        for account in logs.iter().filter_map(|state| state.log.account()) {
            threads += thread::of_account(&mut conn, account).await?.len();
        }
        Ok(threads)
    }
}

/// How far it is, told as it goes on. A file without threads takes no time worth a word.
pub(super) struct Far<'a> {
    done: usize,
    of: usize,
    tells: &'a dyn OpeningWatcher,
}

impl<'a> Far<'a> {
    /// Of so many threads none is done.
    pub(super) fn begin(of: usize, tells: &'a dyn OpeningWatcher) -> Self {
        let far = Self { done: 0, of, tells };
        far.tell();
        far
    }

    fn tell(&self) {
        if self.of > 0 {
            self.tells.stands(OpeningStep::Applying(Share::counted(self.done, self.of)));
        }
    }

    /// So many more are done.
    pub(super) fn goes_on(&mut self, threads: usize) {
        self.done += threads;
        self.tell();
    }
}

struct Applied {
    understood: usize,
    last_key: String,
}
