//! An account is removed: nobody reads it any more, and what Meta still sends goes into no log.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::error::ErrorCode;
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::team::{Actor, TeamFact};

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, plain};

async fn admin_and_agent(stage: &Stage) -> (Desk, Desk) {
    let ines = stage.desk("Ines", &[(TEA, Role::Admin), (COFFEE, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Supervisor), (COFFEE, Role::Agent)]).await;
    (ines, jonas)
}

#[tokio::test]
async fn only_an_admin_removes_an_account() {
    let stage = Stage::new().await;
    let (_ines, jonas) = admin_and_agent(&stage).await;
    let (status, no) = jonas.ask(TEA, &plain(Command::RemoveAccount)).await.no();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    assert!(jonas.page(TEA, "").await.is_ok());
}

#[tokio::test]
async fn every_desk_loses_a_removed_account_and_keeps_the_others() {
    let stage = Stage::new().await;
    let (ines, jonas) = admin_and_agent(&stage).await;
    let mut stream = jonas.stream(&StreamRequest::default()).await;
    stream.entries(TEA, 1).await;

    ines.do_it(TEA, Command::RemoveAccount).await;

    let left = loop {
        if let StreamEvent::AccessChanged(access) = stream.news().await.unwrap() {
            break access.accounts;
        }
    };
    assert_eq!(left.iter().map(|on| on.account.as_str()).collect::<Vec<_>>(), [COFFEE]);
    for desk in [&ines, &jonas] {
        assert_eq!(desk.page(TEA, "").await.err().unwrap().1.code, ErrorCode::NoSuchLog);
        assert!(desk.page(COFFEE, "").await.is_ok());
    }
}

#[tokio::test]
async fn what_meta_still_sends_is_put_aside_and_an_invite_from_before_opens_nothing() {
    let stage = Stage::new().await;
    let (ines, _jonas) = admin_and_agent(&stage).await;
    let invite = stage.invite("Late", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    ines.do_it(TEA, Command::RemoveAccount).await;

    stage.says(TEA, MARA, "m_late", "Is anybody there?").await;

    assert_eq!(stage.health().await["quarantined_by_reason"]["unknown_account"], 1);
    let late = stage.enrol_with(&invite).await.map_err(|(_, no)| no).unwrap();
    assert_eq!(late.accounts.iter().map(|on| on.account.as_str()).collect::<Vec<_>>(), [COFFEE]);
}

#[tokio::test]
async fn who_is_invited_anew_finds_what_the_log_kept_and_who_removed_it() {
    let stage = Stage::new().await;
    let (ines, _jonas) = admin_and_agent(&stage).await;
    stage.says(TEA, MARA, "m_1", "Hello").await;
    ines.do_it(TEA, Command::RemoveAccount).await;
    stage.says(TEA, MARA, "m_2", "Is anybody there?").await;

    let maria = stage.desk("Maria", &[(TEA, Role::Admin)]).await;
    assert!(!maria.enrolled.accounts[0].connected);
    maria.connect(TEA, "Northwind Tea").await;

    let contents: Vec<Content> =
        maria.entries(TEA).await.iter().map(baton_protocol::Entry::content).collect();
    let removed_by = contents.iter().find_map(|content| match content {
        Content::Team(fact) => match &**fact {
            TeamFact::AccountRemoved { by: Actor::Agent { agent, .. } } => Some(*agent),
            _ => None,
        },
        _ => None,
    });
    assert_eq!(removed_by, Some(ines.enrolled.agent));
    let heard = contents.iter().filter(|content| matches!(content, Content::Meta(_))).count();
    assert_eq!(heard, 2, "what was put aside has its place now");
}
