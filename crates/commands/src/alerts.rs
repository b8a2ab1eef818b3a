//! Where alerts are shown outside of the page, and who hands them there. Every host shows them in its own way, or not at
//! all: then they come inside the window.
//!
//! ```text
//!   desk ──AlertEvent──▶ tell ──▶ AlertHost ──▶ the desktop ──clicked, sent away──▶ Answering ──▶ desk, page
//!                          └────▶ page: sounds; alerts that the desktop does not show
//! ```

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use baton_core::alerts::{AlertChoice, AlertEvent, Slot};
use tokio::sync::broadcast::error::RecvError;

use crate::answer::{Answering, customer_name};
use crate::contract::Words;

/// Shows alerts on the desktop around the window.
#[async_trait]
pub trait AlertHost: Debug + Send + Sync {
    /// Whether the desktop shows alerts now.
    ///
    /// # Errors
    /// [`NotShown`], with why it does not.
    async fn shows(&self) -> Result<(), NotShown>;

    /// Shows an alert in the place of what stands in its slot.
    ///
    /// # Errors
    /// [`NotShown`], with why it is not shown.
    async fn show(&self, alert: &ShownAlert) -> Result<(), NotShown>;

    /// Takes away what stands there. Nothing to do where nothing does.
    async fn close(&self, slot: Slot);

    /// What the agent chose. Told once at the start, and whenever it changes.
    fn chosen(&self, choice: &AlertChoice);

    /// Whether the desktop has a tray that shows our icon now.
    fn has_tray(&self) -> bool;
}

/// An alert in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShownAlert {
    /// Its place.
    pub slot: Slot,
    /// Whom or what it is about.
    pub title: String,
    /// What happened.
    pub body: String,
}

/// The desktop shows no alert.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?}")]
pub struct NotShown(pub Words);

/// A host without a desktop: everything comes inside the window.
#[derive(Clone, Copy, Debug)]
pub struct InsideTheWindow;

impl InsideTheWindow {
    fn why() -> NotShown {
        NotShown(Words {
            what: "Here notifications come inside the window.".to_owned(),
            action: String::new(),
        })
    }
}

#[async_trait]
impl AlertHost for InsideTheWindow {
    async fn shows(&self) -> Result<(), NotShown> {
        Err(Self::why())
    }

    async fn show(&self, _alert: &ShownAlert) -> Result<(), NotShown> {
        Err(Self::why())
    }

    async fn close(&self, _slot: Slot) {}

    fn chosen(&self, _choice: &AlertChoice) {}

    fn has_tray(&self) -> bool {
        false
    }
}

/// Hands the alerts of a desk to its host and its page, until the desk is gone.
pub async fn tell(desk: Arc<Answering>) {
    let mut events = desk.desk().alerts();
    desk.alert_host().chosen(&desk.desk().alert_choice());
    loop {
        match events.recv().await {
            Ok(AlertEvent::Show { alert, words }) => {
                let shown = ShownAlert { slot: alert.slot, title: words.title, body: words.body };
                desk.show_alert(&shown, alert.kind()).await;
            }
            Ok(AlertEvent::Close(slot)) => desk.alert_host().close(slot).await,
            Ok(AlertEvent::Sound(kind)) => desk.sound(kind),
            Ok(AlertEvent::Chosen) => {
                desk.alert_host().chosen(&desk.desk().alert_choice());
                desk.alerts_changed();
            }
            Ok(AlertEvent::Passed { thread, key, customer, from, is_mine }) => {
                let name = customer_name(customer.as_deref(), key.customer.as_str());
                desk.passed(thread, name, &key.account, from.as_ref(), is_mine).await;
            }
            // The newest are what counts.
            Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return,
        }
    }
}
