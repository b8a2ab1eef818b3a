//! Table `account_check`: when this desk last read the settings of an account from Meta; and by whose profile it sees
//! whether Meta gives names.

use std::collections::BTreeMap;

use baton_protocol::{AccountId, CustomerId};

use super::{Result, Store, refused_take};

impl Store {
    /// When each account was checked last, milliseconds UTC of Meta.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn account_checks(&self) -> Result<BTreeMap<AccountId, i64>> {
        let rows: Vec<(String, i64)> =
            sqlx::query_as("SELECT account, checked_ms FROM account_check").fetch_all(self.read()).await?;
        Ok(rows.into_iter().map(|(account, checked_ms)| (AccountId::from(account), checked_ms)).collect())
    }

    /// Whose thread of the account, of those that are not done, changed last; none when there is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn newest_customer(&self, account: &AccountId) -> Result<Option<CustomerId>> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT customer FROM thread WHERE active = 1 AND account = ?
             ORDER BY last_at_ms DESC, thread_id DESC LIMIT 1",
        )
        .bind(account.as_str())
        .fetch_optional(self.read())
        .await?;
        Ok(found.map(CustomerId::from))
    }

    /// An account was checked at this moment. What Meta refused to our app there may be tried again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn account_checked(&self, account: &AccountId, checked_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query(
            "INSERT INTO account_check (account, checked_ms) VALUES (?, ?)
             ON CONFLICT DO UPDATE SET checked_ms = excluded.checked_ms",
        )
        .bind(account.as_str())
        .bind(checked_ms)
        .execute(&mut *tx)
        .await?;
        refused_take::forget(&mut tx, account).await?;
        self.commit(tx).await
    }
}
