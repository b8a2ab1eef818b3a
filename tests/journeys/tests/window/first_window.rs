//! What the first window says when something is wrong: each has its own words, and nothing is saved.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{INES, NORTHWIND_TEA};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::free_port::free_port;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::world::fake_relay::{FakeRelay, TOO_NEW, TOO_OLD};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

fn album(name: &str) -> anyhow::Result<Album> {
    Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
}

/// The words of a failure, by its code.
async fn told(desk: &DeskWindow, code: &str) -> anyhow::Result<String> {
    desk.text_css(&format!("{}[data-code=\"{code}\"]", by_name("failure"))).await
}

async fn asks(desk: &DeskWindow, address: &str, invite: &str) -> anyhow::Result<()> {
    for (field, text) in [("relay-address", address), ("invite", invite)] {
        desk.see(field).await?.clear().await?;
        desk.type_into(field, text).await?;
    }
    desk.click("check-relay").await
}

#[tokio::test]
async fn without_a_key_store_nothing_is_kept_and_the_window_says_what_to_install() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Absent).await?;
    let (address, invite) = (stage.relay_address(), stage.invite().await?);
    let desk = stage.open_desk(None).await?;
    asks(desk, &address, &invite).await?;
    desk.click("enrol").await?;

    let words = told(desk, "noKeyStore").await?;
    assert!(words.contains("gnome-keyring"), "{words}");
    album("first-window-without-key-store")?.take(desk, "no-key-store").await?;
    stage.close_desk().await?;
    let desk = stage.open_desk(None).await?;
    desk.see("relay-address").await?;
    Ok(())
}

#[tokio::test]
async fn relays_that_do_not_serve_and_a_token_that_is_none_are_told_apart() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let (address, invite) = (stage.relay_address(), stage.invite().await?);
    let graph = stage.meta().graph_url().to_owned();
    let nobody = format!("http://127.0.0.1:{}", free_port()?);
    let (old, new) = (FakeRelay::of_versions(TOO_OLD).await, FakeRelay::of_versions(TOO_NEW).await);
    let mut album = album("first-window")?;
    let desk = stage.open_desk(None).await?;
    let mut told_so_far = Vec::new();
    for (address, code) in [
        (nobody, "relayUnreachable"),
        (graph, "notARelay"),
        (old.address(), "relayTooOld"),
        (new.address(), "relayTooNew"),
    ] {
        asks(desk, &address, &invite).await?;
        let words = told(desk, code).await?;
        assert!(!told_so_far.contains(&words), "two failures have the same words: {words}");
        told_so_far.push(words);
        album.take(desk, code).await?;
    }

    asks(desk, &address, &invite).await?;
    desk.click("enrol").await?;
    desk.click_css(&format!("{}[data-account=\"{NORTHWIND_TEA}\"]", by_name("pick-account"))).await?;
    desk.click("paste-instead").await?;
    desk.type_into("page-token", "EAAnobodyMadeThis").await?;
    desk.click("check-token").await?;
    let words = told(desk, "tokenInvalid").await?;
    assert!(words.contains("mistyped"), "nothing was connected that could be lost: {words}");
    album.take(desk, "tokenInvalid").await?;
    assert_eq!(desk.count(&by_name("connect")).await?, 0, "a token that Meta refuses can be saved");
    Ok(())
}

/// Does something to the desk's file while no desk has it.
async fn to_file(stage: &Stage, sql: &'static str) -> anyhow::Result<()> {
    let file = stage.desk_start(None).data_dir.join("desk.sqlite");
    let mut conn = SqliteConnectOptions::new().filename(file).connect().await?;
    sqlx::query(sql).execute(&mut conn).await?;
    Ok(conn.close().await?)
}

#[tokio::test]
async fn a_desk_that_could_not_be_opened_opens_with_try_again_once_it_can() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol = stage.enrol_file().await?;
    stage.open_desk(Some(enrol)).await?.see("thread-list").await?;
    stage.close_desk().await?;
    to_file(
        &stage,
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
         VALUES (9999, 'the future', 1, x'00', 0)",
    )
    .await?;

    let desk = stage.open_desk(None).await?;
    desk.says("notice", "newer Baton").await?;
    album("desk-not-open")?.take(desk, "newer").await?;
    desk.click("open-again").await?;
    desk.says("notice", "newer Baton").await?;

    to_file(&stage, "DELETE FROM _sqlx_migrations WHERE version = 9999").await?;
    let desk = stage.desk()?;
    desk.click("open-again").await?;
    desk.see("thread-list").await?;
    // What goes with an open desk is there too: the title says whose it is, and the page hears what comes.
    baton_support::wait::until("the title", async || {
        let title = desk.window_title().await.map_err(|error| error.to_string())?;
        if title.contains(INES) { Ok(()) } else { Err(title) }
    })
    .await?;
    desk.click("view-all").await?;
    stage.meta().new_customer(NORTHWIND_TEA, "Mara Lind").await?.writes("Do you have it in green?").await?;
    desk.one_says("thread-row", "Do you have it in green?").await?;
    Ok(())
}
