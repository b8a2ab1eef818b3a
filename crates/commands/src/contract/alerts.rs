//! Alerts: what the agent is told of wherever they are.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Ms, ThreadRef, Words};

/// What an agent can be told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum AlertKind {
    /// A customer wrote in a thread of the agent's.
    Message,
    /// A thread was given to the agent.
    Assigned,
    /// A colleague meant the agent in a note.
    Mention,
    /// The time to answer in a thread of the agent's ends soon.
    Shutting,
}

/// How one kind is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertSwitch {
    /// By a notification.
    pub popup: bool,
    /// By a sound.
    pub sound: bool,
}

/// What the agent chose to be told of, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertSettings {
    /// A customer wrote.
    pub message: AlertSwitch,
    /// A thread was given to the agent.
    pub assigned: AlertSwitch,
    /// A colleague meant the agent.
    pub mention: AlertSwitch,
    /// The time to answer ends soon.
    pub shutting: AlertSwitch,
    /// Notifications name no customer and quote nothing.
    pub hide_text: bool,
    /// How loud sounds are, 0 to 100.
    pub volume: u8,
    /// How long before its end a window is told of first, minutes; 0 for not at all.
    pub far_minutes: u32,
    /// How long before its end it is told of again, minutes; 0 for not at all.
    pub near_minutes: u32,
    /// An icon with the count stands in the desktop's tray.
    pub tray: bool,
    /// Closing the window leaves Baton running in the tray.
    pub keep_in_tray: bool,
}

/// Do not disturb: no notification and no sound; what waits is counted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "quiet", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum QuietView {
    /// Off.
    Off,
    /// Until a moment.
    Until {
        /// The moment, of this computer's clock.
        until_ms: Ms,
    },
    /// Until somebody ends it.
    On,
}

/// What the desktop around the window can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DesktopAlerts {
    /// True when it shows notifications; else they come inside the window.
    pub shows: bool,
    /// Why it does not, and what can be done; empty when it does.
    pub words: Words,
    /// True when it has a tray that shows our icon.
    pub tray: bool,
}

/// Everything about alerts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertsView {
    /// What was chosen.
    pub settings: AlertSettings,
    /// Do not disturb.
    pub quiet: QuietView,
    /// What the desktop can do.
    pub desktop: DesktopAlerts,
    /// The longest time before an end at which it can be told, minutes.
    pub most_minutes: u32,
}

/// Begins or ends do not disturb.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct SetQuiet {
    /// How it is from now on.
    pub quiet: QuietView,
}

/// What somebody looks at.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct LookAt {
    /// The open thread; none while the window has not the focus, or no thread is open.
    pub thread: Option<ThreadRef>,
}

/// What became of a test notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AlertTrial {
    /// True when the desktop shows it; else it came inside the window.
    pub on_desktop: bool,
}
