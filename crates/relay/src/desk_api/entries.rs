//! A page of a log.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use baton_protocol::LogName;
use baton_protocol::stream::EntryPage;

use super::gate::Desk;
use super::no::{No, found};
use crate::log::Range;
use crate::state::Shared;

/// The most entries of one page.
const MOST: u32 = 1000;

/// Reads entries: the oldest after a seq, the newest before one, or what lies between two.
pub(super) async fn entries(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(log): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<EntryPage>, No> {
    let log = LogName::from(log);
    let asked = Asked::parse(query.as_deref().unwrap_or_default())?;
    let page = shared.log.entries(desk.desk, &log, asked.range(), asked.limit).await?;
    Ok(Json(found(page)?))
}

struct Asked {
    after: Option<u64>,
    before: Option<u64>,
    limit: u32,
}

impl Asked {
    fn parse(query: &str) -> Result<Self, No> {
        let mut asked = Self { after: None, before: None, limit: MOST };
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let number =
                value.parse::<u64>().map_err(|_| No::bad_request(format!("`{name}` is not a number.")));
            match name.as_ref() {
                "after" => asked.after = Some(number?),
                "before" => asked.before = Some(number?),
                "limit" => asked.limit = u32::try_from(number?).unwrap_or(MOST).clamp(1, MOST),
                _ => {}
            }
        }
        Ok(asked)
    }

    fn range(&self) -> Range {
        match (self.after, self.before) {
            (Some(after), Some(before)) => Range::Between(after, before),
            (Some(after), None) => Range::After(after),
            (None, Some(before)) => Range::Before(before),
            (None, None) => Range::Newest,
        }
    }
}
