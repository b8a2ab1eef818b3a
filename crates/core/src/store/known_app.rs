//! Table `app`: the apps that were seen at an account, and what they are called. A name belongs to the fact with the highest
//! seq; an app that nobody named has none.

use std::collections::BTreeSet;

use baton_messenger::id::AppId;
use baton_protocol::AccountId;

use super::error::to_json;
use super::{Conn, Result, Store};

/// An app of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAppRow {
    /// Meta's id.
    pub app: AppId,
    /// What it is called; none when nobody named it.
    pub name: Option<String>,
    /// Whether its answers count as a person's on an unmanaged account.
    pub answers_count: bool,
}

impl Store {
    /// The apps of an account: those that were seen there, those with a part in the old handover protocol, the default app,
    /// and those that somebody named. Ours is among them once it was seen.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn known_apps(&self, account: &AccountId) -> Result<Vec<KnownAppRow>> {
        let rows: Vec<(String, String, bool)> = sqlx::query_as(
            "SELECT id, coalesce(app.name, ''), coalesce(app.answers_count, 0)
             FROM (SELECT app AS id FROM app WHERE account = ?1
                   UNION SELECT app FROM app_role WHERE account = ?1
                   UNION SELECT default_app FROM account WHERE account = ?1 AND default_app IS NOT NULL)
             LEFT JOIN app ON app.account = ?1 AND app.app = id
             ORDER BY id",
        )
        .bind(account.as_str())
        .fetch_all(self.read())
        .await?;
        let row = |(app, name, answers_count): (String, String, bool)| KnownAppRow {
            app: AppId::from(app),
            name: Some(name).filter(|name| !name.is_empty()),
            answers_count,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}

/// These apps were seen. True when one of them is new.
pub(super) async fn seen(conn: &mut Conn, account: &AccountId, apps: &BTreeSet<AppId>) -> Result<bool> {
    let apps: Vec<&str> = apps.iter().map(AppId::as_str).collect();
    let done = sqlx::query(
        "INSERT INTO app (account, app, name, answers_count, seq)
         SELECT ?1, value, '', 0, 0 FROM json_each(?2) WHERE true ON CONFLICT DO NOTHING",
    )
    .bind(account.as_str())
    .bind(to_json(&apps)?)
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Finds the apps in the evidence that is left when what the team said was forgotten.
pub(super) async fn see_again(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO app (account, app, name, answers_count, seq)
         SELECT DISTINCT t.account, a.value, '', 0, 0
         FROM json_each(?1) j CROSS JOIN thread t ON t.thread_id = j.value CROSS JOIN owner_event e USING (thread_id),
           json_each(json_array(e.act ->> '$.app', e.act ->> '$.by', e.act ->> '$.from', e.act ->> '$.to',
             e.act ->> '$.seen.app')) a
         WHERE a.value IS NOT NULL
         ON CONFLICT DO NOTHING",
    )
    .bind(threads)
    .execute(conn)
    .await?;
    Ok(())
}
