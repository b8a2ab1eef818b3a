//! Table `draft`: what an agent has written and not sent, one per thread. The files that were added to it are in
//! `own_file_use`; a draft stands as long as it has a text or a file.
//!
//! A reply that could not leave comes back into it at any moment. So whoever takes a draft's place, by saving another
//! text or by sending it, names the text that it goes out from. Where the draft is no longer that one, nothing happens
//! and [`StoreError::DraftChanged`] says so: what came back is read and joined first.
//!
//! ```text
//!   the reply that was pressed first ─┐
//!   the reply that was pressed next  ─┴─ came back, in this order
//!                                        (an empty line)
//!   what was written since
//! ```
//!
//! The page puts what it hears of into its own text by the same rule (`ui/src/features/composer/draft.svelte.ts`).

use super::{Conn, PartKey, Result, Store, StoreError, ThreadId, own_file};

/// A draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// The whole text.
    pub text: String,
    /// JSON: why it came back from the outbox, when it did.
    pub reason: Option<String>,
    /// When it was last changed, of the desk's wall clock.
    pub updated_ms: i64,
}

impl Store {
    /// A thread's draft.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn draft(&self, thread: ThreadId) -> Result<Option<DraftRow>> {
        let mut conn = self.read().acquire().await?;
        of_thread(&mut conn, thread).await
    }

    /// Every thread with a draft, and when that was last changed, of the desk's wall clock.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn drafts(&self) -> Result<Vec<(ThreadId, i64)>> {
        let rows: Vec<(i64, i64)> =
            sqlx::query_as("SELECT thread_id, updated_ms FROM draft ORDER BY thread_id")
                .fetch_all(self.read())
                .await?;
        Ok(rows.into_iter().map(|(thread, updated_ms)| (ThreadId(thread), updated_ms)).collect())
    }

    /// Saves a draft that goes out from the text `based_on`; an empty text removes it, unless files were added to it. A
    /// reason from the outbox stays as long as the draft does.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when the thread's draft is another one by now; it stays as it is. When the file cannot
    /// be written.
    pub async fn save_draft(&self, thread: ThreadId, text: &str, based_on: &str, now_ms: i64) -> Result<()> {
        let mut tx = self.write().await?;
        give_way(&mut tx, thread, text, based_on).await?;
        if text.is_empty() && own_file::of_draft(&mut tx, thread).await?.is_empty() {
            remove(&mut tx, thread).await?;
        } else {
            sqlx::query!(
                "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, ?, NULL, ?)
                 ON CONFLICT DO UPDATE SET text = excluded.text, updated_ms = excluded.updated_ms",
                thread.0,
                text,
                now_ms
            )
            .execute(&mut *tx)
            .await?;
        }
        self.commit(tx).await
    }
}

/// A thread's draft.
pub(super) async fn of_thread(conn: &mut Conn, thread: ThreadId) -> Result<Option<DraftRow>> {
    let row =
        sqlx::query_as!(DraftRow, "SELECT text, reason, updated_ms FROM draft WHERE thread_id = ?", thread.0);
    Ok(row.fetch_optional(conn).await?)
}

/// Asks whether the draft may be replaced: by who knows its text, or puts that very text in its place, nothing is lost.
pub(super) async fn give_way(conn: &mut Conn, thread: ThreadId, text: &str, based_on: &str) -> Result<()> {
    match of_thread(conn, thread).await? {
        Some(draft) if draft.text != based_on && draft.text != text => Err(StoreError::DraftChanged),
        _ => Ok(()),
    }
}

pub(super) async fn remove(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query!("DELETE FROM draft WHERE thread_id = ?", thread.0).execute(conn).await?;
    Ok(())
}

/// A file is added: the draft begins with it, where there is none.
pub(super) async fn begin(conn: &mut Conn, thread: ThreadId, now_ms: i64) -> Result<()> {
    sqlx::query(
        "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, '', NULL, ?)
         ON CONFLICT DO UPDATE SET updated_ms = excluded.updated_ms",
    )
    .bind(thread.0)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// A file was taken out: a draft without anything is none.
pub(super) async fn end_if_empty(conn: &mut Conn, thread: ThreadId) -> Result<()> {
    sqlx::query(
        "DELETE FROM draft WHERE thread_id = ?1 AND text = ''
           AND NOT EXISTS (SELECT 1 FROM own_file_use u WHERE u.thread_id = ?1 AND u.drafted = 1)",
    )
    .bind(thread.0)
    .execute(conn)
    .await?;
    Ok(())
}

/// Puts the text of a reply that goes back from this part on before whatever was written since, and after what was pressed
/// before it and came back too. Without a text only the draft begins, and says why.
pub(super) async fn put_back(
    conn: &mut Conn,
    thread: ThreadId,
    first: PartKey,
    text: &str,
    (reason, now_ms): (Option<&str>, i64),
) -> Result<()> {
    let draft = of_thread(conn, thread).await?;
    let earlier = match &draft {
        Some(DraftRow { reason: Some(_), .. }) => came_back(conn, first).await?,
        // What stands there was written.
        _ => Vec::new(),
    };
    let text = joined(draft.as_ref().map_or("", |draft| draft.text.as_str()), &earlier, text);
    sqlx::query(
        "INSERT INTO draft (thread_id, text, reason, updated_ms) VALUES (?, ?, ?, ?)
         ON CONFLICT DO UPDATE SET
           text = excluded.text, reason = excluded.reason, updated_ms = excluded.updated_ms",
    )
    .bind(thread.0)
    .bind(text)
    .bind(reason)
    .bind(now_ms)
    .execute(conn)
    .await?;
    Ok(())
}

/// The texts that came back since the thread's draft was last sent, and were pressed before this part, in that order.
async fn came_back(conn: &mut Conn, part: PartKey) -> Result<Vec<String>> {
    let texts = sqlx::query_scalar(
        "SELECT o.text FROM outbox_part p JOIN outbox_part o ON o.thread_id = p.thread_id
         WHERE p.key = ? AND o.state = 'draft' AND o.text <> ''
           AND o.updated_ms >= (SELECT coalesce(max(r.created_ms), 0) FROM reply r WHERE r.thread_id = p.thread_id)
           AND (o.created_ms, o.reply, o.idx) < (p.created_ms, p.reply, p.idx)
         ORDER BY o.created_ms, o.reply, o.idx",
    );
    Ok(texts.bind(part.0.to_string()).fetch_all(conn).await?)
}

/// What parts a reply that came back from what was written since.
const EMPTY_LINE: &str = "\n\n";

/// A draft with a text that comes back. It stands after what came back earlier and still stands first, as it was; whatever
/// was written is parted from it by an empty line.
fn joined(draft: &str, earlier: &[String], back: &str) -> String {
    if back.is_empty() {
        return draft.to_owned();
    }
    let (head, rest) = draft.split_at(end_of(draft, earlier));
    let written = rest.trim_start_matches('\n');
    let between = rest.len() - written.len();
    let back = if head.is_empty() { back.to_owned() } else { format!("{head}\n{back}") };
    if written.is_empty() {
        back
    } else if between < EMPTY_LINE.len() {
        format!("{back}{EMPTY_LINE}{written}")
    } else {
        format!("{back}{rest}")
    }
}

/// Where what came back earlier ends, of which each text still begins a line and ends one. Who went on writing in it wrote
/// something else.
fn end_of(draft: &str, earlier: &[String]) -> usize {
    let mut end = 0;
    for text in earlier {
        let rest = draft.get(end..).unwrap_or_default();
        let after = rest.trim_start_matches('\n').strip_prefix(text.as_str());
        if let Some(after) = after.filter(|after| after.is_empty() || after.starts_with('\n')) {
            end = draft.len() - after.len();
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::into_nothing("", &[], "Yes", "Yes")]
    #[case::before_what_was_written("and green tea", &[], "Yes", "Yes\n\nand green tea")]
    #[case::after_what_came_back("Yes", &["Yes"], "No", "Yes\nNo")]
    #[case::between_both("Yes\n\nand", &["Yes"], "No", "Yes\nNo\n\nand")]
    #[case::third("Yes\nNo\n\nand", &["Yes", "No"], "Well", "Yes\nNo\nWell\n\nand")]
    #[case::written_on_the_next_line("Yes\nand", &["Yes"], "No", "Yes\nNo\n\nand")]
    #[case::apart_from_each_other("Yes\n\nNo\n\nand", &["Yes", "No"], "Well", "Yes\n\nNo\nWell\n\nand")]
    #[case::pressed_before_what_came_back("No\n\nand", &[], "Yes", "Yes\n\nNo\n\nand")]
    #[case::written_in_what_came_back("Yes, and", &["Yes"], "No", "No\n\nYes, and")]
    #[case::of_two_the_first_was_rewritten("Yes!\nNo", &["Yes", "No"], "Well", "Well\n\nYes!\nNo")]
    #[case::long_gone("and", &["Yes", "No"], "Well", "Well\n\nand")]
    #[case::only_a_file("and", &["Yes"], "", "and")]
    #[case::lines_of_any_letters("Ja, für März\n\n…", &["Ja, für März"], "Nö", "Ja, für März\nNö\n\n…")]
    fn what_comes_back_stands_first_in_its_order_and_apart_from_what_is_written(
        #[case] draft: &str,
        #[case] earlier: &[&str],
        #[case] back: &str,
        #[case] expected: &str,
    ) {
        let earlier: Vec<String> = earlier.iter().map(ToString::to_string).collect();
        assert_eq!(joined(draft, &earlier, back), expected);
    }
}
