//! A window shuts between the grant of a reply and its call: what was shown as a plain reply does not leave as a late one.

use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::{Clock as _, TestClock};
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::{KeyName, KeyStore, MemoryKeyStore};
use baton_core::outbox::step::{Side, Step, StepWatcher, Whose};
use baton_core::outbox::{Return, State, state_of};
use baton_core::store::{Enrolment, Store};
use baton_graph::GraphConfig;
use baton_protocol::DeskId;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::hello::{Hello, Versions};
use baton_protocol::stream::{Opened, StreamEvent};
use baton_protocol::team::TeamFact;
use secrecy::SecretString;
use serde_json::json;
use wiremock::matchers::{method, path_regex};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::builders::{Log, MARA, MINUTE, NINE, by_ines, ines, key, log_id, tea};
use crate::fake_relay::{hello, sse, streams, until};
use crate::reply_out::{grants_everything, press, serves_tea_at};

const DAY: i64 = 24 * 60 * MINUTE;

/// Time passes right after the part was stored as on its way.
struct TimePasses(TestClock);

impl StepWatcher for TimePasses {
    fn stands(&self, step: Step, side: Side, _: Whose) {
        if (step, side) == (Step::Begin, Side::After) {
            self.0.advance(Duration::from_secs(6));
        }
    }
}

#[tokio::test]
async fn what_was_shown_as_plain_comes_back_when_the_day_ends_before_its_call() {
    let (relay, graph, folder) =
        (MockServer::start().await, MockServer::start().await, tempfile::tempdir().unwrap());
    grants_everything(&relay).await;
    let mut log = Log::connected();
    log.team(&TeamFact::HumanAgentSet { right: HumanAgentRight::Approved, by: by_ines() });
    // Nobody asks Meta what she is called: its answer would tell the time of the day on which this runs.
    log.team(&TeamFact::CustomerNamed {
        customer: MARA.into(),
        name: "Mara Lindt".to_owned(),
        by_hand: false,
    });
    let asked_ms = NINE + MINUTE;
    log.says("messaging", MARA, asked_ms, "m_1", "Where is my parcel?");
    let head = log.entries.last().unwrap().seq;
    let opened = Opened { log: log.name.clone(), log_id: log_id(), head, from_seq: 1 };
    streams(&relay, sse(&[StreamEvent::Opened(opened), StreamEvent::Entries(log.entries)])).await;
    let now_ms = asked_ms + DAY - 5_000;
    let clock = TestClock::at(now_ms);
    // The relay's time goes on as the desk's does: it is told again with each new stream.
    let at_relay = clock.clone();
    serves_tea_at(&relay, move || Hello { meta_ms: Some(at_relay.wall_ms()), ..hello(Versions::ours()) })
        .await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({"recipient_id": MARA, "message_id": "m_9"}));
    Mock::given(method("POST")).and(path_regex("/messages$")).respond_with(answer).mount(&graph).await;
    let desk = opens(&relay, &graph, &folder, &clock).await;
    let thread = until("the thread", async || desk.store().thread_id(&key(MARA)).await.unwrap()).await;

    let receipt = desk.send_reply(press(&desk, thread, "It arrives tomorrow.").await).await.unwrap();

    until("it to come back", async || {
        let part = desk.store().part(receipt.keys[0].0).await.unwrap()?;
        (state_of(&part).unwrap() == State::Returned { reason: Return::TagNeeded }).then_some(())
    })
    .await;
    let sends = graph.received_requests().await.unwrap();
    let sends: Vec<_> = sends.iter().filter(|call| call.url.path().ends_with("/messages")).collect();
    assert!(sends.is_empty(), "it left: {}", String::from_utf8_lossy(&sends[0].body));
    desk.shutdown().await;
}

async fn opens(
    relay: &MockServer,
    graph: &MockServer,
    folder: &tempfile::TempDir,
    clock: &TestClock,
) -> Desk {
    let store = Store::open(&folder.path().join("desk.sqlite")).await.unwrap();
    let enrolment = Enrolment {
        relay: relay.uri(),
        desk: DeskId::new(),
        agent: ines(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    store.set_enrolment(&enrolment).await.unwrap();
    store.close().await;
    let keys = Arc::new(MemoryKeyStore::default());
    keys.set(&KeyName::DeskToken, &SecretString::from("desk-token")).await.unwrap();
    keys.set(&KeyName::PageToken(tea()), &SecretString::from("EAAtoken")).await.unwrap();
    let config = DeskConfig {
        data_dir: folder.path().to_owned(),
        clock: Arc::new(clock.clone()),
        keys,
        graph: GraphConfig::at(&graph.uri()).unwrap(),
        desk_name: "Ines's laptop".to_owned(),
        history_after: Duration::MAX,
    };
    Desk::open_watched(config, Arc::new(TimePasses(clock.clone()))).await.unwrap()
}
