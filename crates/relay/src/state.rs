//! What every handler has at hand.

use std::sync::Arc;

use baton_graph::{AppSecret, GraphClient};
use baton_messenger::id::AppId;
use secrecy::SecretString;
use tokio_util::sync::CancellationToken;

use crate::allowance::Allowances;
use crate::blocks::Blocks;
use crate::clock::Clock;
use crate::log::Log;
use crate::login::LoginSettings;
use crate::meta_time::MetaTime;
use crate::presence::WhoIsThere;
use crate::refused::Refused;
use crate::seen::Seen;
use crate::stewards::Stewards;

/// Shared by all handlers.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) log: Arc<dyn Log>,
    /// Bulk reads of the log.
    pub(crate) blocks: Arc<Blocks>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) meta_time: Arc<MetaTime>,
    pub(crate) refused: Refused,
    /// The name of the workspace.
    pub(crate) workspace: String,
    /// Our Meta app.
    pub(crate) app: AppId,
    /// Our Meta app with its current secret, for calls of Graph and for proofs.
    pub(crate) app_secret: AppSecret,
    /// Graph, whose answers tell Meta's time.
    pub(crate) graph: GraphClient,
    /// How the login is set up.
    pub(crate) login: LoginSettings,
    /// Who is whose steward, and who may read from Graph when.
    pub(crate) stewards: Stewards,
    /// Who is there, and what they look at.
    pub(crate) there: Arc<WhoIsThere>,
    /// When desks were last connected.
    pub(crate) seen: Arc<Seen>,
    /// What desks have used up.
    pub(crate) allowances: Allowances,
    /// The live app secrets: the current one, and those that are being retired.
    pub(crate) app_secrets: Vec<SecretString>,
    /// The verify token of the webhook's handshake.
    pub(crate) verify_token: SecretString,
    /// How often a stream says that it is there.
    pub(crate) heartbeat: std::time::Duration,
    /// Ends streams when the relay stops.
    pub(crate) stop: CancellationToken,
}

impl Shared {
    /// Meta's time, or the relay's own as long as Meta's is not known without doubt.
    pub(crate) fn meta_or_wall_ms(&self) -> i64 {
        self.meta_time.stamp().ms
    }
}
