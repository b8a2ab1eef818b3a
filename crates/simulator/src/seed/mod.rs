//! People at scale: a world of any size, made from a number. The same seed makes the same world.
//!
//! ```text
//!   Plan ──▶ shares (who says how much) ──▶ one thread at a time ──▶ a file of lines, or the world itself
//!                                            │ tongue: names, phrases
//!                                            │ hours: busy and quiet ones
//!                                            └ talk: who answers whom, and with what
//! ```
//!
//! Every thread has dice of its own, made from the seed and its number, so that it does not depend on the others
//! and no more than one has to be in memory. Times are kept as ages before the world's moment: a world made once
//! can begin at any time. The past it tells was told by no webhook: it is there for Graph to be asked about.

mod file;
mod hours;
mod into_world;
mod shares;
mod speaker;
mod talk;
mod tongue;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use baton_messenger::{AccountId, CustomerId, Mid, Platform};
use rand::{Rng, RngExt, SeedableRng};
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

pub use file::{SeedFileError, read, write};
pub(crate) use into_world::settle;
use shares::Shares;
pub(crate) use speaker::Speaker;
use tongue::Tongue;

use crate::demo;

/// 2026-10-05T09:00:00Z, the moment of a world that names none.
pub const USUAL_MOMENT_MS: i64 = 1_791_190_800_000;

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// How many customers.
    pub customers: u32,
    /// How many messages they and the business said, together.
    pub messages: u64,
    /// Decides everything else.
    pub seed: u64,
    /// The world's moment, milliseconds UTC: busy hours are hours of the clock, so it matters.
    pub at_ms: i64,
    /// The accounts the customers write to.
    pub accounts: Vec<SeedAccount>,
}

/// An account that customers of a made world write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeedAccount {
    /// The account.
    pub id: AccountId,
    /// Whether it is a Page or an Instagram account.
    pub platform: Platform,
    /// How many of the customers are its own, compared with the other accounts' weights.
    pub weight: u32,
}

/// One thread of a made world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededThread {
    /// The account.
    pub account: AccountId,
    /// The customer.
    pub person: SeededPerson,
    /// Oldest first.
    pub said: Vec<SeededMessage>,
}

/// One customer of a made world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededPerson {
    /// The scoped id.
    pub id: CustomerId,
    /// First name.
    pub first: String,
    /// Last name.
    pub last: String,
    /// `de_DE` and the like.
    pub locale: String,
    /// Hours ahead of UTC.
    pub timezone: i32,
}

/// Who said something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Voice {
    /// The customer.
    Customer,
    /// The built-in bot.
    Bot,
    /// The team, through the app under test.
    Team,
}

/// What hangs on a message instead of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeededThing {
    /// A picture.
    Image,
    /// A film.
    Video,
    /// A voice clip.
    Audio,
    /// A document.
    File,
    /// A sticker; the customer only.
    Sticker,
}

/// One message of a made world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeededMessage {
    /// Meta's id.
    pub mid: Mid,
    /// How long before the world's moment, milliseconds.
    pub ago_ms: i64,
    /// Who said it.
    pub by: Voice,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Or otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thing: Option<SeededThing>,
    /// How many messages back the one is that it replies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replies_back: Option<u32>,
    /// The other side's reaction, by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reaction: Option<String>,
}

impl Plan {
    /// A plan for the accounts of the demo world, as of the usual moment.
    pub fn new(customers: u32, messages: u64, seed: u64) -> Self {
        let page = |id: &str, weight| SeedAccount { id: id.into(), platform: Platform::Messenger, weight };
        let accounts = vec![page(demo::TEA, 7), page(demo::KITE, 3)];
        Self { customers, messages, seed, at_ms: USUAL_MOMENT_MS, accounts }
    }

    /// Every thread, in the order of the customers' numbers.
    pub fn threads(&self) -> impl Iterator<Item = SeededThread> {
        let shares = Shares::of(self);
        let tongues = Tongue::all();
        (0..self.customers).filter_map(move |number| {
            // One stream of the generator each.
            let mut dice = Pcg64::new(u128::from(self.seed), u128::from(number) + 1);
            let tongue = tongue::choose(&tongues, &mut dice);
            let account = self.account(&mut dice)?;
            let person = person(number, account.platform, tongue, &mut dice);
            let messages = shares.of_customer(number);
            let said = talk::all(messages, tongue, person.timezone, self.at_ms, &mut dice);
            Some(SeededThread { account: account.id.clone(), person, said })
        })
    }

    /// One of the accounts, by their weights; `None`: there is none.
    fn account(&self, dice: &mut Pcg64) -> Option<&SeedAccount> {
        let whole: u32 = self.accounts.iter().map(|account| account.weight).sum();
        let mut at = dice.random_range(0..whole.max(1));
        self.accounts.iter().find(|account| {
            let is_here = at < account.weight;
            at = at.saturating_sub(account.weight);
            is_here
        })
    }
}

fn person(number: u32, platform: Platform, tongue: &Tongue, dice: &mut Pcg64) -> SeededPerson {
    // Far from the ids that the world gives out itself.
    let first: u64 = match platform {
        Platform::Messenger => 6_210_000_000_000_000,
        Platform::Instagram => 7_310_000_000_000_000,
    };
    SeededPerson {
        id: CustomerId::new((first + u64::from(number)).to_string()),
        first: tongue.first_name(dice).to_owned(),
        last: tongue.last_name(dice).to_owned(),
        locale: tongue.locale.to_owned(),
        timezone: tongue.timezone,
    }
}

/// An id in Meta's form.
fn mid(dice: &mut Pcg64) -> Mid {
    let mut bytes = [0; 39];
    dice.fill_bytes(&mut bytes);
    Mid::new(format!("m_{}", URL_SAFE_NO_PAD.encode(bytes)))
}

/// The dice for what concerns the whole world.
fn world_dice(seed: u64) -> Pcg64 {
    Pcg64::seed_from_u64(seed)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::clock::{DAY_MS, HOUR_MS};

    fn plan(customers: u32, messages: u64, seed: u64) -> Plan {
        let page = |id: &str, weight| SeedAccount { id: id.into(), platform: Platform::Messenger, weight };
        let accounts = vec![page("104500000000011", 3), page("104500000000022", 1)];
        Plan { customers, messages, seed, at_ms: USUAL_MOMENT_MS, accounts }
    }

    #[test]
    fn there_are_as_many_as_asked_and_the_same_seed_makes_the_same() {
        for (customers, messages) in [(1, 1), (3, 2), (40, 40), (300, 5000), (5, 20_000), (0, 0)] {
            let threads: Vec<_> = plan(customers, messages, 7).threads().collect();
            assert_eq!(threads.len(), customers as usize);
            let said: usize = threads.iter().map(|thread| thread.said.len()).sum();
            assert_eq!(said as u64, messages, "{customers} customers");
            assert_eq!(threads, plan(customers, messages, 7).threads().collect::<Vec<_>>());
        }
        let (one, other) = (plan(20, 200, 1), plan(20, 200, 2));
        assert_ne!(one.threads().collect::<Vec<_>>(), other.threads().collect::<Vec<_>>());
    }

    #[test]
    fn a_thread_is_in_order_in_the_past_and_has_ids_of_its_own() {
        let mut ids = BTreeSet::new();
        for thread in plan(200, 4000, 11).threads() {
            let ages: Vec<i64> = thread.said.iter().map(|m| m.ago_ms).collect();
            assert!(ages.is_sorted_by(|a, b| a > b), "{ages:?}");
            assert!(ages.last().is_none_or(|ago| *ago > 0));
            for (at, message) in thread.said.iter().enumerate() {
                assert!(ids.insert(message.mid.clone()));
                assert!(message.text.is_some() != message.thing.is_some());
                assert!(message.replies_back.is_none_or(|back| back as usize <= at && back > 0));
            }
        }
    }

    #[test]
    fn people_differ_and_so_does_what_they_say() {
        let threads: Vec<_> = plan(600, 12_000, 5).threads().collect();
        let locales: BTreeSet<_> = threads.iter().map(|t| t.person.locale.clone()).collect();
        assert!(locales.len() >= 10, "{locales:?}");
        let messages: Vec<_> = threads.iter().flat_map(|t| &t.said).collect();
        let texts: Vec<&str> = messages.iter().filter_map(|m| m.text.as_deref()).collect();
        let has = |test: fn(char) -> bool| texts.iter().any(|text| text.chars().any(test));
        assert!(has(|c| ('\u{590}'..'\u{700}').contains(&c)), "right to left");
        assert!(has(|c| ('\u{3040}'..'\u{30ff}').contains(&c)), "Japanese");
        assert!(has(|c| c > '\u{1f300}'), "emoji");
        assert!(!texts.iter().any(|text| text.contains('{')), "every slot is filled");
        for thing in [SeededThing::Image, SeededThing::Video, SeededThing::Audio, SeededThing::File] {
            assert!(messages.iter().any(|m| m.thing == Some(thing)), "{thing:?}");
        }
        for voice in [Voice::Customer, Voice::Bot, Voice::Team] {
            assert!(messages.iter().filter(|m| m.by == voice).count() > 100, "{voice:?}");
        }
        let longest = threads.iter().map(|t| t.said.len()).max().unwrap();
        assert!(longest > 100, "some say much: {longest}");
        assert!(
            messages.iter().any(|m| m.reaction.is_some())
                && messages.iter().any(|m| m.replies_back.is_some())
        );
    }

    #[test]
    fn nights_are_quiet_and_some_wrote_just_now() {
        let mut by_hour = BTreeMap::<i64, usize>::new();
        let mut within_a_day = 0;
        for thread in plan(800, 16_000, 9).threads() {
            let zone_ms = i64::from(thread.person.timezone) * HOUR_MS;
            for message in &thread.said {
                let local_ms = USUAL_MOMENT_MS - message.ago_ms + zone_ms;
                *by_hour.entry(local_ms.rem_euclid(DAY_MS) / HOUR_MS).or_default() += 1;
            }
            within_a_day += usize::from(thread.said.last().is_some_and(|m| m.ago_ms < DAY_MS));
        }
        let sum = |hours: std::ops::Range<i64>| -> usize {
            hours.map(|h| by_hour.get(&h).copied().unwrap_or(0)).sum()
        };
        assert!(sum(9..13) > 5 * sum(1..5), "{by_hour:?}");
        assert!((20..400).contains(&within_a_day), "{within_a_day} of 800");
    }
}
