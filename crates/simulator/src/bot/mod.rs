//! Teabot: another connected app, inside the simulator.
//!
//! It answers what customers write while it owns their thread, shows something to press to whoever asks for it, and passes
//! control to our app when somebody asks for a person, with a note of what was said. It sends and passes by the same rules as every app and can be
//! refused like any. It keeps quiet in threads of others, and on Pages without routing unless told otherwise.

mod shown;
mod talk;

use std::sync::Arc;
use std::time::Duration;

use baton_messenger::{AccountId, AppId, CustomerId};
use serde_json::{Value, json};

use crate::clock::DAY_MS;
use crate::journal::Call;
use crate::sim::Sim;
use crate::world::handover::ControlCall;
use crate::world::refusals::Refusal;
use crate::world::send::Draft;
use crate::world::send::action::SenderAction;
use crate::world::send::content::Wanted;
use crate::world::thread::Manner;
use crate::world::webhook_out::{Delivery, List};
use talk::Move;

/// The bot's app id.
pub(crate) const BOT_APP: &str = "700555666777888";
/// The bot's name.
pub(crate) const BOT_NAME: &str = "Teabot";

/// How the bot behaves.
#[derive(Debug, Clone)]
pub(crate) struct BotSettings {
    /// How long it thinks before it answers, real time.
    pub pause: Duration,
    /// Whether it also answers where any app may.
    pub answers_without_routing: bool,
}

/// A webhook reaches the bot.
pub(crate) async fn hears(sim: &Arc<Sim>, delivery: &Delivery) {
    let Some(customer) = &delivery.customer else { return };
    if delivery.list != List::Messaging || sim.load.is_running() {
        return;
    }
    let message = delivery.event.get("message").or_else(|| delivery.event.get("postback"));
    let Some(message) = message.filter(|m| m.get("is_echo").is_none()) else { return };
    let Some(text) = message.get("text").or_else(|| message.get("title")).and_then(Value::as_str) else {
        return;
    };
    let has_default_app = sim
        .look(|world, _| world.account(&delivery.account).is_ok_and(|a| a.routing.default_app().is_some()));
    if !has_default_app && !sim.bot.answers_without_routing {
        return;
    }
    let bot = AppId::from(BOT_APP);
    let _ =
        sim.act(|world, now_ms| world.act(&delivery.account, customer, &bot, SenderAction::TypingOn, now_ms));
    tokio::time::sleep(sim.bot.pause).await;
    answer(sim, &bot, &delivery.account, customer, text);
}

fn answer(sim: &Arc<Sim>, bot: &AppId, page: &AccountId, customer: &CustomerId, text: &str) {
    let said = recent_words(sim, page, customer);
    match talk::reply_to(text, &said) {
        Move::Answer(words) => {
            let _ = say(sim, bot, page, customer, &json!({"text": words}));
        }
        Move::Show(shown) => {
            let pictures = sim.act(|world, now_ms| -> Vec<Option<String>> {
                (0..shown.pictures()).map(|_| world.picture_link(now_ms)).collect()
            });
            let _ = say(sim, bot, page, customer, &shown.message(&pictures));
        }
        Move::PassOn { words, note } => {
            if say(sim, bot, page, customer, &json!({"text": words})).is_ok() {
                pass_on(sim, bot, page, customer, &note);
            }
        }
    }
}

/// What the customer wrote within the last day, oldest first.
fn recent_words(sim: &Sim, page: &AccountId, customer: &CustomerId) -> Vec<String> {
    sim.look(|world, now_ms| {
        let Ok(thread) = world.thread(page, customer) else { return Vec::new() };
        let recent = thread.messages.iter().filter(|m| m.is_from_customer() && now_ms - m.at_ms < DAY_MS);
        recent.filter_map(|m| m.text.clone()).collect()
    })
}

fn say(
    sim: &Arc<Sim>,
    bot: &AppId,
    page: &AccountId,
    customer: &CustomerId,
    message: &Value,
) -> Result<(), Refusal> {
    let template = message.pointer("/attachment/payload").cloned();
    let draft = Draft {
        manner: Manner { messaging_type: "RESPONSE".into(), tag: None },
        text: message.get("text").and_then(Value::as_str).map(str::to_owned),
        attachments: template.map(Wanted::Template).into_iter().collect(),
        quick_replies: message.get("quick_replies").and_then(Value::as_array).cloned().unwrap_or_default(),
        ..Draft::default()
    };
    let result = sim.act(|world, now_ms| world.send(page, customer, bot, &draft, now_ms));
    let params = json!({
        "recipient": {"id": customer.as_str()}, "messaging_type": "RESPONSE", "message": message,
    });
    let sent = result.map(|sent| json!({"recipient_id": customer.as_str(), "message_id": sent.mid.as_str()}));
    note_call(sim, bot, format!("/{page}/messages"), params, sent)
}

fn pass_on(sim: &Arc<Sim>, bot: &AppId, page: &AccountId, customer: &CustomerId, note: &str) {
    let call = ControlCall::Pass { target: Some(sim.desk_app.clone()) };
    let result = sim.act(|world, now_ms| world.control(page, customer, bot, &call, note, now_ms));
    let params = json!({
        "recipient": {"id": customer.as_str()}, "target_app_id": sim.desk_app.as_str(), "metadata": note,
    });
    let passed = result.map(|()| json!({"success": true}));
    let _ = note_call(sim, bot, format!("/{page}/pass_thread_control"), params, passed);
}

fn note_call(
    sim: &Sim,
    bot: &AppId,
    path: String,
    params: Value,
    result: Result<Value, Refusal>,
) -> Result<(), Refusal> {
    let (status, answer) = match &result {
        Ok(answer) => (200, answer.clone()),
        Err(refusal) => (refusal.status, refusal.body("A0")),
    };
    let at_ms = sim.clock.now_ms();
    sim.note_call(|number| Call {
        number,
        at_ms,
        app_id: Some(bot.clone()),
        method: "POST".into(),
        path,
        version: None,
        params,
        status: Some(status),
        answer,
        ended_ms: Some(at_ms),
        faults: Vec::new(),
    });
    result.map(|_| ())
}
