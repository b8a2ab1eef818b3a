//! Which app hears of an event, in which list, in which form (docs/meta.md 2.3, 2.5, 2.6, 5.2).
//!
//! - No app hears anything of an account that is not subscribed to it, nor a field it did not subscribe to. For
//!   an Instagram account the Page's subscription counts, and the fields that the app chose for object
//!   `instagram`.
//! - Idle thread, or owned by the app: list `messaging`. Owned by another app: list `standby`, which carries
//!   messages, echoes, reads, deliveries and postbacks without their payload, and nothing else.
//! - Handover events go to the one app they concern, always in `messaging`.

use baton_messenger::{AccountId, AppId, CustomerId, Platform};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::World;
use super::app::Receiver;
use super::ownership;
use super::topic::Topic;
use crate::deliver::loose;
use crate::faults::LooseForm;

/// The list of an entry in which an event stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum List {
    /// The thread is idle or the app's own.
    Messaging,
    /// Another app owns the thread.
    Standby,
    /// Not about what was said: `{field, value}`.
    Changes,
}

impl List {
    /// The name of the list in the JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Messaging => "messaging",
            Self::Standby => "standby",
            Self::Changes => "changes",
        }
    }
}

/// One event for one app.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    pub app: AppId,
    pub platform: Platform,
    pub account: AccountId,
    /// `None`: about the account as a whole.
    pub customer: Option<CustomerId>,
    pub at_ms: i64,
    pub field: &'static str,
    pub list: List,
    /// The app whose act caused the event, if an app's did; echoes have one.
    pub by: Option<AppId>,
    pub event: Value,
    /// Sent by the Test button of the app's dashboard: it belongs to no account, and needs no subscription.
    pub is_dashboard_test: bool,
    /// The loose way in which it is written, if a rule wants one.
    pub form: Option<LooseForm>,
}

impl Delivery {
    /// The whole POST body (docs/meta.md 2.3).
    pub fn envelope(&self) -> Value {
        let mut entry = Map::new();
        entry.insert("id".into(), self.account.as_str().into());
        let time = if self.is_dashboard_test { self.at_ms / 1000 } else { self.at_ms };
        entry.insert("time".into(), time.into());
        let mut entry = Value::Object(entry);
        if let Some(form) = self.form {
            loose::write_entry(&mut entry, form);
        }
        entry[self.list.key()] = json!([self.event]);
        json!({"object": self.platform.object(), "entry": [entry]})
    }
}

/// Something that happened in a thread.
pub(crate) struct Happening {
    pub topic: Topic,
    pub at_ms: i64,
    pub from_account: bool,
    pub by: Option<AppId>,
    /// The key that decides the kind: `message`, `read` … and its object.
    pub kind: &'static str,
    pub detail: Value,
    pub shape: Shape,
}

/// How an event departs from `{sender, recipient, timestamp, <kind>}`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Shape {
    pub without_people: bool,
    pub without_time: bool,
    pub time_in_seconds: bool,
    /// What stands beside the kind's object, like the answers of a lead.
    pub beside: Map<String, Value>,
}

impl Happening {
    /// Something that the customer did.
    pub fn by_customer(topic: Topic, kind: &'static str, detail: Value, at_ms: i64) -> Self {
        Self { topic, at_ms, from_account: false, by: None, kind, detail, shape: Shape::default() }
    }

    /// A message that an app sent, on its way back as an echo.
    pub fn echo(app: &AppId, detail: Value, at_ms: i64) -> Self {
        Self {
            from_account: true,
            by: Some(app.clone()),
            ..Self::by_customer(Topic::Echoes, "message", detail, at_ms)
        }
    }
}

impl World {
    /// Tells every subscribed app.
    pub fn publish(&mut self, account: &AccountId, customer: &CustomerId, what: &Happening) {
        let Ok(thread) = self.thread(account, customer) else { return };
        let owner = ownership::owner(thread, what.at_ms).map(|(app, _)| app.clone());
        let apps: Vec<AppId> = self.apps.keys().cloned().collect();
        for app in apps {
            let list = match &owner {
                Some(owner) if owner != &app => List::Standby,
                _ => List::Messaging,
            };
            self.tell(account, customer, &app, list, what);
        }
    }

    /// Tells one app, if it listens to this.
    pub fn tell(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        list: List,
        what: &Happening,
    ) {
        let Ok(platform) = self.account(account).map(|a| a.platform) else { return };
        let Some(own_field) = what.topic.field(platform) else { return };
        if list == List::Standby && !is_for_standby(what.kind) {
            return;
        }
        let field = if list == List::Standby { "standby" } else { own_field };
        if !self.listens(account, app, field) {
            return;
        }
        self.outgoing.push(Delivery {
            app: app.clone(),
            platform,
            account: account.clone(),
            customer: Some(customer.clone()),
            at_ms: what.at_ms,
            field,
            list,
            by: what.by.clone(),
            event: event(account, customer, list, what),
            is_dashboard_test: false,
            form: None,
        });
    }

    /// Tells every subscribed app something about the account as a whole.
    pub fn announce(&mut self, account: &AccountId, topic: Topic, list: List, event: &Value, at_ms: i64) {
        let apps: Vec<AppId> = self.apps.keys().cloned().collect();
        for app in apps {
            self.announce_to(account, &app, topic, list, event, at_ms);
        }
    }

    /// Tells one app something about the account as a whole, if it listens to this.
    pub fn announce_to(
        &mut self,
        account: &AccountId,
        app: &AppId,
        topic: Topic,
        list: List,
        event: &Value,
        at_ms: i64,
    ) {
        let Ok(platform) = self.account(account).map(|a| a.platform) else { return };
        let Some(field) = topic.field(platform).filter(|field| self.listens(account, app, field)) else {
            return;
        };
        self.outgoing.push(Delivery {
            app: app.clone(),
            platform,
            account: account.clone(),
            customer: None,
            at_ms,
            field,
            list,
            by: None,
            event: event.clone(),
            is_dashboard_test: false,
            form: None,
        });
    }

    /// What the Test button of an app's dashboard sends: invented people and ids (docs/meta.md 2.7.12).
    pub fn dashboard_test(&mut self, app: &AppId, platform: Platform, at_ms: i64) {
        let value = json!({
            "sender": {"id": "12334"}, "recipient": {"id": "23245"}, "timestamp": "1527459824",
            "message": {"mid": "random_mid", "text": "random_text"},
        });
        self.outgoing.push(Delivery {
            app: app.clone(),
            platform,
            account: AccountId::from("0"),
            customer: None,
            at_ms,
            field: "messages",
            list: List::Changes,
            by: None,
            event: json!({"field": "messages", "value": value}),
            is_dashboard_test: true,
            form: None,
        });
    }

    /// Whether an event of this field of this account is sent to the app.
    pub fn listens(&self, account: &AccountId, app: &AppId, field: &str) -> bool {
        let Ok(account) = self.account(account) else { return false };
        let Some(subscription) = account.subscriptions.get(app) else { return false };
        let leaves_it_to_app = account.is_instagram() && subscription.fields.is_empty();
        if !leaves_it_to_app && !subscription.fields.contains(field) {
            return false;
        }
        match self.app(app).map(|a| a.receiver(account.platform)) {
            Ok(Receiver::Callback(callback)) => callback.fields.contains(field),
            Ok(Receiver::Bot) => true,
            Ok(Receiver::Nobody) | Err(_) => false,
        }
    }
}

fn is_for_standby(kind: &str) -> bool {
    matches!(kind, "message" | "read" | "delivery" | "postback")
}

fn event(account: &AccountId, customer: &CustomerId, list: List, what: &Happening) -> Value {
    let mut event = what.shape.beside.clone();
    if !what.shape.without_people {
        let (customer, account) = (customer.as_str(), account.as_str());
        let (sender, recipient) = if what.from_account { (account, customer) } else { (customer, account) };
        event.insert("sender".into(), json!({"id": sender}));
        event.insert("recipient".into(), json!({"id": recipient}));
    }
    if !what.shape.without_time {
        let time = if what.shape.time_in_seconds { what.at_ms / 1000 } else { what.at_ms };
        event.insert("timestamp".into(), time.into());
    }
    let mut detail = what.detail.clone();
    if list == List::Standby
        && what.kind == "postback"
        && let Some(postback) = detail.as_object_mut()
    {
        postback.remove("payload");
    }
    event.insert(what.kind.into(), detail);
    Value::Object(event)
}

/// Meta writes app ids as numbers in echoes and in `thread_owner`.
pub(crate) fn number_or_text(id: &str) -> Value {
    id.parse::<u64>().map_or_else(|_| id.into(), Value::from)
}
