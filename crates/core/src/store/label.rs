//! Tables `label` and `thread_label`: which labels there are, and which threads carry them.
//!
//! What an agent at this desk did about labels and the team has not been told yet stands in the command queue; rows show it,
//! and how many there are in a list follows once it was told.

use std::collections::BTreeMap;

use baton_protocol::LabelId;
use baton_protocol::team::TeamFact;

use super::error::parsed;
use super::{Conn, Result, Store, StoreError, ThreadId, ThreadKey, seq_in};

/// A label of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRow {
    /// Our id.
    pub label: LabelId,
    /// Its name.
    pub name: String,
    /// Its colour as `#rrggbb`.
    pub colour: String,
}

/// How a thread carries a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadLabel {
    /// The team knows of it.
    On,
    /// It was put on here, and the team has not been told.
    PuttingOn,
    /// It was taken off here, and the team has not been told.
    TakingOff,
}

impl Store {
    /// The labels of the workspace, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn labels(&self) -> Result<Vec<LabelRow>> {
        let mut conn = self.read().acquire().await?;
        all(&mut conn).await
    }

    /// Whether a thread carries a label, as the log tells, and what an agent at this desk did last about it, while that waits
    /// for the relay. No thread carries a label that was taken out of the workspace.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn label_of_thread(
        &self,
        thread: ThreadId,
        key: &ThreadKey,
        label: LabelId,
    ) -> Result<(bool, Option<bool>)> {
        let label = label.to_string();
        let on: Option<bool> = sqlx::query_scalar(
            "SELECT is_on FROM thread_label
             WHERE thread_id = ?1 AND label = ?2
               AND NOT EXISTS (SELECT 1 FROM label WHERE label = ?2 AND removed)",
        )
        .bind(thread.0)
        .bind(&label)
        .fetch_optional(self.read())
        .await?;
        let queued: Option<bool> = sqlx::query_scalar(
            "SELECT request ->> '$.command.on' FROM command_queue
             WHERE log = ? AND request ->> '$.command.do' = 'set_label' AND request ->> '$.command.customer' = ?
               AND request ->> '$.command.label' = ?
             ORDER BY place DESC LIMIT 1",
        )
        .bind(key.account.as_str())
        .bind(key.customer.as_str())
        .bind(&label)
        .fetch_optional(self.read())
        .await?;
        Ok((on.unwrap_or(false), queued))
    }
}

/// The labels of the workspace, by name.
pub(super) async fn all(conn: &mut Conn) -> Result<Vec<LabelRow>> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as("SELECT label, name, colour FROM label WHERE removed = 0").fetch_all(conn).await?;
    let mut labels: Vec<LabelRow> = rows
        .into_iter()
        .map(|(label, name, colour)| Ok(LabelRow { label: parsed(&label)?, name, colour }))
        .collect::<Result<_>>()?;
    labels.sort_by_cached_key(|row| (row.name.to_lowercase(), row.label));
    Ok(labels)
}

/// The labels of a thread, from two columns of its row: those that the log tells of, and what waits in the queue about them,
/// each step as place, label and whether it is put on.
pub(super) fn of_thread(on: Option<&str>, queued: Option<&str>) -> Result<BTreeMap<LabelId, ThreadLabel>> {
    let on = on.unwrap_or_default().split(',').filter(|label| !label.is_empty());
    let mut labels: BTreeMap<LabelId, ThreadLabel> =
        on.map(|label| Ok((parsed(label)?, ThreadLabel::On))).collect::<Result<_>>()?;
    let mut steps: Vec<(i64, LabelId, bool)> = Vec::new();
    for step in queued.unwrap_or_default().split(',').filter(|step| !step.is_empty()) {
        let unreadable = || StoreError::Unreadable("a queued label".to_owned());
        let (place, rest) = step.split_once(' ').ok_or_else(unreadable)?;
        let (label, on) = rest.split_once(' ').ok_or_else(unreadable)?;
        steps.push((place.parse().map_err(|_| unreadable())?, parsed(label)?, on == "1"));
    }
    steps.sort_unstable();
    let last: BTreeMap<LabelId, bool> = steps.into_iter().map(|(_, label, on)| (label, on)).collect();
    for (label, puts_on) in last {
        match (puts_on, labels.contains_key(&label)) {
            (true, false) => labels.insert(label, ThreadLabel::PuttingOn),
            (false, true) => labels.insert(label, ThreadLabel::TakingOff),
            _ => None,
        };
    }
    Ok(labels)
}

pub(super) async fn apply(conn: &mut Conn, thread: ThreadId, seq: u64, fact: &TeamFact) -> Result<()> {
    match fact {
        TeamFact::LabelAdded { label, .. } => set(conn, thread, seq, *label, true).await,
        TeamFact::LabelRemoved { label, .. } => set(conn, thread, seq, *label, false).await,
        _ => Ok(()),
    }
}

async fn set(conn: &mut Conn, thread: ThreadId, seq: u64, label: LabelId, on: bool) -> Result<()> {
    let label = label.to_string();
    let seq = seq_in(seq);
    sqlx::query!(
        "INSERT INTO thread_label (thread_id, label, is_on, seq, account, assignee, active, needs_reply, shut, ending,
           sort_ms, last_at_ms)
         SELECT t.thread_id, ?2, ?3, ?4, t.account, t.assignee, t.active, t.needs_reply, t.shut, t.ending, t.sort_ms,
           t.last_at_ms
         FROM thread t WHERE t.thread_id = ?1
         ON CONFLICT DO UPDATE SET is_on = excluded.is_on, seq = excluded.seq WHERE excluded.seq > thread_label.seq",
        thread.0,
        label,
        on,
        seq
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) async fn forget(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query("DELETE FROM thread_label WHERE thread_id IN (SELECT value FROM json_each(?))")
        .bind(threads)
        .execute(conn)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_here_last_stands_over_what_the_log_tells() {
        let [late, vip, gone] = [1, 2, 3].map(|number| LabelId(uuid::Uuid::from_u128(number)));
        let on = format!("{late},{gone}");
        let queued = format!("9 {gone} 0,12 {vip} 1,11 {vip} 0,10 {vip} 1,13 {late} 1");
        let labels = of_thread(Some(&on), Some(&queued)).unwrap();
        let expected =
            [(late, ThreadLabel::On), (vip, ThreadLabel::PuttingOn), (gone, ThreadLabel::TakingOff)];
        assert_eq!(labels, BTreeMap::from(expected));
        assert!(of_thread(None, None).unwrap().is_empty());
        assert!(of_thread(None, Some("no")).is_err());
    }
}
