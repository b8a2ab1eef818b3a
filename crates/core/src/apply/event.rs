//! What a webhook event says (docs/meta.md 2.6, 2.7).

use baton_messenger::id::CustomerId;
use baton_messenger::webhook::{
    Attachment, Edit, Event, Kind, List, Message, Postback, Reaction, ReactionAct, StoredEvent,
};
use baton_protocol::entry::Entry;
use baton_thread::word::part_of_echo;
use baton_thread::{Evidence, Heard};
use serde_json::{Map, Value, json};

use super::said::{
    AttachmentSaid, Grade, MessageSaid, OwnerSaid, ReactionSaid, ReceiptSaid, Said, Told, Understood,
};

pub(super) fn understand(entry: &Entry, stored: StoredEvent) -> Understood {
    let received_ms = stored.received_ms;
    let event = stored.into_event();
    let at_ms = event.at_ms(received_ms);
    let mut said = vec![Said::Heard { received_ms }];
    if let Some(customer) = event.customer.clone() {
        let spoken = Spoken { entry, event: &event, customer, at_ms };
        said.extend(spoken.said());
    }
    Understood {
        mid: event.mid().map(ToString::to_string),
        customer: event.customer.clone(),
        understood: !matches!(event.kind, Kind::Unknown(_)),
        said,
    }
}

/// An event about a customer, with what is needed to speak of it.
struct Spoken<'a> {
    entry: &'a Entry,
    event: &'a Event,
    customer: CustomerId,
    at_ms: i64,
}

impl Spoken<'_> {
    fn said(&self) -> Vec<Said> {
        let mut said = match &self.event.kind {
            Kind::Message(message) => vec![self.message(message, true)],
            Kind::Echo(message) => vec![self.message(message, false)],
            Kind::Postback(postback) => vec![self.postback(postback)],
            Kind::Deleted(deleted) => {
                let mid = deleted.mid.clone();
                mid.map(|mid| Said::Unsent { customer: self.customer.clone(), mid }).into_iter().collect()
            }
            Kind::Edit(edit) => self.edited(edit).into_iter().collect(),
            Kind::Reaction(reaction) => self.reacted(reaction),
            Kind::Delivery(delivered) => {
                vec![self.receipt(false, delivered.watermark_ms, delivered.mids.clone())]
            }
            Kind::Read(read) => {
                vec![self.receipt(true, read.watermark_ms, read.mid.clone().into_iter().collect())]
            }
            Kind::PassControl(_) | Kind::TakeControl(_) | Kind::RequestControl(_) => Vec::new(),
            Kind::Unknown(_) => vec![self.notice("unknown", None)],
            other => vec![self.notice("notice", serde_json::to_value(other).ok())],
        };
        if let Some(evidence) = Evidence::of_event(self.event, &self.entry.key, self.at_ms) {
            said.push(Said::Owner(OwnerSaid { customer: self.customer.clone(), evidence, learned: false }));
        }
        said
    }

    fn message(&self, message: &Message, inbound: bool) -> Said {
        let mid = message.mid.clone();
        let base = self.base("message", Grade::Webhook);
        Said::Message(Box::new(MessageSaid {
            key: mid.as_ref().map_or_else(|| base.key.clone(), ToString::to_string),
            mid,
            inbound,
            text: message.text.clone().filter(|text| !text.is_empty()),
            app: message.app_id.clone().filter(|_| !inbound),
            part: part_of_echo(message).filter(|_| !inbound),
            opens: inbound,
            counts: inbound,
            reply_to: message.reply_to.as_ref().and_then(|to| to.mid.clone()),
            extra: extra_of(message),
            attachments: message.shown().map(attachment).collect(),
            ..base
        }))
    }

    fn postback(&self, postback: &Postback) -> Said {
        let mid = postback.mid.clone();
        let base = self.base("postback", Grade::Button);
        let mut extra = Map::new();
        put(&mut extra, "payload", postback.payload.as_ref());
        put(&mut extra, "referral", postback.referral.as_ref());
        Said::Message(Box::new(MessageSaid {
            key: mid.as_ref().map_or_else(|| base.key.clone(), ToString::to_string),
            mid,
            inbound: true,
            text: postback.title.clone(),
            opens: true,
            counts: true,
            extra: none_if_empty(extra),
            ..base
        }))
    }

    /// Something that is no message of anybody, and that an agent should know of.
    fn notice(&self, kind: &'static str, what: Option<Value>) -> Said {
        let base = self.base(kind, Grade::Webhook);
        Said::Message(Box::new(MessageSaid {
            opens: self.event.kind.opens_window(),
            extra: what,
            // The event may name a message; it stands beside it, not in its place.
            ..base
        }))
    }

    fn base(&self, kind: &'static str, grade: Grade) -> MessageSaid {
        MessageSaid {
            customer: self.customer.clone(),
            key: format!("event:{}", self.entry.key),
            mid: None,
            at_ms: self.at_ms,
            tie: 0,
            kind,
            inbound: false,
            text: None,
            app: None,
            part: None,
            heard: match self.event.envelope.list {
                List::Messaging => Some(Heard::Messaging),
                List::Standby => Some(Heard::Standby),
                _ => None,
            },
            told: Told { grade, ms: 0, key: self.entry.key.clone() },
            opens: false,
            counts: false,
            found_late: false,
            reply_to: None,
            extra: None,
            attachments: Vec::new(),
        }
    }

    /// Number 0 announces a message instead of changing one; there is nothing to show yet.
    fn edited(&self, edit: &Edit) -> Option<Said> {
        if edit.announces_message() {
            return None;
        }
        Some(Said::Edited {
            customer: self.customer.clone(),
            mid: edit.mid.clone()?,
            num: edit.num_edit.unwrap_or(1),
            at_ms: self.at_ms,
            text: edit.text.clone()?,
        })
    }

    fn reacted(&self, reaction: &Reaction) -> Vec<Said> {
        let mut said = Vec::new();
        if self.event.kind.opens_window() && self.event.sender.as_deref() == Some(self.customer.as_str()) {
            said.push(Said::Acted { customer: self.customer.clone(), at_ms: self.at_ms });
        }
        let set = match reaction.act {
            ReactionAct::React => true,
            ReactionAct::Unreact => false,
            ReactionAct::Other => return said,
        };
        if let Some(mid) = reaction.mid.clone() {
            let emoji = reaction.emoji.clone().or_else(|| reaction.reaction.clone());
            said.push(Said::Reacted(ReactionSaid {
                customer: self.customer.clone(),
                mid,
                actor: self.event.sender.clone().unwrap_or_else(|| self.customer.to_string()),
                at_ms: self.at_ms,
                key: self.entry.key.clone(),
                emoji: if set { Some(emoji.unwrap_or_else(|| "❤".to_owned())) } else { None },
            }));
        }
        said
    }

    fn receipt(&self, seen: bool, watermark_ms: Option<i64>, mids: Vec<baton_messenger::Mid>) -> Said {
        Said::Receipt(ReceiptSaid { customer: self.customer.clone(), seen, watermark_ms, mids })
    }
}

fn attachment(attachment: &Attachment) -> AttachmentSaid {
    AttachmentSaid {
        kind: attachment.kind.clone().unwrap_or_else(|| "unknown".to_owned()),
        url: attachment.url.clone(),
        title: attachment.title.clone(),
        payload: attachment.payload.clone(),
    }
}

fn extra_of(message: &Message) -> Option<Value> {
    let mut extra = Map::new();
    put(&mut extra, "quick_reply", message.quick_reply.as_ref());
    put(&mut extra, "referral", message.referral.as_ref());
    put(&mut extra, "story", message.reply_to.as_ref().and_then(|to| to.story.as_ref()));
    if !message.commands.is_empty() {
        put(&mut extra, "commands", Some(&message.commands));
    }
    if message.is_unsupported {
        extra.insert("unsupported".to_owned(), json!(true));
    }
    none_if_empty(extra)
}

fn put<T: serde::Serialize>(extra: &mut Map<String, Value>, name: &str, value: Option<&T>) {
    if let Some(value) = value.and_then(|value| serde_json::to_value(value).ok()) {
        extra.insert(name.to_owned(), value);
    }
}

fn none_if_empty(extra: Map<String, Value>) -> Option<Value> {
    (!extra.is_empty()).then_some(Value::Object(extra))
}
