//! A relay on loopback with its own file, Meta's side and desks; what the stories stand on.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_messenger::signature;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::{Accepted, Command, CommandRequest, Conflict};
use baton_protocol::enrol::{EnrolRequest, Enrolled, Role};
use baton_protocol::error::ErrorBody;
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::stream::{EntryPage, StreamEvent, StreamRequest};
use baton_protocol::{AccountId, AppId, CommandId, CustomerId, Entry, LogName, Platform, routes};
use baton_relay::clock::{Clock, SystemClock};
use baton_relay::operator::{Answer, Request, act};
use baton_relay::people::InviteAccount;
use baton_relay::{Config, Relay, RunningRelay};
use crypto_box::SecretKey;
use crypto_box::aead::OsRng;
use reqwest::StatusCode;
use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tempfile::TempDir;

pub const APP: &str = "700100200300400";
pub const SECRET: &str = "the-app-secret-of-northwind";
pub const VERIFY: &str = "tea";
/// The Page "Northwind Tea".
pub const TEA: &str = "104500000000011";
/// The Page "Northwind Coffee".
pub const COFFEE: &str = "104500000000022";
/// A customer, Mara Lindt.
pub const MARA: &str = "6200000000000101";

/// Clocks that a test moves.
#[derive(Debug, Default)]
pub struct MovedClock {
    passed_ms: AtomicI64,
    wall_is_off_by_ms: AtomicI64,
}

impl MovedClock {
    /// Time passes, on both clocks.
    pub fn advance_ms(&self, ms: i64) {
        self.passed_ms.fetch_add(ms, Ordering::SeqCst);
    }

    /// Somebody sets the wall clock.
    pub fn set_wall_off_by_ms(&self, ms: i64) {
        self.wall_is_off_by_ms.store(ms, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn wall_ms(&self) -> i64 {
        let off_by = self.wall_is_off_by_ms.load(Ordering::SeqCst);
        SystemClock.wall_ms() + self.passed_ms.load(Ordering::SeqCst) + off_by
    }

    fn boot_ms(&self) -> i64 {
        SystemClock.boot_ms() + self.passed_ms.load(Ordering::SeqCst)
    }
}

pub struct Stage {
    pub relay: Option<RunningRelay>,
    pub clock: Arc<MovedClock>,
    pub http: reqwest::Client,
    dir: TempDir,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut stage = Self { relay: None, clock: Arc::default(), http, dir: tempfile::tempdir().unwrap() };
        stage.start_with(change).await;
        stage
    }

    pub fn database(&self) -> PathBuf {
        self.dir.path().join("relay.db")
    }

    pub fn config(&self) -> Config {
        let mut config = Config::on_loopback(
            self.database(),
            AppId::from(APP),
            SecretString::from(SECRET),
            SecretString::from(VERIFY),
        );
        config.graph_url = "http://127.0.0.1:9".to_owned();
        config.clock = self.clock.clone();
        config.workspace = "Northwind".to_owned();
        config
    }

    async fn start_with(&mut self, change: impl FnOnce(&mut Config)) {
        let mut config = self.config();
        change(&mut config);
        self.relay = Some(Relay::start(config).await.unwrap());
    }

    pub async fn restart(&mut self) {
        self.restart_with(|_| {}).await;
    }

    pub async fn restart_with(&mut self, change: impl FnOnce(&mut Config)) {
        self.relay.take().unwrap().stop().await;
        self.start_with(change).await;
    }

    pub async fn stop(&mut self) {
        self.relay.take().unwrap().stop().await;
    }

    pub async fn start(&mut self) {
        self.start_with(|_| {}).await;
    }

    pub fn running(&self) -> &RunningRelay {
        self.relay.as_ref().unwrap()
    }

    // -- Meta

    pub async fn post_raw(&self, body: Vec<u8>, signature: Option<&str>) -> StatusCode {
        let mut request =
            self.http.post(format!("{}{}", self.running().public_url(), routes::WEBHOOK)).body(body);
        if let Some(signature) = signature {
            request = request.header("X-Hub-Signature-256", signature);
        }
        request.send().await.unwrap().status()
    }

    pub async fn post(&self, body: &str) -> StatusCode {
        let signature = signature::sign(SECRET.as_bytes(), body.as_bytes());
        self.post_raw(body.as_bytes().to_vec(), Some(&signature)).await
    }

    pub async fn says(&self, account: &str, customer: &str, mid: &str, text: &str) {
        assert_eq!(self.post(&message(account, customer, mid, text)).await, 200);
    }

    pub async fn health(&self) -> Value {
        let url = format!("{}{}", self.running().public_url(), routes::HEALTH);
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    // -- The operator

    pub async fn operate(&self, request: Request) -> Answer {
        act(&**self.running().log(), &*self.clock, request).await.unwrap()
    }

    pub async fn invite(&self, name: &str, accounts: &[(&str, Role)]) -> String {
        let on_messenger: Vec<_> =
            accounts.iter().map(|(account, role)| (*account, Platform::Messenger, *role)).collect();
        self.invite_to(name, &on_messenger).await
    }

    pub async fn invite_to(&self, name: &str, accounts: &[(&str, Platform, Role)]) -> String {
        let accounts = accounts
            .iter()
            .map(|(account, platform, role)| InviteAccount {
                account: AccountId::from(*account),
                platform: *platform,
                role: *role,
            })
            .collect();
        let (name, valid_ms) = (name.to_owned(), 3_600_000);
        let request = Request::Invite { name, agent: None, accounts, valid_ms, change_roles: false };
        match self.operate(request).await {
            Answer::Invite { invite, .. } => invite,
            _ => panic!("no invite"),
        }
    }

    // -- Desks

    pub async fn enrol_with(&self, invite: &str) -> Result<Enrolled, (StatusCode, ErrorBody)> {
        self.enrol_as(invite, &SecretKey::generate(&mut OsRng)).await
    }

    async fn enrol_as(&self, invite: &str, key: &SecretKey) -> Result<Enrolled, (StatusCode, ErrorBody)> {
        let request = EnrolRequest {
            invite: invite.to_owned(),
            desk_name: "laptop".to_owned(),
            public_key: STANDARD.encode(key.public_key().as_bytes()),
            version: VERSION,
        };
        let url = format!("{}{}", self.running().desk_url(), routes::ENROL);
        answer(self.http.post(url).json(&request).send().await.unwrap()).await
    }

    pub async fn desk(&self, name: &str, accounts: &[(&str, Role)]) -> Desk {
        let on_messenger: Vec<_> =
            accounts.iter().map(|(account, role)| (*account, Platform::Messenger, *role)).collect();
        self.desk_of(name, &on_messenger).await
    }

    pub async fn desk_of(&self, name: &str, accounts: &[(&str, Platform, Role)]) -> Desk {
        let (invite, key) = (self.invite_to(name, accounts).await, SecretKey::generate(&mut OsRng));
        let enrolled = self.enrol_as(&invite, &key).await.map_err(|(_, no)| no).unwrap();
        let private_key = STANDARD.encode(key.to_bytes());
        Desk { enrolled, private_key, http: self.http.clone(), url: self.running().desk_url() }
    }

    /// A desk of an agent on "Northwind Tea", which it has connected.
    pub async fn desk_on_tea(&self, name: &str) -> Desk {
        let desk = self.desk(name, &[(TEA, Role::Agent)]).await;
        desk.connect(TEA, "Northwind Tea").await;
        desk
    }
}

pub struct Desk {
    pub enrolled: Enrolled,
    /// What opens boxes for it, base64.
    pub private_key: String,
    pub http: reqwest::Client,
    pub url: String,
}

pub type Answered<T> = Result<T, (StatusCode, ErrorBody)>;

impl Desk {
    /// The same desk at a relay that was started again.
    pub fn at(&self, stage: &Stage) -> Self {
        Self {
            enrolled: self.enrolled.clone(),
            private_key: self.private_key.clone(),
            http: self.http.clone(),
            url: stage.running().desk_url(),
        }
    }

    pub fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(&self.enrolled.token)
            .header(VERSION_HEADER, VERSION.to_string())
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Answered<T> {
        answer(self.request(reqwest::Method::GET, path).send().await.unwrap()).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Answered<T> {
        answer(self.request(reqwest::Method::POST, path).json(body).send().await.unwrap()).await
    }

    pub async fn ask(&self, account: &str, request: &CommandRequest) -> Told {
        let path = routes::commands(&LogName::from(account.to_owned()));
        let response = self.request(reqwest::Method::POST, &path).json(request).send().await.unwrap();
        let (status, body) = (response.status(), response.bytes().await.unwrap());
        match status.as_u16() {
            200 => Told::Accepted(serde_json::from_slice(&body).unwrap()),
            409 => Told::Conflict(Box::new(serde_json::from_slice(&body).unwrap())),
            _ => Told::No(status, serde_json::from_slice(&body).unwrap()),
        }
    }

    pub async fn do_it(&self, account: &str, command: Command) -> Accepted {
        self.ask(account, &plain(command)).await.accepted()
    }

    pub async fn connect(&self, account: &str, name: &str) -> Accepted {
        self.do_it(account, connect(account, name)).await
    }

    pub async fn page(&self, account: &str, query: &str) -> Answered<EntryPage> {
        self.get(&format!("{}?{query}", routes::entries(&LogName::from(account.to_owned())))).await
    }

    pub async fn entries(&self, account: &str) -> Vec<Entry> {
        self.page(account, "after=0").await.map_err(|(_, no)| no).unwrap().entries
    }

    pub async fn stream(&self, request: &StreamRequest) -> Stream {
        let response =
            self.request(reqwest::Method::POST, routes::STREAM).json(request).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-accel-buffering"], "no");
        Stream { response, buffer: String::new() }
    }
}

#[derive(Debug)]
pub enum Told {
    Accepted(Accepted),
    Conflict(Box<Conflict>),
    No(StatusCode, ErrorBody),
}

impl Told {
    pub fn accepted(self) -> Accepted {
        match self {
            Self::Accepted(accepted) => accepted,
            other => panic!("{other:?}"),
        }
    }

    pub fn conflict(self) -> Conflict {
        match self {
            Self::Conflict(conflict) => *conflict,
            other => panic!("{other:?}"),
        }
    }

    pub fn no(self) -> (StatusCode, ErrorBody) {
        match self {
            Self::No(status, body) => (status, body),
            other => panic!("{other:?}"),
        }
    }
}

pub struct Stream {
    response: reqwest::Response,
    buffer: String,
}

impl Stream {
    /// The next event; none when the stream ended.
    pub async fn next(&mut self) -> Option<StreamEvent> {
        tokio::time::timeout(Duration::from_secs(20), self.read()).await.expect("the stream is silent")
    }

    /// The next event that is not a heartbeat.
    pub async fn news(&mut self) -> Option<StreamEvent> {
        loop {
            match self.next().await {
                Some(StreamEvent::Heartbeat(_)) => {}
                other => return other,
            }
        }
    }

    /// Entries of one log, as many as are asked for.
    pub async fn entries(&mut self, log: &str, count: usize) -> Vec<Entry> {
        let mut found = Vec::new();
        while found.len() < count {
            match self.news().await {
                Some(StreamEvent::Entries(entries)) => {
                    found.extend(entries.into_iter().filter(|entry| entry.log.as_str() == log));
                }
                Some(_) => {}
                None => panic!("the stream ended after {} entries", found.len()),
            }
        }
        found
    }

    async fn read(&mut self) -> Option<StreamEvent> {
        loop {
            if let Some(end) = self.buffer.find("\n\n") {
                let frame: String = self.buffer.drain(..end + 2).collect();
                let name = frame.lines().find_map(|line| line.strip_prefix("event: ")).unwrap().to_owned();
                let data: Vec<&str> = frame.lines().filter_map(|line| line.strip_prefix("data: ")).collect();
                return Some(StreamEvent::parse(&name, &data.join("\n")).unwrap());
            }
            let chunk = self.response.chunk().await.ok()??;
            self.buffer.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

async fn answer<T: DeserializeOwned>(response: reqwest::Response) -> Answered<T> {
    let (status, body) = (response.status(), response.bytes().await.unwrap());
    if status.is_success() {
        return Ok(serde_json::from_slice(&body).unwrap());
    }
    Err((status, serde_json::from_slice(&body).unwrap()))
}

/// Looks until it is so.
pub async fn until(what: &str, mut look: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if look().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain for {what}");
}

pub fn plain(command: Command) -> CommandRequest {
    CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command }
}

pub fn connect(account: &str, name: &str) -> Command {
    Command::ConnectAccount {
        platform: Platform::Messenger,
        name: name.to_owned(),
        page: AccountId::from(account),
        app: AppId::from(APP),
        routing: RoutingMode::On,
        fields: vec!["messages".to_owned()],
    }
}

pub fn customer(id: &str) -> CustomerId {
    CustomerId::from(id)
}

pub fn message(account: &str, customer: &str, mid: &str, text: &str) -> String {
    event(
        account,
        &json!({"sender": {"id": customer}, "recipient": {"id": account}, "timestamp": 1_791_190_800_000_i64,
        "message": {"mid": mid, "text": text}}),
    )
}

pub fn echo_of_part(account: &str, customer: &str, mid: &str, part: &str, text: &str) -> String {
    event(
        account,
        &json!({"sender": {"id": account}, "recipient": {"id": customer}, "timestamp": 1_791_190_900_000_i64,
        "message": {"mid": mid, "is_echo": true, "app_id": 700_100_200_300_400_i64,
            "metadata": format!("b1:out:{part}"), "text": text}}),
    )
}

pub fn unsend(account: &str, customer: &str, mid: &str) -> String {
    event(
        account,
        &json!({"sender": {"id": customer}, "recipient": {"id": account}, "timestamp": 1_791_190_950_000_i64,
        "message": {"mid": mid, "is_deleted": true}}),
    )
}

fn event(account: &str, event: &Value) -> String {
    json!({"object": "page", "entry": [{"id": account, "time": 1_791_190_800_600_i64, "messaging": [event]}]})
        .to_string()
}

/// Messages of one customer with one POST: `{mid}-1` to `{mid}-{count}`.
pub fn messages(account: &str, customer: &str, mid: &str, count: u64) -> String {
    let said: Vec<Value> = (1..=count)
        .map(|number| {
            let at_ms = 1_791_190_000_000_i64 + i64::try_from(number).unwrap();
            json!({"sender": {"id": customer}, "recipient": {"id": account}, "timestamp": at_ms,
                "message": {"mid": format!("{mid}-{number}"), "text": format!("Where is parcel {number}?")}})
        })
        .collect();
    json!({"object": "page", "entry": [{"id": account, "time": 1_791_190_800_600_i64, "messaging": said}]})
        .to_string()
}
