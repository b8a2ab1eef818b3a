//! The one stream of this desk: it connects, copies logs into the store, notices silence, fills holes and comes back.
//! The states are drawn in [`machine`].

mod fill;
pub mod machine;
mod opening;
pub(crate) mod run;
mod steps;

pub use machine::{Refusal, SyncStatus};
