//! A webhook that becomes a row: through relay, stream, store and notice into the window, beside the bare pipeline: posted,
//! synced, sent to a bare page.

use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;
use serde_json::{Value, json};

use super::process::now_ms;
use super::real::Real;
use super::site::Site;
use crate::team;
use crate::world::{PAGE, customer};

/// Between two messages, so that the one before has come to rest.
const PAUSE: Duration = Duration::from_millis(120);
/// So often a page is asked whether it has drawn.
const LOOKS: usize = 400;

/// Milliseconds of each message, through all of the product and through the bare pipeline, in turn. `watch`: what keeps the
/// moments at which they are drawn.
pub(super) async fn round(
    real: &Real,
    desk: &DeskWindow,
    site: &Site,
    watch: &str,
    messages: std::ops::Range<usize>,
) -> anyhow::Result<(Vec<f64>, Vec<f64>)> {
    let http = team::http()?;
    desk.client().execute(watch, vec![]).await?;
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for number in messages {
        tokio::time::sleep(PAUSE).await;
        let word = format!("ping-{number}");
        let begun = now_ms();
        team::post(&http, &real.relay.webhook_url(), webhook(number, begun)).await?;
        let at_ms = match drawn(desk, &word).await {
            Ok(at_ms) => at_ms,
            Err(error) => return Err(error.context(real.stands(desk, &customer(number as u64 % 5)).await)),
        };
        ours.push(at_ms - begun);
        tokio::time::sleep(PAUSE).await;
        let begun = now_ms();
        http.post(format!("{}post", site.url())).body(word.clone()).send().await?.error_for_status()?;
        bare.push(site.told(&word).await?.as_f64().context("a page tells numbers")? - begun);
    }
    Ok((ours, bare))
}

fn webhook(number: usize, at_ms: f64) -> String {
    let at_ms = at_ms as i64;
    let event = json!({
        "sender": {"id": customer(number as u64 % 5)}, "recipient": {"id": PAGE}, "timestamp": at_ms,
        "message": {"mid": format!("m_ping_{at_ms}_{number}"), "text": format!("ping-{number}")},
    });
    json!({"object": "page", "entry": [{"id": PAGE, "time": at_ms, "messaging": [event]}]}).to_string()
}

async fn drawn(desk: &DeskWindow, word: &str) -> anyhow::Result<f64> {
    for _ in 0..LOOKS {
        // Asked seldom, because asking takes the page's time too.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let at = desk
            .client()
            .execute("return window.__drawn[arguments[0]] ?? 0", vec![Value::from(word)])
            .await?;
        if let Some(at) = at.as_f64().filter(|at| *at > 0.0) {
            return Ok(at);
        }
    }
    anyhow::bail!("{word} was not drawn")
}
