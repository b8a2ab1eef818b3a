//! One part: the machine's state is stored, then what the machine says is done.

use std::sync::Mutex;

use baton_graph::{Credentials, Prover as _, SendResult};
use baton_messenger::error::ErrorClass;
use baton_messenger::policy::Facts as PolicyFacts;
use baton_messenger::policy::Verdict;
use baton_messenger::policy::{Author, Content};
use baton_messenger::send::{FileSource, MessageBody, Metadata, OutMetadata, SendBody};
use baton_messenger::{AppId, Platform};
use baton_protocol::account::{HumanAgentRight, WaitingRule};
use baton_protocol::command::Command;
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement};
use baton_protocol::{LogName, PartId, ReplyId};

use super::arrival::{as_shown, on_arrival};
use super::machine::{Control, Effect, Event, Facts, Return, State, step};
use super::run::Outbox;
use super::step::Step;
use super::uploading::kind_of;
use super::{Answered, detail_of, framed, grant, name_of, state_of};
use crate::control::act::{Along, tell};
use crate::control::learned::Learned;
use crate::control::{Act, Permit, can_do, may_send, way_back};
use crate::desk::inner::{Inner, lock, request};
use crate::desk::{gestures, teamwork};
use crate::store::{
    Frame, Hurry, NewPart, NewReply, OwnFileId, PartMove, PartRow, PartStateName, ReplyRow, StoreError,
    ThreadRow,
};
use crate::team::moved;

pub(super) struct Lane<'a> {
    pub(super) outbox: &'a Outbox,
    pub(super) inner: &'a Inner,
    /// What the call of this lane was made with: a token that is refused is this one, whatever came since.
    pub(super) used: Mutex<Option<Credentials>>,
    /// While the agent waits for what is written next.
    pub(super) hurry: Mutex<Option<Hurry>>,
}

/// Everything about a part that its way out needs.
pub(super) struct Way {
    pub(super) part: PartRow,
    pub(super) reply: ReplyRow,
    pub(super) thread: ThreadRow,
}

impl Lane<'_> {
    /// What is written next goes before what the log brings.
    pub(super) fn hurries(&self) {
        *lock(&self.hurry) = Some(self.inner.store.hurry());
    }

    /// Runs the machine with this event, and with what follows from it, until it waits.
    pub(super) async fn happen(&self, part: &PartRow, event: Event) -> Result<(), StoreError> {
        self.hurries();
        let mut part = part.clone();
        let mut next = Some(event);
        while let Some(event) = next.take() {
            let before = state_of(&part)?;
            let renews = matches!(event, Event::Renewed);
            let (state, effects) = step(before.clone(), event, self.inner.boot_ms());
            let moves = state != before || renews;
            if moves && !self.store(&mut part, &before, &state, (renews, &effects)).await? {
                return self.overtaken(&part, &effects).await;
            }
            for effect in effects {
                // It was stored together with the state.
                if moves && matches!(effect, Effect::Settle(_)) {
                    self.inner.wake_commands.notify_one();
                    continue;
                }
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
        self.facts_of(&way).await
    }

    /// The same of one whose reply and thread were just read. What does not depend on each other is read at the same time: an
    /// agent waits for it.
    pub(super) async fn facts_of(&self, way: &Way) -> Result<Facts, StoreError> {
        let (part, key) = (&way.part, &way.thread.key);
        let store = &self.inner.store;
        let upload_due = async {
            Ok::<_, StoreError>(match self.file(part).await? {
                Some(file) => self.attachment(way, &file).await?.is_none(),
                None => part.file.is_some(),
            })
        };
        // Otherwise the relay's answer decides, and nothing was done before it.
        let heard = async {
            Ok::<_, StoreError>(
                way.reply.take_first
                    && moved::heard_since_pressed(
                        self.inner,
                        &way.thread,
                        part.reply,
                        way.reply.word_seq_seen,
                    )
                    .await?,
            )
        };
        let (account, facts, upload_due, blocking, moved, heard) = tokio::try_join!(
            store.account(&key.account),
            store.account_facts(&key.account),
            upload_due,
            self.inner.blocking(&way.thread),
            moved::since_pressed(self.inner, &way.thread, way.reply.version_seen),
            heard,
        )?;
        let now = self.inner.sure_now(&key.account).await;
        let right = account.as_ref().map_or(HumanAgentRight::NotApproved, |account| account.human_agent);
        let verdict = on_arrival(&PolicyFacts {
            platform: way.thread.channel(),
            last_opening_ms: way.thread.last_opening_ms,
            author: Author::Person,
            content: content_of(part),
            human_agent: right,
            now,
        });
        let owner = way.thread.owner.owner.clone();
        let control = match may_send(&owner, &facts) {
            Permit::Now => Control::Ours,
            Permit::AfterTake if way.reply.take_first && can_do(&owner, &facts).contains(&Act::Take) => {
                Control::TakeFirst
            }
            Permit::AfterTake | Permit::Not => Control::Theirs,
        };
        let token = self.inner.tokens.of(&key.account).await;
        let may_go = account.is_some_and(|account| account.waiting_rule == WaitingRule::Send);
        // Where Meta wants a proof with each call only the relay can let it out.
        let wants_proof = self.inner.prover.is_required(&key.account);
        let is_away = self.inner.is_relay_away();
        let is_of_before = lock(&self.outbox.of_before).contains(&part.key);
        Ok(Facts {
            leaves: way.reply.leaves.into(),
            verdict,
            control,
            way_back: way_back(&facts),
            goes_unchecked: may_go && is_away && !is_of_before && !wants_proof && control == Control::Ours,
            is_blocked: blocking.keeps_away(),
            moved,
            heard,
            has_token: token.usable().is_some(),
            upload_due,
            meta_now_ms: now.ms,
        })
    }

    pub(super) async fn way(&self, part: &PartRow) -> Result<Way, StoreError> {
        let (reply, thread) =
            tokio::try_join!(self.inner.store.reply(part.reply), self.inner.thread(part.thread))?;
        Ok(Way { part: part.clone(), reply, thread })
    }

    /// Stores the new state if the part still stands where the machine thinks, and with it what the relay is to hear of
    /// that: a desk that ends in between would leave a part without an end in the log. False when it was overtaken.
    async fn store(
        &self,
        part: &mut PartRow,
        before: &State,
        state: &State,
        (renews, effects): (bool, &[Effect]),
    ) -> Result<bool, StoreError> {
        let mut change = PartMove::new(&[name_of(before)], name_of(state), self.inner.wall_ms());
        change.detail = Some(detail_of(state)?);
        change.begins_call = matches!((before, state), (State::Queued { .. }, State::Sending));
        change.new_part = renews.then(PartId::new);
        // Whoever is reminded of a refused part again took back that it was put aside, and need not be told.
        change.untold = state.is_setback() && !matches!(before, State::Refused { .. });
        for effect in effects {
            if let Effect::Settle(settlement) = effect {
                let (log, command) = self.settlement(part, settlement.clone()).await?;
                change.tells = Some((log, request(command)));
            }
        }
        if let State::Sent { mid } = state {
            change.mid = Some(mid.clone());
        }
        if let State::Returned { reason } = state {
            let reason = self.named(reason).await?;
            change.detail = Some(detail_of(&State::Returned { reason })?);
            self.inner.before_step(Step::Return, &*part);
            let moved = self.inner.store.return_to_draft(part.key, &change).await?;
            self.inner.after_step(Step::Return, &*part);
            self.told(part, moved, &change);
            return Ok(moved);
        }
        let step = Step::of_move(before, state, renews);
        self.inner.before_step(step, &*part);
        let moved = self.inner.store.set_state(part.key, &change).await?;
        self.inner.after_step(step, &*part);
        self.told(part, moved, &change);
        Ok(moved)
    }

    /// Why a part came back, with the name of whoever moved its thread: the agent reads it later, and names change.
    async fn named(&self, reason: &Return) -> Result<Return, StoreError> {
        let Return::ThreadMoved { assignee, by: Some(by), .. } = reason else { return Ok(reason.clone()) };
        let by_name = Some(self.inner.called(*by).await?);
        Ok(Return::ThreadMoved { assignee: *assignee, by: Some(*by), by_name })
    }

    fn told(&self, part: &mut PartRow, moved: bool, change: &PartMove) {
        if !moved {
            return;
        }
        part.state = change.to;
        part.detail.clone_from(&change.detail);
        self.outbox.moved_to(part);
        part.part = change.new_part.unwrap_or(part.part);
        self.inner.notices.threads([part.thread], self.inner.store.version());
        self.inner.notices.status();
        if part.state == PartStateName::Sent {
            gestures::answered(&self.outbox.inner, part);
            if part.tag.is_some() {
                // A late reply that arrived clears a doubt about the right to send them.
                self.inner.notices.accounts();
            }
        }
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
            Effect::Upload => self.upload(part).await?,
            Effect::Take => Some(self.take(part).await?),
            Effect::RenewLater => {
                self.settle(part, Settlement::NotBegun).await?;
                Some(Event::Renewed)
            }
            Effect::TellLater => Some(grant::tell_later(self, part).await?),
            Effect::AskGrant => Some(match self.written_meanwhile(part).await? {
                Some(event) => event,
                None => grant::ask(self, part).await?,
            }),
            Effect::CallMeta { not_from_boot_ms } => Some(self.call(part, not_from_boot_ms).await?),
            Effect::Settle(settlement) => {
                self.settle(part, settlement).await?;
                None
            }
            Effect::Look => {
                self.outbox.wait(part.thread, super::look::NOT_BEFORE_MS);
                None
            }
            Effect::LearnNotOwner { by } => {
                self.learn_not_owner(part, by).await?;
                None
            }
            Effect::TokenDied => {
                self.token_died(part).await?;
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

    /// The one Graph call of this part id.
    async fn call(&self, part: &PartRow, not_from_boot_ms: i64) -> Result<Event, StoreError> {
        let way = self.way(part).await?;
        let account = &way.thread.key.account;
        let (facts, page, frame) = tokio::try_join!(
            self.facts_of(&way),
            self.inner.page_of(account),
            self.inner.store.reply_frame(part.reply),
        )?;
        let credentials = self.inner.credentials(account).await;
        // Since the grant a window may have shut: what was shown as a plain reply never leaves as a late one.
        let Some(verdict) = as_shown(&facts) else { return Ok(Event::TooLate) };
        let body = self.body(&way, &frame, &verdict).await?;
        let (Some(credentials), Some(body)) = (credentials, body) else {
            return Ok(Event::TooLate);
        };
        if self.inner.boot_ms() >= not_from_boot_ms {
            return Ok(Event::TooLate);
        }
        *lock(&self.used) = Some(credentials.clone());
        self.inner.before_step(Step::Call, part);
        let result: SendResult = self.inner.graph().send(&credentials, &page, &body).await;
        self.inner.after_step(Step::Call, part);
        self.hurries();
        match &result {
            SendResult::NotBegun(_) => self.outbox.could_not_reach(part.thread),
            _ => self.outbox.reached(part.thread),
        }
        if let SendResult::Refused(error) = &result
            && error.class() == ErrorClass::FileUnknown
        {
            self.forget_upload(&way).await?;
        }
        Ok(Event::Answered(Answered::of(result, &facts, self.inner.meta_now().ms)))
    }

    /// What is sent; none when it cannot be made now, because Meta has no file of it any more.
    async fn body(
        &self,
        way: &Way,
        frame: &Frame,
        verdict: &Verdict,
    ) -> Result<Option<SendBody>, StoreError> {
        let platform = way.thread.channel();
        // Nothing says that Instagram takes metadata, or that its echoes bring it back (docs/meta.md 4.1, 8).
        let metadata = match platform {
            Platform::Messenger => OutMetadata::new(way.part.part.to_string()).ok().map(Metadata::from),
            Platform::Instagram => None,
        };
        let customer = &way.thread.key.customer;
        let message = if way.part.file.is_some() {
            let Some(file) = self.file(&way.part).await? else { return Ok(None) };
            let Some(attachment) = self.attachment(way, &file).await? else { return Ok(None) };
            MessageBody::file(platform, kind_of(way, &file), FileSource::Id(attachment))
        } else {
            let Ok(message) = MessageBody::text(platform, &way.part.text) else { return Ok(None) };
            message
        };
        let message = metadata.into_iter().fold(message, MessageBody::with_metadata);
        let (is_first, is_last) = (way.part.idx == 0, way.part.idx + 1 == way.part.of);
        let Ok(message) = framed::offering(message, frame, is_last) else { return Ok(None) };
        let body = SendBody::message(customer, verdict, message).ok();
        Ok(body.map(|body| framed::answering(body, frame, is_first)))
    }

    pub(super) async fn settle(&self, part: &PartRow, settlement: Settlement) -> Result<(), StoreError> {
        let (log, command) = self.settlement(part, settlement).await?;
        self.inner.tell(&log, command).await
    }

    async fn settlement(
        &self,
        part: &PartRow,
        settlement: Settlement,
    ) -> Result<(LogName, Command), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let command = Command::SettleSend {
            customer: thread.key.customer,
            reply: part.reply,
            part: part.part,
            settlement,
        };
        Ok((LogName::Account(thread.key.account), command))
    }

    async fn learn_not_owner(&self, part: &PartRow, by: Option<AppId>) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let seen = OwnerSeen::Other { app: by };
        let learned = Learned { seen, source: OwnerSource::SendRefused, until_ms: None };
        tell(self.inner, &thread, learned, Along::default()).await?;
        // A refusal does not tell who holds it; Meta may.
        teamwork::look_who_holds(&self.outbox.inner, part.thread);
        Ok(())
    }

    async fn token_died(&self, part: &PartRow) -> Result<(), StoreError> {
        let thread = self.inner.thread(part.thread).await?;
        let used = lock(&self.used).take();
        match used {
            Some(used) => self.inner.token_died(&thread.key.account, &used).await,
            None => Ok(()),
        }
    }

    /// The agent's choice after an end that nobody knows: the same once more, as a reply of its own, and after it what waits
    /// behind the old part. What was shown when the agent chose stands in the old reply (`Store::see_again`).
    async fn send_copy(&self, part: &PartRow) -> Result<(), StoreError> {
        let way = self.way(part).await?;
        let waiting = State::Queued { asked: false, wait: None };
        let copy = NewPart {
            part: PartId::new(),
            text: part.text.clone(),
            file: part.file.map(|_| OwnFileId::new()),
            tag: part.tag.clone(),
            state: PartStateName::Queued,
            detail: Some(detail_of(&waiting)?),
        };
        let reply = NewReply {
            reply: ReplyId::new(),
            thread: part.thread,
            agent: way.reply.agent,
            created_ms: self.inner.wall_ms(),
            pressed_ms: self.inner.meta_now().ms,
            version_seen: way.reply.version_seen,
            word_seq_seen: way.reply.word_seq_seen,
            claim: way.reply.claim,
            take_first: way.reply.take_first,
            despite_unknown: way.reply.despite_unknown,
            leaves: way.reply.leaves,
            after_sent: None,
            parts: vec![copy],
        };
        self.inner.from_meta.pressed(reply.reply, self.inner.from_meta.seen_by(part.reply));
        self.inner.store.send_copy(&reply, part, &detail_of(&waiting)?).await?;
        self.inner.notices.threads([part.thread], self.inner.store.version());
        self.inner.wake_outbox.notify_one();
        Ok(())
    }
}

/// What policy is asked about.
fn content_of(part: &PartRow) -> Content {
    if part.file.is_some() { Content::Media } else { Content::Text }
}
