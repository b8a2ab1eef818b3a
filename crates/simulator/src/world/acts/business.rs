//! What the business does in Meta's own apps, and what Meta does to it: answers from its inbox, the AI agent, labels,
//! policy (docs/meta.md 2.6.18, 2.6.20, 5.2, 5.5).

use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform, id};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::begin::AI_AGENT;
use crate::world::attachment::Attachment;
use crate::world::ownership::{self, Change};
use crate::world::refusals::Refusal;
use crate::world::thread::{Author, Message};
use crate::world::topic::Topic;
use crate::world::webhook_out::List;
use crate::world::{World, new_mid};

/// What Meta says to a Page about its conduct.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PolicyNotice {
    /// A first word.
    Warning,
    /// The Page cannot send any more.
    Block,
    /// It can again.
    Unblock,
}

/// Something that Meta's inbox shared and its echo does not carry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LegacyShare {
    /// Its title.
    pub title: String,
    /// Its address, or null.
    pub url: Option<String>,
    /// Written as a template; else as a fallback.
    pub is_template: bool,
    /// The echo does not name the app.
    pub hides_app: bool,
}

impl World {
    /// A person of the business answers in Meta's inbox, which takes the thread unless nobody owns it and routing is
    /// off. The loser is told.
    pub fn inbox_answers(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        text: &str,
        hides_app: bool,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let inbox = self.inbox_of(account)?;
        self.inbox_takes(account, customer, now_ms)?;
        self.business_says(account, customer, &inbox, text, hides_app, now_ms)
    }

    /// A person of the business shares something from Meta's inbox that the echo can only hint at: its payload is null
    /// (docs/meta.md 2.6.11).
    pub fn inbox_shares(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        share: &LegacyShare,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let inbox = self.inbox_of(account)?;
        self.inbox_takes(account, customer, now_ms)?;
        let platform = self.account(account)?.platform;
        let mut message = Message::blank(new_mid(platform), now_ms, Author::App(inbox.clone()));
        let kind = if share.is_template { "template" } else { "fallback" };
        let mut attachment = Attachment::plain(kind, Some(Value::Null));
        attachment.beside.insert("title".into(), share.title.as_str().into());
        attachment.beside.insert("url".into(), share.url.clone().into());
        message.attachments.push(attachment);
        message.hides_app = share.hides_app;
        self.put_out(account, customer, &inbox, message, now_ms).map(|(mid, _)| mid)
    }

    /// A person of the business moves the thread to Meta's inbox.
    pub fn inbox_takes(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let inbox = self.inbox_of(account)?;
        let is_managed = self.account(account)?.routing.default_app().is_some();
        let thread = self.thread_mut(account, customer)?;
        let from = ownership::owner(thread, now_ms).map(|(owner, _)| owner.clone());
        if from.as_ref() == Some(&inbox) || (from.is_none() && !is_managed) {
            return Ok(());
        }
        thread.control = ownership::owned(&inbox, now_ms);
        self.tell_of(account, customer, Change::Taken { from, by: inbox }, "", now_ms);
        Ok(())
    }

    /// Meta's AI agent takes the thread: no event tells of it, only a notice that looks like any message.
    pub fn ai_agent_takes(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let agent = AppId::from(AI_AGENT);
        self.seize(account, customer, Some(&agent), now_ms)?;
        self.business_says(account, customer, &agent, "Your AI agent will respond.", true, now_ms)
    }

    /// Meta's AI agent answers, if the thread is its own.
    pub fn ai_agent_answers(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        text: &str,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        let agent = AppId::from(AI_AGENT);
        let owner = ownership::owner(self.thread(account, customer)?, now_ms).map(|(owner, _)| owner.clone());
        if owner.as_ref() != Some(&agent) {
            return Err(Refusal::bad_parameter("The AI agent does not own this thread."));
        }
        self.business_says(account, customer, &agent, text, true, now_ms)
    }

    /// Meta warns a Page, blocks it from sending, or lifts the block.
    pub fn policy_notice(
        &mut self,
        account: &AccountId,
        notice: PolicyNotice,
        reason: &str,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let page = self.account_mut(account)?;
        if page.is_instagram() {
            return Err(Refusal::bad_parameter("Instagram has no such event."));
        }
        let mut detail = json!({ "action": notice });
        match notice {
            PolicyNotice::Warning => detail["reason"] = reason.into(),
            PolicyNotice::Block => {
                page.is_restricted = true;
                detail["reason"] = reason.into();
            }
            PolicyNotice::Unblock => page.is_restricted = false,
        }
        let event = json!({
            "recipient": {"id": account.as_str()}, "timestamp": now_ms, "policy_enforcement": detail,
        });
        self.announce(account, Topic::Policy, List::Messaging, &event, now_ms);
        Ok(())
    }

    /// Tells that somebody set or removed a label in Meta's inbox.
    pub(super) fn label_set(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        name: &str,
        is_set: bool,
        now_ms: i64,
    ) {
        let id = self.label_named(account, name);
        let value = json!({
            "user": {"id": customer.as_str()}, "action": if is_set { "add" } else { "remove" },
            "label": {"id": id, "page_label_name": name},
        });
        let event = json!({"field": "inbox_labels", "value": value});
        self.announce(account, Topic::Labels, List::Changes, &event, now_ms);
    }

    fn inbox_of(&self, account: &AccountId) -> Result<AppId, Refusal> {
        Ok(AppId::from(match self.account(account)?.platform {
            Platform::Messenger => id::PAGE_INBOX,
            Platform::Instagram => id::INSTAGRAM_INBOX,
        }))
    }

    fn business_says(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        text: &str,
        hides_app: bool,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        if text.trim().is_empty() {
            return Err(Refusal::bad_parameter("The text is empty."));
        }
        let platform = self.account(account)?.platform;
        let mut message = Message::text(new_mid(platform), now_ms, Author::App(app.clone()), text);
        message.hides_app = hides_app;
        self.put_out(account, customer, app, message, now_ms).map(|(mid, _)| mid)
    }
}
