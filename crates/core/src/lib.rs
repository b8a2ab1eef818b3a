//! The desk without a window: store, sync, outbox, control, team.

pub mod account;
pub mod backoff;
pub mod clock;
pub mod control;
pub mod keys;
pub mod meta_time;
pub mod outbox;
pub mod relay_client;
pub mod sync;
