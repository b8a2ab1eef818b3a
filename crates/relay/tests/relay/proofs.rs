//! Proofs: the timed form for a registered token, and nothing else whatever is tried. The same secret signs webhooks.

use baton_messenger::signature::{appsecret_proof_timed, sign};
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::token::{PROOF_EVERY_MS, PROOFS_AT_ONCE, PageToken, TimedProof, TokenShown};
use baton_protocol::{Platform, routes};
use baton_relay::clock::Clock;
use baton_relay::operator::Request;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::meta_stub::{COFFEE_TOKEN, Meta, TEA_INSTAGRAM, TEA_TOKEN};
use crate::stage::{Answered, COFFEE, Desk, MARA, SECRET, Stage, TEA, message};

async fn ready() -> (Meta, Stage) {
    let meta = Meta::new().await;
    meta.knows_token(TEA_TOKEN, TEA).await;
    meta.knows_token(COFFEE_TOKEN, COFFEE).await;
    let stage = Stage::with(|config| config.graph_url = meta.url()).await;
    (meta, stage)
}

async fn register(desk: &Desk, account: &str, token: &str) {
    let shown = TokenShown { token: PageToken::new(token.to_owned()) };
    let path = routes::of_account(routes::TOKEN, &account.into());
    desk.post::<Value>(&path, &shown).await.map_err(|(_, no)| no).unwrap();
}

async fn ask(desk: &Desk, account: &str, body: &Value) -> Answered<TimedProof> {
    desk.post(&routes::of_account(routes::PROOF, &account.into()), body).await
}

async fn prove(desk: &Desk, account: &str, token: &str) -> Answered<TimedProof> {
    ask(desk, account, &json!({ "token": token })).await
}

#[tokio::test]
async fn a_registered_token_gets_metas_timed_proof_at_the_relays_time() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    assert_eq!(prove(&ines, TEA, TEA_TOKEN).await.unwrap_err().1.code, ErrorCode::TokenRefused);
    register(&ines, TEA, TEA_TOKEN).await;
    let TimedProof { proof, time } = prove(&ines, TEA, TEA_TOKEN).await.unwrap();
    assert_eq!(proof, appsecret_proof_timed(SECRET.as_bytes(), TEA_TOKEN, time));
    let now_ms = stage.running().meta_now_ms().unwrap_or_else(|| stage.clock.wall_ms());
    assert!((time * 1000 - now_ms).abs() < 60_000, "{time}");
    // A colleague with the same token needs to register it no more than Ines: it is the account's.
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    prove(&jonas, TEA, TEA_TOKEN).await.unwrap();
}

#[tokio::test]
async fn the_token_of_a_page_proves_calls_of_its_instagram_account() {
    let (meta, stage) = ready().await;
    meta.links(TEA_TOKEN, TEA, TEA_INSTAGRAM).await;
    let ines = stage.desk_of("Ines", &[(TEA_INSTAGRAM, Platform::Instagram, Role::Agent)]).await;
    register(&ines, TEA_INSTAGRAM, TEA_TOKEN).await;
    prove(&ines, TEA_INSTAGRAM, TEA_TOKEN).await.unwrap();
    meta.links(COFFEE_TOKEN, COFFEE, "17841400000000099").await;
    let shown = TokenShown { token: PageToken::new(COFFEE_TOKEN.to_owned()) };
    let path = routes::of_account(routes::TOKEN, &TEA_INSTAGRAM.into());
    assert_eq!(ines.post::<Value>(&path, &shown).await.unwrap_err().0, 422);
}

#[tokio::test]
async fn a_webhook_signature_cannot_be_had_from_it() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(COFFEE, Role::Admin)]).await;
    register(&ines, TEA, TEA_TOKEN).await;
    register(&jonas, COFFEE, COFFEE_TOKEN).await;
    let webhook = message(TEA, MARA, "m_forged", "Send the money to me");
    let mut given = Vec::new();

    // Bodies, pieces of bodies and odd bytes in the place of a token: refused by how they are written.
    let (head, tail) = webhook.split_at(webhook.len() / 2);
    let odd = [
        webhook.clone(),
        head.to_owned(),
        tail.to_owned(),
        "{}".to_owned(),
        "{".to_owned(),
        "[]".to_owned(),
        "\"x\"".to_owned(),
        format!("{TEA_TOKEN}|1791190800"),
        format!("{TEA_TOKEN}|"),
        format!("{TEA_TOKEN}\n{webhook}"),
        format!(" {TEA_TOKEN}"),
        format!("{TEA_TOKEN} "),
        format!("{TEA_TOKEN}\0"),
        format!("{TEA_TOKEN}{{}}"),
        TEA_TOKEN.to_lowercase(),
        format!("{TEA_TOKEN}x"),
        TEA_TOKEN[1..].to_owned(),
        "ＥＡＡ".to_owned(),
        String::new(),
    ];
    for token in &odd {
        let refused = prove(&ines, TEA, token).await;
        let (status, no) = refused.map(|proof| given.push(proof)).unwrap_err();
        assert_eq!((status.as_u16(), no.code), (422, ErrorCode::TokenRefused), "{token}");
        stage.clock.advance_ms(PROOF_EVERY_MS);
    }

    // Requests that are no request, other types, raw bytes.
    let path = routes::of_account(routes::PROOF, &TEA.into());
    let raw: [&[u8]; 6] =
        [webhook.as_bytes(), b"", b"\xff\xfe", b"{\"token\":\"\xff\"}", b"{\"token\":[\"a\"]}", b"null"];
    for body in raw {
        let answer = ines.request(Method::POST, &path).body(body.to_vec()).send().await.unwrap();
        assert_eq!(answer.status(), 400);
        stage.clock.advance_ms(PROOF_EVERY_MS);
    }

    // Other accounts' tokens, and accounts of others.
    for (desk, account, token) in [
        (&ines, TEA, COFFEE_TOKEN),
        (&jonas, COFFEE, TEA_TOKEN),
        (&ines, COFFEE, COFFEE_TOKEN),
        (&jonas, TEA, TEA_TOKEN),
        (&ines, "1", TEA_TOKEN),
    ] {
        let (status, no) = prove(desk, account, token).await.map(|proof| given.push(proof)).unwrap_err();
        let expected = if account == desk.enrolled.accounts[0].account.as_str() { 422 } else { 404 };
        assert_eq!(status.as_u16(), expected, "{no:?}");
    }

    // Another time, another message, another form: whatever else the request says, the relay signs its own time.
    for extra in [
        json!({"token": TEA_TOKEN, "time": 1}),
        json!({"token": TEA_TOKEN, "appsecret_time": "1", "message": webhook.clone()}),
        json!({"token": TEA_TOKEN, "body": webhook.clone(), "timed": false}),
    ] {
        let proof = ask(&ines, TEA, &extra).await.unwrap();
        let now_ms = stage.running().meta_now_ms().unwrap_or_else(|| stage.clock.wall_ms());
        assert!((proof.time * 1000 - now_ms).abs() < 60_000, "{proof:?}");
        given.push(proof);
    }

    // What it did give signs no webhook: not the one that was wanted, and not even its own message.
    assert_eq!(given.len(), 3);
    for TimedProof { proof, time } in given {
        let header = format!("sha256={proof}");
        assert_ne!(header, sign(SECRET.as_bytes(), webhook.as_bytes()));
        assert_eq!(stage.post_raw(webhook.clone().into_bytes(), Some(&header)).await, StatusCode::FORBIDDEN);
        let message = format!("{TEA_TOKEN}|{time}").into_bytes();
        assert_eq!(stage.post_raw(message, Some(&header)).await, StatusCode::FORBIDDEN);
    }
    let health = stage.health().await;
    assert_eq!(health["refused"]["signature_of_a_proof"], 3, "{health}");
    assert_eq!(health["quarantined"], 0, "{health}");
    ines.connect(TEA, "Northwind Tea").await;
    assert_eq!(ines.entries(TEA).await.len(), 1, "nothing forged stands in the log");
}

#[tokio::test]
async fn proofs_are_rationed() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    register(&ines, TEA, TEA_TOKEN).await;
    for _ in 0..PROOFS_AT_ONCE {
        prove(&ines, TEA, TEA_TOKEN).await.unwrap();
    }
    let (status, no) = prove(&ines, TEA, TEA_TOKEN).await.unwrap_err();
    assert_eq!((status.as_u16(), no.code), (429, ErrorCode::RateLimited));
    prove(&jonas, TEA, TEA_TOKEN).await.unwrap();
    stage.clock.advance_ms(PROOF_EVERY_MS);
    prove(&ines, TEA, TEA_TOKEN).await.unwrap();
    assert_eq!(prove(&ines, TEA, TEA_TOKEN).await.unwrap_err().0, 429);
}

#[tokio::test]
async fn a_desk_that_was_cut_off_proves_nothing_and_takes_its_fingerprint_along() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Agent)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    register(&ines, TEA, TEA_TOKEN).await;
    stage.operate(Request::Revoke { desk: ines.enrolled.desk }).await;
    assert_eq!(prove(&ines, TEA, TEA_TOKEN).await.unwrap_err().0, 401);
    assert_eq!(prove(&jonas, TEA, TEA_TOKEN).await.unwrap_err().0, 422);
}
