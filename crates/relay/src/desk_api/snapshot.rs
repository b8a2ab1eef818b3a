//! The team's state of an account, by pages.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use baton_protocol::AccountId;
use baton_protocol::snapshot::{Snapshot, SnapshotPage};

use super::gate::Desk;
use super::no::{No, found};
use crate::state::Shared;

/// Reads a page of it.
pub(super) async fn snapshot(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path(account): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Snapshot>, No> {
    let page = page(query.as_deref().unwrap_or_default())?;
    Ok(Json(found(shared.log.snapshot(desk.desk, &AccountId::new(account), &page).await?)?))
}

fn page(query: &str) -> Result<SnapshotPage, No> {
    let mut page = SnapshotPage::default();
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match name.as_ref() {
            "before" => {
                let before = value.parse().map_err(|_| No::bad_request("`before` is not a number."))?;
                page.before = Some(before);
            }
            "marks_after" => page.marks_after = Some(value.into_owned().into()),
            _ => {}
        }
    }
    Ok(page)
}
