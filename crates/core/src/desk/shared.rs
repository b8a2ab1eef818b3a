//! What the loops do together: taking in entries, saying that a token died, knowing our app.

use std::sync::Arc;

use baton_graph::Credentials;
use baton_messenger::{AccountId, AppId, Platform};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::command::Command;
use baton_protocol::entry::Entry;
use baton_protocol::{AgentId, LogId, LogName};

use super::inner::{Inner, YOU, lock};
use crate::account::{LATE_REFUSAL_COUNTS_MS, LateRight};
use crate::outbox::machine::Event;
use crate::outbox::step::Step;
use crate::store::{Changes, StoreError, ThreadId, ThreadRow};

impl Inner {
    /// Stores a batch of entries of one log with all that follows from it, then makes it known.
    pub(crate) async fn ingest(&self, log_id: LogId, batch: &[Entry]) -> Result<(), StoreError> {
        let changes = self.store.ingest(batch, log_id).await?;
        if let Some(newest) = changes.new_inbound.iter().map(|new| new.at_ms).max() {
            self.meta.at_least(newest);
        }
        self.alerts_hear(batch, &changes);
        self.changed(&changes);
        self.prove(&changes).await?;
        self.judge_late_replies(&changes).await
    }

    /// Takes in entries ahead of their place, see [`Store::foresee`](crate::store::Store::foresee).
    pub(crate) async fn foresee(&self, log_id: LogId, entries: &[Entry]) -> Result<(), StoreError> {
        let changes = self.store.foresee(entries, log_id).await?;
        self.changed(&changes);
        Ok(())
    }

    /// Makes known what a write changed, and wakes who waits for it.
    pub(crate) fn changed(&self, changes: &Changes) {
        if !changes.threads.is_empty() {
            self.notices.threads(changes.thread_ids.iter().copied(), self.store.version());
            lock(&self.unnamed).extend(changes.thread_ids.iter().copied());
            self.wake_outbox.notify_one();
            self.wake_names.notify_one();
            self.wake_sleepers.notify_one();
            self.media.arrived(&changes.media);
            self.media.may_be_unused();
        }
        self.history.announced(&changes.announced, self.meta_now().ms, self.boot_ms());
        if !changes.accounts.is_empty() {
            // It may have been connected, or its history paused or let go on.
            self.history.wake_leases.notify_one();
            self.history.wake.notify_one();
            // Somebody's desk may have found a token dead that this one has too.
            self.wake_tokens.notify_one();
            // Late replies may have been approved.
            self.wake_sleepers.notify_one();
        }
        if changes.erased {
            self.wake_confirming.notify_one();
            self.from_meta.wake.notify_one();
        }
        if changes.workspace {
            // Somebody was enrolled or got another role, and may need a token.
            self.hand_out.everywhere();
        }
        if !changes.accounts.is_empty() || changes.workspace {
            self.notices.accounts();
            self.notices.lists(self.store.version());
        }
    }

    /// Parts of this desk that an echo or a settlement in the log proves, and those that somebody gave up meanwhile.
    async fn prove(&self, changes: &Changes) -> Result<(), StoreError> {
        let Some(outbox) = self.outbox.get().and_then(std::sync::Weak::upgrade) else { return Ok(()) };
        for (part, mid) in &changes.parts_proved {
            if let Some(part) = self.store.part(*part).await? {
                self.after_step(Step::Echo, &part);
                outbox.happen(&part, Event::Proved { mid: mid.clone(), at_ms: None }).await?;
            }
        }
        for part in &changes.parts_given_up {
            // Not a try that became another one since.
            if let Some(known) = self.store.part(*part).await?.filter(|known| known.part == *part) {
                outbox.happen(&known, Event::ClosedElsewhere).await?;
            }
        }
        Ok(())
    }

    /// Meta refused replies: where that says that it takes no late replies of an account, this desk tells the team, if it was
    /// the one to find out.
    async fn judge_late_replies(&self, changes: &Changes) -> Result<(), StoreError> {
        let Some(me) = self.me().filter(|_| !changes.refused.is_empty()) else { return Ok(()) };
        self.notices.accounts();
        let now_ms = self.meta_now().ms;
        for account in &changes.refused {
            let row = self.store.account(account).await?;
            let ends = self.store.late_ends(account).await?;
            let last = ends.iter().rfind(|end| !end.arrived);
            // What an old log tells was judged then.
            let is_ours = last.is_some_and(|end| {
                end.desk == Some(me.desk) && now_ms.saturating_sub(end.at_ms) <= LATE_REFUSAL_COUNTS_MS
            });
            let is_approved = row.is_some_and(|row| row.human_agent == HumanAgentRight::Approved);
            if is_ours && is_approved && LateRight::of(&ends, now_ms) == LateRight::Refused {
                let command = Command::SetHumanAgent { right: HumanAgentRight::Refused };
                self.tell(&LogName::Account(account.clone()), command).await?;
            }
        }
        Ok(())
    }

    /// Meta refused the Page token that a call was made with: the team learns of it, and nothing is tried with it again. A
    /// token that came meanwhile is not the one that was refused. A Page's token often serves its Instagram account too:
    /// it is dead for every account that has this very one.
    pub(crate) async fn token_died(&self, account: &AccountId, used: &Credentials) -> Result<(), StoreError> {
        if !self.tokens.is(account, used) {
            return Ok(());
        }
        self.token_of_died(account, used).await?;
        for other in self.store.access().await?.iter().map(|access| &access.account) {
            let token = self.tokens.of(other).await;
            if token.usable().is_some_and(|token| used.is_of(token)) {
                self.token_of_died(other, used).await?;
            }
        }
        Ok(())
    }

    async fn token_of_died(&self, account: &AccountId, used: &Credentials) -> Result<(), StoreError> {
        tracing::warn!(%account, "Meta refuses the Page token");
        self.give_lease_back(account);
        // Both outlive a crash before anybody sees the token dead here.
        self.tell(&LogName::Account(account.clone()), Command::ReportToken { alive: false }).await?;
        self.store.token_died(account, self.meta_now().ms).await?;
        // Another call may have found the same; only a token that came meanwhile makes this untrue.
        if !self.tokens.died(account, used) && !self.tokens.is_dead(account) {
            self.store.token_lives(account).await?;
        }
        self.notices.accounts();
        Ok(())
    }

    /// This desk can be the steward no more: whoever can need not wait until the lease ends.
    fn give_lease_back(&self, account: &AccountId) {
        if !self.history.let_go(account) {
            return;
        }
        let (Some(relay), account) = (self.relay(), account.clone()) else { return };
        self.tasks.spawn(async move {
            // A relay that cannot be told ends the lease by itself.
            let _ = relay.give_lease_back(&account).await;
        });
    }

    /// A thread as it stands now.
    pub(crate) async fn thread(&self, thread: ThreadId) -> Result<ThreadRow, StoreError> {
        self.store.thread(thread, self.meta_now().ms).await
    }

    /// What an agent is called in a sentence.
    pub(crate) async fn called(&self, agent: AgentId) -> Result<String, StoreError> {
        if self.me().is_some_and(|me| me.agent == agent) {
            return Ok(YOU.to_owned());
        }
        let agents = self.store.agents().await?;
        let known = agents.into_iter().find(|known| known.agent == agent);
        Ok(known.map_or_else(|| "A colleague".to_owned(), |known| known.name))
    }

    /// The Page through which an account is called: itself on Messenger, the linked one on Instagram.
    pub(crate) async fn page_of(&self, account: &AccountId) -> Result<AccountId, StoreError> {
        let row = self.store.account(account).await?;
        Ok(row.and_then(|row| row.page).unwrap_or_else(|| account.clone()))
    }

    /// The relay named our Meta app.
    pub(crate) async fn take_app(&self, app: &AppId) -> Result<(), StoreError> {
        let Some(mut enrolment) = self.store.enrolment().await? else { return Ok(()) };
        if enrolment.our_app.as_ref() == Some(app) {
            return Ok(());
        }
        enrolment.our_app = Some(app.clone());
        self.store.set_enrolment(&enrolment).await?;
        if let Some(me) = lock(&self.me).as_mut() {
            me.our_app = Some(app.clone());
        }
        Ok(())
    }

    /// The relay said whether people can log in through it.
    pub(crate) fn heard_of_logins(&self, is_offered: bool) {
        if self.login.offered(is_offered) {
            self.notices.accounts();
        }
    }

    /// What the relay sent could not be stored. Nothing is lost by it: it is asked for again.
    pub(crate) fn not_stored(&self, error: StoreError) {
        tracing::warn!(%error, "what the relay sent could not be stored");
        self.mishaps.note(format!("Store: {}", error.words().what));
        self.storage_failed(error);
    }

    /// The disk refused what the stream brought.
    pub(crate) fn storage_failed(&self, error: StoreError) {
        if matches!(error, StoreError::Corrupt) {
            self.wake_soundness.notify_one();
        }
        *lock(&self.storage) = Some(Arc::new(error));
        self.notices.accounts();
    }

    /// The disk takes what the stream brings.
    pub(crate) fn storage_works(&self) {
        if lock(&self.storage).take().is_some() {
            self.notices.accounts();
        }
    }
}

impl ThreadRow {
    /// The channel; Messenger until the account's log said which.
    #[must_use]
    pub fn channel(&self) -> Platform {
        self.platform.unwrap_or(Platform::Messenger)
    }
}
