//! Meta's time: asked for with the app's own token, carried into hello and heartbeats, told at once when it moves.

use std::sync::Arc;
use std::time::Duration;

use baton_graph::Observer;
use baton_protocol::account::{AssignBy, QueueRules};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::hello::Hello;
use baton_protocol::routes;
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::team::{Status, TeamFact};
use baton_protocol::{AgentId, AppId, DeskId, InviteId, LogName};
use baton_relay::clock::Clock;
use baton_relay::log::sqlite::{SqliteLog, SqliteSettings};
use baton_relay::log::{Log, OperatorAct, Range, Read};
use baton_relay::meta_time::MetaTime;
use baton_relay::people::{NewDesk, NewInvite};
use baton_relay::secret::Hash;
use wiremock::matchers::{any, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::stage::{APP, Desk, MARA, MovedClock, SECRET, Stage, TEA, customer, until};

/// 2026-10-05 09:00:00 UTC, six and thirty hours later.
const MONDAY: (&str, i64) = ("Mon, 05 Oct 2026 09:00:00 GMT", 1_791_190_800_000);
const EVENING: (&str, i64) = ("Mon, 05 Oct 2026 15:00:00 GMT", 1_791_212_400_000);
const TUESDAY: (&str, i64) = ("Tue, 06 Oct 2026 15:00:00 GMT", 1_791_298_800_000);
/// Between two answers the boot clock carries the time on.
const WITHIN_MS: i64 = 60_000;

async fn meta_says(meta: &MockServer, date: &str) {
    meta.reset().await;
    Mock::given(method("GET"))
        .and(path(format!("/v26.0/{APP}")))
        .and(header("authorization", format!("Bearer {APP}|{SECRET}").as_str()))
        .respond_with(
            ResponseTemplate::new(200)
                .insert_header("date", date)
                .set_body_json(serde_json::json!({ "id": APP })),
        )
        .mount(meta)
        .await;
    // Whatever else the relay asks is answered at the same time.
    Mock::given(any())
        .respond_with(ResponseTemplate::new(404).insert_header("date", date))
        .with_priority(9)
        .mount(meta)
        .await;
}

/// A relay that asks Meta often.
async fn stage_with(meta: &MockServer) -> Stage {
    Stage::with(|config| {
        config.graph_url = meta.uri();
        config.meta_time_every = Duration::from_millis(50);
    })
    .await
}

/// Waits until the relay's idea of Meta's time is about this.
async fn relay_knows(stage: &Stage, expected_ms: i64) {
    until("Meta's time", async || {
        stage.running().meta_now_ms().is_some_and(|ms| (ms - expected_ms).abs() < WITHIN_MS)
    })
    .await;
}

/// Does something, and gives the time of its entry.
async fn acts(desk: &Desk, name: &str) -> i64 {
    let command = Command::NameCustomer { customer: customer(MARA), name: name.to_owned(), by_hand: false };
    let seq = desk.do_it(TEA, command).await.seqs[0];
    let entries = desk.entries(TEA).await;
    entries.iter().find(|entry| entry.seq == seq).unwrap().at_ms
}

const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test]
async fn a_thread_whose_sleep_ends_because_metas_clock_was_moved_is_given_out() {
    let meta = MockServer::start().await;
    meta_says(&meta, MONDAY.0).await;
    let stage = stage_with(&meta).await;
    relay_knows(&stage, MONDAY.1).await;
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Supervisor)]).await;
    let rules = QueueRules { assign: AssignBy::RoundRobin, ..QueueRules::default() };
    jonas.do_it(TEA, Command::SetQueue { rules }).await;
    let event = serde_json::json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": MONDAY.1,
        "message": {"mid": "m_1", "text": "Tell me in the afternoon"},
    });
    let body =
        serde_json::json!({"object": "page", "entry": [{"id": TEA, "time": MONDAY.1, "messaging": [event]}]});
    assert_eq!(stage.post(&body.to_string()).await, 200);
    let status = Status::Snoozed { until_ms: MONDAY.1 + 2 * 3_600_000 };
    jonas.do_it(TEA, Command::SetStatus { customer: customer(MARA), status }).await;
    let _there = ines.stream(&StreamRequest::default()).await;
    stage.clock.advance_ms(15_000);
    let given = async || {
        let entries = ines.entries(TEA).await;
        entries.iter().any(|entry| {
            matches!(entry.content(), Content::Team(fact) if matches!(*fact, TeamFact::Assigned { .. }))
        })
    };
    relay_knows(&stage, MONDAY.1).await;
    assert!(!given().await, "it sleeps");
    meta_says(&meta, EVENING.0).await;
    until("the thread to be given out", given).await;
}

#[tokio::test]
async fn what_the_team_does_gets_metas_time_and_never_runs_backwards() {
    let meta = MockServer::start().await;
    meta_says(&meta, TUESDAY.0).await;
    let stage = stage_with(&meta).await;
    // The machine's own clock is a hundred days behind; it is not asked.
    stage.clock.set_wall_off_by_ms(-100 * DAY_MS);
    let ines = stage.desk_on_tea("Ines").await;
    relay_knows(&stage, TUESDAY.1).await;
    let on_tuesday = acts(&ines, "Mara").await;
    assert!((on_tuesday - TUESDAY.1).abs() < WITHIN_MS, "{on_tuesday}");
    stage.says(TEA, MARA, "m_1", "Hello").await;
    let entries = ines.entries(TEA).await;
    assert!((entries.last().unwrap().at_ms - TUESDAY.1).abs() < WITHIN_MS, "webhooks too");

    meta_says(&meta, MONDAY.0).await;
    relay_knows(&stage, MONDAY.1).await;
    let later = acts(&ines, "Mara L.").await;
    assert!(later >= on_tuesday, "{later} is before {on_tuesday}");
}

/// The time of a new entry of the workspace's log.
async fn appended_ms(log: &SqliteLog) -> i64 {
    let invite = Hash::of(&DeskId::new().to_string());
    let new = NewInvite {
        invite: InviteId::new(),
        made_by: None,
        changes_roles: false,
        hash: invite.clone(),
        agent: None,
        agent_name: "Ines".to_owned(),
        accounts: Vec::new(),
        expires_at_ms: i64::MAX,
    };
    log.operate(OperatorAct::Invite(new)).await.unwrap();
    let desk = DeskId::new();
    let new = NewDesk {
        invite,
        desk,
        new_agent: AgentId::new(),
        name: "laptop".to_owned(),
        public_key: "key".to_owned(),
        token: Hash::of(&desk.to_string()),
    };
    log.enrol(new).await.unwrap();
    let Read::Found(page) = log.entries(desk, &LogName::Workspace, Range::Newest, 1).await.unwrap() else {
        panic!("the workspace cannot be read")
    };
    page.entries[0].at_ms
}

#[tokio::test]
async fn without_meta_or_in_doubt_the_relays_own_clock_counts_but_not_before_what_meta_gave() {
    let (clock, dir) = (Arc::new(MovedClock::default()), tempfile::tempdir().unwrap());
    let settings = || SqliteSettings { path: dir.path().join("relay.db"), app: AppId::from(APP) };
    let time = Arc::new(MetaTime::new(clock.clone()));
    let log = SqliteLog::open(settings(), time.clone()).await.unwrap();
    let year = 365 * DAY_MS;
    let is_about = |ms: i64, expected: i64| (ms - expected).abs() < WITHIN_MS;

    let unknown = appended_ms(&log).await;
    assert!(is_about(unknown, clock.wall_ms()), "{unknown}");

    // A time of our own, too late as it is, holds nothing up.
    time.on_meta_time(TUESDAY.1);
    let on_tuesday = appended_ms(&log).await;
    assert!(is_about(on_tuesday, TUESDAY.1), "{on_tuesday}");

    // Somebody sets the machine's clock: what is carried on since Meta's last answer is doubtful.
    clock.set_wall_off_by_ms(year);
    let in_doubt = appended_ms(&log).await;
    assert!(is_about(in_doubt, clock.wall_ms()), "{in_doubt}");
    time.on_meta_time(TUESDAY.1 + 1000);
    let sure_again = appended_ms(&log).await;
    assert!(is_about(sure_again, TUESDAY.1), "{sure_again}");

    // A relay that has not heard Meta yet uses its own clock, though never before Meta's last time here.
    log.close().await;
    drop(log);
    clock.set_wall_off_by_ms(-10 * year);
    let time = Arc::new(MetaTime::new(clock.clone()));
    let log = SqliteLog::open(settings(), time).await.unwrap();
    let restarted = appended_ms(&log).await;
    assert_eq!(restarted, sure_again);
}

#[tokio::test]
async fn when_metas_clock_moves_desks_hear_of_it_at_once() {
    let meta = MockServer::start().await;
    meta_says(&meta, MONDAY.0).await;
    let stage = stage_with(&meta).await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    let mut heard = async |expected: i64| loop {
        // The usual heartbeat comes every 15 s, so what is awaited here was not due.
        if let StreamEvent::Heartbeat(heartbeat) = stream.next().await.unwrap()
            && heartbeat.meta_ms.is_some_and(|ms| (ms - expected).abs() < WITHIN_MS)
        {
            break;
        }
    };
    heard(MONDAY.1).await;
    let hello: Hello = ines.get(routes::HELLO).await.unwrap();
    assert!(hello.meta_ms.is_some_and(|ms| (ms - MONDAY.1).abs() < WITHIN_MS), "{hello:?}");
    assert_eq!(stage.health().await["meta_time_known"], true);

    meta_says(&meta, TUESDAY.0).await;
    heard(TUESDAY.1).await;
}
