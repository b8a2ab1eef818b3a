//! What a webhook event says (docs/meta.md 2.6, 2.7).

use baton_messenger::id::CustomerId;
use baton_messenger::webhook::{
    Attachment, Cart, Edit, Event, Kind, List, Message, PolicyEnforcement, Postback, Reaction, ReactionAct,
    StoredEvent,
};
use baton_protocol::entry::Entry;
use baton_thread::word::part_of_echo;
use baton_thread::{Evidence, Heard};

use super::beside;
use super::extra::{Extra, Happened};
use super::said::{
    AttachmentSaid, Grade, MessageSaid, OwnerSaid, PolicySaid, ReactionSaid, ReceiptSaid, RolesSaid, Said,
    Told, Understood,
};

pub(super) fn understand(entry: &Entry, stored: StoredEvent) -> Understood {
    let received_ms = stored.received_ms;
    let event = stored.into_event();
    let at_ms = event.at_ms(received_ms);
    let mut said = vec![Said::Heard { received_ms }];
    if let Kind::PolicyEnforcement(policy) = &event.kind {
        said.push(Said::Policy(policed(entry, policy, at_ms)));
    }
    if let Kind::AppRoles(roles) = &event.kind {
        said.push(Said::Roles(RolesSaid { roles: roles.clone(), at_ms, key: entry.key.clone() }));
    }
    if let Kind::Edit(edit) = &event.kind
        && edit.announces_message()
    {
        said.extend(edit.mid.clone().map(|mid| Said::Announced { mid }));
    }
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
            Kind::Edit(edit) => self.edited(edit),
            Kind::Reaction(reaction) => self.reacted(reaction),
            Kind::Delivery(delivered) => {
                vec![self.receipt(false, delivered.watermark_ms, delivered.mids.clone())]
            }
            Kind::Read(read) => {
                vec![self.receipt(true, read.watermark_ms, read.mid.clone().into_iter().collect())]
            }
            Kind::Cart(cart) => vec![self.cart(cart)],
            Kind::Unknown(_) => vec![self.unknown()],
            other => beside::happened(other).map(|happened| self.happened(happened)).into_iter().collect(),
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
            extra: beside::of_message(message, inbound),
            attachments: message.shown().map(attachment).collect(),
            ..base
        }))
    }

    fn postback(&self, postback: &Postback) -> Said {
        let mid = postback.mid.clone();
        let base = self.base("postback", Grade::Button);
        Said::Message(Box::new(MessageSaid {
            key: mid.as_ref().map_or_else(|| base.key.clone(), ToString::to_string),
            mid,
            inbound: true,
            text: postback.title.clone(),
            opens: true,
            counts: true,
            extra: Some(beside::of_postback(postback)),
            ..base
        }))
    }

    /// An order is said by the customer like a message, and wants an answer like one.
    fn cart(&self, cart: &Cart) -> Said {
        let base = self.base("message", Grade::Webhook);
        let payload = serde_json::to_value(cart).ok();
        let order = AttachmentSaid { kind: crate::store::CART.to_owned(), url: None, title: None, payload };
        Said::Message(Box::new(MessageSaid {
            inbound: true,
            text: cart.note.clone().filter(|note| !note.is_empty()),
            opens: self.event.kind.opens_window(),
            counts: true,
            attachments: vec![order],
            ..base
        }))
    }

    /// Something that nobody said, and that an agent should know of. It may name a message; it stands beside that, not
    /// in its place.
    fn happened(&self, happened: Happened) -> Said {
        let kind = if happened.is_of_customer() { "happened" } else { "notice" };
        let base = self.base(kind, Grade::Webhook);
        Said::Message(Box::new(MessageSaid {
            opens: self.event.kind.opens_window(),
            reply_to: self.event.mid().cloned(),
            extra: Some(Extra { happened: Some(happened), ..Extra::default() }),
            ..base
        }))
    }

    /// Something that cannot be shown, from whoever sent it.
    fn unknown(&self) -> Said {
        let inbound = self.event.sender.as_deref() == Some(self.customer.as_str());
        Said::Message(Box::new(MessageSaid { inbound, ..self.base("unknown", Grade::Webhook) }))
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

    /// Number 0 announces a message instead of changing one ([`Said::Announced`]): there is nothing to show before it was
    /// looked up. Any other number holds the place of a message that was missed.
    fn edited(&self, edit: &Edit) -> Vec<Said> {
        let (false, Some(mid)) = (edit.announces_message(), edit.mid.clone()) else { return Vec::new() };
        let inbound = self.event.sender.as_deref() == Some(self.customer.as_str());
        let place = MessageSaid {
            key: mid.to_string(),
            mid: Some(mid.clone()),
            inbound,
            counts: inbound,
            ..self.base("message", Grade::Edit)
        };
        let num = edit.num_edit.unwrap_or(1);
        let edited = edit.text.clone().map(|text| Said::Edited {
            customer: self.customer.clone(),
            mid,
            num,
            at_ms: self.at_ms,
            text,
        });
        [Said::Message(Box::new(place))].into_iter().chain(edited).collect()
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

fn policed(entry: &Entry, policy: &PolicyEnforcement, at_ms: i64) -> PolicySaid {
    PolicySaid { action: policy.action.clone(), reason: policy.reason.clone(), at_ms, key: entry.key.clone() }
}

/// A picture that names a sticker is one, as it came until 2026 (docs/meta.md 2.6.5).
fn attachment(attachment: &Attachment) -> AttachmentSaid {
    let kind = match attachment.kind.as_deref() {
        Some("image") if attachment.sticker_id.is_some() => "sticker",
        Some(kind) => kind,
        None => "unknown",
    };
    AttachmentSaid {
        kind: kind.to_owned(),
        url: attachment.url.clone(),
        title: attachment.title.clone().filter(|title| !title.is_empty()),
        payload: attachment.payload.clone(),
    }
}
