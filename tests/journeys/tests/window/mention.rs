//! A private note that mentions a colleague: it is on their screen at once, in the list and among the mentions, and never on
//! the customer's.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, Team};
use baton_journeys_tests::{INES, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::until;

const KITES: &str = "Do you have the red kite in stock?";
const ASKS: &str = "is the red one back from repair?";
const ENTER: &str = "\u{E007}";

#[tokio::test]
async fn who_is_mentioned_in_a_note_sees_it_in_the_list_and_among_the_mentions() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let team = Team::sits_down(folder.path(), &[(INES, "agent"), (JONAS, "agent")]).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("mention"))?;
    let noor = team.customer(NOOR).await?;
    noor.writes(KITES).await?;
    let (ines, jonas) = (team.desk(INES)?, team.desk(JONAS)?);
    let badge = format!("{} .badge", by_name("view-mentions"));
    jonas.click("view-all").await?;
    jonas.see_css(&agent::row(noor.id())).await?;
    assert_eq!(jonas.count(&badge).await?, 0);

    agent::opens(ines, noor.id()).await?;
    ines.click("write-note").await?;
    ines.click("note-text").await?;
    ines.type_keys("@Jo").await?;
    ines.one_says("offer", JONAS).await?;
    album.take(ines, "whom-it-means").await?;
    ines.type_keys(ENTER).await?;
    ines.type_keys(ASKS).await?;
    ines.click("add-note").await?;
    ines.one_says("note", ASKS).await?;
    ines.see("mention").await?;
    album.take(ines, "the-note-stands").await?;

    jonas.see_css(&format!("{} {}", agent::row(noor.id()), by_name("row-mentioned"))).await?;
    let counted = jonas.text_css(&badge).await?;
    assert!(counted.trim().starts_with('1'), "{counted}");
    album.take(jonas, "somebody-means-him").await?;
    jonas.click("view-mentions").await?;
    jonas.see_css(&agent::row(noor.id())).await?;
    jonas.click_css(&agent::row(noor.id())).await?;
    jonas.see_css(&format!("{}[data-customer=\"{}\"]", by_name("thread"), noor.id())).await?;
    let note = jonas.one_says("note", ASKS).await?;
    assert!(note.contains(INES) && note.contains(JONAS), "{note}");
    album.take(jonas, "he-reads-it").await?;
    until::holds("nothing to be counted among the mentions", until::SHORT, async || {
        Ok(jonas.count(&badge).await? == 0)
    })
    .await?;

    let phone = noor.shows().await?;
    assert_eq!(phone.len(), 1, "{phone:#?}");
    team.goes_home().await
}
