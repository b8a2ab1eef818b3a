//! A thread: one customer of one Page, what was said, how far each side has read, who controls it.

use baton_messenger::{AppId, CustomerId, Mid};
use serde_json::Value;

use super::ownership::Control;

/// The person on the other side, as this Page sees them.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    pub id: CustomerId,
    pub first_name: String,
    pub last_name: String,
    pub locale: String,
    pub gender: String,
    /// Hours ahead of UTC.
    pub timezone: i32,
    /// `false`: blocked, closed or left; sends are refused with 551.
    pub is_reachable: bool,
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

/// One message.
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub mid: Mid,
    pub at_ms: i64,
    pub author: Author,
    pub text: Option<String>,
    /// As they stand in webhooks: `{type, payload}`.
    pub attachments: Vec<Value>,
    pub quick_replies: Vec<Value>,
    pub metadata: Option<String>,
    pub reply_to: Option<Mid>,
    pub manner: Option<Manner>,
    /// The customer's reaction.
    pub reaction: Option<Reaction>,
    /// The Page's reaction.
    pub page_reaction: Option<Reaction>,
}

impl Message {
    /// A plain text by this author.
    pub fn text(mid: Mid, at_ms: i64, author: Author, text: impl Into<String>) -> Self {
        Self {
            mid,
            at_ms,
            author,
            text: Some(text.into()),
            attachments: Vec::new(),
            quick_replies: Vec::new(),
            metadata: None,
            reply_to: None,
            manner: None,
            reaction: None,
            page_reaction: None,
        }
    }

    pub fn is_from_customer(&self) -> bool {
        self.author == Author::Customer
    }
}

/// One thread. Messages are in the order in which they were said.
#[derive(Debug, Clone)]
pub(crate) struct Thread {
    /// Graph's id, `t_…`.
    pub id: String,
    pub customer: Customer,
    pub messages: Vec<Message>,
    pub control: Control,
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
}

impl Thread {
    pub fn new(id: String, customer: Customer) -> Self {
        Self {
            id,
            customer,
            messages: Vec::new(),
            control: Control::Idle,
            last_customer_ms: None,
            window_opened_ms: None,
            delivered_ms: 0,
            read_ms: 0,
            business_seen_ms: 0,
            typing_until_ms: 0,
        }
    }

    pub fn updated_ms(&self) -> i64 {
        self.messages.last().map_or(0, |m| m.at_ms)
    }

    pub fn message_mut(&mut self, mid: &Mid) -> Option<&mut Message> {
        self.messages.iter_mut().rev().find(|m| &m.mid == mid)
    }

    /// The customer's messages that the business has not marked as seen.
    pub fn unread_count(&self) -> usize {
        self.messages.iter().filter(|m| m.is_from_customer() && m.at_ms > self.business_seen_ms).count()
    }
}
