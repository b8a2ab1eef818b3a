//! Measures what is promised as a ratio, each beside a reference that lives here and runs in the same minute.
//!
//! ```text
//!   seeded world ──▶ the product ─┐
//!        │                        ├─ in turn, at least five rounds ──▶ rows ──▶ tables, a page with plots
//!        └────────▶ a bare loop ──┘
//! ```
//!
//! Promises: the same seed gives the same world; figures and their reference come from the same run; what is missed is
//! written down as missed. It measures on the disk that holds the target folder, never in memory.

pub mod catch_up;
pub mod join;
pub mod pipeline;
pub mod report;
pub mod sending;
pub mod sqlite;
pub mod stat;
pub mod store;
pub mod team;
pub mod window;
pub mod words;
pub mod world;
