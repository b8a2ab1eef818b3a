//! Files that agents send: looked at as they are added, and kept until nobody needs them.
//!
//! The bytes are on the disk, whole, before the draft names them, and the draft names them before the composer hears that
//! the file was added: what a crash leaves between is a file without a row, which is swept at the next start.

use baton_messenger::send::{FileKind, FileWay, Unsendable};
use baton_messenger::{Platform, Words};

use super::error::MediaError;
use super::fetch::Sink as _;
use super::have::facts_of;
use super::sniff::{HEAD, ending, sniff};
use crate::desk::inner::Inner;
use crate::store::{KeptFile, NewOwnFile, OwnFile, StoreError, ThreadId};

/// As many files are added to one reply. Ours, not Meta's: each is a message of its own.
pub const MOST_FILES: usize = 10;
/// The longest name that is kept, in characters.
const NAME_CHARS: usize = 200;

/// Why a file was not added.
#[derive(Debug, thiserror::Error)]
pub enum NotAttached {
    /// The channel does not take it.
    #[error(transparent)]
    Unsendable(#[from] Unsendable),
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The reply has enough.
    #[error("the reply has {} files", MOST_FILES)]
    Enough,
    /// It cannot be kept.
    #[error(transparent)]
    Media(#[from] MediaError),
}

impl From<StoreError> for NotAttached {
    fn from(error: StoreError) -> Self {
        Self::Media(error.into())
    }
}

impl NotAttached {
    /// What the person is told.
    #[must_use]
    pub fn agent_words(&self) -> Words {
        match self {
            Self::Unsendable(why) => why.agent_words(),
            Self::Empty => Words::new("This file is empty.", "Choose another one."),
            Self::Enough => Words::new(
                format!("A reply takes at most {MOST_FILES} files."),
                "Send these first, then add the others.",
            ),
            Self::Media(error) => error.agent_words(),
        }
    }
}

impl Inner {
    /// Adds a file to a thread's draft. It is durable when this returns.
    ///
    /// # Errors
    /// [`NotAttached`]; nothing was added then.
    pub(crate) async fn attach(
        &self,
        thread: ThreadId,
        platform: Platform,
        name: &str,
        bytes: &[u8],
    ) -> Result<OwnFile, NotAttached> {
        if bytes.is_empty() {
            return Err(NotAttached::Empty);
        }
        let what = sniff(bytes.get(..HEAD).unwrap_or(bytes));
        let kind = FileKind::of_mime(platform, what.mime())?;
        kind.check_size(platform, FileWay::ByUpload, bytes.len() as u64)?;
        if self.store.draft_files(thread).await?.len() >= MOST_FILES {
            return Err(NotAttached::Enough);
        }
        // What an earlier run left is swept first, or this file would be too.
        self.media.swept.wait().await;
        let mut part = self.media.own.begin().await?;
        part.take(bytes).await?;
        let arrived = part.finish().await?;
        let (picture, thumb) = self.looked_at_file(&arrived, what).await.unzip();
        let name = kept_name(name, what.mime());
        let facts = facts_of(what, arrived.bytes, picture, Some(name));
        let thumb_facts = thumb.as_ref().map(|thumb| (thumb.mime.to_owned(), thumb.bytes.len() as u64));
        let kept = KeptFile { media: arrived.media.clone(), thumb: thumb_facts, facts };
        let _moving = self.media.own.hold().await;
        self.media.own.place(&arrived, thumb.as_ref().map(|thumb| thumb.bytes.as_slice())).await?;
        self.media.own.sync().await?;
        let new = NewOwnFile { kept: kept.clone(), added_ms: self.wall_ms() };
        match self.store.add_to_draft(thread, &new, MOST_FILES).await {
            Ok(Some(id)) => Ok(OwnFile { id, thread, kept }),
            not_added => {
                self.remove_if_strange(&kept.media).await;
                not_added?;
                Err(NotAttached::Enough)
            }
        }
    }

    /// What came to its place and belongs to nobody goes at once; should that fail, at the next start.
    async fn remove_if_strange(&self, file: &str) {
        let strange = self.store.strange_own_files(&[file.to_owned()]).await;
        if strange.is_ok_and(|strange| !strange.is_empty())
            && let Err(error) = self.media.own.remove(file).await
        {
            tracing::debug!(%error, "a file that was not added is still here");
        }
    }

    /// Removes files that no draft and no part needs any more, then their rows.
    pub(crate) async fn clean_own_files(&self) -> Result<(), MediaError> {
        const STRIDE: u32 = 100;
        self.store.let_go_of_arrived_files().await?;
        loop {
            let unused = self.store.unused_own_files(STRIDE).await?;
            if unused.is_empty() {
                return Ok(());
            }
            for file in unused {
                let _moving = self.media.own.hold().await;
                // The same file may have been added meanwhile.
                if self.store.is_own_file_unused(&file).await? {
                    self.media.own.remove(&file).await?;
                    self.store.forget_own_file(&file).await?;
                }
            }
        }
    }
}

/// A name as it is kept: without folders and signs that cannot be seen, and with an ending that says what it is where it
/// had none.
fn kept_name(name: &str, mime: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = |letter: &char| !letter.is_control() && !is_direction(*letter);
    let name: String = last.chars().filter(seen).take(NAME_CHARS).collect();
    let name = name.trim().to_owned();
    match (name.is_empty(), ending(mime)) {
        (false, _) => name,
        (true, Some(ending)) => format!("file.{ending}"),
        (true, None) => "file".to_owned(),
    }
}

/// Signs that turn the order of letters, so that a name reads as another one.
fn is_direction(letter: char) -> bool {
    matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("shelf.png", "shelf.png")]
    #[case("C:\\pictures\\shelf.png", "shelf.png")]
    #[case("../../etc/passwd", "passwd")]
    #[case("a\u{202e}gnp.exe", "agnp.exe")]
    #[case("two\nlines.png", "twolines.png")]
    #[case("  ", "file.png")]
    #[case("請求書.pdf", "請求書.pdf")]
    fn a_name_is_kept_as_people_read_it(#[case] name: &str, #[case] kept: &str) {
        assert_eq!(kept_name(name, "image/png"), kept);
    }

    #[test]
    fn a_very_long_name_is_cut() {
        assert_eq!(kept_name(&"x".repeat(5_000), "image/png").chars().count(), NAME_CHARS);
    }
}
