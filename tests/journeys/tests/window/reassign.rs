//! A supervisor gives a thread to somebody else while its agent types: what was typed stays, and the window says whose it is.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, SVEN, Team};
use baton_journeys_tests::{INES, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::until;

const KITES: &str = "Do you have the red kite in stock?";
const HALF: &str = "Hello Noor, the red kite";
const REST: &str = " is here, and the blue one too.";

#[tokio::test]
async fn what_an_agent_types_stays_when_the_thread_is_given_away() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let people = [(INES, "agent"), (JONAS, "agent"), (SVEN, "supervisor")];
    let team = Team::sits_down(folder.path(), &people).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("reassign"))?;
    let noor = team.customer(NOOR).await?;
    noor.writes(KITES).await?;
    let (ines, jonas, sven) = (team.desk(INES)?, team.desk(JONAS)?, team.desk(SVEN)?);
    agent::opens(ines, noor.id()).await?;
    ines.click("assign").await?;
    ines.says("assign", "Give back").await?;
    agent::opens(sven, noor.id()).await?;
    agent::sees_assignee(sven, noor.id(), INES).await?;

    ines.click("composer-text").await?;
    ines.type_keys(HALF).await?;
    let here = sven.says("here", "typing").await?;
    assert!(here.contains(INES), "{here}");
    sven.click("thread-menu").await?;
    sven.click("menu-give").await?;
    sven.type_into("give-find", JONAS).await?;
    until::holds("Jonas alone to be offered", until::SHORT, async || {
        let offered = sven.texts_css(&by_name("give-to")).await?;
        Ok(matches!(&offered[..], [only] if only.contains(JONAS)))
    })
    .await?;
    album.take(sven, "whom-it-is-given-to").await?;
    sven.click("give-to").await?;
    sven.one_says("toast", JONAS).await?;

    let not_mine = format!("{}[aria-disabled=\"true\"][title*=\"{JONAS}\"]", by_name("assign"));
    ines.see_css(&not_mine).await?;
    agent::holds(ines, HALF).await?;
    assert_eq!(ines.focused().await?.as_deref(), Some("composer-text"), "the hands stay where they are");
    ines.type_keys(REST).await?;
    agent::holds(ines, &format!("{HALF}{REST}")).await?;
    agent::sees_assignee(ines, noor.id(), JONAS).await?;
    album.take(ines, "given-to-a-colleague").await?;

    jonas.click("view-mine").await?;
    jonas.see_css(&agent::row(noor.id())).await?;
    album.take(jonas, "it-is-his").await?;
    ines.click("view-mine").await?;
    until::holds("a list without the thread", until::SHORT, async || {
        Ok(ines.count(&agent::row(noor.id())).await? == 0)
    })
    .await?;
    agent::holds(ines, &format!("{HALF}{REST}")).await?;
    assert_eq!(noor.shows().await?.len(), 1, "nothing left by itself");
    team.goes_home().await
}
