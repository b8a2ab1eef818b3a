//! A shop's years of messages as a relay's log holds them: customers write, a bot answers some, people answer others,
//! receipts and reactions come back. The same seed gives the same entries, whatever size is asked for first.

use baton_messenger::id::{AppId, Platform};
use baton_messenger::webhook::StoredEvent;
use baton_protocol::account::RoutingMode;
use baton_protocol::entry::{Entry, EntryKind, chain_next};
use baton_protocol::ids::{PartId, ReplyId};
use baton_protocol::team::{Actor, Settlement, Status, TeamFact};
use baton_protocol::{AccountId, AgentId, CustomerId, DeskId, LabelId, LogId, LogName, NoteId};
use fastrand::Rng;
use serde_json::value::RawValue;
use uuid::Uuid;

use crate::words::Words;

/// Raised whenever the world of a seed becomes another: what was made of an earlier one is made anew.
pub const VERSION: u32 = 3;
/// The Page.
pub const PAGE: &str = "104500000000011";
/// Our app.
pub const OUR_APP: &str = "700100200300400";
/// The bot that answers first.
const BOT: &str = "700555666777888";
/// When the newest message was said: 2026-11-18, milliseconds UTC.
pub const END_MS: i64 = 1_795_000_000_000;
const DAY_MS: i64 = 24 * 3_600_000;
/// How long the shop has been writing.
const SPAN_MS: i64 = 700 * DAY_MS;
/// The last day is a busy one: a tenth of all messages, but no more than these, so that windows end at every hour of it.
const LAST_DAY: u64 = 10_000;
/// The agent whose lists are read.
pub const READER: u128 = 3;

/// How much there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Messages at least.
    pub messages: u64,
    /// Threads at most.
    pub threads: u64,
}

impl Size {
    /// So many messages, fifty a thread.
    #[must_use]
    pub fn of(messages: u64) -> Self {
        Self { messages, threads: (messages / 50).max(20) }
    }
}

/// The agents of the team.
#[must_use]
pub fn agent(number: u128) -> AgentId {
    AgentId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + number))
}

/// The label that a fifth of the threads carry once somebody answered in them.
#[must_use]
pub fn label() -> LabelId {
    LabelId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0003_0001))
}

fn desk() -> DeskId {
    DeskId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0001_0011))
}

/// The log that the entries are of.
#[must_use]
pub fn log() -> LogName {
    LogName::Account(AccountId::from(PAGE))
}

/// Its identity.
#[must_use]
pub fn log_id() -> LogId {
    LogId(Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0002_0001))
}

/// The customer of a thread.
#[must_use]
pub fn customer(thread: u64) -> String {
    format!("62{thread:014}")
}

/// Makes entries, one after the other.
#[derive(Debug)]
pub struct World {
    rng: Rng,
    words: Words,
    size: Size,
    entries: Vec<Entry>,
    seq: u64,
    chain: String,
    at_ms: i64,
    messages: u64,
    known: u64,
    /// In which threads somebody has answered.
    answered: Vec<bool>,
}

impl World {
    /// A world that has not begun.
    #[must_use]
    pub fn new(seed: u64, size: Size) -> Self {
        let mut world = Self {
            rng: Rng::with_seed(seed),
            words: Words::default(),
            size,
            entries: Vec::new(),
            seq: 0,
            chain: String::new(),
            at_ms: END_MS - SPAN_MS,
            messages: 0,
            known: 0,
            answered: vec![false; usize::try_from(size.threads).unwrap_or(0)],
        };
        world.connect();
        world
    }

    /// The next entries, `count` of them or what is left.
    pub fn next_entries(&mut self, count: usize) -> Vec<Entry> {
        while self.entries.len() < count && self.messages < self.size.messages {
            self.episode();
        }
        self.entries.drain(..count.min(self.entries.len())).collect()
    }

    /// All of them.
    #[must_use]
    pub fn all(mut self) -> Vec<Entry> {
        self.next_entries(usize::MAX)
    }

    fn connect(&mut self) {
        self.team(&TeamFact::AccountConnected {
            platform: Platform::Messenger,
            name: "Northwind Tea".to_owned(),
            page: AccountId::from(PAGE),
            app: AppId::from(OUR_APP),
            routing: RoutingMode::On,
            fields: vec!["messages".to_owned()],
            by: by(1),
        });
        self.team(&TeamFact::RoutingSet { routing: RoutingMode::On, default_app: Some(AppId::from(BOT)) });
    }

    /// A customer writes, and somebody answers or not.
    fn episode(&mut self) {
        let step = self.step_ms();
        self.at_ms = (self.at_ms + self.rng.i64(step / 2..=step * 3 / 2)).min(END_MS);
        let thread = self.thread();
        let who = customer(thread);
        let mut last = String::new();
        for _ in 0..self.rng.u8(1..=3) {
            last = self.inbound(&who);
        }
        match self.rng.u8(..100) {
            0..2 => self.reaction(&who, &last),
            2..3 => self.edit(&who, &last),
            _ => {}
        }
        if self.rng.u8(..100) < 30 {
            self.echo(&who, BOT, None);
            self.messages += 1;
        }
        if self.rng.u8(..100) < 55 {
            self.answer(thread, &who);
        }
    }

    /// How much time passes between two episodes, about.
    fn step_ms(&mut self) -> i64 {
        let of = |messages: u64, span_ms: i64| {
            let episodes = i64::try_from((messages / 3).max(1)).unwrap_or(i64::MAX);
            (span_ms / episodes).max(1)
        };
        let last = (self.size.messages / 10).min(LAST_DAY);
        if self.messages + last < self.size.messages {
            return of(self.size.messages - last, SPAN_MS - DAY_MS);
        }
        self.at_ms = self.at_ms.max(END_MS - DAY_MS);
        of(last, DAY_MS)
    }

    /// New customers come all the time; most episodes are of those who wrote lately.
    fn thread(&mut self) -> u64 {
        let due = (self.size.threads * (self.messages + 1)).div_ceil(self.size.messages.max(1));
        if self.known < due.min(self.size.threads) {
            self.known += 1;
            let name = self.words.name(&mut self.rng);
            let customer = CustomerId::from(customer(self.known - 1).as_str());
            self.team(&TeamFact::CustomerNamed { customer: customer.clone(), name, by_hand: false });
            if self.rng.u8(..100) < 2 {
                self.team(&TeamFact::BlockSet { customer, blocked: true, spam: false, by: by(1) });
            }
            return self.known - 1;
        }
        let back = (self.known as f64).powf(self.rng.f64()) as u64;
        self.known.saturating_sub(back.clamp(1, self.known))
    }

    fn inbound(&mut self, who: &str) -> String {
        let text = self.words.sentence(&mut self.rng);
        let mid = self.mid();
        let more = match self.rng.u8(..100) {
            0..4 => {
                r#","attachments":[{"type":"image","payload":{"url":"https://scontent.example/v/t39/photo.jpg?oh=00_AfB&oe=67"}}]"#
            }
            4..5 => {
                r#","attachments":[{"type":"file","payload":{"url":"https://cdn.example/v/invoice%20copy.pdf?oh=1"}}]"#
            }
            _ => "",
        };
        self.messages += 1;
        self.event(&format!(
            r#"{{"sender":{{"id":"{who}"}},"recipient":{{"id":"{PAGE}"}},"timestamp":{at},"message":{{"mid":"{mid}","text":"{text}"{more}}}}}"#,
            at = self.at_ms,
        ));
        mid
    }

    fn echo(&mut self, who: &str, app: &str, part: Option<PartId>) -> String {
        let text = self.words.sentence(&mut self.rng);
        let mid = self.mid();
        let metadata = part.map(|part| format!(r#","metadata":"b1:out:{part}""#)).unwrap_or_default();
        self.event(&format!(
            r#"{{"sender":{{"id":"{PAGE}"}},"recipient":{{"id":"{who}"}},"timestamp":{at},"message":{{"mid":"{mid}","is_echo":true,"app_id":"{app}"{metadata},"text":"{text}"}}}}"#,
            at = self.at_ms,
        ));
        mid
    }

    /// A person takes the thread, answers, and may be done with it.
    fn answer(&mut self, thread: u64, who: &str) {
        let customer = CustomerId::from(who);
        let number = 1 + u128::from(thread % 12);
        let seen = usize::try_from(thread).unwrap_or(0);
        let (reply, part) = (ReplyId(self.id()), PartId(self.id()));
        let is_first = !std::mem::replace(&mut self.answered[seen], true);
        if is_first && thread % 5 == 3 {
            self.team(&TeamFact::LabelAdded { customer: customer.clone(), label: label(), by: by(number) });
        }
        // A tenth is answered by whoever has time, and is nobody's.
        if is_first && thread % 10 != 7 {
            let assignee = Some(agent(number));
            self.team(&TeamFact::Assigned {
                customer: customer.clone(),
                assignee,
                by: by(number),
                reply: Some(reply),
            });
        }
        let text = self.words.sentence(&mut self.rng);
        self.team(&TeamFact::SendStarted {
            file: None,
            customer: customer.clone(),
            reply,
            part,
            index: 0,
            of: 1,
            agent: agent(number),
            desk: desk(),
            text,
            tag: None,
            unchecked: false,
        });
        self.at_ms += 1_500;
        let mid = self.echo(who, OUR_APP, Some(part));
        self.messages += 1;
        let settlement = Settlement::Sent { mid: mid.as_str().into(), at_ms: Some(self.at_ms) };
        self.team(&TeamFact::SendSettled {
            customer: customer.clone(),
            reply,
            part,
            desk: desk(),
            settlement,
        });
        self.event(&format!(
            r#"{{"sender":{{"id":"{who}"}},"recipient":{{"id":"{PAGE}"}},"timestamp":{at},"delivery":{{"mids":["{mid}"],"watermark":{at}}}}}"#,
            at = self.at_ms,
        ));
        self.event(&format!(
            r#"{{"sender":{{"id":"{who}"}},"recipient":{{"id":"{PAGE}"}},"timestamp":{at},"read":{{"watermark":{at}}}}}"#,
            at = self.at_ms + 900,
        ));
        let status = match self.rng.u8(..100) {
            0..80 => Some(Status::Done),
            80..85 => Some(Status::Snoozed { until_ms: END_MS + self.rng.i64(1..=30 * DAY_MS) }),
            _ => None,
        };
        if self.rng.u8(..100) < 4 {
            let note = NoteId(self.id());
            self.team(&TeamFact::NoteAdded {
                customer: customer.clone(),
                note,
                text: "Can you have a look?".to_owned(),
                mentions: vec![agent(READER)],
                supervisors_only: false,
                by: by(number),
            });
        }
        if let Some(status) = status {
            self.team(&TeamFact::StatusSet { customer, status, by: by(number) });
        }
    }

    fn reaction(&mut self, who: &str, mid: &str) {
        self.event(&format!(
            r#"{{"sender":{{"id":"{who}"}},"recipient":{{"id":"{PAGE}"}},"timestamp":{at},"reaction":{{"mid":"{mid}","action":"react","reaction":"love","emoji":"❤"}}}}"#,
            at = self.at_ms,
        ));
    }

    fn edit(&mut self, who: &str, mid: &str) {
        let text = self.words.sentence(&mut self.rng);
        self.event(&format!(
            r#"{{"sender":{{"id":"{who}"}},"recipient":{{"id":"{PAGE}"}},"timestamp":{at},"message_edit":{{"mid":"{mid}","text":"{text}","num_edit":1}}}}"#,
            at = self.at_ms,
        ));
    }

    /// As long as Meta's are, and in no order.
    fn mid(&mut self) -> String {
        format!("m_{:016x}{:016x}{:016x}", self.rng.u64(..), self.rng.u64(..), self.rng.u64(..))
    }

    fn id(&mut self) -> Uuid {
        uuid::Builder::from_unix_timestamp_millis(
            self.at_ms.unsigned_abs(),
            &self.rng.u128(..).to_be_bytes()[..10].try_into().unwrap_or_default(),
        )
        .into_uuid()
    }

    fn event(&mut self, event: &str) {
        self.at_ms += 1;
        let body = format!(
            r#"{{"object":"page","list":"messaging","account":"{PAGE}","entry_time_ms":{at},"received_ms":{received},"event":{event}}}"#,
            at = self.at_ms,
            received = self.at_ms + 200,
        );
        let Ok(stored) = serde_json::from_str::<StoredEvent>(&body) else { return };
        let key = stored.into_event().key();
        self.push(EntryKind::Meta, key, body);
    }

    fn team(&mut self, fact: &TeamFact) {
        let Ok(body) = serde_json::to_string(fact) else { return };
        self.push(EntryKind::Team, format!("team:{}", self.seq + 1), body);
    }

    fn push(&mut self, kind: EntryKind, key: String, body: String) {
        let Ok(body) = RawValue::from_string(body) else { return };
        self.seq += 1;
        let at_ms = self.at_ms + 200;
        self.chain = chain_next(&self.chain, kind, &key, at_ms);
        let chain = self.chain.clone();
        self.entries.push(Entry { log: log(), seq: self.seq, at_ms, kind, key, body, chain });
    }
}

fn by(number: u128) -> Actor {
    Actor::Agent { agent: agent(number), desk: desk() }
}
