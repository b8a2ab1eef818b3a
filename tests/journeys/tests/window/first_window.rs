//! What the first window says when something is wrong: each has its own words, and nothing is saved.

use baton_journeys_tests::NORTHWIND_TEA;
use baton_journeys_tests::stage::Stage;
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::free_port::free_port;
use baton_support::window::room::{KeyRing, Screen};

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
    stage.close_desk().await?;
    let desk = stage.open_desk(None).await?;
    desk.see("relay-address").await?;
    Ok(())
}

#[tokio::test]
async fn a_relay_that_is_not_there_and_a_token_that_is_none_are_told_apart() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let (address, invite) = (stage.relay_address(), stage.invite().await?);
    let graph = stage.meta().graph_url().to_owned();
    let nobody = format!("http://127.0.0.1:{}", free_port()?);
    let desk = stage.open_desk(None).await?;
    asks(desk, &nobody, &invite).await?;
    told(desk, "relayUnreachable").await?;
    asks(desk, &graph, &invite).await?;
    told(desk, "notARelay").await?;

    asks(desk, &address, &invite).await?;
    desk.click("enrol").await?;
    desk.click_css(&format!("{}[data-account=\"{NORTHWIND_TEA}\"]", by_name("pick-account"))).await?;
    desk.type_into("page-token", "EAAnobodyMadeThis").await?;
    desk.click("check-token").await?;
    told(desk, "tokenInvalid").await?;
    assert_eq!(desk.count(&by_name("connect")).await?, 0, "a token that Meta refuses can be saved");
    Ok(())
}
