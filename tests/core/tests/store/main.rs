//! The desk's store on real files: what arrives is kept, understood, and comes out as the window needs it.

#![expect(clippy::unwrap_used, reason = "a helper of a test that fails, fails the test")]

mod again;
mod alerts;
mod answered_before;
mod board;
mod builders;
mod canned;
mod control;
mod crossed;
mod damage;
mod emptying;
mod ending;
mod erasure;
mod falls_out;
mod fixtures;
mod full_disk;
mod held;
mod inbound;
mod kept;
mod labels;
mod learned_here;
mod lists;
mod media;
mod nameless_echo;
#[cfg(target_os = "linux")]
mod no_room;
mod not_sent;
mod notes;
mod old_copies;
mod old_files;
mod order;
mod outbox;
mod own_files;
mod recompute;
mod recount;
mod redaction;
mod released;
mod reopens;
mod resync;
mod roles;
mod saved_views;
mod schema;
mod search;
mod shut;
mod sleep;
mod team;
mod telling;
mod unheard;
mod unread_threads;
mod withheld;
mod words;
