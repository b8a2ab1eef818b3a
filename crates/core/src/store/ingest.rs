//! Entries become rows: the raw entry, what follows from it, and the cursor, in one transaction.
//!
//! ```text
//!  batch ──▶ understand (pure) ──▶ rows ──▶ touched threads computed anew ──▶ raw entries ──▶ cursor ──▶ commit
//! ```
//!
//! A batch may hold entries in any order and any number of times, across calls too: everything below is idempotent and
//! commutes. When a transaction fails nothing of the batch is there, and the same batch may come again.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::id::{AppId, Mid};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::{Entry, EntryKind};
use baton_protocol::ids::PartId;
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{AccountId, Cursor, CustomerId, LogId, LogName};
use baton_thread::AccountFacts;
use baton_thread::waiting::counts_unnamed;
use serde_json::value::RawValue;

use super::error::{of_json, to_json};
use super::log::RawExtra;
use super::message_put::{Put, Told};
use super::message_write::Watermarks;
use super::owner_event::EvidencePlace;
use super::team_part::PartTold;
use super::{
    Conn, FreshMedia, Result, Store, StoreError, ThreadId, ThreadKey, account, app_role, customer, ending,
    erase, handed_draft, history, known_app, label, log, media_wanted, mention, message_put, message_write,
    note, own_words, owner_event, policy, queue_rules, read_mark, refresh, reply_pending, search, team_event,
    team_part, thread, withheld,
};
use crate::apply::{self, ReactionSaid, Said, Understood};

/// What stands where the body of an entry was that went with a message.
const UNSENT: &str = r#"{"tombstone":true,"reason":"unsent","mid":null,"customer":null,"at_ms":null}"#;

/// What a batch changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Threads of which something changed.
    pub threads: BTreeSet<ThreadKey>,
    /// The same by this desk's numbers.
    pub thread_ids: BTreeSet<ThreadId>,
    /// Accounts whose facts changed.
    pub accounts: BTreeSet<AccountId>,
    /// Agents, labels or canned replies changed.
    pub workspace: bool,
    /// Order or membership of lists may have changed.
    pub list_changed: bool,
    /// The customer's messages that were not known before and are no mere history, oldest first.
    pub new_inbound: Vec<NewInbound>,
    /// Parts of ours, of whatever desk, whose echo came or that some desk found sent: Meta has them.
    pub parts_proved: Vec<(PartId, Mid)>,
    /// Parts that a person gave up without knowing whether they arrived, of whatever desk.
    pub parts_given_up: Vec<PartId>,
    /// Accounts in which Meta refused a reply, of whatever desk.
    pub refused: BTreeSet<AccountId>,
    /// Messages that were told of and brought files to fetch.
    pub media: Vec<FreshMedia>,
    /// Messages that were announced and not told.
    pub announced: Vec<Announced>,
    /// True when a customer was erased: the relay waits to hear that it was.
    pub erased: bool,
}

/// A message that Meta announced without telling it (docs/meta.md 2.7.9). It may have been told of before, or by now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Announced {
    /// Its account.
    pub account: AccountId,
    /// The message.
    pub mid: Mid,
    /// When the relay appended the announcement, milliseconds UTC.
    pub at_ms: i64,
}

/// A customer's message that was not known before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewInbound {
    /// The thread.
    pub thread: ThreadKey,
    /// The entry that told of it.
    pub seq: u64,
    /// When it was said, milliseconds UTC of Meta.
    pub at_ms: i64,
    /// Its text.
    pub text: Option<String>,
    /// True when another app holds the thread and we only listen.
    pub standby: bool,
    /// True when an audit found it.
    pub found_late: bool,
}

/// One batch on its way.
pub(super) struct Batch<'a> {
    conn: &'a mut Conn,
    log: LogName,
    facts: AccountFacts,
    /// Threads to compute anew, each with the first place where evidence came in.
    touched: BTreeMap<ThreadId, Touch>,
    known: BTreeMap<CustomerId, ThreadId>,
    /// Up to which seq customers were erased, as far as it was asked.
    erased: BTreeMap<CustomerId, u64>,
    taken_back: BTreeSet<(CustomerId, Mid)>,
    /// Threads in which words of ours may have been taken back.
    own_words: BTreeSet<ThreadId>,
    /// Threads in which notes came or went.
    noted: BTreeSet<ThreadId>,
    /// Threads whose status was set, on which hangs what is over.
    status_set: BTreeSet<ThreadId>,
    /// Seqs of notes that were taken away: their words go.
    unsaid: Vec<u64>,
    /// What the search has to know.
    index: search::Pending,
    /// Bytes were removed that must not linger anywhere.
    removed: bool,
    /// When the newest webhook came.
    heard_ms: Option<i64>,
    /// Evidence about control that is not in its table yet.
    new_evidence: Vec<owner_event::NewRow>,
    /// Apps that evidence names.
    apps_seen: BTreeSet<AppId>,
    /// Until when everything was delivered and seen.
    watermarks: BTreeMap<ThreadId, Watermarks>,
    /// Receipts that name their messages.
    receipts: Vec<message_write::Received>,
    /// What the team decided about threads.
    decided: thread::Decided,
    /// What the timeline tells of it.
    team_events: Vec<team_event::NewRow>,
    changes: Changes,
    /// False for entries that come once more in their place: they are not kept as they came.
    keeps: bool,
}

#[derive(Default)]
struct Touch {
    key: Option<ThreadKey>,
    evidence: Option<EvidencePlace>,
}

impl Store {
    /// Takes in entries of one log.
    ///
    /// # Errors
    /// When the file cannot be written; then nothing of the batch was taken in. [`StoreError::Other`] when the log's
    /// identity is another than before: then [`Store::resync`] comes first.
    pub async fn ingest(&self, entries: &[Entry], log_id: LogId) -> Result<Changes> {
        let Some(log) = log::one_log(entries)?.cloned() else { return Ok(Changes::default()) };
        self.let_pass().await;
        let mut tx = self.write().await?;
        let before = log::cursor(&mut tx, &log).await?;
        check_identity(before.as_ref(), log_id)?;
        let facts = match log.account() {
            Some(account) => account::facts_of_ensured(&mut tx, account).await?,
            None => AccountFacts::default(),
        };
        let mut batch = Batch::new(&mut tx, log.clone(), facts);
        batch.take_in(entries).await?;
        let (changes, removed) = (batch.changes, batch.removed);
        let refs: Vec<&Entry> = entries.iter().collect();
        log::advance(&mut tx, &log, log_id, before.as_ref(), &refs).await?;
        self.commit_or_removal(tx, removed).await?;
        Ok(changes)
    }

    /// Takes in entries ahead of their place: the newest facts of a team, long before their blocks come. What they say is in
    /// the tables; that they were read is not, so they are read once more.
    ///
    /// # Errors
    /// As [`Store::ingest`].
    pub async fn foresee(&self, entries: &[Entry], log_id: LogId) -> Result<Changes> {
        let Some(log) = log::one_log(entries)?.cloned() else { return Ok(Changes::default()) };
        let Some(account) = log.account() else { return Ok(Changes::default()) };
        let mut tx = self.write().await?;
        check_identity(log::cursor(&mut tx, &log).await?.as_ref(), log_id)?;
        let facts = account::facts_of_ensured(&mut tx, account).await?;
        let mut batch = Batch::new(&mut tx, log.clone(), facts);
        batch.keeps = false;
        batch.take_in(entries).await?;
        let (changes, removed) = (batch.changes, batch.removed);
        self.commit_or_removal(tx, removed).await?;
        Ok(changes)
    }
}

impl<'a> Batch<'a> {
    pub(super) fn new(conn: &'a mut Conn, log: LogName, facts: AccountFacts) -> Self {
        Self {
            conn,
            log,
            facts,
            touched: BTreeMap::new(),
            known: BTreeMap::new(),
            erased: BTreeMap::new(),
            taken_back: BTreeSet::new(),
            own_words: BTreeSet::new(),
            noted: BTreeSet::new(),
            status_set: BTreeSet::new(),
            unsaid: Vec::new(),
            index: search::Pending::default(),
            removed: false,
            heard_ms: None,
            new_evidence: Vec::new(),
            apps_seen: BTreeSet::new(),
            watermarks: BTreeMap::new(),
            receipts: Vec::new(),
            decided: thread::Decided::default(),
            team_events: Vec::new(),
            changes: Changes::default(),
            keeps: true,
        }
    }

    pub(super) async fn take_in(&mut self, entries: &[Entry]) -> Result<()> {
        let mut understood: Vec<(Cow<'_, Entry>, Understood)> =
            entries.iter().map(|entry| (Cow::Borrowed(entry), apply::understand(entry))).collect();
        self.erase(&understood).await?;
        self.look_up(&understood).await?;
        for (entry, understood) in &mut understood {
            self.silence_if_erased(entry, understood).await?;
        }
        // Most of what comes is messages; they are put in together, before what hangs on them.
        self.messages(&understood).await?;
        self.parts(&understood).await?;
        let mut gone: Vec<u64> = Vec::new();
        for (entry, understood) in &mut understood {
            self.hush_if_unsent(entry, understood).await?;
            for said in &understood.said {
                if let Said::BodiesGone { seqs } = said {
                    gone.extend(seqs);
                }
                self.carry_out(entry, said).await?;
            }
        }
        self.put_evidence().await?;
        self.put_decided().await?;
        message_write::watermarks(self.conn, std::mem::take(&mut self.watermarks)).await?;
        message_write::receipts(self.conn, &std::mem::take(&mut self.receipts)).await?;
        if let (Some(heard_ms), Some(account)) = (self.heard_ms, self.log.account()) {
            account::heard(self.conn, account, heard_ms).await?;
        }
        let mut quoting = self.take_out_own_words().await?;
        quoting.append(&mut self.unsaid);
        self.compute_touched().await?;
        mention::refresh(self.conn, &std::mem::take(&mut self.noted)).await?;
        mention::settle(self.conn, &std::mem::take(&mut self.status_set)).await?;
        std::mem::take(&mut self.index).finish(self.conn).await?;
        if self.keeps {
            let rows: Vec<(&Entry, RawExtra)> =
                understood.iter().map(|(entry, understood)| (&**entry, raw_extra(understood))).collect();
            log::keep(self.conn, &self.log, &rows).await?;
        }
        log::clear_quotes(self.conn, &self.log, &quoting).await?;
        self.clear_raw(&gone).await
    }

    /// Whether what was taken in removed bytes that must not linger anywhere: then its transaction is committed as a removal.
    pub(super) fn has_removed(&self) -> bool {
        self.removed
    }

    /// Words of ours that were taken back go from wherever they are quoted. Returns the seqs of the grants that do.
    async fn take_out_own_words(&mut self) -> Result<Vec<u64>> {
        let mut quoting = Vec::new();
        let threads = std::mem::take(&mut self.own_words);
        for thread in own_words::may_be(self.conn, &threads).await? {
            let grants = own_words::of_team(self.conn, thread).await?;
            self.removed |= own_words::of_outbox(self.conn, thread).await? || !grants.is_empty();
            self.removed |= own_words::of_erased(self.conn, thread).await?;
            quoting.extend(grants);
        }
        Ok(quoting)
    }

    /// Erasures come before everything else of the batch, so that what they concern is never stored.
    async fn erase(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
        let Some(account) = self.log.account().cloned() else { return Ok(()) };
        for (entry, understood) in understood {
            for said in &understood.said {
                let Said::Erased { customer } = said else { continue };
                let thread = self.touch(customer).await?;
                let index = &mut self.index;
                let erased = erase::customer(self.conn, index, &account, thread, customer, entry.seq).await?;
                self.changes.erased = true;
                if let Some(changed) = erased {
                    self.removed = true;
                    self.noted.insert(thread);
                    if let Some(place) = changed {
                        self.evidence(thread, place);
                    }
                }
            }
        }
        Ok(())
    }

    /// An entry from before its customer was erased says nothing in words.
    async fn silence_if_erased(
        &mut self,
        entry: &mut Cow<'_, Entry>,
        understood: &mut Understood,
    ) -> Result<()> {
        let Some(customer) = understood.customer.clone() else { return Ok(()) };
        if entry.seq >= self.erased_seq(&customer).await? {
            return Ok(());
        }
        let silenced = apply::silence(entry, understood.clone(), &customer);
        let thread = self.touch(&customer).await?;
        erase::messages(self.conn, &mut self.index, thread, &silenced.mids).await?;
        *understood = silenced.understood;
        if let Some(bare) = silenced.entry {
            *entry = Cow::Owned(bare);
        }
        Ok(())
    }

    /// A webhook that nobody understands is kept without its body when it names a message that was taken back: which of
    /// it are the words, nobody can tell.
    async fn hush_if_unsent(&mut self, entry: &mut Cow<'_, Entry>, understood: &Understood) -> Result<()> {
        let Some(account) = self.log.account().filter(|_| entry.kind == EntryKind::Meta) else {
            return Ok(());
        };
        let customer = understood.customer.as_ref();
        if understood.understood
            || !message_write::names_unsent(self.conn, account, customer, entry.body.get()).await?
        {
            return Ok(());
        }
        let body = RawValue::from_string(UNSENT.to_owned());
        let body = body.map_err(|error| StoreError::Unreadable(error.to_string()))?;
        *entry = Cow::Owned(Entry { body, ..(**entry).clone() });
        Ok(())
    }

    async fn erased_seq(&mut self, customer: &CustomerId) -> Result<u64> {
        if let Some(seq) = self.erased.get(customer) {
            return Ok(*seq);
        }
        let seq = match self.log.account() {
            Some(account) => erase::seq_of(self.conn, account, customer).await?,
            None => 0,
        };
        self.erased.insert(customer.clone(), seq);
        Ok(seq)
    }

    async fn carry_out(&mut self, entry: &Entry, said: &Said) -> Result<()> {
        match said {
            Said::Team(fact) => return self.team(entry, fact).await,
            Said::Heard { received_ms } => self.heard_ms = self.heard_ms.max(Some(*received_ms)),
            Said::Roles(roles) => {
                if let Some(account) = self.log.account().cloned() {
                    app_role::said(self.conn, &account, roles).await?;
                    self.changes.accounts.insert(account);
                }
            }
            Said::Policy(said) => {
                if let Some(account) = self.log.account().cloned() {
                    policy::set(self.conn, &account, said).await?;
                    self.changes.accounts.insert(account);
                }
            }
            Said::BodiesGone { .. } | Said::Erased { .. } | Said::Message(_) => {}
            Said::Announced { mid } => {
                if let Some(account) = self.log.account().cloned() {
                    self.changes.announced.push(Announced { account, mid: mid.clone(), at_ms: entry.at_ms });
                }
            }
            Said::Unsent { customer, mid } => {
                let thread = self.touch(customer).await?;
                message_write::unsent(self.conn, &mut self.index, thread, mid).await?;
                self.taken_back.insert((customer.clone(), mid.clone()));
                self.own_words.insert(thread);
            }
            Said::Edited { customer, mid, num, at_ms, text } => {
                let thread = self.touch(customer).await?;
                message_write::edited(self.conn, &mut self.index, thread, mid, *num, *at_ms, text).await?;
                if message_write::is_unsent(self.conn, thread, mid).await? {
                    self.taken_back.insert((customer.clone(), mid.clone()));
                }
            }
            Said::Reacted(reaction) => {
                let thread = self.touch(&reaction.customer).await?;
                message_write::reacted(self.conn, thread, entry.seq, reaction).await?;
            }
            Said::Receipt(receipt) => {
                let thread = self.touch(&receipt.customer).await?;
                self.watermarks.entry(thread).or_default().add(receipt);
                let grade = if receipt.seen { 2 } else { 1 };
                self.receipts.extend(receipt.mids.iter().map(|mid| (thread.0, mid.to_string(), grade)));
            }
            Said::Acted { customer, at_ms } => {
                let thread = self.touch(customer).await?;
                thread::acted(self.conn, thread, *at_ms).await?;
            }
            Said::Owner(owner) => {
                let thread = self.touch(&owner.customer).await?;
                self.new_evidence.push(owner_event::row(thread, &owner.evidence, owner.learned)?);
                self.apps_seen.extend(owner.evidence.act.apps().cloned());
            }
            Said::Audited(audited) => {
                let thread = self.touch(&audited.customer).await?;
                // A page without a place is of an earlier log, and says nothing of what this one has.
                if entry.seq > 0 {
                    history::audited(self.conn, thread, audited).await?;
                }
            }
            Said::Lacking { customer, lacks } => {
                let thread = self.touch(customer).await?;
                if entry.seq > 0 {
                    withheld::told(self.conn, thread, entry.seq, lacks).await?;
                }
            }
            Said::Named(named) => {
                let Some(account) = self.log.account().cloned() else { return Ok(()) };
                let thread = self.touch(&named.customer).await?;
                self.index.renamed(thread);
                customer::named_in_history(self.conn, &account, &named.customer, &named.name, named.read_ms)
                    .await?;
            }
        }
        Ok(())
    }

    /// What is known of everybody whom the batch is about, with one look.
    async fn look_up(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
        let Some(account) = self.log.account() else { return Ok(()) };
        let customers: BTreeSet<&CustomerId> =
            understood.iter().filter_map(|(_, understood)| understood.customer.as_ref()).collect();
        for (customer, thread, erased_seq) in thread::look_up(self.conn, account, &customers).await? {
            self.known.extend(thread.map(|thread| (customer.clone(), thread)));
            self.erased.insert(customer, erased_seq);
        }
        Ok(())
    }

    async fn messages(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
        let mut told = Vec::new();
        for (entry, understood) in understood {
            for said in &understood.said {
                if let Said::Message(said) = said {
                    told.push(Told { thread: self.touch(&said.customer).await?, seq: entry.seq, said });
                }
            }
        }
        let our_app = self.facts.our_app.clone();
        let put = message_put::all(self.conn, &mut self.index, &told, our_app.as_ref()).await?;
        for (told, put) in told.iter().zip(put) {
            self.message(told, put);
        }
        Ok(())
    }

    fn message(&mut self, told: &Told<'_>, put: Put) {
        let Told { thread, seq, said } = *told;
        if let Some(mid) = &said.mid {
            if put.is_unsent {
                self.taken_back.insert((said.customer.clone(), mid.clone()));
                self.own_words.insert(thread);
            }
            if let Some(part) = said.part {
                self.changes.parts_proved.push((part, mid.clone()));
            }
        }
        if said.attachments.iter().any(|attachment| media_wanted::is_fetched(&attachment.kind)) {
            self.changes.media.push(FreshMedia { at_ms: said.at_ms, thread, key: said.key.clone() });
        }
        if put.is_new && said.counts {
            self.changes.new_inbound.push(NewInbound {
                thread: self.key_of(&said.customer),
                seq,
                at_ms: said.at_ms,
                text: said.text.clone(),
                standby: said.heard == Some(baton_thread::Heard::Standby),
                found_late: said.found_late,
            });
        }
    }

    async fn put_evidence(&mut self) -> Result<()> {
        if let Some(account) = self.log.account().filter(|_| !self.apps_seen.is_empty())
            && known_app::seen(self.conn, account, &self.apps_seen).await?
        {
            self.changes.accounts.insert(account.clone());
        }
        let rows = std::mem::take(&mut self.new_evidence);
        for (thread, place) in owner_event::add_all(self.conn, &rows).await? {
            self.evidence(thread, place);
        }
        Ok(())
    }

    async fn team(&mut self, entry: &Entry, fact: &TeamFact) -> Result<()> {
        let Some(account) = self.log.account().cloned() else {
            account::apply_workspace(self.conn, entry.seq, fact).await?;
            self.changes.workspace = true;
            return Ok(());
        };
        let Some(customer) = fact.customer() else {
            account::apply(self.conn, &account, entry.seq, entry.at_ms, fact).await?;
            match fact {
                TeamFact::HumanAgentSet { .. } => ending::ask_again(self.conn, &account).await?,
                TeamFact::QueueSet { rules, .. } => {
                    // By the time they came in, reactions may have been waiting for them.
                    for thread in queue_rules::apply(self.conn, &account, entry.seq, rules).await? {
                        self.touched.entry(thread).or_default();
                    }
                }
                TeamFact::AccountConnected { .. } | TeamFact::AccountRemoved { .. } => {
                    for thread in read_mark::of_history(self.conn, &account).await? {
                        self.touched.entry(thread).or_default();
                    }
                }
                _ => {}
            }
            self.changes.accounts.insert(account);
            return Ok(());
        };
        let (seq, at_ms) = (entry.seq, entry.at_ms);
        let thread = self.touch(customer).await?;
        self.decided.add(thread, seq, fact);
        self.team_events.extend(team_event::row(thread, seq, at_ms, fact)?);
        let unsaid = note::apply(self.conn, &account, thread, seq, at_ms, fact).await?;
        self.removed |= unsaid.is_some();
        self.unsaid.extend(unsaid);
        match fact {
            TeamFact::NoteAdded { .. } | TeamFact::NoteRemoved { .. } => {
                self.noted.insert(thread);
            }
            TeamFact::StatusSet { .. } => {
                self.status_set.insert(thread);
            }
            _ => {}
        }
        label::apply(self.conn, thread, seq, fact).await?;
        handed_draft::apply(self.conn, &account, thread, (seq, at_ms), fact).await?;
        reply_pending::apply(self.conn, thread, (seq, at_ms), fact).await?;
        match fact {
            TeamFact::CustomerNamed { name, by_hand, .. } => {
                self.index.renamed(thread);
                customer::named(self.conn, &account, customer, name, *by_hand, seq).await
            }
            TeamFact::BlockSet { blocked, spam, .. } => {
                customer::blocked(self.conn, &account, customer, (*blocked, *spam), seq).await
            }
            TeamFact::ReactionSet { mid, emoji, at_ms, .. } => {
                let reaction = ReactionSaid {
                    customer: customer.clone(),
                    mid: mid.clone(),
                    actor: account.to_string(),
                    at_ms: *at_ms,
                    key: entry.key.clone(),
                    emoji: emoji.clone(),
                };
                message_write::reacted(self.conn, thread, seq, &reaction).await
            }
            _ => Ok(()),
        }
    }

    /// Grants and settlements, which are most of what a team says, together: they become rows, and messages that they are
    /// about get their authors.
    async fn parts(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
        let Some(account) = self.log.account().cloned() else { return Ok(()) };
        let mut told = Vec::new();
        for (entry, understood) in understood {
            for said in &understood.said {
                let Said::Team(fact) = said else { continue };
                let fact: &TeamFact = fact;
                let (TeamFact::SendStarted { customer, .. } | TeamFact::SendSettled { customer, .. }) = fact
                else {
                    continue;
                };
                let thread = self.touch(customer).await?;
                self.own_words.insert(thread);
                match fact {
                    // Another desk may have found it out while this one was gone.
                    TeamFact::SendSettled { part, settlement: Settlement::Sent { mid, .. }, .. } => {
                        self.changes.parts_proved.push((*part, mid.clone()));
                    }
                    TeamFact::SendSettled { part, settlement: Settlement::Abandoned { .. }, .. } => {
                        self.changes.parts_given_up.push(*part);
                    }
                    TeamFact::SendSettled { settlement: Settlement::Refused { .. }, .. } => {
                        self.changes.refused.insert(account.clone());
                    }
                    _ => {}
                }
                told.push(PartTold { thread, seq: entry.seq, at_ms: entry.at_ms, fact });
            }
        }
        if told.is_empty() {
            return Ok(());
        }
        message_write::before_their_authors_are_told(self.conn, &mut self.index, &told).await?;
        team_part::apply(self.conn, &account, &told).await?;
        let proved: Vec<(ThreadId, &Mid)> =
            told.iter().filter_map(|told| Some((told.thread, team_part::mid_of(told.fact)?))).collect();
        message_write::proved(self.conn, &proved, self.facts.our_app.as_ref()).await
    }

    async fn put_decided(&mut self) -> Result<()> {
        std::mem::take(&mut self.decided).write(self.conn).await?;
        let Some(account) = self.log.account() else { return Ok(()) };
        team_event::add_all(self.conn, account, &std::mem::take(&mut self.team_events)).await
    }

    /// The thread of a customer, made when it is not there, to be computed anew at the end.
    async fn touch(&mut self, customer: &CustomerId) -> Result<ThreadId> {
        let key = self.key_of(customer);
        let thread = match self.known.get(customer) {
            Some(thread) => *thread,
            None => {
                let thread = thread::ensure(self.conn, &key).await?;
                self.known.insert(customer.clone(), thread);
                thread
            }
        };
        self.touched.entry(thread).or_default().key = Some(key);
        Ok(thread)
    }

    fn key_of(&self, customer: &CustomerId) -> ThreadKey {
        let account = self.log.account().cloned().unwrap_or_else(|| AccountId::from(self.log.as_str()));
        ThreadKey { account, customer: customer.clone() }
    }

    fn evidence(&mut self, thread: ThreadId, place: EvidencePlace) {
        let touch = self.touched.entry(thread).or_default();
        touch.evidence = Some(match touch.evidence.take() {
            Some(known) => known.min(place),
            None => place,
        });
    }

    async fn compute_touched(&mut self) -> Result<()> {
        self.changes.new_inbound.sort_by(|a, b| (a.at_ms, &a.thread).cmp(&(b.at_ms, &b.thread)));
        let Some(account) = self.log.account().cloned() else { return Ok(()) };
        // Nothing else changes what the account's threads depend on.
        let facts = match self.changes.accounts.contains(&account) {
            true => account::facts(self.conn, &account).await?,
            false => self.facts.clone(),
        };
        let touched = std::mem::take(&mut self.touched);
        self.changes.list_changed = !touched.is_empty();
        self.changes.thread_ids = touched.keys().copied().collect();
        self.changes.threads = touched.values().filter_map(|touch| touch.key.clone()).collect();
        if same_control(&facts, &self.facts) {
            let touched: Vec<_> =
                touched.into_iter().map(|(thread, touch)| (thread, touch.evidence)).collect();
            let held = owner_event::fold_all(self.conn, &facts, &touched).await?;
            return refresh::threads(self.conn, &facts, &held).await;
        }
        self.changes.list_changed = true;
        compute_all(self.conn, &account, &facts).await
    }

    /// Bytes of what was taken back do not stay in raw entries either.
    async fn clear_raw(&mut self, gone: &[u64]) -> Result<()> {
        self.removed |= !gone.is_empty() || !self.taken_back.is_empty();
        if !gone.is_empty() || !self.taken_back.is_empty() {
            let mids: Vec<&Mid> = self.taken_back.iter().map(|(_, mid)| mid).collect();
            log::clear(self.conn, &self.log, gone, &mids).await?;
        }
        for (customer, mid) in &self.taken_back {
            log::clear_unknown(self.conn, &self.log, customer, mid, UNSENT).await?;
            cut_out_of_history(self.conn, &self.log, customer, mid).await?;
        }
        Ok(())
    }
}

fn raw_extra(understood: &Understood) -> RawExtra {
    RawExtra {
        mid: understood.mid.clone(),
        customer: understood.customer.as_ref().map(ToString::to_string),
        applied: if understood.understood { apply::VERSION } else { 0 },
    }
}

fn check_identity(held: Option<&Cursor>, log_id: LogId) -> Result<()> {
    match held {
        Some(cursor) if cursor.log_id != log_id => {
            Err(StoreError::Other("entries of another log under the same name".to_owned()))
        }
        _ => Ok(()),
    }
}

/// Whether nothing changed that the whole account's threads depend on.
fn same_control(now: &AccountFacts, before: &AccountFacts) -> bool {
    let counting = |facts: &AccountFacts| -> Vec<_> {
        facts.apps.iter().filter(|(_, app)| app.answers_count).map(|(id, _)| id.clone()).collect()
    };
    (&now.our_app, now.routing, &now.default_app, now.role)
        == (&before.our_app, before.routing, &before.default_app, before.role)
        && counting(now) == counting(before)
        && counts_unnamed(now) == counts_unnamed(before)
}

/// Computes every thread of an account anew when what control depends on is no longer as it was.
pub(super) async fn compute_if_control_changed(
    conn: &mut Conn,
    account: &AccountId,
    before: &AccountFacts,
) -> Result<()> {
    let now = account::facts(conn, account).await?;
    if same_control(&now, before) { Ok(()) } else { compute_all(conn, account, &now).await }
}

/// Computes every thread of an account anew, from the beginning.
async fn compute_all(conn: &mut Conn, account: &AccountId, facts: &AccountFacts) -> Result<()> {
    let threads = thread::of_account(conn, account).await?;
    compute_some(conn, &threads, facts).await
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

/// Cuts a message out of pages of history.
async fn cut_out_of_history(conn: &mut Conn, log: &LogName, customer: &CustomerId, mid: &Mid) -> Result<()> {
    for (key, body) in log::history_with(conn, log, customer, mid).await? {
        let mut page: AuditPage = of_json(&body)?;
        page.messages.retain(|message| message.id.as_ref() != Some(mid));
        page.lacks.retain(|lack| lack.mid != *mid);
        log::replace_body(conn, log, EntryKind::Audit, &key, &to_json(&page)?).await?;
    }
    Ok(())
}
