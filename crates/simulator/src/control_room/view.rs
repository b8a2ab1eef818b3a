//! What the control room shows, as plain values.

use baton_messenger::{AccountId, AppId, CustomerId, Platform};
use serde::Serialize;
use serde_json::Value;

use crate::admin::RoutingMode;
use crate::faults::FaultView;
use crate::journal::{Counts, Entry, Line};
use crate::load::LoadReport;
use crate::sim::Sim;
use crate::world::account::Account;
use crate::world::routing::Routing;
use crate::world::show::snippet;
use crate::world::thread::Thread;
use crate::world::{World, ownership, window};

/// So many threads are shown at most.
const THREADS: usize = 60;

/// Everything but threads and lines.
#[derive(Debug, Serialize)]
pub(super) struct State {
    pub now_ms: i64,
    apps: Vec<AppLine>,
    accounts: Vec<AccountLine>,
    faults: Vec<FaultView>,
    load: Option<LoadReport>,
    counts: Counts,
}

#[derive(Debug, Serialize)]
struct AppLine {
    id: AppId,
    name: String,
    /// Whether it is the app under test.
    is_ours: bool,
}

#[derive(Debug, Serialize)]
struct AccountLine {
    id: AccountId,
    name: String,
    platform: Platform,
    #[serde(flatten)]
    routing: RoutingMode,
    is_human_agent_approved: bool,
    threads: usize,
    /// The apps that hear of it.
    heard_by: Vec<AppId>,
}

/// One thread and who holds it.
#[derive(Debug, Serialize)]
pub(super) struct ThreadLine {
    account: AccountId,
    customer: CustomerId,
    name: String,
    /// `None`: idle, or any app may answer.
    owner: Option<AppId>,
    owner_until_ms: Option<i64>,
    is_window_open: bool,
    updated_ms: i64,
    snippet: String,
}

pub(super) fn state(sim: &Sim) -> State {
    let (apps, accounts) = sim.look(|world, _| {
        let apps = world.apps.values().map(|app| AppLine {
            id: app.id.clone(),
            name: app.name.clone(),
            is_ours: app.id == sim.desk_app,
        });
        (apps.collect(), world.accounts.values().map(account_line).collect())
    });
    let now_ms = sim.clock.now_ms();
    State {
        now_ms,
        apps,
        accounts,
        faults: sim.faults.list(now_ms),
        load: sim.load.report(),
        counts: sim.journal.counts(),
    }
}

fn account_line(account: &Account) -> AccountLine {
    let routing = match &account.routing {
        Routing::Off => RoutingMode::Off,
        Routing::On { default_app, may_take } => {
            RoutingMode::On { default_app: default_app.clone(), may_take: may_take.iter().cloned().collect() }
        }
        Routing::Roles { primary, secondary } => {
            RoutingMode::HopV2 { primary: primary.clone(), secondary: secondary.iter().cloned().collect() }
        }
    };
    AccountLine {
        id: account.id.clone(),
        name: account.called(),
        platform: account.platform,
        routing,
        is_human_agent_approved: account.switches.has_human_agent,
        threads: account.threads.len(),
        heard_by: account.subscriptions.keys().cloned().collect(),
    }
}

/// The threads that moved last, of all accounts, whose name or id has this text in it.
pub(super) fn threads(sim: &Sim, text: &str) -> Vec<ThreadLine> {
    let text = text.to_lowercase();
    sim.look(|world, now_ms| {
        let all =
            world.accounts.values().flat_map(|account| account.threads.values().map(move |t| (account, t)));
        let mut found: Vec<(&Account, &Thread)> = all.filter(|(_, thread)| is_meant(thread, &text)).collect();
        let newest_first = |a: &(&Account, &Thread), b: &(&Account, &Thread)| {
            b.1.updated_ms().cmp(&a.1.updated_ms()).then_with(|| a.1.id.cmp(&b.1.id))
        };
        if found.len() > THREADS {
            found.select_nth_unstable_by(THREADS, newest_first);
            found.truncate(THREADS);
        }
        found.sort_unstable_by(newest_first);
        found.into_iter().map(|(account, thread)| thread_line(account, thread, now_ms)).collect()
    })
}

fn is_meant(thread: &Thread, text: &str) -> bool {
    text.is_empty()
        || thread.customer.name().to_lowercase().contains(text)
        || thread.customer.id.as_str().contains(text)
}

fn thread_line(account: &Account, thread: &Thread, now_ms: i64) -> ThreadLine {
    let owner = ownership::owner(thread, now_ms);
    ThreadLine {
        account: account.id.clone(),
        customer: thread.customer.id.clone(),
        name: thread.customer.name(),
        owner: owner.map(|(app, _)| app.clone()),
        owner_until_ms: owner.map(|(_, until_ms)| until_ms),
        is_window_open: window::is_open(thread, now_ms),
        updated_ms: thread.updated_ms(),
        snippet: snippet(thread).chars().take(80).collect(),
    }
}

/// A line of the journal with the name of the customer it is about.
#[derive(Debug, Serialize)]
pub(crate) struct NamedLine {
    #[serde(flatten)]
    line: Line,
    who: Option<String>,
}

/// Puts names to lines.
pub(crate) fn named(sim: &Sim, lines: Vec<Line>) -> Vec<NamedLine> {
    sim.look(|world, _| {
        let named = lines.into_iter().map(|line| {
            let who = customer(&line.entry).and_then(|id| name_of(world, &id));
            NamedLine { line, who }
        });
        named.collect()
    })
}

fn name_of(world: &World, customer: &CustomerId) -> Option<String> {
    let thread = world.accounts.values().find_map(|account| account.threads.get(customer))?;
    Some(thread.customer.name())
}

fn customer(entry: &Entry) -> Option<CustomerId> {
    match entry {
        Entry::Webhook(webhook) => webhook.customer_id.clone(),
        Entry::Call(call) => {
            let text = |value: &Value| value.as_str().map(CustomerId::from);
            let recipient = call.params.get("recipient");
            let in_form =
                recipient.and_then(Value::as_str).and_then(|json| serde_json::from_str::<Value>(json).ok());
            recipient
                .and_then(|r| text(r.get("id")?))
                .or_else(|| in_form.as_ref().and_then(|r| text(r.get("id")?)))
                .or_else(|| text(call.params.get("user_id")?))
                .or_else(|| recipient.and_then(text))
                .or_else(|| call.path.split('/').nth(1).map(CustomerId::from))
        }
    }
}
