//! The loopback browser host of the page, only for tests and work on the page.
//!
//! It answers the same commands as the window, over HTTP: `POST /api/call/{name}` and server-sent notices at
//! `/api/notices`; media are at `/media/{id}`, and files come in at `POST /api/attach`. It listens on loopback only and refuses requests that another site's page could have caused: the
//! `Host` must be the address it listens on, and a call must carry JSON, or bytes that say that they are nothing else, which
//! a foreign page cannot send unasked.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path as UrlPath, RawQuery, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use baton_commands::files::MOST_BYTES;
use baton_commands::{Answering, files};
use futures_util::{Stream, StreamExt};
use serde_json::Value;
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

/// The router of the host: the page from `page_dir`, its commands and its notices.
pub fn router(desk: Arc<Answering>, page_dir: &Path, address: SocketAddr) -> Router {
    Router::new()
        .route("/api/call/{name}", post(call))
        .route("/api/attach", post(attach).layer(DefaultBodyLimit::max(MOST_BYTES)))
        .route("/api/notices", get(notices))
        .route("/media/{id}", get(media))
        .with_state(desk)
        .fallback_service(ServeDir::new(page_dir))
        .layer(from_fn_with_state(address, only_own_host))
}

/// Serves the page of one desk at this listener until `end`.
///
/// # Errors
/// When the listener has no address or fails.
pub async fn serve(
    listener: TcpListener,
    desk: Arc<Answering>,
    page_dir: &Path,
    end: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let address = listener.local_addr()?;
    axum::serve(listener, router(desk, page_dir, address)).with_graceful_shutdown(end).await
}

async fn call(
    State(desk): State<Arc<Answering>>,
    UrlPath(name): UrlPath<String>,
    Json(request): Json<Value>,
) -> Response {
    match baton_commands::dispatch(&desk, &name, request).await {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn attach(State(desk): State<Arc<Answering>>, asked: HeaderMap, body: Bytes) -> Response {
    let said = |name: &str| asked.get(name).and_then(|value| value.to_str().ok());
    if said(header::CONTENT_TYPE.as_str()) != Some("application/octet-stream") {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    match files::attach(&desk, said(files::HEADER), &body).await {
        Ok(file) => Json(file).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response(),
    }
}

async fn notices(State(desk): State<Arc<Answering>>) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let events = desk
        .notices()
        .filter_map(|notice| async move { Event::default().json_data(notice).ok().map(Ok::<_, Infallible>) });
    Sse::new(events).keep_alive(KeepAlive::default())
}

async fn media(
    State(desk): State<Arc<Answering>>,
    UrlPath(id): UrlPath<String>,
    RawQuery(query): RawQuery,
    asked: HeaderMap,
) -> Response {
    let range = asked.get(header::RANGE).and_then(|range| range.to_str().ok());
    let answer = desk.serve_media(&id, query.as_deref(), range).await;
    // A page of another site must not show what is on this desk.
    let mut built =
        Response::builder().status(answer.status).header("Cross-Origin-Resource-Policy", "same-origin");
    for (name, value) in answer.headers {
        built = built.header(name, value);
    }
    built.body(answer.body.into()).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// A page of another site can make a browser call this address under another name; such a call has another `Host`.
async fn only_own_host(State(address): State<SocketAddr>, request: Request, next: Next) -> Response {
    let host = request.headers().get(header::HOST).and_then(|h| h.to_str().ok());
    let names = [address.to_string(), format!("localhost:{}", address.port())];
    if host.is_some_and(|host| names.iter().any(|name| name == host)) {
        next.run(request).await
    } else {
        (StatusCode::FORBIDDEN, "This host answers only under its own address.").into_response()
    }
}
