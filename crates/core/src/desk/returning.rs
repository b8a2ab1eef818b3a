//! Somebody falls out: a supervisor sets them offline and gives their threads to the queue, in one act that can be taken back.
//!
//! ```text
//!   looked at: so many threads, on these accounts ──press──▶ offline ──▶ account after account: all of them to the queue
//!                                                                                     │
//!                                          undo: back to the same agent, where nobody has moved a thread since
//! ```

use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::Words;
use baton_protocol::command::Command;
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::presence::{Presence, PresenceState};
use baton_protocol::{AccountId, AgentId, LogName};

use super::inner::request;
use super::notes::until_here;
use super::{Before, Desk, DeskError};
use crate::store::{RosterRow, ThreadId};

/// The relay takes all threads of an account at once, unless it is cut off on its way: then it is asked again, this often.
const MOST_ASKED: u32 = 20;

/// What it would do to set an agent offline and return their threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returning {
    /// What the agent is called.
    pub name: String,
    /// On which accounts that this desk's agent supervises, and how many threads that are not done they have there. The relay
    /// counts anew when it is asked.
    pub accounts: Vec<(AccountRole, u64)>,
    /// False for whoever works on none of these accounts any more: then their threads are all there is to it.
    pub sets_offline: bool,
}

/// What it did.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    /// The threads, each with how it stood, for taking it back.
    pub threads: Vec<(ThreadId, Before)>,
    /// Accounts whose threads were not all returned, and why.
    pub failed: Vec<(AccountRole, Words)>,
}

impl Desk {
    /// The colleagues whom this desk's agent may set offline: they work on an account that the agent supervises. And those
    /// who work there no more and have threads there still, which nobody else could take from them. Whoever is offline already
    /// and has no thread there is none of them: nothing would be done.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn supervised(&self) -> Result<BTreeSet<AgentId>, DeskError> {
        let mut access = self.inner.store.access().await?;
        access.retain(|on| on.role >= Role::Supervisor);
        let roster = self.inner.store.roster().await?.into_iter();
        let works =
            |row: &RosterRow| row.roles.iter().any(|role| access.iter().any(|on| on.account == role.account));
        let mut supervised: BTreeSet<AgentId> = roster.filter(works).map(|row| row.agent).collect();
        let accounts: Vec<AccountId> = access.iter().map(|on| on.account.clone()).collect();
        let holders = self.inner.store.holders(&accounts).await?;
        supervised.extend(&holders);
        if let Some(me) = self.me() {
            supervised.remove(&me);
        }
        let everybody = self.who_is_there().everybody;
        supervised.retain(|agent| holders.contains(agent) || !is_offline(everybody.as_ref(), *agent));
        Ok(supervised)
    }

    /// How many open threads left this desk's agent since somebody set them offline in this run; 0 while nobody did.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn threads_left(&self) -> Result<u64, DeskError> {
        let there = self.who_is_there();
        let (Some(_), Some(me)) = (there.set_offline_by, self.me()) else { return Ok(0) };
        let now: u64 = self.inner.store.open_threads_of(me).await?.into_values().sum();
        Ok(there.had_threads.saturating_sub(now))
    }

    /// What it would do to set an agent offline and return their threads.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`] for whoever supervises none of their accounts; when the store cannot be read.
    pub async fn returning(&self, agent: AgentId) -> Result<Returning, DeskError> {
        let (supervised, sets_offline) = self.supervised_of(agent).await?;
        if supervised.is_empty() {
            return Err(DeskError::NotForRole);
        }
        let open = self.inner.store.open_threads_of(agent).await?;
        let counted = supervised.into_iter().map(|on| {
            let threads = open.get(&on.account).copied().unwrap_or(0);
            (on, threads)
        });
        let name = self.inner.called(agent).await?;
        Ok(Returning { name, accounts: counted.collect(), sets_offline })
    }

    /// Sets an agent offline, then takes their threads on every account that this desk's agent supervises: they go to the queue,
    /// with what the agent was writing there. An account that fails does not keep back the others. Whoever works on none of them
    /// any more is not set offline: no rule gives them anything.
    ///
    /// # Errors
    /// [`DeskError::NotForRole`]; [`DeskError::Relay`] when the agent could not be set offline, and then nothing was done.
    pub async fn return_threads(&self, agent: AgentId) -> Result<Returned, DeskError> {
        let (supervised, sets_offline) = self.supervised_of(agent).await?;
        if supervised.is_empty() {
            return Err(DeskError::NotForRole);
        }
        // First, so that no rule gives them new ones meanwhile.
        if sets_offline {
            self.at_relay()?.set_offline(agent).await?;
        }
        let mut returned = Returned::default();
        for on in supervised {
            let mut seqs = Vec::new();
            let taken = self.take_all(agent, &on.account, &mut seqs).await;
            // What was taken before something went wrong can be given back too.
            let threads = self.inner.store.assigned_by(&on.account, &seqs).await?;
            returned.threads.extend(
                threads
                    .into_iter()
                    .map(|(thread, version)| (thread, Before::Assignee { assignee: Some(agent), version })),
            );
            if let Err(error) = taken {
                returned.failed.push((on, error.agent_words()));
            }
        }
        Ok(returned)
    }

    /// Takes all threads of an agent on one account, and waits for the log to bring that. `seqs` are the entries it made.
    async fn take_all(
        &self,
        agent: AgentId,
        account: &AccountId,
        seqs: &mut Vec<u64>,
    ) -> Result<(), DeskError> {
        let log = LogName::Account(account.clone());
        for _ in 0..MOST_ASKED {
            let accepted = self.inner.ask(&log, &request(Command::ReturnThreads { agent })).await?;
            until_here(&self.inner, &log, &accepted).await?;
            let is_over = accepted.seqs.is_empty() || accepted.threads_left.unwrap_or(0) == 0;
            seqs.extend(accepted.seqs);
            if is_over {
                break;
            }
        }
        Ok(())
    }

    /// The accounts that this desk's agent supervises and on which another one works, or has threads still; and whether they
    /// work on any of them.
    async fn supervised_of(&self, agent: AgentId) -> Result<(Vec<AccountRole>, bool), DeskError> {
        let roster = self.inner.store.roster().await?;
        let works: BTreeSet<AccountId> = roster
            .into_iter()
            .filter(|row| row.agent == agent)
            .flat_map(|row| row.roles)
            .map(|on| on.account)
            .collect();
        let has = self.inner.store.open_threads_of(agent).await?;
        let mut access = self.inner.store.access().await?;
        access.retain(|on| {
            on.role >= Role::Supervisor && (works.contains(&on.account) || has.contains_key(&on.account))
        });
        let works_there = access.iter().any(|on| works.contains(&on.account));
        Ok((access, works_there))
    }
}

/// Whether somebody is known to be offline; while nobody can know who is there, nobody is.
fn is_offline(everybody: Option<&BTreeMap<AgentId, Presence>>, agent: AgentId) -> bool {
    everybody.is_some_and(|there| there.get(&agent).is_none_or(|one| one.state == PresenceState::Offline))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_not_there_or_says_so_is_offline_and_nobody_is_while_that_is_unknown() {
        let (ada, jonas, sven) = (AgentId::new(), AgentId::new(), AgentId::new());
        let one = |agent, state| (agent, Presence { agent, state, views: Vec::new() });
        let there = BTreeMap::from([one(ada, PresenceState::Away), one(jonas, PresenceState::Offline)]);
        let off = [ada, jonas, sven].map(|agent| is_offline(Some(&there), agent));
        assert_eq!(off, [false, true, true]);
        assert!(!is_offline(None, sven));
    }
}
