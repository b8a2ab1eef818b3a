//! Serves the page of one desk to a browser on this machine.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use baton_commands::{Answering, DiagnosticFact};
use baton_core::clock::SystemClock;
use baton_core::desk::{Desk, DeskConfig};
use baton_core::keys::MemoryKeyStore;
use baton_graph::GraphConfig;
use clap::Parser;
use tokio::net::TcpListener;

/// Serves the page of one desk to a browser on this machine, for tests and work on the page. Secrets are kept in memory
/// only: after a restart the desk has to be enrolled anew.
#[derive(Parser)]
struct Args {
    /// Where to listen; loopback only.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The desk's own folder.
    #[arg(long)]
    data_dir: PathBuf,
    /// The built page.
    #[arg(long, default_value = "ui/dist")]
    page: PathBuf,
    /// Where Graph is.
    #[arg(long, default_value = baton_graph::GRAPH)]
    graph_url: String,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    tracing_subscriber::fmt().with_writer(std::io::stderr).init();
    let args = Args::parse();
    anyhow::ensure!(
        args.listen.ip().is_loopback(),
        "this host serves this machine only: listen on 127.0.0.1"
    );
    let desk = Desk::open(DeskConfig {
        data_dir: args.data_dir,
        clock: Arc::new(SystemClock),
        keys: Arc::new(MemoryKeyStore::default()),
        graph: GraphConfig::at(&args.graph_url).context("Graph's address")?,
        desk_name: "browser".to_owned(),
        history_after: baton_core::history::BEGINS_AFTER,
    })
    .await?;
    let listener = TcpListener::bind(args.listen).await?;
    let address = listener.local_addr()?;
    let host = DiagnosticFact { name: "Host".to_owned(), value: "browser on this machine".to_owned() };
    let answering = Arc::new(Answering::new(desk.clone(), vec![host]));
    tokio::spawn(baton_commands::alerts::tell(Arc::clone(&answering)));
    tracing::info!(page = %format!("http://{address}/"), "the page is served");
    let end = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    baton_devhost::serve(listener, answering, &args.page, end).await?;
    desk.shutdown().await;
    Ok(())
}
