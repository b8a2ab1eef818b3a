//! When a read may go: Meta's budgets, slots of the team, and who goes first.
//!
//! ```text
//!  share of the budget in use       below 80 %      80 to 94 %          from 95 %        throttled
//!  an agent's send, control         goes            goes                goes             goes
//!  a read somebody waits for        goes            goes                waits            waits
//!  a read in the background         goes¹           one in 5 s ¹        waits            waits
//!                                   ¹ and never while a send of the account is on its way
//! ```
//!
//! A read that may go by this table waits for its slot ([`Slots`]) besides; sends and control calls take none. What waits
//! says for how long and why ([`Hold`]). Nobody waits longer than it has patience ([`Urgency::patience_ms`]): then the hold
//! is the answer, for the caller to show.

mod book;
mod budget;
mod gate;
mod slots;

pub use book::SlotBook;
pub(crate) use budget::Direction;
pub(crate) use gate::{Gate, Sending};
pub use slots::{SlotAnswer, Slots};

use baton_messenger::Words;

/// Milliseconds of a clock that runs during suspend and never backwards: budgets and proofs are measured on it.
pub trait BootClock: Send + Sync {
    /// Now.
    fn boot_ms(&self) -> i64;
}

/// For whom a read is made. Earlier ones go first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// Connecting an account: no budget and no slot is asked, because the account may not be known yet.
    SetUp,
    /// What became of a send of which nobody knows.
    Settling,
    /// An agent waits for it.
    Opening,
    /// Names, history, audits: nobody waits for it.
    Background,
}

impl Urgency {
    /// How long a read waits for its turn, in milliseconds; `None` for as long as it takes.
    pub fn patience_ms(self) -> Option<i64> {
        match self {
            Self::SetUp => Some(0),
            Self::Settling => Some(20_000),
            Self::Opening => Some(8_000),
            Self::Background => None,
        }
    }
}

/// How reads of an account go now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As they come.
    #[default]
    Free,
    /// Background work is slowed, because so much of a budget is used.
    Slow {
        /// In per cent.
        percent: u32,
    },
    /// Only an agent's sends go out, because so much of a budget is used.
    SendsOnly {
        /// In per cent.
        percent: u32,
        /// For so long, in milliseconds.
        for_ms: i64,
    },
    /// Meta turned calls away: no reads.
    Throttled {
        /// For so long, in milliseconds.
        for_ms: i64,
    },
}

/// Why a read does not go now, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("held back for {for_ms} ms: {why:?}")]
pub struct Hold {
    /// For so long, in milliseconds; afterwards it is worth asking again.
    pub for_ms: i64,
    /// Why.
    pub why: HoldReason,
}

/// Why a read does not go now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldReason {
    /// Meta turned calls away for their number.
    Throttled,
    /// So much of a budget is used, in per cent, that only sends go out.
    Budget(u32),
    /// So much of a budget is used, in per cent, that background work is slowed.
    Slowed(u32),
    /// A send of the same account is on its way and goes first.
    SendFirst,
    /// The team's slots are taken.
    Slot,
    /// Nobody can give a slot now, such as while the relay is away.
    NoSlots(String),
}

impl Hold {
    /// What the agent is told.
    pub fn agent_words(&self) -> Words {
        let what = match &self.why {
            HoldReason::Throttled => {
                "Too many calls were made to Meta for this account, so it asks us to wait."
            }
            HoldReason::Budget(_) => {
                "Nearly all of Meta's allowance for this account is used, so only replies go out for now."
            }
            HoldReason::Slowed(_) | HoldReason::SendFirst | HoldReason::Slot => {
                "Other calls to Meta for this account go first."
            }
            HoldReason::NoSlots(_) => "The relay cannot be asked whether Meta may be called now.",
        };
        Words::new(what, "Nothing is lost. It goes on by itself.")
    }
}
