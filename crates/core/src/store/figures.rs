//! How large the file is and what waits in it, for support.

use super::{Result, Store};

/// How large the store is and what waits in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// The version of SQLite.
    pub sqlite: String,
    /// Bytes of the file, without its log of writes.
    pub bytes: u64,
    /// Bytes of those that hold nothing at present.
    pub free_bytes: u64,
    /// Parts that have not ended well, by state.
    pub parts: Vec<(String, u64)>,
    /// Commands that the relay has not answered.
    pub commands: u64,
}

impl Store {
    /// How large the file is and what waits in it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn figures(&self) -> Result<Figures> {
        let mut conn = self.read().acquire().await?;
        let sqlite = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&mut *conn).await?;
        let mut pages = [0_u64; 3];
        for (place, name) in ["page_size", "page_count", "freelist_count"].into_iter().enumerate() {
            let sql = sqlx::AssertSqlSafe(format!("PRAGMA {name}"));
            let value: i64 = sqlx::query_scalar(sql).fetch_one(&mut *conn).await?;
            pages[place] = unsigned(value);
        }
        let [size, count, free] = pages;
        // Those that were sent are left out: there are as many as the desk ever sent.
        let parts: Vec<(String, i64)> = sqlx::query_as(
            "SELECT state, count(*) FROM outbox_part WHERE state IN ('held','queued','sending','unknown','refused',
               'abandoned','draft') GROUP BY state ORDER BY state",
        )
        .fetch_all(&mut *conn)
        .await?;
        let commands: i64 =
            sqlx::query_scalar("SELECT count(*) FROM command_queue").fetch_one(&mut *conn).await?;
        Ok(Figures {
            sqlite,
            bytes: size.saturating_mul(count),
            free_bytes: size.saturating_mul(free),
            parts: parts.into_iter().map(|(state, count)| (state, unsigned(count))).collect(),
            commands: unsigned(commands),
        })
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
