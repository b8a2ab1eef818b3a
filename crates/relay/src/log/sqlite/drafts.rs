//! Drafts as desks told them: the newest of each agent per thread, read by nobody, until the thread is taken from them.

use async_trait::async_trait;
use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::draft::DraftTold;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, DeskId, LogName};

use super::super::{LogError, Read};
use super::row::{json, storage, to_json};
use super::writer::{Tx, Work};
use super::{held, people, team};

/// A draft to be kept; an empty one goes.
pub(super) struct Keep {
    pub(super) desk: DeskId,
    pub(super) account: AccountId,
    pub(super) draft: DraftTold,
}

#[async_trait]
impl Work for Keep {
    type Answer = Read<()>;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<Read<()>, LogError> {
        match people::may_read(tx.conn, self.desk, &LogName::Account(self.account.clone())).await? {
            Read::Found(()) => {}
            other => return Ok(other),
        }
        let Some(asker) = people::asker(tx.conn, self.desk, &self.account).await? else {
            return Ok(Read::NoSuchLog);
        };
        let (account, customer) = (self.account.as_str(), self.draft.customer.as_str());
        let agent = asker.agent.to_string();
        if self.draft.is_nothing() {
            sqlx::query!(
                "delete from draft where account = ?1 and customer = ?2 and agent = ?3",
                account,
                customer,
                agent
            )
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
            return Ok(Read::Found(()));
        }
        if held::owes(tx.conn, self.desk, &self.account, &self.draft.customer).await? {
            // It goes from the desk with the erasure.
            return Ok(Read::Found(()));
        }
        let files = to_json(&self.draft.files)?;
        sqlx::query!(
            "insert into draft (account, customer, agent, text, at_ms, files) values (?1, ?2, ?3, ?4, ?5, ?6)
             on conflict (account, customer, agent)
             do update set text = excluded.text, at_ms = excluded.at_ms, files = excluded.files",
            account,
            customer,
            agent,
            self.draft.text,
            tx.stamp.ms,
            files
        )
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
        Ok(Read::Found(()))
    }
}

/// A thread was taken from an agent: what they were writing there becomes an entry, and is kept no longer. Returns its seq.
pub(super) async fn hand(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    from: AgentId,
    by: &Actor,
    key: &str,
) -> Result<Option<u64>, LogError> {
    let (name, about, agent) = (account.as_str(), customer.as_str(), from.to_string());
    let row = sqlx::query!(
        r#"delete from draft where account = ?1 and customer = ?2 and agent = ?3
           returning text as "text!", at_ms as "at_ms!", files as "files!""#,
        name,
        about,
        agent
    )
    .fetch_optional(&mut *tx.conn)
    .await
    .map_err(storage)?;
    let Some(row) = row else { return Ok(None) };
    if has_left(tx, account, customer, from, row.at_ms).await? {
        return Ok(None);
    }
    let (text, files) = (row.text, json(&row.files)?);
    let fact = TeamFact::DraftHanded { customer: customer.clone(), from, text, files, by: by.clone() };
    team::append_account_fact(tx, account, &format!("{key}:draft"), &fact).await
}

/// Whether an agent's draft has left as a reply since it was told, or may have. Its desk takes it back then, and may be gone
/// before it does: whoever goes on there is not to send it once more.
async fn has_left(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
    from: AgentId,
    told_ms: i64,
) -> Result<bool, LogError> {
    let (name, about, agent) = (account.as_str(), customer.as_str(), from.to_string());
    let row = sqlx::query!(
        r#"select exists (select 1 from part join entry on entry.log = part.account and entry.seq = part.granted_seq
                   where part.account = ?1 and part.customer = ?2 and part.agent = ?3 and entry.at_ms >= ?4
                     and (part.is_open = 1 or part.mid is not null)) as "left!: bool""#,
        name,
        about,
        agent,
        told_ms
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(row.left)
}

/// A customer was erased: nobody's draft to them stays, in the file and in its copies.
pub(super) async fn erase(
    tx: &mut Tx<'_>,
    account: &AccountId,
    customer: &CustomerId,
) -> Result<(), LogError> {
    let (name, about) = (account.as_str(), customer.as_str());
    sqlx::query!("delete from draft where account = ?1 and customer = ?2", name, about)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.removed = true;
    tx.effects.rewritten.drafts.insert((name.to_owned(), about.to_owned()));
    Ok(())
}

/// An account is served no longer: nobody will be handed a draft there.
pub(super) async fn end_service(tx: &mut Tx<'_>, account: &AccountId) -> Result<(), LogError> {
    let name = account.as_str();
    sqlx::query!("delete from draft where account = ?1", name)
        .execute(&mut *tx.conn)
        .await
        .map_err(storage)?;
    tx.effects.removed = true;
    Ok(())
}
