//! Step 6: The agent takes the thread, answers, and passes it back to the bot; a reply would now take it first.

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

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

    desk.click("act-pass").await?;
    let strip = agent::sees_owner(desk, "other").await?;
    anyhow::ensure!(strip.contains("Teabot"), "the strip does not name the bot: {strip}");
    agent::sees_send(desk, "takeAndSend").await?;
    anyhow::ensure!(mara.held_by().await?.as_deref() == Some("Teabot"), "the bot does not hold the thread");
    story.telling.line(INES, "passes the thread to Teabot")?;
    story.telling.window(&format!("{strip}. The button says: Take and send"))?;
    story.picture("passed-back").await
}
