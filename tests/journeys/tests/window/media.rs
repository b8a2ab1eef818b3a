//! Pictures, a voice message and a video in the real window: drawn, played, looked at.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde_json::{Value, json};

/// Where the arrow keys, Escape and the space bar are in WebDriver.
const RIGHT: &str = "\u{E014}";
const ESCAPE: &str = "\u{E00C}";
const SPACE: &str = " ";

#[tokio::test]
async fn pictures_are_drawn_and_sounds_and_videos_play() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("media"))?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (desk, noor) = (stage.desk()?, stage.meta().customer(KITE_AND_CO, NOOR).await?);
    noor.writes("Here is my kite").await?;
    noor.sends(&["image"]).await?;
    noor.sends(&["image", "image", "animation"]).await?;
    noor.sends(&["audio"]).await?;
    noor.sends(&["video"]).await?;
    noor.sends(&["file"]).await?;
    agent::opens(desk, noor.id()).await?;
    // What comes later floats its own word over the messages that are pressed here.
    let messages = by_name("message");
    until::holds("all of them", until::SHORT, async || Ok(desk.count(&messages).await? == 6)).await?;
    strangers_pictures_are_blurred(desk, &mut album).await?;
    every_picture_is_drawn(desk).await?;
    a_voice_message_says_how_long_it_is_and_plays(desk).await?;
    desk.see_css(&format!("{}[data-still=\"true\"]", by_name("watch"))).await?;
    album.take(desk, "thread").await?;
    the_viewer_shows_pictures_and_plays_videos(desk, &mut album).await?;
    a_video_that_is_clicked_plays(desk, &mut album).await?;
    what_is_found_shows_its_pictures(desk, &mut album).await?;
    let data_dir = desk.start().data_dir.clone();
    stage.close_desk().await?;
    only_the_vault_holds_them(&data_dir.join("vault"), folder.path())
}

/// What was shown and played lies in the vault and in no cache of the engine, nor anywhere else in the room: so what is
/// taken back has only the vault to leave.
fn only_the_vault_holds_them(vault: &Path, room: &Path) -> anyhow::Result<()> {
    let (vault, all) = (files(vault)?, files(room)?);
    anyhow::ensure!(vault.len() >= 8, "the vault holds {vault:?}");
    for kept in &vault {
        let bytes = std::fs::read(kept)?;
        let stretch = bytes.get(bytes.len() / 2..).and_then(|half| half.get(..64)).context("a tiny file")?;
        for file in &all {
            let holds = std::fs::read(file)?.windows(stretch.len()).any(|window| window == stretch);
            anyhow::ensure!(holds == (file == kept), "{} has bytes of {}", file.display(), kept.display());
        }
    }
    Ok(())
}

fn files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else if path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Nobody has answered Noor yet.
async fn strangers_pictures_are_blurred(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    let blurred = format!("{}[data-blurred=\"true\"]", by_name("picture"));
    until::holds("four blurred pictures", until::SHORT, async || Ok(desk.count(&blurred).await? == 4))
        .await?;
    album.take(desk, "blurred").await?;
    desk.click_css(&blurred).await?;
    until::holds("no blurred picture", until::SHORT, async || Ok(desk.count(&blurred).await? == 0)).await
}

/// A picture that was refused, by the page's own rules or by the desk, has no width of its own.
async fn every_picture_is_drawn(desk: &DeskWindow) -> anyhow::Result<()> {
    let script = "return [...document.querySelectorAll('[data-test=\"picture\"] img')]\
                  .filter((image) => image.complete && image.naturalWidth > 0).length";
    until::holds("four pictures to be drawn", until::SHORT, async || {
        Ok(desk.client().execute(script, vec![]).await? == json!(4))
    })
    .await
}

async fn a_voice_message_says_how_long_it_is_and_plays(desk: &DeskWindow) -> anyhow::Result<()> {
    until::holds("how long it is, before it is played", until::SHORT, async || {
        let time = desk.text_css("[data-test=\"sound\"] [data-test=\"time\"]").await?;
        Ok(desk.count("[data-test=\"sound\"] audio").await? == 0 && time.trim().starts_with("0:"))
    })
    .await?;
    desk.click("play").await?;
    plays(desk, "[data-test=\"sound\"] audio").await?;
    desk.type_keys(SPACE).await?;
    until::holds("it to pause", until::SHORT, async || {
        Ok(desk.attribute(&by_name("play"), "data-playing").await?.as_deref() == Some("false"))
    })
    .await?;
    desk.click("speed").await?;
    desk.says("speed", "1.5").await.map(drop)
}

async fn the_viewer_shows_pictures_and_plays_videos(
    desk: &DeskWindow,
    album: &mut Album,
) -> anyhow::Result<()> {
    desk.click("picture").await?;
    desk.says("viewer-place", "1 of 5").await?;
    let script = "const image = document.querySelector('[data-test=\"viewer-picture\"]'); \
                  return !!image && image.complete && image.naturalWidth > 0";
    until::holds("the picture in the viewer", until::SHORT, async || {
        Ok(desk.client().execute(script, vec![]).await? == json!(true))
    })
    .await?;
    album.take(desk, "viewer").await?;
    for place in 2..=5 {
        desk.type_keys(RIGHT).await?;
        desk.says("viewer-place", &format!("{place} of 5")).await?;
    }
    plays(desk, &by_name("film")).await?;
    album.take(desk, "video").await?;
    desk.type_keys(ESCAPE).await?;
    desk.see_no("viewer").await
}

async fn a_video_that_is_clicked_plays(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.click("watch").await?;
    plays(desk, &by_name("film")).await?;
    album.take(desk, "clicked-video").await?;
    desk.type_keys(ESCAPE).await?;
    desk.see_no("viewer").await
}

/// A filter and a name find everything with a picture or video that came from the customer, and show it small.
async fn what_is_found_shows_its_pictures(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.type_into("search", "has:attachment from:customer noor").await?;
    let pictures = format!("{} img", by_name("glimpse"));
    let stills = format!("{} canvas", by_name("glimpse"));
    until::holds("two pictures and a still", until::SHORT, async || {
        Ok(desk.count(&pictures).await? == 2 && desk.count(&stills).await? == 1)
    })
    .await?;
    album.take(desk, "found").await
}

/// Waits until a player has come some way.
async fn plays(desk: &DeskWindow, css: &str) -> anyhow::Result<()> {
    let script = "const player = document.querySelector(arguments[0]); const cannot = \
                  document.querySelector('[data-test=\"cannot-play\"]')?.innerText ?? null; \
                  return { at: player?.currentTime ?? 0, error: player?.error?.message ?? null, cannot }";
    let mut last = Value::Null;
    let played = until::holds(&format!("{css} to play"), until::SHORT, async || {
        last = desk.client().execute(script, vec![json!(css)]).await?;
        Ok(last["at"].as_f64().is_some_and(|at_s| at_s > 0.2))
    })
    .await;
    played.with_context(|| format!("{last}"))
}
