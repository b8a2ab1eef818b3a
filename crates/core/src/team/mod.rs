//! What the desk asks of its team's relay: commands that wait in a queue, and acts that need an answer now.

pub(crate) mod moved;
pub(crate) mod queue;
