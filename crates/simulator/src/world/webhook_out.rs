//! Which app hears of an event, in which list, in which form (docs/meta.md 2.3, 2.5, 2.6, 5.2).
//!
//! - No app hears anything of a Page that is not subscribed to it, nor a field it did not subscribe to.
//! - Idle thread, or owned by the app: list `messaging`. Owned by another app: list `standby`, which carries
//!   messages, echoes, reads, deliveries and postbacks without their payload, and nothing else.
//! - Handover events go to the one app they concern, always in `messaging`.

use baton_messenger::{AccountId, AppId, CustomerId};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::World;
use super::app::Receiver;
use super::ownership;
use super::thread::{Author, Message};

/// The list of an entry in which an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// The thread is idle or the app's own.
    Messaging,
    /// Another app owns the thread.
    Standby,
}

impl List {
    /// The name of the list in the JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Messaging => "messaging",
            Self::Standby => "standby",
        }
    }
}

/// One event for one app.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub app: AppId,
    pub page: AccountId,
    pub customer: CustomerId,
    pub at_ms: i64,
    pub field: &'static str,
    pub list: List,
    /// The app whose act caused the event, if an app's did; echoes have one.
    pub by: Option<AppId>,
    pub event: Value,
}

impl Delivery {
    /// The whole POST body (docs/meta.md 2.3).
    pub fn envelope(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("id".into(), self.page.as_str().into());
        entry.insert("time".into(), self.at_ms.into());
        entry.insert(self.list.key().into(), json!([self.event]));
        json!({"object": "page", "entry": [entry]})
    }
}

/// Something that happened in a thread.
pub(crate) struct Happening {
    pub field: &'static str,
    pub at_ms: i64,
    pub from_page: bool,
    pub by: Option<AppId>,
    /// The key that decides the kind: `message`, `read` … and its object.
    pub kind: &'static str,
    pub detail: Value,
}

impl World {
    /// Tells every subscribed app.
    pub fn publish(&mut self, page: &AccountId, customer: &CustomerId, what: &Happening) {
        let Ok(thread) = self.thread(page, customer) else { return };
        let owner = ownership::owner(thread, what.at_ms).map(|(app, _)| app.clone());
        let apps: Vec<AppId> = self.apps.keys().cloned().collect();
        for app in apps {
            let list = match &owner {
                Some(owner) if owner != &app => List::Standby,
                _ => List::Messaging,
            };
            self.tell(page, customer, &app, list, what);
        }
    }

    /// Tells one app, if it listens to this.
    pub fn tell(
        &mut self,
        page: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        list: List,
        what: &Happening,
    ) {
        if list == List::Standby && !is_for_standby(what.kind) {
            return;
        }
        let field = if list == List::Standby { "standby" } else { what.field };
        if !self.listens(page, app, field) {
            return;
        }
        let event = event(page, customer, list, what);
        self.outgoing.push(Delivery {
            app: app.clone(),
            page: page.clone(),
            customer: customer.clone(),
            at_ms: what.at_ms,
            field,
            list,
            by: what.by.clone(),
            event,
        });
    }

    /// Whether an event of this field of this Page is sent to the app.
    pub fn listens(&self, page: &AccountId, app: &AppId, field: &str) -> bool {
        let on_page = self.page(page).ok().and_then(|p| p.subscriptions.get(app));
        if !on_page.is_some_and(|s| s.fields.contains(field)) {
            return false;
        }
        match self.app(app).map(|a| &a.receiver) {
            Ok(Receiver::Callback(callback)) => callback.fields.contains(field),
            Ok(Receiver::Bot) => true,
            Ok(Receiver::Nobody) | Err(_) => false,
        }
    }
}

fn is_for_standby(kind: &str) -> bool {
    matches!(kind, "message" | "read" | "delivery" | "postback")
}

fn event(page: &AccountId, customer: &CustomerId, list: List, what: &Happening) -> Value {
    let (sender, recipient) =
        if what.from_page { (page.as_str(), customer.as_str()) } else { (customer.as_str(), page.as_str()) };
    let mut detail = what.detail.clone();
    if list == List::Standby
        && what.kind == "postback"
        && let Some(postback) = detail.as_object_mut()
    {
        postback.remove("payload");
    }
    json!({
        "sender": {"id": sender}, "recipient": {"id": recipient}, "timestamp": what.at_ms,
        what.kind: detail,
    })
}

/// The `message` object of a webhook for this message (docs/meta.md 2.6.1 to 2.6.11).
pub(crate) fn message_detail(message: &Message) -> Value {
    let mut detail = Map::new();
    detail.insert("mid".into(), message.mid.as_str().into());
    if let Author::App(app) = &message.author {
        detail.insert("is_echo".into(), true.into());
        detail.insert("app_id".into(), number_or_text(app.as_str()));
    }
    if let Some(metadata) = &message.metadata {
        detail.insert("metadata".into(), metadata.as_str().into());
    }
    if let Some(text) = &message.text {
        detail.insert("text".into(), text.as_str().into());
    }
    if let Some(mid) = &message.reply_to {
        detail.insert("reply_to".into(), json!({"mid": mid.as_str(), "is_self_reply": false}));
    }
    if !message.attachments.is_empty() {
        detail.insert("attachments".into(), Value::Array(message.attachments.clone()));
    }
    Value::Object(detail)
}

/// Meta writes app ids as numbers in echoes and in `thread_owner`.
pub(crate) fn number_or_text(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| id.into(), Value::from)
}
