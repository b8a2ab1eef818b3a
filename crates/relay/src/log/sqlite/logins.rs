//! Logins on their way: a state that is good once, and an end that is handed out once.

use async_trait::async_trait;
use baton_protocol::login::{LoginFailure, LoginStanding};
use baton_protocol::{DeskId, LoginId};
use sqlx::SqliteConnection;

use super::super::LogError;
use super::super::tokens::{NewLogin, PickUp, Returned, WaitingLogin};
use super::people;
use super::row::{json, storage, text, to_json};
use super::writer::{Tx, Work};
use crate::secret::Hash;

/// A login to be kept.
pub(super) struct Begin(pub(super) NewLogin);

#[async_trait]
impl Work for Begin {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        let (login, desk) = (self.0.login.to_string(), self.0.desk.to_string());
        forget_of_desk(tx, &desk).await?;
        let state = self.0.state.as_str();
        sqlx::query!(
            "insert into login (login, desk, state_hash, public_key, ends_at_ms)
             select ?1, desk, ?3, public_key, ?4 from desk where desk = ?2 and revoked_at_ms is null",
            login,
            desk,
            state,
            self.0.ends_at_ms
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        Ok(())
    }
}

/// Deletes the logins of a desk.
pub(super) async fn forget_of_desk(tx: &mut Tx<'_>, desk: &str) -> Result<(), LogError> {
    let gone = sqlx::query!("delete from login where desk = ?1", desk)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.removed |= gone.rows_affected() > 0;
    Ok(())
}

/// A state that came back.
pub(super) struct Return(pub(super) Hash);

#[async_trait]
impl Work for Return {
    type Answer = Returned;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Returned, LogError> {
        let state = self.0.as_str();
        let row = sqlx::query!(
            r#"select login.login as "login!", login.desk as "desk!", login.public_key as "public_key!",
                      login.ends_at_ms as "ends_at_ms!", login.returned_at_ms, desk.name as "desk_name!"
               from login join desk on desk.desk = login.desk
               where login.state_hash = ?1 and desk.revoked_at_ms is null"#,
            state
        )
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
        let Some(row) = row else { return Ok(Returned::Nobodys) };
        if row.returned_at_ms.is_some() {
            return Ok(Returned::Again);
        }
        if row.ends_at_ms <= tx.now_ms {
            return Ok(Returned::Nobodys);
        }
        sqlx::query!("update login set returned_at_ms = ?2 where state_hash = ?1", state, tx.now_ms)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        let desk: DeskId = text(&row.desk)?;
        let Some(access) = people::desk(tx.conn, desk).await? else { return Ok(Returned::Nobodys) };
        Ok(Returned::Login(WaitingLogin {
            login: text(&row.login)?,
            desk,
            desk_name: row.desk_name,
            agent_name: access.agent_name,
            public_key: row.public_key,
            accounts: access.accounts,
        }))
    }
}

/// How a login ended.
pub(super) struct End {
    pub(super) login: LoginId,
    pub(super) standing: LoginStanding,
}

#[async_trait]
impl Work for End {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        let (login, standing) = (self.login.to_string(), to_json(&self.standing)?);
        let done = sqlx::query!(
            "update login set standing = ?2 where login = ?1 and standing is null and ends_at_ms > ?3",
            login,
            standing,
            tx.now_ms
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        tx.effects.pick_ups |= done.rows_affected() > 0;
        Ok(())
    }
}

/// A desk asks for the end of its login.
pub(super) struct Take {
    pub(super) desk: DeskId,
    pub(super) login: LoginId,
}

#[async_trait]
impl Work for Take {
    type Answer = Option<LoginStanding>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Option<LoginStanding>, LogError> {
        let (login, desk) = (self.login.to_string(), self.desk.to_string());
        let row = sqlx::query!(
            r#"select standing, ends_at_ms as "ends_at_ms!" from login where login = ?1 and desk = ?2"#,
            login,
            desk
        )
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
        let Some(row) = row else { return Ok(None) };
        let is_over = row.ends_at_ms <= tx.now_ms;
        let standing = match row.standing {
            _ if is_over => expired(),
            Some(standing) => json(&standing)?,
            None => return Ok(Some(LoginStanding::Waiting)),
        };
        sqlx::query!("delete from login where login = ?1", login)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        tx.effects.removed = true;
        Ok(Some(standing))
    }
}

fn expired() -> LoginStanding {
    LoginStanding::Failed {
        reason: LoginFailure::Expired,
        message: "Nobody came back from Meta's login in time.".to_owned(),
        action: "Begin the login again.".to_owned(),
    }
}

/// Ends of logins that wait for a desk.
pub(super) async fn pick_ups(
    conn: &mut SqliteConnection,
    desk: DeskId,
    now_ms: i64,
) -> Result<Vec<PickUp>, LogError> {
    let desk = desk.to_string();
    let rows = sqlx::query!(
        r#"select login as "login!" from login
           where desk = ?1 and standing is not null and ends_at_ms > ?2"#,
        desk,
        now_ms
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter().map(|row| Ok(PickUp::Login(text(&row.login)?))).collect()
}
