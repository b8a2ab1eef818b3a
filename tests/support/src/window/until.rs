//! Waiting for a state, never for a moment: look, pause a little, look again, and say what was waited for when it
//! does not come.

use std::time::Duration;

/// For what takes a moment on a busy machine.
pub const SHORT: Duration = Duration::from_secs(20);
/// For what starts programs.
pub const LONG: Duration = Duration::from_secs(60);

const PAUSE: Duration = Duration::from_millis(60);

/// Looks until there is something.
///
/// # Errors
/// What the look fails with, or that the state did not come.
pub async fn some<T>(
    what: &str,
    at_most: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let waiting = async {
        loop {
            if let Some(found) = look().await? {
                return Ok(found);
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(at_most, waiting).await {
        Ok(found) => found,
        Err(_) => anyhow::bail!("waited {} s for {what}", at_most.as_secs()),
    }
}

/// Looks until it is true.
///
/// # Errors
/// As [`some`].
pub async fn holds(
    what: &str,
    at_most: Duration,
    mut look: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<()> {
    some(what, at_most, async || Ok(look().await?.then_some(()))).await
}
