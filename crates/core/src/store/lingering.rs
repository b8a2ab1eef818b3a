//! Whether anything that was removed is still somewhere on this computer.

use std::sync::atomic::Ordering;

use baton_protocol::{AccountId, LogName};

use super::{Result, Store};

impl Store {
    /// True once nothing of what was removed is left: not in the file or beside it, and no file of it in the folders.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn nothing_lingers(&self) -> Result<bool> {
        if self.unwiped.load(Ordering::SeqCst)
            || self.copies_linger.load(Ordering::SeqCst)
            || self.is_scrub_due()
        {
            return Ok(false);
        }
        let files: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM media WHERE unused = 1)
               OR EXISTS (SELECT 1 FROM own_file WHERE unused = 1)",
        )
        .fetch_one(self.read())
        .await?;
        Ok(files == 0)
    }

    /// True while anything of an account is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn holds_any_of(&self, account: &AccountId) -> Result<bool> {
        let log = LogName::Account(account.clone());
        let rows: i64 = sqlx::query_scalar(
            "SELECT EXISTS (SELECT 1 FROM access WHERE account = ?1)
               OR EXISTS (SELECT 1 FROM thread WHERE account = ?1)
               OR EXISTS (SELECT 1 FROM customer WHERE account = ?1)
               OR EXISTS (SELECT 1 FROM page_token WHERE account = ?1)
               OR EXISTS (SELECT 1 FROM raw_entry WHERE log = ?2)",
        )
        .bind(account.as_str())
        .bind(log.as_str())
        .fetch_one(self.read())
        .await?;
        Ok(rows != 0)
    }
}
