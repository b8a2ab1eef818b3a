//! A desk whose file goes through something that takes long before it opens: the window says what that is and how far it is,
//! and the inbox opens by itself.
//!
//! What takes long is the look at all threads after an update. Another program holds the file meanwhile, so that it is as long
//! as the test looks at it.

use std::path::Path;

use anyhow::ensure;
use baton_journeys_tests::KITE_AND_CO;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_support::window::desk::by_name;
use baton_support::window::room::{KeyRing, Screen};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

const QUESTION: &str = "Do you have it in green?";
/// A desk waits five seconds for its file. On a machine that takes longer for two pictures it is opened and looked at again.
const LOOKS: usize = 4;

/// The file of a desk that was closed is as an earlier program left it, and another program holds it from now on.
async fn held_after_an_update(stage: &Stage) -> anyhow::Result<SqliteConnection> {
    let file = stage.desk_start(None).data_dir.join("desk.sqlite");
    let mut conn = SqliteConnectOptions::new().filename(file).connect().await?;
    let forgotten =
        sqlx::query("DELETE FROM setting WHERE name = 'store.applied_by'").execute(&mut conn).await?;
    ensure!(forgotten.rows_affected() == 1, "it is noted elsewhere which program went through the threads");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut conn).await?;
    Ok(conn)
}

#[tokio::test]
async fn what_takes_long_before_a_desk_opens_is_said_and_the_inbox_opens_by_itself() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol = stage.enrol_file().await?;
    stage.open_desk(Some(enrol)).await?.click("view-all").await?;
    stage.meta().new_customer(KITE_AND_CO, "Mara Lind").await?.writes(QUESTION).await?;
    stage.desk()?.one_says("thread-row", QUESTION).await?;
    stage.close_desk().await?;

    let mut other = held_after_an_update(&stage).await?;
    let desk = stage.open_desk(None).await?;
    desk.says("notice", "Another program holds").await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("long-opening"))?;
    album.take(desk, "held").await?;

    let screen = format!("{}[data-step=\"applying\"]", by_name("opening-screen"));
    let mut stands = false;
    for _ in 0..LOOKS {
        desk.click("open-again").await?;
        desk.see_css(&screen).await?;
        desk.says("opening-step", "going through all threads once more").await?;
        desk.says("opening-share", "0 %").await?;
        desk.says("opening-screen", "The inbox opens by itself once this is done").await?;
        ensure!(desk.count(&by_name("thread-list")).await? == 0, "the inbox is there before its desk");
        album.take(desk, "applying").await?;
        stands = desk.count(&screen).await? == 1;
        if stands {
            break;
        }
        desk.see("open-again").await?;
    }
    ensure!(stands, "the desk never waited until it was looked at");

    // Nobody presses anything.
    sqlx::query("ROLLBACK").execute(&mut other).await?;
    other.close().await?;
    desk.see("thread-list").await?;
    desk.click("view-all").await?;
    desk.one_says("thread-row", QUESTION).await?;
    Ok(())
}
