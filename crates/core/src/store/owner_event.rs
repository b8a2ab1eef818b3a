//! Table `owner_event`: evidence about control, each with who holds the thread after it.
//!
//! ```text
//!   at_ms, rank, tie   act                        after
//!   10:00              customer wrote, standby    Teabot until tomorrow 10:00
//!   10:02              passed to us               ours until tomorrow 10:02      ◀── the last one is the thread's owner
//! ```
//!
//! New evidence is folded on from the state before it, and only as far as states still change. So evidence at the end
//! costs one row, late evidence costs what it moves, and the result is that of a fold over the whole sorted set.

use baton_thread::owner::OwnerState;
use baton_thread::{AccountFacts, Act, Change, Evidence};

use super::error::{of_json, to_json};
use super::{Conn, Result, Store, ThreadId};

/// A place in the order of evidence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct EvidencePlace {
    pub at_ms: i64,
    pub rank: i64,
    pub tie: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    at_ms: i64,
    rank: i64,
    tie: String,
    act: String,
    after: Option<String>,
    shown: bool,
}

/// How many rows one step of a fold reads.
const STRIDE: i64 = 200;

/// So many threads are folded with one look.
const AT_ONCE: usize = 200;

/// And so many rows are read for them; whose do not fit are folded one by one.
const ROWS_AT_ONCE: usize = 4_000;

impl Store {
    /// Who held a thread, newest first, lapses too.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn owner_changes(&self, thread: ThreadId, limit: u32, now_ms: i64) -> Result<Vec<Change>> {
        let mut conn = self.read().acquire().await?;
        let facts = super::thread::facts(&mut conn, thread).await?;
        let mut lines = changes_before(&mut conn, thread, &facts, i64::MAX, limit).await?;
        if let Some(lapse) = lapse_by(&mut conn, thread, now_ms).await? {
            lines.push(lapse);
        }
        lines.reverse();
        lines.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(lines)
    }
}

/// Evidence as it goes into the table: thread, place, act and whether a desk learned it.
pub(super) type NewRow = (i64, i64, i64, String, String, bool);

/// Makes a row of evidence.
pub(super) fn row(thread: ThreadId, evidence: &Evidence, learned: bool) -> Result<NewRow> {
    let rank = i64::from(evidence.act.rank());
    Ok((thread.0, evidence.at_ms, rank, evidence.tie.clone(), to_json(&evidence.act)?, learned))
}

/// Adds evidence. Returns the places of what is new, or says more than before: what was put here ahead of the log
/// ([`super::learned_here`]) gets its note with the fact.
pub(super) async fn add_all(conn: &mut Conn, rows: &[NewRow]) -> Result<Vec<(ThreadId, EvidencePlace)>> {
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let added: Vec<(i64, i64, i64, String)> = sqlx::query_as(
        "INSERT INTO owner_event (thread_id, at_ms, rank, tie, act, learned, after, shown)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, NULL, 0
         FROM json_each(?) WHERE true
         ON CONFLICT DO UPDATE SET act = excluded.act, after = NULL
           WHERE owner_event.learned = 1 AND owner_event.act <> excluded.act
         RETURNING thread_id, at_ms, rank, tie",
    )
    .bind(to_json(&rows)?)
    .fetch_all(conn)
    .await?;
    let added = added.into_iter();
    Ok(added
        .map(|(thread, at_ms, rank, tie)| (ThreadId(thread), EvidencePlace { at_ms, rank, tie }))
        .collect())
}

/// Folds several threads on, each from its place where it has one, and returns who holds them after the last evidence.
pub(super) async fn fold_all(
    conn: &mut Conn,
    facts: &AccountFacts,
    threads: &[(ThreadId, Option<EvidencePlace>)],
) -> Result<Vec<(ThreadId, OwnerState)>> {
    let mut held = Vec::with_capacity(threads.len());
    for some in threads.chunks(AT_ONCE) {
        held.extend(fold_some(conn, facts, some).await?);
    }
    Ok(held)
}

#[derive(sqlx::FromRow)]
struct RowOf {
    /// Which of the threads that were asked for.
    nth: i64,
    #[sqlx(flatten)]
    row: Row,
}

async fn fold_some(
    conn: &mut Conn,
    facts: &AccountFacts,
    threads: &[(ThreadId, Option<EvidencePlace>)],
) -> Result<Vec<(ThreadId, OwnerState)>> {
    let befores = befores(conn, threads).await?;
    let rows = rows_from(conn, threads).await?;
    // The last thread of which rows came may have more of them.
    let complete = if rows.len() < ROWS_AT_ONCE {
        threads.len()
    } else {
        rows.last().and_then(|last| usize::try_from(last.nth).ok()).unwrap_or_default()
    };
    let mut by_thread: Vec<Vec<Row>> = threads.iter().map(|_| Vec::new()).collect();
    for RowOf { nth, row } in rows {
        if let Some(rows) = usize::try_from(nth).ok().and_then(|nth| by_thread.get_mut(nth)) {
            rows.push(row);
        }
    }
    let mut held = Vec::with_capacity(threads.len());
    let mut moved = Vec::new();
    for (nth, ((thread, from), (before, rows))) in
        threads.iter().zip(befores.into_iter().zip(by_thread)).enumerate()
    {
        let before = before.map_or_else(|| Ok(OwnerState::start(facts)), |json| of_json(&json))?;
        let state = match from {
            None => before,
            Some(_) if nth < complete => fold_rows(*thread, facts, before, &rows, &mut moved)?,
            Some(place) => fold_on(conn, *thread, facts, Some(place)).await?,
        };
        held.push((*thread, state));
    }
    store(conn, &moved).await?;
    Ok(held)
}

/// Folds all further rows of a thread on, as far as anything changes.
fn fold_rows(
    thread: ThreadId,
    facts: &AccountFacts,
    mut state: OwnerState,
    rows: &[Row],
    moved: &mut Vec<serde_json::Value>,
) -> Result<OwnerState> {
    // Behind the last row that was never folded nothing changes once a state is as it was.
    let last_unfolded = rows.iter().rposition(|row| row.after.is_none()).unwrap_or_default();
    for (nth, row) in rows.iter().enumerate() {
        let (after, shown) = step(state, row, facts)?;
        let json = to_json(&after)?;
        let is_same = row.after.as_deref() == Some(&json);
        if !is_same || row.shown != shown {
            moved.push(serde_json::json!([thread.0, row.at_ms, row.rank, row.tie, json, shown]));
        }
        state = after;
        if is_same && nth >= last_unfolded {
            let last = rows.last().and_then(|last| last.after.as_deref());
            return last.map_or(Ok(state), of_json);
        }
    }
    Ok(state)
}

/// For each thread the state that evidence at its place is folded onto; without a place, the last.
async fn befores(
    conn: &mut Conn,
    threads: &[(ThreadId, Option<EvidencePlace>)],
) -> Result<Vec<Option<String>>> {
    let asked: Vec<(i64, i64, i64, &str)> = threads
        .iter()
        .map(|(thread, from)| match from {
            Some(place) => (thread.0, place.at_ms, place.rank, place.tie.as_str()),
            None => (thread.0, i64::MAX, 0, ""),
        })
        .collect();
    let befores = sqlx::query_scalar(
        "SELECT (SELECT e.after FROM owner_event e
                 WHERE e.thread_id = j.value ->> 0
                   AND (e.at_ms, e.rank, e.tie) < (j.value ->> 1, j.value ->> 2, j.value ->> 3)
                 ORDER BY e.at_ms DESC, e.rank DESC, e.tie DESC LIMIT 1)
         FROM json_each(?) j ORDER BY j.key",
    );
    Ok(befores.bind(to_json(&asked)?).fetch_all(conn).await?)
}

/// The rows from each thread's place on; of threads without one none.
async fn rows_from(conn: &mut Conn, threads: &[(ThreadId, Option<EvidencePlace>)]) -> Result<Vec<RowOf>> {
    let asked: Vec<(usize, i64, i64, i64, &str)> = threads
        .iter()
        .enumerate()
        .filter_map(|(nth, (thread, from))| {
            let place = from.as_ref()?;
            Some((nth, thread.0, place.at_ms, place.rank, place.tie.as_str()))
        })
        .collect();
    if asked.is_empty() {
        return Ok(Vec::new());
    }
    let rows = sqlx::query_as(
        "SELECT j.value ->> 0 AS nth, e.at_ms, e.rank, e.tie, e.act, e.after, e.shown
         FROM json_each(?1) j CROSS JOIN owner_event e ON e.thread_id = j.value ->> 1
           AND (e.at_ms, e.rank, e.tie) >= (j.value ->> 2, j.value ->> 3, j.value ->> 4)
         ORDER BY j.key, e.at_ms, e.rank, e.tie LIMIT ?2",
    );
    let limit = i64::try_from(ROWS_AT_ONCE).unwrap_or(i64::MAX);
    Ok(rows.bind(to_json(&asked)?).bind(limit).fetch_all(conn).await?)
}

/// Folds on from `from`, or from the beginning, and returns who holds the thread after the last evidence.
pub(super) async fn fold_on(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    from: Option<&EvidencePlace>,
) -> Result<OwnerState> {
    let mut state = match from {
        Some(place) => before(conn, thread, facts, place).await?,
        None => OwnerState::start(facts),
    };
    let mut next = from.cloned().unwrap_or(EvidencePlace { at_ms: i64::MIN, rank: 0, tie: String::new() });
    let mut inclusive = true;
    loop {
        let rows = page(conn, thread, &next, inclusive).await?;
        let Some(last) = rows.last() else { return Ok(state) };
        next = EvidencePlace { at_ms: last.at_ms, rank: last.rank, tie: last.tie.clone() };
        inclusive = false;
        let mut moved = Vec::new();
        for row in &rows {
            let (after, shown) = step(state, row, facts)?;
            let json = to_json(&after)?;
            // All further rows were folded from this very state already.
            let settled = from.is_some() && row.after.as_deref() == Some(&json);
            if row.after.as_deref() != Some(&json) || row.shown != shown {
                moved.push(serde_json::json!([thread.0, row.at_ms, row.rank, row.tie, json, shown]));
            }
            state = after;
            if settled && !later_unfolded(conn, thread, row).await? {
                store(conn, &moved).await?;
                return self::last(conn, thread, facts).await;
            }
        }
        store(conn, &moved).await?;
        if rows.len() < STRIDE as usize {
            return Ok(state);
        }
    }
}

fn step(state: OwnerState, row: &Row, facts: &AccountFacts) -> Result<(OwnerState, bool)> {
    let act: Act = of_json(&row.act)?;
    let piece = Evidence { at_ms: row.at_ms, tie: row.tie.clone(), act };
    let mut lines = Vec::new();
    let after = state.step(&piece, facts, &mut lines);
    Ok((after, !lines.is_empty()))
}

async fn page(conn: &mut Conn, thread: ThreadId, from: &EvidencePlace, inclusive: bool) -> Result<Vec<Row>> {
    let sql = if inclusive {
        "SELECT at_ms, rank, tie, act, after, shown FROM owner_event
         WHERE thread_id = ?1 AND (at_ms, rank, tie) >= (?2, ?3, ?4) ORDER BY at_ms, rank, tie LIMIT ?5"
    } else {
        "SELECT at_ms, rank, tie, act, after, shown FROM owner_event
         WHERE thread_id = ?1 AND (at_ms, rank, tie) > (?2, ?3, ?4) ORDER BY at_ms, rank, tie LIMIT ?5"
    };
    let rows =
        sqlx::query_as(sql).bind(thread.0).bind(from.at_ms).bind(from.rank).bind(&from.tie).bind(STRIDE);
    Ok(rows.fetch_all(conn).await?)
}

async fn store(conn: &mut Conn, moved: &[serde_json::Value]) -> Result<()> {
    if moved.is_empty() {
        return Ok(());
    }
    let moved_json = to_json(&moved)?;
    sqlx::query!(
        "UPDATE owner_event SET after = j.value ->> 4, shown = j.value ->> 5
         FROM json_each(?1) j
         WHERE owner_event.thread_id = j.value ->> 0 AND owner_event.at_ms = j.value ->> 1
           AND owner_event.rank = j.value ->> 2 AND owner_event.tie = j.value ->> 3",
        moved_json
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The state that evidence at this place is folded onto.
async fn before(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    place: &EvidencePlace,
) -> Result<OwnerState> {
    let after: Option<Option<String>> = sqlx::query_scalar(
        "SELECT after FROM owner_event WHERE thread_id = ?1 AND (at_ms, rank, tie) < (?2, ?3, ?4)
         ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT 1",
    )
    .bind(thread.0)
    .bind(place.at_ms)
    .bind(place.rank)
    .bind(&place.tie)
    .fetch_optional(conn)
    .await?;
    after.flatten().map_or_else(|| Ok(OwnerState::start(facts)), |json| of_json(&json))
}

async fn later_unfolded(conn: &mut Conn, thread: ThreadId, row: &Row) -> Result<bool> {
    let found: i64 = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM owner_event WHERE thread_id = ?1 AND (at_ms, rank, tie) > (?2, ?3, ?4)
           AND after IS NULL)",
    )
    .bind(thread.0)
    .bind(row.at_ms)
    .bind(row.rank)
    .bind(&row.tie)
    .fetch_one(conn)
    .await?;
    Ok(found == 1)
}

/// Who holds the thread after the last evidence, as it was folded before.
pub(super) async fn last(conn: &mut Conn, thread: ThreadId, facts: &AccountFacts) -> Result<OwnerState> {
    let after: Option<Option<String>> = sqlx::query_scalar(
        "SELECT after FROM owner_event WHERE thread_id = ? ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT 1",
    )
    .bind(thread.0)
    .fetch_optional(conn)
    .await?;
    after.flatten().map_or_else(|| Ok(OwnerState::start(facts)), |json| of_json(&json))
}

/// The newest lines of the timeline from evidence before `before_ms`, oldest first.
pub(super) async fn changes_before(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    before_ms: i64,
    limit: u32,
) -> Result<Vec<Change>> {
    let rows: Vec<Row> = sqlx::query_as(
        "SELECT at_ms, rank, tie, act, after, shown FROM owner_event
         WHERE thread_id = ?1 AND shown = 1 AND at_ms < ?2
         ORDER BY at_ms DESC, rank DESC, tie DESC LIMIT ?3",
    )
    .bind(thread.0)
    .bind(before_ms)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    lines_of(conn, thread, facts, rows.into_iter().rev().collect()).await
}

/// Lines of the timeline between two moments, oldest first. A lapse belongs to the evidence that came after it.
pub(super) async fn changes_between(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    from_ms: i64,
    to_ms: i64,
) -> Result<Vec<Change>> {
    let mut rows: Vec<Row> = sqlx::query_as(
        "SELECT at_ms, rank, tie, act, after, shown FROM owner_event
         WHERE thread_id = ?1 AND shown = 1 AND at_ms >= ?2 AND at_ms < ?3
         ORDER BY at_ms, rank, tie LIMIT 1000",
    )
    .bind(thread.0)
    .bind(from_ms)
    .bind(to_ms)
    .fetch_all(&mut *conn)
    .await?;
    let next: Option<Row> = sqlx::query_as(
        "SELECT at_ms, rank, tie, act, after, shown FROM owner_event
         WHERE thread_id = ?1 AND shown = 1 AND at_ms >= ?2 ORDER BY at_ms, rank, tie LIMIT 1",
    )
    .bind(thread.0)
    .bind(to_ms)
    .fetch_optional(&mut *conn)
    .await?;
    rows.extend(next);
    let mut lines = lines_of(conn, thread, facts, rows).await?;
    lines.retain(|line| (from_ms..to_ms).contains(&line.at_ms));
    Ok(lines)
}

async fn lines_of(
    conn: &mut Conn,
    thread: ThreadId,
    facts: &AccountFacts,
    rows: Vec<Row>,
) -> Result<Vec<Change>> {
    let places: Vec<(ThreadId, Option<EvidencePlace>)> = rows
        .iter()
        .map(|row| EvidencePlace { at_ms: row.at_ms, rank: row.rank, tie: row.tie.clone() })
        .map(|place| (thread, Some(place)))
        .collect();
    let befores = befores(conn, &places).await?;
    let mut lines = Vec::new();
    for (row, before) in rows.into_iter().zip(befores) {
        let state = before.map_or_else(|| Ok(OwnerState::start(facts)), |json| of_json(&json))?;
        let piece = Evidence { at_ms: row.at_ms, tie: row.tie, act: of_json(&row.act)? };
        let _after = state.step(&piece, facts, &mut lines);
    }
    Ok(lines)
}

/// The lapse since the last evidence, if there was one.
pub(super) async fn lapse_by(conn: &mut Conn, thread: ThreadId, now_ms: i64) -> Result<Option<Change>> {
    let json: Option<String> = sqlx::query_scalar("SELECT owner FROM thread WHERE thread_id = ?")
        .bind(thread.0)
        .fetch_optional(conn)
        .await?;
    let Some(json) = json else { return Ok(None) };
    let state: OwnerState = of_json(&json)?;
    Ok(state.lapse_by(now_ms))
}

/// Takes out what this desk put here ahead of the log and the log will not have. Returns its place; none where it is not
/// there, or where the log has it all the same.
pub(super) async fn take_out_told_ahead(
    conn: &mut Conn,
    account: &str,
    thread: ThreadId,
    tie: &str,
) -> Result<Option<EvidencePlace>> {
    let place: Option<(i64, i64)> = sqlx::query_as(
        "DELETE FROM owner_event WHERE thread_id = ?2 AND learned = 1 AND tie = ?3
           AND NOT EXISTS (SELECT 1 FROM raw_entry WHERE log = ?1 AND kind = 'team' AND key = ?3)
         RETURNING at_ms, rank",
    )
    .bind(account)
    .bind(thread.0)
    .bind(tie)
    .fetch_optional(conn)
    .await?;
    Ok(place.map(|(at_ms, rank)| EvidencePlace { at_ms, rank, tie: tie.to_owned() }))
}

/// Drops what desks learned of these threads, a JSON array of their numbers, for a resync.
pub(super) async fn forget_learned(conn: &mut Conn, threads: &str) -> Result<()> {
    sqlx::query(
        "DELETE FROM owner_event WHERE learned = 1 AND thread_id IN (SELECT value FROM json_each(?))",
    )
    .bind(threads)
    .execute(conn)
    .await?;
    Ok(())
}
