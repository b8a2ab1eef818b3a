//! The fallback while the relay is away: a thread that an agent opens is read from Meta itself.
//!
//! ```text
//!   opened, or looked at ──▶ book ──▶ one call in 30 s ──▶ memory ──▶ shown in the thread, marked
//!                                                            │
//!   the relay is back ──▶ the log tells of it ───────────────┴──▶ shown from the store, without the mark
//! ```
//!
//! Promises: what is read lies in memory alone. It is no entry and no row, so it opens no window, ends no waiting, counts
//! nowhere and is told to nobody; a message that the log brings, or of which it says that it is gone, is not shown from here any
//! more. To a reply that was pressed with it on the screen it is no news when the log brings it. Only the thread that was opened
//! last is read, and again while somebody looks at it. A desk that the relay does not know, or that was cut off, reads nothing.

mod book;
mod news;
mod seen;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use baton_graph::{CallError, Credentials, Urgency};
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, Mid};
use baton_protocol::ReplyId;
use baton_thread::Owner;
use tokio::sync::Notify;

use crate::backoff::random;
use crate::clock::next_look;
use crate::control::owner_read;
use crate::desk::Desk;
use crate::desk::inner::{Inner, lock};
use crate::desk::teamwork::look_if_due;
use crate::store::{MessageRow, Reading, StoreError, ThreadId, ThreadRow};
use book::{Book, Next, Relay, Told};
use seen::Seen;

/// What Meta itself told of threads, as the loops of a desk share it.
#[derive(Debug, Default)]
pub(crate) struct FromMeta {
    book: Mutex<Book>,
    seen: Mutex<Seen>,
    /// A thread was opened, the relay came or went, or somebody was erased.
    pub(crate) wake: Notify,
}

impl FromMeta {
    /// An agent opened a thread while the relay does not serve this desk.
    pub(crate) fn wants(&self, thread: ThreadId) {
        lock(&self.book).wants(thread);
        self.wake.notify_one();
    }

    /// A reply is pressed, or pressed again, by somebody who sees these messages, which the log has not brought.
    pub(crate) fn pressed(&self, reply: ReplyId, seen: BTreeSet<Mid>) {
        lock(&self.seen).pressed(reply, seen);
    }

    /// Which messages the author of a reply had read from Meta itself: to it they are no news when the log brings them.
    pub(crate) fn seen_by(&self, reply: ReplyId) -> BTreeSet<Mid> {
        lock(&self.seen).of(reply)
    }
}

impl Inner {
    /// What is on the screen of whoever looks at a thread now, though the log has not brought it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn seen_from_meta(&self, thread: &ThreadRow) -> Result<BTreeSet<Mid>, StoreError> {
        let now_ms = self.boot_ms();
        let told = lock(&self.from_meta.book).told(thread.id).cloned();
        let Some(told) = told else { return Ok(BTreeSet::new()) };
        let mut reading = self.store.reading().await?;
        let shown = news::news(&mut reading, thread, &told).await?;
        Ok(shown.into_iter().filter_map(|row| row.mid).filter(|mid| told.is_seen(mid, now_ms)).collect())
    }
}

/// What Meta itself told of a thread while the relay was away.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadFromMeta {
    /// When it was read last, milliseconds UTC of Meta.
    pub read_ms: i64,
    /// True while the relay does not serve this desk.
    pub is_away: bool,
    /// What the log has not told of, oldest first. No number of these is one of the store.
    pub messages: Vec<MessageRow>,
}

impl Desk {
    /// The replies whose authors had read messages from Meta itself, with those messages.
    #[must_use]
    pub fn seen_at_press(&self) -> BTreeMap<ReplyId, BTreeSet<Mid>> {
        lock(&self.inner().from_meta.seen).all()
    }

    /// What Meta itself told of a thread; none when it was not asked, or what it told was let go.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read_from_meta(
        &self,
        reading: &mut Reading,
        thread: &ThreadRow,
    ) -> Result<Option<ReadFromMeta>, StoreError> {
        let told = lock(&self.inner().from_meta.book).told(thread.id).cloned();
        let Some(told) = told else { return Ok(None) };
        let messages = news::news(reading, thread, &told).await?;
        Ok(Some(ReadFromMeta { read_ms: told.read_ms, is_away: !self.inner().is_served(), messages }))
    }
}

/// Reads until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    loop {
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = inner.from_meta.wake.notified() => {}
            () = tokio::time::sleep(next_look(&*inner.clock)) => {}
        }
        tokio::select! {
            () = inner.stop.cancelled() => return,
            looked = look(&inner) => if let Err(error) = looked {
                tracing::debug!(%error, "a thread was not read from Meta");
            }
        }
    }
}

async fn look(inner: &Arc<Inner>) -> Result<(), StoreError> {
    let now_ms = inner.boot_ms();
    let relay = lock(&inner.from_meta.book).relay(&inner.sync_status(), now_ms);
    match relay {
        Relay::Perhaps => Ok(()),
        Relay::Away => read_next(inner, now_ms).await,
        Relay::Serves => {
            who_holds_what_was_opened(inner);
            let_go(inner, now_ms).await
        }
        Relay::Refuses => {
            who_holds_what_was_opened(inner);
            lock(&inner.from_meta.book).forget_all();
            Ok(())
        }
    }
}

/// What was opened before it was known whether the relay is away.
fn who_holds_what_was_opened(inner: &Arc<Inner>) {
    let opened = lock(&inner.from_meta.book).take_wanted();
    if let Some(thread) = opened {
        look_if_due(inner, thread);
    }
}

async fn read_next(inner: &Inner, now_ms: i64) -> Result<(), StoreError> {
    let looked_at = inner.presence.looked_at();
    let next = lock(&inner.from_meta.book).next(looked_at, now_ms);
    let Some(next) = next else { return Ok(()) };
    let (Next::Words(id) | Next::Owner(id)) = next;
    let thread = match inner.thread(id).await {
        Err(StoreError::Missing(_)) => {
            lock(&inner.from_meta.book).cannot(id);
            return Ok(());
        }
        thread => thread?,
    };
    let account = &thread.key.account;
    let may_ask = lock(&inner.from_meta.book).may_ask(account, now_ms);
    if !may_ask || inner.slots.alone_in_ms(account) > 0 {
        return Ok(());
    }
    match next {
        Next::Words(_) => read_words(inner, &thread).await,
        Next::Owner(_) => {
            owner_read::read_owner(inner, &thread).await?;
            lock(&inner.from_meta.book).owner_was_asked(id, inner.boot_ms());
            Ok(())
        }
    }
}

async fn read_words(inner: &Inner, thread: &ThreadRow) -> Result<(), StoreError> {
    let account = &thread.key.account;
    let credentials = match inner.store.is_erased(thread.id).await? {
        // Nothing about them is asked of anybody.
        true => None,
        false => inner.credentials(account).await,
    };
    let Some(credentials) = credentials else {
        lock(&inner.from_meta.book).cannot(thread.id);
        return Ok(());
    };
    let page = inner.page_of(account).await?;
    let graph = inner.graph().urgent(Urgency::Opening);
    let (channel, customer) = (thread.channel(), &thread.key.customer);
    let found = graph.thread_now(&credentials, &page, channel, customer, MESSAGES_WITH_DETAILS).await;
    let conversation = match found {
        Ok(found) => found.unwrap_or_default(),
        Err(error) => return failed(inner, account, &credentials, &error).await,
    };
    let owner_told = conversation.is_owner == Some(true) && thread.owner.owner == Owner::Ours;
    let told = Told {
        read_ms: inner.meta_now().ms,
        read_boot_ms: inner.boot_ms(),
        messages: conversation.messages.map(|messages| messages.data).unwrap_or_default(),
        ..Told::default()
    };
    lock(&inner.from_meta.book).is_read(account, thread.id, told, owner_told);
    inner.notices.threads([thread.id], inner.store.version());
    Ok(())
}

async fn failed(
    inner: &Inner,
    account: &AccountId,
    used: &Credentials,
    error: &CallError,
) -> Result<(), StoreError> {
    tracing::info!(%account, %error, "a thread could not be read from Meta itself");
    lock(&inner.from_meta.book).failed(account, error.wait_ms(), random(), inner.boot_ms());
    if error.is_dead_token() {
        inner.token_died(account, used).await?;
    }
    Ok(())
}

/// The relay is back: what the log brought, and what it says is gone, goes.
async fn let_go(inner: &Inner, now_ms: i64) -> Result<(), StoreError> {
    let left = lock(&inner.from_meta.book).left(now_ms);
    let mut changed = Vec::new();
    for (thread, told) in &left.threads {
        let lacks = if left.is_over { None } else { lacks(inner, *thread, told).await? };
        match lacks {
            None => {
                lock(&inner.from_meta.book).forget(*thread);
                changed.push(*thread);
            }
            Some(account) if left.is_to_look_for => inner.history.look_soon([account]),
            // It is not said any more that the relay is away.
            Some(_) if left.is_new => changed.push(*thread),
            Some(_) => {}
        }
    }
    if !changed.is_empty() {
        inner.notices.threads(changed, inner.store.version());
    }
    Ok(())
}

/// The account of a thread of which Meta told what the log has not brought yet; none when nothing is to be shown of it.
async fn lacks(inner: &Inner, thread: ThreadId, told: &Told) -> Result<Option<AccountId>, StoreError> {
    let row = match inner.thread(thread).await {
        Err(StoreError::Missing(_)) => return Ok(None),
        row => row?,
    };
    if inner.store.is_erased(thread).await? {
        return Ok(None);
    }
    let mut reading = inner.store.reading().await?;
    let news = news::news(&mut reading, &row, told).await?;
    Ok((!news.is_empty()).then_some(row.key.account))
}
