//! How many messages each customer's thread has: most are short, few are very long, and the sum is exact.

use rand::RngExt;

use super::{Plan, world_dice};

/// The share of each customer.
pub(super) struct Shares(Vec<u32>);

impl Shares {
    pub fn of(plan: &Plan) -> Self {
        let customers = plan.customers as usize;
        let mut dice = world_dice(plan.seed);
        // A long tail: one in a hundred says about thirty times as much as the usual one.
        let weights: Vec<f64> = (0..customers).map(|_| (1.0 - dice.random::<f64>()).powf(-0.75)).collect();
        let whole: f64 = weights.iter().sum();
        // Everybody says something, as long as there are words for all.
        let floor = u64::from(plan.messages >= customers as u64);
        let to_share = plan.messages - floor * customers as u64;
        let mut shares: Vec<u32> = weights
            .iter()
            .map(|weight| {
                let share = (weight / whole * to_share as f64).floor();
                u32::try_from(floor).unwrap_or(0) + share as u32
            })
            .collect();
        // Rounding took less than one from each: it is given back, one each, from the first on.
        let given: u64 = shares.iter().map(|share| u64::from(*share)).sum();
        let rest = usize::try_from(plan.messages.saturating_sub(given)).unwrap_or(usize::MAX);
        for share in shares.iter_mut().take(rest) {
            *share += 1;
        }
        Self(shares)
    }

    pub fn of_customer(&self, number: u32) -> usize {
        self.0.get(number as usize).map_or(0, |share| *share as usize)
    }
}
