//! Kills, cuts and restarts of real programs under load: what every such test stands on.

pub mod checker;
pub mod desk;
pub mod load;
pub mod relay;
pub mod soak;
pub mod statements;
