//! Stories told by core, relay and simulator in one process.
