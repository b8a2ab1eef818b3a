//! Page tokens at work beyond this desk: proofs for calls, registering at the relay, boxes for and from other desks.
//!
//! A token itself is only ever in the key store, in memory, and in requests to Meta and to the relay.

mod prover;

pub(crate) use prover::DeskProver;
