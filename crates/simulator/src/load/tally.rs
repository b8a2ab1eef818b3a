//! The counts of one load.

use std::collections::HashMap;

use baton_messenger::Mid;
use serde_json::Value;
use tokio::time::Instant;

use super::{Latency, Load, LoadReport};
use crate::journal::Fate;
use crate::world::webhook_out::Delivery;

#[derive(Debug)]
pub(crate) struct Tally {
    pub load: Load,
    pub is_running: bool,
    pub is_stopping: bool,
    began: Instant,
    ended: Option<Instant>,
    pub sent: u64,
    on_the_way: HashMap<Mid, Instant>,
    pub acknowledged: Vec<Mid>,
    lost: u64,
    failed_tries: u64,
    /// Microseconds.
    latencies: Vec<u32>,
}

impl Tally {
    pub fn new(load: Load) -> Self {
        Self {
            load,
            is_running: true,
            is_stopping: false,
            began: Instant::now(),
            ended: None,
            sent: 0,
            on_the_way: HashMap::new(),
            acknowledged: Vec::new(),
            lost: 0,
            failed_tries: 0,
            latencies: Vec::new(),
        }
    }

    /// How many events are due by now.
    pub fn due(&self) -> u64 {
        let elapsed = self.began.elapsed().as_secs_f64();
        ((elapsed * f64::from(self.load.rate)) as u64).min(self.load.events())
    }

    pub fn set_out(&mut self, mid: Mid) {
        self.sent += 1;
        self.on_the_way.insert(mid, Instant::now());
    }

    /// An event for which there turned out to be no customer.
    pub fn came_to_nothing(&mut self) {
        self.sent += 1;
        self.lost += 1;
    }

    pub fn has_all_back(&self) -> bool {
        self.on_the_way.is_empty()
    }

    pub fn failed_try(&mut self, delivery: &Delivery) {
        if mid(delivery).is_some_and(|mid| self.on_the_way.contains_key(&mid)) {
            self.failed_tries += 1;
        }
    }

    pub fn ended(&mut self, delivery: &Delivery, fate: Fate) {
        let Some(mid) = mid(delivery) else { return };
        let Some(since) = self.on_the_way.remove(&mid) else { return };
        if fate != Fate::Delivered {
            self.lost += 1;
            return;
        }
        self.acknowledged.push(mid);
        self.latencies.push(u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX));
        self.ended = Some(Instant::now());
    }

    pub fn finish(&mut self) {
        self.is_running = false;
    }

    pub fn report(&self) -> LoadReport {
        let end = if self.is_running { Instant::now() } else { self.ended.unwrap_or_else(Instant::now) };
        let took = end.saturating_duration_since(self.began);
        let acknowledged = self.acknowledged.len() as u64;
        LoadReport {
            load: self.load.clone(),
            is_running: self.is_running,
            sent: self.sent,
            acknowledged,
            lost: self.lost,
            on_the_way: self.on_the_way.len() as u64,
            failed_tries: self.failed_tries,
            took_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
            acknowledged_per_second: acknowledged as f64 / took.as_secs_f64().max(0.001),
            latency_ms: self.latency(),
        }
    }

    fn latency(&self) -> Latency {
        let mut sorted = self.latencies.clone();
        sorted.sort_unstable();
        let at = |share: f64| {
            let rank = (sorted.len() as f64 * share).ceil() as usize;
            sorted.get(rank.saturating_sub(1)).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
        };
        Latency { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1.0) }
    }
}

fn mid(delivery: &Delivery) -> Option<Mid> {
    delivery.event.pointer("/message/mid").and_then(Value::as_str).map(Mid::from)
}
