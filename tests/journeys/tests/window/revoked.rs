//! An admin cuts a computer off while its agent works: the window says so at once, and nothing is left to be read there.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{SVEN, Team, about};
use baton_journeys_tests::{INES, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::until;

const KITES: &str = "Do you have the red kite in stock?";
const HALF: &str = "Hello Noor, the red kite";

#[tokio::test]
async fn a_computer_that_is_cut_off_says_so_and_shows_nothing_more() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let team = Team::sits_down(folder.path(), &[(INES, "agent"), (SVEN, "admin")]).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("revoked"))?;
    let noor = team.customer(NOOR).await?;
    noor.writes(KITES).await?;
    let (ines, sven) = (team.desk(INES)?, team.desk(SVEN)?);
    agent::opens(ines, noor.id()).await?;
    agent::sees_message(ines, "customer", KITES).await?;
    ines.type_keys(HALF).await?;

    sven.click("settings").await?;
    sven.click("tab-people").await?;
    sven.click_css(&about("show-person", INES)).await?;
    sven.see_css(&format!("{}[data-state=\"enrolled\"]", by_name("person-desk"))).await?;
    album.take(sven, "her-computer").await?;
    sven.click("cut-off").await?;
    sven.see("cut-off-dialog").await?;
    album.take(sven, "what-it-means").await?;
    sven.click("cut-off-now").await?;

    // The relay is told as soon as nothing is left.
    ines.see_css(&format!("{}[data-stage=\"told\"]", by_name("cut-off-screen"))).await?;
    let said = ines.says("cut-off-screen", "This computer was cut off").await?;
    assert!(said.contains(INES), "{said}");
    for name in ["thread-list", "thread", "composer-text"] {
        assert_eq!(ines.count(&by_name(name)).await?, 0, "{name} is still there");
    }
    album.take(ines, "cut-off").await?;
    until::holds("her computer to be listed as cut off", until::SHORT, async || {
        Ok(sven.count(&format!("{}[data-state=\"enrolled\"]", by_name("person-desk"))).await? == 0)
    })
    .await?;
    album.take(sven, "she-is-out").await?;

    // What arrives now reaches those who work here, and nobody else.
    sven.click("close").await?;
    noor.writes("Hello?").await?;
    agent::opens(sven, noor.id()).await?;
    agent::sees_message(sven, "customer", "Hello?").await?;
    let said = ines.text("cut-off-screen").await?;
    assert!(!said.contains("Hello?") && !said.contains(KITES), "{said}");
    Ok(())
}
