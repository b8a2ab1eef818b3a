//! The month itself.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anyhow::Context as _;
use baton_core::clock::Clock as _;
use baton_core::meta_time::Teller;
use baton_core::outbox::machine::{Effect, Event};
use baton_core::outbox::{Answered, Leaves, State};
use baton_graph::{Credentials, GraphClient, GraphConfig, NotBegun, Observer, SendResult};
use baton_messenger::error::ErrorClass;
use baton_messenger::policy::HumanAgent;
use baton_messenger::send::SendBody;
use baton_messenger::{AccountId, CustomerId, Platform};
use baton_simulator::{Config, NewCustomer, NewPage, Simulator};
use fastrand::Rng;

use super::desk::{Desk, Flaw, Part, Thread};
use super::happening::{Agenda, Happening};

const PAGE: &str = "104500000000022";
/// 5 October 2026, 09:00 UTC.
const BEGIN_MS: i64 = 1_791_190_800_000;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// So early the desk may use the tag while it doubts its clock, and a little for the way.
const RESERVE_MS: i64 = MINUTE + 10 * SECOND;

/// What came of a month.
#[derive(Debug, Default)]
pub struct Month {
    /// Replies that were pressed.
    pub pressed: usize,
    /// Calls that reached Meta, plain and late.
    pub left: (usize, usize),
    /// Replies that came back, by the reason.
    pub returned: BTreeMap<String, usize>,
    /// How often the cable was out, and how often a clock was set or a machine restarted.
    pub disturbed: (usize, usize),
    /// Calls that went out as what they must not be, each in words.
    pub wrong: Vec<String>,
}

/// Lets so many days pass.
///
/// # Errors
/// When Meta does not start or does not know the customers.
pub async fn run(seed: u64, days: i64, customers: usize, flaw: Flaw) -> anyhow::Result<Month> {
    // No time passes but what a seed lets pass: the same month on every machine.
    let config = Config { start_ms: Some(BEGIN_MS), time_stands: true, ..Config::default() };
    let meta = Simulator::start(config).await?;
    meta.add_page(NewPage::without_routing(PAGE, "Kite & Co"));
    let page = AccountId::from(PAGE);
    let mut ids = Vec::new();
    for _ in 0..customers {
        ids.push(meta.add_customer(&page, NewCustomer::named("Noa Brandt"))?);
    }
    let token = meta.page_token(&page).context("Meta made no token")?;
    let told = Arc::new(Told::default());
    let graph = GraphClient::new(GraphConfig::at(&meta.base_url())?)?
        .observed_by(Arc::clone(&told) as Arc<dyn Observer>);
    let begin_ms = meta.now_ms();
    let mut life = Life {
        desk: Desk::new(begin_ms, customers, flaw),
        dice: Rng::with_seed(seed),
        agenda: Agenda::default(),
        month: Month::default(),
        synced_ms: begin_ms,
        is_online: true,
        unheard: Vec::new(),
        credentials: Credentials::of_account(&page, &token),
        meta,
        graph,
        told,
        page,
        ids,
    };
    life.plan(begin_ms, days);
    let end_ms = begin_ms + days * DAY;
    while let Some((at_ms, happening)) = life.agenda.next() {
        if at_ms > end_ms {
            break;
        }
        life.passes_to(at_ms);
        life.happens(happening).await?;
    }
    life.meta.stop().await;
    Ok(life.month)
}

/// Meta's time as the last answer told it.
#[derive(Debug, Default)]
struct Told(AtomicI64);

impl Observer for Told {
    fn on_meta_time(&self, ms: i64) {
        self.0.store(ms, Ordering::SeqCst);
    }
}

struct Life {
    meta: Simulator,
    graph: GraphClient,
    credentials: Credentials,
    page: AccountId,
    ids: Vec<CustomerId>,
    told: Arc<Told>,
    desk: Desk,
    dice: Rng,
    agenda: Agenda,
    month: Month,
    /// Meta's time up to which the desk's clocks ran.
    synced_ms: i64,
    is_online: bool,
    /// Webhooks that wait for the cable.
    unheard: Vec<(usize, i64)>,
}

impl Life {
    /// What happens whatever else does.
    fn plan(&mut self, begin_ms: i64, days: i64) {
        for day in 0..days {
            let at = |dice: &mut Rng| begin_ms + day * DAY + dice.i64(0..DAY);
            for customer in 0..self.ids.len() {
                if self.dice.u8(0..100) < 30 {
                    let at_ms = at(&mut self.dice);
                    self.agenda.add(at_ms, Happening::Writes(customer));
                }
            }
            for _ in 0..2 {
                let (at_ms, long) = (at(&mut self.dice), self.dice.bool());
                let out_ms =
                    if long { self.dice.i64(HOUR..14 * HOUR) } else { self.dice.i64(SECOND..10 * MINUTE) };
                self.agenda.add(at_ms, Happening::CableOut(out_ms));
            }
            if self.dice.u8(0..100) < 40 {
                let at_ms = at(&mut self.dice);
                let by_ms =
                    *self.dice.choice(&[HOUR, -HOUR, DAY, -DAY, 30 * SECOND, -30 * SECOND]).unwrap_or(&HOUR);
                self.agenda.add(at_ms, Happening::ClockSet(by_ms));
            }
            if self.dice.u8(0..100) < 40 {
                let (at_ms, off_ms) = (at(&mut self.dice), self.dice.i64(20 * SECOND..9 * HOUR));
                self.agenda.add(at_ms, Happening::Restarts(off_ms));
            }
            if self.dice.u8(0..100) < 10 {
                let (at_ms, without_ms) = (at(&mut self.dice), self.dice.i64(HOUR..2 * DAY));
                self.agenda.add(at_ms, Happening::Right(false));
                self.agenda.add(at_ms + without_ms, Happening::Right(true));
            }
        }
    }

    /// Time passes to a moment: at Meta, and on the clocks of the desk.
    fn passes_to(&mut self, at_ms: i64) {
        let ahead_ms = at_ms - self.meta.now_ms();
        if ahead_ms > 0 {
            self.meta.advance(millis(ahead_ms));
        }
        self.sync();
        if self.is_online && self.desk.is_due_to_hear() {
            // The relay asks Meta now and then, and Meta tells whole seconds.
            let late_ms = self.dice.i64(0..2 * SECOND);
            let told_ms = (self.meta.now_ms() - late_ms) / SECOND * SECOND;
            self.desk.hears(told_ms, Teller::Relay);
        }
    }

    /// The desk's clocks ran as long as Meta's.
    fn sync(&mut self) {
        let now_ms = self.meta.now_ms();
        self.desk.clock.advance(millis(now_ms - self.synced_ms));
        self.synced_ms = now_ms;
    }

    fn later(&mut self, in_ms: i64, happening: Happening) {
        self.agenda.add(self.synced_ms.saturating_add(in_ms.max(0)), happening);
    }

    async fn happens(&mut self, happening: Happening) -> anyhow::Result<()> {
        match happening {
            Happening::Writes(customer) => self.writes(customer)?,
            Happening::Heard { customer, opened_ms } if self.is_online => self.hears_of(customer, opened_ms),
            Happening::Heard { customer, opened_ms } => self.unheard.push((customer, opened_ms)),
            Happening::Presses(customer) => self.presses(customer).await?,
            Happening::Turn(customer) => {
                if let Some(facts) = self.desk.facts(customer) {
                    self.event(customer, Event::Turn(facts)).await?;
                }
            }
            // What a program that ended had asked for reaches nobody.
            Happening::Granted { run, .. } | Happening::Calls { run, .. } if run != self.desk.run => {}
            Happening::Granted { customer, asked_boot_ms, .. } => {
                if let Some(facts) = self.desk.facts(customer) {
                    let event = Event::Granted { asked_boot_ms, facts };
                    self.event(customer, if self.is_online { event } else { Event::RelayAway }).await?;
                }
            }
            Happening::Calls { customer, not_from_boot_ms, .. } => {
                self.calls(customer, not_from_boot_ms).await?;
            }
            Happening::CableOut(for_ms) => {
                self.month.disturbed.0 += 1;
                self.is_online = false;
                self.later(for_ms, Happening::CableIn);
            }
            Happening::CableIn => self.cable_in(),
            Happening::ClockSet(by_ms) => {
                self.month.disturbed.1 += 1;
                self.desk.clock.jump_wall(by_ms);
            }
            Happening::Restarts(off_ms) => self.restarts(off_ms).await?,
            Happening::Right(has) => {
                self.meta.set_human_agent(&self.page, has)?;
                self.desk.right = if has { HumanAgent::Approved } else { HumanAgent::NotApproved };
            }
        }
        Ok(())
    }

    /// A customer writes; agents answer at all times, often at the borders.
    fn writes(&mut self, customer: usize) -> anyhow::Result<()> {
        self.meta.customer_writes(&self.page, &self.ids[customer], "Is there a red kite?")?;
        let opened_ms = self.opened_ms(customer).context("a customer who wrote opened the window")?;
        let delay_ms =
            if self.dice.u8(0..10) == 0 { self.dice.i64(0..HOUR) } else { self.dice.i64(0..SECOND) };
        self.later(delay_ms, Happening::Heard { customer, opened_ms });
        for _ in 0..self.dice.u8(1..5) {
            let after_ms = match self.dice.u8(0..8) {
                0 => self.dice.i64(SECOND..DAY),
                1 => DAY - self.dice.i64(0..90 * SECOND),
                2 => DAY + self.dice.i64(-4 * SECOND..4 * SECOND),
                3 => DAY - self.dice.i64(0..12 * SECOND),
                4 => self.dice.i64(DAY..7 * DAY),
                5 => 7 * DAY + self.dice.i64(-4 * SECOND..4 * SECOND),
                6 => 7 * DAY - self.dice.i64(0..90 * SECOND),
                // The cable is out over a border.
                _ => {
                    self.later(DAY - 2 * MINUTE, Happening::CableOut(self.synced_ms % (5 * MINUTE) + SECOND));
                    DAY - MINUTE
                }
            };
            self.later(after_ms, Happening::Presses(customer));
        }
        Ok(())
    }

    fn hears_of(&mut self, customer: usize, opened_ms: i64) {
        let thread = &mut self.desk.threads[customer];
        thread.opened_ms = thread.opened_ms.max(Some(opened_ms));
        let at = baton_core::meta_time::Reading::of(&self.desk.clock);
        self.desk.time.at_least(opened_ms, at);
    }

    async fn presses(&mut self, customer: usize) -> anyhow::Result<()> {
        if self.desk.threads[customer].part.is_some() {
            return Ok(());
        }
        let Some(leaves) = self.desk.composer(customer) else { return Ok(()) };
        self.month.pressed += 1;
        let state = if self.dice.bool() {
            State::Held { until_boot_ms: self.desk.clock.boot_ms() + 5 * SECOND }
        } else {
            State::Queued { asked: false, wait: None }
        };
        let Thread { part, .. } = &mut self.desk.threads[customer];
        *part = Some(Part { state, leaves });
        self.later(0, Happening::Turn(customer));
        Ok(())
    }

    /// Steps of the outbox until it waits for something.
    async fn event(&mut self, customer: usize, event: Event) -> anyhow::Result<()> {
        let mut next = Some(event);
        while let Some(event) = next.take() {
            let (effects, back) = self.desk.step(customer, event);
            if let Some(reason) = back {
                let name = serde_json::to_value(&reason)?["reason"].as_str().unwrap_or_default().to_owned();
                *self.month.returned.entry(name).or_default() += 1;
                // Its agent sees the text again, and often presses once more.
                if self.dice.bool() {
                    let in_ms = self.dice.i64(SECOND..5 * MINUTE);
                    self.later(in_ms, Happening::Presses(customer));
                }
            }
            for effect in effects {
                next = next.or(self.carry_out(customer, &effect));
            }
        }
        Ok(())
    }

    fn carry_out(&mut self, customer: usize, effect: &Effect) -> Option<Event> {
        match effect {
            Effect::AskGrant if !self.is_online => return Some(Event::RelayAway),
            Effect::AskGrant => {
                let asked_boot_ms = self.desk.clock.boot_ms();
                let in_ms = self.takes_ms();
                self.later(in_ms, Happening::Granted { customer, run: self.desk.run, asked_boot_ms });
            }
            Effect::CallMeta { not_from_boot_ms } => {
                let in_ms = self.takes_ms();
                let not_from_boot_ms = *not_from_boot_ms;
                self.later(in_ms, Happening::Calls { customer, run: self.desk.run, not_from_boot_ms });
            }
            Effect::Renew => return Some(if self.is_online { Event::Renewed } else { Event::RenewFailed }),
            Effect::TurnAgain { in_ms } => {
                // Without a network it need not be looked as often here as there.
                let in_ms = if self.is_online { *in_ms } else { self.dice.i64(*in_ms..in_ms + MINUTE) };
                self.later(in_ms, Happening::Turn(customer));
            }
            _ => {}
        }
        None
    }

    /// Mostly moments, sometimes long enough for a grant to lapse.
    fn takes_ms(&mut self) -> i64 {
        if self.dice.u8(0..6) == 0 { self.dice.i64(0..14 * SECOND) } else { self.dice.i64(0..400) }
    }

    async fn calls(&mut self, customer: usize, not_from_boot_ms: i64) -> anyhow::Result<()> {
        let Some(facts) = self.desk.facts(customer) else { return Ok(()) };
        let id = &self.ids[customer];
        let body = self.desk.verdict(customer).and_then(|verdict| {
            SendBody::text(Platform::Messenger, id, &verdict, "Yes, two of them.", None).ok()
        });
        let Some(body) = body.filter(|_| self.desk.clock.boot_ms() < not_from_boot_ms) else {
            return self.event(customer, Event::TooLate).await;
        };
        if !self.is_online {
            let away = Answered::NotBegun(NotBegun::NoConnection("the cable is out".to_owned()));
            return self.event(customer, Event::Answered(away)).await;
        }
        // Some calls are on their way for a while.
        let way_ms = if self.dice.u8(0..5) == 0 { self.dice.i64(0..1_500) } else { 0 };
        self.meta.advance(millis(way_ms));
        self.sync();
        let (known_ms, opened_ms, at_ms) =
            (self.desk.threads[customer].opened_ms, self.opened_ms(customer), self.meta.now_ms());
        let result = self.graph.send(&self.credentials, &self.page, &body).await;
        // And some answers are, on their way back.
        let back_ms = if self.dice.u8(0..5) == 0 { self.dice.i64(0..4_000) } else { 0 };
        self.meta.advance(millis(back_ms));
        self.sync();
        self.desk.hears(self.told.0.load(Ordering::SeqCst), Teller::Meta);
        self.check(facts.leaves, &body, &result, (known_ms, opened_ms, at_ms))?;
        let answered = Answered::of(result, &facts, self.meta.now_ms());
        self.event(customer, Event::Answered(answered)).await
    }

    /// Holds a call against the truth of its moment.
    fn check(
        &mut self,
        leaves: Leaves,
        body: &SendBody,
        result: &SendResult,
        (known_ms, opened_ms, at_ms): (Option<i64>, Option<i64>, i64),
    ) -> anyhow::Result<()> {
        let json = serde_json::to_value(body)?;
        let is_tagged = json["tag"] == "HUMAN_AGENT";
        if is_tagged {
            self.month.left.1 += 1;
        } else {
            self.month.left.0 += 1;
        }
        let age = |opened: Option<i64>| opened.map_or(i64::MAX, |opened| at_ms - opened);
        let refused = match result {
            SendResult::Refused(error) if error.class() == ErrorClass::OutsideWindow => {
                Some("Meta refused it")
            }
            SendResult::Refused(error) if error.class() == ErrorClass::PermissionMissing => {
                Some("no right to it")
            }
            _ => None,
        };
        let wrong = [
            refused,
            (is_tagged != (leaves == Leaves::Tagged)).then_some("not as shown"),
            (!is_tagged && age(opened_ms) >= DAY).then_some("plain after a day"),
            (is_tagged && age(opened_ms) >= 7 * DAY).then_some("tagged after a week"),
            (is_tagged && age(known_ms) < DAY - RESERVE_MS).then_some("tagged within the day"),
        ];
        for why in wrong.into_iter().flatten() {
            self.month.wrong.push(format!(
                "{why}: {leaves:?} sent as {json}, {} ms after the customer wrote (known: {} ms)",
                age(opened_ms),
                age(known_ms)
            ));
        }
        Ok(())
    }

    fn cable_in(&mut self) {
        self.is_online = true;
        for (customer, opened_ms) in std::mem::take(&mut self.unheard) {
            self.hears_of(customer, opened_ms);
        }
        for customer in 0..self.ids.len() {
            if self.desk.threads[customer].part.is_some() {
                self.later(0, Happening::Turn(customer));
            }
        }
    }

    /// What was under way is cut off; what waits goes on once the machine is up.
    async fn restarts(&mut self, off_ms: i64) -> anyhow::Result<()> {
        self.month.disturbed.1 += 1;
        self.meta.advance(millis(off_ms));
        self.synced_ms = self.meta.now_ms();
        self.desk.clock.reboot(millis(off_ms));
        self.desk.run += 1;
        for customer in 0..self.ids.len() {
            self.event(customer, Event::Restarted).await?;
            self.later(0, Happening::Turn(customer));
        }
        Ok(())
    }

    /// When the customer last opened the window, by Meta.
    fn opened_ms(&self, customer: usize) -> Option<i64> {
        let thread = self.meta.thread(&self.page, &self.ids[customer])?;
        thread.window_until_ms.map(|until_ms| until_ms - DAY)
    }
}

fn millis(ms: i64) -> Duration {
    Duration::from_millis(u64::try_from(ms).unwrap_or(0))
}
