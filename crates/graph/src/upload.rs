//! Files to Meta: with the send itself, or beforehand for sends that name the upload (docs/meta.md 4.5).
//!
//! An upload reaches nobody, so unlike a send it is made again, once, where that can help.

use std::fmt;
use std::sync::Arc;

use baton_messenger::answer::SendAnswer;
use baton_messenger::error::ErrorClass;
use baton_messenger::id::{AccountId, AttachmentId};
use baton_messenger::send::UploadBody;
use bytes::Bytes;

use crate::answer::Answer;
use crate::call::Call;
use crate::client::GraphClient;
use crate::credentials::Credentials;
use crate::error::{CallError, NotBegun};
use crate::read::{Failed, failed, judge};

/// How often an upload is made again.
const MORE_TIMES: usize = 1;
/// In pieces of how many bytes a file goes out that is counted.
const PIECE: usize = 64 << 10;

/// Hears how many bytes of a file have gone out so far. A try that follows another one begins at 0 again.
pub type Count = Arc<dyn Fn(u64) + Send + Sync>;

/// A file on its way to Meta. `Debug` shows neither its name nor its content.
#[derive(Clone)]
pub struct FileToSend {
    /// Its real name.
    pub name: String,
    /// Its kind, such as `image/png`.
    pub mime: String,
    /// Its content.
    pub bytes: Bytes,
    /// Hears how far it is.
    pub count: Option<Count>,
}

/// A file that Meta has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uploaded {
    /// Its id, private to the account.
    pub id: AttachmentId,
    /// Until when it can be sent, milliseconds UTC of Meta; `None` when the answer did not tell the time.
    pub until_ms: Option<i64>,
}

/// An id of an upload dies 90 days after it was made (docs/meta.md 4.5).
pub const UPLOAD_LIFE_MS: i64 = 90 * 24 * 60 * 60 * 1000;
/// It counts as dead an hour earlier, so that none dies between the look and the send.
const RESERVE_MS: i64 = 60 * 60 * 1000;

impl Uploaded {
    /// Whether the upload can still be sent at this time of Meta.
    pub fn is_alive(&self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|until_ms| now_ms < until_ms.saturating_sub(RESERVE_MS))
    }
}

impl FileToSend {
    /// A file by its real name, its kind and its content.
    pub fn new(name: impl Into<String>, mime: impl Into<String>, bytes: Bytes) -> Self {
        Self { name: name.into(), mime: mime.into(), bytes, count: None }
    }

    /// The same, with somebody who hears how far it is.
    #[must_use]
    pub fn counted(self, count: Count) -> Self {
        Self { count: Some(count), ..self }
    }

    /// Its content as the body of a request, counted as it goes out.
    pub(crate) fn body(&self) -> reqwest::Body {
        let Some(count) = self.count.clone() else { return self.bytes.clone().into() };
        count(0);
        let (mut left, mut sent) = (self.bytes.clone(), 0_u64);
        let pieces = std::iter::from_fn(move || {
            if left.is_empty() {
                return None;
            }
            let piece = left.split_to(left.len().min(PIECE));
            sent += piece.len() as u64;
            count(sent);
            Some(Ok::<_, std::convert::Infallible>(piece))
        });
        reqwest::Body::wrap_stream(futures_util::stream::iter(pieces))
    }

    /// The name under which it travels: Meta refuses names outside of ASCII on Instagram (docs/meta.md 4.5).
    pub fn ascii_name(&self) -> String {
        let name: String = self.name.chars().map(ascii).collect();
        let is_ending = |ending: &str| {
            (1..=8).contains(&ending.len()) && ending.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let (stem, ending) =
            name.rsplit_once('.').filter(|(_, ending)| is_ending(ending)).unwrap_or((&name, ""));
        let stem = stem.trim_matches(['_', '.', ' ']);
        let stem = if stem.is_empty() { "file" } else { stem };
        if ending.is_empty() { stem.to_owned() } else { format!("{stem}.{ending}") }
    }
}

fn ascii(letter: char) -> char {
    let stays = letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | ' ');
    if stays { letter } else { '_' }
}

impl fmt::Debug for FileToSend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.len();
        f.debug_struct("FileToSend").field("mime", &self.mime).field("bytes", &bytes).finish_non_exhaustive()
    }
}

impl GraphClient {
    /// Gives Meta a file beforehand: the one in the call, or one that the body names by its address.
    ///
    /// # Errors
    /// [`CallError`].
    pub async fn upload(
        &self,
        credentials: &Credentials,
        page: &AccountId,
        body: &UploadBody,
        file: Option<&FileToSend>,
    ) -> Result<Uploaded, CallError> {
        const EDGE: &str = "message_attachments";
        fits(body.needs_file(), file.is_some())?;
        let call = match file {
            Some(file) => Call::post_file("upload", page, EDGE, body, file)?,
            None => Call::post_to("upload", page, EDGE, body)?,
        };
        self.tries(call.name, MORE_TIMES, || async {
            match self.once(&call, credentials, self.config.upload_timeout).await {
                Ok(answer) => uploaded(&answer),
                Err(none) => Err(failed(none)),
            }
        })
        .await
    }
}

/// A body that wants the bytes must get them, and no other.
pub(crate) fn fits(needs_file: bool, has_file: bool) -> Result<(), NotBegun> {
    match (needs_file, has_file) {
        (true, true) | (false, false) => Ok(()),
        (true, false) => Err(NotBegun::RequestUnusable("the file is missing".to_owned())),
        (false, true) => Err(NotBegun::RequestUnusable("the body has no place for a file".to_owned())),
    }
}

fn uploaded(answer: &Answer) -> Result<Uploaded, Failed> {
    let said: SendAnswer = judge(answer).map_err(|failed| {
        // Meta's own trouble with the file passes sometimes (docs/meta.md 7.2: later, once).
        let passes = matches!(
            failed.error.class(),
            Some(ErrorClass::FileNotFetched | ErrorClass::FileNotUploaded | ErrorClass::VideoBroken)
        );
        Failed { again: failed.again || passes, ..failed }
    })?;
    kept(&said, answer)
        .ok_or_else(|| Failed { error: answer.unreadable("it names no upload").into(), again: false })
}

/// The upload that an answer names.
pub(crate) fn kept(said: &SendAnswer, answer: &Answer) -> Option<Uploaded> {
    let id = AttachmentId::from(said.attachment_id.as_deref()?);
    Some(Uploaded { id, until_ms: answer.date_ms().map(|now_ms| now_ms.saturating_add(UPLOAD_LIFE_MS)) })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("invoice.pdf", "invoice.pdf")]
    #[case("Rechnung März 2026.pdf", "Rechnung M_rz 2026.pdf")]
    #[case("請求書.pdf", "file.pdf")]
    #[case("../../etc/passwd", "etc_passwd")]
    #[case("a\"\r\nb.png", "a___b.png")]
    #[case("", "file")]
    #[case("photo", "photo")]
    fn a_file_travels_under_a_plain_name(#[case] name: &str, #[case] travels: &str) {
        let file = FileToSend::new(name, "image/png", Bytes::new());
        assert_eq!(file.ascii_name(), travels);
    }

    #[test]
    fn an_upload_lives_for_90_days() {
        let made_ms = 1_791_190_800_000;
        let upload = Uploaded { id: "1".into(), until_ms: Some(made_ms + UPLOAD_LIFE_MS) };
        assert!(upload.is_alive(made_ms + UPLOAD_LIFE_MS - 2 * RESERVE_MS));
        assert!(!upload.is_alive(made_ms + UPLOAD_LIFE_MS));
        assert!(!Uploaded { until_ms: None, ..upload }.is_alive(made_ms));
    }
}
