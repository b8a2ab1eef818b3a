//! Looking for messages and customers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachment::MediaView;
use super::thread::Author;
use super::threads::ThreadRow;
use super::{Channel, Count, Ms, ThreadRef, Words};

/// Looks for messages and customers. One that is asked later ends the one before, of the same kind: everywhere, or inside
/// a thread.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Search {
    /// As typed: words, phrases in quotes, filters.
    pub typed: String,
    /// Only in this thread.
    pub thread: Option<ThreadRef>,
    /// The `next` of the page before.
    pub before: Option<String>,
    /// How many hits at most; 100 is the most a page holds.
    pub limit: u32,
    /// The agent's time zone, such as "Europe/Berlin": where a day begins.
    pub zone: String,
}

/// Asks for more of the customers whom a search found by their names. One that is asked later ends the one before.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchPeople {
    /// As typed for the search.
    pub typed: String,
    /// The `namesNext` of what was found, or the `next` of the page before.
    pub after: String,
    /// How many at most; 100 is the most a page holds.
    pub limit: u32,
    /// The agent's time zone, such as "Europe/Berlin": where a day begins.
    pub zone: String,
}

/// More of the customers who are called so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FoundPeople {
    /// Their threads.
    pub people: Vec<ThreadRow>,
    /// Where to go on; none when there is nobody more. It may be there although fewer than asked for were found.
    pub next: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// Threads whose customer is called so, and with filters, of whom something passes them; on the first page only.
    pub names: Vec<ThreadRow>,
    /// Where more of them begin, for `searchPeople`; none when these are all.
    pub names_next: Option<String>,
    /// How many of them there are; none when that is not known, with filters and when they are very many.
    pub names_count: Option<Count>,
    /// Messages, newest first.
    pub hits: Vec<SearchHit>,
    /// Where to go on; none when there is nothing more. It may be there although fewer hits than asked for were found.
    pub next: Option<String>,
    /// Inside one thread, how many hits there are, on the first page; counted up to 1 000.
    pub count: Option<Count>,
    /// There are more than were counted; all of them can be gone through.
    pub counts_on: bool,
    /// What is wrong with what was typed; then nothing was looked for.
    pub problem: Option<Words>,
    /// True while older messages are still being made findable on this desk.
    pub indexing: bool,
}

/// A message that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SearchHit {
    /// Its thread.
    pub thread: ThreadRef,
    /// Its place in the thread, for `itemsAround`.
    pub at: String,
    /// The customer's scoped id.
    pub customer: String,
    /// The customer's name.
    pub name: String,
    /// The channel.
    pub channel: Channel,
    /// The account's name.
    pub account_name: String,
    /// Who said it.
    pub author: Author,
    /// The author's name.
    pub author_name: String,
    /// When.
    pub at_ms: Ms,
    /// What it says around what was found.
    pub pieces: Vec<SnippetPiece>,
    /// Something stands before the pieces.
    pub cut_before: bool,
    /// Something stands after them.
    pub cut_after: bool,
    /// What came with it, a picture or video before anything else; none without a medium, and for what must not be kept.
    pub media: Option<MediaView>,
    /// True for a picture or video of a customer whom nobody here has answered yet: it is not shown unasked.
    pub blurred: bool,
}

/// A part of what a message says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SnippetPiece {
    /// The words.
    pub text: String,
    /// These were looked for.
    pub found: bool,
}
