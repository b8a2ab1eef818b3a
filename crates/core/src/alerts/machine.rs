//! What of the news is told, and as what. Pure: `(state, news, rules) → (state, effects)`.
//!
//! ```text
//!   news of a kind ──▶ thread is looked at, or do not disturb ──▶ nothing
//!                 ├──▶ a few threads within a while ──▶ one alert per thread, each in the place of the thread's last one
//!                 └──▶ many threads within a while ──▶ one alert for all of them, which counts ("12 customers wrote"),
//!                                                       until none came for long or somebody saw to it
//!   thread looked at · read · given away · taken back ──▶ its alert goes
//! ```
//!
//! Promises: what somebody looks at is never told; do not disturb lets nothing through; no more than [`MOST`] threads of one
//! kind have an alert of their own within [`WHILE_MS`]; sounds keep [`SOUND_EVERY_MS`] between them. Times are of the boot
//! clock.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::NoteId;

use super::choice::{AlertChoice, AlertKind};
use crate::store::{PreviewKind, ThreadId};

/// So many threads of one kind are told one by one within [`WHILE_MS`]; more become one alert.
pub const MOST: usize = 3;
/// What comes within so long comes at once, milliseconds.
pub const WHILE_MS: i64 = 10_000;
/// An alert for many goes on counting until none came for so long, milliseconds.
pub const COUNTS_MS: i64 = 60_000;
/// Between two sounds, milliseconds.
pub const SOUND_EVERY_MS: i64 = 2_000;

/// Something to tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// The thread.
    pub thread: ThreadId,
    /// What its customer is called, when that is known.
    pub customer: Option<String>,
    /// What its account is called.
    pub account: String,
    /// What happened.
    pub what: What,
}

/// What happened in a thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Its customer wrote.
    Wrote {
        /// What it was.
        kind: PreviewKind,
        /// One line of it.
        line: String,
    },
    /// It was given to this agent.
    Given {
        /// Who did it; none for a rule of the relay or its operator.
        by: Option<String>,
    },
    /// A colleague meant this agent in a note.
    Meant {
        /// The note.
        note: NoteId,
        /// Who wrote it, when they are known.
        by: Option<String>,
        /// Its first line.
        line: String,
    },
    /// Something ends soon.
    Ends {
        /// What.
        end: End,
        /// How much time is left, milliseconds.
        left_ms: i64,
    },
}

/// What can end in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum End {
    /// The 24 hours in which a reply needs no tag.
    Window,
    /// The 7 days in which a late reply goes, where the account may send one: nothing goes after it.
    LateWindow,
    /// Control of the thread.
    Control,
}

impl What {
    /// The kind that it is of.
    #[must_use]
    pub fn kind(&self) -> AlertKind {
        match self {
            Self::Wrote { .. } => AlertKind::Message,
            Self::Given { .. } => AlertKind::Assigned,
            Self::Meant { .. } => AlertKind::Mention,
            Self::Ends { .. } => AlertKind::Shutting,
        }
    }

    /// Of several that come at once about one thread, the one that says most is told.
    fn says(&self) -> u8 {
        match self {
            Self::Ends { .. } => 0,
            Self::Given { .. } => 1,
            Self::Wrote { .. } => 2,
            Self::Meant { .. } => 3,
        }
    }
}

/// The place of an alert: another one in the same place takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slot {
    /// Of one thread.
    Thread(ThreadId),
    /// Of many threads of one kind.
    Many(AlertKind),
    /// Of an alert that was asked for, to see what it looks like.
    Trial,
}

/// What an alert says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// One thing about one thread.
    One(News),
    /// The same of many threads.
    Many {
        /// Of which kind.
        kind: AlertKind,
        /// How many threads.
        threads: usize,
    },
    /// That alerts look like this.
    Trial,
}

/// Something to show. Its words are made by [`super::words`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alert {
    /// Its place.
    pub slot: Slot,
    /// What it says.
    pub says: Says,
}

impl Alert {
    /// The kind that it is of; none for a trial.
    #[must_use]
    pub fn kind(&self) -> Option<AlertKind> {
        match &self.says {
            Says::One(news) => Some(news.what.kind()),
            Says::Many { kind, .. } => Some(*kind),
            Says::Trial => None,
        }
    }

    /// The thread that it is about, when it is about one.
    #[must_use]
    pub fn thread(&self) -> Option<ThreadId> {
        match &self.says {
            Says::One(news) => Some(news.thread),
            Says::Many { .. } | Says::Trial => None,
        }
    }
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Show it, in the place of what is there.
    Show(Alert),
    /// Take away what is there.
    Close(Slot),
    /// Let this be heard.
    Sound(AlertKind),
}

/// What holds while news are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// What the agent chose.
    pub choice: &'a AlertChoice,
    /// True while the agent is not to be disturbed.
    pub is_quiet: bool,
    /// The boot clock, milliseconds.
    pub boot_ms: i64,
}

/// What is shown in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shown {
    kind: AlertKind,
    note: Option<NoteId>,
}

/// Threads of one kind that have one alert together.
#[derive(Clone, Debug, Default)]
struct Gathered {
    threads: BTreeSet<ThreadId>,
    last_ms: i64,
}

/// Which alerts there are.
#[derive(Clone, Debug, Default)]
pub struct Machine {
    looked_at: Option<ThreadId>,
    shown: BTreeMap<Slot, Shown>,
    /// When a thread got an alert of its own, by kind.
    recent: BTreeMap<AlertKind, BTreeMap<ThreadId, i64>>,
    gathered: BTreeMap<AlertKind, Gathered>,
    sounded_ms: Option<i64>,
}

impl Machine {
    /// Something happened.
    pub fn tell(&mut self, news: Vec<News>, rules: Rules<'_>) -> Vec<Effect> {
        let mut effects = Vec::new();
        if rules.is_quiet {
            return effects;
        }
        let mut of_kinds: BTreeMap<AlertKind, Vec<News>> = BTreeMap::new();
        for one in one_of_each(news) {
            if self.looked_at != Some(one.thread) {
                of_kinds.entry(one.what.kind()).or_default().push(one);
            }
        }
        let mut heard: Option<AlertKind> = None;
        for (kind, news) in of_kinds {
            let switch = rules.choice.of(kind);
            if switch.popup {
                self.show(kind, news, rules.boot_ms, &mut effects);
            }
            heard = heard.max(switch.sound.then_some(kind));
        }
        let may_sound = self.sounded_ms.is_none_or(|at_ms| rules.boot_ms - at_ms >= SOUND_EVERY_MS);
        if let Some(kind) = heard.filter(|_| may_sound) {
            self.sounded_ms = Some(rules.boot_ms);
            effects.push(Effect::Sound(kind));
        }
        effects
    }

    fn show(&mut self, kind: AlertKind, news: Vec<News>, boot_ms: i64, effects: &mut Vec<Effect>) {
        let recent = self.recent.entry(kind).or_default();
        recent.retain(|_, at_ms| boot_ms - *at_ms < WHILE_MS);
        let mut gathered =
            self.gathered.remove(&kind).filter(|all| boot_ms - all.last_ms < COUNTS_MS).unwrap_or_default();
        let fresh = news.iter().filter(|one| !recent.contains_key(&one.thread)).count();
        if gathered.threads.is_empty() && recent.len() + fresh <= MOST {
            for one in news {
                recent.insert(one.thread, boot_ms);
                let note = match one.what {
                    What::Meant { note, .. } => Some(note),
                    _ => None,
                };
                let slot = Slot::Thread(one.thread);
                self.shown.insert(slot, Shown { kind, note });
                effects.push(Effect::Show(Alert { slot, says: Says::One(one) }));
            }
            return;
        }
        for thread in std::mem::take(recent).into_keys() {
            gathered.threads.insert(thread);
            let slot = Slot::Thread(thread);
            if self.shown.get(&slot).is_some_and(|shown| shown.kind == kind) {
                self.shown.remove(&slot);
                effects.push(Effect::Close(slot));
            }
        }
        gathered.threads.extend(news.iter().map(|one| one.thread));
        gathered.last_ms = boot_ms;
        let (slot, threads) = (Slot::Many(kind), gathered.threads.len());
        self.shown.insert(slot, Shown { kind, note: None });
        effects.push(Effect::Show(Alert { slot, says: Says::Many { kind, threads } }));
        self.gathered.insert(kind, gathered);
    }

    /// Somebody looks at this thread now, in a window that has the focus; or at none.
    pub fn looks(&mut self, thread: Option<ThreadId>) -> Vec<Effect> {
        self.looked_at = thread;
        thread.map(|thread| self.settled(thread)).unwrap_or_default()
    }

    /// There is nothing to tell of a thread any more.
    pub fn settled(&mut self, thread: ThreadId) -> Vec<Effect> {
        let mut effects: Vec<Effect> = self.close(Slot::Thread(thread)).into_iter().collect();
        let mut seen_to = Vec::new();
        for (kind, gathered) in &mut self.gathered {
            if gathered.threads.remove(&thread) && gathered.threads.is_empty() {
                seen_to.push(*kind);
            }
        }
        for kind in seen_to {
            self.gathered.remove(&kind);
            effects.extend(self.close(Slot::Many(kind)));
        }
        effects
    }

    /// A note was taken away: its words go.
    pub fn note_gone(&mut self, note: NoteId) -> Vec<Effect> {
        let of_note = self.shown.iter().find(|(_, shown)| shown.note == Some(note)).map(|(slot, _)| *slot);
        of_note.and_then(|slot| self.close(slot)).into_iter().collect()
    }

    /// An alert is not there any more: it was clicked, or sent away.
    pub fn gone(&mut self, slot: Slot) {
        self.shown.remove(&slot);
        if let Slot::Many(kind) = slot {
            self.gathered.remove(&kind);
        }
    }

    /// All alerts go.
    pub fn close_all(&mut self) -> Vec<Effect> {
        self.gathered.clear();
        std::mem::take(&mut self.shown).into_keys().map(Effect::Close).collect()
    }

    /// Threads that have an alert of their own, each with its kind.
    pub fn shown(&self) -> impl Iterator<Item = (ThreadId, AlertKind)> + '_ {
        self.shown.iter().filter_map(|(slot, shown)| match slot {
            Slot::Thread(thread) => Some((*thread, shown.kind)),
            Slot::Many(_) | Slot::Trial => None,
        })
    }

    fn close(&mut self, slot: Slot) -> Option<Effect> {
        self.shown.remove(&slot).map(|_| Effect::Close(slot))
    }
}

/// Of each thread what says most, and of that the newest, in order of the threads' first news.
fn one_of_each(news: Vec<News>) -> Vec<News> {
    let mut each: Vec<News> = Vec::with_capacity(news.len());
    let mut places: BTreeMap<ThreadId, usize> = BTreeMap::new();
    for one in news {
        match places.get(&one.thread).and_then(|place| each.get_mut(*place)) {
            Some(before) if before.what.says() > one.what.says() => {}
            Some(before) => *before = one,
            None => {
                places.insert(one.thread, each.len());
                each.push(one);
            }
        }
    }
    each
}

#[cfg(test)]
mod tests;
