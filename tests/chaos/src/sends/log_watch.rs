//! What the log tells of every part, read as it grows.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_core::relay_client::RelayClient;
use baton_messenger::CustomerId;
use baton_protocol::entry::Content;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{LogName, PartId};
use tokio::task::AbortHandle;

const PAGE: u32 = 500;
const OFTEN: Duration = Duration::from_millis(100);

/// Grants by customer and place in the reply, and how each ended.
#[derive(Debug, Default)]
struct Told {
    granted: BTreeMap<(CustomerId, u32), Vec<PartId>>,
    ends: BTreeMap<PartId, Settlement>,
}

/// Reads logs until it is dropped.
#[derive(Debug)]
pub(super) struct LogWatch {
    told: Arc<Mutex<Told>>,
    reading: AbortHandle,
}

impl LogWatch {
    /// Begins to read these logs.
    pub fn start(relay: RelayClient, logs: Vec<LogName>) -> Self {
        let told = Arc::<Mutex<Told>>::default();
        let into = Arc::clone(&told);
        let reading = tokio::spawn(async move {
            let mut read: BTreeMap<LogName, u64> = BTreeMap::new();
            loop {
                for log in &logs {
                    let after = read.entry(log.clone()).or_default();
                    // A relay that does not answer is asked again.
                    while let Ok(page) = relay.entries(log, Some(*after), None, PAGE).await {
                        let Some(last) = page.entries.last() else { break };
                        *after = last.seq;
                        let facts = page.entries.iter().filter_map(|entry| match entry.content() {
                            Content::Team(fact) => Some(*fact),
                            _ => None,
                        });
                        let facts: Vec<TeamFact> = facts.collect();
                        let mut told = into.lock().unwrap_or_else(PoisonError::into_inner);
                        facts.into_iter().for_each(|fact| told.take(fact));
                    }
                }
                tokio::time::sleep(OFTEN).await;
            }
        });
        Self { told, reading: reading.abort_handle() }
    }

    /// Every grant of this part of the one reply to a customer, oldest first, with its end.
    pub fn granted(&self, customer: &CustomerId, index: u32) -> Vec<(PartId, Option<Settlement>)> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let granted = told.granted.get(&(customer.clone(), index)).into_iter().flatten();
        granted.map(|part| (*part, told.ends.get(part).cloned())).collect()
    }
}

impl Drop for LogWatch {
    fn drop(&mut self) {
        self.reading.abort();
    }
}

impl Told {
    fn take(&mut self, fact: TeamFact) {
        match fact {
            TeamFact::SendStarted { customer, index, part, .. } => {
                self.granted.entry((customer, index)).or_default().push(part);
            }
            TeamFact::SendSettled { part, settlement, .. } => {
                let known = self.ends.get(&part).map_or(-1, |known| i16::from(known.rank()));
                if i16::from(settlement.rank()) > known {
                    self.ends.insert(part, settlement);
                }
            }
            _ => {}
        }
    }
}
