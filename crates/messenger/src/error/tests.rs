//! Every documented error has its class, its outcome and its words.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use super::*;
use crate::id::Platform;

fn documented() -> BTreeMap<String, Value> {
    serde_json::from_str(include_str!("../../../../fixtures/graph_errors.json")).unwrap()
}

fn answered(name: &str) -> GraphError {
    let fixture = &documented()[name];
    let status = u16::try_from(fixture["http_status"].as_u64().unwrap()).unwrap();
    GraphError::from_body(status, fixture["body"].to_string().as_bytes()).unwrap()
}

fn error(code: i64, subcode: i64) -> GraphError {
    GraphError { code, subcode: (subcode != 0).then_some(subcode), http_status: 400, ..GraphError::default() }
}

use ErrorClass as C;
use ReadOutcome as R;
use SendOutcome as S;

const fn dead(reason: TokenDeath) -> ErrorClass {
    C::TokenDead { reason }
}

#[rstest]
#[case("token_expired", dead(TokenDeath::Expired), S::Refused, R::DeadToken)]
#[case("token_password_changed", dead(TokenDeath::PasswordChanged), S::Refused, R::DeadToken)]
#[case("token_app_removed", dead(TokenDeath::AppRemoved), S::Refused, R::DeadToken)]
#[case("token_checkpoint", dead(TokenDeath::Checkpoint), S::Refused, R::DeadToken)]
#[case("token_invalid", dead(TokenDeath::Revoked), S::Refused, R::DeadToken)]
#[case("token_page_role_lost", dead(TokenDeath::RoleLost), S::Refused, R::DeadToken)]
#[case("permission_missing", C::PermissionMissing, S::Refused, R::GiveUp)]
#[case("not_public_yet", C::AppInTestMode, S::Refused, R::GiveUp)]
#[case("window_closed_messenger", C::OutsideWindow, S::Refused, R::GiveUp)]
#[case("window_closed_instagram", C::OutsideWindow, S::Refused, R::GiveUp)]
#[case("page_restricted", C::PageRestricted, S::Refused, R::GiveUp)]
#[case("not_thread_owner_send", C::NotOwner, S::Refused, R::GiveUp)]
#[case("lead_flow_running", C::AutomatedFlow, S::Refused, R::GiveUp)]
#[case("not_thread_owner_instagram_action", C::NotOwner, S::Refused, R::GiveUp)]
#[case("take_blocked_no_default_app", C::TakeUnavailable, S::Refused, R::GiveUp)]
#[case("tag_retired", C::BadRequest, S::Refused, R::GiveUp)]
#[case("no_matching_user", C::PersonUnknown, S::Refused, R::GiveUp)]
#[case("no_matching_ig_user", C::PersonUnknown, S::Refused, R::GiveUp)]
#[case("object_missing", C::ObjectMissing, S::Refused, R::GiveUp)]
#[case("attachment_fetch_failed", C::FileNotFetched, S::Refused, R::GiveUp)]
#[case("attachment_upload_failed", C::FileNotUploaded, S::Refused, R::GiveUp)]
#[case("attachment_too_big", C::FileTooBig, S::Refused, R::GiveUp)]
#[case("attachment_id_unknown", C::FileUnknown, S::Refused, R::GiveUp)]
#[case("profile_unavailable", C::ProfileUnavailable, S::Refused, R::GiveUp)]
#[case("profile_permission", C::ProfilesNotAllowed, S::Refused, R::GiveUp)]
#[case("profile_consent", C::ProfileUnavailable, S::Refused, R::GiveUp)]
#[case("message_too_old", C::MessageGone, S::Refused, R::GiveUp)]
#[case("person_unavailable", C::PersonUnavailable, S::Refused, R::GiveUp)]
#[case("person_unavailable_200", C::PersonUnavailable, S::Refused, R::GiveUp)]
#[case("ig_access_disabled", C::InstagramAccessOff, S::Refused, R::GiveUp)]
#[case("abusive", C::PolicyBlocked, S::Refused, R::GiveUp)]
#[case("rate_app", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_user", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_page_user_token", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_buc_pages", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_buc_messenger", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_buc_instagram", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_custom", C::Throttled, S::Requeue, R::RetryLater)]
#[case("rate_custom_instagram", C::Throttled, S::Requeue, R::RetryLater)]
#[case("transient_unknown", C::TemporarilyUnavailable, S::Check, R::RetryLater)]
#[case("transient_service", C::TemporarilyUnavailable, S::Check, R::RetryLater)]
#[case("maybe_sent", C::MaybeSent, S::Check, R::RetryLater)]
#[case("temporary_send_failure", C::TemporarilyUnavailable, S::Check, R::RetryLater)]
#[case("signature_required", C::ProofRequired, S::Refused, R::GiveUp)]
fn a_documented_error_is_understood(
    #[case] name: &str,
    #[case] class: ErrorClass,
    #[case] send: SendOutcome,
    #[case] read: ReadOutcome,
) {
    let error = answered(name);
    assert_eq!(error.class(), class);
    assert_eq!(error.after_send(), send);
    assert_eq!(error.after_read(), read);
    assert!(error.trace_id.is_some());
}

#[test]
fn every_error_of_the_fixtures_stands_in_the_table_above() {
    let source = include_str!("tests.rs");
    for name in documented().keys() {
        assert!(source.contains(&format!("#[case(\"{name}\",")), "{name} has no case");
    }
}

/// The whole of docs/meta.md 7.2; 0 is no subcode. What the fixtures hold stands here too, so that the table is one.
const TABLE: &[(i64, &[i64], ErrorClass, SendOutcome, ReadOutcome)] = &[
    (1, &[0, 99], C::TemporarilyUnavailable, S::Check, R::RetryLater),
    (1, &[1_357_046], C::MaybeSent, S::Check, R::RetryLater),
    (2, &[0], C::TemporarilyUnavailable, S::Check, R::RetryLater),
    (2, &[2_018_344], C::LabelTermsMissing, S::Check, R::RetryLater),
    (1200, &[0], C::TemporarilyUnavailable, S::Check, R::RetryLater),
    (4, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (17, &[0, 2_446_079], C::Throttled, S::Requeue, R::RetryLater),
    (32, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (341, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (613, &[0, 1996, 1_893_016, 2_018_338, 2_534_040], C::Throttled, S::Requeue, R::RetryLater),
    (80_001, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (80_002, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (80_006, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (80_008, &[0], C::Throttled, S::Requeue, R::RetryLater),
    (4, &[2_018_354], C::MarketingLimit, S::Refused, R::GiveUp),
    (9, &[2_018_352], C::MarketingLimit, S::Refused, R::GiveUp),
    (10, &[0, 1_404_170, 1_893_015, 2_018_336, 2_534_077], C::PermissionMissing, S::Refused, R::GiveUp),
    (10, &[2_018_065, 2_018_278, 2_534_022], C::OutsideWindow, S::Refused, R::GiveUp),
    (10, &[2_018_108], C::PersonNotReceiving, S::Refused, R::GiveUp),
    (10, &[2_018_300], C::NotOwner, S::Refused, R::GiveUp),
    (10, &[2_018_321], C::AutomatedFlow, S::Refused, R::GiveUp),
    (10, &[1_893_063], C::PageRestricted, S::Refused, R::GiveUp),
    (27, &[0], C::TakeUnavailable, S::Refused, R::GiveUp),
    (100, &[0, 2_018_014, 2_018_164], C::BadRequest, S::Refused, R::GiveUp),
    (100, &[2_534_013, 2_534_015, 2_534_025, 2_534_029], C::BadRequest, S::Refused, R::GiveUp),
    (100, &[33], C::ObjectMissing, S::Refused, R::GiveUp),
    (100, &[2_018_001, 2_534_014], C::PersonUnknown, S::Refused, R::GiveUp),
    (100, &[2_018_008], C::FileNotFetched, S::Refused, R::GiveUp),
    (100, &[2_018_047], C::FileNotUploaded, S::Refused, R::GiveUp),
    (100, &[2_018_074], C::FileUnknown, S::Refused, R::GiveUp),
    (100, &[2_018_109], C::FileTooBig, S::Refused, R::GiveUp),
    (100, &[2_018_294], C::VideoBroken, S::Refused, R::GiveUp),
    (
        100,
        &[2_018_320, 2_018_328, 2_018_173, 2_018_180, 2_018_188],
        C::TemplateRefused,
        S::Refused,
        R::GiveUp,
    ),
    (100, &[2_018_171, 2_018_234], C::TakeUnavailable, S::Refused, R::GiveUp),
    (100, &[2_018_218], C::ProfileUnavailable, S::Refused, R::GiveUp),
    (100, &[2_018_247], C::ProfilesNotAllowed, S::Refused, R::GiveUp),
    (100, &[2_534_037], C::NotOwner, S::Refused, R::GiveUp),
    (100, &[2_534_068], C::SeveralImagesUnavailable, S::Refused, R::GiveUp),
    (100, &[9_000_001], C::MessageGone, S::Refused, R::GiveUp),
    (7, &[9_000_001], C::MessageGone, S::Refused, R::GiveUp),
    (102, &[0], dead(TokenDeath::Other), S::Refused, R::DeadToken),
    (190, &[0, 1], dead(TokenDeath::Other), S::Refused, R::DeadToken),
    (190, &[458], dead(TokenDeath::AppRemoved), S::Refused, R::DeadToken),
    (190, &[459], dead(TokenDeath::Checkpoint), S::Refused, R::DeadToken),
    (190, &[460], dead(TokenDeath::PasswordChanged), S::Refused, R::DeadToken),
    (190, &[463], dead(TokenDeath::Expired), S::Refused, R::DeadToken),
    (190, &[464], dead(TokenDeath::NotConfirmed), S::Refused, R::DeadToken),
    (190, &[467], dead(TokenDeath::Revoked), S::Refused, R::DeadToken),
    (190, &[492], dead(TokenDeath::RoleLost), S::Refused, R::DeadToken),
    (200, &[0, 2_018_021, 2_018_027], C::PermissionMissing, S::Refused, R::GiveUp),
    (200, &[1_545_041], C::PersonUnavailable, S::Refused, R::GiveUp),
    (200, &[2_018_028], C::AppInTestMode, S::Refused, R::GiveUp),
    (200, &[2_534_041], C::InstagramAccessOff, S::Refused, R::GiveUp),
    (551, &[0, 1_545_041], C::PersonUnavailable, S::Refused, R::GiveUp),
    (230, &[0], C::ProfileUnavailable, S::Refused, R::GiveUp),
    (9010, &[0], C::ProfileUnavailable, S::Refused, R::GiveUp),
    (368, &[0], C::PolicyBlocked, S::Refused, R::GiveUp),
    (2022, &[0], C::PolicyBlocked, S::Refused, R::GiveUp),
    (506, &[0], C::DuplicateText, S::Refused, R::GiveUp),
    (508, &[2_534_122], C::LinkUnavailable, S::Refused, R::GiveUp),
    (10_303, &[0], C::LinkingTokenBad, S::Refused, R::GiveUp),
    (36_103, &[0], C::InstagramNotEligible, S::Refused, R::GiveUp),
    (424_242, &[0, 7], C::Unknown, S::Refused, R::GiveUp),
];

#[test]
fn the_whole_table_is_in_force() {
    for (code, subcodes, class, send, read) in TABLE {
        for subcode in *subcodes {
            let error = error(*code, *subcode);
            assert_eq!(
                (error.class(), error.after_send(), error.after_read()),
                (*class, *send, *read),
                "{code}/{subcode}"
            );
        }
    }
}

/// Of a send, only what Meta turned away unread may go back to the queue.
#[test]
fn nothing_but_a_throttle_goes_back_to_the_queue() {
    for (code, subcodes, class, ..) in TABLE {
        for subcode in *subcodes {
            for http_status in [200, 400, 401, 403, 429, 500, 503] {
                for is_transient in [false, true] {
                    let error = GraphError { http_status, is_transient, ..error(*code, *subcode) };
                    let requeued = error.after_send() == S::Requeue;
                    assert_eq!(requeued, *class == C::Throttled && http_status < 500, "{error:?}");
                }
            }
        }
    }
}

#[test]
fn every_class_has_words_and_somebody_who_can_do_something() {
    for (code, subcodes, class, ..) in TABLE {
        let error = error(*code, subcodes[0]);
        let words = error.agent_words();
        assert!(words.what.ends_with('.') && words.remedy.ends_with('.'), "{class:?} {words:?}");
        let by_itself = matches!(error.after_read(), R::RetryLater) || *class == C::AutomatedFlow;
        if error.who_can_fix() == Fixer::Time {
            assert!(by_itself || *class == C::LinkUnavailable, "{class:?} does not pass by itself");
        }
    }
}

#[test]
fn what_can_be_done_is_said_of_whoever_can_do_it() {
    for (code, subcodes, class, ..) in TABLE {
        let error = error(*code, subcodes[0]);
        let remedy = error.agent_words().remedy.to_lowercase();
        let named: &[&str] = match error.who_can_fix() {
            Fixer::Time => &["wait", "by itself", "later"],
            // The reader: told to do it, and sent to nobody.
            Fixer::Agent => &[""],
            Fixer::Customer => &["customer", "nothing needs to be done"],
            Fixer::AccountAdmin => &["admin", "connect the account", "connect again", "the owner"],
            Fixer::Operator => &["whoever runs baton"],
            Fixer::Meta => &["meta"],
        };
        assert!(named.iter().any(|word| remedy.contains(word)), "{class:?}: {remedy}");
        let is_sent_away = remedy.starts_with("ask ") || remedy.starts_with("tell ");
        assert!(!is_sent_away || error.who_can_fix() != Fixer::Agent, "{class:?}: {remedy}");
    }
}

#[rstest]
#[case::unknown_code_with_5xx(424_242, 500, false, S::Check)]
#[case::throttle_with_503_may_still_have_acted(4, 503, false, S::Check)]
#[case::throttle_with_429(4, 429, false, S::Requeue)]
#[case::throttle_is_marked_transient_by_meta(80_006, 400, true, S::Requeue)]
#[case::unknown_but_transient(424_242, 400, true, S::Check)]
#[case::code_two_with_any_status(2, 400, false, S::Check)]
fn a_send_is_never_requeued_on_a_doubt(
    #[case] code: i64,
    #[case] http_status: u16,
    #[case] is_transient: bool,
    #[case] outcome: SendOutcome,
) {
    let error = GraphError { http_status, is_transient, ..error(code, 0) };
    assert_eq!(error.after_send(), outcome);
}

#[test]
fn every_class_has_calm_words() {
    let mut seen = BTreeMap::new();
    for name in documented().keys() {
        let error = answered(name);
        let words = error.agent_words();
        assert!(!words.what.is_empty() && !words.remedy.is_empty(), "{name}");
        assert!(!words.what.contains('!') && !words.remedy.contains('!'), "{name}");
        if error.class() != C::BadRequest {
            seen.entry(words.what).or_insert_with(Vec::new).push(error.class());
        }
    }
    for (what, classes) in seen {
        assert!(classes.windows(2).all(|pair| pair[0] == pair[1]), "{what}");
    }
}

#[test]
fn an_unknown_code_keeps_metas_message_and_trace() {
    let body =
        json!({"error": {"message": "(#424242) something new", "code": 424_242, "fbtrace_id": "Atrace"}});
    let error = GraphError::from_body(400, body.to_string().as_bytes()).unwrap();
    let words = error.agent_words();
    assert!(words.what.contains("something new") && words.what.contains("Atrace"), "{words:?}");
    assert_eq!(error.to_string(), "Meta answered with error 424242: (#424242) something new");
}

#[rstest]
#[case(r#"{"error":{"code":"190","error_subcode":"460"}}"#, Some((190, Some(460))))]
#[case(r#"{"error":{}}"#, Some((0, None)))]
#[case(r#"{"error":"no"}"#, None)]
#[case(r#"{"id":"1"}"#, None)]
#[case("<html>", None)]
fn error_bodies_are_read_tolerantly(#[case] body: &str, #[case] codes: Option<(i64, Option<i64>)>) {
    let read = GraphError::from_body(400, body.as_bytes());
    assert_eq!(read.map(|error| (error.code, error.subcode)), codes);
}

/// A refused late reply is labelled as one: it cannot be told that it should be sent as one.
#[test]
fn what_is_said_of_a_late_reply_does_not_offer_to_send_one() {
    let body = br#"{"error": {"message": "outside", "code": 10, "error_subcode": 2018278}}"#;
    let error = GraphError::from_body(400, body).unwrap();
    assert!(error.agent_words().remedy.contains("late reply"));
    let late = error.late_reply_words();
    assert!(late.what.contains("late reply") && !late.what.contains("24 hours"), "{late:?}");
    assert!(!late.remedy.contains("Send it as"), "{late:?}");
    let other = br#"{"error": {"message": "no", "code": 10, "error_subcode": 2018300}}"#;
    let other = GraphError::from_body(400, other).unwrap();
    assert_eq!(other.late_reply_words(), other.agent_words());
}

/// Every class, with an error that has it and the act that helps.
#[rstest]
#[case(190, 463, dead(TokenDeath::Expired), Help::Reconnect)]
#[case(10, 2_018_278, C::OutsideWindow, Help::Change)]
#[case(10, 2_018_300, C::NotOwner, Help::Take)]
#[case(10, 2_018_321, C::AutomatedFlow, Help::SendAgain)]
#[case(613, 0, C::Throttled, Help::SendAgain)]
#[case(4, 2_018_354, C::MarketingLimit, Help::MetaSettings { address: "https://business.facebook.com/latest/settings" })]
#[case(2, 0, C::TemporarilyUnavailable, Help::SendAgain)]
#[case(1, 1_357_046, C::MaybeSent, Help::Inbox)]
#[case(10, 0, C::PermissionMissing, Help::Reconnect)]
#[case(200, 2_018_028, C::AppInTestMode, Help::Tell)]
#[case(100, -1, C::ProofRequired, Help::Tell)]
#[case(200, 2_534_041, C::InstagramAccessOff, Help::Tell)]
#[case(36_103, 0, C::InstagramNotEligible, Help::MetaSettings { address: "https://business.facebook.com/latest/settings" })]
#[case(551, 0, C::PersonUnavailable, Help::Change)]
#[case(10, 2_018_108, C::PersonNotReceiving, Help::Change)]
#[case(100, 2_018_001, C::PersonUnknown, Help::Inbox)]
#[case(230, 0, C::ProfileUnavailable, Help::Inbox)]
#[case(100, 2_018_247, C::ProfilesNotAllowed, Help::Tell)]
#[case(10, 1_893_063, C::PageRestricted, Help::MetaSettings { address: "https://www.facebook.com/support" })]
#[case(368, 0, C::PolicyBlocked, Help::MetaSettings { address: "https://www.facebook.com/support" })]
#[case(27, 0, C::TakeUnavailable, Help::MetaSettings {
    address: "https://www.facebook.com/settings?tab=msgr_conversation_routing"
})]
#[case(2, 2_018_344, C::LabelTermsMissing, Help::Inbox)]
#[case(100, 2_018_008, C::FileNotFetched, Help::SendAgain)]
#[case(100, 2_018_047, C::FileNotUploaded, Help::SendAgain)]
#[case(100, 2_018_074, C::FileUnknown, Help::SendAgain)]
#[case(100, 2_018_109, C::FileTooBig, Help::Change)]
#[case(100, 2_018_294, C::VideoBroken, Help::Change)]
#[case(100, 2_534_068, C::SeveralImagesUnavailable, Help::Change)]
#[case(100, 2_018_320, C::TemplateRefused, Help::Change)]
#[case(100, 9_000_001, C::MessageGone, Help::Inbox)]
#[case(100, 33, C::ObjectMissing, Help::Inbox)]
#[case(506, 0, C::DuplicateText, Help::Change)]
#[case(508, 2_534_122, C::LinkUnavailable, Help::SendAgain)]
#[case(10_303, 0, C::LinkingTokenBad, Help::Tell)]
#[case(100, 0, C::BadRequest, Help::Change)]
#[case(999_999, 0, C::Unknown, Help::Tell)]
fn every_class_has_words_and_an_act(
    #[case] code: i64,
    #[case] subcode: i64,
    #[case] class: ErrorClass,
    #[case] help: Help,
) {
    let mut error = error(code, subcode.max(0));
    if subcode < 0 {
        error.kind = Some("GraphMethodException".to_owned());
    }
    assert_eq!(error.class(), class);
    let words = error.agent_words();
    assert!(!words.what.is_empty() && !words.remedy.is_empty(), "{words:?}");
    assert!(!words.what.contains(&format!("{code}/")) || class == C::BadRequest || class == C::Unknown);
    assert_eq!(class.help(Platform::Messenger), help);
}

#[test]
fn the_table_of_acts_has_every_class() {
    let table = include_str!("tests.rs");
    let rows = table.lines().filter(|line| line.starts_with("#[case(") && line.contains("Help::")).count();
    assert_eq!(rows, <ErrorClass as strum::EnumCount>::COUNT);
}

#[rstest]
#[case::feature_or_right_missing(10, 0, true)]
#[case::right_missing(200, 0, true)]
#[case::window_of_messenger(10, 2_018_278, true)]
#[case::window_of_instagram(10, 2_534_022, true)]
#[case::person_unavailable(551, 0, false)]
#[case::person_not_receiving(10, 2_018_108, false)]
#[case::another_app_holds_it(10, 2_018_300, false)]
#[case::page_restricted(10, 1_893_063, false)]
#[case::bad_parameter(100, 0, false)]
fn a_late_reply_that_is_refused_may_say_something_of_the_right_to_send_them(
    #[case] code: i64,
    #[case] subcode: i64,
    #[case] may_be: bool,
) {
    assert_eq!(error(code, subcode).may_refuse_late_replies(), may_be);
}
