//! A thread: one customer of one account, what was said, how far each side has read, who controls it.

use baton_messenger::{AppId, CustomerId, Mid};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::attachment::Attachment;
use super::ownership::Control;

/// What Graph tells of a person (docs/meta.md 3.5).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// All there is.
    #[default]
    Full,
    /// An object without a field.
    Empty,
    /// No picture and no last name.
    Partial,
    /// No profile at all: 100/2018218 for Pages, 9010 on Instagram.
    Missing,
    /// The person did not consent: 230.
    NoConsent,
}

/// The person on the other side, as this account sees them.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub id: CustomerId,
    pub first_name: String,
    pub last_name: String,
    /// Instagram's handle.
    pub username: Option<String>,
    pub locale: String,
    pub gender: String,
    /// Hours ahead of UTC.
    pub timezone: i32,
    pub profile: Profile,
    /// `false`: closed, left, or blocked the business; sends are refused with 551.
    pub is_reachable: bool,
    /// The business blocked the person: nothing passes either way.
    pub is_blocked: bool,
}

impl Customer {
    pub fn name(&self) -> String {
        format!("{} {}", self.first_name, self.last_name).trim().to_owned()
    }
}

/// Who said it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Author {
    Customer,
    App(AppId),
}

/// How an app's message was sent; kept so that a test can see the tag.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Manner {
    pub messaging_type: String,
    pub tag: Option<String>,
}

/// A reaction: its name and its character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reaction {
    pub name: String,
    pub emoji: String,
}

/// The message that another one answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ReplyTo {
    pub mid: Mid,
    /// Both were said by the same side.
    pub is_self_reply: bool,
}

/// The story that a message answers or that mentions the account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Story {
    pub id: String,
    pub file: String,
}

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub mid: Mid,
    pub at_ms: i64,
    pub author: Author,
    pub text: Option<String>,
    pub attachments: Vec<Attachment>,
    pub quick_replies: Vec<Value>,
    /// The payload of the quick reply that was tapped.
    pub chosen: Option<String>,
    pub metadata: Option<String>,
    /// Whose face the customer sees.
    pub persona: Option<String>,
    /// The echo does not say which app sent it, as from some of Meta's own surfaces.
    pub hides_app: bool,
    pub reply_to: Option<ReplyTo>,
    /// Instagram: the story of the account that this answers.
    pub story: Option<Story>,
    /// What led here: an ad, a link, a product.
    pub referral: Option<Value>,
    /// Commands of the Messenger profile that the text uses.
    pub commands: Vec<String>,
    /// A kind that the API cannot carry.
    pub is_unsupported: bool,
    /// How often the text was changed.
    pub edits: u32,
    /// Taken back: nothing of it is left but the id.
    pub is_deleted: bool,
    pub manner: Option<Manner>,
    /// The customer's reaction.
    pub reaction: Option<Reaction>,
    /// The account's reaction.
    pub page_reaction: Option<Reaction>,
}

impl Message {
    /// A message without content by this author.
    pub fn blank(mid: Mid, at_ms: i64, author: Author) -> Self {
        Self {
            mid,
            at_ms,
            author,
            text: None,
            attachments: Vec::new(),
            quick_replies: Vec::new(),
            chosen: None,
            metadata: None,
            persona: None,
            hides_app: false,
            reply_to: None,
            story: None,
            referral: None,
            commands: Vec::new(),
            is_unsupported: false,
            edits: 0,
            is_deleted: false,
            manner: None,
            reaction: None,
            page_reaction: None,
        }
    }

    /// A plain text by this author.
    pub fn text(mid: Mid, at_ms: i64, author: Author, text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), ..Self::blank(mid, at_ms, author) }
    }

    pub fn is_from_customer(&self) -> bool {
        self.author == Author::Customer
    }
}

/// One thread. Messages are in the order in which they were said.
#[derive(Debug, Clone)]
pub(crate) struct Thread {
    /// Graph's id: `t_…` on Messenger, `aWdf…` on Instagram.
    pub id: String,
    pub customer: Customer,
    pub messages: Vec<Message>,
    pub control: Control,
    /// Instagram: still among the requests, because the account has not answered yet.
    pub is_request: bool,
    /// The customer's last message; control lapses by it.
    pub last_customer_ms: Option<i64>,
    /// The customer's last act that opens the window (docs/meta.md 2.5.1).
    pub window_opened_ms: Option<i64>,
    /// Everything sent at or before this reached the phone.
    pub delivered_ms: i64,
    /// Everything sent at or before this was seen by the customer.
    pub read_ms: i64,
    /// Everything written at or before this was marked as seen by the business.
    pub business_seen_ms: i64,
    /// Until when the phone shows that somebody is typing.
    pub typing_until_ms: i64,
    /// Moved away by `moderate_conversations`.
    pub is_spam: bool,
}

impl Thread {
    pub fn new(id: String, customer: Customer) -> Self {
        Self {
            id,
            customer,
            messages: Vec::new(),
            control: Control::Idle,
            is_request: false,
            last_customer_ms: None,
            window_opened_ms: None,
            delivered_ms: 0,
            read_ms: 0,
            business_seen_ms: 0,
            typing_until_ms: 0,
            is_spam: false,
        }
    }

    pub fn updated_ms(&self) -> i64 {
        self.messages.last().map_or(0, |m| m.at_ms)
    }

    pub fn message(&self, mid: &Mid) -> Option<&Message> {
        self.messages.iter().rev().find(|m| &m.mid == mid)
    }

    pub fn message_mut(&mut self, mid: &Mid) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|m| &m.mid == mid)
    }

    /// What is left to read, newest first: Graph does not list what was taken back.
    pub fn readable(&self) -> Vec<&Message> {
        self.messages.iter().rev().filter(|m| !m.is_deleted).collect()
    }

    /// An answer of `author` to the message `mid`, which this thread may not know.
    pub fn reply_to(&self, mid: &Mid, author: &Author) -> ReplyTo {
        let is_customers = *author == Author::Customer;
        let is_self_reply = self.message(mid).is_some_and(|m| m.is_from_customer() == is_customers);
        ReplyTo { mid: mid.clone(), is_self_reply }
    }

    /// The customer's messages that the business has not marked as seen.
    pub fn unread_count(&self) -> usize {
        self.readable().iter().filter(|m| m.is_from_customer() && m.at_ms > self.business_seen_ms).count()
    }
}
