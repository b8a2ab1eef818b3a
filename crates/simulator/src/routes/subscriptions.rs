//! Webhook subscriptions: the account's to an app, and the app's callbacks (docs/meta.md 2.1, 2.5).

use std::sync::Arc;

use axum::http::Method;
use baton_messenger::Platform;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Outcome;
use super::params::GraphCall;
use super::speaker::own;
use crate::admin;
use crate::deliver::verify_callback;
use crate::sim::Sim;
use crate::world::World;
use crate::world::account::Subscription;
use crate::world::app::{Callback, Receiver};
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};
use crate::world::topic::known_fields;

/// `/{account}/subscribed_apps`: list, subscribe, unsubscribe.
pub(super) fn account(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let account = own(call, token)?;
    if !sim.look(|world, _| world.account(account).map(|_| world.may(account, "MODERATE")))? {
        return Err(Refusal::of("permission_missing"));
    }
    match call.method {
        Method::GET => sim.look(|world, _| {
            let apps = world.account(account)?.subscriptions.iter();
            let data: Vec<Value> =
                apps.map(|(app, s)| subscribed_app(app.as_str(), &world.app_name(app), s)).collect();
            Ok(json!({ "data": data }).into())
        }),
        Method::POST => {
            let fields = call.words("subscribed_fields");
            sim.act(|world, _| admin::subscribe(world, account, &token.app, &fields))?;
            Ok(json!({"success": true}).into())
        }
        Method::DELETE => {
            sim.act(|world, _| admin::unsubscribe(world, account, &token.app))?;
            Ok(json!({"success": true}).into())
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

fn subscribed_app(id: &str, name: &str, subscription: &Subscription) -> Value {
    json!({
        "category": "Business", "link": "https://apps.example.invalid/", "name": name, "id": id,
        "subscribed_fields": subscription.fields,
    })
}

/// `/{app}/subscriptions`, with an app token: a callback is set only after it answered the challenge. Each object
/// has its own.
pub(super) async fn app(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if token.holder != Holder::App || call.path[0] != token.app.as_str() {
        return Err(Refusal::of("object_missing"));
    }
    match call.method {
        Method::GET => Ok(sim.look(|world, _| show_callbacks(world, token)).into()),
        Method::POST => set_callback(sim, call, token).await,
        Method::DELETE => {
            // Without an object every subscription goes.
            let platforms = match call.text("object") {
                Some(object) => vec![platform_of(&object)?],
                None => vec![Platform::Messenger, Platform::Instagram],
            };
            for platform in platforms {
                set_receiver(sim, token, platform, &Receiver::Nobody)?;
            }
            Ok(json!({"success": true}).into())
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

fn platform_of(object: &str) -> Result<Platform, Refusal> {
    Platform::from_object(object)
        .ok_or_else(|| Refusal::bad_parameter("object must be page or instagram here."))
}

async fn set_callback(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let need =
        |name: &str| call.text(name).ok_or_else(|| Refusal::bad_parameter(format!("{name} is needed.")));
    let platform = platform_of(&need("object")?)?;
    let url = need("callback_url")?;
    let verify_token = SecretString::from(need("verify_token")?);
    let fields = known_fields(platform, &call.words("fields"))?;
    if !verify_callback(sim.queues.client(), &url, &verify_token).await {
        return Err(Refusal::of("callback_not_verified"));
    }
    set_receiver(sim, token, platform, &Receiver::Callback(Callback { url, fields }))?;
    Ok(json!({"success": true}).into())
}

fn set_receiver(
    sim: &Arc<Sim>,
    token: &Token,
    platform: Platform,
    receiver: &Receiver,
) -> Result<(), Refusal> {
    sim.act(|world, _| match world.apps.get_mut(&token.app) {
        Some(app) => {
            app.set_receiver(platform, receiver.clone());
            Ok(())
        }
        None => Err(Refusal::of("object_missing")),
    })
}

fn show_callbacks(world: &World, token: &Token) -> Value {
    let Ok(app) = world.app(&token.app) else { return json!({"data": []}) };
    let shown = [Platform::Messenger, Platform::Instagram].into_iter().filter_map(|platform| {
        let Receiver::Callback(callback) = app.receiver(platform) else { return None };
        let fields: Vec<Value> =
            callback.fields.iter().map(|name| json!({"name": name, "version": "v26.0"})).collect();
        Some(json!({
            "object": platform.object(), "callback_url": callback.url, "active": true, "fields": fields,
        }))
    });
    json!({"data": shown.collect::<Vec<_>>()})
}
