//! What an entry says, as plain values that the store carries out. Pure: no table, no clock.
//!
//! ```text
//!            ┌─ webhook ──▶ event.rs ─┐
//!   entry ──▶┼─ audit ────▶ audit.rs ─┼──▶ Said … ──▶ the store: rows, then the thread computed anew
//!            ├─ team ─────▶ fact.rs ──┤
//!            └─ redacted, tombstone ──┘
//! ```
//!
//! Promises:
//! - Arrival does not matter. Each [`Said`] is carried out as a maximum, a union or "the better source wins", never as
//!   "the last one wins", so the same set of entries gives the same tables in any order, any number of times.
//! - A webhook wins over what an audit found: it has milliseconds and metadata.
//! - What cannot be understood is said too, as something that arrived and cannot be shown; only what names no customer
//!   stays in the raw entry alone.

mod audit;
mod beside;
mod erasure;
mod event;
mod extra;
mod fact;
mod said;

use baton_protocol::entry::{Content, Entry, Redaction, RedactionReason, Tombstone, TombstoneReason};

pub(crate) use audit::{attachments, extra_of};
pub(crate) use erasure::{silence, without_note};
pub use extra::{Answered, Came, Extra, Happened, Pressed, StorySaid};
pub use said::{
    AttachmentSaid, AuditedSaid, Grade, MessageSaid, PolicySaid, ReactionSaid, ReceiptSaid, RolesSaid, Said,
    Understood,
};

/// Raised whenever more kinds are understood, or something else is seen in what was: older raw entries are applied again then,
/// and every thread is computed anew.
pub const VERSION: i64 = 6;

/// What an entry says.
#[must_use]
pub fn understand(entry: &Entry) -> Understood {
    match entry.content() {
        Content::Meta(stored) => event::understand(entry, *stored),
        Content::Team(fact) => fact::understand(entry, *fact),
        Content::Audit(page) => audit::understand(entry, *page),
        Content::Redacted(redaction) => redacted(redaction),
        Content::Tombstone(tombstone) => tombstoned(entry, tombstone),
        Content::Unknown { why } => Understood::not(why),
    }
}

fn redacted(redaction: Redaction) -> Understood {
    let mut said = vec![Said::BodiesGone { seqs: redaction.seqs }];
    if redaction.customer.as_str().is_empty() {
        // Meta named nobody; the seqs are all there is.
        return Understood { said, mid: None, customer: None, understood: true };
    }
    let customer = redaction.customer.clone();
    match (redaction.reason, redaction.mid) {
        (RedactionReason::Unsent, Some(mid)) => said.push(Said::Unsent { customer, mid: mid.into() }),
        (RedactionReason::Unsent, None) => {}
        (RedactionReason::Erased, _) => said.push(Said::Erased { customer }),
    }
    Understood { said, mid: None, customer: Some(redaction.customer), understood: true }
}

/// Only place, key and customer are left of an entry. A message that was unsent keeps its place in the thread; where the
/// relay kept its event without words, also what it says of who held the thread.
fn tombstoned(entry: &Entry, tombstone: Tombstone) -> Understood {
    if let (TombstoneReason::Unsent, Some(bare)) = (tombstone.reason, tombstone.bare) {
        let mut understood = event::understand(entry, *bare);
        // It comes first, so that nothing of the rest is ever taken for words that stand.
        let unsent = understood.customer.clone().zip(understood.mid.clone());
        let unsent = unsent.map(|(customer, mid)| Said::Unsent { customer, mid: mid.into() });
        understood.said.splice(0..0, unsent);
        return understood;
    }
    let mut said = Vec::new();
    if let (TombstoneReason::Unsent, Some(customer), Some(mid)) =
        (tombstone.reason, &tombstone.customer, &tombstone.mid)
    {
        if let Some(at_ms) = tombstone.at_ms {
            let message = MessageSaid::tombstone(entry, customer.clone(), mid.clone().into(), at_ms);
            said.push(Said::Message(Box::new(message)));
        }
        said.push(Said::Unsent { customer: customer.clone(), mid: mid.clone().into() });
    }
    Understood { said, mid: tombstone.mid, customer: tombstone.customer, understood: true }
}
