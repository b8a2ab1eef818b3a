use baton_protocol::{AccountId, CustomerId, DeskId};
use serde_json::value::to_raw_value;
use uuid::Uuid;

use super::*;
use crate::store::NewInbound;

const NINE: i64 = 1_791_190_800_000;
const MINUTE: i64 = 60_000;

fn tea() -> LogName {
    LogName::Account(AccountId::from("104500000000011"))
}

fn mara() -> ThreadKey {
    ThreadKey { account: AccountId::from("104500000000011"), customer: CustomerId::from("6200000000000101") }
}

fn agent(number: u128) -> AgentId {
    AgentId(Uuid::from_u128(number))
}

fn by(number: u128) -> Actor {
    Actor::Agent { agent: agent(number), desk: DeskId(Uuid::from_u128(9)) }
}

fn log_id(number: u128) -> LogId {
    LogId(Uuid::from_u128(number))
}

fn clocks(ms: i64) -> Clocks {
    Clocks { wall_ms: NINE + ms, boot_ms: ms }
}

fn opened(head: u64) -> Opened {
    Opened { log: tea(), log_id: log_id(1), head, from_seq: 1 }
}

fn entry(seq: u64, fact: &TeamFact) -> Entry {
    Entry {
        log: tea(),
        seq,
        at_ms: NINE,
        kind: EntryKind::Team,
        key: format!("team:{seq}"),
        body: to_raw_value(fact).unwrap(),
        chain: String::new(),
    }
}

fn assigned(to: Option<u128>, by: Actor) -> TeamFact {
    TeamFact::Assigned { customer: mara().customer, assignee: to.map(agent), by, reply: None }
}

fn note(mentions: &[u128], by: Actor) -> TeamFact {
    TeamFact::NoteAdded {
        customer: mara().customer,
        note: NoteId(Uuid::from_u128(5)),
        text: "@Ines can you look?".to_owned(),
        mentions: mentions.iter().copied().map(agent).collect(),
        supervisors_only: false,
        by,
    }
}

fn wrote(seq: u64) -> NewInbound {
    NewInbound {
        thread: mara(),
        seq,
        at_ms: NINE,
        text: Some("Hello".to_owned()),
        standby: false,
        found_late: false,
    }
}

/// A message of the customer's, as far as it matters here: the entry says nothing of the team.
fn message(seq: u64) -> Entry {
    Entry {
        kind: EntryKind::Meta,
        body: to_raw_value(&serde_json::json!({})).unwrap(),
        ..entry(seq, &assigned(None, by(2)))
    }
}

/// Hears one entry, which brought this message, as agent 1.
fn hears(logs: &mut Logs, entry: &Entry, inbound: Option<NewInbound>) -> Vec<Heard> {
    let changes = Changes { new_inbound: inbound.into_iter().collect(), ..Changes::default() };
    logs.hear(std::slice::from_ref(entry), &changes, agent(1), NINE)
}

/// Logs of a desk that listens to the log of Northwind Tea, which has ten entries.
fn listening() -> Logs {
    let mut logs = Logs::default();
    logs.opened(&opened(10), clocks(0));
    logs.listens(0);
    logs
}

#[test]
fn what_others_do_to_this_agent_is_heard_and_the_agents_own_acts_are_not() {
    let table = [
        (assigned(Some(1), by(2)), true),
        (assigned(Some(1), Actor::Relay), true),
        (assigned(Some(1), by(1)), false),
        (assigned(Some(2), by(2)), false),
        (assigned(None, by(2)), false),
        (note(&[1, 3], by(2)), true),
        (note(&[3], by(2)), false),
        (note(&[1], by(1)), false),
    ];
    for (fact, is_heard) in table {
        let heard = hears(&mut listening(), &entry(11, &fact), None);
        assert_eq!(!heard.is_empty(), is_heard, "{fact:?}");
    }
}

#[test]
fn a_customer_who_writes_is_heard_unless_another_app_answers_or_it_is_old() {
    let found = |ago_ms| NewInbound { found_late: true, at_ms: NINE - ago_ms, ..wrote(11) };
    let table = [
        (wrote(11), true),
        (NewInbound { standby: true, ..wrote(11) }, false),
        (NewInbound { at_ms: NINE - 5 * FOUND_LATE_MS, ..wrote(11) }, true),
        (found(FOUND_LATE_MS), true),
        (found(FOUND_LATE_MS + 1), false),
    ];
    for (inbound, is_heard) in table {
        let heard = hears(&mut listening(), &message(11), Some(inbound.clone()));
        assert_eq!(!heard.is_empty(), is_heard, "{inbound:?}");
    }
}

#[test]
fn a_note_that_was_taken_away_is_heard_of() {
    let gone =
        TeamFact::NoteRemoved { customer: mara().customer, note: NoteId(Uuid::from_u128(5)), by: by(2) };
    assert_eq!(
        hears(&mut listening(), &entry(11, &gone), None),
        [Heard::NoteGone(NoteId(Uuid::from_u128(5)))]
    );
}

#[test]
fn an_app_that_passes_a_thread_on_is_heard_with_who_had_it() {
    let pass = |act: &str| {
        let body = serde_json::json!({
            "object": "page", "list": "messaging", "account": "104500000000011", "received_ms": NINE,
            "event": {
                "sender": { "id": "6200000000000101" }, "recipient": { "id": "104500000000011" },
                "timestamp": NINE,
                act: { "previous_owner_app_id": 700_555_666_777_888_i64, "new_owner_app_id": 700_100_200_300_400_i64 },
            },
        });
        Entry { body: to_raw_value(&body).unwrap(), ..message(11) }
    };
    let passed = Heard::Passed {
        thread: mara(),
        from: Some(AppId::from("700555666777888")),
        to: Some(AppId::from("700100200300400")),
    };
    let mut logs = listening();
    assert_eq!(hears(&mut logs, &pass("pass_thread_control"), None), [passed]);
    assert!(hears(&mut logs, &pass("pass_thread_control"), None).is_empty(), "it was heard");
    assert!(hears(&mut listening(), &pass("take_thread_control"), None).is_empty(), "nobody passed it");
}

#[test]
fn what_is_there_when_a_log_is_first_opened_is_no_news() {
    let mut logs = listening();
    for seq in 1..=10 {
        assert!(hears(&mut logs, &message(seq), Some(wrote(seq))).is_empty());
    }
    assert_eq!(hears(&mut logs, &message(11), Some(wrote(11))).len(), 1);
}

#[test]
fn before_a_log_was_opened_nothing_of_it_is_news() {
    assert!(hears(&mut Logs::default(), &message(1), Some(wrote(1))).is_empty());
}

#[test]
fn an_entry_is_news_once_in_whatever_order_it_comes() {
    let mut logs = listening();
    for (seq, is_heard) in [(13, true), (11, true), (13, false), (12, true), (11, false)] {
        let heard = hears(&mut logs, &entry(seq, &assigned(Some(1), by(2))), None);
        assert_eq!(!heard.is_empty(), is_heard, "{seq}");
    }
}

#[test]
fn a_short_cut_loses_nothing_and_after_a_night_the_backlog_is_silent() {
    for (away_ms, is_heard) in [(AWAY_MS, true), (AWAY_MS + 1, false)] {
        let mut logs = listening();
        logs.opened(&opened(20), clocks(away_ms));
        logs.listens(away_ms);
        assert_eq!(!hears(&mut logs, &message(15), Some(wrote(15))).is_empty(), is_heard, "{away_ms}");
        assert!(!hears(&mut logs, &message(21), Some(wrote(21))).is_empty());
    }
}

#[test]
fn another_log_under_the_name_begins_anew() {
    let mut logs = listening();
    logs.opened(&Opened { log_id: log_id(2), ..opened(30) }, clocks(1));
    assert!(hears(&mut logs, &message(30), Some(wrote(30))).is_empty());
    assert!(!hears(&mut logs, &message(31), Some(wrote(31))).is_empty());
}

#[test]
fn a_new_start_goes_on_where_the_last_run_was_if_that_is_a_moment_ago() {
    let mut before = listening();
    assert!(!hears(&mut before, &message(11), Some(wrote(11))).is_empty());
    let kept = before.to_keep(NINE);
    assert_eq!(kept, [HeardLog { log: tea(), log_id: log_id(1), seq: 11, wall_ms: NINE }]);
    for (off_ms, is_heard) in [(MINUTE, true), (AWAY_MS + 1, false), (-MINUTE, false)] {
        let mut logs = Logs::new(kept.clone());
        logs.opened(&opened(12), clocks(off_ms));
        assert!(hears(&mut logs, &message(11), Some(wrote(11))).is_empty(), "it was told");
        assert_eq!(!hears(&mut logs, &message(12), Some(wrote(12))).is_empty(), is_heard, "{off_ms}");
    }
}

#[test]
fn what_was_kept_of_another_log_or_of_more_than_there_is_counts_for_nothing() {
    for (log_id, seq) in [(log_id(2), 5), (log_id(1), 15)] {
        let mut logs = Logs::new(vec![HeardLog { log: tea(), log_id, seq, wall_ms: NINE }]);
        logs.opened(&opened(12), clocks(MINUTE));
        assert!(hears(&mut logs, &message(12), Some(wrote(12))).is_empty());
    }
}
