//! Control of a thread: who may answer, and what an agent can do about it (docs/meta.md 5).

pub(crate) mod act;
pub mod can;
pub mod keep;
pub mod learned;
pub mod owner_read;
mod words;

pub use act::{Asked, ControlError};
pub use can::{Act, Permit, WayBack, can_do, may_send, other_apps, way_back};
