//! Table `setting`: small values of this desk, chosen by whoever sets them.

use super::{Result, Store};

impl Store {
    /// A setting's value.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        let value = sqlx::query_scalar!("SELECT value FROM setting WHERE name = ?", name);
        Ok(value.fetch_optional(self.read()).await?)
    }

    /// Sets or removes a setting.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_setting(&self, name: &str, value: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        match value {
            Some(value) => {
                sqlx::query!(
                    "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                    name,
                    value
                )
                .execute(&mut *tx)
                .await?
            }
            None => sqlx::query!("DELETE FROM setting WHERE name = ?", name).execute(&mut *tx).await?,
        };
        self.commit(tx).await
    }
}
