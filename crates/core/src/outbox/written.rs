//! A reply that waited leaves only if the customer has not written since, as far as that can be known.
//!
//! The relay's grant holds a reply back for every word that the log has. What Meta could not deliver while the relay was
//! away is not there yet: Meta repeats it later. So once, before the grant of a part that waited while the relay was away, or
//! since a run before, the newest messages of the conversation are read.
//!
//! ```text
//!   waited ──▶ read ──┬─ an unknown message of the customer ──▶ returned (customer wrote)
//!              ▲      ├─ none, or Meta cannot tell ──▶ grant
//!              └──────┴─ no slot yet, a few times ──▶ waits on
//! ```

use std::time::Duration;

use baton_graph::{CallError, Hold, HoldReason, NotBegun, Urgency};
use baton_messenger::answer::ConversationMessage;
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::{AccountId, Mid};

use super::lane::{Lane, Way};
use super::machine::{Event, State, Wait, has_ended};
use super::run::Outbox;
use super::state_of;
use crate::desk::inner::lock;
use crate::store::{MessageRow, PartRow, PartStateName, StoreError};

/// A look serves all parts of a thread for so long, milliseconds of the boot clock.
const SERVES_MS: i64 = 10_000;
/// How long a look may take, its wait for a slot ([`Urgency::patience_ms`]) with it. A reply is not kept back for longer by a
/// Meta that does not tell.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a part waits on for want of a slot.
const MOST_TRIES: u8 = 5;

/// Whether a part in this state came to wait because the relay was away: only then can the log lack what Meta had to bring.
fn waits(state: &State) -> bool {
    matches!(state, State::Queued { wait: Some(Wait::Relay), .. })
}

impl Outbox {
    /// The relay was away for long: whatever waits in the outbox, for it or for something else, has to be looked at.
    pub(crate) async fn relay_was_away(&self) -> Result<(), StoreError> {
        let queued = self.inner.store.parts_in(&[PartStateName::Queued]).await?;
        lock(&self.waited).extend(queued.iter().map(|part| (part.key, 0)));
        Ok(())
    }

    /// Remembers that a part waits, until it was looked for what the customer said meanwhile, or the part came to its end.
    pub(super) fn moved_to(&self, part: &PartRow) {
        let Ok(state) = state_of(part) else { return };
        let mut waited = lock(&self.waited);
        if waits(&state) {
            waited.entry(part.key).or_default();
        } else if has_ended(&state) {
            waited.remove(&part.key);
        }
    }
}

impl Lane<'_> {
    /// What keeps a part that waited from being granted now; none for one that did not wait.
    pub(super) async fn written_meanwhile(&self, part: &PartRow) -> Result<Option<Event>, StoreError> {
        let Some(tries) = lock(&self.outbox.waited).get(&part.key).copied() else { return Ok(None) };
        let now = self.inner.boot_ms();
        let last = lock(&self.outbox.words_read).get(&part.thread).copied();
        if last.is_some_and(|last| now.saturating_sub(last) < SERVES_MS) {
            lock(&self.outbox.waited).remove(&part.key);
            return Ok(None);
        }
        let way = self.way(part).await?;
        let read = match tokio::time::timeout(PATIENCE, self.newest(&way)).await {
            Ok(read) => read?,
            Err(_) => Err(CallError::Lost(baton_graph::Unknown::TimedOut)),
        };
        match read {
            Err(CallError::HeldBack(hold)) if is_for_a_slot(&hold) && tries < MOST_TRIES => {
                lock(&self.outbox.waited).insert(part.key, tries + 1);
                return Ok(Some(Event::RelayAway));
            }
            Err(error) => {
                tracing::info!(%error, "whether a customer wrote while a reply waited is not known");
            }
            Ok(newest) => {
                lock(&self.outbox.words_read).insert(part.thread, now);
                if self.has_news(&way, &newest).await? {
                    lock(&self.outbox.waited).remove(&part.key);
                    // What Meta did not bring is read.
                    self.inner.history.look_soon([way.thread.key.account]);
                    return Ok(Some(Event::CustomerWrote));
                }
            }
        }
        lock(&self.outbox.waited).remove(&part.key);
        Ok(None)
    }

    async fn newest(&self, way: &Way) -> Result<Result<Vec<ConversationMessage>, CallError>, StoreError> {
        let account = &way.thread.key.account;
        let Some(credentials) = self.inner.credentials(account).await else {
            return Ok(Err(NotBegun::TokenUnusable.into()));
        };
        let page = self.inner.page_of(account).await?;
        let graph = self.inner.graph().urgent(Urgency::Opening);
        let (platform, customer) = (way.thread.channel(), &way.thread.key.customer);
        Ok(graph.newest_messages(&credentials, &page, platform, customer, MESSAGES_WITH_DETAILS).await)
    }

    /// Whether the customer said something that is not here, that the reply's author had not read from Meta either, and that
    /// is no older than what opened the window last.
    async fn has_news(&self, way: &Way, newest: &[ConversationMessage]) -> Result<bool, StoreError> {
        let known_ms = way.thread.last_opening_ms.unwrap_or(i64::MIN);
        let account = &way.thread.key.account;
        let said: Vec<&ConversationMessage> =
            newest.iter().filter(|message| is_new(message, account, known_ms)).collect();
        if said.is_empty() {
            return Ok(false);
        }
        let mids: Vec<&Mid> = said.iter().filter_map(|message| message.id.as_ref()).collect();
        let known = self.inner.store.known_messages(&way.thread.key, &mids).await?;
        let most = u32::try_from(MESSAGES_WITH_DETAILS).unwrap_or(u32::MAX);
        let here = self.inner.store.messages(way.thread.id, None, most).await?;
        let read = self.inner.from_meta.seen_by(way.part.reply);
        let is_known = |message: &ConversationMessage| {
            message.id.as_ref().is_some_and(|mid| known.contains(mid) || read.contains(mid))
                || here.iter().any(|row| is_the_same(row, message))
        };
        Ok(said.into_iter().any(|message| !is_known(message)))
    }
}

/// Those that mean that the team's slots are taken now, and not that Meta wants no reads for long.
pub(super) fn is_for_a_slot(hold: &Hold) -> bool {
    matches!(hold.why, HoldReason::Slot | HoldReason::NoSlots(_) | HoldReason::SendFirst)
}

/// Graph tells whole seconds.
fn is_new(message: &ConversationMessage, account: &AccountId, known_ms: i64) -> bool {
    message.is_from_account(account) == Some(false)
        && message.created_ms.is_some_and(|created_ms| created_ms / 1000 >= known_ms / 1000)
}

/// On Instagram nobody confirmed that Graph and the webhook call a message the same (docs/meta.md 3.2).
fn is_the_same(row: &MessageRow, message: &ConversationMessage) -> bool {
    let text = message.text.as_deref().filter(|text| !text.is_empty());
    row.inbound
        && message.created_ms.is_some_and(|created_ms| created_ms / 1000 == row.place.at_ms / 1000)
        && row.text.as_deref() == text
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use serde_json::json;

    use super::*;

    const ACCOUNT: &str = "104500000000011";
    const KNOWN: i64 = 1_791_190_800_400;

    #[rstest]
    #[case::older("2026-10-05T08:59:59+0000", "1", false)]
    #[case::in_the_same_second("2026-10-05T09:00:00+0000", "1", true)]
    #[case::newer("2026-10-05T09:00:07+0000", "1", true)]
    #[case::ours("2026-10-05T09:00:07+0000", ACCOUNT, false)]
    fn only_what_the_customer_said_since_counts(
        #[case] created: &str,
        #[case] from: &str,
        #[case] counts: bool,
    ) {
        let message = json!({ "id": "m_1", "created_time": created, "from": { "id": from } });
        let message: ConversationMessage = serde_json::from_value(message).unwrap();
        assert_eq!(is_new(&message, &ACCOUNT.into(), KNOWN), counts);
    }

    #[test]
    fn only_what_waited_for_the_relay_is_looked_at_for_that_alone() {
        let queued = |wait| State::Queued { asked: true, wait };
        for wait in [None, Some(Wait::Upload), Some(Wait::Network), Some(Wait::Limit { until_ms: 1 })] {
            assert!(!waits(&queued(wait)));
        }
        assert!(!waits(&State::Sending));
        assert!(waits(&queued(Some(Wait::Relay))));
    }
}
