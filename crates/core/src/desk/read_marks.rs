//! Read marks on their way to the relay: up to where this agent has read each thread, for the agent's other desks.
//!
//! A mark counts here at once. What the relay does not know yet is kept as one small setting, newest mark per thread, and
//! told when the stream opens; nothing waits for it.

use std::collections::BTreeMap;

use baton_protocol::snapshot::ReadMark;

use super::inner::Inner;
use crate::store::StoreError;

/// The setting that holds marks which the relay does not know yet.
const SETTING: &str = "core.unsent_read_marks";

impl Inner {
    /// Keeps a mark until the relay has it.
    pub(super) async fn keep_read_mark(&self, mark: &ReadMark) -> Result<(), StoreError> {
        let _one_at_a_time = self.marks.lock().await;
        let mut unsent = self.unsent_marks().await?;
        unsent.insert(name(mark), mark.clone());
        self.save_marks(&unsent).await
    }

    /// Tells the relay every mark that it does not know. A failure leaves the rest for the next time.
    pub(crate) async fn tell_read_marks(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.marks.lock().await;
        let Some(relay) = self.relay() else { return Ok(()) };
        let mut unsent = self.unsent_marks().await?;
        for mark in unsent.clone().into_values() {
            match relay.mark_read(&mark).await {
                Err(error) if error.passes_by_itself() => break,
                Err(error) => tracing::debug!(%error, "the relay did not take a read mark"),
                Ok(()) => {}
            }
            unsent.remove(&name(&mark));
            self.save_marks(&unsent).await?;
        }
        Ok(())
    }

    /// Takes over marks of this agent as the relay has them. What was read here and the relay does not know yet is newer.
    pub(crate) async fn take_read_marks(&self, marks: Vec<ReadMark>) -> Result<(), StoreError> {
        let _one_at_a_time = self.marks.lock().await;
        let unsent = self.unsent_marks().await?;
        let marks: Vec<ReadMark> =
            marks.into_iter().filter(|mark| !unsent.contains_key(&name(mark))).collect();
        let threads = self.store.set_read_marks(&marks).await?;
        if !threads.is_empty() {
            self.notices.threads(threads, self.store.version());
        }
        Ok(())
    }

    async fn unsent_marks(&self) -> Result<BTreeMap<String, ReadMark>, StoreError> {
        let kept = self.store.setting(SETTING).await?;
        Ok(kept.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
    }

    async fn save_marks(&self, unsent: &BTreeMap<String, ReadMark>) -> Result<(), StoreError> {
        let json =
            serde_json::to_string(unsent).map_err(|error| StoreError::Unreadable(error.to_string()))?;
        let value = (!unsent.is_empty()).then_some(json.as_str());
        self.store.set_setting(SETTING, value).await
    }
}

fn name(mark: &ReadMark) -> String {
    format!("{}/{}", mark.account, mark.customer)
}
