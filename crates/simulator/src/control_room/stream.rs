//! The one stream that feeds the control room.
//!
//! `state` · `threads`: at once, after changes, and every second for the clock. `page`: the newest lines that are looked
//! for, at the beginning and whenever too much changed. `lines`: what changed since. Changes are gathered for a
//! moment, so that a load of thousands does not drown the page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::Event;
use futures_util::{Stream, StreamExt};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;

use super::view;
use crate::journal::Query;
use crate::sim::Sim;

/// So often the page hears of changes at most, real time.
const GATHERING: Duration = Duration::from_millis(150);
/// So often it hears even when nothing changed: the clock goes on.
const BEAT: Duration = Duration::from_secs(1);

struct Feed {
    sim: Arc<Sim>,
    /// Part of a customer's name or id, for the list of threads.
    threads: String,
    query: Query,
    changed: watch::Receiver<u64>,
    /// Where in the journal's changes it is; `None` before the first page.
    since: Option<u64>,
}

/// The stream for one page.
pub(crate) fn events(
    sim: Arc<Sim>,
    threads: String,
    query: Query,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let stop = sim.stop.clone();
    let changed = sim.changed.subscribe();
    let feed = Feed { sim, threads, query, changed, since: None };
    let turns = futures_util::stream::unfold(feed, |mut feed| async move {
        if feed.since.is_some() {
            let _ = tokio::time::timeout(BEAT, feed.changed.changed()).await;
            tokio::time::sleep(GATHERING).await;
            feed.changed.mark_unchanged();
        }
        Some((feed.turn(), feed))
    });
    turns
        .take_until(stop.cancelled_owned())
        .flat_map(|frames| futures_util::stream::iter(frames.into_iter().map(Ok)))
}

impl Feed {
    fn turn(&mut self) -> Vec<Event> {
        let mut frames = Vec::with_capacity(3);
        self.lines(&mut frames);
        frames.extend(frame("threads", &view::threads(&self.sim, &self.threads)));
        frames.extend(frame("state", &view::state(&self.sim)));
        frames
    }

    fn lines(&mut self, frames: &mut Vec<Event>) {
        let journal = &self.sim.journal;
        let (changed, since) = match self.since {
            Some(since) => journal.changed(&self.query, since),
            None => (None, 0),
        };
        match changed {
            Some(lines) => {
                self.since = Some(since);
                if !lines.is_empty() {
                    frames.extend(frame("lines", &view::named(&self.sim, lines)));
                }
            }
            None => {
                let page = journal.page(&self.query, None);
                self.since = Some(page.changes);
                let lines = view::named(&self.sim, page.lines);
                frames.extend(frame("page", &json!({"lines": lines, "before": page.before})));
            }
        }
    }
}

fn frame(name: &str, value: &impl Serialize) -> Option<Event> {
    Event::default().event(name).json_data(value).ok()
}
