//! The same month with the whole desk: its store, its outbox as it runs, its stream, a relay that grants, and a simulator with a
//! clock of its own. It has fewer replies than the other one, because each goes all the way; that one has more of them than
//! anybody could wait for here.
//!
//! Meta's time and the clocks of this machine are moved together, from one moment at which something happens to the next.

use std::collections::BTreeMap;
use std::time::Duration;

use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::error::CommandError;
use baton_commands::contract::thread::{SendState, ThreadView};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, KITE_AND_CO, Shop, World, wait};
use fastrand::Rng;

use super::run::Month;

/// Routing is off there: nobody has to take anything.
const SHOP: Shop = KITE_AND_CO;
const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// So early the desk may use the tag while it doubts its clock, and a little for the way.
const RESERVE_MS: i64 = MINUTE + 10 * SECOND;
/// What Meta tells of its time is as old as this at most.
const NEAR_MS: i64 = 4 * SECOND;
/// So long the relay is away over a border.
const AWAY_MS: i64 = 2 * MINUTE;

/// What happens at a moment, to the customer of this number.
#[derive(Debug, Clone, Copy)]
enum Act {
    Writes(usize),
    Presses(usize),
}

/// What is in the way of a press.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    None,
    /// The relay is gone when it is pressed, and is back when the border is over.
    RelayAway,
    /// Somebody has set the clock of the machine.
    ClockSet(i64),
    /// The desk is killed right after it.
    Killed,
}

struct Whole {
    world: World,
    desk: TestDesk,
    people: Vec<Customer>,
    dice: Rng,
    /// Each reply that was taken, with whether its agent was shown that it leaves as a late one.
    shown: BTreeMap<String, bool>,
    month: Month,
}

/// Lets so many days pass over so many customers.
///
/// # Errors
/// When a part does not come up, or a reply does not come to rest.
pub async fn run_whole(seed: u64, days: i64, customers: usize) -> anyhow::Result<Month> {
    let world = World::begin().await?;
    let desk = world.desk(JONAS, &[SHOP]).await?;
    desk.says_late_replies_are_approved(SHOP).await?;
    let people = (0..customers).map(|_| world.new_customer(SHOP)).collect::<anyhow::Result<_>>()?;
    let begin_ms = world.meta().now_ms();
    let mut dice = Rng::with_seed(seed);
    let acts = plan(begin_ms, days, customers, &mut dice);
    let mut whole = Whole { world, desk, people, dice, shown: BTreeMap::new(), month: Month::default() };
    for (number, (at_ms, act)) in acts.into_iter().enumerate() {
        whole.passes_to(at_ms).await?;
        match act {
            Act::Writes(who) => whole.writes(who, number).await?,
            Act::Presses(who) => whole.presses(who, number).await?,
        }
    }
    whole.check()?;
    Ok(whole.month)
}

/// Customers write every few days; agents answer at the borders of both windows, and in between.
fn plan(begin_ms: i64, days: i64, customers: usize, dice: &mut Rng) -> Vec<(i64, Act)> {
    let end_ms = begin_ms + days * DAY;
    let mut acts = Vec::new();
    for who in 0..customers {
        let mut at_ms = begin_ms + dice.i64(MINUTE..DAY);
        while at_ms < end_ms {
            acts.push((at_ms, Act::Writes(who)));
            let after = [
                dice.i64(MINUTE..DAY),
                DAY + dice.i64(-90 * SECOND..-MINUTE),
                DAY + dice.i64(-15 * SECOND..15 * SECOND),
                dice.i64(DAY..7 * DAY),
                7 * DAY + dice.i64(-90 * SECOND..5 * SECOND),
            ];
            let next_ms = at_ms + dice.i64(2 * DAY..9 * DAY);
            // After the next word the window is another one.
            let until_ms = next_ms.min(end_ms);
            for press_ms in after.map(|after_ms| at_ms + after_ms).into_iter().filter(|at| *at < until_ms) {
                acts.push((press_ms, Act::Presses(who)));
            }
            at_ms = next_ms;
        }
    }
    acts.sort_by_key(|(at_ms, _)| *at_ms);
    acts
}

impl Whole {
    /// Time goes by, at Meta and on this machine alike.
    fn passes(&self, ms: i64) -> anyhow::Result<()> {
        let by = Duration::from_millis(u64::try_from(ms.max(0))?);
        self.world.time_passes(by);
        self.world.meta().advance(by);
        Ok(())
    }

    /// Time goes by until a moment, and everybody knows what time it is.
    async fn passes_to(&self, at_ms: i64) -> anyhow::Result<()> {
        self.passes(at_ms - self.world.meta().now_ms())?;
        self.world.relay_knows_metas_time().await?;
        self.desk_knows_the_time().await
    }

    async fn desk_knows_the_time(&self) -> anyhow::Result<()> {
        wait::until("the desk to know Meta's time", async || {
            let status = self.desk.status().await.map_err(|error| format!("{error:#}"))?;
            let off_ms = status.now_ms.0 - self.world.meta().now_ms();
            if off_ms.abs() < NEAR_MS { Ok(()) } else { Err(format!("{off_ms} ms off")) }
        })
        .await
    }

    async fn writes(&self, who: usize, number: usize) -> anyhow::Result<()> {
        let text = format!("Is there a red kite? {number}");
        self.people[who].writes(&text)?;
        self.desk.sees(&self.people[who], "what the customer wrote", |t| t.times(&text) == 1).await?;
        Ok(())
    }

    fn trouble(&mut self) -> Trouble {
        match self.dice.u8(0..10) {
            0 => Trouble::RelayAway,
            1 => Trouble::Killed,
            2 | 3 => {
                let by_ms = [HOUR, -HOUR, DAY, -DAY, 30 * SECOND, -30 * SECOND];
                Trouble::ClockSet(self.dice.choice(by_ms).unwrap_or(HOUR))
            }
            _ => Trouble::None,
        }
    }

    async fn presses(&mut self, who: usize, number: usize) -> anyhow::Result<()> {
        let trouble = self.trouble();
        if trouble == Trouble::RelayAway {
            self.month.disturbed.0 += 1;
            self.world.kills_relay();
        } else if trouble != Trouble::None {
            self.month.disturbed.1 += 1;
        }
        if let Trouble::ClockSet(by_ms) = trouble {
            self.world.wall_clock_jumps(by_ms);
        }
        let (customer, text) = (self.people[who].clone(), format!("Yes, two of them. {number}"));
        let composer = self.desk.composer(&customer).await?;
        let mut is_taken = false;
        if composer.send != SendMode::Blocked {
            match self.desk.answers_as(&customer, &text, &composer).await {
                Ok(_) => is_taken = true,
                // It may not leave as it was shown any more; the agent is told at once.
                Err(error) if error.is::<CommandError>() => self.came_back("at once"),
                Err(error) => return Err(error),
            }
        }
        if is_taken {
            self.month.pressed += 1;
            self.shown.insert(text.clone(), composer.verdict == Verdict::HumanAgent);
        }
        match trouble {
            Trouble::RelayAway => {
                self.passes(AWAY_MS)?;
                self.world.starts_relay().await?;
                self.world.relay_knows_metas_time().await?;
            }
            Trouble::Killed => self.desk.comes_back().await?,
            Trouble::ClockSet(_) | Trouble::None => {}
        }
        if is_taken {
            let view =
                self.desk.sees(&customer, "how the reply ended", |thread| has_ended(thread, &text)).await?;
            if view.times(&text) == 0 {
                self.came_back("later");
            }
        }
        Ok(())
    }

    fn came_back(&mut self, when: &str) {
        *self.month.returned.entry(when.to_owned()).or_default() += 1;
    }

    /// Holds what is on the phones, and what Meta refused, against Meta's own truth.
    fn check(&mut self) -> anyhow::Result<()> {
        for customer in &self.people {
            let phone = customer.phone()?;
            let mut opened_ms = None;
            for message in &phone {
                let text = message.text.as_deref().unwrap_or_default();
                if message.app_id.is_none() {
                    opened_ms = Some(message.at_ms);
                    continue;
                }
                let is_tagged = message.tag.as_deref() == Some("HUMAN_AGENT");
                if is_tagged {
                    self.month.left.1 += 1;
                } else {
                    self.month.left.0 += 1;
                }
                let age_ms = opened_ms.map_or(i64::MAX, |opened_ms| message.at_ms - opened_ms);
                let times = phone.iter().filter(|other| other.app_id.is_some() && other.text == message.text);
                let wrong = [
                    (self.shown.get(text) != Some(&is_tagged)).then_some("not as shown"),
                    (times.count() > 1).then_some("twice"),
                    (!is_tagged && age_ms >= DAY).then_some("plain after a day"),
                    (is_tagged && age_ms >= 7 * DAY).then_some("tagged after a week"),
                    (is_tagged && age_ms < DAY - RESERVE_MS).then_some("tagged within the day"),
                ];
                for why in wrong.into_iter().flatten() {
                    self.month.wrong.push(format!("{why}: {text:?}, {age_ms} ms after the customer wrote"));
                }
            }
        }
        // Nothing else is in the way of a send here. One without a status was cut off with its desk.
        for call in self.world.our_sends() {
            if call.status.is_some_and(|status| status != 200) {
                let (params, answer) = (&call.params, &call.answer);
                self.month.wrong.push(format!("Meta refused it: {params} with {answer}"));
            }
        }
        Ok(())
    }
}

/// A reply has left, or is in the composer again.
fn has_ended(thread: &ThreadView, text: &str) -> bool {
    let ended = [
        SendState::Sent,
        SendState::Delivered,
        SendState::Seen,
        SendState::Refused,
        SendState::Unknown,
        SendState::Abandoned,
    ];
    let stands = thread.message(text).and_then(|message| message.state);
    stands.is_some_and(|state| ended.contains(&state)) || thread.composer.draft.contains(text)
}
