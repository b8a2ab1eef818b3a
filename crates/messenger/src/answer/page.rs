//! Lists that come in pages (docs/meta.md 1.8).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::loose;

/// One page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "T: serde::de::DeserializeOwned"))]
pub struct Page<T> {
    /// What is on it; may be fewer than asked for, even none, though more follow.
    #[serde(default = "Vec::new", deserialize_with = "loose::complete_list")]
    pub data: Vec<T>,
    /// How to go on; may be missing altogether.
    #[serde(default, skip_serializing, deserialize_with = "loose::object")]
    pub paging: Option<Paging>,
}

impl<T> Page<T> {
    /// The cursor of the next page; `None` on the last. Only a missing `next` ends a list.
    pub fn after(&self) -> Option<&str> {
        let paging = self.paging.as_ref()?;
        if !paging.has_next() {
            return None;
        }
        paging.cursors.as_ref()?.after.as_deref()
    }
}

/// How to go on. The links in it carry the access token: they are never shown and never followed; the cursors are
/// used instead.
#[derive(Clone, Default, PartialEq, Deserialize)]
pub struct Paging {
    /// Where the page begins and ends.
    #[serde(default, deserialize_with = "loose::object")]
    pub cursors: Option<Cursors>,
    #[serde(default, deserialize_with = "loose::text")]
    next: Option<String>,
}

/// Where a page begins and ends. Cursors die when items change: do not keep them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Cursors {
    /// Before the first item.
    #[serde(default, deserialize_with = "loose::text")]
    pub before: Option<String>,
    /// After the last item.
    #[serde(default, deserialize_with = "loose::text")]
    pub after: Option<String>,
}

impl Paging {
    /// Whether another page follows.
    pub fn has_next(&self) -> bool {
        self.next.is_some()
    }
}

impl fmt::Debug for Paging {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Paging").field("cursors", &self.cursors).field("has_next", &self.has_next()).finish()
    }
}
