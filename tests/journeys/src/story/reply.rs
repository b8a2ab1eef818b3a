//! Step 3: The agent replies. It leaves as a plain response; echo, delivery and reading move its mark.

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

const REPLY: &str = "Hello Mara, Ines here. I am calling the carrier now and will tell you tonight.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(3, "The agent replies")?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let desk = story.stage.desk()?;
    agent::replies(desk, REPLY).await?;
    story.telling.line(INES, REPLY)?;

    let arrived = mara.gets(REPLY).await?;
    anyhow::ensure!(
        arrived.messaging_type.as_deref() == Some("RESPONSE"),
        "it left as {:?}",
        arrived.messaging_type
    );
    anyhow::ensure!(arrived.tag.is_none(), "a plain reply carries no tag");
    agent::sees_state(desk, REPLY, &["sent"]).await?;
    mara.receives().await?;
    agent::sees_state(desk, REPLY, &["delivered"]).await?;
    mara.reads().await?;
    agent::sees_state(desk, REPLY, &["seen"]).await?;
    let shown = agent::shown(desk).await?;
    let ours = shown.iter().find(|message| message.text == REPLY);
    anyhow::ensure!(
        ours.and_then(|m| m.mid.as_deref()) == Some(arrived.mid.as_str()),
        "the echo did not settle it"
    );
    agent::title_is(desk, &format!("Baton - {INES}")).await?;
    story.telling.window("it left as a plain response: sent, delivered, seen")?;
    story.picture("seen-by-the-customer").await
}
