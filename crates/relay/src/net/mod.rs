//! The two listeners: our own accept loop on hyper, with deadlines on everything a peer could hold open.
//!
//! ```text
//! accept ──(over the cap: closed at once)──▶ connection ──▶ head within 10 s ──▶ body within 15 s, 8 MB ──▶ answer
//!                                              ▲                                                            │
//!                                              └───────────── kept alive, idle at most 10 s ────────────────┘
//! a write that makes no progress for 20 s ends the connection, a stream included
//! ```

mod body;
mod stalled;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

pub(crate) use body::read_body;
use stalled::Stalled;

/// How long a peer may take for a request's head, and how long it may idle between requests.
const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// How long a write may make no progress.
const WRITE_DEADLINE: Duration = Duration::from_secs(20);
/// How long open requests may take to finish when the relay stops.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// A listener that accepts.
#[derive(Debug)]
pub(crate) struct Listener {
    pub(crate) addr: SocketAddr,
    tracker: TaskTracker,
}

/// Deadlines of one listener; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// For the head of a request, and between requests.
    pub head: Duration,
    /// For the body of a request.
    pub body: Duration,
    /// For a write that makes no progress.
    pub write: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { head: HEAD_DEADLINE, body: body::BODY_DEADLINE, write: WRITE_DEADLINE }
    }
}

/// Accepts connections until `stop`.
pub(crate) fn serve(
    listener: TcpListener,
    router: Router,
    most_connections: usize,
    deadlines: Deadlines,
    stop: CancellationToken,
) -> std::io::Result<Listener> {
    let addr = listener.local_addr()?;
    let tracker = TaskTracker::new();
    let router = router.layer(axum::middleware::from_fn_with_state(deadlines, read_body));
    tracker.spawn(accept(
        listener,
        router,
        Arc::new(Semaphore::new(most_connections)),
        deadlines,
        stop,
        tracker.clone(),
    ));
    Ok(Listener { addr, tracker })
}

impl Listener {
    /// Waits until all connections ended, or for the grace time.
    pub(crate) async fn stopped(&self) {
        self.tracker.close();
        let _ = tokio::time::timeout(STOP_GRACE, self.tracker.wait()).await;
    }
}

async fn accept(
    listener: TcpListener,
    router: Router,
    room: Arc<Semaphore>,
    deadlines: Deadlines,
    stop: CancellationToken,
    tracker: TaskTracker,
) {
    let mut is_full = false;
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let stream = match accepted {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Out of file descriptors, mostly: connections that end make room.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let Ok(place) = room.clone().try_acquire_owned() else {
            if !is_full {
                tracing::warn!("too many connections are open; new ones are closed at once");
            }
            is_full = true;
            continue;
        };
        is_full = false;
        let (router, stop) = (router.clone(), stop.clone());
        tracker.spawn(async move {
            converse(stream, router, deadlines, stop).await;
            drop(place);
        });
    }
}

async fn converse(stream: TcpStream, router: Router, deadlines: Deadlines, stop: CancellationToken) {
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(Stalled::new(stream, deadlines.write));
    let service =
        TowerToHyperService::new(router.map_request(|request: hyper::Request<hyper::body::Incoming>| {
            request.map(axum::body::Body::new)
        }));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(deadlines.head)
        .max_buf_size(64 * 1024)
        .keep_alive(true)
        .serve_connection(io, service);
    tokio::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        () = stop.cancelled() => connection.as_mut().graceful_shutdown(),
    }
    let _ = tokio::time::timeout(STOP_GRACE, connection).await;
}
