//! Page tokens at work beyond this desk: proofs for calls, registering at the relay, boxes for and from other desks.
//!
//! ```text
//!   a token comes ──▶ standing: shown to the relay ──▶ hand_out: sealed for desks that have none ──▶ relay
//!                        ▲   once a day again                                                         │
//!                        └──────────── boxes: taken, opened, checked with Meta, kept ◀────────────────┘
//! ```
//!
//! A token itself is only ever in the key store, in memory, and in requests to Meta and to the relay.

pub(crate) mod boxes;
pub(crate) mod hand_out;
mod prover;
pub(crate) mod standing;

pub(crate) use boxes::Boxes;
pub(crate) use hand_out::HandOut;
pub(crate) use prover::DeskProver;
