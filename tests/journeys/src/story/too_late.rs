//! Step 5: Past seven days nothing may leave, and Meta is not asked. The customer writes again: the bot holds the thread,
//! we hear it in standby, and the window is open.

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

const TOO_LATE: &str = "Did the parcel arrive?";
const AGAIN: &str = "Hello again, the parcel came. One tin is missing!";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(5, "A week passes, then the customer writes again")?;
    story.stage.meta().clock_moves(7 * 24).await?;
    let desk = story.stage.desk()?;
    let why = agent::sees_verdict(desk, "refused").await?;
    agent::sees_send(desk, "blocked").await?;
    story.telling.window(&why)?;
    let before = sends(story).await?;
    let desk = story.stage.desk()?;
    desk.type_into("composer-text", TOO_LATE).await?;
    desk.type_keys("\u{E007}").await?;
    let send = desk.see("send").await?;
    anyhow::ensure!(!send.is_enabled().await?, "the send button is offered though nothing may leave");
    story.picture("too-late").await?;
    anyhow::ensure!(sends(story).await? == before, "Meta was asked although nothing may leave");
    story.telling.line(INES, "presses Enter all the same: nothing leaves, and Meta is not asked")?;
    story.stage.desk()?.see("composer-text").await?.clear().await?;

    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.writes(AGAIN).await?;
    story.telling.line(MARA, AGAIN)?;
    let desk = story.stage.desk()?;
    agent::sees_message(desk, "customer", AGAIN).await?;
    let strip = agent::sees_owner(desk, "other").await?;
    let policy = agent::sees_verdict(desk, "plain").await?;
    story.telling.window(&format!("{strip}. {policy}"))?;
    story.picture("heard-in-standby").await
}

async fn sends(story: &Story<'_>) -> anyhow::Result<usize> {
    let calls = story.stage.meta().calls().await?;
    // History is read from an address of the same name.
    let ours = calls
        .iter()
        .filter(|call| call["app_id"] == baton_support::window::meta::APP_ID && call["method"] == "POST");
    Ok(ours.filter(|call| call["path"].as_str().is_some_and(|path| path.ends_with("/messages"))).count())
}
