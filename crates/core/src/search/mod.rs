//! What is found by which words. Pure: no table, no clock.
//!
//! ```text
//!   message ─▶ tokens ─▶ words ─▶ the index (store::search)
//!                                   │
//!   typed ──▶ query ──▶ expression ─┘─▶ hits ─▶ snippet: where the words stand in the text as it was written
//! ```
//!
//! Promises:
//! - The same text gives the same words for as long as [`version`] stays the same: what was put into the index can be
//!   computed again to take it out. Nothing that learns or looks into a dictionary has a part in it.
//! - Whatever somebody types is an expression that the index can read.
//! - A word of the index is made of small ASCII letters and digits and of characters beyond ASCII, and never of private
//!   characters: those are free for [`scope`].

mod fold;
pub mod query;
mod scan;
pub mod scope;
pub mod snippet;
mod tokens;

pub use query::{Filters, Query, QueryError};
pub use snippet::{Piece, Snippet};
pub use tokens::words_of;

/// Which words this program makes. An index that another version made is made anew.
///
/// The version of Unicode is part of it: a newer one knows more letters.
#[must_use]
pub fn version() -> String {
    let (major, minor, update) = char::UNICODE_VERSION;
    format!("1/{major}.{minor}.{update}")
}
