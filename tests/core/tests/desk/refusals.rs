//! Each way in which a relay can say no, or not be one, has its own error and its own words.

use baton_core::relay_client::{RelayAddress, RelayClient, RelayError, invite_info};
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::Versions;
use rstest::rstest;
use secrecy::SecretString;
use serde_json::json;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::fake_relay::{NOWHERE, hello};

async fn answers(answer: ResponseTemplate) -> Result<(), RelayError> {
    let relay = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&relay).await;
    let client = RelayClient::new(relay.uri().parse()?, SecretString::from("token"))?;
    client.hello().await.map(drop)
}

fn no(status: u16, code: ErrorCode) -> ResponseTemplate {
    let body = ErrorBody { code, message: "No.".to_owned(), action: "Ask an admin.".to_owned() };
    ResponseTemplate::new(status).set_body_json(body)
}

#[rstest]
#[case::invite(no(403, ErrorCode::InviteInvalid), RelayError::InviteInvalid)]
#[case::unknown_token(no(401, ErrorCode::Unauthenticated), RelayError::UnknownDesk)]
#[case::cut_off(no(401, ErrorCode::DeskRevoked), RelayError::Revoked)]
#[case::old_relay(no(426, ErrorCode::RelayTooOld), RelayError::RelayTooOld)]
#[case::old_desk(no(426, ErrorCode::DeskTooOld), RelayError::RelayTooNew)]
#[case::a_shop(ResponseTemplate::new(200).set_body_string("<html>Welcome</html>"), RelayError::NotARelay)]
#[case::nothing_there(ResponseTemplate::new(404).set_body_string("not found"), RelayError::NotARelay)]
#[case::a_redirect(ResponseTemplate::new(302).insert_header("location", "https://example.com"), RelayError::NotARelay)]
#[tokio::test]
async fn what_a_relay_answers_becomes_an_error_with_words(
    #[case] answer: ResponseTemplate,
    #[case] expected: RelayError,
) {
    let error = answers(answer).await.unwrap_err();
    assert_eq!(error, expected);
    let words = error.agent_words();
    assert!(!words.what.is_empty() && !words.remedy.is_empty());
}

#[rstest]
#[case::a_gateway(ResponseTemplate::new(502))]
#[case::overloaded(no(503, ErrorCode::Unavailable))]
#[tokio::test]
async fn what_passes_by_itself_is_tried_again(#[case] answer: ResponseTemplate) {
    assert!(answers(answer).await.unwrap_err().passes_by_itself());
}

#[rstest]
#[case::much_newer(Versions { current: 9, oldest: 8 }, RelayError::RelayTooNew)]
#[case::much_older(Versions { current: 0, oldest: 0 }, RelayError::RelayTooOld)]
#[tokio::test]
async fn a_relay_of_another_time_is_refused_by_the_desk_itself(
    #[case] versions: Versions,
    #[case] expected: RelayError,
) {
    let answer = ResponseTemplate::new(200).set_body_json(hello(versions));
    assert_eq!(answers(answer).await.unwrap_err(), expected);
}

#[rstest]
#[case::much_newer(Versions { current: 9, oldest: 8 }, RelayError::RelayTooNew)]
#[case::much_older(Versions { current: 0, oldest: 0 }, RelayError::RelayTooOld)]
#[case::of_today_and_yet_unreadable(Versions::ours(), RelayError::NotARelay)]
#[tokio::test]
async fn versions_are_judged_before_the_rest_which_another_time_may_say_otherwise(
    #[case] versions: Versions,
    #[case] expected: RelayError,
) {
    let relay = MockServer::start().await;
    let answer = ResponseTemplate::new(200).set_body_json(json!({"versions": versions}));
    Mock::given(any()).respond_with(answer).mount(&relay).await;
    let address: RelayAddress = relay.uri().parse().unwrap();
    let invite = SecretString::from("invite-of-ines");
    assert_eq!(invite_info(&address, &invite).await.unwrap_err(), expected);
    let client = RelayClient::new(address, SecretString::from("token")).unwrap();
    assert_eq!(client.hello().await.unwrap_err(), expected);
}

#[tokio::test]
async fn an_address_where_nobody_listens_is_unreachable_and_the_invite_stays_secret() {
    let invite = SecretString::from("invite-of-ines");
    let error = invite_info(&NOWHERE.parse().unwrap(), &invite).await.unwrap_err();
    assert!(matches!(error, RelayError::Unreachable(_)));
    assert!(!format!("{error:?}").contains("invite-of-ines"));
    // Only who has just given an address can check it.
    assert!(error.words_at_address().remedy.contains("address"));
    assert!(!error.agent_words().remedy.contains("address"));
}
