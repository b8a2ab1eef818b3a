//! What columns hold, read into our types.

use std::fmt::Display;
use std::str::FromStr;

use super::super::LogError;

/// A failure of SQLite, sorted by what can be done about it.
#[expect(clippy::needless_pass_by_value, reason = "used as the function of map_err")]
pub(super) fn storage(error: sqlx::Error) -> LogError {
    match &error {
        sqlx::Error::Database(_) => {
            match primary(&error) {
                // BUSY, LOCKED, FULL: nothing was written.
                Some(5 | 6 | FULL) => LogError::Unavailable(error.to_string()),
                // READONLY, IOERR, CORRUPT, CANTOPEN, NOTADB: what the disk holds is not known.
                Some(8 | 10 | 11 | 14 | 26) => LogError::Broken(error.to_string()),
                _ => LogError::Unreadable(error.to_string()),
            }
        }
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => LogError::Broken(error.to_string()),
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed => LogError::Unavailable(error.to_string()),
        _ => LogError::Unreadable(error.to_string()),
    }
}

/// Whether the disk is full.
pub(super) fn is_full(error: &sqlx::Error) -> bool {
    primary(error) == Some(FULL)
}

const FULL: i32 = 13;

/// SQLite's primary code of an error.
fn primary(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?.parse::<i32>().ok()?;
    Some(code & 0xff)
}

/// A text column as one of our types.
pub(super) fn text<T: FromStr>(column: &str) -> Result<T, LogError>
where
    T::Err: Display,
{
    column.parse().map_err(|e| LogError::Unreadable(format!("{}: {e}", std::any::type_name::<T>())))
}

/// A text column that may be null.
pub(super) fn maybe<T: FromStr>(column: Option<&str>) -> Result<Option<T>, LogError>
where
    T::Err: Display,
{
    column.map(text).transpose()
}

/// A column of JSON.
pub(super) fn json<T: serde::de::DeserializeOwned>(column: &str) -> Result<T, LogError> {
    serde_json::from_str(column).map_err(|e| LogError::Unreadable(e.to_string()))
}

/// A value as JSON.
pub(super) fn to_json<T: serde::Serialize>(value: &T) -> Result<String, LogError> {
    serde_json::to_string(value).map_err(|e| LogError::Unreadable(e.to_string()))
}

/// A seq from its column.
pub(super) fn seq(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}

/// A seq for its column. What no log can reach becomes the largest value.
pub(super) fn column(seq: u64) -> i64 {
    i64::try_from(seq).unwrap_or(i64::MAX)
}
