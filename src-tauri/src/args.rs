//! How the desk is started.

use std::path::PathBuf;

use clap::Parser;

/// Baton: the live-agent inbox.
///
/// Started without options it uses the folder of the user. Everything else is for tests, the demo and a second
/// desk on one machine.
#[derive(Clone, Debug, Parser)]
#[command(name = "baton-desk", version)]
pub struct Args {
    /// Keep everything of this desk apart: store, key-store names, lock and bus name.
    #[arg(long, value_name = "FOLDER", env = "BATON_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
    /// Where Graph answers. Without TLS only on this machine.
    #[arg(long, value_name = "URL", env = "BATON_GRAPH_URL")]
    pub graph_url: Option<String>,
    /// A file that enrols this desk once at its start and is then removed: relay address, invite, Page tokens.
    #[arg(long, value_name = "FILE", env = "BATON_ENROL_FILE")]
    pub enrol_file: Option<PathBuf>,
}
