//! What an entry says once its customer was erased: that it was there, and nothing in words.

use baton_messenger::{CustomerId, Mid};
use baton_protocol::entry::{Content, Entry, EntryKind, Tombstone, TombstoneReason};
use baton_thread::Act;
use serde_json::value::RawValue;

use super::said::{Said, Understood};
use super::understand;

/// An entry of an erased customer.
pub(crate) struct Silenced {
    /// The entry as it may be kept; none when it has no words.
    pub(crate) entry: Option<Entry>,
    /// What it still says.
    pub(crate) understood: Understood,
    /// The messages it named, which must not come back.
    pub(crate) mids: Vec<Mid>,
}

/// Takes the words out of an entry of an erased customer.
#[must_use]
pub(crate) fn silence(entry: &Entry, understood: Understood, customer: &CustomerId) -> Silenced {
    let mids = mids(&understood);
    let bare = without_words(entry, customer);
    let understood = match (entry.kind, &bare) {
        (EntryKind::Team, Some(bare)) => understand(bare),
        _ => Understood {
            said: understood.said.into_iter().filter_map(without_saying).collect(),
            ..understood
        },
    };
    Silenced { entry: bare, understood, mids }
}

fn mids(understood: &Understood) -> Vec<Mid> {
    let said = understood.said.iter().filter_map(|said| match said {
        Said::Message(message) => message.mid.clone(),
        Said::Edited { mid, .. } | Said::Unsent { mid, .. } => Some(mid.clone()),
        Said::Reacted(reaction) => Some(reaction.mid.clone()),
        _ => None,
    });
    let mut mids: Vec<Mid> = said.chain(understood.mid.as_deref().map(Mid::from)).collect();
    mids.sort();
    mids.dedup();
    mids
}

/// What holds without a word of the customer's: who held the thread, how far things were read.
fn without_saying(said: Said) -> Option<Said> {
    match said {
        Said::Message(_) | Said::Edited { .. } | Said::Reacted(_) | Said::Named(_) | Said::Lacking { .. } => {
            None
        }
        Said::Owner(mut owner) => {
            without_note(&mut owner.evidence.act);
            Some(Said::Owner(owner))
        }
        other => Some(other),
    }
}

/// Takes the note out of an act; true when it had one.
pub(crate) fn without_note(act: &mut Act) -> bool {
    match act {
        Act::Requested { note, .. }
        | Act::Passed { note, .. }
        | Act::Taken { note, .. }
        | Act::Learned { note, .. } => note.take().is_some(),
        Act::CustomerWrote { .. } | Act::AppAnswered { .. } => false,
    }
}

/// What Meta told goes whole. A fact of the team stays without its text: the thread's version hangs on it.
fn without_words(entry: &Entry, customer: &CustomerId) -> Option<Entry> {
    let body = match (entry.kind, entry.content()) {
        (_, Content::Tombstone(_)) => return None,
        (EntryKind::Meta | EntryKind::Audit, _) => serde_json::to_string(&tombstone(customer)),
        (EntryKind::Team, Content::Team(fact)) => serde_json::to_string(&fact.without_words()?),
        _ => return None,
    };
    let body = RawValue::from_string(body.ok()?).ok()?;
    Some(Entry { body, ..entry.clone() })
}

fn tombstone(customer: &CustomerId) -> Tombstone {
    Tombstone {
        tombstone: true,
        reason: TombstoneReason::Erased,
        mid: None,
        customer: Some(customer.clone()),
        at_ms: None,
        bare: None,
    }
}
