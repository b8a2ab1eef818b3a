//! The entries of one thread folded into owner, assignee, status, version and waiting time.
//!
//! Relay and desk share this one fold, so that both mean the same when they say who holds a thread, what its
//! version is and who must answer. Everything here is pure: facts and a time go in, values come out.
//!
//! - [`evidence`]: what is known about control of a thread, one piece each.
//! - [`owner`]: the evidence, in order of Meta's time, becomes the owner and the lines of the timeline.
//! - [`team`]: the team's facts, by seq, become version, assignee, status and open parts.
//! - [`waiting`]: since when the customer waits for a person, and whether a person should answer.
//! - [`word`]: what an agent must have seen before answering.
//!
//! It promises that order of arrival does not matter: each result is a function of the set of facts.

pub mod evidence;
pub mod owner;
pub mod team;
pub mod waiting;
pub mod word;

pub use evidence::{Act, Evidence, Heard};
pub use owner::{AccountFacts, Cause, Change, Owner, OwnerState, fold_owner};
pub use team::{PartFold, TeamState};
pub use waiting::{WaitingFacts, needs_reply, waiting};
pub use word::{Word, WordBy, word};
