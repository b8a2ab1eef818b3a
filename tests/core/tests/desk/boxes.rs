//! A box that comes to a desk: what does not open or does not fit is thrown away, and a token that could not be tried yet
//! waits in the key store.

use std::path::Path;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::store::{Enrolment, Store};
use baton_graph::GraphConfig;
use baton_messenger::{AccountId, Platform};
use baton_protocol::enrol::{AccountRole, Role};
use baton_protocol::hello::Versions;
use baton_protocol::sealed::Sealed;
use baton_protocol::stream::{BoxWaiting, StreamEvent};
use baton_protocol::token::{BoxTaken, BoxedToken, PageToken};
use baton_protocol::{AgentId, DeskId, routes};
use crypto_box::SecretKey;
use rstest::rstest;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use wiremock::matchers::{bearer_token, method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_relay::{NOWHERE, hello, sse, streams, until};

const TOKEN: &str = "EAAFIXTUREpageTokenOne";
const ANOTHER: &str = "EAAFIXTUREpageTokenTwo";

fn tea() -> AccountId {
    AccountId::from("104500000000011")
}

/// A desk that was enrolled in an earlier run, with its key.
pub struct Machine {
    pub folder: tempfile::TempDir,
    pub keys: Arc<MemoryKeyStore>,
    pub desk: DeskId,
    pub public_key: String,
}

impl Machine {
    pub async fn of_jonas(relay: &MockServer) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (private_key, public_key) = pair();
        let desk = DeskId::new();
        let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
        let enrolment = Enrolment {
            relay: relay.uri(),
            desk,
            agent: AgentId::new(),
            agent_name: "Jonas".to_owned(),
            workspace: "Northwind".to_owned(),
            our_app: None,
        };
        store.set_enrolment(&enrolment).await.unwrap();
        store.set_access(&[role()]).await.unwrap();
        store.close().await;
        let keys = Arc::new(MemoryKeyStore::default());
        keys.set(&KeyName::DeskToken, &SecretString::from("desk-token-of-jonas")).await.unwrap();
        keys.set(&KeyName::DeskPrivateKey, &SecretString::from(private_key)).await.unwrap();
        Self { folder, keys, desk, public_key }
    }

    async fn opens(&self, graph: &str) -> Desk {
        let config = DeskConfig {
            data_dir: Path::to_owned(self.folder.path()),
            clock: Arc::new(SystemClock),
            keys: Arc::clone(&self.keys) as _,
            graph: GraphConfig::at(graph).unwrap(),
            desk_name: "Jonas's laptop".to_owned(),
            history_after: std::time::Duration::MAX,
        };
        Desk::open(config).await.unwrap()
    }

    async fn holds(&self, name: fn(AccountId) -> KeyName) -> Option<String> {
        let secret = self.keys.get(&name(tea())).await.unwrap();
        secret.map(|secret| secret.expose_secret().to_owned())
    }
}

fn pair() -> (String, String) {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    let key = SecretKey::from_bytes(bytes);
    (STANDARD.encode(key.to_bytes()), STANDARD.encode(key.public_key().as_bytes()))
}

fn role() -> AccountRole {
    AccountRole {
        account: tea(),
        platform: Platform::Messenger,
        name: "Northwind Tea".to_owned(),
        role: Role::Agent,
        connected: true,
    }
}

/// A relay where these boxes wait, one after the other.
async fn relay_with(relay: &MockServer, boxes: Vec<Sealed>) {
    let mut hello = hello(Versions::ours());
    hello.accounts = vec![role()];
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello))
        .mount(relay)
        .await;
    // The stream ends after it; each that is opened again says it again.
    streams(relay, sse(&[StreamEvent::BoxWaiting(BoxWaiting { account: tea() })])).await;
    let take = || Mock::given(method("POST")).and(path(routes::of_account(routes::TAKE_BOX, &tea())));
    for (place, sealed) in boxes.into_iter().enumerate() {
        let taken = BoxTaken { sealed, from: AgentId::new(), left_at_ms: 1_791_201_600_000 };
        let answer = ResponseTemplate::new(200).set_body_json(taken);
        let priority = u8::try_from(place).unwrap() + 1;
        take().respond_with(answer).up_to_n_times(1).with_priority(priority).mount(relay).await;
    }
    let nothing = json!({"code": "nothing_waiting", "message": "Nothing waits.", "action": "Wait."});
    take().respond_with(ResponseTemplate::new(404).set_body_json(nothing)).mount(relay).await;
}

/// Meta as it answers Northwind Tea's token.
async fn meta() -> MockServer {
    let meta = MockServer::start().await;
    let says = async |place: &str, fields: Option<&str>, body: Value| {
        let mut mock = Mock::given(method("GET")).and(path(format!("/v26.0/{place}")));
        if let Some(fields) = fields {
            mock = mock.and(query_param("fields", fields));
        }
        mock.respond_with(ResponseTemplate::new(200).set_body_json(body)).mount(&meta).await;
    };
    says("me", Some("id,name"), json!({"id": tea(), "name": "Northwind Tea"})).await;
    let features = json!({"messaging_feature_status": {"msgr_multi_app": true}, "id": tea()});
    says("me", Some("messaging_feature_status"), features).await;
    says(&format!("{}/conversations", tea()), None, json!({"data": []})).await;
    meta
}

#[derive(Clone, Copy, Debug)]
enum Odd {
    AnotherKey,
    AnotherDesk,
    AnotherAccount,
    NoToken,
    DeadToken,
}

#[rstest]
#[tokio::test]
async fn what_does_not_fit_is_thrown_away(
    #[values(Odd::AnotherKey, Odd::AnotherDesk, Odd::AnotherAccount, Odd::NoToken, Odd::DeadToken)] odd: Odd,
) {
    let relay = MockServer::start().await;
    let machine = Machine::of_jonas(&relay).await;
    let boxed = |token: &str| BoxedToken {
        account: tea(),
        desk: machine.desk,
        token: PageToken::new(token.to_owned()),
    };
    let (mut content, mut key) = (boxed(TOKEN), machine.public_key.clone());
    let meta = meta().await;
    match odd {
        Odd::AnotherKey => key = pair().1,
        Odd::AnotherDesk => content.desk = DeskId::new(),
        Odd::AnotherAccount => content.account = "104500000000022".into(),
        Odd::NoToken => content = boxed("{\"object\":\"page\"}"),
        Odd::DeadToken => refuses_the_first(&meta).await,
    }
    let good = Sealed::of(&boxed(ANOTHER), &machine.public_key).unwrap();
    relay_with(&relay, vec![Sealed::of(&content, &key).unwrap(), good]).await;
    let desk = machine.opens(&meta.uri()).await;

    // The good one comes after it, so by then everything has become of it that ever will.
    until("the good one serves", async || {
        (machine.holds(KeyName::PageToken).await.as_deref() == Some(ANOTHER)).then_some(())
    })
    .await;
    desk.shutdown().await;
    let asked = meta.received_requests().await.unwrap();
    let with_it =
        asked.iter().filter(|call| call.headers["authorization"] == format!("Bearer {TOKEN}")).count();
    assert_eq!(with_it > 0, matches!(odd, Odd::DeadToken), "Meta is asked about nothing but what fits");
}

/// Meta does not know the first token.
async fn refuses_the_first(meta: &MockServer) {
    let error =
        json!({"error": {"message": "fixture", "type": "OAuthException", "code": 190, "fbtrace_id": "A1"}});
    Mock::given(bearer_token(TOKEN))
        .respond_with(ResponseTemplate::new(400).set_body_json(error))
        .with_priority(1)
        .mount(meta)
        .await;
}

#[tokio::test]
async fn a_token_that_could_not_be_tried_yet_is_kept_and_tried_in_the_next_run() {
    let relay = MockServer::start().await;
    let machine = Machine::of_jonas(&relay).await;
    let content = BoxedToken { account: tea(), desk: machine.desk, token: PageToken::new(TOKEN.to_owned()) };
    relay_with(&relay, vec![Sealed::of(&content, &machine.public_key).unwrap()]).await;
    let desk = machine.opens(NOWHERE).await;
    until("the token is safe", async || machine.holds(KeyName::BoxedToken).await).await;
    desk.shutdown().await;
    assert_eq!(machine.holds(KeyName::PageToken).await, None, "nothing is believed that Meta did not say");

    let desk = machine.opens(&meta().await.uri()).await;
    let token = until("the token serves", async || machine.holds(KeyName::PageToken).await).await;
    assert_eq!(token, TOKEN);
    until("it is nowhere else", async || machine.holds(KeyName::BoxedToken).await.is_none().then_some(()))
        .await;
    desk.shutdown().await;
}
