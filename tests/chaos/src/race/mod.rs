//! Many desks fight for the same threads while the relay is killed under them.
//!
//! ```text
//!  desk × many (core without a window) ── claims, gives, bulk moves, undo, the same command again ──▶ baton-relay ──▶ log
//!    │ what each was told                                            SIGKILL, start again × kills ──────┘            │
//!    └──────────────────────────────────────────▶ judge ◀───────────────────────────────────────────────────────────┘
//!  every desk's store  ═══  every other one's  ═══  a store that reads the whole log once
//! ```

pub mod judge;
mod racer;
mod run;
pub mod told;

pub use run::{Form, Outcome, differ, run};
