//! The loop around [`super::machine`]: gathers what was heard, asks the store how the threads stand, looks at the time.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::AgentId;
use baton_protocol::enrol::Role;
use baton_thread::Owner;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::UnboundedReceiver;

use super::heard::Heard;
use super::machine::{Effect, End, Machine, News, Rules, What};
use super::shutting::{self, Ending};
use super::{AlertChoice, AlertEvent, AlertKind, Input, Quiet};
use crate::clock::until_boot;
use crate::control::keep::Work;
use crate::desk::Notice;
use crate::desk::inner::{Inner, lock};
use crate::store::{AlertThread, PreviewKind, StoreError, ThreadId, ThreadKey};
use crate::sync::SyncStatus;

/// So long what was heard is gathered: a message and the assignment that it brings come one after the other.
const GATHER: Duration = Duration::from_millis(200);
/// How often it is looked whether something ends soon, milliseconds.
const LOOK_EVERY_MS: i64 = 20_000;
/// When it could not be looked, it is tried again after this long, milliseconds.
const AGAIN_MS: i64 = 1_000;
/// How often it is kept how far logs were told, milliseconds.
const KEEP_EVERY_MS: i64 = 60_000;

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let Some(mut inputs) = lock(&inner.alerts.to_loop).take() else { return };
    let mut notices = inner.notices.subscribe();
    let mut telling = Telling::new(Arc::clone(&inner));
    loop {
        let due_boot_ms = telling.due_boot_ms();
        tokio::select! {
            () = inner.stop.cancelled() => return telling.keep().await,
            input = inputs.recv() => match input {
                Some(input) => telling.take(input, &mut inputs).await,
                None => return,
            },
            notice = notices.recv() => match notice {
                Ok(Notice::Threads(threads, _) | Notice::Marked(threads, _)) => {
                    telling.changed(Some(&threads)).await;
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => telling.changed(None).await,
                Err(RecvError::Closed) => return,
            },
            () = inner.alerts.chosen.notified() => telling.looked_boot_ms = None,
            () = until_boot(&*inner.clock, due_boot_ms) => telling.look().await,
        }
    }
}

struct Telling {
    inner: Arc<Inner>,
    machine: Machine,
    /// When the time was looked at last.
    looked_boot_ms: Option<i64>,
    kept_boot_ms: i64,
    /// Something was heard since it was kept how far.
    is_told: bool,
    /// Whether nobody was to be disturbed at the last look.
    was_quiet: bool,
}

impl Telling {
    fn new(inner: Arc<Inner>) -> Self {
        let kept_boot_ms = inner.boot_ms();
        let was_quiet = lock(&inner.alerts.choice).quiet.is_on(inner.wall_ms());
        Self {
            inner,
            machine: Machine::default(),
            looked_boot_ms: None,
            kept_boot_ms,
            is_told: false,
            was_quiet,
        }
    }

    fn choice(&self) -> AlertChoice {
        lock(&self.inner.alerts.choice).clone()
    }

    /// When the time is looked at next, of the boot clock.
    fn due_boot_ms(&self) -> i64 {
        let now_ms = self.inner.boot_ms();
        let Some(looked_ms) = self.looked_boot_ms else { return now_ms };
        let quiet_ends_ms = match lock(&self.inner.alerts.choice).quiet {
            Quiet::Until { wall_ms } => wall_ms.saturating_sub(self.inner.wall_ms()),
            Quiet::Off | Quiet::On => i64::MAX,
        };
        let looks_ms = looked_ms.saturating_add(LOOK_EVERY_MS);
        if self.was_quiet { looks_ms.min(now_ms.saturating_add(quiet_ends_ms.max(0))) } else { looks_ms }
    }

    /// Takes something in, and what comes right after it.
    async fn take(&mut self, input: Input, inputs: &mut UnboundedReceiver<Input>) {
        let mut heard = Vec::new();
        self.take_one(input, &mut heard);
        if heard.is_empty() {
            return;
        }
        tokio::time::sleep(GATHER).await;
        while let Ok(input) = inputs.try_recv() {
            self.take_one(input, &mut heard);
        }
        self.is_told = true;
        match self.news(heard).await {
            Ok(news) if news.is_empty() => {}
            Ok(news) => {
                self.tell(news);
                // A new start a moment later goes on from here.
                self.keep().await;
            }
            Err(error) => tracing::warn!(%error, "what was heard could not be told"),
        }
    }

    fn take_one(&mut self, input: Input, heard: &mut Vec<Heard>) {
        let effects = match input {
            Input::Heard(more) => {
                heard.extend(more);
                return;
            }
            Input::Looks(thread) => self.machine.looks(thread),
            Input::Gone(slot) => {
                self.machine.gone(slot);
                return;
            }
            Input::Hide => self.machine.close_all(),
        };
        self.carry_out(effects);
    }

    /// What of it is for this agent, as the threads stand now.
    async fn news(&mut self, heard: Vec<Heard>) -> Result<Vec<News>, StoreError> {
        let Some(me) = self.inner.me().map(|me| me.agent) else { return Ok(Vec::new()) };
        let gone = heard.iter().filter_map(|heard| match heard {
            Heard::NoteGone(note) => Some(*note),
            _ => None,
        });
        let gone: BTreeSet<_> = gone.collect();
        for note in &gone {
            let effects = self.machine.note_gone(*note);
            self.carry_out(effects);
        }
        let keys: BTreeSet<&ThreadKey> = heard.iter().filter_map(thread_of).collect();
        let keys: Vec<ThreadKey> = keys.into_iter().cloned().collect();
        let rows = self.inner.store.alert_threads(&keys).await?;
        let rows: BTreeMap<&ThreadKey, &AlertThread> = rows.iter().map(|row| (&row.key, row)).collect();
        let names = self.names(&heard).await?;
        let name = |agent: &Option<AgentId>| agent.and_then(|agent| names.get(&agent).cloned());
        let supervises = self.supervises().await?;
        let mut news = Vec::new();
        for one in &heard {
            let Some(row) = thread_of(one).and_then(|key| rows.get(key)) else { continue };
            let is_mine = row.assignee == Some(me) && row.is_active;
            let what = match one {
                Heard::Wrote { text, .. } if is_mine => wrote(row, text.as_deref()),
                Heard::Given { by, .. } if is_mine => Some(What::Given { by: name(by) }),
                Heard::Meant { note, by, text, supervisors_only, .. } => {
                    let may_see = !supervisors_only || supervises.contains(row.key.account.as_str());
                    let line = text.trim().lines().next().unwrap_or_default().to_owned();
                    let stands = may_see && row.is_meant && !gone.contains(note);
                    stands.then(|| What::Meant { note: *note, by: name(by), line })
                }
                Heard::Wrote { .. } | Heard::Given { .. } | Heard::NoteGone(_) | Heard::Passed { .. } => None,
            };
            news.extend(what.map(|what| of(row, what)));
        }
        // A word beside the news: where it cannot be said, they are told all the same.
        if let Err(error) = self.tell_of_passes(&heard, &rows, me).await {
            tracing::debug!(%error, "that control came to us could not be told");
        }
        Ok(news)
    }

    /// Control that others passed to us is told inside the window alone; where the thread was given to this agent at the same
    /// time, that says it.
    async fn tell_of_passes(
        &self,
        heard: &[Heard],
        rows: &BTreeMap<&ThreadKey, &AlertThread>,
        me: AgentId,
    ) -> Result<(), StoreError> {
        if self.choice().quiet.is_on(self.inner.wall_ms()) {
            return Ok(());
        }
        for one in heard {
            let Heard::Passed { thread, from, to } = one else { continue };
            let Some(row) = rows.get(thread).filter(|row| row.is_active) else { continue };
            let is_given =
                |other: &Heard| matches!(other, Heard::Given { thread: given, .. } if given == thread);
            if heard.iter().any(is_given) {
                continue;
            }
            let facts = self.inner.store.account_facts(&row.key.account).await?;
            let is_to_us = facts.our_app.is_some() && facts.our_app == *to && facts.our_app != *from;
            if !is_to_us {
                continue;
            }
            // Who wrote or took it since may hold it by now.
            let now = self.inner.store.thread(row.id, self.inner.meta_now().ms).await?;
            if now.owner.owner == Owner::Ours {
                self.inner.alerts.event(AlertEvent::Passed {
                    thread: row.id,
                    key: row.key.clone(),
                    customer: row.customer_name.clone(),
                    from: from.clone(),
                    is_mine: row.assignee == Some(me),
                });
            }
        }
        Ok(())
    }

    /// Names of colleagues, where any is needed.
    async fn names(&self, heard: &[Heard]) -> Result<BTreeMap<AgentId, String>, StoreError> {
        if !heard.iter().any(|one| matches!(one, Heard::Given { .. } | Heard::Meant { .. })) {
            return Ok(BTreeMap::new());
        }
        let agents = self.inner.store.agents().await?;
        Ok(agents.into_iter().map(|agent| (agent.agent, agent.name)).collect())
    }

    /// The accounts on which this agent is more than an agent.
    async fn supervises(&self) -> Result<BTreeSet<String>, StoreError> {
        let access = self.inner.store.access().await?.into_iter();
        Ok(access.filter(|one| one.role != Role::Agent).map(|one| one.account.to_string()).collect())
    }

    /// Threads changed; none says that nobody knows which. What their alerts say may not be so any more.
    async fn changed(&mut self, threads: Option<&[ThreadId]>) {
        let shown: BTreeMap<ThreadId, AlertKind> = self
            .machine
            .shown()
            .filter(|(thread, _)| threads.is_none_or(|threads| threads.contains(thread)))
            .collect();
        if shown.is_empty() {
            return;
        }
        let me = self.inner.me().map(|me| me.agent);
        let ids: Vec<ThreadId> = shown.keys().copied().collect();
        let rows = match self.inner.store.alert_threads_of(&ids).await {
            Ok(rows) => rows,
            Err(error) => {
                tracing::debug!(%error, "whether alerts still hold could not be read");
                return;
            }
        };
        for (thread, kind) in shown {
            let row = rows.iter().find(|row| row.id == thread);
            if row.is_none_or(|row| !still_holds(row, kind, me)) {
                let effects = self.machine.settled(thread);
                self.carry_out(effects);
            }
        }
    }

    /// The time is looked at.
    async fn look(&mut self) {
        let boot_ms = self.inner.boot_ms();
        self.looked_boot_ms = Some(boot_ms);
        let is_quiet = self.choice().quiet.is_on(self.inner.wall_ms());
        if self.was_quiet && !is_quiet {
            self.inner.alerts.event(AlertEvent::Chosen);
        }
        self.was_quiet = is_quiet;
        match self.look_at_ends(is_quiet).await {
            Ok(true) => {}
            Ok(false) => self.looked_boot_ms = Some(boot_ms - LOOK_EVERY_MS + AGAIN_MS),
            Err(error) => tracing::debug!(%error, "what ends soon could not be read"),
        }
        if self.is_told || boot_ms.saturating_sub(self.kept_boot_ms) >= KEEP_EVERY_MS {
            self.keep().await;
        }
    }

    /// What ends soon and was not told of. While older entries are being read nobody knows yet whose threads are whose: false
    /// then. While nobody is to be disturbed it waits.
    async fn look_at_ends(&mut self, is_quiet: bool) -> Result<bool, StoreError> {
        let choice = self.choice();
        let Some(ahead_ms) = shutting::ahead_ms(&choice).filter(|_| !is_quiet) else { return Ok(true) };
        let Some(me) = self.inner.me().map(|me| me.agent) else { return Ok(true) };
        if !matches!(self.inner.sync_status(), SyncStatus::Live { .. } | SyncStatus::Offline { .. }) {
            return Ok(false);
        }
        let (store, now_ms) = (&self.inner.store, self.inner.meta_now().ms);
        let by_ms = now_ms.saturating_add(ahead_ms);
        let mut endings = store.windows_ending(me, now_ms, by_ms).await?;
        endings.extend(store.late_windows_ending(me, now_ms, by_ms).await?);
        for row in store.lapsing(me, now_ms, by_ms).await? {
            let Some(until_ms) = row.owner.until_ms.filter(|_| row.needs_reply) else { continue };
            let facts = store.account_facts(&row.key.account).await?;
            if shutting::is_lost(&row, &facts, Work::of(&row, self.inner.wall_ms()), now_ms) {
                endings.push(Ending { thread: row.thread, end: End::Control, until_ms });
            }
        }
        // Of two ends of one thread the nearer one is told.
        endings.sort_by_key(|ending| (Reverse(ending.until_ms), ending.end != End::Control));
        let due = shutting::due(&endings, &store.told_of_ends().await?, &choice, now_ms);
        if due.is_empty() {
            return Ok(true);
        }
        // First it is kept, so that a new start does not repeat it.
        store.tell_of_ends(&due, now_ms).await?;
        let ids: Vec<ThreadId> = due.iter().map(|told| told.ending.thread).collect();
        let rows = store.alert_threads_of(&ids).await?;
        let rows: BTreeMap<ThreadId, &AlertThread> = rows.iter().map(|row| (row.id, row)).collect();
        let news = due.iter().filter_map(|told| {
            let Ending { thread, end, until_ms } = told.ending;
            rows.get(&thread).map(|row| of(row, What::Ends { end, left_ms: until_ms - now_ms }))
        });
        let news = news.collect();
        self.tell(news);
        Ok(true)
    }

    fn tell(&mut self, news: Vec<News>) {
        let choice = self.choice();
        let is_quiet = choice.quiet.is_on(self.inner.wall_ms());
        let rules = Rules { choice: &choice, is_quiet, boot_ms: self.inner.boot_ms() };
        let effects = self.machine.tell(news, rules);
        self.carry_out(effects);
    }

    fn carry_out(&self, effects: Vec<Effect>) {
        let hides_text = lock(&self.inner.alerts.choice).hides_text;
        for effect in effects {
            self.inner.alerts.event(match effect {
                Effect::Show(alert) => AlertEvent::Show { words: alert.words(hides_text), alert },
                Effect::Close(slot) => AlertEvent::Close(slot),
                Effect::Sound(kind) => AlertEvent::Sound(kind),
            });
        }
    }

    /// Keeps how far logs were told. When that fails, a new start may repeat a few.
    async fn keep(&mut self) {
        let boot_ms = self.inner.boot_ms();
        self.kept_boot_ms = boot_ms;
        self.is_told = false;
        let told = {
            let logs = lock(&self.inner.alerts.logs);
            // A desk that has not listened for long keeps when it last did.
            if logs.is_listening(boot_ms) { logs.to_keep(self.inner.wall_ms()) } else { Vec::new() }
        };
        if told.is_empty() {
            return;
        }
        if let Err(error) = self.inner.store.keep_heard_logs(&told).await {
            tracing::debug!(%error, "how far logs were told was not kept");
        }
    }
}

fn thread_of(heard: &Heard) -> Option<&ThreadKey> {
    match heard {
        Heard::Wrote { thread, .. }
        | Heard::Given { thread, .. }
        | Heard::Meant { thread, .. }
        | Heard::Passed { thread, .. } => Some(thread),
        Heard::NoteGone(_) => None,
    }
}

fn of(row: &AlertThread, what: What) -> News {
    News { thread: row.id, customer: row.customer_name.clone(), account: row.account_name.clone(), what }
}

/// What the customer said, as the thread shows it now; nothing once it was taken back.
fn wrote(row: &AlertThread, text: Option<&str>) -> Option<What> {
    let (kind, line) = match (row.is_customers, text) {
        (true, _) => (row.kind, row.line.clone()),
        (false, Some(text)) => (PreviewKind::Text, text.trim().lines().next().unwrap_or_default().to_owned()),
        (false, None) => (PreviewKind::Text, String::new()),
    };
    (kind != PreviewKind::Unsent).then_some(What::Wrote { kind, line })
}

/// Whether an alert of this kind still says what is so.
fn still_holds(row: &AlertThread, kind: AlertKind, me: Option<AgentId>) -> bool {
    let is_mine = row.assignee == me && row.is_active;
    match kind {
        AlertKind::Message => is_mine && row.unread > 0 && row.kind != PreviewKind::Unsent,
        // What names an erased customer goes with them.
        AlertKind::Assigned => is_mine && !row.is_erased,
        AlertKind::Shutting => is_mine && row.needs_reply,
        // Until the note is taken away, read anywhere, or erased with its customer.
        AlertKind::Mention => row.is_meant,
    }
}
