//! A reply on its way goes before what the log brings.
//!
//! There is one writer, and whoever asks first has it first. The entry that says that a reply begins comes out of the log in the
//! moment in which the relay grants it, and to take it in costs more than all that the outbox has to write until the call:
//! the agent would wait for it. So an entry waits, and never for long, however many replies are on their way.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::Store;

/// How long one reply may keep entries back, and entries wait at most: as long as a reply takes where the relay and Meta answer
/// at once, and less than two frames of a screen.
const AT_MOST: Duration = Duration::from_millis(25);

/// Who is in a hurry now. Cheap to clone: all of them keep the same.
#[derive(Clone, Debug)]
pub(super) struct Haste {
    now: Arc<watch::Sender<Hurries>>,
    at_most: Duration,
}

#[derive(Debug, Default)]
struct Hurries {
    next: u64,
    /// Until when each of them is let go first.
    until: BTreeMap<u64, Instant>,
}

/// While this lives, and for a moment at most, entries let other writes go first.
#[derive(Debug)]
#[must_use = "the hurry ends when this is dropped"]
pub(crate) struct Hurry {
    haste: Haste,
    id: u64,
}

impl Default for Haste {
    fn default() -> Self {
        Self::of(AT_MOST)
    }
}

impl Haste {
    fn of(at_most: Duration) -> Self {
        Self { now: Arc::new(watch::Sender::new(Hurries::default())), at_most }
    }

    fn begin(&self) -> Hurry {
        let mut id = 0;
        self.now.send_modify(|hurries| {
            id = hurries.next;
            hurries.next += 1;
            hurries.until.insert(id, Instant::now() + self.at_most);
        });
        Hurry { haste: self.clone(), id }
    }

    /// Lets those go first who are in a hurry now.
    async fn let_pass(&self) {
        let mut hurries = self.now.subscribe();
        let until = hurries.borrow().until.values().max().copied();
        let Some(until) = until.filter(|until| *until > Instant::now()) else { return };
        // Longer than that nobody is let go first, and who wrote all is out of the way.
        let _ = tokio::time::timeout_at(until, hurries.wait_for(|hurries| hurries.until.is_empty())).await;
    }
}

impl Drop for Hurry {
    fn drop(&mut self) {
        self.haste.now.send_modify(|hurries| {
            hurries.until.remove(&self.id);
        });
    }
}

impl Store {
    /// What is written now is waited for by an agent.
    pub(crate) fn hurry(&self) -> Hurry {
        self.haste.begin()
    }

    /// Lets those go first who are in a hurry now, for what nobody waits for.
    pub(crate) async fn let_pass(&self) {
        self.haste.let_pass().await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn nobody_is_let_go_first_where_nobody_is_in_a_hurry() {
        let haste = Haste::of(LONG);
        assert!(haste.let_pass().now_or_never().is_some());
        drop(haste.begin());
        assert!(haste.let_pass().now_or_never().is_some());
    }

    #[tokio::test]
    async fn entries_wait_until_nobody_is_in_a_hurry_any_more() {
        let haste = Haste::of(LONG);
        let (one, other) = (haste.begin(), haste.begin());
        let mut entries = std::pin::pin!(haste.let_pass());
        assert!(entries.as_mut().now_or_never().is_none());
        drop(one);
        assert!(entries.as_mut().now_or_never().is_none());
        drop(other);
        entries.await;
    }

    #[tokio::test]
    async fn a_hurry_without_an_end_and_those_that_follow_it_keep_entries_back_for_a_moment_only() {
        let haste = Haste::of(Duration::from_millis(1));
        let _first = haste.begin();
        let mut entries = std::pin::pin!(haste.let_pass());
        assert!(entries.as_mut().now_or_never().is_none());
        let _second = Haste { at_most: LONG, ..haste.clone() }.begin();
        entries.await;
    }

    #[test]
    fn who_was_let_go_first_for_long_enough_is_in_nobodys_way() {
        let haste = Haste::of(Duration::ZERO);
        let _hurry = haste.begin();
        assert!(haste.let_pass().now_or_never().is_some());
    }
}
