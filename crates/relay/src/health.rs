//! `/healthz`: whether the relay does its work, without a secret and without naming anybody.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;

use crate::state::Shared;

/// What `/healthz` says.
#[derive(Debug, Serialize)]
pub(crate) struct Health {
    /// True while webhooks can be stored and read.
    ok: bool,
    /// True when webhooks are answered only after they are durable.
    durable: bool,
    /// Which implementation keeps the log.
    log: &'static str,
    /// Why the log does not work, if it does not.
    log_problem: Option<String>,
    /// How old the last webhook of any account is, milliseconds.
    last_webhook_age_ms: Option<i64>,
    /// The same for each account, oldest first, without their names: this page needs no token.
    last_webhook_age_by_account_ms: Vec<i64>,
    /// Signed events that belong to no connected account, or cannot be read.
    quarantined: u64,
    /// The same by reason.
    quarantined_by_reason: BTreeMap<String, u64>,
    /// Requests that were refused since the start, by reason.
    refused: BTreeMap<&'static str, u64>,
    /// Whether Meta's time is known.
    meta_time_known: bool,
    /// The version of the program.
    version: &'static str,
}

/// Answers 200, or 503 when nothing can be stored.
pub(crate) async fn health(State(shared): State<Arc<Shared>>) -> (StatusCode, Json<Health>) {
    let problem = shared.log.check().await.err();
    let live = shared.log.live().borrow().clone();
    let now_ms = shared.meta_time.stamp().ms;
    let mut ages: Vec<i64> = live.last_webhook_ms.values().map(|ms| (now_ms - ms).max(0)).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let health = Health {
        ok: problem.is_none(),
        durable: shared.log.is_durable(),
        log: shared.log.name(),
        log_problem: problem.map(|error| error.to_string()),
        last_webhook_age_ms: ages.last().copied(),
        last_webhook_age_by_account_ms: ages,
        quarantined: live.quarantined.values().sum(),
        quarantined_by_reason: live.quarantined,
        refused: shared.refused.all(),
        meta_time_known: shared.meta_time.now_ms().is_some(),
        version: env!("CARGO_PKG_VERSION"),
    };
    let status = if health.ok { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}
