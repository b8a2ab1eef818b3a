//! What only the real web view can show of the composer: it takes typing back, grows and stops, checks spelling, shows what is
//! dropped and pasted, and leaves Enter to an input method.
//!
//! Keys are pressed as the driver presses them. No input method runs here: its events are made as WebKit gives them to the page, a
//! composition that goes on and the Enter that ends one, which it marks with the code 229 alone. What Enter means to the page
//! outside of a composition is shown beside it, by the same script.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{KITE_AND_CO, NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use serde::Deserialize;
use serde_json::json;

use crate::files::{give, shows_files};

const KITES: &str = "Do you have the red kite in stock?";
const WRITTEN: &str = "Yes, we have two of them left.";
const COMPOSED: &str = "凧があります";
/// More lines than the composer shows at once.
const MANY_LINES: usize = 40;

/// How large the text box is, CSS pixels.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Size {
    height: f64,
    /// Of its text.
    inner: f64,
    /// Of the window.
    window: f64,
    /// Where the send button ends.
    send_ends: f64,
}

const SIZE: &str = r#"
    const box = document.querySelector('[data-test="composer-text"]');
    const send = document.querySelector('[data-test="send"]').getBoundingClientRect();
    return { height: box.clientHeight, inner: box.scrollHeight, window: window.innerHeight, send_ends: send.bottom };
"#;

/// Gives the text box an Enter: in a composition, at its end, or plain. Tells whether the page took it for its own.
const ENTER: &str = r#"
    const [how, text] = arguments;
    const box = document.querySelector('[data-test="composer-text"]');
    const composed = (name) => box.dispatchEvent(new CompositionEvent(name, { data: text, bubbles: true }));
    const enter = new KeyboardEvent('keydown', {
        key: 'Enter', code: 'Enter', bubbles: true, cancelable: true, isComposing: how === 'composing',
    });
    Object.defineProperty(enter, 'keyCode', { get: () => (how === 'plain' ? 13 : 229) });
    if (how !== 'plain') composed('compositionstart');
    if (how === 'composing') composed('compositionupdate');
    if (how === 'ends') composed('compositionend');
    box.dispatchEvent(enter);
    if (how === 'composing') composed('compositionend');
    return enter.defaultPrevented;
"#;

/// Puts a text in as an input method does: the keys of the driver have no such letters.
const INSERTS: &str = r#"
    document.querySelector('[data-test="composer-text"]').focus();
    return document.execCommand('insertText', false, arguments[0]);
"#;

const PREVIEWS: &str = r#"
    const shown = [...document.querySelectorAll('[data-test="draft-file"] img')];
    return shown.filter((image) => image.complete && image.naturalWidth > 0).length;
"#;

#[tokio::test]
async fn composer_in_the_real_window() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("composer"))?;
    let mut stage = Stage::set(folder.path(), Screen::Virtual, KeyRing::Open).await?;
    let enrol_file = stage.enrol_file().await?;
    stage.open_desk(Some(enrol_file)).await?;
    let (noor, desk) = (stage.meta().customer(KITE_AND_CO, NOOR).await?, stage.desk()?);
    noor.writes(KITES).await?;
    agent::opens(desk, noor.id()).await?;
    agent::sees_message(desk, "customer", KITES).await?;

    checks_spelling(&stage).await?;
    takes_typing_back(desk, &mut album).await?;
    grows_and_stops(desk, &mut album).await?;
    shows_what_is_given(desk, &mut album).await?;

    composes(desk, &mut album).await?;
    assert_eq!(noor.count(COMPOSED).await?, 0, "an input method's Enter sent the reply");
    let taken = desk.client().execute(ENTER, vec![json!("plain"), json!("")]).await?;
    assert_eq!(taken, json!(true), "another Enter is the page's");
    agent::sends_now(desk).await?;
    noor.gets(COMPOSED).await?;
    assert_eq!(noor.count(COMPOSED).await?, 1);
    stage.close_desk().await
}

/// The page asks for it, and the web view was told to.
async fn checks_spelling(stage: &Stage) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    let script = "return document.querySelector(arguments[0]).spellcheck";
    let asked = desk.client().execute(script, vec![by_name("composer-text").into()]).await?;
    assert_eq!(asked, json!(true));
    let logs = stage.desk_start(None).data_dir.join("logs");
    until::holds("the web view to check spelling", until::SHORT, async || {
        for file in std::fs::read_dir(&logs)? {
            if std::fs::read_to_string(file?.path())?.contains("spell checking is on") {
                return Ok(true);
            }
        }
        Ok(false)
    })
    .await
}

async fn written(desk: &DeskWindow) -> anyhow::Result<String> {
    Ok(desk.see("composer-text").await?.prop("value").await?.unwrap_or_default())
}

/// How much one press takes back is the web view's affair: at last everything, and all of it comes again.
async fn takes_typing_back(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.type_keys(WRITTEN).await?;
    agent::holds(desk, WRITTEN).await?;
    until::holds("Ctrl+Z to take typing back", until::SHORT, async || {
        let before = written(desk).await?;
        anyhow::ensure!(WRITTEN.starts_with(&before), "what is left is not what was typed: {before:?}");
        if before.is_empty() {
            return Ok(true);
        }
        desk.press("Ctrl+Z").await?;
        Ok(false)
    })
    .await?;
    assert_eq!(desk.focused().await?.as_deref(), Some("composer-text"));
    album.take(desk, "taken-back").await?;
    until::holds("Ctrl+Shift+Z to bring it again", until::SHORT, async || {
        let before = written(desk).await?;
        anyhow::ensure!(WRITTEN.starts_with(&before), "what came again is not what was typed: {before:?}");
        if before == WRITTEN {
            return Ok(true);
        }
        desk.press("Ctrl+Shift+Z").await?;
        Ok(false)
    })
    .await
}

async fn size(desk: &DeskWindow) -> anyhow::Result<Size> {
    Ok(serde_json::from_value(desk.client().execute(SIZE, vec![]).await?)?)
}

async fn grows_and_stops(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    let first = size(desk).await?;
    for _ in 0..5 {
        desk.press("Shift+Enter").await?;
    }
    agent::holds(desk, &format!("{WRITTEN}{}", "\n".repeat(5))).await?;
    let grown = size(desk).await?;
    assert!(grown.height > first.height + 40.0, "{first:?}, {grown:?}");
    assert!(grown.inner <= grown.height + 1.0, "six lines are shown whole: {grown:?}");
    for _ in 5..MANY_LINES {
        desk.press("Shift+Enter").await?;
    }
    agent::holds(desk, &format!("{WRITTEN}{}", "\n".repeat(MANY_LINES))).await?;
    let full = size(desk).await?;
    desk.press("Shift+Enter").await?;
    agent::holds(desk, &format!("{WRITTEN}{}", "\n".repeat(MANY_LINES + 1))).await?;
    let after = size(desk).await?;
    assert!(full.height > grown.height && full.height <= 0.4 * full.window + 1.0, "{full:?}");
    assert!((after.height - full.height).abs() < 1.0 && after.inner > after.height, "{full:?}, {after:?}");
    assert!(after.send_ends <= after.window, "the send button is pushed out of the window: {after:?}");
    album.take(desk, "grown").await?;
    empties(desk).await?;
    let last = size(desk).await?;
    assert!((last.height - first.height).abs() < 1.0, "{first:?}, {last:?}");
    Ok(())
}

async fn empties(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.press("Ctrl+A").await?;
    desk.type_keys("\u{E003}").await?;
    agent::holds(desk, "").await
}

async fn shows_what_is_given(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    give(desk, "drop", &["dropped.png"]).await?;
    shows_files(desk, 1).await?;
    give(desk, "paste", &["pasted.png"]).await?;
    shows_files(desk, 2).await?;
    until::holds("a preview of both", until::SHORT, async || {
        Ok(desk.client().execute(PREVIEWS, vec![]).await? == json!(2))
    })
    .await?;
    album.take(desk, "previews").await?;
    for left in [1, 0] {
        desk.click("remove-file").await?;
        shows_files(desk, left).await?;
    }
    desk.click("composer-text").await
}

/// An Enter of an input method is the method's own, whichever way WebKit tells so, and sends nothing.
async fn composes(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    let inserted = desk.client().execute(INSERTS, vec![json!(COMPOSED)]).await?;
    assert_eq!(inserted, json!(true));
    agent::holds(desk, COMPOSED).await?;
    for how in ["composing", "ends"] {
        let taken = desk.client().execute(ENTER, vec![json!(how), json!("あります")]).await?;
        assert_eq!(taken, json!(false), "{how}: the page took the Enter of an input method");
    }
    agent::holds(desk, COMPOSED).await?;
    album.take(desk, "composed").await?;
    let ours = agent::shown(desk).await?.into_iter().filter(|message| message.author == "me").count();
    assert_eq!(ours, 0, "an input method's Enter sent the reply");
    Ok(())
}
