//! On which accounts Meta refused our app to take control, kept among the settings of this desk. Whether an app may take
//! is chosen by an admin of the account at Meta, and no call reads it (docs/meta.md 5.1): a refusal alone tells. It is
//! forgotten when anything may have changed it: what the log says of the account's routing or of the parts of its apps,
//! a check of the account, and each start of the desk.

use baton_protocol::AccountId;
use baton_protocol::team::TeamFact;

use super::{Conn, Result, Store};

/// The setting of an account is named by this and its id. `account::FACTS` says the same.
const PREFIX: &str = "core.take_refused.";

impl Store {
    /// Meta refused our app to take control on an account, whichever thread it is.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn take_was_refused(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("INSERT INTO setting (name, value) VALUES (?1 || ?2, '1') ON CONFLICT DO NOTHING")
            .bind(PREFIX)
            .bind(account.as_str())
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// Forgets it for every account.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_refused_takes(&self) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM setting WHERE substr(name, 1, length(?1)) = ?1")
            .bind(PREFIX)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }
}

/// A fact about an account, after which a take may work that Meta refused before.
pub(super) async fn heard(conn: &mut Conn, account: &AccountId, fact: &TeamFact) -> Result<()> {
    match fact {
        TeamFact::AccountConnected { .. } | TeamFact::RoutingSet { .. } | TeamFact::AccountChecked { .. } => {
            forget(conn, account).await
        }
        _ => Ok(()),
    }
}

/// A take may work again.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    sqlx::query("DELETE FROM setting WHERE name = ?1 || ?2")
        .bind(PREFIX)
        .bind(account.as_str())
        .execute(conn)
        .await?;
    Ok(())
}
