//! Step 9: The same desk answers on Instagram: an answer to a story, a picture, a reply, a heart under it.

use baton_support::window::desk::by_name;
use baton_support::window::until;

use super::Story;
use crate::agent;
use crate::{AYUMI, INES, KITE_ON_INSTAGRAM};

const TO_A_STORY: &str = "So pretty! Where was this flown?";
const ASKS: &str = "Mine looks like this now. Can it be mended?";
const REPLY: &str = "It can, Ayumi. A new spar is 6 €, we post it today.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(9, "A customer writes on Instagram")?;
    let ayumi = story.stage.meta().customer(KITE_ON_INSTAGRAM, AYUMI).await?;
    ayumi.answers_a_story(TO_A_STORY).await?;
    ayumi.sends(&["image"]).await?;
    ayumi.writes(ASKS).await?;
    story.telling.line(AYUMI, TO_A_STORY)?;
    story.telling.line(AYUMI, "sends a picture")?;
    story.telling.line(AYUMI, ASKS)?;

    let desk = story.stage.desk()?;
    agent::opens(desk, ayumi.id()).await?;
    agent::sees_message(desk, "customer", ASKS).await?;
    desk.see("story").await?;
    desk.see("picture").await?;
    agent::sees_send(desk, "send").await?;
    agent::replies(desk, REPLY).await?;
    story.telling.line(INES, REPLY)?;

    let arrived = ayumi.gets(REPLY).await?;
    anyhow::ensure!(arrived.tag.is_none(), "it left as {:?} {:?}", arrived.messaging_type, arrived.tag);
    agent::sees_state(desk, REPLY, &["sent"]).await?;
    ayumi.reacts(&arrived.mid, "love").await?;
    ayumi.reads().await?;
    agent::sees_state(desk, REPLY, &["seen"]).await?;
    let heart = format!("{} .reactions", by_name("message"));
    until::holds("the heart under the reply", until::SHORT, async || Ok(desk.count(&heart).await? == 1))
        .await?;
    story.telling.window("it left through the Page's token: sent, seen, and a heart under it")?;
    story.picture("on-instagram").await
}
