//! The relay of a world: started on free ports, killed, started again on the same ports and the same file.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use baton_messenger::AppId;
use baton_protocol::DeskId;
use baton_protocol::enrol::Role;
use baton_relay::clock::{Clock as _, SystemClock};
use baton_relay::doctor::Patient;
use baton_relay::log::sqlite::restore;
use baton_relay::operator::{self, Answer, Request};
use baton_relay::people::InviteAccount;
use baton_relay::{Config, Relay};
use secrecy::SecretString;

use super::clock::StoryClock;
use crate::island::Island;
use crate::people::Shop;
use crate::wait;

/// How long an invite is good for.
const DAY_MS: i64 = 24 * 3_600_000;
/// How often the relay asks for Meta's time and says that it is there, so that no story waits for a moved clock.
const OFTEN: Duration = Duration::from_millis(400);

/// A relay that can be killed.
#[derive(Debug)]
pub(crate) struct RelayPart {
    config: Config,
    island: Option<Island>,
}

impl RelayPart {
    /// Starts a relay with its file in this folder.
    pub(crate) async fn start(
        folder: PathBuf,
        app: AppId,
        app_secret: &str,
        verify_token: SecretString,
        graph_url: String,
        clock: Arc<StoryClock>,
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&folder)?;
        let database = folder.join("relay.sqlite");
        let config = Config::on_loopback(database, app, SecretString::from(app_secret), verify_token);
        let dialog_url = graph_url.clone();
        let config =
            Config { graph_url, dialog_url, clock, meta_time_every: OFTEN, heartbeat: OFTEN, ..config };
        let mut part = Self { config, island: None };
        let (public, desks) = part.run().await?;
        (part.config.public_listen, part.config.desk_listen) = (public, desks);
        Ok(part)
    }

    /// Its file.
    pub(crate) fn database(&self) -> &Path {
        &self.config.database
    }

    /// Where Meta posts webhooks.
    pub(crate) fn webhook_url(&self) -> String {
        format!("http://{}{}", self.config.public_listen, baton_protocol::routes::WEBHOOK)
    }

    /// Where its health stands.
    pub(crate) fn health_url(&self) -> String {
        format!("http://{}{}", self.config.desk_listen, baton_protocol::routes::HEALTH)
    }

    /// Where desks reach it.
    pub(crate) fn desk_url(&self) -> String {
        format!("http://{}", self.config.desk_listen)
    }

    /// Kills it where it stands.
    pub(crate) fn dies(&mut self) {
        if let Some(island) = self.island.take() {
            island.sink();
        }
    }

    /// Starts it again: same ports, same file. What it held when it was killed may take a moment to come free.
    pub(crate) async fn comes_back(&mut self) -> anyhow::Result<()> {
        self.dies();
        let mut why = anyhow::anyhow!("it was not tried");
        for _ in 0..100 {
            match self.run().await {
                Ok(_) => return Ok(()),
                Err(error) => why = error,
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(why.context("the relay does not start again"))
    }

    async fn run(&mut self) -> anyhow::Result<(SocketAddr, SocketAddr)> {
        let island = Island::new("relay")?;
        let config = self.config.clone();
        let start = async move || {
            let running = Relay::start(config).await?;
            let addresses = (running.public_addr, running.desk_addr);
            // It lives on its own threads and dies with them.
            tokio::spawn(async move {
                let _alive = running;
                std::future::pending::<()>().await;
            });
            anyhow::Ok(addresses)
        };
        let addresses = island.begin(start).await??;
        self.island = Some(island);
        Ok(addresses)
    }

    /// Makes an invite as the operator.
    pub(crate) async fn invites(
        &self,
        name: &str,
        shops: &[Shop],
        role: Role,
    ) -> anyhow::Result<SecretString> {
        let accounts =
            shops.iter().map(|shop| InviteAccount { account: shop.id(), platform: shop.platform, role });
        let request = Request::Invite {
            name: name.to_owned(),
            agent: None,
            accounts: accounts.collect(),
            valid_ms: DAY_MS,
            change_roles: false,
        };
        match self.operate(&request).await? {
            Answer::Invite { invite, .. } => Ok(SecretString::from(invite)),
            _ => anyhow::bail!("the relay made no invite"),
        }
    }

    /// What `baton-relay doctor` looks at here.
    pub(crate) async fn patient(&self, page_tokens: Vec<SecretString>) -> anyhow::Result<Patient> {
        match self.operate(&Request::Accounts).await? {
            Answer::Accounts { accounts } => {
                Ok(Patient { config: self.config.clone(), accounts: Ok(accounts), page_tokens })
            }
            _ => anyhow::bail!("the relay did not tell its accounts"),
        }
    }

    /// Cuts a desk off as the operator.
    pub(crate) async fn revokes(&self, desk: DeskId) -> anyhow::Result<()> {
        match self.operate(&Request::Revoke { desk }).await? {
            Answer::Done { changed: true } => Ok(()),
            _ => anyhow::bail!("the relay did not cut the desk off"),
        }
    }

    /// Copies its log as the operator, while it runs.
    pub(crate) async fn copies(&self, name: &str) -> anyhow::Result<PathBuf> {
        let to = self.config.database.with_file_name(name);
        match self.operate(&Request::Backup { to: to.clone() }).await? {
            Answer::Backup { .. } => Ok(to),
            _ => anyhow::bail!("the relay made no copy"),
        }
    }

    /// Puts a copy back with the command. The relay must be dead; what it held may take a moment to come free.
    pub(crate) async fn is_restored(&self, from: &Path) -> anyhow::Result<()> {
        self.has_closed().await?;
        let now_ms = SystemClock.wall_ms();
        wait::until("the database coming free", async || {
            restore(from, &self.config.database, now_ms).await.map(drop).map_err(|error| error.to_string())
        })
        .await
    }

    /// Puts a copy back by hand, as somebody does who never read the manual.
    pub(crate) async fn is_overwritten(&self, from: &Path) -> anyhow::Result<()> {
        self.has_closed().await?;
        let database = &self.config.database;
        for ending in ["-wal", "-shm"] {
            let mut name = database.as_os_str().to_owned();
            name.push(ending);
            match std::fs::remove_file(PathBuf::from(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
                _ => {}
            }
        }
        std::fs::copy(from, database)?;
        Ok(())
    }

    /// Waits until nothing of a killed relay has the database open. A process that was killed holds nothing; a part of this one
    /// is still ending, and a connection that closes late writes what it had into the file that took the place of its own.
    async fn has_closed(&self) -> anyhow::Result<()> {
        let database = std::fs::canonicalize(&self.config.database)?;
        let files = ["", "-wal", "-shm", ".lock"].map(|ending| {
            let mut name = database.as_os_str().to_owned();
            name.push(ending);
            PathBuf::from(name)
        });
        wait::until("the database coming free", async || {
            let open = std::fs::read_dir("/proc/self/fd").map_err(|error| error.to_string())?;
            match open
                .flatten()
                .filter_map(|file| file.path().read_link().ok())
                .find(|file| files.contains(file))
            {
                None => Ok(()),
                Some(file) => Err(format!("{} is open", file.display())),
            }
        })
        .await
    }

    async fn operate(&self, request: &Request) -> anyhow::Result<Answer> {
        let answer = operator::ask(&operator::socket_of(&self.config.database), request).await?;
        if let Answer::Failed { why } = answer {
            anyhow::bail!("the relay refused its operator: {why}");
        }
        Ok(answer)
    }

    /// What `/healthz` says.
    pub(crate) async fn health(&self) -> anyhow::Result<serde_json::Value> {
        let http = reqwest::Client::builder().no_proxy().build()?;
        let answer = http.get(self.health_url()).timeout(wait::PATIENCE).send().await?;
        answer.json().await.context("the relay's health cannot be read")
    }
}
