//! Control of a thread: who may answer, and what an agent can do about it (docs/meta.md 5).

pub(crate) mod act;
pub mod can;
pub(crate) mod owner_read;

pub use act::ControlError;
pub use can::{Act, Permit, WayBack, can_do, may_send, way_back};
