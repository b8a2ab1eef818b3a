//! Entries become rows: the raw entry, what follows from it, and the cursor, in one transaction.
//!
//! ```text
//!  batch ──▶ understand (pure) ──▶ rows ──▶ touched threads computed anew ──▶ raw entries ──▶ cursor ──▶ commit
//! ```
//!
//! A batch may hold entries in any order and any number of times, across calls too: everything below is idempotent and
//! commutes. When a transaction fails nothing of the batch is there, and the same batch may come again.

mod changes;
mod gone;
mod team;

pub use changes::{Announced, Changes, NewInbound};

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use baton_messenger::id::{AppId, Mid};
use baton_protocol::entry::Entry;
use baton_protocol::{AccountId, Cursor, CustomerId, LogId, LogName};
use baton_thread::AccountFacts;

use super::log::RawExtra;
use super::message_put::{Put, Told};
use super::message_write::Watermarks;
use super::owner_event::EvidencePlace;
use super::{
    Conn, FreshMedia, Result, Store, StoreError, ThreadId, ThreadKey, account, app_role, customer, history,
    known_app, log, media_wanted, mention, message_put, message_write, owner_event, policy, recompute,
    refresh, search, team_event, thread, withheld,
};
use crate::apply::{self, Said, Understood};

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
    /// The customer's messages that were not known before, each with Meta's id.
    new_inbound: Vec<(Option<Mid>, NewInbound)>,
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
    /// The account, while threads of it are to be computed anew after the batch.
    due: Option<AccountId>,
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
        let (changes, due) = self.ingest_batch(entries, log_id).await?;
        if let Some(account) = due {
            self.compute_due(&account).await;
        }
        Ok(changes)
    }

    /// The same, stopped after so many pieces of what is computed anew, as a kill would stop it. True when nothing was left.
    /// For tests.
    #[doc(hidden)]
    pub async fn ingest_partly(&self, entries: &[Entry], log_id: LogId, pieces: usize) -> Result<bool> {
        let (_, due) = self.ingest_batch(entries, log_id).await?;
        let Some(account) = due else { return Ok(true) };
        for _ in 0..pieces {
            if self.compute_piece(&account).await?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes them in, and names the account of which threads are to be computed anew.
    async fn ingest_batch(&self, entries: &[Entry], log_id: LogId) -> Result<(Changes, Option<AccountId>)> {
        let Some(log) = log::one_log(entries)?.cloned() else { return Ok((Changes::default(), None)) };
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
        let (changes, removed, due) = (batch.changes, batch.removed, batch.due);
        let refs: Vec<&Entry> = entries.iter().collect();
        log::advance(&mut tx, &log, log_id, before.as_ref(), &refs).await?;
        self.commit_or_removal(tx, removed).await?;
        Ok((changes, due))
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
        let (changes, removed, due) = (batch.changes, batch.removed, batch.due);
        self.commit_or_removal(tx, removed).await?;
        if let Some(account) = due {
            self.compute_due(&account).await;
        }
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
            new_inbound: Vec::new(),
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
            due: None,
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

    /// The account of which threads are to be computed anew once the batch is in, see [`recompute`].
    pub(super) fn into_due(self) -> Option<AccountId> {
        self.due
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
            let new = NewInbound {
                thread: self.key_of(&said.customer),
                seq,
                at_ms: said.at_ms,
                text: said.text.clone(),
                standby: said.heard == Some(baton_thread::Heard::Standby),
                found_late: said.found_late,
            };
            self.new_inbound.push((said.mid.clone(), new));
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

    /// What was taken back by now, in whatever order that came, is told to nobody.
    fn tell_new_inbound(&mut self) {
        let mut new = std::mem::take(&mut self.new_inbound);
        new.retain(|(mid, new)| {
            let taken_back = mid.clone().map(|mid| (new.thread.customer.clone(), mid));
            taken_back.is_none_or(|message| !self.taken_back.contains(&message))
        });
        self.changes.new_inbound = new.into_iter().map(|(_, new)| new).collect();
        self.changes.new_inbound.sort_by(|a, b| (a.at_ms, &a.thread).cmp(&(b.at_ms, &b.thread)));
    }

    async fn compute_touched(&mut self) -> Result<()> {
        self.tell_new_inbound();
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
        let changed = !recompute::same_control(&facts, &self.facts);
        if !changed && !recompute::is_due(self.conn, &account).await? {
            let touched: Vec<_> =
                touched.into_iter().map(|(thread, touch)| (thread, touch.evidence)).collect();
            let held = owner_event::fold_all(self.conn, &facts, &touched).await?;
            return refresh::threads(self.conn, &facts, &held).await;
        }
        self.changes.list_changed = true;
        let touched: Vec<ThreadId> = touched.into_keys().collect();
        let is_due = if changed {
            recompute::begin(self.conn, &account, &facts, &touched).await?
        } else {
            recompute::compute_some(self.conn, &touched, &facts).await?;
            true
        };
        self.due = is_due.then_some(account);
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
