//! WebKitWebDriver: one process per window; it starts the program with the window itself.

use std::process::Command;
use std::time::Duration;

use anyhow::Context as _;
use fantoccini::{Client, ClientBuilder};
use serde_json::Value;

use super::free_port::free_port;
use super::program::Program;
use super::room::Room;
use super::until;

/// What a driver is asked to open.
pub(super) struct Asked<'a> {
    /// Its name, for logs.
    pub name: &'a str,
    /// What it is called when it does not open.
    pub what: &'a str,
    /// Program and arguments; null for the browser that comes with the driver.
    pub options: Value,
    /// More of its environment.
    pub env: &'a [(&'a str, &'a str)],
}

/// Starts a driver, which opens the window. The window ends with the driver.
pub(super) async fn drive(room: &Room, asked: Asked<'_>) -> anyhow::Result<(Client, Program)> {
    let port = free_port()?;
    let mut command = Command::new("WebKitWebDriver");
    command.arg(format!("--port={port}")).arg("--host=127.0.0.1");
    room.enter(&mut command);
    command.env("TAURI_AUTOMATION", "true").env("TAURI_WEBVIEW_AUTOMATION", "true");
    command.envs(asked.env.iter().copied());
    let mut driver = Program::start("WebKitWebDriver", command, &room.log(asked.name))?;
    until::holds("WebKitWebDriver", until::LONG, async || {
        driver.must_run()?;
        Ok(tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok())
    })
    .await?;
    let what = asked.what;
    let client = session(asked.options, port)
        .await
        .with_context(|| format!("{what} did not open. Its last words:\n{}", driver.last_words()))?;
    Ok((client, driver))
}

async fn session(options: Value, port: u16) -> anyhow::Result<Client> {
    let mut capabilities = fantoccini::wd::Capabilities::new();
    if !options.is_null() {
        capabilities.insert("webkitgtk:browserOptions".to_owned(), options);
    }
    let opening = async {
        ClientBuilder::rustls()?
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .map_err(anyhow::Error::from)
    };
    tokio::time::timeout(Duration::from_secs(60), opening).await.context("no window after a minute")?
}
