//! Enrolment, versions, and commands about accounts.

use baton_messenger::AppId;
use baton_protocol::account::{HumanAgentRight, RoutingMode, WaitingRule};
use baton_protocol::command::Command;
use baton_protocol::enrol::{InviteInfo, Role};
use baton_protocol::entry::Content;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::{Hello, VERSION_HEADER};
use baton_protocol::snapshot::{ReadMark, Snapshot};
use baton_protocol::team::TeamFact;
use baton_protocol::{LabelId, routes};
use baton_relay::operator::{Answer, Request};
use rstest::rstest;

use crate::stage::{APP, COFFEE, Desk, MARA, Stage, TEA, connect, customer, plain};

#[tokio::test]
async fn an_invite_is_good_once() {
    let stage = Stage::new().await;
    let invite = stage.invite("Ines", &[(TEA, Role::Agent)]).await;
    let url = format!("{}{}", stage.running().desk_url(), routes::INVITE);
    let ask = || stage.http.post(&url).json(&serde_json::json!({"invite": invite})).send();
    let info: InviteInfo = ask().await.unwrap().json().await.unwrap();
    assert_eq!((info.agent_name.as_str(), info.workspace.as_str()), ("Ines", "Northwind"));
    assert!(!info.accounts[0].connected);

    let ines = stage.enrol_with(&invite).await.unwrap();
    assert_eq!(ines.agent_name, "Ines");
    let (status, no) = stage.enrol_with(&invite).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::InviteInvalid));
    assert_eq!(ask().await.unwrap().status(), 403);
    assert_eq!(stage.enrol_with("inv_guessed").await.err().unwrap().1.code, ErrorCode::InviteInvalid);
    assert_eq!(stage.health().await["refused"]["invite_invalid"], 3);
}

#[tokio::test]
async fn an_invite_ends() {
    let stage = Stage::new().await;
    let invite = stage.invite("Ines", &[(TEA, Role::Agent)]).await;
    stage.clock.advance_ms(3_600_001);
    assert_eq!(stage.enrol_with(&invite).await.err().unwrap().1.code, ErrorCode::InviteInvalid);
}

#[tokio::test]
async fn two_that_use_one_invite_at_once_make_one_desk() {
    let stage = Stage::new().await;
    let invite = stage.invite("Ines", &[(TEA, Role::Agent)]).await;
    let tries = futures_util::future::join_all((0..8).map(|_| stage.enrol_with(&invite))).await;
    assert_eq!(tries.iter().filter(|tried| tried.is_ok()).count(), 1);
}

#[tokio::test]
async fn no_token_and_no_invite_lies_in_the_files() {
    let stage = Stage::new().await;
    let invite = stage.invite("Ines", &[(TEA, Role::Agent)]).await;
    let token = stage.enrol_with(&invite).await.unwrap().token;
    for suffix in ["", "-wal"] {
        let bytes = std::fs::read(format!("{}{suffix}", stage.database().display())).unwrap_or_default();
        for secret in [&invite, &token] {
            assert!(!bytes.windows(secret.len()).any(|at| at == secret.as_bytes()), "{suffix}");
        }
    }
}

#[rstest]
#[case::none(None, 400, ErrorCode::BadRequest)]
#[case::too_old(Some("0"), 426, ErrorCode::DeskTooOld)]
#[case::too_new(Some("9"), 426, ErrorCode::RelayTooOld)]
#[tokio::test]
async fn a_desk_of_another_age_is_told(
    #[case] version: Option<&str>,
    #[case] status: u16,
    #[case] code: ErrorCode,
) {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut request =
        stage.http.get(format!("{}{}", ines.url, routes::HELLO)).bearer_auth(&ines.enrolled.token);
    if let Some(version) = version {
        request = request.header(VERSION_HEADER, version);
    }
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), status);
    assert_eq!(response.json::<ErrorBody>().await.unwrap().code, code);
}

#[tokio::test]
async fn hello_says_who_and_what() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let hello: Hello = ines.get(routes::HELLO).await.unwrap();
    assert_eq!((hello.agent_name.as_str(), hello.app.as_str(), hello.durable), ("Ines", APP, true));
    assert_eq!((hello.accounts[0].name.as_str(), hello.accounts[0].connected), ("Northwind Tea", true));
    assert_eq!(hello.meta_ms, None);
}

#[tokio::test]
async fn unknown_and_revoked_desks_are_told_apart() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mut stranger = Desk {
        enrolled: ines.enrolled.clone(),
        private_key: String::new(),
        http: ines.http.clone(),
        url: ines.url.clone(),
    };
    stranger.enrolled.token = "desk_guessed".to_owned();
    let (status, no) = stranger.get::<Hello>(routes::HELLO).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (401, ErrorCode::Unauthenticated));
    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    let (status, no) = ines.get::<Hello>(routes::HELLO).await.err().unwrap();
    assert_eq!((status.as_u16(), no.code), (401, ErrorCode::DeskRevoked));
    let command = plain(Command::ReportToken { alive: true });
    assert_eq!(ines.ask(TEA, &command).await.no().1.code, ErrorCode::DeskRevoked);
}

#[tokio::test]
async fn the_workspace_log_says_who_works_here() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let entries = ines.entries("workspace").await;
    let facts: Vec<TeamFact> = entries
        .iter()
        .map(|entry| match entry.content() {
            Content::Team(fact) => *fact,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(matches!(&facts[0], TeamFact::AgentNamed { name, .. } if name == "Ines"));
    assert!(matches!(&facts[1], TeamFact::RoleSet { role: Some(Role::Agent), .. }));
    assert!(matches!(&facts[2], TeamFact::DeskEnrolled { name, .. } if name == "laptop"));
}

#[tokio::test]
async fn a_repeated_command_gets_its_first_answer_and_another_under_its_id_is_refused() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let name =
        |name: &str| Command::NameCustomer { customer: customer(MARA), name: name.into(), by_hand: true };
    let request = plain(name("Mara Lindt"));
    let first = ines.ask(TEA, &request).await.accepted();
    stage.restart().await;
    let ines = ines.at(&stage);
    assert_eq!(ines.ask(TEA, &request).await.accepted(), first);
    assert_eq!(ines.entries(TEA).await.len(), 2);
    let mut other = plain(name("Mara Linden"));
    other.command_id = request.command_id;
    assert_eq!(ines.ask(TEA, &other).await.no().1.code, ErrorCode::BadRequest);
}

#[tokio::test]
async fn connecting_twice_is_one_entry_and_another_app_is_refused() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    assert!(ines.connect(TEA, "Northwind Tea").await.seqs.is_empty());
    assert_eq!(ines.connect(TEA, "Northwind Tea House").await.seqs, [2]);
    let Command::ConnectAccount { platform, name, page, routing, fields, .. } = connect(TEA, "x") else {
        panic!()
    };
    let other = Command::ConnectAccount { platform, name, page, app: AppId::from("9"), routing, fields };
    assert_eq!(ines.ask(TEA, &plain(other)).await.no().1.code, ErrorCode::NotAllowed);
}

#[tokio::test]
async fn what_only_an_admin_may_say() {
    let stage = Stage::new().await;
    let agent = stage.desk_on_tea("Ines").await;
    let admin = stage.desk("Tomasz", &[(TEA, Role::Admin)]).await;
    let admins = [
        Command::SetHumanAgent { right: HumanAgentRight::Approved },
        Command::SetRouting { routing: RoutingMode::Off, default_app: None },
        Command::NameApp { app: AppId::from("9"), name: "Teabot".into(), answers_count: false },
        Command::SetWaiting { rule: WaitingRule::Send },
    ];
    for command in admins {
        let (status, no) = agent.ask(TEA, &plain(command.clone())).await.no();
        assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed), "{command:?}");
        assert_eq!(admin.do_it(TEA, command).await.seqs.len(), 1);
    }
    let refused = Command::SetHumanAgent { right: HumanAgentRight::Refused };
    assert_eq!(agent.do_it(TEA, refused).await.seqs.len(), 1, "any desk reports a refusal");
}

#[tokio::test]
async fn a_supervisor_chooses_that_threads_go_back_to_the_bot() {
    let stage = Stage::new().await;
    let agent = stage.desk_on_tea("Ines").await;
    let supervisor = stage.desk("Tomasz", &[(TEA, Role::Supervisor)]).await;
    let on = Command::SetHandBack { on: true };
    let (status, no) = agent.ask(TEA, &plain(on.clone())).await.no();
    assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    assert_eq!(supervisor.do_it(TEA, on).await.seqs.len(), 1);
}

#[tokio::test]
async fn a_name_that_meta_told_is_the_first_and_no_later_one() {
    let stage = Stage::new().await;
    let agent = stage.desk_on_tea("Ines").await;
    let admin = stage.desk("Tomasz", &[(TEA, Role::Admin)]).await;
    let app = AppId::from("700555666777888");
    let told = |name: &str| Command::ReportApp { app: app.clone(), name: name.to_owned() };
    assert!(agent.do_it(TEA, told(" ")).await.seqs.is_empty());
    assert_eq!(agent.do_it(TEA, told("Kettle Bot")).await.seqs.len(), 1);
    assert!(agent.do_it(TEA, told("Kettle Bot 2")).await.seqs.is_empty());

    let name = Command::NameApp { app: app.clone(), name: "Teabot".into(), answers_count: true };
    assert_eq!(admin.do_it(TEA, name).await.seqs.len(), 1);
    assert!(agent.do_it(TEA, told("Kettle Bot")).await.seqs.is_empty());
    let other = Command::ReportApp { app: AppId::from("9"), name: "Mailer".into() };
    assert_eq!(agent.do_it(TEA, other).await.seqs.len(), 1, "of another app nothing is known yet");
}

#[tokio::test]
async fn the_operator_marks_the_human_agent_right() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let approve = Request::HumanAgent { account: TEA.into(), right: HumanAgentRight::Approved };
    assert!(matches!(stage.operate(approve.clone()).await, Answer::Done { changed: true }));
    assert!(matches!(stage.operate(approve).await, Answer::Done { changed: false }));
    let snapshot: Snapshot = ines.get(&routes::snapshot(&TEA.into())).await.unwrap();
    let names: Vec<String> = snapshot.account_facts.iter().map(|entry| entry.body.get().to_owned()).collect();
    assert!(names[0].contains("account_connected") && names[1].contains("human_agent_set"), "{names:?}");
}

#[tokio::test]
async fn the_operator_says_who_answers_first_and_what_apps_are_called() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let bot = AppId::from("700555666777888");
    let first = Request::DefaultApp { account: TEA.into(), app: bot.clone() };
    assert!(matches!(stage.operate(first.clone()).await, Answer::Done { changed: true }));
    assert!(matches!(stage.operate(first).await, Answer::Done { changed: false }));
    stage.operate(Request::NameApp { account: TEA.into(), app: bot.clone(), name: "Teabot".into() }).await;
    let facts: Vec<Content> = ines.entries(TEA).await.iter().map(baton_protocol::Entry::content).collect();
    let Content::Team(routing) = &facts[1] else { panic!() };
    assert_eq!(**routing, TeamFact::RoutingSet { routing: RoutingMode::On, default_app: Some(bot.clone()) });
    let Content::Team(named) = &facts[2] else { panic!() };
    assert_eq!(**named, TeamFact::AppNamed { app: bot.clone(), name: "Teabot".into(), answers_count: false });

    // What an admin said of its answers outlives another name.
    let admin = stage.desk("Tomasz", &[(TEA, Role::Admin)]).await;
    let counts = Command::NameApp { app: bot.clone(), name: "Teabot".into(), answers_count: true };
    admin.do_it(TEA, counts).await;
    stage.operate(Request::NameApp { account: TEA.into(), app: bot.clone(), name: "Kettle".into() }).await;
    let entries = ines.entries(TEA).await;
    let Some(Content::Team(named)) = entries.last().map(baton_protocol::Entry::content) else { panic!() };
    assert_eq!(*named, TeamFact::AppNamed { app: bot, name: "Kettle".into(), answers_count: true });
}

#[tokio::test]
async fn a_command_in_a_log_without_rules_for_it_answers_501_with_a_code() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let (name, colour) = ("VIP".to_owned(), "#aa0000".to_owned());
    let elsewhere = [
        (TEA, Command::DefineLabel { label: LabelId::new(), name, colour, removed: false }),
        ("workspace", Command::SetPriority { customer: customer(MARA), urgent: true }),
        ("workspace", Command::SetLabel { customer: customer(MARA), label: LabelId::new(), on: true }),
    ];
    for (log, command) in elsewhere {
        let (status, no) = ines.ask(log, &plain(command)).await.no();
        assert_eq!((status.as_u16(), no.code), (501, ErrorCode::NotImplemented));
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_request() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let path = routes::commands(&TEA.to_owned().into());
    for body in ["", "{", "[]", r#"{"command_id":"x"}"#] {
        let request = ines.request(reqwest::Method::POST, &path).body(body);
        assert_eq!(request.send().await.unwrap().status(), 400, "{body}");
    }
    assert_eq!(ines.page(TEA, "after=-1").await.err().unwrap().0, 400);
    let huge = format!("after={}", u64::MAX);
    assert!(ines.page(TEA, &huge).await.unwrap().entries.is_empty());
}

#[tokio::test]
async fn pages_are_read_forwards_backwards_and_between() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    for n in 0..9 {
        stage.says(TEA, MARA, &format!("m_{n}"), "Hello").await;
    }
    let seqs =
        |page: baton_protocol::stream::EntryPage| page.entries.iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(ines.page(TEA, "after=2&limit=3").await.unwrap()), [3, 4, 5]);
    assert_eq!(seqs(ines.page(TEA, "before=6&limit=3").await.unwrap()), [3, 4, 5]);
    assert_eq!(seqs(ines.page(TEA, "after=2&before=5").await.unwrap()), [3, 4]);
    assert_eq!(seqs(ines.page(TEA, "limit=2").await.unwrap()), [9, 10]);
    assert_eq!(ines.page(TEA, "after=0&limit=5000").await.unwrap().head, 10);
}

#[tokio::test]
async fn read_marks_are_kept_and_not_entries() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let mark = ReadMark { account: TEA.into(), customer: customer(MARA), read_seq: 7 };
    let path = routes::read_marks(&TEA.into());
    let answer = ines.request(reqwest::Method::POST, &path).json(&mark).send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let snapshot: Snapshot = ines.get(&routes::snapshot(&TEA.into())).await.unwrap();
    assert_eq!((snapshot.read_marks, snapshot.as_of), (vec![mark.clone()], 1));
    let elsewhere = ReadMark { account: COFFEE.into(), ..mark };
    let answer = ines.request(reqwest::Method::POST, &path).json(&elsewhere).send().await.unwrap();
    assert_eq!(answer.status(), 400);
}
