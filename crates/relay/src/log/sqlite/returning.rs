//! All threads of an agent go to the queue: because somebody asks for it, or because their role on the account ends.

use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::AgentId;
use baton_protocol::command::Accepted;
use baton_protocol::team::{Actor, TeamFact};

use super::super::{Ask, LogError, Verdict};
use super::command::fact_key;
use super::row::{seq, storage};
use super::writer::Tx;
use super::{team, turns};
use crate::team::{Asker, may_return};

/// How many threads are moved in one transaction. Whoever asked asks again for the others.
const AT_ONCE: i64 = 500;

/// Takes threads that are not done from an agent, if this desk may, and says how many are left.
pub(super) async fn take_all(
    tx: &mut Tx<'_>,
    ask: &Ask,
    asker: &Asker,
    account: &AccountId,
    agent: AgentId,
) -> Result<Verdict, LogError> {
    if let Some(refusal) = may_return(asker) {
        return Ok(Verdict::Refused(refusal));
    }
    let by = Actor::Agent { agent: asker.agent, desk: asker.desk };
    let seqs = take_some(tx, account, agent, &by, |place| fact_key(ask, place)).await?;
    let threads_left = Some(left(tx, account, agent).await?);
    Ok(Verdict::Accepted(Accepted { seqs, threads_left, ..Accepted::default() }))
}

/// Takes every thread that is not done from an agent who may read the account no longer: nobody else would be told when a
/// customer writes there, and no rule gives out what somebody has. `key` tells this act from every other.
pub(super) async fn take_from_whoever_left(
    tx: &mut Tx<'_>,
    account: &AccountId,
    agent: AgentId,
    by: &Actor,
    key: &str,
) -> Result<(), LogError> {
    let mut turn = 0_usize;
    while !take_some(tx, account, agent, by, |place| format!("{key}:{turn}:{place}")).await?.is_empty() {
        turn += 1;
    }
    Ok(())
}

/// Takes as many threads as are moved at once, and gives the seqs of what that appended.
async fn take_some(
    tx: &mut Tx<'_>,
    account: &AccountId,
    agent: AgentId,
    by: &Actor,
    key: impl Fn(usize) -> String,
) -> Result<Vec<u64>, LogError> {
    let served = turns::served(tx, account).await?;
    let mut seqs = Vec::new();
    for (place, customer) in threads(tx, account, agent).await?.into_iter().enumerate() {
        let mut thread = team::load(tx, account, &customer, None, None).await?;
        let fact =
            TeamFact::Assigned { customer: customer.clone(), assignee: None, by: by.clone(), reply: None };
        seqs.extend(team::append_to_thread(tx, &served, &mut thread, &key(place), &fact).await?);
        team::save(tx, &served, &customer, &mut thread).await?;
    }
    Ok(seqs)
}

/// Those that are not done. One that was not looked at yet stands as its status was set. By itself the database would go through
/// all threads of the account.
async fn threads(tx: &mut Tx<'_>, account: &AccountId, agent: AgentId) -> Result<Vec<CustomerId>, LogError> {
    let (name, agent) = (account.as_str(), agent.to_string());
    let rows = sqlx::query!(
        r#"select customer as "customer!" from thread indexed by thread_of_agent
           where account = ?1 and assignee = ?2 and stands <> 'done'
             and not (stands = '' and status ->> '$.status' = 'done')
           order by customer limit ?3"#,
        name,
        agent,
        AT_ONCE
    )
    .fetch_all(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(rows.into_iter().map(|row| CustomerId::new(row.customer)).collect())
}

async fn left(tx: &mut Tx<'_>, account: &AccountId, agent: AgentId) -> Result<u64, LogError> {
    let (name, agent) = (account.as_str(), agent.to_string());
    let row = sqlx::query!(
        r#"select count(*) as "left!: i64" from thread indexed by thread_of_agent
           where account = ?1 and assignee = ?2 and stands <> 'done'
             and not (stands = '' and status ->> '$.status' = 'done')"#,
        name,
        agent
    )
    .fetch_one(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(seq(row.left))
}
