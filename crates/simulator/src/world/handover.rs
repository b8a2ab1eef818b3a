//! The thread control calls as an app makes them, and the events they cause (docs/meta.md 2.6.18, 5.2, 5.3).
//!
//! `pass` tells the new owner, `take` the loser, `request` the owner; release, extend and lapse tell nobody.

use baton_messenger::{AccountId, AppId, CustomerId};
use serde_json::{Value, json};

use super::ownership::{self, Change};
use super::refusals::Refusal;
use super::topic::Topic;
use super::webhook_out::{Happening, List, number_or_text};
use super::{World, window};

/// One thread control call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ControlCall {
    Pass { target: Option<AppId> },
    Take,
    Request,
    Release,
    Extend { duration_s: i64 },
}

impl World {
    /// Does what the call asks, as `app`, or refuses.
    pub fn control(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        call: &ControlCall,
        metadata: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        if metadata.chars().count() >= 1000 {
            return Err(Refusal::bad_parameter("metadata must be shorter than 1000 characters."));
        }
        if let ControlCall::Pass { target: Some(target) } = call {
            self.app(target).map_err(|_| Refusal::bad_parameter("target_app_id is not a known app."))?;
        }
        let routing = self.account(account)?.routing.clone();
        let thread = self.thread_mut(account, customer)?;
        let change = match call {
            ControlCall::Pass { target } => ownership::pass(&routing, thread, app, target.as_ref(), now_ms),
            ControlCall::Take => ownership::take(&routing, thread, app, now_ms),
            ControlCall::Request => ownership::request(&routing, thread, app, now_ms),
            ControlCall::Release => ownership::release(thread, app, now_ms),
            ControlCall::Extend { duration_s } => ownership::extend(thread, app, *duration_s, now_ms),
        }?;
        self.tell_of(account, customer, change, metadata, now_ms);
        Ok(())
    }

    /// Gives the thread to `app`, or to nobody, without any event: what Meta's AI agent does
    /// (docs/meta.md 5.5 point 7).
    pub fn seize(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: Option<&AppId>,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let thread = self.thread_mut(account, customer)?;
        thread.control = match app {
            Some(app) => ownership::owned(app, now_ms),
            None => ownership::Control::Idle,
        };
        Ok(())
    }

    /// Tells each app its role, if the account has roles: `app_roles`.
    pub fn tell_roles(&mut self, account: &AccountId, now_ms: i64) {
        let Ok(routing) = self.account(account).map(|a| a.routing.clone()) else { return };
        let apps: Vec<AppId> = self.apps.keys().cloned().collect();
        for app in apps {
            let roles = routing.roles_of(&app);
            if !roles.is_empty() {
                let event = json!({
                    "recipient": {"id": account.as_str()}, "timestamp": now_ms,
                    "app_roles": {app.as_str(): roles},
                });
                self.announce_to(account, &app, Topic::Handovers, List::Messaging, &event, now_ms);
            }
        }
    }

    /// `GET /{page}/thread_owner`: its three answers.
    pub fn thread_owner(
        &self,
        account: &AccountId,
        customer: &CustomerId,
        asker: &AppId,
        now_ms: i64,
    ) -> Result<Value, Refusal> {
        let thread = self.thread(account, customer)?;
        let Some((owner, expires_ms)) = ownership::owner(thread, now_ms) else {
            return Ok(json!({"data": []}));
        };
        let mut shown = json!({"expiration": expires_ms / 1000});
        let is_default_app = self.account(account)?.routing.default_app() == Some(asker);
        if owner == asker || is_default_app {
            shown["app_id"] = number_or_text(owner.as_str());
        }
        Ok(json!({"data": [{"thread_owner": shown}]}))
    }

    /// Whether the account may answer now; `can_reply` of a conversation.
    pub fn can_reply(&self, account: &AccountId, customer: &CustomerId, now_ms: i64) -> bool {
        self.thread(account, customer).is_ok_and(|t| t.customer.is_reachable && window::is_open(t, now_ms))
    }

    pub(super) fn tell_of(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        change: Change,
        metadata: &str,
        now_ms: i64,
    ) {
        let (hearer, kind, by, detail) = match change {
            Change::Silent | Change::Taken { from: None, .. } => return,
            Change::Passed { from, to } => {
                let by = from.clone();
                let detail = json!({
                    "previous_owner_app_id": from.as_ref().map(AppId::as_str),
                    "new_owner_app_id": to.as_str(), "metadata": metadata,
                });
                (to, "pass_thread_control", by, detail)
            }
            Change::Taken { from: Some(loser), by } => {
                let detail = json!({
                    "previous_owner_app_id": loser.as_str(), "new_owner_app_id": by.as_str(),
                    "metadata": metadata,
                });
                (loser, "take_thread_control", Some(by), detail)
            }
            Change::Requested { owner, by } => {
                let detail =
                    json!({"requested_owner_app_id": number_or_text(by.as_str()), "metadata": metadata});
                (owner, "request_thread_control", Some(by), detail)
            }
        };
        let what = Happening { by, ..Happening::by_customer(Topic::Handovers, kind, detail, now_ms) };
        self.tell(account, customer, &hearer, List::Messaging, &what);
    }
}
