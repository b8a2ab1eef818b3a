//! A login on a desk: what it offers before a relay was heard, and how long what it brought is kept.

use std::sync::Arc;
use std::time::Duration;

use baton_core::clock::TestClock;
use baton_core::desk::{Desk, DeskError};
use baton_core::login::LoginFacts;
use baton_core::relay_client::RelayError;
use baton_messenger::AccountId;
use baton_protocol::error::{ErrorBody, ErrorCode};
use baton_protocol::hello::Versions;
use baton_protocol::login::{GrantedPage, LoginBegun, LoginFailure, LoginStanding, LoginTokens};
use baton_protocol::sealed::Sealed;
use baton_protocol::token::PageToken;
use baton_protocol::{LoginId, routes};
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::boxes::Machine;
use crate::fake_relay::{hello, open, open_with, until};

const TOKEN: &str = "EAAFIXTUREgrantedToken";
const MINUTE: Duration = Duration::from_secs(60);

fn tea() -> AccountId {
    AccountId::from("104500000000011")
}

/// A relay whose person has already come back from Meta, with one Page.
async fn relay_that_grants(machine: &Machine, relay: &MockServer) {
    let login = LoginId::new();
    let begun = LoginBegun {
        login,
        url: "https://www.facebook.com/dialog/oauth?state=login_1".to_owned(),
        expires_at_ms: 1_791_202_200_000,
    };
    let page = GrantedPage {
        page: tea(),
        name: "Northwind Tea".to_owned(),
        instagram: None,
        can_message: true,
        can_subscribe: true,
        serves: vec![tea()],
        token: Some(PageToken::new(TOKEN.to_owned())),
    };
    let sealed = Sealed::of(&LoginTokens { login, pages: vec![page] }, &machine.public_key).unwrap();
    let answers = [
        (routes::LOGINS.to_owned(), ResponseTemplate::new(200).set_body_json(begun)),
        (
            routes::take_login(login),
            ResponseTemplate::new(200).set_body_json(LoginStanding::Ready { sealed }),
        ),
    ];
    for (at, answer) in answers {
        Mock::given(method("POST")).and(path(at)).respond_with(answer).mount(relay).await;
    }
}

async fn login(desk: &Desk) -> LoginFacts {
    desk.login().await.unwrap()
}

#[tokio::test]
async fn what_nobody_connected_is_forgotten_after_ten_minutes() {
    let relay = MockServer::start().await;
    let machine = Machine::of_jonas(&relay).await;
    relay_that_grants(&machine, &relay).await;
    let clock = TestClock::at(1_791_201_600_000);
    let desk = open_with(machine.folder.path(), Arc::clone(&machine.keys), Arc::new(clock.clone())).await;
    desk.begin_login(false).await.unwrap();
    until("the grant", async || {
        clock.advance(Duration::from_secs(1));
        matches!(login(&desk).await, LoginFacts::Choosing { .. }).then_some(())
    })
    .await;

    clock.advance(9 * MINUTE);
    assert!(matches!(login(&desk).await, LoginFacts::Choosing { .. }));
    clock.advance(MINUTE);
    let reason = until("it is forgotten", async || match login(&desk).await {
        LoginFacts::Failed { reason, words } => Some((reason, words)),
        _ => None,
    })
    .await;
    assert_eq!(reason.0, LoginFailure::Expired);
    assert!(reason.1.what.contains("forgot"), "{:?}", reason.1);

    let before = relay.received_requests().await.unwrap().len();
    desk.connect_granted(&[tea()]).await.unwrap();
    assert_eq!(
        relay.received_requests().await.unwrap().len(),
        before,
        "there is nothing left to connect with"
    );
    desk.shutdown().await;
}

#[tokio::test]
async fn a_login_is_offered_until_a_relay_says_that_it_has_none() {
    let relay = MockServer::start().await;
    let machine = Machine::of_jonas(&relay).await;
    // Nothing answers yet.
    let desk = open(machine.folder.path(), Arc::clone(&machine.keys)).await;
    assert!(desk.can_log_in());

    let none = ErrorBody {
        code: ErrorCode::NotConfigured,
        message: "Nobody can log in through this relay.".to_owned(),
        action: "Paste a token.".to_owned(),
    };
    Mock::given(method("POST"))
        .and(path(routes::LOGINS))
        .respond_with(ResponseTemplate::new(501).set_body_json(none))
        .mount(&relay)
        .await;
    let refused = desk.begin_login(false).await;
    assert!(matches!(refused, Err(DeskError::Relay(RelayError::Refused(_)))), "{refused:?}");
    assert!(!desk.can_log_in());

    let hello = hello(Versions::ours());
    Mock::given(method("GET"))
        .and(path(routes::HELLO))
        .respond_with(ResponseTemplate::new(200).set_body_json(hello))
        .mount(&relay)
        .await;
    desk.wake();
    until("the relay to say that it has one", async || desk.can_log_in().then_some(())).await;
    desk.shutdown().await;
}
