//! Events that a rule holds back until there are enough of them, or until the rule's patience ends.
//!
//! Held back per rule and receiver. They leave shuffled, with dice seeded by the rule, or together in one POST.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use baton_messenger::AppId;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::{Event, Parcel};
use crate::faults::{Effect, Strike};
use crate::sim::Sim;

type Key = (u64, AppId);

/// Everything that is held back.
#[derive(Debug, Default)]
pub(super) struct Gathering {
    groups: Mutex<BTreeMap<Key, Group>>,
    /// Dice of each shuffling rule, which go on from group to group.
    dice: Mutex<BTreeMap<u64, Pcg64>>,
}

#[derive(Debug)]
struct Group {
    events: Vec<Event>,
    effect: Effect,
    /// Tells this group from the next of the same rule.
    began_with: u64,
}

impl Gathering {
    /// Holds an event back, and lets its group go when it is complete.
    pub fn add(&self, sim: &Arc<Sim>, event: Event, strike: &Strike) {
        let (Effect::WebhooksShuffled { count, ms } | Effect::WebhooksTogether { count, ms }) = strike.effect
        else {
            return sim.queues.enqueue(sim, Parcel::of(event));
        };
        let key = (strike.by.rule, event.delivery.app.clone());
        let number = event.number;
        let mut groups = lock(&self.groups);
        let group = groups.entry(key.clone()).or_insert_with(|| Group {
            events: Vec::new(),
            effect: strike.effect.clone(),
            began_with: number,
        });
        group.events.push(event);
        let (is_first, is_complete) = (group.events.len() == 1, group.events.len() >= count);
        let complete = if is_complete { groups.remove(&key) } else { None };
        drop(groups);
        if let Some(group) = complete {
            self.let_go(sim, group, strike.by.rule, strike.seed);
        } else if is_first {
            self.let_go_later(sim, key, number, ms, strike.seed);
        }
    }

    fn let_go_later(&self, sim: &Arc<Sim>, key: Key, began_with: u64, ms: u64, seed: u64) {
        let at_ms = sim.clock.now_ms().saturating_add(i64::try_from(ms).unwrap_or(i64::MAX));
        let sim = Arc::clone(sim);
        sim.tasks.clone().spawn(async move {
            tokio::select! {
                () = sim.stop.cancelled() => return,
                () = sim.until(at_ms) => {}
            }
            let gathering = &sim.queues.gathering;
            let mut groups = lock(&gathering.groups);
            let is_same = groups.get(&key).is_some_and(|group| group.began_with == began_with);
            let group = if is_same { groups.remove(&key) } else { None };
            drop(groups);
            if let Some(group) = group {
                gathering.let_go(&sim, group, key.0, seed);
            }
        });
    }

    fn let_go(&self, sim: &Arc<Sim>, group: Group, rule: u64, seed: u64) {
        let mut events = group.events;
        if let Effect::WebhooksShuffled { .. } = group.effect {
            let mut dice = lock(&self.dice);
            shuffle(&mut events, dice.entry(rule).or_insert_with(|| Pcg64::seed_from_u64(seed)));
            for event in events {
                sim.queues.enqueue(sim, Parcel::of(event));
            }
            return;
        }
        // One POST is about one kind of object.
        let mut parcels: Vec<(serde_json::Value, Parcel)> = Vec::new();
        for event in events {
            let object = event.delivery.envelope()["object"].take();
            match parcels.iter_mut().find(|(known, _)| *known == object) {
                Some((_, parcel)) => parcel.more.push(event),
                None => parcels.push((object, Parcel::of(event))),
            }
        }
        for (_, parcel) in parcels {
            sim.queues.enqueue(sim, parcel);
        }
    }
}

/// Another order, always: one that shuffling left as it was is turned by some places.
fn shuffle(events: &mut [Event], dice: &mut Pcg64) {
    events.shuffle(dice);
    if events.len() > 1 && events.is_sorted_by_key(|event| event.number) {
        let by = dice.random_range(1..events.len());
        events.rotate_left(by);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
