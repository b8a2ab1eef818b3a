//! `POST /{page}/messages`: a message or a sender action (docs/meta.md 4).

use std::sync::Arc;

use baton_messenger::{AppId, Mid};
use serde_json::{Map, Value, json};

use super::Outcome;
use super::attach;
use super::params::{GraphCall, text_of};
use super::speaker::{messaging, recipient};
use crate::sim::Sim;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::send::action::SenderAction;
use crate::world::send::{Draft, Sent};
use crate::world::thread::Manner;
use crate::world::token::Token;

/// Answers the call.
pub(super) async fn send(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let speaker = messaging(sim, call, token)?;
    let customer = recipient(call)?;
    let account = sim.look(|world, _| world.account_with(&speaker, &customer))?;
    if let Some(action) = sender_action(call)? {
        sim.act(|world, now_ms| world.act(&account, &customer, &token.app, action, now_ms))?;
        return Ok(json!({"recipient_id": customer.as_str()}).into());
    }
    let mut draft = draft(call)?;
    sim.look(|world, now_ms| world.check_send(&account, &customer, &token.app, &draft, now_ms))?;
    attach::fetch_all(sim, &mut draft.attachments).await?;
    let sent = sim.act(|world, now_ms| world.send(&account, &customer, &token.app, &draft, now_ms))?;
    Ok(answer(customer.as_str(), &sent).into())
}

fn answer(recipient: &str, sent: &Sent) -> Value {
    let mut answer = json!({"recipient_id": recipient, "message_id": sent.mid.as_str()});
    if let Some(id) = &sent.attachment_id {
        answer["attachment_id"] = id.as_str().into();
    }
    answer
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
            let name = payload.get("reaction").and_then(Value::as_str).unwrap_or_default().to_owned();
            SenderAction::React { mid: message_id(&payload)?, name }
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
    let reply_to = call.object("reply_to")?;
    Ok(Draft {
        manner: Manner {
            messaging_type: call.text("messaging_type").unwrap_or_else(|| "RESPONSE".into()),
            tag: call.text("tag"),
        },
        text,
        attachments: attach::wanted(call, &message)?,
        quick_replies: message.get("quick_replies").and_then(Value::as_array).cloned().unwrap_or_default(),
        metadata: message.get("metadata").and_then(Value::as_str).map(str::to_owned),
        persona: call.text("persona_id"),
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
