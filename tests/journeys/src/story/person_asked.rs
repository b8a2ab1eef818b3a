//! Step 2: The customer asks for a person. The bot passes control with a note, and the thread waits for us.

use super::Story;
use crate::agent::{self, title_is};
use crate::{INES, MARA, NORTHWIND_TEA};

const ASKS: &str = "I want a person";
const NOTE: &str = "Order 4412, parcel late since Friday. Customer asked twice. Language: English.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(2, "The customer asks for a person, and the bot passes the thread on")?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(ASKS).await?;
    story.telling.line(MARA, ASKS)?;

    let desk = story.stage.desk()?;
    let line = desk.one_says("handover-line", "Teabot passed this thread to Baton").await?;
    let note = desk.one_says("handover-note", NOTE).await?;
    let strip = agent::sees_owner(desk, "ours").await?;
    anyhow::ensure!(strip.contains("holds this thread until"), "the strip does not say until when: {strip}");
    let policy = agent::sees_verdict(desk, "plain").await?;
    story.telling.window(&line)?;
    story.telling.window(&note)?;
    story.telling.window(&format!("{strip}. {policy}"))?;
    desk.click("assign").await?;
    title_is(desk, &format!("(1) Baton - {INES}")).await?;
    story.telling.line(INES, "takes it on; the window's title counts what waits for her: (1) Baton")?;
    story.picture("a-person-is-asked-for").await
}
