//! Where reads wait. The state is shared by all clones of a client.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_messenger::id::AccountId;

use super::budget::{Budget, Direction};
use super::{BootClock, Hold, HoldReason, Pace, SlotAnswer, Slots, Urgency};
use crate::observe::Observer;
use crate::usage::Usage;

/// The longest single pause: timers of the runtime stop during suspend, so the clock is looked at in short steps.
const LOOK_EVERY_MS: i64 = 200;
/// How soon a background read looks again whether the send before it has ended, milliseconds.
const AFTER_SEND_MS: i64 = 100;

/// Budgets, and what is on its way.
pub(crate) struct Gate {
    clock: Arc<dyn BootClock>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    app: Budget,
    accounts: BTreeMap<AccountId, Account>,
}

#[derive(Default)]
struct Account {
    budget: Budget,
    sends_under_way: u32,
    told: Pace,
}

/// A send is under way until this is dropped.
pub(crate) struct Sending {
    gate: Arc<Gate>,
    account: AccountId,
}

/// The codes that count all calls of the app, not those of one account (docs/meta.md 6.3).
fn is_of_the_app(code: i64) -> bool {
    matches!(code, 4 | 341)
}

impl Gate {
    pub(crate) fn new(clock: Arc<dyn BootClock>) -> Arc<Self> {
        Arc::new(Self { clock, state: Mutex::default() })
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.clock.boot_ms()
    }

    /// How reads of an account go now.
    pub(crate) fn pace(&self, account: &AccountId) -> Pace {
        self.lock().pace(account, self.now_ms())
    }

    /// An answer about an account told how much is used.
    pub(crate) fn heard(&self, account: &AccountId, usage: &Usage) {
        let now_ms = self.now_ms();
        let mut state = self.lock();
        if let Some(app) = usage.app {
            state.app.heard(app.percent(), None, now_ms);
        }
        if let Some(percent) = usage.account_percent() {
            state.account(account).budget.heard(percent, usage.regain_ms(), now_ms);
        }
    }

    /// Meta turned a call away. Returns for how long to wait.
    pub(crate) fn throttled(
        &self,
        account: &AccountId,
        direction: Direction,
        code: i64,
        told_ms: Option<i64>,
    ) -> i64 {
        let (now_ms, mut state) = (self.now_ms(), self.lock());
        let budget = if is_of_the_app(code) { &mut state.app } else { &mut state.account(account).budget };
        budget.throttled(direction, told_ms, random(), now_ms)
    }

    /// Meta took a call.
    pub(crate) fn taken(&self, account: &AccountId, direction: Direction) {
        let mut state = self.lock();
        state.app.taken(direction);
        state.account(account).budget.taken(direction);
    }

    /// A send is under way: reads that nobody waits for keep back.
    pub(crate) fn sending(self: &Arc<Self>, account: &AccountId) -> Sending {
        self.lock().account(account).sends_under_way += 1;
        Sending { gate: Arc::clone(self), account: account.clone() }
    }

    /// Tells observers when the pace of an account has changed since they were last told.
    pub(crate) fn tell(&self, account: &AccountId, observers: &[Arc<dyn Observer>]) {
        let now_ms = self.now_ms();
        let mut state = self.lock();
        let pace = state.pace(account, now_ms);
        let told = &mut state.account(account).told;
        let is_news = std::mem::discriminant(told) != std::mem::discriminant(&pace);
        *told = pace;
        drop(state);
        if is_news {
            observers.iter().for_each(|observer| observer.on_pace(account, pace));
        }
    }

    /// Waits for the turn of one read.
    ///
    /// # Errors
    /// What holds it back for longer than it has patience.
    pub(crate) async fn turn(
        &self,
        account: &AccountId,
        urgency: Urgency,
        slots: Option<&dyn Slots>,
    ) -> Result<(), Hold> {
        let patience =
            Patience { until_ms: urgency.patience_ms().map(|ms| self.now_ms().saturating_add(ms)) };
        loop {
            if let Some(hold) = self.hold(account, urgency) {
                self.wait(hold, &patience).await?;
                continue;
            }
            let Some(slots) = slots else { return Ok(()) };
            match slots.ask(account, urgency).await {
                SlotAnswer::Granted => return Ok(()),
                SlotAnswer::NotYet { for_ms } => {
                    self.wait(Hold { for_ms, why: HoldReason::Slot }, &patience).await?;
                }
                SlotAnswer::Refused { for_ms, why } => {
                    return Err(Hold { for_ms, why: HoldReason::NoSlots(why) });
                }
            }
        }
    }

    /// What holds a read back now; when nothing does, it counts as gone.
    fn hold(&self, account: &AccountId, urgency: Urgency) -> Option<Hold> {
        let (now_ms, mut state) = (self.now_ms(), self.lock());
        let pace = state.pace(account, now_ms);
        let own = state.account(account);
        if urgency == Urgency::Background && own.sends_under_way > 0 {
            return Some(Hold { for_ms: AFTER_SEND_MS, why: HoldReason::SendFirst });
        }
        let hold = pace.hold(urgency, own.budget.distance_ms(now_ms));
        if hold.is_none() && urgency == Urgency::Background {
            own.budget.background_goes(now_ms);
        }
        hold
    }

    async fn wait(&self, hold: Hold, patience: &Patience) -> Result<(), Hold> {
        let from_ms = self.now_ms();
        let end_ms = from_ms.saturating_add(hold.for_ms.max(1));
        if patience.until_ms.is_some_and(|until_ms| end_ms > until_ms) {
            return Err(hold);
        }
        loop {
            let left_ms = end_ms.saturating_sub(self.now_ms());
            if left_ms <= 0 {
                return Ok(());
            }
            let step_ms = u64::try_from(left_ms.min(LOOK_EVERY_MS)).unwrap_or(1);
            tokio::time::sleep(Duration::from_millis(step_ms)).await;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Patience {
    until_ms: Option<i64>,
}

impl State {
    fn pace(&self, account: &AccountId, now_ms: i64) -> Pace {
        let own = self.accounts.get(account).map_or(Pace::Free, |own| own.budget.pace(now_ms));
        own.and(self.app.pace(now_ms))
    }

    fn account(&mut self, account: &AccountId) -> &mut Account {
        self.accounts.entry(account.clone()).or_default()
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let mut state = self.gate.lock();
        let own = state.account(&self.account);
        own.sends_under_way = own.sends_under_way.saturating_sub(1);
    }
}

/// From 0 to 1.
fn random() -> f64 {
    let mut bytes = [0; 4];
    // Without randomness desks come back at the same moment, which is no harm by itself.
    let _ = getrandom::fill(&mut bytes);
    f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX)
}
