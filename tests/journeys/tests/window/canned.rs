//! Canned replies and emoji in the real window: kept in the settings, offered while one writes, put in by keys alone.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};

const KITES: &str = "Do you have the red kite in stock?";
const KEPT: &str = "Dear {name}, your order {order number} is on its way.";
const ENTER: &str = "\u{E007}";

#[tokio::test]
async fn a_reply_is_kept_and_put_in_by_its_name() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("canned"))?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (noor, desk) = (stage.meta().customer(KITE_AND_CO, NOOR).await?, stage.desk()?);
    noor.writes(KITES).await?;

    keeps_one(desk, &mut album).await?;
    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", KITES).await?;
    desk.type_keys("/ord").await?;
    desk.says("canned-preview", NOOR).await?;
    album.take(desk, "offered").await?;
    desk.type_keys(ENTER).await?;
    agent::holds(desk, &KEPT.replace("{name}", NOOR)).await?;
    // The blank is selected: what is typed now takes its place.
    desk.type_keys("KC-12").await?;
    let filled = KEPT.replace("{name}", NOOR).replace("{order number}", "KC-12");
    agent::holds(desk, &filled).await?;
    desk.type_keys("\u{E010}").await?;
    desk.type_keys(" :parcel").await?;
    desk.see("offer").await?;
    album.take(desk, "emoji").await?;
    desk.type_keys(ENTER).await?;
    let written = format!("{filled} 📦 ");
    agent::holds(desk, &written).await?;
    assert_eq!(noor.count(&written).await?, 0, "picking sends nothing");
    agent::sends(desk).await?;
    noor.gets(&written).await?;
    stage.close_desk().await
}

async fn keeps_one(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.click("settings").await?;
    desk.click("tab-canned").await?;
    desk.see("canned-empty").await?;
    desk.click("add-canned").await?;
    desk.type_into("canned-name", "order").await?;
    desk.type_into("canned-text", KEPT).await?;
    let shared = desk.see("canned-shared").await?.is_enabled().await?;
    assert!(!shared, "an agent without a higher role shares nothing");
    album.take(desk, "written").await?;
    desk.click("save-canned").await?;
    desk.see_css(&format!("{}[data-key=\"own order\"]", by_name("canned-reply"))).await?;
    album.take(desk, "kept").await?;
    desk.click("close").await
}
