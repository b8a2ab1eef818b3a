//! The simulator as a program: starts one, says where it is, ends on Ctrl-C.

use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use baton_simulator::{Config, Simulator, Start};
use clap::{Parser, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// A local Meta: Graph, webhooks, a bot and the customer's phone.
#[derive(Parser)]
#[command(version)]
struct Args {
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
    /// How the world begins.
    #[arg(long, value_enum, default_value_t = World::Demo)]
    world: World,
    /// Let the bot also answer on Pages without routing.
    #[arg(long)]
    bot_answers_without_routing: bool,
    /// How long the bot thinks before it answers, in milliseconds.
    #[arg(long, default_value_t = 400)]
    bot_pause_ms: u64,
    /// A file to write once everything answers: addresses, Pages, tokens. Only its owner may read it.
    #[arg(long)]
    ready_file: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
enum World {
    /// Two Pages, customers, a past.
    Demo,
    /// Nothing but the apps.
    Empty,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let args = Args::parse();
    let config = config(&args)?;
    let simulator = Simulator::start(config).await?;
    if let (Some(url), Some(token)) = (&args.callback_url, &args.verify_token)
        && !simulator.verify_callback(url, token).await
    {
        say(&format!(
            "The callback {url} did not answer the handshake yet. Webhooks are tried all the same."
        ))?;
    }
    if let Some(path) = &args.ready_file {
        write_ready(path, &simulator, &args.app_id)?;
    }
    say(&format!("Graph answers at {}", simulator.base_url()))?;
    say(&format!("The customer's phone is at {}", simulator.phone_url()))?;
    asked_to_end().await?;
    simulator.stop().await;
    Ok(())
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

fn config(args: &Args) -> anyhow::Result<Config> {
    Ok(Config {
        listen: args.listen,
        app_id: args.app_id.clone(),
        app_secret: app_secret(args)?,
        callback_url: args.callback_url.clone(),
        start: match args.world {
            World::Demo => Start::Demo,
            World::Empty => Start::Empty,
        },
        bot_answers_without_routing: args.bot_answers_without_routing,
        bot_pause: Duration::from_millis(args.bot_pause_ms),
        ..Config::default()
    })
}

fn app_secret(args: &Args) -> anyhow::Result<SecretString> {
    let text = match &args.app_secret_file {
        Some(path) => std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the app secret from {}", path.display()))?,
        None => std::env::var("BATON_SIM_APP_SECRET")
            .context("no app secret: give --app-secret-file or set BATON_SIM_APP_SECRET")?,
    };
    let text = text.trim();
    anyhow::ensure!(!text.is_empty(), "the app secret is empty");
    Ok(SecretString::from(text))
}

fn write_ready(path: &Path, simulator: &Simulator, app_id: &str) -> anyhow::Result<()> {
    let pages = simulator.world().pages.into_iter().map(|page| {
        let token = simulator.page_token(&page.id);
        json!({"id": page.id, "name": page.name, "token": token.as_ref().map(ExposeSecret::expose_secret)})
    });
    let ready = json!({
        "base_url": simulator.base_url(),
        "phone_url": simulator.phone_url(),
        "app_id": app_id,
        "user_token": simulator.user_token().as_ref().map(ExposeSecret::expose_secret),
        "pages": pages.collect::<Vec<_>>(),
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

fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout(), "{line}").context("cannot write to the terminal")
}
