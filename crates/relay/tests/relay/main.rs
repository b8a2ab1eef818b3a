//! The relay over real HTTP and real files.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod app_subscribed;
mod backup;
mod blocks;
mod boxes;
mod canned;
mod desks;
mod disk;
mod grants;
mod ingest;
mod listeners;
mod log_suite;
mod login;
mod meta_stub;
mod meta_time;
mod old_copies;
mod operator;
mod proofs;
mod redaction;
mod removal;
mod results;
mod snapshots;
mod stage;
mod stewards;
mod streams;
mod two_accounts;
