//! The set-up of every story: a simulator, a receiver of webhooks, Northwind Tea and Mara Lindt.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use baton_messenger::{AccountId, AppId, CustomerId, Mid};
use baton_simulator::{
    BOT_APP_ID, Config, NewCustomer, NewInstagram, NewPage, RoutingMode, Said, Simulator, ThreadView,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

pub const TEA: &str = "104500000000011";
pub const KITE: &str = "104500000000022";
pub const MARA: &str = "6200000000000101";
pub const INSTA: &str = "17841400000000033";
pub const MARA_ON_INSTA: &str = "7300000000000201";
pub const APP_SECRET: &str = "fixture-app-secret-0123456789abcdef";
/// 2026-10-05T09:00:00Z.
pub const START_MS: i64 = 1_791_190_800_000;
pub const PATIENCE: Duration = Duration::from_secs(20);
pub const ALL_FIELDS: &[&str] = &[
    "messages",
    "message_echoes",
    "message_edits",
    "message_reads",
    "message_deliveries",
    "message_reactions",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "messaging_account_linking",
    "send_cart",
    "inbox_labels",
];

pub fn hours(n: u64) -> Duration {
    Duration::from_secs(n * 3600)
}

/// One POST that the receiver got.
#[derive(Debug, Clone)]
pub struct Got {
    pub headers: HeaderMap,
    pub bytes: Bytes,
}

impl Got {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).expect("webhooks are JSON")
    }

    /// `(list, event)` of the one entry.
    pub fn event(&self) -> (String, Value) {
        let body = self.json();
        let entry = body["entry"][0].as_object().expect("an entry").clone();
        for list in ["messaging", "standby", "changes"] {
            if let Some(events) = entry.get(list) {
                return (list.to_owned(), events[0].clone());
            }
        }
        panic!("no list in {body}");
    }
}

/// How the receiver answers.
#[derive(Debug, Clone, Copy)]
pub enum Mood {
    Status(u16),
    Slow(Duration),
}

#[derive(Clone)]
pub struct Receiver {
    pub address: SocketAddr,
    got: Arc<Mutex<Vec<Got>>>,
    mood: Arc<Mutex<Mood>>,
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let receiver = Self {
            address: listener.local_addr().unwrap(),
            got: Arc::default(),
            mood: Arc::new(Mutex::new(Mood::Status(200))),
        };
        let router = Router::new().route("/webhook", get(challenge).post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn url(&self) -> String {
        format!("http://{}/webhook", self.address)
    }

    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    pub fn events(&self) -> Vec<(String, Value)> {
        self.got().iter().map(Got::event).collect()
    }

    pub fn set_mood(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

#[derive(serde::Deserialize)]
struct Challenge {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.challenge")]
    challenge: String,
    #[serde(rename = "hub.verify_token")]
    verify_token: String,
}

async fn challenge(Query(ask): Query<Challenge>) -> (StatusCode, String) {
    if ask.mode == "subscribe" && ask.verify_token == "right" {
        (StatusCode::OK, ask.challenge)
    } else {
        (StatusCode::FORBIDDEN, String::new())
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, bytes: Bytes) -> StatusCode {
    let mood = *receiver.mood.lock().unwrap();
    receiver.got.lock().unwrap().push(Got { headers, bytes });
    match mood {
        Mood::Status(status) => StatusCode::from_u16(status).unwrap(),
        Mood::Slow(pause) => {
            tokio::time::sleep(pause).await;
            StatusCode::OK
        }
    }
}

/// The whole stage.
pub struct Stage {
    pub sim: Simulator,
    pub receiver: Receiver,
    pub http: reqwest::Client,
    pub page: AccountId,
    pub mara: CustomerId,
    pub ours: AppId,
    pub bot: AppId,
    pub token: SecretString,
}

impl Stage {
    /// Routing on, Teabot is the default app, our app may take, Human Agent approved, everything subscribed.
    pub async fn with_routing() -> Self {
        Self::new(|config| config, |ours| NewPage::with_bot(TEA, "Northwind Tea", ours)).await
    }

    /// Routing off.
    pub async fn without_routing() -> Self {
        Self::new(|config| config, |_| NewPage::without_routing(TEA, "Northwind Tea")).await
    }

    pub async fn new(tune: impl FnOnce(Config) -> Config, page: impl FnOnce(&AppId) -> NewPage) -> Self {
        let receiver = Receiver::start().await;
        let config = Config {
            app_secret: SecretString::from(APP_SECRET),
            callback_url: Some(receiver.url()),
            start_ms: Some(START_MS),
            // The bot is kept out of stories that are not about it.
            bot_pause: Duration::from_secs(3600),
            retry_pauses: vec![Duration::from_millis(20)],
            ..Config::default()
        };
        let sim = Simulator::start(tune(config)).await.unwrap();
        let page = page(&sim.app_id());
        let id = page.id.clone();
        let token = sim.add_page(page);
        let mara = NewCustomer { id: Some(CustomerId::from(MARA)), ..NewCustomer::named("Mara Lindt") };
        let mara = sim.add_customer(&id, mara).unwrap();
        sim.subscribe(&id, &sim.app_id(), ALL_FIELDS).unwrap();
        let ours = sim.app_id();
        let http = reqwest::Client::new();
        Self { sim, receiver, http, page: id, mara, ours, bot: AppId::from(BOT_APP_ID), token }
    }

    /// The Page has an Instagram account without routing, to which Mara writes too.
    pub async fn with_instagram() -> Self {
        Self::with_instagram_routed(|_| RoutingMode::Off).await
    }

    pub async fn with_instagram_routed(routing: impl FnOnce(&AppId) -> RoutingMode) -> Self {
        let stage = Self::without_routing().await;
        let account = NewInstagram {
            id: INSTA.into(),
            name: "Northwind Tea".into(),
            username: "northwindtea".into(),
            page_id: stage.page.clone(),
            routing: routing(&stage.ours),
            is_human_agent_approved: true,
        };
        stage.sim.add_instagram(account).unwrap();
        let mara = NewCustomer { id: Some(MARA_ON_INSTA.into()), ..NewCustomer::named("Mara Lindt") };
        stage.sim.add_customer(&INSTA.into(), mara).unwrap();
        stage
    }

    /// Mara says something on Instagram.
    pub fn mara_says_on_instagram(&self, said: &Said) -> Mid {
        self.sim.customer_says(&INSTA.into(), &MARA_ON_INSTA.into(), said).unwrap()
    }

    pub fn instagram_thread(&self) -> ThreadView {
        self.sim.thread(&INSTA.into(), &MARA_ON_INSTA.into()).unwrap()
    }

    /// `GET` with our token; status and body.
    pub async fn get(&self, path: &str) -> (u16, Value) {
        self.get_as(&self.token, path).await
    }

    pub async fn get_as(&self, token: &SecretString, path: &str) -> (u16, Value) {
        let url = format!("{}/v26.0{path}", self.sim.base_url());
        let answer = self.http.get(url).bearer_auth(token.expose_secret()).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// `POST` with our token; status and body.
    pub async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.post_as(&self.token, path, body).await
    }

    pub async fn post_as(&self, token: &SecretString, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/v26.0{path}", self.sim.base_url());
        let answer = self.http.post(url).bearer_auth(token.expose_secret()).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    /// Sends a plain text to Mara with our token.
    pub async fn send(&self, text: &str) -> (u16, Value) {
        self.post("/me/messages", &self.response(text)).await
    }

    pub async fn send_as(&self, app: &AppId, text: &str) -> (u16, Value) {
        let token = self.sim.token_for(app, &self.page);
        self.post_as(&token, "/me/messages", &self.response(text)).await
    }

    /// `POST` to the control API; status and body.
    pub async fn ask(&self, path: &str, body: &Value) -> (u16, Value) {
        let url = format!("{}/control/{path}", self.sim.base_url());
        let answer = self.http.post(url).json(body).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// `GET` from the control API.
    pub async fn look(&self, path: &str) -> Value {
        let url = format!("{}/control/{path}", self.sim.base_url());
        self.http.get(url).send().await.unwrap().json().await.unwrap()
    }

    /// Adds a fault over HTTP and gives its number.
    pub async fn fault(&self, rule: Value) -> u64 {
        let (status, made) = self.ask("faults", &rule).await;
        assert_eq!(status, 200, "{rule}: {made}");
        made["number"].as_u64().unwrap()
    }

    /// The one rule there is, as the control API shows it.
    pub async fn rule(&self) -> Value {
        let rules = self.look("faults").await;
        assert_eq!(rules.as_array().unwrap().len(), 1, "{rules}");
        rules[0].clone()
    }

    /// A send whose answer does not come.
    pub async fn send_in_vain(&self, text: &str) {
        let url = format!("{}/v26.0/me/messages", self.sim.base_url());
        let call = self.http.post(url).bearer_auth(self.token.expose_secret()).json(&self.response(text));
        let answer = call.send().await;
        assert!(answer.is_err(), "no answer, not even a broken one: {answer:?}");
    }

    /// The texts the receiver got, in the order in which they came.
    pub fn texts(&self) -> Vec<String> {
        let text = |event: &Value| event["message"]["text"].as_str().map(str::to_owned);
        self.receiver.events().iter().filter_map(|(_, event)| text(event)).collect()
    }

    /// Waits until the receiver has these texts, in this order, and nothing is on its way any more.
    pub async fn hears(&self, texts: &[&str]) {
        let heard = |_: &Simulator| (self.texts() == texts).then_some(());
        let result = self.sim.wait_for(PATIENCE, heard).await;
        result.unwrap_or_else(|_| panic!("{texts:?} wanted, got {:?}", self.texts()));
    }

    pub fn response(&self, text: &str) -> Value {
        json!({"recipient": {"id": MARA}, "messaging_type": "RESPONSE", "message": {"text": text}})
    }

    pub fn late(&self, tag: &str) -> Value {
        json!({
            "recipient": {"id": MARA}, "messaging_type": "MESSAGE_TAG", "tag": tag,
            "message": {"text": "Sorry for the wait."},
        })
    }

    pub async fn control(&self, app: &AppId, call: &str, mut more: Value) -> (u16, Value) {
        let token = self.sim.token_for(app, &self.page);
        more["recipient"] = json!({"id": MARA});
        self.post_as(&token, &format!("/me/{call}_thread_control"), &more).await
    }

    pub fn mara_writes(&self, text: &str) {
        self.sim.customer_writes(&self.page, &self.mara, text).unwrap();
    }

    pub fn thread(&self) -> ThreadView {
        self.sim.thread(&self.page, &self.mara).unwrap()
    }

    pub fn owner(&self) -> Option<AppId> {
        self.thread().owner.map(|o| o.app_id)
    }

    /// Waits until the receiver has this many webhooks.
    pub async fn webhooks(&self, count: usize) -> Vec<(String, Value)> {
        let result = self
            .sim
            .wait_for(PATIENCE, |_| (self.receiver.got().len() >= count).then(|| self.receiver.events()))
            .await;
        result.unwrap_or_else(|_| panic!("{count} webhooks wanted, got {:#?}", self.receiver.events()))
    }

    /// Waits until every webhook has ended in some way.
    pub async fn settled(&self) {
        let settled = |sim: &Simulator| {
            sim.webhooks()
                .iter()
                .filter(|w| w.app_id == self.ours)
                .all(|w| w.fate != baton_simulator::Fate::Pending)
                .then_some(())
        };
        self.sim.wait_for(PATIENCE, settled).await.unwrap();
    }
}

/// `(code, subcode)` of an error body.
pub fn code(body: &Value) -> (i64, i64) {
    let error = &body["error"];
    (error["code"].as_i64().unwrap_or(0), error["error_subcode"].as_i64().unwrap_or(0))
}
