//! What desks confirm once it is gone from them: lost accounts and erased customers.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::{ErasureAt, ErasureStanding, People, Removals};
use baton_protocol::{AccountId, DeskId, routes};
use baton_relay::operator::Request;
use reqwest::Method;

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, customer};

async fn owed(desk: &Desk) -> Removals {
    desk.get(routes::OWED).await.map_err(|(_, no)| no).unwrap()
}

async fn gone(desk: &Desk, gone: &Removals) -> u16 {
    desk.request(Method::POST, routes::GONE).json(gone).send().await.unwrap().status().as_u16()
}

/// Desks that have not confirmed the last erasure of Mara.
async fn waiting(desk: &Desk) -> Option<(ErasureStanding, Vec<DeskId>)> {
    let path = format!("{}?customer={MARA}", routes::of_account(routes::ERASURE, &TEA.into()));
    match desk.get::<ErasureStanding>(&path).await {
        Ok(standing) => {
            let desks = standing.waiting.iter().map(|desk| desk.desk).collect();
            Some((standing, desks))
        }
        Err((_, no)) => {
            assert_eq!(no.code, ErrorCode::NothingWaiting);
            None
        }
    }
}

async fn erases(desk: &Desk) {
    desk.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
}

async fn admin_and_agents(stage: &Stage) -> (Desk, Desk, Desk) {
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    let petra = stage.desk("Petra", &[(COFFEE, Role::Admin)]).await;
    petra.connect(COFFEE, "Northwind Coffee").await;
    (ines, jonas, petra)
}

#[tokio::test]
async fn every_desk_of_the_account_confirms_an_erasure_and_until_then_is_listed() {
    let stage = Stage::new().await;
    let (ines, jonas, petra) = admin_and_agents(&stage).await;
    stage.says(TEA, MARA, "m_1", "my address is").await;
    assert!(waiting(&ines).await.is_none());
    erases(&ines).await;

    let (standing, desks) = waiting(&ines).await.unwrap();
    assert_eq!(desks, [ines.enrolled.desk, jonas.enrolled.desk]);
    assert_eq!((standing.by, standing.waiting[1].agent_name.as_str()), (Some(ines.enrolled.agent), "Jonas"));
    assert!(owed(&petra).await.is_empty());
    let owes = owed(&jonas).await;
    assert_eq!(owes.erasures, [ErasureAt { account: TEA.into(), seq: standing.seq }]);

    assert_eq!(gone(&jonas, &owes).await, 204);
    assert!(owed(&jonas).await.is_empty());
    assert_eq!(waiting(&ines).await.unwrap().1, [ines.enrolled.desk]);
    assert_eq!(gone(&ines, &owed(&ines).await).await, 204);
    assert!(waiting(&ines).await.unwrap().1.is_empty());
}

#[tokio::test]
async fn a_second_erasure_is_confirmed_anew() {
    let stage = Stage::new().await;
    let (ines, jonas, _petra) = admin_and_agents(&stage).await;
    stage.says(TEA, MARA, "m_1", "my address is").await;
    erases(&ines).await;
    let first = owed(&jonas).await;
    gone(&jonas, &first).await;
    stage.says(TEA, MARA, "m_2", "it is me again").await;
    erases(&ines).await;
    let second = owed(&jonas).await;
    assert_eq!(second.erasures.len(), 1);
    assert_ne!(first, second);
    // What was confirmed before says nothing of it.
    gone(&jonas, &first).await;
    assert_eq!(owed(&jonas).await, second);
}

#[tokio::test]
async fn a_desk_that_came_after_an_erasure_owes_nothing() {
    let stage = Stage::new().await;
    let (ines, _jonas, _petra) = admin_and_agents(&stage).await;
    stage.says(TEA, MARA, "m_1", "my address is").await;
    erases(&ines).await;
    let late = stage.desk("Late", &[(TEA, Role::Agent)]).await;
    assert!(owed(&late).await.is_empty());
    assert!(!waiting(&ines).await.unwrap().1.contains(&late.enrolled.desk));
}

#[tokio::test]
async fn nobody_confirms_what_they_do_not_owe() {
    let stage = Stage::new().await;
    let (ines, jonas, petra) = admin_and_agents(&stage).await;
    stage.says(TEA, MARA, "m_1", "my address is").await;
    erases(&ines).await;
    let owes = owed(&jonas).await;
    let everything = Removals { accounts: vec![TEA.into(), COFFEE.into()], ..owes };
    // Petra's word about Tea is passed over, and what Jonas may still read is not gone from him.
    assert_eq!(gone(&petra, &everything).await, 204);
    assert_eq!(waiting(&ines).await.unwrap().1.len(), 2);
    assert_eq!(gone(&jonas, &everything).await, 204);
    assert_eq!(waiting(&ines).await.unwrap().1, [ines.enrolled.desk]);
    assert!(jonas.page(TEA, "").await.is_ok());
    let role = Request::SetRole {
        agent: jonas.enrolled.agent,
        account: TEA.into(),
        platform: baton_protocol::Platform::Messenger,
        role: None,
    };
    stage.operate(role).await;
    assert_eq!(owed(&jonas).await.accounts, [AccountId::from(TEA)]);
}

#[tokio::test]
async fn a_lost_account_is_owed_until_it_is_gone_or_comes_back() {
    let stage = Stage::new().await;
    let (ines, jonas, _petra) = admin_and_agents(&stage).await;
    let role = |role| Request::SetRole {
        agent: jonas.enrolled.agent,
        account: TEA.into(),
        platform: baton_protocol::Platform::Messenger,
        role,
    };
    stage.operate(role(None)).await;
    assert_eq!(owed(&jonas).await.accounts, [AccountId::from(TEA)]);
    stage.operate(role(Some(Role::Agent))).await;
    assert!(owed(&jonas).await.is_empty());
    stage.operate(role(None)).await;
    let listed = people_desk(&ines, &jonas).await;
    assert_eq!(listed.still_holds, [AccountId::from(TEA)]);
    gone(&jonas, &owed(&jonas).await).await;
    assert!(owed(&jonas).await.is_empty());
}

async fn people_desk(admin: &Desk, of: &Desk) -> baton_protocol::people::PersonDesk {
    let people: People = admin.get(routes::PEOPLE).await.unwrap();
    let mut desks = people.people.into_iter().flat_map(|person| person.desks);
    desks.find(|desk| desk.desk == of.enrolled.desk).unwrap()
}

#[tokio::test]
async fn a_desk_that_is_cut_off_owes_an_erasure_until_nothing_is_left_on_it() {
    let stage = Stage::new().await;
    let (ines, jonas, _petra) = admin_and_agents(&stage).await;
    stage.says(TEA, MARA, "m_1", "my address is").await;
    stage.operate(Request::Revoke { desk: jonas.enrolled.desk }).await;
    erases(&ines).await;
    gone(&ines, &owed(&ines).await).await;
    let (standing, desks) = waiting(&ines).await.unwrap();
    assert_eq!((desks, standing.waiting[0].is_revoked), (vec![jonas.enrolled.desk], true));
    assert_eq!(people_desk(&ines, &jonas).await.wiped_at_ms, None);
    let wiped = jonas.request(Method::POST, routes::WIPED).send().await.unwrap();
    assert_eq!(wiped.status(), 204);
    assert!(waiting(&ines).await.unwrap().1.is_empty());
    assert!(people_desk(&ines, &jonas).await.wiped_at_ms.is_some());
}

#[tokio::test]
async fn when_a_desk_was_last_connected_outlives_a_restart() {
    let mut stage = Stage::new().await;
    let (ines, jonas, _petra) = admin_and_agents(&stage).await;
    assert_eq!(people_desk(&ines, &jonas).await.seen_at_ms, None);
    let mut stream = jonas.stream(&baton_protocol::stream::StreamRequest::default()).await;
    stream.entries("workspace", 1).await;
    assert!(people_desk(&ines, &jonas).await.connected);
    drop(stream);
    crate::stage::until("the desk is gone", async || !people_desk(&ines, &jonas).await.connected).await;
    let seen = people_desk(&ines, &jonas).await.seen_at_ms;
    assert!(seen.is_some());
    stage.restart().await;
    let ines = ines.at(&stage);
    let after = people_desk(&ines, &jonas).await;
    assert!(!after.connected && after.seen_at_ms.is_some(), "{after:?}");
}
