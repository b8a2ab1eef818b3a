//! Threads that are given out by an account's rules, through the whole relay: webhooks in, streams open, assignments as
//! entries. The rules themselves are tested beside them.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_protocol::account::{AssignBy, HumanAgentRight, QueueRules, RoutingMode};
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::error::ErrorCode;
use baton_protocol::presence::{PresenceSaid, PresenceState};
use baton_protocol::stream::StreamRequest;
use baton_protocol::team::{Actor, Status, TeamFact};
use baton_protocol::{AgentId, CustomerId, LogName, RunId};
use baton_relay::clock::Clock as _;
use baton_relay::log::queue::QueueStore as _;
use baton_relay::log::sqlite::{SqliteLog, SqliteSettings};
use baton_relay::log::{Ask, Log as _, Verdict};
use baton_relay::meta_time::MetaTime;
use baton_relay::stewards::Stewardship;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use crate::stage::{APP, Desk, Stage, Stream, TEA, customer, plain, until};

/// The relay waits so long for desks to come back after its start.
const SETTLED_MS: i64 = 15_000;
const TEABOT: &str = "700555666777888";
const AN_HOUR_MS: i64 = 3_600_000;

/// Ines and Ada, agents, and Jonas, their supervisor; in this order by their ids.
struct Team {
    ines: Desk,
    ada: Desk,
    jonas: Desk,
}

async fn team(stage: &Stage) -> Team {
    Team {
        ines: stage.desk_on_tea("Ines").await,
        ada: stage.desk("Ada", &[(TEA, Role::Agent)]).await,
        jonas: stage.desk("Jonas", &[(TEA, Role::Supervisor)]).await,
    }
}

impl Team {
    fn at(&self, stage: &Stage) -> Self {
        Self { ines: self.ines.at(stage), ada: self.ada.at(stage), jonas: self.jonas.at(stage) }
    }

    async fn rules(&self, rules: QueueRules) {
        self.jonas.do_it(TEA, Command::SetQueue { rules }).await;
    }

    async fn gives(&self, number: u8, to: &Desk) {
        let assignee = Some(to.enrolled.agent);
        self.jonas.do_it(TEA, Command::Assign { customer: who(number), assignee }).await;
    }

    async fn sets(&self, number: u8, status: Status) {
        self.jonas.do_it(TEA, Command::SetStatus { customer: who(number), status }).await;
    }

    /// Who has which thread, and who moved it there last.
    async fn assigned(&self) -> BTreeMap<CustomerId, (Option<AgentId>, Actor)> {
        let mut assigned = BTreeMap::new();
        for entry in self.jonas.entries(TEA).await {
            if let Content::Team(fact) = entry.content()
                && let TeamFact::Assigned { customer, assignee, by, .. } = *fact
            {
                assigned.insert(customer, (assignee, by));
            }
        }
        assigned
    }

    /// Waits until the relay has given threads to these.
    async fn are_given(&self, given: &[(u8, &Desk)]) {
        let wanted: BTreeMap<CustomerId, (Option<AgentId>, Actor)> = given
            .iter()
            .map(|(number, desk)| (who(*number), (Some(desk.enrolled.agent), Actor::Relay)))
            .collect();
        until("threads to be given out", async || self.assigned().await.len() >= wanted.len()).await;
        assert_eq!(self.assigned().await, wanted);
    }

    /// Waits until a thread is the relay's to give again.
    async fn is_in_the_queue(&self, number: u8) {
        until("a thread to be in the queue", async || {
            self.assigned().await.get(&who(number)) == Some(&(None, Actor::Relay))
        })
        .await;
    }
}

fn who(number: u8) -> CustomerId {
    customer(&format!("62000000000001{number:02}"))
}

fn round_robin(limit: u32) -> QueueRules {
    QueueRules { assign: AssignBy::RoundRobin, limit, ..QueueRules::default() }
}

async fn comes(desk: &Desk) -> Stream {
    desk.stream(&StreamRequest::default()).await
}

async fn comes_as(desk: &Desk, state: PresenceState) -> Stream {
    let said = PresenceSaid { run: RunId::new(), seq: 1, state, viewing: None, shown_offline: None };
    desk.stream(&StreamRequest { presence: Some(said), ..StreamRequest::default() }).await
}

/// Something happens in the thread of this number, so many minutes after an hour ago.
async fn happens(stage: &Stage, list: &str, (number, minute): (u8, i64), what: &Value) {
    let (id, at_ms) = (who(number), stage.clock.wall_ms() - AN_HOUR_MS + minute * 60_000);
    let mut event = json!({"sender": {"id": id}, "recipient": {"id": TEA}, "timestamp": at_ms});
    event.as_object_mut().unwrap().extend(what.as_object().unwrap().clone());
    let body = json!({"object": "page", "entry": [{"id": TEA, "time": at_ms + 600, list: [event]}]});
    assert_eq!(stage.post(&body.to_string()).await, 200);
}

async fn writes_in(stage: &Stage, list: &str, number: u8, minute: i64) {
    let message = json!({"mid": format!("m_{number}_{minute}"), "text": "Where is my parcel?"});
    happens(stage, list, (number, minute), &json!({"message": message})).await;
}

async fn writes(stage: &Stage, number: u8, minute: i64) {
    writes_in(stage, "messaging", number, minute).await;
}

#[tokio::test]
async fn the_longest_wait_goes_first_in_turn_and_to_nobody_over_the_limit() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    team.rules(round_robin(2)).await;
    for (number, minute) in [(1, 5), (2, 1), (3, 3), (4, 2), (5, 4)] {
        writes(&stage, number, minute).await;
    }
    let _there = [comes(&team.ines).await, comes(&team.ada).await];
    assert!(team.assigned().await.is_empty(), "desks may still come back");
    stage.clock.advance_ms(SETTLED_MS);
    team.are_given(&[(2, &team.ines), (4, &team.ada), (3, &team.ines), (5, &team.ada)]).await;

    // Ines is done with one: the one that waits is hers, because Ada got the last.
    team.ines.do_it(TEA, Command::SetStatus { customer: who(2), status: Status::Done }).await;
    team.are_given(&[(2, &team.ines), (4, &team.ada), (3, &team.ines), (5, &team.ada), (1, &team.ines)])
        .await;
    // Somebody comes who has room.
    writes(&stage, 6, 6).await;
    let _supervisor = comes(&team.jonas).await;
    until("Jonas to get one", async || team.assigned().await.contains_key(&who(6))).await;
    let by_relay = (Some(team.jonas.enrolled.agent), Actor::Relay);
    assert_eq!(team.assigned().await.get(&who(6)), Some(&by_relay));
}

#[tokio::test]
async fn nothing_new_to_whoever_is_away_and_claims_count() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    team.rules(round_robin(1)).await;
    let claim = Command::Assign { customer: who(1), assignee: Some(team.ines.enrolled.agent) };
    writes(&stage, 1, 1).await;
    team.ines.do_it(TEA, claim).await;
    writes(&stage, 2, 2).await;
    let _there = [
        comes_as(&team.ines, PresenceState::Online).await,
        comes_as(&team.ada, PresenceState::TransfersOnly).await,
        comes_as(&team.jonas, PresenceState::Away).await,
    ];
    stage.clock.advance_ms(SETTLED_MS);
    // Ines has as many as one gets; with another limit it is hers.
    team.rules(round_robin(2)).await;
    until("the second to be given out", async || team.assigned().await.len() == 2).await;
    let by_relay = (Some(team.ines.enrolled.agent), Actor::Relay);
    assert_eq!(team.assigned().await.get(&who(2)), Some(&by_relay));
}

#[tokio::test]
async fn whom_nobody_may_answer_any_more_is_in_nobodys_way() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    team.rules(round_robin(20)).await;
    let _there = comes(&team.ines).await;
    stage.clock.advance_ms(SETTLED_MS);
    writes(&stage, 1, -2 * 24 * 60).await;
    writes(&stage, 2, 1).await;
    team.are_given(&[(2, &team.ines)]).await;
    let right = HumanAgentRight::Approved;
    petra.do_it(TEA, Command::SetHumanAgent { right }).await;
    team.are_given(&[(1, &team.ines), (2, &team.ines)]).await;
}

#[tokio::test]
async fn what_the_bot_has_waits_for_nobody_until_it_passes_it_on() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    team.rules(round_robin(20)).await;
    let _there = comes(&team.ines).await;
    stage.clock.advance_ms(SETTLED_MS);
    writes_in(&stage, "standby", 1, 1).await;
    writes(&stage, 2, 2).await;
    team.are_given(&[(2, &team.ines)]).await;
    let pass =
        json!({"previous_owner_app_id": TEABOT, "new_owner_app_id": APP, "metadata": "wants a person"});
    happens(&stage, "messaging", (1, 3), &json!({"pass_thread_control": pass})).await;
    team.are_given(&[(1, &team.ines), (2, &team.ines)]).await;
}

#[tokio::test]
async fn what_is_opened_again_stays_with_whoever_is_there_and_else_goes_to_the_queue() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let _there = comes(&team.ines).await;
    stage.clock.advance_ms(SETTLED_MS);
    let given = [(1, &team.ines), (2, &team.ada), (3, &team.ada), (4, &team.ines), (5, &team.ada)];
    for (number, desk) in given {
        writes(&stage, number, 1).await;
        team.gives(number, desk).await;
    }
    team.sets(1, Status::Done).await;
    team.sets(2, Status::Done).await;
    team.sets(3, Status::WaitingOnCustomer).await;
    team.sets(4, Status::WaitingOnCustomer).await;
    for number in [1, 4, 5, 3, 2] {
        writes(&stage, number, 9).await;
    }
    team.is_in_the_queue(2).await;
    team.is_in_the_queue(3).await;
    let of = |number: u8| {
        let known = team.assigned();
        async move { known.await.get(&who(number)).and_then(|(assignee, _)| *assignee) }
    };
    assert_eq!(of(1).await, Some(team.ines.enrolled.agent), "she is there");
    assert_eq!(of(4).await, Some(team.ines.enrolled.agent), "that talk goes on");
    assert_eq!(of(5).await, Some(team.ada.enrolled.agent), "it was open all the while");

    team.rules(QueueRules { reopen_to_last: false, ..QueueRules::default() }).await;
    team.sets(1, Status::Done).await;
    writes(&stage, 1, 10).await;
    team.is_in_the_queue(1).await;
}

#[tokio::test]
async fn a_reaction_opens_a_thread_again_by_the_rules_of_its_moment() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    stage.clock.advance_ms(SETTLED_MS);
    for number in [1, 2] {
        writes(&stage, number, 1).await;
        team.gives(number, &team.ada).await;
        team.sets(number, Status::Done).await;
    }
    let reaction = |number: u8| json!({"reaction": {"mid": format!("m_{number}_1"), "action": "react", "reaction": "love", "emoji": "❤"}});
    happens(&stage, "messaging", (1, 2), &reaction(1)).await;
    team.rules(QueueRules { reaction_reopens: true, ..QueueRules::default() }).await;
    happens(&stage, "messaging", (2, 3), &reaction(2)).await;
    team.is_in_the_queue(2).await;
    let first = team.assigned().await.remove(&who(1));
    assert_eq!(first.and_then(|(assignee, _)| assignee), Some(team.ada.enrolled.agent));
}

#[tokio::test]
async fn the_queue_and_whose_turn_it_is_outlive_the_relay() {
    let mut stage = Stage::new().await;
    let before = team(&stage).await;
    before.rules(round_robin(1)).await;
    writes(&stage, 1, 1).await;
    let there = comes(&before.ines).await;
    stage.clock.advance_ms(SETTLED_MS);
    before.are_given(&[(1, &before.ines)]).await;
    // Ines has as many as one gets. A sleep that ends while the relay is gone is no sleep any more.
    writes(&stage, 3, 0).await;
    let until_ms = stage.clock.wall_ms() + 60_000;
    before.sets(3, Status::Snoozed { until_ms }).await;
    drop(there);
    stage.stop().await;
    stage.clock.advance_ms(120_000);
    stage.start().await;
    let team = before.at(&stage);
    team.rules(round_robin(20)).await;
    let _there = [comes(&team.ines).await, comes(&team.ada).await];
    writes(&stage, 2, 2).await;
    stage.clock.advance_ms(SETTLED_MS);
    team.are_given(&[(1, &team.ines), (3, &team.ada), (2, &team.ines)]).await;
}

/// What a relay of before left of each thread.
const OF_BEFORE: &str = "update thread set turn = null, stands = '', waits_ms = null, word_ms = null";

async fn file(stage: &Stage) -> SqliteConnection {
    SqliteConnectOptions::new().filename(stage.database()).connect().await.unwrap()
}

/// How many threads of the file nobody has looked at.
async fn unfolded(file: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("select count(*) from thread where turn is null").fetch_one(file).await.unwrap()
}

#[tokio::test]
async fn a_file_of_before_keeps_no_relay_from_starting_and_what_waits_there_is_given_out() {
    let mut stage = Stage::new().await;
    let before = team(&stage).await;
    before.rules(round_robin(20)).await;
    let ada = before.ada.enrolled.agent;
    for number in [1, 2, 3] {
        writes(&stage, number, number.into()).await;
    }
    before.gives(3, &before.ada).await;
    before.sets(3, Status::Done).await;
    stage.stop().await;
    let mut beside = file(&stage).await;
    sqlx::query(OF_BEFORE).execute(&mut beside).await.unwrap();

    // Opening it takes no look at threads, however many there are; until then what is done is done.
    let settings = SqliteSettings { path: stage.database(), app: APP.into() };
    let log = SqliteLog::open(settings, Arc::new(MetaTime::new(stage.clock.clone()))).await.unwrap();
    assert_eq!(unfolded(&mut beside).await, 3);
    let ask = Ask {
        log: LogName::Account(TEA.into()),
        desk: before.jonas.enrolled.desk,
        request: plain(Command::ReturnThreads { agent: ada }),
        steward: Stewardship::Nobody,
    };
    let verdict = log.command(ask).await.unwrap();
    assert!(
        matches!(&verdict, Verdict::Accepted(told) if told.seqs.is_empty() && told.threads_left == Some(0))
    );
    log.close().await;
    drop(log);

    stage.start().await;
    let team = before.at(&stage);
    let _there = comes(&team.ines).await;
    stage.clock.advance_ms(SETTLED_MS);
    let by_relay = (Some(team.ines.enrolled.agent), Actor::Relay);
    until("those that wait to be given out", async || team.assigned().await.len() == 3).await;
    let assigned = team.assigned().await;
    assert!([1, 2].iter().all(|number| assigned.get(&who(*number)) == Some(&by_relay)), "{assigned:?}");
    assert_eq!(unfolded(&mut beside).await, 0);
    beside.close().await.unwrap();
}

/// How many threads have a fold that no longer counts.
async fn outdated(file: &mut SqliteConnection) -> i64 {
    let sql = "select count(*) from thread join account using (account) where turn_of <> turns";
    sqlx::query_scalar(sql).fetch_one(file).await.unwrap()
}

#[tokio::test]
async fn what_changes_for_all_threads_writes_none_of_them_and_folds_some_at_a_time() {
    let mut stage = Stage::new().await;
    let admin = stage.desk("Mia", &[(TEA, Role::Admin)]).await;
    admin.connect(TEA, "Northwind Tea").await;
    for number in 1..=30 {
        writes(&stage, number, 1).await;
    }
    stage.stop().await;
    let mut beside = file(&stage).await;
    let settings = SqliteSettings { path: stage.database(), app: APP.into() };
    let log = SqliteLog::open(settings, Arc::new(MetaTime::new(stage.clock.clone()))).await.unwrap();
    assert_eq!(outdated(&mut beside).await, 0);
    let ask = Ask {
        log: LogName::Account(TEA.into()),
        desk: admin.enrolled.desk,
        request: plain(Command::SetRouting { routing: RoutingMode::Off, default_app: None }),
        steward: Stewardship::Nobody,
    };
    assert!(matches!(log.command(ask).await.unwrap(), Verdict::Accepted(_)));
    assert_eq!((outdated(&mut beside).await, unfolded(&mut beside).await), (30, 0), "no row was written");
    assert!(log.fold_anew().await.unwrap(), "there are more");
    assert_eq!(outdated(&mut beside).await, 5);
    assert!(!log.fold_anew().await.unwrap());
    assert_eq!(outdated(&mut beside).await, 0);
    log.close().await;
    beside.close().await.unwrap();
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_keeps_nothing_in_its_thread_from_being_stored() {
    let mut stage = Stage::new().await;
    team(&stage).await;
    writes(&stage, 1, 1).await;
    stage.stop().await;
    let mut beside = file(&stage).await;
    for sql in [OF_BEFORE, "update entry set body = 'torn' where kind = 'meta'"] {
        sqlx::query(sql).execute(&mut beside).await.unwrap();
    }
    stage.start().await;
    writes(&stage, 1, 2).await;
    let stored: i64 = sqlx::query_scalar("select count(*) from entry where kind = 'meta'")
        .fetch_one(&mut beside)
        .await
        .unwrap();
    assert_eq!((stored, unfolded(&mut beside).await), (2, 0));
    beside.close().await.unwrap();
}

#[tokio::test]
async fn rules_are_kept_within_their_bounds_and_told_to_a_new_desk() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    for limit in [0, QueueRules::MOST + 1] {
        let told = team.jonas.ask(TEA, &plain(Command::SetQueue { rules: round_robin(limit) })).await;
        let (status, no) = told.no();
        assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));
    }
    team.rules(round_robin(7)).await;
    let again = team.jonas.do_it(TEA, Command::SetQueue { rules: round_robin(7) }).await;
    assert!(again.seqs.is_empty(), "they hold already");
    let path = baton_protocol::routes::snapshot(&TEA.into());
    let snapshot: baton_protocol::snapshot::Snapshot =
        team.ada.get(&path).await.map_err(|(_, no)| no).unwrap();
    let rules = snapshot.account_facts.iter().find_map(|entry| match entry.content() {
        Content::Team(fact) => match *fact {
            TeamFact::QueueSet { rules, .. } => Some(rules),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(rules, Some(round_robin(7)));
}
