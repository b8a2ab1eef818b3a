//! The Conversations API: threads and their messages (docs/meta.md 3).
//!
//! Two calls a second per account, for the whole team: whoever calls asks for a slot first.

use baton_messenger::answer::{Conversation, ConversationMessage, Page};
use baton_messenger::id::{AccountId, CustomerId, Mid, Platform};

use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::Credentials;
use crate::error::CallError;

/// The fields of a thread that listings ask for.
pub const CONVERSATION_FIELDS: &str =
    "id,updated_time,link,snippet,message_count,unread_count,participants,can_reply,is_owner";
/// The fields of a message that reads ask for.
pub const MESSAGE_FIELDS: &str = "id,created_time,from,to,message,attachments,shares{id,link,name,description,type,url,\
                                  title},sticker,tags,reactions,story,reply_to,is_unsupported";

/// Which threads to list.
#[derive(Debug, Clone)]
pub struct ConversationQuery<'a> {
    /// The channel; Instagram is asked for through the linked Page.
    pub platform: Platform,
    /// The cursor of the page before; `None` for the newest.
    pub after: Option<&'a str>,
    /// How many a page; at most 25 with these fields.
    pub limit: u32,
    /// Which fields.
    pub fields: &'a str,
}

impl ConversationQuery<'_> {
    /// The newest threads with the usual fields.
    pub fn newest(platform: Platform) -> Self {
        Self { platform, after: None, limit: 25, fields: CONVERSATION_FIELDS }
    }
}

impl GraphClient {
    /// One page of threads, newest change first.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn conversations(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        query: &ConversationQuery<'_>,
    ) -> Result<Page<Conversation>, CallError> {
        let call = Call::get("conversations", &[page.as_str(), "conversations"])
            .with("platform", query.platform.as_str())
            .with("fields", query.fields)
            .with("limit", query.limit.to_string())
            .with_maybe("after", query.after);
        self.read(&call, credentials).await
    }

    /// The thread with one customer; `None` when there is none.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn conversation_with(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        platform: Platform,
        customer: &CustomerId,
        fields: &str,
    ) -> Result<Option<Conversation>, CallError> {
        let call = Call::get("conversation_with", &[page.as_str(), "conversations"])
            .with("platform", platform.as_str())
            .with("user_id", customer.as_str())
            .with("fields", fields);
        let found: Page<Conversation> = self.read(&call, credentials).await?;
        Ok(found.data.into_iter().next())
    }

    /// The newest messages of the thread with one customer, newest first, in one call; none when there is no thread. Meta
    /// gives details of the newest twenty only (docs/meta.md 3.2).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn newest_messages(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        platform: Platform,
        customer: &CustomerId,
        limit: usize,
    ) -> Result<Vec<ConversationMessage>, CallError> {
        let fields = format!("id,messages.limit({limit}){{{MESSAGE_FIELDS}}}");
        let found = self.conversation_with(credentials, page, platform, customer, &fields).await?;
        let messages = found.and_then(|conversation| conversation.messages);
        Ok(messages.map(|messages| messages.data).unwrap_or_default())
    }

    /// The thread with one customer, in one call: its newest messages, newest first, and whether our app holds it where Meta
    /// tells that (docs/meta.md 5.5); `None` when there is no thread. Meta gives details of the newest twenty only
    /// (docs/meta.md 3.2).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn thread_now(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        platform: Platform,
        customer: &CustomerId,
        limit: usize,
    ) -> Result<Option<Conversation>, CallError> {
        let fields = format!("id,is_owner,messages.limit({limit}){{{MESSAGE_FIELDS}}}");
        self.conversation_with(credentials, page, platform, customer, &fields).await
    }

    /// One page of the messages of a thread, newest first. Meta gives details of the newest twenty only
    /// (docs/meta.md 3.2).
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn messages(
        &self,
        credentials: &Credentials,
        conversation: &str,
        after: Option<&str>,
        limit: u32,
    ) -> Result<Page<ConversationMessage>, CallError> {
        let call = Call::get("messages", &[conversation, "messages"])
            .with("fields", MESSAGE_FIELDS)
            .with("limit", limit.to_string())
            .with_maybe("after", after);
        self.read(&call, credentials).await
    }

    /// One message. One that is older than the newest twenty of its thread answers like a deleted one.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn message(
        &self,
        credentials: &Credentials,
        mid: &Mid,
    ) -> Result<ConversationMessage, CallError> {
        let call = Call::get("message", &[mid.as_str()]).with("fields", MESSAGE_FIELDS);
        self.read(&call, credentials).await
    }
}
