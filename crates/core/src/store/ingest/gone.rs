//! Words that go: of customers who were erased, of messages and notes that were taken back.

use std::borrow::Cow;

use baton_messenger::id::Mid;
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::{Entry, EntryKind};
use baton_protocol::{CustomerId, LogName};
use serde_json::value::RawValue;

use super::Batch;
use crate::apply::{self, Said, Understood};
use crate::store::error::{of_json, to_json};
use crate::store::{Conn, Result, StoreError, erase, log, message_write, own_words};

/// What stands where the body of an entry was that went with a message.
const UNSENT: &str = r#"{"tombstone":true,"reason":"unsent","mid":null,"customer":null,"at_ms":null}"#;

impl Batch<'_> {
    /// Erasures come before everything else of the batch, so that what they concern is never stored.
    pub(super) async fn erase(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
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
    pub(super) async fn silence_if_erased(
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

    /// A webhook that nobody understands is kept without its body when it names a message that was taken back: which of
    /// it are the words, nobody can tell.
    pub(super) async fn hush_if_unsent(
        &mut self,
        entry: &mut Cow<'_, Entry>,
        understood: &Understood,
    ) -> Result<()> {
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

    /// Words of ours that were taken back go from wherever they are quoted. Returns the seqs of the grants that do.
    pub(super) async fn take_out_own_words(&mut self) -> Result<Vec<u64>> {
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

    /// Bytes of what was taken back do not stay in raw entries either.
    pub(super) async fn clear_raw(&mut self, gone: &[u64]) -> Result<()> {
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
