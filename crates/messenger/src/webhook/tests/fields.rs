//! Every field of the documented events has its place in a type, and odd spellings of it are read.

use rstest::rstest;
use serde_json::{Value, json};

use super::{BODIES, MARA, event, events, first, message};
use crate::id::AppId;
use crate::routing::AppRole;
use crate::webhook::{
    Agreement, AttachmentKind, Booking, Kind, List, Origin, Template, TemplateReceipt, parse,
};

/// What is typed and on purpose not serialised.
const HIDDEN: &[&str] = &["fx_nm_token_0001", "fx-auth-0001"];

/// All values without structure inside a value.
fn scalars(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(values) => values.iter().flat_map(scalars).collect(),
        Value::Object(members) => members.values().flat_map(scalars).collect(),
        Value::Null => Vec::new(),
        scalar => vec![scalar],
    }
}

fn is_told(said: &Value, told: &[&Value]) -> bool {
    let as_text = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let said_text = as_text(said);
    HIDDEN.contains(&said_text.as_str())
        || told.iter().any(|told| **told == *said || as_text(told) == said_text)
        // Words that choose a variant or a flag that chooses a kind.
        || matches!(said, Value::Bool(_))
}

#[test]
fn no_documented_field_is_left_to_the_bytes_alone() {
    let mut left = Vec::new();
    for (name, _) in BODIES {
        for event in events(name) {
            let mut raw: Value = serde_json::from_str(event.raw.get()).unwrap();
            let members = raw.as_object_mut().unwrap();
            for frame in ["sender", "recipient", "timestamp"] {
                members.remove(frame);
            }
            if event.envelope.list == List::Changes {
                members.remove("value").unwrap();
                continue;
            }
            let kind = serde_json::to_value(&event.kind).unwrap();
            // The keys of maps count too: roles by app, answers by question.
            let told = scalars(&kind);
            let keys: Vec<Value> =
                kind["is"]["roles"].as_object().into_iter().flatten().map(|(key, _)| json!(key)).collect();
            let told: Vec<&Value> = told.into_iter().chain(&keys).collect();
            for said in scalars(&raw) {
                if !is_told(said, &told) {
                    left.push(format!("{name}: {said}"));
                }
            }
        }
    }
    assert!(left.is_empty(), "{left:#?}");
}

/// Each kind of event reads the same wherever it comes, on both channels.
#[test]
fn object_and_list_do_not_change_a_kind() {
    for (name, _) in BODIES {
        for event in events(name).into_iter().filter(|event| event.envelope.list != List::Changes) {
            let raw: Value = serde_json::from_str(event.raw.get()).unwrap();
            for object in ["page", "instagram"] {
                for list in ["messaging", "standby", "messaging_handovers", "changes"] {
                    let item = if list == "changes" {
                        json!({"field": "messages", "value": raw})
                    } else {
                        raw.clone()
                    };
                    let account = event.envelope.account.as_str();
                    let body = json!({"object": object, "entry": [{"id": account, "time": 1, list: [item]}]});
                    let again = parse(body.to_string().as_bytes()).unwrap().events.remove(0);
                    assert_eq!(again.kind, event.kind, "{name} in {list} of {object}");
                    assert_eq!(again.envelope.list.to_string(), list);
                    assert_eq!(again.customer, event.customer);
                    assert_eq!(again.timestamp_ms, event.timestamp_ms);
                }
            }
        }
    }
}

#[rstest]
#[case("page_message_media", 0, AttachmentKind::Image, true, true)]
#[case("page_message_media", 1, AttachmentKind::Video, true, true)]
#[case("page_message_media", 2, AttachmentKind::Audio, true, true)]
#[case("page_message_media", 3, AttachmentKind::File, true, true)]
#[case("page_message_sticker", 0, AttachmentKind::Sticker, true, true)]
#[case("page_message_location", 0, AttachmentKind::Location, true, false)]
#[case("page_message_fallback", 0, AttachmentKind::Fallback, true, false)]
#[case("page_message_fallback", 1, AttachmentKind::Fallback, true, false)]
#[case("page_message_shares", 0, AttachmentKind::Post, true, false)]
#[case("page_message_shares", 1, AttachmentKind::IgReel, true, true)]
#[case("page_message_shares", 2, AttachmentKind::Template, true, false)]
#[case("page_message_appointment", 0, AttachmentKind::AppointmentBooking, true, false)]
#[case("ig_message_shares", 0, AttachmentKind::IgPost, true, true)]
#[case("ig_message_shares", 1, AttachmentKind::Share, true, true)]
#[case("ig_message_shares", 2, AttachmentKind::IgReel, true, true)]
#[case("ig_story_mention", 0, AttachmentKind::StoryMention, false, true)]
#[case("ig_message_unrenderable", 0, AttachmentKind::Ephemeral, false, false)]
fn an_attachment_is_what_meta_calls_it(
    #[case] fixture: &str,
    #[case] which: usize,
    #[case] kind: AttachmentKind,
    #[case] may_be_kept: bool,
    #[case] is_medium: bool,
) {
    let Kind::Message(message) = events(fixture).remove(which).kind else { panic!("a message expected") };
    let is = message.attachments[0].is().unwrap();
    assert_eq!(is, kind);
    assert_eq!((is.may_be_kept(), is.is_medium()), (may_be_kept, is_medium));
}

#[test]
fn a_new_kind_of_attachment_is_a_word_and_is_not_fetched() {
    let event =
        event(&json!({"message": {"mid": "m_1", "attachments": [{"type": "hologram"}, {"payload": {}}]}}));
    let Kind::Message(message) = event.kind else { panic!("a message expected") };
    let is = message.attachments[0].is().unwrap();
    assert_eq!(is, AttachmentKind::Other("hologram".into()));
    assert!(!is.may_be_kept());
    assert_eq!(message.attachments[1].is(), None);
}

#[test]
fn a_shared_product_and_an_appointment_are_typed() {
    let Kind::Message(shared) = events("page_message_shares").remove(2).kind else {
        panic!("a message expected")
    };
    let products = shared.attachments[0].products();
    assert_eq!(products[0].retailer_id.as_deref(), Some("SKU-KETTLE-BLUE"));
    assert_eq!(products[0].subtitle.as_deref(), Some("€39"));
    assert_eq!(shared.attachments[0].template(), None);

    let booking = message("page_message_appointment").attachments[0].booking().unwrap();
    let expected = Booking {
        booking_id: Some("bk_fx_0001".into()),
        status: Some("requested".into()),
        start_ms: Some(1_791_212_400_000),
        end_ms: Some(1_791_216_000_000),
        timezone: Some("Europe/Berlin".into()),
    };
    assert_eq!(booking, expected);
    assert_eq!(message("ig_story_mention").attachments[0].booking(), None);
}

#[test]
fn templates_of_echoes_are_typed() {
    let template = |which: usize| {
        let Kind::Echo(echo) = events("page_echo_attachments").remove(which).kind else {
            panic!("an echo expected")
        };
        echo.attachments[0].template()
    };
    let Some(Template::Button { text, buttons }) = template(1) else { panic!("buttons expected") };
    assert_eq!(text.as_deref(), Some("What next?"));
    assert_eq!(buttons[0].url.as_deref(), Some("https://shop.example.invalid/"));
    assert_eq!(
        (buttons[1].kind.as_deref(), buttons[1].payload.as_deref()),
        (Some("postback"), Some("FX_HUMAN"))
    );
    let Some(Template::Media { cards }) = template(2) else { panic!("media expected") };
    assert_eq!(cards[0].attachment_id.as_deref(), Some("687700000000001"), "a number as id");
    assert_eq!(template(0), None, "a picture");
    assert_eq!(template(3), None, "no payload");
}

/// The same reader serves what was sent, so that an own template can be shown before its echo.
#[rstest]
#[case("template_generic")]
#[case("template_receipt")]
fn templates_of_sends_are_typed(#[case] variant: &str) {
    let all: Value = serde_json::from_str(include_str!("../../../../../fixtures/req_send_api.json")).unwrap();
    let payload = &all["variants"][variant]["message"]["attachment"]["payload"];
    match Template::read(payload).unwrap() {
        Template::Generic { cards } => {
            assert_eq!(cards[0].title.as_deref(), Some("Blue kettle"));
            assert_eq!(
                cards[0].default_action.as_ref().unwrap().url.as_deref(),
                Some("https://shop.example.invalid/p/17")
            );
            assert_eq!(cards[0].buttons.len(), 2);
        }
        Template::Receipt(receipt) => {
            let TemplateReceipt { summary, adjustments, elements, address, at_ms, order_number, .. } =
                *receipt;
            assert_eq!(summary.unwrap().total_cost, Some(43.9));
            assert_eq!(adjustments[0].name.as_deref(), Some("Voucher"));
            assert_eq!((elements[0].quantity, elements[0].price), (Some(1), Some(39.0)));
            assert_eq!(address.unwrap().city.as_deref(), Some("Leipzig"));
            assert_eq!((at_ms, order_number.as_deref()), (Some(1_791_190_800_000), Some("FX-1001")));
        }
        other => panic!("{other:?}"),
    }
    let new = json!({"template_type": "image_grid", "elements": []});
    assert_eq!(Template::read(&new), Some(Template::Other { name: Some("image_grid".into()) }));
}

#[rstest]
#[case::ad(json!({"source": "ADS", "type": "OPEN_THREAD", "ad_id": "1"}), Origin::Ad)]
#[case::lead(json!({"source": "ADS", "type": "LEAD_COMPLETE"}), Origin::LeadAd)]
#[case::link(json!({"ref": "door", "source": "SHORTLINK", "type": "OPEN_THREAD"}), Origin::Link)]
#[case::website(json!({"source": "CUSTOMER_CHAT_PLUGIN", "referer_uri": "https://a.invalid"}), Origin::WebsitePlugin)]
#[case::shop(json!({"product": {"id": 5_500_000_000_000_001_i64}}), Origin::Shop)]
#[case::new(json!({"source": "HOLOGRAM"}), Origin::Other)]
fn every_way_here_is_known(#[case] referral: Value, #[case] origin: Origin) {
    let event = event(&json!({"sender": {"id": MARA}, "referral": referral}));
    let Kind::Referral(referral) = event.kind else { panic!("a referral expected") };
    assert_eq!(referral.origin(), origin);
    if origin == Origin::Shop {
        assert_eq!(referral.product.unwrap().id.as_deref(), Some("5500000000000001"));
    }
}

#[test]
fn an_ad_tells_what_it_showed() {
    let ad = message("page_message_ad_referral").referral.unwrap().ads_context_data.unwrap();
    assert_eq!(ad.ad_title.as_deref(), Some("Autumn kettles"));
    assert_eq!(
        (ad.post_id.as_deref(), ad.flow_id.as_deref()),
        (Some("880000000000003"), Some("770000000000001"))
    );
    let Kind::Postback(start) = &events("page_postback")[1].kind else { panic!("a button expected") };
    assert_eq!(start.referral.as_ref().unwrap().origin(), Origin::Link);
    assert!(start.mid.is_some());
}

#[rstest]
#[case(json!({"type": "notification_messages"}), Agreement::Marketing)]
#[case(json!({"type": "notification_messages", "notification_messages_status": "STOP_NOTIFICATIONS"}), Agreement::MarketingStopped)]
#[case(json!({"type": "notification_messages", "notification_messages_status": "RESUME_NOTIFICATIONS"}), Agreement::MarketingResumed)]
#[case(json!({"type": "one_time_notif_req", "one_time_notif_token": "t"}), Agreement::OneTime)]
#[case(json!({"ref": "shop", "user_ref": "u"}), Agreement::Checkbox)]
#[case(json!({"ref": "shop"}), Agreement::Other)]
fn every_opt_in_is_known(#[case] optin: Value, #[case] agreement: Agreement) {
    let Kind::Optin(optin) = event(&json!({"sender": {"id": MARA}, "optin": optin})).kind else {
        panic!("an opt-in expected")
    };
    assert_eq!(optin.agreed_to(), agreement);
}

#[test]
fn what_could_be_used_by_others_is_hidden() {
    let Kind::Optin(optin) = first("page_optin").kind else { panic!("an opt-in expected") };
    assert_eq!(optin.token.as_ref().unwrap().reveal(), "fx_nm_token_0001");
    assert_eq!(
        (optin.timezone.as_deref(), optin.expires_ms),
        (Some("Europe/Berlin"), Some(1_806_700_000_000))
    );
    let Kind::AccountLinking(linking) = first("page_account_linking").kind else {
        panic!("linking expected")
    };
    assert_eq!(linking.authorization_code.as_ref().unwrap().reveal(), "fx-auth-0001");
    assert_eq!(linking.is_linked(), Some(true));
    let shown = format!("{optin:?} {linking:?}")
        + &serde_json::to_string(&optin).unwrap()
        + &serde_json::to_string(&linking).unwrap();
    assert!(!shown.contains("fx_nm_token_0001") && !shown.contains("fx-auth-0001"), "{shown}");
}

#[test]
fn marks_and_thumbs_are_read() {
    let Kind::Feedback(feedback) = first("page_feedback").kind else { panic!("feedback expected") };
    let answer = &feedback.screens[0].questions["fx_q1"];
    assert_eq!((answer.kind.as_deref(), answer.payload.as_deref()), (Some("csat"), Some("5")));
    assert_eq!(answer.follow_up.as_ref().unwrap().payload.as_deref(), Some("Quick answer, thanks"));
    let Kind::ResponseFeedback(thumb) = first("page_response_feedback").kind else {
        panic!("a thumb expected")
    };
    assert_eq!(thumb.is_good(), Some(true));
}

#[test]
fn the_old_protocols_roles_are_known() {
    let Kind::AppRoles(roles) = first("page_handover_app_roles").kind else { panic!("roles expected") };
    assert_eq!(roles.role_of(&AppId::from("700100200300400")), Some(AppRole::PrimaryReceiver));
    assert_eq!(roles.role_of(&AppId::from("1")), None);
    let both = event(&json!({"app_roles": {"1": "secondary_receiver", "2": ["x"], "3": null}}));
    let Kind::AppRoles(both) = both.kind else { panic!("roles expected") };
    assert_eq!(both.role_of(&"1".into()), Some(AppRole::SecondaryReceiver));
    assert_eq!(both.role_of(&"2".into()), None);
}

#[test]
fn offered_replies_hops_and_old_members_of_a_message_are_read() {
    let echo = event(&json!({"sender": {"id": "104500000000011"}, "recipient": {"id": MARA}, "timestamp": 1,
        "hop_context": [{"app_id": 700_555_666_777_888_i64, "metadata": "x"}],
        "message": {"mid": "m_1", "is_echo": true, "text": "Which one?", "seq": 7, "nlp": {"entities": {}},
            "quick_replies": [{"content_type": "text", "title": "Blue", "payload": "FX_BLUE"}]}}));
    let Kind::Echo(echo) = echo.kind else { panic!("an echo expected") };
    assert_eq!(echo.quick_replies[0].title.as_deref(), Some("Blue"));
    assert_eq!(echo.nlp, Some(json!({"entities": {}})));
    assert_eq!(echo.hops[0].app_id, Some(AppId::from("700555666777888")));
}

#[rstest]
#[case::comment("page", "feed", json!({"item": "comment", "verb": "add", "comment_id": "1_2", "post_id": "1",
    "from": {"id": "9", "name": "Mara"}, "message": "How much?", "created_time": 1_791_190_800}))]
#[case::instagram("instagram", "comments", json!({"id": "1_2", "text": "How much?", "media": {"id": "1"},
    "from": {"id": "9", "username": "Mara"}, "created_time": 1_791_190_800}))]
fn posts_and_comments_belong_to_no_thread(#[case] object: &str, #[case] field: &str, #[case] value: Value) {
    let body = json!({"object": object, "entry": [{"id": "104500000000011", "time": 1,
        "changes": [{"field": field, "value": value}]}]});
    let event = parse(body.to_string().as_bytes()).unwrap().events.remove(0);
    assert_eq!(event.customer, None);
    assert!(!event.kind.opens_window());
    let Kind::Feed(change) = event.kind else { panic!("a feed change expected") };
    assert_eq!((change.field.as_str(), change.comment_id.as_deref()), (field, Some("1_2")));
    assert_eq!((change.post_id.as_deref(), change.text.as_deref()), (Some("1"), Some("How much?")));
    assert_eq!((change.from_name.as_deref(), change.created_ms), (Some("Mara"), Some(1_791_190_800_000)));
}

#[rstest]
#[case("messages", json!({"mid": "x"}), Some("messages"))]
#[case("messaging_customer_information", json!({"screens": []}), Some("messaging_customer_information"))]
#[case("inbox_labels", json!("VIP"), Some("inbox_labels"))]
#[case("feed", json!(null), Some("feed"))]
fn a_change_that_is_not_known_keeps_its_field_and_its_json(
    #[case] field: &str,
    #[case] value: Value,
    #[case] name: Option<&str>,
) {
    let body =
        json!({"object": "page", "entry": [{"id": "1", "changes": [{"field": field, "value": value}]}]});
    let event = parse(body.to_string().as_bytes()).unwrap().events.remove(0);
    let Kind::Unknown(unknown) = event.kind else { panic!("unknown expected") };
    assert_eq!(unknown.name.as_deref(), name);
    assert_eq!(unknown.json, event.raw.get());
}

#[test]
fn only_the_dashboards_test_is_a_test() {
    assert!(first("ig_dashboard_test_event").is_dashboard_test());
    let others = BODIES.iter().filter(|(name, _)| *name != "ig_dashboard_test_event");
    assert!(others.flat_map(|(name, _)| events(name)).all(|event| !event.is_dashboard_test()));
}
