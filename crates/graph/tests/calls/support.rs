//! A small Graph on loopback that speaks the fixtures, and a listener that breaks off as told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use baton_graph::{AppSecret, BootClock, Credentials, GraphClient, GraphConfig, Observer, Pace, Usage};
use baton_messenger::id::{AccountId, CustomerId, Platform};
use baton_messenger::policy::Verdict;
use baton_messenger::send::{OutMetadata, SendBody};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::ResponseTemplate;

pub const TOKEN: &str = "EAAFIXTUREpageTokenOne";
pub const PART: &str = "0199b2c0-0000-7000-8000-000000000001";

/// Kettle Corner's Page.
pub fn page() -> AccountId {
    "104500000000011".into()
}

/// Mara Lindt.
pub fn mara() -> CustomerId {
    "6200000000000101".into()
}

/// Kettle Corner's Instagram account, linked to its Page.
pub fn instagram() -> AccountId {
    "17841400000000033".into()
}

/// Mara on Instagram.
pub fn mara_on_instagram() -> CustomerId {
    "7300000000000201".into()
}

pub fn credentials() -> Credentials {
    Credentials::new(TOKEN.into())
}

/// The same token, known as Kettle Corner's.
pub fn of_page() -> Credentials {
    Credentials::of_account(&page(), &TOKEN.into())
}

/// Our app with its secret.
pub fn app_secret() -> AppSecret {
    AppSecret { app: "700100200300400".into(), secret: "FIXTUREappSecret".into() }
}

/// A clock that moves when it is told to.
#[derive(Debug, Default)]
pub struct HandClock(AtomicI64);

impl HandClock {
    pub fn advance(&self, ms: i64) {
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl BootClock for HandClock {
    fn boot_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// A client that waits briefly.
pub fn client(address: &str) -> GraphClient {
    let config = GraphConfig {
        connect_timeout: Duration::from_secs(5),
        read_timeout: Duration::from_secs(5),
        send_timeout: Duration::from_secs(5),
        upload_timeout: Duration::from_secs(5),
        retry_delay: Duration::from_millis(5),
        ..GraphConfig::at(address).unwrap()
    };
    GraphClient::new(config).unwrap()
}

/// Ines's answer to Mara.
pub fn answer_to_mara() -> SendBody {
    let metadata = OutMetadata::new(PART).unwrap().into();
    let open = Verdict::Plain { until_ms: i64::MAX };
    SendBody::text(Platform::Messenger, &mara(), &open, "Yes, we have three left.", Some(metadata)).unwrap()
}

/// A fixture by its file name without ending.
pub fn fixture(name: &str) -> Value {
    let path = format!("{}/../../fixtures/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// One variant of a fixture.
pub fn variant(name: &str, variant: &str) -> Value {
    fixture(name)["variants"][variant].clone()
}

/// A documented refusal.
pub fn refusal(name: &str) -> ResponseTemplate {
    let error = fixture("graph_errors")[name].clone();
    let status = u16::try_from(error["http_status"].as_u64().unwrap()).unwrap();
    ResponseTemplate::new(status).set_body_json(&error["body"])
}

pub fn ok(body: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(body)
}

/// Remembers what an observer hears.
#[derive(Default)]
pub struct Heard {
    pub times: Mutex<Vec<i64>>,
    pub usages: Mutex<Vec<Usage>>,
    pub paces: Mutex<Vec<(AccountId, Pace)>>,
}

impl Observer for Heard {
    fn on_meta_time(&self, ms: i64) {
        self.times.lock().unwrap().push(ms);
    }

    fn on_usage(&self, usage: &Usage) {
        self.usages.lock().unwrap().push(usage.clone());
    }

    fn on_pace(&self, account: &AccountId, pace: Pace) {
        self.paces.lock().unwrap().push((account.clone(), pace));
    }
}

/// What the listener does after it has read a whole request.
#[derive(Clone)]
pub enum Then {
    /// Closes.
    Close,
    /// Answers nothing, and keeps the line open.
    Hang,
    /// Writes these bytes, then closes.
    Write(&'static str),
    /// Writes these bytes, and keeps the line open.
    WriteAndHang(&'static str),
}

/// A listener on loopback that counts the requests it has read.
pub struct Breaker {
    pub address: String,
    requests: Arc<Mutex<Vec<String>>>,
    task: tokio::task::JoinHandle<()>,
}

impl Breaker {
    pub async fn start(then: Then) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = requests.clone();
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read_request(&mut stream).await;
                seen.lock().unwrap().push(request);
                match &then {
                    Then::Close => {}
                    Then::Hang => held.push(stream),
                    Then::Write(bytes) => stream.write_all(bytes.as_bytes()).await.unwrap(),
                    Then::WriteAndHang(bytes) => {
                        stream.write_all(bytes.as_bytes()).await.unwrap();
                        held.push(stream);
                    }
                }
            }
        });
        Self { address, requests, task }
    }

    /// The requests that arrived whole.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Breaker {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads head and body of one request.
async fn read_request(stream: &mut tokio::net::TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0_u8; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap_or(0);
        request.extend_from_slice(&buffer[..read]);
        if read == 0 || is_whole(&request) {
            return String::from_utf8_lossy(&request).into_owned();
        }
    }
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head
        .lines()
        .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:").map(str::to_owned))
        .map_or(0, |length| length.trim().parse::<usize>().unwrap());
    body.len() >= length
}
