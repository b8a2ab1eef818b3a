//! What is done with a customer's words besides answering them in text, in the real window: reply to one message, offer
//! answers, react, block and unblock.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;

const KITES: &str = "Do you have the red kite in stock?";
const COLOUR: &str = "Or the blue one?";
const REPLY: &str = "Both. Which one shall I put aside?";
const ENTER: &str = "\u{E007}";

#[tokio::test]
async fn a_supervisor_quotes_offers_reacts_blocks_and_unblocks() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("beside_text"))?;
    let enrol_file = stage.enrol_file_as("supervisor").await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (noor, desk) = (stage.meta().customer(KITE_AND_CO, NOOR).await?, stage.desk()?);
    noor.writes(KITES).await?;
    noor.writes(COLOUR).await?;

    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", COLOUR).await?;
    quotes_the_first(desk, &mut album).await?;
    offers(desk, &["The red one", "The blue one"]).await?;
    album.take(desk, "framed").await?;
    agent::replies(desk, REPLY).await?;
    noor.gets(REPLY).await?;
    desk.says("offered", "The red one").await?;
    desk.see_no("answering").await?;

    desk.point_at(&format!("{}[data-author=customer]", by_name("message"))).await?;
    desk.click("react").await?;
    album.take(desk, "reactions").await?;
    desk.click("reaction").await?;
    desk.see("shown-reaction").await?;

    blocks(desk, &mut album).await?;
    stage.close_desk().await
}

/// Older messages may have come above it.
async fn quotes_the_first(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    let first = desk.marked(&by_name("message"), KITES).await?;
    desk.point_at(&first).await?;
    album.take(desk, "tools").await?;
    desk.click_css(&format!("{first} {}", by_name("quote-message"))).await?;
    desk.says("answering", KITES).await?;
    Ok(())
}

async fn offers(desk: &DeskWindow, titles: &[&str]) -> anyhow::Result<()> {
    desk.click("offer-answers").await?;
    for title in titles {
        desk.type_into("offer-text", title).await?;
        desk.type_keys(ENTER).await?;
        desk.one_says("offer-title", title).await?;
    }
    desk.type_keys(ENTER).await?;
    desk.see_no("offer-text").await
}

async fn blocks(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.click("block").await?;
    desk.see("toast").await?;
    album.take(desk, "blocking_held").await?;
    desk.see("blocked-tag").await?;
    desk.says("composer-words", "blocked").await?;
    album.take(desk, "blocked").await?;
    desk.click("view-blocked").await?;
    until::holds("the thread among the blocked", until::SHORT, async || {
        Ok(desk.count(&by_name("thread-row")).await? == 1)
    })
    .await?;
    album.take(desk, "view_blocked").await?;
    desk.click("unblock").await?;
    desk.see_no("blocked-tag").await
}
