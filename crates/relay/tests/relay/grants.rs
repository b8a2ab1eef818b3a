//! Sends: the grant as claim check and fence, over real HTTP and a real file.

use baton_protocol::command::{Command, CommandRequest, ConflictReason, PartState};
use baton_protocol::enrol::Role;
use baton_protocol::entry::Content;
use baton_protocol::snapshot::Snapshot;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{CommandId, Mid, PartId, ReplyId, routes};

use crate::stage::{Desk, MARA, Stage, TEA, customer, echo_of_part, plain};

fn start(reply: ReplyId, part: PartId, seen: (u64, u64), claim: bool) -> CommandRequest {
    CommandRequest {
        command_id: CommandId::new(),
        if_version: Some(seen.0),
        if_no_word_after: Some(seen.1),
        command: Command::StartSend {
            file: None,
            customer: customer(MARA),
            reply,
            part,
            index: 0,
            of: 1,
            text: "Yes, we have three left.".into(),
            tag: None,
            claim,
            unchecked: false,
            despite_unknown: false,
        },
    }
}

fn settle(reply: ReplyId, part: PartId, settlement: Settlement) -> CommandRequest {
    plain(Command::SettleSend { customer: customer(MARA), reply, part, settlement })
}

fn sent(mid: &str) -> Settlement {
    Settlement::Sent { mid: Mid::from(mid), at_ms: None }
}

async fn two_desks(stage: &Stage) -> (Desk, Desk) {
    let ines = stage.desk_on_tea("Ines").await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    stage.says(TEA, MARA, "m_1", "Is the blue kettle in stock?").await;
    (ines, jonas)
}

#[tokio::test]
async fn desks_race_for_a_thread_and_exactly_one_is_granted() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    let requests: Vec<CommandRequest> =
        (0..8).map(|_| start(ReplyId::new(), PartId::new(), (0, 2), true)).collect();
    let asked = requests.iter().enumerate().map(|(n, request)| {
        let desk = if n % 2 == 0 { &ines } else { &jonas };
        desk.ask(TEA, request)
    });
    let told = futures_util::future::join_all(asked).await;
    let mut granted = 0;
    for told in told {
        match told {
            crate::stage::Told::Accepted(accepted) => {
                assert_eq!(accepted.part, Some(PartState::Granted));
                assert_eq!(accepted.seqs, [3, 4], "the claim and the grant, together");
                assert_eq!(accepted.version, 3);
                granted += 1;
            }
            crate::stage::Told::Conflict(conflict) => {
                assert_eq!(conflict.reason, ConflictReason::Version);
                assert!(conflict.assignee.is_some(), "the loser learns who won");
                assert_eq!(conflict.version, 3);
            }
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(granted, 1);
    let facts: Vec<TeamFact> = ines.entries(TEA).await[2..]
        .iter()
        .map(|entry| match entry.content() {
            Content::Team(fact) => *fact,
            other => panic!("{other:?}"),
        })
        .collect();
    let [TeamFact::Assigned { reply: claimed_by, .. }, TeamFact::SendStarted { reply, .. }] = &facts[..]
    else {
        panic!("{facts:?}")
    };
    assert_eq!(*claimed_by, Some(*reply));
}

#[tokio::test]
async fn a_repeat_is_never_granted_again() {
    let mut stage = Stage::new().await;
    let (ines, _) = two_desks(&stage).await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    let request = start(reply, part, (0, 2), false);
    let first = ines.ask(TEA, &request).await.accepted();
    assert_eq!(first.part, Some(PartState::Granted));
    let repeat = ines.ask(TEA, &request).await.accepted();
    assert_eq!((repeat.seqs, repeat.part), (first.seqs, Some(PartState::Open)));
    let another_id = start(reply, part, (0, 2), false);
    assert_eq!(ines.ask(TEA, &another_id).await.accepted().part, Some(PartState::Open));
    stage.restart().await;
    let ines = ines.at(&stage);
    assert_eq!(ines.ask(TEA, &request).await.accepted().part, Some(PartState::Open));
    ines.ask(TEA, &settle(reply, part, sent("m_2"))).await.accepted();
    let state = ines.ask(TEA, &request).await.accepted().part;
    assert_eq!(state, Some(PartState::Settled { settlement: sent("m_2") }));
}

#[tokio::test]
async fn a_word_that_the_agent_has_not_seen_stops_a_reply_and_the_own_word_does_not() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    stage.says(TEA, MARA, "m_2", "Or the red one?").await;
    let blind = ines.ask(TEA, &start(ReplyId::new(), PartId::new(), (0, 2), false)).await.conflict();
    assert_eq!((blind.reason, blind.word_seq), (ConflictReason::Word, 3));

    let (reply, part) = (ReplyId::new(), PartId::new());
    ines.ask(TEA, &start(reply, part, (0, 3), false)).await.accepted();
    let echo = echo_of_part(TEA, MARA, "m_3", &part.to_string(), "Yes, we have three left.");
    assert_eq!(stage.post(&echo).await, 200);
    ines.ask(TEA, &start(ReplyId::new(), PartId::new(), (0, 3), false)).await.accepted();
    let jonas = jonas.ask(TEA, &start(ReplyId::new(), PartId::new(), (0, 3), false)).await.conflict();
    assert_eq!(jonas.reason, ConflictReason::Word);
}

#[tokio::test]
async fn the_echo_of_a_part_closes_it_when_the_answer_was_lost() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    ines.ask(TEA, &start(reply, part, (0, 2), false)).await.accepted();
    ines.ask(TEA, &settle(reply, part, Settlement::Unknown { why: "cut off".into() })).await.accepted();
    let unknown = jonas.ask(TEA, &start(ReplyId::new(), PartId::new(), (0, 9), false)).await.conflict();
    assert_eq!(unknown.reason, ConflictReason::UnknownPart);
    assert!(unknown.open_parts[0].unknown);

    let echo = echo_of_part(TEA, MARA, "m_2", &part.to_string(), "Yes, we have three left.");
    assert_eq!(stage.post(&echo).await, 200);
    let snapshot: Snapshot = jonas.get(&routes::snapshot(&TEA.into())).await.unwrap();
    assert!(snapshot.threads.is_empty(), "no part is on its way");
    jonas.ask(TEA, &start(ReplyId::new(), PartId::new(), (0, 9), false)).await.accepted();
    let late =
        ines.ask(TEA, &settle(reply, part, Settlement::Unknown { why: "late".into() })).await.accepted();
    assert!(late.seqs.is_empty(), "a lower rank adds nothing");
}

/// How often the log says how this part ended, and the seqs where it does.
async fn settled_entries(desk: &Desk, part: PartId) -> Vec<(u64, Settlement)> {
    let entries = desk.entries(TEA).await;
    let settled = entries.iter().filter_map(|entry| match entry.content() {
        Content::Team(fact) => match *fact {
            TeamFact::SendSettled { part: of, settlement, .. } if of == part => Some((entry.seq, settlement)),
            _ => None,
        },
        _ => None,
    });
    settled.collect()
}

#[tokio::test]
async fn the_log_says_how_a_part_ended_whether_its_echo_came_before_or_after() {
    let mut stage = Stage::new().await;
    let (mut ines, mut jonas) = two_desks(&stage).await;
    for echo_first in [true, false] {
        let (reply, part) = (ReplyId::new(), PartId::new());
        let mid = format!("m_echo_{echo_first}");
        ines.ask(TEA, &start(reply, part, (0, 99), false)).await.accepted();
        let echo = echo_of_part(TEA, MARA, &mid, &part.to_string(), "Yes, we have three left.");
        if echo_first {
            assert_eq!(stage.post(&echo).await, 200);
            // The echo is kept with the part over a restart, and still is no entry of the desk.
            stage.restart().await;
            (ines, jonas) = (ines.at(&stage), jonas.at(&stage));
        }
        let said = ines.ask(TEA, &settle(reply, part, sent(&mid))).await.accepted();
        assert_eq!(said.part, Some(PartState::Settled { settlement: sent(&mid) }));
        assert_eq!(stage.post(&echo).await, 200);
        let again = ines.ask(TEA, &settle(reply, part, sent(&mid))).await.accepted();
        assert!(again.seqs.is_empty(), "an equal one is a repeat");
        let late = Settlement::Unknown { why: "late".into() };
        assert!(ines.ask(TEA, &settle(reply, part, late)).await.accepted().seqs.is_empty());
        assert_eq!(settled_entries(&jonas, part).await, [(said.seqs[0], sent(&mid))]);

        let snapshot: Snapshot = jonas.get(&routes::snapshot(&TEA.into())).await.unwrap();
        assert!(snapshot.threads.is_empty(), "no part is on its way");
    }
}

#[tokio::test]
async fn one_message_is_one_word_however_often_it_is_told() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    for echo_first in [true, false] {
        let (reply, part) = (ReplyId::new(), PartId::new());
        let mid = format!("m_word_{echo_first}");
        ines.ask(TEA, &start(reply, part, (0, 99), false)).await.accepted();
        let echo = echo_of_part(TEA, MARA, &mid, &part.to_string(), "Yes, we have three left.");
        let settle = settle(reply, part, sent(&mid));
        if echo_first {
            assert_eq!(stage.post(&echo).await, 200);
        } else {
            ines.ask(TEA, &settle).await.accepted();
        }
        let seen = ines.entries(TEA).await.last().unwrap().seq;
        if echo_first {
            ines.ask(TEA, &settle).await.accepted();
        } else {
            assert_eq!(stage.post(&echo).await, 200);
        }
        // Jonas has seen the message once; that it is told again is no news to him.
        let (reply, part) = (ReplyId::new(), PartId::new());
        let jonas_sends = jonas.ask(TEA, &start(reply, part, (0, seen), false)).await.accepted();
        assert_eq!(jonas_sends.part, Some(PartState::Granted));
        jonas.ask(TEA, &self::settle(reply, part, Settlement::NotBegun)).await.accepted();
    }
}

#[tokio::test]
async fn the_highest_settlement_wins_and_each_rise_is_an_entry() {
    let stage = Stage::new().await;
    let (ines, _) = two_desks(&stage).await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    ines.ask(TEA, &start(reply, part, (0, 2), false)).await.accepted();
    let refused = Settlement::Refused { code: 10, subcode: None, message: "No".into(), trace_id: None };
    let said = [
        Settlement::Unknown { why: "cut off".into() },
        Settlement::Abandoned { by: ines.enrolled.agent },
        Settlement::Unknown { why: "again".into() },
        refused.clone(),
        refused,
        sent("m_2"),
        Settlement::Abandoned { by: ines.enrolled.agent },
    ];
    for settlement in said {
        ines.ask(TEA, &settle(reply, part, settlement)).await.accepted();
    }
    let ranks: Vec<u8> = settled_entries(&ines, part).await.iter().map(|(_, s)| s.rank()).collect();
    assert_eq!(ranks, [1, 2, 3, 4]);
}

#[tokio::test]
async fn after_a_minute_another_desk_may_settle_what_a_silent_one_left() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    let (reply, part) = (ReplyId::new(), PartId::new());
    ines.ask(TEA, &start(reply, part, (0, 2), false)).await.accepted();
    let settle = settle(reply, part, sent("m_2"));
    assert_eq!(jonas.ask(TEA, &settle).await.no().0, 403);
    stage.clock.advance_ms(60_000);
    jonas.ask(TEA, &settle).await.accepted();
}

#[tokio::test]
async fn a_conflict_is_counted_and_leaves_no_entry() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    let take = |desk: &Desk| CommandRequest {
        if_version: Some(0),
        ..plain(Command::Assign { customer: customer(MARA), assignee: Some(desk.enrolled.agent) })
    };
    ines.ask(TEA, &take(&ines)).await.accepted();
    assert!(stage.health().await["refused"]["command_conflict"].is_null());
    let before = ines.entries(TEA).await.len();
    let lost = jonas.ask(TEA, &take(&jonas)).await.conflict();
    assert_eq!((lost.reason, lost.assignee), (ConflictReason::Version, Some(ines.enrolled.agent)));
    assert_eq!(ines.entries(TEA).await.len(), before);
    assert_eq!(stage.health().await["refused"]["command_conflict"], 1);
    assert!(stage.health().await["refused"]["command_refused"].is_null(), "that is another thing");
}

#[tokio::test]
async fn a_refusal_is_counted_and_leaves_no_entry() {
    let stage = Stage::new().await;
    let (ines, jonas) = two_desks(&stage).await;
    ines.do_it(TEA, Command::Assign { customer: customer(MARA), assignee: Some(ines.enrolled.agent) }).await;
    let take = Command::Assign { customer: customer(MARA), assignee: Some(jonas.enrolled.agent) };
    assert_eq!(jonas.ask(TEA, &plain(take.clone())).await.no().0, 403);
    assert_eq!(ines.entries(TEA).await.len(), 3);
    assert_eq!(stage.health().await["refused"]["command_refused"], 1);
    let supervisor = stage.desk("Tomasz", &[(TEA, Role::Supervisor)]).await;
    supervisor.do_it(TEA, take).await;
    let stranger =
        Command::Assign { customer: customer(MARA), assignee: Some(baton_protocol::AgentId::new()) };
    assert_eq!(supervisor.ask(TEA, &plain(stranger)).await.no().0, 403);
}
