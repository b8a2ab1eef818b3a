//! What becomes of a reply that cannot simply leave: no network, taken back, too late, nobody knows.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{ACCOUNTS, KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskStart, DeskWindow, by_name};
use baton_support::window::meta::APP_ID;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde_json::json;

const KITES: &str = "Do you have the red kite in stock?";
/// What Noor wrote before this desk was there.
const SAID_BEFORE: &str = "Can I pick it up on Saturday?";
const REPLY: &str = "Yes, we have two of them left.";

async fn begin(name: &str) -> anyhow::Result<(tempfile::TempDir, Stage, Album)> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    noor.writes(KITES).await?;
    let desk = stage.desk()?;
    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", KITES).await?;
    Ok((folder, stage, album))
}

#[tokio::test]
async fn a_reply_without_a_network_waits_with_its_deadline_and_leaves_later() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("reply-offline").await?;
    stage.kill_relay()?;
    agent::replies(stage.desk()?, REPLY).await?;
    // Nothing can be sent now, so that it is not offered: the undo time ends by itself.
    agent::sees_state(stage.desk()?, REPLY, &["waiting"]).await?;
    let words = stage.desk()?.text_where("message-words", "why", |text| text.contains("waits until")).await?;
    assert!(!words.contains("It may leave until"), "the rest is for whoever asks: {words}");
    stage.desk()?.click("what-then").await?;
    stage.desk()?.says("message-words", "It may leave until").await?;
    album.take(stage.desk()?, "waits").await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    assert_eq!(noor.count(REPLY).await?, 0);

    stage.start_relay().await?;
    agent::sees_state(stage.desk()?, REPLY, &["sent", "delivered"]).await?;
    album.take(stage.desk()?, "left").await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    assert_eq!(noor.count(REPLY).await?, 1);
    stage.close_desk().await
}

#[tokio::test]
async fn a_reply_that_is_taken_back_is_in_the_composer_and_nowhere_else() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("reply-undo").await?;
    let desk = stage.desk()?;
    // What was said before comes in; while it does, replies come back for the words that it brings.
    agent::sees_message(desk, "customer", SAID_BEFORE).await?;
    agent::replies(desk, REPLY).await?;
    agent::sees_state(desk, REPLY, &["held"]).await?;
    desk.press("Ctrl+Z").await?;
    until::holds("the text to be in the composer again", until::SHORT, async || {
        Ok(desk.see("composer-text").await?.prop("value").await?.as_deref() == Some(REPLY))
    })
    .await?;
    assert!(!agent::shown(desk).await?.iter().any(|message| message.text == REPLY));
    album.take(desk, "taken-back").await?;
    // It would have left by now.
    tokio::time::sleep(Duration::from_secs(6)).await;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    assert_eq!(noor.count(REPLY).await?, 0);

    // Sent once more it leaves by itself once its time is over.
    agent::sends(desk).await?;
    agent::sees_state(desk, REPLY, &["held"]).await?;
    album.take(desk, "held").await?;
    noor.gets(REPLY).await?;
    agent::sees_state(desk, REPLY, &["sent", "delivered"]).await?;
    assert_eq!(noor.count(REPLY).await?, 1);
    stage.close_desk().await
}

#[tokio::test]
async fn a_reply_whose_window_shuts_while_it_waits_comes_back_and_is_pressed_again() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("reply-window-shuts").await?;
    // Meta asks to send more slowly, for longer than the day.
    let slow = json!({"effect": "throttled", "error": "rate_buc_messenger", "call": "send", "app_id": APP_ID,
        "for_ms": 20 * 3_600_000});
    stage.meta().goes_wrong(&slow).await?;
    let desk = stage.desk()?;
    agent::replies(desk, REPLY).await?;
    agent::sends_now(desk).await?;
    agent::sees_state(desk, REPLY, &["waiting"]).await?;
    album.take(desk, "waits").await?;

    stage.meta().clock_moves(25).await?;
    agent::sees_verdict(desk, "human-agent").await?;
    let words = desk.text("draft-words").await?;
    assert!(words.contains("late"), "{words}");
    assert_eq!(desk.see("composer-text").await?.prop("value").await?.as_deref(), Some(REPLY));
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    assert_eq!(noor.count(REPLY).await?, 0, "it left as something else than was shown");
    album.take(desk, "came-back").await?;

    desk.click("composer-text").await?;
    agent::sends(desk).await?;
    let arrived = noor.gets(REPLY).await?;
    assert_eq!(arrived.tag.as_deref(), Some("HUMAN_AGENT"));
    agent::sees_state(desk, REPLY, &["sent", "delivered"]).await?;
    album.take(desk, "left-late").await?;
    stage.close_desk().await
}

#[tokio::test]
async fn a_reply_of_unknown_end_is_settled_by_a_colleagues_desk() -> anyhow::Result<()> {
    let (_folder, mut stage, mut album) = begin("reply-settled-elsewhere").await?;
    for effect in ["answer_late", "echo_never"] {
        let fault = json!({"effect": effect, "ms": 180_000, "times": 1, "app_id": APP_ID});
        stage.meta().goes_wrong(&fault).await?;
    }
    agent::replies(stage.desk()?, REPLY).await?;
    agent::sends_now(stage.desk()?).await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    noor.gets(REPLY).await?;
    let customer = noor.id().to_owned();
    stage.kill_desk()?;

    let jonas = opens_a_colleagues_desk(&stage).await?;
    agent::opens(&jonas, &customer).await?;
    agent::sees_state(&jonas, REPLY, &["sending", "unknown"]).await?;
    album.take(&jonas, "on-its-way-elsewhere").await?;
    // The desk that sends is waited for, for a minute.
    let mut last = Vec::new();
    let settled = until::holds("Jonas's desk to find the reply sent", 3 * until::LONG, async || {
        let shown = agent::shown(&jonas).await?;
        last =
            shown.into_iter().filter(|message| message.text == REPLY).map(|message| message.state).collect();
        Ok(matches!(&last[..], [Some(state)] if state == "sent" || state == "delivered"))
    })
    .await;
    settled.with_context(|| format!("it shows {last:?}"))?;
    album.take(&jonas, "settled").await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    assert_eq!(noor.count(REPLY).await?, 1);
    jonas.close().await.map(drop)
}

/// A second desk in the same room, of a colleague.
async fn opens_a_colleagues_desk(stage: &Stage) -> anyhow::Result<DeskWindow> {
    let accounts =
        ACCOUNTS.into_iter().map(|id| Ok(json!({"id": id, "token": stage.meta().page_token(id)?})));
    let accounts = accounts.collect::<anyhow::Result<Vec<_>>>()?;
    let invite = stage.invite_of("Jonas")?;
    let given = json!({"relay_url": stage.relay_address(), "invite": invite, "accounts": accounts});
    let file = stage.room().folder().join("enrol-jonas.json");
    std::fs::write(&file, given.to_string())?;
    let start = DeskStart {
        name: "jonas".to_owned(),
        data_dir: stage.room().folder().join("jonas"),
        ..stage.desk_start(Some(file))
    };
    let jonas = DeskWindow::open(stage.room(), start).await?;
    jonas.see_css(&by_name("thread-list")).await?;
    Ok(jonas)
}
