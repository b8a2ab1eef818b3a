//! What a message says: a text, files, a template, and the little things under it (docs/meta.md 4.1, 4.4–4.8).

use serde::Serialize;

use super::file::{FileBody, FileKind, FileSource};
use super::template::TemplateBody;
use super::text::checked_text;
use super::{Feature, Items, Metadata, QuickReply, Unsendable, quick_reply};
use crate::id::{Platform, StickerId};
use crate::limits::IMAGES;
use crate::policy;

/// `message` of a send, for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MessageBody {
    #[serde(skip)]
    platform: Platform,
    #[serde(flatten)]
    content: Content,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quick_replies: Vec<QuickReply>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
enum Content {
    Text(String),
    Attachment(Attachment),
    Attachments(Vec<FileBody>),
    StickerId(StickerId),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
enum Attachment {
    File(FileBody),
    Template(TemplateForm),
    Instagram(InstagramForm),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "payload", rename_all = "snake_case")]
enum TemplateForm {
    Template(TemplateBody),
}

/// What only Instagram has. The letter case is that of Meta's examples (docs/meta.md 14).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", content = "payload")]
enum InstagramForm {
    #[serde(rename = "like_heart")]
    LikeHeart,
    #[serde(rename = "MEDIA_SHARE")]
    OwnPost { id: String },
}

impl MessageBody {
    /// A text.
    ///
    /// # Errors
    /// [`Unsendable::EmptyText`], [`Unsendable::TextTooLong`] in the unit that the channel counts (docs/meta.md 4.4).
    pub fn text(platform: Platform, text: &str) -> Result<Self, Unsendable> {
        Ok(Self::of(platform, Content::Text(checked_text(platform, text)?.to_owned())))
    }

    /// One file. Its size and format are checked where they are known, by [`FileKind::of_mime`] and
    /// [`FileKind::check_size`].
    pub fn file(platform: Platform, kind: FileKind, source: FileSource) -> Self {
        Self::of(platform, Content::Attachment(Attachment::File(FileBody { kind, source })))
    }

    /// Several pictures in one message; a single one is sent as a file.
    ///
    /// # Errors
    /// [`Unsendable::None`], [`Unsendable::TooMany`] (10), [`Unsendable::NotUploaded`] when one of them would have to
    /// come with the call.
    pub fn images(platform: Platform, mut sources: Vec<FileSource>) -> Result<Self, Unsendable> {
        if sources.len() > IMAGES {
            return Err(Unsendable::TooMany { items: Items::Images, max: IMAGES });
        }
        if sources.len() == 1
            && let Some(source) = sources.pop()
        {
            return Ok(Self::file(platform, FileKind::Image, source));
        }
        if sources.is_empty() {
            return Err(Unsendable::None(Items::Images));
        }
        if sources.iter().any(FileSource::is_upload) {
            return Err(Unsendable::NotUploaded);
        }
        let images = sources.into_iter().map(|source| FileBody { kind: FileKind::Image, source }).collect();
        Ok(Self::of(platform, Content::Attachments(images)))
    }

    /// A sticker of Meta.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Instagram.
    pub fn sticker(platform: Platform, sticker: StickerId) -> Result<Self, Unsendable> {
        only_on(platform, Platform::Messenger, Feature::Sticker)?;
        Ok(Self::of(platform, Content::StickerId(sticker)))
    }

    /// A template.
    pub fn template(template: TemplateBody) -> Self {
        Self::of(
            template.platform(),
            Content::Attachment(Attachment::Template(TemplateForm::Template(template))),
        )
    }

    /// Instagram's heart.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Messenger.
    pub fn like_heart(platform: Platform) -> Result<Self, Unsendable> {
        only_on(platform, Platform::Instagram, Feature::LikeHeart)?;
        Ok(Self::of(platform, Content::Attachment(Attachment::Instagram(InstagramForm::LikeHeart))))
    }

    /// A post of the account's own, on Instagram.
    ///
    /// # Errors
    /// [`Unsendable::NotOnChannel`] on Messenger.
    pub fn own_post(platform: Platform, post: impl Into<String>) -> Result<Self, Unsendable> {
        only_on(platform, Platform::Instagram, Feature::OwnPost)?;
        let form = InstagramForm::OwnPost { id: post.into() };
        Ok(Self::of(platform, Content::Attachment(Attachment::Instagram(form))))
    }

    /// With answers that the customer can give with one tap.
    ///
    /// # Errors
    /// [`Unsendable::None`], [`Unsendable::TooMany`] (13), [`Unsendable::NotOnChannel`], and
    /// [`Unsendable::RepliesAlone`] under a sticker, a heart or a post.
    pub fn with_quick_replies(self, replies: Vec<QuickReply>) -> Result<Self, Unsendable> {
        let carries = match &self.content {
            Content::Text(_) | Content::Attachments(_) => true,
            Content::Attachment(attachment) => !matches!(attachment, Attachment::Instagram(_)),
            Content::StickerId(_) => false,
        };
        if !carries {
            return Err(Unsendable::RepliesAlone);
        }
        Ok(Self { quick_replies: quick_reply::checked(self.platform, replies)?, ..self })
    }

    /// With something for ourselves, which Messenger's echo brings back.
    #[must_use]
    pub fn with_metadata(self, metadata: Metadata) -> Self {
        Self { metadata: Some(metadata), ..self }
    }

    /// The channel it was made for.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// What policy has to be asked about (docs/meta.md 4.3).
    pub fn content(&self) -> policy::Content {
        match &self.content {
            Content::Text(_) => policy::Content::Text,
            Content::Attachment(Attachment::Template(_)) => policy::Content::Template,
            Content::Attachment(_) | Content::Attachments(_) | Content::StickerId(_) => {
                policy::Content::Media
            }
        }
    }

    /// Whether the call has to carry the bytes of a file.
    pub fn needs_file(&self) -> bool {
        matches!(&self.content, Content::Attachment(Attachment::File(file)) if file.source.is_upload())
    }

    /// What Meta takes only while the 24 hours are open, besides templates, which policy knows.
    pub(super) fn only_in_window(&self) -> Option<Feature> {
        match &self.content {
            Content::StickerId(_) => Some(Feature::Sticker),
            Content::Attachment(Attachment::Instagram(InstagramForm::LikeHeart)) => Some(Feature::LikeHeart),
            Content::Attachment(Attachment::Instagram(InstagramForm::OwnPost { .. })) => {
                Some(Feature::OwnPost)
            }
            _ => None,
        }
    }

    /// Whether Meta's examples send it without a messaging type (docs/meta.md 4.5).
    pub(super) fn goes_without_type(&self) -> bool {
        matches!(&self.content, Content::Attachment(Attachment::Instagram(_)))
    }

    fn of(platform: Platform, content: Content) -> Self {
        Self { platform, content, quick_replies: Vec::new(), metadata: None }
    }
}

pub(super) fn only_on(platform: Platform, has_it: Platform, feature: Feature) -> Result<(), Unsendable> {
    if platform == has_it { Ok(()) } else { Err(Unsendable::NotOnChannel { feature, platform }) }
}
