//! Logging in with Meta from end to end: the window hands out an address, a browser opens it, a person agrees at Meta's
//! dialog, and the desk has its account.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{MARA, NORTHWIND_TEA, agent};
use baton_support::window::browser::{Browser, Theme};
use baton_support::window::page::by_name;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;

const ASKS: &str = "I want a person";

#[tokio::test]
async fn a_person_agrees_in_a_browser_and_the_desk_gets_its_account() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let pictures = Path::new(env!("CARGO_TARGET_TMPDIR")).join("logging-in");
    let mut album = Album::open(&pictures)?;
    let (relay, invite) = (stage.relay_address(), stage.invite().await?);
    stage.open_desk(None).await?;
    let desk = stage.desk()?;
    desk.type_into("relay-address", &relay).await?;
    desk.type_into("invite", &invite).await?;
    desk.click("check-relay").await?;
    desk.click("enrol").await?;
    let account = format!("{}[data-account=\"{NORTHWIND_TEA}\"]", by_name("pick-account"));
    desk.click_css(&account).await?;
    desk.click("log-in").await?;
    desk.see("login-waiting").await?;

    // Only the browser is handed the address: it holds a secret.
    let room = stage.room();
    let address = until::some("the browser to be handed an address", until::SHORT, async || {
        Ok(room.opened()?.into_iter().find(|opened| opened.starts_with(stage.meta().graph_url())))
    })
    .await?;
    assert_eq!(desk.count(&by_name("login-link")).await?, 0, "the window shows the address");
    album.take(desk, "waiting-for-the-browser").await?;

    // Whoever lost that browser asks for it.
    desk.click("show-login-address").await?;
    let shown = desk.see("login-link").await?.prop("value").await?;
    assert_eq!(shown.as_deref(), Some(address.as_str()), "another address than the browser got");
    desk.says("copy-link", "Copied").await?;
    album.take(desk, "the-address-for-another-browser").await?;

    let browser = Browser::open(room, "browser", Theme::Light, &address).await?;
    browser.see(&format!("login-{NORTHWIND_TEA}")).await?;
    browser.screenshot(&pictures.join("at-metas-dialog.png")).await?;
    browser.click("login-continue").await?;
    until::holds("the relay's page, which names the Page", until::SHORT, async || {
        Ok(browser.text_css("body").await?.contains("Northwind Tea")
            && browser.count(&by_name("login-continue")).await? == 0)
    })
    .await?;
    browser.screenshot(&pictures.join("back-at-the-relay.png")).await?;
    // It stands before the window.
    drop(browser);

    let granted = format!("{}[data-account=\"{NORTHWIND_TEA}\"][data-may=\"true\"]", by_name("granted"));
    desk.see_css(&granted).await?;
    album.take(desk, "what-was-granted").await?;
    desk.click("connect-granted").await?;

    // Connected: what a customer writes is there, and an answer leaves.
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    until::holds("the account to be connected", until::SHORT, async || {
        let is_connected = desk.count(&format!("{account}:disabled")).await? > 0;
        Ok(is_connected || desk.count(&by_name("thread-list")).await? > 0)
    })
    .await?;
    if desk.count(&by_name("open-inbox")).await? > 0 {
        desk.click("open-inbox").await?;
    }
    desk.see("thread-list").await?;
    mara.writes(ASKS).await?;
    agent::opens(desk, mara.id()).await?;
    agent::sees_message(desk, "customer", ASKS).await?;
    stage.close_desk().await
}
