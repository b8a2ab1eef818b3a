//! Looks for bodies that the reader of webhooks cannot stand.
//!
//! ```text
//!   corpus ──▶ bend (structure, spelling, bytes) ──▶ check ──▶ a Finding, or nothing
//! ```
//!
//! - [`bend`]: a body bent in ways that bodies get odd: another type, a member gone or twice, half an emoji.
//! - [`check`]: what must hold of the reading of every body, however odd, against a plain second reading.
//! - [`corpus`]: the bodies to begin with.
//!
//! A short run with a fixed seed is among the tests. The long one, `scripts/fuzz.sh`, is led by coverage (libFuzzer), on the
//! stable toolchain.

pub mod bend;
pub mod check;
pub mod corpus;
mod plain;
mod words;

pub use bend::bend;
pub use check::{Finding, check, judge};
