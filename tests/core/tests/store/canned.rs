//! Canned replies: the team's follow the workspace log, this agent's own outlive whatever the log does.

use baton_core::store::CannedRow;
use baton_protocol::LogName;
use baton_protocol::enrol::Role;
use baton_protocol::team::TeamFact;

use crate::builders::*;

fn row(name: &str, text: &str, shared: bool) -> CannedRow {
    CannedRow { name: name.to_owned(), text: text.to_owned(), shared }
}

fn set(name: &str, text: Option<&str>) -> TeamFact {
    TeamFact::CannedReplySet { name: name.to_owned(), text: text.map(str::to_owned) }
}

fn workspace() -> Log {
    let mut log = Log::new();
    log.name = LogName::Workspace;
    log.team(&set("hours", Some("At nine.")));
    log.team(&set("thanks", Some("Thank you!")));
    log.team(&set("hours", Some("At ten.")));
    log.team(&set("thanks", None));
    log
}

#[tokio::test]
async fn the_newest_text_holds_and_own_ones_stand_beside() {
    let log = workspace();
    let desk = Desk::with(&log).await;
    desk.store.set_own_canned_reply("hours", Some("My hours.")).await.unwrap();
    desk.store.set_own_canned_reply("bye", Some("Bye")).await.unwrap();
    desk.store.set_own_canned_reply("bye", Some("Goodbye")).await.unwrap();
    desk.store.set_own_canned_reply("gone", Some("…")).await.unwrap();
    desk.store.set_own_canned_reply("gone", None).await.unwrap();
    let wanted =
        [row("bye", "Goodbye", false), row("hours", "My hours.", false), row("hours", "At ten.", true)];
    assert_eq!(desk.store.canned_replies().await.unwrap(), wanted);

    let mut backwards = Desk::new().await;
    for entry in log.entries.iter().rev() {
        backwards.store.ingest(std::slice::from_ref(entry), log_id()).await.unwrap();
    }
    backwards.reopen().await;
    let (one, other) = (desk.store.canonical_export().await, backwards.store.canonical_export().await);
    assert_eq!(one.unwrap(), other.unwrap());
}

#[tokio::test]
async fn own_ones_outlive_a_resync_and_a_repair() {
    let mut desk = Desk::with(&workspace()).await;
    desk.store.set_own_canned_reply("bye", Some("Goodbye")).await.unwrap();
    desk.store.found_damaged().await.unwrap();
    desk.reopen().await;
    assert!(desk.store.repaired().await.unwrap().is_some());
    let all = [row("bye", "Goodbye", false), row("hours", "At ten.", true)];
    assert_eq!(desk.store.canned_replies().await.unwrap(), all);

    desk.store.resync(&LogName::Workspace, baton_protocol::LogId::new()).await.unwrap();
    desk.reopen().await;
    assert_eq!(desk.store.canned_replies().await.unwrap(), [row("bye", "Goodbye", false)]);
}

#[tokio::test]
async fn the_highest_role_on_any_account_counts() {
    let mut log = Log::new();
    log.name = LogName::Workspace;
    let role = |account: &str, role| TeamFact::RoleSet { agent: ines(), account: account.into(), role };
    log.team(&role(TEA, Some(Role::Agent)));
    log.team(&role("104500000000022", Some(Role::Supervisor)));
    let desk = Desk::with(&log).await;
    assert_eq!(desk.store.highest_role(ines()).await.unwrap(), Some(Role::Supervisor));
    assert_eq!(desk.store.highest_role(jonas()).await.unwrap(), None);
    log.team(&role("104500000000022", None));
    desk.store.ingest(&log.entries[2..], log_id()).await.unwrap();
    assert_eq!(desk.store.highest_role(ines()).await.unwrap(), Some(Role::Agent));
}
