//! The copy that is kept from before an update of the schema, beside the database. It is one of the known copies: what is
//! taken back or erased later goes from it, and it goes where that cannot be done.

use std::fs::File;
use std::path::{Path, PathBuf};

use sqlx::SqliteConnection;

use super::{BackupError, Backups, Made, PART, beside, copy, of_io, remove};

/// What follows the database's name; the schema comes behind it.
const BEFORE: &str = ".before-";

/// Where the copy of a file of that schema lies.
fn place(database: &Path, schema: i64) -> PathBuf {
    beside(database, &format!("{BEFORE}{schema}"))
}

/// Whether such a copy lies there.
pub(super) fn is_one(database: &Path, path: &Path) -> bool {
    let begin = beside(database, BEFORE);
    let schema = path.as_os_str().as_encoded_bytes().strip_prefix(begin.as_os_str().as_encoded_bytes());
    schema.is_some_and(|schema| !schema.is_empty() && schema.iter().all(u8::is_ascii_digit))
}

impl Backups {
    /// Copies a file of the schema `found` that is about to be updated, and knows the copy from then on. Nothing else uses the
    /// file yet. What lies in that place, and the copy from before an earlier update, go once this one is complete. `at_ms` is
    /// now, milliseconds UTC. Returns where the copy lies.
    ///
    /// # Errors
    /// [`BackupError`]: the disk is full or refuses. No copy of before is lost then.
    pub(in super::super) async fn make_before_update(
        &self,
        conn: &mut SqliteConnection,
        found: i64,
        at_ms: i64,
    ) -> Result<PathBuf, BackupError> {
        let to = place(&self.database, found);
        let part = beside(&to, PART);
        let mut state = self.state.lock().await;
        if let Err(error) = self.copy_for_update(conn, &state.copies, &to, at_ms).await {
            let _ = remove(&part);
            let _ = self.keep(&state.copies);
            return Err(error);
        }
        let failed = |error: std::io::Error| of_io(&to, &error);
        let (mut earlier, mut copies) = (Vec::new(), Vec::new());
        for copy in &state.copies {
            if is_one(&self.database, &copy.path) {
                earlier.push(copy.clone());
            } else {
                copies.push(copy.clone());
            }
        }
        let made = Made { path: to.clone(), at_ms, complete: true };
        earlier.retain(|copy| copy.path != to);
        copies.push(made);
        // It is in the list before it has its name, and the earlier ones as long as they are there: at no moment does a copy lie
        // there that nobody knows.
        state.copies = [copies.clone(), earlier.clone()].concat();
        self.keep(&state.copies).and_then(|()| std::fs::rename(&part, &to)).map_err(failed)?;
        if let Some(folder) = to.parent() {
            // Where folders cannot be opened their names are safe already.
            let _ = File::open(folder).and_then(|folder| folder.sync_all());
        }
        for copy in &earlier {
            remove(&copy.path).map_err(failed)?;
        }
        state.copies = copies;
        self.keep(&state.copies).map_err(failed)?;
        Ok(to)
    }

    /// Known while it is made, so that a run that ends here leaves nothing that the next one does not take away.
    async fn copy_for_update(
        &self,
        conn: &mut SqliteConnection,
        known: &[Made],
        to: &Path,
        at_ms: i64,
    ) -> Result<(), BackupError> {
        let part = beside(to, PART);
        let mut copies = known.to_vec();
        copies.push(Made { path: to.to_owned(), at_ms, complete: false });
        self.keep(&copies).and_then(|()| remove(&part)).map_err(|error| of_io(to, &error))?;
        copy(conn, &part).await.map(|_bytes| ())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;
    use sqlx::Connection;

    use super::*;

    #[rstest]
    #[case("/d/relay.db.before-7", true)]
    #[case("/d/relay.db.before-13", true)]
    #[case("/d/relay.db.before-restore", false)]
    #[case("/d/relay.db.before-", false)]
    #[case("/d/relay.db.before-7.part", false)]
    #[case("/d/other.db.before-7", false)]
    #[case("/d/monday.db", false)]
    fn copies_from_before_an_update_are_known_by_their_names(#[case] path: &str, #[case] is: bool) {
        assert_eq!(is_one(Path::new("/d/relay.db"), Path::new(path)), is);
    }

    #[tokio::test]
    async fn a_full_disk_is_called_so() {
        let mut conn = SqliteConnection::connect("sqlite::memory:").await.unwrap();
        sqlx::raw_sql("create table t (b blob); pragma max_page_count = 4").execute(&mut conn).await.unwrap();
        let full =
            sqlx::query("insert into t values (zeroblob(100000))").execute(&mut conn).await.unwrap_err();
        let part = Path::new("/d/relay.db.before-7.part");
        let told = super::super::of_sqlite(part, &full);
        assert!(matches!(&told, BackupError::NoRoom(path) if path == part), "{told}");
        assert!(told.to_string().contains("free as much"), "{told}");
        let full = std::io::Error::from(std::io::ErrorKind::StorageFull);
        assert!(matches!(of_io(part, &full), BackupError::NoRoom(_)));
        let other = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        assert!(matches!(of_io(part, &other), BackupError::File { .. }));
    }
}
