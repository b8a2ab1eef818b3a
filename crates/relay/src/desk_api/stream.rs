//! The one stream of a desk.
//!
//! ```text
//! opening ──(each log: resync? opened)──▶ catching up ──(nothing behind)──▶ waiting
//!                                              ▲                              │ commit · heartbeat due · mark ·
//!                                              └──────────────────────────────┘ rights changed · Meta's clock moved ·
//!                                                                                somebody came, went, looks, types
//! any ──▶ ended: desk gone · cut off · not reading · relay stops
//! ```
//!
//! It promises that every batch was read under the rights of that moment, and that entries of a log come in order
//! without a hole from `from_seq` on. It holds at most a few frames for a desk that reads slowly: positions are kept, not
//! entries, and a desk that reads nothing for a while is dropped and resumes by its cursors.

mod open;
mod teller;
mod told;

use std::convert::Infallible;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use baton_protocol::stream::StreamRequest;
use futures_util::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use self::teller::Teller;
use super::gate::{Desk, read};
use super::no::No;
use crate::state::Shared;

/// How many frames may wait for a desk.
const WAITING_FRAMES: usize = 4;

/// Opens the stream.
pub(super) async fn stream(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    body: Bytes,
) -> Result<Response, No> {
    let request: StreamRequest = read(&body)?;
    let (out, frames) = mpsc::channel::<Bytes>(WAITING_FRAMES);
    let here = shared.seen.arrives(desk.desk, &shared.clock);
    let teller = Teller::new(shared, desk, request, out);
    // It ends with its receiver, which hyper drops with the connection, and with the relay.
    tokio::spawn(async move {
        let _here = here;
        teller.tell().await;
    });
    let body = Body::from_stream(ReceiverStream::new(frames).map(Ok::<_, Infallible>));
    let headers = [
        (CONTENT_TYPE.as_str(), "text/event-stream"),
        (CACHE_CONTROL.as_str(), "no-store"),
        ("x-accel-buffering", "no"),
    ];
    Ok((headers, body).into_response())
}
