//! Where an opening stands, for a page that waits for the desk.

use std::sync::{Mutex, PoisonError};

use baton_core::store::{OpeningStep, OpeningWatcher, Share};

use crate::contract::Count;
use crate::contract::opening::{OpeningStepView, OpeningView};

/// Hears an opening, and tells where it stands whenever it is asked. Nothing while it is at nothing that takes long.
#[derive(Debug, Default)]
pub struct Opening {
    now: Mutex<Option<OpeningView>>,
}

impl Opening {
    /// Where it stands now.
    #[must_use]
    pub fn view(&self) -> Option<OpeningView> {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It ended, well or not.
    pub fn ended(&self) {
        self.is_at(None);
    }

    fn is_at(&self, now: Option<OpeningView>) {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }
}

impl OpeningWatcher for Opening {
    fn stands(&self, step: OpeningStep) {
        self.is_at(view(step));
    }
}

fn view(step: OpeningStep) -> Option<OpeningView> {
    let at = |step, Share { done, of }| Some(OpeningView { step, done: Count(done), of: Count(of) });
    match step {
        OpeningStep::Copying(share) => at(OpeningStepView::Copying, share),
        OpeningStep::Migrating(share) => at(OpeningStepView::Updating, share),
        OpeningStep::Salvaging(share) => at(OpeningStepView::Salvaging, share),
        OpeningStep::Remaking(share) => at(OpeningStepView::Remaking, share),
        OpeningStep::Applying(share) => at(OpeningStepView::Applying, share),
        OpeningStep::Starting => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_the_step_until_that_is_over() {
        let opening = Opening::default();
        assert_eq!(opening.view(), None);
        opening.stands(OpeningStep::Copying(Share { done: 42, of: 100 }));
        let copying = OpeningView { step: OpeningStepView::Copying, done: Count(42), of: Count(100) };
        assert_eq!(opening.view(), Some(copying));
        opening.stands(OpeningStep::Starting);
        assert_eq!(opening.view(), None);
        opening.stands(OpeningStep::Remaking(Share { done: 0, of: 7 }));
        opening.ended();
        assert_eq!(opening.view(), None, "an opening that failed stands nowhere");
    }
}
