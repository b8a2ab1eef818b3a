//! Systems without `org.freedesktop.Notifications` and without a tray of its kind: alerts come inside the window there, and
//! closing the window ends Baton. Whoever adds a system's own notifications puts them behind these two types.

use std::sync::Arc;

use baton_commands::alerts::{NotShown, ShownAlert};
use baton_commands::contract::Words;
use baton_core::alerts::Slot;

use super::{Act, Done};

/// No bus.
#[derive(Debug, Default)]
pub struct Bus;

/// No notifications.
#[derive(Debug)]
pub struct Notifications;

impl Notifications {
    /// Nothing to open.
    pub fn new(_bus: Arc<Bus>) -> Self {
        Self
    }

    /// Never.
    ///
    /// # Errors
    /// Always [`NotShown`].
    pub async fn shows(&self) -> Result<(), NotShown> {
        Err(NotShown(Words {
            what: "On this system notifications come inside the window.".to_owned(),
            action: String::new(),
        }))
    }

    /// Never.
    ///
    /// # Errors
    /// Always [`NotShown`].
    pub async fn show(&self, _alert: &ShownAlert) -> Result<(), NotShown> {
        self.shows().await
    }

    /// Nothing to take away.
    pub async fn close(&self, _slot: Slot) {}

    /// Nothing to take away.
    pub async fn close_all(&self) {}

    /// Nothing to hear.
    pub async fn hear(&self, _hear: impl Fn(Done)) {}
}

/// No tray.
#[derive(Debug, Default)]
pub struct Tray;

impl Tray {
    /// Nothing to show.
    pub fn chosen(&self, _on: bool, _is_quiet: bool) {}

    /// Nothing to count on.
    pub fn waits(&self, _waiting: u64) {}

    /// Never.
    pub fn is_there(&self) -> bool {
        false
    }

    /// Nothing to keep.
    pub async fn keep(
        &self,
        _icon: tauri::image::Image<'static>,
        _act: impl Fn(Act) + Send + Sync + 'static,
    ) {
    }
}
