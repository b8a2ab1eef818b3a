//! The loop around [`super::machine`]: opens the stream, reads it, puts what comes into the store.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use baton_protocol::LogName;
use baton_protocol::enrol::AccountRole;
use baton_protocol::stream::{Heartbeat, StreamEvent};

use super::fill::Filler;
use super::machine::{Act, Connection, Event, Link};
use super::opening::Opening;
use crate::backoff::random;
use crate::desk::checks::LONG_AWAY_MS;
use crate::desk::inner::{AWAY_AFTER_MS, Inner, lock};
use crate::presence::Open;
use crate::relay_client::{EventStream, RelayClient, RelayError};
use crate::store::StoreError;

/// How often the machine is told that time passed while there is no stream.
const TICK: Duration = Duration::from_millis(250);

/// Keeps the stream of this desk until it is stopped. Waits while the desk is not enrolled.
pub(crate) async fn run(inner: Arc<Inner>) {
    let mut relay = inner.relay.subscribe();
    loop {
        let client = relay.borrow_and_update().clone();
        tokio::select! {
            () = inner.stop.cancelled() => return,
            changed = relay.changed() => if changed.is_err() { return },
            () = serve(&inner, client) => {}
        }
    }
}

/// Serves one relay for ever; nothing to do without one.
async fn serve(inner: &Arc<Inner>, client: Option<RelayClient>) {
    let Some(client) = client else {
        return std::future::pending().await;
    };
    let mut session = Session {
        inner: Arc::clone(inner),
        filler: Filler::new(Arc::clone(inner), client.clone()),
        client,
        connection: Connection::default(),
        opening: Opening::default(),
        answered_ms: None,
    };
    let mut act = session.step(Event::Start);
    loop {
        act = match act {
            Act::Connect => session.connect().await,
            Act::Close | Act::None => session.pause().await,
        };
    }
}

/// What Meta could not bring meanwhile may be newer than what is in the outbox.
async fn replies_waited(inner: &Inner) {
    let Some(outbox) = inner.outbox.get().and_then(std::sync::Weak::upgrade) else { return };
    if let Err(error) = outbox.relay_was_away().await {
        tracing::debug!(%error, "which replies waited could not be read");
    }
}

struct Session {
    inner: Arc<Inner>,
    client: RelayClient,
    connection: Connection,
    opening: Opening,
    filler: Filler,
    /// How long the relay took to answer when the stream was opened last, milliseconds.
    answered_ms: Option<i64>,
}

impl Session {
    fn step(&mut self, event: Event) -> Act {
        let is_cut_off = matches!(event, Event::Failed(RelayError::Revoked));
        let act = self.connection.step(event, self.inner.boot_ms(), random());
        let (missing, is_open) = (self.filler.missing(), self.opening.is_open());
        self.inner.set_sync_status(self.connection.status(missing, is_open, self.answered_ms));
        if is_cut_off {
            self.inner.cut_offs.heard();
        }
        act
    }

    async fn pause(&mut self) -> Act {
        tokio::select! {
            () = self.inner.wake_sync.notified() => self.step(Event::Woken),
            () = tokio::time::sleep(TICK) => self.step(Event::Tick),
        }
    }

    /// Opens a stream and reads it to its end.
    async fn connect(&mut self) -> Act {
        match self.open().await {
            Ok(stream) => {
                // Meta may have stopped to send it anything.
                let away_ms = self.connection.away_ms(self.inner.boot_ms());
                if away_ms >= AWAY_AFTER_MS {
                    replies_waited(&self.inner).await;
                }
                if away_ms >= LONG_AWAY_MS {
                    self.inner.check_soon();
                    let accounts = self.inner.store.access().await.unwrap_or_default();
                    self.inner.history.look_soon(accounts.into_iter().map(|access| access.account));
                }
                self.step(Event::Connected);
                self.inner.wake_checks.notify_one();
                // What waited for the relay can go on.
                self.inner.wake_outbox.notify_one();
                self.inner.wake_commands.notify_one();
                self.inner.wake_names.notify_one();
                self.inner.wake_tokens.notify_one();
                self.inner.history.wake_leases.notify_one();
                self.inner.wake_confirming.notify_one();
                self.inner.hand_out.everywhere();
                self.inner.boxes.try_again();
                self.inner.login.wake.notify_one();
                let inner = Arc::clone(&self.inner);
                self.inner.tasks.spawn(async move { crate::desk::teamwork::tell_marks(&inner).await });
                self.read(stream).await
            }
            Err(error) => {
                tracing::debug!(%error, "the stream could not be opened");
                self.inner.mishaps.note(format!("Relay, opening the stream: {error}"));
                self.step(Event::Failed(error))
            }
        }
    }

    async fn open(&mut self) -> Result<EventStream, RelayError> {
        self.opening.begins();
        let asked = self.inner.boot_ms();
        let hello = self.client.hello().await?;
        self.answered_ms = Some(self.inner.boot_ms().saturating_sub(asked));
        if let Some(meta_ms) = hello.meta_ms {
            self.inner.meta.heard_from_relay(meta_ms);
        }
        self.take_rights(&hello.accounts).await.map_err(|error| storage(&error))?;
        self.inner.heard_of_logins(hello.login);
        self.inner.take_app(&hello.app).await.map_err(|error| storage(&error))?;
        self.filler.has_blocks(hello.blocks);
        *lock(&self.inner.relay_said) = Some(hello.clone());
        let mut cursors = BTreeMap::new();
        for state in self.inner.store.cursors().await.map_err(|error| storage(&error))? {
            let may_read = match state.log.account() {
                Some(account) => hello.accounts.iter().any(|role| role.account == *account),
                None => true,
            };
            if may_read {
                cursors.insert(state.log, state.cursor);
            }
        }
        let said = hello.presence.then(|| self.inner.presence.said_with_stream(self.inner.boot_ms()));
        self.client.stream(cursors, said).await
    }

    /// Reads the stream until it is cut or silent.
    async fn read(&mut self, mut stream: EventStream) -> Act {
        // What is waited for while the stream runs is silence, by the quarter of a minute.
        let every_ms = u64::try_from(self.inner.clock.looked_at_every_ms() / 2).unwrap_or(1).max(1);
        let mut tick = tokio::time::interval(Duration::from_millis(every_ms));
        let tells = lock(&self.inner.relay_said).as_ref().is_some_and(|hello| hello.presence);
        let _there = tells.then(|| Open::begin(&self.inner));
        loop {
            let (act, is_silent) = tokio::select! {
                event = stream.next() => (self.heard(event).await, false),
                _ = tick.tick() => (self.step(Event::Tick), true),
                () = self.inner.wake_sync.notified() => (self.step(Event::Woken), true),
            };
            if act == Act::Close && is_silent {
                // The other connections lie on the same cable.
                self.client.renew();
            }
            if act == Act::Close || !matches!(self.connection.link(), Link::Streaming { .. }) {
                return act;
            }
        }
    }

    async fn heard(&mut self, event: Result<StreamEvent, RelayError>) -> Act {
        let event = match event {
            Ok(StreamEvent::Revoked) => return self.step(Event::Failed(RelayError::Revoked)),
            Ok(event) => event,
            Err(error) => {
                self.inner.mishaps.note(format!("Relay, the stream ended: {error}"));
                return self.step(Event::Failed(error));
            }
        };
        match self.take(event).await {
            Ok(()) => {
                self.inner.storage_works();
                self.step(Event::Heard)
            }
            Err(error) => {
                self.inner.not_stored(error);
                self.step(Event::Failed(RelayError::NotStored))
            }
        }
    }

    async fn take(&mut self, event: StreamEvent) -> Result<(), StoreError> {
        match event {
            StreamEvent::Opened(opened) => {
                self.inner.alerts_opened(&opened);
                let log = opened.log.clone();
                self.filler.opened(opened).await?;
                self.opening.opened(log);
            }
            StreamEvent::Entries(batch) => self.filler.arrived(&batch).await?,
            StreamEvent::Resync(resync) => {
                tracing::warn!(log = %resync.log, reason = ?resync.reason, "the relay's log is another one: reading anew");
                self.filler.forget(&resync.log);
                self.inner.store.resync(&resync.log, resync.log_id).await?;
                // What the other log lacks, only Meta can give to desks that join later.
                self.inner.history.look_soon(resync.log.account().cloned());
                self.inner.notices.accounts();
                self.inner.notices.lists(self.inner.store.version());
            }
            StreamEvent::Heartbeat(heartbeat) => self.heartbeat(heartbeat).await?,
            StreamEvent::ReadMark(mark) => {
                if let Some(thread) = self.inner.store.set_read_mark(&mark).await? {
                    self.inner.notices.threads([thread], self.inner.store.version());
                }
            }
            StreamEvent::AccessChanged(access) => {
                self.take_rights(&access.accounts).await?;
            }
            StreamEvent::BoxWaiting(waiting) => self.inner.boxes.waits(waiting.account),
            // Whoever waits for it asks for its end; nobody does when it is not the login of this run.
            StreamEvent::LoginEnded(_) => self.inner.login.wake.notify_one(),
            StreamEvent::History(told) => {
                if self.inner.history.heard(told, self.inner.boot_ms()) {
                    self.inner.notices.accounts();
                }
            }
            StreamEvent::Present(present) => self.inner.heard_who_is_there(present),
            StreamEvent::SetOffline(set) => self.inner.was_set_offline(&set).await?,
            StreamEvent::Revoked => {}
            StreamEvent::Unknown(name) => tracing::debug!(name, "an event of a newer relay"),
        }
        Ok(())
    }

    async fn heartbeat(&mut self, heartbeat: Heartbeat) -> Result<(), StoreError> {
        // The first one comes once every log was opened.
        self.inner.alerts_listen();
        if let Some(meta_ms) = heartbeat.meta_ms {
            self.inner.meta.heard_from_relay(meta_ms);
        }
        lock(&self.inner.heads).clone_from(&heartbeat.heads);
        let heard =
            std::mem::replace(&mut *lock(&self.inner.last_webhook_ms), heartbeat.last_webhook_ms.clone());
        if heard != heartbeat.last_webhook_ms {
            self.inner.notices.accounts();
        }
        self.filler.heads(&heartbeat.heads).await?;
        self.opening.heartbeat();
        Ok(())
    }

    /// What the desk may read now. What it lost is purged: rows, raw entries and token.
    async fn take_rights(&mut self, accounts: &[AccountRole]) -> Result<(), StoreError> {
        self.opening.may_read(accounts);
        let before = self.inner.store.access().await?;
        if before == accounts {
            return Ok(());
        }
        let lost = |had: &&AccountRole| !accounts.iter().any(|has| has.account == had.account);
        let logs: Vec<_> =
            before.iter().filter(lost).map(|had| LogName::Account(had.account.clone())).collect();
        if !logs.is_empty() {
            // Nothing that is just being fetched may come in after the account was removed.
            self.filler.lose(logs).await?;
        }
        for had in before.iter().filter(lost) {
            tracing::warn!(account = %had.account, "the account is no longer ours: its data is removed");
            self.inner.store.purge(&had.account).await?;
            self.inner.history.forget(&had.account);
            self.inner.media.may_be_unused();
            if let Err(error) = self.inner.tokens.forget(&had.account).await {
                tracing::warn!(account = %had.account, %error, "the Page token could not be removed");
            }
        }
        self.inner.store.set_access(accounts).await?;
        self.inner.wake_confirming.notify_one();
        self.inner.hand_out.everywhere();
        self.inner.wake_tokens.notify_one();
        self.inner.notices.accounts();
        self.inner.notices.lists(self.inner.store.version());
        Ok(())
    }
}

/// A failing disk ends a stream like a relay that is gone; the status line says which it is.
fn storage(error: &StoreError) -> RelayError {
    tracing::warn!(%error, "the desk's own file does not serve");
    RelayError::NotStored
}

/// The logs of a map of heads.
pub(super) type Heads = BTreeMap<LogName, u64>;
