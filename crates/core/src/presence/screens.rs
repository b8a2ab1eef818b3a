//! What the windows of one desk show, put together: the team is told of one thread, and alerts keep quiet about what somebody
//! looks at. Pure.
//!
//! The window that said something last counts. Once it shows nothing, what another one still shows counts, as read there: who
//! typed in it and went to another window types no more.

use std::collections::BTreeMap;

use baton_protocol::presence::{Doing, Viewing};

use crate::store::ThreadId;

/// A window of this desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Screen {
    /// The inbox.
    Main,
    /// The supervisor's board in its own window.
    Board,
}

/// What they show.
#[derive(Debug, Default)]
pub(super) struct Screens {
    shown: BTreeMap<Screen, Viewing>,
    looked_at: BTreeMap<Screen, ThreadId>,
}

impl Screens {
    /// A window shows this now. Returns what the desk shows.
    pub(super) fn shows(&mut self, screen: Screen, viewing: Option<Viewing>) -> Option<Viewing> {
        match viewing {
            Some(viewing) => {
                self.shown.insert(screen, viewing.clone());
                Some(viewing)
            }
            None => {
                self.shown.remove(&screen);
                let left = self.shown.values().next().cloned();
                left.map(|viewing| Viewing { doing: Doing::Reads, ..viewing })
            }
        }
    }

    /// Somebody looks at this thread in a window that has the focus, or at none. Returns what is looked at.
    pub(super) fn looks_at(&mut self, screen: Screen, thread: Option<ThreadId>) -> Option<ThreadId> {
        match thread {
            Some(thread) => self.looked_at.insert(screen, thread),
            None => self.looked_at.remove(&screen),
        };
        thread.or_else(|| self.looked_at())
    }

    /// The thread that somebody looks at.
    pub(super) fn looked_at(&self) -> Option<ThreadId> {
        self.looked_at.values().next().copied()
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::presence::LooksAt;

    use super::*;

    fn viewing(customer: &str, doing: Doing) -> Viewing {
        let thread = LooksAt { account: "104500000000011".into(), customer: customer.into() };
        Viewing { thread, doing }
    }

    #[test]
    fn a_window_that_shows_nothing_takes_nothing_from_the_other() {
        let mut screens = Screens::default();
        let typing = viewing("6200", Doing::WritesReply);
        assert_eq!(screens.shows(Screen::Main, Some(typing.clone())), Some(typing));
        assert_eq!(screens.shows(Screen::Board, None), Some(viewing("6200", Doing::Reads)));
        let read = viewing("6300", Doing::Reads);
        assert_eq!(screens.shows(Screen::Board, Some(read.clone())), Some(read));
        assert_eq!(screens.shows(Screen::Board, None), Some(viewing("6200", Doing::Reads)));
        assert_eq!(screens.shows(Screen::Main, None), None);
    }

    #[test]
    fn what_one_window_leaves_may_be_looked_at_in_the_other() {
        let mut screens = Screens::default();
        assert_eq!(screens.looks_at(Screen::Main, Some(ThreadId(1))), Some(ThreadId(1)));
        // The board has the focus before the inbox says that it lost it.
        assert_eq!(screens.looks_at(Screen::Board, Some(ThreadId(2))), Some(ThreadId(2)));
        assert_eq!(screens.looks_at(Screen::Main, None), Some(ThreadId(2)));
        assert_eq!(screens.looked_at(), Some(ThreadId(2)));
        assert_eq!(screens.looks_at(Screen::Board, None), None);
    }
}
