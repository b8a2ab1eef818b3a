//! The real desk with its real window, driven by WebDriver.
//!
//! What the page shows is found by `data-test` names, which are part of the contract between page and tests. One
//! driver process per window; it starts the desk itself.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use fantoccini::elements::Element;
use fantoccini::{Client, ClientBuilder, Locator};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use super::free_port::free_port;
use super::picture;
use super::program::{Program, built};
use super::room::Room;
use super::until;

/// How a desk is started.
#[derive(Clone, Debug)]
pub struct DeskStart {
    /// Its name, for logs.
    pub name: String,
    /// Its data folder.
    pub data_dir: PathBuf,
    /// Where Graph answers.
    pub graph_url: String,
    /// A file that enrols it.
    pub enrol_file: Option<PathBuf>,
    /// The program; the workspace's own when none is given.
    pub program: Option<PathBuf>,
}

/// A desk's window.
#[derive(Debug)]
pub struct DeskWindow {
    start: DeskStart,
    display: Option<String>,
    client: Client,
    driver: Program,
}

impl DeskWindow {
    /// Starts a desk and waits for its page.
    ///
    /// # Errors
    /// When the driver or the desk does not start.
    pub async fn open(room: &Room, start: DeskStart) -> anyhow::Result<Self> {
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
        room.enter(&mut command);
        command.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
        let mut driver = Program::start("WebKitWebDriver", command, &room.log(&start.name))?;
        until::holds("WebKitWebDriver", until::LONG, async || {
            driver.must_run()?;
            Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok())
        })
        .await?;
        let client = session(&start, port)
            .await
            .with_context(|| format!("the desk did not open. Its last words:\n{}", driver.last_words()))?;
        Ok(Self { start, display: room.display().map(str::to_owned), client, driver })
    }

    /// The WebDriver session, for what has no word here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// How it was started.
    #[must_use]
    pub fn start(&self) -> &DeskStart {
        &self.start
    }

    /// The title of the window itself, as the desktop shows it.
    ///
    /// # Errors
    /// When there is no virtual display to ask, or no window on it.
    pub async fn window_title(&self) -> anyhow::Result<String> {
        let display = self.display.as_deref().context("titles are read from a virtual display")?;
        picture::title_on_display(display, "baton-desk").await
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
        let found = until::some(css, until::SHORT, async || {
            let mut found = self.client.find_all(Locator::Css(css)).await?;
            Ok((!found.is_empty()).then(|| found.remove(0)))
        })
        .await;
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
        Ok(self.client.find_all(Locator::Css(css)).await?.len())
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
        until::holds(&format!("{css} to take a click"), until::SHORT, async || {
            // Between finding and clicking the page may have drawn anew.
            let Some(element) = self.client.find_all(Locator::Css(css)).await?.into_iter().next() else {
                return Ok(false);
            };
            if !element.is_enabled().await.unwrap_or(false) {
                return Ok(false);
            }
            Ok(element.click().await.is_ok())
        })
        .await
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

    /// The process id of the desk program, as its lock file says.
    ///
    /// # Errors
    /// When no desk holds the folder.
    pub fn pid(&self) -> anyhow::Result<u32> {
        let text = std::fs::read_to_string(self.start.data_dir.join("desk.lock"))?;
        text.trim().parse().with_context(|| format!("the lock file says {text:?}"))
    }

    /// Kills the desk as a power cut would: the program and its window, with no chance to tidy up.
    ///
    /// # Errors
    /// When there is no desk to kill.
    pub fn kill(self) -> anyhow::Result<DeskStart> {
        let pid =
            i32::try_from(self.pid()?).ok().and_then(Pid::from_raw).context("the desk has no process id")?;
        kill_process(pid, Signal::KILL)?;
        let start = self.start.clone();
        self.driver.kill();
        Ok(start)
    }

    /// Closes the window as a person does and waits until the desk has ended.
    ///
    /// # Errors
    /// When the desk stays.
    pub async fn close(self) -> anyhow::Result<DeskStart> {
        let pid =
            i32::try_from(self.pid()?).ok().and_then(Pid::from_raw).context("the desk has no process id")?;
        kill_process(pid, Signal::TERM)?;
        until::holds("the desk to end", until::SHORT, async || {
            Ok(rustix::process::test_kill_process(pid).is_err() || is_zombie(pid))
        })
        .await?;
        let start = self.start.clone();
        self.driver.kill();
        Ok(start)
    }

    async fn whole_text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        match self.client.execute(script, vec![]).await {
            Ok(text) => text.as_str().unwrap_or_default().chars().take(2_000).collect(),
            Err(error) => format!("(nothing: {error})"),
        }
    }
}

/// The selector of a `data-test` name.
#[must_use]
pub fn by_name(name: &str) -> String {
    format!("[data-test=\"{name}\"]")
}

fn is_zombie(pid: Pid) -> bool {
    std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
        .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

async fn session(start: &DeskStart, port: u16) -> anyhow::Result<Client> {
    let program = match &start.program {
        Some(program) => program.clone(),
        None => built("baton-desk")?,
    };
    let mut args = vec![
        "--data-dir".to_owned(),
        start.data_dir.display().to_string(),
        "--graph-url".to_owned(),
        start.graph_url.clone(),
    ];
    if let Some(file) = &start.enrol_file {
        args.extend(["--enrol-file".to_owned(), file.display().to_string()]);
    }
    let options = json!({"binary": program, "args": args});
    let mut capabilities = fantoccini::wd::Capabilities::new();
    capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
    let opening = async {
        ClientBuilder::rustls()?
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(anyhow::Error::from)
    };
    let client = tokio::time::timeout(Duration::from_secs(60), opening)
        .await
        .context("no window after a minute")??;
    Ok(client)
}
