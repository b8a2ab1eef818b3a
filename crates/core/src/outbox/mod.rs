//! The durable queue of replies on this desk. States and promises are drawn in [`machine`].

mod after;
mod answer;
pub mod arrival;
pub mod framed;
mod grant;
mod lane;
mod look;
pub mod machine;
mod row;
pub(crate) mod run;
pub mod step;
mod sure_time;
mod taking;
#[cfg(test)]
mod tests;
mod uploading;
mod words;
mod written;

pub use answer::Answered;
pub(crate) use look::says;
pub use machine::{Leaves, Return, State, Wait};
pub use row::{detail_of, leaves_of, name_of, state_of};
pub use uploading::NotUploaded;
