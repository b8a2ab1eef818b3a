//! The client against a Graph on loopback: real HTTP, answers as documented, cut connections by hand.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected stops")]

mod connecting;
mod cuts;
mod pace;
mod proofs;
mod reads;
mod sends;
mod support;
mod uploads;
