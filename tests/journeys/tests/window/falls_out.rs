//! An agent's computer dies with a draft and a reply on it: the supervisor returns the threads, a colleague goes on with the
//! draft, and when the agent comes back nothing leaves by itself.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, SVEN, Team, about};
use baton_journeys_tests::{INES, KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::meta::APP_ID;
use baton_support::window::until;
use serde_json::json;

const PIET: &str = "Piet Vos";
const KITES: &str = "Do you have the red kite in stock?";
const REPAIR: &str = "Is my kite repaired?";
const DRAFT: &str = "Hello Noor, the red kite comes on Tuesday.";
const WAITS: &str = "It is, you can fetch it.";
const HALF_AN_HOUR_MS: i64 = 1_800_000;

/// Who wrote.
struct Customers {
    noor: String,
    piet: String,
}

#[tokio::test]
async fn what_somebody_leaves_is_seen_returned_and_gone_on_with() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let people = [(INES, "agent"), (JONAS, "agent"), (SVEN, "supervisor")];
    let mut team = Team::sits_down(folder.path(), &people).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("falls-out"))?;
    let customers =
        Customers { noor: wrote(&team, NOOR, KITES).await?, piet: wrote(&team, PIET, REPAIR).await? };

    ines_works(&team, &customers).await?;
    team.desk(JONAS)?.click("view-all").await?;
    let waits = format!("{} {}", agent::row(&customers.piet), by_name("row-reply-waits"));
    team.desk(JONAS)?.see_css(&waits).await?;
    team.dies(INES)?;
    sven_returns_her_threads(&team, &customers, &mut album).await?;
    jonas_goes_on(&team, &customers, &mut album).await?;

    // Meta takes replies again, and what she had pressed would leave now.
    team.stage().meta().goes_right().await?;
    team.stage().meta().clock_moves(1).await?;
    team.comes_back(INES).await?;
    ines_is_back(&team, &customers, &mut album).await?;
    team.goes_home().await
}

async fn wrote(team: &Team, name: &str, text: &str) -> anyhow::Result<String> {
    let customer = team.customer(name).await?;
    customer.writes(text).await?;
    Ok(customer.id().to_owned())
}

/// One reply waits for Meta, and another one is a draft that the relay has heard of.
async fn ines_works(team: &Team, customers: &Customers) -> anyhow::Result<()> {
    let slow = json!({"effect": "throttled", "error": "rate_buc_messenger", "call": "send", "app_id": APP_ID,
        "for_ms": HALF_AN_HOUR_MS});
    team.stage().meta().goes_wrong(&slow).await?;
    let ines = team.desk(INES)?;
    agent::opens(ines, &customers.piet).await?;
    ines.click("assign").await?;
    ines.says("assign", "Give back").await?;
    agent::replies(ines, WAITS).await?;
    agent::sends_now(ines).await?;
    agent::sees_state(ines, WAITS, &["waiting"]).await?;

    agent::opens(ines, &customers.noor).await?;
    ines.click("assign").await?;
    ines.says("assign", "Give back").await?;
    agent::writes(ines, DRAFT).await?;
    until::holds("the relay to keep the draft", until::LONG, async || {
        team.stage().relay()?.keeps_draft(DRAFT).await
    })
    .await
}

/// Both threads are in the queue with one press.
async fn sven_returns_her_threads(
    team: &Team,
    customers: &Customers,
    album: &mut Album,
) -> anyhow::Result<()> {
    let sven = team.desk(SVEN)?;
    sven.click("view-all").await?;
    for customer in [&customers.noor, &customers.piet] {
        agent::sees_assignee(sven, customer, INES).await?;
    }
    sven.click("settings").await?;
    sven.click("tab-people").await?;
    sven.click_css(&about("return-threads-of", INES)).await?;
    sven.says("returning-says", "2 threads").await?;
    album.take(sven, "what-is-returned").await?;
    sven.click("returning-go").await?;
    sven.see_no("returning-says").await?;
    sven.click("close").await?;
    sven.click("view-unassigned").await?;
    for customer in [&customers.noor, &customers.piet] {
        sven.see_css(&agent::row(customer)).await?;
    }
    album.take(sven, "they-are-in-the-queue").await
}

/// What she was writing stands above the composer, and a colleague uses it.
async fn jonas_goes_on(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let jonas = team.desk(JONAS)?;
    agent::opens(jonas, &customers.piet).await?;
    let pending = jonas.says("reply-waits", "waiting on the desk of").await?;
    assert!(pending.contains(INES), "{pending}");
    album.take(jonas, "a-reply-waits-on-her-desk").await?;

    agent::opens(jonas, &customers.noor).await?;
    let handed = jonas.says("handed-draft", DRAFT).await?;
    assert!(handed.contains(INES), "{handed}");
    album.take(jonas, "her-draft").await?;
    jonas.click("assign").await?;
    jonas.says("assign", "Give back").await?;
    jonas.click("use-handed").await?;
    agent::holds(jonas, DRAFT).await?;
    jonas.see_no("handed-draft").await?;
    album.take(jonas, "he-goes-on-with-it").await
}

/// She reads who set her offline, has no thread any more, and finds her reply where she can decide about it.
async fn ines_is_back(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let ines = team.desk(INES)?;
    ines.says("set-offline", SVEN).await?;
    album.take(ines, "set-offline").await?;
    ines.click("view-mine").await?;
    until::holds("no thread to be hers", until::SHORT, async || {
        Ok(ines.count(&by_name("thread-row")).await? == 0)
    })
    .await?;
    agent::opens(ines, &customers.piet).await?;
    agent::holds(ines, WAITS).await?;
    ines.see("draft-words").await?;
    album.take(ines, "her-reply-is-a-draft").await?;
    ines.click("go-online").await?;
    ines.see_no("set-offline").await?;

    let phone = team.stage().meta().phone(KITE_AND_CO, &customers.piet);
    assert_eq!(phone.count(WAITS).await?, 0, "it left although the thread was somebody else's to give");
    // Nobody waits for her desk any more.
    let waits = format!("{} {}", agent::row(&customers.piet), by_name("row-reply-waits"));
    let jonas = team.desk(JONAS)?;
    until::holds("no reply to wait on her desk", until::SHORT, async || Ok(jonas.count(&waits).await? == 0))
        .await
}
