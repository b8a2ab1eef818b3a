//! Whether a thread's customer waits for a person of ours, as the relay knows it: folded from the thread's entries one by one
//! and kept beside it, so that no webhook costs a look through the thread.
//!
//! ```text
//!   entry ──Said──▶ Turn ──(it came in Meta's order)──▶ Turn
//!                    └─────(it came late)─────────────▶ none: all of the thread's entries are folded anew
//! ```
//!
//! Who holds the thread, whether it is open again and since when somebody waits is said by [`baton_thread`], for relay and
//! desks alike. The relay takes these shortcuts, each of which a later word of the customer sets right:
//!
//! - A reply of our desks counts from its echo, or from a settlement that carries Meta's time.
//! - What a page of history tells of the account counts as a person's answer where no echo of it came before.
//! - Of a lapse of control nothing needs to be known: it neither begins nor ends a wait.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use baton_messenger::id::{AccountId, AppId, Mid};
use baton_messenger::webhook::{Event, Kind, ReactionAct};
use baton_protocol::account::RoutingMode;
use baton_protocol::audit::AuditPage;
use baton_protocol::team::{Settlement, TeamFact};
use baton_thread::owner::{AccountFacts, OwnerState};
use baton_thread::team::is_reopened;
use baton_thread::waiting::{counts_unnamed, is_by_itself};
use baton_thread::word::{FRESH_MS, WordBy, word_of_event};
use baton_thread::{Act, Evidence, WaitingFacts, waiting};
use serde::{Deserialize, Serialize};

/// What an entry says that matters to whose turn it is. Times are milliseconds UTC of Meta.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Something about control of the thread.
    Control(Evidence),
    /// The customer wrote.
    Customer(i64),
    /// A person of ours or in Meta's inbox answered, or an app whose answers count.
    Person(i64),
    /// The account answered, and nothing tells who it was: a person, unless it came too soon after a word of the customer.
    Unnamed(i64),
    /// The customer reacted, and the rules of that moment let a reaction open a thread.
    Reacted(i64),
    /// A status was set.
    StatusSet,
    /// The customer is kept away, or no longer.
    Blocked(bool),
    /// The customer was erased.
    Erased,
}

impl Said {
    /// What a webhook event says. `key` is its entry's key, `reacts` whether a reaction opens threads.
    #[must_use]
    pub fn of_event(event: &Event, key: &str, at_ms: i64, facts: &AccountFacts, reacts: bool) -> Vec<Self> {
        let control = Evidence::of_event(event, key, at_ms).map(without_note);
        let word = word_of_event(event, facts.our_app.as_ref(), at_ms).map(|word| match word.by {
            WordBy::Customer => Self::Customer(word.at_ms),
            WordBy::Ours { .. } | WordBy::MetaInbox => Self::Person(word.at_ms),
        });
        let is_customers = event.sender.as_deref().is_some_and(|by| by != event.envelope.account.as_str());
        let other = match &event.kind {
            Kind::Echo(echo) if counts(echo.app_id.as_ref(), facts) => Some(Self::Person(at_ms)),
            Kind::Echo(echo) if word.is_none() && echo.app_id.is_none() && counts_unnamed(facts) => {
                Some(Self::Unnamed(at_ms))
            }
            Kind::Reaction(reaction) if reacts && is_customers && reaction.act == ReactionAct::React => {
                Some(Self::Reacted(at_ms))
            }
            _ => None,
        };
        control.into_iter().chain(word).chain(other).collect()
    }

    /// What a fact of the team says. `key` is its entry's key.
    #[must_use]
    pub fn of_fact(fact: &TeamFact, key: &str) -> Option<Self> {
        match fact {
            TeamFact::StatusSet { .. } => Some(Self::StatusSet),
            TeamFact::BlockSet { blocked, .. } => Some(Self::Blocked(*blocked)),
            TeamFact::CustomerErased { .. } => Some(Self::Erased),
            TeamFact::SendSettled { settlement: Settlement::Sent { at_ms: Some(at_ms), .. }, .. } => {
                Some(Self::Person(*at_ms))
            }
            TeamFact::OwnerLearned { .. } => Evidence::of_fact(fact, key).map(without_note),
            _ => None,
        }
    }

    /// What a page of history says. What was old when the page was appended is nobody's turn any more. `is_known` tells of
    /// which messages an echo came.
    #[must_use]
    pub fn of_page(
        page: &AuditPage,
        account: &AccountId,
        appended_ms: i64,
        is_known: impl Fn(&Mid) -> bool,
    ) -> Vec<Self> {
        let mut said = Vec::new();
        for message in &page.messages {
            let Some(at_ms) = message.created_ms else { continue };
            if appended_ms.saturating_sub(at_ms) >= FRESH_MS {
                continue;
            }
            match message.is_from_account(account) {
                Some(false) => said.push(Self::Customer(at_ms)),
                Some(true) if !message.id.as_ref().is_some_and(&is_known) => said.push(Self::Person(at_ms)),
                Some(true) | None => {}
            }
        }
        said
    }
}

/// What the relay keeps of a note is its entry alone, where an erasure finds it.
fn without_note(mut evidence: Evidence) -> Said {
    match &mut evidence.act {
        Act::Requested { note, .. }
        | Act::Passed { note, .. }
        | Act::Taken { note, .. }
        | Act::Learned { note, .. } => *note = None,
        Act::CustomerWrote { .. } | Act::AppAnswered { .. } => {}
    }
    Said::Control(evidence)
}

/// Whether an app's answers are a person's: on an unmanaged account, where somebody said so.
fn counts(app: Option<&AppId>, facts: &AccountFacts) -> bool {
    facts.routing == RoutingMode::Off
        && app.and_then(|app| facts.apps.get(app)).is_some_and(|known| known.answers_count)
}

/// The fold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// Who holds the thread after the newest evidence.
    owner: OwnerState,
    /// The newest evidence: what comes before it came late.
    newest: Option<Evidence>,
    /// When a person last answered.
    person_ms: Option<i64>,
    /// When somebody last answered of whom nothing tells who it was, as far as that counts as a person's.
    #[serde(default)]
    unnamed_ms: Option<i64>,
    /// The customer's first word after that.
    unanswered_ms: Option<i64>,
    /// The customer's newest word.
    word_ms: Option<i64>,
    /// The customer's first word since the status was set.
    wrote_ms: Option<i64>,
    /// Their first reaction since then.
    reacted_ms: Option<i64>,
    is_blocked: bool,
}

impl Turn {
    /// All that a thread's entries say, each with its seq.
    #[must_use]
    pub fn of_all(all: &[(u64, Said)], facts: &AccountFacts) -> Self {
        let last = |is: fn(&Said) -> bool| all.iter().filter(|(_, said)| is(said)).map(|(seq, _)| *seq).max();
        let status_seq = last(|said| matches!(said, Said::StatusSet)).unwrap_or(0);
        let erased_seq = last(|said| matches!(said, Said::Erased)).unwrap_or(0);
        let mut turn = Self { owner: OwnerState::start(facts), ..Self::default() };
        let mut evidence: Vec<&Evidence> = Vec::new();
        for (_, said) in all {
            match said {
                Said::Control(piece) => evidence.push(piece),
                Said::Blocked(blocked) => turn.is_blocked = *blocked,
                _ => {}
            }
        }
        evidence.sort_by(|one, other| one.order(other));
        evidence.dedup();
        for piece in &evidence {
            turn.owner = turn.owner.step(piece, facts, &mut Vec::new());
        }
        turn.newest = evidence.last().map(|piece| (*piece).clone());
        let told = || all.iter().filter(|(seq, _)| *seq > erased_seq);
        let words: BTreeSet<i64> = told()
            .filter_map(|(_, said)| match said {
                Said::Customer(at_ms) => Some(*at_ms),
                _ => None,
            })
            .collect();
        let came_by_itself = |at_ms: i64| {
            words.range(..=at_ms).next_back().is_some_and(|word_ms| is_by_itself(*word_ms, at_ms))
        };
        for (_, said) in told() {
            match said {
                Said::Person(at_ms) => turn.person_ms = turn.person_ms.max(Some(*at_ms)),
                Said::Unnamed(at_ms) if !came_by_itself(*at_ms) => {
                    turn.person_ms = turn.person_ms.max(Some(*at_ms));
                    turn.unnamed_ms = turn.unnamed_ms.max(Some(*at_ms));
                }
                _ => {}
            }
        }
        for (seq, said) in told() {
            match said {
                Said::Customer(at_ms) => {
                    turn.word_ms = turn.word_ms.max(Some(*at_ms));
                    if turn.person_ms.is_none_or(|person_ms| *at_ms > person_ms) {
                        turn.unanswered_ms = earliest(turn.unanswered_ms, *at_ms);
                    }
                    if *seq > status_seq {
                        turn.wrote_ms = earliest(turn.wrote_ms, *at_ms);
                    }
                }
                Said::Reacted(at_ms) if *seq > status_seq => {
                    turn.reacted_ms = earliest(turn.reacted_ms, *at_ms);
                }
                _ => {}
            }
        }
        turn
    }

    /// The fold after one more; none when that came late and all must be folded anew.
    #[must_use]
    pub fn after(mut self, said: &Said, facts: &AccountFacts) -> Option<Self> {
        match said {
            Said::Control(piece) => {
                let order = self.newest.as_ref().map_or(Ordering::Greater, |newest| piece.order(newest));
                match order {
                    Ordering::Less => return None,
                    Ordering::Equal => return (self.newest.as_ref() == Some(piece)).then_some(self),
                    Ordering::Greater => {}
                }
                if self.newest.is_none() {
                    self.owner = OwnerState::start(facts);
                }
                self.owner = self.owner.step(piece, facts, &mut Vec::new());
                self.newest = Some(piece.clone());
            }
            Said::Customer(at_ms) => {
                // It came late, and what was taken for a person's answer followed it at once.
                if self.unnamed_ms.is_some_and(|unnamed_ms| is_by_itself(*at_ms, unnamed_ms)) {
                    return None;
                }
                self.word_ms = self.word_ms.max(Some(*at_ms));
                if self.person_ms.is_none_or(|person_ms| *at_ms > person_ms) {
                    self.unanswered_ms = earliest(self.unanswered_ms, *at_ms);
                }
                self.wrote_ms = earliest(self.wrote_ms, *at_ms);
            }
            Said::Person(at_ms) if self.person_ms.is_none_or(|known_ms| *at_ms > known_ms) => {
                let answers = self.unanswered_ms.is_some_and(|first_ms| first_ms <= *at_ms);
                if answers && self.word_ms.is_some_and(|word_ms| word_ms > *at_ms) {
                    // Which of the customer's words comes first after it is not kept.
                    return None;
                }
                self.person_ms = Some(*at_ms);
                self.unanswered_ms = self.unanswered_ms.filter(|_| !answers);
            }
            Said::Person(_) => {}
            Said::Unnamed(at_ms) if self.person_ms.is_none_or(|known_ms| *at_ms > known_ms) => {
                match self.word_ms {
                    // Which of the customer's words comes right before it is not kept.
                    Some(word_ms) if word_ms > *at_ms => return None,
                    Some(word_ms) if is_by_itself(word_ms, *at_ms) => {}
                    _ => {
                        self.person_ms = Some(*at_ms);
                        self.unnamed_ms = Some(*at_ms);
                        self.unanswered_ms = None;
                    }
                }
            }
            Said::Unnamed(_) => {}
            Said::Reacted(at_ms) => self.reacted_ms = earliest(self.reacted_ms, *at_ms),
            Said::StatusSet => (self.wrote_ms, self.reacted_ms) = (None, None),
            Said::Blocked(blocked) => self.is_blocked = *blocked,
            Said::Erased => {
                let Self { owner, newest, is_blocked, .. } = self;
                return Some(Self { owner, newest, is_blocked, ..Self::default() });
            }
        }
        Some(self)
    }

    /// Whether the customer is kept away.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// Whether the customer opened the thread again since its status was set.
    #[must_use]
    pub fn is_reopened(&self) -> bool {
        is_reopened(self.wrote_ms.into_iter().chain(self.reacted_ms).min(), &self.owner)
    }

    /// When the customer last wrote, milliseconds UTC of Meta.
    #[must_use]
    pub fn word_ms(&self) -> Option<i64> {
        self.word_ms
    }

    /// Since when the customer waits, milliseconds UTC of Meta; none while nobody waits for us, whatever the status.
    #[must_use]
    pub fn waits_ms(&self) -> Option<i64> {
        waiting(&WaitingFacts {
            first_unanswered_ms: self.unanswered_ms,
            last_person_ms: self.person_ms,
            owner: self.owner.clone(),
        })
    }
}

fn earliest(known_ms: Option<i64>, at_ms: i64) -> Option<i64> {
    Some(known_ms.map_or(at_ms, |known_ms| known_ms.min(at_ms)))
}

#[cfg(test)]
mod tests;
