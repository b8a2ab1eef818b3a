//! Which thread is read from Meta itself, and what was told. Pure: state and time are given.
//!
//! ```text
//!  the relay    serves        nothing is read; what the log brings or Meta takes back goes, the rest after a while
//!               away for 5 s  opened or looked at ──▶ read ──▶ who holds it, where that is not told along ──▶ read again …
//!                                                  └─ failed ──▶ a pause that grows
//! ```

use std::collections::BTreeMap;

use baton_messenger::answer::ConversationMessage;
use baton_messenger::{AccountId, Mid};

use crate::backoff::Backoff;
use crate::desk::inner::AWAY_AFTER_MS;
use crate::store::ThreadId;
use crate::sync::{Refusal, SyncStatus};

/// Between two reads of one thread, milliseconds: an account has one slot in this time.
const EVERY_MS: i64 = 30_000;
/// Between two questions who holds a thread, milliseconds: they take the slots that what was written is read with.
const OWNER_EVERY_MS: i64 = 5 * 60_000;
/// The pause after a read that failed grows between these, milliseconds.
const PAUSES: Backoff = Backoff::new(60_000, 32 * 60_000);
/// So long after the relay is back what the log does not bring is shown on, milliseconds: Meta repeats what it could not
/// deliver, and the steward looks for what it does not.
const KEPT_MS: i64 = 15 * 60_000;
/// So long Meta has to repeat what it could not deliver before the steward is asked to look, milliseconds.
const REPEATS_MS: i64 = 60_000;
/// So long after a message was told the page shows it, and whoever looks there can have read it, milliseconds.
const UNTIL_SEEN_MS: i64 = 1_000;
/// Of more threads nothing is kept; the ones read first go.
const MOST_THREADS: usize = 50;

/// What Meta told of one thread.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Told {
    /// When it was asked, milliseconds UTC of Meta.
    pub(super) read_ms: i64,
    /// The same on the boot clock, milliseconds.
    pub(super) read_boot_ms: i64,
    /// The newest messages, newest first, as far as Meta gives them.
    pub(super) messages: Vec<ConversationMessage>,
    /// When each of them was told first, milliseconds of the boot clock; filled in by the book.
    pub(super) first_boot_ms: BTreeMap<Mid, i64>,
}

impl Told {
    /// The messages that have an id, by that.
    pub(super) fn mids(&self) -> Vec<&Mid> {
        self.messages.iter().filter_map(|message| message.id.as_ref()).collect()
    }

    /// Whether a message was told long enough before `now_ms` of the boot clock that whoever looks at the thread saw it.
    pub(super) fn is_seen(&self, mid: &Mid, now_ms: i64) -> bool {
        self.first_boot_ms.get(mid).is_some_and(|first| now_ms.saturating_sub(*first) >= UNTIL_SEEN_MS)
    }
}

/// How the relay serves this desk, as far as reading from Meta goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relay {
    /// It does.
    Serves,
    /// Nobody can say yet whether it is away.
    Perhaps,
    /// It is away, or does not understand this desk.
    Away,
    /// It does not know this desk, or knows it as cut off.
    Refuses,
}

/// What is read next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// What was written in a thread.
    Words(ThreadId),
    /// Who holds it.
    Owner(ThreadId),
}

/// What is known and wanted.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// Since when the relay does not answer, milliseconds of the boot clock.
    away_ms: Option<i64>,
    /// Since when it answers again, milliseconds of the boot clock.
    back_ms: Option<i64>,
    /// It was said that it answers again.
    is_back_said: bool,
    /// The steward was asked to look for what the log does not bring.
    is_looked_for: bool,
    /// The thread that was opened last and not read since.
    wanted: Option<ThreadId>,
    /// The thread of which nobody knows yet who holds it now.
    unowned: Option<ThreadId>,
    told: BTreeMap<ThreadId, Told>,
    owner_ms: BTreeMap<ThreadId, i64>,
    pauses: BTreeMap<AccountId, (Backoff, i64)>,
}

impl Book {
    /// The relay stands so now.
    pub(super) fn relay(&mut self, status: &SyncStatus, now_ms: i64) -> Relay {
        match status {
            SyncStatus::Live { .. } | SyncStatus::Behind { .. } => {
                self.away_ms = None;
                self.back_ms.get_or_insert(now_ms);
                return Relay::Serves;
            }
            SyncStatus::Offline { since_boot_ms, .. } => {
                self.away_ms.get_or_insert(*since_boot_ms);
            }
            SyncStatus::Refused { why: Refusal::RelayTooOld | Refusal::RelayTooNew } => {
                self.away_ms = Some(i64::MIN);
            }
            SyncStatus::Refused { why: Refusal::Revoked | Refusal::Unknown } => {
                self.away_ms = None;
                return Relay::Refuses;
            }
            // A try to reach it changes nothing of that it is away.
            SyncStatus::Idle | SyncStatus::Connecting => {}
        }
        match self.away_ms {
            Some(since_ms) if now_ms.saturating_sub(since_ms) >= AWAY_AFTER_MS => {
                (self.back_ms, self.is_back_said, self.is_looked_for) = (None, false, false);
                Relay::Away
            }
            _ => Relay::Perhaps,
        }
    }

    /// An agent opened a thread.
    pub(super) fn wants(&mut self, thread: ThreadId) {
        self.wanted = Some(thread);
    }

    /// The thread that was opened last, if nothing was read of it since; it is forgotten here.
    pub(super) fn take_wanted(&mut self) -> Option<ThreadId> {
        self.unowned = None;
        self.wanted.take()
    }

    /// What is read next; `looked_at` is on the screen.
    pub(super) fn next(&mut self, looked_at: Option<ThreadId>, now_ms: i64) -> Option<Next> {
        let due = |told: &BTreeMap<ThreadId, Told>, thread: &ThreadId| {
            told.get(thread).is_none_or(|told| now_ms.saturating_sub(told.read_boot_ms) >= EVERY_MS)
        };
        self.wanted = self.wanted.filter(|thread| due(&self.told, thread));
        if let Some(thread) = self.wanted {
            return Some(Next::Words(thread));
        }
        if let Some(thread) = self.unowned {
            return Some(Next::Owner(thread));
        }
        looked_at.filter(|thread| due(&self.told, thread)).map(Next::Words)
    }

    /// Whether an account may be asked now, as far as failures go.
    pub(super) fn may_ask(&self, account: &AccountId, now_ms: i64) -> bool {
        self.pauses.get(account).is_none_or(|(_, until_ms)| now_ms >= *until_ms)
    }

    /// A thread cannot be read, now or ever.
    pub(super) fn cannot(&mut self, thread: ThreadId) {
        self.wanted = self.wanted.filter(|wanted| *wanted != thread);
        self.unowned = self.unowned.filter(|unowned| *unowned != thread);
    }

    /// Meta told of a thread; `owner_told` when that says who holds it too.
    pub(super) fn is_read(
        &mut self,
        account: &AccountId,
        thread: ThreadId,
        mut told: Told,
        owner_told: bool,
    ) {
        let now_ms = told.read_boot_ms;
        let before = self.told.get(&thread);
        let first =
            |mid: &Mid| before.and_then(|told| told.first_boot_ms.get(mid)).copied().unwrap_or(now_ms);
        let mids = told.mids().into_iter();
        let first_boot_ms: BTreeMap<Mid, i64> = mids.map(|mid| (mid.clone(), first(mid))).collect();
        told.first_boot_ms = first_boot_ms;
        self.pauses.remove(account);
        self.cannot(thread);
        self.told.insert(thread, told);
        if self.told.len() > MOST_THREADS
            && let Some(first) = self.told.iter().min_by_key(|(_, told)| told.read_boot_ms).map(|(id, _)| *id)
        {
            self.told.remove(&first);
        }
        if owner_told {
            self.owner_ms.insert(thread, now_ms);
        }
        let asked_ms = self.owner_ms.get(&thread);
        self.unowned =
            asked_ms.is_none_or(|asked| now_ms.saturating_sub(*asked) >= OWNER_EVERY_MS).then_some(thread);
    }

    /// Meta was asked who holds a thread, whatever it said.
    pub(super) fn owner_was_asked(&mut self, thread: ThreadId, now_ms: i64) {
        self.unowned = self.unowned.filter(|unowned| *unowned != thread);
        self.owner_ms.insert(thread, now_ms);
    }

    /// A read of an account failed; Meta may have said for how long it gives nothing, milliseconds.
    pub(super) fn failed(&mut self, account: &AccountId, told_ms: Option<i64>, random: u64, now_ms: i64) {
        let (backoff, until_ms) = self.pauses.entry(account.clone()).or_insert((PAUSES, now_ms));
        let pause_ms = backoff.fail(random).max(told_ms.unwrap_or(0));
        *until_ms = now_ms.saturating_add(pause_ms);
    }

    pub(super) fn told(&self, thread: ThreadId) -> Option<&Told> {
        self.told.get(&thread)
    }

    /// Everything that was told, while the relay serves this desk; it is forgotten here once that is long.
    pub(super) fn left(&mut self, now_ms: i64) -> Left {
        let for_ms = self.back_ms.map_or(0, |back_ms| now_ms.saturating_sub(back_ms));
        let is_over = for_ms >= KEPT_MS;
        let is_looked_for = for_ms >= REPEATS_MS;
        Left {
            is_new: !std::mem::replace(&mut self.is_back_said, true),
            is_to_look_for: is_looked_for && !std::mem::replace(&mut self.is_looked_for, is_looked_for),
            threads: if is_over { std::mem::take(&mut self.told) } else { self.told.clone() },
            is_over,
        }
    }

    /// Nothing is shown of any thread any more.
    pub(super) fn forget_all(&mut self) {
        self.told.clear();
    }

    /// Nothing is shown of a thread any more.
    pub(super) fn forget(&mut self, thread: ThreadId) {
        self.told.remove(&thread);
        self.owner_ms.remove(&thread);
    }
}

/// What is still kept once the relay is back.
#[derive(Debug, PartialEq)]
pub(super) struct Left {
    pub(super) threads: BTreeMap<ThreadId, Told>,
    /// The relay has just come back.
    pub(super) is_new: bool,
    /// Meta had its time to repeat what it could not deliver: the steward is asked to look. Said once.
    pub(super) is_to_look_for: bool,
    /// It is not kept any more.
    pub(super) is_over: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay_client::RelayError;

    const NOW: i64 = 3_600_000;
    const MARA: ThreadId = ThreadId(1);
    const JUN: ThreadId = ThreadId(2);

    fn tea() -> AccountId {
        "104500000000011".into()
    }

    fn told(read_boot_ms: i64) -> Told {
        Told { read_boot_ms, ..Told::default() }
    }

    fn offline(since_boot_ms: i64) -> SyncStatus {
        let error = RelayError::Unreachable("refused".to_owned());
        SyncStatus::Offline { since_boot_ms, next_try_boot_ms: since_boot_ms, error }
    }

    const LIVE: SyncStatus = SyncStatus::Live { answered_ms: None };

    #[test]
    fn the_relay_is_away_after_five_seconds_and_a_try_to_reach_it_changes_nothing() {
        let mut book = Book::default();
        assert_eq!(book.relay(&SyncStatus::Connecting, NOW), Relay::Perhaps);
        assert_eq!(book.relay(&offline(NOW), NOW + 4_999), Relay::Perhaps);
        assert_eq!(book.relay(&offline(NOW), NOW + 5_000), Relay::Away);
        assert_eq!(book.relay(&SyncStatus::Connecting, NOW + 6_000), Relay::Away);
        assert_eq!(book.relay(&LIVE, NOW + 7_000), Relay::Serves);
        assert_eq!(book.relay(&SyncStatus::Connecting, NOW + 90_000), Relay::Perhaps);
    }

    #[test]
    fn a_desk_that_was_cut_off_reads_nothing_and_one_that_is_too_new_does() {
        let mut book = Book::default();
        let refused = |why| SyncStatus::Refused { why };
        assert_eq!(book.relay(&refused(Refusal::Revoked), NOW), Relay::Refuses);
        assert_eq!(book.relay(&refused(Refusal::Unknown), NOW), Relay::Refuses);
        assert_eq!(book.relay(&refused(Refusal::RelayTooOld), NOW), Relay::Away);
    }

    #[test]
    fn what_was_opened_last_is_read_once_then_who_holds_it_then_what_is_looked_at_again() {
        let mut book = Book::default();
        assert_eq!(book.next(None, NOW), None, "nobody opened anything");
        book.wants(JUN);
        book.wants(MARA);
        assert_eq!(book.next(None, NOW), Some(Next::Words(MARA)));
        assert_eq!(book.next(None, NOW), Some(Next::Words(MARA)), "until it was read");
        book.is_read(&tea(), MARA, told(NOW), false);
        book.wants(MARA);
        assert_eq!(book.next(None, NOW + 1_000), Some(Next::Owner(MARA)), "and not read anew at once");
        book.owner_was_asked(MARA, NOW + 30_000);
        assert_eq!(book.next(None, NOW + 60_000), None, "who went away needs nothing");
        assert_eq!(book.next(Some(MARA), NOW + 29_999), None);
        assert_eq!(book.next(Some(MARA), NOW + 60_000), Some(Next::Words(MARA)));
        book.is_read(&tea(), MARA, told(NOW + 60_000), false);
        assert_eq!(book.next(None, NOW + 90_000), None, "who holds it was asked a moment ago");
    }

    #[test]
    fn an_answer_that_tells_who_holds_it_saves_the_question() {
        let mut book = Book::default();
        book.wants(MARA);
        book.is_read(&tea(), MARA, told(NOW), true);
        assert_eq!(book.next(None, NOW + 30_000), None);
    }

    #[test]
    fn pauses_after_failures_grow_and_are_no_shorter_than_meta_asks() {
        let mut book = Book::default();
        assert!(book.may_ask(&tea(), NOW));
        book.failed(&tea(), None, 0, NOW);
        assert!(!book.may_ask(&tea(), NOW + 29_999) && book.may_ask(&tea(), NOW + 30_000));
        book.failed(&tea(), None, 0, NOW);
        assert!(!book.may_ask(&tea(), NOW + 59_999) && book.may_ask(&tea(), NOW + 60_000));
        book.failed(&tea(), Some(19 * 60_000), 0, NOW);
        assert!(!book.may_ask(&tea(), NOW + 19 * 60_000 - 1));
        assert!(book.may_ask(&"2".into(), NOW), "another account is none of it");
        book.is_read(&tea(), MARA, told(NOW), true);
        assert!(book.may_ask(&tea(), NOW));
    }

    #[test]
    fn what_the_log_never_brings_goes_a_quarter_of_an_hour_after_the_relay_came_back() {
        let mut book = Book::default();
        book.is_read(&tea(), MARA, told(NOW), true);
        book.relay(&LIVE, NOW);
        let left = book.left(NOW);
        assert!(left.is_new && !left.is_to_look_for);
        book.relay(&LIVE, NOW + REPEATS_MS);
        let left = book.left(NOW + REPEATS_MS);
        assert!(!left.is_new && left.is_to_look_for);
        assert!(!book.left(NOW + REPEATS_MS + 1).is_to_look_for, "once is enough");
        assert!(!book.left(NOW + KEPT_MS - 1).is_over && book.told(MARA).is_some());
        assert!(book.left(NOW + KEPT_MS).is_over && book.told(MARA).is_none());
    }

    #[test]
    fn a_message_is_seen_a_second_after_it_was_told_first_however_often_it_is_told() {
        let mut book = Book::default();
        let messages = |mids: &[&str]| {
            mids.iter().map(|mid| serde_json::from_value(serde_json::json!({ "id": mid })).unwrap()).collect()
        };
        book.is_read(&tea(), MARA, Told { messages: messages(&["m_1"]), ..told(NOW) }, true);
        let is_seen = |book: &Book, mid: &str, at_ms| book.told(MARA).unwrap().is_seen(&mid.into(), at_ms);
        assert!(!is_seen(&book, "m_1", NOW + 999) && is_seen(&book, "m_1", NOW + 1_000));
        book.is_read(&tea(), MARA, Told { messages: messages(&["m_2", "m_1"]), ..told(NOW + 30_000) }, true);
        assert!(is_seen(&book, "m_1", NOW + 30_000) && !is_seen(&book, "m_2", NOW + 30_000));
        assert!(is_seen(&book, "m_2", NOW + 31_000) && !is_seen(&book, "m_3", NOW + 31_000));
    }

    #[test]
    fn only_so_many_threads_are_kept() {
        let mut book = Book::default();
        for number in 0..60 {
            book.is_read(&tea(), ThreadId(number), told(NOW + number), true);
        }
        assert!(book.told(ThreadId(9)).is_none() && book.told(ThreadId(10)).is_some());
    }
}
