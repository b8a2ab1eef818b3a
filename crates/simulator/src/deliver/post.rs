//! The HTTP side of webhooks: one signed POST, and the handshake that verifies a callback (docs/meta.md 2.1, 2.2).

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use uuid::Uuid;

use crate::escape::ascii_json;
use crate::sign::{hub_sha1, hub_sha256};

/// The version that webhooks are written in.
const WEBHOOK_VERSION: &str = "v26.0";

/// Sends one body; `None` when no answer came. A forged one is signed with another secret.
pub(crate) async fn post(
    client: &reqwest::Client,
    url: &str,
    secret: &SecretString,
    envelope: &Value,
    is_forged: bool,
) -> Option<u16> {
    let body = ascii_json(envelope);
    let forger = SecretString::from("not the secret of this app");
    let secret = if is_forged { &forger } else { secret };
    let answer = client
        .post(url)
        .header("Content-Type", "application/json")
        .header("Accept-Encoding", "deflate, gzip")
        .header("X-Hub-Signature", hub_sha1(secret, &body))
        .header("X-Hub-Signature-256", hub_sha256(secret, &body))
        .header("Facebook-API-Version", WEBHOOK_VERSION)
        .body(body)
        .send()
        .await;
    answer.ok().map(|answer| answer.status().as_u16())
}

/// Whether the callback answers the challenge as it must: 200 with the challenge as the whole body.
pub(crate) async fn verify_callback(client: &reqwest::Client, url: &str, token: &SecretString) -> bool {
    let challenge = (Uuid::new_v4().as_u128() % 10_000_000_000).to_string();
    let query = [
        ("hub.mode", "subscribe"),
        ("hub.challenge", challenge.as_str()),
        ("hub.verify_token", token.expose_secret()),
    ];
    let Ok(answer) = client.get(url).query(&query).send().await else { return false };
    answer.status().as_u16() == 200 && answer.text().await.is_ok_and(|body| body == challenge)
}
