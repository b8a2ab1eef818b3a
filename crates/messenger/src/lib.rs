//! Meta's vocabulary and rules for Messenger and Instagram messaging.
//!
//! Everything here is pure: no network, no disk, no clock, no state. Bytes and facts go in, values come out.
//!
//! - [`id`]: newtypes for Meta's ids, and the [`Platform`].
//! - [`signature`]: webhook signatures and app secret proofs.
//! - [`webhook`]: a delivery becomes a flat list of typed events, none of them lost.
//! - [`send`]: bodies of the Send API and of thread control that Meta has no reason to refuse.
//! - [`answer`]: what Graph answers.
//! - [`error`]: what Graph refuses, why, and what an agent is told.
//! - [`inbox`]: where Meta's own inbox is.
//! - [`policy`]: what may be sent now, and until when.
//! - [`routing`]: how Meta decides which app may answer, and which control calls that leaves.
//! - [`limits`]: Meta's figures in one place.
//!
//! Reading is tolerant (a field of an unexpected type is an absent field, an unknown event is a value);
//! writing is strict (what Meta would refuse cannot be built).

pub mod answer;
pub mod error;
pub mod hidden;
pub mod id;
pub mod inbox;
pub mod limits;
mod loose;
pub mod policy;
pub mod routing;
pub mod send;
pub mod signature;
pub mod webhook;
pub mod words;

pub use id::{AccountId, AppId, AttachmentId, CustomerId, Mid, PersonaId, Platform, StickerId};
pub use words::Words;
