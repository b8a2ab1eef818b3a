//! Speaks with the relay: invites, enrolment, hello, entries, blocks, commands, snapshots, read marks, Page tokens, logins,
//! presence, drafts and the one stream.
//!
//! It promises that a desk token travels only over TLS or to this very machine, never in an address, a log line or an
//! error; and that the same command may be asked again after any failure, because its id makes a repeat harmless.
//! It decides nothing: what an answer means for a part, a thread or the screen is said elsewhere.

mod address;
mod blocks;
mod client;
mod drafts;
mod enrol;
mod error;
mod events;
mod leases;
mod people;
mod presence;
mod tokens;

pub use address::{AddressError, RelayAddress};
pub use blocks::BlockReader;
pub use client::RelayClient;
pub use enrol::{DeskIdentity, enrol, invite_info};
pub use error::RelayError;
pub use events::EventStream;
