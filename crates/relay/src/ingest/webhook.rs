//! One POST of Meta.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use baton_messenger::signature::{self, SignatureError};
use baton_messenger::webhook;
use secrecy::ExposeSecret;

use crate::log::{Appended, LogError, WebhookBatch};
use crate::state::Shared;

const SIGNATURE: &str = "x-hub-signature-256";

/// Verifies, keeps, answers.
pub(super) async fn webhook(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(why) = verify(&shared, &headers, &body) {
        shared.refused.count(reason(why));
        tracing::warn!(reason = reason(why), bytes = body.len(), "a webhook was refused: {why}");
        return (StatusCode::FORBIDDEN, why.to_string()).into_response();
    }
    if is_message_of_a_proof(&body) {
        shared.refused.count("signature_of_a_proof");
        tracing::warn!("a webhook was refused: it is what a proof for a desk signs");
        return (StatusCode::FORBIDDEN, "This is not a webhook.").into_response();
    }
    let batch = match webhook::parse(&body) {
        Ok(delivery) => WebhookBatch::Events(delivery.events),
        Err(error) => {
            tracing::error!(
                bytes = body.len(),
                "a signed webhook could not be read and is kept in quarantine: {}",
                describe(&error)
            );
            WebhookBatch::Unreadable { body: body.to_vec() }
        }
    };
    match shared.log.append_webhook(batch, shared.meta_or_wall_ms()).await {
        Ok(appended) => {
            tell(&appended);
            (StatusCode::OK, "EVENT_RECEIVED").into_response()
        }
        Err(error) => {
            shared.refused.count("log_unavailable");
            not_stored(&error)
        }
    }
}

fn verify(shared: &Shared, headers: &HeaderMap, body: &[u8]) -> Result<(), SignatureError> {
    let secrets: Vec<&[u8]> =
        shared.app_secrets.iter().map(|secret| secret.expose_secret().as_bytes()).collect();
    let header = headers.get(SIGNATURE).map(axum::http::HeaderValue::as_bytes);
    signature::verify(&secrets, header, body)
}

/// The one thing besides webhooks that this secret signs, for desks: a token, a bar and seconds. Whoever got a proof could
/// otherwise put that into quarantine.
fn is_message_of_a_proof(body: &[u8]) -> bool {
    let Some(bar) = body.iter().rposition(|byte| *byte == b'|') else { return false };
    let (token, seconds) = (&body[..bar], &body[bar + 1..]);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    token.iter().all(is_token) && seconds.iter().all(u8::is_ascii_digit)
}

fn reason(why: SignatureError) -> &'static str {
    match why {
        SignatureError::Missing => "signature_missing",
        SignatureError::Malformed => "signature_malformed",
        SignatureError::Mismatch => "signature_mismatch",
    }
}

/// Where reading stopped, without what was read.
fn describe(error: &webhook::DeliveryError) -> String {
    match error {
        webhook::DeliveryError::NotJson(error) => {
            format!("it is not JSON from line {} column {} on", error.line(), error.column())
        }
        webhook::DeliveryError::NotADelivery(member) => format!("it has no `{member}`"),
    }
}

fn tell(appended: &Appended) {
    tracing::debug!(new = appended.new, repeated = appended.repeated, "a webhook was stored");
    for (reason, events) in &appended.quarantined {
        tracing::error!(reason, events, "signed events have no place in a log and are kept in quarantine");
    }
    if appended.redacted > 0 {
        tracing::info!(entries = appended.redacted, "a message was taken back and its text removed");
    }
}

fn not_stored(error: &LogError) -> Response {
    tracing::error!(%error, "a webhook could not be stored; Meta will send it again");
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "5")], "The relay cannot store now.").into_response()
}
