//! The contract: what the simulator says has the keys and types of the fixtures, both ways; what the fixtures ask of it
//! it takes; and every fixture is accounted for.

mod answers;
mod complete;
mod requests;
mod shape;
mod webhooks;
