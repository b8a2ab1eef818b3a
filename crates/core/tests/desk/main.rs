//! A whole desk against a relay that is played by the test: what it says, what it asks, what it never does.

mod alone;
mod enrolling;
mod fake_relay;
mod refusals;
mod stream;
