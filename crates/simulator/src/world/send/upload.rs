//! Files on their way to customers: by address, by id, by upload (docs/meta.md 4.5).
//!
//! An id belongs to the Page and platform that it was made for, and ends after 90 days.

use baton_messenger::{AccountId, Platform};
use serde_json::Value;

use super::content::check_kind;
use crate::clock::DAY_MS;
use crate::files;
use crate::world::World;
use crate::world::account::Account;
use crate::world::media::{Content, NewFile};
use crate::world::refusals::Refusal;

const LIFE_MS: i64 = 90 * DAY_MS;
const MB: usize = 1024 * 1024;
/// The most that an image may weigh on Instagram, or anywhere when it is fetched by its address.
pub(crate) const IMAGE_BYTES: usize = 8 * MB;
/// The most that anything else may weigh.
pub(crate) const FILE_BYTES: usize = 25 * MB;

/// Where a file comes from.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    /// It must be fetched first; the world cannot.
    Url(String),
    /// It is here: uploaded, or fetched already.
    Bytes(NewFile),
    /// It was uploaded before.
    Id(String),
}

/// A file that can be sent again and again.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    /// The account that it may be sent from.
    pub account: AccountId,
    pub kind: String,
    pub file: String,
    pub made_ms: i64,
}

impl World {
    /// `message_attachments`: keeps a file for later sends and gives its id.
    pub fn upload_file(
        &mut self,
        account: &AccountId,
        kind: &str,
        file: NewFile,
        now_ms: i64,
    ) -> Result<String, Refusal> {
        check_file(self.account(account)?.platform, kind, &file)?;
        let file = self.files.add(file);
        self.keep_upload(account, kind, &file, now_ms)
    }

    /// The upload of this id, if this account may send it now.
    pub fn upload(&self, account: &Account, id: &str, now_ms: i64) -> Result<&Upload, Refusal> {
        let upload = self.uploads.get(id).filter(|u| u.account == account.id && now_ms - u.made_ms < LIFE_MS);
        upload.ok_or_else(|| Refusal::of("attachment_id_unknown"))
    }

    pub(super) fn keep_upload(
        &mut self,
        account: &AccountId,
        kind: &str,
        file: &str,
        now_ms: i64,
    ) -> Result<String, Refusal> {
        let account = self.account(account)?.id.clone();
        let id = self.new_number(687_700_000_000_000).to_string();
        let upload = Upload { account, kind: kind.to_owned(), file: file.to_owned(), made_ms: now_ms };
        self.uploads.insert(id.clone(), upload);
        Ok(id)
    }

    pub(super) fn file_of(
        &mut self,
        account: &AccountId,
        source: &Source,
        now_ms: i64,
    ) -> Result<String, Refusal> {
        match source {
            Source::Bytes(file) => Ok(self.files.add(file.clone())),
            Source::Id(id) => {
                let account = self.account(account)?;
                self.upload(account, id, now_ms).map(|upload| upload.file.clone())
            }
            Source::Url(_) => Err(Refusal::of("attachment_fetch_failed")),
        }
    }
}

/// Whether a file of this type, name and size can go out.
pub(super) fn check_file(platform: Platform, kind: &str, file: &NewFile) -> Result<(), Refusal> {
    check_kind(kind)?;
    let size = match &file.content {
        Content::Given(bytes) => bytes.len(),
        Content::Made(_) => 0,
    };
    let is_instagram = platform == Platform::Instagram;
    let most = if is_instagram && kind == "image" { IMAGE_BYTES } else { FILE_BYTES };
    if size > most {
        return Err(Refusal::of("attachment_too_big"));
    }
    if is_instagram && (!file.name.is_ascii() || !goes_on_instagram(kind, &file.mime)) {
        return Err(Refusal::of("attachment_upload_failed"));
    }
    Ok(())
}

fn goes_on_instagram(kind: &str, mime: &str) -> bool {
    let known: &[&str] = match kind {
        "image" => &["image/png", "image/jpeg", "image/gif"],
        "audio" => &["audio/aac", "audio/mp4", "audio/x-m4a", "audio/m4a", "audio/wav", "audio/x-wav"],
        "video" => &["video/mp4", "video/ogg", "video/x-msvideo", "video/quicktime", "video/webm"],
        _ => &["application/pdf"],
    };
    known.contains(&mime)
}

/// The file that stands in for one at an address outside of this machine, which is never fetched.
pub(crate) fn stand_in(kind: &str) -> NewFile {
    files::made(match kind {
        "image" => files::MadeKind::Image,
        "video" => files::MadeKind::Video,
        "audio" => files::MadeKind::Audio,
        _ => files::MadeKind::Document,
    })
}

/// An attachment's id, which may be written as a number.
pub(crate) fn id_text(id: &Value) -> Option<String> {
    match id {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
