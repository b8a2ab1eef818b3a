//! Two agents take one thread at the same moment, in front of their supervisor: one has it, the other reads who.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, SVEN, Team};
use baton_journeys_tests::{INES, KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::until;
use serde_json::Value;

const KITES: &str = "Do you have the red kite in stock?";

#[tokio::test]
async fn of_two_who_press_at_once_one_has_the_thread_and_the_other_reads_who() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let people = [(INES, "agent"), (JONAS, "agent"), (SVEN, "supervisor")];
    let team = Team::sits_down(folder.path(), &people).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("claim-race"))?;
    let noor = team.customer(NOOR).await?;
    noor.writes(KITES).await?;
    for (name, _) in people {
        agent::opens(team.desk(name)?, noor.id()).await?;
    }
    album.take(team.desk(INES)?, "nobody-has-it").await?;

    // All windows are on this machine, and so have one clock.
    let (ines, jonas) = (team.desk(INES)?, team.desk(JONAS)?);
    let at = ines.client().execute("return Date.now() + 1500", vec![]).await?;
    tokio::try_join!(takes_at(ines, &at), takes_at(jonas, &at))?;

    let winner = until::some("one of the two to have the thread", until::SHORT, async || {
        for name in [INES, JONAS] {
            if team.desk(name)?.text("assign").await?.contains("Give back") {
                return Ok(Some(name));
            }
        }
        Ok(None)
    })
    .await?;
    let loser = if winner == INES { JONAS } else { INES };
    let (won, lost, sven) = (team.desk(winner)?, team.desk(loser)?, team.desk(SVEN)?);
    lost.one_says("toast", winner).await?;
    album.take(lost, "the-other-reads-who").await?;
    lost.see_css(&format!("{}[aria-disabled=\"true\"][title*=\"{winner}\"]", by_name("assign"))).await?;
    for desk in [lost, sven] {
        agent::sees_assignee(desk, noor.id(), winner).await?;
    }
    album.take(sven, "the-supervisor-sees-it").await?;
    for (desk, has_it) in [(won, true), (lost, false)] {
        desk.click("view-mine").await?;
        if has_it {
            desk.see_css(&agent::row(noor.id())).await?;
        } else {
            until::holds("a list without the thread", until::SHORT, async || {
                Ok(desk.count(&agent::row(noor.id())).await? == 0)
            })
            .await?;
        }
    }
    album.take(won, "it-is-mine").await?;

    let log = team.stage().relay()?.log_bodies(KITE_AND_CO).await?;
    let claims = log.iter().filter(|body| body["fact"] == "assigned").count();
    assert_eq!(claims, 1, "{log:#?}");
    team.goes_home().await
}

/// Presses the button at this moment.
async fn takes_at(desk: &DeskWindow, at: &Value) -> anyhow::Result<()> {
    let script = "const [css, at] = arguments; \
                  setTimeout(() => document.querySelector(css).click(), at - Date.now())";
    desk.client().execute(script, vec![by_name("assign").into(), at.clone()]).await?;
    Ok(())
}
