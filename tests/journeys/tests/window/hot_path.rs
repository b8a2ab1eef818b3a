//! The hot path, by keys alone: go on to whoever waits longest, read, put in a canned reply, send and go on to the next. Its
//! key presses are counted and must stay as few; its time is printed, for a driver's hands on this machine.
//!
//! Only those who are needed write here: in the demo others wait too, and would come first.

use std::io::Write as _;
use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, MARA, NOOR, NORTHWIND_TEA, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::meta::{Beginning, Phone};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use tokio::time::Instant;

const SAMIR: &str = "Samir Haddad";
const TOMASZ: &str = "Tomasz Wilk";
const ASKS: &str = "I want a person";
const ASKS_FOR_KITE: &str = "Do you have the red kite in stock?";
/// The canned reply, and what is typed of its name.
const NAME: &str = "parcel";
const TYPED: &str = "/pa";
const KEPT: &str = "Dear {name}, thank you for waiting. It is on its way.";
/// To the first of those who wait, and then for each of them: the canned reply's name, its pick, send and next.
const PRESSES: usize = 1 + CUSTOMERS * (3 + 1 + 1);
const CUSTOMERS: usize = 3;

/// A keyboard that counts: a chord is one press, whatever is held for it.
struct Hands<'a> {
    desk: &'a DeskWindow,
    presses: usize,
}

impl Hands<'_> {
    async fn press(&mut self, chord: &str) -> anyhow::Result<()> {
        self.presses += 1;
        self.desk.press(chord).await
    }

    async fn types(&mut self, keys: &str) -> anyhow::Result<()> {
        self.presses += keys.chars().count();
        self.desk.type_keys(keys).await
    }
}

#[tokio::test]
async fn whoever_waits_is_claimed_taken_read_and_answered_with_few_keys() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("hot-path"))?;
    let beginning = Beginning::Accounts;
    let mut stage = Stage::set_in(folder.path(), Screen::Virtual, KeyRing::Open, &beginning).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (desk, meta) = (stage.desk()?, stage.meta());
    keeps_canned(desk).await?;

    // Mara waits since yesterday: nobody holds her thread any more, and only a late reply may go to her.
    let mara = meta.new_customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(ASKS).await?;
    is_passed_on(&mara).await?;
    let samir = meta.new_customer(KITE_AND_CO, SAMIR).await?;
    samir.writes("Thank you, it flies!").await?;
    agent::opens(desk, samir.id()).await?;
    agent::replies(desk, "Have fun with it!").await?;
    agent::sends_now(desk).await?;
    samir.gets("Have fun with it!").await?;
    meta.clock_moves(30).await?;
    agent::sees_verdict(desk, "human-agent").await?;
    // Noor was passed on by the bot just now; Tomasz writes to a shop without a bot.
    let noor = meta.new_customer(NORTHWIND_TEA, NOOR).await?;
    noor.writes(ASKS).await?;
    is_passed_on(&noor).await?;
    let tomasz = meta.new_customer(KITE_AND_CO, TOMASZ).await?;
    tomasz.writes(ASKS_FOR_KITE).await?;
    desk.click("view-unassigned").await?;
    for customer in [&mara, &noor, &tomasz] {
        desk.see_css(&agent::row(customer.id())).await?;
    }
    album.take(desk, "three-wait").await?;

    let mut hands = Hands { desk, presses: 0 };
    let begun = Instant::now();
    hands.press("Ctrl+J").await?;
    let mut took_ms = Vec::new();
    for (customer, name, said, send) in [
        (&mara, MARA, ASKS, "takeAndSend"),
        (&noor, NOOR, ASKS, "send"),
        (&tomasz, TOMASZ, ASKS_FOR_KITE, "send"),
    ] {
        let came = Instant::now();
        is_open(desk, customer).await?;
        agent::sees_message(desk, "customer", said).await?;
        agent::sees_send(desk, send).await?;
        hands.types(TYPED).await?;
        desk.says("canned-preview", name).await?;
        hands.press("Enter").await?;
        holds(desk, &canned(name)).await?;
        hands.press("Ctrl+Enter").await?;
        took_ms.push(came.elapsed().as_millis());
    }
    desk.one_says("toast", "Nobody else waits").await?;
    let whole_ms = begun.elapsed().as_millis();
    // Past what keeps the words of a test that passes.
    writeln!(
        std::io::stderr(),
        "hot path (next, claim, take, read, canned reply, send, next): {} key presses for {CUSTOMERS} customers, \
         {whole_ms} ms in all, {took_ms:?} ms each",
        hands.presses
    )?;
    assert_eq!(hands.presses, PRESSES);

    // All of it happened: each was claimed, Mara's thread taken, and each got the reply once, hers marked as a late one.
    for (customer, name) in [(&mara, MARA), (&noor, NOOR), (&tomasz, TOMASZ)] {
        let got = customer.gets(&canned(name)).await?;
        assert_eq!(got.tag.as_deref(), (name == MARA).then_some("HUMAN_AGENT"), "{name}");
        assert_eq!(customer.count(&canned(name)).await?, 1, "{name}");
    }
    assert_eq!(mara.held_by().await?.as_deref(), Some("Baton"));
    let facts = stage.relay()?.log_bodies(NORTHWIND_TEA).await?;
    for customer in [mara.id(), noor.id()] {
        let is_claimed =
            |fact: &serde_json::Value| fact["fact"] == "assigned" && fact["customer"] == customer;
        assert!(facts.iter().any(is_claimed), "{customer} was not claimed: {facts:#?}");
    }
    album.take(desk, "all-answered").await?;
    stage.close_desk().await
}

async fn keeps_canned(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.click("settings").await?;
    desk.click("tab-canned").await?;
    desk.click("add-canned").await?;
    desk.type_into("canned-name", NAME).await?;
    desk.type_into("canned-text", KEPT).await?;
    desk.click("save-canned").await?;
    desk.see_css(&format!("{}[data-key=\"own {NAME}\"]", by_name("canned-reply"))).await?;
    desk.click("close").await
}

fn canned(name: &str) -> String {
    KEPT.replace("{name}", name)
}

/// Waits until the bot has passed a customer on to us.
async fn is_passed_on(customer: &Phone<'_>) -> anyhow::Result<()> {
    until::holds("the bot to pass the thread on", until::SHORT, async || {
        Ok(customer.held_by().await?.as_deref() == Some("Baton"))
    })
    .await
}

/// Waits until a customer's thread is open, ready to be written in.
async fn is_open(desk: &DeskWindow, customer: &Phone<'_>) -> anyhow::Result<()> {
    let id = customer.id();
    desk.see_css(&format!("{}[data-customer=\"{id}\"]", by_name("thread"))).await?;
    until::holds("an empty composer with the focus", until::SHORT, async || {
        let is_focused = desk.focused().await?.as_deref() == Some("composer-text");
        Ok(is_focused && desk.see("composer-text").await?.prop("value").await?.as_deref() == Some(""))
    })
    .await
}

/// Waits until the composer holds this text.
async fn holds(desk: &DeskWindow, text: &str) -> anyhow::Result<()> {
    until::holds(&format!("the composer to hold {text:?}"), until::SHORT, async || {
        Ok(desk.see("composer-text").await?.prop("value").await?.as_deref() == Some(text))
    })
    .await
}
