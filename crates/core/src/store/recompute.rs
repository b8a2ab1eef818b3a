//! What control hangs on has changed for a whole account, such as its routing or which app is ours: every thread of it is
//! computed anew.
//!
//! ```text
//!  entries ──▶ the account's facts, the threads that were touched ──▶ threads, some at a time ──▶ done
//!              one transaction: from here on the others are due       one transaction each
//! ```
//!
//! An account with few threads is done in the transaction of the entries. Else in pieces, so that a hundred thousand threads
//! neither grow the log of the file nor keep others from writing for long. How far it is stands in a setting that moves with
//! each piece: a kill costs one piece, and the next start goes on, and so do the account's next entries.
//!
//! The row of a thread that is due says who held it under the facts of before. What is shown may be so for a moment, as if the
//! entry had not come yet; what is *decided* may not: [`Store::thread`], which everything asks that sends or moves control,
//! computes a thread that is due before it reads it. Entries meanwhile compute what they touch from the beginning, for what
//! was folded under other facts is nothing to go on from.

use baton_protocol::AccountId;
use baton_thread::AccountFacts;
use baton_thread::waiting::counts_unnamed;

use super::again::{Far, THREADS};
use super::telling::{OpeningWatcher, Untold};
use super::{Conn, Result, Store, ThreadId, account, message_write, owner_event, refresh, setting, thread};

/// Before the name of an account: the setting in which stands up to which number its threads are computed.
const SETTING: &str = "store.recompute.";

impl Store {
    /// Computes what is due of an account. What cannot be written now is computed with the account's next entries, or at the
    /// next start.
    pub(super) async fn compute_due(&self, account: &AccountId) {
        if let Err(error) = self.compute_all_due(account, &mut Far::begin(0, &Untold)).await {
            tracing::warn!(%error, "threads could not be computed anew yet");
        }
    }

    /// The same where nothing else may happen before it is done.
    pub(super) async fn compute_all_due(&self, account: &AccountId, far: &mut Far<'_>) -> Result<()> {
        while let Some(threads) = self.compute_piece(account).await? {
            far.goes_on(threads);
        }
        Ok(())
    }

    /// Some threads that are due; how many there were, none when nothing was.
    pub(super) async fn compute_piece(&self, account: &AccountId) -> Result<Option<usize>> {
        self.let_pass().await;
        let mut tx = self.write().await?;
        // Purged meanwhile, with all that there was to do, or done.
        let Some(after) = mark_of(&mut tx, account).await? else { return Ok(None) };
        let some = thread::after(&mut tx, account, after, THREADS).await?;
        let facts = account::facts(&mut tx, account).await?;
        compute_some(&mut tx, &some, &facts).await?;
        match some.last() {
            Some(last) => set_mark(&mut tx, account, *last).await?,
            None => forget(&mut tx, account).await?,
        }
        self.commit(tx).await?;
        Ok(Some(some.len()))
    }

    /// Computes one thread that is due, so that what its row says is true.
    pub(super) async fn compute_one(&self, thread: ThreadId) -> Result<()> {
        let mut tx = self.write().await?;
        if let Some(facts) = account::facts_of_thread(&mut tx, thread).await? {
            compute_some(&mut tx, &[thread], &facts).await?;
        }
        self.commit(tx).await
    }

    /// Goes on where the last run was killed.
    pub(super) async fn resume_computing(&self, tells: &dyn OpeningWatcher) -> Result<()> {
        let (accounts, threads) = {
            let mut conn = self.read().acquire().await?;
            due(&mut conn).await?
        };
        let mut far = Far::begin(threads, tells);
        for account in accounts {
            self.compute_all_due(&account, &mut far).await?;
        }
        Ok(())
    }
}

/// What control hangs on has changed. Computes every thread of the account where one piece holds them; else those that were
/// touched, and the others are due from here on. True when some are.
pub(super) async fn begin(
    conn: &mut Conn,
    account: &AccountId,
    facts: &AccountFacts,
    touched: &[ThreadId],
) -> Result<bool> {
    let some = thread::some_of_account(conn, account, THREADS + 1).await?;
    let are_few = some.len() <= THREADS;
    compute_some(conn, if are_few { some.as_slice() } else { touched }, facts).await?;
    if are_few {
        forget(conn, account).await?;
    } else {
        set_mark(conn, account, ThreadId(0)).await?;
    }
    Ok(!are_few)
}

/// The same where that may have changed since `before`, outside of entries.
pub(super) async fn begin_if_changed(
    conn: &mut Conn,
    account: &AccountId,
    before: &AccountFacts,
) -> Result<bool> {
    let now = account::facts(conn, account).await?;
    if same_control(&now, before) { Ok(false) } else { begin(conn, account, &now, &[]).await }
}

/// Whether nothing changed that the whole account's threads depend on.
pub(super) fn same_control(now: &AccountFacts, before: &AccountFacts) -> bool {
    let counting = |facts: &AccountFacts| -> Vec<_> {
        facts.apps.iter().filter(|(_, app)| app.answers_count).map(|(id, _)| id.clone()).collect()
    };
    (&now.our_app, now.routing, &now.default_app, now.role)
        == (&before.our_app, before.routing, &before.default_app, before.role)
        && counting(now) == counting(before)
        && counts_unnamed(now) == counts_unnamed(before)
}

/// Computes these threads of one account anew, from the beginning.
pub(super) async fn compute_some(conn: &mut Conn, threads: &[ThreadId], facts: &AccountFacts) -> Result<()> {
    let mut held = Vec::new();
    for thread in threads {
        message_write::classify_thread(conn, *thread, facts.our_app.as_ref()).await?;
        held.push((*thread, owner_event::fold_on(conn, *thread, facts, None).await?));
    }
    refresh::threads(conn, facts, &held).await
}

/// True while threads of this account are due.
pub(super) async fn is_due(conn: &mut Conn, account: &AccountId) -> Result<bool> {
    Ok(mark_of(conn, account).await?.is_some())
}

/// Whether the row of a thread says something under facts of before.
pub(super) async fn is_thread_due(conn: &mut Conn, thread: ThreadId) -> Result<bool> {
    let due = sqlx::query_scalar(
        "SELECT EXISTS (SELECT 1 FROM thread t CROSS JOIN setting s ON s.name = ?2 || t.account
                        WHERE t.thread_id = ?1 AND CAST(s.value AS INTEGER) < t.thread_id)",
    );
    Ok(due.bind(thread.0).bind(SETTING).fetch_one(conn).await?)
}

/// Accounts of which threads are due, and how many these are.
async fn due(conn: &mut Conn) -> Result<(Vec<AccountId>, usize)> {
    let marks: Vec<(String, i64)> = sqlx::query_as(
        "SELECT substr(s.name, length(?1) + 1),
                (SELECT count(*) FROM thread t
                 WHERE t.account = substr(s.name, length(?1) + 1) AND t.thread_id > CAST(s.value AS INTEGER))
         FROM setting s WHERE s.name GLOB ?1 || '*' ORDER BY s.name",
    )
    .bind(SETTING)
    .fetch_all(conn)
    .await?;
    let threads = marks.iter().filter_map(|(_, threads)| usize::try_from(*threads).ok()).sum();
    Ok((marks.into_iter().map(|(account, _)| AccountId::from(account)).collect(), threads))
}

/// Up to which thread those of an account are computed; none when nothing is due.
async fn mark_of(conn: &mut Conn, account: &AccountId) -> Result<Option<ThreadId>> {
    let mark = setting::get(conn, &setting_of(account)).await?;
    // One that cannot be read costs computing all of them, and keeps no entry from coming in.
    Ok(mark.map(|mark| ThreadId(mark.parse().unwrap_or(0))))
}

async fn set_mark(conn: &mut Conn, account: &AccountId, through: ThreadId) -> Result<()> {
    setting::set(conn, &setting_of(account), &through.0.to_string()).await
}

/// Nothing of an account is due, or something else will compute all of it.
pub(super) async fn forget(conn: &mut Conn, account: &AccountId) -> Result<()> {
    setting::remove(conn, &setting_of(account)).await
}

fn setting_of(account: &AccountId) -> String {
    format!("{SETTING}{account}")
}
