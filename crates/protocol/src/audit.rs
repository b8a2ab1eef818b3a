//! A page of one thread's history as the steward read it from Graph, kept in the log so that Graph is asked
//! once for the whole team. A webhook always merges over what an audit found: it has milliseconds and
//! metadata, Graph has whole seconds.

use baton_messenger::answer::ConversationMessage;
use baton_messenger::id::{CustomerId, Mid};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::ids::DeskId;

/// The largest audit page the relay takes, in bytes of JSON.
pub const MAX_PAGE_BYTES: usize = 256 * 1024;

/// So many threads at most are left out of a pass. Where Meta fails at more, it is Meta that is waited for.
pub const MOST_UNREAD: usize = 50;
/// The longest id of a conversation that is taken, in bytes.
pub const MOST_ID_BYTES: usize = 1_000;

/// A thread that a pass left out, because Meta failed each time that it was asked for the messages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadThread {
    /// Graph's id of the conversation.
    pub conversation: String,
    /// When it last changed, milliseconds UTC of Meta.
    pub updated_ms: i64,
}

/// A message that Meta names and does not give (docs/meta.md 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lack {
    /// Meta's id of it.
    pub mid: Mid,
    /// When it was said, milliseconds UTC of Meta, to the second. Where Meta does not tell, when the next newer one of the
    /// thread was: it was said then or before.
    pub at_ms: i64,
}

/// One page of one thread, newest first, as Graph listed it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AuditPage {
    /// The thread's customer.
    pub customer: CustomerId,
    /// Graph's id of the conversation.
    pub conversation: String,
    /// The desk that read it.
    pub desk: DeskId,
    /// When Meta answered, milliseconds UTC of Meta's clock.
    pub read_at_ms: i64,
    /// The customer's name as `participants` gives it.
    pub customer_name: Option<String>,
    /// The messages, newest first.
    pub messages: Vec<ConversationMessage>,
    /// True when Meta gives nothing older than this page.
    pub is_oldest: bool,
    /// True when the thread has older messages that Meta does not give.
    #[serde(default)]
    pub older_withheld: bool,
    /// Messages in the middle of the thread that Meta names and does not give: older ones are in this page or in the log.
    /// Those that are older than all that is known are no more than `older_withheld`. Pages from before there was this list
    /// have none; a relay from then keeps the page without it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lacks: Vec<Lack>,
}

impl AuditPage {
    /// Its entry's key: the same for the same messages of the same thread, whoever read them and whenever. Addresses of
    /// files and counts of reactions, which Meta tells differently each time, do not make another page.
    #[must_use]
    pub fn key(&self) -> String {
        let mut hash = Sha256::new();
        let marks = [self.is_oldest, self.older_withheld].map(u8::from);
        hash.update(marks);
        for message in &self.messages {
            let id = message.id.as_ref().map_or("", Mid::as_str);
            // Lengths keep ("ab","c") and ("a","bc") apart.
            hash.update((id.len() as u64).to_be_bytes());
            hash.update(id);
            hash.update([u8::from(message.from.is_some())]);
        }
        // Without any the key is what it was before there were such.
        for lack in &self.lacks {
            let id = lack.mid.as_str();
            hash.update((id.len() as u64).to_be_bytes());
            hash.update(id);
            hash.update([2]);
        }
        format!("{}:{}", self.customer, hex::encode(&hash.finalize()[..16]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(mids: &[&str]) -> AuditPage {
        let message = |mid: &&str| ConversationMessage { id: Some((*mid).into()), ..Default::default() };
        AuditPage {
            customer: "6200000000000101".into(),
            conversation: "t_1".to_owned(),
            desk: DeskId::new(),
            read_at_ms: 1,
            customer_name: None,
            messages: mids.iter().map(message).collect(),
            is_oldest: true,
            older_withheld: false,
            lacks: Vec::new(),
        }
    }

    fn lack(mid: &str) -> Lack {
        Lack { mid: mid.into(), at_ms: 1 }
    }

    #[test]
    fn the_same_messages_make_the_same_key_whoever_read_them_and_whenever() {
        let again =
            AuditPage { read_at_ms: 2, customer_name: Some("Mara".to_owned()), ..page(&["m_1", "m_2"]) };
        assert_eq!(page(&["m_1", "m_2"]).key(), again.key());
    }

    #[test]
    fn other_messages_another_order_another_end_or_another_customer_make_another() {
        let known = page(&["m_1", "m_2"]);
        let others = [
            page(&["m_1"]),
            page(&["m_2", "m_1"]),
            page(&["m_1m", "_2"]),
            AuditPage { is_oldest: false, ..page(&["m_1", "m_2"]) },
            AuditPage { older_withheld: true, ..page(&["m_1", "m_2"]) },
            AuditPage { customer: "6200000000000102".into(), ..page(&["m_1", "m_2"]) },
            AuditPage { lacks: vec![lack("m_0")], ..page(&["m_1", "m_2"]) },
            AuditPage { lacks: vec![lack("m_2")], ..page(&["m_1"]) },
        ];
        for other in others {
            assert_ne!(known.key(), other.key(), "{other:?}");
        }
    }

    #[test]
    fn what_lacks_is_written_only_where_something_does_and_read_where_nothing_is_written() {
        let whole = serde_json::to_value(page(&["m_1"])).unwrap();
        assert!(whole.get("lacks").is_none(), "{whole}");
        let read: AuditPage = serde_json::from_value(whole).unwrap();
        assert!(read.lacks.is_empty());

        let lacking = AuditPage { lacks: vec![lack("m_0")], ..page(&["m_1"]) };
        let again: AuditPage = serde_json::from_value(serde_json::to_value(&lacking).unwrap()).unwrap();
        assert_eq!((again.lacks.clone(), again.key()), (lacking.lacks.clone(), lacking.key()));
    }
}
