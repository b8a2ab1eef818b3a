//! The real relay as a process on a log of its own, and a desk that reads it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use baton_protocol::account::RoutingMode;
use baton_protocol::command::{Command as Ask, CommandRequest};
use baton_protocol::enrol::{EnrolRequest, Enrolled, Role};
use baton_protocol::entry::{Content, Entry};
use baton_protocol::hello::{VERSION, VERSION_HEADER};
use baton_protocol::stream::EntryPage;
use baton_protocol::{AccountId, AppId, CommandId, LogId, LogName, Platform, routes};
use baton_support::window::program::{Program, built};
use serde_json::Value;

/// The Page that customers write to.
pub const ACCOUNT: &str = "104500000000011";
/// With this, webhooks are signed.
pub const APP_SECRET: &str = "an-app-secret-for-kills-0123456789";
/// Our app at Meta.
pub const APP_ID: &str = "900100000000001";
/// 32 bytes in base64; nothing is sealed for this desk.
const PUBLIC_KEY: &str = "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI=";
/// Nobody answers there: the relay works without Meta.
const NO_GRAPH: &str = "http://127.0.0.1:9";

/// How a relay is broken on purpose, where the program knows how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// It is sound.
    None,
    /// It answers before it has written.
    Early,
    /// It knows no repeat.
    Keyless,
}

impl Flaw {
    fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Early => "early",
            Self::Keyless => "keyless",
        }
    }
}

/// A running relay. Dropping it kills it.
#[derive(Debug)]
pub struct Relay {
    program: Program,
    path: PathBuf,
    folder: PathBuf,
    public_url: String,
    desk_url: String,
}

impl Relay {
    /// The relay that was built beside this test.
    ///
    /// # Errors
    /// When it was not built.
    pub fn program() -> anyhow::Result<PathBuf> {
        built("baton-relay")
    }

    /// Starts it on the log in a folder, on free ports.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start(path: &Path, folder: &Path) -> anyhow::Result<Self> {
        Self::start_as(path, folder, Flaw::None, "127.0.0.1:0").await
    }

    /// The same, with desks at this address, and broken on purpose where the program knows how.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_as(path: &Path, folder: &Path, flaw: Flaw, desks: &str) -> anyhow::Result<Self> {
        Self::start_with(path, folder, flaw, desks, NO_GRAPH).await
    }

    /// Starts it on the log in a folder, with desks at this address and Graph at that one: it asks there what a Page token is
    /// worth, and a desk whose token it does not know becomes no steward.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_asking(path: &Path, folder: &Path, desks: &str, graph: &str) -> anyhow::Result<Self> {
        Self::start_with(path, folder, Flaw::None, desks, graph).await
    }

    async fn start_with(
        path: &Path,
        folder: &Path,
        flaw: Flaw,
        desks: &str,
        graph: &str,
    ) -> anyhow::Result<Self> {
        let ready = folder.join("ready.json");
        if ready.exists() {
            std::fs::remove_file(&ready)?;
        }
        let mut command = command(path, folder);
        command.env("BATON_RELAY_DESK_LISTEN", desks).env("BATON_FLAW", flaw.word());
        command.env("BATON_RELAY_GRAPH_URL", graph);
        command.arg("serve").arg("--ready-file").arg(&ready);
        let mut program = Program::start("baton-relay", command, &folder.join("relay.log"))?;
        let addresses = program.ready(&ready).await?;
        let address =
            |name: &str| addresses[name].as_str().map(str::to_owned).context("no address in the ready file");
        Ok(Self {
            public_url: address("public_url")?,
            desk_url: address("desk_url")?,
            program,
            path: path.to_owned(),
            folder: folder.to_owned(),
        })
    }

    /// Where desks reach it.
    #[must_use]
    pub fn desk_url(&self) -> &str {
        &self.desk_url
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// The end of its log.
    #[must_use]
    pub fn last_words(&self) -> String {
        self.program.last_words()
    }

    /// Where Meta posts.
    #[must_use]
    pub fn webhook_url(&self) -> String {
        format!("{}{}", self.public_url, routes::WEBHOOK)
    }

    /// Kills it, wherever it is, and waits until it is gone.
    pub fn kill(self) {
        self.program.kill();
    }

    /// Asks it to end.
    pub fn stop(self) {
        self.program.stop();
    }

    /// An invite of the operator for an admin.
    ///
    /// # Errors
    /// When the relay makes none.
    pub fn invite(&self) -> anyhow::Result<String> {
        self.invite_as("Ines", Role::Admin)
    }

    /// An invite of the operator for somebody with this role on the account.
    ///
    /// # Errors
    /// When the relay makes none.
    pub fn invite_as(&self, name: &str, role: Role) -> anyhow::Result<String> {
        let (mut command, role) = (command(&self.path, &self.folder), role.to_string());
        command.args(["invite", "--role", role.as_str(), "--name", name, "--account", ACCOUNT]);
        let output = command.output()?;
        ensure!(output.status.success(), "no invite: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?.trim().to_owned())
    }

    /// Enrols a desk with an invite of the operator: Ines, an admin.
    ///
    /// # Errors
    /// When the relay does not let it in.
    pub async fn enrol(&self) -> anyhow::Result<Desk> {
        self.enrol_as("Ines", Role::Admin).await
    }

    /// Enrols a desk of somebody else, with this role.
    ///
    /// # Errors
    /// When the relay does not let it in.
    pub async fn enrol_as(&self, name: &str, role: Role) -> anyhow::Result<Desk> {
        let asked = EnrolRequest {
            invite: self.invite_as(name, role)?,
            desk_name: "kills".to_owned(),
            public_key: PUBLIC_KEY.to_owned(),
            version: VERSION,
        };
        let client = reqwest::Client::new();
        let url = format!("{}{}", self.desk_url, routes::ENROL);
        let answer = client.post(url).json(&asked).send().await?.error_for_status()?;
        let enrolled: Enrolled = answer.json().await?;
        Ok(Desk { client, enrolled })
    }
}

fn command(path: &Path, folder: &Path) -> Command {
    let mut command = Command::new(path);
    command
        .env("BATON_RELAY_DATABASE", format!("sqlite:{}", folder.join("relay.db").display()))
        .env("BATON_RELAY_PUBLIC_LISTEN", "127.0.0.1:0")
        .env("BATON_RELAY_DESK_LISTEN", "127.0.0.1:0")
        .env("BATON_RELAY_APP_ID", APP_ID)
        .env("BATON_RELAY_APP_SECRET", APP_SECRET)
        .env("BATON_RELAY_VERIFY_TOKEN", "kills")
        .env("BATON_RELAY_GRAPH_URL", NO_GRAPH);
    command
}

/// A desk that was enrolled.
pub struct Desk {
    client: reqwest::Client,
    enrolled: Enrolled,
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("desk", &self.enrolled.desk).finish_non_exhaustive()
    }
}

impl Desk {
    /// Who it is.
    #[must_use]
    pub fn enrolled(&self) -> &Enrolled {
        &self.enrolled
    }

    /// Connects the account, so that its webhooks go into its log.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn connect_account(&self, relay: &Relay) -> anyhow::Result<()> {
        let asked = CommandRequest {
            command_id: CommandId::new(),
            if_version: None,
            if_no_word_after: None,
            command: Ask::ConnectAccount {
                platform: Platform::Messenger,
                name: "Northwind Tea".to_owned(),
                page: AccountId::from(ACCOUNT),
                app: AppId::from(APP_ID),
                routing: RoutingMode::Off,
                fields: vec!["messages".to_owned()],
            },
        };
        let url = format!("{}{}", relay.desk_url, routes::commands(&log()));
        let answer = self.as_desk(self.client.post(url)).json(&asked).send().await?;
        ensure!(answer.status().is_success(), "not connected: {}", answer.text().await?);
        Ok(())
    }

    /// Seq of every entry of the account, oldest first, with its message where it has one.
    ///
    /// # Errors
    /// When the relay does not give them.
    pub async fn all_entries(&self, relay: &Relay) -> anyhow::Result<Vec<(u64, Option<String>)>> {
        let entries = self.log(relay).await?.1;
        Ok(entries.iter().map(|entry| (entry.seq, mid_of(&entry.content()))).collect())
    }

    /// The account's whole log.
    ///
    /// # Errors
    /// When the relay does not give it.
    pub async fn log(&self, relay: &Relay) -> anyhow::Result<(LogId, Vec<Entry>)> {
        self.log_of(relay, &log()).await
    }

    /// The workspace's whole log.
    ///
    /// # Errors
    /// When the relay does not give it.
    pub async fn workspace_log(&self, relay: &Relay) -> anyhow::Result<(LogId, Vec<Entry>)> {
        self.log_of(relay, &LogName::Workspace).await
    }

    async fn log_of(&self, relay: &Relay, name: &LogName) -> anyhow::Result<(LogId, Vec<Entry>)> {
        let mut entries: Vec<Entry> = Vec::new();
        loop {
            let after = entries.last().map_or(0, |entry| entry.seq);
            let url = format!("{}{}?after={after}&limit=1000", relay.desk_url, routes::entries(name));
            let answer = self.as_desk(self.client.get(url)).send().await?.error_for_status()?;
            let page: EntryPage = answer.json().await?;
            if page.entries.is_empty() {
                ensure!(page.head == after, "the head is {}, the last entry {after}", page.head);
                return Ok((page.log_id, entries));
            }
            entries.extend(page.entries);
        }
    }

    fn as_desk(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        request.bearer_auth(&self.enrolled.token).header(VERSION_HEADER, VERSION)
    }
}

/// The account's log.
#[must_use]
pub fn log() -> LogName {
    LogName::Account(AccountId::from(ACCOUNT))
}

/// The message that an entry brings; what a relay without keys hangs on is left out.
fn mid_of(content: &Content) -> Option<String> {
    let Content::Meta(stored) = content else { return None };
    let event: Value = serde_json::from_str(stored.event.get()).ok()?;
    event.pointer("/message/text")?;
    let mid = event.pointer("/message/mid")?.as_str()?;
    Some(mid.split('~').next().unwrap_or(mid).to_owned())
}
