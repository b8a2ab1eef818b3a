//! Kills, cuts and restarts of real programs under load.
