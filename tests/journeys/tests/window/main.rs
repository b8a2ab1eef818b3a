//! The journeys. Each has a room, a Meta, a relay and a desk of its own.

mod alerts;
mod beside_text;
mod canned;
mod catching_up;
mod files;
mod first_window;
mod hot_path;
mod journey;
mod logging_in;
mod long_thread;
mod media;
mod no_network;
mod not_well;
mod programs_end;
mod replies;
mod simulators_pages;
