//! What an agent is told: what happened, and what can be done about it.

use serde::Serialize;

/// Two short, calm sentences for the screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Words {
    /// What happened and what it means.
    pub what: String,
    /// What the reader can do now; empty when there is nothing to do.
    pub remedy: String,
}

impl Words {
    /// Builds the pair from any two texts.
    pub fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { what: what.into(), remedy: remedy.into() }
    }
}
