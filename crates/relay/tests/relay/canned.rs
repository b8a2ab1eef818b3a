//! Shared canned replies: who sets them, and that the workspace log tells them to everybody, over a restart too.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;

use crate::stage::{COFFEE, Desk, Stage, TEA, plain};

fn set(name: &str, text: Option<&str>) -> Command {
    Command::SetCannedReply { name: name.to_owned(), text: text.map(str::to_owned) }
}

async fn told(desk: &Desk) -> Vec<(String, Option<String>)> {
    let entries = desk.entries("workspace").await;
    let fact = |content| match content {
        Content::Team(fact) => match *fact {
            TeamFact::CannedReplySet { name, text } => Some((name, text)),
            _ => None,
        },
        _ => None,
    };
    entries.iter().filter_map(|entry| fact(entry.content())).collect()
}

#[tokio::test]
async fn a_supervisor_of_any_account_shares_replies_and_an_agent_does_not() {
    let stage = Stage::new().await;
    let agent = stage.desk("Ines", &[(TEA, Role::Agent), (COFFEE, Role::Agent)]).await;
    let supervisor = stage.desk("Jonas", &[(TEA, Role::Agent), (COFFEE, Role::Supervisor)]).await;
    let admin = stage.desk("Petra", &[(TEA, Role::Admin)]).await;

    let (status, no) = agent.ask("workspace", &plain(set("hours", Some("At nine.")))).await.no();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    assert_eq!(told(&agent).await, []);

    assert_eq!(supervisor.do_it("workspace", set("hours", Some("At nine."))).await.seqs.len(), 1);
    assert_eq!(admin.do_it("workspace", set("hours", Some("At ten."))).await.seqs.len(), 1);
    let said = |text: &str| ("hours".to_owned(), Some(text.to_owned()));
    assert_eq!(told(&agent).await, [said("At nine."), said("At ten.")]);
}

#[tokio::test]
async fn what_stands_so_already_makes_no_entry_and_a_restart_does_not_forget() {
    let mut stage = Stage::new().await;
    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    let again = plain(set("hours", Some("At nine.")));
    let first = petra.ask("workspace", &again).await.accepted();
    assert_eq!(petra.ask("workspace", &again).await.accepted(), first);
    assert_eq!(petra.do_it("workspace", set("hours", Some("At nine."))).await.seqs, Vec::<u64>::new());
    assert_eq!(petra.do_it("workspace", set("nothing", None)).await.seqs, Vec::<u64>::new());

    stage.restart().await;
    let petra = petra.at(&stage);
    assert_eq!(petra.do_it("workspace", set("hours", Some("At nine."))).await.seqs, Vec::<u64>::new());
    assert_eq!(petra.do_it("workspace", set("hours", None)).await.seqs.len(), 1);
    assert_eq!(petra.do_it("workspace", set("hours", None)).await.seqs, Vec::<u64>::new());
    let hours = "hours".to_owned();
    assert_eq!(told(&petra).await, [(hours.clone(), Some("At nine.".to_owned())), (hours, None)]);
}

#[tokio::test]
async fn a_reply_without_name_or_text_or_of_any_length_is_refused() {
    let stage = Stage::new().await;
    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    let long = "a".repeat(5000);
    for command in
        [set("", Some("Hello")), set("hours", Some(" ")), set("hours", Some(&long)), set(&long, None)]
    {
        let (status, no) = petra.ask("workspace", &plain(command)).await.no();
        assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));
    }
    let (status, _) = petra.ask(TEA, &plain(set("hours", Some("Hello")))).await.no();
    assert_eq!(status.as_u16(), 501, "a shared reply belongs to no account");
}
