//! What an open desk says when something stops being well, each in words of its own, and how it gets well again.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{INES, KITE_AND_CO, MARA, NORTHWIND_TEA, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use baton_support::world::fake_relay::{TOO_NEW, TOO_OLD};
use serde_json::json;

const ASKS: &str = "I want a person";
const LOOKING: &str = "Let me have a look.";
const REPLY: &str = "Your parcel arrives tomorrow.";
const THANKS: &str = "Thank you, that helps.";

#[tokio::test]
async fn each_thing_that_is_not_well_has_its_words_and_a_way_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("not-well"))?;
    let enrol_file = stage.enrol_file().await?;
    let desk = stage.open_desk(Some(enrol_file)).await?;
    desk.see("thread-list").await?;

    let customer = mara_waits_for_a_person(&stage).await?;
    meta_is_throttling(&stage, &mut album).await?;
    the_page_token_dies(&stage, &mut album).await?;
    the_desk_is_cut_off(&stage, &mut album).await?;
    the_relay_is_of_another_time(&mut stage, &mut album, &customer).await?;
    stage.close_desk().await
}

async fn mara_waits_for_a_person(stage: &Stage) -> anyhow::Result<String> {
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(ASKS).await?;
    let desk = stage.desk()?;
    agent::opens(desk, mara.id()).await?;
    agent::sees_owner(desk, "ours").await?;
    Ok(mara.id().to_owned())
}

/// The reply waits, and message and status line say until when.
async fn meta_is_throttling(stage: &Stage, album: &mut Album) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    let storm = json!({"effect": "throttled", "error": "rate_buc_messenger", "call": "send", "times": 1});
    stage.meta().goes_wrong(&storm).await?;
    agent::replies(desk, LOOKING).await?;
    desk.says("message-words", "Meta is throttling; sent again at ").await?;
    desk.says("status-meta", "Meta is throttling").await?;
    desk.says("status-waiting", "1 reply waits").await?;
    desk.click("status-meta").await?;
    album.take(desk, "meta-is-throttling").await?;
    desk.click("status-meta").await?;
    stage.meta().clock_moves(1).await?;
    agent::sees_state(desk, LOOKING, &["sent", "delivered", "seen"]).await?;
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    assert_eq!(mara.count(LOOKING).await?, 1, "what waited left once");
    desk.says("status-meta", "Meta ok").await.map(drop)
}

/// The reply waits, the screen says why in four places, and offers the way back.
async fn the_page_token_dies(stage: &Stage, album: &mut Album) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    let dead = stage.meta().page_token(NORTHWIND_TEA)?.to_owned();
    // Written before: a desk that reads older messages meanwhile finds out by itself, and then nothing can be pressed.
    agent::writes(desk, REPLY).await?;
    stage.meta().kills_tokens(NORTHWIND_TEA).await?;
    agent::sends(desk).await?;

    let words = banner(desk, "tokenDead").await?;
    assert!(words.starts_with("Northwind Tea:"), "the banner does not say which account: {words}");
    let buttons = desk.count(&format!("{} button", by_name("banner"))).await?;
    assert_eq!(buttons, 1, "a dead token is a banner with one button");
    agent::sees_state(desk, REPLY, &["waiting"]).await?;
    agent::sees_send(desk, "blocked").await?;
    desk.says("composer-words", "Page token").await?;
    desk.see_css(&format!("{}[data-account=\"{NORTHWIND_TEA}\"][data-unwell]", by_name("account"))).await?;
    album.take(desk, "the-page-token-is-dead").await?;

    desk.click("reconnect").await?;
    desk.see("log-in").await?;
    album.take(desk, "logging-in-again-is-offered").await?;
    desk.click("paste-instead").await?;
    pastes(desk, &dead).await?;
    desk.text_css(&format!("{}[data-code=\"tokenInvalid\"]", by_name("failure"))).await?;
    album.take(desk, "the-old-token-again").await?;
    desk.see("page-token").await?.clear().await?;
    pastes(desk, &stage.meta().signs_in_again(NORTHWIND_TEA).await?).await?;
    desk.click("connect").await?;
    desk.see_no("banner").await?;
    desk.see_no("reconnect-dialog").await?;

    agent::sees_send(desk, "send").await?;
    agent::sees_state(desk, REPLY, &["sent", "delivered", "seen"]).await?;
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    assert_eq!(mara.count(REPLY).await?, 1, "what waited left once");
    desk.see_css(&format!("{} time", by_name("held"))).await?;
    assert_eq!(desk.broken_lines(&format!("{} time", by_name("held"))).await?, Vec::<String>::new());
    album.take(desk, "a-new-token-works").await
}

/// What it held goes at once, and a new invite makes the same agent's desk of it again, which begins with nothing.
async fn the_desk_is_cut_off(stage: &Stage, album: &mut Album) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    stage.relay()?.revoke(INES)?;
    desk.see_css(&format!("{}[data-stage=\"told\"]", by_name("cut-off-screen"))).await?;
    desk.says("cut-off-screen", "This computer was cut off").await?;
    desk.says("cut-off-words", "new invite").await?;
    desk.see_no("thread-list").await?;
    album.take(desk, "the-desk-is-cut-off").await?;

    let invite = stage.relay()?.invite_again(INES, &[NORTHWIND_TEA, KITE_AND_CO])?;
    desk.click("join-again").await?;
    let address = desk.see("relay-address").await?.prop("value").await?;
    assert_eq!(address.as_deref(), Some(stage.relay_address().as_str()), "the relay is known already");
    desk.type_into("invite", &invite).await?;
    desk.click("check-relay").await?;
    desk.click("enrol").await?;
    desk.click_css(&format!("{}[data-account=\"{NORTHWIND_TEA}\"]", by_name("pick-account"))).await?;
    desk.click("paste-instead").await?;
    pastes(desk, &stage.meta().signs_in_again(NORTHWIND_TEA).await?).await?;
    desk.click("connect").await?;
    desk.click("open-inbox").await?;
    desk.see_no("banner").await?;
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(THANKS).await?;
    agent::opens(desk, mara.id()).await?;
    agent::sees_message(desk, "customer", THANKS).await.map(drop)
}

async fn the_relay_is_of_another_time(
    stage: &mut Stage,
    album: &mut Album,
    customer: &str,
) -> anyhow::Result<()> {
    let mut told = Vec::new();
    for (versions, kind, short) in
        [(TOO_OLD, "relayTooOld", "Relay too old"), (TOO_NEW, "relayTooNew", "Relay too new")]
    {
        let other = stage.relay_becomes(versions).await?;
        let desk = stage.desk()?;
        told.push(banner(desk, kind).await?);
        says_bad(desk, "status-relay", short).await?;
        agent::opens(desk, customer).await?;
        album.take(desk, short.to_lowercase().replace(' ', "-").as_str()).await?;
        drop(other);
        // A relay of another version is asked again only after minutes; a desk that is opened anew asks at once.
        stage.close_desk().await?;
        stage.start_relay().await?;
        let desk = stage.open_desk(None).await?;
        desk.see("thread-list").await?;
        desk.text_where("status-relay", "to be well", |text| {
            text.contains("well") && !text.contains("not well")
        })
        .await?;
        desk.see_no("banner").await?;
    }
    assert_ne!(told[0], told[1]);
    Ok(())
}

async fn banner(desk: &DeskWindow, kind: &str) -> anyhow::Result<String> {
    let css = format!("{}[data-kind=\"{kind}\"] p", by_name("banner"));
    until::holds(&format!("the banner {kind}"), until::LONG, async || Ok(desk.count(&css).await? > 0))
        .await?;
    desk.text_css(&css).await
}

async fn says_bad(desk: &DeskWindow, name: &str, words: &str) -> anyhow::Result<()> {
    desk.see_css(&format!("{}[data-health=\"bad\"]", by_name(name))).await?;
    desk.says(name, words).await.map(drop)
}

async fn pastes(desk: &DeskWindow, token: &str) -> anyhow::Result<()> {
    desk.type_into("page-token", token).await?;
    desk.click("check-token").await
}
