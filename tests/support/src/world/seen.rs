//! What a desk shows of a thread, in the words of a story.

use std::fmt::Write as _;

use baton_commands::contract::OwnerKind;
use baton_commands::contract::thread::{Author, Item, MessageView, SendState, ThreadView};

/// Reads a thread as a person at the desk would.
pub trait Seen {
    /// Every message, oldest first.
    fn messages(&self) -> Vec<&MessageView>;
    /// The message with this very text; `None` when it is not there, or there twice.
    fn message(&self, text: &str) -> Option<&MessageView>;
    /// How often this very text is shown.
    fn times(&self, text: &str) -> usize;
    /// True when this text is shown once, and as said by this author.
    fn says(&self, author: Author, text: &str) -> bool;
    /// True when this text is shown once and stands so.
    fn stands(&self, text: &str, state: SendState) -> bool;
    /// Who holds the thread.
    fn held_by(&self) -> OwnerKind;
    /// The note of the newest handover.
    fn note(&self) -> Option<&str>;
    /// The newest handover line.
    fn handover(&self) -> Option<&str>;
    /// The whole thread, one line each, for a failing test.
    fn transcript(&self) -> String;
}

impl Seen for ThreadView {
    fn messages(&self) -> Vec<&MessageView> {
        let messages = self.items.iter().filter_map(|item| match item {
            Item::Message { message } => Some(&**message),
            _ => None,
        });
        messages.collect()
    }

    fn message(&self, text: &str) -> Option<&MessageView> {
        let mut copies = self.messages().into_iter().filter(|m| m.text == text);
        copies.next().filter(|_| copies.next().is_none())
    }

    fn times(&self, text: &str) -> usize {
        self.messages().iter().filter(|m| m.text == text).count()
    }

    fn says(&self, author: Author, text: &str) -> bool {
        self.message(text).is_some_and(|m| m.author == author)
    }

    fn stands(&self, text: &str, state: SendState) -> bool {
        self.message(text).is_some_and(|m| m.state == Some(state))
    }

    fn held_by(&self) -> OwnerKind {
        self.row.owner.owner
    }

    fn note(&self) -> Option<&str> {
        self.items.iter().rev().find_map(|item| match item {
            Item::Handover { note, .. } => Some(note.as_deref()),
            _ => None,
        })?
    }

    fn handover(&self) -> Option<&str> {
        self.items.iter().rev().find_map(|item| match item {
            Item::Handover { line, .. } => Some(line.as_str()),
            _ => None,
        })
    }

    fn transcript(&self) -> String {
        let row = &self.row;
        let mut lines =
            format!("{} · held by {:?} until {:?}", row.name, row.owner.owner, row.owner.until_ms);
        let composer = &self.composer;
        let _ = write!(lines, " · composer {:?} {:?}", composer.verdict, composer.send);
        if let Some(words) = &composer.words {
            let _ = write!(lines, " “{}”", words.what);
        }
        for item in &self.items {
            let _ = write!(lines, "\n  {}", line_of(item));
        }
        lines
    }
}

fn line_of(item: &Item) -> String {
    match item {
        Item::Message { message: m } => {
            let words = m.state_words.as_ref().map(|w| w.what.as_str()).unwrap_or_default();
            format!("{:?} ({}): “{}” {:?} {words}", m.author, m.author_name, m.text, m.state)
        }
        Item::Handover { line, note, .. } => format!("— {line} {note:?}"),
        Item::Team { line, .. } | Item::Erased { line, .. } => format!("· {line}"),
        Item::Happened { happened, .. } => format!("* {happened:?}"),
        Item::Note { by, text, .. } => format!("note of {by}: {text}"),
        Item::Gap { count, .. } => format!("… {} not given by Meta", count.0),
    }
}
