//! The files behind attachments, by the signed links that webhooks and Graph give (docs/meta.md 2.6.4).

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use std::sync::Arc;

use super::control::Shared;
use crate::faults::{Case, Moment};
use crate::files;
use crate::sim::Sim;
use crate::world::media::DeadLink;

pub(super) fn router() -> Router<Arc<Sim>> {
    Router::new().route("/{id}/{name}", get(serve))
}

#[derive(Deserialize)]
struct Signed {
    /// When the link ends, seconds in hexadecimal digits.
    #[serde(default)]
    oe: String,
    #[serde(default)]
    oh: String,
}

async fn serve(
    State(sim): Shared,
    Path((id, _)): Path<(String, String)>,
    Query(signed): Query<Signed>,
) -> Response {
    if sim.faults.strike(Moment::Media, Case::default(), sim.clock.now_ms()).is_some() {
        sim.note_change();
        return (StatusCode::FORBIDDEN, "URL signature expired").into_response();
    }
    let found = sim.look(|world, now_ms| world.files.open(&id, &signed.oe, &signed.oh, now_ms).cloned());
    match found {
        Ok(file) => {
            let name: String = file.name.chars().filter(|c| !matches!(c, '"' | '\\' | '\r' | '\n')).collect();
            let disposition =
                format!("attachment; filename=\"{}\"", name.replace(|c: char| !c.is_ascii(), "_"));
            let headers = [
                (header::CONTENT_TYPE, file.mime.clone()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, Body::from(files::bytes(&file).into_owned())).into_response()
        }
        Err(DeadLink::Expired) => (StatusCode::FORBIDDEN, "URL signature expired").into_response(),
        Err(DeadLink::Gone) => (StatusCode::NOT_FOUND, "Content not found").into_response(),
    }
}
