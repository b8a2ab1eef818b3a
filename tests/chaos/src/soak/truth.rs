//! What is true of one thread, as whoever made it happen knows it.

use super::words;

/// Control lapses after this long without the customer, milliseconds.
pub const LAPSE_MS: i64 = 24 * 60 * 60 * 1000;
/// An ordinary reply may be sent for so long after the customer, milliseconds.
const OPEN_MS: i64 = 24 * 60 * 60 * 1000;
/// Unread is not counted beyond.
const MOST_UNREAD: usize = 100;

/// Who said a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// The agent with this number, through Baton.
    Agent(usize),
    /// A person in Meta's inbox.
    Inbox,
}

/// A message.
#[derive(Debug, Clone)]
pub struct Said {
    /// Unique in its thread.
    pub number: u32,
    /// When, milliseconds UTC.
    pub at_ms: i64,
    /// Who.
    pub by: By,
    /// How often it was changed; none when it has no text.
    pub version: Option<u32>,
    /// It was taken back.
    pub unsent: bool,
    /// The webhook was lost; none when it was not, else the seq of the page of history that brought it, once one did.
    pub lost: Option<Option<u64>>,
    /// When the customer reacted to it.
    pub reacted_ms: Option<i64>,
    /// Meta never told that it arrived: only the team's facts know of it.
    pub unheard: bool,
    /// The seq of the entry that told of it.
    pub seq: u64,
}

impl Said {
    /// Its text now.
    #[must_use]
    pub fn text(&self, thread: usize) -> Option<String> {
        let version = self.version.filter(|_| !self.unsent)?;
        Some(words::text(thread, self.number, version))
    }

    /// Whether a desk can know of it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        !self.unheard && self.lost.is_none_or(|found| found.is_some())
    }
}

/// Who holds a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Holder {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// Nobody.
    Nobody,
    /// The bot, which is the default app.
    Bot,
    /// Baton.
    Ours,
    /// People in Meta's inbox.
    Inbox,
}

/// Where a thread stands for the team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stand {
    /// Open.
    #[default]
    Open,
    /// Waiting on the customer.
    Waiting,
    /// Asleep until long after the end.
    Asleep,
    /// Done.
    Done,
}

/// One thread.
#[derive(Debug, Clone, Default)]
pub struct Truth {
    /// Everything said, in the order of time.
    pub said: Vec<Said>,
    holder: Holder,
    until_ms: i64,
    /// Another app held it last.
    away: bool,
    came_ms: Option<i64>,
    /// The last time anything happened, milliseconds UTC.
    pub last_ms: i64,
    /// Number of the agent who works on it.
    pub assignee: Option<usize>,
    stand: Stand,
    stand_seq: u64,
    /// Each time the customer wrote: the seq of the entry that tells of it, and when it was.
    wrote: Vec<(u64, i64)>,
    /// From when on the thread was another app's, or no longer.
    theirs: Vec<(i64, bool)>,
    /// A name an agent gave.
    pub name: Option<String>,
    /// A name that history gave.
    pub history_name: Option<String>,
    opened_ms: Option<i64>,
    /// How many notes were written.
    pub notes: usize,
    /// When something came that nobody understands.
    pub odd: Vec<i64>,
}

impl Truth {
    /// Who holds it at a time.
    #[must_use]
    pub fn holder(&self, now_ms: i64) -> Holder {
        match self.holder {
            Holder::Bot | Holder::Ours | Holder::Inbox if self.until_ms <= now_ms => Holder::Nobody,
            holder => holder,
        }
    }

    /// The customer wrote, or pressed a button, and it was heard. Returns whether we heard it as the owner.
    pub fn customer_spoke(&mut self, at_ms: i64) -> bool {
        self.opened(at_ms);
        match self.holder(at_ms) {
            Holder::Ours => {
                self.until_ms = self.until_ms.max(at_ms + LAPSE_MS);
                true
            }
            Holder::Bot | Holder::Inbox => {
                self.until_ms = self.until_ms.max(at_ms + LAPSE_MS);
                false
            }
            Holder::Nobody | Holder::Unknown => {
                // The default app gets it.
                self.give(Holder::Bot, at_ms);
                false
            }
        }
    }

    /// The window opens.
    pub fn opened(&mut self, at_ms: i64) {
        self.opened_ms = self.opened_ms.max(Some(at_ms));
    }

    /// The customer did write at a time, as the log tells with this seq.
    pub fn wrote(&mut self, seq: u64, at_ms: i64) {
        self.wrote.push((seq, at_ms));
    }

    /// An app passed the thread on, or took it.
    pub fn give(&mut self, to: Holder, at_ms: i64) {
        let before = self.holder(at_ms);
        if to == Holder::Ours && before != Holder::Ours {
            self.came_ms = Some(at_ms);
        }
        self.away = matches!(to, Holder::Bot | Holder::Inbox);
        self.theirs.push((at_ms, self.away));
        self.holder = to;
        self.until_ms = at_ms + LAPSE_MS;
    }

    /// An agent of ours took it.
    pub fn take(&mut self, at_ms: i64) {
        if self.away {
            self.came_ms = Some(at_ms);
        }
        self.away = false;
        self.theirs.push((at_ms, false));
        self.holder = Holder::Ours;
        self.until_ms = at_ms + LAPSE_MS;
    }

    /// An agent set where it stands.
    pub fn set_stand(&mut self, stand: Stand, seq: u64) {
        (self.stand, self.stand_seq) = (stand, seq);
    }

    /// Where it stands: a customer who wrote since opens it, once the thread is not another app's.
    #[must_use]
    pub fn stand(&self) -> Stand {
        let opens = |at_ms: i64| {
            let was_theirs = self.theirs.iter().rev().find(|(from_ms, _)| *from_ms <= at_ms);
            !was_theirs.is_some_and(|(_, theirs)| *theirs)
                || self.theirs.iter().any(|(from_ms, theirs)| *from_ms > at_ms && !theirs)
        };
        let since = self.wrote.iter().filter(|(seq, _)| *seq > self.stand_seq);
        if since.map(|(_, at_ms)| *at_ms).any(opens) { Stand::Open } else { self.stand }
    }

    /// Whether it is anybody's business now: neither done nor asleep.
    #[must_use]
    pub fn is_active(&self) -> bool {
        matches!(self.stand(), Stand::Open | Stand::Waiting)
    }

    /// What of window and control ends next, where somebody waits who can be answered. The account has no right to late
    /// replies.
    #[must_use]
    pub fn next_end_ms(&self, now_ms: i64) -> Option<i64> {
        let window_ms = self.opened_ms.map(|opened_ms| opened_ms + OPEN_MS);
        let control_ms = (self.holder == Holder::Ours).then_some(self.until_ms);
        let ends = window_ms.into_iter().chain(control_ms).filter(|ends_ms| *ends_ms > now_ms);
        ends.min().filter(|_| self.needs_reply(now_ms) && self.can_be_answered(now_ms))
    }

    /// Since when the customer waits for us.
    #[must_use]
    pub fn waiting_ms(&self, now_ms: i64) -> Option<i64> {
        let holder = self.holder(now_ms);
        let is_anothers =
            matches!(holder, Holder::Bot | Holder::Inbox) || (holder == Holder::Nobody && self.away);
        if is_anothers || self.stand() == Stand::Done {
            return None;
        }
        let by_person = |said: &&Said| matches!(said.by, By::Agent(_) | By::Inbox);
        let person_ms = self.said.iter().filter(by_person).map(|said| said.at_ms).max();
        let answered = |at_ms: i64| person_ms.is_some_and(|person_ms| person_ms >= at_ms);
        let asked = self.said.iter().filter(|said| said.by == By::Customer && said.is_known());
        let asked_ms = asked.map(|said| said.at_ms).filter(|at_ms| !answered(*at_ms)).min();
        asked_ms.max(self.came_ms.filter(|came_ms| !answered(*came_ms)))
    }

    /// Whether a person should answer.
    #[must_use]
    pub fn needs_reply(&self, now_ms: i64) -> bool {
        self.stand() == Stand::Open && self.waiting_ms(now_ms).is_some()
    }

    /// What a desk can know to be said.
    pub fn known(&self) -> impl DoubleEndedIterator<Item = &Said> {
        self.said.iter().filter(|said| said.is_known())
    }

    /// How much of it nobody read.
    #[must_use]
    pub fn unread(&self) -> usize {
        self.known().filter(|said| said.by == By::Customer).count().min(MOST_UNREAD)
    }

    /// When something was last said, reacted to, or came that nobody understands, milliseconds UTC.
    #[must_use]
    pub fn last_said_ms(&self) -> i64 {
        let said = self.known().map(|said| said.at_ms).max();
        let reacted = self.known().filter(|said| !said.unsent).filter_map(|said| said.reacted_ms).max();
        said.max(reacted).max(self.odd.last().copied()).unwrap_or_default()
    }

    /// Whether a person may answer: the account has no right to late replies. Of whom no act is known, nobody knows better.
    #[must_use]
    pub fn can_be_answered(&self, now_ms: i64) -> bool {
        self.opened_ms.is_none_or(|opened_ms| now_ms < opened_ms + OPEN_MS)
    }

    /// The customer's last act that opens the window.
    #[must_use]
    pub fn opened_ms(&self) -> Option<i64> {
        self.opened_ms
    }
}
