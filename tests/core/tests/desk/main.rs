//! A whole desk against a relay that is played by the test: what it says, what it asks, what it never does.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a helper of a test that fails, fails the test")]

mod after_sent;
mod alone;
mod at_the_border;
mod blocks;
mod boxes;
#[path = "../store/builders.rs"]
#[expect(dead_code, reason = "written for the tests of the store, which need more of it")]
mod builders;
mod connecting;
mod cut_off;
mod disk_full;
mod enrolling;
mod fake_relay;
mod falls_out;
mod logins;
mod losing_an_account;
mod lost_claim;
mod media;
mod presence;
#[expect(dead_code, reason = "a burst counts what went out, in a program of its own")]
mod raw_relay;
mod refusals;
mod reply_out;
mod saved_views;
mod silence;
mod soundness;
mod stream;
mod vault_room;
mod waking;
