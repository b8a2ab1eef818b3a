//! Table `app_role`: which part each app has in the old handover protocol (docs/meta.md 5.1).

use baton_messenger::id::AppId;
use baton_messenger::routing::AppRole;
use baton_protocol::AccountId;

use super::{Conn, Result, Store, account, recompute, refused_take};
use crate::apply::RolesSaid;

/// What is only guessed is older than anything that Meta says.
const GUESSED_MS: i64 = -1;

impl Store {
    /// Guesses our role on an account from a refusal that leaves no other. What Meta says of it wins.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn guess_role(&self, account: &AccountId, role: AppRole) -> Result<()> {
        let mut tx = self.write().await?;
        let before = account::facts(&mut tx, account).await?;
        let mut is_due = false;
        if let Some(our_app) = &before.our_app {
            set(&mut tx, account, our_app, Some(role), GUESSED_MS, "").await?;
            is_due = recompute::begin_if_changed(&mut tx, account, &before).await?;
        }
        self.commit(tx).await?;
        if is_due {
            self.compute_due(account).await;
        }
        Ok(())
    }
}

/// Meta told of roles; the newest counts, app by app.
pub(super) async fn said(conn: &mut Conn, account: &AccountId, said: &RolesSaid) -> Result<()> {
    refused_take::forget(conn, account).await?;
    for app in said.roles.roles.keys() {
        let role = said.roles.role_of(app);
        set(conn, account, app, role, said.at_ms, &said.key).await?;
    }
    Ok(())
}

async fn set(
    conn: &mut Conn,
    account: &AccountId,
    app: &AppId,
    role: Option<AppRole>,
    at_ms: i64,
    key: &str,
) -> Result<()> {
    let (account, app, role) = (account.as_str(), app.as_str(), role.map(|role| role.to_string()));
    sqlx::query!(
        "INSERT INTO app_role (account, app, role, at_ms, key) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET role = excluded.role, at_ms = excluded.at_ms, key = excluded.key
         WHERE (excluded.at_ms, excluded.key) > (app_role.at_ms, app_role.key)",
        account,
        app,
        role,
        at_ms,
        key
    )
    .execute(conn)
    .await?;
    Ok(())
}
