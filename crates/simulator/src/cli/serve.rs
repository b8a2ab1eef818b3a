//! Without a word of its own the program serves: starts a simulator, says where it is, ends on Ctrl-C.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
use baton_messenger::AccountId;
use baton_simulator::seed::Plan;
use baton_simulator::{Config, Earlier, Simulator, Start};
use clap::Args;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{measure, say};

#[derive(Args)]
pub(super) struct Serve {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The id of the app under test.
    #[arg(long, default_value = "700100200300400")]
    app_id: String,
    /// A file with the app secret. Without it the variable BATON_SIM_APP_SECRET is read.
    #[arg(long)]
    app_secret_file: Option<PathBuf>,
    /// Where the app's webhooks go.
    #[arg(long)]
    callback_url: Option<String>,
    /// The app's verify token; with a callback, the handshake is tried once at the start.
    #[arg(long, env = "BATON_SIM_VERIFY_TOKEN", hide_env_values = true)]
    verify_token: Option<SecretString>,
    /// How the world begins: `demo`, `empty`, or a file that `baton-simulator seed` made.
    #[arg(long, default_value = "demo")]
    world: World,
    /// Put this many made-up customers into the demo's accounts instead of its own.
    #[arg(long, requires = "messages", conflicts_with = "world")]
    customers: Option<u32>,
    /// How many messages they and the business have said, together.
    #[arg(long, requires = "customers")]
    messages: Option<u64>,
    /// Decides what they said: the same number makes the same world.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Let the bot also answer on Pages without routing.
    #[arg(long)]
    bot_answers_without_routing: bool,
    /// How long the bot thinks before it answers, in milliseconds.
    #[arg(long, default_value_t = 400)]
    bot_pause_ms: u64,
    /// The ready file of an earlier run: this one answers at the same address, and takes the Page tokens that the other
    /// gave out. What was said there is forgotten.
    #[arg(long, conflicts_with = "listen")]
    again: Option<PathBuf>,
    /// How far the clock of that run was ahead of this machine's, in milliseconds.
    #[arg(long, default_value_t = 0, requires = "again")]
    clock_ahead_ms: i64,
    /// A file to write once everything answers: addresses, Pages, tokens. Only its owner may read it.
    #[arg(long)]
    ready_file: Option<PathBuf>,
}

#[derive(Clone)]
enum World {
    Demo,
    Empty,
    File(PathBuf),
}

impl FromStr for World {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "demo" => Ok(Self::Demo),
            "empty" => Ok(Self::Empty),
            path if Path::new(path).is_file() => Ok(Self::File(path.into())),
            path => Err(format!("{path} is neither demo, empty, nor a file")),
        }
    }
}

impl Serve {
    pub async fn run(self) -> anyhow::Result<()> {
        let simulator = self.start().await?;
        say(&format!("Graph answers at {}", simulator.base_url()))?;
        say(&format!("The customer's phone is at {}", simulator.phone_url()))?;
        say(&format!("The control room is at {}", simulator.control_room_url()))?;
        asked_to_end().await?;
        simulator.stop().await;
        Ok(())
    }

    /// Starts the simulator and writes the ready file.
    ///
    /// # Errors
    /// With what can be done about it.
    pub async fn start(&self) -> anyhow::Result<Simulator> {
        let config = self.config()?;
        let is_made = matches!(config.start, Start::Seeded(_) | Start::File(_));
        let watch = measure::Watch::start();
        let simulator = Simulator::start(config).await?;
        if is_made {
            let (customers, messages) = simulator.size();
            say(&format!("The world has {customers} customers and {messages} messages: {}", watch.told()))?;
        }
        if let (Some(url), Some(token)) = (&self.callback_url, &self.verify_token)
            && !simulator.verify_callback(url, token).await
        {
            say(&format!(
                "The callback {url} did not answer the handshake yet. Webhooks are tried all the same."
            ))?;
        }
        if let Some(path) = &self.ready_file {
            write_ready(path, &simulator, &self.app_id)?;
        }
        Ok(simulator)
    }

    /// Whether somebody receives webhooks.
    pub fn has_callback(&self) -> bool {
        self.callback_url.is_some()
    }

    /// The seed of everything that is made up.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    fn config(&self) -> anyhow::Result<Config> {
        let before = self.again.as_deref().map(Before::read).transpose()?;
        Ok(Config {
            listen: before.as_ref().map_or(Ok(self.listen), Before::address)?,
            earlier: before.map(|before| before.earlier(self.clock_ahead_ms)),
            app_id: self.app_id.clone(),
            app_secret: self.app_secret()?,
            callback_url: self.callback_url.clone(),
            start: self.beginning(),
            bot_answers_without_routing: self.bot_answers_without_routing,
            bot_pause: Duration::from_millis(self.bot_pause_ms),
            ..Config::default()
        })
    }

    fn beginning(&self) -> Start {
        match (self.customers, self.messages, &self.world) {
            (Some(customers), Some(messages), _) => Start::Seeded(Plan::new(customers, messages, self.seed)),
            (_, _, World::Demo) => Start::Demo,
            (_, _, World::Empty) => Start::Empty,
            (_, _, World::File(path)) => Start::File(path.clone()),
        }
    }

    fn app_secret(&self) -> anyhow::Result<SecretString> {
        let text = match &self.app_secret_file {
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the app secret from {}", path.display()))?,
            None => std::env::var("BATON_SIM_APP_SECRET")
                .context("no app secret: give --app-secret-file or set BATON_SIM_APP_SECRET")?,
        };
        let text = text.trim();
        anyhow::ensure!(!text.is_empty(), "the app secret is empty");
        Ok(SecretString::from(text))
    }
}

/// What is needed of the ready file of an earlier run.
#[derive(serde::Deserialize)]
struct Before {
    base_url: String,
    pages: Vec<PageBefore>,
}

#[derive(serde::Deserialize)]
struct PageBefore {
    id: AccountId,
    token: Option<String>,
}

impl Before {
    fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_slice(&text).with_context(|| format!("{} is no ready file", path.display()))
    }

    fn address(&self) -> anyhow::Result<SocketAddr> {
        let address = self.base_url.strip_prefix("http://").unwrap_or_default();
        address.parse().with_context(|| format!("{} is no address of this machine", self.base_url))
    }

    fn earlier(self, clock_ahead_ms: i64) -> Earlier {
        let tokens =
            self.pages.into_iter().filter_map(|page| Some((page.id, SecretString::from(page.token?))));
        Earlier { tokens: tokens.collect(), clock_ahead_ms }
    }
}

/// Ctrl-C, or the signal by which other programs end this one.
async fn asked_to_end() -> anyhow::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).context("cannot wait for signals")?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.context("cannot wait for Ctrl-C"),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.context("cannot wait for Ctrl-C")
}

fn write_ready(path: &Path, simulator: &Simulator, app_id: &str) -> anyhow::Result<()> {
    let (pages, instagram): (Vec<_>, Vec<_>) =
        simulator.world().pages.into_iter().partition(|account| account.page_id.is_none());
    let instagram =
        instagram.into_iter().map(|account| json!({"id": account.id, "page_id": account.page_id}));
    let pages = pages.into_iter().map(|page| {
        let token = simulator.page_token(&page.id);
        json!({"id": page.id, "name": page.name, "token": token.as_ref().map(ExposeSecret::expose_secret)})
    });
    let ready = json!({
        "base_url": simulator.base_url(),
        "phone_url": simulator.phone_url(),
        "control_room_url": simulator.control_room_url(),
        "app_id": app_id,
        "user_token": simulator.user_token().as_ref().map(ExposeSecret::expose_secret),
        "pages": pages.collect::<Vec<_>>(),
        "instagram": instagram.collect::<Vec<_>>(),
    });
    // Written beside and renamed, so that who waits for the file never reads half of it.
    let beside = path.with_extension("tmp");
    let _ = std::fs::remove_file(&beside);
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&beside).with_context(|| format!("cannot write {}", beside.display()))?;
    file.write_all(ready.to_string().as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path).with_context(|| format!("cannot write {}", path.display()))
}
