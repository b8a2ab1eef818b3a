//! Notifications and the tray in the real window, on a desktop that is played: what is shown, what a click opens, what do not
//! disturb keeps back, and what is said where nothing shows notifications.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, MARA, NOOR, NORTHWIND_TEA, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::desktop::Desktop;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;

const ASKS: &str = "I want a person";
const KITES: &str = "Do you have the red kite in stock?";
const STILL: &str = "Is <anybody> there & awake?";
/// The same as a daemon that reads markup gets it.
const STILL_ESCAPED: &str = "Is &lt;anybody&gt; there &amp; awake?";
const AGAIN: &str = "Hello?";
const ENOUGH: &str = "I will call instead.";
const QUIET: &str = "Do not disturb";

async fn begin(name: &str) -> anyhow::Result<(tempfile::TempDir, Stage, Album)> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))?;
    Ok((folder, stage, album))
}

/// Mara's thread is this agent's, and Noor's is open.
async fn mara_is_mine_and_noor_is_open(stage: &mut Stage) -> anyhow::Result<()> {
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    mara.writes(ASKS).await?;
    let desk = stage.desk()?;
    agent::opens(desk, mara.id()).await?;
    agent::sees_owner(desk, "ours").await?;
    desk.click("assign").await?;
    agent::title_is(desk, "(1) Baton - ").await?;
    noor.writes(KITES).await?;
    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", KITES).await.map(drop)
}

#[tokio::test]
async fn a_click_on_a_notification_opens_its_thread() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("alerts").await?;
    let desktop = Desktop::open(stage.room()).await?;
    mara_is_mine_and_noor_is_open(&mut stage).await?;
    let (desk, mara) = (stage.desk()?, stage.meta().customer(NORTHWIND_TEA, MARA).await?);
    assert_eq!(desktop.times(), 0, "what the agent did itself is not told: {:?}", desktop.now());

    mara.writes(STILL).await?;
    let shown = desktop.shows(STILL_ESCAPED).await?;
    assert_eq!((shown.app.as_str(), shown.title.contains("Northwind Tea")), ("Baton", true), "{shown:?}");
    assert!(shown.actions.iter().any(|action| action == "default"), "{shown:?}");
    mara.writes(AGAIN).await?;
    let next = desktop.shows(AGAIN).await?;
    assert_eq!((next.id, desktop.now().len()), (shown.id, 1), "one place per thread");

    desktop.clicks(&next).await?;
    desk.see_css(&format!("{}[data-customer=\"{}\"]", by_name("thread"), mara.id())).await?;
    agent::sees_message(desk, "customer", AGAIN).await?;
    album.take(desk, "opened-by-a-click").await?;
    desktop.is_clear().await?;

    names_are_hidden(&stage, &desktop, &mut album).await?;
    stage.close_desk().await
}

/// With names hidden only that there is a message is told.
async fn names_are_hidden(stage: &Stage, desktop: &Desktop, album: &mut Album) -> anyhow::Result<()> {
    let (desk, mara) = (stage.desk()?, stage.meta().customer(NORTHWIND_TEA, MARA).await?);
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    settings(desk).await?;
    desk.click("hide-text").await?;
    desk.click("try-alert").await?;
    let tried = desktop.shows("New message").await?;
    desk.says("tried", "Your desktop shows it").await?;
    album.take(desk, "settings").await?;
    desktop.sends_away(&tried).await?;
    desk.click("close").await?;
    agent::opens(desk, noor.id()).await?;

    mara.writes(ENOUGH).await?;
    let shown = desktop.shows("New message").await?;
    assert_eq!((shown.title.as_str(), shown.body.as_str()), ("Baton", "New message"));
    Ok(())
}

#[tokio::test]
async fn the_tray_counts_and_do_not_disturb_keeps_notifications_back() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("tray").await?;
    let desktop = Desktop::open(stage.room()).await?;
    mara_is_mine_and_noor_is_open(&mut stage).await?;
    let (desk, mara) = (stage.desk()?, stage.meta().customer(NORTHWIND_TEA, MARA).await?);
    desktop.tray_says("Baton: 1 to answer").await?;
    let loud = desktop.tray_icon().await?;
    desktop.is_marked(QUIET, false).await?;

    desktop.chooses(QUIET).await?;
    desk.says("status-quiet", QUIET).await?;
    desktop.is_marked(QUIET, true).await?;
    assert_ne!(desktop.tray_icon().await?, loud, "the icon says so too");
    album.take(desk, "do-not-disturb").await?;
    mara.writes(AGAIN).await?;
    desk.see_css(&agent::row(mara.id())).await?;
    until::holds("Mara's row to say what she wrote", until::SHORT, async || {
        Ok(desk.text_css(&agent::row(mara.id())).await?.contains(AGAIN))
    })
    .await?;
    desktop.tray_says("Baton: 1 to answer").await?;
    assert_eq!(desktop.times(), 0, "{:?}", desktop.now());

    desktop.chooses(QUIET).await?;
    desk.see_no("status-quiet").await?;
    mara.writes(ENOUGH).await?;
    desktop.shows(ENOUGH).await?;
    stage.close_desk().await?;
    desktop.is_clear().await
}

#[tokio::test]
async fn where_nothing_shows_notifications_the_window_says_so_and_shows_them() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("no-notifications").await?;
    mara_is_mine_and_noor_is_open(&mut stage).await?;
    let (desk, mara) = (stage.desk()?, stage.meta().customer(NORTHWIND_TEA, MARA).await?);
    settings(desk).await?;
    desk.says("no-desktop-alerts", "No program on this desktop shows notifications").await?;
    album.take(desk, "settings").await?;
    desk.click("close").await?;

    mara.writes(AGAIN).await?;
    desk.one_says("toast", AGAIN).await?;
    album.take(desk, "toast").await?;
    // One about what the agent did themselves may still stand below; only that of an alert has a title.
    desk.click_css(&format!("{}:has(b) .act", by_name("toast"))).await?;
    desk.see_css(&format!("{}[data-customer=\"{}\"]", by_name("thread"), mara.id())).await?;
    stage.close_desk().await
}

async fn settings(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.click("settings").await?;
    desk.click("tab-alerts").await?;
    desk.see("try-alert").await.map(drop)
}
