//! The relay: verifies webhooks, keeps one ordered log per account, streams it to desks, judges team commands.
//!
//! ```text
//! Meta ──▶ public listener ──▶ ingest ──▶ log (one transaction, synced) ──▶ live ──▶ streams ──▶ desks
//!                                           ▲
//! desks ──▶ desks' listener ──▶ gate ──▶ team rules, judged in the same transaction as their facts
//! ```
//!
//! It holds the app secret and no Page token: fingerprints, and boxes that only a desk can open. It promises that a webhook answered 200 is durable and stands in its log
//! once, that seqs are dense, that a reply is granted to one desk, and that a desk reads only accounts it has a role
//! on. It refuses what is not signed, what is too large or too slow, and desks it does not know.

mod allowance;
mod app_webhooks;
mod blocks;
pub mod clock;
pub mod config;
mod desk_api;
pub mod doctor;
mod giving;
mod health;
mod ingest;
pub mod log;
mod login;
pub mod meta_time;
mod net;
pub mod operator;
pub mod people;
pub mod presence;
mod refused;
pub mod relay;
pub mod secret;
mod seen;
mod state;
pub mod stewards;
pub mod team;
mod token_check;

pub use config::Config;
pub use net::Deadlines;
pub use relay::{Relay, RunningRelay, StartError};
