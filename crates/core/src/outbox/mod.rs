//! The durable queue of replies on this desk. States and promises are drawn in [`machine`].

mod answer;
pub mod machine;
#[cfg(test)]
mod tests;

pub use answer::Answered;
