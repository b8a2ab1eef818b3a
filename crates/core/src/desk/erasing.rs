//! Erasing a customer: for ever, on the relay and on every desk. Meta keeps its own copy.
//!
//! The relay comes first: it appends the fact, and takes the words out of its own file in the same transaction. Each desk does as
//! it reads the fact, this one too, and confirms it.

use baton_protocol::LogName;
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::people::DeskWaiting;

use super::inner::request;
use super::{Desk, DeskError};
use crate::store::{Erasing, ThreadId};

/// A desk that has not confirmed an erasure.
pub type ErasureDesk = DeskWaiting;

/// How the last erasure of a customer stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// When, milliseconds UTC of Meta as far as the relay knew it.
    pub at_ms: i64,
    /// Who did it, by name; none when that is not known.
    pub by: Option<String>,
    /// Desks that have not confirmed it, oldest first.
    pub waiting: Vec<ErasureDesk>,
}

impl Desk {
    /// What this desk would lose with a thread's customer.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`] for all but admins; when the store cannot be read.
    pub async fn erasing(&self, thread: ThreadId) -> Result<Erasing, DeskError> {
        self.administered(thread).await?;
        Ok(self.inner.store.erasing(thread).await?)
    }

    /// Erases a thread's customer, for the whole team and for ever.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`] for all but admins; [`DeskError::Relay`], and then nothing is erased.
    pub async fn erase_customer(&self, thread: ThreadId) -> Result<(), DeskError> {
        let key = self.administered(thread).await?;
        let command = Command::EraseCustomer { customer: key.customer };
        self.inner.ask(&LogName::Account(key.account), &request(command)).await?;
        Ok(())
    }

    /// How the last erasure of a thread's customer stands, with the desks that did not confirm it; none when there was none.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`] for all but admins; [`DeskError::Relay`].
    pub async fn erasure(&self, thread: ThreadId) -> Result<Option<Erasure>, DeskError> {
        let key = self.administered(thread).await?;
        let Some(standing) = self.at_relay()?.erasure(&key.account, &key.customer).await? else {
            return Ok(None);
        };
        let by = match standing.by {
            Some(agent) => Some(self.inner.called(agent).await?),
            None => None,
        };
        Ok(Some(Erasure { at_ms: standing.at_ms, by, waiting: standing.waiting }))
    }

    /// The thread's name, for an admin of its account.
    async fn administered(&self, thread: ThreadId) -> Result<crate::store::ThreadKey, DeskError> {
        let thread = self.inner.thread(thread).await?;
        let access = self.inner.store.access().await?;
        let role =
            access.iter().find(|access| access.account == thread.key.account).map(|access| access.role);
        if role != Some(Role::Admin) {
            return Err(DeskError::NotForRole);
        }
        Ok(thread.key)
    }
}
