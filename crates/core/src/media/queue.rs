//! What is to be fetched without anybody asking, newest first. It is short: what falls out is read from the store again once
//! the rest is through.

use std::collections::BTreeSet;
use std::sync::Mutex;

use tokio::sync::Notify;

use crate::desk::inner::lock;
use crate::store::FreshMedia;

/// How many wait at most.
const MOST: usize = 1_000;

/// Messages whose media are to be fetched.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    wake: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    messages: BTreeSet<FreshMedia>,
    /// There may be more in the store, all of it older than this one.
    left_out: Option<FreshMedia>,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A message to fetch the media of.
    Message(FreshMedia),
    /// None waits, and what is older than this one was left out: whoever got this reads it from the store.
    OlderThan(FreshMedia),
}

impl Waiting {
    fn left_out_before(&mut self, message: Option<FreshMedia>) {
        self.left_out = self.left_out.take().max(message);
    }
}

impl Queue {
    /// Adds messages; the oldest are left out when there are too many.
    pub(super) fn add(&self, messages: impl IntoIterator<Item = FreshMedia>) {
        let mut waiting = lock(&self.waiting);
        waiting.messages.extend(messages);
        if waiting.messages.len() > MOST {
            while waiting.messages.len() > MOST {
                waiting.messages.pop_first();
            }
            let oldest = waiting.messages.first().cloned();
            waiting.left_out_before(oldest);
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Adds what was read from the store, newest first; where `is_cut`, there is more that is older.
    pub(super) fn add_read(&self, messages: Vec<FreshMedia>, is_cut: bool) {
        if is_cut {
            lock(&self.waiting).left_out_before(messages.last().cloned());
        }
        self.add(messages);
    }

    /// What is older than this one was not read after all.
    pub(super) fn was_not_read(&self, before: FreshMedia) {
        lock(&self.waiting).left_out_before(Some(before));
        self.wake.notify_one();
    }

    /// True while nothing waits, here or in the store.
    pub(super) fn is_empty(&self) -> bool {
        let waiting = lock(&self.waiting);
        waiting.messages.is_empty() && waiting.left_out.is_none()
    }

    /// The newest one, waited for.
    pub(super) async fn next(&self) -> Next {
        loop {
            let (next, is_more) = {
                let mut waiting = lock(&self.waiting);
                let next = match waiting.messages.pop_last() {
                    Some(newest) => Some(Next::Message(newest)),
                    None => waiting.left_out.take().map(Next::OlderThan),
                };
                (next, !waiting.messages.is_empty() || waiting.left_out.is_some())
            };
            match next {
                Some(next) => {
                    if is_more {
                        self.wake.notify_one();
                    }
                    return next;
                }
                None => self.wake.notified().await,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::ThreadId;

    fn said(at_ms: i64) -> FreshMedia {
        FreshMedia { at_ms, thread: ThreadId(1), key: format!("m_{at_ms}") }
    }

    async fn at_ms(queue: &Queue) -> i64 {
        match queue.next().await {
            Next::Message(message) => message.at_ms,
            Next::OlderThan(message) => panic!("only what is older than {message:?} is left"),
        }
    }

    #[tokio::test]
    async fn the_newest_comes_first_and_the_oldest_is_left_out_and_asked_for_once_the_rest_is_through() {
        let queue = Queue::default();
        queue.add((0..MOST as i64 + 10).map(said));
        queue.add([said(5_000)]);
        assert_eq!(at_ms(&queue).await, 5_000);
        assert_eq!(at_ms(&queue).await, MOST as i64 + 9);
        let mut last = i64::MAX;
        for _ in 0..MOST - 2 {
            last = at_ms(&queue).await;
        }
        assert_eq!(last, 11);
        assert_eq!(queue.next().await, Next::OlderThan(said(11)));

        // What is read is cut again and again, until nothing older is left.
        queue.add_read(vec![said(10), said(9)], true);
        assert_eq!((at_ms(&queue).await, at_ms(&queue).await), (10, 9));
        assert_eq!(queue.next().await, Next::OlderThan(said(9)));
        queue.was_not_read(said(9));
        assert_eq!(queue.next().await, Next::OlderThan(said(9)));
        queue.add_read(vec![said(8)], false);
        queue.add([said(6_000)]);
        assert_eq!((at_ms(&queue).await, at_ms(&queue).await), (6_000, 8));
        let more = tokio::time::timeout(std::time::Duration::from_millis(20), queue.next()).await;
        assert!(more.is_err(), "nothing is left: {more:?}");
    }

    #[tokio::test]
    async fn two_who_wait_both_get_one() {
        let queue = std::sync::Arc::new(Queue::default());
        let waiting = [std::sync::Arc::clone(&queue), std::sync::Arc::clone(&queue)];
        let waiting = waiting.map(|queue| tokio::spawn(async move { at_ms(&queue).await }));
        tokio::task::yield_now().await;
        queue.add([said(1), said(2)]);
        let mut got = Vec::new();
        for one in waiting {
            got.push(one.await.unwrap());
        }
        got.sort_unstable();
        assert_eq!(got, [1, 2]);
    }
}
