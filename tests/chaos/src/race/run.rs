//! One race: a relay, desks, threads, kills, and what came of it.

use std::sync::Arc;

use anyhow::{Context as _, ensure};
use baton_core::desk::Desk;
use baton_core::relay_client::RelayClient;
use baton_core::store::Store;
use baton_messenger::signature::sign;
use baton_protocol::enrol::{Enrolled, Role};
use baton_protocol::{CustomerId, LogName};
use baton_support::window::until;
use fastrand::Rng;
use futures_util::future::try_join_all;
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::sync::{Barrier, watch};
use tokio::task::JoinSet;

use super::judge::{Agent, Agents};
use super::racer::{Course, Racer};
use super::told::{Asked, Move, moves};
use crate::desk::{STORE, open};
use crate::relay::{ACCOUNT, APP_SECRET, Flaw, Relay, log};

/// When the customers wrote, milliseconds UTC: some time on 2026-11-18.
const BEGIN_MS: i64 = 1_795_000_000_000;
/// So many events come with one webhook.
const EVENTS: usize = 100;

/// How large a race is.
#[derive(Debug, Clone, Copy)]
pub struct Form {
    /// What the desks do comes from it.
    pub seed: u64,
    /// How many desks, each of an agent of its own.
    pub desks: usize,
    /// How many of them are supervisors.
    pub supervisors: usize,
    /// How many threads.
    pub threads: usize,
    /// How often each desk acts.
    pub acts: usize,
    /// How often the relay is killed.
    pub kills: usize,
}

impl Form {
    /// The race of each day.
    pub const SHORT: Self = Self { seed: 6, desks: 8, supervisors: 2, threads: 120, acts: 40, kills: 2 };
    /// The one that is promised.
    pub const FULL: Self = Self { seed: 6, desks: 50, supervisors: 6, threads: 1_000, acts: 120, kills: 12 };
}

/// What came of a race.
#[derive(Debug)]
pub struct Outcome {
    /// What the log says.
    pub moves: Vec<Move>,
    /// What was asked and told.
    pub asked: Vec<Asked>,
    /// Who took part.
    pub agents: Agents,
    /// What each desk has in the end.
    pub exports: Vec<String>,
    /// What a store has that read the whole logs once.
    pub reference: String,
}

/// Runs it.
///
/// # Errors
/// When a part does not come up, or an act does not end.
pub async fn run(form: Form) -> anyhow::Result<Outcome> {
    let folder = tempfile::tempdir()?;
    let mut relay = Relay::start(&Relay::program()?, folder.path()).await?;
    let reader = relay.enrol().await?;
    reader.connect_account(&relay).await?;
    let customers: Vec<CustomerId> =
        (0..form.threads).map(|number| CustomerId::new(format!("77{number:014}"))).collect();
    write(&relay, &customers).await?;

    let mut enrolled = Vec::new();
    for number in 0..form.desks {
        let role = if number < form.supervisors { Role::Supervisor } else { Role::Agent };
        let name = format!("Agent {number:02}");
        enrolled.push((relay.enrol_as(&name, role).await?.enrolled().clone(), Agent { name, role }));
    }
    let url = relay.desk_url().to_owned();
    let opening = enrolled.iter().enumerate().map(|(number, (enrolled, _))| {
        let folder = folder.path().join(format!("desk {number}"));
        let url = url.clone();
        async move { open(&folder, &url, enrolled).await }
    });
    let desks: Vec<Arc<Desk>> = try_join_all(opening).await?.into_iter().map(Arc::new).collect();
    all_hold(&desks, &heads(&relay, &reader).await?).await?;

    let course = Arc::new(Course {
        agents: enrolled.iter().map(|(enrolled, _)| enrolled.agent).collect(),
        customers,
        together: Barrier::new(form.desks),
        done: watch::Sender::new(0),
    });
    let mut racing = JoinSet::new();
    for (number, (desk, (enrolled, agent))) in desks.iter().zip(&enrolled).enumerate() {
        let racer = Racer {
            desk: Arc::clone(desk),
            relay: client(&url, enrolled)?,
            me: (enrolled.agent, enrolled.desk),
            is_supervisor: agent.role == Role::Supervisor,
            course: Arc::clone(&course),
            chance: Rng::with_seed(form.seed.wrapping_mul(1_000) + number as u64),
            asked: Vec::new(),
        };
        racing.spawn(racer.race(form.acts));
    }
    let (all, mut done) = (form.desks * form.acts, course.done.subscribe());
    for kill in 1..=form.kills {
        let due = all * kill / (form.kills + 1);
        tokio::select! {
            biased;
            reached = done.wait_for(|done| *done >= due) => drop(reached?),
            // Nobody ends before all are through, unless it failed.
            Some(ended) = racing.join_next() => { ended??; anyhow::bail!("a desk ended early") }
        }
        relay.kill();
        let address = url.trim_start_matches("http://");
        relay = Relay::start_as(&Relay::program()?, folder.path(), Flaw::None, address).await?;
    }
    let mut asked = Vec::new();
    while let Some(ended) = racing.join_next().await {
        asked.extend(ended??);
    }

    let (log_id, entries) = reader.log(&relay).await?;
    let workspace = reader.workspace_log(&relay).await?;
    all_hold(&desks, &[(log(), entries.len() as u64), (LogName::Workspace, workspace.1.len() as u64)])
        .await?;
    let mut exports = Vec::new();
    for desk in &desks {
        exports.push(desk.store().canonical_export().await?);
        desk.shutdown().await;
    }
    let store = Store::open(&folder.path().join(STORE)).await?;
    store.ingest(&entries, log_id).await?;
    store.ingest(&workspace.1, workspace.0).await?;
    let reference = store.canonical_export().await?;
    store.close().await;
    relay.stop();
    let agents = enrolled.into_iter().map(|(enrolled, agent)| (enrolled.agent, agent)).collect();
    Ok(Outcome { moves: moves(&entries), asked, agents, exports, reference })
}

fn client(url: &str, enrolled: &Enrolled) -> anyhow::Result<RelayClient> {
    Ok(RelayClient::new(url.parse()?, SecretString::from(enrolled.token.clone()))?)
}

/// Every customer writes once.
async fn write(relay: &Relay, customers: &[CustomerId]) -> anyhow::Result<()> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let mut number = 0_i64;
    for some in customers.chunks(EVENTS) {
        let events: Vec<Value> = some
            .iter()
            .map(|customer| {
                number += 1;
                json!({
                    "sender": {"id": customer}, "recipient": {"id": ACCOUNT}, "timestamp": BEGIN_MS + number,
                    "message": {"mid": format!("m_race-{number}"), "text": format!("Where is parcel {number}?")},
                })
            })
            .collect();
        let entry = json!({"id": ACCOUNT, "time": BEGIN_MS + number, "messaging": events});
        let body = json!({"object": "page", "entry": [entry]}).to_string();
        let signature = sign(APP_SECRET.as_bytes(), body.as_bytes());
        let request = http.post(relay.webhook_url()).header("x-hub-signature-256", signature).body(body);
        let status = request.send().await?.status();
        ensure!(status == reqwest::StatusCode::OK, "the relay answered {status}");
    }
    Ok(())
}

/// How long each log is.
async fn heads(relay: &Relay, reader: &crate::relay::Desk) -> anyhow::Result<[(LogName, u64); 2]> {
    let (account, workspace) = (reader.log(relay).await?, reader.workspace_log(relay).await?);
    Ok([(log(), account.1.len() as u64), (LogName::Workspace, workspace.1.len() as u64)])
}

/// Waits until every desk holds all of it.
async fn all_hold(desks: &[Arc<Desk>], heads: &[(LogName, u64)]) -> anyhow::Result<()> {
    for (number, desk) in desks.iter().enumerate() {
        let waiting = until::holds("a desk to hold everything", until::LONG, async || {
            for (log, head) in heads {
                let cursor = desk.store().cursor(log).await?;
                if cursor.is_none_or(|cursor| cursor.ranges.as_slice() != [(1, *head)]) {
                    return Ok(false);
                }
            }
            Ok(true)
        });
        waiting.await.with_context(|| format!("desk {number}"))?;
    }
    Ok(())
}

/// Where one of these differs from the other, a few lines of it.
#[must_use]
pub fn differ(one: &str, other: &str) -> Vec<String> {
    let lines = one.lines().zip(other.lines()).filter(|(one, other)| one != other);
    let mut found: Vec<String> = lines.take(3).map(|(one, other)| format!("{one}\n{other}")).collect();
    if found.is_empty() && one != other {
        found.push(format!("{} lines, {} lines", one.lines().count(), other.lines().count()));
    }
    found
}
