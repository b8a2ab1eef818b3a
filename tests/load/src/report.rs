//! What a measurement hands over: rows of a table, each a ratio of what was measured and its reference.

use std::path::Path;

use serde::Serialize;

use crate::stat::{median, range};

/// Where a ratio has to lie.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// As fast as the reference times this.
    AtLeast(f64),
    /// Not more than the reference times this.
    AtMost(f64),
    /// Told, not promised.
    Told,
}

impl Promise {
    fn is_kept(self, ratio: f64) -> Option<bool> {
        match self {
            Self::AtLeast(limit) => Some(ratio >= limit),
            Self::AtMost(limit) => Some(ratio <= limit),
            Self::Told => None,
        }
    }
}

/// One line of a table.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// What Baton needs or does, with its unit.
    pub ours: String,
    /// The same of the reference.
    pub reference: String,
    /// The ratio of the medians.
    pub ratio: f64,
    /// The ratio of each round.
    pub rounds: Vec<f64>,
    /// Lowest and highest of them.
    pub spread: (f64, f64),
    /// What is promised.
    pub promise: Promise,
    /// Whether it is kept; none where nothing is promised.
    pub kept: Option<bool>,
    /// Where the time goes: name and share or figure. Filled where a promise is missed, or where stages are the point.
    pub profile: Vec<(String, String)>,
}

impl Row {
    /// A row of figures measured in turn: `ours[i]` and `reference[i]` are of one round.
    #[must_use]
    pub fn of(what: impl Into<String>, ours: &[f64], reference: &[f64], promise: Promise) -> Self {
        let rounds: Vec<f64> = ours.iter().zip(reference).map(|(ours, its)| ours / its).collect();
        let ratio = median(ours) / median(reference);
        Self {
            what: what.into(),
            ours: String::new(),
            reference: String::new(),
            ratio,
            spread: range(&rounds),
            rounds,
            promise,
            kept: promise.is_kept(ratio),
            profile: Vec::new(),
        }
    }

    /// How the two figures read.
    #[must_use]
    pub fn told(mut self, ours: impl Into<String>, reference: impl Into<String>) -> Self {
        (self.ours, self.reference) = (ours.into(), reference.into());
        self
    }

    /// Where the time goes.
    #[must_use]
    pub fn profiled(mut self, profile: Vec<(String, String)>) -> Self {
        self.profile = profile;
        self
    }
}

/// Rows that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct Section {
    /// Its place in the page of results.
    pub key: String,
    /// Its heading there.
    pub title: String,
    /// What is compared with what, and how.
    pub about: String,
    /// The table.
    pub rows: Vec<Row>,
    /// Figures without a reference: name, value.
    pub facts: Vec<(String, String)>,
}

impl Section {
    /// Without rows yet.
    #[must_use]
    pub fn new(key: &str, title: &str, about: &str) -> Self {
        Self {
            key: key.to_owned(),
            title: title.to_owned(),
            about: about.to_owned(),
            rows: Vec::new(),
            facts: Vec::new(),
        }
    }

    /// Adds a row, and says it.
    pub fn row(&mut self, row: Row) {
        let kept = match row.kept {
            Some(true) => "kept",
            Some(false) => "MISSED",
            None => "",
        };
        eprintln!(
            "  {:<58} {:>12} {:>12}  ratio {:>5.2} ({:.2}–{:.2}) {kept}",
            row.what, row.ours, row.reference, row.ratio, row.spread.0, row.spread.1
        );
        self.rows.push(row);
    }

    /// Adds a figure without a reference, and says it.
    pub fn fact(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let (name, value) = (name.into(), value.into());
        eprintln!("  {name:<58} {value}");
        self.facts.push((name, value));
    }

    /// Writes it where the page of results is made.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let json = serde_json::to_string_pretty(self)?;
        Ok(std::fs::write(folder.join(format!("{}.json", self.key)), json + "\n")?)
    }
}
