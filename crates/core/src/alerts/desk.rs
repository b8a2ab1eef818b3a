//! What a desk lets its loops, its host and its page do with alerts.

use baton_protocol::entry::Entry;
use baton_protocol::stream::Opened;
use tokio::sync::broadcast;

use super::{Alert, AlertChoice, AlertEvent, AlertWords, Clocks, Input, Logs, Quiet, SETTING, Says, Slot};
use crate::desk::inner::{Inner, lock};
use crate::desk::{Desk, DeskError};
use crate::store::{Changes, ThreadId};

impl Inner {
    /// The stream of a log begins.
    pub(crate) fn alerts_opened(&self, opened: &Opened) {
        let now = Clocks { wall_ms: self.wall_ms(), boot_ms: self.boot_ms() };
        lock(&self.alerts.logs).opened(opened, now);
    }

    /// The stream said something.
    pub(crate) fn alerts_listen(&self) {
        lock(&self.alerts.logs).listens(self.boot_ms());
    }

    /// Entries were stored, with all that this changed.
    pub(crate) fn alerts_hear(&self, entries: &[Entry], changes: &Changes) {
        let Some(me) = self.me() else { return };
        let heard = lock(&self.alerts.logs).hear(entries, changes, me.agent, self.meta_now().ms);
        if !heard.is_empty() {
            self.alerts.input(Input::Heard(heard));
        }
    }

    /// This desk was cut off: nothing that names anybody stays on the screen, and nothing of before is kept.
    pub(crate) fn alerts_forget(&self) {
        *lock(&self.alerts.logs) = Logs::default();
        self.alerts.input(Input::Hide);
    }
}

impl Desk {
    /// What is to be shown, heard and taken away from now on. A listener that is too slow hears that it lost some.
    #[must_use]
    pub fn alerts(&self) -> broadcast::Receiver<AlertEvent> {
        self.inner().alerts.events.subscribe()
    }

    /// What the agent chose to be told of. Do not disturb is off once its end is over.
    #[must_use]
    pub fn alert_choice(&self) -> AlertChoice {
        let choice = lock(&self.inner().alerts.choice).clone();
        AlertChoice { quiet: choice.quiet.at(self.inner().wall_ms()), ..choice }
    }

    /// Chooses what the agent is told of. Do not disturb stays as it is: see [`Desk::set_quiet`].
    ///
    /// # Errors
    /// When the store cannot be written; then everything is as it was.
    pub async fn choose_alerts(&self, chosen: AlertChoice) -> Result<AlertChoice, DeskError> {
        let before = self.alert_choice();
        let hides = chosen.hides_text && !before.hides_text;
        self.keep_choice(AlertChoice { quiet: before.quiet, ..chosen.bounded() }).await?;
        if hides {
            // What is on the screen still names somebody.
            self.inner().alerts.input(Input::Hide);
        }
        Ok(self.alert_choice())
    }

    /// Begins or ends do not disturb.
    ///
    /// # Errors
    /// When the store cannot be written; then everything is as it was.
    pub async fn set_quiet(&self, quiet: Quiet) -> Result<AlertChoice, DeskError> {
        let before = self.alert_choice();
        self.keep_choice(AlertChoice { quiet: quiet.at(self.inner().wall_ms()), ..before }).await?;
        Ok(self.alert_choice())
    }

    /// Somebody looks at a thread now, in a window that has the focus; or at none.
    pub fn looks_at(&self, thread: Option<ThreadId>) {
        self.inner().alerts.input(Input::Looks(thread));
    }

    /// An alert is not on the screen any more: it was clicked, or sent away.
    pub fn alert_gone(&self, slot: Slot) {
        self.inner().alerts.input(Input::Gone(slot));
    }

    /// An alert to see what alerts look like.
    #[must_use]
    pub fn trial_alert(&self) -> (Alert, AlertWords) {
        let alert = Alert { slot: Slot::Trial, says: Says::Trial };
        let words = alert.words(self.alert_choice().hides_text);
        (alert, words)
    }

    async fn keep_choice(&self, choice: AlertChoice) -> Result<(), DeskError> {
        let json = serde_json::to_string(&choice)
            .map_err(|error| crate::store::StoreError::Other(error.to_string()))?;
        self.inner().store.set_setting(SETTING, Some(&json)).await?;
        *lock(&self.inner().alerts.choice) = choice;
        self.inner().alerts.chosen.notify_one();
        self.inner().alerts.event(AlertEvent::Chosen);
        Ok(())
    }
}
