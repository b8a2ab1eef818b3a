//! Many agents answer by what they saw a while ago, while customers write and colleagues answer the same threads.
//!
//! ```text
//!  customer × many ── write ──▶ Meta ──webhooks──▶ relay ──log──▶ desk × some ── composer as it was ── Send ──▶ relay: grant?
//!                                 ▲                  │                                                            │ yes
//!                                 └──────────────────┼──────────────────────── Graph ◀───────────────────────────┘
//!                        what the log had before each grant ──▶ judge ◀── what each agent had seen
//! ```

pub mod judge;
mod run;

pub use run::{Form, Outcome, run};
