//! Tables `search`, `search_doc`, `name_search`, `name_doc`: what is found by which words.
//!
//! ```text
//!   a message changes ──▶ pending: how the index has it ──▶ … ──▶ end of the batch: out with the old, in with the new
//!                                                                 (one transaction with the message itself)
//!   an older file     ──▶ aside, rebuild: some hundred messages at a time, newest first
//!   nobody does anything ──▶ merge: the pieces of the index become fewer
//!   somebody types    ──▶ find: newest first, from the index alone
//! ```
//!
//! Promises:
//! - The index keeps no text and no word of a text that is not in a message now: what is taken out of it is taken out of
//!   the file. Which words those were is computed again from the message before it changes.
//! - Newest first is the order of the index itself, so that a hit costs the same whatever the history. What the index
//!   cannot tell is looked at for a bounded number of hits, and then the page says where to go on.

mod aside;
mod choice;
mod document;
mod find;
mod merge;
mod names;
mod pending;
mod people;
mod rebuild;
mod resolve;
mod turns;
mod walk;

pub use find::{SearchFor, SearchHit, SearchPage};
pub(super) use names::refresh_some as refresh_names;
pub(super) use pending::{Pending, forget_account};
pub use people::{PeoplePage, PersonPlace};
pub(super) use rebuild::{SETTING as INDEX_SETTING, empty};
pub(super) use turns::Turns;

/// Milliseconds << this | tie.
const TIE_BITS: u32 = 20;

/// The first place in the index of a moment.
fn docid_of(at_ms: i64) -> i64 {
    const LAST: i64 = (1 << (62 - TIE_BITS)) - 1;
    at_ms.clamp(0, LAST) << TIE_BITS
}
