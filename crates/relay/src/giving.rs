//! Gives threads out by the rules of each account: the task around [`crate::team::queue`], one machine per account.
//!
//! ```text
//!   log ──(how threads stand, rules, roles)──┐
//!   who is there ────────────────────────────┼──▶ queue of the account ──moves──▶ log, by compare-and-set
//!   time ────────────────────────────────────┘                                      │
//!                          ▲───────────────(how the threads stand then)─────────────┘
//! ```
//!
//! It promises that the queues are those of the tables: they are read when it starts, when roles change, and when it missed
//! something or the log failed. A move that somebody was faster than does nothing. It forgets nothing that matters with the
//! relay: threads, rules and turns stand in tables, and who is there is told anew.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_messenger::limits::{HUMAN_AGENT_WINDOW_MS, OPEN_WINDOW_MS};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::presence::PresenceState;
use baton_protocol::{AccountId, AgentId};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, until_boot};
use crate::log::queue::{QueueNews, QueueNow};
use crate::log::{Log, LogError};
use crate::meta_time::MetaTime;
use crate::presence::WhoIsThere;
use crate::team::queue::{Event, Move, Queue};

/// For so long after a start desks may come back before anybody counts as away, milliseconds of the boot clock. Desks try again
/// after some seconds, and longer the longer the relay was gone.
const SETTLES_AFTER_MS: i64 = 15_000;
/// How many moves one transaction carries out at most.
const MOVES_AT_ONCE: usize = 100;
/// When the log failed, it is asked again after so long, milliseconds of the boot clock.
const AGAIN_AFTER_MS: i64 = 2_000;

/// Gives threads out until the relay stops.
pub(crate) async fn run(
    log: Arc<dyn Log>,
    there: Arc<WhoIsThere>,
    time: Arc<MetaTime>,
    stop: CancellationToken,
) {
    let (news, mut changes) = (log.queue_news(), there.changes());
    let (clock, mut moved) = (Arc::clone(time.clock()), time.moved());
    let settles_ms = clock.boot_ms() + SETTLES_AFTER_MS;
    let (queues, known, heard) = (None, BTreeMap::new(), Vec::new());
    // A file of before has threads that nobody looked at, and a run before may have been cut off while it folded some anew.
    let must_fold = true;
    let stopping = stop.clone();
    let mut giving = Giving { log, there, time, news, settles_ms, queues, known, heard, must_fold, stopping };
    loop {
        let again_ms = match giving.step().await {
            Ok(next_ms) => next_ms,
            Err(error) => {
                tracing::warn!(%error, "threads cannot be given out now");
                giving.queues = None;
                Some(clock.boot_ms() + AGAIN_AFTER_MS)
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            news = giving.news.recv() => match news {
                Ok(news) => giving.heard.push(news),
                Err(RecvError::Lagged(_)) => giving.queues = None,
                Err(RecvError::Closed) => return,
            },
            changed = changes.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            // Sleeps end by Meta's time, and that is another one now.
            changed = moved.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            () = at(&*clock, again_ms) => {}
        }
    }
}

async fn at(clock: &dyn Clock, boot_ms: Option<i64>) {
    match boot_ms {
        Some(boot_ms) => until_boot(clock, boot_ms).await,
        None => std::future::pending().await,
    }
}

/// For how long after the customer's last word somebody may answer: 24 hours, and seven days where late replies are approved
/// (docs/meta.md).
fn answerable(right: HumanAgentRight) -> Event {
    Event::Answerable(match right {
        HumanAgentRight::Approved => HUMAN_AGENT_WINDOW_MS,
        HumanAgentRight::NotApproved | HumanAgentRight::Refused => OPEN_WINDOW_MS,
    })
}

struct Giving {
    log: Arc<dyn Log>,
    there: Arc<WhoIsThere>,
    time: Arc<MetaTime>,
    news: Receiver<QueueNews>,
    /// When desks have had the time to come back, on the boot clock.
    settles_ms: i64,
    /// The queues; none when they must be read anew.
    queues: Option<BTreeMap<AccountId, Queue>>,
    /// Who is there, as the queues know it.
    known: BTreeMap<AgentId, PresenceState>,
    /// What was heard and not looked at yet.
    heard: Vec<QueueNews>,
    /// Threads have to be folded anew before the queues are read.
    must_fold: bool,
    /// The relay stops.
    stopping: CancellationToken,
}

impl Giving {
    /// Looks at all that happened and carries out what follows, until nothing does. Returns when time alone changes something,
    /// on the boot clock.
    async fn step(&mut self) -> Result<Option<i64>, LogError> {
        loop {
            self.drain();
            if self.must_fold {
                // Some at a time: in a large file that takes long, and nothing else waits for it.
                while !self.stopping.is_cancelled() && self.log.fold_anew().await? {}
                if self.stopping.is_cancelled() {
                    return Ok(None);
                }
                (self.must_fold, self.queues) = (false, None);
            }
            let mut happened =
                if self.queues.is_none() { self.read().await? } else { BTreeMap::<_, Vec<Event>>::new() };
            for news in std::mem::take(&mut self.heard) {
                match news {
                    QueueNews::Stands(account, customer, standing) => {
                        happened.entry(account).or_default().push(Event::Stands(customer, standing));
                    }
                    QueueNews::Rules(account, rules) => {
                        happened.entry(account).or_default().push(Event::Rules(rules));
                    }
                    QueueNews::HumanAgent(account, right) => {
                        happened.entry(account).or_default().push(answerable(right));
                    }
                    // They had the queues read anew.
                    QueueNews::Anew(_) | QueueNews::Access => {}
                }
            }
            if !self.decide(happened).await? && !self.must_fold {
                return Ok(self.next_ms());
            }
        }
    }

    /// Takes up all that was told.
    fn drain(&mut self) {
        loop {
            match self.news.try_recv() {
                Ok(news) => self.heard.push(news),
                Err(TryRecvError::Lagged(_)) => self.queues = None,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        let folds = |news: &QueueNews| matches!(news, QueueNews::Anew(_));
        self.must_fold |= self.heard.iter().any(folds);
        if self.heard.contains(&QueueNews::Access) {
            self.queues = None;
        }
    }

    /// Reads the queues. What is told from here on comes after what the tables say, or says it once more.
    async fn read(&mut self) -> Result<BTreeMap<AccountId, Vec<Event>>, LogError> {
        let from_here_on = self.news.resubscribe();
        self.drain();
        self.news = from_here_on;
        self.heard.clear();
        self.known.clear();
        let mut queues = BTreeMap::new();
        let mut happened = BTreeMap::new();
        for QueueNow { account, rules, human_agent, last, members, threads } in self.log.queues().await? {
            let stand = threads.into_iter().map(|(customer, standing)| Event::Stands(customer, standing));
            let events = [Event::Rules(rules), Event::Members(members), answerable(human_agent)];
            let events = events.into_iter().chain(stand).collect();
            queues.insert(account.clone(), Queue::after(last));
            happened.insert(account, events);
        }
        self.queues = Some(queues);
        Ok(happened)
    }

    /// Has the queues decide, and carries it out. True when anything was.
    async fn decide(&mut self, mut happened: BTreeMap<AccountId, Vec<Event>>) -> Result<bool, LogError> {
        let (boot_ms, now_ms) = (self.time.clock().boot_ms(), self.time.stamp().ms);
        let is_settled = boot_ms >= self.settles_ms;
        let there: BTreeMap<AgentId, PresenceState> =
            self.there.book().agents().map(|(agent, now)| (agent, now.state)).collect();
        let has_changed = there != self.known;
        let mut moves: Vec<(AccountId, Vec<Move>)> = Vec::new();
        for (account, queue) in self.queues.iter_mut().flatten() {
            let mut events = happened.remove(account).unwrap_or_default();
            events.push(Event::Time(now_ms));
            if has_changed {
                events.push(Event::There(there.clone()));
            }
            if is_settled {
                events.push(Event::Settled);
            }
            let decided = queue.step(events);
            if !decided.is_empty() {
                moves.push((account.clone(), decided));
            }
        }
        self.known = there;
        let any = !moves.is_empty();
        for (account, decided) in moves {
            tracing::debug!(%account, threads = decided.len(), "threads move by the account's rules");
            for some in decided.chunks(MOVES_AT_ONCE) {
                self.log.give_out(&account, some.to_vec()).await?;
            }
        }
        Ok(any)
    }

    fn next_ms(&self) -> Option<i64> {
        let (boot_ms, now_ms) = (self.time.clock().boot_ms(), self.time.stamp().ms);
        let wakes = self.queues.iter().flatten().filter_map(|(_, queue)| queue.wakes_ms()).min();
        let wakes = wakes.map(|wakes_ms| boot_ms.saturating_add(wakes_ms.saturating_sub(now_ms)));
        let settles = (self.settles_ms > boot_ms).then_some(self.settles_ms);
        wakes.into_iter().chain(settles).min()
    }
}
