//! Settings, by file and environment. Everything that is wrong is told at once, with what to do.

mod read;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use baton_messenger::id::AppId;
use secrecy::SecretString;

pub use read::{Problem, Problems, Source, read};

use crate::clock::{Clock, SystemClock};
use crate::net::Deadlines;

/// All settings of a relay.
#[derive(Clone, Debug)]
pub struct Config {
    /// The name of the workspace.
    pub workspace: String,
    /// The SQLite file of the log.
    pub database: PathBuf,
    /// Where Meta reaches the relay.
    pub public_listen: SocketAddr,
    /// Where desks reach the relay.
    pub desk_listen: SocketAddr,
    /// Our Meta app.
    pub app_id: AppId,
    /// The live app secrets: the current one first, then those that are being retired.
    pub app_secrets: Vec<SecretString>,
    /// The verify token of the webhook's handshake.
    pub verify_token: SecretString,
    /// Graph's address.
    pub graph_url: String,
    /// Under which address Meta and browsers reach the public listener, without a path of ours; none when nobody said.
    pub public_url: Option<String>,
    /// The address of Meta's login dialog, without a version.
    pub dialog_url: String,
    /// The configuration of Facebook Login for Business, where the app uses it.
    pub login_config_id: Option<String>,
    /// How often Graph is asked for Meta's time.
    pub meta_time_every: Duration,
    /// The most connections of each listener.
    pub most_connections: usize,
    /// Where the addresses are written once the relay listens.
    pub ready_file: Option<PathBuf>,
    /// Deadlines of both listeners.
    pub deadlines: Deadlines,
    /// How often a stream says that it is there.
    pub heartbeat: Duration,
    /// The clocks.
    pub clock: Arc<dyn Clock>,
}

impl Config {
    /// A relay on loopback with free ports, for the app of this id; for tests and for a demo.
    #[must_use]
    pub fn on_loopback(
        database: PathBuf,
        app_id: AppId,
        app_secret: SecretString,
        verify_token: SecretString,
    ) -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        Self {
            workspace: "Baton".to_owned(),
            database,
            public_listen: any_port,
            desk_listen: any_port,
            app_id,
            app_secrets: vec![app_secret],
            verify_token,
            graph_url: baton_graph::GRAPH.to_owned(),
            public_url: None,
            dialog_url: DIALOG.to_owned(),
            login_config_id: None,
            meta_time_every: META_TIME_EVERY,
            most_connections: MOST_CONNECTIONS,
            ready_file: None,
            deadlines: Deadlines::default(),
            heartbeat: Duration::from_millis(baton_protocol::stream::HEARTBEAT_MS),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Where Meta's login dialog is (docs/meta.md 1.4).
pub(crate) const DIALOG: &str = "https://www.facebook.com";
/// How often Graph is asked, unless a setting says otherwise. At least once a minute.
pub(crate) const META_TIME_EVERY: Duration = Duration::from_secs(45);
/// The most connections of a listener, unless a setting says otherwise.
pub(crate) const MOST_CONNECTIONS: usize = 2048;
