//! The commands, answered by a desk: parse, call, map. What is true is decided in the core; here it gets the shape and
//! the words of the page.

mod accounts;
mod alerts;
mod attachments;
mod board;
mod canned;
mod composer;
mod control_words;
pub(crate) mod errors;
mod fitting;
mod gestures;
mod happened;
mod history;
mod items;
mod labels;
mod login;
mod many;
mod media;
mod notes;
mod notices;
mod outside;
mod people;
mod presence;
mod preview;
mod queue;
mod rows;
mod search;
mod session;
mod status;
mod thread;
mod views;
mod woven;

use std::sync::Arc;

pub(crate) use media::named;
pub(crate) use rows::customer_name;

use baton_core::desk::Desk;
use tokio::sync::broadcast;

use crate::alerts::{AlertHost, InsideTheWindow};
use crate::contract::error::CommandError;
use crate::contract::notice::Notice;
use crate::contract::session::{Setting, SettingName};
use crate::contract::status::DiagnosticFact;
use crate::outside::{Nowhere, Outside};

/// Slow listeners lose the oldest news of alerts.
const TOLD: usize = 64;

/// What a command answers.
pub(crate) type Answer<T> = Result<T, CommandError>;

/// A desk that answers the page, with what its host adds to the diagnostics (renderer, display).
#[derive(Clone, Debug)]
pub struct Answering {
    desk: Desk,
    host_facts: Vec<DiagnosticFact>,
    outside: Arc<dyn Outside>,
    alert_host: Arc<dyn AlertHost>,
    /// News that are not the desk's own: of alerts.
    told: broadcast::Sender<Notice>,
}

impl Answering {
    /// Answers for this desk, in a host that opens nothing outside. `host_facts` are shown in the diagnostics.
    #[must_use]
    pub fn new(desk: Desk, host_facts: Vec<DiagnosticFact>) -> Self {
        Self {
            desk,
            host_facts,
            outside: Arc::new(Nowhere),
            alert_host: Arc::new(InsideTheWindow),
            told: broadcast::Sender::new(TOLD),
        }
    }

    /// The same in a host that shows alerts outside of the window. [`crate::alerts::tell`] hands them there.
    #[must_use]
    pub fn alerting(self, alert_host: Arc<dyn AlertHost>) -> Self {
        Self { alert_host, ..self }
    }

    /// The same in a host that opens addresses outside of the window.
    #[must_use]
    pub fn opening(self, outside: Arc<dyn Outside>) -> Self {
        Self { outside, ..self }
    }

    pub(crate) fn outside(&self) -> &dyn Outside {
        &*self.outside
    }

    /// The desk behind it.
    #[must_use]
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    pub(crate) async fn setting(&self, asked: SettingName) -> Answer<Setting> {
        let value = self.desk.store().setting(&setting_key(&asked.name)).await.map_err(errors::of_store)?;
        Ok(Setting { name: asked.name, value })
    }

    pub(crate) async fn set_setting(&self, set: Setting) -> Answer<()> {
        self.desk
            .store()
            .set_setting(&setting_key(&set.name), set.value.as_deref())
            .await
            .map_err(errors::of_store)?;
        self.tell_page(Notice::Settings { name: set.name });
        Ok(())
    }
}

/// Settings of the page have a place of their own, so that no name it chooses meets one of the core's.
/// The core reads one of them: when customers are shown that they were read (`core::desk::gestures`).
fn setting_key(name: &str) -> String {
    format!("page/{name}")
}
