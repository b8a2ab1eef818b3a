//! Alerts, as the page chooses and hears them.

use baton_core::alerts::{AlertChoice, AlertKind as Kind, AlertSwitch as Switch, MOST_MINUTES, Quiet, Slot};
use baton_core::desk::Screen;
use baton_core::store::ThreadId;
use baton_messenger::AccountId;
use baton_messenger::id::AppId;
use baton_thread::Owner;

use super::control_words::owner_name;
use super::{Answer, Answering, errors};
use crate::alerts::{AlertHost, NotShown, ShownAlert};
use crate::contract::alerts::{
    AlertKind, AlertSettings, AlertSwitch, AlertTrial, AlertsView, DesktopAlerts, LookAt, QuietView, SetQuiet,
};
use crate::contract::notice::Notice;
use crate::contract::{Ms, ThreadRef, Words};

impl Answering {
    pub(crate) async fn alerts(&self, (): ()) -> Answer<AlertsView> {
        let shows = self.alert_host().shows().await;
        let desktop = DesktopAlerts {
            shows: shows.is_ok(),
            words: shows.err().map_or_else(Words::default, |NotShown(words)| words),
            tray: self.alert_host().has_tray(),
        };
        let choice = self.desk().alert_choice();
        Ok(AlertsView {
            quiet: quiet_view(choice.quiet),
            settings: settings_view(&choice),
            desktop,
            most_minutes: MOST_MINUTES,
        })
    }

    pub(crate) async fn set_alerts(&self, set: AlertSettings) -> Answer<AlertsView> {
        self.desk().choose_alerts(choice_of(&set)).await.map_err(errors::of_desk)?;
        self.alerts(()).await
    }

    pub(crate) async fn set_quiet(&self, set: SetQuiet) -> Answer<AlertsView> {
        self.desk().set_quiet(quiet_of(set.quiet)).await.map_err(errors::of_desk)?;
        self.alerts(()).await
    }

    pub(crate) async fn try_alert(&self, (): ()) -> Answer<AlertTrial> {
        let (alert, words) = self.desk().trial_alert();
        let shown = ShownAlert { slot: alert.slot, title: words.title, body: words.body };
        Ok(AlertTrial { on_desktop: self.show_alert(&shown, None).await })
    }

    pub(crate) async fn look_at(&self, look: LookAt) -> Answer<()> {
        self.desk().looks_on(Screen::Main, look.thread.map(|thread| ThreadId(thread.0)));
        Ok(())
    }
}

impl Answering {
    pub(crate) fn alert_host(&self) -> &dyn AlertHost {
        &*self.alert_host
    }

    /// Shows it on the desktop, else inside the window. True when the desktop shows it.
    pub(crate) async fn show_alert(&self, shown: &ShownAlert, kind: Option<Kind>) -> bool {
        let Err(NotShown(why)) = self.alert_host().show(shown).await else { return true };
        tracing::debug!(why = why.what, "an alert comes inside the window");
        self.tell_page(Notice::Alert {
            kind: kind.map(kind_view),
            title: shown.title.clone(),
            body: shown.body.clone(),
            thread: thread_of(shown.slot),
        });
        false
    }

    /// Lets something be heard.
    pub(crate) fn sound(&self, kind: Kind) {
        let volume = self.desk().alert_choice().volume;
        self.tell_page(Notice::Sound { kind: kind_view(kind), volume });
    }

    /// Another app passed a thread to us: the page says so where that is of its agent's business.
    pub(crate) async fn passed(
        &self,
        thread: ThreadId,
        name: String,
        account: &AccountId,
        from: Option<&AppId>,
        mine: bool,
    ) {
        // Without the names of apps it is another app that passed it.
        let facts = self.desk().store().account_facts(account).await.unwrap_or_default();
        let by = from.map(|app| owner_name(&Owner::of_app(app, &facts), &facts));
        self.tell_page(Notice::Passed { thread: ThreadRef(thread.0), name, by, mine });
    }

    /// What was chosen changed.
    pub(crate) fn alerts_changed(&self) {
        self.tell_page(Notice::Alerts);
    }

    /// Somebody clicked an alert: what it is about is opened. The host has brought the window to the front.
    pub fn alert_clicked(&self, slot: Slot) {
        self.desk().alert_gone(slot);
        if slot != Slot::Trial {
            self.tell_page(Notice::Go { thread: thread_of(slot) });
        }
    }

    /// Somebody sent an alert away, or the desktop did.
    pub fn alert_sent_away(&self, slot: Slot) {
        self.desk().alert_gone(slot);
    }

    /// Begins do not disturb until somebody ends it, or ends it: from outside of the page.
    pub async fn turn_quiet(&self, on: bool) {
        let quiet = if on { Quiet::On } else { Quiet::Off };
        if let Err(error) = self.desk().set_quiet(quiet).await {
            tracing::warn!(%error, "do not disturb was not changed");
        }
    }

    pub(super) fn tell_page(&self, notice: Notice) {
        // Nobody listening is no fault: a desk without a window.
        let _ = self.told.send(notice);
    }
}

fn thread_of(slot: Slot) -> Option<ThreadRef> {
    match slot {
        Slot::Thread(thread) => Some(ThreadRef(thread.0)),
        Slot::Many(_) | Slot::Trial => None,
    }
}

fn kind_view(kind: Kind) -> AlertKind {
    match kind {
        Kind::Message => AlertKind::Message,
        Kind::Assigned => AlertKind::Assigned,
        Kind::Mention => AlertKind::Mention,
        Kind::Shutting => AlertKind::Shutting,
    }
}

fn switch_view(switch: Switch) -> AlertSwitch {
    AlertSwitch { popup: switch.popup, sound: switch.sound }
}

fn switch_of(switch: AlertSwitch) -> Switch {
    Switch { popup: switch.popup, sound: switch.sound }
}

fn settings_view(choice: &AlertChoice) -> AlertSettings {
    AlertSettings {
        message: switch_view(choice.message),
        assigned: switch_view(choice.assigned),
        mention: switch_view(choice.mention),
        shutting: switch_view(choice.shutting),
        hide_text: choice.hides_text,
        volume: choice.volume,
        far_minutes: choice.far_minutes,
        near_minutes: choice.near_minutes,
        tray: choice.tray,
        keep_in_tray: choice.keeps_in_tray,
    }
}

fn choice_of(set: &AlertSettings) -> AlertChoice {
    AlertChoice {
        message: switch_of(set.message),
        assigned: switch_of(set.assigned),
        mention: switch_of(set.mention),
        shutting: switch_of(set.shutting),
        hides_text: set.hide_text,
        volume: set.volume,
        far_minutes: set.far_minutes,
        near_minutes: set.near_minutes,
        tray: set.tray,
        keeps_in_tray: set.keep_in_tray,
        ..AlertChoice::default()
    }
}

fn quiet_view(quiet: Quiet) -> QuietView {
    match quiet {
        Quiet::Off => QuietView::Off,
        Quiet::Until { wall_ms } => QuietView::Until { until_ms: Ms(wall_ms) },
        Quiet::On => QuietView::On,
    }
}

fn quiet_of(quiet: QuietView) -> Quiet {
    match quiet {
        QuietView::Off => Quiet::Off,
        QuietView::Until { until_ms } => Quiet::Until { wall_ms: until_ms.0 },
        QuietView::On => Quiet::On,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_chose_is_what_it_is_shown() {
        let chosen = AlertChoice {
            message: Switch { popup: false, sound: true },
            mention: Switch { popup: true, sound: false },
            hides_text: true,
            volume: 7,
            far_minutes: 90,
            near_minutes: 0,
            tray: false,
            keeps_in_tray: true,
            ..AlertChoice::default()
        };
        assert_eq!(choice_of(&settings_view(&chosen)), chosen);
    }

    #[test]
    fn do_not_disturb_crosses_and_comes_back() {
        for quiet in [Quiet::Off, Quiet::On, Quiet::Until { wall_ms: 5 }] {
            assert_eq!(quiet_of(quiet_view(quiet)), quiet);
        }
    }
}
