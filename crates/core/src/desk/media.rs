//! Media for who shows this desk: facts, bytes, and copies for the world outside.

use std::path::{Path, PathBuf};

use super::{Desk, DeskError};
use crate::media::have::{Held, ROOM_SETTING};
use crate::media::{LEAST_ROOM_BYTES, MediaError, Vault};
use crate::store::{KeptFile, MediaFacts, MediaRef, StoreError, ThreadId};

/// What of a medium is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaSize {
    /// A picture made small, encoded by this desk.
    Thumb,
    /// The file as it came.
    Whole,
}

/// From which byte to which, both included; to its end when none is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first byte, from 0.
    pub first: u64,
    /// The last byte.
    pub last: Option<u64>,
}

/// What is known of a medium that can be shown now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaHeld {
    /// What it is.
    pub facts: MediaFacts,
    /// True when it is in memory only and will not be kept (docs/meta.md 2.7.4).
    pub fleeting: bool,
}

/// Bytes of a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaPiece {
    /// What the whole is; `application/octet-stream` for what is not shown.
    pub mime: String,
    /// The bytes from [`MediaPiece::start`] on.
    pub bytes: Vec<u8>,
    /// Where they begin in the whole.
    pub start: u64,
    /// How many bytes the whole has.
    pub total: u64,
}

impl Desk {
    /// What a medium is. It is fetched when it is not here.
    ///
    /// # Errors
    /// [`MediaError`], with words.
    pub async fn media(&self, medium: MediaRef) -> Result<MediaHeld, MediaError> {
        let held = self.inner.have(medium).await?;
        Ok(MediaHeld { facts: held.facts().clone(), fleeting: matches!(held, Held::Fleeting(_)) })
    }

    /// Asks Meta for a fresh link to a medium whose link died, and fetches it.
    ///
    /// # Errors
    /// [`MediaError`]; what fails leaves everything as it was.
    pub async fn media_anew(&self, medium: MediaRef) -> Result<MediaHeld, MediaError> {
        let held = self.inner.have_anew(medium).await?;
        Ok(MediaHeld { facts: held.facts().clone(), fleeting: matches!(held, Held::Fleeting(_)) })
    }

    /// Bytes of a medium, which is fetched when it is not here.
    ///
    /// # Errors
    /// [`MediaError`]; [`StoreError::Missing`] for a small picture where there is none, and for a span behind the end.
    pub async fn media_piece(
        &self,
        medium: MediaRef,
        size: MediaSize,
        span: Option<Span>,
    ) -> Result<MediaPiece, MediaError> {
        match self.piece_once(medium, size, span).await? {
            Some(piece) => Ok(piece),
            // Its file was not there, so it was given up; it may still be had from Meta.
            None => self
                .piece_once(medium, size, span)
                .await?
                .ok_or_else(|| MediaError::Vault("the file is not there".into())),
        }
    }

    /// Copies a medium to a place that a person chose. Story media is not copied: it must not be kept.
    ///
    /// # Errors
    /// [`MediaError`]; [`StoreError::Missing`] for story media.
    pub async fn save_media(&self, medium: MediaRef, to: &Path) -> Result<(), MediaError> {
        match self.inner.have(medium).await? {
            Held::Kept(file) => self.inner.media.vault.copy_to(&file.media, to).await,
            Held::Own(file) => self.inner.media.own.copy_to(&file.media, to).await,
            Held::Fleeting(_) => Err(StoreError::Missing("file that may be kept").into()),
        }
    }

    /// A copy of a medium for a program outside; none for what must not be kept and for what is no picture, sound, video
    /// or PDF: no other file of a customer is handed to a program. The copy goes with the file, at the latest at the next
    /// start.
    ///
    /// # Errors
    /// [`MediaError`].
    pub async fn media_for_outside(&self, medium: MediaRef) -> Result<Option<PathBuf>, MediaError> {
        let (folder, file) = match self.inner.have(medium).await? {
            Held::Kept(file) => (&self.inner.media.vault, file),
            Held::Own(file) => (&self.inner.media.own, file),
            Held::Fleeting(_) => return Ok(None),
        };
        match crate::media::ending(&file.facts.mime) {
            Some(ending) => folder.copy_outside(&file.media, ending).await.map(Some),
            None => Ok(None),
        }
    }

    /// The agent chose to see the pictures of a thread's customer: from now on they are shown at once on this desk.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn show_pictures(&self, thread: ThreadId) -> Result<(), DeskError> {
        let row = self.inner.thread(thread).await?;
        self.inner.store.set_familiar(&row.key, self.inner.wall_ms()).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// Gives the vault another size, bytes; none for the usual one. When it holds more, files of the oldest messages go at once.
    ///
    /// # Errors
    /// When the store or the vault cannot be written.
    pub async fn set_vault_room(&self, bytes: Option<u64>) -> Result<(), MediaError> {
        let bytes = bytes.map(|bytes| bytes.max(LEAST_ROOM_BYTES).to_string());
        self.inner.store.set_setting(ROOM_SETTING, bytes.as_deref()).await?;
        self.inner.make_room().await
    }

    /// How much the vault holds, and how much it may, bytes.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn vault_size(&self) -> Result<(u64, u64), DeskError> {
        Ok((self.inner.store.media_bytes().await?, self.inner.vault_room().await?))
    }

    async fn piece_once(
        &self,
        medium: MediaRef,
        size: MediaSize,
        span: Option<Span>,
    ) -> Result<Option<MediaPiece>, MediaError> {
        match self.inner.have(medium).await? {
            Held::Fleeting(held) => {
                let (mime, bytes) = match (size, &held.thumb) {
                    (MediaSize::Whole, _) => (held.facts.mime.clone(), held.bytes.as_slice()),
                    (MediaSize::Thumb, Some(thumb)) => (thumb.mime.to_owned(), thumb.bytes.as_slice()),
                    (MediaSize::Thumb, None) => return Err(no_thumb()),
                };
                let total = bytes.len() as u64;
                let (start, length) = cut(span, total)?;
                let piece = bytes.iter().skip(index(start)).take(index(length)).copied().collect();
                Ok(Some(MediaPiece { mime, bytes: piece, start, total }))
            }
            Held::Own(file) => {
                let (facts, piece) = piece_of(&self.inner.media.own, &file, size, span).await?;
                let (mime, start, total) = facts;
                let bytes = piece.ok_or(StoreError::Missing("file"))?;
                Ok(Some(MediaPiece { mime, bytes, start, total }))
            }
            Held::Kept(file) => {
                let (facts, piece) = piece_of(&self.inner.media.vault, &file, size, span).await?;
                let (mime, start, total) = facts;
                let Some(bytes) = piece else {
                    tracing::warn!("a file of the vault is not as it was left");
                    self.inner.store.drop_media(&file.media).await?;
                    self.inner.clean_vault().await?;
                    return Ok(None);
                };
                Ok(Some(MediaPiece { mime, bytes, start, total }))
            }
        }
    }
}

/// What a piece is, where it begins and how large the whole is; and its bytes, unless the file is not as it was left.
type Piece = ((String, u64, u64), Option<Vec<u8>>);

async fn piece_of(
    folder: &Vault,
    file: &KeptFile,
    size: MediaSize,
    span: Option<Span>,
) -> Result<Piece, MediaError> {
    match size {
        MediaSize::Whole => {
            let total = file.facts.bytes;
            let (start, length) = cut(span, total)?;
            let bytes = folder.read(&file.media, total, start, length).await?;
            Ok(((file.facts.mime.clone(), start, total), bytes))
        }
        MediaSize::Thumb => {
            let (mime, total) = file.thumb.clone().ok_or_else(no_thumb)?;
            let bytes = folder.read_thumb(&file.media, total).await?;
            Ok(((mime, 0, total), bytes))
        }
    }
}

fn no_thumb() -> MediaError {
    StoreError::Missing("small picture").into()
}

/// Where a span begins in a whole, and how many bytes it has.
fn cut(span: Option<Span>, total: u64) -> Result<(u64, u64), MediaError> {
    let Some(span) = span else { return Ok((0, total)) };
    let last = span.last.unwrap_or(u64::MAX).min(total.saturating_sub(1));
    if span.first >= total || last < span.first {
        return Err(StoreError::Missing("piece of a file").into());
    }
    Ok((span.first, last - span.first + 1))
}

fn index(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case(None, Some((0, 10)))]
    #[case(Some((0, None)), Some((0, 10)))]
    #[case(Some((4, None)), Some((4, 6)))]
    #[case(Some((4, Some(5))), Some((4, 2)))]
    #[case(Some((4, Some(500))), Some((4, 6)))]
    #[case(Some((9, Some(9))), Some((9, 1)))]
    #[case(Some((10, None)), None)]
    #[case(Some((5, Some(4))), None)]
    fn a_span_stays_within_the_whole(
        #[case] span: Option<(u64, Option<u64>)>,
        #[case] piece: Option<(u64, u64)>,
    ) {
        let span = span.map(|(first, last)| Span { first, last });
        assert_eq!(cut(span, 10).ok(), piece);
    }
}
