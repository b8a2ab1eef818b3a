//! The open stream: server-sent events, understood one by one. They are read while those before them are being stored, and
//! entries that have come behind each other are given out together: whoever stores them is slower than a burst, and one
//! commit for many keeps up with it.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use baton_protocol::entry::Entry;
use baton_protocol::stream::StreamEvent;
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use sse_stream::SseStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio::task::JoinHandle;

use super::RelayError;
use super::client::unreachable;

type Events = Pin<Box<dyn Stream<Item = Result<sse_stream::Sse, String>> + Send>>;
type Came = (Result<StreamEvent, RelayError>, OwnedSemaphorePermit);

/// So many entries are given out together; one event of the relay alone may bring more.
const MOST_TOGETHER: usize = 500;

/// So many entries are read ahead of whoever takes them. The relay waits with more, so that a burst is not all in memory.
const READ_AHEAD: u32 = 500;

/// The events of one open stream, in order.
pub struct EventStream {
    came: mpsc::UnboundedReceiver<Came>,
    reading: JoinHandle<()>,
    /// What came behind entries and does not go with them.
    behind: Option<Result<StreamEvent, RelayError>>,
}

impl Drop for EventStream {
    fn drop(&mut self) {
        // The connection goes with it.
        self.reading.abort();
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventStream")
    }
}

impl EventStream {
    pub(super) fn new(response: reqwest::Response) -> Self {
        let bytes = response
            .bytes_stream()
            .map(|chunk| chunk.map_err(|error| std::io::Error::other(unreachable(error).to_string())));
        Self::of_bytes(bytes)
    }

    fn of_bytes(bytes: impl Stream<Item = std::io::Result<Bytes>> + Send + 'static) -> Self {
        let events =
            SseStream::from_bytes_stream(bytes).map(|event| event.map_err(|error| error.to_string()));
        // The room, not the channel, holds the reader back: an event may bring one entry or hundreds.
        let (sender, came) = mpsc::unbounded_channel();
        let reading = tokio::spawn(read(Box::pin(events), sender));
        Self { came, reading, behind: None }
    }

    /// The next event. A comment or an event without a name is passed over. Entries of one log that have come without a gap
    /// behind those of this event are with them. Whoever stops waiting for it loses nothing.
    ///
    /// # Errors
    /// [`RelayError::Unreachable`] when the stream ended or cannot be read; open a new one.
    pub async fn next(&mut self) -> Result<StreamEvent, RelayError> {
        let event = match self.behind.take() {
            Some(event) => event?,
            None => self.came.recv().await.map_or_else(|| Err(ended()), |(event, _)| event)?,
        };
        let StreamEvent::Entries(mut entries) = event else { return Ok(event) };
        while entries.len() < MOST_TOGETHER {
            let Ok((next, _)) = self.came.try_recv() else { break };
            match next {
                Ok(StreamEvent::Entries(more)) if goes_on(&entries, &more) => entries.extend(more),
                other => {
                    self.behind = Some(other);
                    break;
                }
            }
        }
        Ok(StreamEvent::Entries(entries))
    }
}

/// Reads what comes, as far ahead as there is room for, until the stream ends or nobody takes it any more.
async fn read(mut events: Events, sender: mpsc::UnboundedSender<Came>) {
    let room = Arc::new(Semaphore::new(READ_AHEAD as usize));
    loop {
        let event = one(&mut events).await;
        let entries = match &event {
            Ok(StreamEvent::Entries(entries)) => u32::try_from(entries.len()).unwrap_or(u32::MAX),
            _ => 1,
        };
        let is_over = event.is_err();
        let Ok(place) = Arc::clone(&room).acquire_many_owned(entries.clamp(1, READ_AHEAD)).await else {
            return;
        };
        if sender.send((event, place)).is_err() || is_over {
            return;
        }
    }
}

async fn one(events: &mut Events) -> Result<StreamEvent, RelayError> {
    loop {
        let event = match events.next().await {
            Some(Ok(event)) => event,
            Some(Err(why)) => return Err(RelayError::Unreachable(why)),
            None => return Err(ended()),
        };
        let (Some(name), Some(data)) = (event.event, event.data) else {
            continue;
        };
        return StreamEvent::parse(&name, &data).map_err(|error| {
            // The text of the JSON error may quote a customer; its place is enough.
            RelayError::Unreachable(format!("event {name} unreadable at column {}", error.column()))
        });
    }
}

fn ended() -> RelayError {
    RelayError::Unreachable("the stream ended".to_owned())
}

/// Whether entries are those of the same log right behind others.
fn goes_on(entries: &[Entry], more: &[Entry]) -> bool {
    let Some((last, next)) = entries.last().zip(more.first()) else { return false };
    last.log == next.log && last.seq.checked_add(1) == Some(next.seq)
}

#[cfg(test)]
mod tests {
    use baton_protocol::entry::EntryKind;
    use baton_protocol::{AccountId, LogName};
    use futures_util::{FutureExt as _, stream};
    use serde_json::value::RawValue;

    use super::*;

    const TEA: &str = "104500000000011";
    const COFFEE: &str = "104500000000022";

    fn entry(account: &str, seq: u64) -> Entry {
        Entry {
            log: LogName::Account(AccountId::from(account)),
            seq,
            at_ms: 1,
            kind: EntryKind::Team,
            key: format!("team:{seq}"),
            body: RawValue::from_string("{}".to_owned()).unwrap(),
            chain: String::new(),
        }
    }

    fn entries(account: &str, seqs: &[u64]) -> StreamEvent {
        StreamEvent::Entries(seqs.iter().map(|seq| entry(account, *seq)).collect())
    }

    fn written(events: &[StreamEvent]) -> Bytes {
        let one =
            |event: &StreamEvent| format!("event: {}\ndata: {}\n\n", event.name(), event.data().unwrap());
        events.iter().map(one).collect::<String>().into()
    }

    fn told(event: &StreamEvent) -> String {
        format!("{} {}", event.name(), event.data().unwrap())
    }

    /// Lets everything come that can.
    async fn come(events: &EventStream) {
        let mut before = usize::MAX;
        while events.came.len() != before {
            before = events.came.len();
            for _ in 0..10 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// What is given out, until the stream ends.
    async fn given(mut events: EventStream) -> Vec<StreamEvent> {
        let mut given = Vec::new();
        come(&events).await;
        while let Ok(event) = events.next().await {
            given.push(event);
            come(&events).await;
        }
        given
    }

    #[tokio::test]
    async fn entries_that_have_come_go_together_and_nothing_is_passed_over() {
        let other = || StreamEvent::Revoked;
        let came = written(&[
            entries(TEA, &[1, 2]),
            entries(TEA, &[3]),
            entries(COFFEE, &[4]),
            entries(TEA, &[4]),
            other(),
            entries(TEA, &[5]),
            // A hole is to be seen as one.
            entries(TEA, &[7]),
            entries(TEA, &[8]),
        ]);
        let came = EventStream::of_bytes(stream::iter([Ok(came)]));
        let expected = [
            entries(TEA, &[1, 2, 3]),
            entries(COFFEE, &[4]),
            entries(TEA, &[4]),
            other(),
            entries(TEA, &[5]),
            entries(TEA, &[7, 8]),
        ];
        let given: Vec<String> = given(came).await.iter().map(told).collect();
        assert_eq!(given, expected.iter().map(told).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn what_has_not_come_is_not_waited_for() {
        let first = stream::iter([Ok(written(&[entries(TEA, &[1])]))]);
        let mut events = EventStream::of_bytes(first.chain(stream::pending()));
        assert_eq!(told(&events.next().await.unwrap()), told(&entries(TEA, &[1])));
        assert!(events.next().now_or_never().is_none());
    }

    #[tokio::test]
    async fn not_more_go_together_than_a_commit_should_take() {
        let all: Vec<StreamEvent> = (1..=1_200).map(|seq| entries(TEA, &[seq])).collect();
        let events = EventStream::of_bytes(stream::iter([Ok(written(&all))]));
        let lengths: Vec<usize> = given(events)
            .await
            .iter()
            .map(|event| match event {
                StreamEvent::Entries(entries) => entries.len(),
                _ => 0,
            })
            .collect();
        assert_eq!(lengths, [500, 500, 200]);
    }

    #[tokio::test]
    async fn no_more_is_read_than_there_is_room_for() {
        let events: Vec<Bytes> = (1..=100_u64)
            .map(|event| written(&[entries(TEA, &(event * 100 - 99..=event * 100).collect::<Vec<_>>())]))
            .collect();
        let read = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = Arc::clone(&read);
        let bytes = stream::iter(events).map(move |bytes| {
            counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok(bytes)
        });
        let mut events = EventStream::of_bytes(bytes);
        come(&events).await;
        let first = read.load(std::sync::atomic::Ordering::SeqCst);
        assert!((5..=7).contains(&first), "{first} events were read for five that there is room for");
        assert!(events.next().await.is_ok());
        come(&events).await;
        let then = read.load(std::sync::atomic::Ordering::SeqCst);
        assert_eq!(then - first, 5, "what was taken made room");
    }

    #[tokio::test]
    async fn the_end_behind_entries_is_told_after_them() {
        let came = stream::iter([Ok(written(&[entries(TEA, &[1])])), Err(std::io::Error::other("cut"))]);
        let mut events = EventStream::of_bytes(came);
        assert_eq!(told(&events.next().await.unwrap()), told(&entries(TEA, &[1])));
        assert!(events.next().await.is_err());
    }
}
