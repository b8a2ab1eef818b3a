//! The supervisor's board.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::presence::PresenceState;
use super::threads::ThreadRow;
use super::{Channel, Count, Ms};

/// Whose threads a column of the board holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "of", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum BoardOf {
    /// Everybody's.
    All,
    /// Nobody's.
    Queue,
    /// One agent's.
    Agent {
        /// The agent's id.
        agent: String,
    },
}

/// In which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BoardSort {
    /// Whose window, late window or control ends first; then who can get no reply any more; then the rest, newest first.
    Breach,
    /// The urgent before the others, longest wait first.
    Wait,
    /// The queue, then one agent after the other by name.
    Assignee,
}

/// Where a thread stands in the team's work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum BoardStatus {
    /// Somebody should look at it.
    Open,
    /// We wait for the customer.
    WaitingOnCustomer,
}

/// A column that is asked for, and how far it is read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadColumn {
    /// Whose threads.
    pub column: BoardOf,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// The `previous` of the page behind: the rows before it are asked for then.
    pub up_to: Option<String>,
    /// How many at most; 200 is the most a page holds.
    pub limit: u32,
}

/// Asks for columns of the board, of the accounts that this agent supervises.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadBoard {
    /// Only these accounts; all of them where none is named.
    pub accounts: Vec<String>,
    /// Only this channel.
    pub channel: Option<Channel>,
    /// Only with this label.
    pub label: Option<String>,
    /// Only of this status.
    pub status: Option<BoardStatus>,
    /// Only those who need a reply.
    pub only_waiting: bool,
    /// In which order.
    pub sort: BoardSort,
    /// Which columns, at most 60.
    pub columns: Vec<ReadColumn>,
}

/// A thread on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardRow {
    /// The thread, as the list has it.
    pub row: ThreadRow,
    /// The id of whoever works on it.
    pub agent: Option<String>,
    /// Of one that needs a reply, when the next of window, late window and control ends; none when nothing will any more.
    pub ends_ms: Option<Ms>,
}

/// A page of a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardColumn {
    /// The rows.
    pub rows: Vec<BoardRow>,
    /// Where the page before ends; none at the top.
    pub previous: Option<String>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
    /// How many there are in all; none where nobody counts them.
    pub total: Option<Count>,
}

/// Columns of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardView {
    /// One for each that was asked for, in their order.
    pub columns: Vec<BoardColumn>,
}

/// Asks what everybody has to do, on the accounts that this agent supervises.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ReadBoardAgents {
    /// Only these accounts; all of them where none is named.
    pub accounts: Vec<String>,
    /// Only this channel.
    pub channel: Option<Channel>,
}

/// What an agent has to do, or the queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardWork {
    /// Open threads, without those that wait on the customer.
    pub open: Count,
    /// How many more wait on the customer; they count for no limit.
    pub on_customer: Count,
    /// Of those that are open, how many are to be answered: they need a reply and can get one.
    pub waiting: Count,
    /// Since when the customer waits who waits longest and can be answered.
    pub oldest_wait_ms: Option<Ms>,
    /// Of how many something ends within the next hour.
    pub due: Count,
    /// When the next ends.
    pub next_due_ms: Option<Ms>,
}

/// What an agent has on one account of the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardAccount {
    /// The account's id.
    pub account: String,
    /// The account's name.
    pub name: String,
    /// Open threads there, without those that wait on the customer.
    pub open: Count,
    /// How many the rules of its queue give one agent at most; none for who works there no more.
    pub limit: Option<Count>,
    /// True when they have as many as that.
    pub full: bool,
}

/// An agent on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardAgent {
    /// The agent's id.
    pub agent: String,
    /// The agent's name.
    pub name: String,
    /// True for the agent of this desk.
    pub me: bool,
    /// How present, all desks of theirs together.
    pub state: PresenceState,
    /// What they have to do.
    pub work: BoardWork,
    /// The accounts on which they work, and those on which they only have something still; by name.
    pub accounts: Vec<BoardAccount>,
    /// True when whoever sits here may return their threads: of somebody who works there no more too. False of who is offline
    /// and has none.
    pub may_return: bool,
}

/// Everybody on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardAgents {
    /// What nobody works on.
    pub queue: BoardWork,
    /// By name.
    pub agents: Vec<BoardAgent>,
}

/// Whether the board has a window of its own now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct BoardWindow {
    /// False in a host that opens no windows.
    pub opened: bool,
}
