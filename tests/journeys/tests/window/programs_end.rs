//! What the demo does when somebody ends its relay or its local Meta: it says so and brings them back, and what the desk
//! holds is good with them again.

use std::process::Command;
use std::time::Duration;

use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::telling::Telling;
use baton_journeys_tests::tending::Tending;
use baton_journeys_tests::{MARA, NORTHWIND_TEA};
use baton_support::window::meta::APP_ID;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde_json::Value;

/// A person ends a program of the demo.
fn somebody_ends(pid: u32) -> anyhow::Result<()> {
    let done = Command::new("kill").args(["-KILL", &pid.to_string()]).status()?;
    anyhow::ensure!(done.success(), "there is no process {pid}");
    Ok(())
}

/// Looks after the stage until a program has another process id.
async fn comes_back(
    stage: &mut Stage,
    what: &str,
    before: u32,
    pid: impl Fn(&Stage) -> Option<u32>,
) -> anyhow::Result<()> {
    let mut tending = Tending::after(Duration::ZERO);
    let mut silent = Telling::silent();
    until::holds(what, until::LONG, async || {
        tending.look(stage, &mut silent, Duration::ZERO).await?;
        Ok(pid(stage).is_some_and(|pid| pid != before))
    })
    .await
}

#[tokio::test]
async fn who_ends_the_relay_or_meta_sees_them_come_back() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let invite = stage.invite().await?;
    let token = stage.meta().page_token(NORTHWIND_TEA)?.to_owned();
    let (graph, phone) = (stage.meta().graph_url().to_owned(), stage.meta().phone_url().to_owned());

    let relay = stage.relay()?.pid();
    somebody_ends(relay)?;
    comes_back(&mut stage, "the relay to come back", relay, |stage| Some(stage.relay().ok()?.pid())).await?;
    assert!(!invite.is_empty() && stage.invite().await.is_ok(), "it knows its people");

    stage.meta().clock_moves(30).await?;
    stage.note_meta().await;
    let moved_ms = stage.meta().now_ms().await?;
    for _ in 0..2 {
        let meta = stage.meta().pid();
        somebody_ends(meta)?;
        comes_back(&mut stage, "Meta to come back", meta, |stage| Some(stage.meta().pid())).await?;
        assert_eq!((stage.meta().graph_url(), stage.meta().phone_url()), (graph.as_str(), phone.as_str()));
        assert!(stage.meta().now_ms().await? >= moved_ms, "Meta's time ran backwards");
        let me = reqwest::Client::builder().no_proxy().build()?.get(format!("{graph}/v26.0/me?fields=name"));
        let me: Value = me.bearer_auth(&token).send().await?.json().await?;
        assert_eq!(me["name"], "Northwind Tea", "the token that the desk holds is refused: {me}");
    }
    let mara = stage.meta().customer(NORTHWIND_TEA, MARA).await?;
    assert!(mara.shows().await?.is_empty(), "what was told is told twice");

    mara.writes("Are you back?").await?;
    until::holds("the relay to take what she wrote", until::SHORT, async || {
        let told = stage.meta().webhooks().await?;
        Ok(told.iter().any(|hook| {
            hook["app_id"] == APP_ID
                && hook["fate"] == "delivered"
                && hook["event"]["message"]["text"] == "Are you back?"
        }))
    })
    .await
}
