//! The history of accounts as a window shows it, and pausing it.

use baton_messenger::AccountId;
use baton_protocol::LogName;
use baton_protocol::command::Command;

use super::inner::{Inner, request};
use super::{Desk, DeskError};
use crate::history::HistoryStanding;
use crate::store::StoreError;

impl Desk {
    /// How the history of each connected account stands.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn histories(&self) -> Result<Vec<HistoryStanding>, DeskError> {
        let mut histories = Vec::new();
        for access in self.inner.store.access().await? {
            histories.extend(self.inner.history_of(&access.account).await?);
        }
        Ok(histories)
    }

    /// Pauses reading an account's history for the whole team, or lets it go on.
    ///
    /// # Errors
    /// [`DeskError::Relay`]: refused to agents without the right, or the relay is away.
    pub async fn pause_history(&self, account: &AccountId, paused: bool) -> Result<(), DeskError> {
        let log = LogName::Account(self.inner.invited(account).await?.account);
        self.inner.ask(&log, &request(Command::PauseHistory { paused })).await?;
        Ok(())
    }
}

impl Inner {
    /// How the history of an account stands; none when it is not connected.
    pub(super) async fn history_of(
        &self,
        account: &AccountId,
    ) -> Result<Option<HistoryStanding>, StoreError> {
        let Some(row) = self.store.account(account).await?.filter(|row| row.connected) else {
            return Ok(None);
        };
        // What a steward told last is no news while the relay is away: it may have stopped since.
        let answers = self.is_served();
        let told = self.history.told(account, self.boot_ms()).filter(|_| answers);
        let steward = told.as_ref().and_then(|told| told.steward);
        Ok(Some(HistoryStanding {
            account: account.clone(),
            steward,
            is_here: self.history.is_steward(account, self.boot_ms()),
            progress: told.and_then(|told| told.progress),
            is_paused: row.history_paused,
            through_ms: row.history_through_ms,
            unread: row.history_unread.len() as u64,
            missed: self.store.missed_messages(account).await?,
        }))
    }
}
