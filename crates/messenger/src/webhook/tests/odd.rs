//! Odd input: nothing crashes, nothing disappears.

use rstest::rstest;
use serde_json::{Value, json};

use super::{BODIES, event, event_of};
use crate::id::AccountId;
use crate::webhook::{DeliveryError, Kind, parse};

#[rstest]
#[case::new_kind(r#"{"sender":{"id":"1"},"timestamp":1,"hologram":{"x":1}}"#, Some("hologram"))]
#[case::nothing(r#"{"sender":{"id":"1"}}"#, None)]
#[case::not_an_object(r#""hello""#, None)]
#[case::message_of_wrong_type(r#"{"message":"hello"}"#, Some("message"))]
#[case::message_null(r#"{"message":null}"#, Some("message"))]
fn what_is_not_understood_is_unknown_with_a_reason(#[case] raw: &str, #[case] name: Option<&str>) {
    let event = event_of(raw);
    assert_eq!(event.raw.get(), raw);
    let Kind::Unknown(unknown) = event.kind else { panic!("unknown expected") };
    assert!(!unknown.why.is_empty());
    assert_eq!(unknown.json, raw);
    assert_eq!(unknown.name.as_deref(), name);
}

#[rstest]
#[case::null(json!(null))]
#[case::empty(json!({}))]
#[case::text(json!("hello"))]
#[case::list(json!([]))]
fn a_member_without_a_body_hides_no_other(#[case] bare: Value) {
    let full = [
        ("message", json!({"mid": "m_1", "text": "Hi"})),
        ("postback", json!({"mid": "m_1", "title": "Track"})),
        ("read", json!({"watermark": 5})),
        ("referral", json!({"ref": "autumn"})),
    ];
    for (name, body) in full {
        let alone = event(&json!({"sender": {"id": "1"}, (name): body}));
        for other in ["message", "message_edit", "take_thread_control", "order"] {
            if other == name {
                continue;
            }
            for raw in [
                format!(r#"{{"sender":{{"id":"1"}},"{other}":{bare},"{name}":{body}}}"#),
                format!(r#"{{"sender":{{"id":"1"}},"{name}":{body},"{other}":{bare}}}"#),
            ] {
                assert_eq!(event_of(&raw).kind, alone.kind, "{raw}");
            }
        }
    }
}

#[test]
fn an_empty_object_says_more_than_none_and_the_first_name_decides_between_two_alike() {
    let kind = |raw| event_of(raw).kind.name();
    assert_eq!(kind(r#"{"message":null,"take_thread_control":{}}"#), "take");
    assert_eq!(kind(r#"{"take_thread_control":{},"message":{}}"#), "message");
    assert_eq!(kind(r#"{"postback":{"title":"x"},"message":{"text":"y"}}"#), "message");
    assert_eq!(kind(r#"{"postback":{"title":"x"},"message":{"text":"y"},"message":null}"#), "postback");
}

#[test]
fn fields_of_wrong_types_are_absent_and_do_no_harm() {
    let odd = event(
        &json!({"sender": "nobody", "recipient": {"id": 104_500_000_000_011_i64}, "timestamp": {},
        "message": {"mid": "m_1", "text": 7, "attachments": [null, 3, {"type": 5, "payload": [1]}, {"type": "image"}],
            "quick_reply": "x", "reply_to": null, "is_echo": "no", "app_id": {}, "commands": {}}}),
    );
    assert_eq!(odd.sender, None);
    let Kind::Message(message) = odd.kind else { panic!("a message expected") };
    assert_eq!((message.text.as_deref(), message.attachments.len()), (Some("7"), 2));
    assert_eq!(message.attachments[1].kind.as_deref(), Some("image"));
}

#[test]
fn a_repeated_member_is_no_reason_to_lose_a_message() {
    let twice = event_of(r#"{"message":{"mid":"m_1","text":"a","text":"b"}}"#);
    assert_eq!(twice.kind.name(), "message");
}

#[test]
fn half_an_emoji_does_not_hide_the_message() {
    let raw = r#"{"sender":{"id":"1"},"message":{"mid":"m_1","text":"cut \ud83d"}}"#;
    let event = event_of(raw);
    assert_eq!(event.raw.get(), raw);
    let Kind::Message(message) = event.kind else { panic!("a message expected") };
    assert_eq!(message.text.as_deref(), Some("cut \u{fffd}"));
}

#[test]
fn deep_nesting_is_kept_and_unknown() {
    let deep = format!(r#"{{"message":{}{}}}"#, "[".repeat(10_000), "]".repeat(10_000));
    let body = format!(r#"{{"object":"page","entry":[{{"id":"1","messaging":[{deep}]}}]}}"#);
    let delivery = parse(body.as_bytes()).unwrap();
    assert_eq!(delivery.events[0].raw.get(), deep);
    assert!(matches!(delivery.events[0].kind, Kind::Unknown(_)));
}

#[rstest]
#[case::list_that_is_new(json!({"id": "1", "time": 5, "messaging_dreams": [{"a": 1}, {"b": 2}]}), 2)]
#[case::list_that_is_one_event(json!({"id": "1", "messaging": {"message": {"mid": "m_1"}}}), 1)]
#[case::empty_list(json!({"id": "1", "messaging": []}), 0)]
#[case::null_list(json!({"id": "1", "messaging": null}), 0)]
#[case::no_list(json!({"id": "1", "time": 5}), 1)]
#[case::list_and_property(json!({"id": "1", "uid": "1", "standby": [{"message": {"mid": "m_1"}}]}), 1)]
#[case::handover_list(json!({"id": "1", "messaging_handovers": [{"take_thread_control": {}}]}), 1)]
#[case::no_id(json!({"messaging": [{"message": {"mid": "m_1"}}]}), 1)]
#[case::no_entry_at_all(json!("entry"), 1)]
fn nothing_in_an_entry_disappears(#[case] entry: Value, #[case] count: usize) {
    let body = json!({"object": "page", "entry": [entry]}).to_string();
    let delivery = parse(body.as_bytes()).unwrap();
    assert_eq!(delivery.events.len(), count);
    for event in delivery.events {
        assert!(body.contains(event.raw.get()));
    }
}

#[test]
fn an_id_that_is_a_number_is_the_same_account() {
    let body =
        br#"{"object":"page","entry":[{"id":104500000000011,"messaging":[{"message":{"mid":"m_1"}}]}]}"#;
    assert_eq!(parse(body).unwrap().events[0].envelope.account, AccountId::from("104500000000011"));
}

#[rstest]
#[case::empty(b"" as &[u8], None)]
#[case::html(b"<html>", None)]
#[case::cut(br#"{"object":"page","entry":[{"id""#, None)]
#[case::not_utf8(b"{\"object\":\"pa\xffge\",\"entry\":[]}", None)]
#[case::array(b"[]", Some("object"))]
#[case::no_object(br#"{"entry":[]}"#, Some("object"))]
#[case::no_entry(br#"{"object":"page"}"#, Some("entry"))]
#[case::entry_is_no_list(br#"{"object":"page","entry":{}}"#, Some("entry"))]
fn what_is_no_delivery_is_refused_and_says_what_is_missing(
    #[case] body: &[u8],
    #[case] missing: Option<&'static str>,
) {
    let why = parse(body).unwrap_err();
    match missing {
        None => assert!(matches!(why, DeliveryError::NotJson(_)), "{why}"),
        Some(missing) => {
            assert!(matches!(&why, DeliveryError::NotADelivery(name) if *name == missing), "{why}");
        }
    }
}

#[test]
fn another_object_is_kept_without_a_platform() {
    let body = br#"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"x","value":{}}]}]}"#;
    let delivery = parse(body).unwrap();
    assert_eq!(delivery.platform, None);
    assert_eq!(delivery.events.len(), 1);
}

proptest::proptest! {
    #[test]
    fn no_body_panics(body: Vec<u8>) {
        let _ = parse(&body);
    }

    #[test]
    fn no_mutation_of_a_real_body_panics(which in 0..BODIES.len(), at: proptest::sample::Index, byte: u8) {
        let mut body = BODIES[which].1.as_bytes().to_vec();
        let at = at.index(body.len());
        body[at] = byte;
        if let Ok(delivery) = parse(&body) {
            for event in delivery.events {
                let _ = (event.key(), event.at_ms(0), event.kind.opens_window());
            }
        }
    }
}
