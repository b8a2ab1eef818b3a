//! Rules that come into force and end, for whoever makes them: some tell the apps of it.

use std::sync::Arc;

use baton_messenger::{AccountId, Platform};

use super::rule::Fault;
use super::{Effect, Faults};
use crate::sim::Sim;
use crate::world::acts::business::PolicyNotice;

const REASON: &str = "A rehearsed restriction.";

/// Puts a rule in force and gives its number.
///
/// # Errors
/// Why the rule cannot be.
pub(crate) fn add(sim: &Arc<Sim>, fault: Fault) -> Result<u64, String> {
    fault.check()?;
    let tells = restricts(&fault);
    let (page, for_ms, now_ms) = (fault.page_id.clone(), fault.for_ms, sim.clock.now_ms());
    let number = sim.faults.add(fault, now_ms);
    if tells {
        announce(sim, page.as_ref(), PolicyNotice::Block);
        if let Some(for_ms) = for_ms {
            lift_later(sim, number, page, now_ms.saturating_add(for_ms));
        }
    }
    sim.note_change();
    Ok(number)
}

/// Ends a rule; whether there was one.
pub(crate) fn remove(sim: &Arc<Sim>, number: u64) -> bool {
    let removed = sim.faults.remove(number);
    if let Some(fault) = &removed {
        lift(sim, fault);
    }
    sim.note_change();
    removed.is_some()
}

/// Ends every rule.
pub(crate) fn clear(sim: &Arc<Sim>) {
    for fault in sim.faults.clear() {
        lift(sim, &fault);
    }
    sim.note_change();
}

/// Whether Meta tells of it: a restriction of a whole account.
fn restricts(fault: &Fault) -> bool {
    fault.effect == Effect::PageRestricted && fault.customer_id.is_none() && fault.app_id.is_none()
}

fn lift(sim: &Arc<Sim>, fault: &Fault) {
    if restricts(fault) {
        announce(sim, fault.page_id.as_ref(), PolicyNotice::Unblock);
    }
}

fn lift_later(sim: &Arc<Sim>, number: u64, page: Option<AccountId>, at_ms: i64) {
    let sim = Arc::clone(sim);
    sim.tasks.clone().spawn(async move {
        tokio::select! {
            () = sim.stop.cancelled() => return,
            () = sim.until(at_ms) => {}
        }
        if sim.faults.is_there(number) {
            announce(&sim, page.as_ref(), PolicyNotice::Unblock);
        }
    });
}

/// Tells of it as Meta does: on Pages, by an event. Instagram has none.
fn announce(sim: &Arc<Sim>, page: Option<&AccountId>, notice: PolicyNotice) {
    sim.act(|world, now_ms| {
        let all = world.accounts.values().filter(|account| account.platform == Platform::Messenger);
        let meant: Vec<AccountId> =
            all.map(|account| account.id.clone()).filter(|id| page.is_none_or(|page| page == id)).collect();
        for account in meant {
            let _ = world.policy_notice(&account, notice, REASON, now_ms);
        }
    });
}

impl Faults {
    fn is_there(&self, number: u64) -> bool {
        self.lock().list.iter().any(|rule| rule.number() == number)
    }
}
