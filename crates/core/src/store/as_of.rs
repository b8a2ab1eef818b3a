//! An answer that is asked for again and again, kept with the version of the store that it holds for.

use std::sync::{Arc, Mutex, PoisonError};

/// What was read last, and up to which version of the store. Cheap to clone: all of them keep the same.
#[derive(Debug)]
pub(super) struct AsOf<T>(Arc<Mutex<Option<(u64, T)>>>);

impl<T> Default for AsOf<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for AsOf<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone> AsOf<T> {
    /// The answer, when nothing was written since it was read.
    pub(super) fn at(&self, version: u64) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| *of == version).map(|(_, answer)| answer.clone())
    }

    /// Keeps an answer. The version is the one from before it was read: what was written meanwhile is read with the next
    /// question.
    pub(super) fn keep(&self, version: u64, answer: T) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, answer));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_until_something_is_written() {
        let answer = AsOf::default();
        assert_eq!(answer.at(1), None);
        answer.keep(1, "read");
        assert_eq!(answer.clone().at(1), Some("read"));
        assert_eq!(answer.at(2), None);
    }
}
