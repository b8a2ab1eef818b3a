//! Acts on many threads at once: looked at before, done a few at a time, and taken back as far as nobody did anything since.
//!
//! ```text
//!   chosen ──look──▶ so many can be, these cannot and why ──press──▶ one after the other ──▶ what each was before
//!                                                                          │                      │
//!                                            relay away: the rest is left ◀┘       undo: asked as it was left
//! ```
//!
//! Each is a command of its own, under compare-and-set: what somebody else moved meanwhile is left as it is, and said.

use std::collections::BTreeMap;

use baton_messenger::Words;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::command::{Accepted, Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::team::Status;
use baton_protocol::{AccountId, AgentId, CommandId, LabelId, LogName};
use futures_util::{FutureExt as _, StreamExt as _, stream};

use super::{Desk, DeskError};
use crate::relay_client::RelayError;
use crate::store::{Block, StoreError, ThreadId, ThreadLabel, ThreadRow, ends_next_ms};

/// More threads are not acted on with one press.
pub const MOST_AT_ONCE: usize = 500;
/// How many commands are on their way together.
const SIDE_BY_SIDE: usize = 8;

/// What is done with each of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ManyAct {
    /// Gives it to an agent, or to the queue.
    Assign {
        /// Who is to work on it.
        to: Option<AgentId>,
    },
    /// Sets it done.
    Done,
    /// Puts it to sleep.
    Snooze {
        /// Until when, milliseconds UTC of Meta.
        until_ms: i64,
    },
    /// Sets it waiting on the customer.
    WaitOnCustomer,
    /// Puts a label on, or takes it off.
    Label {
        /// The label.
        label: LabelId,
        /// True to put it on.
        on: bool,
    },
    /// Marks it read for this agent.
    MarkRead,
}

impl ManyAct {
    fn needs_relay(&self) -> bool {
        matches!(self, Self::Assign { .. } | Self::Done | Self::Snooze { .. } | Self::WaitOnCustomer)
    }
}

/// Why an act does not go for a thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hindrance {
    /// It stands so already.
    AlreadySo,
    /// A colleague works on it, and this agent is no supervisor there.
    OfAnother,
    /// An agent takes a free thread, and gives none of those to others.
    NotForOthers,
    /// Whoever is to get it has no role on its account.
    NoRole,
    /// Its customer is kept away.
    Blocked,
    /// It is not on this desk any more.
    Gone,
}

/// What would become of an act.
#[derive(Debug, Clone, Default)]
pub struct Preview {
    /// For which threads it goes.
    pub can: Vec<ThreadId>,
    /// For which it does not, and why.
    pub cannot: Vec<(ThreadRow, Hindrance)>,
    /// How many are not on this desk any more.
    pub gone: usize,
    /// Of those that would sleep, how many reach past the end of their window, late window or control.
    pub past_deadline: usize,
}

/// What became of it for one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done(Before),
    /// It was not, and need not or may not be.
    Not(Hindrance),
    /// Somebody else was faster.
    Lost(Words),
    /// It did not work.
    Failed(Words),
    /// The relay is away.
    Away,
}

/// How a thread stood before, and what an undo is checked against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Before {
    /// Who worked on it.
    Assignee {
        /// Who; none for the queue.
        assignee: Option<AgentId>,
        /// The version that the act left.
        version: u64,
    },
    /// Its status.
    Status {
        /// Which.
        status: Status,
        /// The version that the act left.
        version: u64,
    },
    /// Whether it carried a label.
    Label {
        /// Which.
        label: LabelId,
        /// Whether it did.
        was_on: bool,
    },
    /// Up to where it was read.
    Read {
        /// The seq.
        seq: u64,
    },
}

/// What became of an undo for one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undone {
    /// It stands as before.
    Back,
    /// Somebody moved it since, and it stays.
    Moved,
    /// It did not work.
    Failed(Words),
    /// The relay is away.
    Away,
}

/// What an act is judged by on one account.
#[derive(Debug, Clone, Copy)]
struct Rights {
    me: AgentId,
    role: Role,
    /// Whether whoever is to get the thread works there.
    may_get: bool,
    /// Whether late replies may be sent there.
    may_be_late: bool,
}

impl Desk {
    /// What an act on these threads would do.
    ///
    /// # Errors
    /// [`DeskError::NotEnrolled`]; when the store cannot be read.
    pub async fn preview_many(&self, threads: &[ThreadId], act: &ManyAct) -> Result<Preview, DeskError> {
        let rights = self.rights(act).await?;
        let (mut preview, now_ms) = (Preview::default(), self.inner.meta_now().ms);
        for thread in threads.iter().take(MOST_AT_ONCE) {
            let row = match self.inner.thread(*thread).await {
                Err(StoreError::Missing(_)) => {
                    preview.gone += 1;
                    continue;
                }
                row => row?,
            };
            match hindrance(&row, act, rights.get(&row.key.account)) {
                Some(why) => preview.cannot.push((row, why)),
                None => {
                    let rights = rights.get(&row.key.account);
                    preview.past_deadline += usize::from(is_past_deadline(&row, act, rights, now_ms));
                    preview.can.push(row.id);
                }
            }
        }
        Ok(preview)
    }

    /// Does it, for each thread by itself. The outcomes come in the order of the threads.
    ///
    /// # Errors
    /// [`DeskError::NotEnrolled`]; when the store cannot be read.
    pub async fn act_on_many(
        &self,
        threads: &[ThreadId],
        act: &ManyAct,
    ) -> Result<Vec<(ThreadId, Outcome)>, DeskError> {
        let rights = self.rights(act).await?;
        let threads = threads.iter().copied().take(MOST_AT_ONCE);
        if act.needs_relay() && !self.inner.is_served() {
            return Ok(threads.map(|thread| (thread, Outcome::Away)).collect());
        }
        let acts: Vec<_> = threads.map(|thread| self.act_on_one(thread, act, &rights).boxed()).collect();
        Ok(stream::iter(acts).buffered(SIDE_BY_SIDE).collect().await)
    }

    /// Puts threads back as they were before an act, each only if nobody moved it since.
    pub async fn undo_many(&self, before: Vec<(ThreadId, Before)>) -> Vec<(ThreadId, Undone)> {
        let undos = before.into_iter().take(MOST_AT_ONCE);
        let undos: Vec<_> = undos.map(|(thread, before)| self.undo_one(thread, before).boxed()).collect();
        stream::iter(undos).buffered(SIDE_BY_SIDE).collect().await
    }

    async fn act_on_one(
        &self,
        thread: ThreadId,
        act: &ManyAct,
        rights: &BTreeMap<AccountId, Rights>,
    ) -> (ThreadId, Outcome) {
        let outcome = match self.inner.thread(thread).await {
            Ok(row) => match hindrance(&row, act, rights.get(&row.key.account)) {
                Some(why) => Outcome::Not(why),
                None => self.carry_out(&row, act).await.unwrap_or_else(outcome_of),
            },
            Err(error) => outcome_of(error.into()),
        };
        (thread, outcome)
    }

    async fn carry_out(&self, row: &ThreadRow, act: &ManyAct) -> Result<Outcome, DeskError> {
        Ok(match act {
            ManyAct::Assign { to } => {
                let accepted = self.give_thread(row, *to).await?;
                let version = accepted.version;
                done(&accepted, Before::Assignee { assignee: row.assignee, version })
            }
            ManyAct::Done => self.set(row, Status::Done).await?,
            ManyAct::Snooze { until_ms } => self.set(row, Status::Snoozed { until_ms: *until_ms }).await?,
            ManyAct::WaitOnCustomer => self.set(row, Status::WaitingOnCustomer).await?,
            ManyAct::Label { label, on } => {
                let _now_or_later = self.inner.label(row, *label, *on).await?;
                Outcome::Done(Before::Label { label: *label, was_on: !on })
            }
            ManyAct::MarkRead => {
                let seq = self.inner.store.read_seq(row.id).await?;
                self.mark(row.id, true).await?;
                Outcome::Done(Before::Read { seq })
            }
        })
    }

    async fn set(&self, row: &ThreadRow, status: Status) -> Result<Outcome, DeskError> {
        let accepted = self.set_status_of(row, status).await?;
        let version = accepted.version;
        Ok(done(&accepted, Before::Status { status: row.status.clone(), version }))
    }

    async fn undo_one(&self, thread: ThreadId, before: Before) -> (ThreadId, Undone) {
        let undone = match self.put_back(thread, before).await {
            Ok(()) => Undone::Back,
            Err(error) if error.is_conflict() => Undone::Moved,
            Err(error) => match outcome_of(error) {
                Outcome::Away => Undone::Away,
                Outcome::Lost(words) | Outcome::Failed(words) => Undone::Failed(words),
                Outcome::Done(_) | Outcome::Not(_) => Undone::Moved,
            },
        };
        (thread, undone)
    }

    async fn put_back(&self, thread: ThreadId, before: Before) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        let customer = row.key.customer.clone();
        let (command, version) = match before {
            Before::Assignee { assignee, version } => (Command::Assign { customer, assignee }, version),
            Before::Status { status, version } => {
                (Command::SetStatus { customer, status: self.still(status) }, version)
            }
            Before::Label { label, was_on } => {
                self.inner.label(&row, label, was_on).await?;
                return Ok(());
            }
            Before::Read { seq } => {
                self.mark_up_to(&row, seq).await?;
                return Ok(());
            }
        };
        let request = CommandRequest {
            command_id: CommandId::new(),
            if_version: Some(version),
            if_no_word_after: None,
            command,
        };
        self.inner.ask(&LogName::Account(row.key.account), &request).await?;
        Ok(())
    }

    /// A sleep whose time came meanwhile is over.
    fn still(&self, status: Status) -> Status {
        match status {
            Status::Snoozed { until_ms } if until_ms <= self.inner.meta_now().ms => Status::Open,
            status => status,
        }
    }

    async fn rights(&self, act: &ManyAct) -> Result<BTreeMap<AccountId, Rights>, DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let mut rights = BTreeMap::new();
        for access in self.inner.store.access().await? {
            let may_get = match act {
                ManyAct::Assign { to: Some(to) } if *to != me => {
                    self.inner.store.agent_role(*to, &access.account).await?.is_some()
                }
                _ => true,
            };
            let account = self.inner.store.account(&access.account).await?;
            let may_be_late = account.is_some_and(|account| account.human_agent == HumanAgentRight::Approved);
            rights.insert(access.account, Rights { me, role: access.role, may_get, may_be_late });
        }
        Ok(rights)
    }
}

/// Whether the thread would sleep past the end of its window, late window or control, whichever is next.
fn is_past_deadline(row: &ThreadRow, act: &ManyAct, rights: Option<&Rights>, now_ms: i64) -> bool {
    let ManyAct::Snooze { until_ms } = act else { return false };
    let may_be_late = rights.is_some_and(|rights| rights.may_be_late);
    let ends_ms = ends_next_ms(row.last_opening_ms, may_be_late, &row.owner, now_ms);
    ends_ms.is_some_and(|ends_ms| ends_ms < *until_ms)
}

fn done(accepted: &Accepted, before: Before) -> Outcome {
    if accepted.seqs.is_empty() { Outcome::Not(Hindrance::AlreadySo) } else { Outcome::Done(before) }
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in unwrap_or_else, which gives it away")]
fn outcome_of(error: DeskError) -> Outcome {
    match &error {
        DeskError::Lost(words) => Outcome::Lost(words.clone()),
        DeskError::Store(StoreError::Missing(_)) => Outcome::Not(Hindrance::Gone),
        DeskError::Relay(RelayError::Unreachable(_) | RelayError::NotARelay | RelayError::NotStored) => {
            Outcome::Away
        }
        _ => Outcome::Failed(error.agent_words()),
    }
}

/// Why the act does not go for a thread; none when it does.
fn hindrance(row: &ThreadRow, act: &ManyAct, rights: Option<&Rights>) -> Option<Hindrance> {
    let Some(Rights { me, role, may_get, .. }) = rights else { return Some(Hindrance::Gone) };
    let is_so = match act {
        ManyAct::Assign { to } => row.assignee == *to,
        ManyAct::Done => row.status == Status::Done,
        ManyAct::Snooze { until_ms } => row.status == Status::Snoozed { until_ms: *until_ms },
        ManyAct::WaitOnCustomer => row.status == Status::WaitingOnCustomer,
        ManyAct::Label { label, on } => carries(row, *label) == *on,
        ManyAct::MarkRead => row.unread == 0 && !row.mention.is_some_and(|mention| mention.is_open),
    };
    if is_so {
        return Some(Hindrance::AlreadySo);
    }
    if !act.needs_relay() {
        return None;
    }
    if row.block != Block::No {
        return Some(Hindrance::Blocked);
    }
    if *role == Role::Agent && row.assignee.is_some_and(|holder| holder != *me) {
        return Some(Hindrance::OfAnother);
    }
    let ManyAct::Assign { to: Some(to) } = act else { return None };
    if *role == Role::Agent && row.assignee.is_none() && to != me {
        return Some(Hindrance::NotForOthers);
    }
    (!may_get).then_some(Hindrance::NoRole)
}

fn carries(row: &ThreadRow, label: LabelId) -> bool {
    row.labels.get(&label).is_some_and(|how| *how != ThreadLabel::TakingOff)
}
