//! Every documented error has its class, its outcome and its words.

use std::collections::BTreeMap;

use rstest::rstest;
use serde_json::{Value, json};

use super::*;

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
#[case("profile_permission", C::ProfileUnavailable, S::Refused, R::GiveUp)]
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

#[rstest]
#[case(102, 0, dead(TokenDeath::Other))]
#[case(190, 464, dead(TokenDeath::NotConfirmed))]
#[case(10, 2_018_065, C::OutsideWindow)]
#[case(10, 2_018_108, C::PersonNotReceiving)]
#[case(10, 1_404_170, C::PermissionMissing)]
#[case(4, 2_018_354, C::MarketingLimit)]
#[case(9, 2_018_352, C::MarketingLimit)]
#[case(613, 1996, C::Throttled)]
#[case(17, 2_446_079, C::Throttled)]
#[case(80_008, 0, C::Throttled)]
#[case(2, 2_018_344, C::LabelTermsMissing)]
#[case(100, 2_018_171, C::TakeUnavailable)]
#[case(100, 2_018_180, C::TemplateRefused)]
#[case(100, 2_018_328, C::TemplateRefused)]
#[case(100, 2_018_294, C::VideoBroken)]
#[case(100, 2_534_068, C::SeveralImagesUnavailable)]
#[case(100, 2_534_025, C::BadRequest)]
#[case(200, 2_018_021, C::PermissionMissing)]
#[case(7, 9_000_001, C::MessageGone)]
#[case(506, 0, C::DuplicateText)]
#[case(508, 2_534_122, C::LinkUnavailable)]
#[case(9010, 0, C::ProfileUnavailable)]
#[case(2022, 0, C::PolicyBlocked)]
#[case(10_303, 0, C::LinkingTokenBad)]
#[case(36_103, 0, C::InstagramNotEligible)]
#[case(424_242, 0, C::Unknown)]
fn the_rest_of_the_table(#[case] code: i64, #[case] subcode: i64, #[case] class: ErrorClass) {
    assert_eq!(error(code, subcode).class(), class);
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
