//! What an agent must have seen before answering: a customer's message, or a person's reply from one of our desks or
//! from Meta's inbox. A bot's message is not a word.

use baton_messenger::id::{AccountId, AppId, CustomerId, is_meta_inbox};
use baton_messenger::send::OutMetadata;
use baton_messenger::webhook::{Event, Kind, Message};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::Content;
use baton_protocol::ids::PartId;

/// A customer's message that was older than this when an audit appended it is history, not a word: seven days,
/// milliseconds.
pub const FRESH_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// A word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// The thread's customer.
    pub customer: CustomerId,
    /// Who spoke.
    pub by: WordBy,
    /// When, milliseconds UTC of Meta.
    pub at_ms: i64,
}

/// Who spoke a word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordBy {
    /// The customer.
    Customer,
    /// One of our desks.
    Ours {
        /// The part, where the echo brought it back.
        part: Option<PartId>,
    },
    /// A person in Meta's inbox.
    MetaInbox,
}

/// The word that an entry's content is, if it is one. `appended_ms` is the entry's time, `our_app` our Meta app.
#[must_use]
pub fn word(
    content: &Content,
    our_app: Option<&AppId>,
    account: &AccountId,
    appended_ms: i64,
) -> Option<Word> {
    match content {
        Content::Meta(stored) => {
            let received_ms = stored.received_ms;
            let event = stored.as_ref().clone().into_event();
            word_of_event(&event, our_app, event.at_ms(received_ms))
        }
        Content::Audit(page) => word_of_audit(page, account, appended_ms),
        _ => None,
    }
}

/// The word that a webhook event is, if it is one.
#[must_use]
pub fn word_of_event(event: &Event, our_app: Option<&AppId>, at_ms: i64) -> Option<Word> {
    let by = match &event.kind {
        Kind::Message(_) | Kind::Postback(_) => WordBy::Customer,
        Kind::Echo(echo) => word_of_echo(echo, our_app)?,
        _ => return None,
    };
    Some(Word { customer: event.customer.clone()?, by, at_ms })
}

/// Who of us spoke an echo; none for bots and for what Meta does not name.
#[must_use]
pub fn word_of_echo(echo: &Message, our_app: Option<&AppId>) -> Option<WordBy> {
    if let Some(part) = part_of_echo(echo) {
        return Some(WordBy::Ours { part: Some(part) });
    }
    let app = echo.app_id.as_ref()?;
    if Some(app) == our_app {
        return Some(WordBy::Ours { part: None });
    }
    is_meta_inbox(app).then_some(WordBy::MetaInbox)
}

/// The part that an echo brought back in its metadata.
#[must_use]
pub fn part_of_echo(echo: &Message) -> Option<PartId> {
    OutMetadata::parse(echo.metadata.as_deref()?)?.part().parse().ok()
}

/// The newest message of the customer in a page of history, if it was fresh when it was appended.
fn word_of_audit(page: &AuditPage, account: &AccountId, appended_ms: i64) -> Option<Word> {
    let times = page.messages.iter().filter(|message| message.is_from_account(account) == Some(false));
    let at_ms = times.filter_map(|message| message.created_ms).max()?;
    let fresh = appended_ms.saturating_sub(at_ms) < FRESH_MS;
    fresh.then(|| Word { customer: page.customer.clone(), by: WordBy::Customer, at_ms })
}
