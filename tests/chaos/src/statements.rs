//! What a store asks its file: every statement, as the driver reports it, and how SQLite would answer it.

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

/// Where the driver reports statements.
const TARGET: &str = "sqlx::query";
/// Tables of which there is a row for each account, list or migration, or less.
const SMALL: &[&str] = &[
    "_sqlx_migrations",
    "account",
    "enrolment",
    "list_count",
    "log_identity",
    "sqlite_schema",
    "sqlite_sequence",
];
/// Columns that say of a row no more than whose it is.
const OWNERS: &[&str] = &["log", "account", "kind", "applied"];
/// Tables of which an account has a row for each entry, message or thread.
const LARGE: &[&str] =
    &["raw_entry", "message", "thread", "owner_event", "team_event", "team_part", "customer"];

/// Every statement of this process.
#[derive(Debug, Clone, Default)]
pub struct Statements(Arc<Mutex<BTreeSet<String>>>);

impl Statements {
    /// Listens from now on, in the whole process.
    ///
    /// # Errors
    /// When something else listens already.
    pub fn listen() -> anyhow::Result<Self> {
        let heard = Self::default();
        let ear = Ear(heard.clone()).with_filter(LevelFilter::DEBUG);
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(ear))?;
        Ok(heard)
    }

    /// Forgets what was heard.
    pub fn forget(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// What was heard of reading and writing rows.
    #[must_use]
    pub fn heard(&self) -> Vec<String> {
        let asks = |sql: &&String| {
            let begin = sql.split_whitespace().next().unwrap_or_default();
            ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"].contains(&begin)
        };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().filter(asks).cloned().collect()
    }
}

/// Of each statement what of it grows with the file: steps of its plan that walk over a large table, or over all that an
/// account has of it.
///
/// # Errors
/// When a statement cannot be explained.
pub async fn walks(file: &Path, statements: &[String]) -> anyhow::Result<Vec<String>> {
    let mut conn = SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(file)).await?;
    let mut walks = Vec::new();
    for sql in statements {
        let steps: Vec<(i64, i64, i64, String)> =
            sqlx::query_as(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&mut conn).await?;
        for (.., step) in steps {
            if is_walk(sql, &step) {
                walks.push(format!("{step}\n{sql}"));
            }
        }
    }
    Ok(walks)
}

fn is_walk(sql: &str, step: &str) -> bool {
    let mut words = step.split_whitespace();
    let (what, table) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    match what {
        "SCAN" => {
            let is_inner =
                table.starts_with('(') || sql.contains(&format!(") {table}")) || is_named(sql, table);
            let is_made_up = step.contains("VIRTUAL TABLE") || step.contains("CONSTANT ROW");
            !is_inner && !is_made_up && !is_one_of(SMALL, sql, table)
        }
        "SEARCH" => {
            let bounds = step.rsplit_once('(').map(|(_, bounds)| bounds.trim_end_matches(')'));
            let only_owners = |bounds: &str| {
                bounds
                    .split(" AND ")
                    .all(|bound| bound.split_once('=').is_some_and(|(c, _)| OWNERS.contains(&c)))
            };
            bounds.is_some_and(only_owners) && is_one_of(LARGE, sql, table)
        }
        _ => false,
    }
}

/// Whether it is a result that the statement made and named before, or stands for one.
fn is_named(sql: &str, name: &str) -> bool {
    let words: Vec<&str> = sql.split_whitespace().collect();
    let is_made =
        |words: &&[&str]| words[1] == "AS" && (words[2] == "MATERIALIZED" || words[2].starts_with("(SELECT"));
    let named = words.windows(3).filter(is_made).map(|words| words[0]);
    named.into_iter().any(|named| named == name || words.windows(2).any(|words| words == [named, name]))
}

/// Whether a step's table is one of these: it is named by its alias.
fn is_one_of(tables: &[&str], sql: &str, name: &str) -> bool {
    let stands_for = |table: &str| table == name || sql.contains(&format!(" {table} {name} "));
    tables.iter().any(|table| stands_for(table))
}

struct Ear(Statements);

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() != TARGET {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        let sql = if said.statement.trim().is_empty() { said.summary } else { said.statement };
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).insert(sql.trim().to_owned());
    }
}

#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn fmt::Debug) {}
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::is_walk;

    #[rstest]
    #[case("SELECT 1 FROM raw_entry", "SCAN raw_entry", true)]
    #[case("SELECT 1 FROM json_each(?)", "SCAN json_each VIRTUAL TABLE INDEX 1:", false)]
    #[case("SELECT 1 FROM (SELECT 1) h", "SCAN h", false)]
    #[case("SELECT 1 FROM message m", "SCAN m", true)]
    #[case("WITH page AS MATERIALIZED (SELECT 1) SELECT 1 FROM page m", "SCAN m", false)]
    #[case("WITH asked AS (SELECT 1) SELECT 1 FROM asked LEFT JOIN account a", "SCAN asked", false)]
    #[case("SELECT 1 FROM list_count", "SCAN list_count", false)]
    #[case("SELECT 1 FROM account a CROSS JOIN thread t", "SCAN a", false)]
    #[case("SELECT 1 FROM raw_entry", "SEARCH raw_entry USING INDEX i (log=? AND kind=?)", true)]
    #[case("SELECT 1 FROM raw_entry", "SEARCH raw_entry USING INDEX i (log=? AND kind=? AND key=?)", false)]
    #[case("SELECT 1 FROM raw_entry", "SEARCH raw_entry USING INDEX i (log=? AND key>?)", false)]
    #[case("SELECT 1 FROM thread t JOIN unsent u", "SEARCH t USING INDEX i (account=?)", true)]
    #[case("SELECT 1 FROM account a", "SEARCH a USING INDEX i (account=?)", false)]
    fn a_walk_is_told_from_a_look(#[case] sql: &str, #[case] step: &str, #[case] is: bool) {
        assert_eq!(is_walk(sql, step), is);
    }
}
