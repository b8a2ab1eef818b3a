//! Labels: who defines them, who puts them on threads, and that neither is told to anybody who may not read it.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::error::ErrorCode;
use baton_protocol::snapshot::Snapshot;
use baton_protocol::team::TeamFact;
use baton_protocol::{LabelId, routes};

use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, customer, plain};

const RED: &str = "#b3261e";

fn define(label: LabelId, name: &str) -> Command {
    Command::DefineLabel { label, name: name.to_owned(), colour: RED.to_owned(), removed: false }
}

fn take_out(label: LabelId) -> Command {
    Command::DefineLabel { label, name: String::new(), colour: String::new(), removed: true }
}

fn set(label: LabelId, on: bool) -> Command {
    Command::SetLabel { customer: customer(MARA), label, on }
}

/// What a log says of labels.
async fn told(desk: &Desk, log: &str) -> Vec<TeamFact> {
    let facts = desk.entries(log).await.into_iter().filter_map(|entry| match entry.content() {
        Content::Team(fact) => Some(*fact),
        _ => None,
    });
    facts
        .filter(|fact| {
            matches!(
                fact,
                TeamFact::LabelDefined { .. } | TeamFact::LabelAdded { .. } | TeamFact::LabelRemoved { .. }
            )
        })
        .collect()
}

/// One desk of each role on the tea, the coffee's admin, and a label that the admin of the tea made.
struct Cast {
    stage: Stage,
    of_each_role: Vec<(Role, Desk)>,
    of_coffee: Desk,
    vip: LabelId,
}

impl Cast {
    async fn new() -> Self {
        let stage = Stage::new().await;
        let mut of_each_role = Vec::new();
        for (name, role) in [("Ines", Role::Agent), ("Jonas", Role::Supervisor), ("Petra", Role::Admin)] {
            of_each_role.push((role, stage.desk(name, &[(TEA, role)]).await));
        }
        let of_coffee = stage.desk("Tomasz", &[(COFFEE, Role::Admin)]).await;
        let vip = LabelId::new();
        let (_, petra) = of_each_role.last().unwrap();
        petra.connect(TEA, "Northwind Tea").await;
        assert_eq!(petra.do_it("workspace", define(vip, "VIP")).await.seqs.len(), 1);
        stage.says(TEA, MARA, "m_1", "Hello").await;
        Self { stage, of_each_role, of_coffee, vip }
    }

    fn admin(&self) -> &Desk {
        &self.of_each_role.last().unwrap().1
    }
}

#[tokio::test]
async fn a_supervisor_of_any_account_defines_labels_and_an_agent_does_not() {
    let cast = Cast::new().await;
    for (role, desk) in &cast.of_each_role {
        let (own, may) = (LabelId::new(), *role >= Role::Supervisor);
        for command in [define(own, &format!("of {role}")), define(cast.vip, &format!("VIP, {role}"))] {
            let answer = desk.ask("workspace", &plain(command)).await;
            if may {
                assert_eq!(answer.accepted().seqs.len(), 1, "{role}");
            } else {
                let (status, no) = answer.no();
                assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed), "{role}");
            }
        }
    }
    let other_account = define(LabelId::new(), "of the coffee");
    assert_eq!(cast.of_coffee.do_it("workspace", other_account).await.seqs.len(), 1);
    // Everybody of the workspace reads them.
    let names = told(&cast.of_each_role[0].1, "workspace").await.len();
    assert_eq!(names, 6, "VIP, two of each who may, and one of the coffee");
}

#[tokio::test]
async fn every_role_labels_threads_of_its_account_and_nobody_those_of_another() {
    let cast = Cast::new().await;
    for (role, desk) in &cast.of_each_role {
        assert_eq!(desk.do_it(TEA, set(cast.vip, true)).await.seqs.len(), 1, "{role}");
        assert_eq!(desk.do_it(TEA, set(cast.vip, true)).await.seqs, Vec::<u64>::new(), "{role}");
        assert_eq!(desk.do_it(TEA, set(cast.vip, false)).await.seqs.len(), 1, "{role}");
        assert_eq!(desk.do_it(TEA, set(cast.vip, false)).await.seqs, Vec::<u64>::new(), "{role}");
    }
    for on in [true, false] {
        let (status, no) = cast.of_coffee.ask(TEA, &plain(set(cast.vip, on))).await.no();
        assert_eq!((status.as_u16(), no.code), (404, ErrorCode::NoSuchLog));
    }
    assert_eq!(told(cast.admin(), TEA).await.len(), 6);
    let (status, _) = cast.of_coffee.page(TEA, "after=0").await.err().unwrap();
    assert_eq!(status.as_u16(), 404);
}

#[tokio::test]
async fn a_label_moves_no_version() {
    let cast = Cast::new().await;
    let before = cast.admin().do_it(TEA, set(cast.vip, true)).await.version;
    assert_eq!(before, 0, "nobody assigned the thread or set its status");
}

#[tokio::test]
async fn only_a_label_that_is_there_is_put_on_and_one_that_is_gone_still_comes_off() {
    let cast = Cast::new().await;
    let agent = &cast.of_each_role[0].1;
    let (status, no) = agent.ask(TEA, &plain(set(LabelId::new(), true))).await.no();
    assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));

    agent.do_it(TEA, set(cast.vip, true)).await;
    cast.admin().do_it("workspace", take_out(cast.vip)).await;
    let (status, no) = agent.ask(TEA, &plain(set(cast.vip, true))).await.no();
    assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest), "nobody sees that it is on already");
    assert_eq!(agent.do_it(TEA, set(cast.vip, false)).await.seqs.len(), 1);
    let (status, no) = agent.ask(TEA, &plain(set(cast.vip, true))).await.no();
    assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));
}

#[tokio::test]
async fn a_name_is_taken_until_its_label_is_gone_and_a_restart_does_not_forget() {
    let mut cast = Cast::new().await;
    let other = LabelId::new();
    let (status, no) = cast.admin().ask("workspace", &plain(define(other, "vip"))).await.no();
    assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));
    assert!(no.message.contains("VIP"), "{no:?}");

    cast.stage.restart().await;
    let petra = cast.admin().at(&cast.stage);
    assert_eq!(petra.do_it("workspace", define(cast.vip, "VIP")).await.seqs, Vec::<u64>::new());
    assert_eq!(petra.ask("workspace", &plain(define(other, "vip"))).await.no().0.as_u16(), 400);
    assert_eq!(petra.do_it("workspace", take_out(cast.vip)).await.seqs.len(), 1);
    assert_eq!(petra.do_it("workspace", take_out(cast.vip)).await.seqs, Vec::<u64>::new());
    assert_eq!(petra.do_it("workspace", define(other, "vip")).await.seqs.len(), 1);
    assert_eq!(petra.ask("workspace", &plain(define(cast.vip, "VIP"))).await.no().0.as_u16(), 400);

    let said = told(&petra, "workspace").await;
    let last: Vec<(String, bool)> = said
        .into_iter()
        .filter_map(|fact| match fact {
            TeamFact::LabelDefined { name, removed, .. } => Some((name, removed)),
            _ => None,
        })
        .collect();
    let (vip, lower) = ("VIP".to_owned(), "vip".to_owned());
    assert_eq!(last, [(vip.clone(), false), (vip, true), (lower, false)]);
}

#[tokio::test]
async fn what_is_no_label_is_refused() {
    let cast = Cast::new().await;
    let long = "a".repeat(41);
    for (name, colour) in [("", RED), (" VIPs", RED), (long.as_str(), RED), ("VIPs", "red"), ("VIPs", "")] {
        let (name, colour) = (name.to_owned(), colour.to_owned());
        let command = Command::DefineLabel { label: LabelId::new(), name, colour, removed: false };
        let (status, no) = cast.admin().ask("workspace", &plain(command)).await.no();
        assert_eq!((status.as_u16(), no.code), (400, ErrorCode::BadRequest));
    }
}

#[tokio::test]
async fn a_new_desk_hears_of_a_threads_labels_at_once() {
    let cast = Cast::new().await;
    let late = LabelId::new();
    cast.admin().do_it("workspace", define(late, "Parcel late")).await;
    cast.admin().do_it(TEA, set(cast.vip, true)).await;
    cast.admin().do_it(TEA, set(late, true)).await;
    cast.admin().do_it(TEA, set(cast.vip, false)).await;
    let snapshot: Snapshot = cast.admin().get(&routes::snapshot(&TEA.into())).await.unwrap();
    let labels: Vec<String> = snapshot.thread_facts.iter().map(|entry| entry.body.get().to_owned()).collect();
    assert_eq!(labels.len(), 2, "the newest of each: {labels:?}");
    assert!(labels[0].contains("label_removed") && labels[0].contains(&cast.vip.to_string()), "{labels:?}");
    assert!(labels[1].contains("label_added") && labels[1].contains(&late.to_string()), "{labels:?}");
}
