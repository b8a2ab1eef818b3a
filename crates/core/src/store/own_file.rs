//! Tables `own_file`, `own_file_use` and `upload`: files that an agent sends, whose they are, and which of them Meta has.
//!
//! ```text
//!   added ──▶ draft ──sent──▶ part of the outbox ──▶ its message has it in the vault, was unsent, or was erased: gone
//!               ▲                   │
//!               └── came back ──────┘        nobody uses a file: marked (trigger) ──▶ file removed ──▶ row removed
//! ```
//!
//! A use keeps its id and its place from the draft into the outbox and back, so that what comes back stands before what
//! was added since, in the order in which it was sent.

use std::fmt;
use std::str::FromStr;

use baton_messenger::AccountId;
use baton_messenger::id::AttachmentId;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::error::to_json;
use super::{Conn, KeptFile, MediaFacts, PartKey, Picture, Result, Store, StoreError, ThreadId};

/// Names a file as one draft or one part has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnFileId(pub Uuid);

impl OwnFileId {
    /// A new one.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each is another one")]
    pub fn new() -> Self {
        Self(Uuid::now_v7())
    }
}

impl fmt::Display for OwnFileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OwnFileId {
    type Err = uuid::Error;

    fn from_str(text: &str) -> std::result::Result<Self, uuid::Error> {
        text.parse().map(Self)
    }
}

/// A file that an agent sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnFile {
    /// Its name for ever.
    pub id: OwnFileId,
    /// Where it is to go.
    pub thread: ThreadId,
    /// Its bytes and what they are; its real name is among the facts.
    pub kept: KeptFile,
}

impl OwnFile {
    /// Its real name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.kept.facts.name.as_deref().unwrap_or_default()
    }
}

/// A file that lies in the folder and is to be added to a draft.
#[derive(Clone, Debug)]
pub struct NewOwnFile {
    /// Its bytes and what they are, with its real name.
    pub kept: KeptFile,
    /// Of the desk's wall clock.
    pub added_ms: i64,
}

/// A file that Meta has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    /// Its id at Meta.
    pub attachment: AttachmentId,
    /// Until when it can be sent, milliseconds UTC of Meta.
    pub until_ms: i64,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    thread_id: i64,
    file: String,
    name: String,
    mime: String,
    bytes: i64,
    width: Option<i64>,
    height: Option<i64>,
    moving: bool,
    thumb_mime: Option<String>,
    thumb_bytes: i64,
}

/// What [`Row`] is read from.
const ROWS: &str = "SELECT u.id, u.thread_id, u.file, u.name, f.mime, f.bytes, f.width, f.height, f.moving,
    f.thumb_mime, f.thumb_bytes
  FROM own_file_use u JOIN own_file f ON f.file = u.file";

impl Store {
    /// A file as a draft or a part has it; none when it is gone.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn own_file(&self, id: OwnFileId) -> Result<Option<OwnFile>> {
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(format!("{ROWS} WHERE u.id = ?")))
            .bind(id.to_string())
            .fetch_optional(self.read())
            .await?;
        row.map(OwnFile::try_from).transpose()
    }

    /// The files of a thread's draft, in order.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn draft_files(&self, thread: ThreadId) -> Result<Vec<OwnFile>> {
        let mut conn = self.read().acquire().await?;
        of_draft(&mut conn, thread).await
    }

    /// Adds a file to a thread's draft, which begins with it where there is none. None when the draft has so many already.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn add_to_draft(
        &self,
        thread: ThreadId,
        new: &NewOwnFile,
        most: usize,
    ) -> Result<Option<OwnFileId>> {
        let mut tx = self.write().await?;
        if of_draft(&mut tx, thread).await?.len() >= most {
            return Ok(None);
        }
        put_file(&mut tx, new).await?;
        let id = OwnFileId::new();
        sqlx::query(
            "INSERT INTO own_file_use (id, thread_id, file, name, place, drafted)
             VALUES (?1, ?2, ?3, ?4,
               coalesce((SELECT max(place) FROM own_file_use WHERE thread_id = ?2), 0) + 1, 1)",
        )
        .bind(id.to_string())
        .bind(thread.0)
        .bind(&new.kept.media)
        .bind(new.kept.facts.name.as_deref().unwrap_or_default())
        .execute(&mut *tx)
        .await?;
        super::draft::begin(&mut tx, thread, new.added_ms).await?;
        self.commit(tx).await?;
        Ok(Some(id))
    }

    /// Takes a file out of a thread's draft, and the draft away with it when nothing else is in it. True when it was there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn remove_from_draft(&self, thread: ThreadId, id: OwnFileId) -> Result<bool> {
        let mut tx = self.write().await?;
        let done = sqlx::query("DELETE FROM own_file_use WHERE id = ? AND thread_id = ? AND drafted = 1")
            .bind(id.to_string())
            .bind(thread.0)
            .execute(&mut *tx)
            .await?;
        super::draft::end_if_empty(&mut tx, thread).await?;
        self.commit(tx).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Whether Meta has a file that is sent under a name, and can send it now.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn uploaded(
        &self,
        account: &AccountId,
        what: &str,
        now_ms: i64,
    ) -> Result<Option<AttachmentId>> {
        let found: Option<String> = sqlx::query_scalar(
            "SELECT attachment FROM upload WHERE account = ? AND what = ? AND until_ms > ?",
        )
        .bind(account.as_str())
        .bind(what)
        .bind(now_ms)
        .fetch_optional(self.read())
        .await?;
        Ok(found.map(AttachmentId::from))
    }

    /// Meta has a file from now on. What has ended meanwhile is forgotten.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_upload(
        &self,
        account: &AccountId,
        what: &str,
        uploaded: &Uploaded,
        now_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM upload WHERE until_ms <= ?").bind(now_ms).execute(&mut *tx).await?;
        sqlx::query(
            "INSERT INTO upload (account, what, attachment, until_ms) VALUES (?, ?, ?, ?)
             ON CONFLICT DO UPDATE SET attachment = excluded.attachment, until_ms = excluded.until_ms",
        )
        .bind(account.as_str())
        .bind(what)
        .bind(uploaded.attachment.as_str())
        .bind(uploaded.until_ms)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// Meta does not have a file any more.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_upload(&self, account: &AccountId, what: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM upload WHERE account = ? AND what = ?")
            .bind(account.as_str())
            .bind(what)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// Lets go of files whose message has come and lies in the vault: nobody needs the own copy any more. True when some
    /// were.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn let_go_of_arrived_files(&self) -> Result<bool> {
        const ARRIVED: &str = "SELECT u.id FROM own_file_use u
             CROSS JOIN outbox_part o ON o.file = u.id
             CROSS JOIN message m ON m.thread_id = o.thread_id AND m.key = o.mid
             CROSS JOIN media_use v ON v.thread_id = m.thread_id AND v.key = m.key AND v.state = 'here'
           WHERE u.drafted = 0 AND o.state = 'sent'";
        let some: bool = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT EXISTS ({ARRIVED})")))
            .fetch_one(self.read())
            .await?;
        if !some {
            return Ok(false);
        }
        let mut tx = self.write().await?;
        let sql = format!("UPDATE outbox_part SET file = NULL WHERE file IN ({ARRIVED})");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *tx).await?;
        drop_unused(&mut tx).await?;
        self.commit(tx).await?;
        Ok(true)
    }

    /// Files that nobody uses any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unused_own_files(&self, limit: u32) -> Result<Vec<String>> {
        let unused = sqlx::query_scalar("SELECT file FROM own_file WHERE unused = 1 ORDER BY file LIMIT ?");
        Ok(unused.bind(limit).fetch_all(self.read()).await?)
    }

    /// True while nobody uses this file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_own_file_unused(&self, file: &str) -> Result<bool> {
        let unused: Option<bool> = sqlx::query_scalar("SELECT unused FROM own_file WHERE file = ?")
            .bind(file)
            .fetch_optional(self.read())
            .await?;
        Ok(unused == Some(true))
    }

    /// The bytes of an unused file are gone: so is its row.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_own_file(&self, file: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM own_file WHERE file = ? AND unused = 1")
            .bind(file)
            .execute(&mut *tx)
            .await?;
        self.commit(tx).await
    }

    /// Which of these hashes have no row: what lies under them in the folder is nobody's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn strange_own_files(&self, hashes: &[String]) -> Result<Vec<String>> {
        let strange = sqlx::query_scalar(
            "SELECT value FROM json_each(?) WHERE value NOT IN (SELECT file FROM own_file)",
        );
        Ok(strange.bind(to_json(&hashes)?).fetch_all(self.read()).await?)
    }
}

/// The files of a thread's draft, in order.
pub(super) async fn of_draft(conn: &mut Conn, thread: ThreadId) -> Result<Vec<OwnFile>> {
    let sql = format!("{ROWS} WHERE u.thread_id = ? AND u.drafted = 1 ORDER BY u.place");
    let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_all(conn).await?;
    rows.into_iter().map(OwnFile::try_from).collect()
}

/// The files of a thread's parts that are still needed, by their parts.
pub(super) async fn of_parts(conn: &mut Conn, thread: ThreadId) -> Result<Vec<(PartKey, OwnFile)>> {
    #[derive(sqlx::FromRow)]
    struct OfPart {
        key: String,
        #[sqlx(flatten)]
        row: Row,
    }
    let sql = format!(
        "SELECT o.key, x.* FROM ({ROWS} WHERE u.thread_id = ?1 AND u.drafted = 0) x JOIN outbox_part o ON o.file = x.id"
    );
    let rows: Vec<OfPart> = sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(thread.0).fetch_all(conn).await?;
    rows.into_iter().map(|of| Ok((PartKey(super::error::parsed(&of.key)?), of.row.try_into()?))).collect()
}

/// A part of the outbox names the file from now on.
pub(super) async fn into_part(conn: &mut Conn, id: OwnFileId) -> Result<()> {
    let done = sqlx::query("UPDATE own_file_use SET drafted = 0 WHERE id = ? AND drafted = 1")
        .bind(id.to_string())
        .execute(conn)
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::DraftChanged) }
}

/// The file of a part goes back into the draft. True when there was one.
pub(super) async fn back_into_draft(conn: &mut Conn, part: PartKey) -> Result<bool> {
    let key = part.0.to_string();
    let done = sqlx::query(
        "UPDATE own_file_use SET drafted = 1 WHERE id = (SELECT file FROM outbox_part WHERE key = ?)",
    )
    .bind(&key)
    .execute(&mut *conn)
    .await?;
    sqlx::query("UPDATE outbox_part SET file = NULL WHERE key = ?").bind(&key).execute(conn).await?;
    Ok(done.rows_affected() == 1)
}

/// The same file once more, for another part.
pub(super) async fn copy(conn: &mut Conn, from: OwnFileId, to: OwnFileId) -> Result<()> {
    let done = sqlx::query(
        "INSERT INTO own_file_use (id, thread_id, file, name, place, drafted)
         SELECT ?2, thread_id, file, name, place, 0 FROM own_file_use WHERE id = ?1",
    )
    .bind(from.to_string())
    .bind(to.to_string())
    .execute(conn)
    .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Missing("file")) }
}

/// What was added and not sent goes.
pub(super) async fn remove_of_draft(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query("DELETE FROM own_file_use WHERE thread_id = ? AND drafted = 1")
        .bind(thread.0)
        .execute(conn)
        .await?;
    Ok(())
}

/// Uses that no part names any more go.
pub(super) async fn drop_unused(conn: &mut Conn) -> Result<()> {
    sqlx::query(
        "DELETE FROM own_file_use
         WHERE drafted = 0 AND NOT EXISTS (SELECT 1 FROM outbox_part o WHERE o.file = own_file_use.id)",
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn put_file(conn: &mut Conn, new: &NewOwnFile) -> Result<()> {
    let (facts, thumb) = (&new.kept.facts, new.kept.thumb.as_ref());
    let picture = facts.picture;
    sqlx::query(
        "INSERT INTO own_file (file, mime, bytes, width, height, moving, thumb_mime, thumb_bytes, added_ms, unused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
         ON CONFLICT DO UPDATE SET unused = 0",
    )
    .bind(&new.kept.media)
    .bind(&facts.mime)
    .bind(size_in(facts.bytes))
    .bind(picture.map(|at| at.width))
    .bind(picture.map(|at| at.height))
    .bind(picture.is_some_and(|at| at.moves))
    .bind(thumb.map(|(mime, _)| mime.as_str()))
    .bind(size_in(thumb.map_or(0, |(_, bytes)| *bytes)))
    .bind(new.added_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// What an upload is remembered by: another name is another upload, because customers see it.
#[must_use]
pub(crate) fn upload_of(file: &str, kind: &str, name: &str) -> String {
    let mut hash = Sha256::new();
    for piece in [file, kind, name] {
        hash.update(piece.as_bytes());
        hash.update([0]);
    }
    hex::encode(hash.finalize())
}

fn size_in(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl TryFrom<Row> for OwnFile {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        let side = |pixels: Option<i64>| pixels.and_then(|pixels| u32::try_from(pixels).ok());
        let picture = side(row.width).zip(side(row.height)).map(|(width, height)| Picture {
            width,
            height,
            moves: row.moving,
        });
        let size = |bytes: i64| u64::try_from(bytes).unwrap_or(0);
        let thumb = row.thumb_mime.map(|mime| (mime, size(row.thumb_bytes)));
        let facts = MediaFacts { mime: row.mime, bytes: size(row.bytes), picture, name: Some(row.name) };
        Ok(Self {
            id: super::error::parsed(&row.id)?,
            thread: ThreadId(row.thread_id),
            kept: KeptFile { media: row.file, thumb, facts },
        })
    }
}
