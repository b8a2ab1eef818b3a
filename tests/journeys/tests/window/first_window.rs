//! What the first window says when something is wrong: each has its own words, and nothing is saved.

use std::path::Path;

use baton_journeys_tests::NORTHWIND_TEA;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::free_port::free_port;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::world::fake_relay::{FakeRelay, TOO_NEW, TOO_OLD};

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
