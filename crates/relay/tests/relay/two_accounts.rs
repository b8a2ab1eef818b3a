//! Two accounts, one desk on each: nothing of the other is readable, by any call.

use baton_messenger::id::Platform;
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::presence::{Doing, LooksAt, PresenceSaid, PresenceState, Viewing};
use baton_protocol::snapshot::ReadMark;
use baton_protocol::stream::{EntryPage, StreamEvent, StreamRequest};
use baton_protocol::team::Status;
use baton_protocol::{Cursor, LogName, RunId, SeqRanges, routes};
use baton_relay::operator::Request;
use reqwest::Method;

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, customer, plain};

const NOBODYS: &str = "999999999999999";

async fn tea_and_coffee(stage: &Stage) -> (Desk, Desk) {
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(COFFEE, Role::Admin)]).await;
    jonas.connect(COFFEE, "Northwind Coffee").await;
    stage.says(COFFEE, MARA, "m_secret", "the secret of the coffee").await;
    (ines, jonas)
}

/// A desk says that its agent looks at a thread of this account.
fn looks_at(account: &str) -> String {
    let thread = LooksAt { account: account.into(), customer: customer(MARA) };
    let viewing = Some(Viewing { thread, doing: Doing::Reads });
    let state = PresenceState::Online;
    let said = PresenceSaid { run: RunId::new(), seq: 1, state, viewing, shown_offline: None };
    serde_json::to_string(&said).unwrap()
}

/// Status and body of a call, with the account's id taken out.
async fn answer(desk: &Desk, method: Method, path: &str, body: &str, account: &str) -> (u16, String) {
    let response = desk.request(method, path).body(body.to_owned()).send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap().replace(account, "ACCOUNT"))
}

#[tokio::test]
async fn every_route_answers_for_anothers_account_as_for_none() {
    let stage = Stage::new().await;
    let (ines, _jonas) = tea_and_coffee(&stage).await;
    let command =
        serde_json::to_string(&plain(Command::SetStatus { customer: customer(MARA), status: Status::Done }))
            .unwrap();
    let calls = |account: &str| {
        let log = LogName::from(account.to_owned());
        let mark = ReadMark { account: account.into(), customer: customer(MARA), read_seq: 1 };
        let entries = routes::entries(&log);
        vec![
            (Method::GET, entries.clone(), String::new()),
            (Method::GET, format!("{entries}?after=0"), String::new()),
            (Method::GET, format!("{entries}?before=2&limit=1"), String::new()),
            (Method::GET, format!("{entries}?after=0&before=9"), String::new()),
            (Method::GET, routes::block(&log, 0), String::new()),
            (Method::GET, routes::block(&log, 7), String::new()),
            (Method::POST, routes::commands(&log), command.clone()),
            (Method::POST, routes::commands(&log), "not a command".to_owned()),
            (Method::GET, routes::snapshot(&account.into()), String::new()),
            (Method::POST, routes::read_marks(&account.into()), serde_json::to_string(&mark).unwrap()),
            (Method::POST, routes::PRESENCE.to_owned(), looks_at(account)),
        ]
    };
    for (others, nobodys) in calls(COFFEE).into_iter().zip(calls(NOBODYS)) {
        let path = others.1.clone();
        let others = answer(&ines, others.0, &others.1, &others.2, COFFEE).await;
        let nobodys = answer(&ines, nobodys.0, &nobodys.1, &nobodys.2, NOBODYS).await;
        assert_eq!(others, nobodys, "{path}");
        assert_eq!(others.0, 404, "{path}");
        assert!(others.1.contains(&ErrorCode::NoSuchLog.to_string()), "{path}");
    }
    let hello = answer(&ines, Method::GET, routes::HELLO, "", "-").await.1;
    assert!(
        hello.contains("Northwind Tea") && !hello.contains("Coffee") && !hello.contains(COFFEE),
        "{hello}"
    );
    let health = stage.health().await.to_string();
    assert!(!health.contains(COFFEE) && !health.contains(TEA), "{health}");
}

#[tokio::test]
async fn a_guessed_cursor_opens_no_stream_of_anothers_account() {
    let stage = Stage::new().await;
    let (ines, jonas) = tea_and_coffee(&stage).await;
    let page: EntryPage = jonas.page(COFFEE, "after=0").await.unwrap();
    let mut ranges = SeqRanges::new();
    ranges.insert(1, 1);
    let stolen = Cursor { log_id: page.log_id, ranges, chain: page.entries[0].chain.clone() };
    let cursors = [(LogName::from(COFFEE.to_owned()), stolen)].into();
    let mut stream = ines.stream(&StreamRequest { cursors, presence: None }).await;
    stage.says(COFFEE, MARA, "m_secret_2", "another secret of the coffee").await;
    stage.says(TEA, MARA, "m_tea", "a word to the tea").await;
    loop {
        let event = stream.next().await.unwrap();
        let data = event.data().unwrap();
        // The workspace log names accounts in role facts; their content and names are not there.
        assert!(!data.contains("secret") && !data.contains("Northwind Coffee"), "{data}");
        match event {
            StreamEvent::Opened(opened) => assert_ne!(opened.log.as_str(), COFFEE),
            StreamEvent::Resync(resync) => assert_ne!(resync.log.as_str(), COFFEE),
            StreamEvent::Heartbeat(heartbeat) => {
                assert!(!heartbeat.heads.contains_key(&LogName::from(COFFEE.to_owned())));
                assert!(!heartbeat.last_webhook_ms.contains_key(&COFFEE.into()));
            }
            StreamEvent::Entries(entries) if entries.iter().any(|entry| entry.key.contains("m_tea")) => break,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_desk_that_is_cut_off_while_connected_gets_nothing_more() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    stream.entries(TEA, 2).await;

    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    stage.says(TEA, MARA, "m_2", "a secret").await;
    let mut last = None;
    while let Some(event) = stream.news().await {
        assert!(!event.data().unwrap().contains("m_2"));
        last = Some(event.name().to_owned());
    }
    assert_eq!(last.as_deref(), Some("revoked"));
}

#[tokio::test]
async fn a_desk_that_loses_an_account_while_connected_keeps_the_other_one() {
    let stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    stage.says(COFFEE, MARA, "m_1", "Hello").await;
    stream.entries(COFFEE, 2).await;

    let agent = ines.enrolled.agent;
    stage
        .operate(Request::SetRole {
            agent,
            account: COFFEE.into(),
            platform: Platform::Messenger,
            role: None,
        })
        .await;
    stage.says(COFFEE, MARA, "m_2", "a secret").await;
    stage.says(TEA, MARA, "m_3", "no secret").await;
    let mut was_told = false;
    loop {
        match stream.news().await.unwrap() {
            StreamEvent::AccessChanged(access) => {
                was_told = true;
                assert_eq!(access.accounts.len(), 1);
            }
            StreamEvent::Entries(entries) => {
                assert!(entries.iter().all(|entry| entry.log.as_str() != COFFEE));
                if entries.iter().any(|entry| entry.key.contains("m_3")) {
                    break;
                }
            }
            _ => {}
        }
    }
    assert!(was_told);
    assert_eq!(ines.page(COFFEE, "after=0").await.err().unwrap().1.code, ErrorCode::NoSuchLog);

    stage
        .operate(Request::SetRole {
            agent,
            account: COFFEE.into(),
            platform: Platform::Messenger,
            role: Some(Role::Agent),
        })
        .await;
    let again = stream.entries(COFFEE, 3).await;
    assert!(again.iter().any(|entry| entry.key.contains("m_2")), "what was missed comes with the account");
}

#[tokio::test]
async fn a_team_takes_on_another_account_without_a_new_invite() {
    let stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    let mut stream = ines.stream(&StreamRequest::default()).await;
    let (agent, platform) = (ines.enrolled.agent, Platform::Messenger);

    stage
        .operate(Request::SetRole { agent, account: COFFEE.into(), platform, role: Some(Role::Admin) })
        .await;
    loop {
        if let StreamEvent::AccessChanged(access) = stream.news().await.unwrap()
            && access.accounts.iter().any(|on| on.account.as_str() == COFFEE && on.role == Role::Admin)
        {
            break;
        }
    }
    ines.connect(COFFEE, "Northwind Coffee").await;
    stage.says(COFFEE, MARA, "m_1", "Hello").await;
    assert!(stream.entries(COFFEE, 2).await.iter().any(|entry| entry.key.contains("m_1")));
}
