//! The login dialog: the page on which a person grants accounts to an app, `/dialog/oauth` and, for Instagram's own
//! login, `/oauth/authorize` (docs/meta.md 1.3, 8.1). It needs no script.
//!
//! The answer goes to the app's address as Meta sends it: `code` and `state`, or `error=access_denied`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{StatusCode, header};
use axum::middleware::from_fn;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use baton_messenger::{AccountId, AppId};
use serde::Deserialize;
use url::Url;

use super::control::Shared;
use super::peer::only_this_machine;
use crate::sim::Sim;
use crate::world::World;
use crate::world::account::Account;
use crate::world::login::LoginKind;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;background:#f0f2f5;color:#1c1e21;margin:0;display:grid;\
    min-height:100vh;place-items:center}main{background:#fff;border-radius:12px;padding:28px 32px;width:min(420px,90vw);\
    box-shadow:0 2px 12px #0002}h1{font-size:20px;margin:0 0 4px}p{margin:0 0 16px;color:#65676b}\
    label{display:block;padding:8px 0;border-top:1px solid #e4e6eb}small{color:#65676b}\
    button{font:inherit;border:0;border-radius:8px;padding:10px 18px;margin:16px 8px 0 0;background:#e4e6eb}\
    button[value=continue]{background:#1b74e4;color:#fff}";

pub(super) fn router() -> Router<Arc<Sim>> {
    let with_version = |path: &str| format!("/{{version}}{path}");
    Router::new()
        .route("/dialog/oauth", get(facebook))
        .route(&with_version("/dialog/oauth"), get(facebook))
        .route("/oauth/authorize", get(instagram))
        .route("/dialog/answer", post(answer).layer(from_fn(only_this_machine)))
}

#[derive(Deserialize)]
struct Ask {
    client_id: Option<AppId>,
    redirect_uri: Option<String>,
    #[serde(default)]
    state: String,
}

async fn facebook(State(sim): Shared, Query(ask): Query<Ask>) -> Response {
    dialog(&sim, &ask, LoginKind::Facebook)
}

async fn instagram(State(sim): Shared, Query(ask): Query<Ask>) -> Response {
    dialog(&sim, &ask, LoginKind::Instagram)
}

fn dialog(sim: &Sim, ask: &Ask, kind: LoginKind) -> Response {
    let (Some(app), Some(redirect_uri)) = (&ask.client_id, &ask.redirect_uri) else {
        return refused("client_id and redirect_uri are needed.");
    };
    sim.look(|world, _| {
        if let Err(why) = check_address(world, app, redirect_uri) {
            return refused(why);
        }
        page(world, app, redirect_uri, &ask.state, kind)
    })
}

/// Only addresses that the app's settings allow: those set there, else secure ones and this machine.
fn check_address(world: &World, app: &AppId, redirect_uri: &str) -> Result<(), &'static str> {
    let app = world.app(app).map_err(|_| "There is no such app.")?;
    let url = Url::parse(redirect_uri).map_err(|_| "redirect_uri is no address.")?;
    let is_set = app.redirects.iter().any(|known| known == redirect_uri);
    let is_safe = url.scheme() == "https"
        || matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]")) && url.scheme() == "http";
    match (app.redirects.is_empty(), is_set, is_safe) {
        (false, false, _) => Err("URL blocked: this redirect is not among the app's valid addresses."),
        (_, _, false) => Err("URL blocked: the redirect must use https."),
        _ => Ok(()),
    }
}

fn page(world: &World, app: &AppId, redirect_uri: &str, state: &str, kind: LoginKind) -> Response {
    let name = escape(&world.app_name(app));
    let accounts = world.accounts.values().filter(|a| a.is_instagram() == (kind == LoginKind::Instagram));
    let choices = accounts.enumerate().fold(String::new(), |mut list, (at, account)| {
        let _ = list.write_str(&choice(account, kind, at == 0));
        list
    });
    let kind_name = if kind == LoginKind::Instagram { "instagram" } else { "facebook" };
    let hidden =
        [("client_id", app.as_str()), ("redirect_uri", redirect_uri), ("state", state), ("kind", kind_name)];
    let hidden = hidden.iter().fold(String::new(), |mut all, (name, value)| {
        let _ = write!(all, r#"<input type="hidden" name="{name}" value="{}">"#, escape(value));
        all
    });
    let html = format!(
        r#"<!doctype html><html lang="en"><meta charset="utf-8"><title>Log in</title><style>{STYLE}</style>
<main><h1>{name} asks for access</h1><p>Choose what it may answer for. This is the simulator, not Meta.</p>
<form method="post" action="/dialog/answer">{hidden}{choices}
<button name="answer" value="continue" data-test="login-continue">Continue</button>
<button name="answer" value="cancel" data-test="login-cancel">Cancel</button></form></main></html>"#
    );
    let policy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'";
    let headers = [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::CACHE_CONTROL, "no-store"),
        // The address holds the state, which is nobody else's.
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (headers, Html(html)).into_response()
}

fn choice(account: &Account, kind: LoginKind, is_first: bool) -> String {
    let (input, checked) = match kind {
        LoginKind::Facebook => ("checkbox", true),
        LoginKind::Instagram => ("radio", is_first),
    };
    let (id, checked) = (escape(account.id.as_str()), if checked { " checked" } else { "" });
    let shown = escape(account.username.as_deref().unwrap_or(&account.name));
    format!(
        r#"<label><input type="{input}" name="account" value="{id}"{checked} data-test="login-{id}"> {shown} <small>{id}</small></label>"#
    )
}

/// What the form sends; `account` stands there once per choice.
async fn answer(State(sim): Shared, Form(fields): Form<Vec<(String, String)>>) -> Response {
    let one = |name: &str| fields.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str());
    let (app, redirect_uri) = (AppId::from(one("client_id")), one("redirect_uri").to_owned());
    if let Err(why) = sim.look(|world, _| check_address(world, &app, &redirect_uri)) {
        return refused(why);
    }
    let Ok(mut back) = Url::parse(&redirect_uri) else { return refused("redirect_uri is no address.") };
    let kind = if one("kind") == "instagram" { LoginKind::Instagram } else { LoginKind::Facebook };
    if one("answer") == "continue" {
        let chosen = fields.iter().filter(|(name, _)| name == "account");
        let granted: BTreeSet<AccountId> = chosen.map(|(_, id)| AccountId::from(id.as_str())).collect();
        let code = sim.act(|world, now_ms| world.grant(&app, kind, &redirect_uri, granted, now_ms));
        match code {
            Ok(code) => back.query_pairs_mut().append_pair("code", &code),
            Err(refusal) => return refused(&refusal.text),
        };
    } else {
        back.query_pairs_mut()
            .append_pair("error", "access_denied")
            .append_pair("error_reason", "user_denied")
            .append_pair("error_description", "Permissions error");
    }
    if !one("state").is_empty() {
        back.query_pairs_mut().append_pair("state", one("state"));
    }
    Redirect::to(back.as_str()).into_response()
}

fn refused(why: &str) -> Response {
    let html =
        format!("<!doctype html><meta charset=\"utf-8\"><title>Not possible</title><p>{}</p>", escape(why));
    (StatusCode::BAD_REQUEST, Html(html)).into_response()
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
