//! What is taken up when somebody falls out: drafts, all their threads, replies that wait on their desk, and that they are
//! not there.

use baton_protocol::account::QueueRules;
use baton_protocol::command::{Command, CommandRequest, ConflictReason};
use baton_protocol::draft::{DraftTold, MOST_BYTES, MOST_FILES, MOST_NAME_BYTES};
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::error::ErrorCode;
use baton_protocol::people::{ErasureAt, Removals};
use baton_protocol::presence::{PresenceSaid, PresenceState, SetOffline};
use baton_protocol::snapshot::Snapshot;
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::team::{Actor, Settlement, Status, TeamFact};
use baton_protocol::{AgentId, CommandId, OfflineId, PartId, Platform, ReplyId, RunId, routes};
use baton_relay::clock::Clock as _;
use baton_relay::operator::{Answer, Request};
use reqwest::{Method, StatusCode};

use crate::redaction::{gone_from_the_files, is_in_the_files};
use crate::stage::{COFFEE, Desk, MARA, Stage, Stream, TEA, customer, plain};

const SECRET: &str = "Dear Mara, your card 4012 8888 was charged twice";

/// Ines and Ada, agents, and Jonas, their supervisor.
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
}

async fn drafts(desk: &Desk, account: &str, text: &str) -> StatusCode {
    drafts_with(desk, account, text, &[]).await
}

async fn drafts_with(desk: &Desk, account: &str, text: &str, files: &[&str]) -> StatusCode {
    let files = files.iter().map(|name| (*name).to_owned()).collect();
    let told = DraftTold { customer: customer(MARA), text: text.to_owned(), files };
    let path = routes::of_account(routes::DRAFTS, &account.into());
    desk.request(Method::POST, &path).json(&told).send().await.unwrap().status()
}

fn assign(of: &str, to: Option<AgentId>) -> Command {
    Command::Assign { customer: customer(of), assignee: to }
}

async fn facts(desk: &Desk, account: &str) -> Vec<TeamFact> {
    let entries = desk.entries(account).await;
    let facts = entries.iter().filter_map(|entry| match entry.content() {
        Content::Team(fact) => Some(*fact),
        _ => None,
    });
    facts.collect()
}

/// Drafts that were handed on: whose, what, and by whom.
async fn handed(desk: &Desk) -> Vec<(AgentId, String, Actor)> {
    let facts = facts(desk, TEA).await.into_iter();
    facts
        .filter_map(|fact| match fact {
            TeamFact::DraftHanded { from, text, by, .. } => Some((from, text, by)),
            _ => None,
        })
        .collect()
}

fn by(desk: &Desk) -> Actor {
    Actor::Agent { agent: desk.enrolled.agent, desk: desk.enrolled.desk }
}

#[tokio::test]
async fn a_draft_is_read_by_nobody_until_its_thread_is_taken_and_then_it_is_an_entry() {
    let mut stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    for text in ["Dear", "Dear Mara", SECRET] {
        assert_eq!(drafts(&team.ada, TEA, text).await, 204);
    }
    // What somebody else writes there is their own.
    assert_eq!(drafts(&team.ines, TEA, "Of Ines").await, 204);
    assert_eq!(handed(&team.jonas).await, []);
    assert!(!format!("{:?}", team.jonas.entries(TEA).await).contains("4012"));

    // It is kept over a restart.
    stage.restart().await;
    let team = team.at(&stage);
    let accepted = team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(accepted.seqs.len(), 2);
    let told = facts(&team.ines, TEA).await;
    let at = told.iter().position(|fact| matches!(fact, TeamFact::DraftHanded { .. })).unwrap();
    assert!(matches!(&told[at - 1], TeamFact::Assigned { assignee: None, .. }), "right after it: {told:?}");
    assert_eq!(handed(&team.ines).await, [(ada, SECRET.to_owned(), by(&team.jonas))]);

    // It was handed on once.
    team.jonas.do_it(TEA, assign(MARA, Some(ada))).await;
    team.jonas.do_it(TEA, assign(MARA, Some(team.ines.enrolled.agent))).await;
    assert_eq!(handed(&team.ines).await.len(), 1);
    let snapshot: Snapshot =
        team.ines.get(&routes::snapshot(&TEA.into())).await.map_err(|(_, no)| no).unwrap();
    let holds = |entry: &baton_protocol::Entry| entry.body.get().contains("draft_handed");
    assert_eq!(snapshot.thread_facts.iter().filter(|entry| holds(entry)).count(), 1);
}

#[tokio::test]
async fn whoever_works_on_a_thread_decides_what_becomes_of_a_handed_draft_and_nobody_else_does() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let (ada, ines) = (team.ada.enrolled.agent, team.ines.enrolled.agent);
    let done = |seq| Command::FinishDraft { customer: customer(MARA), seq };
    assert_eq!(team.ines.do_it(TEA, done(9)).await.seqs, Vec::<u64>::new(), "nothing was handed over");
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    let seqs = team.jonas.do_it(TEA, assign(MARA, None)).await.seqs;
    let handed = *seqs.last().unwrap();
    assert_eq!(team.ines.do_it(TEA, done(handed)).await.seqs, Vec::<u64>::new(), "it is nobody's");
    team.jonas.do_it(TEA, assign(MARA, Some(ines))).await;
    assert_eq!(team.jonas.do_it(TEA, done(handed)).await.seqs, Vec::<u64>::new(), "it is not his");
    assert_eq!(team.ines.do_it(TEA, done(u64::MAX)).await.seqs.len(), 1);
    assert_eq!(team.ines.do_it(TEA, done(handed)).await.seqs, Vec::<u64>::new(), "once");
    let is_done = TeamFact::DraftDone { customer: customer(MARA), seq: handed, by: by(&team.ines) };
    assert_eq!(facts(&team.ada, TEA).await.last(), Some(&is_done), "up to what there is, and not beyond");
    let snapshot: Snapshot =
        team.ada.get(&routes::snapshot(&TEA.into())).await.map_err(|(_, no)| no).unwrap();
    let holds = |entry: &baton_protocol::Entry| entry.body.get().contains("draft_done");
    assert_eq!(snapshot.thread_facts.iter().filter(|entry| holds(entry)).count(), 1);

    // The next one is another thing.
    assert_eq!(drafts(&team.ines, TEA, "Dear Mara").await, 204);
    let next = *team.jonas.do_it(TEA, assign(MARA, Some(ada))).await.seqs.last().unwrap();
    assert_eq!(team.ada.do_it(TEA, done(next)).await.seqs.len(), 1);
}

#[tokio::test]
async fn a_draft_that_was_sent_or_cleared_is_handed_to_nobody() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    assert_eq!(drafts(&team.ada, TEA, " \n").await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(handed(&team.jonas).await, []);
}

#[tokio::test]
async fn a_draft_that_left_as_a_reply_is_handed_to_nobody_also_where_its_desk_died_before_it_said_so() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let (ada, settled) = (Some(team.ada.enrolled.agent), |reply, part, settlement| Command::SettleSend {
        customer: customer(MARA),
        reply,
        part,
        settlement,
    });
    let refused = Settlement::Refused { code: 100, subcode: None, message: "No".to_owned(), trace_id: None };
    let sent = Settlement::Sent { mid: "m_9".into(), at_ms: None };
    for (ended, is_handed) in [(Some(refused), true), (Some(sent), false), (None, false)] {
        let version = team.jonas.do_it(TEA, assign(MARA, ada)).await.version;
        assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
        let (reply, part) = (ReplyId::new(), PartId::new());
        let start = CommandRequest {
            command_id: CommandId::new(),
            if_version: Some(version),
            if_no_word_after: Some(u64::MAX),
            command: Command::StartSend {
                customer: customer(MARA),
                reply,
                part,
                index: 0,
                of: 1,
                text: SECRET.into(),
                file: None,
                tag: None,
                claim: false,
                unchecked: false,
                despite_unknown: false,
            },
        };
        team.ada.ask(TEA, &start).await.accepted();
        if let Some(ended) = ended {
            team.ada.do_it(TEA, settled(reply, part, ended)).await;
        }
        let before = handed(&team.jonas).await.len();
        team.jonas.do_it(TEA, assign(MARA, None)).await;
        assert_eq!(handed(&team.jonas).await.len() - before, usize::from(is_handed));
    }
}

#[tokio::test]
async fn whoever_takes_a_thread_with_a_reply_or_gives_it_away_hands_its_draft_on() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let (ines, ada) = (team.ines.enrolled.agent, team.ada.enrolled.agent);
    let version = team.ada.do_it(TEA, assign(MARA, Some(ada))).await.version;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    let start = CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(version),
        if_no_word_after: Some(0),
        command: Command::StartSend {
            customer: customer(MARA),
            reply: ReplyId::new(),
            part: PartId::new(),
            index: 0,
            of: 1,
            text: "I take this over.".into(),
            file: None,
            tag: None,
            claim: true,
            unchecked: false,
            despite_unknown: false,
        },
    };
    team.jonas.ask(TEA, &start).await.accepted();
    let told = facts(&team.ines, TEA).await;
    assert!(
        matches!(
            &told[told.len() - 3..],
            [TeamFact::Assigned { .. }, TeamFact::DraftHanded { .. }, TeamFact::SendStarted { .. }]
        ),
        "{told:?}"
    );
    // Also their own giving away hands it on: the one who goes on sees what was begun.
    team.jonas.do_it(TEA, assign(MARA, Some(ines))).await;
    assert_eq!(drafts(&team.ines, TEA, "Of Ines").await, 204);
    team.ines.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(handed(&team.ada).await.last(), Some(&(ines, "Of Ines".to_owned(), by(&team.ines))));
}

#[tokio::test]
async fn a_draft_of_somebody_who_was_cut_off_is_handed_on_too() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    stage.operate(Request::Revoke { desk: team.ada.enrolled.desk }).await;
    let accepted = team.jonas.do_it(TEA, Command::ReturnThreads { agent: ada }).await;
    assert_eq!((accepted.seqs.len(), accepted.threads_left), (2, Some(0)));
    assert_eq!(handed(&team.ines).await, [(ada, SECRET.to_owned(), by(&team.jonas))]);
}

#[tokio::test]
async fn what_somebody_worked_on_whose_role_ends_goes_to_the_queue_with_their_draft() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let (ada, jonas) = (team.ada.enrolled.agent, team.jonas.enrolled.agent);
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    team.ada.do_it(TEA, assign("finished", Some(ada))).await;
    let done = Command::SetStatus { customer: customer("finished"), status: Status::Done };
    team.ada.do_it(TEA, done).await;
    team.jonas.do_it(TEA, assign("of_jonas", Some(jonas))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);

    let role =
        |role| Request::SetRole { agent: ada, account: TEA.into(), platform: Platform::Messenger, role };
    let before = facts(&team.ines, TEA).await.len();
    // Another role takes nothing from anybody.
    stage.operate(role(Some(Role::Supervisor))).await;
    assert_eq!(facts(&team.ines, TEA).await.len(), before);
    stage.operate(role(None)).await;

    let told = facts(&team.ines, TEA).await;
    assert!(
        matches!(
            &told[before..],
            [
                TeamFact::Assigned { customer: one, assignee: None, by: Actor::Operator, .. },
                TeamFact::DraftHanded { .. }
            ] if *one == customer(MARA)
        ),
        "{told:?}"
    );
    assert_eq!(handed(&team.ines).await, [(ada, SECRET.to_owned(), Actor::Operator)]);
    // It is free.
    team.jonas.do_it(TEA, assign(MARA, Some(jonas))).await;
}

#[tokio::test]
async fn what_the_rules_take_from_somebody_who_is_gone_hands_their_draft_on() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    stage.clock.advance_ms(15_000);
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    let done = Command::SetStatus { customer: customer(MARA), status: Status::Done };
    team.ada.do_it(TEA, done).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    stage.says(TEA, MARA, "m_1", "One more thing").await;
    crate::stage::until("her draft to be handed on", async || !handed(&team.ines).await.is_empty()).await;
    assert_eq!(handed(&team.ines).await, [(ada, SECRET.to_owned(), Actor::Relay)]);
    let told = facts(&team.ines, TEA).await;
    let last = &told[told.len() - 2..];
    assert!(
        matches!(
            last,
            [TeamFact::Assigned { assignee: None, by: Actor::Relay, .. }, TeamFact::DraftHanded { .. }]
        ),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_draft_has_a_size_and_is_of_an_account() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let kim = stage.desk("Kim", &[(COFFEE, Role::Admin)]).await;
    kim.connect(COFFEE, "Northwind Coffee").await;
    assert_eq!(drafts(&team.ada, TEA, &"a".repeat(MOST_BYTES)).await, 204);
    assert_eq!(drafts(&team.ada, TEA, &"a".repeat(MOST_BYTES + 1)).await, 413);
    assert_eq!(drafts(&kim, TEA, "A secret").await, 404);
    assert_eq!(drafts(&team.ada, COFFEE, "A secret").await, 404);
    // Of the same customer on another account nothing is handed on.
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    kim.do_it(COFFEE, assign(MARA, Some(kim.enrolled.agent))).await;
    assert_eq!(drafts(&kim, COFFEE, "Of Kim").await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(handed(&team.jonas).await.len(), 1);
    assert!(!format!("{:?}", handed(&team.jonas).await).contains("Kim"));
}

#[tokio::test]
async fn an_erasure_takes_drafts_kept_and_handed_from_the_files_and_their_copies() {
    let mut stage = Stage::new().await;
    let team = team(&stage).await;
    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    let kept = "It was charged by mistake, we pay it back";
    assert_eq!(drafts(&team.ada, TEA, kept).await, 204);
    let copy = stage.database().with_file_name("copy.db");
    let made = stage.operate(Request::Backup { to: copy.clone() }).await;
    assert!(matches!(made, Answer::Backup { bytes } if bytes > 0));
    let in_the_copy = |words: &str| {
        let bytes = std::fs::read(&copy).unwrap();
        bytes.windows(words.len()).any(|at| at == words.as_bytes())
    };
    assert!(is_in_the_files(&stage, kept) && in_the_copy(kept) && in_the_copy(SECRET));

    petra.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
    assert!(!in_the_copy(kept) && !in_the_copy(SECRET));
    gone_from_the_files(&stage, kept).await;
    gone_from_the_files(&stage, SECRET).await;
    assert_eq!(handed(&team.jonas).await, [(ada, String::new(), by(&team.jonas))]);
    stage.restart().await;
    team.at(&stage).jonas.do_it(TEA, assign(MARA, Some(ada))).await;
    team.at(&stage).jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(handed(&team.at(&stage).jonas).await.len(), 1, "nothing of it is left");
}

#[tokio::test]
async fn what_a_desk_tells_before_it_heard_of_an_erasure_is_not_kept() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    let ada = team.ada.enrolled.agent;
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    let seq = petra.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await.seqs[0];
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(handed(&team.jonas).await, []);

    // Once it confirmed that, what it tells is of a new talk.
    let gone = Removals { erasures: vec![ErasureAt { account: TEA.into(), seq }], accounts: Vec::new() };
    let told = team.ada.request(Method::POST, routes::GONE).json(&gone).send().await.unwrap();
    assert_eq!(told.status(), 204);
    team.jonas.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts(&team.ada, TEA, "Welcome back").await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(handed(&team.ines).await, [(ada, "Welcome back".to_owned(), by(&team.jonas))]);
}

#[tokio::test]
async fn what_the_files_of_a_draft_are_called_goes_along_and_goes_with_an_erasure() {
    let mut stage = Stage::new().await;
    let team = team(&stage).await;
    let (ada, named) = (team.ada.enrolled.agent, "Offer for Mara 4012.pdf");
    let files = async |desk: &Desk| -> Vec<(String, Vec<String>)> {
        let facts = facts(desk, TEA).await.into_iter();
        let handed = facts.filter_map(|fact| match fact {
            TeamFact::DraftHanded { text, files, .. } => Some((text, files)),
            _ => None,
        });
        handed.collect()
    };
    team.ada.do_it(TEA, assign(MARA, Some(ada))).await;
    let many = vec!["a.pdf"; MOST_FILES + 1];
    assert_eq!(drafts_with(&team.ada, TEA, SECRET, &many).await, 400);
    assert_eq!(drafts_with(&team.ada, TEA, SECRET, &["a".repeat(MOST_NAME_BYTES + 1).as_str()]).await, 400);
    assert_eq!(drafts_with(&team.ada, TEA, "Dear Mara", &[named, "map.png"]).await, 204);
    stage.restart().await;
    let team = team.at(&stage);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    let both = ("Dear Mara".to_owned(), vec![named.to_owned(), "map.png".to_owned()]);
    assert_eq!(files(&team.ines).await, [both]);

    // A draft of files alone is one, and one without anything is none.
    team.jonas.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts_with(&team.ada, TEA, " ", &[named]).await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(files(&team.ines).await.last(), Some(&(" ".to_owned(), vec![named.to_owned()])));
    team.jonas.do_it(TEA, assign(MARA, Some(ada))).await;
    assert_eq!(drafts_with(&team.ada, TEA, "", &[named]).await, 204);
    assert_eq!(drafts_with(&team.ada, TEA, "", &[]).await, 204);
    team.jonas.do_it(TEA, assign(MARA, None)).await;
    assert_eq!(files(&team.ines).await.len(), 2);

    let petra = stage.desk("Petra", &[(TEA, Role::Admin)]).await;
    petra.do_it(TEA, Command::EraseCustomer { customer: customer(MARA) }).await;
    gone_from_the_files(&stage, named).await;
    assert_eq!(files(&team.ines).await, vec![(String::new(), Vec::new()); 2]);
}

#[tokio::test]
async fn all_threads_of_an_agent_that_are_not_done_go_to_the_queue_in_one_act() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    let of = |number: usize| format!("62{number:014}");
    let until_ms = stage.clock.wall_ms() + 3_600_000;
    for (number, status) in [
        (0, None),
        (1, Some(Status::WaitingOnCustomer)),
        (2, Some(Status::Snoozed { until_ms })),
        (3, Some(Status::Done)),
    ] {
        team.jonas.do_it(TEA, assign(&of(number), Some(ada))).await;
        if let Some(status) = status {
            team.ada.do_it(TEA, Command::SetStatus { customer: customer(&of(number)), status }).await;
        }
    }
    // Once nobody keeps this customer away any more, their thread is not with somebody who left.
    team.jonas.do_it(TEA, assign(&of(4), Some(ada))).await;
    let block = Command::SetBlock { customer: customer(&of(4)), blocked: true, spam: false };
    team.jonas.do_it(TEA, block).await;
    team.jonas.do_it(TEA, assign(&of(9), Some(team.ines.enrolled.agent))).await;
    assert_eq!(drafts(&team.ada, TEA, SECRET).await, 204);
    team.jonas.do_it(TEA, assign(MARA, Some(ada))).await;

    let request = plain(Command::ReturnThreads { agent: ada });
    let told = team.ada.ask(TEA, &request).await;
    assert_eq!(told.no().1.code, ErrorCode::NotAllowed, "not even one's own");
    let accepted = team.jonas.ask(TEA, &request).await.accepted();
    assert_eq!((accepted.seqs.len(), accepted.threads_left), (6, Some(0)), "five threads and a draft");
    assert_eq!(handed(&team.ines).await, [(ada, SECRET.to_owned(), by(&team.jonas))]);
    assert_eq!(team.jonas.ask(TEA, &request).await.accepted(), accepted, "the same command");
    let again = team.jonas.do_it(TEA, Command::ReturnThreads { agent: ada }).await;
    assert_eq!((again.seqs.len(), again.threads_left), (0, Some(0)));
    let done = Command::SetStatus { customer: customer(&of(3)), status: Status::Open };
    team.ada.do_it(TEA, done).await;
    let last = team.jonas.do_it(TEA, Command::ReturnThreads { agent: ada }).await;
    assert_eq!(last.seqs.len(), 1, "what was done stayed hers");
}

#[tokio::test]
async fn more_threads_than_one_transaction_moves_go_with_one_act_too() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    for number in 0..505 {
        team.jonas.do_it(TEA, assign(&format!("62{number:014}"), Some(ada))).await;
    }
    let request = plain(Command::ReturnThreads { agent: ada });
    let accepted = team.jonas.ask(TEA, &request).await.accepted();
    assert_eq!((accepted.seqs.len(), accepted.threads_left), (505, Some(0)));
    let again = team.jonas.ask(TEA, &request).await.accepted();
    assert_eq!(again.threads_left, Some(0), "a repeat goes on until none is left");
}

fn said(run: RunId, seq: u64, state: PresenceState, shown_offline: Option<OfflineId>) -> PresenceSaid {
    PresenceSaid { run, seq, state, viewing: None, shown_offline }
}

async fn opens(desk: &Desk, said: PresenceSaid) -> Stream {
    desk.stream(&StreamRequest { presence: Some(said), ..StreamRequest::default() }).await
}

async fn says(desk: &Desk, said: &PresenceSaid) {
    let told = desk.request(Method::POST, routes::PRESENCE).json(said).send().await.unwrap();
    assert_eq!(told.status(), 204);
}

async fn is_told(stream: &mut Stream) -> SetOffline {
    loop {
        if let StreamEvent::SetOffline(told) = stream.news().await.expect("the stream ended") {
            return told;
        }
    }
}

/// Waits until a stream tells that an agent is so.
async fn is_seen(stream: &mut Stream, of: &Desk, state: PresenceState) {
    loop {
        if let StreamEvent::Present(present) = stream.news().await.expect("the stream ended") {
            let one = present.agents.iter().find(|one| one.agent == of.enrolled.agent);
            let now = one.map(|one| one.state).or(present.whole.then_some(PresenceState::Offline));
            if now == Some(state) {
                return;
            }
        }
    }
}

async fn sets_offline(desk: &Desk, agent: AgentId) -> StatusCode {
    let path = routes::of_agent(routes::AGENT_OFFLINE, agent);
    desk.request(Method::POST, &path).send().await.unwrap().status()
}

#[tokio::test]
async fn whom_a_supervisor_sets_offline_is_told_and_is_so_until_they_choose() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let ada = team.ada.enrolled.agent;
    let run = RunId::new();
    let mut of_ada = opens(&team.ada, said(run, 1, PresenceState::Online, None)).await;
    let mut of_jonas = opens(&team.jonas, said(run, 1, PresenceState::Online, None)).await;
    is_seen(&mut of_jonas, &team.ada, PresenceState::Online).await;

    assert_eq!(sets_offline(&team.ines, ada).await, 403);
    assert_eq!(sets_offline(&team.jonas, ada).await, 204);
    let told = is_told(&mut of_ada).await;
    assert_eq!((told.agent, told.by), (ada, team.jonas.enrolled.agent));
    is_seen(&mut of_jonas, &team.ada, PresenceState::Offline).await;

    // Her program goes on saying what it said, and another one of hers starts: both are told.
    says(&team.ada, &said(run, 2, PresenceState::Online, None)).await;
    let mut again = opens(&team.ada, said(RunId::new(), 1, PresenceState::Online, None)).await;
    assert_eq!(is_told(&mut again).await, told);
    let mut late = opens(&team.ines, said(run, 1, PresenceState::Online, None)).await;
    is_seen(&mut late, &team.ada, PresenceState::Offline).await;

    // She chooses, having been told.
    says(&team.ada, &said(run, 3, PresenceState::TransfersOnly, Some(told.offline))).await;
    is_seen(&mut of_jonas, &team.ada, PresenceState::TransfersOnly).await;
}

#[tokio::test]
async fn nobody_is_set_offline_from_an_account_that_they_do_not_work_on() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let kim = stage.desk("Kim", &[(COFFEE, Role::Admin)]).await;
    for agent in [team.ada.enrolled.agent, AgentId::new()] {
        assert_eq!(sets_offline(&kim, agent).await, 404);
    }
    let noa = stage.desk("Noa", &[(COFFEE, Role::Supervisor), (TEA, Role::Agent)]).await;
    assert_eq!(sets_offline(&noa, team.ada.enrolled.agent).await, 403, "a supervisor elsewhere");
}

#[tokio::test]
async fn a_reply_that_waits_on_a_desk_is_told_when_it_comes_and_when_it_goes() {
    let mut stage = Stage::new().await;
    let team = team(&stage).await;
    let waits = |parts| Command::SetReplyPending { customer: customer(MARA), parts };
    assert_eq!(team.ada.do_it(TEA, waits(0)).await.seqs, Vec::<u64>::new(), "none ever did");
    assert_eq!(team.ada.do_it(TEA, waits(2)).await.seqs.len(), 1);
    assert_eq!(team.ada.do_it(TEA, waits(1)).await.seqs, Vec::<u64>::new(), "some still do");
    assert_eq!(team.ines.do_it(TEA, waits(1)).await.seqs.len(), 1, "each desk has its own");
    stage.restart().await;
    let team = team.at(&stage);
    assert_eq!(team.ada.do_it(TEA, waits(3)).await.seqs, Vec::<u64>::new());
    let snapshot: Snapshot =
        team.jonas.get(&routes::snapshot(&TEA.into())).await.map_err(|(_, no)| no).unwrap();
    let mut pending: Vec<(AgentId, u32)> = snapshot
        .thread_facts
        .iter()
        .filter_map(|entry| match TeamFact::from_body(&entry.body) {
            Ok(TeamFact::ReplyPending { agent, parts, .. }) => Some((agent, parts)),
            _ => None,
        })
        .collect();
    pending.sort_unstable();
    let mut wanted = [(team.ada.enrolled.agent, 2), (team.ines.enrolled.agent, 1)];
    wanted.sort_unstable();
    assert_eq!(pending, wanted);
    assert_eq!(team.ada.do_it(TEA, waits(0)).await.seqs.len(), 1);

    // What the desk of somebody who was cut off said last stays.
    stage.operate(Request::Revoke { desk: team.ines.enrolled.desk }).await;
    let told = facts(&team.jonas, TEA).await;
    let last = told.iter().rev().find_map(|fact| match fact {
        TeamFact::ReplyPending { desk, parts, .. } if *desk == team.ines.enrolled.desk => Some(*parts),
        _ => None,
    });
    assert_eq!(last, Some(1));
}

#[tokio::test]
async fn where_only_the_assignee_sends_a_colleague_is_refused_and_a_free_thread_is_claimed() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let rules = QueueRules { only_assignee_sends: true, ..QueueRules::default() };
    team.jonas.do_it(TEA, Command::SetQueue { rules }).await;
    stage.says(TEA, MARA, "m_1", "Is the blue kettle in stock?").await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    let start = |version: u64, (reply, part), claim: bool| CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(version),
        if_no_word_after: Some(u64::MAX),
        command: Command::StartSend {
            customer: customer(MARA),
            reply,
            part,
            index: 0,
            of: 1,
            text: "Yes, three are left.".into(),
            file: None,
            tag: None,
            claim,
            unchecked: false,
            despite_unknown: false,
        },
    };
    let version = team.ada.ask(TEA, &start(0, (reply, part), false)).await.accepted().version;
    assert!(version > 0, "it is hers with the answer");
    let settlement = Settlement::Sent { mid: "m_2".into(), at_ms: None };
    team.ada.do_it(TEA, Command::SettleSend { customer: customer(MARA), reply, part, settlement }).await;

    let another = || (ReplyId::new(), PartId::new());
    for (desk, claim) in [(&team.ines, false), (&team.jonas, false), (&team.jonas, true)] {
        let (status, no) = desk.ask(TEA, &start(version, another(), claim)).await.no();
        assert_eq!((status.as_u16(), no.code), (403, ErrorCode::NotAllowed));
    }
    team.ada.ask(TEA, &start(version, another(), false)).await.accepted();
    let mine = Some(team.jonas.enrolled.agent);
    let version = team.jonas.do_it(TEA, assign(MARA, mine)).await.version;
    // Hers is still on its way, and nothing else is in the way.
    let told = team.jonas.ask(TEA, &start(version, another(), false)).await.conflict();
    assert_eq!(told.reason, ConflictReason::OpenPart);
}
