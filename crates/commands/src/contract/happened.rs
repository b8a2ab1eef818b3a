//! What happens in a thread without a word, and what stands beside words.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::attachment::MediaView;
use super::thread::Author;
use super::threads::PreviewWhat;

/// What happened, where nobody said anything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "happened", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum HappenedView {
    /// The customer agreed to be sent messages, or took that back.
    OptedIn {
        /// What they agreed to, as it was shown to them; may be empty.
        title: String,
        /// False when they stopped it.
        on: bool,
    },
    /// The customer came through a link or an ad.
    Came {
        /// How.
        came: CameView,
    },
    /// The customer linked an account of the business, or unlinked it.
    AccountLinked {
        /// True for linked.
        linked: bool,
    },
    /// The customer answered a feedback form.
    Feedback {
        /// What was answered.
        answers: Vec<AnswerView>,
    },
    /// The customer put a thumb under a message of ours.
    Thumb {
        /// Up or down.
        good: bool,
    },
    /// A label was set or removed in Meta's inbox.
    InboxLabel {
        /// Its name.
        name: String,
        /// True for set.
        on: bool,
    },
}

/// How a customer came here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CameView {
    /// By what.
    pub by: CameByView,
    /// The title of the ad; may be empty.
    pub title: String,
    /// What the link carries; may be empty.
    pub reference: String,
    /// The picture of the ad.
    pub media: Option<MediaView>,
    /// The answers of a lead form.
    pub answers: Vec<AnswerView>,
}

/// By what a customer came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CameByView {
    /// An ad.
    Ad,
    /// A finished lead form of an ad.
    LeadForm,
    /// A link, such as m.me or ig.me.
    Link,
    /// The chat on the business's own website.
    Website,
    /// A product of the shop.
    Product,
    /// Something else.
    Other,
}

/// A question and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AnswerView {
    /// The question; empty when Meta does not give its words.
    pub question: String,
    /// The answer.
    pub answer: String,
}

/// The message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct QuoteView {
    /// The key of its item in the thread, to jump there; none when this desk does not have it.
    pub key: Option<String>,
    /// Its place in the thread, to read what stands around it.
    pub place: Option<String>,
    /// Who said it; empty when it is not known.
    pub author_name: String,
    /// What it was.
    pub what: PreviewWhat,
    /// One line of it; may be empty.
    pub text: String,
}

/// Who said something while a reply of ours was on its way: the relay had let it go before, so that nobody could see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CrossedView {
    /// Who.
    pub by: Author,
    /// Their name.
    pub name: String,
}

/// The story of ours that a message answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct StoryView {
    /// It, for the day that a story lives; none when Meta gives no address.
    pub media: Option<MediaView>,
}

/// How a text came about when nobody typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum PressedView {
    /// A quick reply was chosen.
    QuickReply,
    /// A button was pressed.
    Button,
    /// A command was used.
    Command,
}

/// What a message said before it was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct EarlierView {
    /// From when on it said so.
    pub at_ms: super::Ms,
    /// The text.
    pub text: String,
}
