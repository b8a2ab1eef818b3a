//! What is shown beside a message's text, or instead of one. It is kept as JSON in `message.extra`; fields may be
//! added, their meaning never changes.

use baton_messenger::webhook::Origin;
use serde::{Deserialize, Serialize};

/// What is shown beside a text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extra {
    /// How the text came about, when nobody typed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pressed: Option<Pressed>,
    /// Titles of the quick replies that were offered with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub offered: Vec<String>,
    /// The ad or link that led to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub came: Option<Came>,
    /// The story of ours that it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<StorySaid>,
    /// The content cannot be given through Meta's API.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unsupported: bool,
    /// What happened, where nobody said anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub happened: Option<Happened>,
}

impl Extra {
    /// None when there is nothing beside the text.
    #[must_use]
    pub fn if_any(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }

    /// How the customer came, with a message or without one.
    #[must_use]
    pub fn came(&self) -> Option<&Came> {
        match (&self.came, &self.happened) {
            (Some(came), _) | (None, Some(Happened::Came(came))) => Some(came),
            _ => None,
        }
    }
}

/// What was pressed instead of typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pressed {
    /// A quick reply.
    QuickReply,
    /// A button of a card or of the menu.
    Button,
    /// A command of the Messenger profile.
    Command,
}

/// How a customer came here (docs/meta.md 2.6.9, 2.6.17).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Came {
    /// From where.
    pub by: Origin,
    /// What the link carries.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// The title of the ad.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where the ad's picture lies; expires.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// The answers of a finished lead form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answered>,
}

/// A question and what was answered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The question; empty when Meta names only its kind.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// An Instagram story. Its media may be shown, never kept (docs/meta.md 2.7.4).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StorySaid {
    /// Meta's id of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Where its media lies, for a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Something that happened in a thread and that nobody said (docs/meta.md 2.6.16, 2.6.17, 2.6.21).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "happened", rename_all = "snake_case")]
pub enum Happened {
    /// The customer agreed to be written to, or took that back.
    OptedIn {
        /// What they agreed to, as it was shown to them.
        title: Option<String>,
        /// False when they stopped it.
        on: bool,
    },
    /// The customer came through a link or an ad.
    Came(Came),
    /// The customer linked an account of the business, or unlinked it.
    AccountLinked {
        /// True for linked.
        linked: bool,
    },
    /// The customer answered a feedback form.
    Feedback {
        /// What was answered.
        answers: Vec<Answered>,
    },
    /// The customer put a thumb under a message of ours, which stands as the one that this answers.
    Thumb {
        /// Up or down.
        good: bool,
    },
    /// A label was set or removed in Meta's inbox.
    InboxLabel {
        /// Its name; its id where Meta gives no name.
        name: String,
        /// True for set.
        on: bool,
    },
}

impl Happened {
    /// Whether it is the customer's own act, which counts as activity of the thread.
    #[must_use]
    pub fn is_of_customer(&self) -> bool {
        !matches!(self, Self::InboxLabel { .. })
    }
}
