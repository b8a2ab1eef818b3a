//! What stands between the messages of a thread: who held it, what the team did, private notes, and which messages Meta does not
//! give.

use baton_protocol::team::TeamFact;
use baton_thread::Change;

use super::{Conn, NoteRow, Result, Store, ThreadId, note, owner_event, team_event, thread, withheld};

/// A line of the timeline.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineItem {
    /// Stable within the thread.
    pub key: String,
    /// When, milliseconds UTC; of Meta for control, of the relay for the rest.
    pub at_ms: i64,
    /// What.
    pub line: TimelineLine,
}

/// What a line tells.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineLine {
    /// Control moved.
    Owner(Box<Change>),
    /// The team did something.
    Team(Box<TeamFact>),
    /// A private note.
    Note(NoteRow),
    /// A message that Meta names and does not give.
    Gap,
}

impl Store {
    /// What happened from `from_ms` until before `to_ms`, oldest first. A lapse by `now_ms` is among it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn timeline(
        &self,
        thread: ThreadId,
        from_ms: i64,
        to_ms: i64,
        now_ms: i64,
    ) -> Result<Vec<TimelineItem>> {
        let mut conn = self.read().acquire().await?;
        between(&mut conn, thread, from_ms, to_ms, now_ms).await
    }
}

/// What happened from `from_ms` until before `to_ms`, oldest first.
pub(super) async fn between(
    conn: &mut Conn,
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
    now_ms: i64,
) -> Result<Vec<TimelineItem>> {
    let facts = thread::facts(conn, thread).await?;
    let mut changes = owner_event::changes_between(conn, thread, &facts, from_ms, to_ms).await?;
    let lapse = owner_event::lapse_by(conn, thread, now_ms).await?;
    changes.extend(lapse.filter(|lapse| (from_ms..to_ms).contains(&lapse.at_ms)));
    let mut items: Vec<TimelineItem> = Vec::with_capacity(changes.len());
    for change in changes {
        // A thread can change hands twice in one millisecond; the place among those tells such lines apart.
        let place = items.iter().rev().take_while(|item| item.at_ms == change.at_ms).count();
        let key = format!("owner:{}:{place}", change.at_ms);
        items.push(TimelineItem { key, at_ms: change.at_ms, line: TimelineLine::Owner(Box::new(change)) });
    }
    for event in team_event::between(conn, thread, from_ms, to_ms).await? {
        let key = format!("team:{}", event.seq);
        items.push(TimelineItem { key, at_ms: event.at_ms, line: TimelineLine::Team(Box::new(event.fact)) });
    }
    for note in note::between(conn, thread, from_ms, to_ms).await? {
        let key = format!("note:{}", note.note);
        items.push(TimelineItem { key, at_ms: note.at_ms, line: TimelineLine::Note(note) });
    }
    for (at_ms, mid) in withheld::between(conn, thread, from_ms, to_ms).await? {
        items.push(TimelineItem { key: format!("gap:{mid}"), at_ms, line: TimelineLine::Gap });
    }
    items.sort_by_key(|item| item.at_ms);
    Ok(items)
}
