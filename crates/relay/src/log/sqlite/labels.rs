//! The labels of the workspace, and whether a thread carries one.

use baton_messenger::id::{AccountId, CustomerId};
use baton_protocol::LabelId;
use baton_protocol::team::TeamFact;
use sqlx::SqliteConnection;

use super::super::LogError;
use super::row::{storage, text};
use super::snapshot;
use super::writer::Tx;
use crate::team::{KnownLabel, LabelNow};

/// All of them, also those that were taken out. There are few of them, and this is asked only when somebody changes one.
pub(super) async fn all(conn: &mut SqliteConnection) -> Result<Vec<LabelNow>, LogError> {
    let rows = sqlx::query!(
        r#"select label as "label!", name as "name!", colour as "colour!", is_removed as "is_removed!: bool"
           from label"#
    )
    .fetch_all(conn)
    .await
    .map_err(storage)?;
    rows.into_iter()
        .map(|row| {
            Ok(LabelNow {
                label: text(&row.label)?,
                name: row.name,
                colour: row.colour,
                is_removed: row.is_removed,
            })
        })
        .collect()
}

/// How a label stands in the workspace and at a thread.
pub(super) async fn known(
    conn: &mut SqliteConnection,
    account: &AccountId,
    customer: &CustomerId,
    label: LabelId,
) -> Result<KnownLabel, LogError> {
    let newest = snapshot::newest(conn, account, customer, &snapshot::label_slot(label)).await?;
    let is_on = matches!(newest, Some(TeamFact::LabelAdded { .. }));
    let label = label.to_string();
    let row = sqlx::query!(r#"select is_removed as "is_removed!: bool" from label where label = ?1"#, label)
        .fetch_optional(conn)
        .await
        .map_err(storage)?;
    Ok(KnownLabel { is_there: row.is_some_and(|row| !row.is_removed), is_on })
}

/// Takes in what the workspace log was told of a label.
pub(super) async fn defined(tx: &mut Tx<'_>, fact: &TeamFact) -> Result<(), LogError> {
    let TeamFact::LabelDefined { label, name, colour, removed } = fact else { return Ok(()) };
    let (label, removed) = (label.to_string(), *removed);
    sqlx::query!(
        "insert into label (label, name, colour, is_removed) values (?1, ?2, ?3, ?4)
         on conflict (label) do update set name = excluded.name, colour = excluded.colour,
           is_removed = excluded.is_removed",
        label,
        name,
        colour,
        removed
    )
    .execute(&mut *tx.conn)
    .await
    .map_err(storage)?;
    Ok(())
}
