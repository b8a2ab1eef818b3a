//! Every body that can be made is one of the documented ones, and what Meta refuses cannot be made.

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::id::{Mid, Platform};
use crate::policy::{Refusal, Verdict};

mod borders;
mod fixtures;

const PLAIN: Verdict = Verdict::Plain { until_ms: 1 };
const LATE: Verdict = Verdict::HumanAgent { until_ms: 1 };

fn mara() -> CustomerId {
    "6200000000000101".into()
}

fn body<T: Serialize>(body: T) -> Value {
    serde_json::to_value(body).unwrap()
}

fn text(verdict: &Verdict, text: &str, metadata: Option<&str>) -> SendBody {
    let metadata = metadata.map(|text| Metadata::new(text).unwrap());
    SendBody::text(Platform::Messenger, &mara(), verdict, text, metadata).unwrap()
}

#[test]
fn a_reply_in_the_window_is_a_response() {
    let made = text(&PLAIN, "Yes, we have three left.", Some("fx1:out:0199b2c0-0000-7000-8000-000000000001"));
    assert!(!made.is_tagged());
}

#[test]
fn a_late_reply_carries_the_tag() {
    let made = text(
        &LATE,
        "Sorry for the wait, here is your answer.",
        Some("fx1:out:0199b2c0-0000-7000-8000-000000000003"),
    );
    assert!(made.is_tagged());
    assert_eq!(made.messaging_type(), MessagingType::MessageTag);
}

#[test]
fn what_policy_refused_cannot_be_built() {
    let refused = Verdict::Refused { reason: Refusal::Closed };
    let made = SendBody::text(Platform::Messenger, &mara(), &refused, "Hello", None);
    assert_eq!(made, Err(Unsendable::Refused(Refusal::Closed)));
}

#[test]
fn an_inline_reply_is_shown_only_in_the_window() {
    let mid = Mid::from("m_FxMsg0003q9Zr4kTnWc7uYb2LhVd8sEo1PaXi6Jg3RmNf5Bt0Kw");
    let made = body(text(&PLAIN, "This one is sold out.", None).in_reply_to(&mid));
    assert!(made.get("reply_to").is_some());
    let late = body(text(&LATE, "This one is sold out.", None).in_reply_to(&mid));
    assert_eq!(late.get("reply_to"), None);
}

#[rstest]
#[case::messenger_full(Platform::Messenger, "a", 1999, true)]
#[case::messenger_over(Platform::Messenger, "a", 2000, false)]
#[case::messenger_umlauts_count_once(Platform::Messenger, "ä", 1999, true)]
#[case::messenger_emoji_count_twice(Platform::Messenger, "😀", 1000, false)]
#[case::instagram_full(Platform::Instagram, "a", 1000, true)]
#[case::instagram_over(Platform::Instagram, "a", 1001, false)]
#[case::instagram_counts_bytes(Platform::Instagram, "ä", 501, false)]
#[case::instagram_umlauts(Platform::Instagram, "ä", 500, true)]
fn a_text_has_the_channels_limit(
    #[case] platform: Platform,
    #[case] letter: &str,
    #[case] times: usize,
    #[case] taken: bool,
) {
    let made = SendBody::text(platform, &mara(), &PLAIN, &letter.repeat(times), None);
    assert_eq!(made.is_ok(), taken);
    if let Err(why) = made {
        let limit = text_limit(platform);
        assert_eq!(why, Unsendable::TextTooLong { max: limit.max, unit: limit.unit });
    }
}

#[rstest]
#[case("")]
#[case("  \n\t ")]
fn nothing_is_not_sent(#[case] nothing: &str) {
    let made = SendBody::text(Platform::Instagram, &mara(), &PLAIN, nothing, None);
    assert_eq!(made, Err(Unsendable::EmptyText));
}

#[test]
fn metadata_stays_under_a_thousand_characters() {
    assert!(Metadata::new("x".repeat(999)).is_ok());
    assert_eq!(Metadata::new("x".repeat(1000)), Err(Unsendable::MetadataTooLong));
    assert_eq!(Metadata::new("😀".repeat(500)), Err(Unsendable::MetadataTooLong));
}

#[test]
fn our_metadata_comes_back_as_the_part() {
    let out = OutMetadata::new("0199b2c0-0000-7000-8000-000000000001").unwrap();
    assert_eq!(out.encode(), "b1:out:0199b2c0-0000-7000-8000-000000000001");
    assert_eq!(OutMetadata::parse(&out.encode()), Some(out.clone()));
    assert_eq!(Metadata::from(&out).as_str(), out.encode());
}

#[rstest]
#[case::another_program("fx1:out:0199b2c0-0000-7000-8000-000000000001")]
#[case::no_uuid("b1:out:hello")]
#[case::braced("b1:out:{0199b2c0-0000-7000-8000-000000000001}")]
#[case::too_much("b1:out:0199b2c0-0000-7000-8000-000000000001:x")]
#[case::empty("")]
fn metadata_of_others_is_not_ours(#[case] metadata: &str) {
    assert_eq!(OutMetadata::parse(metadata), None);
}

#[rstest]
#[case(0, false)]
#[case(1, true)]
#[case(604_800, true)]
#[case(604_801, false)]
fn control_is_extended_by_seven_days_at_most(#[case] seconds: u32, #[case] taken: bool) {
    assert_eq!(ControlBody::extend(&mara(), seconds).is_ok(), taken);
}

#[test]
fn a_control_call_names_its_edge() {
    assert_eq!(ControlBody::release(&mara()).call().edge(), "release_thread_control");
    assert_eq!(ControlBody::pass(&mara(), None, None).call().edge(), "pass_thread_control");
}
