//! Webhook subscriptions: the Page's to an app, and the app's callback (docs/meta.md 2.1, 2.5).

use std::sync::Arc;

use axum::http::Method;
use secrecy::SecretString;
use serde_json::{Value, json};

use super::Outcome;
use super::params::GraphCall;
use crate::deliver::verify_callback;
use crate::sim::Sim;
use crate::world::World;
use crate::world::app::{Callback, Receiver, known_fields};
use crate::world::page::Subscription;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};

/// `/{page}/subscribed_apps`: list, subscribe, unsubscribe.
pub(super) fn page(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let page = token.page().ok_or_else(|| Refusal::of("object_missing"))?;
    if call.path[0] != "me" && call.path[0] != page.as_str() {
        return Err(Refusal::of("object_missing"));
    }
    if !sim.look(|world, _| world.page(page).map(|p| p.may("MODERATE")))? {
        return Err(Refusal::of("permission_missing"));
    }
    match call.method {
        Method::GET => sim.look(|world, _| {
            let page = world.page(page)?;
            let apps = page.subscriptions.iter();
            let data: Vec<Value> =
                apps.map(|(app, s)| subscribed_app(app.as_str(), &world.app_name(app), s)).collect();
            Ok(json!({ "data": data }).into())
        }),
        Method::POST => {
            let fields = known_fields(&call.words("subscribed_fields"))?;
            sim.act(|world, _| {
                let subscriptions = &mut world.page_mut(page)?.subscriptions;
                subscriptions.insert(token.app.clone(), Subscription { fields, failing_since_ms: None });
                Ok(json!({"success": true}).into())
            })
        }
        Method::DELETE => sim.act(|world, _| {
            world.page_mut(page)?.subscriptions.remove(&token.app);
            Ok(json!({"success": true}).into())
        }),
        _ => Err(Refusal::of("unknown_path")),
    }
}

fn subscribed_app(id: &str, name: &str, subscription: &Subscription) -> Value {
    json!({
        "category": "Business", "link": "https://apps.example.invalid/", "name": name, "id": id,
        "subscribed_fields": subscription.fields,
    })
}

/// `/{app}/subscriptions`, with an app token: the callback is set only after it answered the challenge.
pub(super) async fn app(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if token.holder != Holder::App || call.path[0] != token.app.as_str() {
        return Err(Refusal::of("object_missing"));
    }
    match call.method {
        Method::GET => Ok(sim.look(|world, _| show_callback(world, token)).into()),
        Method::POST => set_callback(sim, call, token).await,
        Method::DELETE => {
            set_receiver(sim, token, Receiver::Nobody)?;
            Ok(json!({"success": true}).into())
        }
        _ => Err(Refusal::of("unknown_path")),
    }
}

async fn set_callback(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    let need =
        |name: &str| call.text(name).ok_or_else(|| Refusal::bad_parameter(format!("{name} is needed.")));
    if need("object")? != "page" {
        return Err(Refusal::bad_parameter("Only object page can be subscribed here."));
    }
    let url = need("callback_url")?;
    let verify_token = SecretString::from(need("verify_token")?);
    let fields = known_fields(&call.words("fields"))?;
    if !verify_callback(sim.queues.client(), &url, &verify_token).await {
        return Err(Refusal::of("callback_not_verified"));
    }
    set_receiver(sim, token, Receiver::Callback(Callback { url, fields }))?;
    Ok(json!({"success": true}).into())
}

fn set_receiver(sim: &Arc<Sim>, token: &Token, receiver: Receiver) -> Result<(), Refusal> {
    sim.act(|world, _| match world.apps.get_mut(&token.app) {
        Some(app) => {
            app.receiver = receiver;
            Ok(())
        }
        None => Err(Refusal::of("object_missing")),
    })
}

fn show_callback(world: &World, token: &Token) -> Value {
    match world.app(&token.app).map(|a| &a.receiver) {
        Ok(Receiver::Callback(callback)) => {
            let fields: Vec<Value> =
                callback.fields.iter().map(|name| json!({"name": name, "version": "v26.0"})).collect();
            json!({"data": [
                {"object": "page", "callback_url": callback.url, "active": true, "fields": fields}
            ]})
        }
        _ => json!({"data": []}),
    }
}
