//! Which desks have a token, and boxes that an admin's desk leaves for the others.

use baton_messenger::id::Platform;
use baton_protocol::command::Command;
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::sealed::{SealError, Sealed};
use baton_protocol::stream::{StreamEvent, StreamRequest};
use baton_protocol::token::{
    BOX_LIFE_MS, BoxTaken, BoxedToken, BoxesKept, BoxesLeft, DeskBox, PageToken, TokenDesk, TokenDesks,
    TokenRegistered, TokenShown, TokenStanding,
};
use baton_protocol::{AgentId, DeskId, routes};
use baton_relay::operator::Request;
use serde_json::json;

use crate::meta_stub::{COFFEE_TOKEN, Meta, TEA_TOKEN};
use crate::redaction::{gone_from_the_files, is_in_the_files};
use crate::stage::{Answered, COFFEE, Desk, Stage, TEA};

async fn ready() -> (Meta, Stage) {
    let meta = Meta::new().await;
    meta.knows_token(TEA_TOKEN, TEA).await;
    meta.knows_token("EAAanother", TEA).await;
    let stage = Stage::with(|config| config.graph_url = meta.url()).await;
    (meta, stage)
}

async fn register(desk: &Desk, account: &str, token: &str) -> Answered<TokenRegistered> {
    let shown = TokenShown { token: PageToken::new(token.to_owned()) };
    desk.post(&routes::of_account(routes::TOKEN, &account.into()), &shown).await
}

async fn desks(desk: &Desk, account: &str) -> Answered<Vec<TokenDesk>> {
    let path = routes::of_account(routes::TOKEN_DESKS, &account.into());
    desk.get::<TokenDesks>(&path).await.map(|told| told.desks)
}

/// Each desk's agent, how its token stands, and whether somebody should seal one for it.
async fn standings(desk: &Desk) -> Vec<(String, TokenStanding, bool)> {
    let desks = desks(desk, TEA).await.unwrap();
    desks.into_iter().map(|each| (each.agent_name.clone(), each.token, each.needs_box())).collect()
}

/// A box for a desk, as an admin's desk makes it.
fn boxed(to: &TokenDesk, token: &str) -> DeskBox {
    let content = BoxedToken { account: TEA.into(), desk: to.desk, token: PageToken::new(token.to_owned()) };
    let sealed = Sealed::of(&content, &to.public_key).unwrap();
    DeskBox { desk: to.desk, public_key: to.public_key.clone(), sealed }
}

async fn leave(desk: &Desk, account: &str, boxes: Vec<DeskBox>) -> Answered<BoxesKept> {
    desk.post(&routes::of_account(routes::BOXES, &account.into()), &BoxesLeft { boxes }).await
}

async fn take(desk: &Desk, account: &str) -> Answered<BoxTaken> {
    desk.post(&routes::of_account(routes::TAKE_BOX, &account.into()), &json!({})).await
}

async fn hears_of_a_box(desk: &Desk) {
    let mut stream = desk.stream(&StreamRequest::default()).await;
    while !matches!(stream.news().await, Some(StreamEvent::BoxWaiting(waiting)) if waiting.account.as_str() == TEA)
    {
    }
}

#[tokio::test]
async fn one_reconnect_heals_all_desks() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    let mut stream = jonas.stream(&StreamRequest::default()).await;
    let missing = |name: &str| (name.to_owned(), TokenStanding::Missing, true);
    assert_eq!(standings(&ines).await, [missing("Ines"), missing("Jonas")]);

    let facts = register(&ines, TEA, TEA_TOKEN).await.unwrap();
    assert_eq!((facts.expires_ms, facts.data_access_expires_ms), (None, Some(1_798_966_800_000)));
    assert!(facts.scopes.contains(&"pages_messaging".to_owned()));
    let needing: Vec<TokenDesk> =
        desks(&ines, TEA).await.unwrap().into_iter().filter(TokenDesk::needs_box).collect();
    let [of_jonas] = &needing[..] else { panic!("{needing:?}") };
    let left = boxed(of_jonas, TEA_TOKEN);
    let kept = leave(&ines, TEA, vec![left.clone()]).await.unwrap();
    assert_eq!((kept.kept, kept.refused), (vec![jonas.enrolled.desk], vec![]));

    // Jonas hears of it at once, and again when he connects, until he has it.
    while !matches!(stream.news().await, Some(StreamEvent::BoxWaiting(_))) {}
    hears_of_a_box(&jonas).await;
    assert!(desks(&ines, TEA).await.unwrap()[1].box_waiting);
    let taken = take(&jonas, TEA).await.unwrap();
    assert_eq!(taken.from, ines.enrolled.agent);
    assert_eq!(taken.sealed.open::<BoxedToken>(&ines.private_key), Err(SealError::NotForThisDesk));
    let opened: BoxedToken = taken.sealed.open(&jonas.private_key).unwrap();
    assert_eq!((opened.account.as_str(), opened.desk), (TEA, jonas.enrolled.desk));
    assert_eq!(opened.token.expose(), TEA_TOKEN);
    assert_eq!(take(&jonas, TEA).await.unwrap_err().1.code, ErrorCode::NothingWaiting);
    gone_from_the_files(&stage, &left.sealed.0).await;

    register(&jonas, TEA, opened.token.expose()).await.unwrap();
    let alive = |name: &str| (name.to_owned(), TokenStanding::Alive, false);
    assert_eq!(standings(&ines).await, [alive("Ines"), alive("Jonas")]);

    // Meta refuses the token: whoever has the same one needs another, and registering one ends that.
    jonas.do_it(TEA, Command::ReportToken { alive: false }).await;
    let dead = |name: &str| (name.to_owned(), TokenStanding::Dead, true);
    assert_eq!(standings(&ines).await, [dead("Ines"), dead("Jonas")]);
    register(&ines, TEA, "EAAanother").await.unwrap();
    assert_eq!(standings(&ines).await, [alive("Ines"), dead("Jonas")]);
    assert!(!is_in_the_files(&stage, TEA_TOKEN) && !is_in_the_files(&stage, "EAAanother"));
}

#[tokio::test]
async fn only_an_admin_of_the_account_lists_desks_and_leaves_boxes() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let of_ines = desks(&ines, TEA).await.unwrap().remove(0);
    for role in [Role::Agent, Role::Supervisor] {
        let other = stage.desk("Jonas", &[(TEA, role), (COFFEE, Role::Admin)]).await;
        assert_eq!(desks(&other, TEA).await.unwrap_err().0, 403);
        assert_eq!(leave(&other, TEA, vec![boxed(&of_ines, "EAAx")]).await.unwrap_err().0, 403);
        assert_eq!(take(&ines, TEA).await.unwrap_err().0, 404);
        // A desk of another account is no desk here, whoever asks.
        let kept = leave(&other, COFFEE, vec![boxed(&of_ines, "EAAx")]).await.unwrap();
        assert_eq!((kept.kept.len(), kept.refused), (0, vec![of_ines.desk]));
    }
    for (account, code) in [(COFFEE, 404), ("1", 404)] {
        assert_eq!(desks(&ines, account).await.unwrap_err().0, code);
        assert_eq!(leave(&ines, account, Vec::new()).await.unwrap_err().0, code);
        assert_eq!(take(&ines, account).await.unwrap_err().0, code);
        assert_eq!(register(&ines, account, TEA_TOKEN).await.unwrap_err().0, code);
    }
}

#[tokio::test]
async fn a_box_goes_to_the_key_it_was_sealed_for_or_nowhere() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    let [of_ines, of_jonas] = &desks(&ines, TEA).await.unwrap()[..] else { panic!() };
    let other_key = DeskBox { public_key: of_ines.public_key.clone(), ..boxed(of_jonas, "EAAx") };
    let nobody = DeskBox { desk: DeskId::new(), ..boxed(of_jonas, "EAAx") };
    let refused = vec![jonas.enrolled.desk, nobody.desk];
    let kept = leave(&ines, TEA, vec![other_key, nobody, boxed(of_ines, "EAAx")]).await.unwrap();
    assert_eq!((kept.kept, kept.refused), (vec![ines.enrolled.desk], refused));
    let huge = DeskBox { sealed: Sealed("A".repeat(300_000)), ..boxed(of_jonas, "EAAx") };
    assert_eq!(leave(&ines, TEA, vec![huge]).await.unwrap_err().0, 400);

    // A newer box takes the older one's place.
    let (older, newer) = (boxed(of_jonas, "EAAolder"), boxed(of_jonas, "EAAnewer"));
    leave(&ines, TEA, vec![older.clone()]).await.unwrap();
    leave(&ines, TEA, vec![newer.clone()]).await.unwrap();
    assert_eq!(take(&jonas, TEA).await.unwrap().sealed, newer.sealed);
    assert_eq!(take(&jonas, TEA).await.unwrap_err().0, 404);
}

#[tokio::test]
async fn a_desk_that_loses_the_account_loses_what_waits_for_it() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    register(&jonas, TEA, TEA_TOKEN).await.unwrap();
    let of_jonas = desks(&ines, TEA).await.unwrap().remove(1);
    let role = |agent: AgentId, role| Request::SetRole {
        agent,
        account: TEA.into(),
        platform: Platform::Messenger,
        role,
    };
    let left = boxed(&of_jonas, TEA_TOKEN);
    leave(&ines, TEA, vec![left.clone()]).await.unwrap();
    stage.operate(role(jonas.enrolled.agent, None)).await;
    assert_eq!(take(&jonas, TEA).await.unwrap_err().0, 404);
    gone_from_the_files(&stage, &left.sealed.0).await;
    stage.operate(role(jonas.enrolled.agent, Some(Role::Agent))).await;
    assert_eq!(take(&jonas, TEA).await.unwrap_err().1.code, ErrorCode::NothingWaiting);
    assert_eq!(standings(&ines).await[1].1, TokenStanding::Missing);

    let left = boxed(&of_jonas, TEA_TOKEN);
    leave(&ines, TEA, vec![left.clone()]).await.unwrap();
    stage.operate(Request::Revoke { desk: jonas.enrolled.desk }).await;
    assert_eq!(desks(&ines, TEA).await.unwrap().len(), 1);
    gone_from_the_files(&stage, &left.sealed.0).await;
    let kept = leave(&ines, TEA, vec![left]).await.unwrap();
    assert_eq!(kept.refused, [jonas.enrolled.desk]);
}

#[tokio::test]
async fn a_box_that_nobody_takes_is_deleted() {
    let (_meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    let jonas = stage.desk("Jonas", &[(TEA, Role::Agent)]).await;
    let of_jonas = desks(&ines, TEA).await.unwrap().remove(1);
    let left = boxed(&of_jonas, TEA_TOKEN);
    leave(&ines, TEA, vec![left.clone()]).await.unwrap();
    stage.clock.advance_ms(BOX_LIFE_MS - 1000);
    assert_eq!(stage.running().log().drop_ended().await.unwrap(), 0);
    stage.clock.advance_ms(1000);
    assert!(desks(&ines, TEA).await.unwrap()[1].needs_box());
    assert_eq!(take(&jonas, TEA).await.unwrap_err().0, 404);
    assert_eq!(stage.running().log().drop_ended().await.unwrap(), 1);
    gone_from_the_files(&stage, &left.sealed.0).await;
}

#[tokio::test]
async fn only_a_living_page_token_of_our_app_for_this_account_is_registered() {
    let (meta, stage) = ready().await;
    let ines = stage.desk("Ines", &[(TEA, Role::Admin)]).await;
    meta.says_of("EAAdead", |facts| {
        facts["is_valid"] = false.into();
        facts["error"] = json!({"code": 190, "subcode": 460, "message": "the session was invalidated"});
    })
    .await;
    meta.says_of("EAAotherApp", |facts| facts["app_id"] = "700555666777888".into()).await;
    meta.says_of("EAAuser", |facts| {
        facts["type"] = "USER".into();
        facts.as_object_mut().unwrap().remove("profile_id");
    })
    .await;
    meta.knows_token(COFFEE_TOKEN, COFFEE).await;
    for token in ["EAAdead", "EAAotherApp", "EAAuser", COFFEE_TOKEN, "{}", "EAA token", ""] {
        let (status, no) = register(&ines, TEA, token).await.unwrap_err();
        assert_eq!((status.as_u16(), no.code), (422, ErrorCode::TokenRefused), "{token}");
        assert!(!no.message.is_empty() && !no.action.is_empty());
    }
    // What Meta does not answer about is not taken either.
    let (status, no) = register(&ines, TEA, "EAAunheardOf").await.unwrap_err();
    assert_eq!((status.as_u16(), no.code), (502, ErrorCode::MetaAway));
    assert_eq!(standings(&ines).await[0].1, TokenStanding::Missing);
    assert_eq!(stage.health().await["refused"]["token_refused"], 5);
}
