//! The made-up desk: customers, a bot, agents and people in Meta's inbox, one thing after the other, as log and as truth.

use std::collections::BTreeMap;

use baton_messenger::id::{AppId, CustomerId, PAGE_INBOX, Platform};
use baton_protocol::account::RoutingMode;
use baton_protocol::entry::{Entry, EntryKind, Redaction, RedactionReason};
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement, Status, TeamFact};
use baton_protocol::{LabelId, NoteId, PartId, ReplyId};
use serde_json::{Value, json};

use super::entries::{ACCOUNT, BOT, Growing, OUR_APP, agent, by, desk, uuid};
use super::truth::{By, Holder, Said, Stand, Truth};
use super::words;

/// 2026-09-01, milliseconds UTC.
const BEGIN_MS: i64 = 1_788_220_800_000;
/// The whole of it takes sixty days, however many entries there are.
const SPAN_MS: i64 = 60 * 24 * 60 * 60 * 1000;
/// Meta's times and ours are in seconds here and there, so two things in one thread are further apart than that.
const APART_MS: i64 = 3_001;
/// A page of history that is younger than seven days counts; these are clearly younger.
const PAGE_REACHES_MS: i64 = 6 * 24 * 60 * 60 * 1000;
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Customers who are writing at one time.
const TALKING: usize = 200;
/// Agents of the desk.
pub const AGENTS: usize = 6;
/// Entries per customer, on average.
const ENTRIES_PER_CUSTOMER: u64 = 50;

/// The desk, on the way.
#[derive(Debug)]
pub struct World {
    chance: fastrand::Rng,
    log: Growing,
    threads: Vec<Truth>,
    talking: Vec<(usize, u32)>,
    now_ms: i64,
    step_ms: i64,
    parts: u64,
    counted: BTreeMap<&'static str, u64>,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    /// Each thread by its number.
    pub threads: Vec<Truth>,
    /// Meta's time at the end, milliseconds UTC.
    pub now_ms: i64,
    /// How many entries the log has.
    pub head: u64,
    /// How often what happened.
    pub counted: BTreeMap<&'static str, u64>,
}

impl World {
    /// With this seed, for about so many entries.
    ///
    /// # Errors
    /// When an entry cannot be written.
    pub fn new(seed: u64, entries: u64) -> anyhow::Result<Self> {
        let customers = usize::try_from(entries / ENTRIES_PER_CUSTOMER)?.max(3);
        let mut world = Self {
            chance: fastrand::Rng::with_seed(seed),
            log: Growing::default(),
            threads: vec![Truth::default(); customers],
            talking: Vec::new(),
            now_ms: BEGIN_MS,
            step_ms: (2 * SPAN_MS / i64::try_from(entries)?.max(1)).max(2),
            parts: 0,
            counted: BTreeMap::new(),
        };
        world.connect()?;
        Ok(world)
    }

    fn connect(&mut self) -> anyhow::Result<()> {
        self.log.team(
            BEGIN_MS,
            &TeamFact::AccountConnected {
                platform: Platform::Messenger,
                name: "Northwind Tea".to_owned(),
                page: ACCOUNT.into(),
                app: AppId::from(OUR_APP),
                routing: RoutingMode::On,
                fields: vec!["messages".to_owned()],
                by: by(0),
            },
        )?;
        let default_app = Some(AppId::from(BOT));
        self.log.team(BEGIN_MS, &TeamFact::RoutingSet { routing: RoutingMode::On, default_app })?;
        Ok(())
    }

    /// Lets things happen until there are so many entries that nobody took yet, and gives them.
    ///
    /// # Errors
    /// When an entry cannot be written.
    pub fn go_on(&mut self, entries: usize) -> anyhow::Result<Vec<Entry>> {
        while self.log.entries.len() < entries {
            self.step()?;
        }
        Ok(std::mem::take(&mut self.log.entries))
    }

    /// How many entries there ever were.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.log.head()
    }

    /// The end of it.
    #[must_use]
    pub fn end(self) -> Ended {
        let last_ms = self.threads.iter().map(|thread| thread.last_ms).max().unwrap_or(self.now_ms);
        let now_ms = self.now_ms.max(last_ms) + 60_000;
        Ended { threads: self.threads, now_ms, head: self.log.head(), counted: self.counted }
    }

    fn step(&mut self) -> anyhow::Result<()> {
        self.now_ms += self.chance.i64(0..=self.step_ms);
        if self.talking.len() < TALKING.min(self.threads.len()) {
            // Some write far more often than others.
            let often = self.chance.f64() * self.chance.f64();
            let thread = ((self.threads.len() as f64 * often) as usize).min(self.threads.len() - 1);
            self.talking.push((thread, self.chance.u32(3..30)));
        }
        let place = self.chance.usize(..self.talking.len());
        let (number, left) = self.talking[place];
        if left == 0 {
            self.talking.swap_remove(place);
        } else {
            self.talking[place].1 -= 1;
        }
        let at_ms = self.now_ms.max(self.threads[number].last_ms + APART_MS);
        self.threads[number].last_ms = at_ms;
        self.happens(number, at_ms)
    }

    fn happens(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let holder = self.threads[thread].holder(at_ms);
        if holder == Holder::Unknown {
            return self.customer_says(thread, at_ms);
        }
        match (self.chance.u32(..100), holder) {
            (0..34, _) => self.customer_says(thread, at_ms),
            (34..52, Holder::Bot) => self.echo(thread, at_ms, By::Bot),
            (52..60, Holder::Bot) | (57..60, Holder::Inbox) => self.passed_to_us(thread, at_ms, holder),
            (60..62, Holder::Bot | Holder::Ours) => self.inbox_takes(thread, at_ms, holder),
            (34..57, Holder::Inbox) => self.echo(thread, at_ms, By::Inbox),
            (34..56, Holder::Ours) => self.we_reply(thread, at_ms),
            (56..60, Holder::Ours) => self.we_pass_on(thread, at_ms),
            (34..48, Holder::Nobody) => self.we_take(thread, at_ms),
            (62..68, _) => self.customer_reacts(thread, at_ms),
            (68..70, _) => self.customer_edits(thread, at_ms),
            (70..71, _) => self.customer_takes_back(thread, at_ms),
            (71..83, _) => self.receipt(thread, at_ms),
            (83..88, _) => self.assigned(thread, at_ms),
            (88..92, _) => self.status(thread, at_ms),
            (92..94, _) => self.noted(thread, at_ms),
            (94..96, _) => self.labelled(thread, at_ms),
            (96..97, _) => self.named(thread, at_ms),
            (97..99, _) => self.page_of_history(thread, at_ms),
            _ => self.something_odd(thread, at_ms),
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.counted.entry(what).or_default() += 1;
    }

    fn who(thread: usize) -> CustomerId {
        CustomerId::from(words::customer(thread).as_str())
    }

    /// What the customer does.
    fn from_customer(thread: usize, at_ms: i64, name: &str, body: &Value) -> Value {
        json!({
            "sender": { "id": words::customer(thread) }, "recipient": { "id": ACCOUNT }, "timestamp": at_ms, name: body,
        })
    }

    fn list(&self, thread: usize, at_ms: i64) -> &'static str {
        if self.threads[thread].holder(at_ms) == Holder::Ours { "messaging" } else { "standby" }
    }

    fn said(&mut self, thread: usize, at_ms: i64, by: By, version: Option<u32>, seq: u64) -> &mut Said {
        let said = &mut self.threads[thread].said;
        let number = u32::try_from(said.len()).unwrap_or(u32::MAX);
        let new = Said {
            number,
            at_ms,
            by,
            version,
            unsent: false,
            lost: None,
            reacted_ms: None,
            unheard: false,
            seq,
        };
        said.push(new);
        let last = said.len() - 1;
        &mut said[last]
    }

    fn customer_says(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let number = u32::try_from(self.threads[thread].said.len())?;
        let is_first = number == 0;
        let (mid, text) = (words::mid(thread, number), words::text(thread, number, 0));
        if !is_first && self.chance.u32(..50) == 0 {
            self.count("webhook lost");
            self.said(thread, at_ms, By::Customer, Some(0), 0).lost = Some(None);
            return Ok(());
        }
        let is_picture = self.chance.u32(..10) == 0;
        let message = if is_picture {
            let url = format!("https://cdn.example/{mid}.jpg");
            json!({ "mid": mid, "attachments": [{ "type": "image", "payload": { "url": url } }] })
        } else {
            json!({ "mid": mid, "text": text })
        };
        // A change can overtake what it changes.
        let is_overtaken = !is_picture && self.chance.u32(..40) == 0;
        if is_overtaken {
            let changed = json!({ "mid": mid, "text": words::text(thread, number, 1), "num_edit": 1 });
            let edit = Self::from_customer(thread, at_ms + 1_000, "message_edit", &changed);
            self.log.event(self.list(thread, at_ms), at_ms + 1_000, &edit)?;
            self.count("overtaken by its change");
        }
        let list = if self.threads[thread].customer_spoke(at_ms) { "messaging" } else { "standby" };
        let event = Self::from_customer(thread, at_ms, "message", &message);
        let seq = self.log.event(list, at_ms, &event)?;
        self.threads[thread].wrote(seq, at_ms);
        let version = (!is_picture).then_some(u32::from(is_overtaken));
        self.said(thread, at_ms, By::Customer, version, seq);
        self.count("customer wrote");
        Ok(())
    }

    fn echo(&mut self, thread: usize, at_ms: i64, by: By) -> anyhow::Result<()> {
        let number = u32::try_from(self.threads[thread].said.len())?;
        let app = if by == By::Bot { BOT } else { PAGE_INBOX };
        let seq = self.echo_of(thread, at_ms, "standby", number, &json!({ "app_id": app }))?;
        self.said(thread, at_ms, by, Some(0), seq);
        self.count(if by == By::Bot { "bot answered" } else { "inbox answered" });
        Ok(())
    }

    fn echo_of(
        &mut self,
        thread: usize,
        at_ms: i64,
        list: &str,
        number: u32,
        more: &Value,
    ) -> anyhow::Result<u64> {
        let mut message = json!({
            "mid": words::mid(thread, number), "is_echo": true, "text": words::text(thread, number, 0),
        });
        if let (Some(all), Some(more)) = (message.as_object_mut(), more.as_object()) {
            all.extend(more.clone());
        }
        let event = json!({
            "sender": { "id": ACCOUNT }, "recipient": { "id": words::customer(thread) }, "timestamp": at_ms,
            "message": message,
        });
        self.log.event(list, at_ms, &event)
    }

    fn passed_to_us(&mut self, thread: usize, at_ms: i64, holder: Holder) -> anyhow::Result<()> {
        let from = if holder == Holder::Bot { BOT } else { PAGE_INBOX };
        let body = json!({ "previous_owner_app_id": from, "new_owner_app_id": OUR_APP, "metadata": "asks for a person" });
        let event = Self::from_customer(thread, at_ms, "pass_thread_control", &body);
        self.log.event("messaging", at_ms, &event)?;
        self.threads[thread].give(Holder::Ours, at_ms);
        self.count("passed to us");
        Ok(())
    }

    fn inbox_takes(&mut self, thread: usize, at_ms: i64, holder: Holder) -> anyhow::Result<()> {
        let from = if holder == Holder::Bot { BOT } else { OUR_APP };
        let body = json!({ "previous_owner_app_id": from, "new_owner_app_id": PAGE_INBOX });
        let event = Self::from_customer(thread, at_ms, "take_thread_control", &body);
        self.log.event("messaging", at_ms, &event)?;
        self.threads[thread].give(Holder::Inbox, at_ms);
        self.count("taken by the inbox");
        Ok(())
    }

    fn learned(
        &mut self,
        thread: usize,
        at_ms: i64,
        seen: OwnerSeen,
        source: OwnerSource,
    ) -> anyhow::Result<()> {
        let customer = Self::who(thread);
        let by = by(self.chance.usize(..AGENTS));
        let fact = TeamFact::OwnerLearned {
            customer,
            seen,
            source,
            at_ms,
            until_ms: None,
            note: None,
            by,
            when_done: false,
        };
        self.log.team(at_ms, &fact)?;
        Ok(())
    }

    fn we_take(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        self.learned(thread, at_ms, OwnerSeen::Ours, OwnerSource::Took)?;
        self.threads[thread].take(at_ms);
        self.count("taken by us");
        Ok(())
    }

    fn we_pass_on(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let seen = OwnerSeen::Other { app: Some(AppId::from(BOT)) };
        self.learned(thread, at_ms, seen, OwnerSource::Passed)?;
        self.threads[thread].give(Holder::Bot, at_ms);
        self.count("passed on");
        Ok(())
    }

    fn we_reply(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let number = u32::try_from(self.threads[thread].said.len())?;
        self.parts += 1;
        let (part, reply) = (PartId(uuid(3, self.parts)), ReplyId(uuid(4, self.parts)));
        let who = self.chance.usize(..AGENTS);
        let customer = Self::who(thread);
        let started = TeamFact::SendStarted {
            file: None,
            customer: customer.clone(),
            reply,
            part,
            index: 0,
            of: 1,
            agent: agent(who),
            desk: desk(who),
            text: words::text(thread, number, 0),
            tag: None,
            unchecked: false,
        };
        self.log.team(at_ms, &started)?;
        let settled = |settlement| TeamFact::SendSettled {
            customer: customer.clone(),
            reply,
            part,
            desk: desk(who),
            settlement,
        };
        let sent = settled(Settlement::Sent { mid: words::mid(thread, number).into(), at_ms: Some(at_ms) });
        let echo = json!({ "app_id": OUR_APP, "metadata": format!("b1:out:{part}") });
        let way = self.chance.u32(..20);
        let seq = match way {
            0 => {
                let (code, message) = (10, "outside of the window".to_owned());
                let refused = settled(Settlement::Refused { code, subcode: None, message, trace_id: None });
                self.log.team(at_ms + 200, &refused)?;
                self.count("refused");
                return Ok(());
            }
            1 => self.log.team(at_ms + 200, &sent)?,
            2..6 => {
                let seq = self.echo_of(thread, at_ms, "messaging", number, &echo)?;
                self.log.team(at_ms + 400, &sent)?;
                seq
            }
            6..9 => {
                self.log.team(at_ms + 200, &settled(Settlement::Unknown { why: "cut off".to_owned() }))?;
                let seq = self.echo_of(thread, at_ms, "messaging", number, &echo)?;
                self.log.team(at_ms + 400, &sent)?;
                self.count("unknown for a while");
                seq
            }
            _ => {
                self.log.team(at_ms + 200, &sent)?;
                self.echo_of(thread, at_ms, "messaging", number, &echo)?
            }
        };
        self.said(thread, at_ms, By::Agent(who), Some(0), seq).unheard = way == 1;
        self.count("replied");
        Ok(())
    }

    /// A message of the customer that a desk heard and that still stands.
    fn one_of(&mut self, thread: usize, fits: impl Fn(&Said) -> bool) -> Option<usize> {
        let said = &self.threads[thread].said;
        let from = said.len().saturating_sub(8);
        let fitting: Vec<usize> = (from..said.len())
            .filter(|place| {
                let said = &said[*place];
                said.lost.is_none() && !said.unheard && !said.unsent && fits(said)
            })
            .collect();
        self.chance.choice(fitting)
    }

    fn customer_reacts(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let Some(place) = self.one_of(thread, |said| said.reacted_ms.is_none()) else { return Ok(()) };
        let number = self.threads[thread].said[place].number;
        let body =
            json!({ "mid": words::mid(thread, number), "action": "react", "reaction": "love", "emoji": "❤" });
        let event = Self::from_customer(thread, at_ms, "reaction", &body);
        self.log.event(self.list(thread, at_ms), at_ms, &event)?;
        self.threads[thread].said[place].reacted_ms = Some(at_ms);
        self.threads[thread].opened(at_ms);
        self.count("reacted");
        Ok(())
    }

    fn customer_edits(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let Some(place) = self.one_of(thread, |said| said.by == By::Customer && said.version.is_some())
        else {
            return Ok(());
        };
        let said = &mut self.threads[thread].said[place];
        let version = said.version.map_or(1, |version| version + 1);
        said.version = Some(version);
        let number = said.number;
        let body = json!({
            "mid": words::mid(thread, number), "text": words::text(thread, number, version), "num_edit": version,
        });
        let event = Self::from_customer(thread, at_ms, "message_edit", &body);
        self.log.event(self.list(thread, at_ms), at_ms, &event)?;
        self.count("changed");
        Ok(())
    }

    fn customer_takes_back(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let Some(place) = self.one_of(thread, |said| said.by == By::Customer) else { return Ok(()) };
        let said = &mut self.threads[thread].said[place];
        said.unsent = true;
        let (mid, seq) = (words::mid(thread, said.number), said.seq);
        let event = Self::from_customer(thread, at_ms, "message", &json!({ "mid": mid, "is_deleted": true }));
        self.log.event(self.list(thread, at_ms), at_ms, &event)?;
        let (customer, reason) = (Self::who(thread), RedactionReason::Unsent);
        let key = format!("unsent:{mid}");
        let redaction = Redaction { seqs: vec![seq], mid: Some(mid), customer, reason, at_ms };
        self.log.push(EntryKind::Redacted, key, at_ms, &redaction)?;
        self.count("taken back");
        Ok(())
    }

    fn receipt(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let name = if self.chance.bool() { "read" } else { "delivery" };
        let event = Self::from_customer(thread, at_ms, name, &json!({ "watermark": at_ms - 1 }));
        self.log.event(self.list(thread, at_ms), at_ms, &event)?;
        self.count("receipt");
        Ok(())
    }

    fn assigned(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let who = self.chance.usize(..=AGENTS);
        let assignee = (who < AGENTS).then_some(who);
        self.threads[thread].assignee = assignee;
        let (customer, by) = (Self::who(thread), by(0));
        self.log
            .team(at_ms, &TeamFact::Assigned { customer, assignee: assignee.map(agent), by, reply: None })?;
        self.count("assigned");
        Ok(())
    }

    fn status(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let (stand, status) = match self.chance.u32(..10) {
            0 => (Stand::Asleep, Status::Snoozed { until_ms: BEGIN_MS + 3_650 * DAY_MS }),
            1..3 => (Stand::Waiting, Status::WaitingOnCustomer),
            3..4 => (Stand::Open, Status::Open),
            _ => (Stand::Done, Status::Done),
        };
        let (customer, by) = (Self::who(thread), by(0));
        let seq = self.log.team(at_ms, &TeamFact::StatusSet { customer, status, by })?;
        self.threads[thread].set_stand(stand, seq);
        self.count("status set");
        Ok(())
    }

    fn noted(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        self.parts += 1;
        let note = NoteId(uuid(5, self.parts));
        let (customer, by, text) = (Self::who(thread), by(1), "calls back at nine".to_owned());
        let fact =
            TeamFact::NoteAdded { customer, note, text, mentions: Vec::new(), supervisors_only: false, by };
        self.log.team(at_ms, &fact)?;
        self.threads[thread].notes += 1;
        self.count("noted");
        Ok(())
    }

    fn labelled(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let label = LabelId(uuid(6, self.chance.u64(..4)));
        let (customer, by) = (Self::who(thread), by(1));
        let fact = if self.chance.bool() {
            TeamFact::LabelAdded { customer, label, by }
        } else {
            TeamFact::LabelRemoved { customer, label, by }
        };
        self.log.team(at_ms, &fact)?;
        self.count("labelled");
        Ok(())
    }

    fn named(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let name = format!("Guest {}", self.chance.u32(..1_000));
        self.threads[thread].name = Some(name.clone());
        let customer = Self::who(thread);
        self.log.team(at_ms, &TeamFact::CustomerNamed { customer, name, by_hand: true })?;
        self.count("named");
        Ok(())
    }

    /// The steward reads the thread: what was heard comes again, what was lost comes late.
    fn page_of_history(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let truth = &self.threads[thread];
        let is_there = |said: &&Said| !said.unsent && !said.unheard && said.at_ms > at_ms - PAGE_REACHES_MS;
        let page: Vec<(u32, i64, By, Option<u32>)> = truth
            .said
            .iter()
            .rev()
            .take(20)
            .filter(is_there)
            .map(|said| (said.number, said.at_ms, said.by, said.version))
            .collect();
        if page.is_empty() {
            return Ok(());
        }
        let messages: Vec<Value> = page
            .iter()
            .map(|(number, said_ms, by, version)| {
                let from = if *by == By::Customer { words::customer(thread) } else { ACCOUNT.to_owned() };
                let said = jiff::Timestamp::from_millisecond(*said_ms).unwrap_or_default();
                let mut message = json!({
                    "id": words::mid(thread, *number),
                    "created_time": said.strftime("%Y-%m-%dT%H:%M:%S+0000").to_string(),
                    "from": { "id": from },
                });
                if let (Some(version), Some(message)) = (version, message.as_object_mut()) {
                    message.insert("message".to_owned(), words::text(thread, *number, *version).into());
                }
                message
            })
            .collect();
        let name = format!("Customer {thread}");
        let body = json!({
            "customer": words::customer(thread), "conversation": format!("t_{thread}"), "desk": desk(0),
            "read_at_ms": at_ms, "customer_name": name, "messages": messages, "is_oldest": false,
            "older_withheld": false,
        });
        let key = format!("audit:{thread}:{at_ms}");
        let seq = self.log.push(EntryKind::Audit, key, at_ms, &body)?;
        let truth = &mut self.threads[thread];
        truth.history_name = Some(name);
        for (number, ..) in page {
            let said = &mut truth.said[number as usize];
            if said.lost == Some(None) {
                said.lost = Some(Some(seq));
                // History tells whole seconds.
                said.at_ms -= said.at_ms % 1_000;
                let found_ms = said.at_ms;
                truth.wrote(seq, found_ms);
                truth.opened(found_ms);
                *self.counted.entry("found late").or_default() += 1;
            }
        }
        self.count("history");
        Ok(())
    }

    fn something_odd(&mut self, thread: usize, at_ms: i64) -> anyhow::Result<()> {
        let event = Self::from_customer(thread, at_ms, "hologram", &json!({ "depth": 3 }));
        self.log.event(self.list(thread, at_ms), at_ms, &event)?;
        self.threads[thread].odd.push(at_ms);
        self.count("something odd");
        Ok(())
    }
}
