//! Files that people and apps send: where they are kept, and the links by which they are fetched.
//!
//! A link is signed, as on Meta's file servers, and ends: after [`LINK_LIFE_MS`] of simulated time, a story's with
//! the story (docs/meta.md 2.6.4, 2.7.4). Every webhook and every read of Graph gives a fresh one. What was deleted
//! is gone for every link.

use std::collections::BTreeMap;

use secrecy::SecretString;
use uuid::Uuid;

use crate::clock::DAY_MS;
use crate::files::MadeKind;
use crate::sign::hub_sha256;

/// How long a link works. Meta says no number, only that links end; days have been seen (`O`).
const LINK_LIFE_MS: i64 = 3 * DAY_MS;

/// What a file holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// Made by [`crate::files`].
    Made(MadeKind),
    /// The bytes that somebody uploaded.
    Given(Vec<u8>),
}

/// One file.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub id: String,
    /// With its ending.
    pub name: String,
    /// `image/png` and the like.
    pub mime: String,
    pub content: Content,
    /// When it ends by itself, as a story does; milliseconds UTC.
    pub until_ms: Option<i64>,
    /// Deleted by its owner.
    pub is_gone: bool,
}

/// A file before it has an id.
#[derive(Debug, Clone)]
pub(crate) struct NewFile {
    pub name: String,
    pub mime: String,
    pub content: Content,
    pub until_ms: Option<i64>,
}

impl NewFile {
    /// It ends by itself at this time.
    pub fn until(self, until_ms: i64) -> Self {
        Self { until_ms: Some(until_ms), ..self }
    }
}

/// Why a link does not work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeadLink {
    /// Nothing is there, or no longer.
    Gone,
    /// The signature is wrong or its time is over.
    Expired,
}

/// All files and the key that signs their links.
#[derive(Debug)]
pub(crate) struct Files {
    /// `http://127.0.0.1:<port>`; links begin with it.
    pub base: String,
    key: SecretString,
    kept: BTreeMap<String, File>,
    made: u64,
}

impl Default for Files {
    fn default() -> Self {
        Self {
            base: String::new(),
            key: SecretString::from(Uuid::new_v4().to_string()),
            kept: BTreeMap::new(),
            made: 0,
        }
    }
}

impl Files {
    pub fn add(&mut self, new: NewFile) -> String {
        self.made += 1;
        let id = (440_000_000_000_000 + self.made).to_string();
        let NewFile { name, mime, content, until_ms } = new;
        let file = File { id: id.clone(), name, mime, content, until_ms, is_gone: false };
        self.kept.insert(id.clone(), file);
        id
    }

    pub fn get(&self, id: &str) -> Option<&File> {
        self.kept.get(id)
    }

    /// The owner deletes it: no link works from now on.
    pub fn delete(&mut self, id: &str) {
        if let Some(file) = self.kept.get_mut(id) {
            file.is_gone = true;
            file.content = Content::Given(Vec::new());
        }
    }

    /// A link to the file, good from now.
    pub fn link(&self, id: &str, now_ms: i64) -> Option<String> {
        let file = self.kept.get(id)?;
        let ends_ms = file.until_ms.unwrap_or(i64::MAX).min(now_ms + LINK_LIFE_MS);
        let ends = format!("{:x}", ends_ms / 1000);
        let name = url::form_urlencoded::byte_serialize(file.name.as_bytes()).collect::<String>();
        let signature = self.signature(id, &ends);
        Some(format!("{}/media/{id}/{name}?oe={ends}&oh={signature}", self.base))
    }

    /// The file behind a link.
    pub fn open(&self, id: &str, ends: &str, signature: &str, now_ms: i64) -> Result<&File, DeadLink> {
        let file = self.kept.get(id).filter(|file| !file.is_gone).ok_or(DeadLink::Gone)?;
        if self.signature(id, ends) != signature {
            return Err(DeadLink::Expired);
        }
        let ends_s = i64::from_str_radix(ends, 16).map_err(|_| DeadLink::Expired)?;
        if now_ms / 1000 < ends_s { Ok(file) } else { Err(DeadLink::Expired) }
    }

    fn signature(&self, id: &str, ends: &str) -> String {
        let whole = hub_sha256(&self.key, format!("{id}|{ends}").as_bytes());
        whole.trim_start_matches("sha256=").chars().take(24).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 1_791_190_800_000;

    fn picture(until_ms: Option<i64>) -> NewFile {
        NewFile {
            name: "a b.png".into(),
            mime: "image/png".into(),
            content: Content::Made(MadeKind::Image),
            until_ms,
        }
    }

    fn ask(files: &Files, link: &str, now_ms: i64) -> Result<String, DeadLink> {
        let link = url::Url::parse(link).unwrap();
        let id = link.path_segments().unwrap().nth(1).unwrap().to_owned();
        let query: BTreeMap<String, String> = link.query_pairs().into_owned().collect();
        files.open(&id, &query["oe"], &query["oh"], now_ms).map(|file| file.id.clone())
    }

    #[test]
    fn a_link_works_for_days_and_no_longer() {
        let mut files = Files { base: "http://127.0.0.1:1".into(), ..Files::default() };
        let id = files.add(picture(None));
        let link = files.link(&id, NOW_MS).unwrap();
        assert_eq!(ask(&files, &link, NOW_MS + LINK_LIFE_MS - 1000), Ok(id.clone()));
        assert_eq!(ask(&files, &link, NOW_MS + LINK_LIFE_MS), Err(DeadLink::Expired));
        let fresh = files.link(&id, NOW_MS + LINK_LIFE_MS).unwrap();
        assert_eq!(ask(&files, &fresh, NOW_MS + LINK_LIFE_MS), Ok(id.clone()));
        files.delete(&id);
        assert_eq!(ask(&files, &fresh, NOW_MS + LINK_LIFE_MS), Err(DeadLink::Gone));
    }

    #[test]
    fn a_storys_link_ends_with_the_story_and_no_link_can_be_lengthened() {
        let mut files = Files { base: "http://127.0.0.1:1".into(), ..Files::default() };
        let id = files.add(picture(Some(NOW_MS + 60_000)));
        let link = files.link(&id, NOW_MS).unwrap();
        assert_eq!(ask(&files, &link, NOW_MS + 60_000), Err(DeadLink::Expired));
        let longer = link.replace("oe=6", "oe=7");
        assert_ne!(longer, link);
        assert_eq!(ask(&files, &longer, NOW_MS), Err(DeadLink::Expired));
    }
}
