//! Which version of a block there is. The blocks themselves are made from entries and kept elsewhere.

use std::collections::BTreeSet;

use baton_protocol::LogName;
use baton_protocol::block::{block_of, seqs_of};
use sqlx::SqliteConnection;

use super::super::{BlockVersion, LogError, Read};
use super::backup::Rewritten;
use super::read;
use super::row::{column, seq, storage};

/// The version of a block; none while the log has not all its seqs.
pub(super) async fn version(
    conn: &mut SqliteConnection,
    log: &LogName,
    block: u64,
) -> Result<Read<Option<BlockVersion>>, LogError> {
    let Some((_, last)) = seqs_of(block) else { return Ok(Read::Found(None)) };
    let head = match read::head(conn, log, last).await? {
        Read::Found(head) => head,
        Read::NoSuchLog => return Ok(Read::NoSuchLog),
        Read::Revoked => return Ok(Read::Revoked),
    };
    let Some(chain) = head.chain_at else { return Ok(Read::Found(None)) };
    let (name, block) = (log.as_str(), column(block));
    let row = sqlx::query!(
        r#"select version as "version!" from block_version where log = ?1 and block = ?2"#,
        name,
        block
    )
    .fetch_optional(conn)
    .await
    .map_err(storage)?;
    let version = row.map_or(0, |row| seq(row.version));
    Ok(Read::Found(Some(BlockVersion { log_id: head.log_id, version, chain })))
}

/// Gives the blocks of rewritten entries a new version, in the transaction that rewrites them. Returns which.
pub(super) async fn renew(
    conn: &mut SqliteConnection,
    rewritten: &Rewritten,
) -> Result<Vec<(LogName, u64)>, LogError> {
    let blocks = rewritten.entries.keys().map(|(log, at)| (log.as_str(), block_of(seq(*at))));
    let blocks: BTreeSet<(&str, u64)> = blocks.collect();
    for &(log, block) in &blocks {
        let block = column(block);
        sqlx::query!(
            "insert into block_version (log, block, version) values (?1, ?2, 1)
             on conflict (log, block) do update set version = version + 1",
            log,
            block
        )
        .execute(&mut *conn)
        .await
        .map_err(storage)?;
    }
    Ok(blocks.into_iter().map(|(log, block)| (LogName::from(log.to_owned()), block)).collect())
}
