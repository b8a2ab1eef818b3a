//! Step 4: Thirty hours later nobody holds the thread. A late reply takes it first and leaves marked as a person's.

use serde_json::json;

use super::Story;
use crate::agent;
use crate::{INES, MARA, NORTHWIND_TEA};

const REPLY: &str = "Good news, Mara: the parcel is at the depot and comes tomorrow before noon.";

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(4, "Thirty hours pass")?;
    story.stage.meta().clock_moves(30).await?;
    let desk = story.stage.desk()?;
    let strip = agent::sees_owner(desk, "idle").await?;
    anyhow::ensure!(strip.contains("Teabot answers"), "the strip does not say who may answer: {strip}");
    let policy = agent::sees_verdict(desk, "human-agent").await?;
    anyhow::ensure!(
        policy.contains("5 d") || policy.contains("5 days"),
        "the line does not say what is left: {policy}"
    );
    agent::sees_send(desk, "takeAndSend").await?;
    story.telling.window(&format!("{strip}. {policy}"))?;
    story.picture("thirty-hours-later").await?;

    tagged_send_of_a_stranger_is_refused(story).await?;

    let desk = story.stage.desk()?;
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    agent::replies(desk, REPLY).await?;
    story.telling.line(INES, REPLY)?;
    let arrived = mara.gets(REPLY).await?;
    anyhow::ensure!(
        arrived.messaging_type.as_deref() == Some("MESSAGE_TAG"),
        "it left as {:?}",
        arrived.messaging_type
    );
    anyhow::ensure!(arrived.tag.as_deref() == Some("HUMAN_AGENT"), "its tag is {:?}", arrived.tag);
    agent::sees_owner(desk, "ours").await?;
    agent::sees_state(desk, REPLY, &["sent", "delivered"]).await?;
    let shown = agent::shown(desk).await?;
    anyhow::ensure!(
        shown.iter().any(|m| m.text == REPLY && m.late),
        "the thread does not mark it as a late reply"
    );
    evidence_is_in_the_log(story).await?;
    story.telling.window(
        "control was taken, the reply left marked as written by a person; the evidence is in the log",
    )?;
    story.picture("late-reply").await
}

/// The desk would never make this call: nobody holds the thread, so Meta looks at ownership before the window.
async fn tagged_send_of_a_stranger_is_refused(story: &mut Story<'_>) -> anyhow::Result<()> {
    let mara = story.stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    let body = json!({
        "recipient": {"id": mara.id()}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT",
        "message": {"text": "sent past every check"},
    });
    let (status, answer) = story.stage.meta().graph_call(NORTHWIND_TEA, "messages", &body).await?;
    let error = (answer["error"]["code"].as_i64(), answer["error"]["error_subcode"].as_i64());
    anyhow::ensure!(
        status >= 400 && error == (Some(10), Some(2_018_300)),
        "Meta answered {status}: {answer}"
    );
    anyhow::ensure!(mara.count("sent past every check").await? == 0, "it arrived all the same");
    story
        .telling
        .line("Meta", "refuses a tagged send past our checks: another app holds the thread (10/2018300)")
}

/// Why the tag was right stands beside the send: when the customer last wrote, and until when a late reply may leave.
async fn evidence_is_in_the_log(story: &Story<'_>) -> anyhow::Result<()> {
    let facts = story.stage.relay()?.log_bodies(NORTHWIND_TEA).await?;
    let sends = facts.iter().filter(|fact| fact["fact"] == "send_started");
    let tagged: Vec<_> = sends.filter(|fact| !fact["tag"].is_null()).collect();
    let [send] = tagged[..] else { anyhow::bail!("{} entries tell of tagged sends", tagged.len()) };
    anyhow::ensure!(send["text"] == REPLY, "the tagged send is another one: {send}");
    anyhow::ensure!(send["tag"]["last_opening_ms"].is_i64(), "the evidence is missing: {send}");
    Ok(())
}
