//! Serves the bare page, hears what it tells, and is the bare pipeline: what is posted is synced and then sent to the page.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::sse::{Event, Sse};
use axum::routing::{get, post};
use axum::{Json, Router};
use futures_util::Stream;
use serde::Deserialize;
use serde_json::Value as Json_;
use tokio::sync::{broadcast, mpsc, oneshot};

use super::scripts::{BARE_PAGE, SCROLL};
use crate::sqlite::{Connection, Value};

/// A row of the bare page: name, text, time, how many unread.
pub(super) type BareRow = (String, String, String, u32);

#[derive(Clone)]
struct Shared {
    rows: Arc<Vec<BareRow>>,
    marks: Arc<Mutex<HashMap<String, Json_>>>,
    events: broadcast::Sender<String>,
    orders: broadcast::Sender<String>,
    disk: mpsc::Sender<(String, oneshot::Sender<()>)>,
}

/// A running site.
pub(super) struct Site {
    address: SocketAddr,
    shared: Shared,
    serving: tokio::task::JoinHandle<()>,
}

#[derive(Deserialize)]
struct Mark {
    name: String,
    value: Json_,
}

impl Site {
    /// Starts it; what is posted goes into a file in this folder.
    pub(super) async fn start(folder: &Path, rows: Vec<BareRow>) -> anyhow::Result<Self> {
        let (disk, writes) = mpsc::channel(1_000);
        write_all(&folder.join("bare.db"), writes)?;
        let shared = Shared {
            rows: Arc::new(rows),
            marks: Arc::default(),
            events: broadcast::Sender::new(1_000),
            orders: broadcast::Sender::new(10),
            disk,
        };
        let page = BARE_PAGE.replace("SCROLL", SCROLL);
        let router = Router::new()
            .route("/", get(async move || Html(page)))
            .route("/rows", get(async |State(shared): State<Shared>| Json((*shared.rows).clone())))
            .route("/mark", post(mark))
            .route("/post", post(posted))
            .route("/events", get(async |State(shared): State<Shared>| stream(&shared.events)))
            .route("/orders", get(async |State(shared): State<Shared>| stream(&shared.orders)))
            .with_state(shared.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let serving = tokio::spawn(async move {
            let _ended = axum::serve(listener, router).await;
        });
        Ok(Self { address, shared, serving })
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Waits until the page told something, and forgets it.
    pub(super) async fn told(&self, name: &str) -> anyhow::Result<Json_> {
        for _ in 0..6_000 {
            let told = self.shared.marks.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
            if let Some(value) = told {
                return Ok(value);
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        anyhow::bail!("the bare page did not tell {name}")
    }

    /// Lets the page scroll for so many frames.
    pub(super) async fn scrolls(&self, frames: usize) -> anyhow::Result<Vec<f64>> {
        self.shared.orders.send(frames.to_string()).context("no page listens")?;
        Ok(serde_json::from_value(self.told("frames").await?)?)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn mark(State(shared): State<Shared>, body: String) -> StatusCode {
    let Ok(Mark { name, value }) = serde_json::from_str(&body) else { return StatusCode::BAD_REQUEST };
    shared.marks.lock().unwrap_or_else(PoisonError::into_inner).insert(name, value);
    StatusCode::NO_CONTENT
}

/// The bare pipeline: on the disk, then to the page.
async fn posted(State(shared): State<Shared>, body: String) -> StatusCode {
    let (done, synced) = oneshot::channel();
    if shared.disk.send((body.clone(), done)).await.is_err() || synced.await.is_err() {
        return StatusCode::INTERNAL_SERVER_ERROR;
    }
    let _listening = shared.events.send(body);
    StatusCode::OK
}

fn stream(from: &broadcast::Sender<String>) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
    let receiver = from.subscribe();
    Sse::new(futures_util::stream::unfold(receiver, async |mut receiver| {
        let data = receiver.recv().await.ok()?;
        Some((Ok(Event::default().data(data)), receiver))
    }))
}

fn write_all(file: &Path, mut writes: mpsc::Receiver<(String, oneshot::Sender<()>)>) -> anyhow::Result<()> {
    let file = file.to_owned();
    let (ready, begun) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let opened = Connection::open(&file)
            .and_then(|disk| disk.batch("CREATE TABLE IF NOT EXISTS posted (body TEXT)").map(|()| disk));
        let disk = match opened {
            Ok(disk) => disk,
            Err(error) => return drop(ready.send(Err(error))),
        };
        drop(ready.send(Ok(())));
        while let Some((body, done)) = writes.blocking_recv() {
            let written =
                disk.statement("INSERT INTO posted VALUES (?)").and_then(|one| one.run(&[Value::Text(body)]));
            if written.is_err() || done.send(()).is_err() {
                return;
            }
        }
    });
    begun.recv()?
}
