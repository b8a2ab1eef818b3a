//! What may be sent in a thread now, until when, and why not when not. The outbox asks the same questions again before
//! anything leaves.

use std::collections::BTreeSet;

use baton_messenger::policy::{Author, Content, Facts, MetaNow, Verdict, Windows, decide, windows};
use baton_messenger::send::{TextLimit, text_limit};
use baton_messenger::{Platform, Words};
use baton_protocol::account::{HumanAgentRight, QueueRules};
use baton_thread::{AccountFacts, OwnerState};

use super::queue::{for_another_words, is_for_another};
use super::tokens::Token;
use super::{Desk, DeskError};
use crate::account::LateRight;
use crate::control::{Act, Permit, can_do, may_send};
use crate::outbox::{Leaves, Return, State};
use crate::store::{
    AccountRow, Block, DraftRow, LateEnd, NoteDraftRow, OwnFile, Reading, StoreError, ThreadId, ThreadRow,
};

/// What the composer shows.
#[derive(Debug, Clone)]
pub struct ComposerFacts {
    /// What policy says of a text written now.
    pub verdict: Verdict,
    /// The deadlines that are ahead.
    pub windows: Windows,
    /// Meta's time.
    pub now: MetaNow,
    /// Who holds the thread now.
    pub owner: OwnerState,
    /// Whether a reply can leave, as far as control goes.
    pub permit: Permit,
    /// Acts on control that can work now.
    pub acts: BTreeSet<Act>,
    /// What is true of the account, for whom a thread can be passed to.
    pub account: AccountFacts,
    /// What *Send* does.
    pub send: SendWay,
    /// As what a reply would leave; none when it cannot.
    pub leaves: Option<Leaves>,
    /// Why not, when not.
    pub words: Option<Words>,
    /// Only the thread's assignee may answer, and that is a colleague.
    pub is_for_another: bool,
    /// Whether the customer is kept away, as this desk did it last.
    pub block: Block,
    /// How long a text may be.
    pub limit: TextLimit,
    /// The draft.
    pub draft: Option<DraftRow>,
    /// The files that were added to it, in order.
    pub files: Vec<OwnFile>,
    /// The channel, which says what files may be added.
    pub platform: Platform,
    /// Why the draft came back from the outbox, when it did; or that it was handed over with the thread.
    pub draft_words: Option<Words>,
    /// What is written as a private note.
    pub note: Option<NoteDraftRow>,
    /// The thread's version, to be given back with the reply.
    pub version: u64,
    /// The seq of its last word, to be given back with the reply.
    pub word_seq: u64,
}

/// What *Send* does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendWay {
    /// Sends.
    Send,
    /// Takes control, then sends.
    TakeAndSend,
    /// Nothing can leave now.
    Blocked,
}

/// What the composer follows from, as it is stored.
#[derive(Debug, Clone)]
pub struct ComposerRows {
    thread: ThreadRow,
    account: Option<AccountRow>,
    facts: AccountFacts,
    draft: Option<DraftRow>,
    files: Vec<OwnFile>,
    block: Block,
    note: Option<NoteDraftRow>,
    /// How late replies of the account ended.
    late_ends: Vec<LateEnd>,
    /// What the agent is called who works on the thread that was moved before the draft could leave.
    winner: Option<String>,
    /// How the account's threads are given out, and who may answer in them.
    rules: QueueRules,
    /// What the thread's assignee is called, where only they may answer.
    assignee: Option<String>,
    /// What the agent is told whose thread was taken and whose draft was handed over with it.
    handed_words: Option<Words>,
}

impl ComposerRows {
    /// Reads what belongs to a thread's composer.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn read(reading: &mut Reading, thread: ThreadRow) -> Result<Self, StoreError> {
        let account = &thread.key.account;
        let draft = reading.draft(thread.id).await?;
        let rules = reading.queue_rules(account).await?;
        Ok(Self {
            assignee: if rules.only_assignee_sends { assignee(reading, &thread).await? } else { None },
            rules,
            account: reading.account(account).await?,
            facts: reading.account_facts(account).await?,
            late_ends: reading.late_ends(account).await?,
            winner: winner(reading, draft.as_ref()).await?,
            handed_words: handed_words(reading, &thread, draft.as_ref()).await?,
            draft,
            note: reading.note_draft(thread.id).await?,
            files: reading.draft_files(thread.id).await?,
            block: Desk::blocking(reading, &thread).await?,
            thread,
        })
    }
}

impl Desk {
    /// What may be sent in a thread now.
    ///
    /// # Errors
    /// When the thread is not there, or the store cannot be read.
    pub async fn composer(&self, thread: ThreadId) -> Result<ComposerFacts, DeskError> {
        let mut reading = self.inner.store.reading().await?;
        let thread = reading.thread(thread, self.inner.meta_now().ms).await?;
        let rows = ComposerRows::read(&mut reading, thread).await?;
        // The key store may keep a caller waiting; nobody waits for it with the file held.
        drop(reading);
        Ok(self.composer_of(rows).await)
    }

    /// What may be sent now, from rows that were read before.
    pub async fn composer_of(&self, rows: ComposerRows) -> ComposerFacts {
        let ComposerRows {
            thread,
            account,
            facts,
            draft,
            files,
            block,
            note,
            late_ends,
            winner,
            rules,
            assignee,
            handed_words,
        } = rows;
        let right = account.map_or(HumanAgentRight::NotApproved, |row| row.human_agent);
        let policy = policy_facts(&thread, right, self.inner.meta_now());
        let verdict = decide(&policy);
        let owner = thread.owner.clone();
        let (permit, acts) = (may_send(&owner.owner, &facts), can_do(&owner.owner, &facts));
        let token = self.inner.tokens.of(&thread.key.account).await;
        let (send, words) = match block.composer_words() {
            Some(words) => (SendWay::Blocked, Some(words)),
            None => way(verdict, permit, (&acts, &facts), &token),
        };
        let is_for_another = send != SendWay::Blocked && is_for_another(&rules, &thread, self.me());
        let (send, words) = if is_for_another {
            (SendWay::Blocked, Some(for_another_words(assignee.as_deref().unwrap_or("a colleague"))))
        } else {
            (send, words)
        };
        let late = LateRight::of(&late_ends, policy.now.ms);
        let words = words.or_else(|| late_words(verdict, late, thread.id));
        ComposerFacts {
            verdict,
            windows: windows(&policy),
            now: policy.now,
            owner,
            permit,
            acts,
            account: facts,
            send,
            leaves: leaves(verdict),
            words,
            is_for_another,
            block,
            limit: text_limit(thread.channel()),
            draft_words: draft
                .as_ref()
                .and_then(|draft| draft_words(draft, &thread, winner.as_deref(), verdict))
                .or(handed_words),
            note,
            draft,
            files,
            platform: thread.channel(),
            version: thread.version,
            word_seq: thread.word_seq,
        }
    }
}

/// What policy is asked about a text that an agent writes in this thread now.
pub(super) fn policy_facts(thread: &ThreadRow, right: HumanAgentRight, now: MetaNow) -> Facts {
    Facts {
        platform: thread.channel(),
        last_opening_ms: thread.last_opening_ms,
        author: Author::Person,
        content: Content::Text,
        human_agent: right,
        now,
    }
}

fn leaves(verdict: Verdict) -> Option<Leaves> {
    match verdict {
        Verdict::Plain { .. } => Some(Leaves::Plain),
        Verdict::HumanAgent { .. } => Some(Leaves::Tagged),
        Verdict::Refused { .. } => None,
    }
}

fn way(
    verdict: Verdict,
    permit: Permit,
    (acts, facts): (&BTreeSet<Act>, &AccountFacts),
    token: &Token,
) -> (SendWay, Option<Words>) {
    if let Verdict::Refused { reason } = verdict {
        return (SendWay::Blocked, Some(reason.agent_words()));
    }
    if let Some(words) = without_token(token) {
        return (SendWay::Blocked, Some(words));
    }
    match permit {
        Permit::Now => (SendWay::Send, None),
        Permit::AfterTake if acts.contains(&Act::Take) => (SendWay::TakeAndSend, None),
        Permit::AfterTake | Permit::Not if facts.take_refused && !acts.contains(&Act::Request) => (
            SendWay::Blocked,
            Some(Words::new(
                "Another app answers here now, and Meta does not let Baton take control on this account.",
                "Wait until that app gives the thread back, or answer in Meta's own inbox. An admin of the account can allow \
                 Baton to take control in Meta's settings; then check the account in Settings, Accounts.",
            )),
        ),
        Permit::AfterTake | Permit::Not => (
            SendWay::Blocked,
            Some(Words::new(
                "Another app holds this thread, so Meta would not take a reply.",
                "Ask for control, or wait until that app gives the thread back.",
            )),
        ),
    }
}

/// What to know of a late reply that may leave: Meta refused one, and nobody knows yet why.
fn late_words(verdict: Verdict, late: LateRight, here: ThreadId) -> Option<Words> {
    let (Verdict::HumanAgent { .. }, LateRight::Doubtful { thread, .. }) = (verdict, late) else {
        return None;
    };
    let what = if thread == here {
        "Meta refused a late reply here within the last day, and may refuse this one too."
    } else {
        "Meta refused a late reply to another customer within the last day, and may refuse this one too."
    };
    Some(Words::new(what, "It can be tried. If Meta takes it, late replies work."))
}

fn without_token(token: &Token) -> Option<Words> {
    match token {
        Token::Alive(_) => None,
        Token::Missing => Some(Words::new(
            "This desk has no Page token for this account, so it can read but not answer.",
            "Connect the account.",
        )),
        Token::Dead => Some(Words::new(
            "Meta no longer accepts this account's Page token, so nothing can be sent until it works again.",
            "Connect the account again: the line at the top has the button. Settings > Accounts can try the token once more.",
        )),
        Token::Locked(error) => Some(error.agent_words()),
    }
}

fn draft_words(
    draft: &DraftRow,
    thread: &ThreadRow,
    winner: Option<&str>,
    verdict: Verdict,
) -> Option<Words> {
    let reason = returned(draft.reason.as_deref()?)?;
    let by_now = words_by_now(&reason, verdict);
    Some(by_now.unwrap_or_else(|| reason.agent_words(thread.last_word_is_customers(), winner)))
}

/// What a draft says that came back because of the time to answer, where that is another one by now: it would contradict the
/// line that tells what may be sent.
fn words_by_now(reason: &Return, verdict: Verdict) -> Option<Words> {
    match (reason, verdict) {
        (Return::TagNeeded, Verdict::HumanAgent { .. })
        | (Return::TagNotNeeded, Verdict::Plain { .. })
        | (Return::Window { .. }, Verdict::Refused { .. }) => None,
        (Return::TagNeeded | Return::Window { .. }, Verdict::Plain { .. }) => {
            Some(Words::new(NOT_THEN, "It can be sent as an ordinary one now."))
        }
        (Return::TagNotNeeded | Return::Window { .. }, Verdict::HumanAgent { .. }) => {
            Some(Words::new(NOT_THEN, "It can be sent as a late reply now."))
        }
        (Return::TagNeeded | Return::TagNotNeeded, Verdict::Refused { reason }) => {
            Some(Words::new(NOT_THEN, reason.agent_words().remedy))
        }
        _ => None,
    }
}

/// Of a reply that came back because of the time to answer, once that is another one.
const NOT_THEN: &str = "This was not sent: what may be sent here changed while it waited.";

/// Who works now on the thread that was moved before the draft could leave; none for this desk's agent.
async fn winner(reading: &mut Reading, draft: Option<&DraftRow>) -> Result<Option<String>, StoreError> {
    let reason = draft.and_then(|draft| returned(draft.reason.as_deref()?));
    let Some(agent) = reason.and_then(|reason| reason.winner()) else { return Ok(None) };
    if reading.me().await? == Some(agent) {
        return Ok(None);
    }
    let agents = reading.agents().await?;
    Ok(agents.into_iter().find(|known| known.agent == agent).map(|known| known.name))
}

/// What the agent is told who still has the text that was handed over with their thread: that the thread is not theirs, and
/// that somebody else reads the same text. None once they have it again, or have written something else.
async fn handed_words(
    reading: &mut Reading,
    thread: &ThreadRow,
    draft: Option<&DraftRow>,
) -> Result<Option<Words>, StoreError> {
    let Some(draft) = draft else { return Ok(None) };
    if reading.me().await? == thread.assignee {
        return Ok(None);
    }
    let Some(handed) = reading.own_handed_draft(thread.id).await? else { return Ok(None) };
    // They may have gone on writing since.
    if !draft.text.starts_with(handed.trim_end()) {
        return Ok(None);
    }
    Ok(Some(match assignee(reading, thread).await? {
        Some(name) => Words::new(
            format!(
                "This thread is not yours any more: {name} works on it. What you were writing was handed over with it."
            ),
            "Empty the text, or ask for the thread before you send it.",
        ),
        None => Words::new(
            "This thread is not yours any more: it went to the queue. What you were writing was handed over with it, for \
             whoever goes on.",
            "Empty the text, or assign the thread to yourself before you send it.",
        ),
    }))
}

/// What a thread's assignee is called.
async fn assignee(reading: &mut Reading, thread: &ThreadRow) -> Result<Option<String>, StoreError> {
    let Some(agent) = thread.assignee else { return Ok(None) };
    let agents = reading.agents().await?;
    Ok(agents.into_iter().find(|known| known.agent == agent).map(|known| known.name))
}

/// Whether a thread's draft is a reply that was not sent although its agent meant it to be.
#[must_use]
pub fn was_not_sent(thread: &ThreadRow) -> bool {
    thread.draft_reason.as_deref().and_then(returned).is_some_and(|reason| reason != Return::Taken)
}

/// Why a draft came back from the outbox.
fn returned(reason: &str) -> Option<Return> {
    match serde_json::from_str(reason).ok()? {
        State::Returned { reason } => Some(reason),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use baton_messenger::policy::Refusal;
    use rstest::rstest;

    use super::*;

    const PLAIN: Verdict = Verdict::Plain { until_ms: 1 };
    const LATE: Verdict = Verdict::HumanAgent { until_ms: 1 };
    const SHUT: Verdict = Verdict::Refused { reason: Refusal::Closed };

    fn shut() -> Return {
        Return::Window { refusal: Refusal::Closed }
    }

    #[rstest]
    #[case::late_and_it_still_is(Return::TagNeeded, LATE, None)]
    #[case::late_and_the_customer_wrote(Return::TagNeeded, PLAIN, Some("ordinary one now"))]
    #[case::late_and_over(Return::TagNeeded, SHUT, Some("writes again"))]
    #[case::plain_and_it_still_is(Return::TagNotNeeded, PLAIN, None)]
    #[case::plain_and_late_again(Return::TagNotNeeded, LATE, Some("late reply now"))]
    #[case::shut_and_it_still_is(shut(), SHUT, None)]
    #[case::shut_and_the_customer_wrote(shut(), PLAIN, Some("ordinary one now"))]
    #[case::not_about_time(Return::Taken, SHUT, None)]
    fn what_came_back_because_of_the_time_says_what_is_so_now(
        #[case] reason: Return,
        #[case] now: Verdict,
        #[case] says: Option<&str>,
    ) {
        let words = words_by_now(&reason, now);
        let remedy = words.map(|words| words.remedy);
        match (&remedy, says) {
            (Some(remedy), Some(part)) => assert!(remedy.contains(part), "{remedy}"),
            (remedy, says) => assert_eq!(remedy.as_deref(), says),
        }
    }
}
