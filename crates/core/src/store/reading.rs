//! Several reads of one moment: what an answer is made of belongs together, whatever is written meanwhile.
//!
//! A reading holds one of the few reading connections and keeps the log of writes from being folded into the file, so it
//! ends with the answer and waits for nothing but the file.

use std::collections::{BTreeMap, BTreeSet};

use baton_protocol::account::QueueRules;
use baton_protocol::enrol::Role;
use baton_protocol::{AccountId, AgentId, Mid, NoteId, PartId, ReplyId};
use baton_thread::AccountFacts;
use sqlx::{Sqlite, Transaction};

use super::{
    AccountRow, AgentRow, Block, Conn, DraftRow, Filter, Frame, HandedDraft, LabelRow, LateEnd, ListQuery,
    MessageKey, MessageRow, NoteDraftRow, OwnFile, Page, PartKey, PartRow, QueuedNote, Quote, Result, Store,
    TeamPartRow, ThreadId, ThreadKey, ThreadRow, TimelineItem, ViewCounts, account, colleague, command_queue,
    draft, enrolment, familiar, frame, handed_draft, history, label, late_end, message_page, note_draft,
    outbox_part, own_file, queue_rules, read_mark, team_part, thread, thread_list, timeline,
};

/// The store as it was at one moment.
#[derive(Debug)]
pub struct Reading {
    at: Transaction<'static, Sqlite>,
    version: u64,
}

impl Store {
    /// The store as it is now, to be read from more than once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn reading(&self) -> Result<Reading> {
        self.used();
        // The version first: what is read may be newer than it says, never older.
        let version = self.version();
        // SQLite fixes the moment with the first look, not with BEGIN.
        let at = self.read().begin_with("BEGIN; SELECT name FROM setting LIMIT 1").await?;
        Ok(Reading { at, version })
    }
}

impl Reading {
    /// Everything up to this version of the store is in it; see [`Store::version`].
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// See [`Store::thread`].
    ///
    /// # Errors
    /// As there.
    pub async fn thread(&mut self, thread: ThreadId, now_ms: i64) -> Result<ThreadRow> {
        thread::at(self.conn(), thread, now_ms).await
    }

    /// See [`Store::thread_list`].
    ///
    /// # Errors
    /// As there.
    pub async fn thread_list(&mut self, query: &ListQuery) -> Result<Page> {
        self.filtered_list(query, &Filter::default()).await
    }

    /// See [`Store::filtered_list`].
    ///
    /// # Errors
    /// As there.
    pub async fn filtered_list(&mut self, query: &ListQuery, filter: &Filter) -> Result<Page> {
        thread_list::page(self.conn(), query, filter).await
    }

    /// See [`Store::labels`].
    ///
    /// # Errors
    /// As there.
    pub async fn labels(&mut self) -> Result<Vec<LabelRow>> {
        label::all(self.conn()).await
    }

    /// See [`Store::view_counts`].
    ///
    /// # Errors
    /// As there.
    pub async fn view_counts(&mut self, agent: AgentId, account: Option<&AccountId>) -> Result<ViewCounts> {
        self.filtered_counts(agent, account, &Filter::default()).await
    }

    /// See [`Store::filtered_counts`].
    ///
    /// # Errors
    /// As there.
    pub async fn filtered_counts(
        &mut self,
        agent: AgentId,
        account: Option<&AccountId>,
        filter: &Filter,
    ) -> Result<ViewCounts> {
        thread_list::counts(self.conn(), agent, account, filter).await
    }

    /// See [`Store::lacks_older`].
    ///
    /// # Errors
    /// As there.
    pub async fn lacks_older(&mut self, thread: ThreadId) -> Result<bool> {
        history::lacks_older(self.conn(), thread).await
    }

    /// Of these messages of a thread, those that this desk has anything of, and those of which it knows that they were taken
    /// back or erased.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn here_or_gone(&mut self, thread: ThreadId, mids: &[&Mid]) -> Result<BTreeSet<Mid>> {
        history::here_or_gone(self.conn(), thread, mids).await
    }

    /// See [`Store::messages`].
    ///
    /// # Errors
    /// As there.
    pub async fn messages(
        &mut self,
        thread: ThreadId,
        before: Option<&MessageKey>,
        limit: u32,
    ) -> Result<Vec<MessageRow>> {
        message_page::page(self.conn(), thread, before, limit).await
    }

    /// Messages of a thread from a place on, the place itself first, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn messages_from(
        &mut self,
        thread: ThreadId,
        from: &MessageKey,
        limit: u32,
    ) -> Result<Vec<MessageRow>> {
        message_page::page_from(self.conn(), thread, from, limit).await
    }

    /// The place of the first inbound message that this agent has not read: where the unread ones begin.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_unread(&mut self, thread: ThreadId) -> Result<Option<MessageKey>> {
        let read_seq = read_mark::of_thread(self.conn(), thread).await?;
        message_page::first_unread(self.conn(), thread, read_seq).await
    }

    /// True when pictures of the thread's customer are not to be seen unasked: no person of ours has answered, and no
    /// agent at this desk chose to see one.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn is_stranger(&mut self, thread: ThreadId) -> Result<bool> {
        familiar::is_stranger(self.conn(), thread).await
    }

    /// See [`Store::parts_of_thread`].
    ///
    /// # Errors
    /// As there.
    pub async fn parts_of_thread(&mut self, thread: ThreadId) -> Result<Vec<PartRow>> {
        outbox_part::of_thread(self.conn(), thread).await
    }

    /// Replies of a thread that have not left and whose customer has written since they were pressed, beside what their
    /// authors had `read` before the log brought it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn overtaken(
        &mut self,
        thread: ThreadId,
        read: &BTreeMap<ReplyId, BTreeSet<Mid>>,
    ) -> Result<BTreeSet<ReplyId>> {
        outbox_part::overtaken(self.conn(), thread, read).await
    }

    /// See [`Store::parts_elsewhere`].
    ///
    /// # Errors
    /// As there.
    pub async fn parts_elsewhere(&mut self, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
        team_part::elsewhere(self.conn(), thread).await
    }

    /// Of the last parts of a thread that other desks sent, those of which no message is here: its echo did not come, and
    /// history does not tell of it yet. Oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn sent_without_message(&mut self, thread: ThreadId) -> Result<Vec<TeamPartRow>> {
        team_part::without_message(self.conn(), thread).await
    }

    /// See [`Store::agent_role`].
    ///
    /// # Errors
    /// As there.
    pub async fn agent_role(&mut self, agent: AgentId, account: &AccountId) -> Result<Option<Role>> {
        account::role(self.conn(), agent, account).await
    }

    /// See [`Store::timeline`].
    ///
    /// # Errors
    /// As there.
    pub async fn timeline(
        &mut self,
        thread: ThreadId,
        from_ms: i64,
        to_ms: i64,
        now_ms: i64,
    ) -> Result<Vec<TimelineItem>> {
        timeline::between(self.conn(), thread, from_ms, to_ms, now_ms).await
    }

    /// See [`Store::draft`].
    ///
    /// # Errors
    /// As there.
    pub async fn draft(&mut self, thread: ThreadId) -> Result<Option<DraftRow>> {
        draft::of_thread(self.conn(), thread).await
    }

    /// See [`Store::draft_files`].
    ///
    /// # Errors
    /// As there.
    pub async fn draft_files(&mut self, thread: ThreadId) -> Result<Vec<OwnFile>> {
        own_file::of_draft(self.conn(), thread).await
    }

    /// The files of a thread's parts that this desk still keeps, by their parts.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn files_of_parts(&mut self, thread: ThreadId) -> Result<Vec<(PartKey, OwnFile)>> {
        own_file::of_parts(self.conn(), thread).await
    }

    /// When the newest message was said that is a part of a reply of which other parts have not left, milliseconds UTC of
    /// Meta.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn said_of_open_replies(&mut self, thread: ThreadId) -> Result<Vec<(ReplyId, i64)>> {
        outbox_part::said_of_open_replies(self.conn(), thread).await
    }

    /// The newest name that an agent at this desk gave a customer and that still waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_name(&mut self, thread: &ThreadKey) -> Result<Option<String>> {
        command_queue::queued_name(self.conn(), thread).await
    }

    /// See [`Store::draft_frame`].
    ///
    /// # Errors
    /// As there.
    pub async fn draft_frame(&mut self, thread: ThreadId) -> Result<Frame> {
        frame::of_draft(self.conn(), thread).await
    }

    /// What stands around replies of this desk in a thread, by their parts: the first one of a reply carries what is
    /// answered, the last one what is offered.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn frames_of_parts(&mut self, thread: ThreadId) -> Result<BTreeMap<PartKey, Frame>> {
        frame::of_parts(self.conn(), thread).await
    }

    /// Messages of a thread as quotes; those that are not here have no original.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn quotes(&mut self, thread: ThreadId, mids: &[Mid]) -> Result<BTreeMap<Mid, Quote>> {
        message_page::quotes(self.conn(), thread, mids).await
    }

    /// Parts of a thread that left while the relay was away, as long as it has not been told.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_unchecked(&mut self, thread: &ThreadKey) -> Result<BTreeSet<PartId>> {
        command_queue::queued_unchecked(self.conn(), thread).await
    }

    /// What an agent at this desk did last about our reaction to each message of a thread, while that still waits for the
    /// relay: the character, or none when it was taken away.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_reactions(&mut self, thread: &ThreadKey) -> Result<BTreeMap<Mid, Option<String>>> {
        command_queue::queued_reactions(self.conn(), thread).await
    }

    /// See [`Store::queued_block`].
    ///
    /// # Errors
    /// As there.
    pub async fn queued_block(&mut self, thread: &ThreadKey) -> Result<Option<Block>> {
        command_queue::queued_block(self.conn(), thread).await
    }

    /// This desk's agent; none before it is enrolled.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn me(&mut self) -> Result<Option<AgentId>> {
        enrolment::me(self.conn()).await
    }

    /// See [`Store::note_draft`].
    ///
    /// # Errors
    /// As there.
    pub async fn note_draft(&mut self, thread: ThreadId) -> Result<Option<NoteDraftRow>> {
        note_draft::of_thread(self.conn(), thread).await
    }

    /// Private notes of a thread that wait for the relay, oldest first; not those that are to be taken away again.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_notes(&mut self, thread: &ThreadKey) -> Result<Vec<QueuedNote>> {
        command_queue::queued_notes(self.conn(), thread).await
    }

    /// Private notes of a thread that an agent at this desk takes away, while that waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_removals(&mut self, thread: &ThreadKey) -> Result<BTreeSet<NoteId>> {
        command_queue::queued_removals(self.conn(), thread).await
    }

    /// Which threads an agent at this desk made urgent, or no longer so, while that waits for the relay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn queued_priorities(&mut self) -> Result<BTreeMap<ThreadKey, bool>> {
        command_queue::queued_priorities(self.conn()).await
    }

    /// See [`Store::accounts`].
    ///
    /// # Errors
    /// As there.
    pub async fn accounts(&mut self) -> Result<Vec<AccountRow>> {
        account::all(self.conn()).await
    }

    /// See [`Store::account`].
    ///
    /// # Errors
    /// As there.
    pub async fn account(&mut self, account: &AccountId) -> Result<Option<AccountRow>> {
        account::one(self.conn(), account).await
    }

    /// See [`Store::queue_rules`].
    ///
    /// # Errors
    /// As there.
    pub async fn queue_rules(&mut self, account: &AccountId) -> Result<QueueRules> {
        queue_rules::of_account(self.conn(), account).await
    }

    /// See [`Store::handed_draft`].
    ///
    /// # Errors
    /// As there.
    pub async fn handed_draft(&mut self, thread: ThreadId) -> Result<Option<HandedDraft>> {
        handed_draft::of_thread(self.conn(), thread).await
    }

    /// What this desk's agent was writing in a thread when it was last taken from them, as it was handed over.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn own_handed_draft(&mut self, thread: ThreadId) -> Result<Option<String>> {
        handed_draft::of_mine(self.conn(), thread).await
    }

    /// See [`Store::account_facts`].
    ///
    /// # Errors
    /// As there.
    pub async fn account_facts(&mut self, account: &AccountId) -> Result<AccountFacts> {
        account::facts(self.conn(), account).await
    }

    /// See [`Store::late_ends`].
    ///
    /// # Errors
    /// As there.
    pub async fn late_ends(&mut self, account: &AccountId) -> Result<Vec<LateEnd>> {
        late_end::of_account(self.conn(), account).await
    }

    /// See [`Store::agents`].
    ///
    /// # Errors
    /// As there.
    pub async fn agents(&mut self) -> Result<Vec<AgentRow>> {
        account::agents(self.conn()).await
    }

    /// The agents with a role on an account that this desk may read, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn colleagues(&mut self) -> Result<Vec<AgentRow>> {
        colleague::all(self.conn()).await
    }

    pub(super) fn conn(&mut self) -> &mut Conn {
        &mut self.at
    }
}
