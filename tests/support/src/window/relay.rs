//! The relay as a program: started, killed and started again on the same log and the same ports.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Context as _;
use baton_core::relay_client::{self, RelayAddress, RelayClient};
use baton_protocol::account::RoutingMode;
use baton_protocol::command::{Command as Wish, CommandRequest};
use baton_protocol::{AppId, CommandId, LabelId, LogName};
use secrecy::SecretString;
use tokio::sync::OnceCell;

use super::free_port::free_port;
use super::meta::{APP_ID, APP_SECRET, VERIFY_TOKEN, remove_if_there};
use super::program::{Program, built};
use super::room::Room;

/// The two addresses of a relay, kept over its restarts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    public: u16,
    desks: u16,
}

impl Ports {
    /// Two free ones.
    ///
    /// # Errors
    /// When the system has none.
    pub fn free() -> anyhow::Result<Self> {
        Ok(Self { public: free_port()?, desks: free_port()? })
    }

    /// Where Meta sends webhooks.
    #[must_use]
    pub fn webhook_url(self) -> String {
        format!("http://127.0.0.1:{}/webhook", self.public)
    }

    /// The port where desks go.
    #[must_use]
    pub fn desk_port(self) -> u16 {
        self.desks
    }

    /// Where desks go.
    #[must_use]
    pub fn desk_url(self) -> String {
        format!("http://127.0.0.1:{}", self.desks)
    }
}

/// A running `baton-relay`.
#[derive(Debug)]
pub struct RelayProgram {
    program: Program,
    ports: Ports,
    config: PathBuf,
    log: PathBuf,
    /// An admin's desk, once somebody needed one.
    admin: OnceCell<RelayClient>,
}

impl RelayProgram {
    /// Starts it, on the log of the room.
    ///
    /// # Errors
    /// When it is not built or does not start.
    pub async fn start(room: &Room, ports: Ports, graph_url: &str) -> anyhow::Result<Self> {
        let ready_file = room.folder().join("relay.ready");
        remove_if_there(&ready_file)?;
        let log = room.folder().join("relay.db");
        let config = room.folder().join("relay.toml");
        std::fs::write(&config, config_text(ports, graph_url, &log))?;
        let mut command = Command::new(built("baton-relay")?);
        command.arg("--config").arg(&config).arg("serve").arg("--ready-file").arg(&ready_file);
        keep_secrets_in(&mut command);
        let mut program = Program::start("baton-relay", command, &room.log("relay"))?;
        program.ready(&ready_file).await?;
        Ok(Self { program, ports, config, log, admin: OnceCell::new() })
    }

    /// Makes an invite for an agent, as an operator does.
    ///
    /// # Errors
    /// When the relay refuses.
    pub fn invite(&self, name: &str, accounts: &[&str]) -> anyhow::Result<String> {
        self.invite_as("agent", name, accounts)
    }

    /// Makes an invite for somebody of this role, as an operator does.
    ///
    /// # Errors
    /// When the relay refuses.
    pub fn invite_as(&self, role: &str, name: &str, accounts: &[&str]) -> anyhow::Result<String> {
        let mut words = vec!["invite", "--role", role, "--name", name];
        words.extend(accounts.iter().flat_map(|account| ["--account", account]));
        Ok(self.operator(&words)?.trim().to_owned())
    }

    /// Makes an invite for another desk of an agent who has or had one, as an operator does.
    ///
    /// # Errors
    /// When nobody of this name ever had a desk, or the relay refuses.
    pub fn invite_again(&self, name: &str, accounts: &[&str]) -> anyhow::Result<String> {
        let listed = self.listed(|listed| listed.agent_name == name)?;
        let mut words = vec!["invite", "--role", "agent", "--agent", &listed.agent];
        words.extend(accounts.iter().flat_map(|account| ["--account", account]));
        Ok(self.operator(&words)?.trim().to_owned())
    }

    /// Cuts an agent's desk off, as an operator does.
    ///
    /// # Errors
    /// When nobody of this name has a desk, or the relay refuses.
    pub fn revoke(&self, name: &str) -> anyhow::Result<()> {
        let listed = self.listed(|listed| listed.agent_name == name && listed.is_enrolled)?;
        self.operator(&["revoke", "--desk", &listed.desk]).map(drop)
    }

    /// The first desk of the operator's list that fits.
    fn listed(&self, fits: impl Fn(&Listed) -> bool) -> anyhow::Result<Listed> {
        let list = self.operator(&["desks"])?;
        let lines: Vec<&str> = list.lines().collect();
        let found = lines.chunks(2).filter_map(Listed::of).find(fits);
        found.with_context(|| format!("no such desk:\n{list}"))
    }

    /// Says that Meta approved the Human Agent feature for an account, as an operator does.
    ///
    /// # Errors
    /// When the relay refuses, as for an account that no invite named yet.
    pub fn approve_human_agent(&self, account: &str) -> anyhow::Result<()> {
        self.operator(&["account", "--account", account, "--human-agent", "approved"]).map(drop)
    }

    /// An administrator's desk says which app answers by default for an account, and what it is called: of both, Meta's
    /// API tells no desk.
    ///
    /// # Errors
    /// When the relay refuses.
    pub async fn admin_names_default_app(&self, account: &str, app: &str, name: &str) -> anyhow::Result<()> {
        let relay = self.admin(account).await?;
        let log = LogName::Account(account.into());
        let app = AppId::from(app);
        let named = Wish::NameApp { app: app.clone(), name: name.to_owned(), answers_count: false };
        let routed = Wish::SetRouting { routing: RoutingMode::On, default_app: Some(app) };
        for command in [named, routed] {
            relay.command(&log, &asked(command)).await?;
        }
        Ok(())
    }

    /// The same desk says what the whole workspace shares: labels with their colours, canned replies with their names.
    ///
    /// # Errors
    /// When the relay refuses, as for a name that is taken.
    pub async fn admin_shares(
        &self,
        account: &str,
        labels: &[(&str, &str)],
        canned: &[(&str, &str)],
    ) -> anyhow::Result<()> {
        let relay = self.admin(account).await?;
        let labels = labels.iter().map(|&(name, colour)| Wish::DefineLabel {
            label: LabelId::new(),
            name: name.to_owned(),
            colour: colour.to_owned(),
            removed: false,
        });
        let canned = canned
            .iter()
            .map(|&(name, text)| Wish::SetCannedReply { name: name.to_owned(), text: Some(text.to_owned()) });
        for command in labels.chain(canned) {
            relay.command(&LogName::Workspace, &asked(command)).await?;
        }
        Ok(())
    }

    /// The desk of an admin, which is let in when it is needed first; the admin's account is the one that was named then.
    async fn admin(&self, account: &str) -> anyhow::Result<&RelayClient> {
        let enrolling = || async {
            let words = ["invite", "--role", "admin", "--name", "Rosa", "--account", account];
            let invite = SecretString::from(self.operator(&words)?.trim().to_owned());
            let address: RelayAddress = self.ports.desk_url().parse()?;
            let desk = relay_client::enrol(&address, &invite, "an administrator's desk").await?;
            anyhow::Ok(RelayClient::new(address, desk.token)?)
        };
        self.admin.get_or_try_init(enrolling).await
    }

    fn operator(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(built("baton-relay")?);
        keep_secrets_in(&mut command);
        let output = command.arg("--config").arg(&self.config).args(words).output();
        let output = output.context("cannot start baton-relay")?;
        anyhow::ensure!(
            output.status.success(),
            "the relay refuses: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The bodies of an account's log entries, oldest first, read from its file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn log_bodies(&self, account: &str) -> anyhow::Result<Vec<serde_json::Value>> {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&self.log).read_only(true);
        let mut connection = sqlx::ConnectOptions::connect(&options).await?;
        let bodies = sqlx::query_scalar("select body from entry where log = ? order by seq");
        let bodies: Vec<String> = bodies.bind(account).fetch_all(&mut connection).await?;
        bodies.iter().map(|body| serde_json::from_str(body).context("a body is JSON")).collect()
    }

    /// Whether the relay keeps this very draft of somebody, read from its file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn keeps_draft(&self, text: &str) -> anyhow::Result<bool> {
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&self.log).read_only(true);
        let mut connection = sqlx::ConnectOptions::connect(&options).await?;
        let kept = sqlx::query_scalar::<_, bool>("select exists (select 1 from draft where text = ?)");
        Ok(kept.bind(text).fetch_one(&mut connection).await?)
    }

    /// Kills it as a power cut would.
    pub fn kill(self) {
        self.program.kill();
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.program.pid()
    }

    /// How it ended, if it has, with its last words.
    ///
    /// # Errors
    /// When the system cannot say.
    pub fn ended(&mut self) -> anyhow::Result<Option<String>> {
        self.program.end_and_last_words()
    }

    /// Fails with its last words when it has ended.
    ///
    /// # Errors
    /// When it is no longer running.
    pub fn must_run(&mut self) -> anyhow::Result<()> {
        self.program.must_run()
    }
}

/// A desk as the operator's list has it:
///
/// ```text
/// 0199…  enrolled  name of the machine
///     agent 0199…  Ines  104500000000011 as agent
/// ```
struct Listed {
    desk: String,
    is_enrolled: bool,
    agent: String,
    agent_name: String,
}

impl Listed {
    fn of(lines: &[&str]) -> Option<Self> {
        let mut first = lines.first()?.split("  ");
        let mut second = lines.get(1)?.trim().strip_prefix("agent ")?.split("  ");
        Some(Self {
            desk: first.next()?.to_owned(),
            is_enrolled: first.next()? == "enrolled",
            agent: second.next()?.to_owned(),
            agent_name: second.next()?.to_owned(),
        })
    }
}

fn asked(command: Wish) -> CommandRequest {
    CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command }
}

fn keep_secrets_in(command: &mut Command) {
    command.env("BATON_RELAY_APP_SECRET", APP_SECRET).env("BATON_RELAY_VERIFY_TOKEN", VERIFY_TOKEN);
}

fn config_text(ports: Ports, graph_url: &str, log: &std::path::Path) -> String {
    let Ports { public, desks } = ports;
    let log = log.display();
    format!(
        r#"app_id = "{APP_ID}"
database = "sqlite:{log}"
public_listen = "127.0.0.1:{public}"
desk_listen = "127.0.0.1:{desks}"
workspace = "Northwind"
graph_url = "{graph_url}"
# Logins go to the dialog of the local Meta, and browsers come back to this machine.
dialog_url = "{graph_url}"
public_url = "http://127.0.0.1:{public}"
# The clock of the local Meta is moved by hours; who looks should not wait a minute to see it.
meta_time_seconds = 1
"#
    )
}
