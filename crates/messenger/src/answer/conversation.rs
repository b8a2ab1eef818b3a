//! A thread as the Conversations API tells it (docs/meta.md 3.1).

use serde::{Deserialize, Serialize};

use super::{ConversationMessage, Page};
use crate::id::{AccountId, CustomerId};
use crate::loose;

/// A thread. Only asked-for and filled fields are there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// Graph's id of the thread: `t_…` on Messenger, a long text on Instagram.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// When something last changed.
    #[serde(default, rename = "updated_time", deserialize_with = "loose::iso_ms")]
    pub updated_ms: Option<i64>,
    /// The newest text; Messenger only.
    #[serde(default, deserialize_with = "loose::text")]
    pub snippet: Option<String>,
    /// The path into Meta's inbox.
    #[serde(default, deserialize_with = "loose::text")]
    pub link: Option<String>,
    /// About how many messages.
    #[serde(default, deserialize_with = "loose::whole")]
    pub message_count: Option<i64>,
    /// About how many unread.
    #[serde(default, deserialize_with = "loose::whole")]
    pub unread_count: Option<i64>,
    /// Whether the account may answer at all; not a check of the window.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub can_reply: Option<bool>,
    /// Whether our app owns the thread; only there with routing on (docs/meta.md 5.5).
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_owner: Option<bool>,
    /// Whether the account still gets what is written here.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_subscribed: Option<bool>,
    /// Who has written.
    #[serde(default, deserialize_with = "loose::data")]
    pub senders: Vec<Participant>,
    /// The account and the customer.
    #[serde(default, deserialize_with = "loose::data")]
    pub participants: Vec<Participant>,
    /// The newest messages, where asked for.
    #[serde(default, deserialize_with = "loose::object")]
    pub messages: Option<Page<ConversationMessage>>,
}

impl Conversation {
    /// The participant that is not the account.
    pub fn customer(&self, account: &AccountId) -> Option<&Participant> {
        self.participants
            .iter()
            .find(|party| party.id.as_ref().is_some_and(|id| id.as_str() != account.as_str()))
    }
}

/// Somebody in a thread, or the sender of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    /// The scoped id; the account's own id for the account.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<CustomerId>,
    /// The name; Messenger.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// The user name; Instagram.
    #[serde(default, deserialize_with = "loose::text")]
    pub username: Option<String>,
}

impl Participant {
    /// Whether this is the account itself.
    pub fn is_account(&self, account: &AccountId) -> bool {
        self.id.as_ref().is_some_and(|id| id.as_str() == account.as_str())
    }
}
