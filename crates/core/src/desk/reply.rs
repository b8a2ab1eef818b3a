//! From the press of *Send* to the outbox, and what an agent can do with a part afterwards.

use baton_messenger::policy::{Verdict, decide};
use baton_messenger::send::{SendBody, Unsendable};
use baton_messenger::{Mid, Words};
use baton_protocol::account::HumanAgentRight;
use baton_protocol::team::TagEvidence;
use baton_protocol::{AgentId, PartId, ReplyId};

use super::composer::policy_facts;
use super::queue::{for_another_words, is_for_another};
use super::{Desk, DeskError};
use crate::control::{Permit, may_send};
use crate::outbox::machine::Event;
use crate::outbox::step::Step;
use crate::outbox::{Leaves, Return, State, detail_of, name_of, state_of};
use crate::store::{
    AfterSent, Hurry, NewPart, NewReply, OwnFileId, PartKey, PartRow, PartStateName, StoreError, ThreadId,
    ThreadRow,
};

/// What an agent pressed, with what the composer had shown.
#[derive(Debug, Clone)]
pub struct Press {
    /// The thread.
    pub thread: ThreadId,
    /// The text; may be empty when there are files.
    pub text: String,
    /// The files of the draft, all of them, in order. Each is a part of its own, after the text.
    pub files: Vec<OwnFileId>,
    /// The saved draft that it goes out from.
    pub based_on: String,
    /// As what the composer said it would leave; it never leaves as anything else.
    pub leaves: Leaves,
    /// Take control first.
    pub take_first: bool,
    /// The thread's version as shown.
    pub version: u64,
    /// The seq of its last word as shown.
    pub word_seq: u64,
    /// How long the composer had the focus with text in it, milliseconds.
    pub composed_ms: i64,
    /// The agent was shown a colleague's part whose end is unknown.
    pub despite_unknown: bool,
    /// For so long it is kept back and can be taken back, milliseconds; 0 for not at all. At most half a minute.
    pub hold_ms: i64,
    /// The thread is set done once the reply was sent, unless somebody wrote or moved the thread by then.
    pub then_done: bool,
}

impl Press {
    /// There is something to say in words.
    fn has_text(&self) -> bool {
        !self.text.trim().is_empty()
    }
}

/// What the window showed of a thread when an agent chose to send something once more, or what was left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadShown {
    /// The thread's version.
    pub version: u64,
    /// The seq of its last word.
    pub word_seq: u64,
    /// The agent was told of a colleague's part whose end is unknown. Without it the relay grants nothing past such a part, and
    /// the text comes back with the reason.
    pub despite_unknown: bool,
}

/// A reply in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The reply.
    pub reply: ReplyId,
    /// Its parts, in order.
    pub keys: Vec<PartKey>,
}

/// A reply is never kept back for longer.
const LONGEST_HOLD_MS: i64 = 30_000;

impl Desk {
    /// Puts a reply into the outbox. It is durable when this returns; the draft is gone with it.
    ///
    /// # Errors
    /// [`DeskError::SendRefused`] when it may not leave as the composer said, [`StoreError::DraftChanged`] when another
    /// reply came back meanwhile; nothing was stored and the draft stays.
    pub async fn send_reply(&self, press: Press) -> Result<Receipt, DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let thread = self.inner.thread(press.thread).await?;
        let verdict = self.check(&press, &thread).await?;
        let state = match press.hold_ms.clamp(0, LONGEST_HOLD_MS) {
            0 => State::Queued { asked: false, wait: None },
            hold_ms => State::Held { until_boot_ms: self.inner.boot_ms().saturating_add(hold_ms) },
        };
        let reply =
            new_reply(&press, me, self.now(), self.evidence(&press, verdict, me, &thread).as_ref(), &state)?;
        self.inner.from_meta.pressed(reply.reply, self.inner.seen_from_meta(&thread).await?);
        let hurry = self.inner.store.hurry();
        self.inner.before_step(Step::Keep, press.thread);
        self.inner.store.take_draft_into_reply(&reply, &press.based_on).await?;
        self.inner.after_step(Step::Keep, press.thread);
        self.told(press.thread);
        self.has_answered(press.thread, hurry);
        let keys = reply.parts.iter().map(|part| PartKey(part.part)).collect();
        Ok(Receipt { reply: reply.reply, keys })
    }

    /// Whoever answers has read. The reply goes first, and has its hurry until then: it is safe, and a mark that cannot be kept
    /// comes with the next look.
    fn has_answered(&self, thread: ThreadId, hurry: Hurry) {
        let desk = self.clone();
        self.inner.tasks.spawn(async move {
            desk.inner.store.let_pass().await;
            drop(hurry);
            // The outbox may be in a hurry of its own by now.
            desk.inner.store.let_pass().await;
            if let Err(error) = desk.mark(thread, true).await {
                tracing::debug!(%error, "a thread that was answered was not marked read");
            }
        });
    }

    /// Saves a draft that goes out from the text `based_on`; an empty text removes it.
    ///
    /// # Errors
    /// [`StoreError::DraftChanged`] when the draft is another one by now; when the store cannot be written.
    pub async fn save_draft(&self, thread: ThreadId, text: &str, based_on: &str) -> Result<(), DeskError> {
        self.inner.store.save_draft(thread, text, based_on, self.inner.wall_ms()).await?;
        self.inner.notices.threads([thread], self.inner.store.version());
        Ok(())
    }

    /// Sends again what Meta refused, or what nobody knows after the look: an agent's choice. What waits behind it leaves after it. After an
    /// end that nobody knows it is a new reply that says the same; the old one stays to be seen. Like *Send* it goes by what was
    /// `shown`: what came since brings the reply back.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when there is nothing to try again, or when it turns out that it arrived;
    /// [`DeskError::StillLooking`] before it was looked whether it arrived; [`DeskError::SendRefused`] when Meta cannot be
    /// looked at for one that was given up, or shows more than one message that could be it: the next press sends it.
    pub async fn retry_part(&self, part: PartId, shown: ThreadShown) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let mut part = self.part(part).await?;
        let mut state = state_of(&part)?;
        let may = matches!(state, State::Refused { .. } | State::Unknown { .. } | State::Abandoned { .. });
        // Its words may have been erased with the customer, or taken back with the try that arrived.
        if !may || part.text.is_empty() && part.file.is_none() {
            return Err(DeskError::PartMovedOn);
        }
        // Nobody looks for what was given up until it is wanted again.
        if matches!(state, State::Abandoned { .. }) && !state.may_be_sent_again() {
            self.outbox.look_at_closed(&part).await?;
            part = self.part(part.part).await?;
            state = state_of(&part)?;
            match &state {
                State::Abandoned { looked: false, look_failed: true, .. } => {
                    return Err(DeskError::SendRefused(could_not_look()));
                }
                State::Abandoned { several_fit: true, .. } => {
                    return Err(DeskError::SendRefused(several_fit()));
                }
                State::Abandoned { .. } => {}
                _ => return Err(DeskError::PartMovedOn),
            }
        }
        if !state.may_be_sent_again() {
            return Err(DeskError::StillLooking);
        }
        let seen = self.inner.seen_from_meta(&self.inner.thread(part.thread).await?).await?;
        self.inner.from_meta.pressed(part.reply, seen);
        self.inner.store.see_again(part.reply, shown.version, shown.word_seq, shown.despite_unknown).await?;
        self.outbox.happen(&part, Event::Retry { by: me }).await?;
        self.told(part.thread);
        Ok(())
    }

    /// Lets a part leave that waits behind one that was refused or given up, with all that waits behind it: an agent's
    /// choice, with what was `shown`. The part before them stays as it is.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when it does not wait so any more.
    pub async fn send_rest(&self, part: PartId, shown: ThreadShown) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let part = self.part(part).await?;
        if part.state != PartStateName::Queued || !self.inner.store.is_behind(&part).await? {
            return Err(DeskError::PartMovedOn);
        }
        let reply = self.inner.store.reply(part.reply).await?;
        let (created_ms, pressed_ms) = self.now();
        let rest = NewReply {
            reply: ReplyId::new(),
            thread: part.thread,
            agent: me,
            created_ms,
            pressed_ms,
            version_seen: shown.version,
            word_seq_seen: shown.word_seq,
            claim: reply.claim,
            take_first: reply.take_first,
            despite_unknown: shown.despite_unknown,
            leaves: reply.leaves,
            after_sent: None,
            parts: Vec::new(),
        };
        let waiting = detail_of(&State::Queued { asked: false, wait: None })?;
        let seen = self.inner.seen_from_meta(&self.inner.thread(part.thread).await?).await?;
        self.inner.from_meta.pressed(rest.reply, seen);
        if !self.inner.store.send_rest(&rest, &part, &waiting).await? {
            return Err(DeskError::PartMovedOn);
        }
        self.told(part.thread);
        Ok(())
    }

    /// Takes a part that has not left back into the draft, with all that stands behind it in its reply, or gives up one of
    /// which nobody knows whether it arrived; the latter also where another desk sent it. Of what is kept back, the whole
    /// reply is taken back.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when it is on its way or has ended; [`DeskError::Relay`] for a part of another desk.
    pub async fn discard_part(&self, part: PartId) -> Result<(), DeskError> {
        let me = self.me().ok_or(DeskError::NotEnrolled)?;
        let Some(mut before) = self.inner.store.part(part).await? else {
            return self.give_up_elsewhere(part).await;
        };
        if before.state == PartStateName::Held
            && let Some(first) = self.inner.store.first_held(&before).await?
        {
            before = first;
        }
        let may = matches!(
            state_of(&before)?,
            State::Held { .. } | State::Queued { .. } | State::Refused { .. } | State::Unknown { .. }
        );
        if !may {
            return Err(DeskError::PartMovedOn);
        }
        self.outbox.happen(&before, Event::Discard { by: me }).await?;
        self.outbox.cut_upload(before.key);
        self.told(before.thread);
        let after = self.part(part).await?;
        // It left in the very moment it was to be taken back.
        if after.state == before.state || after.state == PartStateName::Sending {
            return Err(DeskError::PartMovedOn);
        }
        Ok(())
    }

    /// Puts aside a part that Meta refused, or takes that back. Its words stay in the thread, it can still be sent again or taken
    /// back, and until then nobody is reminded of it. What stands behind it in its reply goes on waiting.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when it does not stand refused any more.
    pub async fn put_aside(&self, part: PartId, aside: bool) -> Result<(), DeskError> {
        let part = self.part(part).await?;
        if !matches!(state_of(&part)?, State::Refused { .. }) {
            return Err(DeskError::PartMovedOn);
        }
        self.outbox.happen(&part, Event::PutAside { aside }).await?;
        self.told(part.thread);
        Ok(())
    }

    /// Lets a part go at once that is kept back, with its whole reply.
    ///
    /// # Errors
    /// [`DeskError::PartMovedOn`] when it is not kept back any more.
    pub async fn send_part_now(&self, part: PartId) -> Result<(), DeskError> {
        let part = self.part(part).await?;
        if part.state != PartStateName::Held {
            return Err(DeskError::PartMovedOn);
        }
        for part in self.inner.store.parts_of_reply(part.reply).await? {
            self.outbox.happen(&part, Event::SendNow).await?;
        }
        self.told(part.thread);
        Ok(())
    }

    /// The echo of a part that is still on its way, where the echo names no part and came before the answer to the send:
    /// it is not shown as a message of its own meanwhile (docs/meta.md 2.7).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn echo_on_its_way(&self, part: &PartRow) -> Result<Option<Mid>, DeskError> {
        if part.state != PartStateName::Sending {
            return Ok(None);
        }
        Ok(self.inner.nameless_echo(part).await?.map(|(mid, _)| mid))
    }

    /// This computer's time and Meta's, milliseconds.
    fn now(&self) -> (i64, i64) {
        (self.inner.wall_ms(), self.inner.meta_now().ms)
    }

    async fn part(&self, part: PartId) -> Result<PartRow, DeskError> {
        Ok(self.inner.store.part(part).await?.ok_or(StoreError::Missing("reply"))?)
    }

    fn told(&self, thread: ThreadId) {
        self.inner.notices.threads([thread], self.inner.store.version());
        self.inner.notices.status();
        self.inner.wake_outbox.notify_one();
    }

    /// The same questions as in the composer, with what is true now.
    async fn check(&self, press: &Press, thread: &ThreadRow) -> Result<Verdict, DeskError> {
        if let Some(words) = self.inner.blocking(thread).await?.composer_words() {
            return Err(DeskError::SendRefused(words));
        }
        let rules = self.inner.store.queue_rules(&thread.key.account).await?;
        if let Some(assignee) = thread.assignee.filter(|_| is_for_another(&rules, thread, self.me())) {
            return Err(DeskError::SendRefused(for_another_words(&self.inner.called(assignee).await?)));
        }
        let account = self.inner.store.account(&thread.key.account).await?;
        let right = account.map_or(HumanAgentRight::NotApproved, |account| account.human_agent);
        let now = self.inner.meta_now();
        let verdict = decide(&policy_facts(thread, right, now));
        // Builds the body that would be sent, for its own checks of text and verdict.
        let refused = |error: Unsendable| DeskError::SendRefused(error.agent_words());
        if press.has_text() || press.files.is_empty() {
            SendBody::text(thread.channel(), &thread.key.customer, &verdict, &press.text, None)
                .map_err(refused)?;
        } else if let Verdict::Refused { reason } = verdict {
            return Err(refused(Unsendable::Refused(reason)));
        }
        let changed = match (press.leaves, verdict) {
            (Leaves::Plain, Verdict::HumanAgent { .. }) => Some(Return::TagNeeded),
            (Leaves::Tagged, Verdict::Plain { .. }) => Some(Return::TagNotNeeded),
            _ => None,
        };
        if let Some(reason) = changed {
            return Err(DeskError::SendRefused(reason.agent_words(thread.last_word_is_customers(), None)));
        }
        let facts = self.inner.store.account_facts(&thread.key.account).await?;
        if may_send(&thread.owner.owner, &facts) != Permit::Now && !press.take_first {
            return Err(DeskError::SendRefused(not_ours()));
        }
        Ok(verdict)
    }

    fn evidence(
        &self,
        press: &Press,
        verdict: Verdict,
        me: AgentId,
        thread: &ThreadRow,
    ) -> Option<TagEvidence> {
        let Verdict::HumanAgent { until_ms } = verdict else { return None };
        Some(TagEvidence {
            last_opening_ms: thread.last_opening_ms?,
            until_ms,
            meta_now_ms: self.inner.meta_now().ms,
            agent: me,
            composed_ms: press.composed_ms,
        })
    }
}

fn could_not_look() -> Words {
    Words::new(
        "Baton could not look at Meta's conversation for this reply, so it was not sent again.",
        "Ask the customer or look in Meta's inbox. If it did not arrive, send it again.",
    )
}

fn several_fit() -> Words {
    Words::new(
        "Meta shows more than one message that could be this reply, so it was not sent again.",
        "Look at the thread in Meta's inbox. If it did not arrive, send it again.",
    )
}

fn not_ours() -> Words {
    Words::new(
        "Another app holds this thread, so Meta would not take the reply.",
        "Take control of the thread, then send. Your text is still here.",
    )
}

fn new_reply(
    press: &Press,
    agent: AgentId,
    (now_ms, meta_now_ms): (i64, i64),
    tag: Option<&TagEvidence>,
    state: &State,
) -> Result<NewReply, StoreError> {
    Ok(NewReply {
        reply: ReplyId::new(),
        thread: press.thread,
        agent,
        created_ms: now_ms,
        pressed_ms: meta_now_ms,
        version_seen: press.version,
        word_seq_seen: press.word_seq,
        claim: true,
        take_first: press.take_first,
        despite_unknown: press.despite_unknown,
        leaves: press.leaves.into(),
        after_sent: press.then_done.then_some(AfterSent::Done),
        parts: parts(press, tag, state)?,
    })
}

/// The text first, then the files: each is one call to Meta (docs/meta.md 4.5).
fn parts(press: &Press, tag: Option<&TagEvidence>, state: &State) -> Result<Vec<NewPart>, StoreError> {
    let text = (press.has_text() || press.files.is_empty()).then(|| (press.text.clone(), None));
    let files = press.files.iter().map(|file| (String::new(), Some(*file)));
    let detail = detail_of(state)?;
    let part = |(text, file)| NewPart {
        part: PartId::new(),
        text,
        file,
        tag: tag.cloned(),
        state: name_of(state),
        detail: Some(detail.clone()),
    };
    Ok(text.into_iter().chain(files).map(part).collect())
}
