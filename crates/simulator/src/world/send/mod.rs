//! The Send API's rules (docs/meta.md 4). Written from that page, not from our own policy.
//!
//! Order of the checks: the token (before this folder) · the account · ownership · window · content · the person.
//! The first that fails is the answer; a refused send leaves no trace.

pub(crate) mod action;
mod buttons;
pub(crate) mod content;
mod template;
pub(crate) mod upload;

use baton_messenger::id::LEAD_BOT;
use baton_messenger::{AccountId, AppId, CustomerId, Mid, Platform};
use serde_json::Value;

use super::account::Account;
use super::handover::ControlCall;
use super::refusals::Refusal;
use super::thread::{Author, Manner, Message, Thread};
use super::webhook_out::Happening;
use super::{World, new_mid, ownership, window};
use content::Wanted;

/// A message that an app wants to send.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draft {
    pub manner: Manner,
    pub text: Option<String>,
    pub attachments: Vec<Wanted>,
    pub quick_replies: Vec<Value>,
    pub metadata: Option<String>,
    pub persona: Option<String>,
    pub reply_to: Option<Mid>,
    /// `thread_control`: pass or release in the same call.
    pub then: Option<ControlCall>,
}

/// What became of a send.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub mid: Mid,
    /// The id under which its file can be sent again.
    pub attachment_id: Option<String>,
}

impl World {
    /// Sends a message as `app`. The echo is among the outgoing webhooks.
    pub fn send(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        draft: &Draft,
        now_ms: i64,
    ) -> Result<Sent, Refusal> {
        self.check_send(account, customer, app, draft, now_ms)?;
        let platform = self.account(account)?.platform;
        let author = Author::App(app.clone());
        let mut message = Message::blank(new_mid(platform), now_ms, author.clone());
        let mut attachment_id = None;
        for wanted in &draft.attachments {
            let hung = self.hang(account, wanted, now_ms)?;
            message.attachments.push(hung.attachment);
            attachment_id = attachment_id.or(hung.reusable_id);
        }
        let thread = self.thread(account, customer)?;
        message.reply_to = draft.reply_to.as_ref().map(|mid| thread.reply_to(mid, &author));
        message.text.clone_from(&draft.text);
        message.quick_replies = draft.quick_replies.iter().map(content::cut_title).collect();
        message.metadata.clone_from(&draft.metadata);
        message.persona.clone_from(&draft.persona);
        message.manner = Some(draft.manner.clone());
        let (mid, at_ms) = self.put_out(account, customer, app, message, now_ms)?;
        if let Some(then) = &draft.then {
            self.control(account, customer, app, then, "", at_ms)?;
        }
        Ok(Sent { mid, attachment_id })
    }

    /// Puts a message of the business into the thread and tells of it.
    pub(super) fn put_out(
        &mut self,
        account: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        mut message: Message,
        now_ms: i64,
    ) -> Result<(Mid, i64), Refusal> {
        let platform = self.account(account)?.platform;
        let thread = self.thread_mut(account, customer)?;
        let at_ms = now_ms.max(thread.updated_ms() + 1);
        message.at_ms = at_ms;
        let mid = message.mid.clone();
        thread.typing_until_ms = 0;
        thread.is_request = false;
        thread.messages.push(message.clone());
        let detail = self.message_detail(platform, &message, at_ms);
        self.publish(account, customer, &Happening::echo(app, detail, at_ms));
        Ok((mid, at_ms))
    }

    /// Whether this send would be accepted now.
    pub fn check_send(
        &self,
        account_id: &AccountId,
        customer: &CustomerId,
        app: &AppId,
        draft: &Draft,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        let account = self.account(account_id)?;
        check_account(account)?;
        let thread = self.thread(account_id, customer)?;
        if !ownership::may_send(&account.routing, thread, app, now_ms) {
            let is_flow =
                ownership::owner(thread, now_ms).is_some_and(|(owner, _)| owner.as_str() == LEAD_BOT);
            if is_flow {
                return Err(Refusal::of("lead_flow_running"));
            }
            return Err(Refusal::of("not_thread_owner_send"));
        }
        window::check(account, thread, &draft.manner, now_ms)?;
        self.check_content(account, draft, now_ms)?;
        if draft.reply_to.is_some() && !window::is_open(thread, now_ms) {
            return Err(Refusal::bad_parameter("reply_to is only allowed within 24 hours."));
        }
        if let Some(then) = &draft.then {
            self.check_then(account, thread, app, then, now_ms)?;
        }
        check_person(thread)
    }

    /// A hand-over inside a send is refused before anything is sent.
    fn check_then(
        &self,
        account: &Account,
        thread: &Thread,
        app: &AppId,
        then: &ControlCall,
        now_ms: i64,
    ) -> Result<(), Refusal> {
        if !account.routing.is_on() {
            return Err(Refusal::bad_parameter("thread_control needs Conversation Routing."));
        }
        if let ControlCall::Pass { target: Some(target) } = then {
            self.app(target).map_err(|_| Refusal::bad_parameter("app_id is not a known app."))?;
        }
        let mut rehearsal = thread.clone();
        match then {
            ControlCall::Pass { target } => {
                ownership::pass(&account.routing, &mut rehearsal, app, target.as_ref(), now_ms)
            }
            _ => ownership::release(&mut rehearsal, app, now_ms),
        }
        .map(|_| ())
    }
}

/// Whether the account may send or be read at all.
pub(crate) fn check_account(account: &Account) -> Result<(), Refusal> {
    if account.is_restricted {
        return Err(Refusal::of("page_restricted"));
    }
    check_readable(account)
}

/// Whether the account's messages may be reached through the API (docs/meta.md 3.3).
pub(crate) fn check_readable(account: &Account) -> Result<(), Refusal> {
    if account.platform == Platform::Instagram {
        if !account.switches.is_eligible {
            return Err(Refusal::of("ig_not_eligible"));
        }
        if !account.switches.allows_tools {
            return Err(Refusal::of("ig_access_disabled"));
        }
    }
    Ok(())
}

fn check_person(thread: &Thread) -> Result<(), Refusal> {
    let customer = &thread.customer;
    if customer.is_reachable && !customer.is_blocked {
        Ok(())
    } else {
        Err(Refusal::of("person_unavailable"))
    }
}
