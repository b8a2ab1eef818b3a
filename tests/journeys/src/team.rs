//! Several people on one relay, each at a computer of their own with a window of its own.
//!
//! ```text
//!            ┌ room: display, bus, key ring ┐
//!   Ines ────┤ WebKitWebDriver ── window    ├───┐
//!            └──────────────────────────────┘   │
//!   Jonas ── the same again ────────────────────┼── relay ── Meta
//!   Sven ─── the same again ────────────────────┘
//! ```
//!
//! Everybody works for Kite & Co, where routing is off: whoever answers needs no control first.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_support::window::desk::{DeskStart, DeskWindow, by_name};
use baton_support::window::meta::{Beginning, Phone};
use baton_support::window::room::{KeyRing, Room, Screen};
use serde_json::json;

use crate::KITE_AND_CO;
use crate::stage::{Stage, write_private};

/// Another agent.
pub const JONAS: &str = "Jonas";
/// Whoever leads the two.
pub const SVEN: &str = "Sven";

/// Meta, a relay, and everybody at their windows. Dropping it ends all of it.
#[derive(Debug)]
pub struct Team {
    // Ended in this order: who needs the other goes first.
    colleagues: Vec<Colleague>,
    stage: Stage,
}

/// Somebody at a computer.
#[derive(Debug)]
struct Colleague {
    name: &'static str,
    // The window ends before its computer.
    desk: Option<DeskWindow>,
    start: DeskStart,
    room: Room,
}

impl Team {
    /// Everybody sits down: their name, and their role on the account.
    ///
    /// # Errors
    /// When a program is not built, or a window does not open.
    pub async fn sits_down(folder: &Path, people: &[(&'static str, &'static str)]) -> anyhow::Result<Self> {
        let around = folder.join("around");
        std::fs::create_dir_all(&around)?;
        let nobody = Beginning::Accounts;
        let stage = Stage::set_in(&around, Screen::Virtual, KeyRing::Absent, &nobody).await?;
        let mut team = Self { colleagues: Vec::new(), stage };
        for &(name, role) in people {
            let colleague = Colleague::sits_down(folder, &team.stage, name, role).await?;
            team.colleagues.push(colleague);
        }
        Ok(team)
    }

    /// Meta and the relay.
    #[must_use]
    pub fn stage(&self) -> &Stage {
        &self.stage
    }

    /// Somebody's window.
    ///
    /// # Errors
    /// When nobody of this name sits at one.
    pub fn desk(&self, name: &str) -> anyhow::Result<&DeskWindow> {
        let colleague = self.colleagues.iter().find(|colleague| colleague.name == name);
        let colleague = colleague.with_context(|| format!("nobody is called {name}"))?;
        colleague.desk.as_ref().with_context(|| format!("{name} has no window"))
    }

    /// Somebody who never wrote before.
    ///
    /// # Errors
    /// When Meta does not answer.
    pub async fn customer(&self, name: &str) -> anyhow::Result<Phone<'_>> {
        self.stage.meta().new_customer(KITE_AND_CO, name).await
    }

    /// Somebody's computer loses its power.
    ///
    /// # Errors
    /// When there is no desk to kill.
    pub fn dies(&mut self, name: &str) -> anyhow::Result<()> {
        let colleague = self.colleague(name)?;
        let desk = colleague.desk.take().with_context(|| format!("{name} has no window"))?;
        desk.kill().map(drop)
    }

    /// Somebody comes back to their computer.
    ///
    /// # Errors
    /// When the window does not open.
    pub async fn comes_back(&mut self, name: &str) -> anyhow::Result<()> {
        let colleague = self.colleague(name)?;
        let start = DeskStart { enrol_file: None, ..colleague.start.clone() };
        let desk = DeskWindow::open(&colleague.room, start).await?;
        desk.see_css(&format!("{}, {}", by_name("thread-list"), by_name("board"))).await?;
        colleague.desk = Some(desk);
        Ok(())
    }

    fn colleague(&mut self, name: &str) -> anyhow::Result<&mut Colleague> {
        let found = self.colleagues.iter_mut().find(|colleague| colleague.name == name);
        found.with_context(|| format!("nobody is called {name}"))
    }

    /// Everybody goes home.
    ///
    /// # Errors
    /// When a desk stays.
    pub async fn goes_home(mut self) -> anyhow::Result<()> {
        for colleague in &mut self.colleagues {
            if let Some(desk) = colleague.desk.take() {
                desk.close().await?;
            }
        }
        self.stage.must_run()
    }
}

impl Colleague {
    async fn sits_down(folder: &Path, stage: &Stage, name: &'static str, role: &str) -> anyhow::Result<Self> {
        let own = folder.join(name.to_lowercase());
        std::fs::create_dir_all(&own)?;
        let room = Room::open(&own, Screen::Virtual, KeyRing::Open).await?;
        let start = DeskStart {
            name: "desk".to_owned(),
            data_dir: room.folder().join("desk"),
            enrol_file: Some(enrol_file(room.folder(), stage, name, role)?),
            ..stage.desk_start(None)
        };
        let desk = DeskWindow::open(&room, start.clone()).await?;
        // Whoever supervises and does not administer begins on the board.
        desk.see(if role == "supervisor" { "board" } else { "thread-list" }).await?;
        Ok(Self { name, desk: Some(desk), start, room })
    }
}

/// A file that enrols somebody and connects the account.
fn enrol_file(folder: &Path, stage: &Stage, name: &str, role: &str) -> anyhow::Result<PathBuf> {
    let invite = stage.relay()?.invite_as(role, name, &[KITE_AND_CO])?;
    let account = json!({"id": KITE_AND_CO, "token": stage.meta().page_token(KITE_AND_CO)?});
    let given = json!({"relay_url": stage.relay_address(), "invite": invite, "accounts": [account]});
    let file = folder.join("enrol.json");
    write_private(&file, &given.to_string())?;
    Ok(file)
}

/// The selector of what has this `data-test` name and this in its title: of several, the one about somebody.
#[must_use]
pub fn about(name: &str, somebody: &str) -> String {
    format!("{}[title*=\"{somebody}\"]", by_name(name))
}

/// The selector of an agent's row beside the columns of the board.
#[must_use]
pub fn row_of(name: &str) -> String {
    format!("{}[aria-label^=\"{name}.\"]", by_name("board-agent"))
}
