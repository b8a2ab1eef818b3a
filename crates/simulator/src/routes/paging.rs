//! Cursor paging (docs/meta.md 1.8): `limit`, `after`, `before` in; `cursors`, `next`, `previous` out.
//!
//! A cursor names an item, not a place: when items move between pages some are shown twice and none is lost.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::params::GraphCall;
use crate::world::refusals::Refusal;

const DEFAULT_LIMIT: usize = 25;
const MOST: usize = 100;
/// Stands in the cursors of uneven pages between the item's key and the number of pages so far: an empty page names the
/// same item as the one before it, and must lead on all the same.
const PAGES_BEFORE: char = '\n';

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub limit: Option<usize>,
    pub after: Option<String>,
    pub before: Option<String>,
    /// A rule wants pages of uneven length.
    pub is_uneven: bool,
}

impl Wish {
    pub fn of(call: &GraphCall) -> Self {
        Self {
            limit: call.number("limit").and_then(|n| usize::try_from(n).ok()),
            after: call.text("after"),
            before: call.text("before"),
            is_uneven: call.has_uneven_pages,
        }
    }
}

/// Cuts the wanted page out of `keys`, the items' keys in order. Gives the range and the `paging` object.
pub(super) fn cut(
    keys: &[&str],
    wish: &Wish,
    link: impl Fn(&[(&str, &str)]) -> String,
) -> Result<(std::ops::Range<usize>, Option<Value>), Refusal> {
    let limit = wish.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST);
    let mut pages_before = 0;
    let range = match (&wish.after, &wish.before) {
        (Some(after), _) => {
            let place = place(keys, after)?;
            pages_before = place.pages_before.max(1);
            place.at + 1..keys.len()
        }
        (None, Some(before)) => {
            let end = place(keys, before)?.at;
            end.saturating_sub(limit)..end
        }
        (None, None) => 0..keys.len(),
    };
    if range.is_empty() {
        return Ok((range, None));
    }
    let is_uneven = wish.is_uneven && wish.before.is_none();
    let size = if is_uneven { uneven(limit, pages_before) } else { limit };
    let range = range.start..range.end.min(range.start + size);
    // An empty page stands where the page before it ended.
    let (first, last) = (range.start.min(keys.len() - 1), range.end.saturating_sub(1));
    let (before, mut after) = (cursor(keys[first]), cursor(keys[last]));
    if is_uneven {
        after = cursor(&format!("{}{PAGES_BEFORE}{}", keys[last], pages_before + 1));
    }
    let mut paging = Map::new();
    paging.insert("cursors".into(), json!({"before": before, "after": after}));
    let limit = limit.to_string();
    if range.end < keys.len() || is_uneven {
        paging.insert("next".into(), link(&[("limit", &limit), ("after", &after)]).into());
    }
    if range.start > 0 {
        paging.insert("previous".into(), link(&[("limit", &limit), ("before", &before)]).into());
    }
    Ok((range, Some(Value::Object(paging))))
}

/// How many items the next of several uneven pages has.
fn uneven(limit: usize, pages_before: usize) -> usize {
    match pages_before % 3 {
        0 => limit,
        1 => limit / 2,
        _ => 0,
    }
}

/// `{data, paging}`; an empty list has no `paging`.
pub(super) fn edge(data: Vec<Value>, paging: Option<Value>) -> Value {
    let mut edge = Map::from_iter([("data".to_owned(), Value::Array(data))]);
    edge.extend(paging.map(|paging| ("paging".to_owned(), paging)));
    Value::Object(edge)
}

fn cursor(key: &str) -> String {
    URL_SAFE_NO_PAD.encode(key)
}

/// Where a cursor stands.
struct Place {
    /// The item that it names.
    at: usize,
    /// How many pages were given before it, if it tells.
    pages_before: usize,
}

fn place(keys: &[&str], cursor: &str) -> Result<Place, Refusal> {
    let broken = || Refusal::bad_parameter("Invalid cursor.");
    let text = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let text = String::from_utf8(text).map_err(|_| broken())?;
    let (key, pages_before) = text.split_once(PAGES_BEFORE).unwrap_or((&text, "0"));
    let at = keys.iter().position(|k| *k == key).ok_or_else(broken)?;
    Ok(Place { at, pages_before: pages_before.parse().map_err(|_| broken())? })
}
