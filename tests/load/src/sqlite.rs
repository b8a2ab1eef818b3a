//! SQLite with next to nothing around it: the very library that the product's driver brings, called as its own manual says,
//! so that what is measured here is SQLite and no driver. Statements are prepared once and kept.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::{CStr, CString, c_int};
use std::path::Path;
use std::ptr;

use anyhow::Context as _;
use libsqlite3_sys as ffi;

/// What stands in a column. Nothing else is in the files that are measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number.
    Integer(i64),
    /// A text.
    Text(String),
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(i64::from(number))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Integer(i64::from(truth))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Null, Self::Text)
    }
}

/// A connection, with the settings of the desk's writer.
#[derive(Debug)]
pub struct Connection {
    raw: *mut ffi::sqlite3,
    kept: RefCell<HashMap<String, *mut ffi::sqlite3_stmt>>,
}

impl Connection {
    /// Opens a file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let name = CString::new(path.to_str().context("a path that is no text")?)?;
        let mut raw = ptr::null_mut();
        let flags = ffi::SQLITE_OPEN_READWRITE | ffi::SQLITE_OPEN_CREATE | ffi::SQLITE_OPEN_NOMUTEX;
        // SAFETY: the name ends with a zero and `raw` is written before the call returns.
        let code = unsafe { ffi::sqlite3_open_v2(name.as_ptr(), &raw mut raw, flags, ptr::null()) };
        let connection = Self { raw, kept: RefCell::default() };
        connection.check(code)?;
        connection.batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
             PRAGMA busy_timeout = 5000;",
        )?;
        Ok(connection)
    }

    /// Runs statements that return nothing.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn batch(&self, sql: &str) -> anyhow::Result<()> {
        let sql = CString::new(sql)?;
        // SAFETY: the connection is open, the text ends with a zero.
        let code =
            unsafe { ffi::sqlite3_exec(self.raw, sql.as_ptr(), None, ptr::null_mut(), ptr::null_mut()) };
        self.check(code)
    }

    /// A statement, prepared when it is asked for the first time.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn statement(&self, sql: &str) -> anyhow::Result<Statement<'_>> {
        if let Some(raw) = self.kept.borrow().get(sql) {
            return Ok(Statement { raw: *raw, connection: self });
        }
        let text = CString::new(sql)?;
        let mut raw = ptr::null_mut();
        // SAFETY: the connection is open, the text ends with a zero, and `raw` is written before the call returns.
        let code = unsafe {
            ffi::sqlite3_prepare_v3(
                self.raw,
                text.as_ptr(),
                -1,
                ffi::SQLITE_PREPARE_PERSISTENT,
                &raw mut raw,
                ptr::null_mut(),
            )
        };
        self.check(code).with_context(|| sql.to_owned())?;
        self.kept.borrow_mut().insert(sql.to_owned(), raw);
        Ok(Statement { raw, connection: self })
    }

    /// All rows of a query.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn rows(&self, sql: &str, values: &[Value]) -> anyhow::Result<Vec<Vec<Value>>> {
        self.statement(sql)?.rows(values)
    }

    /// The number that a query gives; 0 for none.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn number(&self, sql: &str, values: &[Value]) -> anyhow::Result<i64> {
        match self.rows(sql, values)?.first().and_then(|row| row.first()) {
            Some(Value::Integer(number)) => Ok(*number),
            _ => Ok(0),
        }
    }

    fn check(&self, code: c_int) -> anyhow::Result<()> {
        if matches!(code, ffi::SQLITE_OK | ffi::SQLITE_ROW | ffi::SQLITE_DONE) {
            return Ok(());
        }
        // SAFETY: the message belongs to the connection and stays until the next call on it.
        let message = unsafe { CStr::from_ptr(ffi::sqlite3_errmsg(self.raw)) };
        anyhow::bail!("SQLite says {code}: {}", message.to_string_lossy())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        for raw in self.kept.borrow_mut().drain() {
            // SAFETY: prepared on this connection, and not used after it.
            unsafe { ffi::sqlite3_finalize(raw.1) };
        }
        // SAFETY: open, and no statement of it is left.
        unsafe { ffi::sqlite3_close(self.raw) };
    }
}

/// A prepared statement.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    raw: *mut ffi::sqlite3_stmt,
    connection: &'a Connection,
}

impl Statement<'_> {
    /// Runs it; what it returns is not looked at.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn run(&self, values: &[Value]) -> anyhow::Result<()> {
        self.bind(values)?;
        let mut code = ffi::SQLITE_ROW;
        while code == ffi::SQLITE_ROW {
            // SAFETY: a statement of an open connection.
            code = unsafe { ffi::sqlite3_step(self.raw) };
        }
        self.end(code)
    }

    /// Runs it and reads every column of every row into a value of its own.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn rows(&self, values: &[Value]) -> anyhow::Result<Vec<Vec<Value>>> {
        self.bind(values)?;
        // SAFETY: a statement of an open connection.
        let columns = unsafe { ffi::sqlite3_column_count(self.raw) };
        let mut rows = Vec::new();
        loop {
            // SAFETY: a statement of an open connection.
            let code = unsafe { ffi::sqlite3_step(self.raw) };
            if code != ffi::SQLITE_ROW {
                self.end(code)?;
                return Ok(rows);
            }
            rows.push((0..columns).map(|column| self.column(column)).collect());
        }
    }

    /// How often it was planned anew since it was prepared.
    #[must_use]
    pub fn planned_anew(&self) -> i32 {
        // SAFETY: a statement of an open connection; the counter stays as it is.
        unsafe { ffi::sqlite3_stmt_status(self.raw, ffi::SQLITE_STMTSTATUS_REPREPARE, 0) }
    }

    fn bind(&self, values: &[Value]) -> anyhow::Result<()> {
        for (place, value) in (1..).zip(values) {
            // SAFETY: the statement was reset; the text stays until the statement was run, because `values` does.
            let code = unsafe {
                match value {
                    Value::Null => ffi::sqlite3_bind_null(self.raw, place),
                    Value::Integer(number) => ffi::sqlite3_bind_int64(self.raw, place, *number),
                    Value::Text(text) => ffi::sqlite3_bind_text(
                        self.raw,
                        place,
                        text.as_ptr().cast(),
                        c_int::try_from(text.len())?,
                        ffi::SQLITE_STATIC(),
                    ),
                }
            };
            self.connection.check(code)?;
        }
        Ok(())
    }

    fn column(&self, column: c_int) -> Value {
        // SAFETY: the statement stands on a row, and the column is one of it; the bytes are copied before the next step.
        unsafe {
            match ffi::sqlite3_column_type(self.raw, column) {
                ffi::SQLITE_INTEGER => Value::Integer(ffi::sqlite3_column_int64(self.raw, column)),
                ffi::SQLITE_TEXT => {
                    let text = ffi::sqlite3_column_text(self.raw, column);
                    let length = usize::try_from(ffi::sqlite3_column_bytes(self.raw, column)).unwrap_or(0);
                    let bytes = std::slice::from_raw_parts(text, length);
                    Value::Text(String::from_utf8_lossy(bytes).into_owned())
                }
                _ => Value::Null,
            }
        }
    }

    fn end(&self, code: c_int) -> anyhow::Result<()> {
        let ended = self.connection.check(code);
        // SAFETY: a statement of an open connection.
        unsafe {
            ffi::sqlite3_reset(self.raw);
            ffi::sqlite3_clear_bindings(self.raw);
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often a statement is planned anew that runs ten times with other values.
    fn planned_anew(sql: &str, values: usize) -> anyhow::Result<i32> {
        let folder = tempfile::tempdir()?;
        let connection = Connection::open(&folder.path().join("planned.db"))?;
        connection.batch(
            "CREATE TABLE said (id INTEGER PRIMARY KEY, thread INTEGER, word INTEGER);
             CREATE INDEX of_words ON said (thread, id) WHERE word = 1;",
        )?;
        let statement = connection.statement(sql)?;
        for turn in 0..10_i64 {
            statement.rows(&vec![Value::from(turn); values])?;
        }
        Ok(statement.planned_anew())
    }

    /// Otherwise each run costs a plan, many times what a look into an index does: `docs/decisions/0008-planned-once.md`.
    #[test]
    fn a_statement_is_planned_once_whatever_is_bound_to_its_limit_or_to_what_an_index_is_about() {
        let of_limit = planned_anew("SELECT id FROM said WHERE thread = ?1 ORDER BY id LIMIT ?2", 2);
        assert_eq!(of_limit.unwrap(), 0);
        let of_index = planned_anew("SELECT id FROM said WHERE thread = ?1 AND word = ?2 ORDER BY id", 2);
        assert_eq!(of_index.unwrap(), 0);
    }
}
