//! The Send API's rules (docs/meta.md 4). Written from that page, not from our own policy.
//!
//! Order of the checks: the token (before this file) · ownership · window · content · the person. The first
//! that fails is the answer; a refused send leaves no trace.

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde_json::Value;

use super::handover::ControlCall;
use super::refusals::Refusal;
use super::thread::{Author, Manner, Message, Reaction};
use super::webhook_out::{Happening, message_detail};
use super::{World, new_mid, ownership, window};

const TEXT_LIMIT: usize = 2000;
const METADATA_LIMIT: usize = 1000;
const IMAGES_LIMIT: usize = 10;
const TYPING_MS: i64 = 20_000;

/// A message that an app wants to send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub manner: Manner,
    pub text: Option<String>,
    pub attachments: Vec<Value>,
    pub quick_replies: Vec<Value>,
    pub metadata: Option<String>,
    pub reply_to: Option<Mid>,
    /// `thread_control`: pass or release in the same call.
    pub then: Option<ControlCall>,
}

/// A sender action (docs/meta.md 4.6).
#[derive(Debug, Clone)]
pub(crate) enum SenderAction {
    TypingOn,
    TypingOff,
    MarkSeen,
    React { mid: Mid, reaction: Reaction },
    Unreact { mid: Mid },
}

impl World {
    /// Sends a message as `app`. The echo is among the outgoing webhooks.
    pub fn send(
        &mut self,
        page_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        draft: &Draft,
        now_ms: i64,
    ) -> Result<Mid, Refusal> {
        self.check(page_id, customer, app, draft, now_ms)?;
        let thread = self.thread_mut(page_id, customer)?;
        let at_ms = now_ms.max(thread.updated_ms() + 1);
        let message = Message {
            mid: new_mid(),
            at_ms,
            author: Author::App(app.clone()),
            text: draft.text.clone(),
            attachments: draft.attachments.clone(),
            quick_replies: draft.quick_replies.clone(),
            metadata: draft.metadata.clone(),
            reply_to: draft.reply_to.clone(),
            manner: Some(draft.manner.clone()),
            reaction: None,
            page_reaction: None,
        };
        let mid = message.mid.clone();
        let detail = message_detail(&message);
        thread.typing_until_ms = 0;
        thread.messages.push(message);
        self.publish(
            page_id,
            customer,
            &Happening {
                field: "message_echoes",
                at_ms,
                from_page: true,
                by: Some(app.clone()),
                kind: "message",
                detail,
            },
        );
        if let Some(then) = &draft.then {
            self.control(page_id, customer, app, then, "", at_ms)?;
        }
        Ok(mid)
    }

    /// Does a sender action as `app`. Ownership counts here too; the window does not.
    pub fn act(
        &mut self,
        page_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        action: SenderAction,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let page = self.page(page_id)?;
        let thread = self.thread(page_id, customer)?;
        ownership::check_send(page, thread, app, now_ms)?;
        let thread = self.thread_mut(page_id, customer)?;
        match action {
            SenderAction::TypingOn => thread.typing_until_ms = now_ms + TYPING_MS,
            SenderAction::TypingOff => thread.typing_until_ms = 0,
            SenderAction::MarkSeen => thread.business_seen_ms = thread.updated_ms(),
            SenderAction::React { mid, reaction } => {
                thread.message_mut(&mid).ok_or_else(|| Refusal::of("message_too_old"))?.page_reaction =
                    Some(reaction);
            }
            SenderAction::Unreact { mid } => {
                thread.message_mut(&mid).ok_or_else(|| Refusal::of("message_too_old"))?.page_reaction = None;
            }
        }
        Ok(())
    }

    fn check(
        &self,
        page_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        draft: &Draft,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let page = self.page(page_id)?;
        let thread = self.thread(page_id, customer)?;
        ownership::check_send(page, thread, app, now_ms)?;
        window::check(page, thread, &draft.manner, now_ms)?;
        check_content(draft)?;
        if draft.reply_to.is_some() && !window::is_open(thread, now_ms) {
            return Err(Refusal::bad_parameter("reply_to is only allowed within 24 hours."));
        }
        if let Some(then) = &draft.then {
            self.check_then(page_id, customer, app, then, now_ms)?;
        }
        if thread.customer.is_reachable { Ok(()) } else { Err(Refusal::of("person_unavailable")) }
    }

    /// A hand-over inside a send is refused before anything is sent.
    fn check_then(
        &self,
        page_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        then: &ControlCall,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let page = self.page(page_id)?;
        if !page.routing.is_on() {
            return Err(Refusal::bad_parameter("thread_control needs Conversation Routing."));
        }
        if let ControlCall::Pass { target: Some(target) } = then {
            self.app(target).map_err(|_| Refusal::bad_parameter("app_id is not a known app."))?;
        }
        let mut rehearsal = self.thread(page_id, customer)?.clone();
        match then {
            ControlCall::Pass { target } => {
                ownership::pass(&page.routing, &mut rehearsal, app, target.as_ref(), now_ms)
            }
            _ => ownership::release(&mut rehearsal, app, now_ms),
        }
        .map(|_| ())
    }
}

fn check_content(draft: &Draft) -> Result<(), Refusal> {
    if draft.metadata.as_ref().is_some_and(|m| m.chars().count() >= METADATA_LIMIT) {
        return Err(Refusal::bad_parameter("metadata must be shorter than 1000 characters."));
    }
    if draft.attachments.len() > IMAGES_LIMIT {
        return Err(Refusal::bad_parameter("Too many attachments in one message."));
    }
    match (&draft.text, draft.attachments.is_empty()) {
        (Some(_), false) => Err(Refusal::bad_parameter("A message has text or attachments, not both.")),
        (None, true) => Err(Refusal::bad_parameter("The message is empty.")),
        (None, false) => Ok(()),
        (Some(text), true) if text.trim().is_empty() => {
            Err(Refusal::bad_parameter("The text of the message is empty."))
        }
        (Some(text), true) if text.chars().count() >= TEXT_LIMIT => {
            Err(Refusal::bad_parameter("The text must be shorter than 2000 characters."))
        }
        (Some(_), true) => Ok(()),
    }
}
