//! The customers of a load: made-up people with something to say.

use baton_messenger::{AccountId, CustomerId};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

use super::Load;
use crate::seed::Speaker;
use crate::world::refusals::Refusal;
use crate::world::{NewPerson, World};

/// The people and the dice that decide who writes what.
pub(super) struct Crowd {
    people: Vec<(AccountId, CustomerId, Speaker)>,
    dice: Pcg64,
}

impl Crowd {
    /// New customers, dealt out to the accounts in turn, or those who are there.
    pub fn gather(world: &mut World, load: &Load, accounts: &[AccountId]) -> Result<Self, Refusal> {
        let mut dice = Pcg64::seed_from_u64(load.seed);
        if load.customers == 0 {
            let there = accounts.iter().filter_map(|id| world.accounts.get(id));
            let people = there.flat_map(|page| page.threads.values().map(move |t| (page, &t.customer)));
            let people = people.map(|(page, customer)| {
                (page.id.clone(), customer.id.clone(), Speaker::of(&customer.locale))
            });
            return Ok(Self { people: people.collect(), dice });
        }
        let mut people = Vec::with_capacity(load.customers as usize);
        for account in accounts.iter().cycle().take(load.customers as usize) {
            let speaker = Speaker::any(&mut dice);
            let (first_name, last_name) = speaker.name(&mut dice);
            let person = NewPerson {
                first_name,
                last_name,
                locale: speaker.locale().to_owned(),
                gender: "neutral".into(),
                timezone: speaker.timezone(),
                ..NewPerson::default()
            };
            people.push((account.clone(), world.add_customer(account, person)?, speaker));
        }
        Ok(Self { people, dice })
    }

    pub fn is_empty(&self) -> bool {
        self.people.is_empty()
    }

    /// Who writes next, to whom, and what.
    pub fn next(&mut self) -> Option<(&AccountId, &CustomerId, String)> {
        if self.people.is_empty() {
            return None;
        }
        let at = self.dice.random_range(0..self.people.len());
        let (account, customer, speaker) = &self.people[at];
        Some((account, customer, speaker.words(&mut self.dice)))
    }
}
