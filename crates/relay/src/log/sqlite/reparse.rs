//! At start: bodies that an earlier version could not read are tried again.

use async_trait::async_trait;
use baton_messenger::webhook;

use super::super::{Appended, LogError};
use super::quarantine;
use super::row::storage;
use super::webhook::take;
use super::writer::{Tx, Work};

/// Tries what could not be read.
pub(super) struct Reparse;

#[async_trait]
impl Work for Reparse {
    type Answer = u64;

    async fn run(&mut self, tx: &mut Tx<'_>) -> Result<u64, LogError> {
        let rows = sqlx::query!(
            r#"select arrival as "arrival!", at_ms as "at_ms!", body as "body!" from quarantine
               where why = 'unreadable' order by arrival limit 1000"#
        )
        .fetch_all(&mut *tx.conn)
        .await
        .map_err(storage)?;
        let mut understood = 0;
        for row in rows {
            let Ok(delivery) = webhook::parse(&row.body) else { continue };
            let mut told = Appended::default();
            for event in &delivery.events {
                take(tx, event, row.at_ms, &mut told).await?;
            }
            quarantine::take_out(tx, row.arrival).await?;
            *tx.effects.quarantined.entry(quarantine::UNREADABLE.to_owned()).or_default() -= 1;
            understood += 1;
        }
        Ok(understood)
    }
}
