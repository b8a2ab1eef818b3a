//! Media as the page shows them: what is known of those of a message, and what is asked of one.

use std::collections::HashMap;

use baton_core::desk::MediaHeld;
use baton_core::media::{LEAST_ROOM_BYTES, MediaError, ROOM_BYTES};
use baton_core::store::{
    MediaFacts, MediaFate, MediaKnown, MediaRef, OwnFile, OwnFileId, StoreError, ThreadId,
};
use baton_messenger::send::FileKind;

use super::{Answer, Answering, errors};
use crate::contract::Count;
use crate::contract::attachment::{
    AttachmentView, MediaContent, MediaKind, MediaName, MediaNow, MediaState, MediaView, Saved, SetVault,
    VaultView,
};
use crate::contract::happened::HappenedView;
use crate::contract::thread::{MessageView, ThreadName};

impl Answering {
    pub(crate) async fn fetch_media(&self, asked: MediaName) -> Answer<MediaNow> {
        match self.desk().media(named(&asked.id)?).await {
            Ok(held) => Ok(now(&held)),
            Err(error) => match state_of(&error) {
                Some(state) => Ok(MediaNow { state, title: String::new(), bytes: None, content: None }),
                None => Err(errors::of_media(&error)),
            },
        }
    }

    pub(crate) async fn fetch_media_anew(&self, asked: MediaName) -> Answer<MediaNow> {
        let held = self.desk().media_anew(named(&asked.id)?).await;
        held.map(|held| now(&held)).map_err(|error| errors::of_media(&error))
    }

    pub(crate) async fn vault(&self, (): ()) -> Answer<VaultView> {
        let (held, room) = self.desk().vault_size().await.map_err(errors::of_desk)?;
        Ok(VaultView {
            held: Count(held),
            room: Count(room),
            usual: Count(ROOM_BYTES),
            least: Count(LEAST_ROOM_BYTES),
        })
    }

    pub(crate) async fn set_vault(&self, set: SetVault) -> Answer<VaultView> {
        let room = set.room.map(|Count(bytes)| bytes);
        self.desk().set_vault_room(room).await.map_err(|error| errors::of_media(&error))?;
        self.vault(()).await
    }

    pub(crate) async fn save_media(&self, asked: MediaName) -> Answer<Saved> {
        let medium = named(&asked.id)?;
        let held = self.desk().media(medium).await.map_err(|error| errors::of_media(&error))?;
        let name = held.facts.file_name();
        let place = self.outside().place_to_save(&name).await.map_err(|_| errors::not_opened())?;
        let Some(place) = place else { return Ok(Saved { name: None }) };
        self.desk().save_media(medium, &place).await.map_err(|error| errors::of_media(&error))?;
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(Saved { name: Some(name.unwrap_or_default()) })
    }

    pub(crate) async fn show_pictures(&self, thread: ThreadName) -> Answer<()> {
        self.desk().show_pictures(ThreadId(thread.thread.0)).await.map_err(errors::of_desk)
    }
}

/// A medium by its name in the page.
pub(crate) fn named(id: &str) -> Answer<MediaRef> {
    id.parse().map_err(|_| errors::unreadable("the name of a file"))
}

/// A file of this desk's draft or outbox, as the page shows it.
pub(super) fn own(file: &OwnFile) -> MediaView {
    let facts = &file.kept.facts;
    let kind = match facts.mime.split('/').next() {
        Some("image") => MediaKind::Image,
        Some("video") => MediaKind::Video,
        Some("audio") => MediaKind::Audio,
        _ => MediaKind::File,
    };
    MediaView {
        id: MediaRef::Own(file.id).to_string(),
        kind,
        title: file.name().to_owned(),
        state: MediaState::Here,
        bytes: Some(Count(facts.bytes)),
        fleeting: false,
        emoji: None,
        content: Some(content(facts)),
    }
}

/// A file that another desk is sending.
pub(super) fn elsewhere(kind: FileKind) -> AttachmentView {
    let media = MediaView {
        id: String::new(),
        kind: match kind {
            FileKind::Image => MediaKind::Image,
            FileKind::Video => MediaKind::Video,
            FileKind::Audio => MediaKind::Audio,
            FileKind::File => MediaKind::File,
        },
        title: String::new(),
        state: MediaState::Elsewhere,
        bytes: None,
        fleeting: false,
        emoji: None,
        content: None,
    };
    AttachmentView::Media { media }
}

/// The file of this desk by the id of its view.
pub(super) fn own_named(id: &str) -> Answer<OwnFileId> {
    match named(id)? {
        MediaRef::Own(file) => Ok(file),
        _ => Err(errors::unreadable("the name of a file")),
    }
}

/// What is known of the media of one message.
pub(super) struct Known(HashMap<String, MediaKnown>);

impl Known {
    /// What the store knows.
    pub(super) fn of(media: &[(MediaRef, MediaKnown)]) -> Self {
        Self(media.iter().map(|(medium, known)| (medium.to_string(), known.clone())).collect())
    }

    /// Puts it into everything that the message shows.
    pub(super) fn fill(&self, message: &mut MessageView) {
        self.fill_attachments(&mut message.attachments);
        let story = message.story.as_mut().and_then(|story| story.media.as_mut());
        let came = message.came.as_mut().and_then(|came| came.media.as_mut());
        story.into_iter().chain(came).for_each(|media| self.fill_media(media));
    }

    /// Puts it into what came with the message.
    pub(super) fn fill_attachments(&self, attachments: &mut [AttachmentView]) {
        attachments.iter_mut().flat_map(media_of).for_each(|media| self.fill_media(media));
    }

    /// Puts it into what happened.
    pub(super) fn fill_happened(&self, happened: &mut HappenedView) {
        if let HappenedView::Came { came } = happened {
            came.media.iter_mut().for_each(|media| self.fill_media(media));
        }
    }

    fn fill_media(&self, media: &mut MediaView) {
        match self.0.get(&media.id) {
            Some(MediaKnown::Here(file)) => {
                let facts = &file.facts;
                media.state = MediaState::Here;
                media.bytes = Some(Count(facts.bytes));
                media.content = Some(content(facts));
                if media.title.is_empty() && media.kind == MediaKind::File {
                    media.title = facts.name.clone().unwrap_or_default();
                }
            }
            Some(MediaKnown::Not { fate, .. }) if media.state == MediaState::AtMeta => {
                media.state = state(*fate);
            }
            _ => {}
        }
    }
}

/// The store does not have this message, so that nothing of it can be fetched yet.
pub(super) fn wait_for_the_relay(message: &mut MessageView) {
    let story = message.story.as_mut().and_then(|story| story.media.as_mut());
    let came = message.came.as_mut().and_then(|came| came.media.as_mut());
    let with_it = message.attachments.iter_mut().flat_map(media_of);
    for media in with_it.chain(story).chain(came) {
        if media.state != MediaState::Missing {
            media.state = MediaState::Unheard;
        }
    }
}

fn media_of(attachment: &mut AttachmentView) -> Vec<&mut MediaView> {
    match attachment {
        AttachmentView::Media { media } => vec![media],
        AttachmentView::Shared { media, .. } | AttachmentView::StoryMention { media } => {
            media.iter_mut().collect()
        }
        AttachmentView::Cards { cards } => cards.iter_mut().filter_map(|card| card.media.as_mut()).collect(),
        _ => Vec::new(),
    }
}

fn now(held: &MediaHeld) -> MediaNow {
    MediaNow {
        state: MediaState::Here,
        title: held.facts.name.clone().unwrap_or_default(),
        bytes: Some(Count(held.facts.bytes)),
        content: Some(content(&held.facts)),
    }
}

fn content(facts: &MediaFacts) -> MediaContent {
    if let Some(picture) = facts.picture {
        return MediaContent::Picture { width: picture.width, height: picture.height, moves: picture.moves };
    }
    match facts.mime.split('/').next() {
        Some("audio" | "video") => MediaContent::Played,
        _ if facts.mime == "application/pdf" => MediaContent::Document,
        _ => MediaContent::Other,
    }
}

fn state(fate: MediaFate) -> MediaState {
    match fate {
        MediaFate::Dead => MediaState::Dead,
        MediaFate::Large => MediaState::Large,
        MediaFate::Forbidden => MediaState::Forbidden,
        MediaFate::Later => MediaState::Later,
        // It is fetched when it is looked at, like one that was never tried.
        MediaFate::GivenUp => MediaState::AtMeta,
    }
}

/// What a failure says of the medium; none when it says something of this desk.
fn state_of(error: &MediaError) -> Option<MediaState> {
    match error {
        MediaError::Dead => Some(MediaState::Dead),
        MediaError::TooLarge { .. } => Some(MediaState::Large),
        MediaError::Forbidden => Some(MediaState::Forbidden),
        MediaError::Unreachable(_) => Some(MediaState::Later),
        MediaError::Store(StoreError::Missing(_)) => Some(MediaState::Missing),
        MediaError::Vault(_) | MediaError::Store(_) | MediaError::NotAsked { .. } => None,
    }
}
