//! Who looks at a thread and who types there is seen by colleagues, in the list and in the thread, and is gone within seconds
//! after their desk died.

use std::path::Path;
use std::time::Duration;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, Team};
use baton_journeys_tests::{INES, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::until;

const KITES: &str = "Do you have the red kite in stock?";
/// The relay waits five seconds for a desk to come back; then it is gone.
const WITHIN: Duration = Duration::from_secs(15);

#[tokio::test]
async fn a_colleague_is_seen_reading_and_typing_and_is_gone_with_their_desk() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut team = Team::sits_down(folder.path(), &[(INES, "agent"), (JONAS, "agent")]).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("presence"))?;
    let noor = team.customer(NOOR).await?;
    noor.writes(KITES).await?;
    let noor = noor.id().to_owned();
    let faces = format!("{} {}", agent::row(&noor), by_name("row-faces"));
    let (ines, jonas) = (team.desk(INES)?, team.desk(JONAS)?);
    ines.click("view-all").await?;
    ines.see_css(&agent::row(&noor)).await?;
    assert_eq!(ines.count(&faces).await?, 0);

    agent::opens(jonas, &noor).await?;
    ines.see_css(&format!("{faces}[title*=\"{JONAS}\"]")).await?;
    album.take(ines, "a-colleague-looks").await?;
    agent::opens(ines, &noor).await?;
    ines.says("here", JONAS).await?;
    jonas.says("here", INES).await?;

    jonas.click("composer-text").await?;
    jonas.type_keys("Hello Noor,").await?;
    ines.says("here", "typing").await?;
    // In the place where an own reply is written it is said too.
    jonas.type_keys(" it is").await?;
    let beside = ines.says("replies-too", "typing a reply here too").await?;
    assert!(beside.contains(JONAS), "{beside}");
    jonas.type_keys(" here.").await?;
    album.take(ines, "a-colleague-types").await?;

    team.dies(JONAS)?;
    let ines = team.desk(INES)?;
    until::holds("Jonas to be gone from the list", WITHIN, async || Ok(ines.count(&faces).await? == 0))
        .await?;
    let here = ines.text("here").await?;
    assert!(!here.contains(JONAS), "{here}");
    ines.click("me").await?;
    let there = ines.says("team-there", "Offline").await?;
    assert!(there.contains(JONAS), "{there}");
    album.take(ines, "gone-with-the-desk").await?;

    team.comes_back(JONAS).await?;
    team.desk(INES)?.says("team-there", "Online").await?;
    team.goes_home().await
}
