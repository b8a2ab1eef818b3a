//! What the log keeps for giving threads out: how each stands, whose turn it is, and drafts for when somebody falls out.
//!
//! Whatever the implementation, it promises:
//!
//! - How a thread stands changes with the entry that says so, in one transaction, and is told after it.
//! - A move is carried out where the thread has the version that it names, and else does nothing; either way it is told how
//!   the thread stands then.
//! - A draft that is kept is read by nobody; it becomes an entry with the move that takes the thread from its agent.

use std::collections::BTreeSet;

use async_trait::async_trait;
use baton_protocol::account::{HumanAgentRight, QueueRules};
use baton_protocol::draft::DraftTold;
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId};
use tokio::sync::broadcast;

use super::{LogError, Read};
use crate::team::queue::{Move, Standing};

/// What changed for the queue of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QueueNews {
    /// A thread stands so.
    Stands(AccountId, CustomerId, Standing),
    /// These rules hold.
    Rules(AccountId, QueueRules),
    /// Whether late replies may be sent on an account.
    HumanAgent(AccountId, HumanAgentRight),
    /// All threads of an account are to be folded anew.
    Anew(AccountId),
    /// Roles, desks or accounts changed.
    Access,
}

/// The queue of an account as it is now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueNow {
    /// The account.
    pub account: AccountId,
    /// Its rules.
    pub rules: QueueRules,
    /// Whether late replies may be sent there.
    pub human_agent: HumanAgentRight,
    /// Who got a thread by the rules last.
    pub last: Option<AgentId>,
    /// Who has a role on it.
    pub members: BTreeSet<AgentId>,
    /// Threads that are open or asleep.
    pub threads: Vec<(CustomerId, Standing)>,
}

/// The part of the log that is about giving threads out.
#[async_trait]
pub trait QueueStore {
    /// What changes while the relay runs, told after each commit, in order.
    fn queue_news(&self) -> broadcast::Receiver<QueueNews>;

    /// The queues of all connected accounts.
    async fn queues(&self) -> Result<Vec<QueueNow>, LogError>;

    /// Carries out moves.
    async fn give_out(&self, account: &AccountId, moves: Vec<Move>) -> Result<(), LogError>;

    /// Folds some threads anew that have to be; false when there are no more.
    async fn fold_anew(&self) -> Result<bool, LogError>;

    /// Keeps the draft of a desk's agent; an empty one goes.
    async fn keep_draft(
        &self,
        desk: DeskId,
        account: &AccountId,
        draft: DraftTold,
    ) -> Result<Read<()>, LogError>;
}
