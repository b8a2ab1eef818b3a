//! A whole relay in this process: log, two listeners, the operator's socket, and the question for Meta's time.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use baton_graph::{AppSecret, ConfigError, GraphClient, GraphConfig};
use baton_protocol::routes;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::allowance::Allowances;
use crate::blocks::{self, Blocks};
use crate::config::Config;
use crate::log::Log;
use crate::log::sqlite::{OpenError, SqliteLog, SqliteSettings, beside};
use crate::login::LoginSettings;
use crate::meta_time::{self, MetaTime};
use crate::net::{self, Listener};
use crate::operator;
use crate::presence::{self, WhoIsThere};
use crate::refused::Refused;
use crate::seen::{self, Seen};
use crate::state::Shared;
use crate::stewards::Stewards;
use crate::{app_webhooks, desk_api, giving, ingest};

/// Why a relay did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The log cannot be opened.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// An address cannot be listened on.
    #[error("{addr} cannot be listened on: {why}; choose another one with {setting}")]
    Listen {
        /// The address.
        addr: SocketAddr,
        /// The setting that chose it.
        setting: &'static str,
        /// What the system says.
        why: String,
    },
    /// Graph's address cannot be used.
    #[error("{0}; correct graph_url")]
    Graph(#[from] ConfigError),
    /// The operator's socket or the ready file cannot be written.
    #[error("{path} cannot be written: {why}")]
    Write {
        /// Which file.
        path: String,
        /// What the system says.
        why: String,
    },
}

/// The relay.
#[derive(Debug)]
pub struct Relay;

/// A relay that runs. It must be stopped; dropping it ends its tasks without grace.
#[derive(Debug)]
pub struct RunningRelay {
    /// Where Meta reaches it.
    pub public_addr: SocketAddr,
    /// Where desks reach it.
    pub desk_addr: SocketAddr,
    log: Arc<dyn Log>,
    blocks: Arc<Blocks>,
    meta_time: Arc<MetaTime>,
    listeners: Vec<Listener>,
    tasks: Vec<JoinHandle<()>>,
    stop: CancellationToken,
}

impl Relay {
    /// Starts a relay and returns once it listens.
    ///
    /// # Errors
    /// [`StartError`], in words for the operator.
    pub async fn start(config: Config) -> Result<RunningRelay, StartError> {
        let settings = SqliteSettings { path: config.database.clone(), app: config.app_id.clone() };
        let time = Arc::new(MetaTime::new(config.clock.clone()));
        let log = Arc::new(SqliteLog::open(settings, time.clone()).await?);
        Self::start_on(config, log, time).await
    }

    /// Starts a relay on this log, whose entries get their time from `time`, and returns once it listens.
    ///
    /// # Errors
    /// [`StartError`], in words for the operator.
    pub async fn start_on(
        config: Config,
        log: Arc<dyn Log>,
        meta_time: Arc<MetaTime>,
    ) -> Result<RunningRelay, StartError> {
        if !log.is_durable() {
            tracing::warn!("this log answers before it is durable: a webhook that was answered can be lost");
        }
        let stop = CancellationToken::new();
        let graph = GraphClient::new(GraphConfig::at(&config.graph_url)?)?.observed_by(meta_time.clone());
        let app_secret = app_secret(&config);
        let folder = beside(&config.database, ".blocks");
        let blocks = Blocks::open(&folder)
            .map_err(|e| StartError::Write { path: folder.display().to_string(), why: e.to_string() })?;
        let blocks = Arc::new(blocks);
        let public = listen(config.public_listen, "public_listen").await?;
        let desks = listen(config.desk_listen, "desk_listen").await?;
        let (there, seen) = (Arc::<WhoIsThere>::default(), Arc::<Seen>::default());
        let shared = Arc::new(Shared {
            log: log.clone(),
            blocks: blocks.clone(),
            clock: config.clock.clone(),
            meta_time: meta_time.clone(),
            refused: Refused::default(),
            workspace: config.workspace.clone(),
            app: config.app_id.clone(),
            app_secret: app_secret.clone(),
            graph: graph.clone(),
            login: LoginSettings {
                return_url: return_url(&config, &public),
                dialog_url: config.dialog_url.clone(),
                config_id: config.login_config_id.clone(),
            },
            stewards: Stewards::default(),
            there: Arc::clone(&there),
            seen: Arc::clone(&seen),
            allowances: Allowances::default(),
            app_secrets: config.app_secrets.clone(),
            verify_token: config.verify_token.clone(),
            heartbeat: config.heartbeat,
            stop: stop.clone(),
        });

        let most = config.most_connections;
        let public = net::serve(public, ingest::router(shared.clone()), most, config.deadlines, stop.clone())
            .map_err(|e| not_listening(config.public_listen, "public_listen", &e))?;
        let desks = net::serve(desks, desk_api::router(shared.clone()), most, config.deadlines, stop.clone())
            .map_err(|e| not_listening(config.desk_listen, "desk_listen", &e))?;
        let socket = operator::socket_of(&config.database);
        let operator = operator::listen(&socket, log.clone(), config.clock.clone(), stop.clone())
            .map_err(|e| StartError::Write { path: socket.display().to_string(), why: e.to_string() })?;
        let webhooks = app_webhooks::Watch {
            log: log.clone(),
            graph: graph.clone(),
            app: app_secret.clone(),
            clock: config.clock.clone(),
        };
        let asking = meta_time::ask(graph, app_secret, config.meta_time_every, stop.clone());
        let watching = webhooks.run(stop.clone());
        let renewing = blocks::renew(blocks.clone(), log.renewed(), stop.clone());
        let tidying = tidy(log.clone(), stop.clone());
        let keeping = seen::keep(seen, log.clone(), config.clock.clone(), stop.clone());
        let giving = giving::run(log.clone(), there.clone(), meta_time.clone(), stop.clone());
        let seeing = presence::run(there, log.clone(), config.clock.clone(), stop.clone());
        let running = RunningRelay {
            public_addr: public.addr,
            desk_addr: desks.addr,
            log,
            blocks,
            meta_time,
            listeners: vec![public, desks],
            tasks: vec![
                operator,
                tokio::spawn(asking),
                tokio::spawn(watching),
                tokio::spawn(renewing),
                tokio::spawn(tidying),
                tokio::spawn(seeing),
                tokio::spawn(giving),
                tokio::spawn(keeping),
            ],
            stop,
        };
        if let Some(path) = &config.ready_file {
            running.write_ready_file(path)?;
        }
        tracing::info!(
            public = %running.public_addr,
            desks = %running.desk_addr,
            workspace = config.workspace,
            durable = running.log.is_durable(),
            "the relay listens"
        );
        if !running.desk_addr.ip().is_loopback() {
            tracing::warn!(
                "desks are listened to beyond this machine: put a proxy with TLS in front, desks refuse plain http://"
            );
        }
        Ok(running)
    }
}

impl RunningRelay {
    /// Where Meta reaches it, as a web address without a path.
    #[must_use]
    pub fn public_url(&self) -> String {
        format!("http://{}", self.public_addr)
    }

    /// Where desks reach it, as a web address without a path.
    #[must_use]
    pub fn desk_url(&self) -> String {
        format!("http://{}", self.desk_addr)
    }

    /// The log, for acts of the operator in the same process.
    #[must_use]
    pub fn log(&self) -> &Arc<dyn Log> {
        &self.log
    }

    /// How many blocks were compressed since the start; each is made once for all desks.
    #[must_use]
    pub fn blocks_made(&self) -> u64 {
        self.blocks.made()
    }

    /// Meta's time as this relay knows it, milliseconds UTC.
    #[must_use]
    pub fn meta_now_ms(&self) -> Option<i64> {
        self.meta_time.now_ms()
    }

    /// Waits until the log breaks, and says why. A relay whose log broke accepts nothing more: stop it and end the
    /// process, so that the next start reads the disk anew.
    pub async fn broken(&self) -> String {
        let mut broken = self.log.broken();
        match broken.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or_default(),
            // The writer ended without breaking: the relay is stopping.
            Err(_) => std::future::pending().await,
        }
    }

    /// Stops: finishes what is open, within a grace time, and closes the log.
    pub async fn stop(mut self) {
        self.stop.cancel();
        for listener in &self.listeners {
            listener.stopped().await;
        }
        for task in std::mem::take(&mut self.tasks) {
            let _ = task.await;
        }
        self.log.close().await;
        tracing::info!("the relay stopped");
    }

    fn write_ready_file(&self, path: &Path) -> Result<(), StartError> {
        let ready = serde_json::json!({ "public_url": self.public_url(), "desk_url": self.desk_url() });
        let failed =
            |e: std::io::Error| StartError::Write { path: path.display().to_string(), why: e.to_string() };
        // Renamed into place, so that nobody reads half of it.
        let draft = path.with_extension("writing");
        std::fs::write(&draft, ready.to_string()).map_err(failed)?;
        std::fs::rename(&draft, path).map_err(failed)
    }
}

impl Drop for RunningRelay {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn listen(addr: SocketAddr, setting: &'static str) -> Result<TcpListener, StartError> {
    TcpListener::bind(addr).await.map_err(|e| not_listening(addr, setting, &e))
}

fn not_listening(addr: SocketAddr, setting: &'static str, why: &std::io::Error) -> StartError {
    StartError::Listen { addr, setting, why: why.to_string() }
}

/// Our app with its current secret.
pub(crate) fn app_secret(config: &Config) -> AppSecret {
    AppSecret { app: config.app_id.clone(), secret: config.app_secrets.first().cloned().unwrap_or_default() }
}

/// Where Meta's login sends browsers back to. Without a setting only a relay on this machine knows.
fn return_url(config: &Config, public: &TcpListener) -> Option<String> {
    let here = || {
        let addr = public.local_addr().ok().filter(|addr| addr.ip().is_loopback())?;
        Some(format!("http://{addr}"))
    };
    let base = config.public_url.clone().or_else(here)?;
    Some(format!("{}{}", base.trim_end_matches('/'), routes::LOGIN_RETURN))
}

/// How often boxes and logins are looked through.
const TIDY_EVERY: Duration = Duration::from_secs(30);

/// Deletes boxes and logins whose time is over, also when nobody asks for them.
async fn tidy(log: Arc<dyn Log>, stop: CancellationToken) {
    loop {
        if let Err(error) = log.drop_ended().await {
            tracing::warn!(%error, "boxes and logins whose time is over could not be deleted");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(TIDY_EVERY) => {}
        }
    }
}
