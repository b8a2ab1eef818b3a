//! What is to be fetched without anybody asking, newest first. It is short: what falls out is fetched when it is looked at.

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
    waiting: Mutex<BTreeSet<FreshMedia>>,
    wake: Notify,
}

impl Queue {
    /// Adds messages; the oldest fall out when there are too many.
    pub(super) fn add(&self, messages: impl IntoIterator<Item = FreshMedia>) {
        let mut waiting = lock(&self.waiting);
        waiting.extend(messages);
        while waiting.len() > MOST {
            waiting.pop_first();
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// The newest one, waited for.
    pub(super) async fn next(&self) -> FreshMedia {
        loop {
            let (newest, is_more) = {
                let mut waiting = lock(&self.waiting);
                (waiting.pop_last(), !waiting.is_empty())
            };
            match newest {
                Some(newest) => {
                    if is_more {
                        self.wake.notify_one();
                    }
                    return newest;
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

    #[tokio::test]
    async fn the_newest_comes_first_and_the_oldest_falls_out() {
        let queue = Queue::default();
        queue.add((0..MOST as i64 + 10).map(said));
        queue.add([said(5_000)]);
        assert_eq!(queue.next().await.at_ms, 5_000);
        assert_eq!(queue.next().await.at_ms, MOST as i64 + 9);
        let mut last = i64::MAX;
        for _ in 0..MOST - 2 {
            last = queue.next().await.at_ms;
        }
        assert_eq!(last, 11);
    }

    #[tokio::test]
    async fn two_who_wait_both_get_one() {
        let queue = std::sync::Arc::new(Queue::default());
        let waiting = [std::sync::Arc::clone(&queue), std::sync::Arc::clone(&queue)];
        let waiting = waiting.map(|queue| tokio::spawn(async move { queue.next().await.at_ms }));
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
