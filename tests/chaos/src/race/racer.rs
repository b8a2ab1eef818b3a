//! One desk in the race: what its agent presses, and what the desk and the relay answer.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_core::desk::{Before, Desk, DeskError, ManyAct, Outcome, Undone};
use baton_core::relay_client::{RelayClient, RelayError};
use baton_core::store::{ThreadId, ThreadKey, ThreadRow};
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::team::Status;
use baton_protocol::{AccountId, AgentId, CommandId, CustomerId, DeskId};
use baton_support::window::until;
use fastrand::Rng;
use tokio::sync::{Barrier, watch};

use super::told::{Asked, Moved, Told};
use crate::relay::{ACCOUNT, log};

/// A relay that was killed is asked again.
const AGAIN_AFTER: Duration = Duration::from_millis(20);
/// At every such act all desks go for one thread at the same moment.
const TOGETHER_EVERY: usize = 5;
/// How many threads are moved with one press.
const BULK: usize = 10;
/// How often an agent looks for a thread that is free or their own before they try one that is neither.
const LOOKS: usize = 3;

/// What all desks know.
pub(super) struct Course {
    /// Everybody who takes part.
    pub agents: Vec<AgentId>,
    /// Whose threads are fought for.
    pub customers: Vec<CustomerId>,
    /// Where all desks wait for each other.
    pub together: Barrier,
    /// How many acts are over, of all desks.
    pub done: watch::Sender<usize>,
}

/// One desk.
pub(super) struct Racer {
    pub desk: Arc<Desk>,
    pub relay: RelayClient,
    pub me: (AgentId, DeskId),
    pub is_supervisor: bool,
    pub course: Arc<Course>,
    pub chance: Rng,
    pub asked: Vec<Asked>,
}

impl Racer {
    /// Acts so often; gives everything that was asked, with every answer.
    pub async fn race(mut self, acts: usize) -> anyhow::Result<Vec<Asked>> {
        for number in 0..acts {
            let act = async {
                if number % TOGETHER_EVERY == 0 {
                    self.goes_with_all(number).await
                } else {
                    self.acts().await
                }
            };
            tokio::time::timeout(until::LONG, act).await.context("an act that does not end")??;
            self.course.done.send_modify(|done| *done += 1);
        }
        Ok(self.asked)
    }

    /// Everybody claims the same thread, half of them by hand.
    async fn goes_with_all(&mut self, number: usize) -> anyhow::Result<()> {
        let course = Arc::clone(&self.course);
        // From the end: what is picked by chance is mostly at the beginning.
        let at = course.customers.len() - 1 - (number / TOGETHER_EVERY) % course.customers.len();
        let row = self.row(at).await?;
        course.together.wait().await;
        let to = Some(self.me.0);
        if self.chance.bool() {
            self.gives(&row, to).await
        } else {
            self.asks_again(&row, Moved::To(to)).await
        }
    }

    async fn acts(&mut self) -> anyhow::Result<()> {
        let kind = self.chance.u32(..10);
        if self.is_supervisor && kind < 3 {
            return self.moves_many().await;
        }
        let row = self.picks().await?;
        if kind == 9 {
            let status = if self.chance.bool() { Status::Done } else { Status::Open };
            return self.asks_again(&row, Moved::Status(status)).await;
        }
        let to = self.whom_to(&row);
        if kind.is_multiple_of(2) {
            self.gives(&row, to).await
        } else {
            self.asks_again(&row, Moved::To(to)).await
        }
    }

    /// Some thread, those at the beginning more often. An agent mostly leaves those alone that are a colleague's.
    async fn picks(&mut self) -> anyhow::Result<ThreadRow> {
        let mut row = None;
        for _ in 0..LOOKS {
            let upper = self.chance.usize(..self.course.customers.len());
            let at = self.chance.usize(..=upper);
            let looked = self.row(at).await?;
            let is_anothers = looked.assignee.is_some_and(|holder| holder != self.me.0);
            let takes_it = self.is_supervisor || !is_anothers;
            row = Some(looked);
            if takes_it {
                break;
            }
        }
        row.context("no thread was looked at")
    }

    /// A free thread is claimed, an own one given away or back; of a colleague's a supervisor disposes, and an agent tries.
    fn whom_to(&mut self, row: &ThreadRow) -> Option<AgentId> {
        let somebody = self.chance.choice(&self.course.agents).copied();
        match row.assignee {
            None if !self.is_supervisor => Some(self.me.0),
            Some(holder) if holder == self.me.0 || self.is_supervisor => {
                somebody.filter(|_| self.chance.bool())
            }
            Some(_) => Some(self.me.0),
            None => somebody,
        }
    }

    /// As the window does it.
    async fn gives(&mut self, row: &ThreadRow, to: Option<AgentId>) -> anyhow::Result<()> {
        let told = match self.desk.give(row.id, to).await {
            Ok(()) => Told::Done,
            Err(DeskError::Lost(words)) => Told::Lost(words.what),
            Err(DeskError::Relay(error)) if error.passes_by_itself() => Told::Away,
            Err(DeskError::Relay(RelayError::Refused(_))) => Told::Refused,
            Err(error) => return Err(error.into()),
        };
        self.was_told(row, Moved::To(to), None, vec![told]).await
    }

    /// By hand: the same command twice at once, and once more later, each until it is answered.
    async fn asks_again(&mut self, row: &ThreadRow, wanted: Moved) -> anyhow::Result<()> {
        let customer = row.key.customer.clone();
        let command = match wanted.clone() {
            Moved::To(assignee) => Command::Assign { customer, assignee },
            Moved::Status(status) => Command::SetStatus { customer, status },
        };
        let (command_id, if_version) = (CommandId::new(), Some(row.version));
        let request = CommandRequest { command_id, if_version, if_no_word_after: None, command };
        let (first, second) = tokio::join!(self.is_answered(&request), self.is_answered(&request));
        let told = vec![first?, second?, self.is_answered(&request).await?];
        self.was_told(row, wanted, Some(command_id), told).await
    }

    async fn is_answered(&self, request: &CommandRequest) -> anyhow::Result<Told> {
        loop {
            match self.relay.command(&log(), request).await {
                Ok(accepted) => {
                    return Ok(Told::Accepted { seqs: accepted.seqs, version: accepted.version });
                }
                Err(RelayError::Conflict(now)) => {
                    let (version, assignee, status) = (now.version, now.assignee, now.status);
                    return Ok(Told::Conflict { version, assignee, status });
                }
                Err(error) if error.passes_by_itself() => tokio::time::sleep(AGAIN_AFTER).await,
                Err(RelayError::Refused(_)) => return Ok(Told::Refused),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// A supervisor moves some threads with one press, and takes that back half the time.
    async fn moves_many(&mut self) -> anyhow::Result<()> {
        let mut rows: Vec<ThreadRow> = Vec::new();
        for _ in 0..BULK {
            let row = self.picks().await?;
            if rows.iter().all(|known| known.id != row.id) {
                rows.push(row);
            }
        }
        let to = self.chance.choice(&self.course.agents).copied();
        let ids: Vec<ThreadId> = rows.iter().map(|row| row.id).collect();
        let outcomes = self.desk.act_on_many(&ids, &ManyAct::Assign { to }).await?;
        let mut before = Vec::new();
        for ((thread, outcome), row) in outcomes.into_iter().zip(&rows) {
            let told = match outcome {
                Outcome::Done(was) => {
                    before.push((thread, was));
                    Told::Done
                }
                Outcome::Lost(words) => Told::Lost(words.what),
                Outcome::Away | Outcome::Failed(_) => Told::Away,
                Outcome::Not(_) => continue,
            };
            self.was_told(row, Moved::To(to), None, vec![told]).await?;
        }
        if self.chance.bool() {
            self.takes_back(&rows, before).await?;
        }
        Ok(())
    }

    async fn takes_back(
        &mut self,
        rows: &[ThreadRow],
        before: Vec<(ThreadId, Before)>,
    ) -> anyhow::Result<()> {
        let undone = self.desk.undo_many(before.clone()).await;
        for ((thread, undone), (_, was)) in undone.into_iter().zip(before) {
            let Before::Assignee { assignee, version } = was else { continue };
            let told = match undone {
                Undone::Back => Told::Done,
                // It may have been carried out before the relay died.
                Undone::Away | Undone::Failed(_) => Told::Away,
                Undone::Moved => continue,
            };
            let Some(row) = rows.iter().find(|row| row.id == thread) else { continue };
            let row = ThreadRow { version, ..row.clone() };
            self.was_told(&row, Moved::To(assignee), None, vec![told]).await?;
        }
        Ok(())
    }

    async fn was_told(
        &mut self,
        row: &ThreadRow,
        wanted: Moved,
        command: Option<CommandId>,
        told: Vec<Told>,
    ) -> anyhow::Result<()> {
        let ((agent, desk), customer, seen) = (self.me, row.key.customer.clone(), row.version);
        let until = self.desk.store().thread(row.id, self.desk.meta_now().ms).await?.version;
        self.asked.push(Asked { agent, desk, customer, seen, until, wanted, command, told });
        Ok(())
    }

    /// A thread as this desk has it.
    async fn row(&self, at: usize) -> anyhow::Result<ThreadRow> {
        let customer = self.course.customers.get(at).context("no such thread")?.clone();
        let key = ThreadKey { account: AccountId::from(ACCOUNT), customer };
        let thread = self.desk.store().thread_id(&key).await?.context("the desk does not have the thread")?;
        Ok(self.desk.store().thread(thread, self.desk.meta_now().ms).await?)
    }
}
