//! A look at the conversation for a part of which nobody knows whether it arrived.
//!
//! Graph does not give our metadata back here, and neither does an echo on Instagram, so a message counts as the part only
//! when it is the one candidate: from the account, with the same text or with nothing but one file of the same kind, said
//! since the press of *Send*, and not known to be anything else. Graph is asked not before 5 s after the end that was
//! unclear, and at most once in 30 s per thread; an echo that is here already is seen at once. Sending again is offered after that:
//! once nothing was found or several fit, or while Graph cannot be asked. What was closed before that is looked for when
//! somebody sends it again.

use baton_graph::{CallError, Urgency};
use baton_messenger::answer::{AttachedFile, ConversationMessage};
use baton_messenger::limits::MESSAGES_WITH_DETAILS;
use baton_messenger::send::FileKind;
use baton_messenger::{AccountId, Mid, Platform};

use super::lane::Lane;
use super::machine::{Event, State};
use super::state_of;
use super::written::is_for_a_slot;
use crate::desk::inner::{Inner, lock};
use crate::store::{PartRow, StoreError};

/// How long after an unclear end the echo alone is given a chance, milliseconds.
pub(super) const NOT_BEFORE_MS: i64 = 5_000;
/// Between two looks at one thread, milliseconds.
const BETWEEN_MS: i64 = 30_000;
/// Graph tells whole seconds, and clocks differ a little.
const SLACK_MS: i64 = 5_000;

impl Lane<'_> {
    /// Looks, if it is time and nobody looked yet.
    pub(super) async fn look(&self, part: &PartRow) -> Result<(), StoreError> {
        if let Some((mid, at_ms)) = self.inner.nameless_echo(part).await? {
            return self.happen(part, Event::Proved { mid, at_ms: Some(at_ms) }).await;
        }
        if !matches!(state_of(part)?, State::Unknown { looked: false, .. }) {
            self.outbox.wait(part.thread, BETWEEN_MS);
            return Ok(());
        }
        if let Some(in_ms) = self.not_yet(part) {
            self.outbox.wait(part.thread, in_ms);
            return Ok(());
        }
        if let Some(error) = self.ask_meta(part).await? {
            self.outbox.wait(part.thread, error.wait_ms().unwrap_or(0).max(BETWEEN_MS));
        }
        Ok(())
    }

    /// Looks for a part that was closed before anybody looked, because it is to be sent again. Nothing happens while it is
    /// too early.
    pub(super) async fn look_at_closed(&self, part: &PartRow) -> Result<(), StoreError> {
        if let Some((mid, at_ms)) = self.inner.nameless_echo(part).await? {
            return self.happen(part, Event::Proved { mid, at_ms: Some(at_ms) }).await;
        }
        if self.not_yet(part).is_none() {
            self.ask_meta(part).await?;
        }
        Ok(())
    }

    /// How long until Meta may be asked, milliseconds; none when it may be now.
    fn not_yet(&self, part: &PartRow) -> Option<i64> {
        let since_ms = self.inner.wall_ms().saturating_sub(part.updated_ms);
        if (0..NOT_BEFORE_MS).contains(&since_ms) {
            return Some(NOT_BEFORE_MS - since_ms);
        }
        let now = self.inner.boot_ms();
        let last = lock(&self.outbox.looked).get(&part.thread).copied();
        last.map(|last| last + BETWEEN_MS - now).filter(|in_ms| *in_ms > 0)
    }

    /// Asks Meta, and lets the part know. Returns why Meta could not be asked.
    async fn ask_meta(&self, part: &PartRow) -> Result<Option<CallError>, StoreError> {
        lock(&self.outbox.looked).insert(part.thread, self.inner.boot_ms());
        let error = match self.read(part).await? {
            Ok(found) => {
                self.happen(part, found).await?;
                return Ok(None);
            }
            Err(error) => error,
        };
        tracing::info!(%error, "the conversation could not be looked at");
        // A slot is free again by the next look: until then nothing is known, and the agent waits for that.
        if !matches!(&error, CallError::HeldBack(hold) if is_for_a_slot(hold)) {
            self.happen(part, Event::LookFailed).await?;
        }
        Ok(Some(error))
    }

    /// What the conversation tells of the part.
    async fn read(&self, part: &PartRow) -> Result<Result<Event, CallError>, StoreError> {
        let way = self.way(part).await?;
        let account = &way.thread.key.account;
        let Some(credentials) = self.inner.credentials(account).await else {
            return Ok(Err(baton_graph::NotBegun::TokenUnusable.into()));
        };
        let page = self.inner.page_of(account).await?;
        let graph = self.inner.graph().urgent(Urgency::Settling);
        let (platform, customer) = (way.thread.channel(), &way.thread.key.customer);
        let newest =
            graph.newest_messages(&credentials, &page, platform, customer, MESSAGES_WITH_DETAILS).await;
        let newest = match newest {
            Ok(newest) => newest,
            Err(error) => return Ok(Err(error)),
        };
        let pressed_ms = self.inner.pressed_in_metas_time(part);
        let file = self.inner.file_kind(part, platform).await?;
        let mut candidates = Vec::new();
        for message in newest.iter().filter(|message| could_be(message, part, file, account, pressed_ms)) {
            if let Some(mid) = &message.id
                && !self.inner.store.is_known_as_another(mid, part.key).await?
            {
                candidates.push((mid.clone(), message.created_ms));
            }
        }
        let several_fit = candidates.len() > 1;
        Ok(Ok(match candidates.pop() {
            Some((mid, at_ms)) if !several_fit => Event::Proved { mid, at_ms },
            _ => Event::LookedInVain { several_fit },
        }))
    }
}

impl Inner {
    /// On Instagram an echo brings no metadata back (docs/meta.md 2.7): the one that fits alone is the part's.
    pub(crate) async fn nameless_echo(&self, part: &PartRow) -> Result<Option<(Mid, i64)>, StoreError> {
        let thread = self.thread(part.thread).await?;
        if thread.channel() != Platform::Instagram {
            return Ok(None);
        }
        let file = self.file_kind(part, thread.channel()).await?;
        self.store.nameless_echo_of(part.key, file, self.pressed_in_metas_time(part)).await
    }

    /// What a part's file is sent as; none for a text.
    async fn file_kind(&self, part: &PartRow, platform: Platform) -> Result<Option<FileKind>, StoreError> {
        let Some(id) = part.file else { return Ok(None) };
        let file = self.store.own_file(id).await?;
        Ok(file.map(|file| FileKind::of_mime(platform, &file.kept.facts.mime).unwrap_or(FileKind::File)))
    }

    fn pressed_in_metas_time(&self, part: &PartRow) -> i64 {
        let ago_ms = self.wall_ms().saturating_sub(part.created_ms).max(0);
        self.meta_now().ms.saturating_sub(ago_ms).saturating_sub(SLACK_MS)
    }
}

fn could_be(
    message: &ConversationMessage,
    part: &PartRow,
    file: Option<FileKind>,
    account: &AccountId,
    since_ms: i64,
) -> bool {
    message.is_from_account(account) == Some(true)
        && says(message, &part.text, file)
        && message.created_ms.is_some_and(|created_ms| created_ms >= since_ms)
}

/// Whether a message says what a part says: its text, or nothing but one file of its kind.
pub(crate) fn says(message: &ConversationMessage, text: &str, file: Option<FileKind>) -> bool {
    let said = message.text.as_deref().unwrap_or_default();
    let Some(kind) = file else { return !text.is_empty() && said == text };
    let [attached] = message.attachments.as_slice() else { return false };
    said.is_empty() && message.shares.is_empty() && message.sticker.is_none() && kind_of(attached) == kind
}

/// What a file of the conversation was sent as. Graph says so with the field that it stands in, else by its type.
fn kind_of(attached: &AttachedFile) -> FileKind {
    let mime = attached.mime_type.as_deref().unwrap_or_default();
    if attached.video_data.is_some() || mime.starts_with("video/") {
        FileKind::Video
    } else if attached.image_data.is_some() || mime.starts_with("image/") {
        FileKind::Image
    } else if mime.starts_with("audio/") {
        FileKind::Audio
    } else {
        FileKind::File
    }
}
