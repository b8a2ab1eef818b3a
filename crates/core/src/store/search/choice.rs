//! Who or where: of several people or places one has to hold.
//!
//! ```text
//!   few are called so    ──▶ their threads are words of the index, which tells exactly
//!   many are called so   ──▶ the index gives whatever may fit, and each hit is looked at: whose thread is it
//!   inside one thread    ──▶ whose it is is known; then the index tells exactly
//! ```

use super::names::Lines;
use crate::search::query::Term;
use crate::search::scope::Scope;

/// Several people or places.
#[derive(Debug)]
pub(super) struct Choice {
    /// Scope words of which one is enough.
    pub(super) words: Vec<String>,
    /// Threads of customers who are called so.
    pub(super) threads: Vec<i64>,
    /// Names that so many customers have that their threads are not listed, each as its words.
    pub(super) called: Vec<Vec<Term>>,
    /// In the threads, only what the customer said.
    by_customers: bool,
}

impl Choice {
    /// Of people: in the thread of one who is named, it is what they said.
    pub(super) fn by_customers() -> Self {
        Self { words: Vec::new(), threads: Vec::new(), called: Vec::new(), by_customers: true }
    }

    /// Of places: all that is said in them.
    pub(super) fn by_anybody() -> Self {
        Self { by_customers: false, ..Self::by_customers() }
    }

    /// True when the index alone can tell what fits.
    pub(super) fn is_told_by_index(&self) -> bool {
        self.called.is_empty()
    }

    /// What all that fits has; none when the index cannot tell anything.
    pub(super) fn at_least(&self) -> Option<String> {
        let words = self.words.iter().map(|word| quoted(word));
        if self.called.is_empty() {
            let threads = self.threads.iter().map(|thread| quoted(&Scope::Thread(*thread).word()));
            return Some(if self.by_customers && !self.threads.is_empty() {
                let theirs = format!("({} AND {})", any(threads), quoted(&Scope::Inbound.word()));
                any(words.chain([theirs]))
            } else {
                any(words.chain(threads))
            });
        }
        self.by_customers.then(|| any(words.chain([quoted(&Scope::Inbound.word())])))
    }

    /// What fits in this thread, exactly; none when all does.
    pub(super) fn in_thread(&self, thread: i64, lines: &Lines) -> Option<String> {
        let words = self.words.iter().map(|word| quoted(word));
        match (self.names(thread, lines), self.by_customers) {
            (true, true) => Some(any(words.chain([quoted(&Scope::Inbound.word())]))),
            (true, false) => None,
            (false, _) => Some(any(words)),
        }
    }

    /// Whether a hit fits, by its thread and by its scope as the index has it.
    pub(super) fn holds(&self, thread: i64, scope: &str, lines: &Lines) -> bool {
        let has = |word: &str| scope.split(' ').any(|its| its == word);
        self.words.iter().any(|word| has(word))
            || (self.names(thread, lines) && (!self.by_customers || has(&Scope::Inbound.word())))
    }

    /// True when the thread's customer is one of those who are named.
    fn names(&self, thread: i64, lines: &Lines) -> bool {
        self.threads.contains(&thread) || self.called.iter().any(|name| lines.have(thread, name))
    }
}

/// A scope word for the index. It holds no quotes.
pub(super) fn quoted(word: &str) -> String {
    format!("\"{word}\"")
}

/// A word that no text has.
pub(super) fn nothing() -> String {
    "\"\u{E001}\"".to_owned()
}

/// Any of these; of none there is nothing.
pub(super) fn any(words: impl IntoIterator<Item = String>) -> String {
    let words: Vec<String> = words.into_iter().collect();
    if words.is_empty() { nothing() } else { format!("({})", words.join(" OR ")) }
}
