//! A block of a log.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use baton_protocol::LogName;
use baton_protocol::block::BLOCK_TYPE;
use baton_protocol::error::ErrorCode;
use tokio_util::io::ReaderStream;

use super::gate::Desk;
use super::no::{No, found};
use crate::log::BlockVersion;
use crate::state::Shared;

/// How much of a block is in memory for one desk.
const CHUNK: usize = 64 * 1024;

/// Gives a block out, or says that the desk has it already. Whoever keeps a copy asks with every use, because a right may
/// end and a text may be taken back.
pub(super) async fn block(
    State(shared): State<Arc<Shared>>,
    Desk(desk): Desk,
    Path((log, block)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, No> {
    let number = block.parse().map_err(|_| No::bad_request("The block is not a number."))?;
    let which = (LogName::from(log), number);
    let version = found(shared.log.block(desk.desk, &which.0, number).await?)?;
    let tag = tag(&version.ok_or_else(not_yet)?);
    let asks_again = headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if asks_again {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag)]).into_response());
    }
    let block = found(shared.blocks.block(&*shared.log, desk.desk, &which).await?)?;
    let block = block.ok_or_else(not_yet)?;
    let headers = [
        (CONTENT_TYPE, BLOCK_TYPE.to_owned()),
        (CONTENT_LENGTH, block.bytes.to_string()),
        (CACHE_CONTROL, "private, no-cache".to_owned()),
        (ETAG, self::tag(&block.version)),
    ];
    Ok((headers, Body::from_stream(ReaderStream::with_capacity(block.file, CHUNK))).into_response())
}

fn tag(version: &BlockVersion) -> String {
    format!("\"{}.{}.{}\"", version.log_id, version.version, version.chain)
}

fn not_yet() -> No {
    No::new(ErrorCode::NothingWaiting, "The log does not have all of this block yet.", "Read it by pages.")
}
