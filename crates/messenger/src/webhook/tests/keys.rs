//! Repeats share a key; different events do not.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{MARA, event, event_of, first};
use crate::webhook::List;

#[test]
fn message_echo_and_unsend_of_one_mid_have_different_keys() {
    let said =
        |message: Value| event(&json!({"sender": {"id": MARA}, "timestamp": 1, "message": message})).key();
    let keys: BTreeSet<String> = [
        said(json!({"mid": "m_1", "text": "Hello"})),
        said(json!({"mid": "m_1", "text": "Hello", "is_echo": true})),
        said(json!({"mid": "m_1", "is_deleted": true})),
        event(&json!({"sender": {"id": MARA}, "message_edit": {"mid": "m_1", "num_edit": 1}})).key(),
        event(&json!({"sender": {"id": MARA}, "message_edit": {"mid": "m_1", "num_edit": "2"}})).key(),
        event(&json!({"sender": {"id": MARA}, "postback": {"mid": "m_1"}})).key(),
    ]
    .into();
    assert_eq!(keys.len(), 6, "{keys:?}");
    assert!(keys.contains("page:104500000000011:message:m_1"), "{keys:?}");
}

#[test]
fn the_list_and_the_spelling_are_no_part_of_a_key() {
    let mut standby = event(&json!({"sender": {"id": MARA}, "message": {"mid": "m_1", "text": "Hi"}}));
    standby.envelope.list = List::Standby;
    let messaging =
        event_of(r#"{ "message": {"text":"Hi", "mid":"m_1"}, "sender": {"id": 6200000000000101} }"#);
    assert_eq!(standby.key(), messaging.key());
}

#[test]
fn without_a_natural_key_the_bytes_are_the_key() {
    let cart = first("page_send_cart");
    assert!(cart.key().starts_with("page:104500000000011:raw:"), "{}", cart.key());
    assert_eq!(cart.key(), first("page_send_cart").key());
    let without_mid = event(&json!({"sender": {"id": MARA}, "message": {"text": "Hi"}}));
    let other = event(&json!({"sender": {"id": MARA}, "message": {"text": "Ho"}}));
    assert_ne!(without_mid.key(), other.key());
}

#[test]
fn a_separator_inside_an_id_makes_no_false_repeat() {
    let one = event(&json!({"message_edit": {"mid": "m:1", "num_edit": 2}}));
    let two = event(&json!({"message_edit": {"mid": "m", "num_edit": 2}}));
    assert!(one.key().contains("m%3A1"));
    assert_ne!(one.key(), two.key());
}
