//! A webhook that becomes a row: through relay, stream, store and notice into the window, beside the bare pipeline: posted,
//! synced, sent to a bare page.

use std::time::Duration;

use anyhow::Context as _;
use baton_support::window::desk::DeskWindow;
use serde_json::{Value, json};

use super::process::now_ms;
use super::profile;
use super::real::Real;
use super::site::Site;
use crate::report::{Promise, Row, Section};
use crate::stat::{median, percentile, short};
use crate::team;
use crate::world::{PAGE, customer};

/// Between two messages, so that the one before has come to rest.
const PAUSE: Duration = Duration::from_millis(120);
/// So often a page is asked whether it has drawn.
const LOOKS: usize = 400;

/// Milliseconds of each message of a round.
#[derive(Debug, Default)]
pub(super) struct Painted {
    /// From before the POST until it is drawn, through all of the product.
    pub(super) ours: Vec<f64>,
    /// Of that: until the POST had its 200.
    pub(super) posted: Vec<f64>,
    /// Of that: until it stood in the page, not drawn yet.
    pub(super) stood: Vec<f64>,
    /// Until it is drawn, through the bare pipeline.
    pub(super) bare: Vec<f64>,
}

/// Messages through all of the product and through the bare pipeline, in turn. `watch`: what keeps the moments at which they are drawn.
pub(super) async fn round(
    real: &Real,
    desk: &DeskWindow,
    site: &Site,
    watch: &str,
    messages: std::ops::Range<usize>,
) -> anyhow::Result<Painted> {
    let http = team::http()?;
    desk.client().execute(watch, vec![]).await?;
    let mut round = Painted::default();
    for number in messages {
        tokio::time::sleep(PAUSE).await;
        let word = format!("ping-{number}");
        let begun = now_ms();
        team::post(&http, &real.relay.webhook_url(), webhook(number, begun)).await?;
        round.posted.push(now_ms() - begun);
        let (stood_ms, drawn_ms) = match drawn(desk, &word).await {
            Ok(moments) => moments,
            Err(error) => return Err(error.context(real.stands(desk, &customer(number as u64 % 5)).await)),
        };
        round.stood.push(stood_ms - begun);
        round.ours.push(drawn_ms - begun);
        tokio::time::sleep(PAUSE).await;
        let begun = now_ms();
        http.post(format!("{}post", site.url())).body(word.clone()).send().await?.error_for_status()?;
        round.bare.push(site.told(&word).await?.as_f64().context("a page tells numbers")? - begun);
    }
    Ok(round)
}

/// A row of this share of each round's messages; the product may take `limit` times what the bare pipeline does.
pub(super) fn add(section: &mut Section, what: &str, (share, limit): (f64, f64), rounds: &[Painted]) {
    let of = |times: fn(&Painted) -> &Vec<f64>| -> Vec<f64> {
        rounds.iter().map(|round| percentile(times(round), share)).collect()
    };
    let (ours, bare) = (of(|round| &round.ours), of(|round| &round.bare));
    section.row(
        Row::of(what, &ours, &bare, Promise::AtMost(limit))
            .told(format!("{} ms", short(median(&ours))), format!("{} ms", short(median(&bare))))
            .profiled(Painted::profile(rounds)),
    );
}

impl Painted {
    /// Where the time of all rounds goes, half of each.
    fn profile(rounds: &[Self]) -> profile::Lines {
        let (posted, stood, drawn) = (
            profile::of_all(rounds, |round| &round.posted),
            profile::of_all(rounds, |round| &round.stood),
            profile::of_all(rounds, |round| &round.ours),
        );
        profile::moments(&[
            ("until the POST had its 200, half", &posted),
            ("until it stood in the page, half", &stood),
            ("until it was drawn, half", &drawn),
        ])
    }
}

fn webhook(number: usize, at_ms: f64) -> String {
    let at_ms = at_ms as i64;
    let event = json!({
        "sender": {"id": customer(number as u64 % 5)}, "recipient": {"id": PAGE}, "timestamp": at_ms,
        "message": {"mid": format!("m_ping_{at_ms}_{number}"), "text": format!("ping-{number}")},
    });
    json!({"object": "page", "entry": [{"id": PAGE, "time": at_ms, "messaging": [event]}]}).to_string()
}

/// When it stood in the page and when it was drawn, milliseconds UTC.
async fn drawn(desk: &DeskWindow, word: &str) -> anyhow::Result<(f64, f64)> {
    for _ in 0..LOOKS {
        // Asked seldom, because asking takes the page's time too.
        tokio::time::sleep(Duration::from_millis(50)).await;
        let script = "return [window.__stood[arguments[0]] ?? 0, window.__drawn[arguments[0]] ?? 0]";
        let told = desk.client().execute(script, vec![Value::from(word)]).await?;
        let (stood, drawn): (f64, f64) = serde_json::from_value(told)?;
        if drawn > 0.0 {
            return Ok((stood, drawn));
        }
    }
    anyhow::bail!("{word} was not drawn")
}
