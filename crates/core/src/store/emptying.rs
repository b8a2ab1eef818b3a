//! Everything goes: a desk that was cut off keeps nothing of its workspace.
//!
//! ```text
//!   the index ──▶ each table, those first that no other refers to ──▶ is all of it empty? ──▶ the file made anew, small
//!       ▲                                                                  │ no: somebody wrote meanwhile
//!       └──────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Which tables there are, the file says, so that none that is added later is forgotten. Each goes in a transaction of its
//! own: the file of writes stays small, and on a disk without room something goes all the same. A crash in between leaves the
//! rest, and whoever asked for it asks again.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::AssertSqlSafe;

use super::{Conn, Result, Store, StoreError, search};

/// How often it is begun anew when somebody wrote meanwhile.
const PASSES: u32 = 8;
/// What is no content: how the file was made.
const LEFT_AS_IT_IS: [&str; 1] = ["_sqlx_migrations"];

impl Store {
    /// Removes every row of every table, every word of the index and every copy of the file, and makes the file small. Numbers
    /// of threads are not given out again, so that nothing that a window still shows is taken for something new.
    ///
    /// # Errors
    /// When the file cannot be written; some of it is gone then, and asking again goes on.
    pub async fn empty(&self) -> Result<()> {
        for _ in 0..PASSES {
            if self.empty_once().await? {
                return self.make_small().await;
            }
        }
        Err(StoreError::Locked)
    }

    /// True when nothing was left at the end.
    async fn empty_once(&self) -> Result<bool> {
        // First, so that no table of an index that was put aside is left; and last, for what was written meanwhile.
        self.empty_index().await?;
        let tables = {
            let mut conn = self.read().acquire().await?;
            children_first(&mut conn).await?
        };
        let mut is_empty = true;
        for table in &tables {
            is_empty &= self.empty_table(table).await?;
        }
        self.empty_index().await?;
        if !is_empty {
            return Ok(false);
        }
        let mut conn = self.read().acquire().await?;
        for table in &tables {
            let rows: i64 =
                sqlx::query_scalar(AssertSqlSafe(format!("SELECT EXISTS (SELECT 1 FROM {})", left(table))))
                    .fetch_one(&mut *conn)
                    .await?;
            if rows != 0 {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn empty_index(&self) -> Result<()> {
        let mut tx = self.write().await?;
        search::empty(&mut tx).await?;
        self.commit_removal(tx).await
    }

    /// False when something that was written meanwhile still refers to it.
    async fn empty_table(&self, table: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let deleted =
            sqlx::query(AssertSqlSafe(format!("DELETE FROM {}", left(table)))).execute(&mut *tx).await;
        match deleted {
            Ok(_) => {
                self.commit_removal(tx).await?;
                Ok(true)
            }
            Err(sqlx::Error::Database(refused)) if refused.is_foreign_key_violation() => {
                tx.rollback().await?;
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Writes the file anew, without the room that its rows had, and sees to it that no bytes of before are in it.
    async fn make_small(&self) -> Result<()> {
        sqlx::query("VACUUM").execute(&self.writer).await?;
        self.fold_log().await?;
        while self.scrub_on().await? {}
        Ok(())
    }
}

/// The table, or what of it goes.
fn left(table: &str) -> String {
    if table == "setting" {
        format!("setting WHERE name <> '{}'", search::INDEX_SETTING)
    } else {
        format!("\"{table}\"")
    }
}

/// Every table with rows of its own, so that none comes after one that it refers to.
async fn children_first(conn: &mut Conn) -> Result<Vec<String>> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list
         WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut parents: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for name in names.into_iter().filter(|name| !LEFT_AS_IT_IS.contains(&name.as_str())) {
        let of: Vec<String> = sqlx::query_scalar("SELECT DISTINCT \"table\" FROM pragma_foreign_key_list(?)")
            .bind(&name)
            .fetch_all(&mut *conn)
            .await?;
        let of = of.into_iter().filter(|parent| *parent != name).collect();
        parents.insert(name, of);
    }
    Ok(in_order(parents))
}

/// Takes those first that nothing else refers to. Those that refer to each other in a ring come last, as they are.
fn in_order(mut parents: BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let mut order = Vec::with_capacity(parents.len());
    while !parents.is_empty() {
        let free = |name: &String| !parents.iter().any(|(other, of)| other != name && of.contains(name));
        let free: Vec<String> = parents.keys().filter(|name| free(name)).cloned().collect();
        if free.is_empty() {
            order.extend(std::mem::take(&mut parents).into_keys());
            break;
        }
        for name in free {
            parents.remove(&name);
            order.push(name);
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refers(pairs: &[(&str, &[&str])]) -> BTreeMap<String, BTreeSet<String>> {
        pairs
            .iter()
            .map(|(name, of)| ((*name).to_owned(), of.iter().map(|of| (*of).to_owned()).collect()))
            .collect()
    }

    #[test]
    fn a_table_goes_before_those_that_it_refers_to() {
        let order = in_order(refers(&[
            ("thread", &[]),
            ("message", &["thread"]),
            ("attachment", &["message"]),
            ("draft", &["thread"]),
        ]));
        let place = |name: &str| order.iter().position(|one| one == name);
        assert_eq!(order.len(), 4);
        assert!(place("attachment") < place("message") && place("message") < place("thread"));
        assert!(place("draft") < place("thread"));
    }

    #[test]
    fn a_ring_is_left_to_the_end() {
        let order = in_order(refers(&[("a", &["b"]), ("b", &["a"]), ("c", &["a"])]));
        assert_eq!(order.first().map(String::as_str), Some("c"));
        assert_eq!(order.len(), 3);
    }
}
