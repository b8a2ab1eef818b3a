//! Replies whose desk is killed at each durable step of the send, with everything else that can go wrong beside it.
//!
//! ```text
//!   combination: step × side × how Meta answers × when the echo comes × channel × parts, and which of them × the sender then,
//!        │       and beside the straight course: take first · come back as a draft · wait · late · unchecked
//!        │
//!        ▼                      SIGKILL of itself, there
//!   sending-desk ── press ──▶ ──────────✕            ┌─ comes back ──▶ ┐
//!    (devhost's commands,                            ├─ …dies again    ├─▶ judge: customer's phone · desk · log
//!     the product's core)                            └─ stays dead: the steward settles; comes back a day later
//! ```

pub mod combination;
pub mod courses;
pub mod judge;
pub mod keys;
mod kill_switch;
mod log_watch;
mod run;
mod sender;
mod tally;

pub use combination::{Answer, Combination, Course, EchoComes, Fate, Kill};
pub use kill_switch::KillSwitch;
pub use run::run;
pub use sender::{Flaw, READY};
pub use tally::Tally;
