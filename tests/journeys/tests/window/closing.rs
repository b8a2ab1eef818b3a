//! Baton is to end while a reply has not left: it asks first, and the reply leaves once Baton is opened again.

use std::path::Path;
use std::time::Duration;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{MARA, NORTHWIND_TEA, agent};
use baton_support::window::desktop::Desktop;
use baton_support::window::room::{KeyRing, Screen};

const ASKS: &str = "I want a person";
const REPLY: &str = "I have your parcel here.";
const QUIT: &str = "Quit Baton";
/// Longer than a second press counts as meant.
const AGAIN: Duration = Duration::from_secs(4);

#[tokio::test]
async fn who_quits_with_a_reply_that_waits_is_asked_and_it_leaves_later() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("closing"))?;
    let desktop = Desktop::open(stage.room()).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let mara = {
        let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
        mara.writes(ASKS).await?;
        mara.id().to_owned()
    };
    agent::opens(stage.desk()?, &mara).await?;
    agent::sees_owner(stage.desk()?, "ours").await?;
    stage.kill_relay()?;
    agent::replies(stage.desk()?, REPLY).await?;
    // Nothing can be sent now, so that it is not offered: the undo time ends by itself.
    agent::sees_state(stage.desk()?, REPLY, &["waiting"]).await?;

    desktop.chooses(QUIT).await?;
    stage.desk()?.says("closing-dialog", "One reply has not left yet").await?;
    stage.desk()?.says("closing-dialog", REPLY).await?;
    album.take(stage.desk()?, "asked").await?;
    stage.desk()?.click("closing-stay").await?;
    stage.desk()?.see_no("closing-dialog").await?;

    // Whoever presses again within three seconds means it, by a clock that is real here.
    tokio::time::sleep(AGAIN).await;
    desktop.chooses(QUIT).await?;
    stage.desk()?.see("closing-dialog").await?;
    // The driver is to have its answer before the window is gone.
    let quits = "setTimeout(() => document.querySelector('[data-test=closing-quit]').click(), 200)";
    stage.desk_closes_by(async |desk| Ok(desk.client().execute(quits, vec![]).await.map(drop)?)).await?;
    assert_eq!(arrived(&stage).await?, 0);

    stage.open_desk(None).await?;
    agent::opens(stage.desk()?, &mara).await?;
    agent::sees_state(stage.desk()?, REPLY, &["waiting"]).await?;
    album.take(stage.desk()?, "still-waits").await?;
    stage.start_relay().await?;
    agent::sees_state(stage.desk()?, REPLY, &["sent", "delivered"]).await?;
    assert_eq!(arrived(&stage).await?, 1);
    stage.close_desk().await
}

/// How often the reply is on the customer's phone.
async fn arrived(stage: &Stage) -> anyhow::Result<usize> {
    stage.meta().customer(NORTHWIND_TEA, MARA).await?.count(REPLY).await
}
