//! `POST /{page}/messages`: a message or a sender action (docs/meta.md 4).

use std::sync::Arc;

use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::params::{GraphCall, text_of};
use crate::sim::Sim;
use crate::world::customer::reaction;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::send::{Draft, SenderAction};
use crate::world::thread::Manner;
use crate::world::token::Token;

/// Answers the call.
pub(super) fn send(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let page = sending_page(sim, call, token)?;
    let customer = recipient(call)?;
    if let Some(action) = sender_action(call)? {
        sim.act(|world, now_ms| world.act(&page, &customer, &token.app, action, now_ms))?;
        return Ok(json!({"recipient_id": customer.as_str()}).into());
    }
    let draft = draft(call)?;
    let mid = sim.act(|world, now_ms| world.send(&page, &customer, &token.app, &draft, now_ms))?;
    Ok(json!({"recipient_id": customer.as_str(), "message_id": mid.as_str()}).into())
}

/// The Page that the call speaks for, with the right to send.
pub(super) fn sending_page(sim: &Sim, call: &GraphCall, token: &Token) -> Result<AccountId, Refusal> {
    let page = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
    if call.path[0] != "me" && call.path[0] != page.as_str() {
        return Err(Refusal::of("object_missing"));
    }
    let may = sim.look(|world, _| world.page(page).map(|p| p.may("MESSAGING")))?;
    if may { Ok(page.clone()) } else { Err(Refusal::of("permission_missing")) }
}

/// `recipient: {id}`.
pub(super) fn recipient(call: &GraphCall) -> Result<CustomerId, Refusal> {
    let recipient =
        call.object("recipient")?.ok_or_else(|| Refusal::bad_parameter("recipient is needed."))?;
    let id = recipient.get("id").and_then(text_of);
    id.map(CustomerId::from).ok_or_else(|| Refusal::bad_parameter("recipient needs an id."))
}

fn sender_action(call: &GraphCall) -> Result<Option<SenderAction>, Refusal> {
    let Some(action) = call.text("sender_action") else { return Ok(None) };
    if call.object("message")?.is_some() {
        return Err(Refusal::bad_parameter("sender_action must stand alone."));
    }
    Ok(Some(match action.as_str() {
        "typing_on" => SenderAction::TypingOn,
        "typing_off" => SenderAction::TypingOff,
        "mark_seen" => SenderAction::MarkSeen,
        "react" => {
            let payload = payload(call)?;
            let name = payload.get("reaction").and_then(Value::as_str).unwrap_or_default();
            SenderAction::React { mid: message_id(&payload)?, reaction: reaction(name, None) }
        }
        "unreact" => SenderAction::Unreact { mid: message_id(&payload(call)?)? },
        _ => return Err(Refusal::bad_parameter("Unknown sender_action.")),
    }))
}

fn payload(call: &GraphCall) -> Result<Map<String, Value>, Refusal> {
    call.object("payload")?.ok_or_else(|| Refusal::bad_parameter("payload is needed."))
}

fn message_id(payload: &Map<String, Value>) -> Result<Mid, Refusal> {
    let mid = payload.get("message_id").and_then(Value::as_str);
    mid.map(Mid::from).ok_or_else(|| Refusal::bad_parameter("payload needs a message_id."))
}

/// Reads the message; what it may say is the world's to judge.
fn draft(call: &GraphCall) -> Result<Draft, Refusal> {
    let message = call.object("message")?.unwrap_or_default();
    let text = match message.get("text") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => return Err(Refusal::bad_parameter("message.text must be text.")),
    };
    let list = |name: &str| message.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut attachments = list("attachments");
    attachments.extend(message.get("attachment").cloned());
    if attachments.iter().any(|a| a.pointer("/payload/attachment_id").is_some()) {
        return Err(Refusal::of("attachment_id_unknown"));
    }
    let reply_to = call.object("reply_to")?;
    Ok(Draft {
        manner: Manner {
            messaging_type: call.text("messaging_type").unwrap_or_else(|| "RESPONSE".into()),
            tag: call.text("tag"),
        },
        text,
        attachments,
        quick_replies: list("quick_replies"),
        metadata: message.get("metadata").and_then(Value::as_str).map(str::to_owned),
        reply_to: reply_to.and_then(|r| r.get("mid").and_then(Value::as_str).map(Mid::from)),
        then: thread_control(call)?,
    })
}

fn thread_control(call: &GraphCall) -> Result<Option<ControlCall>, Refusal> {
    let Some(control) = call.object("thread_control")? else { return Ok(None) };
    match control.get("control_type").and_then(Value::as_str).unwrap_or("release") {
        "release" => Ok(Some(ControlCall::Release)),
        "pass" => {
            let target = control.get("app_id").and_then(text_of).map(AppId::from);
            Ok(Some(ControlCall::Pass { target }))
        }
        _ => Err(Refusal::bad_parameter("control_type must be pass or release.")),
    }
}
