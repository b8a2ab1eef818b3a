//! The fold itself: one piece of evidence at a time.

use baton_messenger::id::{AppId, is_meta_inbox};
use baton_messenger::limits::CONTROL_LAPSE_MS;
use baton_protocol::account::RoutingMode;
use baton_protocol::team::{Actor, OwnerSeen, OwnerSource};

use super::{AccountFacts, Cause, Change, Owner, OwnerState};
use crate::evidence::{Act, Evidence, Heard, is_ours};

/// How much too early an act of ours may be told: answers of Meta carry whole seconds and are some moments old.
const GRAIN_MS: i64 = 2_000;

/// Folds sorted evidence ([`crate::evidence::sorted`]) into the state at `now_ms` and the lines of the timeline,
/// oldest first. Evidence later than `now_ms` counts too: the clock here may be behind Meta's.
#[must_use]
pub fn fold_owner(evidence: &[Evidence], facts: &AccountFacts, now_ms: i64) -> (OwnerState, Vec<Change>) {
    let mut lines = Vec::new();
    let mut state = OwnerState::start(facts);
    for piece in evidence {
        state = state.step(piece, facts, &mut lines);
    }
    let state = state.at_with_line(now_ms, &mut lines);
    (state, lines)
}

impl OwnerState {
    /// Before the first evidence.
    #[must_use]
    pub fn start(facts: &AccountFacts) -> Self {
        if facts.routing == RoutingMode::Off {
            return Self {
                owner: Owner::Unmanaged,
                by: Cause::RoutingOff,
                unrouted: true,
                ..Self::default()
            };
        }
        Self::default()
    }

    /// The state at a time: as it is, or lapsed.
    #[must_use]
    pub fn at(&self, now_ms: i64) -> Self {
        self.clone().at_with_line(now_ms, &mut Vec::new())
    }

    /// The line of a lapse by this time, if there was one.
    #[must_use]
    pub fn lapse_by(&self, now_ms: i64) -> Option<Change> {
        let mut lines = Vec::new();
        let _lapsed = self.clone().at_with_line(now_ms, &mut lines);
        lines.pop()
    }

    /// The state after one more piece of evidence, which must not be older than those before. Lines of the timeline
    /// are added to `lines`, a lapse in between too.
    #[must_use]
    pub fn step(self, piece: &Evidence, facts: &AccountFacts, lines: &mut Vec<Change>) -> Self {
        let before = self.at_with_line(piece.at_ms, lines);
        let mut after = before.clone().moved(piece, facts);
        after.theirs_ms = after.is_theirs().then(|| before.theirs_since_ms().unwrap_or(piece.at_ms));
        if let Some(line) = line(&before, &after, piece, facts) {
            lines.push(line);
        }
        after
    }

    fn at_with_line(self, now_ms: i64, lines: &mut Vec<Change>) -> Self {
        let Some(until_ms) = self.until_ms.filter(|until_ms| *until_ms <= now_ms) else { return self };
        let (nobody, theirs_ms) = (self.nobody(), self.theirs_since_ms());
        lines.push(Change {
            at_ms: until_ms,
            from: self.owner.clone(),
            to: nobody.clone(),
            cause: Cause::Lapsed,
            app: None,
            note: None,
            agent: None,
            when_done: false,
        });
        Self {
            owner: nobody,
            since_ms: Some(until_ms),
            until_ms: None,
            by: Cause::Lapsed,
            note: None,
            came_ms: self.came_ms,
            away: self.away,
            theirs_ms,
            unrouted: self.unrouted,
        }
    }

    /// Who holds a thread that no app holds.
    fn nobody(&self) -> Owner {
        if self.unrouted { Owner::Unmanaged } else { Owner::Idle }
    }

    fn moved(mut self, piece: &Evidence, facts: &AccountFacts) -> Self {
        let at_ms = piece.at_ms;
        self.unrouted = facts.routing == RoutingMode::Off;
        if self.was_said_before_the_act(piece, facts) {
            return self;
        }
        match &piece.act {
            Act::CustomerWrote { heard: Heard::Messaging } => self.customer_to_us(at_ms, facts),
            Act::CustomerWrote { heard: Heard::Standby } => self.customer_to_another(at_ms, facts),
            Act::AppAnswered { app, .. } if is_ours(app.as_ref(), facts) => self.send_accepted(at_ms, facts),
            Act::AppAnswered { app, heard } => self.another_answered(app.as_ref(), *heard, at_ms, facts),
            Act::Requested { .. } => self,
            Act::Passed { to, note, .. } => {
                self.handed(to.as_ref(), note.as_ref(), Cause::Passed, at_ms, facts)
            }
            Act::Taken { to, note, .. } => {
                self.handed(to.as_ref(), note.as_ref(), Cause::Taken, at_ms, facts)
            }
            Act::Learned { seen, source, until_ms, note, .. } => {
                let learned = Learned { seen, source: *source, until_ms: *until_ms, note: note.as_ref() };
                self.learned(&learned, at_ms, facts)
            }
        }
    }

    /// True for words that were said before the act that control came by, although their time is a moment later: Meta
    /// tells the time of an act of ours, and of an answer, in whole seconds, that of a word in milliseconds. What gives them away is the list
    /// they were heard in, which is that of the owner before.
    fn was_said_before_the_act(&self, piece: &Evidence, facts: &AccountFacts) -> bool {
        let is_close = self.since_ms.is_some_and(|since_ms| piece.at_ms.saturating_sub(since_ms) < GRAIN_MS);
        if !is_close {
            return false;
        }
        let (by_us, heard) = match &piece.act {
            Act::CustomerWrote { heard } => (false, *heard),
            Act::AppAnswered { app, heard } => (is_ours(app.as_ref(), facts), *heard),
            _ => return false,
        };
        match (self.by, &self.owner) {
            (Cause::Taken | Cause::Read, Owner::Ours) => !by_us && heard == Heard::Standby,
            (Cause::Passed, owner) if owner.is_elsewhere() => by_us || heard == Heard::Messaging,
            (Cause::Released, Owner::Idle | Owner::Unmanaged) => by_us || heard == Heard::Messaging,
            _ => false,
        }
    }

    fn customer_to_us(self, at_ms: i64, facts: &AccountFacts) -> Self {
        if self.owner == Owner::Ours {
            return self.prolonged(at_ms);
        }
        // With a default app, and always in the old protocol, the thread is never left idle by a customer who writes: heard
        // by us means ours.
        if facts.receiver().is_some() || facts.routing == RoutingMode::HopV2 {
            return self.to(Owner::Ours, Cause::CustomerWrote, at_ms).lasting(at_ms);
        }
        let nobody = self.nobody();
        let has_lapsed = self.by == Cause::Lapsed;
        if self.owner == nobody && !has_lapsed && !self.away {
            return self;
        }
        self.to(nobody, Cause::CustomerWrote, at_ms)
    }

    fn customer_to_another(self, at_ms: i64, facts: &AccountFacts) -> Self {
        if self.owner.is_elsewhere() {
            return self.prolonged(at_ms);
        }
        // Ours without a lapse: somebody took it, and nobody said who.
        let took_silently = self.owner == Owner::Ours;
        let default_app = facts.receiver().filter(|app| !took_silently && !is_ours(Some(app), facts));
        let owner = default_app.map_or(Owner::Other { app: None }, |app| Owner::of_app(app, facts));
        self.to(owner, Cause::CustomerWrote, at_ms).lasting(at_ms)
    }

    fn send_accepted(self, at_ms: i64, facts: &AccountFacts) -> Self {
        let is_free = matches!(self.owner, Owner::Idle | Owner::Unmanaged);
        if self.owner == Owner::Ours || (is_free && !self.default_is_another(facts)) {
            return self;
        }
        if self.default_is_another(facts) {
            return self.to(Owner::Ours, Cause::SendAccepted, at_ms).lasting(at_ms);
        }
        // Ours or idle: both let us send, and nothing tells which it is. Without routing it does not matter.
        if self.owner.is_elsewhere() && self.unrouted {
            return self.to(Owner::Unmanaged, Cause::SendAccepted, at_ms);
        }
        if self.owner.is_elsewhere() { self.to(Owner::Unknown, Cause::SendAccepted, at_ms) } else { self }
    }

    fn another_answered(self, app: Option<&AppId>, heard: Heard, at_ms: i64, facts: &AccountFacts) -> Self {
        let by_inbox = app.is_some_and(is_meta_inbox);
        if heard == Heard::Messaging && self.unrouted {
            // Whoever answers there does not hold it by that; that we hear it here says that no other app does.
            return if self.owner.is_elsewhere() {
                self.to(Owner::Unmanaged, Cause::Answered, at_ms)
            } else {
                self
            };
        }
        if heard == Heard::Messaging && !by_inbox {
            return self;
        }
        let owner = match app {
            Some(app) => Owner::of_app(app, facts),
            None if self.owner.is_elsewhere() => return self,
            None => Owner::Other { app: None },
        };
        if self.owner == owner {
            return self;
        }
        // An answer does not count as the customer's message: it prolongs nothing, but whoever holds the thread now
        // got it no earlier than the last thing known.
        self.to(owner, Cause::Answered, at_ms).lasting(at_ms)
    }

    fn handed(
        self,
        to: Option<&AppId>,
        note: Option<&String>,
        cause: Cause,
        at_ms: i64,
        facts: &AccountFacts,
    ) -> Self {
        let mut after = match to {
            Some(app) => self.given(Owner::of_app(app, facts), cause, at_ms).lasting(at_ms),
            None => self.to(Owner::Unknown, cause, at_ms),
        };
        after.note = note.cloned();
        after
    }

    fn learned(self, learned: &Learned<'_>, at_ms: i64, facts: &AccountFacts) -> Self {
        let nobody = self.nobody();
        let seen =
            if *learned.seen == OwnerSeen::Idle { nobody.clone() } else { owner_seen(learned.seen, facts) };
        let mut after = match learned.source {
            OwnerSource::Took => self.given(seen, Cause::Taken, at_ms).lasting(at_ms),
            OwnerSource::Passed => self.given(seen, Cause::Passed, at_ms).lasting(at_ms),
            OwnerSource::Released => self.to(nobody, Cause::Released, at_ms),
            OwnerSource::Requested => return self,
            OwnerSource::Extended => return self.extended(learned.until_ms, at_ms),
            OwnerSource::ThreadOwner => self.read(seen, at_ms),
            OwnerSource::IsOwner => self.told_whether_ours(seen, at_ms, facts),
            OwnerSource::SendRefused => return self.send_refused(seen, at_ms, facts),
            OwnerSource::SendAccepted => return self.send_accepted(at_ms, facts),
        };
        if learned.until_ms.is_some() && !matches!(after.owner, Owner::Idle | Owner::Unmanaged) {
            after.until_ms = learned.until_ms;
        }
        if learned.note.is_some() {
            after.note = learned.note.cloned();
        }
        after
    }

    /// `thread_owner` was read: it names the owner, or tells only that it is another app.
    fn read(self, seen: Owner, at_ms: i64) -> Self {
        let names_less = seen == Owner::Other { app: None } && self.owner.is_elsewhere();
        if names_less || self.owner == seen {
            return self;
        }
        let after = self.to(seen, Cause::Read, at_ms);
        if matches!(after.owner, Owner::Idle | Owner::Unmanaged) { after } else { after.lasting(at_ms) }
    }

    /// `is_owner` was read: it tells only whether the thread is ours.
    fn told_whether_ours(self, seen: Owner, at_ms: i64, facts: &AccountFacts) -> Self {
        match (&seen, &self.owner) {
            (Owner::Ours, _) => self.read(seen, at_ms),
            // Not ours is what an idle thread says too.
            (_, Owner::Ours) if !self.default_is_another(facts) => {
                self.to(Owner::Unknown, Cause::Read, at_ms)
            }
            (_, Owner::Idle | Owner::Unmanaged) => self,
            _ => self.read(seen, at_ms),
        }
    }

    /// `seen`: another app, by its name where the refusal tells it.
    fn send_refused(self, seen: Owner, at_ms: i64, facts: &AccountFacts) -> Self {
        let seen = if seen.is_elsewhere() { seen } else { Owner::Other { app: None } };
        let names_less = seen == Owner::Other { app: None };
        // With another default app, an idle thread refuses us in the same words.
        let is_default = self.owner == Owner::Idle && self.default_is_another(facts);
        if self.owner == seen || (names_less && (self.owner.is_elsewhere() || is_default)) {
            return self;
        }
        self.to(seen, Cause::SendRefused, at_ms).lasting(at_ms)
    }

    fn extended(self, until_ms: Option<i64>, at_ms: i64) -> Self {
        let mut after = if self.owner == Owner::Ours {
            Self { by: Cause::Extended, ..self }
        } else {
            self.to(Owner::Ours, Cause::Extended, at_ms)
        };
        after.until_ms = Some(until_ms.unwrap_or_else(|| at_ms.saturating_add(CONTROL_LAPSE_MS)));
        after
    }

    /// An act that gives control counts anew, also to the same owner.
    fn given(self, owner: Owner, cause: Cause, at_ms: i64) -> Self {
        if self.owner != owner {
            return self.to(owner, cause, at_ms);
        }
        // Meta was asked a moment before it told by itself how the thread came.
        let explains = self.by == Cause::Read && owner == Owner::Ours;
        let came_ms = if explains { Some(at_ms) } else { self.came_ms };
        Self { by: cause, came_ms, ..self }
    }

    fn to(self, owner: Owner, by: Cause, at_ms: i64) -> Self {
        let comes = self.comes(&owner, by);
        let away = match by {
            // Only an owner releases.
            Cause::Released => false,
            _ => owner.is_elsewhere() || (self.away && !comes && owner != Owner::Ours),
        };
        let came_ms = if comes { Some(at_ms) } else { self.came_ms };
        let unrouted = self.unrouted;
        // Since when it has been another's is told of the whole step.
        let (since_ms, theirs_ms) = (Some(at_ms), None);
        Self { owner, since_ms, until_ms: None, by, note: None, came_ms, away, theirs_ms, unrouted }
    }

    /// Whether the thread comes to us with this. Another app's pass says that it wants us to answer, wherever the thread
    /// was. An act of our own counts only when another app had it: to release and take a thread again makes nobody's wait
    /// shorter.
    fn comes(&self, owner: &Owner, by: Cause) -> bool {
        match by {
            Cause::Passed => *owner == Owner::Ours && self.owner != Owner::Ours,
            Cause::Taken => *owner == Owner::Ours && self.away,
            Cause::CustomerWrote => self.away && !owner.is_elsewhere(),
            _ => false,
        }
    }

    fn lasting(mut self, at_ms: i64) -> Self {
        self.until_ms = Some(at_ms.saturating_add(CONTROL_LAPSE_MS));
        self
    }

    fn prolonged(mut self, at_ms: i64) -> Self {
        let until_ms = at_ms.saturating_add(CONTROL_LAPSE_MS);
        self.until_ms = Some(self.until_ms.map_or(until_ms, |before_ms| before_ms.max(until_ms)));
        self
    }

    fn default_is_another(&self, facts: &AccountFacts) -> bool {
        facts.receiver().is_some_and(|app| !is_ours(Some(app), facts))
    }
}

struct Learned<'a> {
    seen: &'a OwnerSeen,
    source: OwnerSource,
    until_ms: Option<i64>,
    note: Option<&'a String>,
}

fn owner_seen(seen: &OwnerSeen, facts: &AccountFacts) -> Owner {
    match seen {
        OwnerSeen::Ours => Owner::Ours,
        OwnerSeen::Idle => Owner::Idle,
        OwnerSeen::Other { app: None } => Owner::Other { app: None },
        OwnerSeen::Other { app: Some(app) } => Owner::of_app(app, facts),
    }
}

/// The line for one piece of evidence: when control moved, and for acts that people want to read of even when it did
/// not.
fn line(before: &OwnerState, after: &OwnerState, piece: &Evidence, facts: &AccountFacts) -> Option<Change> {
    let (cause, app, note) = match &piece.act {
        Act::Requested { by, note } => (Cause::Requested, by.clone(), note.clone()),
        Act::Passed { from, note, .. } => (Cause::Passed, from.clone(), note.clone()),
        Act::Taken { from, note, .. } => (Cause::Taken, from.clone(), note.clone()),
        Act::Learned { source: OwnerSource::Requested, note, .. } => {
            (Cause::Requested, facts.our_app.clone(), note.clone())
        }
        Act::Learned { source: OwnerSource::Extended, note, .. } => (Cause::Extended, None, note.clone()),
        // The pass that a desk made comes as a webhook too only to the new owner; the repeat of one that changed
        // nothing is not shown.
        _ if before.owner == after.owner => return None,
        _ => (after.by, None, after.note.clone()),
    };
    let agent = match &piece.act {
        Act::Learned { by: Some(Actor::Agent { agent, .. }), .. } => Some(*agent),
        _ => None,
    };
    let when_done = matches!(&piece.act, Act::Learned { when_done: true, .. });
    let (from, to) = (before.owner.clone(), after.owner.clone());
    Some(Change { at_ms: piece.at_ms, from, to, cause, app, note, agent, when_done })
}
