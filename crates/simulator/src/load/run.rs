//! A load from its beginning to its last acknowledgement.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use baton_messenger::AccountId;
use tokio::time::Instant;
use url::{Host, Url};

use super::crowd::Crowd;
use super::tally::Tally;
use super::{Load, Loads};
use crate::sim::Sim;
use crate::world::acts::said::Said;
use crate::world::app::Receiver;

/// How often events that are due are caused.
const BEAT: Duration = Duration::from_millis(5);
/// So long after the last event its acknowledgement is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// More is a slip of the hand.
const MOST_CUSTOMERS: u32 = 100_000;

/// Begins a load; it runs by itself.
///
/// # Errors
/// Why there can be none: another one runs, nobody listens, the receiver is on another machine.
pub(crate) fn start(sim: &Arc<Sim>, load: &Load) -> Result<(), String> {
    if load.rate == 0 || load.seconds == 0 {
        return Err("rate and seconds must be above 0.".into());
    }
    if load.customers > MOST_CUSTOMERS {
        return Err(format!("More than {MOST_CUSTOMERS} customers are not made for a load."));
    }
    let accounts = listening(sim, load)?;
    sim.load.begin(load.clone())?;
    let gathered = sim.act(|world, _| Crowd::gather(world, load, &accounts));
    let refused = match gathered {
        Ok(crowd) if crowd.is_empty() => "There are no customers to write.".to_owned(),
        Ok(crowd) => {
            begin(sim, crowd);
            return Ok(());
        }
        Err(refusal) => refusal.text,
    };
    sim.load.with(Tally::finish);
    Err(refused)
}

fn begin(sim: &Arc<Sim>, crowd: Crowd) {
    let sim = Arc::clone(sim);
    sim.tasks.clone().spawn(async move {
        tokio::select! {
            () = sim.stop.cancelled() => {}
            () = run(&sim, crowd) => {}
        }
        sim.load.with(Tally::finish);
        sim.note_change();
    });
}

impl Loads {
    fn begin(&self, load: Load) -> Result<(), String> {
        let mut tally = self.lock();
        if tally.as_ref().is_some_and(|tally| tally.is_running) {
            return Err("A load is running already.".into());
        }
        *tally = Some(Tally::new(load));
        Ok(())
    }
}

async fn run(sim: &Arc<Sim>, mut crowd: Crowd) {
    let mut beat = tokio::time::interval(BEAT);
    loop {
        beat.tick().await;
        let wanted = sim.load.with(|tally| (tally.due(), tally.sent, tally.load.events(), tally.is_stopping));
        let Some((due, sent, events, is_stopping)) = wanted else { return };
        if is_stopping || sent >= events {
            break;
        }
        for _ in sent..due {
            cause(sim, &mut crowd);
        }
        // Others have their turn even when this cannot keep up.
        tokio::task::yield_now().await;
    }
    let until = Instant::now() + PATIENCE;
    let mut changed = sim.changed.subscribe();
    while sim.load.with(|tally| tally.has_all_back()) == Some(false) {
        if tokio::time::timeout_at(until, changed.changed()).await.is_err() {
            return;
        }
    }
}

fn cause(sim: &Arc<Sim>, crowd: &mut Crowd) {
    let Some((account, customer, words)) = crowd.next() else { return };
    // The tally has to know of the event before the receiver can answer for it.
    let wrote = sim.act(|world, now_ms| {
        let mid = world.customer_says(account, customer, &Said::text(words.as_str()), now_ms)?;
        sim.load.with(|tally| tally.set_out(mid));
        Ok::<_, crate::world::refusals::Refusal>(())
    });
    if wrote.is_err() {
        sim.load.with(Tally::came_to_nothing);
    }
}

/// The accounts to load: those that the app under test hears, on this machine.
fn listening(sim: &Sim, load: &Load) -> Result<Vec<AccountId>, String> {
    sim.look(|world, _| {
        let Some(Receiver::Callback(callback)) = world.apps.get(&sim.desk_app).map(|app| &app.pages) else {
            return Err("Nobody receives webhooks: the app has no callback.".into());
        };
        if !is_on_this_machine(&callback.url) {
            return Err(format!("Only this machine is loaded, and {} is another.", callback.url));
        }
        let hears = |account: &AccountId| world.listens(account, &sim.desk_app, "messages");
        let accounts: Vec<AccountId> = if load.accounts.is_empty() {
            world.accounts.keys().filter(|account| hears(account)).cloned().collect()
        } else {
            load.accounts.clone()
        };
        match accounts.iter().find(|account| !hears(account)) {
            Some(deaf) => Err(format!("The app is not subscribed to messages of {deaf}.")),
            None if accounts.is_empty() => Err("The app is subscribed to messages of no account.".into()),
            None => Ok(accounts),
        }
    })
}

fn is_on_this_machine(url: &str) -> bool {
    match Url::parse(url).ok().as_ref().and_then(Url::host) {
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_is_this_machine() {
        for (url, is_here) in [
            ("http://127.0.0.1:9/webhook", true),
            ("http://[::1]:9/webhook", true),
            ("http://localhost/webhook", true),
            ("https://relay.example.invalid/webhook", false),
            ("http://10.0.0.7/webhook", false),
            ("http://localhost.example.invalid/", false),
            ("nonsense", false),
        ] {
            assert_eq!(is_on_this_machine(url), is_here, "{url}");
        }
    }
}
