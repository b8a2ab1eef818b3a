//! Step 7: The relay is killed while the customer writes, the desk while a reply is on its way. Nothing is lost, nothing
//! is there twice.

use serde_json::json;

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

const FIRST: &str = "Thank you! Could you make it the Sencha instead?";
const SECOND: &str = "The 100 g one, please.";
const REPLY: &str = "Sencha it is, 100 g. The label is printed.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(7, "The relay is killed, then the desk")?;
    relay_dies(story).await?;
    desk_dies(story).await
}

async fn relay_dies(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.stage.kill_relay()?;
    story.telling.plain("                the relay is killed")?;
    {
        let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
        mara.writes(FIRST).await?;
        mara.writes(SECOND).await?;
    }
    story.telling.line(MARA, FIRST)?;
    story.telling.line(MARA, SECOND)?;
    story.picture("the-relay-is-gone").await?;
    story.stage.start_relay().await?;
    story.telling.plain("                the relay is started again, and Meta tries again")?;

    let desk = story.stage.desk()?;
    let first = agent::sees_message(desk, "customer", FIRST).await?;
    let second = agent::sees_message(desk, "customer", SECOND).await?;
    anyhow::ensure!(first < second, "the messages are out of order");
    for text in [FIRST, SECOND] {
        let times = agent::shown(desk).await?.iter().filter(|message| message.text == text).count();
        anyhow::ensure!(times == 1, "{text:?} is there {times} times");
    }
    story.telling.window("shows both once, in order")
}

async fn desk_dies(story: &mut Story<'_>) -> anyhow::Result<()> {
    let customer = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?.id().to_owned();
    // Meta accepts the message and is slow to say so: there is time for a power cut in between.
    let slow = json!({"effect": "answer_late", "ms": 20_000, "times": 1, "app_id": baton_support::window::meta::APP_ID});
    story.stage.meta().goes_wrong(&slow).await?;
    let desk = story.stage.desk()?;
    agent::opens(desk, &customer).await?;
    agent::replies(desk, REPLY).await?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    mara.gets(REPLY).await?;
    story.stage.kill_desk()?;
    story.telling.line(INES, REPLY)?;
    story
        .telling
        .plain("                the desk is killed before Meta's answer arrives, and started again")?;

    story.stage.open_desk(None).await?;
    let desk = story.stage.desk()?;
    agent::opens(desk, &customer).await?;
    let state = agent::sees_state(desk, REPLY, &["sent", "delivered", "seen"]).await?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let times = mara.count(REPLY).await?;
    anyhow::ensure!(times == 1, "the customer got it {times} times");
    let shown = agent::shown(desk).await?.iter().filter(|message| message.text == REPLY).count();
    anyhow::ensure!(shown == 1, "the thread shows it {shown} times");
    story.telling.window(&format!("says that it was {state}; the customer got it once"))?;
    story.picture("after-the-kills").await
}
