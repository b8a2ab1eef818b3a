//! Who is calling. The control API and the phone are for this machine only, and for pages we served ourselves.

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// The other end of the connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub SocketAddr);

/// Refuses callers from other machines, other names for this machine, and other sites' pages.
pub(crate) async fn only_this_machine(request: Request<Body>, next: Next) -> Response {
    let is_local = request.extensions().get::<Peer>().is_some_and(|peer| peer.0.ip().is_loopback());
    if !is_local || !is_own_page(request.headers()) {
        return (StatusCode::FORBIDDEN, "Only for this machine.").into_response();
    }
    next.run(request).await
}

fn is_own_page(headers: &HeaderMap) -> bool {
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let Some(host) = text(header::HOST) else { return true };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let is_loopback_name = matches!(name, "127.0.0.1" | "localhost" | "[::1]");
    let is_same_origin = text(header::ORIGIN).is_none_or(|origin| origin == format!("http://{host}"));
    is_loopback_name && is_same_origin
}
