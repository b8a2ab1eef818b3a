//! A text and three pictures in the real window: dropped, pasted and chosen; one is refused, and only that one is sent again.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::picture::png;
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::meta::Phone;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use fantoccini::Locator;
use serde_json::{Value, json};

const ASKS: &str = "How do I put the frame together?";
const REPLY: &str = "Here is how, in three steps.";

/// Makes pictures in the page and gives them to it as the desktop would: with a drop on the thread, or with a paste.
const GIVE: &str = r#"
    const [how, names, done] = arguments;
    (async () => {
        const given = new DataTransfer();
        for (const [at, name] of names.entries()) {
            const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 420 });
            const pen = canvas.getContext('2d');
            pen.fillStyle = ['#c8553d', '#3a8f5a', '#3c5fc0'][at % 3];
            pen.fillRect(0, 0, 640, 420);
            pen.fillStyle = '#ffffff';
            pen.font = '120px sans-serif';
            pen.fillText(String(at + 1), 280, 250);
            const blob = await new Promise((made) => canvas.toBlob(made, 'image/png'));
            given.items.add(new File([blob], name, { type: 'image/png' }));
        }
        if (how === 'drop') {
            const thread = document.querySelector('[data-test="thread"]');
            thread.dispatchEvent(new DragEvent('dragenter', { dataTransfer: given, bubbles: true }));
            thread.dispatchEvent(new DragEvent('drop', { dataTransfer: given, bubbles: true, cancelable: true }));
        } else {
            const box = document.querySelector('[data-test="composer-text"]');
            const paste = { clipboardData: given, bubbles: true, cancelable: true };
            box.dispatchEvent(new ClipboardEvent('paste', paste));
        }
        done(null);
    })().catch((error) => done(String(error)));
"#;

pub(crate) async fn give(desk: &DeskWindow, how: &str, names: &[&str]) -> anyhow::Result<()> {
    let failed = desk.client().execute_async(GIVE, vec![json!(how), json!(names)]).await?;
    anyhow::ensure!(failed == Value::Null, "the page did not take them: {failed}");
    Ok(())
}

pub(crate) async fn shows_files(desk: &DeskWindow, count: usize) -> anyhow::Result<()> {
    until::holds(&format!("{count} files in the composer"), until::SHORT, async || {
        Ok(desk.count(&by_name("draft-file")).await? == count)
    })
    .await
}

/// How the messages of ours stand, oldest first.
async fn states(desk: &DeskWindow) -> anyhow::Result<Vec<String>> {
    let script = "return [...document.querySelectorAll('[data-test=\"message\"][data-author=\"me\"]')]\
                  .map((message) => message.dataset.state ?? '')";
    let found = desk.client().execute(script, vec![]).await?;
    Ok(serde_json::from_value(found)?)
}

async fn stand(desk: &DeskWindow, wanted: &[&str]) -> anyhow::Result<()> {
    let mut last = Vec::new();
    let what = format!("our messages to be {wanted:?}");
    let seen = until::holds(&what, until::LONG, async || {
        last = states(desk).await?;
        Ok(last == wanted)
    })
    .await;
    seen.map_err(|error| error.context(format!("they are {last:?}")))
}

/// How many pictures came to the phone from the desk.
async fn pictures(noor: &Phone<'_>) -> anyhow::Result<usize> {
    let shown = noor.shows().await?;
    Ok(shown.iter().filter(|one| one.text.is_none() && one.messaging_type.is_some()).count())
}

#[tokio::test]
async fn of_a_text_and_three_pictures_the_refused_one_is_sent_again_alone() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("files"))?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (desk, noor) = (stage.desk()?, stage.meta().customer(KITE_AND_CO, NOOR).await?);
    noor.writes(ASKS).await?;
    agent::opens(desk, noor.id()).await?;

    give(desk, "drop", &["step 1, the long side goes into the groove of the short one.png"]).await?;
    shows_files(desk, 1).await?;
    give(desk, "paste", &["step 2.png"]).await?;
    shows_files(desk, 2).await?;
    let chosen = folder.path().join("step 3.png");
    std::fs::write(&chosen, png(640, 420, [60, 95, 192])?)?;
    let chooser = desk.client().find(Locator::Css(&by_name("file-chooser"))).await?;
    chooser.send_keys(&chosen.display().to_string()).await?;
    shows_files(desk, 3).await?;
    agent::writes(desk, REPLY).await?;
    album.take(desk, "attached").await?;

    let refused = json!({
        "effect": "send_refused", "error": "attachment_upload_failed", "call": "send", "after": 2, "times": 1,
    });
    stage.meta().goes_wrong(&refused).await?;
    agent::sends(desk).await?;
    desk.click("send-part-now").await?;
    shows_files(desk, 0).await?;

    stand(desk, &["sent", "sent", "refused", "waiting"]).await?;
    album.take(desk, "refused").await?;
    assert_eq!((noor.count(REPLY).await?, pictures(&noor).await?), (1, 1));
    desk.see("send-rest").await?;
    desk.click("retry-part").await?;

    stand(desk, &["sent", "sent", "sent", "sent"]).await?;
    album.take(desk, "sent").await?;
    assert_eq!((noor.count(REPLY).await?, pictures(&noor).await?), (1, 3));
    stage.close_desk().await
}
