//! Boxes from admins' desks for other desks, and what waits too long.

use async_trait::async_trait;
use baton_messenger::id::AccountId;
use baton_protocol::enrol::Role;
use baton_protocol::token::{BOX_LIFE_MS, BoxTaken, BoxesKept, BoxesLeft, DeskBox};
use baton_protocol::{AgentId, DeskId, LogName};
use sqlx::SqliteConnection;

use super::super::tokens::PickUp;
use super::super::{LogError, Read};
use super::people;
use super::row::{storage, text};
use super::writer::{Tx, Work};

/// Boxes to be kept.
pub(super) struct Leave {
    pub(super) desk: DeskId,
    pub(super) account: AccountId,
    pub(super) left: BoxesLeft,
}

#[async_trait]
impl Work for Leave {
    type Answer = Read<Option<BoxesKept>>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Self::Answer, LogError> {
        match people::may_read(tx.conn, self.desk, &LogName::Account(self.account.clone())).await? {
            Read::Found(()) => {}
            Read::NoSuchLog => return Ok(Read::NoSuchLog),
            Read::Revoked => return Ok(Read::Revoked),
        }
        let admin = people::asker(tx.conn, self.desk, &self.account).await?;
        let Some(admin) = admin.filter(|asker| asker.role == Role::Admin) else {
            return Ok(Read::Found(None));
        };
        let mut told = BoxesKept::default();
        for each in &self.left.boxes {
            let is_kept = keep(tx, &self.account, admin.agent, each).await?;
            if is_kept { told.kept.push(each.desk) } else { told.refused.push(each.desk) }
        }
        tx.effects.pick_ups |= !told.kept.is_empty();
        Ok(Read::Found(Some(told)))
    }
}

/// Keeps one box, for an enrolled desk with a role on the account, and for no other key than that desk's.
async fn keep(
    tx: &mut Tx<'_>,
    account: &AccountId,
    left_by: AgentId,
    each: &DeskBox,
) -> Result<bool, LogError> {
    let (account, desk, left_by) = (account.as_str(), each.desk.to_string(), left_by.to_string());
    let (sealed, ends_at_ms) = (each.sealed.0.as_str(), tx.now_ms + BOX_LIFE_MS);
    let done = sqlx::query!(
        "insert into token_box (account, desk, left_by, sealed, left_at_ms, ends_at_ms)
         select role.account, desk.desk, ?3, ?5, ?6, ?7
         from desk join role on role.agent = desk.agent
         where role.account = ?1 and desk.desk = ?2 and desk.public_key = ?4 and desk.revoked_at_ms is null
         on conflict (account, desk) do update set left_by = excluded.left_by, sealed = excluded.sealed,
           left_at_ms = excluded.left_at_ms, ends_at_ms = excluded.ends_at_ms",
        account,
        desk,
        left_by,
        each.public_key,
        sealed,
        tx.now_ms,
        ends_at_ms
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(done.rows_affected() > 0)
}

/// A desk takes its box.
pub(super) struct TakeBox {
    pub(super) desk: DeskId,
    pub(super) account: AccountId,
}

#[async_trait]
impl Work for TakeBox {
    type Answer = Read<Option<BoxTaken>>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Self::Answer, LogError> {
        match people::may_read(tx.conn, self.desk, &LogName::Account(self.account.clone())).await? {
            Read::Found(()) => {}
            Read::NoSuchLog => return Ok(Read::NoSuchLog),
            Read::Revoked => return Ok(Read::Revoked),
        }
        let (account, desk) = (self.account.as_str(), self.desk.to_string());
        let row = sqlx::query!(
            r#"select left_by as "left_by!", sealed as "sealed!", left_at_ms as "left_at_ms!"
               from token_box where account = ?1 and desk = ?2 and ends_at_ms > ?3"#,
            account,
            desk,
            tx.now_ms
        )
        .fetch_optional(&mut *tx.conn)
        .await
        .map_err(storage)?;
        let Some(row) = row else { return Ok(Read::Found(None)) };
        sqlx::query!("delete from token_box where account = ?1 and desk = ?2", account, desk)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        tx.effects.removed = true;
        Ok(Read::Found(Some(BoxTaken {
            sealed: baton_protocol::sealed::Sealed(row.sealed),
            from: text(&row.left_by)?,
            left_at_ms: row.left_at_ms,
        })))
    }
}

/// Boxes that wait for a desk, where it may read the account.
pub(super) async fn pick_ups(
    conn: &mut SqliteConnection,
    desk: DeskId,
    now_ms: i64,
) -> Result<Vec<PickUp>, LogError> {
    let desk = desk.to_string();
    let rows = sqlx::query!(
        r#"select token_box.account as "account!", left_at_ms as "left_at_ms!"
           from token_box
           join desk on desk.desk = token_box.desk and desk.revoked_at_ms is null
           join role on role.agent = desk.agent and role.account = token_box.account
           where token_box.desk = ?1 and ends_at_ms > ?2 order by token_box.account"#,
        desk,
        now_ms
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    Ok(rows.into_iter().map(|row| PickUp::Box(AccountId::new(row.account), row.left_at_ms)).collect())
}

/// Whether any box or login waits too long.
pub(super) async fn any_ended(conn: &mut SqliteConnection, now_ms: i64) -> Result<bool, LogError> {
    let row = sqlx::query!(
        r#"select exists (select 1 from token_box where ends_at_ms <= ?1
                          union all select 1 from login where ends_at_ms <= ?1) as "ended!: bool""#,
        now_ms
    )
    .fetch_one(conn)
    .await
    .map_err(storage)?;
    Ok(row.ended)
}

/// Deletes what waited too long.
pub(super) struct DropEnded;

#[async_trait]
impl Work for DropEnded {
    type Answer = u64;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<u64, LogError> {
        let boxes = sqlx::query!("delete from token_box where ends_at_ms <= ?1", tx.now_ms)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        let logins = sqlx::query!("delete from login where ends_at_ms <= ?1", tx.now_ms)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        let gone = boxes.rows_affected() + logins.rows_affected();
        tx.effects.removed |= gone > 0;
        Ok(gone)
    }
}
