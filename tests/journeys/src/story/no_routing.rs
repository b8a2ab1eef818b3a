//! Step 8: A second account has routing off: any connected app may answer, nothing is taken, nothing expires.

use baton_support::window::desk::by_name;

use super::Story;
use crate::agent;
use crate::{INES, KITE_AND_CO, NOOR};

const ASKS: &str = "Hi, is the 2.4 m delta back in stock?";
const REPLY: &str = "Hello Noor, it is. Shall I put one aside?";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(8, "A second account, with routing off")?;
    let noor = story.stage.meta().customer(KITE_AND_CO, NOOR).await?;
    noor.writes(ASKS).await?;
    story.telling.line(NOOR, ASKS)?;
    let customer = noor.id().to_owned();
    let desk = story.stage.desk()?;
    agent::opens(desk, &customer).await?;
    agent::sees_message(desk, "customer", ASKS).await?;
    let strip = agent::sees_owner(desk, "unmanaged").await?;
    anyhow::ensure!(strip.contains("Any connected app may answer"), "the strip says: {strip}");
    anyhow::ensure!(!strip.contains("until"), "without routing nothing expires: {strip}");
    for act in ["act-take", "act-release", "act-extend"] {
        anyhow::ensure!(desk.count(&by_name(act)).await? == 0, "{act} is offered without routing");
    }
    agent::sees_send(desk, "send").await?;
    agent::replies(desk, REPLY).await?;
    story.telling.line(INES, REPLY)?;
    let noor = story.stage.meta().customer(KITE_AND_CO, NOOR).await?;
    let arrived = noor.gets(REPLY).await?;
    anyhow::ensure!(
        arrived.messaging_type.as_deref() == Some("RESPONSE"),
        "it left as {:?}",
        arrived.messaging_type
    );
    agent::sees_state(desk, REPLY, &["sent", "delivered"]).await?;
    story.telling.window(&strip)?;
    story.picture("no-routing").await
}
