//! What Meta did to an account last: a warning, a block, or its end (docs/meta.md 2.6.20).

use baton_messenger::webhook::PolicyAction;
use baton_protocol::AccountId;

use super::error::{of_json, to_json};
use super::{Conn, Result};
use crate::apply::PolicySaid;

/// What Meta did to an account last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policed {
    /// What.
    pub action: PolicyAction,
    /// Meta's reason, in Meta's words.
    pub reason: Option<String>,
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
}

impl Policed {
    /// What the columns of an account say; none when Meta never did anything.
    pub(super) fn of(action: Option<&str>, reason: Option<String>, at_ms: i64) -> Result<Option<Self>> {
        let action = action.map(|name| of_json(&format!("\"{name}\""))).transpose()?;
        Ok(action.map(|action| Self { action, reason, at_ms }))
    }
}

/// The newest counts.
pub(super) async fn set(conn: &mut Conn, account: &AccountId, said: &PolicySaid) -> Result<()> {
    let account = account.as_str();
    let action = name_of(&said.action)?;
    sqlx::query!(
        "UPDATE account SET policy = ?2, policy_reason = ?3, policy_ms = ?4, policy_key = ?5
         WHERE account = ?1 AND (policy_ms, policy_key) < (?4, ?5)",
        account,
        action,
        said.reason,
        said.at_ms,
        said.key
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn name_of(action: &PolicyAction) -> Result<String> {
    Ok(to_json(action)?.trim_matches('"').to_owned())
}
