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

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default)]
pub(super) struct Wish {
    pub limit: Option<usize>,
    pub after: Option<String>,
    pub before: Option<String>,
}

impl Wish {
    pub fn of(call: &GraphCall) -> Self {
        Self {
            limit: call.number("limit").and_then(|n| usize::try_from(n).ok()),
            after: call.text("after"),
            before: call.text("before"),
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
    let range = match (&wish.after, &wish.before) {
        (Some(after), _) => {
            let start = place(keys, after)? + 1;
            start..keys.len().min(start + limit)
        }
        (None, Some(before)) => {
            let end = place(keys, before)?;
            end.saturating_sub(limit)..end
        }
        (None, None) => 0..keys.len().min(limit),
    };
    let (Some(first), Some(last)) = (keys.get(range.start), keys[range.clone()].last()) else {
        return Ok((range, None));
    };
    let (before, after) = (cursor(first), cursor(last));
    let mut paging = Map::new();
    paging.insert("cursors".into(), json!({"before": before, "after": after}));
    let limit = limit.to_string();
    if range.end < keys.len() {
        paging.insert("next".into(), link(&[("limit", &limit), ("after", &after)]).into());
    }
    if range.start > 0 {
        paging.insert("previous".into(), link(&[("limit", &limit), ("before", &before)]).into());
    }
    Ok((range, Some(Value::Object(paging))))
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

fn place(keys: &[&str], cursor: &str) -> Result<usize, Refusal> {
    let broken = || Refusal::bad_parameter("Invalid cursor.");
    let key = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| broken())?;
    let key = String::from_utf8(key).map_err(|_| broken())?;
    keys.iter().position(|k| *k == key).ok_or_else(broken)
}
