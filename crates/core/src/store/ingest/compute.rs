//! Threads computed anew from the beginning, when what control of a whole account depends on is no longer as it was.

use baton_protocol::AccountId;
use baton_thread::AccountFacts;
use baton_thread::waiting::counts_unnamed;

use crate::store::{Conn, Result, ThreadId, account, message_write, owner_event, refresh, thread};

/// Computes every thread of an account anew when what control depends on is no longer as it was.
pub(in crate::store) async fn compute_if_control_changed(
    conn: &mut Conn,
    account: &AccountId,
    before: &AccountFacts,
) -> Result<()> {
    let now = account::facts(conn, account).await?;
    if same_control(&now, before) { Ok(()) } else { compute_all(conn, account, &now).await }
}

/// Computes these threads of one account anew, from the beginning.
pub(in crate::store) async fn compute_some(
    conn: &mut Conn,
    threads: &[ThreadId],
    facts: &AccountFacts,
) -> Result<()> {
    let mut held = Vec::new();
    for thread in threads {
        message_write::classify_thread(conn, *thread, facts.our_app.as_ref()).await?;
        held.push((*thread, owner_event::fold_on(conn, *thread, facts, None).await?));
    }
    refresh::threads(conn, facts, &held).await
}

/// Computes every thread of an account anew, from the beginning.
pub(super) async fn compute_all(conn: &mut Conn, account: &AccountId, facts: &AccountFacts) -> Result<()> {
    let threads = thread::of_account(conn, account).await?;
    compute_some(conn, &threads, facts).await
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
