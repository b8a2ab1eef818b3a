//! One part: the machine's state is stored, then what the machine says is done.

use std::sync::Mutex;

use baton_graph::{Credentials, SendResult};
use baton_messenger::Platform;
use baton_messenger::policy::Facts as PolicyFacts;
use baton_messenger::policy::Verdict;
use baton_messenger::policy::{Author, Content, decide};
use baton_messenger::send::{OutMetadata, SendBody};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement};
use baton_protocol::{LogName, PartId, ReplyId};

use super::machine::{Control, Effect, Event, Facts, State, step};
use super::run::Outbox;
use super::{Answered, detail_of, grant, name_of, state_of};
use crate::control::{Act, Permit, can_do, may_send, way_back};
use crate::desk::inner::{Inner, lock};
use crate::store::{NewPart, NewReply, PartMove, PartRow, PartStateName, ReplyRow, StoreError, ThreadRow};

pub(super) struct Lane<'a> {
    pub(super) outbox: &'a Outbox,
    pub(super) inner: &'a Inner,
    /// What the call of this lane was made with: a token that is refused is this one, whatever came since.
    pub(super) used: Mutex<Option<Credentials>>,
}

/// Everything about a part that its way out needs.
pub(super) struct Way {
    pub(super) part: PartRow,
    pub(super) reply: ReplyRow,
    pub(super) thread: ThreadRow,
}

impl Lane<'_> {
    /// Runs the machine with this event, and with what follows from it, until it waits.
    pub(super) async fn happen(&self, part: &PartRow, event: Event) -> Result<(), StoreError> {
        let mut part = part.clone();
        let mut next = Some(event);
        while let Some(event) = next.take() {
            let before = state_of(&part)?;
            let renews = matches!(event, Event::Renewed);
            let (state, effects) = step(before.clone(), event, self.inner.boot_ms());
            if (state != before || renews) && !self.store(&mut part, &before, &state, renews).await? {
                return self.overtaken(&part, &effects).await;
            }
            for effect in effects {
                if let Some(event) = self.carry_out(&part, effect).await? {
                    next = Some(event);
                }
            }
        }
        Ok(())
    }

    /// What is true for the part now.
    pub(super) async fn facts(&self, part: &PartRow) -> Result<Facts, StoreError> {
        let way = self.way(part).await?;
        let account = self.inner.store.account(&way.thread.key.account).await?;
        let now = self.inner.meta_now();
        let right = account.as_ref().map_or(HumanAgentRight::NotApproved, |account| account.human_agent);
        let verdict = decide(&PolicyFacts {
            platform: way.thread.channel(),
            last_opening_ms: way.thread.last_opening_ms,
            author: Author::Person,
            content: Content::Text,
            human_agent: right,
            now,
        });
        let facts = self.inner.store.account_facts(&way.thread.key.account).await?;
        let owner = way.thread.owner.owner;
        let control = match may_send(&owner, &facts) {
            Permit::Now => Control::Ours,
            Permit::AfterTake if way.reply.take_first && can_do(&owner, &facts).contains(&Act::Take) => {
                Control::TakeFirst
            }
            Permit::AfterTake | Permit::Not => Control::Theirs,
        };
        let token = self.inner.tokens.of(&way.thread.key.account).await;
        Ok(Facts {
            leaves: way.reply.leaves.into(),
            verdict,
            control,
            way_back: way_back(&facts),
            has_token: token.usable().is_some(),
            meta_now_ms: now.ms,
        })
    }

    pub(super) async fn way(&self, part: &PartRow) -> Result<Way, StoreError> {
        let reply = self.inner.store.reply(part.reply).await?;
        let thread = self.inner.thread(part.thread).await?;
        Ok(Way { part: part.clone(), reply, thread })
    }

    /// Stores the new state if the part still stands where the machine thinks. False when it was overtaken.
    async fn store(
        &self,
        part: &mut PartRow,
        before: &State,
        state: &State,
        renews: bool,
    ) -> Result<bool, StoreError> {
        let mut change = PartMove::new(&[name_of(before)], name_of(state), self.inner.wall_ms());
        change.detail = Some(detail_of(state)?);
        change.begins_call = matches!((before, state), (State::Queued { .. }, State::Sending));
        change.new_part = renews.then(PartId::new);
        change.untold = state.is_setback();
        if let State::Sent { mid } = state {
            change.mid = Some(mid.clone());
        }
        if let State::Returned { reason } = state {
            change.detail = Some(detail_of(&State::Returned { reason: reason.clone() })?);
            let moved = self.inner.store.return_to_draft(part.key, &change).await?;
            self.told(part, moved, &change);
            return Ok(moved);
        }
        let moved = self.inner.store.set_state(part.key, &change).await?;
        self.told(part, moved, &change);
        Ok(moved)
    }

    fn told(&self, part: &mut PartRow, moved: bool, change: &PartMove) {
        if !moved {
            return;
        }
        part.state = change.to;
        part.detail.clone_from(&change.detail);
        part.part = change.new_part.unwrap_or(part.part);
        self.inner.notices.threads([part.thread], self.inner.store.version());
        self.inner.notices.status();
    }

    /// The part moved on while the machine thought: an echo proved it, or the agent took it back. A grant that came
    /// meanwhile is given back.
    async fn overtaken(&self, part: &PartRow, effects: &[Effect]) -> Result<(), StoreError> {
        for effect in effects {
            match effect {
                Effect::CallMeta { .. } => self.settle(part, Settlement::NotBegun).await?,
                // The relay keeps the settlement of the highest rank, so telling it twice does no harm.
                Effect::Settle(settlement) => self.settle(part, settlement.clone()).await?,
                _ => {}
            }
        }
        Ok(())
    }

    async fn carry_out(&self, part: &PartRow, effect: Effect) -> Result<Option<Event>, StoreError> {
        Ok(match effect {
            Effect::Renew => Some(grant::renew(self, part).await?),
            Effect::Take => Some(self.take(part).await?),
            Effect::AskGrant => Some(grant::ask(self, part).await?),
            Effect::CallMeta { not_from_boot_ms } => Some(self.call(part, not_from_boot_ms).await?),
            Effect::Settle(settlement) => {
                self.settle(part, settlement).await?;
                None
            }
            Effect::Look => {
                self.outbox.wait(part.thread, super::look::NOT_BEFORE_MS);
                None
            }
            Effect::LearnNotOwner => {
                self.learn_not_owner(part).await?;
                None
            }
            Effect::TokenDied => {
                self.token_died(part).await?;
                None
            }
            Effect::LateRepliesRefused => {
                self.late_replies_refused(part).await?;
                None
            }
            Effect::SendCopy => {
                self.send_copy(part).await?;
                None
            }
            // The store put the text back together with the state.
            Effect::ToDraft => None,
            Effect::TurnAgain { in_ms } => {
                self.outbox.wait(part.thread, in_ms);
                None
            }
        })
    }

    async fn take(&self, part: &PartRow) -> Result<Event, StoreError> {
        Ok(match crate::control::act::perform(self.inner, part.thread, Act::Take).await {
            Ok(()) => Event::Took,
            Err(error) => {
                let words = error.agent_words();
                Event::TakeFailed { what: words.what, remedy: words.remedy }
            }
        })
    }

    /// The one Graph call of this part id.
    async fn call(&self, part: &PartRow, not_from_boot_ms: i64) -> Result<Event, StoreError> {
        let way = self.way(part).await?;
        let facts = self.facts(part).await?;
        let credentials = self.inner.credentials(&way.thread.key.account).await;
        let (Some(credentials), Ok(body)) = (credentials, self.body(&way, &facts.verdict)) else {
            return Ok(Event::TooLate);
        };
        if self.inner.boot_ms() >= not_from_boot_ms {
            return Ok(Event::TooLate);
        }
        let page = self.inner.page_of(&way.thread.key.account).await?;
        *lock(&self.used) = Some(credentials.clone());
        let result: SendResult = self.inner.graph().send(&credentials, &page, &body).await;
        match result {
            SendResult::NotBegun(_) => self.outbox.could_not_reach(part.thread),
            _ => self.outbox.reached(part.thread),
        }
        Ok(Event::Answered(Answered::of(result, &facts, self.inner.meta_now().ms)))
    }

    fn body(&self, way: &Way, verdict: &Verdict) -> Result<SendBody, baton_messenger::send::Unsendable> {
        let platform = way.thread.channel();
        // Nothing says that Instagram takes metadata, or that its echoes bring it back (docs/meta.md 4.1, 8).
        let metadata = match platform {
            Platform::Messenger => Some(OutMetadata::new(way.part.part.to_string())?.into()),
            Platform::Instagram => None,
        };
        SendBody::text(platform, &way.thread.key.customer, verdict, &way.part.text, metadata)
    }

    pub(super) async fn settle(&self, part: &PartRow, settlement: Settlement) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let command = Command::SettleSend {
            customer: thread.key.customer,
            reply: part.reply,
            part: part.part,
            settlement,
        };
        self.inner.tell(&LogName::Account(thread.key.account), command).await
    }

    async fn learn_not_owner(&self, part: &PartRow) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let command = Command::LearnOwner {
            customer: thread.key.customer,
            seen: OwnerSeen::Other { app: None },
            source: OwnerSource::SendRefused,
            at_ms: self.inner.meta_now().ms.max(thread.last_at_ms.saturating_add(1)),
            until_ms: None,
            note: None,
        };
        self.inner.tell(&LogName::Account(thread.key.account), command).await
    }

    async fn token_died(&self, part: &PartRow) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let used = lock(&self.used).take();
        match used {
            Some(used) => self.inner.token_died(&thread.key.account, &used).await,
            None => Ok(()),
        }
    }

    async fn late_replies_refused(&self, part: &PartRow) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let command = Command::SetHumanAgent { right: HumanAgentRight::Refused };
        self.inner.tell(&LogName::Account(thread.key.account), command).await
    }

    /// The agent's choice after an end that nobody knows: the same text once more, as a reply of its own.
    async fn send_copy(&self, part: &PartRow) -> Result<(), StoreError> {
        let way = self.way(part).await?;
        let reply = NewReply {
            reply: ReplyId::new(),
            thread: part.thread,
            agent: way.reply.agent,
            created_ms: self.inner.wall_ms(),
            pressed_ms: self.inner.meta_now().ms,
            version_seen: way.thread.version,
            word_seq_seen: way.thread.word_seq,
            claim: way.reply.claim,
            take_first: way.reply.take_first,
            despite_unknown: true,
            leaves: way.reply.leaves,
            after_sent: None,
            parts: vec![NewPart {
                part: PartId::new(),
                text: part.text.clone(),
                tag: part.tag.clone(),
                state: PartStateName::Queued,
                detail: Some(detail_of(&State::Queued { asked: false, wait: None })?),
            }],
        };
        self.inner.store.insert_reply(&reply).await?;
        self.inner.notices.threads([part.thread], self.inner.store.version());
        self.inner.wake_outbox.notify_one();
        Ok(())
    }
}
