//! Private notes and priority, asked for by hand: every command, by every role, and by whoever has none on the account.

use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::entry::{Content, chain_next};
use baton_protocol::error::ErrorCode;
use baton_protocol::team::TeamFact;
use baton_protocol::{AgentId, NoteId};

use crate::redaction::gone_from_the_files;
use crate::stage::{COFFEE, Desk, MARA, Stage, TEA, Told, customer, plain};

const SECRET: &str = "the card number is 4012 8888";

fn add_for(note: NoteId, text: &str, mentions: &[AgentId], supervisors_only: bool) -> Command {
    let (text, mentions) = (text.to_owned(), mentions.to_vec());
    Command::AddNote { customer: customer(MARA), note, text, mentions, supervisors_only }
}

fn add(note: NoteId, text: &str) -> Command {
    add_for(note, text, &[], false)
}

fn remove(note: NoteId) -> Command {
    Command::RemoveNote { customer: customer(MARA), note }
}

fn urgent(urgent: bool) -> Command {
    Command::SetPriority { customer: customer(MARA), urgent }
}

fn code(told: Told) -> (u16, ErrorCode) {
    let (status, no) = told.no();
    (status.as_u16(), no.code)
}

/// The facts about Mara, as they stand in the log.
async fn facts(desk: &Desk) -> Vec<TeamFact> {
    let entries = desk.entries(TEA).await;
    let facts = entries.iter().filter_map(|entry| match entry.content() {
        Content::Team(fact) => Some(*fact),
        _ => None,
    });
    facts.filter(|fact| fact.customer() == Some(&customer(MARA))).collect()
}

/// Ines and Ada, agents of the tea, Jonas, its supervisor, Petra, its admin, and Kim of the coffee.
struct Team {
    ines: Desk,
    ada: Desk,
    jonas: Desk,
    petra: Desk,
    kim: Desk,
}

async fn team(stage: &Stage) -> Team {
    let ines = stage.desk_on_tea("Ines").await;
    let kim = stage.desk("Kim", &[(COFFEE, Role::Admin)]).await;
    kim.connect(COFFEE, "Northwind Coffee").await;
    Team {
        ada: stage.desk("Ada", &[(TEA, Role::Agent)]).await,
        jonas: stage.desk("Jonas", &[(TEA, Role::Supervisor)]).await,
        petra: stage.desk("Petra", &[(TEA, Role::Admin)]).await,
        ines,
        kim,
    }
}

#[tokio::test]
async fn every_role_writes_notes_and_says_what_is_urgent_and_nobody_of_another_account_does() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let mut on = true;
    for desk in [&team.ines, &team.jonas, &team.petra] {
        let note = NoteId::new();
        assert_eq!(desk.do_it(TEA, add(note, "She called.")).await.seqs.len(), 1);
        assert_eq!(desk.do_it(TEA, urgent(on)).await.seqs.len(), 1);
        assert_eq!(desk.do_it(TEA, urgent(on)).await.seqs, Vec::<u64>::new(), "it is so already");
        assert_eq!(desk.do_it(TEA, remove(note)).await.seqs.len(), 1);
        assert_eq!(desk.do_it(TEA, remove(note)).await.seqs, Vec::<u64>::new(), "it is gone already");
        on = !on;
    }
    let before = facts(&team.ines).await.len();
    for command in [add(NoteId::new(), "A secret"), remove(NoteId::new()), urgent(true)] {
        assert_eq!(code(team.kim.ask(TEA, &plain(command)).await), (404, ErrorCode::NoSuchLog));
    }
    assert_eq!(facts(&team.ines).await.len(), before);
}

#[tokio::test]
async fn its_author_and_supervisors_take_a_note_away_and_no_other_agent_does() {
    let mut stage = Stage::new().await;
    let team = team(&stage).await;
    let (of_ines, of_jonas, of_petra) = (NoteId::new(), NoteId::new(), NoteId::new());
    team.ines.do_it(TEA, add(of_ines, "One")).await;
    team.jonas.do_it(TEA, add(of_jonas, "Two")).await;
    team.petra.do_it(TEA, add(of_petra, "Three")).await;

    // Who wrote which is known over a restart too.
    stage.restart().await;
    let [ines, ada, jonas] = [&team.ines, &team.ada, &team.jonas].map(|desk| desk.at(&stage));
    for note in [of_ines, of_jonas, of_petra] {
        assert_eq!(code(ada.ask(TEA, &plain(remove(note))).await), (403, ErrorCode::NotAllowed));
    }
    assert_eq!(code(ines.ask(TEA, &plain(remove(of_petra))).await), (403, ErrorCode::NotAllowed));
    assert_eq!(code(ines.ask(TEA, &plain(remove(NoteId::new()))).await), (400, ErrorCode::BadRequest));
    for (desk, note) in [(&ines, of_ines), (&jonas, of_petra), (&jonas, of_jonas)] {
        assert_eq!(desk.do_it(TEA, remove(note)).await.seqs.len(), 1);
    }
}

#[tokio::test]
async fn a_note_is_written_once_whatever_is_repeated_and_wherever() {
    let mut stage = Stage::new().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin), (COFFEE, Role::Admin)]).await;
    ines.connect(TEA, "Northwind Tea").await;
    ines.connect(COFFEE, "Northwind Coffee").await;
    let note = NoteId::new();
    let request = plain(add(note, "She called."));
    let first = ines.ask(TEA, &request).await.accepted();
    assert_eq!(ines.ask(TEA, &request).await.accepted(), first, "the same command");

    stage.restart().await;
    let ines = ines.at(&stage);
    assert_eq!(ines.do_it(TEA, add(note, "She called.")).await.seqs, Vec::<u64>::new(), "the same note");
    assert_eq!(code(ines.ask(TEA, &plain(add(note, "She wrote."))).await), (400, ErrorCode::BadRequest));
    let elsewhere = ines.ask(COFFEE, &plain(add(note, "She called."))).await;
    assert_eq!(code(elsewhere), (400, ErrorCode::BadRequest), "another account");
    assert_eq!(code(ines.ask(COFFEE, &plain(remove(note))).await), (400, ErrorCode::BadRequest));
    let Command::AddNote { note, text, mentions, supervisors_only, .. } = add(note, "She called.") else {
        panic!("another command")
    };
    let customer = customer("6200000000000102");
    let of_another = Command::AddNote { customer, note, text, mentions, supervisors_only };
    assert_eq!(code(ines.ask(TEA, &plain(of_another)).await), (400, ErrorCode::BadRequest), "another thread");
    assert_eq!(facts(&ines).await.len(), 1);
}

#[tokio::test]
async fn a_note_mentions_only_who_can_read_it() {
    let stage = Stage::new().await;
    let team = team(&stage).await;
    let agent = |desk: &Desk| desk.enrolled.agent;
    let (ada, jonas, kim) = (agent(&team.ada), agent(&team.jonas), agent(&team.kim));
    let ask = async |mentions: &[AgentId], only| {
        team.ines.ask(TEA, &plain(add_for(NoteId::new(), "Look at this", mentions, only))).await
    };
    assert_eq!(code(ask(&[kim], false).await), (403, ErrorCode::NotAllowed), "of another account");
    assert_eq!(code(ask(&[AgentId::new()], false).await), (403, ErrorCode::NotAllowed), "nobody at all");
    assert_eq!(code(ask(&[ada, ada], false).await), (400, ErrorCode::BadRequest), "twice");
    assert_eq!(code(ask(&[jonas, ada], true).await), (403, ErrorCode::NotAllowed), "for supervisors only");
    ask(&[ada, jonas], false).await.accepted();
    // An agent tells supervisors something that is not for all.
    ask(&[jonas], true).await.accepted();
    let told = facts(&team.ada).await;
    assert!(
        matches!(&told[..], [
            TeamFact::NoteAdded { supervisors_only: false, mentions, .. },
            TeamFact::NoteAdded { supervisors_only: true, .. },
        ] if *mentions == [ada, jonas]),
        "whoever may read the account reads its log: {told:?}"
    );
    for text in ["", "  \n", "a".repeat(5001).as_str()] {
        let told = team.ines.ask(TEA, &plain(add(NoteId::new(), text))).await;
        assert_eq!(code(told), (400, ErrorCode::BadRequest));
    }
}

#[tokio::test]
async fn the_words_of_a_note_that_is_taken_away_leave_the_files() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let note = NoteId::new();
    ines.do_it(TEA, add(note, SECRET)).await;
    ines.do_it(TEA, remove(note)).await;

    let entries = ines.entries(TEA).await;
    for pair in entries.windows(2) {
        assert_eq!(pair[1].chain, chain_next(&pair[0].chain, pair[1].kind, &pair[1].key, pair[1].at_ms));
    }
    let told = facts(&ines).await;
    assert!(
        matches!(&told[..], [TeamFact::NoteAdded { text, .. }, TeamFact::NoteRemoved { .. }] if text.is_empty()),
        "{told:?}"
    );
    gone_from_the_files(&stage, SECRET).await;
    assert_eq!(ines.do_it(TEA, add(note, SECRET)).await.seqs, Vec::<u64>::new(), "it does not come back");
    assert_eq!(facts(&ines).await.len(), 2);
}

#[tokio::test]
async fn what_is_urgent_is_known_over_a_restart_and_to_a_new_desk() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    ines.do_it(TEA, urgent(true)).await;
    stage.restart().await;
    let ines = ines.at(&stage);
    assert_eq!(ines.do_it(TEA, urgent(true)).await.seqs, Vec::<u64>::new());
    assert_eq!(ines.do_it(TEA, urgent(false)).await.seqs.len(), 1);
    assert_eq!(ines.do_it(TEA, urgent(false)).await.seqs, Vec::<u64>::new());
}
