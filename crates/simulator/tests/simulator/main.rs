//! The simulator's rules over real HTTP, each held against docs/meta.md.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "set-up outside test functions")]

mod bot;
mod control_api;
mod control_room;
mod conversations;
mod faults;
mod fixtures;
mod load;
mod program;
mod seeding;
mod sending;
mod stage;
mod subscriptions;
mod thread_control;
mod tokens;
mod webhooks;
