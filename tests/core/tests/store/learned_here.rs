//! What a desk learned itself of a thread's owner is shown before the log tells it, and is the same afterwards.

use baton_core::store::{Enrolment, TimelineLine};
use baton_messenger::id::AppId;
use baton_protocol::command::{Command, CommandRequest, fact_key};
use baton_protocol::entry::EntryKind;
use baton_protocol::team::{OwnerSeen, OwnerSource, TeamFact};
use baton_protocol::{CommandId, CustomerId};
use baton_thread::Owner;

use crate::builders::*;

/// Teabot passed Mara to us, and Ines passes her back an hour later with a note.
struct PassedBack {
    log: Log,
    request: CommandRequest,
}

impl PassedBack {
    const AT_MS: i64 = NINE + HOUR;
    const NOTE: &str = "Order 4412 is found";

    fn new() -> Self {
        let mut log = Log::connected();
        log.says("standby", MARA, NINE, "m_1", "I want a person");
        log.pass(MARA, NINE + 2_000, Some(TEABOT), BATON, "refund");
        let command = Command::LearnOwner {
            customer: CustomerId::from(MARA),
            seen: teabot_seen(),
            source: OwnerSource::Passed,
            at_ms: Self::AT_MS,
            until_ms: None,
            note: Some(Self::NOTE.to_owned()),
            when_done: false,
        };
        let command_id = CommandId::new();
        Self {
            log,
            request: CommandRequest { command_id, if_version: None, if_no_word_after: None, command },
        }
    }

    /// Nobody pressed *Pass*: Ines was done with the thread.
    fn when_done() -> Self {
        let mut passed = Self::new();
        if let Command::LearnOwner { when_done, .. } = &mut passed.request.command {
            *when_done = true;
        }
        passed
    }

    /// The relay has it in its log.
    fn told(&mut self) {
        self.told_as(false);
    }

    /// The relay has it in its log, and whether it was pressed too; one from before that lets it fall.
    fn told_as(&mut self, when_done: bool) {
        let fact = TeamFact::OwnerLearned {
            customer: CustomerId::from(MARA),
            seen: teabot_seen(),
            source: OwnerSource::Passed,
            at_ms: Self::AT_MS,
            until_ms: None,
            note: Some(Self::NOTE.to_owned()),
            by: by_ines(),
            when_done,
        };
        let key = fact_key(desk_of_ines(), self.request.command_id, 0);
        self.log.push(EntryKind::Team, key, Self::AT_MS, &serde_json::to_value(fact).unwrap());
    }

    /// The desk of Ines, which passed her back, and has not heard of it from the log.
    async fn desk(&self) -> Desk {
        let desk = Desk::with(&self.log).await;
        desk.store.learn_owner(desk_of_ines(), &tea(), &self.request, NINE).await.unwrap();
        desk
    }
}

fn teabot_seen() -> OwnerSeen {
    OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }
}

fn teabot() -> Owner {
    Owner::Other { app: Some(AppId::from(TEABOT)) }
}

async fn owner(desk: &Desk) -> Owner {
    desk.row(MARA, PassedBack::AT_MS + MINUTE).await.owner.owner
}

#[tokio::test]
async fn a_pass_that_meta_did_is_shown_before_the_log_tells_it_and_once() {
    let mut passed = PassedBack::new();
    let desk = passed.desk().await;
    let row = desk.row(MARA, PassedBack::AT_MS + MINUTE).await;
    assert_eq!((row.owner.owner, row.owner.since_ms), (teabot(), Some(PassedBack::AT_MS)));
    assert!(!row.needs_reply, "she waits for the bot");
    assert_eq!(desk.store.queued_commands(9).await.unwrap().len(), 1);

    passed.told();
    desk.store.ingest(&passed.log.entries[passed.log.entries.len() - 1..], log_id()).await.unwrap();
    let of_the_log = Desk::with(&passed.log).await;
    assert_eq!(
        desk.store.canonical_export().await.unwrap(),
        of_the_log.store.canonical_export().await.unwrap()
    );
    let thread = desk.thread_id(MARA).await;
    let (from_ms, to_ms) = (PassedBack::AT_MS, PassedBack::AT_MS + 1);
    let told = desk.store.timeline(thread, from_ms, to_ms, to_ms).await.unwrap();
    let notes: Vec<_> = told
        .iter()
        .filter_map(|item| match &item.line {
            TimelineLine::Owner(change) => change.note.as_deref(),
            _ => None,
        })
        .collect();
    assert_eq!(notes, [PassedBack::NOTE]);
}

#[tokio::test]
async fn a_pass_that_nobody_pressed_is_told_as_that_where_the_relay_keeps_it() {
    for relay_keeps in [true, false] {
        let mut passed = PassedBack::when_done();
        let desk = passed.desk().await;
        assert!(is_when_done(&desk).await, "before the log tells it");
        passed.told_as(relay_keeps);
        desk.store.ingest(&passed.log.entries[passed.log.entries.len() - 1..], log_id()).await.unwrap();
        assert_eq!(is_when_done(&desk).await, relay_keeps);
        assert_eq!(owner(&desk).await, teabot());
    }
}

/// Whether the one line of that moment is a pass that nobody pressed.
async fn is_when_done(desk: &Desk) -> bool {
    let thread = desk.thread_id(MARA).await;
    let (from_ms, to_ms) = (PassedBack::AT_MS, PassedBack::AT_MS + 1);
    let told = desk.store.timeline(thread, from_ms, to_ms, to_ms).await.unwrap();
    let lines: Vec<_> = told
        .iter()
        .filter_map(|item| match &item.line {
            TimelineLine::Owner(change) => Some(change.when_done),
            _ => None,
        })
        .collect();
    assert_eq!(lines.len(), 1);
    lines[0]
}

#[tokio::test]
async fn what_came_earlier_and_is_heard_later_is_folded_in_before_it() {
    let mut passed = PassedBack::new();
    let desk = passed.desk().await;
    passed.log.says("messaging", MARA, PassedBack::AT_MS - MINUTE, "m_2", "Thanks");
    desk.store.ingest(&passed.log.entries[passed.log.entries.len() - 1..], log_id()).await.unwrap();
    assert_eq!(owner(&desk).await, teabot());
}

#[tokio::test]
async fn its_note_is_kept_nowhere_else_than_in_the_log() {
    let mut passed = PassedBack::new();
    let desk = passed.desk().await;
    passed.told();
    let mut log = passed.log;
    log.team(&TeamFact::CustomerErased { customer: CustomerId::from(MARA), by: by_ines() });
    // The fact and the erasure come together.
    desk.store.ingest(&log.entries[log.entries.len() - 2..], log_id()).await.unwrap();
    assert_eq!(owner(&desk).await, teabot());
    assert!(!desk.store.canonical_export().await.unwrap().contains(PassedBack::NOTE));
}

#[tokio::test]
async fn what_the_relay_refuses_for_good_is_shown_no_longer() {
    let passed = PassedBack::new();
    let desk = passed.desk().await;
    let thread = desk.thread_id(MARA).await;
    let taken_out = desk.store.owner_was_not_learned(desk_of_ines(), &tea(), &passed.request).await.unwrap();
    assert_eq!(taken_out, Some(thread));
    assert_eq!(owner(&desk).await, Owner::Ours);
    assert!(desk.store.queued_commands(9).await.unwrap().is_empty());
    let of_the_log = Desk::with(&passed.log).await;
    assert_eq!(
        desk.store.canonical_export().await.unwrap(),
        of_the_log.store.canonical_export().await.unwrap()
    );
}

#[tokio::test]
async fn what_the_log_has_all_the_same_stays() {
    let mut passed = PassedBack::new();
    passed.told();
    let desk = passed.desk().await;
    desk.store.owner_was_not_learned(desk_of_ines(), &tea(), &passed.request).await.unwrap();
    assert_eq!(owner(&desk).await, teabot());
}

#[tokio::test]
async fn a_resync_forgets_what_the_log_told_and_not_what_it_is_to_be_told() {
    let passed = PassedBack::new();
    let desk = passed.desk().await;
    let enrolment = Enrolment {
        relay: "https://relay.example".to_owned(),
        desk: desk_of_ines(),
        agent: ines(),
        agent_name: "Ines".to_owned(),
        workspace: "Northwind".to_owned(),
        our_app: None,
    };
    desk.store.set_enrolment(&enrolment).await.unwrap();
    let other = baton_protocol::LogId::new();
    desk.store.resync(&passed.log.name, other).await.unwrap();
    assert_eq!(owner(&desk).await, teabot());
    desk.store.ingest(&passed.log.entries, other).await.unwrap();
    assert_eq!(owner(&desk).await, teabot());
}
