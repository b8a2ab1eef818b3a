//! The real desk with its real window, driven by WebDriver: a [`Page`] and the program around it.

use std::ops::Deref;
use std::path::PathBuf;

use anyhow::Context as _;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};

pub use super::page::{Page, by_name};
use super::program::{Program, built};
use super::room::Room;
use super::{driver, picture, until};

/// Whether something stands in the page that is not a word of waiting.
const HAS_HEARD: &str = "const stands = document.querySelector('#app')?.firstElementChild; \
    return !!stands && !stands.matches('p.middle, [data-test=\"opening-screen\"]')";

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
    page: Page,
    driver: Program,
}

impl DeskWindow {
    /// Starts a desk and waits until its page has heard from it.
    ///
    /// # Errors
    /// When the driver or the desk does not start.
    pub async fn open(room: &Room, start: DeskStart) -> anyhow::Result<Self> {
        let asked =
            driver::Asked { name: &start.name, what: "the desk", options: options(&start)?, env: &[] };
        let (client, driver) = driver::drive(room, asked).await?;
        let desk = Self { start, page: Page::new(client, room.display()), driver };
        // The window is there before its desk: until the page has heard from that nobody hears what a customer writes.
        until::holds("the page to hear from its desk", until::LONG, async || {
            Ok(desk.client().execute(HAS_HEARD, vec![]).await? == Value::Bool(true))
        })
        .await?;
        Ok(desk)
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
        let display = self.page.display().context("titles are read from a virtual display")?;
        picture::title_on_display(display, "baton-desk").await
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
        kill_process(self.process()?, Signal::KILL)?;
        let start = self.start.clone();
        self.driver.kill();
        Ok(start)
    }

    /// Closes the window as a person does and waits until the desk has ended.
    ///
    /// # Errors
    /// When the desk stays.
    pub async fn close(self) -> anyhow::Result<DeskStart> {
        let pid = self.process()?;
        kill_process(pid, Signal::TERM)?;
        self.gone(pid).await
    }

    /// Lets something be done that closes the window, and waits until the desk has ended by itself.
    ///
    /// # Errors
    /// When the desk stays.
    pub async fn closes_by(
        self,
        something: impl AsyncFnOnce(&Self) -> anyhow::Result<()>,
    ) -> anyhow::Result<DeskStart> {
        // Whoever ends takes the number along.
        let pid = self.process()?;
        something(&self).await?;
        self.gone(pid).await
    }

    async fn gone(self, pid: Pid) -> anyhow::Result<DeskStart> {
        until::holds("the desk to end", until::SHORT, async || {
            Ok(rustix::process::test_kill_process(pid).is_err() || is_zombie(pid))
        })
        .await?;
        let start = self.start.clone();
        self.driver.kill();
        Ok(start)
    }

    fn process(&self) -> anyhow::Result<Pid> {
        i32::try_from(self.pid()?).ok().and_then(Pid::from_raw).context("the desk has no process id")
    }
}

impl Deref for DeskWindow {
    type Target = Page;

    fn deref(&self) -> &Page {
        &self.page
    }
}

fn is_zombie(pid: Pid) -> bool {
    std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
        .is_ok_and(|stat| stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('Z')))
}

/// How the driver starts it.
fn options(start: &DeskStart) -> anyhow::Result<Value> {
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
    Ok(json!({"binary": program, "args": args}))
}
