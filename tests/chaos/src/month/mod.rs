//! A month of one desk across the borders of Meta's windows: customers write, agents answer at the worst moments, the
//! network goes for hours, clocks are set wrong, the machine restarts. Days pass in moments.
//!
//! ```text
//!   happenings, in order of Meta's time ──▶ desk: the product's own pure machines       ──▶ a real Graph call
//!     customer writes · agent presses         (time of Meta, policy, outbox)                    │
//!     cable out · clock set · restart           ▲                                               ▼
//!     webhook comes · grant comes               └──── Date, answer, webhook ◀──── simulator, by its own rules
//! ```
//!
//! What is checked of each call is Meta's own truth at its moment: no plain reply after 24 hours, no tag that the agent was
//! not shown, none after 7 days, none where the account has no right to it.

mod desk;
mod happening;
mod run;

pub use desk::Flaw;
pub use run::{Month, run};
