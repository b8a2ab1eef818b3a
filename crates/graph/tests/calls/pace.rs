//! When reads go: slots, budgets, throttles; and that sends wait for none of them.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use baton_graph::{CallError, GraphClient, Hold, HoldReason, Pace, SendResult, SlotAnswer, Slots, Urgency};
use baton_messenger::id::{AccountId, Platform};
use baton_messenger::send::{ControlBody, FileKind, FileSource, SenderActionBody, UploadBody};
use rstest::rstest;
use serde_json::json;
use wiremock::matchers::{any, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::support::{
    Breaker, HandClock, Heard, Then, answer_to_mara, client, credentials, mara, of_page, ok, page, refusal,
};

/// Answers as it was told, then grants; remembers who asked.
#[derive(Default)]
struct Team {
    answers: Mutex<VecDeque<SlotAnswer>>,
    asked: Mutex<Vec<(AccountId, Urgency)>>,
}

impl Team {
    fn says(answers: impl IntoIterator<Item = SlotAnswer>) -> Arc<Self> {
        Arc::new(Self { answers: Mutex::new(answers.into_iter().collect()), ..Self::default() })
    }

    fn asked(&self) -> Vec<Urgency> {
        self.asked.lock().unwrap().iter().map(|(_, urgency)| *urgency).collect()
    }
}

#[async_trait]
impl Slots for Team {
    async fn ask(&self, account: &AccountId, urgency: Urgency) -> SlotAnswer {
        self.asked.lock().unwrap().push((account.clone(), urgency));
        self.answers.lock().unwrap().pop_front().unwrap_or(SlotAnswer::Granted)
    }
}

struct Stage {
    graph: MockServer,
    clock: Arc<HandClock>,
    team: Arc<Team>,
    client: GraphClient,
}

async fn stage(team: Arc<Team>) -> Stage {
    let graph = MockServer::start().await;
    let clock = Arc::new(HandClock::default());
    let client = client(&graph.uri()).paced_by(clock.clone(), team.clone());
    Stage { graph, clock, team, client }
}

fn with_usage(answer: ResponseTemplate, percent: u32, regain_minutes: u32) -> ResponseTemplate {
    let usage = json!({"104500000000011": [{"type": "messenger", "call_count": percent, "total_cputime": 1,
        "total_time": 1, "estimated_time_to_regain_access": regain_minutes}]});
    answer.insert_header("x-business-use-case-usage", usage.to_string().as_str())
}

impl Stage {
    /// Every call is answered with this much of the budget used.
    async fn uses(&self, percent: u32, regain_minutes: u32) {
        self.graph.reset().await;
        let me = ok(&json!({"id": "104500000000011", "success": true, "message_id": "m_1"}));
        Mock::given(any()).respond_with(with_usage(me, percent, regain_minutes)).mount(&self.graph).await;
    }

    async fn calls(&self) -> usize {
        self.graph.received_requests().await.unwrap().len()
    }

    /// One background read, and what becomes of it while this clock stands still.
    async fn background_goes_at_once(&self) -> bool {
        let reading = tokio::spawn({
            let client = self.client.urgent(Urgency::Background);
            async move { client.me(&of_page()).await }
        });
        let goes = tokio::time::timeout(Duration::from_millis(300), reading).await;
        goes.is_ok_and(|done| done.unwrap().is_ok())
    }
}

#[tokio::test]
async fn reads_about_an_account_ask_for_a_slot_and_others_do_not() {
    let stage = stage(Team::says([])).await;
    stage.uses(1, 0).await;
    let background = stage.client.urgent(Urgency::Background);
    background.me(&of_page()).await.unwrap();
    stage.client.urgent(Urgency::Settling).me(&of_page()).await.unwrap();
    stage.client.me(&of_page()).await.unwrap();
    stage.client.urgent(Urgency::SetUp).me(&of_page()).await.unwrap();
    background.me(&credentials()).await.unwrap();
    assert_eq!(stage.team.asked(), [Urgency::Background, Urgency::Settling, Urgency::Opening]);
    assert!(stage.team.asked.lock().unwrap().iter().all(|(account, _)| *account == page()));
}

#[tokio::test]
async fn sends_and_control_calls_take_no_slot() {
    let stage = stage(Team::says([])).await;
    stage.uses(100, 60).await;
    stage.client.me(&of_page()).await.unwrap();
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(sent, SendResult::Accepted { .. }), "{sent:?}");
    stage.client.act(&of_page(), &page(), &SenderActionBody::typing_on(&mara())).await.unwrap();
    let taken = stage.client.control(&of_page(), &page(), &ControlBody::take(&mara(), None)).await;
    assert_eq!(taken, baton_graph::ControlResult::Done);
    assert_eq!(stage.team.asked(), [Urgency::Opening], "only the read before");
}

#[tokio::test]
async fn each_try_of_a_read_takes_a_slot_of_its_own() {
    let stage = stage(Team::says([])).await;
    Mock::given(any()).respond_with(refusal("transient_unknown")).mount(&stage.graph).await;
    stage.client.me(&of_page()).await.unwrap_err();
    assert_eq!((stage.team.asked().len(), stage.calls().await), (4, 4));
}

#[tokio::test]
async fn a_read_waits_for_its_slot_on_the_clock_that_runs_during_sleep() {
    let stage =
        stage(Team::says([SlotAnswer::NotYet { for_ms: 1_500 }, SlotAnswer::NotYet { for_ms: 500 }])).await;
    stage.uses(1, 0).await;
    let reading = tokio::spawn({
        let client = stage.client.clone();
        async move { client.me(&of_page()).await }
    });
    while stage.team.asked().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.calls().await, 0);
    stage.clock.advance(1_500);
    while stage.team.asked().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(stage.calls().await, 0);
    stage.clock.advance(500);
    reading.await.unwrap().unwrap();
    assert_eq!(stage.team.asked().len(), 3);
}

#[tokio::test]
async fn who_has_no_patience_is_told_how_long_it_takes() {
    let stage = stage(Team::says([SlotAnswer::NotYet { for_ms: 60_000 }])).await;
    let failed = stage.client.me(&of_page()).await.unwrap_err();
    assert_eq!(failed, CallError::HeldBack(Hold { for_ms: 60_000, why: HoldReason::Slot }));
    assert_eq!((failed.wait_ms(), stage.calls().await), (Some(60_000), 0));
    assert!(!failed.agent_words().what.is_empty());
}

#[tokio::test]
async fn without_anybody_who_gives_slots_nothing_is_asked() {
    let refused = SlotAnswer::Refused { for_ms: 30_000, why: "the relay is away".to_owned() };
    let stage = stage(Team::says([refused])).await;
    let failed = stage.client.urgent(Urgency::Background).me(&of_page()).await.unwrap_err();
    let CallError::HeldBack(hold) = failed else { panic!("{failed:?}") };
    assert_eq!(hold.why, HoldReason::NoSlots("the relay is away".to_owned()));
    assert_eq!(stage.calls().await, 0);
}

#[tokio::test]
async fn at_80_per_cent_background_is_slowed_and_an_agent_is_not() {
    let stage = stage(Team::says([])).await;
    stage.uses(80, 0).await;
    assert!(stage.background_goes_at_once().await, "nothing was heard yet");
    assert_eq!(stage.client.pace(&page()), Pace::Slow { percent: 80 });
    assert!(!stage.background_goes_at_once().await);
    stage.client.me(&of_page()).await.unwrap();
    stage.clock.advance(5_000);
    assert!(stage.background_goes_at_once().await);
}

#[tokio::test]
async fn at_95_per_cent_only_sends_go_until_meta_says_so() {
    let stage = stage(Team::says([])).await;
    stage.uses(95, 2).await;
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.client.pace(&page()), Pace::SendsOnly { percent: 95, for_ms: 120_000 });
    let failed = stage.client.me(&of_page()).await.unwrap_err();
    assert_eq!(failed, CallError::HeldBack(Hold { for_ms: 120_000, why: HoldReason::Budget(95) }));
    assert!(!stage.background_goes_at_once().await);
    let sent = stage.client.send(&of_page(), &page(), &answer_to_mara()).await;
    assert!(matches!(sent, SendResult::Accepted { .. }), "{sent:?}");

    stage.uses(20, 0).await;
    stage.clock.advance(120_000);
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.client.pace(&page()), Pace::Free);
}

#[tokio::test]
async fn the_budget_of_another_account_holds_nobody() {
    let stage = stage(Team::says([])).await;
    stage.uses(99, 0).await;
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.client.pace(&"104500000000022".into()), Pace::Free);
}

#[tokio::test]
async fn the_budget_of_the_app_holds_every_account() {
    let stage = stage(Team::says([])).await;
    let me = ok(&json!({"id": "1"})).insert_header("x-app-usage", r#"{"call_count":97}"#);
    Mock::given(any()).respond_with(me).mount(&stage.graph).await;
    stage.client.me(&of_page()).await.unwrap();
    let other = stage.client.pace(&"104500000000022".into());
    assert!(matches!(other, Pace::SendsOnly { percent: 97, .. }), "{other:?}");
}

#[tokio::test]
async fn a_throttle_holds_reads_for_a_minute_then_two() {
    let stage = stage(Team::says([])).await;
    Mock::given(any()).respond_with(refusal("rate_custom")).mount(&stage.graph).await;
    let failed = stage.client.me(&of_page()).await.unwrap_err();
    let first = failed.wait_ms().unwrap();
    assert!((60_000..=75_000).contains(&first), "{first}");
    assert_eq!(stage.calls().await, 1, "a throttled read is not asked again at once");
    let held = stage.client.me(&of_page()).await.unwrap_err();
    assert!(matches!(&held, CallError::HeldBack(Hold { why: HoldReason::Throttled, .. })), "{held:?}");
    assert_eq!(stage.calls().await, 1);

    stage.clock.advance(first);
    let second = stage.client.me(&of_page()).await.unwrap_err().wait_ms().unwrap();
    assert!((120_000..=150_000).contains(&second), "{second}");

    stage.clock.advance(second);
    stage.uses(1, 0).await;
    stage.client.me(&of_page()).await.unwrap();
    assert_eq!(stage.client.pace(&page()), Pace::Free);
}

#[rstest]
#[case::of_the_account("rate_custom", false)]
#[case::of_the_app("rate_app", true)]
#[tokio::test]
async fn a_throttle_holds_whom_it_counts(#[case] name: &str, #[case] all: bool) {
    let stage = stage(Team::says([])).await;
    Mock::given(any()).respond_with(refusal(name)).mount(&stage.graph).await;
    stage.client.me(&of_page()).await.unwrap_err();
    let other = stage.client.pace(&"104500000000022".into());
    assert_eq!(matches!(other, Pace::Throttled { .. }), all, "{other:?}");
}

#[tokio::test]
async fn a_throttled_send_says_how_long_and_longer_the_next_time() {
    let stage = stage(Team::says([])).await;
    Mock::given(any()).respond_with(refusal("rate_buc_messenger")).mount(&stage.graph).await;
    let mut waits = Vec::new();
    for _ in 0..2 {
        match stage.client.send(&of_page(), &page(), &answer_to_mara()).await {
            SendResult::Throttled { retry_after_ms, .. } => waits.push(retry_after_ms),
            other => panic!("{other:?}"),
        }
    }
    assert!((60_000..=75_000).contains(&waits[0]) && (120_000..=150_000).contains(&waits[1]), "{waits:?}");
    assert_eq!(stage.calls().await, 2);
    assert_eq!(stage.client.pace(&page()), Pace::Free, "reads have a budget of their own");
}

#[tokio::test]
async fn background_keeps_back_while_a_send_is_on_its_way() {
    let hanging = Breaker::start(Then::Hang).await;
    let clock = Arc::new(HandClock::default());
    let team = Team::says([]);
    let client = client(&hanging.address).paced_by(clock.clone(), team.clone());
    let sending = tokio::spawn({
        let client = client.clone();
        async move { client.send(&of_page(), &page(), &answer_to_mara()).await }
    });
    while hanging.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let reading = tokio::spawn({
        let client = client.urgent(Urgency::Background);
        async move { client.me(&of_page()).await }
    });
    clock.advance(60_000);
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(team.asked().is_empty(), "the read keeps back");
    sending.abort();
    let _ = sending.await;
    while team.asked().is_empty() {
        clock.advance(1_000);
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    reading.abort();
}

#[tokio::test]
async fn a_change_of_pace_is_told_once() {
    let stage = stage(Team::says([])).await;
    let heard = Arc::new(Heard::default());
    let client = stage.client.clone().observed_by(heard.clone());
    for percent in [10, 81, 85, 96] {
        stage.uses(percent, 0).await;
        client.me(&of_page()).await.unwrap();
    }
    let paces: Vec<_> = heard.paces.lock().unwrap().iter().map(|(_, pace)| *pace).collect();
    assert!(
        matches!(paces[..], [Pace::Slow { percent: 81 }, Pace::SendsOnly { percent: 96, .. }]),
        "{paces:?}"
    );
}

#[tokio::test]
async fn a_client_with_fresh_connections_keeps_what_it_knows_of_budgets() {
    let stage = stage(Team::says([])).await;
    stage.uses(99, 0).await;
    stage.client.me(&of_page()).await.unwrap();
    let fresh = stage.client.fresh().unwrap();
    assert!(matches!(fresh.pace(&page()), Pace::SendsOnly { percent: 99, .. }));
}

#[tokio::test]
async fn an_upload_belongs_to_a_send_and_waits_for_nothing() {
    let stage = stage(Team::says([])).await;
    let uploaded = ok(&json!({"attachment_id": "1"}));
    Mock::given(method("POST"))
        .and(path("/v26.0/104500000000011/message_attachments"))
        .respond_with(uploaded)
        .mount(&stage.graph)
        .await;
    let source = FileSource::url("https://files.example.invalid/a.png").unwrap();
    let upload = UploadBody::new(Platform::Messenger, FileKind::Image, source);
    stage.client.upload(&of_page(), &page(), &upload, None).await.unwrap();
    assert!(stage.team.asked().is_empty());
}
