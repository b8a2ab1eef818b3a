//! A look at the conversation for a part of which nobody knows whether it arrived.
//!
//! Graph does not give our metadata back here, so a message counts as the part only when it is the one candidate: from
//! the account, with the same text, said since the press of *Send*, and not known to be anything else. Not before 5 s
//! after the end that was unclear, and at most once in 30 s per thread.

use baton_graph::{CallError, Credentials};
use baton_messenger::answer::ConversationMessage;
use baton_messenger::{AccountId, Mid};

use super::lane::{Lane, Way};
use super::machine::{Event, State};
use super::state_of;
use crate::desk::inner::lock;
use crate::store::{PartRow, StoreError};

/// How long after an unclear end the echo alone is given a chance, milliseconds.
pub(super) const NOT_BEFORE_MS: i64 = 5_000;
/// Between two looks at one thread, milliseconds.
const BETWEEN_MS: i64 = 30_000;
/// Graph tells whole seconds, and clocks differ a little.
const SLACK_MS: i64 = 5_000;
/// How many of the newest messages are looked at.
const NEWEST: u32 = 20;

impl Lane<'_> {
    /// Looks, if it is time and nobody looked yet.
    pub(super) async fn look(&self, part: &PartRow) -> Result<(), StoreError> {
        if !matches!(state_of(part)?, State::Unknown { looked: false, .. }) {
            self.outbox.wait(part.thread, BETWEEN_MS);
            return Ok(());
        }
        let since_ms = self.inner.wall_ms().saturating_sub(part.updated_ms);
        if (0..NOT_BEFORE_MS).contains(&since_ms) {
            self.outbox.wait(part.thread, NOT_BEFORE_MS - since_ms);
            return Ok(());
        }
        let now = self.inner.boot_ms();
        let last = lock(&self.outbox.looked).get(&part.thread).copied();
        if let Some(again) = last.map(|last| last + BETWEEN_MS).filter(|again| *again > now) {
            self.outbox.wait(part.thread, again - now);
            return Ok(());
        }
        lock(&self.outbox.looked).insert(part.thread, now);
        match self.read(part).await? {
            Ok(Some((mid, at_ms))) => self.happen(part, Event::Proved { mid, at_ms }).await,
            Ok(None) => self.happen(part, Event::LookedInVain).await,
            Err(error) => {
                tracing::info!(%error, "the conversation could not be looked at");
                self.outbox.wait(part.thread, BETWEEN_MS);
                Ok(())
            }
        }
    }

    async fn read(
        &self,
        part: &PartRow,
    ) -> Result<Result<Option<(Mid, Option<i64>)>, CallError>, StoreError> {
        let way = self.way(part).await?;
        let account = &way.thread.key.account;
        let token = self.inner.tokens.of(account).await;
        let Some(token) = token.usable() else {
            return Ok(Err(baton_graph::NotBegun::TokenUnusable.into()));
        };
        let page = self.inner.page_of(account).await?;
        let newest = match self.newest(&way, &page, &Credentials::of(token)).await {
            Ok(newest) => newest,
            Err(error) => return Ok(Err(error)),
        };
        let pressed_ms = self.pressed_in_metas_time(part);
        let mut candidates = Vec::new();
        for message in newest.iter().filter(|message| could_be(message, part, account, pressed_ms)) {
            if let Some(mid) = &message.id
                && !self.inner.store.is_known_as_another(mid, part.key).await?
            {
                candidates.push((mid.clone(), message.created_ms));
            }
        }
        Ok(Ok(if candidates.len() == 1 { candidates.pop() } else { None }))
    }

    async fn newest(
        &self,
        way: &Way,
        page: &AccountId,
        credentials: &Credentials,
    ) -> Result<Vec<ConversationMessage>, CallError> {
        let (graph, customer) = (self.inner.graph(), &way.thread.key.customer);
        let found = graph.conversation_with(credentials, page, way.thread.channel(), customer, "id").await?;
        let Some(conversation) = found.and_then(|conversation| conversation.id) else {
            return Ok(Vec::new());
        };
        Ok(graph.messages(credentials, &conversation, None, NEWEST).await?.data)
    }

    fn pressed_in_metas_time(&self, part: &PartRow) -> i64 {
        let ago_ms = self.inner.wall_ms().saturating_sub(part.created_ms).max(0);
        self.inner.meta_now().ms.saturating_sub(ago_ms).saturating_sub(SLACK_MS)
    }
}

fn could_be(message: &ConversationMessage, part: &PartRow, account: &AccountId, since_ms: i64) -> bool {
    message.is_from_account(account) == Some(true)
        && message.text.as_deref() == Some(part.text.as_str())
        && message.created_ms.is_some_and(|created_ms| created_ms >= since_ms)
}
