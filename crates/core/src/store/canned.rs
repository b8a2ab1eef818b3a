//! Tables `canned_reply` and `own_canned_reply`: texts under short names, shared by the team or kept by this agent alone.

use super::{Result, Store};

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CannedRow {
    /// Its short name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// True when the whole team has it.
    pub shared: bool,
}

impl Store {
    /// All canned replies of this desk by name, this agent's own before the team's of the same name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn canned_replies(&self) -> Result<Vec<CannedRow>> {
        let rows = sqlx::query_as(
            "SELECT name, text, 0 AS shared FROM own_canned_reply
             UNION ALL SELECT name, text, 1 FROM canned_reply WHERE text IS NOT NULL
             ORDER BY name, shared",
        );
        Ok(rows.fetch_all(self.read()).await?)
    }

    /// The text that the team shares under a name, as far as the log is here.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn shared_canned_reply(&self, name: &str) -> Result<Option<String>> {
        let text: Option<Option<String>> = sqlx::query_scalar("SELECT text FROM canned_reply WHERE name = ?")
            .bind(name)
            .fetch_optional(self.read())
            .await?;
        Ok(text.flatten())
    }

    /// Keeps a reply for this agent alone; without text it is removed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn set_own_canned_reply(&self, name: &str, text: Option<&str>) -> Result<()> {
        let mut tx = self.write().await?;
        let query = match text {
            Some(text) => sqlx::query(
                "INSERT INTO own_canned_reply (name, text) VALUES (?, ?)
                 ON CONFLICT DO UPDATE SET text = excluded.text",
            )
            .bind(name)
            .bind(text),
            None => sqlx::query("DELETE FROM own_canned_reply WHERE name = ?").bind(name),
        };
        query.execute(&mut *tx).await?;
        self.commit(tx).await
    }
}
