//! The cable is out: the desk opens all the same, and everything that was read can be read, searched and answered in
//! drafts.

use std::path::Path;

use anyhow::Context as _;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::{CutOff, Stage};
use baton_journeys_tests::{KITE_AND_CO, MARA, NOOR, NORTHWIND_TEA, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;

const CRACK: &str = "My teapot has a crack, order TP-7741";
const KITES: &str = "Do you have the red kite in stock?";
const BEFORE: &str = "I am looking into the teapot";
const MEANWHILE: &str = "We have two of them left";

#[tokio::test]
async fn without_a_network_one_reads_searches_and_drafts() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-network"))?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (mara, noor) = two_write(&stage).await?;
    drafts(stage.desk()?, &mara, BEFORE).await?;
    stage.close_desk().await?;

    let alone = stage.cut_off()?;
    let desk = alone.open_desk().await?;
    lists_and_says_that_it_is_alone(&desk, &mut album).await?;
    opens_threads(&desk, &mara, &noor, &mut album).await?;
    searches(&desk, &mara, &mut album).await?;
    drafts(&desk, &noor, MEANWHILE).await?;
    desk.close().await?;
    keeps_its_drafts(&alone, &mara, &noor).await
}

async fn two_write(stage: &Stage) -> anyhow::Result<(String, String)> {
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    mara.writes(CRACK).await?;
    noor.writes(KITES).await?;
    let desk = stage.desk()?;
    for (customer, text) in [(&mara, CRACK), (&noor, KITES)] {
        agent::opens(desk, customer.id()).await?;
        agent::sees_message(desk, "customer", text).await?;
    }
    Ok((mara.id().to_owned(), noor.id().to_owned()))
}

/// Writes what is not sent; it is kept by the time its row says so.
async fn drafts(desk: &DeskWindow, customer: &str, text: &str) -> anyhow::Result<()> {
    agent::opens(desk, customer).await?;
    desk.click("composer-text").await?;
    desk.type_keys(text).await?;
    let css = agent::row(customer);
    until::holds("the row to show the draft", until::LONG, async || {
        Ok(desk.text_css(&css).await?.contains(text))
    })
    .await
}

async fn lists_and_says_that_it_is_alone(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.click("view-all").await?;
    desk.see("thread-row").await?;
    let kind = format!("{}[data-kind=\"relayUnreachable\"]", by_name("banner"));
    until::holds("the banner", until::LONG, async || Ok(desk.count(&kind).await? == 1)).await?;
    desk.see_css(&format!("{}[data-health=\"bad\"]", by_name("status-relay"))).await?;
    desk.says("status-desk", "may be behind").await?;
    desk.click("status-relay").await?;
    desk.see("account-status").await?;
    album.take(desk, "the-accounts").await?;
    desk.type_keys("\u{E00C}").await?;
    desk.see_no("account-status").await
}

async fn opens_threads(desk: &DeskWindow, mara: &str, noor: &str, album: &mut Album) -> anyhow::Result<()> {
    agent::opens(desk, noor).await?;
    agent::sees_message(desk, "customer", KITES).await?;
    agent::opens(desk, mara).await?;
    agent::sees_message(desk, "customer", CRACK).await?;
    let kept = desk.see("composer-text").await?.prop("value").await?;
    assert_eq!(kept.as_deref(), Some(BEFORE), "the draft is what it was");
    album.take(desk, "a-thread").await
}

async fn searches(desk: &DeskWindow, mara: &str, album: &mut Album) -> anyhow::Result<()> {
    desk.click("search").await?;
    desk.type_keys("7741").await?;
    desk.one_says("search-hit", "TP-7741").await?;
    album.take(desk, "found").await?;
    desk.click("search-hit").await?;
    desk.see_css(&format!("{}[data-customer=\"{mara}\"]", by_name("thread"))).await?;
    agent::sees_message(desk, "customer", CRACK).await?;
    desk.see("search").await?.clear().await?;
    desk.type_into("search", "umbrella").await?;
    desk.see("search-nothing").await?;
    album.take(desk, "nothing-found").await?;
    desk.click("search-clear").await?;
    desk.see("thread-list").await.map(drop)
}

async fn keeps_its_drafts(alone: &CutOff, mara: &str, noor: &str) -> anyhow::Result<()> {
    let desk = alone.open_desk().await.context("the desk opens a second time")?;
    for (customer, text) in [(mara, BEFORE), (noor, MEANWHILE)] {
        agent::opens(&desk, customer).await?;
        let kept = desk.see("composer-text").await?.prop("value").await?;
        assert_eq!(kept.as_deref(), Some(text));
    }
    desk.close().await.map(drop)
}
