//! Taps on buttons: postbacks (docs/meta.md 2.6.13, 2.7.11).

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::world::refusals::Refusal;
use crate::world::thread::{Author, Message};
use crate::world::topic::Topic;
use crate::world::webhook_out::{Happening, List};
use crate::world::{World, new_mid, ownership};

/// A tap on a button, an ice breaker, a menu entry or *Get Started*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tap {
    /// The text on the button.
    pub title: String,
    /// The developer's text behind it.
    pub payload: String,
    /// The message that shows the button; its app gets the whole postback even in standby.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mid: Option<Mid>,
    /// What led here, `{ref, source, type}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub referral: Option<Value>,
}

impl World {
    /// The customer taps a button: a postback with its title and payload.
    pub fn customer_taps(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        tap: &Tap,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let platform = self.account(account)?.platform;
        let sender = match &tap.mid {
            Some(mid) => Some(self.sender_of(account, customer, mid)?),
            None => None,
        };
        let mid = new_mid(platform);
        let message = Message::text(mid.clone(), now_ms, Author::Customer, tap.title.as_str());
        let at_ms = self.take_in(account, customer, message, now_ms)?;
        let mut detail = json!({"mid": mid.as_str(), "title": tap.title, "payload": tap.payload});
        if let Some(referral) = &tap.referral {
            detail["referral"] = referral.clone();
        }
        let what = Happening::by_customer(Topic::Postbacks, "postback", detail, at_ms);
        self.publish_postback(account, customer, sender.as_ref(), &what);
        Ok(mid)
    }

    fn sender_of(&self, account: &AccountId, customer: &CustomerId, mid: &Mid) -> Result<AppId, Refusal> {
        let thread = self.thread(account, customer)?;
        match thread.message(mid).map(|m| &m.author) {
            Some(Author::App(app)) => Ok(app.clone()),
            _ => Err(Refusal::bad_parameter("No app sent this message.")),
        }
    }

    /// The app that sent the button hears of it in full, whoever owns the thread.
    fn publish_postback(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        sender: Option<&AppId>,
        what: &Happening,
    ) {
        let Ok(thread) = self.thread(account, customer) else { return };
        let owner = ownership::owner(thread, what.at_ms).map(|(app, _)| app.clone());
        let apps: Vec<AppId> = self.apps.keys().cloned().collect();
        for app in apps {
            let is_others = owner.as_ref().is_some_and(|owner| owner != &app) && sender != Some(&app);
            let list = if is_others { List::Standby } else { List::Messaging };
            self.tell(account, customer, &app, list, what);
        }
    }
}
