//! Step 1: A customer writes. The bot holds the thread and answers; the desk shows both as they happen.

use super::Story;
use crate::agent;
use crate::{MARA, NORTHWIND_TEA};

const ASKS: &str = "Hello, my order 4412 is late since Friday. Where is my parcel?";
const ANSWER: &str = "Your parcel has left our shop";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(1, "A customer writes, and the bot answers")?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(ASKS).await?;
    story.telling.line(MARA, ASKS)?;

    let customer = mara.id().to_owned();
    let desk = story.stage.desk()?;
    agent::opens(desk, &customer).await?;
    agent::sees_message(desk, "customer", ASKS).await?;
    agent::sees_message(desk, "app", ANSWER).await?;
    let strip = agent::sees_owner(desk, "other").await?;
    anyhow::ensure!(strip.contains("Teabot"), "the strip does not name the bot: {strip}");
    story.telling.window(&format!("shows both as they happen. {strip}"))?;
    story.picture("the-bot-answers").await
}
