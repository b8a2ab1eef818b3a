//! A thread that was scrolled up: what stands there stays true, and stays where it is.

use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde_json::json;

/// More than a thread opens with.
const LINES: usize = 75;

fn line(number: usize) -> String {
    format!("This is line {number:02}.")
}

#[tokio::test]
async fn a_message_far_up_changes_on_the_screen_and_nothing_else_moves() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (desk, noor) = (stage.desk()?, stage.meta().customer(KITE_AND_CO, NOOR).await?);
    let first = noor.writes(&line(1)).await?;
    for number in 2..=LINES {
        noor.writes(&line(number)).await?;
    }
    // Whole before it is opened: what arrives in an open thread is kept beside its newest page.
    desk.click("view-all").await?;
    desk.one_says("row-preview", &line(LINES)).await?;
    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", &line(LINES)).await?;
    assert!(!agent::shown(desk).await?.iter().any(|shown| shown.text == line(1)), "the thread opens whole");

    scrolled_to(desk, &line(1)).await?;
    scrolled_to(desk, &line(9)).await?;
    let before_px = top_px(desk, &line(9)).await?;
    noor.reacts(&first, "love").await?;
    let reaction = format!("{}[data-mid=\"{first}\"] .reactions", by_name("message"));
    assert!(desk.text_css(&reaction).await?.contains('\u{2764}'), "another reaction");
    let moved_px = top_px(desk, &line(9)).await? - before_px;
    assert!(moved_px.abs() < 1.5, "what is being read moved by {moved_px} px");
    stage.close_desk().await
}

const OF_TEXT: &str = "const found = [...document.querySelectorAll('[data-test=\"message\"]')] \
                       .find((e) => e.innerText.includes(arguments[0]));";

/// Scrolls up until the message is there, and to its upper edge.
async fn scrolled_to(desk: &DeskWindow, text: &str) -> anyhow::Result<()> {
    let script = format!(
        "{OF_TEXT} if (found) found.scrollIntoView({{ block: 'start' }}); \
         else document.querySelector('[data-test=\"log\"]').scrollTop = 0; return !!found"
    );
    until::holds(&format!("{text:?} to come into sight"), until::SHORT, async || {
        Ok(desk.client().execute(&script, vec![json!(text)]).await? == json!(true))
    })
    .await
}

async fn top_px(desk: &DeskWindow, text: &str) -> anyhow::Result<f64> {
    let script = format!("{OF_TEXT} return found.getBoundingClientRect().top");
    Ok(serde_json::from_value(desk.client().execute(&script, vec![json!(text)]).await?)?)
}
