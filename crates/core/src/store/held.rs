//! Which seqs of every log are here, for the status line: it is asked for with every notice, and most notices move nothing of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use baton_protocol::{LogName, SeqRanges};

use super::{Result, Store, seq_out};

impl Store {
    /// The ranges of every log of which something is here. Whoever asks again before anything was written gets the same answer
    /// without a read; after a write it is one statement, however many logs there are, over as many rows as there are ranges:
    /// one a log while nothing is missing.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn held(&self) -> Result<Arc<BTreeMap<LogName, SeqRanges>>> {
        self.held.or_read(self.version(), async || self.read_held().await.map(Arc::new)).await
    }

    async fn read_held(&self) -> Result<BTreeMap<LogName, SeqRanges>> {
        let rows: Vec<(String, i64, i64)> =
            sqlx::query_as("SELECT log, first, last FROM cursor_range ORDER BY log, first")
                .fetch_all(self.read())
                .await?;
        let mut held: BTreeMap<LogName, SeqRanges> = BTreeMap::new();
        for (log, first, last) in rows {
            held.entry(LogName::from(log)).or_default().insert(seq_out(first), seq_out(last));
        }
        Ok(held)
    }
}
