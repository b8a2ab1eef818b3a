//! The loop around [`super::saying`]: says what is due, and tells the page when the agent went away by themselves.

use std::sync::Arc;

use baton_protocol::presence::PresenceSaid;

use super::saying::Event;
use crate::clock::until_boot;
use crate::desk::inner::{Inner, lock};

/// Runs until the desk stops.
pub(crate) async fn run(inner: Arc<Inner>) {
    let mut shown = lock(&inner.presence.saying).state(inner.boot_ms());
    loop {
        let now_ms = inner.boot_ms();
        let (state, said, next_ms) = {
            let mut saying = lock(&inner.presence.saying);
            let said = saying.say(now_ms);
            (saying.state(now_ms), said, saying.look_again_ms(now_ms))
        };
        if state != shown {
            shown = state;
            inner.notices.presence();
        }
        let due = async {
            if let Some(said) = &said {
                return tell(&inner, said).await;
            }
            let time = async {
                match next_ms {
                    Some(at_ms) => until_boot(&*inner.clock, at_ms).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = inner.presence.wake.notified() => {}
                () = time => {}
            }
        };
        tokio::select! {
            () = inner.stop.cancelled() => return,
            () = due => {}
        }
    }
}

async fn tell(inner: &Inner, said: &PresenceSaid) {
    let Some(relay) = inner.relay() else { return };
    if let Err(error) = relay.say_presence(said).await {
        tracing::debug!(%error, "the relay was not told who is there");
        inner.presence.happens(Event::NotTaken, inner.boot_ms());
    }
}
