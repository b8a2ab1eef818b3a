//! Makes the index of what is here already: after an update of the file or of the words that this program makes.

use serde::{Deserialize, Serialize};

use super::super::error::to_json;
use super::super::{Conn, Result, Store, setting};
use super::{aside, names, pending};
use crate::search::version;

/// Where it is kept which words are in the index.
pub(in crate::store) const SETTING: &str = "search.index";

/// How far the index is made.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Made {
    /// Which words are in it.
    version: String,
    /// Messages below this number may not be in it yet; none when all are.
    messages_below: Option<i64>,
    /// Threads below this number may not have their names in it yet.
    names_below: Option<i64>,
}

impl Store {
    /// Before anything is written: an index of other words is emptied, to be made anew by [`Store::index_step`].
    pub(in crate::store) async fn check_index(&self) -> Result<()> {
        let mut conn = self.read().acquire().await?;
        let found = made(&mut conn).await?;
        drop(conn);
        if found.version == version() {
            return Ok(());
        }
        let mut tx = self.write().await?;
        empty_messages(&mut tx).await?;
        sqlx::query("INSERT INTO name_search (name_search) VALUES ('delete-all')").execute(&mut *tx).await?;
        sqlx::query("DELETE FROM name_doc").execute(&mut *tx).await?;
        sqlx::query("INSERT INTO name_search (name_search, rank) VALUES ('secure-delete', 1)")
            .execute(&mut *tx)
            .await?;
        let mut state = made(&mut tx).await?;
        state.version = version();
        let threads: Option<i64> =
            sqlx::query_scalar("SELECT max(thread_id) + 1 FROM thread").fetch_one(&mut *tx).await?;
        state.names_below = threads;
        keep(&mut tx, &state).await?;
        self.commit(tx).await
    }

    /// Takes away some of an index that is not good any more, and then puts some of what is here into the index, newest
    /// first. Returns false once everything is in it.
    ///
    /// # Errors
    /// When the file cannot be written; then it is tried again with the next step.
    pub async fn index_step(&self, most: u32) -> Result<bool> {
        let mut conn = self.read().acquire().await?;
        let state = made(&mut conn).await?;
        let is_aside = aside::is_there(&mut conn).await?;
        drop(conn);
        if !is_aside && state.messages_below.is_none() && state.names_below.is_none() {
            return Ok(false);
        }
        let mut tx = self.write().await?;
        if is_aside {
            // First, because words of what is taken back meanwhile may be in it.
            aside::take_slice(&mut tx).await?;
            self.commit(tx).await?;
            return Ok(true);
        }
        let mut state = made(&mut tx).await?;
        if let Some(below) = state.names_below {
            let threads = numbers(&mut tx, THREADS, below, most).await?;
            for thread in &threads {
                names::refresh(&mut tx, *thread).await?;
            }
            state.names_below = threads.last().copied();
        } else if let Some(below) = state.messages_below {
            let messages = numbers(&mut tx, MESSAGES, below, most).await?;
            let missing: Vec<i64> = sqlx::query_scalar(
                "SELECT j.value FROM json_each(?) j
                 WHERE NOT EXISTS (SELECT 1 FROM search_doc d WHERE d.message_id = j.value)",
            )
            .bind(to_json(&messages)?)
            .fetch_all(&mut *tx)
            .await?;
            pending::add(&mut tx, &missing).await?;
            state.messages_below = messages.last().copied();
        }
        keep(&mut tx, &state).await?;
        self.commit(tx).await?;
        Ok(true)
    }

    /// True while messages of before are missing in the index.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_indexing(&self) -> Result<bool> {
        let mut conn = self.read().acquire().await?;
        let state = made(&mut conn).await?;
        Ok(state.messages_below.is_some() || state.names_below.is_some())
    }
}

const MESSAGES: &str = "SELECT message_id FROM message WHERE message_id < ? ORDER BY message_id DESC LIMIT ?";
const THREADS: &str = "SELECT thread_id FROM thread WHERE thread_id < ? ORDER BY thread_id DESC LIMIT ?";

async fn numbers(conn: &mut Conn, sql: &'static str, below: i64, most: u32) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar(sql).bind(below).bind(most).fetch_all(conn).await?)
}

/// Takes every word out of the index, also out of one that was put aside.
pub(in crate::store) async fn empty(conn: &mut Conn) -> Result<()> {
    aside::empty(conn).await?;
    sqlx::query("INSERT INTO name_search (name_search) VALUES ('delete-all')").execute(&mut *conn).await?;
    sqlx::query("DELETE FROM name_doc").execute(&mut *conn).await?;
    sqlx::query("INSERT INTO name_search (name_search, rank) VALUES ('secure-delete', 1)")
        .execute(conn)
        .await?;
    Ok(())
}

/// Nothing of any message is in the index any more; it is made anew step by step.
pub(super) async fn empty_messages(conn: &mut Conn) -> Result<()> {
    aside::put(conn).await?;
    let mut state = made(conn).await?;
    state.messages_below =
        sqlx::query_scalar("SELECT max(message_id) + 1 FROM message").fetch_one(&mut *conn).await?;
    keep(conn, &state).await
}

async fn made(conn: &mut Conn) -> Result<Made> {
    let value = setting::get(conn, SETTING).await?;
    Ok(value.and_then(|value| serde_json::from_str(&value).ok()).unwrap_or_default())
}

async fn keep(conn: &mut Conn, made: &Made) -> Result<()> {
    setting::set(conn, SETTING, &to_json(made)?).await
}
