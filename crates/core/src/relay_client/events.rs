//! The open stream: server-sent events, understood one by one.

use std::fmt;
use std::pin::Pin;

use baton_protocol::stream::StreamEvent;
use futures_util::{Stream, StreamExt};
use sse_stream::SseStream;

use super::RelayError;
use super::client::unreachable;

type Events = Pin<Box<dyn Stream<Item = Result<sse_stream::Sse, String>> + Send>>;

/// The events of one open stream, in order.
pub struct EventStream {
    events: Events,
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
        let events =
            SseStream::from_bytes_stream(bytes).map(|event| event.map_err(|error| error.to_string()));
        Self { events: Box::pin(events) }
    }

    /// The next event. A comment or an event without a name is passed over.
    ///
    /// # Errors
    /// [`RelayError::Unreachable`] when the stream ended or cannot be read; open a new one.
    pub async fn next(&mut self) -> Result<StreamEvent, RelayError> {
        loop {
            let event = match self.events.next().await {
                Some(Ok(event)) => event,
                Some(Err(why)) => return Err(RelayError::Unreachable(why)),
                None => return Err(RelayError::Unreachable("the stream ended".to_owned())),
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
}
