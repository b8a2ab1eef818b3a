//! The desk without a window: store, sync, outbox, control, team, tokens, login.
//!
//! [`desk::Desk`] is the whole of it; the list of commands calls nothing else. Everything that decides is a pure machine
//! ([`outbox::machine`], [`sync::machine`], [`meta_time`], [`control::can`]), with a loop around it that does the I/O.
//! All SQL is in [`store`]. Time, secrets and Graph's address are passed in.

pub mod account;
pub mod alerts;
mod apply;
pub mod backoff;
mod by_hand;
pub mod clock;
pub mod control;
mod csv;
pub mod desk;
mod falls_out;
mod from_meta;
pub mod history;
pub mod keys;
pub mod login;
pub mod media;
pub mod meta_time;
pub mod outbox;
mod presence;
pub mod relay_client;
pub mod search;
pub mod store;
pub mod sync;
mod team;
mod token;
