//! Table `setting`: small values of this desk, chosen by whoever sets them.

use super::{Conn, Result, Store};

impl Store {
    /// A setting's value.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn setting(&self, name: &str) -> Result<Option<String>> {
        let mut conn = self.read().acquire().await?;
        get(&mut conn, name).await
    }

    /// Sets or removes a setting.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_setting(&self, name: &str, value: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        match value {
            Some(value) => set(&mut tx, name, value).await?,
            None => remove(&mut tx, name).await?,
        }
        self.commit(tx).await
    }
}

/// A setting's value.
pub(super) async fn get(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    let value = sqlx::query_scalar!("SELECT value FROM setting WHERE name = ?", name);
    Ok(value.fetch_optional(conn).await?)
}

/// Gives a setting a value.
pub(super) async fn set(conn: &mut Conn, name: &str, value: &str) -> Result<()> {
    sqlx::query!(
        "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
        name,
        value
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A setting has no value any more.
pub(super) async fn remove(conn: &mut Conn, name: &str) -> Result<()> {
    sqlx::query!("DELETE FROM setting WHERE name = ?", name).execute(conn).await?;
    Ok(())
}
