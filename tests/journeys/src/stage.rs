//! The stage of a story: Meta, a relay and a desk as programs, in a room of their own.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_protocol::hello::Versions;
use baton_simulator::BOT_APP_ID;
use baton_support::window::desk::{DeskStart, DeskWindow};
use baton_support::window::meta::{APP_SECRET, Beginning, MetaProgram};
use baton_support::window::relay::{Ports, RelayProgram};
use baton_support::window::room::{KeyRing, Room, Screen};
use baton_support::world::fake_relay::FakeRelay;
use baton_support::world::post;
use serde_json::{Value, json};

use crate::{ACCOUNTS, INES, KITE_ON_INSTAGRAM, NORTHWIND_TEA, TEABOT};

/// Everything a story needs. Dropping it ends every program.
#[derive(Debug)]
pub struct Stage {
    // Ended in this order: who needs the other goes first.
    desk: Option<DeskWindow>,
    relay: Option<RelayProgram>,
    meta: MetaProgram,
    ports: Ports,
    room: Room,
}

impl Stage {
    /// Meta and a relay that knows its app, in a room; no desk yet.
    ///
    /// # Errors
    /// When a program is not built or does not start.
    pub async fn set(folder: &Path, screen: Screen, key_ring: KeyRing) -> anyhow::Result<Self> {
        Self::set_in(folder, screen, key_ring, &Beginning::Demo).await
    }

    /// The same, in a world that begins in another way.
    ///
    /// # Errors
    /// As [`Stage::set`].
    pub async fn set_in(
        folder: &Path,
        screen: Screen,
        key_ring: KeyRing,
        beginning: &Beginning,
    ) -> anyhow::Result<Self> {
        let room = Room::open(folder, screen, key_ring).await?;
        let ports = Ports::free()?;
        let meta = MetaProgram::start(&room, &ports.webhook_url(), beginning).await?;
        for account in ACCOUNTS {
            meta.approves_human_agent(account).await?;
        }
        let relay = RelayProgram::start(&room, ports, meta.graph_url()).await?;
        Ok(Self { desk: None, relay: Some(relay), meta, ports, room })
    }

    /// Meta.
    #[must_use]
    pub fn meta(&self) -> &MetaProgram {
        &self.meta
    }

    /// The room.
    #[must_use]
    pub fn room(&self) -> &Room {
        &self.room
    }

    /// The relay's address for desks.
    #[must_use]
    pub fn relay_address(&self) -> String {
        self.ports.desk_url()
    }

    /// The window.
    ///
    /// # Errors
    /// When no desk is open.
    pub fn desk(&self) -> anyhow::Result<&DeskWindow> {
        self.desk.as_ref().context("no desk is open")
    }

    /// The relay.
    ///
    /// # Errors
    /// When it is not running.
    pub fn relay(&self) -> anyhow::Result<&RelayProgram> {
        self.relay.as_ref().context("the relay is not running")
    }

    /// An invite for the agent of the stories, good for all accounts, of which operator and administrator say what
    /// Meta's API does not tell.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn invite(&self) -> anyhow::Result<String> {
        self.invite_as("agent").await
    }

    async fn invite_as(&self, role: &str) -> anyhow::Result<String> {
        let relay = self.relay()?;
        let invite = relay.invite_as(role, INES, &ACCOUNTS.map(named))?;
        for account in ACCOUNTS {
            relay.approve_human_agent(account)?;
        }
        relay.admin_names_default_app(NORTHWIND_TEA, BOT_APP_ID, TEABOT).await?;
        Ok(invite)
    }

    /// An invite for a colleague, good for all accounts.
    ///
    /// # Errors
    /// When the relay refuses.
    pub fn invite_of(&self, name: &str) -> anyhow::Result<String> {
        self.invite_of_a("agent", name)
    }

    /// The same for a colleague of this role.
    ///
    /// # Errors
    /// As [`Self::invite_of`].
    pub fn invite_of_a(&self, role: &str, name: &str) -> anyhow::Result<String> {
        self.relay()?.invite_as(role, name, &ACCOUNTS.map(named))
    }

    /// Writes a file that enrols a desk and connects all accounts.
    ///
    /// # Errors
    /// When the relay refuses an invite.
    pub async fn enrol_file(&self) -> anyhow::Result<PathBuf> {
        self.enrol_file_as("agent").await
    }

    /// The same for an agent of another role.
    ///
    /// # Errors
    /// As [`Self::enrol_file`].
    pub async fn enrol_file_as(&self, role: &str) -> anyhow::Result<PathBuf> {
        self.enrol_file_through(&self.relay_address(), role).await
    }

    /// The same for a desk that reaches the relay at another address.
    ///
    /// # Errors
    /// As [`Self::enrol_file`].
    pub async fn enrol_file_through(&self, relay: &str, role: &str) -> anyhow::Result<PathBuf> {
        let invite = self.invite_as(role).await?;
        self.writes_enrol_file("enrol.json", relay, &invite)
    }

    /// Writes a file that enrols a colleague's desk and connects all accounts.
    ///
    /// # Errors
    /// As [`Self::enrol_file`].
    pub fn enrol_file_of_a(&self, role: &str, name: &str) -> anyhow::Result<PathBuf> {
        let file = format!("enrol-{}.json", name.to_lowercase());
        self.writes_enrol_file(&file, &self.relay_address(), &self.invite_of_a(role, name)?)
    }

    fn writes_enrol_file(&self, name: &str, relay: &str, invite: &str) -> anyhow::Result<PathBuf> {
        let accounts =
            ACCOUNTS.into_iter().map(|id| Ok(json!({"id": id, "token": self.meta.page_token(id)?})));
        let accounts = accounts.collect::<anyhow::Result<Vec<_>>>()?;
        let given = json!({"relay_url": relay, "invite": invite, "accounts": accounts});
        let file = self.room.folder().join(name);
        write_private(&file, &given.to_string())?;
        Ok(file)
    }

    /// Posts a webhook to the relay as Meta would, rightly signed.
    ///
    /// # Errors
    /// When the relay does not take it.
    pub async fn posts(&self, body: &Value) -> anyhow::Result<()> {
        let body = serde_json::to_vec(body)?;
        let signature = post::signature(APP_SECRET, &body)?;
        let status = post::post(&self.ports.webhook_url(), body, Some(&signature)).await?;
        anyhow::ensure!(status == 200, "the relay answered {status}");
        Ok(())
    }

    /// How the agent's desk is started.
    #[must_use]
    pub fn desk_start(&self, enrol_file: Option<PathBuf>) -> DeskStart {
        DeskStart {
            name: "desk".to_owned(),
            data_dir: self.room.folder().join("desk"),
            graph_url: self.meta.graph_url().to_owned(),
            enrol_file,
            program: None,
        }
    }

    /// Opens the agent's desk.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open_desk(&mut self, enrol_file: Option<PathBuf>) -> anyhow::Result<&DeskWindow> {
        let start = self.desk_start(enrol_file);
        let desk = DeskWindow::open(&self.room, start).await?;
        Ok(self.desk.insert(desk))
    }

    /// Kills the desk as a power cut would.
    ///
    /// # Errors
    /// When no desk is open.
    pub fn kill_desk(&mut self) -> anyhow::Result<()> {
        self.desk.take().context("no desk is open")?.kill().map(drop)
    }

    /// Closes the desk as a person does.
    ///
    /// # Errors
    /// When it stays.
    pub async fn close_desk(&mut self) -> anyhow::Result<()> {
        self.desk.take().context("no desk is open")?.close().await.map(drop)
    }

    /// Lets the person do something that closes Baton, and waits until it has ended by itself.
    ///
    /// # Errors
    /// When it stays.
    pub async fn desk_closes_by(
        &mut self,
        something: impl AsyncFnOnce(&DeskWindow) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.desk.take().context("no desk is open")?.closes_by(something).await.map(drop)
    }

    /// Kills the relay as a power cut would.
    ///
    /// # Errors
    /// When it is not running.
    pub fn kill_relay(&mut self) -> anyhow::Result<()> {
        self.relay.take().context("the relay is not running")?.kill();
        Ok(())
    }

    /// A relay of other versions takes the place of the one that runs, on the same ports.
    ///
    /// # Errors
    /// When none is running.
    pub async fn relay_becomes(&mut self, versions: Versions) -> anyhow::Result<FakeRelay> {
        self.kill_relay()?;
        FakeRelay::of_versions_at(self.ports.desk_port(), versions).await
    }

    /// How the relay ended; none while it runs.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn relay_ended(&mut self) -> anyhow::Result<Option<String>> {
        self.relay.as_mut().map_or_else(|| Ok(Some("it did not start".to_owned())), RelayProgram::ended)
    }

    /// How the local Meta ended; none while it runs.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn meta_ended(&mut self) -> anyhow::Result<Option<String>> {
        self.meta.ended()
    }

    /// Remembers what a local Meta that has to be started again must know.
    pub async fn note_meta(&mut self) {
        self.meta.note_clock().await;
    }

    /// Starts the local Meta again, for the accounts of the desk; what was said there is forgotten.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_meta_again(&mut self) -> anyhow::Result<()> {
        self.meta.start_again(&self.room, &ACCOUNTS).await?;
        for account in ACCOUNTS {
            self.meta.approves_human_agent(account).await?;
        }
        Ok(())
    }

    /// Starts the relay again, on its old log and its old ports.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_relay(&mut self) -> anyhow::Result<()> {
        self.relay = None;
        self.relay = Some(RelayProgram::start(&self.room, self.ports, self.meta.graph_url()).await?);
        Ok(())
    }

    /// Takes Meta and the relay away for good: what is left is a desk with its folder, and nobody to speak with.
    ///
    /// # Errors
    /// When a desk is open: it would have seen them go.
    pub fn cut_off(self) -> anyhow::Result<CutOff> {
        anyhow::ensure!(self.desk.is_none(), "a desk is open");
        let start = self.desk_start(None);
        let Self { room, relay, meta, .. } = self;
        drop((relay, meta));
        Ok(CutOff { start, room })
    }

    /// Fails when a program that should be running has ended.
    ///
    /// # Errors
    /// With its last words.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        self.meta.must_run()?;
        self.relay.as_mut().map_or(Ok(()), RelayProgram::must_run)
    }
}

/// A desk's folder on a computer without a network.
#[derive(Debug)]
pub struct CutOff {
    start: DeskStart,
    room: Room,
}

impl CutOff {
    /// Opens the desk.
    ///
    /// # Errors
    /// When it does not open.
    pub async fn open_desk(&self) -> anyhow::Result<DeskWindow> {
        DeskWindow::open(&self.room, self.start.clone()).await
    }
}

/// An account as an operator names it to the relay.
fn named(account: &'static str) -> &'static str {
    if account == KITE_ON_INSTAGRAM { "17841400000000044:instagram" } else { account }
}

/// Writes what only its owner may read.
pub(crate) fn write_private(file: &Path, text: &str) -> anyhow::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)?.write_all(text.as_bytes())?;
    Ok(())
}
