//! The supervisor's board, in the shape of the page.

use std::collections::BTreeMap;

use baton_core::desk::{BoardAgent as OnBoard, BoardShare, Screen, WhoIsThere};
use baton_core::store::{
    BoardFilter, BoardFrom, BoardKey, BoardLoad, BoardOf as Whose, BoardPage, BoardQuery, BoardSort as Order,
    BoardStatus as Stands, ThreadId,
};
use baton_protocol::presence::Presence;
use baton_protocol::{AccountId, AgentId};

use super::presence::{doing_of, state_view};
use super::rows::{Names, label_id, platform, thread_row};
use super::{Answer, Answering, errors};
use crate::contract::alerts::LookAt;
use crate::contract::board::{
    BoardAccount, BoardAgent, BoardAgents, BoardColumn, BoardOf, BoardRow, BoardSort, BoardStatus, BoardView,
    BoardWindow, BoardWork, ReadBoard, ReadBoardAgents, ReadColumn,
};
use crate::contract::presence::{PresenceState, Shows};
use crate::contract::{Channel, Count, Ms};

/// So many columns are read at once.
const MOST_COLUMNS: usize = 60;

impl Answering {
    pub(crate) async fn board(&self, asked: ReadBoard) -> Answer<BoardView> {
        let accounts = self.on_board(&asked.accounts, asked.channel).await?;
        let filter = BoardFilter {
            label: asked.label.as_deref().map(label_id).transpose()?,
            status: asked.status.map(|status| match status {
                BoardStatus::Open => Stands::Open,
                BoardStatus::WaitingOnCustomer => Stands::WaitingOnCustomer,
            }),
            only_waiting: asked.only_waiting,
        };
        let sort = match asked.sort {
            BoardSort::Breach => Order::Breach,
            BoardSort::Wait => Order::Wait,
            BoardSort::Assignee => Order::Assignee,
        };
        let now_ms = self.desk().meta_now().ms;
        let mut reading = self.reading().await?;
        let names = Names::read(&mut reading, self.desk().me()).await?;
        let mut columns = Vec::with_capacity(asked.columns.len().min(MOST_COLUMNS));
        for column in asked.columns.iter().take(MOST_COLUMNS) {
            let query = BoardQuery {
                of: whose(&column.column)?,
                sort,
                accounts: accounts.clone(),
                filter,
                from: begins(column)?,
                limit: column.limit,
                now_ms,
            };
            let page = reading.board_page(&query).await.map_err(errors::of_store)?;
            columns.push(column_view(page, &names));
        }
        Ok(BoardView { columns })
    }

    pub(crate) async fn board_agents(&self, asked: ReadBoardAgents) -> Answer<BoardAgents> {
        let accounts = self.on_board(&asked.accounts, asked.channel).await?;
        let (queue, agents) = self.desk().board_agents(&accounts).await.map_err(errors::of_desk)?;
        let known = self.desk().store().access().await.map_err(errors::of_store)?;
        let called: BTreeMap<AccountId, String> = known.into_iter().map(|on| (on.account, on.name)).collect();
        let WhoIsThere { everybody, .. } = self.desk().who_is_there();
        let me = self.desk().me();
        let supervised = self.desk().supervised().await.map_err(errors::of_desk)?;
        let agents = agents.into_iter().map(|one| {
            let may_return = supervised.contains(&one.agent);
            BoardAgent { may_return, ..agent_view(one, me, everybody.as_ref(), &called) }
        });
        Ok(BoardAgents { queue: work(&queue), agents: agents.collect() })
    }

    pub(crate) async fn open_board(&self, (): ()) -> Answer<BoardWindow> {
        Ok(BoardWindow { opened: self.outside().open_board().is_ok() })
    }

    pub(crate) async fn shows_on_board(&self, shown: Shows) -> Answer<()> {
        let thread = shown.thread.map(|thread| (ThreadId(thread.0), doing_of(shown.doing)));
        self.desk().shows_on(Screen::Board, thread).await.map_err(errors::of_desk)
    }

    pub(crate) async fn look_at_on_board(&self, look: LookAt) -> Answer<()> {
        self.desk().looks_on(Screen::Board, look.thread.map(|thread| ThreadId(thread.0)));
        Ok(())
    }

    async fn on_board(&self, accounts: &[String], channel: Option<Channel>) -> Answer<Vec<AccountId>> {
        let chosen: Vec<AccountId> =
            accounts.iter().map(|account| AccountId::from(account.as_str())).collect();
        self.desk().board_accounts(&chosen, channel.map(platform)).await.map_err(errors::of_desk)
    }
}

fn column_view(page: BoardPage, names: &Names) -> BoardColumn {
    let rows = page.rows.into_iter().map(|one| BoardRow {
        agent: one.row.assignee.map(|agent| agent.to_string()),
        ends_ms: one.ends_ms.map(Ms),
        row: thread_row(one.row, names),
    });
    BoardColumn {
        rows: rows.collect(),
        previous: page.previous.map(write_key),
        next: page.next.map(write_key),
        total: page.total.map(Count),
    }
}

fn agent_view(
    one: OnBoard,
    me: Option<AgentId>,
    everybody: Option<&BTreeMap<AgentId, Presence>>,
    called: &BTreeMap<AccountId, String>,
) -> BoardAgent {
    let state = match everybody.map(|everybody| everybody.get(&one.agent)) {
        None => PresenceState::Unknown,
        Some(None) => PresenceState::Offline,
        Some(Some(there)) => state_view(there.state),
    };
    let mut accounts: Vec<BoardAccount> =
        one.accounts.iter().map(|share| account_view(share, called)).collect();
    accounts.sort_by_cached_key(|on| on.name.to_lowercase());
    BoardAgent {
        agent: one.agent.to_string(),
        me: me == Some(one.agent),
        state,
        work: work(&one.load),
        accounts,
        name: one.name.unwrap_or_else(|| "A colleague".to_owned()),
        may_return: false,
    }
}

fn account_view(share: &BoardShare, called: &BTreeMap<AccountId, String>) -> BoardAccount {
    let account = share.account.to_string();
    BoardAccount {
        name: called.get(&share.account).cloned().unwrap_or_else(|| account.clone()),
        account,
        open: Count(share.open),
        limit: share.limit.map(Count),
        full: share.is_full(),
    }
}

fn work(load: &BoardLoad) -> BoardWork {
    BoardWork {
        open: Count(load.open.values().sum()),
        on_customer: Count(load.on_customer),
        waiting: Count(load.waiting),
        oldest_wait_ms: load.oldest_wait_ms.map(Ms),
        due: Count(load.due),
        next_due_ms: load.next_due_ms.map(Ms),
    }
}

fn whose(of: &BoardOf) -> Answer<Whose> {
    Ok(match of {
        BoardOf::All => Whose::All,
        BoardOf::Queue => Whose::Queue,
        BoardOf::Agent { agent } => Whose::Agent(agent_of(agent)?),
    })
}

fn agent_of(text: &str) -> Answer<AgentId> {
    text.parse().map_err(|_| errors::unreadable("the name of a colleague"))
}

fn begins(column: &ReadColumn) -> Answer<BoardFrom> {
    Ok(match (&column.up_to, &column.after) {
        (Some(key), _) => BoardFrom::UpTo(read_key(key)?),
        (None, Some(key)) => BoardFrom::After(read_key(key)?),
        (None, None) => BoardFrom::Top,
    })
}

fn write_key(key: BoardKey) -> String {
    let agent = key.agent.map(|agent| agent.to_string()).unwrap_or_default();
    format!("{}.{}.{agent}", key.place_ms, key.thread.0)
}

fn read_key(text: &str) -> Answer<BoardKey> {
    let unreadable = || errors::unreadable("a place on the board");
    let mut parts = text.splitn(3, '.');
    let mut number = || parts.next().and_then(|part| part.parse().ok()).ok_or_else(unreadable);
    let (place_ms, thread) = (number()?, number()?);
    let agent = match parts.next().ok_or_else(unreadable)? {
        "" => None,
        agent => Some(agent_of(agent)?),
    };
    Ok(BoardKey { agent, place_ms, thread: ThreadId(thread) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_the_board_survives_the_page() {
        for agent in [None, Some(AgentId::new())] {
            let key = BoardKey { agent, place_ms: -17, thread: ThreadId(4) };
            assert_eq!(read_key(&write_key(key)).unwrap(), key);
        }
        for none in ["nowhere", "1.2", "1.2.nobody"] {
            assert!(read_key(none).is_err());
        }
    }
}
