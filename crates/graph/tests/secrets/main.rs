//! No token in a log line, an error or a `Debug` output, at any level and from any crate.
//!
//! A binary of its own: whether a log line is listened to is decided once per process, and calls of other tests in other
//! threads, which nobody listens to, could decide it first.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that meets the unexpected stops")]

#[path = "../calls/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the calls, which use all of it")]
mod support;

use std::io;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use baton_graph::{
    AppsecretProof, ConversationQuery, Credentials, FileToSend, GraphClient, NoProof, Prover, SlotAnswer,
    Slots, Urgency,
};
use baton_messenger::id::{AccountId, Platform};
use baton_messenger::policy::Verdict;
use baton_messenger::send::{
    ControlBody, FileKind, FileSource, MessageBody, ModerationBody, SendBody, SenderActionBody, UploadBody,
};
use secrecy::SecretString;
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;
use wiremock::matchers::{method, path, query_param};
use wiremock::{Mock, MockServer, ResponseTemplate};

use support::{
    Breaker, HandClock, TOKEN, Then, answer_to_mara, app_secret, client, fixture, mara, of_page, ok, page,
    refusal,
};

const APP_TOKEN: &str = "700100200300400|FIXTUREappSecret";
const PROOF: &str = "65a375109df1ce35fa7e965411a8dec7cb554f3242607d3c3aea9fab573e5642";
const ACCOUNT_TOKENS: &str = "EAAFIXTUREpageToken";
const USER_TOKEN: &str = "EAAFIXTURElongLivedUserToken";
const CODE: &str = "FIXTUREcodeOfTheDialog";
const VERIFY: &str = "FIXTUREverifyToken";
/// How many calls [`everything`] makes.
const CALLS: usize = 31;

/// Collects everything that is logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// A relay that gives slots and proofs.
struct Relay;

#[async_trait]
impl Slots for Relay {
    async fn ask(&self, _: &AccountId, _: Urgency) -> SlotAnswer {
        SlotAnswer::Granted
    }
}

#[async_trait]
impl Prover for Relay {
    fn is_required(&self, _: &AccountId) -> bool {
        true
    }

    async fn prove(&self, _: &AccountId, _: &SecretString) -> Result<AppsecretProof, NoProof> {
        Ok(AppsecretProof::new(PROOF.into(), 1_791_190_800))
    }
}

fn proven() -> Credentials {
    Credentials::new(TOKEN.into()).with_proof(AppsecretProof::new(PROOF.into(), 1_791_190_800))
}

/// Every call there is; gives what each came to, as text.
async fn everything(client: &GraphClient) -> Vec<String> {
    let c = proven();
    let app = app_secret().credentials();
    let query = ConversationQuery::newest(Platform::Messenger);
    let take = ControlBody::take(&mara(), None);
    let typing = SenderActionBody::typing_on(&mara());
    let messenger = Platform::Messenger;
    let block = ModerationBody::block(&mara());
    let file = FileToSend::new("a.pdf", "application/pdf", b"%PDF".as_slice().into());
    let upload = UploadBody::new(Platform::Messenger, FileKind::File, FileSource::upload());
    let with_file = MessageBody::file(Platform::Messenger, FileKind::File, FileSource::upload());
    let open = Verdict::Plain { until_ms: i64::MAX };
    let with_file = SendBody::message(&mara(), &open, with_file).unwrap();
    let clock = Arc::new(HandClock::default());
    let paced = client.clone().paced_by(clock.clone(), Arc::new(Relay)).proven_by(clock, Arc::new(Relay));
    let own = of_page();
    let callback = "https://relay.example.invalid/webhook";
    vec![
        format!("{:?}", paced.me(&own).await),
        format!("{:?}", paced.send(&own, &page(), &answer_to_mara()).await),
        format!("{:?}", paced.control(&own, &page(), &take).await),
        format!("{:?}", client.exchange_code(&app_secret(), callback, &CODE.into()).await),
        format!("{:?}", client.long_lived(&app_secret(), &USER_TOKEN.into()).await),
        format!("{:?}", client.all_accounts(&c).await),
        format!(
            "{:?}",
            client
                .subscribe_app(&app_secret(), Platform::Instagram, callback, &VERIFY.into(), &["messages"])
                .await
        ),
        format!("{:?}", client.app_subscriptions(&app_secret()).await),
        format!("{:?}", client.unsubscribe_page(&c, &page()).await),
        format!("{:?}", client.linked_instagram(&c).await),
        format!("{:?}", client.secondary_receivers(&c).await),
        format!("{:?}", client.moderate(&c, &page(), &block).await),
        format!("{:?}", client.send_file(&c, &page(), &with_file, &file).await),
        format!("{:?}", client.upload(&c, &page(), &upload, Some(&file)).await),
        format!("{:?}", client.me(&c).await),
        format!("{:?}", client.accounts(&c, None).await),
        format!("{:?}", client.debug_token(&app, &TOKEN.into()).await),
        format!("{:?}", client.subscribe_page(&c, &page(), &["messages"]).await),
        format!("{:?}", client.subscribed_apps(&c, &page()).await),
        format!("{:?}", client.feature_status(&c).await),
        format!("{:?}", client.conversations(&c, &page(), &query).await),
        format!("{:?}", client.conversation_with(&c, &page(), messenger, &mara(), "id").await),
        format!("{:?}", client.messages(&c, "t_1", None, 20).await),
        format!("{:?}", client.message(&c, &"m_1".into()).await),
        format!("{:?}", client.profile(&c, messenger, &mara()).await),
        format!("{:?}", client.send(&c, &page(), &answer_to_mara()).await),
        format!("{:?}", client.act(&c, &page(), &typing).await),
        format!("{:?}", client.control(&c, &page(), &take).await),
        format!("{:?}", client.thread_owner(&c, &page(), &mara()).await),
        format!("{:?}", client.is_owner(&c, &page(), messenger, &mara()).await),
        format!("{client:?} {paced:?} {c:?} {app:?} {:?} {file:?}", app_secret()),
    ]
}

fn assert_clean(what: &str, text: &str) {
    for secret in [
        TOKEN,
        APP_TOKEN,
        "FIXTUREappSecret",
        PROOF,
        ACCOUNT_TOKENS,
        USER_TOKEN,
        CODE,
        VERIFY,
        "input_token=",
        "appsecret_proof=",
        "client_secret=",
        "fb_exchange_token=",
        "verify_token=",
    ] {
        if let Some(at) = text.find(secret) {
            let from = at.saturating_sub(300);
            panic!("{what} holds {secret}: …{}", &text[from..at + secret.len()]);
        }
    }
}

#[tokio::test]
async fn no_secret_is_logged_or_told() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut told = Vec::new();

    // Meta answers well, and with tokens in the answer.
    let good = MockServer::start().await;
    let mut accounts = fixture("graph_me_accounts");
    accounts["paging"]["next"] =
        json!(format!("https://graph.facebook.com/me/accounts?access_token={TOKEN}"));
    Mock::given(path("/v26.0/me/accounts")).respond_with(ok(&accounts)).mount(&good).await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ok(&json!({"id": "1", "success": true})))
        .mount(&good)
        .await;
    let exchanged = ok(&fixture("graph_token_exchange"));
    Mock::given(path("/v26.0/oauth/access_token"))
        .respond_with(exchanged)
        .with_priority(1)
        .mount(&good)
        .await;
    told.extend(everything(&client(&good.uri())).await);

    // Meta refuses and quotes the token back.
    let quoting = MockServer::start().await;
    let quote = |message: &str| {
        let error = json!({"error": {"message": message, "error_user_msg": message, "error_user_title": message,
            "type": "OAuthException", "code": 190, "fbtrace_id": "Atrace"}});
        ResponseTemplate::new(400).set_body_json(error)
    };
    let with_app = quote(&format!("Malformed access token {APP_TOKEN} for {TOKEN}"));
    Mock::given(path("/v26.0/debug_token")).respond_with(with_app).mount(&quoting).await;
    let of_code = quote(&format!("Bad code {CODE}, secret FIXTUREappSecret"));
    Mock::given(path("/v26.0/oauth/access_token"))
        .and(query_param("code", CODE))
        .respond_with(of_code)
        .mount(&quoting)
        .await;
    // Also a token that is none of this call's own.
    let of_token = quote(&format!("Bad token {USER_TOKEN}, not {TOKEN}, secret FIXTUREappSecret"));
    Mock::given(path("/v26.0/oauth/access_token")).respond_with(of_token).mount(&quoting).await;
    let with_verify = quote(&format!("{VERIFY} of {APP_TOKEN} with FIXTUREappSecret"));
    Mock::given(method("POST"))
        .and(path("/v26.0/700100200300400/subscriptions"))
        .respond_with(with_verify)
        .mount(&quoting)
        .await;
    let with_page = quote(&format!("Malformed access token {TOKEN} with {PROOF}"));
    Mock::given(query_param("appsecret_proof", PROOF)).respond_with(with_page).mount(&quoting).await;
    let with_app = quote(&format!("Malformed access token {APP_TOKEN}, not {TOKEN}"));
    Mock::given(wiremock::matchers::any()).respond_with(with_app).mount(&quoting).await;
    told.extend(everything(&client(&quoting.uri())).await);

    // Meta has a fault; garbles; the line is cut; nobody is there.
    let faulty = MockServer::start().await;
    Mock::given(wiremock::matchers::any()).respond_with(refusal("transient_unknown")).mount(&faulty).await;
    told.extend(everything(&client(&faulty.uri())).await);
    let garbled = MockServer::start().await;
    let body = format!(r#"{{"id": ["{TOKEN}"], "data": "{TOKEN}", "access_token": ["{TOKEN}", "{CODE}"]}}"#);
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200).set_body_string(body))
        .mount(&garbled)
        .await;
    told.extend(everything(&client(&garbled.uri())).await);
    let breaker = Breaker::start(Then::Close).await;
    told.extend(everything(&client(&breaker.address)).await);
    told.extend(everything(&client("http://127.0.0.1:1")).await);

    assert_eq!(told.len(), 6 * CALLS);
    assert_clean("a result", &told.join("\n"));
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("Graph answered") && logged.contains("Graph is asked again"),
        "the log was heard"
    );
    assert!(logged.contains("TRACE"), "at every level");
    assert_clean("the log", &logged);
}

#[test]
fn the_search_finds_a_secret_that_is_there() {
    let found = std::panic::catch_unwind(|| assert_clean("a text", &format!("Bearer {TOKEN}")));
    assert!(found.is_err());
}
