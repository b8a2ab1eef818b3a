//! The customer's phone: what it shows of the world and of one thread, as a stream.
//!
//! `around`: accounts, and the customers of one of them, those that moved last or are looked for. `thread`: the newest
//! messages of the chosen thread. Both at once, after changes, and every second for the clock. While a phone listens
//! to a thread it is switched on: what is sent arrives there at once. Having seen it is the page's own word, by the
//! control API.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use baton_messenger::{AccountId, AppId, CustomerId, Platform};
use futures_util::{Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::sim::Sim;
use crate::world::World;
use crate::world::account::Account;
use crate::world::app::AppKind;
use crate::world::show::{ThreadView, snippet};
use crate::world::thread::Thread;

/// So many customers are listed at most.
const CUSTOMERS: usize = 80;
/// So many messages are shown when the page asks for no number.
const MESSAGES: usize = 150;
/// So often the page hears of changes at most, real time.
const GATHERING: Duration = Duration::from_millis(60);
/// So often it hears even when nothing changed.
const BEAT: Duration = Duration::from_secs(1);

/// Whose phone, and what is looked for.
#[derive(Debug, Deserialize)]
pub(crate) struct Wish {
    page: Option<AccountId>,
    customer: Option<CustomerId>,
    /// Part of a customer's name or id.
    #[serde(default)]
    find: String,
    /// How many of the newest messages.
    last: Option<usize>,
}

#[derive(Debug, Serialize)]
struct Around {
    now_ms: i64,
    apps: Vec<AppLine>,
    accounts: Vec<AccountLine>,
    /// The account whose customers these are.
    page: Option<AccountId>,
    customers: Vec<CustomerLine>,
}

#[derive(Debug, Serialize)]
struct AppLine {
    id: AppId,
    name: String,
    kind: AppKind,
}

#[derive(Debug, Serialize)]
struct AccountLine {
    id: AccountId,
    name: String,
    platform: Platform,
    /// `off`, `on` or `hop_v2`.
    routing: &'static str,
    is_human_agent_approved: bool,
    served: Served,
}

/// Whether our app, and with it a desk, hears what is written to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Served {
    Yes,
    /// Nobody has connected it, or its subscription ended.
    NotConnected,
    /// The person behind the tokens may not message for it: nobody can connect it.
    NoRight,
}

#[derive(Debug, Serialize)]
struct CustomerLine {
    id: CustomerId,
    name: String,
    snippet: String,
}

#[derive(Debug, Serialize)]
struct Shown {
    #[serde(flatten)]
    view: ThreadView,
    /// How many messages there are before those shown.
    earlier: usize,
}

/// The stream of one phone.
pub(crate) fn events(sim: Arc<Sim>, wish: Wish) -> impl Stream<Item = Result<Event, Infallible>> {
    let stop = sim.stop.clone();
    let changed = sim.changed.subscribe();
    let turns = futures_util::stream::unfold((sim, wish, changed, true), turn);
    turns
        .take_until(stop.cancelled_owned())
        .flat_map(|frames| futures_util::stream::iter(frames.into_iter().map(Ok)))
}

type Feed = (Arc<Sim>, Wish, watch::Receiver<u64>, bool);

async fn turn((sim, wish, mut changed, is_first): Feed) -> Option<(Vec<Event>, Feed)> {
    if !is_first {
        let _ = tokio::time::timeout(BEAT, changed.changed()).await;
        tokio::time::sleep(GATHERING).await;
        changed.mark_unchanged();
    }
    let frames = frames(&sim, &wish);
    Some((frames, (sim, wish, changed, false)))
}

fn frames(sim: &Arc<Sim>, wish: &Wish) -> Vec<Event> {
    let around = sim.look(|world, now_ms| around(world, wish, &sim.desk_app, now_ms));
    let mut frames: Vec<Event> = frame("around", &around).into_iter().collect();
    if let (Some(page), Some(customer)) = (&wish.page, &wish.customer) {
        if waits_for_phone(sim, page, customer) {
            let _ = sim.act(|world, now_ms| world.customer_receives(page, customer, now_ms));
        }
        let last = wish.last.unwrap_or(MESSAGES);
        let shown = sim.look(|world, now_ms| world.show_newest(page, customer, last, now_ms));
        frames.extend(shown.and_then(|(view, earlier)| frame("thread", &Shown { view, earlier })));
    }
    frames
}

fn waits_for_phone(sim: &Sim, page: &AccountId, customer: &CustomerId) -> bool {
    sim.look(|world, _| {
        world.thread(page, customer).is_ok_and(|thread| {
            let mut newest_first = thread.messages.iter().rev();
            newest_first.find(|m| !m.is_from_customer()).is_some_and(|m| m.at_ms > thread.delivered_ms)
        })
    })
}

fn around(world: &World, wish: &Wish, desk_app: &AppId, now_ms: i64) -> Around {
    let app =
        |app: &crate::world::app::App| AppLine { id: app.id.clone(), name: app.name.clone(), kind: app.kind };
    let account = wish.page.as_ref().and_then(|page| world.accounts.get(page));
    Around {
        now_ms,
        apps: world.apps.values().map(app).collect(),
        accounts: world.accounts.values().map(|account| account_line(world, account, desk_app)).collect(),
        page: account.map(|account| account.id.clone()),
        customers: account.map(|account| customers(account, &wish.find)).unwrap_or_default(),
    }
}

fn served(world: &World, account: &Account, desk_app: &AppId) -> Served {
    if !world.may(&account.id, "MESSAGING") {
        return Served::NoRight;
    }
    if account.subscriptions.contains_key(desk_app) { Served::Yes } else { Served::NotConnected }
}

fn account_line(world: &World, account: &Account, desk_app: &AppId) -> AccountLine {
    AccountLine {
        id: account.id.clone(),
        name: account.called(),
        platform: account.platform,
        routing: account.routing.name(),
        is_human_agent_approved: account.switches.has_human_agent,
        served: served(world, account, desk_app),
    }
}

fn customers(account: &Account, find: &str) -> Vec<CustomerLine> {
    let newest =
        newest(account.threads.values().filter(|thread| is_meant(thread, find)).collect(), CUSTOMERS);
    let line = |thread: &Thread| CustomerLine {
        id: thread.customer.id.clone(),
        name: thread.customer.name(),
        snippet: snippet(thread).chars().take(80).collect(),
    };
    newest.into_iter().map(line).collect()
}

fn is_meant(thread: &Thread, find: &str) -> bool {
    find.is_empty()
        || thread.customer.name().to_lowercase().contains(&find.to_lowercase())
        || thread.customer.id.as_str().contains(find)
}

/// The threads that moved last, newest first, without sorting all of them.
fn newest(mut threads: Vec<&Thread>, most: usize) -> Vec<&Thread> {
    let newest_first =
        |a: &&Thread, b: &&Thread| b.updated_ms().cmp(&a.updated_ms()).then_with(|| a.id.cmp(&b.id));
    if threads.len() > most {
        threads.select_nth_unstable_by(most, newest_first);
        threads.truncate(most);
    }
    threads.sort_unstable_by(newest_first);
    threads
}

fn frame(name: &str, value: &impl Serialize) -> Option<Event> {
    Event::default().event(name).json_data(value).ok()
}
