//! Step 6: The agent takes the thread, answers, and passes it back to the bot; a reply would now take it first.

use baton_support::window::desk::by_name;
use baton_support::window::until;

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

const NOTE: &str = "Missing tin, sent again. Nothing left to do.";
const REPLY: &str = "I am sorry, Mara. The missing tin leaves today, and this one is on us.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(6, "The agent takes the thread, answers and passes it back")?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let desk = story.stage.desk()?;
    desk.click("act-take").await?;
    let strip = agent::sees_owner(desk, "ours").await?;
    story.telling.line(INES, "takes the thread")?;
    story.telling.window(&strip)?;
    agent::replies(desk, REPLY).await?;
    story.telling.line(INES, REPLY)?;
    mara.gets(REPLY).await?;
    agent::sees_state(desk, REPLY, &["sent", "delivered"]).await?;

    let notes = desk.count(&by_name("handover-note")).await?;
    desk.click("act-pass-to").await?;
    story.picture("passing-on").await?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let desk = story.stage.desk()?;
    desk.click("pass-note").await?;
    desk.type_keys(NOTE).await?;
    desk.click("pass-now").await?;
    let strip = agent::sees_owner(desk, "other").await?;
    anyhow::ensure!(strip.contains("Teabot"), "the strip does not name the bot: {strip}");
    agent::sees_send(desk, "takeAndSend").await?;
    anyhow::ensure!(mara.held_by().await?.as_deref() == Some("Teabot"), "the bot does not hold the thread");
    until::holds("the note to stand in the thread", until::SHORT, async || {
        Ok(desk.count(&by_name("handover-note")).await? == notes + 1)
    })
    .await?;
    story.telling.line(INES, "passes the thread to Teabot, with a note")?;
    story.telling.window(&format!("{strip}. The button says: Take and send"))?;
    story.picture("passed-back").await
}
