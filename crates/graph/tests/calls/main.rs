//! The client against a Graph on loopback: real HTTP, answers as documented, cut connections by hand.

mod cuts;
mod reads;
mod secrets;
mod sends;
mod support;
