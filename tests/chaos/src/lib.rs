//! Kills, cuts and restarts of real programs under load: what every such test stands on.

pub mod blind;
pub mod checker;
pub mod desk;
pub mod few;
pub mod load;
pub mod meta;
pub mod month;
pub mod race;
pub mod relay;
pub mod sends;
pub mod soak;
pub mod statements;
