//! Files of a message: what they are sent as, where Meta gets them, how big they may be (docs/meta.md 4.5).

use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use super::text::address;
use super::{Field, Unsendable};
use crate::id::{AttachmentId, Platform};
use crate::limits::{FILE_BYTES, IMAGE_BYTES};

/// What a file is sent as.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Image,
    /// A video.
    Video,
    /// Sound.
    Audio,
    /// Anything else.
    File,
}

/// Where Meta gets a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileSource {
    /// From an address that everybody can open.
    Url {
        /// HTTPS.
        url: String,
        /// Keep it under an id; costs time in a send (docs/meta.md 4.5).
        is_reusable: bool,
    },
    /// It was uploaded before.
    Id(AttachmentId),
    /// It comes with the call, as `filedata` of a multipart form.
    Upload {
        /// Keep it under an id.
        is_reusable: bool,
    },
}

impl FileSource {
    /// From an address.
    ///
    /// # Errors
    /// [`Unsendable::WrongForm`] unless it is HTTPS.
    pub fn url(url: impl Into<String>) -> Result<Self, Unsendable> {
        Ok(Self::Url { url: address(Field::Address, url)?, is_reusable: false })
    }

    /// The bytes come with the call.
    pub fn upload() -> Self {
        Self::Upload { is_reusable: false }
    }

    /// The same, kept at Meta under an id that the answer gives.
    #[must_use]
    pub fn reusable(self) -> Self {
        match self {
            Self::Url { url, .. } => Self::Url { url, is_reusable: true },
            Self::Upload { .. } => Self::Upload { is_reusable: true },
            Self::Id(id) => Self::Id(id),
        }
    }

    /// Whether the call has to carry the bytes.
    pub fn is_upload(&self) -> bool {
        matches!(self, Self::Upload { .. })
    }
}

/// The `payload` of an attachment.
impl Serialize for FileSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut payload = serializer.serialize_struct("payload", 2)?;
        let is_reusable = match self {
            Self::Url { url, is_reusable } => {
                payload.serialize_field("url", url)?;
                *is_reusable
            }
            Self::Id(id) => {
                payload.serialize_field("attachment_id", id)?;
                false
            }
            Self::Upload { is_reusable } => *is_reusable,
        };
        if is_reusable {
            payload.serialize_field("is_reusable", &true)?;
        }
        payload.end()
    }
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct FileBody {
    #[serde(rename = "type")]
    pub(super) kind: FileKind,
    #[serde(rename = "payload")]
    pub(super) source: FileSource,
}

/// How the bytes reach Meta; the limits differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileWay {
    /// Meta fetches them.
    ByUrl,
    /// They are uploaded.
    ByUpload,
}

impl FileKind {
    /// What a file of this MIME type is sent as. Instagram takes only a few formats; Messenger takes everything, the
    /// unknown as a document.
    ///
    /// # Errors
    /// [`Unsendable::FileFormat`] on Instagram.
    pub fn of_mime(platform: Platform, mime: &str) -> Result<Self, Unsendable> {
        let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let kind = match mime.split_once('/') {
            Some(("image", _)) => Self::Image,
            Some(("video", _)) => Self::Video,
            Some(("audio", _)) => Self::Audio,
            _ => Self::File,
        };
        if platform == Platform::Instagram && !kind.instagram_takes(&mime) {
            return Err(Unsendable::FileFormat { kind, platform });
        }
        Ok(kind)
    }

    fn instagram_takes(self, mime: &str) -> bool {
        self.instagram_formats().contains(&mime)
    }

    /// The MIME types that a channel takes, of all kinds; none when it takes everything.
    pub fn formats(platform: Platform) -> Option<Vec<&'static str>> {
        let kinds = [Self::Image, Self::Audio, Self::Video, Self::File];
        (platform == Platform::Instagram)
            .then(|| kinds.iter().flat_map(|kind| kind.instagram_formats()).copied().collect())
    }

    fn instagram_formats(self) -> &'static [&'static str] {
        match self {
            Self::Image => &["image/png", "image/jpeg", "image/gif"],
            Self::Audio => &[
                "audio/aac",
                "audio/m4a",
                "audio/x-m4a",
                "audio/mp4",
                "audio/wav",
                "audio/x-wav",
                "audio/wave",
                "audio/vnd.wave",
            ],
            Self::Video => {
                &["video/mp4", "video/ogg", "video/avi", "video/x-msvideo", "video/quicktime", "video/webm"]
            }
            Self::File => &["application/pdf"],
        }
    }

    /// The largest file that is taken, in bytes.
    pub fn max_bytes(self, platform: Platform, way: FileWay) -> u64 {
        match (self, platform, way) {
            (Self::Image, Platform::Instagram, _) | (Self::Image, _, FileWay::ByUrl) => IMAGE_BYTES,
            _ => FILE_BYTES,
        }
    }

    /// Whether a file of this size is taken.
    ///
    /// # Errors
    /// [`Unsendable::FileTooBig`].
    pub fn check_size(self, platform: Platform, way: FileWay, bytes: u64) -> Result<(), Unsendable> {
        let max_bytes = self.max_bytes(platform, way);
        if bytes > max_bytes { Err(Unsendable::FileTooBig { kind: self, max_bytes }) } else { Ok(()) }
    }
}
