//! The line between a desk and its relay, on which older entries can be held up. On one machine a hole is filled faster than
//! anybody could look at it.

use std::net::Ipv4Addr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::any;
use baton_protocol::routes;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// A line to a relay. Everything passes, until older entries are held up.
#[derive(Debug)]
pub struct Line {
    address: String,
    ends: Arc<Ends>,
    carrying: JoinHandle<()>,
}

#[derive(Debug)]
struct Ends {
    relay: String,
    http: reqwest::Client,
    /// How many answers with older entries may pass; none while nothing is held up.
    older: watch::Sender<Option<u64>>,
}

impl Line {
    /// A line to the relay at this address.
    ///
    /// # Errors
    /// When the system has no port for it.
    pub async fn to(relay: &str) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let http = reqwest::Client::builder().no_proxy().build()?;
        let ends = Arc::new(Ends { relay: relay.to_owned(), http, older: watch::Sender::new(None) });
        let router = Router::new()
            .route(routes::ENTRIES, any(older))
            .route(routes::BLOCK, any(older))
            .fallback(other)
            .with_state(Arc::clone(&ends));
        let carrying = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Ok(Self { address, ends, carrying })
    }

    /// Where desks reach the relay through it.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// From now on older entries come only as they are let through.
    pub fn holds_older(&self) {
        self.ends.older.send_replace(Some(0));
    }

    /// Lets so many more pages or blocks of older entries through.
    pub fn lets_through(&self, answers: u64) {
        self.ends.older.send_modify(|left| *left = left.map(|left| left + answers));
    }

    /// Everything passes again.
    pub fn opens(&self) {
        self.ends.older.send_replace(None);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.carrying.abort();
    }
}

async fn other(State(ends): State<Arc<Ends>>, request: Request) -> Response {
    ends.carry(request).await.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}

async fn older(State(ends): State<Arc<Ends>>, request: Request) -> Response {
    ends.older_may_pass().await;
    other(State(ends), request).await
}

impl Ends {
    async fn older_may_pass(&self) {
        let mut changes = self.older.subscribe();
        loop {
            let mut may_pass = false;
            self.older.send_if_modified(|left| {
                may_pass = *left != Some(0);
                *left = left.map(|left| left.saturating_sub(1));
                // Nobody else may pass for that.
                false
            });
            if may_pass || changes.changed().await.is_err() {
                return;
            }
        }
    }

    async fn carry(&self, request: Request) -> anyhow::Result<Response> {
        let (asked, body) = request.into_parts();
        let path = asked.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut headers = of_both_ends(asked.headers);
        headers.remove(HOST);
        headers.remove(CONTENT_LENGTH);
        let call = self.http.request(asked.method, format!("{}{path}", self.relay));
        let answer = call.headers(headers).body(to_bytes(body, usize::MAX).await?).send().await?;
        let (status, headers) = (answer.status(), of_both_ends(answer.headers().clone()));
        let mut carried = Response::new(Body::from_stream(answer.bytes_stream()));
        *carried.status_mut() = status;
        *carried.headers_mut() = headers;
        Ok(carried)
    }
}

/// Without what is said of one connection alone.
fn of_both_ends(mut headers: HeaderMap) -> HeaderMap {
    headers.remove(CONNECTION);
    headers.remove(TRANSFER_ENCODING);
    headers
}
