//! Removing an account: the relay ends its service, Meta is asked to send nothing more of it, and every desk forgets it.
//!
//! The relay comes first: only when it agreed is anything given up. Then the rights of every desk change, and each
//! purges what it may no longer read, this one included (see `sync`).

use baton_graph::{Credentials, Urgency};
use baton_messenger::AccountId;
use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::error::ErrorCode;

use super::inner::request;
use super::{Desk, DeskError};
use crate::relay_client::RelayError;
use crate::store::Removal;

/// Whether Meta still sends what happens at an account that was removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MetaAfter {
    /// It was told to stop, and did.
    Silent,
    /// Another account of the same Page needs the subscription.
    SharedPage,
    /// It could not be told: the token is gone or dead, or Meta cannot be reached.
    StillSends,
}

impl Desk {
    /// What would be lost on this desk with an account.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn removal(&self, account: &AccountId) -> Result<Removal, DeskError> {
        Ok(self.inner.store.removal(account).await?)
    }

    /// Removes an account for the whole team. This desk loses it as every other one does, as soon as the relay tells it
    /// that its rights changed.
    ///
    /// # Errors
    /// [`DeskError::Relay`]; then nothing was removed.
    pub async fn remove_account(&self, account: &AccountId) -> Result<MetaAfter, DeskError> {
        self.inner.invited(account).await?;
        // What is needed to tell Meta goes with the rights.
        let credentials = self.inner.credentials(account).await;
        let page = self.inner.page_of(account).await?;
        let shared = self.shares_page(account, &page).await?;
        let removed =
            self.inner.ask(&LogName::Account(account.clone()), &request(Command::RemoveAccount)).await;
        match removed {
            Ok(_) => {}
            // The answer to a first try was lost: the account is gone for this desk already.
            Err(RelayError::Refused(body)) if body.code == ErrorCode::NoSuchLog => {}
            Err(error) => return Err(error.into()),
        }
        if shared {
            return Ok(MetaAfter::SharedPage);
        }
        Ok(self.silence(credentials, &page).await)
    }

    /// Whether another connected account of this desk hears of Meta through the same Page.
    async fn shares_page(&self, account: &AccountId, page: &AccountId) -> Result<bool, DeskError> {
        let accounts = self.inner.store.accounts().await?;
        Ok(accounts
            .iter()
            .any(|other| other.connected && other.account != *account && other.page.as_ref() == Some(page)))
    }

    async fn silence(&self, credentials: Option<Credentials>, page: &AccountId) -> MetaAfter {
        let Some(credentials) = credentials else { return MetaAfter::StillSends };
        let graph = self.inner.graph().urgent(Urgency::SetUp);
        match graph.unsubscribe_page(&credentials, page).await {
            Ok(_) => MetaAfter::Silent,
            Err(error) => {
                tracing::warn!(%page, %error, "Meta was not told to send nothing more");
                MetaAfter::StillSends
            }
        }
    }
}
