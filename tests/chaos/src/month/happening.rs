//! What happens in a month, in order of time.

use std::collections::BTreeMap;

/// Something that happens at a moment.
#[derive(Debug, Clone)]
pub(super) enum Happening {
    /// A customer writes.
    Writes(usize),
    /// The webhook of what a customer wrote comes to the desk.
    Heard { customer: usize, opened_ms: i64 },
    /// An agent looks at a thread and answers it, if that can be done.
    Presses(usize),
    /// The outbox looks at a thread.
    Turn(usize),
    /// The relay answers the grant of a thread's part, asked for in this run of the program.
    Granted { customer: usize, run: u32, asked_boot_ms: i64 },
    /// The call of a thread's part goes out, in this run of the program.
    Calls { customer: usize, run: u32, not_from_boot_ms: i64 },
    /// The cable is pulled for so long, milliseconds.
    CableOut(i64),
    /// It is put in again.
    CableIn,
    /// Somebody sets the computer's clock, milliseconds forward or back.
    ClockSet(i64),
    /// The computer is off for so long, milliseconds.
    Restarts(i64),
    /// Meta gives the account the right to late replies, or takes it; an admin says so.
    Right(bool),
}

/// Happenings by their moment, milliseconds UTC of Meta.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    at: BTreeMap<(i64, u64), Happening>,
    made: u64,
}

impl Agenda {
    pub fn add(&mut self, at_ms: i64, happening: Happening) {
        self.made += 1;
        self.at.insert((at_ms, self.made), happening);
    }

    pub fn next(&mut self) -> Option<(i64, Happening)> {
        self.at.pop_first().map(|((at_ms, _), happening)| (at_ms, happening))
    }
}
