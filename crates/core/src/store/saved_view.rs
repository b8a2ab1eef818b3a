//! Table `saved_view`: lists that this desk's agent keeps under names.

use baton_messenger::id::Platform;
use baton_protocol::{AccountId, LabelId};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use super::error::{parsed, parsed_some};
use super::{Result, Store, StoreError};

/// A list under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedViewRow {
    /// Our id.
    pub id: Uuid,
    /// What the agent calls it.
    pub name: String,
    /// Which threads, as the window calls it.
    pub view: String,
    /// Only of this account.
    pub account: Option<AccountId>,
    /// Only of this channel.
    pub platform: Option<Platform>,
    /// Only with this label; it may be gone.
    pub label: Option<LabelId>,
    /// In which order, as the window calls it.
    pub sort: String,
}

/// What became of a list that was to be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum ViewKept {
    /// It is kept.
    Kept,
    /// It is not: there is no room for another one.
    NoRoom,
    /// It is not: another one goes by its name.
    NameTaken,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: String,
    name: String,
    view: String,
    account: Option<String>,
    platform: Option<String>,
    label: Option<String>,
    sort: String,
}

impl TryFrom<Row> for SavedViewRow {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            id: parsed(&row.id)?,
            name: row.name,
            view: row.view,
            account: row.account.map(AccountId::from),
            platform: parsed_some(row.platform.as_deref())?,
            label: parsed_some(row.label.as_deref())?,
            sort: row.sort,
        })
    }
}

impl Store {
    /// All of them, in the order in which they were made.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn saved_views(&self) -> Result<Vec<SavedViewRow>> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, name, view, account, platform, label, sort FROM saved_view ORDER BY place, id",
        )
        .fetch_all(self.read())
        .await?;
        rows.into_iter().map(SavedViewRow::try_from).collect()
    }

    /// Keeps a list, unless there are `most` of them or another one goes by its name: another one at the end, or one that is
    /// there in its place.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn save_view(&self, view: &SavedViewRow, most: u32) -> Result<ViewKept> {
        let mut tx = self.write().await?;
        let names: Vec<(String, String)> =
            sqlx::query_as("SELECT id, name FROM saved_view").fetch_all(&mut *tx).await?;
        let (id, name) = (view.id.to_string(), folded(&view.name));
        let (own, others): (Vec<_>, Vec<_>) = names.iter().partition(|(known, _)| *known == id);
        let goes_by_it = |(_, known): &&(String, String)| folded(known) == name;
        // One that keeps its name is not asked about it: a file of before may have two of one name.
        if !own.iter().any(goes_by_it) && others.iter().any(goes_by_it) {
            return Ok(ViewKept::NameTaken);
        }
        let done = sqlx::query(
            "INSERT INTO saved_view (id, place, name, view, account, platform, label, sort)
             SELECT ?1, coalesce((SELECT max(place) FROM saved_view), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7
             WHERE (SELECT count(*) FROM saved_view WHERE id <> ?1) < ?8
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, view = excluded.view, account = excluded.account,
               platform = excluded.platform, label = excluded.label, sort = excluded.sort",
        )
        .bind(&id)
        .bind(&view.name)
        .bind(&view.view)
        .bind(view.account.as_ref().map(AccountId::as_str))
        .bind(view.platform.map(Platform::as_str))
        .bind(view.label.map(|label| label.to_string()))
        .bind(&view.sort)
        .bind(most)
        .execute(&mut *tx)
        .await?;
        self.commit(tx).await?;
        Ok(if done.rows_affected() == 1 { ViewKept::Kept } else { ViewKept::NoRoom })
    }

    /// Forgets one. Nothing happens when it is not there.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn forget_view(&self, id: Uuid) -> Result<()> {
        let mut tx = self.write().await?;
        sqlx::query("DELETE FROM saved_view WHERE id = ?").bind(id.to_string()).execute(&mut *tx).await?;
        self.commit(tx).await
    }
}

/// A name as two are compared: however its letters are written.
fn folded(name: &str) -> String {
    name.nfc().collect::<String>().to_lowercase()
}
