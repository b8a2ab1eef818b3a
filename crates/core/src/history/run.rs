//! The loop around [`super::plan`]: one task for each account that this desk is the steward of.
//!
//! A step is one call of Graph, and what it brought is stored, or in the log, before the next. A call waits for its slot and
//! for Meta's budgets inside the client of Graph; who pauses the history, or takes the lease, ends the wait.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_graph::{CONVERSATION_FIELDS, CallError, ConversationQuery, Credentials, GraphClient, Urgency};
use baton_messenger::answer::{Conversation, Page};
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, Mid};
use baton_protocol::LogName;
use baton_protocol::audit::AuditPage;
use baton_protocol::command::Command;
use baton_protocol::enrol::AccountRole;
use baton_protocol::lease::{HistoryState, HistoryWait};

use super::kept::{FIRST_PAUSE_MS, Kept, Verdict};
use super::page::{self, MESSAGES_A_PAGE, Origin, Told, Trouble};
use super::plan::{Known, Step};
use super::progress::progress;
use super::walk::{Logged, Walk};
use crate::backoff::random;
use crate::clock::next_look;
use crate::desk::inner::{Inner, lock, request};
use crate::relay_client::RelayError;
use crate::store::{HistoryPass, HistoryThread, StoreError, ThreadKey};
use crate::sync::SyncStatus;

/// How often the loop looks even when nothing wakes it, and whether a call that waits still has a reason to.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// A rest is looked at again after this, milliseconds of the boot clock: Meta's clock may have been moved.
const LONGEST_REST_MS: i64 = 30_000;
/// The log is not complete here yet, or the relay does not answer: milliseconds.
const SOON_MS: i64 = 2_000;
/// Threads of one listing (docs/meta.md 3.1).
const THREADS_A_PAGE: u32 = 25;

/// Reads history until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let busy: Arc<Mutex<BTreeSet<AccountId>>> = Arc::default();
    let not_before: Arc<Mutex<BTreeMap<AccountId, i64>>> = Arc::default();
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.history.wake.notified() => lock(&not_before).clear(),
            () = tokio::time::sleep(next_look(&*inner.clock)) => {}
        }
        let access = match inner.store.access().await {
            Ok(access) => access,
            Err(error) => {
                tracing::debug!(%error, "accounts could not be looked at");
                continue;
            }
        };
        for access in access {
            let account = access.account.clone();
            let now_ms = inner.boot_ms();
            let is_due = lock(&not_before).get(&account).is_none_or(|due| *due <= now_ms);
            if !is_due || !inner.history.may_read(&account, now_ms) || !lock(&busy).insert(account.clone()) {
                continue;
            }
            let (inner, busy, not_before) = (Arc::clone(&inner), Arc::clone(&busy), Arc::clone(&not_before));
            inner.tasks.spawn({
                let inner = Arc::clone(&inner);
                async move {
                    let rest_ms = tokio::select! {
                        () = inner.stop.cancelled() => SOON_MS,
                        rest_ms = work(&inner, access) => rest_ms,
                    };
                    lock(&not_before).insert(account.clone(), inner.boot_ms().saturating_add(rest_ms));
                    lock(&busy).remove(&account);
                }
            });
        }
    }
}

/// Works as long as there is something to do. Returns after how long to look again, milliseconds.
async fn work(inner: &Inner, access: AccountRole) -> i64 {
    let kept = inner.history.take_kept(&access.account);
    let mut reader = Reader { inner, access, kept };
    let rest_ms = loop {
        match reader.step().await {
            Ok(None) => {}
            Ok(Some(rest_ms)) => break rest_ms,
            Err(error) => {
                tracing::warn!(account = %reader.access.account, %error, "the history could not be kept");
                break LONGEST_REST_MS;
            }
        }
    };
    inner.history.keep(&reader.access.account, reader.kept);
    rest_ms
}

struct Reader<'a> {
    inner: &'a Inner,
    access: AccountRole,
    kept: Kept,
}

/// Why a step did not come to its end.
enum Halt {
    /// Meta did not give it.
    Meta(CallError, Credentials),
    /// The relay did not take it.
    Relay(RelayError),
    /// Somebody paused it, or this desk is the steward no more.
    Ended,
    Store(StoreError),
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Reader<'_> {
    fn account(&self) -> &AccountId {
        &self.access.account
    }

    /// Makes one step. Returns after how long to look again, milliseconds, when there is nothing to do now.
    async fn step(&mut self) -> Result<Option<i64>, StoreError> {
        let inner = self.inner;
        let account = self.account().clone();
        let Some(row) = inner.store.account(&account).await?.filter(|row| row.connected) else {
            return Ok(Some(LONGEST_REST_MS));
        };
        let pass = inner.store.history_pass(&account).await?;
        if row.history_paused {
            self.tell(pass.as_ref(), HistoryState::Paused);
            return Ok(Some(LONGEST_REST_MS));
        }
        let is_whole = matches!(inner.sync_status(), SyncStatus::Live { .. });
        if !is_whole || !inner.history.may_read(&account, inner.boot_ms()) {
            return Ok(Some(SOON_MS));
        }
        // Right after a resync nothing of the log is here, and nothing of it counts as a hole yet.
        let held = inner.store.cursor(&LogName::Account(account.clone())).await?;
        if held.is_none_or(|cursor| cursor.ranges.is_empty()) {
            return Ok(Some(SOON_MS));
        }
        let known = Known {
            pass,
            next: inner.store.next_history_thread(&account).await?,
            aside: inner.store.next_thread_set_aside(&account).await?,
            through_ms: row.history_through_ms,
            is_wanted: inner.history.is_wanted(&account),
            now_ms: inner.meta_now().ms,
        };
        let step = self.kept.plan.next(&known);
        // A step that asks Meta nothing says nothing of how Meta is.
        let asks_meta = matches!(step, Step::List { .. } | Step::Read(_));
        match &step {
            Step::Rest { .. } | Step::Begin { .. } => {}
            Step::List { .. } | Step::Read(_) | Step::End { .. } => {
                self.tell(pass.as_ref(), HistoryState::Reading);
            }
        }
        let read = if let Step::Read(thread) = &step { Some(thread.clone()) } else { None };
        match self.carry_out(step, pass.as_ref()).await {
            Ok(rest_ms) => {
                if asks_meta {
                    self.kept.was_given();
                }
                Ok(rest_ms)
            }
            Err(halt) => {
                if let Some(thread) = read
                    && self.is_stuck_at(&thread, pass.as_ref(), &halt).await
                {
                    inner.store.set_history_thread_aside(&account, &thread).await?;
                }
                self.halted(halt, pass.as_ref()).await.map(Some)
            }
        }
    }

    /// A thread was not read. True where Meta fails at that one again and again: the pass goes on with the others.
    async fn is_stuck_at(&mut self, thread: &HistoryThread, pass: Option<&HistoryPass>, halt: &Halt) -> bool {
        let (Some(pass), Halt::Meta(error, _)) = (pass, halt) else { return false };
        let is_stuck = match self.kept.failed_at(thread, error, pass.threads_failing) {
            Verdict::TryAgain => false,
            Verdict::Aside => true,
            Verdict::AsideWhereMetaAnswers => self.does_meta_answer().await,
        };
        if is_stuck {
            tracing::warn!(account = %self.account(), conversation = %thread.conversation, %error, "a thread is set aside");
        }
        is_stuck
    }

    /// Whether Meta answers the smallest question about this account, be it with a refusal.
    async fn does_meta_answer(&self) -> bool {
        let answer = self.conversations(None, 1).await;
        matches!(answer, Ok(_) | Err(Halt::Meta(CallError::Meta(_), _)))
    }

    async fn carry_out(&mut self, step: Step, pass: Option<&HistoryPass>) -> Result<Option<i64>, Halt> {
        let (store, account) = (&self.inner.store, self.account().clone());
        match (step, pass) {
            (Step::Rest { for_ms }, _) => {
                self.tell(None, HistoryState::Done);
                return Ok(Some(for_ms.min(LONGEST_REST_MS)));
            }
            (Step::Begin { since_ms }, _) => {
                self.inner.history.is_looked_at(&account);
                store.begin_history_pass(&account, self.inner.meta_now().ms, since_ms).await?;
            }
            (Step::List { after }, Some(pass)) => self.list(after, pass).await?,
            (Step::Read(thread), Some(pass)) => self.read(thread, pass).await?,
            (Step::End { through_ms }, Some(pass)) => {
                let is_told = store.account(&account).await?.and_then(|row| row.history_through_ms);
                if is_told.is_none_or(|told_ms| told_ms < through_ms) {
                    let unread = store.unread_threads(&account).await?;
                    self.ask(Command::ReportHistory { through_ms, unread }).await?;
                    // The pass ends here once the fact came back with the stream; until then another would seem due.
                    return Ok(Some(SOON_MS));
                }
                store.end_history_pass(&account).await?;
                self.tell(Some(pass), HistoryState::Done);
            }
            (_, None) => {}
        }
        Ok(None)
    }

    async fn list(&mut self, after: Option<String>, pass: &HistoryPass) -> Result<(), Halt> {
        let account = self.account().clone();
        let found = self.conversations(after.as_deref(), THREADS_A_PAGE).await;
        let found = match found {
            Ok(found) => found,
            Err(halt) => {
                if let Halt::Meta(error, _) = &halt {
                    self.kept.was_not_listed(error);
                }
                return Err(halt);
            }
        };
        let listed = page::listed(&found, &account, pass.since_ms, pass.begun_ms);
        self.inner.store.history_listed(&account, &listed.threads, listed.is_end).await?;
        self.kept.plan.listed(listed.after);
        Ok(())
    }

    /// Reads a thread from its newest message to where Meta gives nothing older, and where it only names messages, to what the
    /// log has.
    async fn read(&mut self, thread: HistoryThread, pass: &HistoryPass) -> Result<(), Halt> {
        // What an earlier pass left out nobody has read to its end.
        let is_first = pass.since_ms.is_none() || thread.is_carried;
        let (mut found, mut after, mut walk) = (0, None, Walk::default());
        let mut customer = thread.customer.clone();
        loop {
            let asked_ms = self.inner.meta_now().ms;
            let told = self.messages(&thread.conversation, after.take(), asked_ms).await?;
            customer = customer.or_else(|| page::customer_of(&told.messages, self.account()));
            // Without a customer nobody can be shown anything.
            let Some(customer) = customer.clone() else { break };
            let Some(me) = self.inner.me() else { return Err(Halt::Ended) };
            let key = ThreadKey { account: self.account().clone(), customer: customer.clone() };
            let logged = self.logged(&key, &told).await?;
            let settled = walk.settle(&told, &logged, is_first);
            let origin = Origin {
                customer,
                conversation: thread.conversation.clone(),
                name: thread.name.clone(),
                desk: me.desk,
                asked_ms,
            };
            for page in page::to_append(&origin, &told.messages, &settled, &logged.given, is_first) {
                found += page.messages.len() as u64;
                self.append(page).await?;
            }
            after = settled.after;
            if after.is_none() {
                break;
            }
        }
        self.inner.store.history_thread_done(self.account(), &thread, found).await?;
        self.kept.speed.read_one(self.inner.boot_ms());
        Ok(())
    }

    /// What this desk's copy of the log has of a page.
    async fn logged(&self, key: &ThreadKey, told: &Told) -> Result<Logged, StoreError> {
        let store = &self.inner.store;
        let given: Vec<&Mid> = told.messages.iter().filter_map(|message| message.id.as_ref()).collect();
        let given = store.logged_messages(key, &given).await?;
        if told.named.is_empty() {
            return Ok(Logged { given, ..Logged::default() });
        }
        let named: Vec<&Mid> = told.named.iter().map(|named| &named.lack.mid).collect();
        Ok(Logged {
            given,
            named: store.logged_messages(key, &named).await?,
            lacking: store.named_as_lacking(key, &named).await?,
            oldest_ms: store.oldest_logged_ms(key).await?,
        })
    }

    /// One page of the account's threads, the newest first.
    async fn conversations(&self, after: Option<&str>, limit: u32) -> Result<Page<Conversation>, Halt> {
        let page_id = self.inner.page_of(self.account()).await?;
        let platform = self.access.platform;
        let query = ConversationQuery { platform, after, limit, fields: CONVERSATION_FIELDS };
        self.call(
            |graph, credentials| async move { graph.conversations(&credentials, &page_id, &query).await },
        )
        .await
    }

    /// One page of a thread. Where Meta refuses to list beyond what it gives, only that is asked for; what it does not give
    /// at all is a page without messages.
    async fn messages(&self, conversation: &str, after: Option<String>, asked_ms: i64) -> Result<Told, Halt> {
        let ask = async |limit: u32| {
            let after = after.clone();
            self.call(|graph, credentials| async move {
                graph.messages(&credentials, conversation, after.as_deref(), limit).await
            })
            .await
        };
        let is_not_given = |halt: &Halt| matches!(halt, Halt::Meta(error, _) if page::trouble(error, true) == Trouble::NotThis);
        match ask(MESSAGES_A_PAGE).await {
            Ok(found) => return Ok(page::told(found, asked_ms)),
            Err(halt) if !is_not_given(&halt) => return Err(halt),
            Err(_) => {}
        }
        let fewer = u32::try_from(MESSAGES_WITH_DETAILS).unwrap_or(MESSAGES_A_PAGE);
        match ask(fewer).await {
            Ok(found) => Ok(Told { after: None, is_refused: true, ..page::told(found, asked_ms) }),
            Err(halt) if is_not_given(&halt) => {
                Ok(Told { messages: Vec::new(), named: Vec::new(), after: None, is_refused: true })
            }
            Err(halt) => Err(halt),
        }
    }

    async fn append(&self, page: AuditPage) -> Result<(), Halt> {
        self.ask(Command::AppendAudit { page: Box::new(page) }).await
    }

    async fn ask(&self, command: Command) -> Result<(), Halt> {
        let log = LogName::Account(self.account().clone());
        self.inner.ask(&log, &request(command)).await.map(drop).map_err(Halt::Relay)
    }

    /// One call of Graph, given up when there is no reason for it any more.
    async fn call<T, F>(&self, call: impl FnOnce(GraphClient, Credentials) -> F) -> Result<T, Halt>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let Some(credentials) = self.inner.credentials(self.account()).await else { return Err(Halt::Ended) };
        let graph = self.inner.graph().urgent(Urgency::Background);
        tokio::select! {
            answer = call(graph, credentials.clone()) => {
                answer.map_err(|error| Halt::Meta(error, credentials))
            }
            () = self.ends() => Err(Halt::Ended),
        }
    }

    /// Waits until this desk should read no more.
    async fn ends(&self) {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let is_steward = self.inner.history.may_read(self.account(), self.inner.boot_ms());
            let is_paused = match self.inner.store.account(self.account()).await {
                Ok(row) => row.is_none_or(|row| row.history_paused),
                Err(_) => false,
            };
            if !is_steward || is_paused {
                return;
            }
        }
    }

    /// What holds a step up. Returns after how long to look again, milliseconds.
    async fn halted(&mut self, halt: Halt, pass: Option<&HistoryPass>) -> Result<i64, StoreError> {
        let account = self.account().clone();
        match halt {
            Halt::Store(error) => Err(error),
            Halt::Ended => Ok(SOON_MS),
            Halt::Meta(error, used) => match page::trouble(&error, false) {
                Trouble::DeadToken => {
                    self.inner.token_died(&account, &used).await?;
                    Ok(LONGEST_REST_MS)
                }
                Trouble::Wait(why, for_ms) => {
                    tracing::debug!(%account, %error, "the history waits");
                    let for_ms = match why {
                        HistoryWait::Meta => self.kept.faults.fail(random()).max(FIRST_PAUSE_MS),
                        _ => for_ms,
                    };
                    self.tell(pass, HistoryState::Waiting { why, for_ms: Some(for_ms) });
                    Ok(page::looked_at_after(why, for_ms))
                }
                Trouble::NotThis => Ok(LONGEST_REST_MS),
            },
            Halt::Relay(error) => {
                tracing::info!(%account, %error, "the relay did not take a page of history");
                if !error.passes_by_itself() {
                    // Another desk is the steward, or this one lost the account.
                    self.inner.history.let_go(&account);
                    self.inner.history.wake_leases.notify_one();
                }
                Ok(SOON_MS)
            }
        }
    }

    fn tell(&self, pass: Option<&HistoryPass>, state: HistoryState) {
        let told = progress(pass, state, &self.kept.speed);
        self.inner.history.is_at(self.account(), told, self.inner.boot_ms());
    }
}
