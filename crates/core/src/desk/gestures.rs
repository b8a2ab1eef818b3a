//! What an agent shows the customer without a message: that somebody writes, that everything was read, a reaction.
//!
//! Nothing of it goes where no reply could go: another app holds the thread, the customer is blocked, there is no token, or
//! the time to answer is over. Typing and *seen* by themselves are best effort; what the agent does by hand fails in words.
//!
//! With a reply the customer is shown *seen* once a part of it was sent, and not by the press: until then it can be taken back,
//! and the thread may still be another app's.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_graph::CallError;
use baton_messenger::policy::{Verdict, decide};
use baton_messenger::send::{ReactionName, SenderActionBody};
use baton_messenger::{Mid, Platform, Words};
use baton_protocol::LogName;
use baton_protocol::account::HumanAgentRight;
use baton_protocol::command::Command;

use super::composer::policy_facts;
use super::inner::{Inner, lock};
use super::{Desk, DeskError};
use crate::by_hand;
use crate::control::{Permit, may_send};
use crate::store::{PartRow, StoreError, ThreadId, ThreadRow};

/// Where the page keeps when customers are shown that they were read: a text in JSON.
const SEEN_SETTING: &str = "page/markSeen";
/// With a reply. It is the page's choice where nobody chose.
const SEEN_ON_REPLY: &str = "\"onReply\"";
/// Meta shows typing for up to 20 s; so often it is said again while somebody goes on, milliseconds.
const TYPING_AGAIN_MS: i64 = 12_000;
/// After so long Meta shows it no more by itself, milliseconds.
const TYPING_SHOWN_MS: i64 = 20_000;

/// What the customer was shown of each thread.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// When typing was last shown, milliseconds of the boot clock.
    typing: BTreeMap<ThreadId, i64>,
    /// Seq of the customer's newest message that was marked as seen.
    seen: BTreeMap<ThreadId, u64>,
    /// The same of what is being marked now.
    seeing: BTreeMap<ThreadId, u64>,
}

/// Why the customer was not shown it.
#[derive(Debug, thiserror::Error)]
pub enum GestureError {
    /// Nothing can be sent there now either.
    #[error("nothing can be sent in this thread now")]
    NotNow(Words),
    /// What it is about is not the customer's, or is gone.
    #[error("there is no such message of the customer's")]
    NoSuchMessage,
    /// The channel has no such reaction.
    #[error("the channel has no such reaction")]
    NoSuchReaction,
    /// Meta did not do it, or gave no clear answer.
    #[error(transparent)]
    Meta(#[from] CallError),
}

impl GestureError {
    /// What the agent is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::NotNow(words) => words.clone(),
            Self::NoSuchMessage => Words::new(
                "There is nothing to react to: the message is not the customer's, or was taken back.",
                "Look at the thread again.",
            ),
            Self::NoSuchReaction => {
                Words::new("Instagram takes only the heart from a business.", "React with the heart.")
            }
            Self::Meta(CallError::Lost(_)) => Words::new(
                "Meta gave no clear answer, so it is not certain that the customer was shown this.",
                "Try again: asking twice does no harm.",
            ),
            Self::Meta(error) => by_hand::words(error),
        }
    }

    /// True when the same may work in a while.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Meta(CallError::Meta(error)) => error.is_transient,
            Self::Meta(_) => true,
            Self::NotNow(_) | Self::NoSuchMessage | Self::NoSuchReaction => false,
        }
    }
}

/// The reactions that a channel takes from a business, as characters.
#[must_use]
pub fn reactions_of(platform: Platform) -> Vec<&'static str> {
    match platform {
        Platform::Messenger => ReactionName::ALL.iter().map(|name| name.emoji()).collect(),
        Platform::Instagram => vec![ReactionName::Love.emoji()],
    }
}

impl Desk {
    /// Somebody writes in a thread, or no longer. Meta hears of it at most every 12 s, and in the background.
    pub fn types(&self, thread: ThreadId, is_typing: bool) {
        let now = self.inner.boot_ms();
        {
            let mut shown = lock(&self.inner.shown);
            let since = shown.typing.get(&thread).map(|at| now.saturating_sub(*at));
            if !is_due(is_typing, since) {
                return;
            }
            if is_typing {
                shown.typing.insert(thread, now);
            } else {
                shown.typing.remove(&thread);
            }
        }
        let inner = Arc::clone(&self.inner);
        in_background(&self.inner, async move {
            let row = inner.thread(thread).await?;
            let customer = &row.key.customer;
            let body = if is_typing {
                SenderActionBody::typing_on(customer)
            } else {
                SenderActionBody::typing_off(customer)
            };
            inner.show(&row, &body).await
        });
    }

    /// Shows the customer that everything so far was read, in the background; once for what is there. What fails is tried
    /// again when it is asked for again.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn mark_seen_by_itself(&self, thread: ThreadId) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        let inner = Arc::clone(&self.inner);
        in_background(&self.inner, async move { inner.see(&row).await });
        Ok(())
    }

    /// The same by hand, now.
    ///
    /// # Errors
    /// [`DeskError::Gesture`].
    pub async fn mark_seen(&self, thread: ThreadId) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        self.inner.show(&row, &SenderActionBody::mark_seen(&row.key.customer)).await?;
        lock(&self.inner.shown).ends_seeing(row.id, row.inbound_seq, true);
        Ok(())
    }

    /// Reacts to a message of the customer's, or takes that back. The team learns of it: Meta brings no event.
    ///
    /// # Errors
    /// [`DeskError::Gesture`]; the reaction is as before, save where Meta gave no clear answer.
    pub async fn react(&self, thread: ThreadId, mid: &Mid, emoji: Option<&str>) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        let said = self.inner.store.said(thread, mid).await?;
        said.filter(|said| said.inbound && !said.unsent).ok_or(GestureError::NoSuchMessage)?;
        let customer = &row.key.customer;
        let body = match emoji {
            None => SenderActionBody::unreact(customer, mid),
            Some(emoji) => {
                let name = ReactionName::of_emoji(emoji).ok_or(GestureError::NoSuchReaction)?;
                SenderActionBody::react(row.channel(), customer, mid, name)
                    .map_err(|_| GestureError::NoSuchReaction)?
            }
        };
        self.inner.show(&row, &body).await?;
        let command = Command::SetReaction {
            customer: customer.clone(),
            mid: mid.clone(),
            emoji: emoji.map(str::to_owned),
            at_ms: self.inner.meta_now().ms,
        };
        self.inner.tell(&LogName::Account(row.key.account.clone()), command).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }
}

/// A part was sent: its customer is shown that they were read, where this desk's agent wants that with a reply. In the
/// background; what was written after the press was not read by whoever pressed.
pub(crate) fn answered(inner: &Arc<Inner>, part: &PartRow) {
    let (desk, thread, reply) = (Arc::clone(inner), part.thread, part.reply);
    in_background(inner, async move {
        let chosen = desk.store.setting(SEEN_SETTING).await?;
        if chosen.is_some_and(|when| when != SEEN_ON_REPLY) {
            return Ok(());
        }
        let (row, reply) = tokio::try_join!(desk.thread(thread), desk.store.reply(reply))?;
        if row.inbound_seq > reply.word_seq_seen {
            return Ok(());
        }
        desk.see(&row).await
    });
}

/// Nobody waits for it, and nobody is told when it fails.
fn in_background(inner: &Inner, shows: impl Future<Output = Result<(), DeskError>> + Send + 'static) {
    let stop = inner.stop.clone();
    inner.tasks.spawn(async move {
        tokio::select! {
            () = stop.cancelled() => {}
            shown = shows => if let Err(error) = shown {
                tracing::debug!(%error, "the customer was not shown what an agent does");
            }
        }
    });
}

impl Shown {
    /// Whether everything up to `seq` is to be marked as seen; false when it was, or is being marked.
    fn begins_to_see(&mut self, thread: ThreadId, seq: u64) -> bool {
        let known = self.seen.get(&thread).max(self.seeing.get(&thread)).copied().unwrap_or(0);
        if seq <= known {
            return false;
        }
        self.seeing.insert(thread, seq);
        true
    }

    /// It was marked, or that failed.
    fn ends_seeing(&mut self, thread: ThreadId, seq: u64, is_marked: bool) {
        if self.seeing.get(&thread) == Some(&seq) {
            self.seeing.remove(&thread);
        }
        if is_marked {
            let seen = self.seen.entry(thread).or_default();
            *seen = seq.max(*seen);
        }
    }
}

/// Whether Meta has to hear of it. `since`: so long ago typing was shown last, if it was and was not ended.
fn is_due(is_typing: bool, since_ms: Option<i64>) -> bool {
    match since_ms {
        None => is_typing,
        Some(ms) if is_typing => ms >= TYPING_AGAIN_MS,
        Some(ms) => ms < TYPING_SHOWN_MS,
    }
}

impl Inner {
    /// Shows the customer that everything so far was read, once for what is there.
    async fn see(&self, row: &ThreadRow) -> Result<(), DeskError> {
        if !lock(&self.shown).begins_to_see(row.id, row.inbound_seq) {
            return Ok(());
        }
        let shown = self.show(row, &SenderActionBody::mark_seen(&row.key.customer)).await;
        lock(&self.shown).ends_seeing(row.id, row.inbound_seq, shown.is_ok());
        shown
    }

    /// Does a sender action where a reply could leave now.
    async fn show(&self, row: &ThreadRow, body: &SenderActionBody) -> Result<(), DeskError> {
        if let Some(words) = self.why_not_shown(row).await? {
            return Err(GestureError::NotNow(words).into());
        }
        let account = &row.key.account;
        let credentials = self.credentials(account).await.ok_or_else(|| GestureError::NotNow(no_token()))?;
        let page = self.page_of(account).await?;
        let done = self.graph().act(&credentials, &page, body).await;
        if let Err(error) = &done
            && error.is_dead_token()
        {
            self.token_died(account, &credentials).await?;
        }
        Ok(done.map_err(GestureError::from)?)
    }

    async fn why_not_shown(&self, row: &ThreadRow) -> Result<Option<Words>, StoreError> {
        if let Some(words) = self.blocking(row).await?.composer_words() {
            return Ok(Some(words));
        }
        let account = self.store.account(&row.key.account).await?;
        let right = account.map_or(HumanAgentRight::NotApproved, |row| row.human_agent);
        if let Verdict::Refused { reason } = decide(&policy_facts(row, right, self.meta_now())) {
            return Ok(Some(reason.agent_words()));
        }
        let facts = self.store.account_facts(&row.key.account).await?;
        Ok((may_send(&row.owner.owner, &facts) != Permit::Now).then(|| {
            Words::new(
                "Another app holds this thread, so Meta would not take this.",
                "Take control of the thread first.",
            )
        }))
    }
}

fn no_token() -> Words {
    Words::new(
        "This desk has no Page token that Meta accepts for this account, so Meta was not asked.",
        "Connect the account again, then try once more.",
    )
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::begins(true, None, true)]
    #[case::goes_on(true, Some(3_000), false)]
    #[case::goes_on_for_long(true, Some(12_000), true)]
    #[case::ends(false, Some(3_000), true)]
    #[case::ended_by_itself(false, Some(20_000), false)]
    #[case::never_began(false, None, false)]
    fn meta_hears_of_typing_as_seldom_as_can_be(
        #[case] is_typing: bool,
        #[case] since_ms: Option<i64>,
        #[case] due: bool,
    ) {
        assert_eq!(is_due(is_typing, since_ms), due);
    }

    #[test]
    fn what_is_there_is_marked_once_and_again_where_that_failed() {
        let (mut shown, mara) = (Shown::default(), ThreadId(4));
        assert!(!shown.begins_to_see(mara, 0), "she said nothing");
        assert!(shown.begins_to_see(mara, 7));
        assert!(!shown.begins_to_see(mara, 7), "it is being marked");
        shown.ends_seeing(mara, 7, false);
        assert!(shown.begins_to_see(mara, 7), "it was not marked");
        shown.ends_seeing(mara, 7, true);
        assert!(!shown.begins_to_see(mara, 7));
        assert!(shown.begins_to_see(mara, 9));
        assert!(shown.begins_to_see(ThreadId(5), 7));
    }

    #[test]
    fn a_channel_takes_its_reactions_and_no_other() {
        assert_eq!(reactions_of(Platform::Instagram), ["\u{2764}\u{fe0f}"]);
        for emoji in reactions_of(Platform::Messenger) {
            assert!(ReactionName::of_emoji(emoji).is_some(), "{emoji}");
        }
        assert_eq!(ReactionName::of_emoji("\u{1f9c3}"), None);
    }
}
