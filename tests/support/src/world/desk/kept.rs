//! What a desk keeps, whole.

use std::sync::Arc;

use anyhow::Context as _;

use super::TestDesk;
use crate::wait;

impl TestDesk {
    /// Everything that this desk computed from the logs, as text; it goes on running.
    ///
    /// # Errors
    /// When it is not running, or its file cannot be read.
    pub async fn canonical(&self) -> anyhow::Result<String> {
        let running = self.running.as_ref().context("the desk is not running")?;
        let answering = Arc::clone(&running.answering);
        let work = async move { answering.desk().store().canonical_export().await };
        Ok(running.island.run(work).await??)
    }

    /// Waits until this desk keeps the very same as another one.
    ///
    /// # Errors
    /// When they differ for good, with a few of the lines that only one of them has.
    pub async fn keeps_the_same_as(&self, other: &Self) -> anyhow::Result<()> {
        wait::until(format!("{} to keep the same as {}", self.name(), other.name()), async || {
            let ours = self.canonical().await.map_err(|error| format!("{error:#}"))?;
            let theirs = other.canonical().await.map_err(|error| format!("{error:#}"))?;
            if ours == theirs {
                return Ok(());
            }
            let only = |one: &str, than: &str| -> Vec<String> {
                let lines = one.lines().filter(|line| !than.lines().any(|known| known == *line));
                lines.take(4).map(str::to_owned).collect()
            };
            let (only_ours, only_theirs) = (only(&ours, &theirs), only(&theirs, &ours));
            Err(format!("only {}: {only_ours:#?}\nonly {}: {only_theirs:#?}", self.name(), other.name()))
        })
        .await
    }
}
