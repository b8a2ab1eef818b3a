//! Step 2: The customer asks for a person. The bot passes control with a note, and the thread waits for us.

use super::{Story, agent};
use crate::{MARA, NORTHWIND_TEA};

const ASKS: &str = "I want a person";
const NOTE: &str = "Order 4412, parcel late since Friday. Customer asked twice. Language: English.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(2, "The customer asks for a person, and the bot passes the thread on")?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(ASKS).await?;
    story.telling.line(MARA, ASKS)?;

    let desk = story.stage.desk()?;
    let line = desk.says("handover-line", "Teabot passed this thread to Baton").await?;
    let note = desk.says("handover-note", NOTE).await?;
    let strip = agent::sees_owner(desk, "ours").await?;
    anyhow::ensure!(strip.contains("holds this thread until"), "the strip does not say until when: {strip}");
    let policy = agent::sees_verdict(desk, "plain").await?;
    title_counts(desk, 1).await?;
    story.telling.window(&line)?;
    story.telling.window(&note)?;
    story.telling.window(&format!("{strip}. {policy}. The title counts one thread that waits."))?;
    story.picture("a-person-is-asked-for").await
}

async fn title_counts(desk: &baton_support::window::desk::DeskWindow, waiting: usize) -> anyhow::Result<()> {
    use baton_support::window::until;
    let wanted = format!("({waiting}) Baton");
    until::holds(&format!("the window's title to be {wanted:?}"), until::SHORT, async || {
        Ok(desk.window_title().await? == wanted)
    })
    .await
}
