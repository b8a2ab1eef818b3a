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
