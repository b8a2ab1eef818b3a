//! The demo's colleagues as somebody who tries Baton alone sees them: they are there, they have threads, and one of them asks for
//! something; and the workspace has labels and canned replies.

use baton_journeys_tests::demo_team::{Colleagues, EMIL, Morning, shares};
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::team::{SVEN, row_of};
use baton_journeys_tests::{AYUMI, KITE_AND_CO, KITE_ON_INSTAGRAM, NOOR, agent};
use baton_support::window::desk::by_name;
use baton_support::window::room::{KeyRing, Screen};

#[tokio::test]
async fn whoever_tries_baton_alone_has_colleagues() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file_as("admin").await?;
    shares(&stage).await?;
    stage.open_desk(Some(enrol_file)).await?;
    let colleagues = Colleagues::sit_down(&stage).await?;
    let morning = Morning::of(&stage).await?;
    colleagues.begin(&morning).await?;

    let desk = stage.desk()?;
    let noor = stage.meta().customer(KITE_AND_CO, NOOR).await?;
    let ayumi = stage.meta().customer(KITE_ON_INSTAGRAM, AYUMI).await?;
    desk.click("view-all").await?;
    agent::sees_assignee(desk, noor.id(), EMIL).await?;
    let faces = format!("{} {}[title*=\"{EMIL}\"]", agent::row(noor.id()), by_name("row-faces"));
    desk.see_css(&faces).await?;
    desk.click("view-mentions").await?;
    desk.see_css(&agent::row(ayumi.id())).await?;

    desk.click("open-board").await?;
    for name in [EMIL, SVEN] {
        desk.see_css(&format!("{} [data-state=\"online\"]", row_of(name))).await?;
    }
    desk.see("board-label").await?;
    desk.click("settings").await?;
    desk.click("tab-canned").await?;
    desk.one_says("canned-reply", "parcel").await?;
    desk.click("close").await?;
    stage.close_desk().await
}
