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
//!
//! That desk has the product's time of Meta, policy, last look, machine of the outbox, bodies and client of Graph. It has no store,
//! no stream, no grants of a relay, and nothing that runs beside: what those do is a happening here. [`run_whole`] has all of
//! them as they are, for fewer replies.

mod desk;
mod happening;
mod run;
mod whole;

pub use desk::Flaw;
pub use run::{Month, run};
pub use whole::run_whole;
