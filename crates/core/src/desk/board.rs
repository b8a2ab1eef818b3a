//! The supervisor's board: of which accounts it is, and what each agent of theirs has to do.
//!
//! It shows the accounts on which this desk's agent moves anybody's threads, and no other. Everything on it is read from this
//! desk's own file, so it is there while the relay is away too.

use std::collections::BTreeMap;

use baton_messenger::Platform;
use baton_protocol::enrol::Role;
use baton_protocol::people::RoleOn;
use baton_protocol::{AccountId, AgentId};
use baton_thread::team::is_full;

use super::{Desk, DeskError};
use crate::store::{BoardLoad, RosterRow};

/// What ends within so long is due, milliseconds: an hour.
pub const DUE_MS: i64 = 60 * 60 * 1000;

/// An agent on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardAgent {
    /// Who.
    pub agent: AgentId,
    /// The current name; none when nobody here knows it.
    pub name: Option<String>,
    /// What they have to do.
    pub load: BoardLoad,
    /// The accounts of the board on which they work, and those on which they only have something still.
    pub accounts: Vec<BoardShare>,
}

/// What an agent has on one account. Each account has its own limit, and all of them together are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardShare {
    /// The account.
    pub account: AccountId,
    /// How many threads they have there that count ([`baton_thread::team::counts`]).
    pub open: u64,
    /// How many the rules of its queue give one agent at most; none for who works there no more.
    pub limit: Option<u64>,
}

impl BoardShare {
    /// Whether the queue of the account gives them nothing more.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.limit.is_some_and(|limit| is_full(self.open, limit))
    }
}

impl Desk {
    /// The accounts of the board: of those chosen, or of all where none is, and of this channel, those on which this desk's
    /// agent is a supervisor or an admin.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn board_accounts(
        &self,
        chosen: &[AccountId],
        platform: Option<Platform>,
    ) -> Result<Vec<AccountId>, DeskError> {
        let access = self.inner.store.access().await?;
        let of_the_board = access.into_iter().filter(|on| {
            on.role != Role::Agent
                && (chosen.is_empty() || chosen.contains(&on.account))
                && platform.is_none_or(|platform| on.platform == platform)
        });
        Ok(of_the_board.map(|on| on.account).collect())
    }

    /// What the queue of these accounts and each agent have to do: everybody who works there, and whoever still has a thread
    /// there, be it asleep or of a customer who is kept away, by name.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn board_agents(
        &self,
        accounts: &[AccountId],
    ) -> Result<(BoardLoad, Vec<BoardAgent>), DeskError> {
        let roster = self.inner.store.roster().await?;
        let limits = self.limits(accounts).await?;
        let here: Vec<RosterRow> = roster
            .into_iter()
            .filter(|row| row.roles.iter().any(|on| limits.contains_key(&on.account)))
            .collect();
        let ids: Vec<AgentId> = here.iter().map(|row| row.agent).collect();
        let due_by_ms = self.inner.meta_now().ms.saturating_add(DUE_MS);
        let holders = self.inner.store.holders(accounts).await?;
        let mut reading = self.inner.store.reading().await?;
        let mut loads = reading.board_loads(accounts, &ids, due_by_ms).await?;
        for holder in holders {
            loads.entry(Some(holder)).or_default();
        }
        let names = if loads.len() > ids.len() + 1 { reading.agents().await? } else { Vec::new() };
        drop(reading);
        let queue = loads.remove(&None).unwrap_or_default();
        let mut agents: Vec<BoardAgent> = here
            .into_iter()
            .map(|row| {
                let load = loads.remove(&Some(row.agent)).unwrap_or_default();
                let accounts = shares(&load, &row.roles, &limits);
                BoardAgent { agent: row.agent, name: Some(row.name), load, accounts }
            })
            .collect();
        // Who works there no more, and still has something.
        agents.extend(loads.into_iter().filter_map(|(agent, load)| {
            let agent = agent?;
            let name = names.iter().find(|known| known.agent == agent).map(|known| known.name.clone());
            let accounts = shares(&load, &[], &limits);
            Some(BoardAgent { agent, name, load, accounts })
        }));
        agents.sort_by_cached_key(|one| (one.name.as_deref().map(str::to_lowercase), one.agent));
        Ok((queue, agents))
    }

    /// How many open threads one agent gets of each account at most.
    async fn limits(&self, accounts: &[AccountId]) -> Result<BTreeMap<AccountId, u64>, DeskError> {
        let mut limits = BTreeMap::new();
        for account in accounts {
            let rules = self.inner.store.queue_rules(account).await?;
            limits.insert(account.clone(), u64::from(rules.limit));
        }
        Ok(limits)
    }
}

/// What somebody with these roles has on each account of the board; `limits`: what one agent gets there.
fn shares(load: &BoardLoad, roles: &[RoleOn], limits: &BTreeMap<AccountId, u64>) -> Vec<BoardShare> {
    let share = |(account, limit): (&AccountId, &u64)| {
        let open = load.open.get(account).copied().unwrap_or(0);
        let limit = roles.iter().any(|on| on.account == *account).then_some(*limit);
        (open > 0 || limit.is_some()).then(|| BoardShare { account: account.clone(), open, limit })
    };
    limits.iter().filter_map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_has_as_many_as_one_gets_is_full_there_and_nowhere_else() {
        let on = |account: &str| RoleOn { account: account.into(), role: Role::Agent };
        let limits = BTreeMap::from([("1".into(), 20), ("2".into(), 5), ("4".into(), 5), ("5".into(), 0)]);
        let open = BTreeMap::from([("1".into(), 19), ("2".into(), 5), ("4".into(), 7)]);
        let load = BoardLoad { open, ..BoardLoad::default() };
        let all = shares(&load, &[on("1"), on("2"), on("3"), on("5")], &limits);
        let told: Vec<_> =
            all.iter().map(|one| (one.account.as_str(), one.open, one.limit, one.is_full())).collect();
        assert_eq!(
            told,
            [
                ("1", 19, Some(20), false),
                ("2", 5, Some(5), true),
                // They work there no more, and nothing is given to them.
                ("4", 7, None, false),
                ("5", 0, Some(0), true),
            ],
            "3 is not on the board"
        );
        assert_eq!(shares(&BoardLoad::default(), &[], &limits), []);
    }
}
