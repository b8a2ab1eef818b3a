//! The listener: plain HTTP on one address, until told to stop.
//!
//! Its own accept loop, because an answer must be able to *not* be sent: a response marked [`Cut`] closes the
//! connection instead, which is what a network does at the worst moment.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::routes::{Cut, Peer};
use crate::sim::Sim;

#[derive(Debug, thiserror::Error)]
#[error("the connection was cut on purpose")]
struct CutOnPurpose;

/// Serves until the simulator stops.
pub(crate) async fn serve(sim: Arc<Sim>, listener: TcpListener, router: Router) {
    loop {
        let accepted = tokio::select! {
            () = sim.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, peer)) = accepted else { continue };
        let stop = sim.stop.clone();
        let router = router.clone();
        sim.tasks.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = connection(stream, Peer(peer), router) => {}
            }
        });
    }
}

async fn connection(stream: TcpStream, peer: Peer, router: Router) {
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        let router = router.clone();
        request.extensions_mut().insert(peer);
        async move {
            let answered: Result<_, Infallible> = router.oneshot(request.map(Body::new)).await;
            let response = match answered {
                Ok(response) => response,
                Err(never) => match never {},
            };
            if response.extensions().get::<Cut>().is_some() { Err(CutOnPurpose) } else { Ok(response) }
        }
    });
    let mut server = hyper::server::conn::http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(std::time::Duration::from_secs(30));
    if let Err(error) = server.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a connection ended early");
    }
}
