//! How long something took and how much memory the program has used, in words.

use std::time::{Duration, Instant};

pub(super) struct Watch(Instant);

impl Watch {
    #[expect(clippy::disallowed_methods, reason = "a person is told how long it took; nothing hangs on it")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// `3.2 s, at most 41 MB of memory`.
    pub fn told(&self) -> String {
        let seconds = self.elapsed().as_secs_f64();
        match peak_memory() {
            Some(bytes) => format!("{seconds:.1} s, at most {} of memory", megabytes(bytes)),
            None => format!("{seconds:.1} s"),
        }
    }
}

pub(super) fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}

/// The most that this process ever held, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
