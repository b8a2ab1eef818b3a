//! Meta under load: connections that post one message after the other, and each again until it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use baton_messenger::signature::sign;
use baton_support::window::until;
use tokio::sync::watch;
use tokio::task::JoinSet;

use serde_json::{Value, json};

use crate::relay::{ACCOUNT, APP_SECRET};

/// 2026-11-18, some time of the day; milliseconds UTC.
const BEGIN_MS: i64 = 1_795_000_000_000;
const AGAIN_AFTER: Duration = Duration::from_millis(10);
/// What the ids of these messages begin with.
const MID: &str = "m_kills-";

/// How customers and Meta behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Habits {
    /// Each message once, again only until it was answered.
    Plain,
    /// As Meta does: what was answered comes again now and then, reactions come before their message, and some messages are
    /// taken back, before or after they came.
    Unruly,
}

/// Connections that post.
#[derive(Debug)]
pub struct Load {
    url: watch::Sender<String>,
    answered: watch::Receiver<usize>,
    is_over: Arc<AtomicBool>,
    connections: JoinSet<Vec<String>>,
}

impl Load {
    /// Begins to post to this address.
    #[must_use]
    pub fn start(connections: usize, habits: Habits, url: String) -> Self {
        let url = watch::Sender::new(url);
        let (count, answered) = watch::channel(0);
        let is_over = Arc::new(AtomicBool::new(false));
        let mut set = JoinSet::new();
        for connection in 0..connections {
            set.spawn(post_on((connection, habits), url.subscribe(), count.clone(), Arc::clone(&is_over)));
        }
        Self { url, answered, is_over, connections: set }
    }

    /// The relay answers at another address now.
    pub fn goes_on_at(&self, url: String) {
        self.url.send_replace(url);
    }

    /// Waits until so many more were answered.
    ///
    /// # Errors
    /// When they do not come.
    pub async fn wait_for_answers(&self, more: usize) -> anyhow::Result<()> {
        let enough = *self.answered.borrow() + more;
        let mut answered = self.answered.clone();
        let waiting = answered.wait_for(|count| *count >= enough);
        tokio::time::timeout(until::LONG, waiting).await??;
        Ok(())
    }

    /// Lets each connection finish its message, and says what was answered 200.
    pub async fn stop(self) -> Vec<String> {
        self.is_over.store(true, Ordering::SeqCst);
        self.connections.join_all().await.into_iter().flatten().collect()
    }
}

async fn post_on(
    (connection, habits): (usize, Habits),
    url: watch::Receiver<String>,
    count: watch::Sender<usize>,
    is_over: Arc<AtomicBool>,
) -> Vec<String> {
    let client = reqwest::Client::new();
    let mut answered = Vec::new();
    for number in 0_i64.. {
        if is_over.load(Ordering::SeqCst) {
            break;
        }
        let mid = format!("{MID}{connection}-{number}");
        let said = body(connection, number, &text(&mid, number));
        let bodies = match habits {
            Habits::Plain => vec![said],
            Habits::Unruly => unruly(connection, number, &mid, said),
        };
        for body in bodies {
            while !post(&client, &url, &body).await {
                tokio::time::sleep(AGAIN_AFTER).await;
            }
        }
        answered.push(mid);
        count.send_modify(|count| *count += 1);
    }
    answered
}

async fn post(client: &reqwest::Client, url: &watch::Receiver<String>, body: &str) -> bool {
    let url = url.borrow().clone();
    let signature = sign(APP_SECRET.as_bytes(), body.as_bytes());
    let request = client.post(url).header("x-hub-signature-256", signature).body(body.to_owned());
    request.send().await.is_ok_and(|answer| answer.status() == reqwest::StatusCode::OK)
}

/// Whether an unruly customer takes this message back.
#[must_use]
pub fn is_taken_back(mid: &str) -> bool {
    let number = mid.strip_prefix(MID).and_then(|rest| rest.rsplit('-').next()?.parse::<i64>().ok());
    number.is_some_and(|number| matches!(number % 7, 3 | 5))
}

/// A message and what goes with it, in the order in which it comes.
fn unruly(connection: usize, number: i64, mid: &str, said: String) -> Vec<String> {
    let reaction = json!({ "reaction": {
        "mid": mid, "action": "react", "reaction": "love", "emoji": "\u{2764}",
    }});
    let unsend = json!({ "message": { "mid": mid, "is_deleted": true } });
    let other = |event: &Value| body(connection, number, event);
    match number % 7 {
        1 => vec![said.clone(), said],
        2 => vec![other(&reaction), said],
        // Taken back before it came: it comes without its words.
        3 => vec![other(&unsend), said],
        4 => vec![said.clone(), other(&reaction), said, other(&reaction)],
        5 => vec![said, other(&unsend)],
        _ => vec![said],
    }
}

fn text(mid: &str, number: i64) -> Value {
    json!({ "message": { "mid": mid, "text": format!("Where is parcel {number}?") } })
}

/// A customer of each connection does something.
fn body(connection: usize, number: i64, event: &Value) -> String {
    let at_ms = BEGIN_MS + number;
    let mut messaging = json!({
        "sender": { "id": format!("70010000000{connection:04}") },
        "recipient": { "id": ACCOUNT },
        "timestamp": at_ms,
    });
    if let (Some(all), Some(more)) = (messaging.as_object_mut(), event.as_object()) {
        all.extend(more.clone());
    }
    json!({ "object": "page", "entry": [{ "id": ACCOUNT, "time": at_ms, "messaging": [messaging] }] })
        .to_string()
}
