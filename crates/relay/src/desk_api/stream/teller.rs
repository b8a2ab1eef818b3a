//! The task behind one stream.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use baton_protocol::lease::HistoryTold;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::stream::{
    AccessChanged, BoxWaiting, Heartbeat, LoginEnded, Opened, Resync, StreamEvent, StreamRequest,
};
use baton_protocol::{AgentId, Cursor, DeskId, LogName, OfflineId};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, mpsc, watch};

use super::open;
use super::told::Told;
use crate::desk_api::presence::Seat;
use crate::log::tokens::PickUp;
use crate::log::{Live, LogError, Range, Read};
use crate::people::DeskAccess;
use crate::presence::rights_of;
use crate::state::Shared;

/// How many entries one event carries at most.
const BATCH: u32 = 200;
/// How long a desk may read nothing.
const NOT_READING: Duration = Duration::from_secs(20);

/// Why a stream ended.
enum End {
    /// The connection is gone, or the relay stops.
    Gone,
    /// The desk was cut off.
    Revoked,
    /// The desk reads too slowly.
    Slow,
    /// The log failed.
    Log(LogError),
}

impl From<LogError> for End {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

/// Tells one desk what happens.
pub(super) struct Teller {
    shared: Arc<Shared>,
    desk: DeskAccess,
    cursors: BTreeMap<LogName, Cursor>,
    /// The next seq of each log on the stream.
    next: BTreeMap<LogName, u64>,
    /// What waits for the desk, as it was told.
    told: BTreeSet<PickUp>,
    /// The count of things that wait, when they were looked at last.
    pick_ups: u64,
    /// The access count of the rights that `next` was made from.
    access: u64,
    live: watch::Receiver<Live>,
    moved: watch::Receiver<u64>,
    marks: broadcast::Receiver<(AgentId, DeskId, ReadMark)>,
    history: broadcast::Receiver<HistoryTold>,
    /// The agent is there as long as this is.
    seat: Seat,
    /// Who is there, as it was told.
    there: Told,
    /// That a supervisor set the agent offline, as it was told.
    offline: Option<OfflineId>,
    out: mpsc::Sender<Bytes>,
}

impl Teller {
    pub(super) fn new(
        shared: Arc<Shared>,
        desk: DeskAccess,
        request: StreamRequest,
        out: mpsc::Sender<Bytes>,
    ) -> Self {
        let StreamRequest { cursors, presence } = request;
        let seat = Seat::take(&shared, &desk, presence);
        let there = Told::nothing(&shared.there);
        let (live, marks) = (shared.log.live(), shared.log.read_marks());
        let (moved, history) = (shared.meta_time.moved(), shared.stewards.news());
        let (next, told) = (BTreeMap::new(), BTreeSet::new());
        let (pick_ups, access) = (0, 0);
        Self {
            shared,
            desk,
            cursors,
            next,
            told,
            pick_ups,
            access,
            live,
            moved,
            marks,
            history,
            seat,
            there,
            offline: None,
            out,
        }
    }

    /// Runs until the stream ends.
    pub(super) async fn tell(mut self) {
        let desk = self.desk.desk;
        tracing::info!(%desk, "a desk is connected");
        match self.run().await {
            Ok(()) | Err(End::Gone) => tracing::info!(%desk, "a desk is gone"),
            Err(End::Revoked) => {
                self.seat.is_cut_off();
                let _ = self.send(&StreamEvent::Revoked).await;
                tracing::info!(%desk, "a desk that was cut off is disconnected");
            }
            Err(End::Slow) => tracing::warn!(%desk, "a desk does not read its stream and is disconnected"),
            Err(End::Log(error)) => {
                tracing::error!(%desk, %error, "a stream ended because the log cannot be read");
            }
        }
    }

    async fn run(&mut self) -> Result<(), End> {
        self.access = self.live.borrow_and_update().access;
        let admitted = self.desk.accounts.clone();
        self.read_rights().await?;
        // Its rights changed between its request and here: no later look would find that.
        if self.desk.accounts != admitted {
            self.tell_access().await?;
        }
        self.open_logs().await?;
        self.heartbeat().await?;
        self.tell_pick_ups().await?;
        self.tell_history().await?;
        let whole = self.there.whole(&self.shared.there, &self.desk);
        self.send(&StreamEvent::Present(whole)).await?;
        self.tell_offline().await?;
        let stop = self.shared.stop.clone();
        let mut due = tokio::time::interval(self.shared.heartbeat);
        due.tick().await;
        loop {
            self.keep_rights().await?;
            self.catch_up().await?;
            if self.live.borrow().pick_ups != self.pick_ups {
                self.tell_pick_ups().await?;
            }
            self.tell_presence().await?;
            tokio::select! {
                () = stop.cancelled() => return Ok(()),
                () = self.out.closed() => return Ok(()),
                changed = self.live.changed() => changed.map_err(|_| End::Gone)?,
                _ = due.tick() => self.heartbeat().await?,
                changed = self.moved.changed() => {
                    changed.map_err(|_| End::Gone)?;
                    self.heartbeat().await?;
                }
                mark = self.marks.recv() => self.mark(mark).await?,
                told = self.history.recv() => self.history(told).await?,
                () = self.there.due() => {}
            }
        }
    }

    /// Reads the rights anew when any rights changed, and tells the desk when its own did.
    async fn keep_rights(&mut self) -> Result<(), End> {
        let access = self.live.borrow().access;
        if access == self.access {
            return Ok(());
        }
        self.access = access;
        let before = self.desk.accounts.clone();
        self.read_rights().await?;
        if self.desk.accounts == before {
            return Ok(());
        }
        self.there.begin_anew();
        let readable = |log: &LogName| log.account().is_none_or(|account| self.desk.role(account).is_some());
        self.next.retain(|log, _| readable(log));
        self.tell_access().await?;
        self.open_logs().await
    }

    async fn tell_access(&self) -> Result<(), End> {
        let accounts = self.desk.accounts.clone();
        self.send(&StreamEvent::AccessChanged(AccessChanged { accounts })).await
    }

    async fn read_rights(&mut self) -> Result<(), End> {
        match self.shared.log.desk(self.desk.desk).await? {
            Some(desk) if !desk.is_revoked => {
                self.shared.there.happens(rights_of(&desk), self.shared.clock.boot_ms());
                self.desk = desk;
                Ok(())
            }
            _ => Err(End::Revoked),
        }
    }

    /// Opens the logs that the desk may read and that are not open yet.
    async fn open_logs(&mut self) -> Result<(), End> {
        let accounts = self.desk.accounts.iter().map(|on| LogName::Account(on.account.clone()));
        let logs: Vec<LogName> = [LogName::Workspace].into_iter().chain(accounts).collect();
        for log in logs {
            if !self.next.contains_key(&log) {
                self.open_log(log).await?;
            }
        }
        Ok(())
    }

    async fn open_log(&mut self, log: LogName) -> Result<(), End> {
        // A cursor is good for the first opening only: what follows it went over this stream.
        let cursor = self.cursors.remove(&log);
        let highest = cursor.as_ref().and_then(|cursor| cursor.ranges.highest()).unwrap_or(0);
        let head = match self.shared.log.head(self.desk.desk, &log, highest).await? {
            Read::Found(head) => head,
            Read::NoSuchLog => return Ok(()),
            Read::Revoked => return Err(End::Revoked),
        };
        let (from_seq, misfit) = open::begin(cursor.as_ref(), &head);
        if let Some(reason) = misfit {
            tracing::warn!(desk = %self.desk.desk, %log, ?reason, "a desk must read a log anew");
            self.send(&StreamEvent::Resync(Resync { log: log.clone(), log_id: head.log_id, reason })).await?;
        }
        let opened = Opened { log: log.clone(), log_id: head.log_id, head: head.seq, from_seq };
        self.send(&StreamEvent::Opened(opened)).await?;
        self.next.insert(log, from_seq);
        Ok(())
    }

    /// Sends what is there, one batch of each log in turn, until nothing is behind.
    async fn catch_up(&mut self) -> Result<(), End> {
        loop {
            let behind: Vec<LogName> = {
                let live = self.live.borrow_and_update();
                let head = |log: &LogName| live.heads.get(log).copied().unwrap_or(0);
                self.next
                    .iter()
                    .filter(|(log, next)| **next <= head(log))
                    .map(|(log, _)| log.clone())
                    .collect()
            };
            if behind.is_empty() {
                return Ok(());
            }
            for log in behind {
                self.send_batch(&log).await?;
            }
            self.keep_rights().await?;
        }
    }

    async fn send_batch(&mut self, log: &LogName) -> Result<(), End> {
        let Some(&next) = self.next.get(log) else { return Ok(()) };
        // The rights are checked in the same view of the data as the entries are read.
        let page = match self.shared.log.entries(self.desk.desk, log, Range::After(next - 1), BATCH).await? {
            Read::Found(page) => page,
            Read::NoSuchLog => {
                self.next.remove(log);
                return Ok(());
            }
            Read::Revoked => return Err(End::Revoked),
        };
        let Some(last) = page.entries.last().map(|entry| entry.seq) else { return Ok(()) };
        // Before the entries that take the agent's threads: a desk tells its agent how many left with it.
        self.tell_offline().await?;
        self.send(&StreamEvent::Entries(page.entries)).await?;
        self.next.insert(log.clone(), last + 1);
        Ok(())
    }

    /// Tells what waits for the desk and was not told on this stream.
    async fn tell_pick_ups(&mut self) -> Result<(), End> {
        self.pick_ups = self.live.borrow().pick_ups;
        let waiting: BTreeSet<PickUp> = self.shared.log.pick_ups(self.desk.desk).await?.into_iter().collect();
        for new in waiting.difference(&self.told.clone()) {
            let event = match new {
                PickUp::Box(account, _) => StreamEvent::BoxWaiting(BoxWaiting { account: account.clone() }),
                PickUp::Login(login) => StreamEvent::LoginEnded(LoginEnded { login: *login }),
            };
            self.send(&event).await?;
        }
        self.told = waiting;
        Ok(())
    }

    /// Tells how far the history of each account is.
    async fn tell_history(&self) -> Result<(), End> {
        let boot_ms = self.shared.clock.boot_ms();
        for on in &self.desk.accounts {
            if let Some(told) = self.shared.stewards.told(&on.account, boot_ms) {
                self.send(&StreamEvent::History(told)).await?;
            }
        }
        Ok(())
    }

    async fn history(&mut self, told: Result<HistoryTold, RecvError>) -> Result<(), End> {
        match told {
            Ok(told) if self.desk.role(&told.account).is_some() => {
                self.send(&StreamEvent::History(told)).await
            }
            Ok(_) => Ok(()),
            Err(RecvError::Lagged(_)) => self.tell_history().await,
            Err(RecvError::Closed) => Err(End::Gone),
        }
    }

    /// Tells who came and went and what they look at, under the rights of this moment.
    async fn tell_presence(&mut self) -> Result<(), End> {
        while self.live.borrow().access != self.access {
            self.keep_rights().await?;
        }
        if let Some(news) = self.there.rest(&self.shared.there, &self.desk) {
            self.send(&StreamEvent::Present(news)).await?;
        }
        self.tell_offline().await
    }

    /// Tells that a supervisor set this desk's agent offline, once.
    async fn tell_offline(&mut self) -> Result<(), End> {
        let held = self.shared.there.book().held(self.desk.agent).cloned();
        let Some(held) = held.filter(|held| self.offline != Some(held.offline)) else { return Ok(()) };
        self.offline = Some(held.offline);
        self.send(&StreamEvent::SetOffline(held)).await
    }

    async fn heartbeat(&mut self) -> Result<(), End> {
        let heartbeat = {
            let live = self.live.borrow();
            let heads = self.next.keys().map(|log| (log.clone(), live.heads.get(log).copied().unwrap_or(0)));
            let mine = |account: &baton_protocol::AccountId| self.desk.role(account).is_some();
            let last = live.last_webhook_ms.iter().filter(|(account, _)| mine(account));
            Heartbeat {
                relay_ms: self.shared.clock.wall_ms(),
                meta_ms: self.shared.meta_time.now_ms(),
                heads: heads.collect(),
                last_webhook_ms: last.map(|(account, ms)| (account.clone(), *ms)).collect(),
            }
        };
        self.send(&StreamEvent::Heartbeat(heartbeat)).await
    }

    async fn mark(&mut self, mark: Result<(AgentId, DeskId, ReadMark), RecvError>) -> Result<(), End> {
        match mark {
            Ok((agent, desk, mark)) => {
                let is_mine = agent == self.desk.agent && desk != self.desk.desk;
                if is_mine && self.desk.role(&mark.account).is_some() {
                    self.send(&StreamEvent::ReadMark(mark)).await?;
                }
                Ok(())
            }
            // Marks were missed: the desk reads them with its next snapshot, after connecting again.
            Err(RecvError::Lagged(_)) => Err(End::Slow),
            Err(RecvError::Closed) => Err(End::Gone),
        }
    }

    async fn send(&self, event: &StreamEvent) -> Result<(), End> {
        let data = event.data().map_err(|e| LogError::Unreadable(e.to_string()))?;
        let frame = frame(event.name(), &data);
        match tokio::time::timeout(NOT_READING, self.out.send(frame)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(End::Gone),
            Err(_) => Err(End::Slow),
        }
    }
}

/// One server-sent event. An event's own bytes may hold line breaks between its members; each line then is a line of
/// data, which the reader joins again.
fn frame(name: &str, data: &str) -> Bytes {
    let mut frame = format!("event: {name}\n");
    let unified = data.replace("\r\n", "\n").replace('\r', "\n");
    for line in unified.split('\n') {
        frame.push_str("data: ");
        frame.push_str(line);
        frame.push('\n');
    }
    frame.push('\n');
    Bytes::from(frame)
}

#[cfg(test)]
mod tests {
    use super::frame;

    #[test]
    fn line_breaks_inside_an_event_do_not_end_it() {
        assert_eq!(frame("a", "{\n 1}"), "event: a\ndata: {\ndata:  1}\n\n");
        assert_eq!(frame("a", "{\r\n1\r}"), "event: a\ndata: {\ndata: 1\ndata: }\n\n");
    }
}
