//! The quick and the careful reading say the same wherever both can read.

use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::{BODIES, Envelope, Event, List, events};
use crate::webhook::delivery::of_odd;
use crate::webhook::{Delivery, parse, usual};

fn carefully(event: &Event) -> Event {
    Event::from_odd(event.envelope.clone(), event.raw.clone())
}

fn same(one: &Event, other: &Event) -> bool {
    one.kind == other.kind
        && (one.timestamp_ms, &one.sender, &one.recipient, &one.customer)
            == (other.timestamp_ms, &other.sender, &other.recipient, &other.customer)
        && one.raw.get() == other.raw.get()
        && one.envelope == other.envelope
        && one.key() == other.key()
}

fn told(delivery: &Delivery) -> Vec<String> {
    delivery.events.iter().map(|event| format!("{:?} {}", event.envelope, event.raw.get())).collect()
}

#[test]
fn every_documented_body_is_of_the_usual_shape() {
    for (name, body) in BODIES {
        assert!(usual::read(body).is_some(), "{name}");
        assert_eq!(told(&parse(body.as_bytes()).unwrap()), told(&of_odd(body.as_bytes()).unwrap()), "{name}");
        for event in events(name) {
            assert!(same(&event, &carefully(&event)), "{name}");
        }
    }
}

/// Values of every type, as they could stand where another was expected.
fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,6}".prop_map(Value::from),
        select(vec!["true", "1791190800", "5.5", "", "add", "react", "notification_messages"])
            .prop_map(Value::from),
        Just(json!([])),
        Just(json!({})),
        Just(json!([{"id": 1}, null, "x", [1]])),
        Just(json!({"id": {"id": 5}, "mid": "m_1", "data": [{"question": 1}]})),
    ]
}

/// Replaces the value at one of the places inside.
fn replace(value: &mut Value, at: &Index, with: &Value) {
    let mut places = Vec::new();
    collect(value, &mut Vec::new(), &mut places);
    let place = at.get(&places);
    if let Some(inside) = value.pointer_mut(&format!("/{}", place.join("/"))) {
        *inside = with.clone();
    }
}

fn collect(value: &Value, path: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(values) => values.iter().enumerate().map(|(n, value)| (n.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (name, inside) in members {
        path.push(name);
        places.push(path.clone());
        collect(inside, path, places);
        path.pop();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn both_readings_of_an_odd_event_agree(
        which in 0..BODIES.len(),
        nth: Index,
        changes in prop::collection::vec((any::<Index>(), odd_value()), 1..4),
        list in select(vec![List::Messaging, List::Standby, List::Changes]),
    ) {
        let all = events(BODIES[which].0);
        let event = nth.get(&all);
        let mut value: Value = serde_json::from_str(event.raw.get()).unwrap();
        for (at, with) in &changes {
            replace(&mut value, at, with);
        }
        let envelope = Envelope { list, ..event.envelope.clone() };
        let raw = serde_json::value::to_raw_value(&value).unwrap();
        let quick = Event::from_raw(envelope, raw);
        prop_assert!(same(&quick, &carefully(&quick)), "{quick:?}\n{:?}", carefully(&quick));
    }

    #[test]
    fn both_readings_of_an_odd_body_agree(
        which in 0..BODIES.len(),
        changes in prop::collection::vec((any::<Index>(), odd_value()), 1..4),
    ) {
        let mut value: Value = serde_json::from_str(BODIES[which].1).unwrap();
        for (at, with) in &changes {
            replace(&mut value, at, with);
        }
        let body = value.to_string();
        match (parse(body.as_bytes()), of_odd(body.as_bytes())) {
            (Ok(quick), Ok(careful)) => prop_assert_eq!(told(&quick), told(&careful)),
            (Err(quick), Err(careful)) => prop_assert_eq!(quick.to_string(), careful.to_string()),
            (quick, careful) => prop_assert!(false, "{quick:?} {careful:?}"),
        }
    }
}

#[test]
fn a_member_that_is_named_twice_is_read_carefully_and_not_lost() {
    let body = br#"{"object":"page","entry":[{"id":"1","id":"2","messaging":[{"message":{"mid":"m_1"}}]}]}"#;
    assert!(usual::read(std::str::from_utf8(body).unwrap()).is_none());
    let event = parse(body).unwrap().events.remove(0);
    assert_eq!((event.envelope.account.as_str(), event.kind.name()), ("1", "message"));
}
