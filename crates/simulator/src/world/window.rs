//! When something may be sent (docs/meta.md 4.3). Written from that page, not from our own policy.
//!
//! ```text
//!  the customer's last opening act      +24 h                        +7 d
//!  ├──── RESPONSE, UPDATE, HUMAN_AGENT* ──┼──── HUMAN_AGENT* only ─────┼──── nothing
//!                                   * only with the Human Agent feature approved
//! ```

use baton_messenger::Platform;

use super::account::Account;
use super::refusals::Refusal;
use super::thread::{Manner, Thread};
use crate::clock::DAY_MS;

const HUMAN_AGENT_MS: i64 = 7 * DAY_MS;

/// Whether the 24-hour window is open at `now_ms`.
pub(crate) fn is_open(thread: &Thread, now_ms: i64) -> bool {
    is_within(thread, now_ms, DAY_MS)
}

/// Refuses a message whose kind is not allowed now.
pub(crate) fn check(account: &Account, thread: &Thread, manner: &Manner, now_ms: i64) -> Result<(), Refusal> {
    let within = |span_ms| within(account, thread, now_ms, span_ms);
    match (manner.messaging_type.as_str(), manner.tag.as_deref()) {
        ("RESPONSE" | "UPDATE", None) => within(DAY_MS),
        ("MESSAGE_TAG", Some("HUMAN_AGENT")) if account.switches.has_human_agent => within(HUMAN_AGENT_MS),
        ("MESSAGE_TAG", Some("HUMAN_AGENT")) => Err(Refusal::of("feature_missing")),
        ("MESSAGE_TAG", Some(_)) => Err(Refusal::of("tag_retired")),
        ("MESSAGE_TAG", None) => Err(Refusal::bad_parameter("messaging_type MESSAGE_TAG needs a tag.")),
        ("RESPONSE" | "UPDATE", Some(_)) => {
            Err(Refusal::bad_parameter("A tag needs messaging_type MESSAGE_TAG."))
        }
        (other, _) => Err(Refusal::bad_parameter(format!("messaging_type {other} is not supported here."))),
    }
}

fn within(account: &Account, thread: &Thread, now_ms: i64, span_ms: i64) -> Result<(), Refusal> {
    if is_within(thread, now_ms, span_ms) {
        return Ok(());
    }
    Err(Refusal::of(match account.platform {
        Platform::Messenger => "window_closed_messenger",
        Platform::Instagram => "window_closed_instagram",
    }))
}

fn is_within(thread: &Thread, now_ms: i64, span_ms: i64) -> bool {
    thread.window_opened_ms.is_some_and(|opened_ms| now_ms - opened_ms < span_ms)
}
