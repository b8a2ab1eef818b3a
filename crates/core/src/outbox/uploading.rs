//! Files of parts on their way to Meta, before the grant is asked for (docs/meta.md 4.5).
//!
//! An upload reaches nobody: one that was cut is made again, one that Meta has is used again while it lives. It is counted
//! while it goes out, and can be cut off by whoever takes the part back.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use baton_graph::{CallError, FileToSend, NoProof, NotBegun};
use baton_messenger::Words;
use baton_messenger::error::{ErrorClass, GraphError};
use baton_messenger::id::AttachmentId;
use baton_messenger::send::{FileKind, FileSource, UploadBody};
use tokio_util::sync::CancellationToken;

use super::lane::{Lane, Way};
use super::machine::{Effect, Event, Return, State, TURN_AGAIN, Wait, queued, returned};
use super::run::Outbox;
use super::step::Step;
use crate::desk::inner::lock;
use crate::store::{OwnFile, PartKey, PartRow, StoreError, Uploaded, upload_of};

/// How often whoever looks on is told how far an upload is, milliseconds.
const TELL_EVERY_MS: u64 = 250;

/// Why a file did not get to Meta.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotUploaded {
    /// The network, or no clear answer.
    Network,
    /// The proof that only the relay makes.
    Relay,
    /// Meta's limits.
    Throttled {
        /// Until when to wait, milliseconds of Meta's clock.
        until_ms: i64,
    },
    /// The token.
    Token,
    /// Meta refused the file.
    Refused {
        /// What Meta said.
        error: Box<GraphError>,
    },
    /// The file is not here any more, or cannot be read.
    Gone,
}

/// An upload under way.
#[derive(Clone)]
pub(super) struct Upload {
    sent: Arc<AtomicU64>,
    of: u64,
    cut: CancellationToken,
}

impl Upload {
    fn percent(&self) -> u8 {
        let sent = self.sent.load(Ordering::Relaxed).min(self.of);
        u8::try_from(sent.saturating_mul(100).checked_div(self.of).unwrap_or(100)).unwrap_or(100)
    }
}

pub(super) fn not_uploaded(why: NotUploaded) -> (State, Vec<Effect>) {
    match why {
        NotUploaded::Network => (queued(Some(Wait::Network)), vec![TURN_AGAIN]),
        NotUploaded::Relay => (queued(Some(Wait::Relay)), vec![TURN_AGAIN]),
        NotUploaded::Throttled { until_ms } => (queued(Some(Wait::Limit { until_ms })), vec![TURN_AGAIN]),
        NotUploaded::Token => (queued(Some(Wait::Token)), vec![Effect::TokenDied]),
        // It was never granted, so there is nothing to settle.
        NotUploaded::Refused { error } => (State::Refused { error, aside: false }, vec![]),
        NotUploaded::Gone => {
            let words = gone();
            returned(Return::RelayRefused { what: words.what, remedy: words.remedy })
        }
    }
}

fn gone() -> Words {
    Words::new("This was not sent: its file is not on this computer any more.", "Attach the file again.")
}

impl Outbox {
    /// How much of a part's file Meta has, per cent; none while it is not on its way there.
    pub(crate) fn uploaded_percent(&self, part: PartKey) -> Option<u8> {
        lock(&self.uploads).get(&part).map(Upload::percent)
    }

    /// The part is not to leave: what is under way of its file is cut off.
    pub(crate) fn cut_upload(&self, part: PartKey) {
        if let Some(upload) = lock(&self.uploads).get(&part) {
            upload.cut.cancel();
        }
    }
}

impl Lane<'_> {
    /// The file of a part; none for a text.
    pub(super) async fn file(&self, part: &PartRow) -> Result<Option<OwnFile>, StoreError> {
        match part.file {
            Some(id) => self.inner.store.own_file(id).await,
            None => Ok(None),
        }
    }

    /// Meta's id of the part's file, while it can be sent.
    pub(super) async fn attachment(
        &self,
        way: &Way,
        file: &OwnFile,
    ) -> Result<Option<AttachmentId>, StoreError> {
        let what = upload_of(&file.kept.media, &kind_of(way, file).to_string(), file.name());
        self.inner.store.uploaded(&way.thread.key.account, &what, self.inner.meta_now().ms).await
    }

    /// Meta says that it does not have the part's file: it is given the file anew when the part is sent again.
    pub(super) async fn forget_upload(&self, way: &Way) -> Result<(), StoreError> {
        let Some(file) = self.file(&way.part).await? else { return Ok(()) };
        let what = upload_of(&file.kept.media, &kind_of(way, &file).to_string(), file.name());
        self.inner.store.forget_upload(&way.thread.key.account, &what).await
    }

    /// Gives Meta the part's file. None when the part was taken back meanwhile.
    pub(super) async fn upload(&self, part: &PartRow) -> Result<Option<Event>, StoreError> {
        let way = self.way(part).await?;
        let Some(file) = self.file(part).await? else {
            return Ok(Some(Event::NotUploaded(NotUploaded::Gone)));
        };
        let upload =
            Upload { sent: Arc::default(), of: file.kept.facts.bytes, cut: CancellationToken::new() };
        lock(&self.outbox.uploads).insert(part.key, upload.clone());
        let ended = tokio::select! {
            () = upload.cut.cancelled() => None,
            () = self.tell_of(&way, &upload) => None,
            ended = self.give(&way, &file, &upload) => Some(ended),
        };
        lock(&self.outbox.uploads).remove(&part.key);
        let Some(ended) = ended.transpose()? else { return Ok(None) };
        Ok(Some(match ended {
            Ok(()) => {
                self.outbox.reached(part.thread);
                Event::Uploaded(self.facts(part).await?)
            }
            Err(why) => {
                if why == NotUploaded::Network {
                    self.outbox.could_not_reach(part.thread);
                }
                Event::NotUploaded(why)
            }
        }))
    }

    /// Tells whoever looks on how far it is, for as long as it goes on.
    async fn tell_of(&self, way: &Way, upload: &Upload) {
        let mut told = 0;
        loop {
            tokio::time::sleep(std::time::Duration::from_millis(TELL_EVERY_MS)).await;
            let percent = upload.percent();
            if percent != told {
                told = percent;
                self.inner.notices.threads([way.part.thread], self.inner.store.version());
            }
        }
    }

    async fn give(
        &self,
        way: &Way,
        file: &OwnFile,
        upload: &Upload,
    ) -> Result<Result<(), NotUploaded>, StoreError> {
        let account = &way.thread.key.account;
        let Some(credentials) = self.inner.credentials(account).await else {
            return Ok(Err(NotUploaded::Token));
        };
        let bytes =
            self.inner.media.own.read(&file.kept.media, file.kept.facts.bytes, 0, file.kept.facts.bytes);
        let bytes = match bytes.await {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Ok(Err(NotUploaded::Gone)),
            Err(error) => {
                tracing::warn!(%error, "a file that is to be sent cannot be read");
                return Ok(Err(NotUploaded::Gone));
            }
        };
        let kind = kind_of(way, file);
        let sent = Arc::clone(&upload.sent);
        let to_send = FileToSend::new(file.name(), &file.kept.facts.mime, bytes.into())
            .counted(Arc::new(move |bytes| sent.store(bytes, Ordering::Relaxed)));
        let body = UploadBody::new(way.thread.channel(), kind, FileSource::upload());
        let page = self.inner.page_of(account).await?;
        *lock(&self.used) = Some(credentials.clone());
        self.inner.before_step(Step::Upload, &way.part);
        let answer = self.inner.graph().upload(&credentials, &page, &body, Some(&to_send)).await;
        self.inner.after_step(Step::Upload, &way.part);
        match answer {
            Ok(uploaded) => {
                let now_ms = self.inner.meta_now().ms;
                let kept = Uploaded {
                    attachment: uploaded.id,
                    until_ms: uploaded.until_ms.unwrap_or(now_ms.saturating_add(WITHOUT_DATE_MS)),
                };
                let what = upload_of(&file.kept.media, &kind.to_string(), file.name());
                self.inner.before_step(Step::KeepUpload, &way.part);
                self.inner.store.keep_upload(account, &what, &kept, now_ms).await?;
                self.inner.after_step(Step::KeepUpload, &way.part);
                Ok(Ok(()))
            }
            Err(error) => Ok(Err(why(error, self.inner.meta_now().ms))),
        }
    }
}

/// How long an upload is used whose answer told no time, milliseconds.
const WITHOUT_DATE_MS: i64 = 3_600_000;

/// What the part's file is sent as. It was asked when the file was added; a channel that would not take it then refuses.
pub(super) fn kind_of(way: &Way, file: &OwnFile) -> FileKind {
    FileKind::of_mime(way.thread.channel(), &file.kept.facts.mime).unwrap_or(FileKind::File)
}

fn why(error: CallError, now_ms: i64) -> NotUploaded {
    match error {
        CallError::Throttled { retry_after_ms, .. } => {
            NotUploaded::Throttled { until_ms: now_ms.saturating_add(retry_after_ms) }
        }
        CallError::HeldBack(hold) => NotUploaded::Throttled { until_ms: now_ms.saturating_add(hold.for_ms) },
        CallError::NotBegun(NotBegun::NoProof(NoProof::NotNow(_))) => NotUploaded::Relay,
        CallError::NotBegun(NotBegun::TokenUnusable | NotBegun::NoProof(NoProof::NotForThisToken(_))) => {
            NotUploaded::Token
        }
        CallError::NotBegun(NotBegun::RequestUnusable(_)) => NotUploaded::Gone,
        CallError::NotBegun(NotBegun::NoConnection(_)) | CallError::Lost(_) => NotUploaded::Network,
        CallError::Meta(error) => match error.class() {
            ErrorClass::TokenDead { .. } => NotUploaded::Token,
            _ => NotUploaded::Refused { error },
        },
    }
}
