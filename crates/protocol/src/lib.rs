//! What desk and relay say to each other.
//!
//! The relay keeps one ordered log per account and one for the workspace. A desk copies logs with
//! [`stream`] and [`entry`] reads, says what it has with a [`cursor::Cursor`], and asks for team acts with a
//! [`command::CommandRequest`], which the relay accepts (an entry) or refuses with what is true now.
//!
//! Page tokens never stand in a log: a desk gets them by [`login`] or in a [`sealed`] box from an admin's desk, and the
//! relay knows of them what [`token`] says.
//!
//! What one desk does for all of an account's, its steward, is said in [`lease`]; who is there, in [`presence`]; who works
//! here, and what desks confirm once something is gone, in [`people`].
//!
//! This crate holds types and pure rules only: no I/O and no clock. Unknown kinds are values, never parse
//! errors: a desk keeps them and applies them after an update.

pub mod account;
pub mod audit;
pub mod block;
pub mod canned;
pub mod command;
pub mod cursor;
pub mod draft;
pub mod enrol;
pub mod entry;
pub mod error;
pub mod hello;
pub mod ids;
pub mod label;
pub mod lease;
pub mod login;
pub mod note;
pub mod people;
pub mod presence;
pub mod routes;
pub mod sealed;
pub mod snapshot;
pub mod snooze;
pub mod stream;
pub mod team;
pub mod token;

pub use baton_messenger::id::{AccountId, AppId, CustomerId, Mid, Platform};
pub use cursor::{Cursor, SeqRanges};
pub use entry::{Entry, EntryKind};
pub use ids::{
    AgentId, CommandId, DeskId, InviteId, LabelId, LogId, LogName, LoginId, NoteId, OfflineId, PartId,
    ReplyId, RunId,
};
