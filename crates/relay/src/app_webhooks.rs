//! What Meta sends our app at all: the webhooks that the app is subscribed to, read with its own token and told to the
//! accounts as a fact of their logs.
//!
//! ```text
//!   start, once an account is connected ──▶ Meta is asked ──▶ told where it is news ──▶ all well: again in a day
//!   another account is connected ──▶ at once                  └─ something is missing, or no answer: again in 10 minutes
//! ```
//!
//! A Page is subscribed to the app besides, which desks look at. Of an Instagram account there is nothing but this
//! (docs/meta.md 2.5), and only the app's own token may ask.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use baton_graph::{AppSecret, CallError, GraphClient};
use baton_messenger::answer::AppSubscription;
use baton_messenger::id::{AccountId, Platform};
use baton_messenger::limits::{INSTAGRAM_FIELDS, PAGE_FIELDS};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::clock::{Clock, until_boot};
use crate::log::{AppSubscribed, Live, Log, LogError};

/// How long an answer is good for when all is as it must be, milliseconds of the boot clock.
const GOOD_FOR_MS: i64 = 24 * 60 * 60 * 1000;
/// How soon Meta is asked again when something is missing or it could not be asked, milliseconds of the boot clock.
const AGAIN_MS: i64 = 10 * 60 * 1000;

/// The webhook fields that the app should get of each platform.
pub(crate) fn wanted(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Messenger => PAGE_FIELDS,
        Platform::Instagram => INSTAGRAM_FIELDS,
    }
}

/// Why it is not known.
#[derive(Debug, thiserror::Error)]
enum NotKnown {
    #[error(transparent)]
    Meta(#[from] CallError),
    #[error(transparent)]
    Log(#[from] LogError),
}

/// Looks and tells.
#[derive(Debug)]
pub(crate) struct Watch {
    pub(crate) log: Arc<dyn Log>,
    pub(crate) graph: GraphClient,
    pub(crate) app: AppSecret,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Watch {
    /// Until the relay stops. What could not be asked is said once, until it works again.
    pub(crate) async fn run(self, stop: CancellationToken) {
        let mut live = self.log.live();
        let (mut works, mut known) = (true, BTreeSet::new());
        loop {
            let access = live.borrow_and_update().access;
            // From before Meta is asked: the clock may jump meanwhile.
            let looked_ms = self.clock.boot_ms();
            let looked = tokio::select! {
                () = stop.cancelled() => return,
                looked = self.look(&mut known) => looked,
            };
            match &looked {
                Err(error) if works => {
                    tracing::warn!(%error, "which webhooks Meta sends could not be found out");
                }
                Ok(_) if !works => tracing::info!("Meta tells again which webhooks it sends"),
                _ => {}
            }
            works = looked.is_ok();
            let wait_ms = if looked.unwrap_or(false) { GOOD_FOR_MS } else { AGAIN_MS };
            tokio::select! {
                () = stop.cancelled() => return,
                () = until_boot(&*self.clock, looked_ms.saturating_add(wait_ms)) => {}
                () = self.another_is_connected(&mut live, access, &mut known) => {}
            }
        }
    }

    /// Asks Meta about the platforms of all accounts that are connected, and tells those for which it is news. True when
    /// nothing is missing.
    async fn look(&self, known: &mut BTreeSet<AccountId>) -> Result<bool, NotKnown> {
        let connected = self.connected().await?;
        *known = connected.keys().cloned().collect();
        if connected.is_empty() {
            return Ok(true);
        }
        let all = self.graph.app_subscriptions(&self.app).await?.data;
        let mut is_well = true;
        for platform in [Platform::Messenger, Platform::Instagram] {
            if !connected.values().any(|each| *each == platform) {
                continue;
            }
            let sent =
                sent(all.iter().find(|each| each.object.as_deref() == Some(platform.object())), platform);
            is_well &= sent == AppSubscribed::to(wanted(platform));
            let fields = sent.fields.join(",");
            let accounts = self.log.app_subscribed(platform, sent).await?;
            if accounts > 0 {
                tracing::info!(
                    object = platform.object(),
                    fields,
                    accounts,
                    "Meta says something new of the app"
                );
            }
        }
        Ok(is_well)
    }

    /// Returns once an account is connected that was not when Meta was asked last.
    async fn another_is_connected(
        &self,
        live: &mut watch::Receiver<Live>,
        mut access: u64,
        known: &mut BTreeSet<AccountId>,
    ) {
        loop {
            let changed = live.wait_for(|live| live.access != access).await.map(|live| live.access);
            let Ok(now) = changed else {
                // The log is closing: so is the relay.
                return std::future::pending().await;
            };
            access = now;
            match self.connected().await {
                Ok(connected) => {
                    known.retain(|account| connected.contains_key(account));
                    if connected.len() > known.len() {
                        return;
                    }
                }
                Err(error) => tracing::debug!(%error, "the accounts could not be read"),
            }
        }
    }

    async fn connected(&self) -> Result<BTreeMap<AccountId, Platform>, LogError> {
        let accounts = self.log.accounts().await?.into_iter().filter(|line| line.connected);
        Ok(accounts.map(|line| (line.account, line.platform)).collect())
    }
}

/// What Meta sends of a platform, of what an inbox asks for. That an app gets more is nobody's trouble.
fn sent(found: Option<&AppSubscription>, platform: Platform) -> AppSubscribed {
    match found.filter(|found| found.active) {
        None => AppSubscribed::default(),
        Some(found) => {
            let missing = found.missing(wanted(platform));
            let has = wanted(platform).iter().copied().filter(|field| !missing.contains(field));
            AppSubscribed::to(&has.collect::<Vec<_>>())
        }
    }
}
