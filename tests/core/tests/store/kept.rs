//! Files of earlier schemas, and how today's is held against one.

use std::path::{Path, PathBuf};

use baton_core::store::{SCHEMA, own_tables};
use baton_protocol::entry::Entry;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

/// A new file as the migrations up to that schema make it.
pub async fn of_schema(file: &Path, schema: i64) -> SqliteConnection {
    let mut migrator = sqlx::migrate!("../../migrations/desk");
    migrator.migrations = migrator.migrations.iter().filter(|one| one.version <= schema).cloned().collect();
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let mut conn = options.connect().await.unwrap();
    migrator.run(&mut conn).await.unwrap();
    conn
}

/// All schemas before the newest; a number may never have been used.
pub fn earlier_schemas() -> Vec<i64> {
    let migrator = sqlx::migrate!("../../migrations/desk");
    migrator.iter().map(|one| one.version).filter(|version| *version < SCHEMA).collect()
}

/// Keeps an entry as a program does that does not understand it.
pub async fn keep_not_understood(conn: &mut SqliteConnection, entry: &Entry) {
    sqlx::query(
        "INSERT INTO raw_entry (log, kind, key, seq, at_ms, chain, applied, body) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
    )
    .bind(entry.log.as_str())
    .bind(entry.kind.to_string())
    .bind(&entry.key)
    .bind(i64::try_from(entry.seq).unwrap())
    .bind(entry.at_ms)
    .bind(&entry.chain)
    .bind(entry.body.get())
    .execute(conn)
    .await
    .unwrap();
}

pub async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

async fn schema_of(conn: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(conn).await.unwrap()
}

/// A kept file, made whole, in a folder of its own.
pub struct Kept {
    folder: tempfile::TempDir,
    schema: i64,
}

impl Kept {
    pub async fn of(schema: i64, rows: &'static str) -> Self {
        let kept = Self { folder: tempfile::tempdir().unwrap(), schema };
        let mut conn = of_schema(&kept.file(), schema).await;
        sqlx::raw_sql(rows).execute(&mut conn).await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        std::fs::copy(kept.file(), kept.as_it_was()).unwrap();
        kept
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("desk.db")
    }

    /// An earlier run found that it is damaged.
    pub fn is_known_as_damaged(&self) {
        std::fs::write(self.folder.path().join("desk.db.damaged"), b"").unwrap();
    }

    /// The same before anything was done to it.
    pub fn as_it_was(&self) -> PathBuf {
        self.folder.path().join("as-it-was.db")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join(format!("set-aside/before-update-of-schema-{}.sqlite", self.schema))
    }

    /// Another file with the old one beside it, called `old`.
    async fn beside(&self, file: &Path) -> SqliteConnection {
        let mut conn = connect(file).await;
        let old = self.as_it_was();
        sqlx::query("ATTACH ? AS old").bind(old.to_str().unwrap()).execute(&mut conn).await.unwrap();
        conn
    }
}

/// The columns of a table that the old file has too; none where it has no such table.
async fn columns(conn: &mut SqliteConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT o.name FROM pragma_table_info(?1, 'old') o
         JOIN pragma_table_info(?1, 'main') m ON m.name = o.name ORDER BY o.cid",
    )
    .bind(table)
    .fetch_all(conn)
    .await
    .unwrap()
}

/// How many rows of the old file's table are not in this one's, as far as these columns tell.
async fn missing(conn: &mut SqliteConnection, table: &str, columns: &[String], of_those: &str) -> i64 {
    let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    let sql = format!(
        "SELECT count(*) FROM (SELECT {columns} FROM old.{table} WHERE {of_those} EXCEPT SELECT {columns} FROM main.{table})"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await.unwrap()
}

/// Whether the copy from before the update is the old file, row by row.
pub async fn assert_backup(kept: &Kept) {
    let mut conn = kept.beside(&kept.backup()).await;
    assert_eq!(schema_of(&mut conn).await, kept.schema);
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM old.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
           AND name NOT LIKE 'sqlite%' AND name NOT GLOB '*search_*'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    for table in tables {
        let columns = columns(&mut conn, &table).await;
        assert!(!columns.is_empty(), "{table}");
        assert_eq!(missing(&mut conn, &table, &columns, "1").await, 0, "{table}");
    }
}

/// Whether every own row of the old file is in the new one.
pub async fn assert_own_rows(kept: &Kept) {
    let mut conn = kept.beside(&kept.file()).await;
    assert_eq!(schema_of(&mut conn).await, SCHEMA);
    let mut rows = 0;
    for table in own_tables().iter().copied().chain(["cursor_range"]) {
        let mut columns = columns(&mut conn, table).await;
        if columns.is_empty() {
            continue;
        }
        let of_those = match table {
            // What the store notes about itself.
            "setting" => "name NOT GLOB 'store.*' AND name NOT GLOB 'search.*'",
            _ => "1",
        };
        match table {
            "thread" => columns.retain(|name| ["thread_id", "account", "customer"].contains(&name.as_str())),
            // What is known of an entry from when it is understood.
            "raw_entry" => columns.retain(|name| !["applied", "mid", "customer"].contains(&name.as_str())),
            _ => {}
        }
        assert_eq!(missing(&mut conn, table, &columns, of_those).await, 0, "{table}");
        let sql = format!("SELECT count(*) FROM old.{table}");
        rows += sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap();
    }
    assert!(rows > 50, "{rows}");
}
