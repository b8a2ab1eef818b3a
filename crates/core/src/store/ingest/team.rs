//! What the team did, as its facts tell it: in a thread, with an account, in the workspace.

use std::borrow::Cow;

use baton_messenger::id::Mid;
use baton_protocol::entry::Entry;
use baton_protocol::team::{Settlement, TeamFact};

use super::Batch;
use crate::apply::{ReactionSaid, Said, Understood};
use crate::store::team_part::PartTold;
use crate::store::{
    Result, ThreadId, account, customer, ending, handed_draft, label, message_write, note, queue_rules,
    read_mark, reply_pending, team_event, team_part,
};

impl Batch<'_> {
    pub(super) async fn team(&mut self, entry: &Entry, fact: &TeamFact) -> Result<()> {
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
    pub(super) async fn parts(&mut self, understood: &[(Cow<'_, Entry>, Understood)]) -> Result<()> {
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

    pub(super) async fn put_decided(&mut self) -> Result<()> {
        std::mem::take(&mut self.decided).write(self.conn).await?;
        let Some(account) = self.log.account() else { return Ok(()) };
        team_event::add_all(self.conn, account, &std::mem::take(&mut self.team_events)).await
    }
}
