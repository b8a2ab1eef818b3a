//! What an agent must have seen before answering: a customer's message, or a person's reply from one of our desks or
//! from Meta's inbox. A bot's message is not a word.

use baton_messenger::id::{AccountId, AppId, CustomerId, is_meta_inbox};
use baton_messenger::send::OutMetadata;
use baton_messenger::webhook::{Event, Kind, Message};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::Content;
use baton_protocol::ids::PartId;
use baton_protocol::team::{Settlement, TeamFact};

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
        Content::Team(fact) => word_of_fact(fact, appended_ms),
        _ => None,
    }
}

/// The word that a webhook event is, if it is one.
#[must_use]
pub fn word_of_event(event: &Event, our_app: Option<&AppId>, at_ms: i64) -> Option<Word> {
    let by = match &event.kind {
        Kind::Message(_) | Kind::Postback(_) | Kind::Cart(_) => WordBy::Customer,
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

/// A part that was sent is a word from the moment that is known: its echo may come late, and on Instagram names no part.
fn word_of_fact(fact: &TeamFact, appended_ms: i64) -> Option<Word> {
    let TeamFact::SendSettled { customer, part, settlement: Settlement::Sent { at_ms, .. }, .. } = fact
    else {
        return None;
    };
    let by = WordBy::Ours { part: Some(*part) };
    Some(Word { customer: customer.clone(), by, at_ms: at_ms.unwrap_or(appended_ms) })
}

/// The newest message of the customer in a page of history, if it was fresh when it was appended.
fn word_of_audit(page: &AuditPage, account: &AccountId, appended_ms: i64) -> Option<Word> {
    let times = page.messages.iter().filter(|message| message.is_from_account(account) == Some(false));
    let at_ms = times.filter_map(|message| message.created_ms).max()?;
    let fresh = appended_ms.saturating_sub(at_ms) < FRESH_MS;
    fresh.then(|| Word { customer: page.customer.clone(), by: WordBy::Customer, at_ms })
}

#[cfg(test)]
mod tests {
    use baton_messenger::id::PAGE_INBOX;
    use baton_messenger::webhook::parse;
    use rstest::rstest;
    use serde_json::{Value, json};

    use super::*;

    const TEA: &str = "104500000000011";
    const MARA: &str = "6200000000000101";
    const BATON: &str = "700100200300400";
    const PART: &str = "0199b2c0-0000-7000-8000-000000000001";

    fn from_mara(member: &str, body: &Value) -> Value {
        json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": 1_791_190_800_000_i64, member: body})
    }

    fn echo(body: &Value) -> Value {
        let mut message = json!({"mid": "m_1", "is_echo": true, "text": "Hi"});
        message.as_object_mut().unwrap().extend(body.as_object().unwrap().clone());
        json!({"sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": 1_791_190_800_000_i64, "message": message})
    }

    #[rstest]
    #[case::a_message(from_mara("message", &json!({"mid": "m_1", "text": "Hello"})), Some(WordBy::Customer))]
    #[case::a_button(from_mara("postback", &json!({"mid": "m_1", "title": "Order"})), Some(WordBy::Customer))]
    #[case::an_order(from_mara("order", &json!({"products": [{"name": "Sencha"}]})), Some(WordBy::Customer))]
    #[case::a_receipt(from_mara("read", &json!({"watermark": 1})), None)]
    #[case::a_reaction(from_mara("reaction", &json!({"mid": "m_1", "action": "react"})), None)]
    #[case::our_part(
        echo(&json!({"app_id": BATON, "metadata": format!("b1:out:{PART}")})),
        Some(WordBy::Ours { part: Some(PART.parse().unwrap()) }))]
    #[case::our_app(echo(&json!({"app_id": BATON})), Some(WordBy::Ours { part: None }))]
    #[case::metas_inbox(echo(&json!({"app_id": PAGE_INBOX})), Some(WordBy::MetaInbox))]
    #[case::a_bot(echo(&json!({"app_id": "700555666777888"})), None)]
    #[case::nobody_named(echo(&json!({})), None)]
    fn a_word_is(#[case] event: Value, #[case] by: Option<WordBy>) {
        let body = json!({"object": "page", "entry": [{"id": TEA, "time": 1, "messaging": [event]}]});
        let event = parse(body.to_string().as_bytes()).unwrap().events.remove(0);
        let word = word_of_event(&event, Some(&BATON.into()), 5);
        assert_eq!(word.as_ref().map(|word| word.by.clone()), by);
        assert!(word.is_none_or(|word| word.customer.as_str() == MARA && word.at_ms == 5));
    }

    #[rstest]
    #[case::fresh(FRESH_MS - 1, true)]
    #[case::history(FRESH_MS, false)]
    fn a_page_of_history_is_a_word_while_it_is_fresh(#[case] age_ms: i64, #[case] is_word: bool) {
        let page: AuditPage = serde_json::from_value(json!({
            "customer": MARA, "conversation": "t_1", "desk": PART, "read_at_ms": 0, "customer_name": null,
            "messages": [
                {"id": "m_2", "created_time": "2026-10-05T09:05:00+0000", "from": {"id": TEA}, "message": "Hi"},
                {"id": "m_1", "created_time": "2026-10-05T09:00:00+0000", "from": {"id": MARA}, "message": "Hello"},
            ],
            "is_oldest": true,
        }))
        .unwrap();
        let content = Content::Audit(Box::new(page));
        let said_ms = 1_791_190_800_000;
        let found = word(&content, Some(&BATON.into()), &TEA.into(), said_ms + age_ms);
        assert_eq!(found.map(|word| word.at_ms), is_word.then_some(said_ms));
    }
}
