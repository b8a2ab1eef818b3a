//! An answer that is asked for again and again, kept with the version of the store that it holds for.

use std::sync::{Arc, Mutex, PoisonError};

use super::Result;

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
    /// The answer as it was read, when nothing was written since; otherwise it is read again and kept. The version is the one
    /// from before: what is written meanwhile is read with the next question.
    pub(super) async fn or_read(&self, version: u64, read: impl AsyncFnOnce() -> Result<T>) -> Result<T> {
        if let Some(answer) = self.at(version) {
            return Ok(answer);
        }
        let answer = read().await?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some((version, answer.clone()));
        Ok(answer)
    }

    fn at(&self, version: u64) -> Option<T> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| *of == version).map(|(_, answer)| answer.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_holds_until_something_is_written() -> Result<()> {
        let answer = AsOf::default();
        assert_eq!(answer.at(1), None);
        assert_eq!(answer.or_read(1, async || Ok("read")).await?, "read");
        assert_eq!(answer.clone().at(1), Some("read"));
        assert_eq!(answer.or_read(1, async || Ok("again")).await?, "read");
        assert_eq!(answer.at(2), None);
        assert_eq!(answer.or_read(2, async || Ok("anew")).await?, "anew");
        Ok(())
    }
}
