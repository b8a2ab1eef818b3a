//! Read marks: one row per agent and thread, replaced as the agent reads on.

use async_trait::async_trait;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::{DeskId, LogName};

use super::super::{LogError, Read};
use super::people;
use super::row::{column, storage};
use super::writer::{Tx, Work};

/// A mark to be kept.
pub(super) struct MarkRead {
    pub(super) desk: DeskId,
    pub(super) mark: ReadMark,
}

#[async_trait]
impl Work for MarkRead {
    type Answer = Read<()>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Read<()>, LogError> {
        let log = LogName::Account(self.mark.account.clone());
        match people::may_read(tx.conn, self.desk, &log).await? {
            Read::Found(()) => {}
            other => return Ok(other),
        }
        let Some(asker) = people::asker(tx.conn, self.desk, &self.mark.account).await? else {
            return Ok(Read::NoSuchLog);
        };
        let (agent, account) = (asker.agent.to_string(), self.mark.account.as_str());
        let (customer, read_seq) = (self.mark.customer.as_str(), column(self.mark.read_seq));
        sqlx::query!(
            "insert into read_mark (agent, account, customer, read_seq) values (?1, ?2, ?3, ?4)
             on conflict (agent, account, customer) do update set read_seq = excluded.read_seq",
            agent,
            account,
            customer,
            read_seq
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        tx.effects.marks.push((asker.agent, self.desk, self.mark.clone()));
        Ok(Read::Found(()))
    }
}
