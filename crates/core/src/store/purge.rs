//! Losing an account: nothing of it stays on this desk, drafts and queued replies included.

use baton_protocol::AccountId;

use super::{Result, Store, search};

/// In the order that references allow. `?1` is the account.
const DELETES: &[&str] = &[
    "DELETE FROM media_use WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM familiar WHERE account = ?1",
    "DELETE FROM audited WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM withheld WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM history_thread WHERE account = ?1",
    "DELETE FROM history_pass WHERE account = ?1",
    "DELETE FROM message WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM reaction WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM message_edit WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM receipt WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM erased WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM unsent WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM owner_event WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM thread_label WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM team_event WHERE account = ?1",
    "DELETE FROM team_part WHERE account = ?1",
    "DELETE FROM note WHERE account = ?1",
    "DELETE FROM mention WHERE account = ?1",
    "DELETE FROM mention_count WHERE account = ?1",
    "DELETE FROM note_draft WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM draft WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM reply_pending WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM handed_draft WHERE account = ?1",
    "DELETE FROM handed_draft_done WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM draft_told WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM reply_pending_told WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM queue_set WHERE account = ?1",
    "DELETE FROM hand_back_due WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM alert_end WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM alert_log WHERE log = ?1",
    "DELETE FROM draft_frame WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM reply_frame WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM outbox_part WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM reply WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM own_file_use WHERE thread_id IN (SELECT thread_id FROM thread WHERE account = ?1)",
    "DELETE FROM upload WHERE account = ?1",
    "DELETE FROM thread WHERE account = ?1",
    "DELETE FROM list_count WHERE account = ?1",
    "DELETE FROM label_count WHERE account = ?1",
    "DELETE FROM saved_view WHERE account = ?1",
    "DELETE FROM customer WHERE account = ?1",
    "DELETE FROM app WHERE account = ?1",
    "DELETE FROM app_role WHERE account = ?1",
    "DELETE FROM setting WHERE name = 'core.take_refused.' || ?1",
    "DELETE FROM setting WHERE name GLOB 'core.act_begun.' || ?1 || '.*'",
    "DELETE FROM connection WHERE account = ?1",
    "DELETE FROM account WHERE account = ?1",
    "DELETE FROM account_check WHERE account = ?1",
    "DELETE FROM read_mark WHERE account = ?1",
    "DELETE FROM page_token WHERE account = ?1",
    "DELETE FROM command_queue WHERE log = ?1",
    "DELETE FROM raw_entry WHERE log = ?1",
    "DELETE FROM log_identity WHERE log = ?1",
    "DELETE FROM setting WHERE name = 'store.resync.' || ?1",
    "DELETE FROM setting WHERE name = 'store.recompute.' || ?1",
    "DELETE FROM access WHERE account = ?1",
];

impl Store {
    /// Removes everything of an account, and sees to it that no bytes of it linger.
    ///
    /// # Errors
    /// When the file cannot be written; then everything is still there.
    pub async fn purge(&self, account: &AccountId) -> Result<()> {
        let mut tx = self.write().await?;
        search::forget_account(&mut tx, account).await?;
        for sql in DELETES {
            sqlx::query(*sql).bind(account.as_str()).execute(&mut *tx).await?;
        }
        self.commit_removal(tx).await
    }
}
