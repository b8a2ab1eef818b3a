//! The supervisor's board: of which accounts it is, and what each agent of theirs has to do.
//!
//! It shows the accounts on which this desk's agent moves anybody's threads, and no other. Everything on it is read from this
//! desk's own file, so it is there while the relay is away too.

use std::collections::BTreeMap;

use baton_messenger::Platform;
use baton_protocol::enrol::Role;
use baton_protocol::{AccountId, AgentId};

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
    /// How many open threads the rules of the queue give them at most, all accounts of the board together; none when they work
    /// on none of them any more.
    pub limit: Option<u64>,
    /// The accounts on which they have as many as that, or more.
    pub full_on: Vec<AccountId>,
}

impl BoardAgent {
    /// How many open threads they have.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.load.open.values().sum()
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
    /// there, by name.
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
        let mut reading = self.inner.store.reading().await?;
        let mut loads = reading.board_loads(accounts, &ids, due_by_ms).await?;
        let names = if loads.len() > ids.len() + 1 { reading.agents().await? } else { Vec::new() };
        drop(reading);
        let queue = loads.remove(&None).unwrap_or_default();
        let mut agents: Vec<BoardAgent> = here
            .into_iter()
            .map(|row| {
                let load = loads.remove(&Some(row.agent)).unwrap_or_default();
                of_the_team(row, load, &limits)
            })
            .collect();
        // Who works there no more, and still has something.
        agents.extend(loads.into_iter().filter_map(|(agent, load)| {
            let agent = agent?;
            let name = names.iter().find(|known| known.agent == agent).map(|known| known.name.clone());
            Some(BoardAgent { agent, name, load, limit: None, full_on: Vec::new() })
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

fn of_the_team(row: RosterRow, load: BoardLoad, limits: &BTreeMap<AccountId, u64>) -> BoardAgent {
    let works_on = row.roles.iter().filter_map(|on| limits.get_key_value(&on.account));
    let full_on = works_on
        .clone()
        .filter(|(account, limit)| load.open.get(*account).is_some_and(|open| *open >= **limit))
        .map(|(account, _)| account.clone())
        .collect();
    let limit: u64 = works_on.map(|(_, limit)| limit).sum();
    BoardAgent { agent: row.agent, name: Some(row.name), load, limit: Some(limit), full_on }
}

#[cfg(test)]
mod tests {
    use baton_protocol::people::RoleOn;

    use super::*;

    #[test]
    fn whoever_has_as_many_as_one_gets_is_full_there_and_nowhere_else() {
        let on = |account: &str| RoleOn { account: account.into(), role: Role::Agent };
        let row = RosterRow {
            agent: AgentId::new(),
            name: "Ines".to_owned(),
            roles: vec![on("1"), on("2"), on("3")],
        };
        let limits = BTreeMap::from([(AccountId::from("1"), 20), (AccountId::from("2"), 5)]);
        let open = BTreeMap::from([(AccountId::from("1"), 19), (AccountId::from("2"), 5)]);
        let one = of_the_team(row, BoardLoad { open, ..BoardLoad::default() }, &limits);
        assert_eq!(
            (one.open(), one.limit),
            (24, Some(25)),
            "what is of no account of the board does not count"
        );
        assert_eq!(one.full_on, [AccountId::from("2")]);
    }
}
