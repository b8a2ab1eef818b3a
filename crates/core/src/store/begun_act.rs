//! Acts at Meta that were begun, and of which this desk has not kept yet what came of them: a desk that ends in between settles
//! them at its next start (`desk::unsettled`). They are few, and stand for as long as one call takes, so they are settings and
//! not a table.

use baton_protocol::CommandId;
use serde::{Deserialize, Serialize};

use super::error::to_json;
use super::{Block, Result, Store, ThreadKey};

/// The setting of an act is named by this, its account, and its id. `purge` says the same.
const PREFIX: &str = "core.act_begun.";

/// What was begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Begun {
    /// Control of the thread was to move.
    Control,
    /// The customer was to be kept away, or no longer.
    Block {
        /// As it was before.
        was: Block,
        /// As it was to be.
        wanted: Block,
    },
}

/// An act that was begun.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BegunAct {
    id: CommandId,
    /// In which thread.
    pub thread: ThreadKey,
    /// What.
    pub begun: Begun,
}

impl BegunAct {
    fn name(&self) -> String {
        format!("{PREFIX}{}.{}", self.thread.account, self.id)
    }
}

impl Store {
    /// An act is about to be asked of Meta.
    ///
    /// # Errors
    /// When the file cannot be written; then it must not be asked.
    pub async fn act_begins(&self, thread: &ThreadKey, begun: Begun) -> Result<BegunAct> {
        let act = BegunAct { id: CommandId::new(), thread: thread.clone(), begun };
        self.set_setting(&act.name(), Some(&to_json(&act)?)).await?;
        Ok(act)
    }

    /// What came of it is kept, or nothing did.
    ///
    /// # Errors
    /// When the file cannot be written; then it is settled once more at the next start, which does no harm.
    pub async fn act_is_settled(&self, act: &BegunAct) -> Result<()> {
        self.set_setting(&act.name(), None).await
    }

    /// Acts that were begun and not settled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn begun_acts(&self) -> Result<Vec<BegunAct>> {
        let kept: Vec<String> = sqlx::query_scalar(
            "SELECT value FROM setting WHERE substr(name, 1, length(?1)) = ?1 ORDER BY name",
        )
        .bind(PREFIX)
        .fetch_all(self.read())
        .await?;
        // What another version wrote, that version settles.
        Ok(kept.iter().filter_map(|json| serde_json::from_str(json).ok()).collect())
    }
}
