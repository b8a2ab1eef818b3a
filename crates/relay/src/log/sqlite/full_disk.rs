//! A disk that is full for a while, seen through the relay's own listener: SQLite itself says that there is no room.

use std::sync::Arc;

use async_trait::async_trait;
use baton_messenger::id::{AccountId, AppId, Platform};
use baton_messenger::signature;
use baton_protocol::account::RoutingMode;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::{AgentId, CommandId, CustomerId, DeskId, InviteId, LogName, NoteId, routes};
use secrecy::SecretString;
use serde_json::{Value, json};

use super::super::{Ask, Log, LogError, OperatorAct, Range, Read, Verdict};
use super::writer::{Tx, Work};
use super::{SqliteLog, SqliteSettings};
use crate::clock::SystemClock;
use crate::config::Config;
use crate::meta_time::MetaTime;
use crate::people::{InviteAccount, NewDesk, NewInvite};
use crate::relay::{Relay, RunningRelay};
use crate::secret::Hash;

const TEA: &str = "104500000000011";
const APP: &str = "700100200300400";
const SECRET: &str = "the-app-secret";

/// Gives the file this many pages more than it has, or all it wants.
struct Room(Option<i64>);

#[async_trait]
impl Work for Room {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        let read = |e: sqlx::Error| LogError::Unreadable(e.to_string());
        let pages: i64 =
            sqlx::query_scalar("pragma page_count").fetch_one(&mut *tx.conn).await.map_err(read)?;
        let most = self.0.map_or(i64::from(u32::MAX - 1), |more| pages + more);
        let sql = format!("pragma max_page_count = {most}");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx.conn).await.map_err(read)?;
        Ok(())
    }
}

async fn desk_on_tea(log: &SqliteLog) -> DeskId {
    let (invite, desk) = (Hash::of("an invite"), DeskId::new());
    let on_tea = InviteAccount { account: TEA.into(), platform: Platform::Messenger, role: Role::Agent };
    let new = NewInvite {
        invite: InviteId::new(),
        made_by: None,
        changes_roles: false,
        hash: invite.clone(),
        agent: None,
        agent_name: "Ines".into(),
        accounts: vec![on_tea],
        expires_at_ms: i64::MAX,
    };
    log.operate(OperatorAct::Invite(new)).await.unwrap();
    let new = NewDesk {
        invite,
        desk,
        new_agent: AgentId::new(),
        name: "laptop".into(),
        public_key: "key".into(),
        token: Hash::of("a token"),
    };
    log.enrol(new).await.unwrap();
    let connect = Command::ConnectAccount {
        platform: Platform::Messenger,
        name: "Northwind Tea".into(),
        page: AccountId::from(TEA),
        app: AppId::from(APP),
        routing: RoutingMode::On,
        fields: Vec::new(),
    };
    let request = CommandRequest {
        command_id: CommandId::new(),
        if_version: None,
        if_no_word_after: None,
        command: connect,
    };
    let ask = Ask { log: LogName::Account(TEA.into()), desk, request, steward: Default::default() };
    assert!(matches!(log.command(ask).await.unwrap(), Verdict::Accepted(_)));
    desk
}

struct Meta<'a> {
    http: reqwest::Client,
    relay: &'a RunningRelay,
}

impl Meta<'_> {
    async fn says(&self, mid: &str) -> u16 {
        let text = "x".repeat(3_000);
        let body = json!({"object": "page", "entry": [{"id": TEA, "time": 1, "messaging": [{
            "sender": {"id": "6200000000000101"}, "recipient": {"id": TEA}, "timestamp": 1_791_190_800_000_i64,
            "message": {"mid": mid, "text": text}}]}]})
        .to_string();
        let signature = signature::sign(SECRET.as_bytes(), body.as_bytes());
        let url = format!("{}{}", self.relay.public_url(), routes::WEBHOOK);
        let request = self.http.post(url).header("X-Hub-Signature-256", signature).body(body);
        request.send().await.unwrap().status().as_u16()
    }

    async fn health(&self) -> (u16, Value) {
        let url = format!("{}{}", self.relay.public_url(), routes::HEALTH);
        let answer = self.http.get(url).send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }
}

#[tokio::test]
async fn a_full_disk_refuses_says_so_and_is_left_without_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let time = Arc::new(MetaTime::new(Arc::new(SystemClock)));
    let settings = SqliteSettings { path: dir.path().join("relay.db"), app: AppId::from(APP) };
    let log = Arc::new(SqliteLog::open(settings, time.clone()).await.unwrap());
    let desk = desk_on_tea(&log).await;
    let mut config = Config::on_loopback(
        dir.path().join("relay.db"),
        AppId::from(APP),
        SecretString::from(SECRET),
        SecretString::from("tea"),
    );
    config.graph_url = "http://127.0.0.1:9".to_owned();
    let relay = Relay::start_on(config, log.clone(), time).await.unwrap();
    let meta = Meta { http: reqwest::Client::builder().no_proxy().build().unwrap(), relay: &relay };
    assert_eq!(meta.health().await.0, 200);

    log.writer.run(Room(Some(8))).await.unwrap();
    let (mut answered, mut refused) = (Vec::new(), Vec::new());
    for n in 0..24 {
        let mid = format!("m_{n}");
        match meta.says(&mid).await {
            200 => answered.push(mid),
            503 => refused.push(mid),
            other => panic!("{other}"),
        }
    }
    assert!(!answered.is_empty() && refused.len() > 3, "{answered:?} {refused:?}");
    let (status, health) = meta.health().await;
    assert_eq!((status, &health["ok"]), (503, &json!(false)), "{health}");
    assert!(health["log_problem"].as_str().unwrap().contains("cannot store now"), "{health}");
    assert_eq!(health["refused"]["log_unavailable"], refused.len(), "{health}");

    // There is room again, and nothing but the question for its health tells the relay.
    log.writer.run(Room(None)).await.unwrap();
    let (status, health) = meta.health().await;
    assert_eq!((status, &health["log_problem"]), (200, &Value::Null), "{health}");
    for mid in refused {
        assert_eq!(meta.says(&mid).await, 200);
        answered.push(mid);
    }
    let Read::Found(page) =
        log.entries(desk, &LogName::Account(TEA.into()), Range::After(0), 100).await.unwrap()
    else {
        panic!("the log cannot be read")
    };
    assert!(page.entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
    for mid in &answered {
        let times = page.entries.iter().filter(|entry| entry.key.ends_with(&format!(":{mid}"))).count();
        assert_eq!(times, 1, "{mid}");
    }
    assert_eq!(page.entries.len(), answered.len() + 1);
    relay.stop().await;
}

/// A private note about a customer, long enough for a page of its own.
fn note(number: usize) -> CommandRequest {
    CommandRequest {
        command_id: CommandId::new(),
        if_version: None,
        if_no_word_after: None,
        command: Command::AddNote {
            customer: CustomerId::from("6200000000000101"),
            note: NoteId::new(),
            text: format!("note {number}: {}", "x".repeat(3_000)),
            mentions: Vec::new(),
            supervisors_only: false,
        },
    }
}

/// How often each of the first `count` notes stands in the log, once it was looked at that no seq is left out.
async fn times(log: &SqliteLog, desk: DeskId, count: usize) -> Vec<usize> {
    let name = LogName::Account(TEA.into());
    let Read::Found(page) = log.entries(desk, &name, Range::After(0), 100).await.unwrap() else {
        panic!("the log cannot be read")
    };
    assert!(page.entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
    let is_in = |number: usize| {
        let begin = format!("note {number}:");
        page.entries.iter().filter(|entry| entry.body.get().contains(&begin)).count()
    };
    (0..count).map(is_in).collect()
}

#[tokio::test]
async fn what_a_desk_asks_for_on_a_full_disk_is_refused_whole_and_done_once_when_it_asks_again() {
    let dir = tempfile::tempdir().unwrap();
    let settings = SqliteSettings { path: dir.path().join("relay.db"), app: AppId::from(APP) };
    let log = SqliteLog::open(settings, Arc::new(MetaTime::new(Arc::new(SystemClock)))).await.unwrap();
    let desk = desk_on_tea(&log).await;
    let ask = |request: &CommandRequest| Ask {
        log: LogName::Account(TEA.into()),
        desk,
        request: request.clone(),
        steward: Default::default(),
    };

    log.writer.run(Room(Some(8))).await.unwrap();
    let notes: Vec<CommandRequest> = (0..24).map(note).collect();
    let mut stands = Vec::new();
    for note in &notes {
        match log.command(ask(note)).await {
            Ok(Verdict::Accepted(_)) => stands.push(1),
            Err(LogError::Unavailable(_)) => stands.push(0),
            other => panic!("{other:?}"),
        }
    }
    let refused = stands.iter().filter(|times| **times == 0).count();
    assert!(refused > 3 && refused < notes.len(), "{stands:?}");
    assert_eq!(times(&log, desk, notes.len()).await, stands, "what was refused is nowhere");

    // There is room again. A desk asks again for what it heard nothing good of, and may have missed an answer.
    log.writer.run(Room(None)).await.unwrap();
    for note in &notes {
        let again = log.command(ask(note)).await.unwrap();
        assert!(matches!(again, Verdict::Accepted(_)), "{again:?}");
    }
    assert_eq!(times(&log, desk, notes.len()).await, vec![1; notes.len()]);
    log.close().await;
}
