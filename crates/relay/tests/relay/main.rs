//! The relay over real HTTP and real files.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on fails")]

mod app_subscribed;
mod backup;
mod blocks;
mod boxes;
mod canned;
mod desks;
mod disk;
mod falling_out;
mod grants;
mod ingest;
mod labels;
mod listeners;
mod log_suite;
mod login;
mod meta_stub;
mod meta_time;
mod notes;
mod old_copies;
mod old_files;
mod operator;
mod people;
mod presence;
mod proofs;
mod queue;
mod redaction;
mod released;
mod removal;
mod removals;
mod results;
mod rights;
mod snapshots;
mod snooze;
mod stage;
mod stewards;
mod streams;
mod two_accounts;
