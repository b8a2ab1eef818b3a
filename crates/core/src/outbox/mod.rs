//! The durable queue of replies on this desk. States and promises are drawn in [`machine`].

mod after;
mod answer;
mod grant;
mod lane;
mod look;
pub mod machine;
mod row;
pub(crate) mod run;
#[cfg(test)]
mod tests;
mod words;

pub use answer::Answered;
pub use machine::{Leaves, Return, State, Wait};
pub use row::{detail_of, name_of, state_of};
