//! Having a medium: from the vault, from memory, or fetched now.

use std::io::{BufReader, Cursor};
use std::sync::Arc;

use super::error::MediaError;
use super::fleeting::InMemory;
use super::picture::{self, Thumb};
use super::sniff::{HEAD, Sniffed, sniff};
use super::vault::Arrived;
use super::{LEAST_ROOM_BYTES, MOST_BYTES, ROOM_BYTES};
use crate::desk::inner::{Inner, lock};
use crate::store::{
    FreshMedia, KeptFile, MediaFacts, MediaFate, MediaKnown, MediaRef, MediaSource, NewMedia, Picture,
    StoreError,
};

/// The first pause before a medium is tried again, and the longest, milliseconds.
const AGAIN_MS: i64 = 30_000;
const AGAIN_MOST_MS: i64 = 6 * 3_600_000;
/// The longest pause where this desk could not keep it, milliseconds: its link dies meanwhile, and space may come any moment.
const AGAIN_HERE_MOST_MS: i64 = 10 * 60_000;
/// The setting that says how much the vault holds, bytes.
pub(crate) const ROOM_SETTING: &str = "core.vault_bytes";

/// A medium that is here.
#[derive(Clone, Debug)]
pub(crate) enum Held {
    /// In the vault.
    Kept(KeptFile),
    /// A file of this desk's draft or outbox, in the folder of those.
    Own(KeptFile),
    /// In memory, and nowhere else.
    Fleeting(Arc<InMemory>),
}

impl Held {
    pub(crate) fn facts(&self) -> &MediaFacts {
        match self {
            Self::Kept(file) | Self::Own(file) => &file.facts,
            Self::Fleeting(held) => &held.facts,
        }
    }
}

impl Inner {
    /// The medium, fetched when it is not here. One that is not to be had is asked for again only from another address, or
    /// when that may help.
    pub(crate) async fn have(&self, medium: MediaRef) -> Result<Held, MediaError> {
        if let MediaRef::Own(id) = medium {
            let file = self.store.own_file(id).await?.ok_or(StoreError::Missing("file"))?;
            return Ok(Held::Own(file.kept));
        }
        let busy = Arc::clone(lock(&self.media.busy).entry(medium).or_default());
        let had = {
            let _alone = busy.lock().await;
            self.have_alone(medium).await
        };
        drop(busy);
        lock(&self.media.busy).retain(|_, busy| Arc::strong_count(busy) > 1);
        had
    }

    async fn have_alone(&self, medium: MediaRef) -> Result<Held, MediaError> {
        let source = match self.store.media_source(medium).await {
            Ok(source) => source,
            Err(error) => {
                self.media.fleeting.forget(medium);
                return Err(error.into());
            }
        };
        if let Some(held) = self.media.fleeting.get(medium, self.boot_ms()) {
            return Ok(Held::Fleeting(held));
        }
        match self.store.media_known(medium, &source).await? {
            Some(MediaKnown::Here(file)) => Ok(Held::Kept(file)),
            Some(MediaKnown::Not { fate, tries }) => match fate {
                MediaFate::Dead => Err(MediaError::Dead),
                MediaFate::Large => Err(MediaError::TooLarge { most: MOST_BYTES }),
                MediaFate::Forbidden => Err(MediaError::Forbidden),
                MediaFate::Later | MediaFate::GivenUp => self.fetched(medium, &source, tries).await,
            },
            None => self.fetched(medium, &source, 0).await,
        }
    }

    /// Fetches it, whatever became of that before, and remembers nothing of a failure.
    pub(super) async fn fetch_now(&self, medium: MediaRef, source: &MediaSource) -> Result<Held, MediaError> {
        self.media.swept.wait().await;
        let _slot =
            self.media.slots.acquire().await.map_err(|_| MediaError::Unreachable("it closes".into()))?;
        if source.may_be_kept {
            self.fetch_into_vault(medium, source).await.map(Held::Kept)
        } else {
            self.fetch_into_memory(medium, source).await.map(Held::Fleeting)
        }
    }

    async fn fetched(&self, medium: MediaRef, source: &MediaSource, tries: u32) -> Result<Held, MediaError> {
        let fetched = self.fetch_now(medium, source).await;
        if let Some((fate, again_ms)) = fetched.as_ref().err().and_then(|error| fate(error, tries)) {
            let again_ms = self.wall_ms().saturating_add(again_ms);
            self.store.note_media(medium, source, fate, again_ms).await?;
        }
        fetched
    }

    async fn fetch_into_vault(&self, medium: MediaRef, source: &MediaSource) -> Result<KeptFile, MediaError> {
        let mut part = self.media.vault.begin().await?;
        let name = self.media.fetcher.stream(&source.url, MOST_BYTES, &mut part).await?;
        let arrived = part.finish().await?;
        let what = sniff(&arrived.head);
        let (picture, thumb) = self.looked_at_file(&arrived, what).await.unzip();
        let facts = facts_of(what, arrived.bytes, picture, name);
        let thumb_facts = thumb.as_ref().map(|thumb| (thumb.mime.to_owned(), thumb.bytes.len() as u64));
        let new = NewMedia { media: arrived.media.clone(), thumb: thumb_facts.clone(), facts: facts.clone() };
        {
            let _moving = self.media.vault.hold().await;
            self.media.vault.place(&arrived, thumb.as_ref().map(|thumb| thumb.bytes.as_slice())).await?;
            if !self.store.keep_media(medium, source, &new).await? {
                // Taken back meanwhile. The file goes, unless another message has the same.
                if !self.store.strange_media(std::slice::from_ref(&new.media)).await?.is_empty() {
                    self.media.vault.remove(&new.media).await?;
                }
                return Err(StoreError::Missing("message").into());
            }
        }
        self.media.lately.came(&new.media);
        self.make_room().await?;
        Ok(KeptFile { media: new.media, thumb: thumb_facts, facts })
    }

    async fn fetch_into_memory(
        &self,
        medium: MediaRef,
        source: &MediaSource,
    ) -> Result<Arc<InMemory>, MediaError> {
        let mut bytes = Vec::new();
        let name = self.media.fetcher.stream(&source.url, MOST_BYTES, &mut bytes).await?;
        let what = sniff(bytes.get(..HEAD).unwrap_or(&bytes));
        let (bytes, looked) = match what {
            Sniffed::Picture(format) => self.looked_at_bytes(bytes, format).await,
            _ => (bytes, None),
        };
        let (picture, thumb) = looked.unzip();
        let facts = facts_of(what, bytes.len() as u64, picture, name);
        let held = Arc::new(InMemory { bytes, facts, thumb });
        self.media.fleeting.hold(medium, Arc::clone(&held), self.boot_ms());
        Ok(held)
    }

    pub(super) async fn looked_at_file(&self, arrived: &Arrived, what: Sniffed) -> Option<(Picture, Thumb)> {
        let Sniffed::Picture(format) = what else { return None };
        let path = arrived.path();
        let _one = self.media.decoding.acquire().await.ok()?;
        let read = move || picture::read(BufReader::new(std::fs::File::open(path).ok()?), format);
        tokio::task::spawn_blocking(read).await.ok()?
    }

    async fn looked_at_bytes(
        &self,
        bytes: Vec<u8>,
        format: image::ImageFormat,
    ) -> (Vec<u8>, Option<(Picture, Thumb)>) {
        let Ok(_one) = self.media.decoding.acquire().await else { return (bytes, None) };
        let read = move || {
            let looked = picture::read(Cursor::new(&bytes), format);
            (bytes, looked)
        };
        tokio::task::spawn_blocking(read).await.unwrap_or_default()
    }

    /// Removes files that no message needs any more, then their rows.
    pub(crate) async fn clean_vault(&self) -> Result<(), MediaError> {
        const STRIDE: u32 = 100;
        loop {
            let unused = self.store.unused_media(STRIDE).await?;
            if unused.is_empty() {
                return Ok(());
            }
            for media in unused {
                let _moving = self.media.vault.hold().await;
                // A message that came meanwhile may have the same file.
                if self.store.is_media_unused(&media).await? {
                    self.media.vault.remove(&media).await?;
                    self.store.forget_media(&media).await?;
                }
            }
        }
    }

    /// Gives up the files of the oldest messages until the rest has room.
    pub(crate) async fn make_room(&self) -> Result<(), MediaError> {
        let room = self.vault_room().await?;
        {
            // One after the other: two that count what is held at the same time give up twice as much.
            let _moving = self.media.vault.hold().await;
            let mut held = self.store.media_bytes().await?;
            while held > room {
                let Some((oldest, bytes)) = self.next_to_go().await? else { break };
                self.store.give_up_media(&oldest).await?;
                held = held.saturating_sub(bytes);
            }
        }
        self.clean_vault().await
    }

    /// The file that makes room next, with its size. What came last goes last, for somebody may be looking at it: it may be of an
    /// old message, and would make room for itself.
    async fn next_to_go(&self) -> Result<Option<(String, u64)>, StoreError> {
        let lately = self.media.lately.all();
        let last = lately.get(lately.len().saturating_sub(1)..).unwrap_or_default();
        for spared in [lately.as_slice(), last, <&[String]>::default()] {
            if let Some(next) = self.store.oldest_media(spared).await? {
                return Ok(Some(next));
            }
        }
        Ok(None)
    }

    /// What was given up since, and has room now, is as if it was never tried; so many messages at most are named, newest first.
    /// A vault that is nearly full takes nothing back: the next file that comes would push it out again.
    pub(super) async fn take_back(&self, since_ms: i64, most: u32) -> Result<Vec<FreshMedia>, StoreError> {
        let filled = self.vault_room().await? / 4 * 3;
        let fits = filled.saturating_sub(self.store.media_bytes().await?);
        if fits == 0 {
            return Ok(Vec::new());
        }
        self.store.take_back_given_up(since_ms, fits, most).await
    }

    /// How much the vault holds at most, bytes.
    pub(crate) async fn vault_room(&self) -> Result<u64, StoreError> {
        let set = self.store.setting(ROOM_SETTING).await?;
        Ok(set.and_then(|bytes| bytes.parse().ok()).unwrap_or(ROOM_BYTES).max(LEAST_ROOM_BYTES))
    }
}

/// A picture that does not decode is a file like any other.
pub(super) fn facts_of(
    what: Sniffed,
    bytes: u64,
    picture: Option<Picture>,
    name: Option<String>,
) -> MediaFacts {
    let what = match (what, picture) {
        (Sniffed::Picture(_), None) => Sniffed::Other,
        (what, _) => what,
    };
    MediaFacts { mime: what.mime().to_owned(), bytes, picture, name }
}

/// What is remembered of a failure, and after how long it is tried again, milliseconds. Faults of this desk are not held
/// against the medium, but it has to come once they are mended.
fn fate(error: &MediaError, tries: u32) -> Option<(MediaFate, i64)> {
    match error {
        MediaError::Dead => Some((MediaFate::Dead, 0)),
        MediaError::TooLarge { .. } => Some((MediaFate::Large, 0)),
        MediaError::Forbidden => Some((MediaFate::Forbidden, 0)),
        MediaError::Unreachable(_) => Some((MediaFate::Later, pause(tries, AGAIN_MOST_MS))),
        MediaError::Vault(_) => Some((MediaFate::Later, pause(tries, AGAIN_HERE_MOST_MS))),
        MediaError::Store(_) | MediaError::NotAsked { .. } => None,
    }
}

/// Twice as long after each try in vain, up to a limit.
fn pause(tries: u32, most_ms: i64) -> i64 {
    (AGAIN_MS << tries.min(10)).min(most_ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_pass_is_tried_again_and_sooner_where_it_is_this_desk_that_fails() {
        let vault = MediaError::Vault("no space left on device".to_owned());
        let away = MediaError::Unreachable("refused".to_owned());
        assert_eq!(fate(&vault, 0), Some((MediaFate::Later, AGAIN_MS)));
        assert_eq!(fate(&away, 0), Some((MediaFate::Later, AGAIN_MS)));
        assert_eq!(fate(&vault, u32::MAX), Some((MediaFate::Later, AGAIN_HERE_MOST_MS)));
        assert_eq!(fate(&away, u32::MAX), Some((MediaFate::Later, AGAIN_MOST_MS)));
        assert_eq!(fate(&MediaError::Store(StoreError::DiskFull), 0), None, "nothing can be noted there");
    }
}
