//! Waiting for a state, never for a moment; and when the state does not come, saying what was seen instead.

use std::fmt::Display;
use std::time::Duration;

/// For whatever must happen by itself, on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long something that must not happen is given the chance to.
pub const QUIET: Duration = Duration::from_millis(1500);

const PAUSE: Duration = Duration::from_millis(30);

/// One look: what was hoped for, or what was seen instead.
pub type Look<T> = Result<T, String>;

/// Looks until what was hoped for is there.
///
/// # Errors
/// After [`PATIENCE`], with the last thing seen.
pub async fn until<T>(what: impl Display, mut look: impl AsyncFnMut() -> Look<T>) -> anyhow::Result<T> {
    let mut seen = String::from("nothing yet");
    let waiting = async {
        loop {
            match look().await {
                Ok(found) => return found,
                Err(instead) => seen = instead,
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(PATIENCE, waiting).await {
        Ok(found) => Ok(found),
        Err(_) => anyhow::bail!("waited {} s for {what}. Seen instead:\n{seen}", PATIENCE.as_secs()),
    }
}

/// Looks until a backlog is through; a look that is not there yet says how much is left, and what was seen. However long the
/// whole takes, it goes on as long as less and less is left.
///
/// # Errors
/// When for [`PATIENCE`] nothing became less, with the last thing seen.
pub async fn until_through<T>(
    what: impl Display,
    mut look: impl AsyncFnMut() -> Result<T, (usize, String)>,
) -> anyhow::Result<T> {
    let mut least = usize::MAX;
    loop {
        let less = until(&what, async || match look().await {
            Ok(found) => Ok(Ok(found)),
            Err((left, _)) if left < least => Ok(Err(left)),
            Err((_, seen)) => Err(seen),
        });
        match less.await? {
            Ok(found) => return Ok(found),
            Err(left) => least = left,
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Looks for a while and finds the same each time: for what must not happen.
///
/// # Errors
/// As soon as a look finds something else.
pub async fn stays(what: impl Display, mut look: impl AsyncFnMut() -> Look<()>) -> anyhow::Result<()> {
    let watching = async {
        loop {
            if let Err(instead) = look().await {
                return instead;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    match tokio::time::timeout(QUIET, watching).await {
        Ok(instead) => anyhow::bail!("{what} did not last. Seen instead:\n{instead}"),
        Err(_) => Ok(()),
    }
}
