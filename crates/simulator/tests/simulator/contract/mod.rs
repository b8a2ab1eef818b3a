//! The contract: what the simulator says has the keys and types of the fixtures, both ways, and every fixture is
//! accounted for.

mod shape;
mod webhooks;
