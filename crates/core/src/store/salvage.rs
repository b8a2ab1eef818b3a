//! Takes what can be read out of a damaged file: the own tables, row by row, around the places that cannot be read.
//!
//! Tables with row numbers are read from both ends, and over a place that fails in growing steps; tables without them are
//! read from both ends up to the first failure. A row that came is never read as something else: what is no text, or does
//! not fit the schema, counts as lost.

use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteConnection;
use sqlx::{AssertSqlSafe, Connection as _, Row as _};

use super::error::to_json;
use super::telling::{OpeningStep, OpeningWatcher, Share};
use super::{Conn, Result, StoreError};

/// How many rows are read at once.
const STRIDE: i64 = 200;
/// Where stepping over a damaged place ends; no table has more rows.
const LAST_ROW: i64 = 1 << 40;

/// The own tables in the order that references allow. `cursor_range` is not among them: it is told anew by the entries
/// that came through, so that nothing that did not is taken for held. Of `thread` only its number and name are taken.
pub(super) const OWN: &[&str] = &[
    "enrolment",
    "access",
    "setting",
    "own_canned_reply",
    "saved_view",
    "log_identity",
    "raw_entry",
    "command_queue",
    "page_token",
    "account_check",
    "history_pass",
    "history_thread",
    "read_mark",
    "familiar",
    "thread",
    "media",
    "media_use",
    "own_file",
    "own_file_use",
    "upload",
    "reply",
    "reply_frame",
    "outbox_part",
    "outbox_former",
    "draft",
    "draft_frame",
    "note_draft",
    "hand_back_due",
    "handed_draft_done",
    "draft_told",
    "reply_pending_told",
    "alert_log",
    "alert_end",
];

/// The tables that a repair saves, for the test that holds them to docs/schema.sql.
#[doc(hidden)]
#[must_use]
pub fn own_tables() -> &'static [&'static str] {
    OWN
}

/// What came out of a damaged file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Salvaged {
    /// Drafts that were saved.
    pub drafts: u64,
    /// Parts of replies that were saved, whatever their state.
    pub parts: u64,
    /// Entries of logs that were saved; the relay has the others.
    pub entries: u64,
    /// Own tables of which something could not be read.
    pub damaged: Vec<String>,
    /// True when this desk's own enrolment was among what could not be read.
    pub enrolment_lost: bool,
}

/// The tables whose rows say what the files in the desk's folders are.
const OF_FILES: &[&str] = &["media", "media_use", "own_file", "own_file_use"];

impl Salvaged {
    /// True when it may no longer be known of a file what it is and where it belongs.
    pub(super) fn lost_files(&self) -> bool {
        self.damaged.iter().any(|table| OF_FILES.contains(&table.as_str()))
    }
}

/// The schema that a damaged file is of; none when it cannot tell.
pub(super) async fn schema(old: &mut SqliteConnection) -> Option<i64> {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(old).await.ok().flatten()
}

/// Copies every own row that can be read into a file of the same schema.
///
/// # Errors
/// When the new file cannot be written. What the old file refuses is no error.
pub(super) async fn copy(
    old: &mut SqliteConnection,
    new: &mut Conn,
    tells: &dyn OpeningWatcher,
) -> Result<Salvaged> {
    let mut salvaged = Salvaged::default();
    for (done, name) in OWN.iter().enumerate() {
        tells.stands(OpeningStep::Salvaging(Share::counted(done, OWN.len())));
        if columns(new, name).await?.is_empty() {
            // The old file's schema is one of before this table.
            continue;
        }
        let Some(table) = Table::find(old, new, name).await? else {
            salvaged.damaged.push((*name).to_owned());
            salvaged.enrolment_lost |= *name == "enrolment";
            continue;
        };
        let saved = table.copy(old, new).await?;
        if saved.is_damaged {
            salvaged.damaged.push((*name).to_owned());
        }
        match *name {
            "draft" => salvaged.drafts = saved.rows,
            "outbox_part" => salvaged.parts = saved.rows,
            "raw_entry" => salvaged.entries = saved.rows,
            "enrolment" => salvaged.enrolment_lost = saved.rows == 0 && saved.is_damaged,
            _ => {}
        }
    }
    Ok(salvaged)
}

struct Table {
    name: &'static str,
    /// Columns that both files have; one whose schema cannot be read may lack some.
    columns: Vec<String>,
    /// What its rows are ordered by when it has no row numbers.
    key: Vec<String>,
}

#[derive(Default)]
struct Saved {
    rows: u64,
    is_damaged: bool,
}

impl Table {
    /// None when the old file does not even tell the table's columns.
    async fn find(old: &mut SqliteConnection, new: &mut Conn, name: &'static str) -> Result<Option<Self>> {
        let here = columns(new, name).await?;
        let Ok(there) = columns(old, name).await else { return Ok(None) };
        let mut both: Vec<String> =
            here.iter().filter(|column| there.contains(column)).map(|column| column.name.clone()).collect();
        if name == "thread" {
            both.retain(|column| ["thread_id", "account", "customer"].contains(&column.as_str()));
        }
        if both.is_empty() {
            return Ok(None);
        }
        let key = here.iter().filter(|column| column.in_key).map(|column| column.name.clone()).collect();
        let without_rowid: i64 =
            sqlx::query_scalar("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?")
                .bind(name)
                .fetch_one(new)
                .await?;
        Ok(Some(Self { name, columns: both, key: if without_rowid == 1 { key } else { Vec::new() } }))
    }

    async fn copy(&self, old: &mut SqliteConnection, new: &mut Conn) -> Result<Saved> {
        let mut saved = Saved::default();
        if self.key.is_empty() {
            self.by_number(old, new, true, &mut saved).await?;
            if saved.is_damaged {
                self.by_number(old, new, false, &mut saved).await?;
            }
        } else {
            self.by_key(old, new, "ASC", &mut saved).await?;
            if saved.is_damaged {
                self.by_key(old, new, "DESC", &mut saved).await?;
            }
        }
        Ok(saved)
    }

    fn row_as_json(&self) -> String {
        let columns: Vec<String> = self.columns.iter().map(|column| format!("\"{column}\"")).collect();
        format!("json_array({})", columns.join(", "))
    }

    async fn by_number(
        &self,
        old: &mut SqliteConnection,
        new: &mut Conn,
        upwards: bool,
        saved: &mut Saved,
    ) -> Result<()> {
        let (compared, order) = if upwards { (">", "ASC") } else { ("<", "DESC") };
        let sql = format!(
            "SELECT rowid, {} FROM \"{}\" WHERE rowid {compared} ? ORDER BY rowid {order} LIMIT ?",
            self.row_as_json(),
            self.name
        );
        let (mut from, mut stride, mut step) = (if upwards { 0 } else { LAST_ROW }, STRIDE, 1_i64);
        while (0..=LAST_ROW).contains(&from) {
            match chunk(old, &sql, from, stride).await {
                Ok(rows) => {
                    let Some((last, _)) = rows.last() else { return Ok(()) };
                    from = *last;
                    self.insert(new, rows.into_iter().map(|(_, row)| row).collect(), saved).await?;
                    (stride, step) = ((stride * 2).min(STRIDE), 1);
                }
                Err(_) if stride > 1 => {
                    saved.is_damaged = true;
                    stride = 1;
                }
                Err(_) => {
                    from = if upwards { from.saturating_add(step) } else { from.saturating_sub(step) };
                    step = step.saturating_mul(2);
                }
            }
        }
        Ok(())
    }

    async fn by_key(
        &self,
        old: &mut SqliteConnection,
        new: &mut Conn,
        order: &str,
        saved: &mut Saved,
    ) -> Result<()> {
        let keys: Vec<String> = self.key.iter().map(|column| format!("\"{column}\" {order}")).collect();
        let sql =
            format!("SELECT {} FROM \"{}\" ORDER BY {}", self.row_as_json(), self.name, keys.join(", "));
        let mut rows: Vec<String> = Vec::new();
        {
            use tokio_stream::StreamExt as _;
            let mut stream = sqlx::query_scalar::<_, String>(AssertSqlSafe(sql)).fetch(&mut *old);
            while let Some(row) = stream.next().await {
                let Ok(row) = row else {
                    saved.is_damaged = true;
                    break;
                };
                rows.push(row);
            }
        }
        for rows in rows.chunks(usize::try_from(STRIDE).unwrap_or(200)) {
            self.insert(new, rows.to_vec(), saved).await?;
        }
        Ok(())
    }

    /// Puts rows into the new file; those that do not fit alone.
    async fn insert(&self, new: &mut Conn, rows: Vec<String>, saved: &mut Saved) -> Result<()> {
        match self.insert_all(new, &rows).await {
            Ok(inserted) => saved.rows += inserted,
            Err(error) if error.may_pass() || matches!(error, StoreError::DiskFault) => return Err(error),
            Err(_) => {
                for row in rows {
                    match self.insert_all(new, std::slice::from_ref(&row)).await {
                        Ok(inserted) => saved.rows += inserted,
                        Err(error) if error.may_pass() => return Err(error),
                        Err(_) => saved.is_damaged = true,
                    }
                }
            }
        }
        Ok(())
    }

    async fn insert_all(&self, new: &mut Conn, rows: &[String]) -> Result<u64> {
        let names: Vec<String> = self.columns.iter().map(|column| format!("\"{column}\"")).collect();
        let values: Vec<String> =
            (0..self.columns.len()).map(|place| format!("row.value ->> {place}")).collect();
        let sql = format!(
            "INSERT OR IGNORE INTO \"{}\" ({}) SELECT {} FROM json_each(?) row",
            self.name,
            names.join(", "),
            values.join(", ")
        );
        let parsed: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| serde_json::from_str(row).map_err(|e| StoreError::Unreadable(e.to_string())))
            .collect::<Result<_>>()?;
        let done = sqlx::query(AssertSqlSafe(sql)).bind(to_json(&parsed)?).execute(new).await?;
        Ok(done.rows_affected())
    }
}

async fn chunk(
    old: &mut SqliteConnection,
    sql: &str,
    from: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, sqlx::Error> {
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).bind(from).bind(limit).fetch_all(old).await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?))).collect()
}

#[derive(PartialEq)]
struct Column {
    name: String,
    in_key: bool,
}

async fn columns(conn: &mut SqliteConnection, table: &str) -> Result<Vec<Column>> {
    let rows: Vec<(String, i64)> = sqlx::query_as("SELECT name, pk FROM pragma_table_info(?) ORDER BY cid")
        .bind(table)
        .fetch_all(conn)
        .await?;
    Ok(rows.into_iter().map(|(name, pk)| Column { name, in_key: pk > 0 }).collect())
}

/// Opens a damaged file for reading, as far as that goes.
pub(super) async fn open(file: &std::path::Path) -> Option<SqliteConnection> {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file).read_only(true);
    SqliteConnection::connect_with(&options).await.ok()
}
