//! Codes and tokens over HTTP (docs/meta.md 1.4, 8.1).
//!
//! | call | gives |
//! |---|---|
//! | `GET` `POST oauth/access_token` with a code | a short-lived token |
//! | `… grant_type=fb_exchange_token` | a person's long-lived token |
//! | `… grant_type=client_credentials` | the app's own token |
//! | `GET access_token?grant_type=ig_exchange_token` | Instagram's long-lived token |
//! | `GET refresh_access_token?grant_type=ig_refresh_token` | the same, renewed |

use std::sync::Arc;

use baton_messenger::AppId;
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Outcome;
use super::params::GraphCall;
use crate::sim::Sim;
use crate::world::login::Issued;
use crate::world::refusals::Refusal;
use crate::world::token::{Holder, Token};

/// Whether this is a call by the app's id and secret instead of a token.
pub(super) fn is_by_secret(call: &GraphCall) -> bool {
    let path: Vec<&str> = call.path.iter().map(String::as_str).collect();
    matches!(path.as_slice(), ["oauth", "access_token"])
}

/// The app that calls, by its id and secret.
pub(super) fn caller(sim: &Sim, call: &GraphCall) -> Result<Token, Refusal> {
    let app = AppId::from(need(call, "client_id")?);
    let secret = need(call, "client_secret")?;
    sim.look(|world, _| world.check_secret(&app, &secret))?;
    Ok(Token::lasting(&app, Holder::App, 0))
}

/// `oauth/access_token`.
pub(super) fn access_token(sim: &Arc<Sim>, call: &GraphCall, caller: &Token) -> Result<Outcome, Refusal> {
    let app = &caller.app;
    match call.text("grant_type").as_deref() {
        None | Some("authorization_code") => {
            let (redirect_uri, code) = (need(call, "redirect_uri")?, need(call, "code")?);
            let issued = sim.act(|world, now_ms| world.exchange_code(app, &redirect_uri, &code, now_ms))?;
            Ok(answer(&issued).into())
        }
        Some("fb_exchange_token") => {
            let token = need(call, "fb_exchange_token")?;
            let issued = sim.act(|world, now_ms| world.lengthen(app, &token, now_ms))?;
            Ok(answer(&issued).into())
        }
        Some("client_credentials") => {
            let secret = need(call, "client_secret")?;
            Ok(json!({"access_token": format!("{app}|{secret}"), "token_type": "bearer"}).into())
        }
        Some(_) => Err(Refusal::bad_parameter("Unknown grant_type.")),
    }
}

/// `access_token` and `refresh_access_token`: Instagram's long-lived token, for the token that the call carries.
pub(super) fn instagram(sim: &Arc<Sim>, call: &GraphCall, token: &Token) -> Result<Outcome, Refusal> {
    if !matches!(token.holder, Holder::Instagram(_)) {
        return Err(Refusal::of("token_invalid"));
    }
    match (call.path[0].as_str(), call.text("grant_type").as_deref()) {
        ("access_token", Some("ig_exchange_token")) => {
            let secret = need(call, "client_secret")?;
            sim.look(|world, _| world.check_secret(&token.app, &secret))?;
        }
        ("refresh_access_token", Some("ig_refresh_token")) => {}
        _ => return Err(Refusal::bad_parameter("Unknown grant_type.")),
    }
    let text = call.token()?.to_owned();
    let issued = sim.act(|world, now_ms| world.lengthen(&token.app, &text, now_ms))?;
    Ok(json!({
        "access_token": issued.text.expose_secret(), "token_type": "bearer", "expires_in": issued.expires_in_s,
    })
    .into())
}

fn answer(issued: &Issued) -> Value {
    match &issued.account {
        // Instagram's answer names the account and no end.
        Some(account) => json!({
            "access_token": issued.text.expose_secret(), "user_id": account.as_str(),
            "permissions": "instagram_business_basic,instagram_business_manage_messages",
        }),
        None => json!({
            "access_token": issued.text.expose_secret(), "token_type": "bearer",
            "expires_in": issued.expires_in_s,
        }),
    }
}

fn need(call: &GraphCall, name: &str) -> Result<String, Refusal> {
    call.text(name).ok_or_else(|| Refusal::bad_parameter(format!("{name} is needed.")))
}
