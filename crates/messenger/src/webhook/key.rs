//! The key by which a repeated event is known (docs/meta.md 2.4).
//!
//! ```text
//! page:104500000000011:message:m_abc            message · echo · deleted · postback, by mid
//! page:104500000000011:edit:m_abc:2             an edit, by mid and its number
//! page:104500000000011:reaction:m_abc:<sender>:react:<ms>
//! page:104500000000011:read:<customer>:<watermark or mid>
//! page:104500000000011:pass:<customer>:<ms>:<new owner>
//! page:104500000000011:raw:<SHA-256 of the bytes>     everything without a key of its own
//! ```
//!
//! A raw key does not name the kind, so that an event keeps its key when a later version understands more.

use sha2::{Digest, Sha256};

use super::kind::Kind;
use super::{Delivered, Event, Read};
use crate::id::Mid;

pub(super) fn of(event: &Event) -> String {
    let mut parts = vec![part(&event.envelope.object), part(event.envelope.account.as_str())];
    match natural(event) {
        Some(natural) => {
            parts.push(event.kind.name().to_owned());
            parts.extend(natural.iter().map(|text| part(text)));
        }
        None => {
            parts.push("raw".to_owned());
            parts.push(hex::encode(Sha256::digest(event.raw.get().as_bytes())));
        }
    }
    parts.join(":")
}

/// What tells this event apart within its account and kind; `None` when nothing in it does.
fn natural(event: &Event) -> Option<Vec<String>> {
    match &event.kind {
        Kind::Message(message) => mid(message.mid.as_ref()),
        Kind::Echo(message) => mid(message.mid.as_ref()),
        Kind::Deleted(deleted) => mid(deleted.mid.as_ref()),
        Kind::Postback(postback) => mid(postback.mid.as_ref()),
        Kind::Edit(edit) => Some(vec![edit.mid.as_ref()?.to_string(), edit.num_edit?.to_string()]),
        Kind::Reaction(reaction) => Some(vec![
            reaction.mid.as_ref()?.to_string(),
            event.sender.clone()?,
            reaction.act.name().to_owned(),
            event.timestamp_ms?.to_string(),
        ]),
        Kind::Delivery(delivered) => Some(vec![customer(event)?, delivery_mark(delivered)?]),
        Kind::Read(read) => Some(vec![customer(event)?, read_mark(read)?]),
        Kind::PassControl(passed) | Kind::TakeControl(passed) => {
            let owner = passed.new_owner.as_ref().map(ToString::to_string).unwrap_or_default();
            Some(vec![customer(event)?, event.timestamp_ms?.to_string(), owner])
        }
        Kind::RequestControl(requested) => {
            let asks = requested.requested_owner.as_ref().map(ToString::to_string).unwrap_or_default();
            Some(vec![customer(event)?, event.timestamp_ms?.to_string(), asks])
        }
        _ => None,
    }
}

fn mid(mid: Option<&Mid>) -> Option<Vec<String>> {
    mid.map(|mid| vec![mid.to_string()])
}

fn customer(event: &Event) -> Option<String> {
    event.customer.as_ref().map(ToString::to_string)
}

fn delivery_mark(delivered: &Delivered) -> Option<String> {
    match delivered.watermark_ms {
        Some(watermark) => Some(watermark.to_string()),
        None => delivered.mids.first().map(ToString::to_string),
    }
}

fn read_mark(read: &Read) -> Option<String> {
    match read.watermark_ms {
        Some(watermark) => Some(watermark.to_string()),
        None => read.mid.as_ref().map(ToString::to_string),
    }
}

/// A part with the separator escaped, so that no two lists of parts give the same key.
fn part(text: &str) -> String {
    text.replace('%', "%25").replace(':', "%3A")
}
