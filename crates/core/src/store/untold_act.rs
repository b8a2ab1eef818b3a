//! Acts on threads that waited for the relay and that it refused for good: kept until the agent was told, whatever happens to
//! the window. They are few and short, and no words of a customer, so they are a setting and not a table.

use baton_messenger::Words;
use baton_protocol::CommandId;
use serde::{Deserialize, Serialize};

use super::error::to_json;
use super::{Conn, Result, Store, ThreadId, command_queue, setting};

/// The setting that holds them.
const SETTING: &str = "core.acts_untold";
/// More than anybody reads at once; beyond it the oldest go.
const MOST: usize = 20;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Kept {
    command: CommandId,
    thread: i64,
    what: String,
    remedy: String,
}

impl Store {
    /// The relay does not take a queued act: the agent is to be told, and its command is forgotten.
    ///
    /// # Errors
    /// When the file cannot be written; then it is still queued.
    pub async fn act_refused(&self, thread: ThreadId, command: CommandId, why: &Words) -> Result<()> {
        let mut tx = self.write().await?;
        let mut kept = all(&mut tx).await?;
        let Words { what, remedy } = why.clone();
        kept.push(Kept { command, thread: thread.0, what, remedy });
        let over = kept.len().saturating_sub(MOST);
        kept.drain(..over);
        keep(&mut tx, &kept).await?;
        command_queue::forget(&mut tx, command).await?;
        self.commit(tx).await
    }

    /// Acts of which the agent was not told yet that they did not happen, with why, oldest first; none of threads that are
    /// gone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn acts_untold(&self) -> Result<Vec<(ThreadId, CommandId, Words)>> {
        let mut conn = self.read().acquire().await?;
        let mut untold = Vec::new();
        for Kept { command, thread, what, remedy } in all(&mut conn).await? {
            let is_there: bool =
                sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM thread WHERE thread_id = ?)")
                    .bind(thread)
                    .fetch_one(&mut *conn)
                    .await?;
            if is_there {
                untold.push((ThreadId(thread), command, Words::new(what, remedy)));
            }
        }
        Ok(untold)
    }

    /// The agent was told that an act did not happen.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn told_of_act(&self, command: CommandId) -> Result<()> {
        let mut tx = self.write().await?;
        let mut kept = all(&mut tx).await?;
        if kept.iter().all(|one| one.command != command) {
            return Ok(());
        }
        kept.retain(|one| one.command != command);
        keep(&mut tx, &kept).await?;
        self.commit(tx).await
    }
}

async fn all(conn: &mut Conn) -> Result<Vec<Kept>> {
    let json = setting::get(conn, SETTING).await?;
    // What another version wrote is not told; nothing else waits for it.
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

async fn keep(conn: &mut Conn, kept: &[Kept]) -> Result<()> {
    if kept.is_empty() {
        return setting::remove(conn, SETTING).await;
    }
    setting::set(conn, SETTING, &to_json(&kept)?).await
}
