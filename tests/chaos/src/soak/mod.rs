//! A long log of a made-up desk, and what must be true after it: the same seed gives the same log.
//!
//! ```text
//!   seed ─▶ world ─┬─ entries ─▶ arrival: cut, mixed up, repeated ─▶ the store ─┐
//!                  └─ truth: plain lists, in the order things happened ─────────┴─▶ compare
//! ```
//!
//! The truth is kept by whoever makes things happen, as they happen; it takes no rule from the product.

pub mod arrival;
pub mod compare;
pub mod entries;
pub mod truth;
pub mod words;
pub mod world;
