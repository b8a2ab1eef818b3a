//! When each desk was last connected: known here from moment to moment, kept in the log once a minute.
//!
//! It is for people who look after desks. What a kill takes away is a minute of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use baton_protocol::DeskId;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::log::Log;

/// How often it is kept.
const KEPT_EVERY: Duration = Duration::from_secs(60);

/// Which desks are connected, and since when those are gone that left since it was kept.
#[derive(Debug, Default)]
pub(crate) struct Seen(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    /// How many streams each desk has.
    here: BTreeMap<DeskId, u32>,
    /// When desks left, milliseconds UTC.
    left: BTreeMap<DeskId, i64>,
}

/// A desk is connected as long as one of these is there.
pub(crate) struct Here {
    seen: Arc<Seen>,
    clock: Arc<dyn Clock>,
    desk: DeskId,
}

impl Seen {
    /// A desk opened a stream.
    pub(crate) fn arrives(self: &Arc<Self>, desk: DeskId, clock: &Arc<dyn Clock>) -> Here {
        *self.known().here.entry(desk).or_default() += 1;
        Here { seen: Arc::clone(self), clock: Arc::clone(clock), desk }
    }

    /// Whether a desk is connected.
    pub(crate) fn is_here(&self, desk: DeskId) -> bool {
        self.known().here.contains_key(&desk)
    }

    /// When a desk was last connected, as far as that is known here.
    pub(crate) fn last_ms(&self, desk: DeskId, now_ms: i64) -> Option<i64> {
        let known = self.known();
        if known.here.contains_key(&desk) { Some(now_ms) } else { known.left.get(&desk).copied() }
    }

    /// What is to be kept: of those who are connected this moment, of the others when they left.
    fn to_keep(&self, now_ms: i64) -> Vec<(DeskId, i64)> {
        let mut known = self.known();
        let here: Vec<_> = known.here.keys().map(|desk| (*desk, now_ms)).collect();
        std::mem::take(&mut known.left).into_iter().chain(here).collect()
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        let mut known = self.seen.known();
        if let Some(streams) = known.here.get_mut(&self.desk) {
            *streams -= 1;
            if *streams == 0 {
                known.here.remove(&self.desk);
                known.left.insert(self.desk, self.clock.wall_ms());
            }
        }
    }
}

/// Keeps it until the relay stops, and once more then.
pub(crate) async fn keep(seen: Arc<Seen>, log: Arc<dyn Log>, clock: Arc<dyn Clock>, stop: CancellationToken) {
    let mut goes_on = true;
    while goes_on {
        goes_on = tokio::select! {
            () = stop.cancelled() => false,
            () = tokio::time::sleep(KEPT_EVERY) => true,
        };
        let to_keep = seen.to_keep(clock.wall_ms());
        if to_keep.is_empty() {
            continue;
        }
        if let Err(error) = log.seen(to_keep).await {
            tracing::warn!(%error, "when desks were last connected could not be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_desk_is_here_as_long_as_one_of_its_streams_is() {
        let (seen, desk) = (Arc::<Seen>::default(), DeskId::new());
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        assert_eq!((seen.is_here(desk), seen.last_ms(desk, 7)), (false, None));
        let first = seen.arrives(desk, &clock);
        let second = seen.arrives(desk, &clock);
        assert_eq!(seen.last_ms(desk, 7), Some(7));
        drop(first);
        assert!(seen.is_here(desk));
        assert_eq!(seen.to_keep(9), [(desk, 9)]);
        drop(second);
        assert!(!seen.is_here(desk) && seen.last_ms(desk, 7).is_some_and(|at| at > 7));
        assert_eq!(seen.to_keep(9).len(), 1);
        assert!(seen.to_keep(9).is_empty());
    }
}
