//! Every documented event is read as its kind, keeps its bytes, and has a key that repeats share and others do not.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::id::{AccountId, AppId, CustomerId, Mid, Platform};

macro_rules! fixtures {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../../../fixtures/", $name, ".json")))),*]
    };
}

mod fields;
mod keys;
mod odd;
mod paths;

/// Every webhook body of the two channels.
const BODIES: &[(&str, &str)] = fixtures![
    "ig_dashboard_test_event",
    "ig_echo",
    "ig_handover_pass",
    "ig_inline_reply",
    "ig_message_deleted",
    "ig_message_edit",
    "ig_message_edit_num0",
    "ig_message_media",
    "ig_message_shares",
    "ig_message_text",
    "ig_message_unrenderable",
    "ig_postback_icebreaker",
    "ig_reaction",
    "ig_referral_ig_me",
    "ig_seen",
    "ig_standby_message",
    "ig_story_mention",
    "ig_story_reply",
    "page_account_linking",
    "page_batch_mixed",
    "page_delivery",
    "page_echo_attachments",
    "page_echo_other_senders",
    "page_echo_own_app",
    "page_feedback",
    "page_handover_app_roles",
    "page_handover_pass",
    "page_handover_request",
    "page_handover_take",
    "page_inbox_labels",
    "page_message_ad_referral",
    "page_message_appointment",
    "page_message_command",
    "page_message_edit",
    "page_message_fallback",
    "page_message_location",
    "page_message_media",
    "page_message_quick_reply",
    "page_message_reply_to",
    "page_message_shares",
    "page_message_sticker",
    "page_message_text",
    "page_optin",
    "page_policy_enforcement",
    "page_postback",
    "page_reaction",
    "page_read",
    "page_referral",
    "page_response_feedback",
    "page_send_cart",
    "page_standby",
];

const MARA: &str = "6200000000000101";
const RECEIVED_MS: i64 = 1_791_200_000_000;

fn events(name: &str) -> Vec<Event> {
    let (_, body) = BODIES.iter().find(|(fixture, _)| *fixture == name).unwrap();
    parse(body.as_bytes()).unwrap().events
}

fn first(name: &str) -> Event {
    events(name).remove(0)
}

fn message(name: &str) -> Message {
    match first(name).kind {
        Kind::Message(message) => *message,
        other => panic!("{name} is {}", other.name()),
    }
}

/// One event as it would come in `messaging` of Kettle Corner.
fn event(raw: &Value) -> Event {
    event_of(&raw.to_string())
}

fn event_of(raw: &str) -> Event {
    let envelope = Envelope {
        object: "page".into(),
        account: "104500000000011".into(),
        list: List::Messaging,
        entry_time_ms: None,
    };
    Event::from_raw(envelope, serde_json::value::RawValue::from_string(raw.to_owned()).unwrap())
}

#[rstest]
#[case("page_message_text", &["message"])]
#[case("page_message_media", &["message", "message", "message", "message"])]
#[case("page_echo_own_app", &["echo"])]
#[case("page_echo_other_senders", &["echo", "echo", "echo"])]
#[case("page_echo_attachments", &["echo", "echo", "echo", "echo"])]
#[case("page_message_edit", &["edit"])]
#[case("page_reaction", &["reaction", "reaction"])]
#[case("page_postback", &["postback", "postback"])]
#[case("page_delivery", &["delivery", "delivery"])]
#[case("page_read", &["read"])]
#[case("page_optin", &["optin"])]
#[case("page_referral", &["referral", "referral"])]
#[case("page_handover_pass", &["pass", "pass"])]
#[case("page_handover_take", &["take"])]
#[case("page_handover_request", &["request"])]
#[case("page_handover_app_roles", &["app_roles"])]
#[case("page_standby", &["message", "echo", "postback", "read"])]
#[case("page_policy_enforcement", &["policy_enforcement", "policy_enforcement"])]
#[case("page_feedback", &["feedback"])]
#[case("page_response_feedback", &["response_feedback"])]
#[case("page_account_linking", &["account_linking", "account_linking"])]
#[case("page_send_cart", &["cart"])]
#[case("page_inbox_labels", &["inbox_labels"])]
#[case("page_batch_mixed", &["message", "message", "message", "message"])]
#[case("ig_message_text", &["message"])]
#[case("ig_message_deleted", &["deleted"])]
#[case("ig_message_unrenderable", &["message", "message"])]
#[case("ig_echo", &["echo"])]
#[case("ig_message_edit", &["edit"])]
#[case("ig_message_edit_num0", &["edit"])]
#[case("ig_seen", &["read"])]
#[case("ig_reaction", &["reaction", "reaction"])]
#[case("ig_postback_icebreaker", &["postback"])]
#[case("ig_referral_ig_me", &["referral"])]
#[case("ig_handover_pass", &["pass"])]
#[case("ig_standby_message", &["message"])]
#[case("ig_dashboard_test_event", &["message"])]
fn a_documented_event_is_of_its_kind(#[case] fixture: &str, #[case] kinds: &[&str]) {
    let names: Vec<_> = events(fixture).iter().map(|event| event.kind.name()).collect();
    assert_eq!(names, kinds);
}

#[test]
fn every_documented_event_is_known_keeps_its_bytes_and_has_a_key_of_its_own() {
    let mut keys = BTreeMap::new();
    for (name, body) in BODIES {
        let delivery = parse(body.as_bytes()).unwrap();
        assert_eq!(delivery.platform.map(Platform::object), Some(delivery.object.as_str()), "{name}");
        assert!(!delivery.events.is_empty(), "{name}");
        for event in delivery.events {
            assert!(!matches!(event.kind, Kind::Unknown(_)), "{name}: {:?}", event.kind);
            assert!(body.contains(event.raw.get()), "{name}");
            if let Some(other) = keys.insert(event.key(), event.raw.get().to_owned()) {
                assert_eq!(other, event.raw.get(), "{name}: two events share {}", event.key());
            }
        }
    }
}

#[test]
fn all_webhook_fixtures_are_read() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../fixtures");
    let mut on_disk: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("page_") || name.starts_with("ig_"))
        .map(|name| name.trim_end_matches(".json").to_owned())
        .collect();
    on_disk.sort();
    assert_eq!(on_disk, BODIES.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>());
}

#[test]
fn a_stored_event_is_the_same_event_again() {
    for event in BODIES.iter().flat_map(|(name, _)| events(name)) {
        let stored = serde_json::to_string(&StoredEvent::new(&event, RECEIVED_MS)).unwrap();
        assert!(stored.contains(event.raw.get()), "the bytes are kept");
        let again: StoredEvent = serde_json::from_str(&stored).unwrap();
        assert_eq!(again.received_ms, RECEIVED_MS);
        let again = again.into_event();
        assert_eq!(again.key(), event.key());
        assert_eq!(again.kind, event.kind);
        assert_eq!((again.customer, again.timestamp_ms), (event.customer, event.timestamp_ms));
    }
}

#[test]
fn a_batch_keeps_its_order_its_accounts_and_its_lists() {
    let told: Vec<_> = events("page_batch_mixed")
        .into_iter()
        .map(|event| (event.envelope.account.into_string(), event.envelope.list, event.timestamp_ms.unwrap()))
        .collect();
    let expected = [
        ("104500000000011", List::Messaging, 1_791_190_940_000),
        ("104500000000011", List::Messaging, 1_791_190_940_000),
        ("104500000000011", List::Standby, 1_791_190_939_000),
        ("104500000000022", List::Messaging, 1_791_190_940_000),
    ];
    assert_eq!(told, expected.map(|(account, list, ms)| (account.to_owned(), list, ms)));
}

#[test]
fn the_customer_is_the_party_that_is_not_the_account() {
    let mara = Some(CustomerId::from(MARA));
    assert_eq!(first("page_message_text").customer, mara);
    assert_eq!(first("page_echo_own_app").customer, mara);
    assert_eq!(first("page_handover_take").customer, mara);
    assert_eq!(first("page_inbox_labels").customer, mara);
    assert_eq!(first("page_policy_enforcement").customer, None);
    assert_eq!(first("page_handover_app_roles").customer, None);
    assert_eq!(first("ig_message_edit_num0").customer, None);
    assert_eq!(first("ig_echo").customer, Some("7300000000000201".into()));
}

#[test]
fn an_echo_is_known_by_its_flag_or_by_its_sender() {
    let without_flag = event(&json!({"sender": {"id": "104500000000011"}, "recipient": {"id": MARA},
        "timestamp": 1, "message": {"mid": "m_1", "text": "Hello"}}));
    assert_eq!(without_flag.kind.name(), "echo");
    assert_eq!(without_flag.customer, Some(MARA.into()));
    let to_oneself =
        event(&json!({"sender": {"id": "104500000000011"}, "recipient": {"id": "104500000000011"},
        "timestamp": 1, "message": {"mid": "m_1", "text": "Test", "is_self": true}}));
    assert_eq!(to_oneself.kind.name(), "message");
    assert_eq!(to_oneself.customer, None);
}

#[test]
fn our_echo_brings_metadata_and_app_back() {
    let Kind::Echo(echo) = first("page_echo_own_app").kind else { panic!("an echo expected") };
    assert_eq!(echo.app_id, Some(AppId::from("700100200300400")));
    assert_eq!(echo.metadata.as_deref(), Some("fx1:out:0199b2c0-0000-7000-8000-000000000001"));
    let Kind::Echo(nobody) = &events("page_echo_other_senders")[1].kind else { panic!("an echo expected") };
    assert_eq!(nobody.app_id, None);
    assert_eq!(nobody.attachments[0].payload, None);
}

#[test]
fn times_are_milliseconds_whatever_they_came_in() {
    assert_eq!(events("page_referral")[1].timestamp_ms, Some(1_791_190_908_000), "seconds");
    let test = first("ig_dashboard_test_event");
    assert_eq!(test.timestamp_ms, Some(1_527_459_824_000), "text");
    assert_eq!(test.envelope.entry_time_ms, Some(1_791_190_876_000));
    assert_eq!(test.envelope.account, AccountId::from("0"));
    let feedback = first("page_feedback");
    assert_eq!(feedback.timestamp_ms, None);
    assert_eq!(feedback.at_ms(RECEIVED_MS), feedback.envelope.entry_time_ms.unwrap());
    let nowhere = event(&json!({"read": {"watermark": 5}}));
    assert_eq!(nowhere.at_ms(RECEIVED_MS), RECEIVED_MS);
}

#[test]
fn a_sticker_is_shown_once() {
    let both: Vec<_> = events("page_message_sticker");
    for event in &both {
        let Kind::Message(message) = &event.kind else { panic!("a message expected") };
        assert_eq!(message.shown().count(), 1);
    }
    let Kind::Message(twice) = &both[1].kind else { panic!("a message expected") };
    assert_eq!(twice.attachments.len(), 2);
    let older = event(&json!({"message": {"mid": "m_1", "attachments": [
        {"type": "image", "payload": {"url": "https://x.invalid", "sticker_id": 369_239_263_222_822_i64}}]}}));
    let Kind::Message(older) = older.kind else { panic!("a message expected") };
    assert_eq!(older.shown().next().unwrap().sticker_id.as_deref(), Some("369239263222822"));
}

#[test]
fn what_messages_carry() {
    assert_eq!(
        message("page_message_text").text.as_deref(),
        Some("Hi, is the blue kettle still in stock? ☕")
    );
    assert_eq!(
        message("page_message_quick_reply").quick_reply.unwrap().payload.as_deref(),
        Some("FX_TRACK_ORDER")
    );
    assert_eq!(message("page_message_reply_to").reply_to.unwrap().is_self_reply, Some(false));
    assert_eq!(message("page_message_command").commands[0].name.as_deref(), Some("opening"));
    let ad = message("page_message_ad_referral").referral.unwrap();
    assert_eq!((ad.source.as_deref(), ad.reference.as_deref()), (Some("ADS"), Some("autumn-ad")));
    let place = message("page_message_location").attachments.remove(0);
    assert_eq!(place.coordinates, Some(Coordinates { lat: Some(52.52), long: Some(13.405) }));
    assert_eq!(place.title.as_deref(), Some("Shared location"));
    let link = message("page_message_fallback").attachments.remove(0);
    assert_eq!(link.title.as_deref(), Some("Blue kettle 1.7 l"));
    assert_eq!(message("page_message_shares").attachments[0].media_id.as_deref(), Some("880000000000001"));
    assert_eq!(message("ig_message_shares").attachments[0].media_id.as_deref(), Some("18000000000000001"));
    assert_eq!(message("ig_story_mention").attachments[0].kind.as_deref(), Some("story_mention"));
    let story = message("ig_story_reply").reply_to.unwrap().story.unwrap();
    assert_eq!(story.id.as_deref(), Some("18000000000000003"));
    assert_eq!(message("ig_message_unrenderable").attachments[0].kind.as_deref(), Some("ephemeral"));
}

#[test]
fn what_other_events_carry() {
    let Kind::Edit(edit) = first("ig_message_edit_num0").kind else { panic!("an edit expected") };
    assert!(edit.announces_message() && edit.text.is_none());
    let Kind::Deleted(deleted) = first("ig_message_deleted").kind else { panic!("an unsend expected") };
    assert!(deleted.mid.is_some() && !deleted.is_echo);
    let Kind::Referral(lead) = &events("page_referral")[1].kind else { panic!("a referral expected") };
    assert_eq!(lead.lead.as_ref().unwrap().answers[0].answer.as_deref(), Some("Leipzig"));
    let Kind::PassControl(from_idle) = &events("page_handover_pass")[1].kind else {
        panic!("a pass expected")
    };
    assert_eq!((from_idle.previous_owner.clone(), from_idle.metadata.as_deref()), (None, Some("")));
    assert_eq!(from_idle.new_owner, Some(AppId::from("700100200300400")));
    let Kind::RequestControl(asks) = first("page_handover_request").kind else {
        panic!("a request expected")
    };
    assert_eq!(asks.requested_owner, Some(AppId::from("700555666777888")));
    let Kind::AppRoles(roles) = first("page_handover_app_roles").kind else { panic!("roles expected") };
    assert_eq!(roles.roles[&AppId::from("700100200300400")], ["primary_receiver"]);
    let Kind::PolicyEnforcement(policy) = first("page_policy_enforcement").kind else {
        panic!("a block expected")
    };
    assert_eq!(policy.action, PolicyAction::Block);
    let Kind::Cart(cart) = first("page_send_cart").kind else { panic!("a cart expected") };
    assert_eq!((cart.products[0].unit_price, cart.products[0].quantity), (Some(39.0), Some(1)));
    let Kind::InboxLabels(label) = first("page_inbox_labels").kind else { panic!("a label expected") };
    assert_eq!(label.label_name.as_deref(), Some("VIP"));
    let Kind::Delivery(delivered) = first("page_delivery").kind else { panic!("a delivery expected") };
    assert_eq!((delivered.mids.len(), delivered.watermark_ms), (1, Some(1_791_190_900_000)));
    let Kind::Read(seen) = first("ig_seen").kind else { panic!("a read expected") };
    assert!(seen.mid.is_some() && seen.watermark_ms.is_none());
}

#[rstest]
#[case("page_message_text", true)]
#[case("page_message_quick_reply", true)]
#[case("ig_message_unrenderable", true)]
#[case("page_postback", true)]
#[case("page_referral", true)]
#[case("page_reaction", true)]
#[case("page_delivery", false)]
#[case("page_read", false)]
#[case("page_echo_own_app", false)]
#[case("page_message_edit", false)]
#[case("ig_message_deleted", false)]
#[case("page_optin", false)]
#[case("page_handover_take", false)]
#[case("page_account_linking", false)]
fn which_acts_open_the_window(#[case] fixture: &str, #[case] opens: bool) {
    assert_eq!(first(fixture).kind.opens_window(), opens);
}

#[test]
fn taking_a_reaction_away_opens_nothing() {
    assert!(!events("page_reaction")[1].kind.opens_window());
}

#[test]
fn the_signed_vector_is_read_with_its_escapes() {
    let vectors: Value =
        serde_json::from_str(include_str!("../../../../fixtures/vector_signatures.json")).unwrap();
    let body = vectors["webhook"]["raw_body_ascii"].as_str().unwrap();
    let event = parse(body.as_bytes()).unwrap().events.remove(0);
    assert!(event.raw.get().contains(r"\ud83d\ude00") && event.raw.get().contains(r"\/"));
    let Kind::Message(message) = event.kind else { panic!("a message expected") };
    assert_eq!(message.text.as_deref(), Some("Grüße ☕ 😀 https://a.example.invalid/x"));
    assert_eq!(message.mid, Some(Mid::from("m_FxMsg0001q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw")));
}
