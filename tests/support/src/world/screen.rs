//! The desktop around a desk's window, as far as alerts go: it remembers what it shows.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use baton_commands::alerts::{AlertHost, NotShown, ShownAlert};
use baton_commands::contract::Words;
use baton_core::alerts::{AlertChoice, Slot};

/// A screen with notifications on it.
#[derive(Debug)]
pub struct Screen {
    shows: AtomicBool,
    alerts: Mutex<Alerts>,
}

#[derive(Debug, Default)]
struct Alerts {
    /// What is on the screen now.
    now: BTreeMap<Slot, String>,
    /// Everything that was ever shown, oldest first.
    ever: Vec<String>,
}

impl Default for Screen {
    fn default() -> Self {
        Self { shows: AtomicBool::new(true), alerts: Mutex::default() }
    }
}

impl Screen {
    /// The desktop shows notifications from now on, or does not.
    pub fn shows_notifications(&self, shows: bool) {
        self.shows.store(shows, Ordering::SeqCst);
    }

    /// What is on it now, each as title and text.
    #[must_use]
    pub fn now(&self) -> Vec<String> {
        self.alerts().now.values().cloned().collect()
    }

    /// Everything that was ever on it, oldest first.
    #[must_use]
    pub fn ever(&self) -> Vec<String> {
        self.alerts().ever.clone()
    }

    fn alerts(&self) -> MutexGuard<'_, Alerts> {
        self.alerts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn none(&self) -> Result<(), NotShown> {
        if self.shows.load(Ordering::SeqCst) {
            return Ok(());
        }
        let what = "Nothing shows notifications here.".to_owned();
        Err(NotShown(Words { what, action: String::new() }))
    }
}

#[async_trait]
impl AlertHost for Screen {
    async fn shows(&self) -> Result<(), NotShown> {
        self.none()
    }

    async fn show(&self, alert: &ShownAlert) -> Result<(), NotShown> {
        self.none()?;
        let said = format!("{} | {}", alert.title, alert.body);
        let mut alerts = self.alerts();
        alerts.now.insert(alert.slot, said.clone());
        alerts.ever.push(said);
        Ok(())
    }

    async fn close(&self, slot: Slot) {
        self.alerts().now.remove(&slot);
    }

    fn chosen(&self, _choice: &AlertChoice) {}

    fn has_tray(&self) -> bool {
        false
    }
}
