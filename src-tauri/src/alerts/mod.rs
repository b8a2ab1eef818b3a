//! Alerts on the desktop around the window: notifications, and an icon in the tray that counts.
//!
//! ```text
//!   commands::alerts::tell ──▶ Alerting ──▶ Notifications ──▶ the desktop's daemon
//!                                 │  ▲           └ clicked ──▶ window to the front, its thread opens
//!                                 │  └── Act ── Tray ──▶ the desktop's tray
//!                                 └ keeps running in the tray when the window is closed, where that was chosen
//! ```
//!
//! Promises: a desktop without a daemon, without a tray or without a bus is no fault; then alerts come inside the window, and
//! closing it ends Baton.

#[cfg(target_os = "linux")]
mod bus;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod notifications;
#[cfg(target_os = "linux")]
mod tray;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use async_trait::async_trait;
use baton_commands::alerts::{AlertHost, NotShown, ShownAlert};
use baton_core::alerts::{AlertChoice, Quiet, Slot};
use tauri::{AppHandle, Manager as _};

#[cfg(target_os = "linux")]
use self::{bus::Bus, notifications::Notifications, tray::Tray};
#[cfg(not(target_os = "linux"))]
use elsewhere::{Bus, Notifications, Tray};

use crate::closing;
use crate::raise;
use crate::shell::Shell;

/// How long taking away what is shown may keep the program from ending.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a person did with a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It was clicked. With the token a window may come to the front.
    Clicked {
        /// Its place.
        slot: Slot,
        /// The desktop's leave to come to the front.
        token: Option<String>,
    },
    /// It is not there any more.
    Gone(Slot),
}

/// What a person did with the icon in the tray.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// The window is wanted.
    Open,
    /// Do not disturb is to begin, or to end.
    Quiet,
    /// Baton is to end.
    Quit,
}

/// The desktop around the window, as far as alerts go.
#[derive(Debug)]
pub struct Alerting {
    notifications: Arc<Notifications>,
    tray: Arc<Tray>,
    /// The window may go away and Baton go on.
    keeps_in_tray: AtomicBool,
    is_quiet: AtomicBool,
    /// The application, once it runs.
    app: OnceLock<AppHandle>,
}

impl Default for Alerting {
    fn default() -> Self {
        Self {
            notifications: Arc::new(Notifications::new(Arc::<Bus>::default())),
            tray: Arc::default(),
            keeps_in_tray: AtomicBool::default(),
            is_quiet: AtomicBool::default(),
            app: OnceLock::new(),
        }
    }
}

impl Alerting {
    /// The application runs: clicks are heard from now on, and the icon stands in the tray where it is wanted.
    pub fn belongs_to(self: &Arc<Self>, app: &AppHandle) {
        if self.app.set(app.clone()).is_err() {
            return;
        }
        let (notifications, clicked) = (Arc::clone(&self.notifications), app.clone());
        tauri::async_runtime::spawn(async move {
            notifications.hear(|done| hear(&clicked, done)).await;
        });
        let Some(icon) = app.default_window_icon().map(|icon| icon.clone().to_owned()) else { return };
        let (tray, alerting, app) = (Arc::clone(&self.tray), Arc::clone(self), app.clone());
        tauri::async_runtime::spawn(async move {
            tray.keep(icon, move |act| alerting.does(&app, act)).await;
        });
    }

    /// So many wait for the agent.
    pub fn waits(&self, waiting: u64) {
        self.tray.waits(waiting);
    }

    /// Whether closing the window leaves Baton running: it was chosen, and there is an icon to come back by.
    pub fn keeps_running(&self) -> bool {
        self.keeps_in_tray.load(Ordering::SeqCst) && self.tray.is_there()
    }

    /// Nothing of ours stays on the screen.
    pub async fn end(&self) {
        let closing = self.notifications.close_all();
        if tokio::time::timeout(LAST_WORDS, closing).await.is_err() {
            tracing::debug!("some notifications stayed on the screen");
        }
    }

    fn does(&self, app: &AppHandle, act: Act) {
        match act {
            Act::Open => raise::window(app, None),
            Act::Quit => {
                // It asks the desk, and the tray waits for nobody.
                let app = app.clone();
                tauri::async_runtime::spawn_blocking(move || closing::quit(&app));
            }
            Act::Quiet => {
                let Some(desk) = app.state::<Arc<Shell>>().desk().cloned() else { return };
                let on = !self.is_quiet.load(Ordering::SeqCst);
                tauri::async_runtime::spawn(async move { desk.turn_quiet(on).await });
            }
        }
    }
}

/// Somebody did something with a notification.
fn hear(app: &AppHandle, done: Done) {
    let Some(desk) = app.state::<Arc<Shell>>().desk().cloned() else { return };
    match done {
        Done::Clicked { slot, token } => {
            raise::window(app, token);
            desk.alert_clicked(slot);
        }
        Done::Gone(slot) => desk.alert_sent_away(slot),
    }
}

#[async_trait]
impl AlertHost for Alerting {
    async fn shows(&self) -> Result<(), NotShown> {
        self.notifications.shows().await
    }

    async fn show(&self, alert: &ShownAlert) -> Result<(), NotShown> {
        self.notifications.show(alert).await
    }

    async fn close(&self, slot: Slot) {
        self.notifications.close(slot).await;
    }

    fn chosen(&self, choice: &AlertChoice) {
        // An end that is over is taken out of what was chosen.
        let is_quiet = choice.quiet != Quiet::Off;
        self.is_quiet.store(is_quiet, Ordering::SeqCst);
        self.keeps_in_tray.store(choice.tray && choice.keeps_in_tray, Ordering::SeqCst);
        self.tray.chosen(choice.tray, is_quiet);
    }

    fn has_tray(&self) -> bool {
        self.tray.is_there()
    }
}
