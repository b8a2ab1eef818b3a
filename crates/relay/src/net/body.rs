//! Reads the whole body before a handler runs: within the cap and the deadline, or not at all.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use baton_protocol::error::{ErrorBody, ErrorCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::Deadlines;

/// The largest body, bytes. Meta sends up to 1000 updates in one POST (docs/meta.md 2.3).
const BODY_CAP: usize = 8 * 1024 * 1024;
/// How long a peer may take for a body.
pub(super) const BODY_DEADLINE: Duration = Duration::from_secs(15);

/// The middleware.
pub(crate) async fn read_body(State(deadlines): State<Deadlines>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let said = head.headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if said.is_some_and(|length| length > BODY_CAP as u64) {
        return too_large();
    }
    match tokio::time::timeout(deadlines.body, Limited::new(body, BODY_CAP).collect()).await {
        Ok(Ok(whole)) => {
            let bytes: Bytes = whole.to_bytes();
            next.run(Request::from_parts(head, Body::from(bytes))).await
        }
        Ok(Err(error)) if error.is::<LengthLimitError>() => too_large(),
        Ok(Err(_)) => last(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, "The body could not be read."),
        Err(_) => last(StatusCode::REQUEST_TIMEOUT, ErrorCode::BadRequest, "The body took too long."),
    }
}

fn too_large() -> Response {
    last(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::TooLarge, "The body is over the cap of 8 MB.")
}

/// An answer after which the rest of the request is not read.
fn last(status: StatusCode, code: ErrorCode, message: &str) -> Response {
    let body = ErrorBody { code, message: message.to_owned(), action: "Send less, and faster.".to_owned() };
    let mut response = (status, axum::Json(body)).into_response();
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}
