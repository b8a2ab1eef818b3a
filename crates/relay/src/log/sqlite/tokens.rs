//! Fingerprints of Page tokens, by account and desk.

use async_trait::async_trait;
use baton_messenger::id::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::token::{TokenDesk, TokenStanding};
use baton_protocol::{AgentId, DeskId, LogName};
use sqlx::SqliteConnection;

use super::super::{LogError, Read};
use super::row::{storage, text};
use super::writer::{Tx, Work};
use super::{logins, people};
use crate::secret::Hash;

/// A fingerprint to be kept.
pub(super) struct Register {
    pub(super) desk: DeskId,
    pub(super) account: AccountId,
    pub(super) print: Hash,
}

#[async_trait]
impl Work for Register {
    type Answer = Read<()>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Read<()>, LogError> {
        match people::may_read(tx.conn, self.desk, &LogName::Account(self.account.clone())).await? {
            Read::Found(()) => {}
            other => return Ok(other),
        }
        let (account, desk, print) = (self.account.as_str(), self.desk.to_string(), self.print.as_str());
        sqlx::query!(
            "insert into page_token (account, desk, print, is_alive, since_ms) values (?1, ?2, ?3, 1, ?4)
             on conflict (account, desk) do update set print = excluded.print, since_ms = excluded.since_ms",
            account,
            desk,
            print,
            tx.now_ms
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        // Meta has just said that it lives, whoever reported it dead.
        sqlx::query!("update page_token set is_alive = 1 where print = ?1", print)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        Ok(Read::Found(()))
    }
}

/// Whether a token is registered for the account.
pub(super) async fn knows(
    conn: &mut SqliteConnection,
    account: &AccountId,
    print: &Hash,
) -> Result<bool, LogError> {
    let (account, print) = (account.as_str(), print.as_str());
    let row = sqlx::query!(
        r#"select exists (select 1 from page_token where account = ?1 and print = ?2) as "known!: bool""#,
        account,
        print
    )
    .fetch_one(conn)
    .await
    .map_err(storage)?;
    Ok(row.known)
}

/// Whether this desk registered a token for the account that nobody found dead.
pub(super) async fn lives(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
) -> Result<bool, LogError> {
    let (account, desk) = (account.as_str(), desk.to_string());
    let row = sqlx::query!(
        r#"select exists (select 1 from page_token where account = ?1 and desk = ?2 and is_alive = 1)
           as "lives!: bool""#,
        account,
        desk
    )
    .fetch_one(conn)
    .await
    .map_err(storage)?;
    Ok(row.lives)
}

/// A desk reported that Meta refuses its token for the account, or takes it again. That is so for whoever has the same one.
pub(super) async fn reported(
    tx: &mut Tx<'_>,
    desk: DeskId,
    account: &AccountId,
    alive: bool,
) -> Result<(), LogError> {
    let (desk, account) = (desk.to_string(), account.as_str());
    sqlx::query!(
        "update page_token set is_alive = ?3
         where print in (select print from page_token where desk = ?1 and account = ?2)",
        desk,
        account,
        alive
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}

/// The desks with a role on the account, for an admin of it.
pub(super) async fn desks(
    conn: &mut SqliteConnection,
    desk: DeskId,
    account: &AccountId,
    now_ms: i64,
) -> Result<Option<Vec<TokenDesk>>, LogError> {
    let asker = people::asker(conn, desk, account).await?;
    if asker.is_none_or(|asker| asker.role != Role::Admin) {
        return Ok(None);
    }
    let account = account.as_str();
    let rows = sqlx::query!(
        r#"select desk.desk as "desk!", desk.name as "desk_name!", desk.agent as "agent!",
                  agent.name as "agent_name!", role.role as "role!", desk.public_key as "public_key!",
                  page_token.is_alive as "is_alive: bool",
                  exists (select 1 from token_box where token_box.account = role.account
                          and token_box.desk = desk.desk and token_box.ends_at_ms > ?2) as "box_waiting!: bool"
           from role
           join desk on desk.agent = role.agent and desk.revoked_at_ms is null
           join agent on agent.agent = role.agent
           left join page_token on page_token.account = role.account and page_token.desk = desk.desk
           where role.account = ?1 order by desk.enrolled_at_ms, desk.desk"#,
        account,
        now_ms
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    let desks = rows.into_iter().map(|row| {
        Ok(TokenDesk {
            desk: text(&row.desk)?,
            desk_name: row.desk_name,
            agent: text(&row.agent)?,
            agent_name: row.agent_name,
            role: text(&row.role)?,
            public_key: row.public_key,
            token: match row.is_alive {
                None => TokenStanding::Missing,
                Some(true) => TokenStanding::Alive,
                Some(false) => TokenStanding::Dead,
            },
            box_waiting: row.box_waiting,
        })
    });
    desks.collect::<Result<_, LogError>>().map(Some)
}

/// An agent lost an account: nothing of it waits for the agent's desks any more.
pub(super) async fn forget_account(
    tx: &mut Tx<'_>,
    agent: AgentId,
    account: &AccountId,
) -> Result<(), LogError> {
    let (agent, account) = (agent.to_string(), account.as_str());
    for sql in [
        "delete from page_token where account = ?1 and desk in (select desk from desk where agent = ?2)",
        "delete from token_box where account = ?1 and desk in (select desk from desk where agent = ?2)",
    ] {
        let gone =
            sqlx::query(sql).bind(account).bind(&agent).execute(&mut *tx.conn).await.map_err(storage)?;
        tx.effects.removed |= gone.rows_affected() > 0;
    }
    Ok(())
}

/// A desk was cut off: nothing waits for it any more.
pub(super) async fn forget_desk(tx: &mut Tx<'_>, desk: &str) -> Result<(), LogError> {
    for sql in ["delete from page_token where desk = ?1", "delete from token_box where desk = ?1"] {
        let gone = sqlx::query(sql).bind(desk).execute(&mut *tx.conn).await.map_err(storage)?;
        tx.effects.removed |= gone.rows_affected() > 0;
    }
    logins::forget_of_desk(tx, desk).await
}
