//! A bare loop: the rows that the product wrote, commit by commit, through prepared statements and nothing else.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::sqlite::{Connection, Statement, Value};

/// What each commit wrote.
#[derive(Debug, Default)]
pub struct Script {
    pub(super) statements: Vec<String>,
    pub(super) commits: Vec<Vec<Op>>,
}

/// One row written.
#[derive(Debug)]
pub(super) struct Op {
    pub(super) statement: usize,
    pub(super) values: Vec<Value>,
}

impl Script {
    /// How many rows it writes.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.commits.iter().map(Vec::len).sum()
    }

    /// Writes everything into a file that has the schema and nothing else, and says how long that took.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn play(&self, path: &Path) -> anyhow::Result<Duration> {
        let connection = Connection::open(path)?;
        let statements: Vec<Statement<'_>> =
            self.statements.iter().map(|sql| connection.statement(sql)).collect::<anyhow::Result<_>>()?;
        let (begin, end) = (connection.statement("BEGIN IMMEDIATE")?, connection.statement("COMMIT")?);
        let begun = Instant::now();
        for commit in &self.commits {
            begin.run(&[])?;
            for op in commit {
                statements[op.statement].run(&op.values)?;
            }
            end.run(&[])?;
        }
        Ok(begun.elapsed())
    }
}
