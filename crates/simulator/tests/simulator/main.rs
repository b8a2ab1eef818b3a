//! The simulator's rules over real HTTP, each held against docs/meta.md.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "set-up outside test functions")]

mod bot;
mod checklist;
mod contract;
mod control_api;
mod control_room;
mod conversations;
mod faults;
mod files;
mod instagram;
mod limits;
mod load;
mod login;
mod page_edges;
mod program;
mod seeding;
mod sending;
mod sources;
mod stage;
mod subscriptions;
mod templates;
mod thread_control;
mod tokens;
mod webhooks;
