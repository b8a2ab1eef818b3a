//! A runtime of its own for one part, so that a test can kill the part as a power cut would: between two awaits,
//! without any of its own tidying up.
//!
//! What a kill cannot take back is what the operating system already has: bytes written to a socket, a committed
//! transaction. That is the point.

use std::future::Future;

use anyhow::Context as _;
use tokio::runtime::{Builder, Runtime};

/// One part's own threads.
#[derive(Debug)]
pub struct Island {
    runtime: Option<Runtime>,
}

impl Island {
    /// Threads for a part of this name.
    ///
    /// # Errors
    /// When the machine gives no thread.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build()?;
        Ok(Self { runtime: Some(runtime) })
    }

    /// Runs something on the part's threads and waits for it.
    ///
    /// # Errors
    /// When the part was killed meanwhile, or the work panicked.
    pub async fn run<T, F>(&self, work: F) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let runtime = self.runtime.as_ref().context("this part was killed")?;
        runtime.spawn(work).await.context("the part ended while it worked")
    }

    /// Begins the part: runs what starts it, on a thread that may hold what cannot move between threads.
    ///
    /// # Errors
    /// When the part was killed meanwhile, or the work panicked.
    pub async fn begin<T, F>(&self, start: impl FnOnce() -> F + Send + 'static) -> anyhow::Result<T>
    where
        T: Send + 'static,
        F: Future<Output = T>,
    {
        let threads = self.runtime.as_ref().context("this part was killed")?.handle().clone();
        let started = tokio::task::spawn_blocking(move || threads.block_on(start()));
        started.await.context("the part ended while it began")
    }

    /// Kills the part: every task of it is dropped where it stands.
    pub fn sink(mut self) {
        self.cut();
    }

    fn cut(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Island {
    fn drop(&mut self) {
        self.cut();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn what_an_island_does_ends_with_it() -> anyhow::Result<()> {
        let island = Island::new("counting")?;
        let count = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&count);
        island
            .run(async move {
                tokio::spawn(async move {
                    loop {
                        counted.fetch_add(1, Ordering::SeqCst);
                        tokio::time::sleep(Duration::from_millis(1)).await;
                    }
                });
            })
            .await?;
        crate::wait::until("the counting to begin", async || {
            if count.load(Ordering::SeqCst) > 3 { Ok(()) } else { Err("not yet".to_owned()) }
        })
        .await?;

        island.sink();

        // A task that is just running ends at its next await; then nobody but this test knows the counter.
        crate::wait::until("the task to be dropped", async || match Arc::strong_count(&count) {
            1 => Ok(()),
            others => Err(format!("{} others hold it", others - 1)),
        })
        .await
    }

    #[tokio::test]
    async fn work_on_a_part_that_panics_is_an_error_and_not_the_end() -> anyhow::Result<()> {
        let island = Island::new("failing")?;
        let failed: anyhow::Result<()> = island.run(async { panic!("on purpose") }).await;
        assert!(failed.is_err());
        assert_eq!(island.run(async { 7 }).await?, 7);
        Ok(())
    }
}
