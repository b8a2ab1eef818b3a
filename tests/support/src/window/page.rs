//! A page in a web view, driven by WebDriver: what a person sees on it and does to it.
//!
//! What the page shows is found by `data-test` names, which are part of the contract between page and tests.

use std::path::Path;

use anyhow::Context as _;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::error::{CmdError, ErrorStatus};
use fantoccini::wd::WindowHandle;
use fantoccini::{Client, Locator};
use serde_json::json;

use super::{picture, until};

/// A page, as its window shows it.
#[derive(Debug)]
pub struct Page {
    client: Client,
    display: Option<String>,
}

impl Page {
    pub(super) fn new(client: Client, display: Option<&str>) -> Self {
        Self { client, display: display.map(str::to_owned) }
    }

    /// The virtual display that it shows on; none when it is the user's.
    #[must_use]
    pub fn display(&self) -> Option<&str> {
        self.display.as_deref()
    }

    /// The WebDriver session, for what has no word here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// The one element with this `data-test` name, waited for.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see(&self, name: &str) -> anyhow::Result<Element> {
        self.see_css(&by_name(name)).await
    }

    /// The first element that a selector finds, waited for.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn see_css(&self, css: &str) -> anyhow::Result<Element> {
        let found =
            until::some(css, until::SHORT, async || Ok(self.finds(css).await?.into_iter().next())).await;
        match found {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(format!("the window shows:\n{}", self.whole_text().await))),
        }
    }

    /// Waits until nothing has this `data-test` name.
    ///
    /// # Errors
    /// When it stays.
    pub async fn see_no(&self, name: &str) -> anyhow::Result<()> {
        let css = by_name(name);
        until::holds(&format!("no {name}"), until::SHORT, async || Ok(self.count(&css).await? == 0)).await
    }

    /// How many elements a selector finds now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn count(&self, css: &str) -> anyhow::Result<usize> {
        let script = "return document.querySelectorAll(arguments[0]).length";
        Ok(serde_json::from_value(self.client.execute(script, vec![json!(css)]).await?)?)
    }

    /// What a selector finds now. What the page takes away while it is found counts as not there.
    async fn finds(&self, css: &str) -> anyhow::Result<Vec<Element>> {
        match self.client.find_all(Locator::Css(css)).await {
            Err(error) if error.is_stale_element_reference() => Ok(Vec::new()),
            found => Ok(found?),
        }
    }

    /// The text of an element, waited for.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text(&self, name: &str) -> anyhow::Result<String> {
        self.text_css(&by_name(name)).await
    }

    /// The texts of all elements a selector finds now, in the order of the page.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn texts_css(&self, css: &str) -> anyhow::Result<Vec<String>> {
        let script = "return [...document.querySelectorAll(arguments[0])].map((e) => e.innerText)";
        Ok(serde_json::from_value(self.client.execute(script, vec![json!(css)]).await?)?)
    }

    /// The texts of those of the elements a selector finds now that are broken over more than one line.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn broken_lines(&self, css: &str) -> anyhow::Result<Vec<String>> {
        let script = "const lines = (e) => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight); \
                      return [...document.querySelectorAll(arguments[0])].filter((e) => lines(e) > 1.5) \
                      .map((e) => e.innerText)";
        Ok(serde_json::from_value(self.client.execute(script, vec![json!(css)]).await?)?)
    }

    /// An attribute of the first element a selector finds now.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn attribute(&self, css: &str, attribute: &str) -> anyhow::Result<Option<String>> {
        let script = "return document.querySelector(arguments[0])?.getAttribute(arguments[1]) ?? null";
        Ok(serde_json::from_value(self.client.execute(script, vec![json!(css), json!(attribute)]).await?)?)
    }

    /// The text of the first element that a selector finds, waited for.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn text_css(&self, css: &str) -> anyhow::Result<String> {
        self.see_css(css).await?;
        Ok(self.texts_css(css).await?.into_iter().next().unwrap_or_default())
    }

    /// Waits until the text of an element satisfies a condition; returns it.
    ///
    /// # Errors
    /// When it does not come, with what was there instead.
    pub async fn text_where(
        &self,
        name: &str,
        what: &str,
        holds: impl Fn(&str) -> bool,
    ) -> anyhow::Result<String> {
        let mut last = None;
        let css = by_name(name);
        let found = until::some(&format!("{name}: {what}"), until::SHORT, async || {
            let text = self.texts_css(&css).await?.into_iter().next();
            last.clone_from(&text);
            Ok(text.filter(|text| holds(text)))
        })
        .await;
        found.with_context(|| format!("{name} says {last:?}"))
    }

    /// Waits until the text of an element contains some words; returns the text.
    ///
    /// # Errors
    /// When it does not come, with what was there instead.
    pub async fn says(&self, name: &str, words: &str) -> anyhow::Result<String> {
        self.text_where(name, &format!("{words:?}"), |text| text.contains(words)).await
    }

    /// Waits until one of the elements with this `data-test` name contains some words; returns its text.
    ///
    /// # Errors
    /// When none comes, with what was there instead.
    pub async fn one_says(&self, name: &str, words: &str) -> anyhow::Result<String> {
        let css = by_name(name);
        let mut last = Vec::new();
        let found = until::some(&format!("{name}: {words:?}"), until::SHORT, async || {
            last = self.texts_css(&css).await?;
            Ok(last.iter().find(|text| text.contains(words)).cloned())
        })
        .await;
        found.with_context(|| format!("they say {last:?}"))
    }

    /// Clicks.
    ///
    /// # Errors
    /// When it does not appear or cannot be clicked.
    pub async fn click(&self, name: &str) -> anyhow::Result<()> {
        self.click_css(&by_name(name)).await
    }

    /// Clicks what a selector finds, once it is there and enabled.
    ///
    /// # Errors
    /// When it does not appear or cannot be clicked.
    pub async fn click_css(&self, css: &str) -> anyhow::Result<()> {
        self.see_css(css).await?;
        let (mut why, mut covered) = (String::new(), false);
        let clicked = until::holds(&format!("{css} to take a click"), until::SHORT, async || {
            // Between finding and clicking the page may have drawn anew.
            let Some(element) = self.finds(css).await?.into_iter().next() else {
                "it is not there".clone_into(&mut why);
                return Ok(false);
            };
            if !element.is_enabled().await.unwrap_or(false) {
                "it is not enabled".clone_into(&mut why);
                return Ok(false);
            }
            // As a wheel would bring it into sight: the driver does not scroll what is cut off inside the page. And on
            // to the middle where something that floats at an edge lay over it.
            let scroll = "arguments[0].scrollIntoView({block: arguments[1]})";
            let to = if covered { "center" } else { "nearest" };
            self.client.execute(scroll, vec![serde_json::to_value(&element)?, json!(to)]).await.ok();
            let clicked = element.click().await;
            if let Err(error) = &clicked {
                covered =
                    matches!(error, CmdError::Standard(told) if told.error == ErrorStatus::ElementClickIntercepted);
                why = format!("{error:?}, at its place lies {}", self.lies_on(css).await);
            }
            Ok(clicked.is_ok())
        })
        .await;
        clicked.with_context(|| format!("the last try: {why}"))
    }

    /// Where what a selector finds lies, and the beginning of what is on top there.
    async fn lies_on(&self, css: &str) -> String {
        let script = "const box = document.querySelector(arguments[0])?.getBoundingClientRect(); if (!box) return null; \
                      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2); \
                      return [box.x, box.y, box.width, box.height, top?.outerHTML.slice(0, 300)]";
        match self.client.execute(script, vec![json!(css)]).await {
            Ok(found) => found.to_string(),
            Err(error) => format!("{error:?}"),
        }
    }

    /// A selector for the one of those that a selector finds whose text contains some words, waited for.
    ///
    /// # Errors
    /// When none comes.
    pub async fn marked(&self, css: &str, words: &str) -> anyhow::Result<String> {
        let script = "const all = [...document.querySelectorAll(arguments[0])]; \
                      const one = all.find((e) => e.innerText.includes(arguments[1])); \
                      one?.setAttribute('data-marked', arguments[1]); return Boolean(one)";
        until::holds(&format!("{css} with {words:?}"), until::SHORT, async || {
            let found = self.client.execute(script, vec![json!(css), json!(words)]).await?;
            Ok(found.as_bool().unwrap_or(false))
        })
        .await?;
        Ok(format!("{css}[data-marked={words:?}]"))
    }

    /// Moves the pointer over the middle of what a selector finds.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn point_at(&self, css: &str) -> anyhow::Result<()> {
        let element = self.see_css(css).await?;
        let to = PointerAction::MoveToElement { element, duration: None, x: 0.0, y: 0.0 };
        let hand = MouseActions::new("hand".to_owned()).then(to);
        Ok(self.client.perform_actions(hand).await?)
    }

    /// Types into a field, after what is in it.
    ///
    /// # Errors
    /// When it does not appear.
    pub async fn type_into(&self, name: &str, text: &str) -> anyhow::Result<()> {
        Ok(self.see(name).await?.send_keys(text).await?)
    }

    /// Types into whatever has the focus.
    ///
    /// # Errors
    /// When nothing has it.
    pub async fn type_keys(&self, text: &str) -> anyhow::Result<()> {
        Ok(self.client.active_element().await?.send_keys(text).await?)
    }

    /// Presses a key with modifiers: `Ctrl+Shift+I`, `Ctrl+Enter`, `Enter`, `Down`.
    ///
    /// # Errors
    /// When nothing has the focus, or it is no key.
    pub async fn press(&self, chord: &str) -> anyhow::Result<()> {
        let keys: Vec<char> = chord.split('+').map(key).collect::<anyhow::Result<_>>()?;
        let down = keys.iter().map(|value| KeyAction::Down { value: *value });
        let up = keys.iter().rev().map(|value| KeyAction::Up { value: *value });
        let keys = KeyActions::new("keys".to_owned());
        Ok(self.client.perform_actions(down.chain(up).fold(keys, KeyActions::then)).await?)
    }

    /// Goes over to the other window of the same program, once it is there and shows something of this `data-test` name;
    /// returns the window that it comes from. Everything here is about the window that it is in.
    ///
    /// # Errors
    /// When there is no other window, or it does not come to show that.
    pub async fn goes_to_other_window(&self, name: &str) -> anyhow::Result<WindowHandle> {
        let here = self.client.window().await?;
        let other = until::some("another window", until::SHORT, async || {
            Ok(self.client.windows().await?.into_iter().find(|window| *window != here))
        })
        .await?;
        self.client.switch_to_window(other).await?;
        let css = by_name(name);
        // As long as the window loads its page there is nobody in it to be asked.
        until::holds(&format!("a window with {name}"), until::SHORT, async || {
            let found = self.client.find_all(Locator::Css(&css)).await;
            Ok(found.is_ok_and(|found| !found.is_empty()))
        })
        .await?;
        Ok(here)
    }

    /// Goes back to a window.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn goes_to_window(&self, window: WindowHandle) -> anyhow::Result<()> {
        Ok(self.client.switch_to_window(window).await?)
    }

    /// The `data-test` name of what has the focus.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn focused(&self) -> anyhow::Result<Option<String>> {
        let script =
            "return document.activeElement?.closest('[data-test]')?.getAttribute('data-test') ?? null";
        Ok(serde_json::from_value(self.client.execute(script, vec![]).await?)?)
    }

    /// Puts a theme on the page, as its own setting does; returns the one it wears.
    ///
    /// # Errors
    /// When the window is gone.
    pub async fn wears(&self, theme: Option<&str>) -> anyhow::Result<String> {
        let script = "const page = document.documentElement.dataset; if (arguments[0]) page.theme = arguments[0]; \
                      return page.theme ?? 'light'";
        Ok(serde_json::from_value(self.client.execute(script, vec![json!(theme)]).await?)?)
    }

    /// Writes what the window shows as a PNG.
    ///
    /// # Errors
    /// When the window is gone or the file cannot be written.
    pub async fn screenshot(&self, file: &Path) -> anyhow::Result<()> {
        let png = match &self.display {
            Some(display) => picture::of_display(display).await?,
            None => {
                tokio::time::timeout(until::SHORT, self.client.screenshot()).await.context("no picture")??
            }
        };
        std::fs::write(file, png).with_context(|| format!("cannot write {}", file.display()))
    }

    async fn whole_text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        match self.client.execute(script, vec![]).await {
            Ok(text) => text.as_str().unwrap_or_default().chars().take(2_000).collect(),
            Err(error) => format!("(nothing: {error})"),
        }
    }
}

/// A key as WebDriver names it.
fn key(name: &str) -> anyhow::Result<char> {
    Ok(match name {
        "Ctrl" => '\u{E009}',
        "Shift" => '\u{E008}',
        "Alt" => '\u{E00A}',
        "Enter" => '\u{E007}',
        "Esc" => '\u{E00C}',
        "Up" => '\u{E013}',
        "Down" => '\u{E015}',
        "Home" => '\u{E011}',
        letter => letter.to_lowercase().chars().next().context("a chord has keys")?,
    })
}

/// The selector of a `data-test` name.
#[must_use]
pub fn by_name(name: &str) -> String {
    format!("[data-test=\"{name}\"]")
}
