//! What can be made to go wrong, each rule over HTTP, with the clock moved where a rule waits.

mod answers;
mod calls;
mod echoes;
mod rules;
mod webhooks;
