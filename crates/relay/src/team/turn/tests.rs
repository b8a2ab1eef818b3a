//! Entry by entry comes to the same as all of them at once, in whatever order they came; and what that is.

use baton_messenger::Platform;
use baton_messenger::id::PAGE_INBOX;
use baton_messenger::webhook::parse;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use baton_thread::Heard;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

const TEA: &str = "104500000000011";
const MARA: &str = "6200000000000101";
const BATON: &str = "700100200300400";
const TEABOT: &str = "700555666777888";

fn facts() -> AccountFacts {
    AccountFacts {
        our_app: Some(BATON.into()),
        routing: RoutingMode::On,
        default_app: Some(TEABOT.into()),
        ..AccountFacts::default()
    }
}

fn control(at_ms: i64, act: Act) -> Said {
    Said::Control(Evidence { at_ms, tie: at_ms.to_string(), act })
}

fn writes(at_ms: i64, heard: Heard) -> [Said; 2] {
    [control(at_ms, Act::CustomerWrote { heard }), Said::Customer(at_ms)]
}

fn passed_to_us(at_ms: i64) -> Said {
    control(at_ms, Act::Passed { from: Some(TEABOT.into()), to: Some(BATON.into()), note: None })
}

fn taken_by_the_bot(at_ms: i64) -> Said {
    control(at_ms, Act::Taken { from: Some(BATON.into()), to: Some(TEABOT.into()), note: None })
}

fn of(all: &[Said]) -> Turn {
    let all: Vec<(u64, Said)> = (1..).zip(all.iter().cloned()).collect();
    Turn::of_all(&all, &facts())
}

#[test]
fn who_writes_to_the_bot_waits_for_nobody_until_the_bot_passes_them_on() {
    let [heard, said] = writes(10, Heard::Standby);
    assert_eq!(of(&[heard.clone(), said.clone()]).waits_ms(), None);
    let passed = of(&[heard, said, passed_to_us(20)]);
    assert_eq!(passed.waits_ms(), Some(20));
    let answered = passed.after(&Said::Person(30), &facts()).unwrap();
    assert_eq!(answered.waits_ms(), None);
    let [heard, said] = writes(40, Heard::Messaging);
    let again = answered.after(&heard, &facts()).unwrap().after(&said, &facts()).unwrap();
    assert_eq!(again.waits_ms(), Some(40));
    assert_eq!(again.after(&taken_by_the_bot(50), &facts()).unwrap().waits_ms(), None);
}

#[test]
fn what_was_set_is_open_again_once_the_customer_writes_to_us_or_reacts() {
    let [heard, said] = writes(10, Heard::Messaging);
    let set = of(&[heard, said, Said::StatusSet]);
    assert!(!set.is_reopened());
    assert!(set.clone().after(&Said::Reacted(20), &facts()).unwrap().is_reopened());
    let [heard, said] = writes(20, Heard::Messaging);
    let again = set.after(&heard, &facts()).unwrap().after(&said, &facts()).unwrap();
    assert!(again.is_reopened());
    assert!(!again.after(&Said::StatusSet, &facts()).unwrap().is_reopened());
}

#[test]
fn what_came_late_is_not_guessed() {
    let [heard, said] = writes(10, Heard::Messaging);
    let [later, word] = writes(30, Heard::Messaging);
    let turn = of(&[heard, said, later, word]);
    assert_eq!(turn.clone().after(&passed_to_us(20), &facts()), None);
    assert_eq!(turn.clone().after(&Said::Person(20), &facts()), None, "which word is the first after it?");
    assert!(turn.after(&Said::Person(5), &facts()).is_some(), "before all of them");
}

#[test]
fn of_an_erased_customer_nobody_waits() {
    let [heard, said] = writes(10, Heard::Messaging);
    let erased = of(&[heard, said, Said::Blocked(true), Said::Erased]);
    assert_eq!((erased.waits_ms(), erased.is_blocked()), (None, true));
}

fn event(list: &str, event: &Value) -> Event {
    let body = json!({"object": "page", "entry": [{"id": TEA, "time": 1, list: [event]}]});
    parse(body.to_string().as_bytes()).unwrap().events.remove(0)
}

fn from_mara(member: &str, body: &Value) -> Value {
    json!({"sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": 7, member: body})
}

fn echo(app: &str) -> Value {
    json!({"sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": 7,
        "message": {"mid": "m_2", "is_echo": true, "text": "Hi", "app_id": app}})
}

#[rstest]
#[case::a_message("messaging", from_mara("message", &json!({"mid": "m_1", "text": "Hello"})), vec!["wrote", "customer"])]
#[case::a_message_to_the_bot("standby", from_mara("message", &json!({"mid": "m_1", "text": "Hello"})), vec!["wrote", "customer"])]
#[case::a_receipt("messaging", from_mara("read", &json!({"watermark": 1})), vec![])]
#[case::a_reaction("messaging", from_mara("reaction", &json!({"mid": "m_1", "action": "react", "emoji": "x"})), vec!["reacted"])]
#[case::a_reaction_taken_back("messaging", from_mara("reaction", &json!({"mid": "m_1", "action": "unreact"})), vec![])]
#[case::our_echo("messaging", echo(BATON), vec!["answered", "person"])]
#[case::metas_inbox("standby", echo(PAGE_INBOX), vec!["answered", "person"])]
#[case::a_bot("standby", echo(TEABOT), vec!["answered"])]
fn an_event_says(#[case] list: &str, #[case] json: Value, #[case] says: Vec<&str>) {
    let said = Said::of_event(&event(list, &json), "key", 7, &facts(), true);
    let names: Vec<&str> = said
        .iter()
        .map(|said| match said {
            Said::Control(Evidence { act: Act::CustomerWrote { .. }, .. }) => "wrote",
            Said::Control(_) => "answered",
            Said::Customer(_) => "customer",
            Said::Person(_) => "person",
            Said::Unnamed(_) => "unnamed",
            Said::Reacted(_) => "reacted",
            _ => "else",
        })
        .collect();
    assert_eq!(names, says);
}

#[test]
fn an_apps_answer_counts_where_nobody_holds_threads_and_somebody_said_so() {
    let mut unmanaged = AccountFacts { routing: RoutingMode::Off, default_app: None, ..facts() };
    let answer = event("messaging", &echo(TEABOT));
    let is_person =
        |facts: &AccountFacts| Said::of_event(&answer, "key", 7, facts, false).contains(&Said::Person(7));
    assert!(!is_person(&unmanaged));
    unmanaged.apps.insert(
        TEABOT.into(),
        baton_thread::owner::KnownApp { name: "Teabot".to_owned(), answers_count: true },
    );
    assert!(is_person(&unmanaged));
    assert!(!is_person(&AccountFacts { routing: RoutingMode::On, ..unmanaged }));
}

#[test]
fn on_instagram_without_routing_an_answer_without_a_name_counts_unless_it_came_at_once() {
    let facts = AccountFacts {
        platform: Some(Platform::Instagram),
        routing: RoutingMode::Off,
        default_app: None,
        ..facts()
    };
    let unnamed = json!({"sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": 7,
        "message": {"mid": "m_2", "is_echo": true, "text": "Hi"}});
    let says = |facts: &AccountFacts| Said::of_event(&event("messaging", &unnamed), "key", 7, facts, true);
    assert!(says(&facts).contains(&Said::Unnamed(7)));
    assert!(!says(&AccountFacts { routing: RoutingMode::On, ..facts.clone() }).contains(&Said::Unnamed(7)));

    let [heard, said] = writes(0, Heard::Messaging);
    let wrote = of(&[heard, said]);
    let at_once = wrote.clone().after(&Said::Unnamed(2_000), &facts).unwrap();
    assert_eq!(at_once.waits_ms(), Some(0));
    let later = at_once.after(&Said::Unnamed(60_000), &facts).unwrap();
    assert_eq!(later.waits_ms(), None);
    assert_eq!(later.after(&Said::Customer(59_000), &facts), None, "it came late, and all is folded anew");
    assert_eq!(
        wrote.after(&Said::Customer(90_000), &facts).unwrap().after(&Said::Unnamed(60_000), &facts),
        None
    );
}

#[test]
fn a_page_of_history_tells_of_what_is_fresh_and_was_not_heard_before() {
    let said_ms = 1_791_190_800_000;
    let message = |id: &str, from: &str, time: &str| json!({"id": id, "created_time": format!("2026-10-05T{time}+0000"), "from": {"id": from}, "message": "Hi"});
    let page: AuditPage = serde_json::from_value(json!({
        "customer": MARA, "conversation": "t_1", "desk": "0199b2c0-0000-7000-8000-000000000001", "read_at_ms": 0,
        "customer_name": null, "is_oldest": true,
        "messages": [
            message("m_4", TEA, "09:02:00"),
            message("m_3", TEA, "09:01:00"),
            message("m_2", MARA, "09:00:00"),
            message("m_1", MARA, "08:00:00"),
        ],
    }))
    .unwrap();
    let now_ms = said_ms + FRESH_MS - 1;
    let of = |is_known: fn(&Mid) -> bool| Said::of_page(&page, &TEA.into(), now_ms, is_known);
    assert_eq!(
        of(|mid| mid.as_str() == "m_4"),
        [Said::Person(said_ms + 60_000), Said::Customer(said_ms)],
        "an echo told whose answer the last one is; the first word is history"
    );
    assert_eq!(of(|_| false).len(), 3);
}

#[test]
fn no_note_of_an_app_is_kept_beside_the_log() {
    let passed = TeamFact::OwnerLearned {
        customer: MARA.into(),
        seen: OwnerSeen::Ours,
        source: OwnerSource::Took,
        at_ms: 7,
        until_ms: None,
        note: Some("a secret".to_owned()),
        by: baton_protocol::team::Actor::Relay,
        when_done: false,
    };
    let said = Said::of_fact(&passed, "key").unwrap();
    assert!(!serde_json::to_string(&of(&[said])).unwrap().contains("secret"));
}

fn any_said() -> impl Strategy<Value = Vec<Said>> {
    // So far apart that some answers come at once and some do not.
    let at = (0_i64..40).prop_map(|step| step * 3_000);
    prop_oneof![
        (at.clone(), any::<bool>()).prop_map(|(at_ms, ours)| {
            writes(at_ms, if ours { Heard::Messaging } else { Heard::Standby }).to_vec()
        }),
        at.clone().prop_map(|at_ms| vec![Said::Person(at_ms)]),
        at.clone().prop_map(|at_ms| vec![Said::Unnamed(at_ms)]),
        at.clone().prop_map(|at_ms| vec![passed_to_us(at_ms)]),
        at.clone().prop_map(|at_ms| vec![taken_by_the_bot(at_ms)]),
        at.prop_map(|at_ms| vec![Said::Reacted(at_ms)]),
        Just(vec![Said::StatusSet]),
        any::<bool>().prop_map(|blocked| vec![Said::Blocked(blocked)]),
        Just(vec![Said::Erased]),
    ]
}

proptest! {
    #[test]
    fn one_by_one_comes_to_the_same_as_all_at_once(said in prop::collection::vec(any_said(), 0..30)) {
        let all: Vec<(u64, Said)> = (1..).zip(said.into_iter().flatten()).collect();
        let mut turn = Turn::of_all(&[], &facts());
        for upto in 1..=all.len() {
            let whole = Turn::of_all(&all[..upto], &facts());
            // What came late is folded anew, as the store does.
            turn = turn.after(&all[upto - 1].1, &facts()).unwrap_or_else(|| whole.clone());
            prop_assert_eq!(turn.waits_ms(), whole.waits_ms());
            prop_assert_eq!(turn.is_reopened(), whole.is_reopened());
            prop_assert_eq!(turn.is_blocked(), whole.is_blocked());
        }
    }
}
