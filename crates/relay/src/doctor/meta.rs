//! Meta: the app and its secret, the clock, the app's webhooks (docs/meta.md 1.2, 2.5).

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use baton_graph::{CallError, GraphClient, Observer};
use baton_messenger::answer::AppSubscription;
use baton_messenger::id::Platform;

use super::{Finding, Patient};
use crate::app_webhooks::wanted;

const APP: &str = "app and secret";
const CLOCK: &str = "clock";

/// Proofs for desks are good for five minutes, so a clock may not be off by much of that, milliseconds.
const CLOCK_MAY_BE_OFF_MS: i64 = 30_000;

pub(super) async fn examine(patient: &Patient) -> Vec<Finding> {
    let clock = Arc::new(Dated::default());
    let graph = match patient.graph() {
        Ok(graph) => graph.observed_by(clock.clone()),
        Err(error) => return vec![Finding::wrong(APP, format!("{error}."), "Correct `graph_url`.")],
    };
    let app = patient.app();
    let asked = graph.app(&app.credentials(), &app.app).await;
    let wall_ms = patient.config.clock.wall_ms();
    let mut findings = vec![match &asked {
        Ok(_) => Finding::good(APP, format!("Meta knows app {} by its secret.", app.app)),
        Err(error) => not_asked(error),
    }];
    findings.extend(clock.ms().map(|meta_ms| offset(wall_ms - meta_ms)));
    if asked.is_ok() {
        for platform in patient.platforms() {
            findings.push(subscription(patient, &graph, platform).await);
        }
    }
    findings
}

fn not_asked(error: &CallError) -> Finding {
    if matches!(error, CallError::Meta(_)) {
        return Finding::wrong(
            APP,
            format!("Meta refuses the relay: {error}."),
            "Copy `app_id` and `app_secret` anew from the Meta app's dashboard, Settings > Basic. The app must not be of \
             the type Native/Desktop.",
        );
    }
    Finding::wrong(
        APP,
        format!("Meta cannot be asked: {error}."),
        "Let the relay reach graph.facebook.com by HTTPS.",
    )
}

fn offset(off_ms: i64) -> Finding {
    let seconds = off_ms / 1000;
    if off_ms.abs() <= CLOCK_MAY_BE_OFF_MS {
        return Finding::good(CLOCK, format!("This machine's clock is {seconds} s off Meta's."));
    }
    Finding::wrong(
        CLOCK,
        format!("This machine's clock is {seconds} s off Meta's."),
        "Let the machine take its time from the network. The relay itself goes by Meta's time while Meta answers.",
    )
}

/// The app's webhooks of one platform, as Meta tells them.
pub(super) async fn subscription(patient: &Patient, graph: &GraphClient, platform: Platform) -> Finding {
    let check = format!("app webhooks of object {}", platform.object());
    match graph.app_subscriptions(&patient.app()).await {
        Ok(all) => {
            let found = all.data.iter().find(|each| each.object.as_deref() == Some(platform.object()));
            judge(check, found, &patient.callback_url(), wanted(platform))
        }
        Err(error) => Finding::wrong(
            check,
            format!("Meta does not tell them: {error}."),
            "Try again; or look in the Meta app's dashboard under Webhooks.",
        ),
    }
}

fn judge(check: String, found: Option<&AppSubscription>, callback: &str, fields: &[&str]) -> Finding {
    const DO: &str = "Run `baton-relay subscribe`.";
    let Some(found) = found else {
        return Finding::wrong(check, "The app is not subscribed: no webhook comes.", DO);
    };
    if !found.active {
        return Finding::wrong(check, "The subscription is not active: no webhook comes.", DO);
    }
    let calls = found.callback_url.as_deref().unwrap_or("nowhere");
    if calls != callback {
        return Finding::wrong(check, format!("Meta calls {calls}, and the relay is at {callback}."), DO);
    }
    let missing: Vec<&str> =
        fields.iter().copied().filter(|field| !found.fields.iter().any(|has| has.name == *field)).collect();
    if missing.is_empty() {
        return Finding::good(check, format!("All {} fields come to {callback}.", fields.len()));
    }
    Finding::wrong(check, format!("These fields are missing: {}.", missing.join(", ")), DO)
}

/// Meta's time of the last answer.
#[derive(Debug, Default)]
struct Dated(AtomicI64);

impl Dated {
    fn ms(&self) -> Option<i64> {
        Some(self.0.load(Ordering::SeqCst)).filter(|ms| *ms > 0)
    }
}

impl Observer for Dated {
    fn on_meta_time(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}
