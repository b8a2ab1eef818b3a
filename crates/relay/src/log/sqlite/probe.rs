//! A write that changes nothing, to see whether the log stores again.
//!
//! Without it a relay whose health decides whether it gets webhooks would never get the one that shows that its disk has
//! room again.

use async_trait::async_trait;

use super::super::LogError;
use super::row::storage;
use super::writer::{Tx, Work};

/// As much as a usual webhook takes, bytes; more than a page, so that the file must have room to grow.
const BYTES: i64 = 16 * 1024;

/// The write.
pub(super) struct Probe;

#[async_trait]
impl Work for Probe {
    type Answer = ();

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), LogError> {
        sqlx::query!("insert into probe (filling) values (zeroblob(?1))", BYTES)
            .execute(&mut *tx.conn)
            .await
            .map_err(storage)?;
        sqlx::query!("delete from probe").execute(&mut *tx.conn).await.map_err(storage)?;
        Ok(())
    }
}
