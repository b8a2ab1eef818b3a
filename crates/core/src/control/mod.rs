//! Control of a thread: who may answer, and what an agent can do about it (docs/meta.md 5).

pub mod can;

pub use can::{Act, Permit, can_do, may_send};
