//! Table `page_token`: what this desk knows of its Page tokens. Never a token, nor anything made from one.

use baton_protocol::AccountId;
use baton_protocol::token::TokenRegistered;

use super::error::{of_json, to_json};
use super::{Result, Store};

/// What is known of the Page token of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRow {
    /// The account.
    pub account: AccountId,
    /// Counts the tokens that this desk has had for it, so that an answer about an earlier one is known as such.
    pub generation: i64,
    /// Since when it is here, milliseconds of Meta's clock.
    pub kept_ms: i64,
    /// True once the relay knows it.
    pub is_registered: bool,
    /// True once Meta refused it.
    pub is_dead: bool,
    /// What Meta said of it last; none before it was asked.
    pub facts: Option<TokenFactsRow>,
}

/// What Meta said of a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenFactsRow {
    /// When it was asked, milliseconds of Meta's clock.
    pub checked_ms: i64,
    /// When the token ends, milliseconds UTC; none when it has no end of its own.
    pub expires_ms: Option<i64>,
    /// When Meta stops giving data for it unless the person logs in again, milliseconds UTC.
    pub data_access_expires_ms: Option<i64>,
    /// The rights it carries, as Meta calls them.
    pub scopes: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    account: String,
    generation: i64,
    kept_ms: i64,
    registered: bool,
    dead: bool,
    checked_ms: Option<i64>,
    expires_ms: Option<i64>,
    data_access_expires_ms: Option<i64>,
    scopes: Option<String>,
}

impl Store {
    /// What is known of the token of an account.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn token_row(&self, account: &AccountId) -> Result<Option<TokenRow>> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT account, generation, kept_ms, registered, dead, checked_ms, expires_ms, data_access_expires_ms, scopes
             FROM page_token WHERE account = ?",
        )
        .bind(account.as_str())
        .fetch_optional(self.read())
        .await?;
        row.map(TokenRow::try_from).transpose()
    }

    /// Accounts whose token Meta refused.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn dead_tokens(&self) -> Result<Vec<AccountId>> {
        let accounts: Vec<String> = sqlx::query_scalar("SELECT account FROM page_token WHERE dead = 1")
            .fetch_all(self.read())
            .await?;
        Ok(accounts.into_iter().map(AccountId::from).collect())
    }

    /// Another token is about to be kept for an account: nothing is known of it yet, and the relay does not know it. Told
    /// before the key store has it, so that a crash between the two only registers the old one again.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_comes(&self, account: &AccountId, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        let account = account.as_str();
        sqlx::query!(
            "INSERT INTO page_token (account, generation, kept_ms, registered, dead) VALUES (?, 1, ?, 0, 0)
             ON CONFLICT DO UPDATE SET generation = generation + 1, kept_ms = excluded.kept_ms, registered = 0, dead = 0,
               checked_ms = NULL, expires_ms = NULL, data_access_expires_ms = NULL, scopes = NULL",
            account,
            now_ms
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// The relay knows the token of this generation, and Meta said what it is worth. False when another came meanwhile.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_registered(
        &self,
        account: &AccountId,
        generation: i64,
        now_ms: i64,
        facts: &TokenRegistered,
    ) -> Result<bool> {
        let mut tx = self.write().await?;
        let (account, scopes) = (account.as_str(), to_json(&facts.scopes)?);
        let done = sqlx::query!(
            "UPDATE page_token SET registered = 1, checked_ms = ?, expires_ms = ?, data_access_expires_ms = ?, scopes = ?
             WHERE account = ? AND generation = ?",
            now_ms,
            facts.expires_ms,
            facts.data_access_expires_ms,
            scopes,
            account,
            generation
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await?;
        Ok(done.rows_affected() > 0)
    }

    /// The relay knows none of the tokens: this desk joined it anew.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn no_token_is_registered(&self) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query!("UPDATE page_token SET registered = 0").execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// The relay does not know the token any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_unregistered(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        let account = account.as_str();
        sqlx::query!("UPDATE page_token SET registered = 0 WHERE account = ?", account)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// Meta refused the token.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_died(&self, account: &AccountId, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        let account = account.as_str();
        sqlx::query!(
            "INSERT INTO page_token (account, generation, kept_ms, registered, dead) VALUES (?, 1, ?, 0, 1)
             ON CONFLICT DO UPDATE SET dead = 1",
            account,
            now_ms
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// Another token came while one was found dead.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_lives(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        let account = account.as_str();
        sqlx::query!("UPDATE page_token SET dead = 0 WHERE account = ?", account).execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// There is no token any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn token_gone(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        let account = account.as_str();
        sqlx::query!("DELETE FROM page_token WHERE account = ?", account).execute(&mut *tx).await?;
        self.commit(tx).await
    }
}

impl TryFrom<Row> for TokenRow {
    type Error = super::StoreError;
    fn try_from(row: Row) -> Result<Self> {
        let scopes = row.scopes.as_deref().map(of_json::<Vec<String>>).transpose()?;
        Ok(Self {
            account: AccountId::from(row.account),
            generation: row.generation,
            kept_ms: row.kept_ms,
            is_registered: row.registered,
            is_dead: row.dead,
            facts: row.checked_ms.map(|checked_ms| TokenFactsRow {
                checked_ms,
                expires_ms: row.expires_ms,
                data_access_expires_ms: row.data_access_expires_ms,
                scopes: scopes.unwrap_or_default(),
            }),
        })
    }
}
