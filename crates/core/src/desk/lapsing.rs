//! Threads of this agent of which Baton soon loses control: told wherever the agent is, not only in the thread that is open.
//! One that is kept by a draft or a reply that waits ([`crate::control::keep`]) is not among them.

use super::inner::Inner;
use crate::control::keep::{KEEP_BEFORE_MS, Work, is_to_be_kept};
use crate::store::{StoreError, ThreadId, ThreadKey};

/// A thread of which control ends soon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LapsingThread {
    /// Which.
    pub thread: ThreadId,
    /// Account and customer.
    pub key: ThreadKey,
    /// The customer's name, when it is known.
    pub customer_name: Option<String>,
    /// When control ends, milliseconds UTC of Meta.
    pub until_ms: i64,
}

impl Inner {
    /// Those of this agent, soonest first.
    pub(super) async fn lapsing(&self) -> Result<Vec<LapsingThread>, StoreError> {
        let Some(me) = self.me() else { return Ok(Vec::new()) };
        let now_ms = self.meta_now().ms;
        let mut lapsing = Vec::new();
        for row in self.store.lapsing(me.agent, now_ms, now_ms.saturating_add(KEEP_BEFORE_MS)).await? {
            let Some(until_ms) = row.owner.until_ms else { continue };
            let facts = self.store.account_facts(&row.key.account).await?;
            let is_kept = is_to_be_kept(&row.owner, &facts, Work::of(&row, self.wall_ms()), now_ms);
            if row.owner.owner == baton_thread::Owner::Ours && !is_kept {
                let (thread, key, customer_name) = (row.thread, row.key, row.customer_name);
                lapsing.push(LapsingThread { thread, key, customer_name, until_ms });
            }
        }
        Ok(lapsing)
    }

    /// When one more is to be told of, or one no more: milliseconds UTC of Meta.
    pub(super) async fn next_lapsing_ms(&self) -> Result<Option<i64>, StoreError> {
        let Some(me) = self.me() else { return Ok(None) };
        let now_ms = self.meta_now().ms;
        let ends_ms = self.store.next_lapse_ms(me.agent, now_ms).await?;
        let later_ms = self.store.next_lapse_ms(me.agent, now_ms.saturating_add(KEEP_BEFORE_MS)).await?;
        let begins_ms = later_ms.map(|until_ms| until_ms.saturating_sub(KEEP_BEFORE_MS));
        Ok(ends_ms.into_iter().chain(begins_ms).min())
    }
}
