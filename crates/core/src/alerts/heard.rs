//! What of the log is news. Pure: `(state, entries, clocks) → (state, what was heard)`.
//!
//! ```text
//!   log opened ──▶ this desk listened until a moment ago ──▶ news is what came since
//!             └──▶ it did not, or it is another log ───────▶ news is what comes after the head of now
//! ```
//!
//! So nothing of the backlog is told, neither at the first reading of a log nor after a night, and a cut of the network, a
//! new start and an update of the relay lose nothing and repeat nothing. Every seq is news once, in whatever order the
//! stream and the filling of holes bring it.

use std::collections::BTreeMap;

use baton_messenger::id::AppId;
use baton_messenger::webhook::Kind;
use baton_protocol::entry::{Content, Entry, EntryKind};
use baton_protocol::stream::Opened;
use baton_protocol::team::{Actor, TeamFact};
use baton_protocol::{AgentId, LogId, LogName, NoteId, SeqRanges};

use crate::store::{Changes, ThreadKey};

/// A desk that heard nothing for longer than this was away: what came meanwhile is backlog, milliseconds.
pub(crate) const AWAY_MS: i64 = 10 * 60_000;
/// A message that only a page of history told of is news when it is no older than this, milliseconds of Meta's time.
pub(crate) const FOUND_LATE_MS: i64 = 60 * 60_000;

/// Something that may be worth telling, before anybody asked how the thread stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Heard {
    /// The customer wrote.
    Wrote {
        thread: ThreadKey,
        /// The text, for as long as nothing newer was said.
        text: Option<String>,
    },
    /// The thread was given to this agent by somebody else.
    Given { thread: ThreadKey, by: Option<AgentId> },
    /// Somebody else meant this agent in a note.
    Meant { thread: ThreadKey, note: NoteId, by: Option<AgentId>, text: String, supervisors_only: bool },
    /// A note was taken away.
    NoteGone(NoteId),
    /// An app passed control of the thread on.
    Passed {
        thread: ThreadKey,
        /// Who held it, where Meta says so.
        from: Option<AppId>,
        /// Who was to hold it, where Meta says so.
        to: Option<AppId>,
    },
}

/// How far a log was told, as it is kept for the next start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeardLog {
    /// Which.
    pub log: LogName,
    /// Its identity.
    pub log_id: LogId,
    /// Everything up to this seq was told, or was not to be.
    pub seq: u64,
    /// When this desk listened last, milliseconds of its wall clock.
    pub wall_ms: i64,
}

/// Both clocks of this machine, milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clocks {
    pub(crate) wall_ms: i64,
    pub(crate) boot_ms: i64,
}

#[derive(Debug)]
struct Place {
    log_id: LogId,
    /// What is told, or is not to be.
    told: SeqRanges,
}

/// How far every log was told.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    places: BTreeMap<LogName, Place>,
    /// As an earlier run left it.
    kept: BTreeMap<LogName, HeardLog>,
    /// When the stream last said anything, of the boot clock.
    heard_boot_ms: Option<i64>,
}

impl Logs {
    /// As an earlier run left them.
    pub(crate) fn new(kept: Vec<HeardLog>) -> Self {
        let kept = kept.into_iter().map(|one| (one.log.clone(), one)).collect();
        Self { kept, ..Self::default() }
    }

    /// The stream of a log begins.
    pub(crate) fn opened(&mut self, opened: &Opened, now: Clocks) {
        if opened.log.account().is_none() {
            return;
        }
        let kept = self.kept.remove(&opened.log);
        if let Some(place) = self.places.get(&opened.log) {
            let listened = self.heard_boot_ms.is_some_and(|at_ms| now.boot_ms - at_ms <= AWAY_MS);
            if place.log_id == opened.log_id && listened {
                return;
            }
        }
        let just_now = |kept: &HeardLog| (0..=AWAY_MS).contains(&(now.wall_ms - kept.wall_ms));
        let is_same = |kept: &HeardLog| kept.log_id == opened.log_id && kept.seq <= opened.head;
        let seq = kept.filter(is_same).filter(just_now).map_or(opened.head, |kept| kept.seq);
        let mut told = SeqRanges::new();
        told.insert(1, seq);
        self.places.insert(opened.log.clone(), Place { log_id: opened.log_id, told });
    }

    /// The stream said something.
    pub(crate) fn listens(&mut self, boot_ms: i64) {
        self.heard_boot_ms = Some(boot_ms);
    }

    /// Entries were stored, with all that this changed. `meta_ms`: Meta's time.
    pub(crate) fn hear(
        &mut self,
        entries: &[Entry],
        changes: &Changes,
        me: AgentId,
        meta_ms: i64,
    ) -> Vec<Heard> {
        let Some(log) = entries.first().map(|entry| &entry.log) else { return Vec::new() };
        let (Some(account), Some(place)) = (log.account(), self.places.get_mut(log)) else {
            return Vec::new();
        };
        let is_new = |entry: &&Entry| !place.told.contains(entry.seq);
        let new: BTreeMap<u64, &Entry> = entries.iter().filter(is_new).map(|one| (one.seq, one)).collect();
        if new.is_empty() {
            return Vec::new();
        }
        let wrote = changes.new_inbound.iter().filter(|inbound| {
            let is_old = inbound.found_late && meta_ms - inbound.at_ms > FOUND_LATE_MS;
            !inbound.standby && !is_old && new.contains_key(&inbound.seq)
        });
        let mut heard: Vec<Heard> = wrote
            .map(|inbound| Heard::Wrote { thread: inbound.thread.clone(), text: inbound.text.clone() })
            .collect();
        heard.extend(new.values().filter_map(|entry| of_pass(entry, account)));
        let facts = new.values().filter(|entry| entry.kind == EntryKind::Team);
        heard.extend(facts.filter_map(|entry| of_fact(entry, account, me)));
        for seq in new.into_keys() {
            place.told.insert(seq, seq);
        }
        heard
    }

    /// How far they were told, to be kept.
    pub(crate) fn to_keep(&self, wall_ms: i64) -> Vec<HeardLog> {
        let each = self.places.iter().map(|(log, place)| HeardLog {
            log: log.clone(),
            log_id: place.log_id,
            seq: place.told.highest().unwrap_or(0),
            wall_ms,
        });
        each.collect()
    }

    /// Whether the stream said something lately.
    pub(crate) fn is_listening(&self, boot_ms: i64) -> bool {
        self.heard_boot_ms.is_some_and(|at_ms| boot_ms - at_ms <= AWAY_MS)
    }
}

fn of_fact(entry: &Entry, account: &baton_protocol::AccountId, me: AgentId) -> Option<Heard> {
    let Content::Team(fact) = entry.content() else { return None };
    let thread_of = |customer| ThreadKey { account: account.clone(), customer };
    let agent_of = |by: Actor| match by {
        Actor::Agent { agent, .. } => Some(agent),
        Actor::Relay | Actor::Operator => None,
    };
    match *fact {
        TeamFact::Assigned { customer, assignee: Some(agent), by, .. } if agent == me => {
            let by = agent_of(by);
            (by != Some(me)).then(|| Heard::Given { thread: thread_of(customer), by })
        }
        TeamFact::NoteAdded { customer, note, text, mentions, supervisors_only, by } => {
            let by = agent_of(by);
            let thread = thread_of(customer);
            let meant = mentions.contains(&me) && by != Some(me);
            meant.then_some(Heard::Meant { thread, note, by, text, supervisors_only })
        }
        TeamFact::NoteRemoved { note, .. } => Some(Heard::NoteGone(note)),
        _ => None,
    }
}

/// How a webhook names a pass (docs/meta.md 2.6.18): what does not say it is not read for it.
const PASS: &str = "pass_thread_control";

fn of_pass(entry: &Entry, account: &baton_protocol::AccountId) -> Option<Heard> {
    if entry.kind != EntryKind::Meta || !entry.body.get().contains(PASS) {
        return None;
    }
    let Content::Meta(stored) = entry.content() else { return None };
    let event = stored.into_event();
    let Kind::PassControl(passed) = event.kind else { return None };
    let thread = ThreadKey { account: account.clone(), customer: event.customer? };
    Some(Heard::Passed { thread, from: passed.previous_owner, to: passed.new_owner })
}

#[cfg(test)]
mod tests;
