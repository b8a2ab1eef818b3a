//! Removing an account: the relay ends its service, Meta is asked to send nothing more of it, and every desk forgets it.
//!
//! The relay comes first: only when it agreed is anything given up. Then the rights of every desk change, and each
//! purges what it may no longer read, this one included (see `sync`).

use baton_graph::{Credentials, Urgency};
use baton_messenger::limits::FIELDS_FOR_INSTAGRAM;
use baton_messenger::{AccountId, Platform};
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
    /// An Instagram account whose Page is still served: the Page's subscription brings the events of both, whatever its
    /// fields are (docs/meta.md 2.5).
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
        let seen_here = self.seen_here(account, &page).await?;
        let removed =
            self.inner.ask(&LogName::Account(account.clone()), &request(Command::RemoveAccount)).await;
        let served = match removed {
            // The team may serve accounts of the Page that this desk may not read.
            Ok(accepted) => accepted.still_served.unwrap_or(seen_here),
            // The answer to a first try was lost: the account is gone for this desk already, and who else needs the Page's
            // subscription cannot be asked any more. Nobody is cut off on a guess.
            Err(RelayError::Refused(body)) if body.code == ErrorCode::NoSuchLog => {
                return Ok(MetaAfter::StillSends);
            }
            Err(error) => return Err(error.into()),
        };
        Ok(self.silence(credentials, &page, &served).await)
    }

    /// Other connected accounts of this desk that hear of Meta through the same Page.
    async fn seen_here(&self, account: &AccountId, page: &AccountId) -> Result<Vec<Platform>, DeskError> {
        let accounts = self.inner.store.accounts().await?;
        let others = accounts.into_iter().filter(|other| {
            other.connected && other.account != *account && other.page.as_ref() == Some(page)
        });
        Ok(others.filter_map(|other| other.platform).collect())
    }

    /// Ends the Page's subscription, or leaves of it what the accounts need that are still served.
    async fn silence(
        &self,
        credentials: Option<Credentials>,
        page: &AccountId,
        served: &[Platform],
    ) -> MetaAfter {
        if served.contains(&Platform::Messenger) {
            return MetaAfter::SharedPage;
        }
        let Some(credentials) = credentials else { return MetaAfter::StillSends };
        let graph = self.inner.graph().urgent(Urgency::SetUp);
        let told = if served.contains(&Platform::Instagram) {
            graph.subscribe_page(&credentials, page, FIELDS_FOR_INSTAGRAM).await.map(drop)
        } else {
            graph.unsubscribe_page(&credentials, page).await.map(drop)
        };
        match told {
            Ok(()) => MetaAfter::Silent,
            Err(error) => {
                tracing::warn!(%page, %error, "Meta was not told to send nothing more");
                MetaAfter::StillSends
            }
        }
    }
}
