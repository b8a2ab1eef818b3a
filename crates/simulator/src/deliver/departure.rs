//! How an event leaves: what the faults do to it before it gets into its lane, and the body it leaves in.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::{Event, Parcel, case, ended, loose};
use crate::bot::BOT_APP;
use crate::faults::{Effect, Moment, Strike, Struck};
use crate::journal::Fate;
use crate::sim::Sim;
use crate::world::webhook_out::Delivery;

/// Writes an event as it will leave, which may be a loose way; what struck it then. Our own bot gets the plain form.
pub(super) fn write(sim: &Sim, delivery: &mut Delivery) -> Option<Struck> {
    if delivery.app.as_str() == BOT_APP {
        return None;
    }
    let strike = sim.faults.strike(Moment::Form, case(delivery), sim.clock.now_ms())?;
    let Effect::WebhookLoose { form } = strike.effect else { return None };
    loose::write(&mut delivery.event, form);
    delivery.form = Some(form);
    Some(strike.by)
}

/// Sends an event on its way, or what the faults leave of it.
pub(super) fn set_out(sim: &Arc<Sim>, event: Event) {
    let Some(strike) = strike(sim, Moment::Webhook, &event) else { return echo(sim, Parcel::of(event)) };
    match strike.effect {
        Effect::WebhookDropped => ended(sim, &event, Fate::Dropped),
        Effect::WebhookTwice { ms } => {
            echo(sim, Parcel::of(event.clone()));
            later(sim, Parcel::of(event), ms);
        }
        Effect::WebhookLate { ms } => later(sim, Parcel::of(event), ms),
        Effect::WebhookForged => echo(sim, Parcel { is_forged: true, ..Parcel::of(event) }),
        Effect::WebhooksShuffled { .. } | Effect::WebhooksTogether { .. } => {
            sim.queues.gathering.add(sim, event, &strike);
        }
        _ => echo(sim, Parcel::of(event)),
    }
}

/// The sender's own echo has faults of its own; what other apps hear is a webhook like any other.
fn echo(sim: &Arc<Sim>, parcel: Parcel) {
    let delivery = &parcel.first.delivery;
    let is_own_echo =
        delivery.by.as_ref() == Some(&delivery.app) && delivery.event.pointer("/message/is_echo").is_some();
    let strike = if is_own_echo { strike(sim, Moment::Echo, &parcel.first) } else { None };
    match strike.map(|strike| strike.effect) {
        Some(Effect::EchoNever) => ended(sim, &parcel.first, Fate::Dropped),
        Some(Effect::EchoLate { ms }) => later(sim, parcel, ms),
        _ => sim.queues.enqueue(sim, parcel),
    }
}

fn strike(sim: &Sim, moment: Moment, event: &Event) -> Option<Strike> {
    let strike = sim.faults.strike(moment, case(&event.delivery), sim.clock.now_ms())?;
    sim.journal.struck(event.number, strike.by.clone());
    Some(strike)
}

/// Sends a parcel on its way when so much simulated time has passed.
fn later(sim: &Arc<Sim>, parcel: Parcel, ms: u64) {
    if ms == 0 {
        return sim.queues.enqueue(sim, parcel);
    }
    // The moment is taken now: the clock may move before the task runs.
    let ms = i64::try_from(ms).unwrap_or(i64::MAX);
    let at_ms = sim.clock.now_ms().saturating_add(ms);
    let sim = Arc::clone(sim);
    sim.tasks.clone().spawn(async move {
        tokio::select! {
            () = sim.stop.cancelled() => {}
            () = sim.until(at_ms) => sim.queues.enqueue(&sim, parcel),
        }
    });
}

/// The body of a POST. Events of one account that follow each other stand in one entry, as Meta batches them.
pub(super) fn body(parcel: &Parcel) -> Value {
    let mut body = parcel.first.delivery.envelope();
    for event in &parcel.more {
        let mut next = event.delivery.envelope();
        let (Some(entries), Some(more)) =
            (body["entry"].as_array_mut(), next["entry"].as_array_mut().map(std::mem::take))
        else {
            continue;
        };
        for entry in more {
            add_entry(entries, entry);
        }
    }
    body
}

fn add_entry(entries: &mut Vec<Value>, entry: Value) {
    let Some(last) = entries.last_mut().and_then(Value::as_object_mut) else { return entries.push(entry) };
    let same_lists = |a: &Map<String, Value>, b: &Map<String, Value>| a.keys().eq(b.keys());
    match entry {
        Value::Object(entry) if last.get("id") == entry.get("id") && same_lists(last, &entry) => {
            for (name, value) in entry {
                match (last.get_mut(&name), value) {
                    (Some(Value::Array(events)), Value::Array(more)) => events.extend(more),
                    (Some(kept), newer) => *kept = newer,
                    (None, _) => {}
                }
            }
        }
        entry => entries.push(entry),
    }
}
