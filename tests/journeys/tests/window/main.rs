//! The journeys. Each has a room, a Meta, a relay and a desk of its own; where several people work, each has a room.

mod alerts;
mod beside_text;
mod board;
mod canned;
mod catching_up;
mod claim_race;
mod closing;
mod demo_team;
mod falls_out;
mod files;
mod first_window;
mod hot_path;
mod journey;
mod logging_in;
mod long_opening;
mod long_thread;
mod media;
mod mention;
mod no_network;
mod not_well;
mod presence;
mod programs_end;
mod reassign;
mod replies;
mod revoked;
mod simulators_pages;
