//! The team's rules, pure: what is true of a thread, who asks for what → facts to append, a conflict, or no.
//!
//! ```text
//! CommandRequest + Asker + Scene ──decide──▶ Accept { facts, … }   appended in the same transaction
//!                                        ├─▶ Conflict { reason }   409 with what is true now
//!                                        └─▶ Refuse { code, why }  403, 400, 501
//!
//! one part:   (nothing) ──start_send──▶ open ──settle_send──▶ settled     rank only rises:
//!                                        │                      ▲         not begun < unknown < abandoned
//!                                        └──── echo of it ──────┘                   < refused < sent
//! ```
//!
//! It promises that a part is granted at most once, that a thread has one assignee, and that no reply is granted
//! over a word or a move that its agent has not seen. It refuses what a role does not allow. Facts change the
//! state only by [`ThreadState::apply`], so the decision and its effect cannot differ.

mod account;
mod decide;
mod history;
mod label;
mod note;
mod office;
pub mod queue;
mod send;
mod thread;
mod thread_state;
mod turn;
mod word;
mod workspace;

pub use account::AccountState;
pub use decide::{Decision, Refusal, Scene, accepted, conflict, decide, grants_send, named};
pub use history::may_append_audit;
pub use label::KnownLabel;
pub use note::KnownNote;
pub use office::{Objection, Office, Whole, changes_roles, last_admin, nobody};
pub use thread::may_return;
pub use thread_state::{Asker, Part, Reply, ThreadState, Words};
pub use turn::{Said, Turn};
pub use word::{Heard, heard};
pub use workspace::{LabelNow, WorkspaceScene, decide_workspace, named_canned};

#[cfg(test)]
mod tests;
