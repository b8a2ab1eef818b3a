//! Tables `media` and `media_use`: what lies in the vault, whose it is, and what became of fetching the rest.
//!
//! ```text
//!   message ──── media_use (here · dead · large · forbidden · later · given up) ──▶ media ──▶ file in the vault
//!   gone: its uses go with it (triggers) ──▶ the last use gone: unused ──▶ file removed ──▶ row removed
//! ```
//!
//! One file can belong to several messages; it stays while one of them needs it. A row is marked before its file is
//! removed, so that a crash between the two is mended at the next start.

use std::collections::HashMap;

use serde::Deserialize;

use super::as_json::{self, flag_or_none};
use super::error::{of_json, parsed, to_json};
use super::{Conn, MediaRef, MediaSource, Result, Store, StoreError};

/// How wide and high a picture is as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// True when it has more than one frame.
    pub moves: bool,
}

/// What is known of a medium that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFacts {
    /// What its bytes are; `application/octet-stream` for whatever Baton does not show.
    pub mime: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// How it is shown, when it is a picture that can be.
    pub picture: Option<Picture>,
    /// The file's name, where it has one.
    pub name: Option<String>,
}

impl MediaFacts {
    /// A name to save it under: its own, or one that says what it is.
    #[must_use]
    pub fn file_name(&self) -> String {
        let ending = crate::media::ending(&self.mime);
        match (&self.name, ending) {
            (Some(name), _) => name.clone(),
            (None, Some(ending)) => format!("file.{ending}"),
            (None, None) => "file".to_owned(),
        }
    }
}

/// A file of the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Hash of its content: its name in the vault.
    pub media: String,
    /// MIME type and size of the small picture beside it.
    pub thumb: Option<(String, u64)>,
    /// What it is.
    pub facts: MediaFacts,
}

/// How fetching a medium ended that is not here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::Display, strum::EnumString)]
#[strum(serialize_all = "snake_case")]
pub enum MediaFate {
    /// Its link died.
    Dead,
    /// It is larger than what is kept.
    Large,
    /// It lies where nothing is fetched from.
    Forbidden,
    /// It could not be reached; it is tried again.
    Later,
    /// It was here, and went to make room. It is fetched again when somebody asks for it, or by itself once there is room.
    GivenUp,
}

/// What is known of a medium.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MediaKnown {
    /// It is here.
    Here(KeptFile),
    /// It was tried in vain, or was given up.
    Not {
        /// How that ended.
        fate: MediaFate,
        /// How often it was tried.
        tries: u32,
    },
}

/// A file that was put into the vault, or is there already.
#[derive(Clone, Debug)]
pub struct NewMedia {
    /// Hash of its content.
    pub media: String,
    /// MIME type and size of the small picture beside it.
    pub thumb: Option<(String, u64)>,
    /// What it is.
    pub facts: MediaFacts,
}

#[derive(sqlx::FromRow, Deserialize)]
struct Row {
    key: String,
    place: String,
    state: String,
    name: Option<String>,
    tries: i64,
    media: Option<String>,
    mime: Option<String>,
    bytes: Option<i64>,
    width: Option<i64>,
    height: Option<i64>,
    #[serde(deserialize_with = "flag_or_none")]
    moving: Option<bool>,
    thumb_mime: Option<String>,
    thumb_bytes: Option<i64>,
}

/// The columns of [`Row`].
const COLUMNS: &str = "u.key, u.place, u.state, u.name, u.tries, u.media, f.mime, f.bytes, f.width, f.height,
  f.moving, f.thumb_mime, f.thumb_bytes";
/// What they are read from.
const FILES: &str = "LEFT JOIN media f ON f.media = u.media";

impl Store {
    /// What is known of a medium; nothing when it was never fetched, or only from another address and in vain.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn media_known(&self, medium: MediaRef, source: &MediaSource) -> Result<Option<MediaKnown>> {
        let sql = format!(
            "SELECT {COLUMNS} FROM media_use u {FILES} WHERE u.thread_id = ? AND u.key = ? AND u.place = ? AND (u.state = 'here' OR u.address = ?)"
        );
        let row: Option<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
            .bind(source.thread.0)
            .bind(&source.key)
            .bind(medium.place())
            .bind(source.address())
            .fetch_optional(self.read())
            .await?;
        row.map(Row::into_known).transpose()
    }

    /// A file was fetched for a medium. False when its message is not there any more: then nothing was noted, and the
    /// file is not needed.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn keep_media(&self, medium: MediaRef, source: &MediaSource, new: &NewMedia) -> Result<bool> {
        let mut tx = self.write().await?;
        let Some(said_ms) = said_ms(&mut tx, source).await? else { return Ok(false) };
        put_file(&mut tx, new, said_ms).await?;
        let (place, address, name) = (medium.place(), source.address(), new.facts.name.as_deref());
        sqlx::query!(
            "INSERT INTO media_use (thread_id, key, place, state, media, name, address, tries, again_ms)
             VALUES (?1, ?2, ?3, 'here', ?4, ?5, ?6, 0, 0)
             ON CONFLICT DO UPDATE SET state = 'here', media = excluded.media, name = excluded.name,
               address = excluded.address, tries = 0, again_ms = 0, bytes = NULL",
            source.thread.0,
            source.key,
            place,
            new.media,
            name,
            address
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await?;
        Ok(true)
    }

    /// Fetching a medium failed. What is here already stays.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn note_media(
        &self,
        medium: MediaRef,
        source: &MediaSource,
        fate: MediaFate,
        again_ms: i64,
    ) -> Result<()> {
        let mut tx = self.write().await?;
        if said_ms(&mut tx, source).await?.is_none() {
            return Ok(());
        }
        let (place, address, state) = (medium.place(), source.address(), fate.to_string());
        sqlx::query!(
            "INSERT INTO media_use (thread_id, key, place, state, media, name, address, tries, again_ms)
             VALUES (?1, ?2, ?3, ?4, NULL, NULL, ?5, 1, ?6)
             ON CONFLICT DO UPDATE SET state = excluded.state, address = excluded.address, again_ms = excluded.again_ms,
               tries = CASE WHEN media_use.address = excluded.address THEN media_use.tries + 1 ELSE 1 END, bytes = NULL
             WHERE media_use.state <> 'here'",
            source.thread.0,
            source.key,
            place,
            state,
            address,
            again_ms
        )
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await
    }

    /// Files that no message needs any more.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn unused_media(&self, limit: u32) -> Result<Vec<String>> {
        let unused = sqlx::query_scalar("SELECT media FROM media WHERE unused = 1 ORDER BY media LIMIT ?");
        Ok(unused.bind(limit).fetch_all(self.read()).await?)
    }

    /// True while no message needs this file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_media_unused(&self, media: &str) -> Result<bool> {
        let unused: Option<bool> = sqlx::query_scalar("SELECT unused FROM media WHERE media = ?")
            .bind(media)
            .fetch_optional(self.read())
            .await?;
        Ok(unused == Some(true))
    }

    /// The files of an unused medium are gone: so is its row. True when it was still unused.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_media(&self, media: &str) -> Result<bool> {
        let mut tx = self.write().await?;
        let done =
            sqlx::query!("DELETE FROM media WHERE media = ? AND unused = 1", media).execute(&mut *tx).await?;
        self.commit(tx).await?;
        Ok(done.rows_affected() == 1)
    }

    /// Forgets a file that messages still name, because it is not there as it was left: they are as if nobody had ever tried.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn drop_media(&self, media: &str) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query!("DELETE FROM media_use WHERE media = ?", media).execute(&mut *tx).await?;
        sqlx::query!("UPDATE media SET unused = 1 WHERE media = ?", media).execute(&mut *tx).await?;
        self.commit(tx).await
    }

    /// Which of these hashes have no row: what lies under them in the vault is nobody's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn strange_media(&self, hashes: &[String]) -> Result<Vec<String>> {
        let strange =
            sqlx::query_scalar("SELECT value FROM json_each(?) WHERE value NOT IN (SELECT media FROM media)");
        Ok(strange.bind(to_json(&hashes)?).fetch_all(self.read()).await?)
    }
}

/// The statement for what is known of the media of messages of a thread, as one value: 1 the thread, 2 the messages' keys.
pub(super) fn of_messages() -> String {
    let from =
        format!("media_use u {FILES} WHERE u.thread_id = ?1 AND u.key IN (SELECT value FROM json_each(?2))");
    as_json::page(COLUMNS, &from, "u.key, u.place")
}

/// What that gives, by number of the message.
pub(super) fn read_of_messages(
    json: &str,
    numbers: &HashMap<&str, i64>,
) -> Result<HashMap<i64, Vec<(MediaRef, MediaKnown)>>> {
    let mut found: HashMap<i64, Vec<(MediaRef, MediaKnown)>> = HashMap::new();
    for row in of_json::<Vec<Row>>(json)? {
        let Some(number) = numbers.get(row.key.as_str()) else { continue };
        let Some(medium) = MediaRef::at(*number, &row.place) else { continue };
        found.entry(*number).or_default().push((medium, row.into_known()?));
    }
    Ok(found)
}

/// What is known of the media of these messages, by number of the message; each comes with its thread and key.
pub(super) async fn of_found(
    conn: &mut Conn,
    messages: &[(i64, &str, i64)],
) -> Result<HashMap<i64, Vec<(MediaRef, MediaKnown)>>> {
    let mut found: HashMap<i64, Vec<(MediaRef, MediaKnown)>> = HashMap::new();
    if messages.is_empty() {
        return Ok(found);
    }
    let sql = format!(
        "SELECT j.value ->> 2 AS message, {COLUMNS} FROM json_each(?) j CROSS JOIN media_use u
           ON u.thread_id = j.value ->> 0 AND u.key = j.value ->> 1
         {FILES}"
    );
    let rows: Vec<OfMessage> =
        sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(to_json(&messages)?).fetch_all(conn).await?;
    for OfMessage { message, row } in rows {
        let Some(medium) = MediaRef::at(message, &row.place) else { continue };
        found.entry(message).or_default().push((medium, row.into_known()?));
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct OfMessage {
    message: i64,
    #[sqlx(flatten)]
    row: Row,
}

/// When a medium's message was said, milliseconds UTC of Meta; none where it is not there, or was taken back.
async fn said_ms(conn: &mut Conn, source: &MediaSource) -> Result<Option<i64>> {
    let said_ms =
        sqlx::query_scalar("SELECT at_ms FROM message WHERE thread_id = ? AND key = ? AND unsent = 0")
            .bind(source.thread.0)
            .bind(&source.key)
            .fetch_optional(conn)
            .await?;
    Ok(said_ms)
}

/// Beside the file stands when the newest message that has it was said, so that the index over it finds what makes room first.
async fn put_file(conn: &mut Conn, new: &NewMedia, said_ms: i64) -> Result<()> {
    let picture = new.facts.picture;
    let (width, height) = (picture.map(|at| i64::from(at.width)), picture.map(|at| i64::from(at.height)));
    let moving = picture.is_some_and(|picture| picture.moves);
    let (bytes, mime) = (size_in(new.facts.bytes), &new.facts.mime);
    let thumb_mime = new.thumb.as_ref().map(|(mime, _)| mime.as_str());
    let thumb_bytes = size_in(new.thumb.as_ref().map_or(0, |(_, bytes)| *bytes));
    sqlx::query!(
        "INSERT INTO media (media, mime, bytes, width, height, moving, thumb_mime, thumb_bytes, said_ms, unused)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0)
         ON CONFLICT DO UPDATE SET unused = 0, said_ms = CASE
           WHEN media.unused = 1 THEN excluded.said_ms ELSE max(media.said_ms, excluded.said_ms) END",
        new.media,
        mime,
        bytes,
        width,
        height,
        moving,
        thumb_mime,
        thumb_bytes,
        said_ms
    )
    .execute(conn)
    .await?;
    Ok(())
}

fn size_in(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}

impl Row {
    fn into_known(self) -> Result<MediaKnown> {
        if self.state != "here" {
            let tries = u32::try_from(self.tries).unwrap_or(u32::MAX);
            return Ok(MediaKnown::Not { fate: parsed(&self.state)?, tries });
        }
        let (Some(media), Some(mime), Some(bytes)) = (self.media, self.mime, self.bytes) else {
            return Err(StoreError::Unreadable("a file of the vault without its row".to_owned()));
        };
        let side = |pixels: Option<i64>| pixels.and_then(|pixels| u32::try_from(pixels).ok());
        let picture = side(self.width).zip(side(self.height)).map(|(width, height)| Picture {
            width,
            height,
            moves: self.moving == Some(true),
        });
        let size = |bytes: i64| u64::try_from(bytes).unwrap_or(0);
        let thumb = self.thumb_mime.map(|mime| (mime, size(self.thumb_bytes.unwrap_or(0))));
        let facts = MediaFacts { mime, bytes: size(bytes), picture, name: self.name };
        Ok(MediaKnown::Here(KeptFile { media, thumb, facts }))
    }
}
