//! What the agent of this desk chose to be told of, and how.

use serde::{Deserialize, Serialize};

/// The longest time before an end at which it can be told, minutes: a window lasts for 24 hours.
pub const MOST_MINUTES: u32 = 23 * 60;
/// The loudest.
pub const MOST_VOLUME: u8 = 100;

/// What an agent can be told of. Of several at once the last in this order is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AlertKind {
    /// A customer wrote in a thread of the agent's.
    Message,
    /// A thread was given to the agent.
    Assigned,
    /// The time to answer in a thread of the agent's ends soon, or control of it does.
    Shutting,
    /// A colleague meant the agent in a note.
    Mention,
}

impl AlertKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Message, Self::Assigned, Self::Shutting, Self::Mention];
}

/// How one kind is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertSwitch {
    /// By a notification.
    pub popup: bool,
    /// By a sound.
    pub sound: bool,
}

impl Default for AlertSwitch {
    fn default() -> Self {
        Self { popup: true, sound: true }
    }
}

/// Until when the agent is not to be disturbed: no notification, no sound; what waits is counted all the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "quiet", rename_all = "snake_case")]
pub enum Quiet {
    /// Everything is told.
    #[default]
    Off,
    /// Nothing is told until a moment of the desk's wall clock, milliseconds UTC.
    Until {
        /// The moment.
        wall_ms: i64,
    },
    /// Nothing is told until somebody ends it.
    On,
}

impl Quiet {
    /// Whether nothing is told at this moment of the wall clock.
    #[must_use]
    pub fn is_on(self, now_wall_ms: i64) -> bool {
        match self {
            Self::Off => false,
            Self::Until { wall_ms } => now_wall_ms < wall_ms,
            Self::On => true,
        }
    }

    /// The same, without an end that is over.
    #[must_use]
    pub fn at(self, now_wall_ms: i64) -> Self {
        if self.is_on(now_wall_ms) { self } else { Self::Off }
    }
}

/// Everything that was chosen. What an older program did not know is as it is by default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertChoice {
    /// See [`AlertKind::Message`].
    pub message: AlertSwitch,
    /// See [`AlertKind::Assigned`].
    pub assigned: AlertSwitch,
    /// See [`AlertKind::Mention`].
    pub mention: AlertSwitch,
    /// See [`AlertKind::Shutting`].
    pub shutting: AlertSwitch,
    /// Notifications name no customer and tell nothing of what was said.
    pub hides_text: bool,
    /// How loud sounds are, 0 to 100.
    pub volume: u8,
    /// How long before its end a window is told of first, minutes; 0 for not at all.
    pub far_minutes: u32,
    /// How long before its end it is told of again, minutes; 0 for not at all.
    pub near_minutes: u32,
    /// An icon with the count stands in the desktop's tray.
    pub tray: bool,
    /// Closing the window leaves Baton running in the tray.
    pub keeps_in_tray: bool,
    /// Do not disturb.
    pub quiet: Quiet,
}

impl Default for AlertChoice {
    fn default() -> Self {
        Self {
            message: AlertSwitch::default(),
            assigned: AlertSwitch::default(),
            mention: AlertSwitch::default(),
            shutting: AlertSwitch::default(),
            hides_text: false,
            volume: 60,
            far_minutes: 120,
            near_minutes: 30,
            tray: true,
            keeps_in_tray: false,
            quiet: Quiet::Off,
        }
    }
}

impl AlertChoice {
    /// How a kind is told.
    #[must_use]
    pub fn of(&self, kind: AlertKind) -> AlertSwitch {
        match kind {
            AlertKind::Message => self.message,
            AlertKind::Assigned => self.assigned,
            AlertKind::Shutting => self.shutting,
            AlertKind::Mention => self.mention,
        }
    }

    /// The same with figures that can be.
    #[must_use]
    pub fn bounded(self) -> Self {
        Self {
            volume: self.volume.min(MOST_VOLUME),
            far_minutes: self.far_minutes.min(MOST_MINUTES),
            near_minutes: self.near_minutes.min(MOST_MINUTES),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_older_program_did_not_know_is_as_by_default() {
        let kept: AlertChoice =
            serde_json::from_str(r#"{"message": {"sound": false}, "hides_text": true}"#).unwrap();
        let message = AlertSwitch { popup: true, sound: false };
        assert_eq!(kept, AlertChoice { message, hides_text: true, ..AlertChoice::default() });
    }

    #[test]
    fn it_comes_back_as_it_was_kept() {
        let chosen = AlertChoice { quiet: Quiet::Until { wall_ms: 7 }, volume: 10, ..AlertChoice::default() };
        let kept = serde_json::to_string(&chosen).unwrap();
        assert_eq!(serde_json::from_str::<AlertChoice>(&kept).unwrap(), chosen);
    }

    #[test]
    fn figures_that_cannot_be_are_cut() {
        let wild =
            AlertChoice { volume: 255, far_minutes: 99_999, near_minutes: 99_999, ..AlertChoice::default() };
        let cut = wild.bounded();
        assert_eq!((cut.volume, cut.far_minutes, cut.near_minutes), (100, MOST_MINUTES, MOST_MINUTES));
    }

    #[test]
    fn do_not_disturb_ends_by_itself_or_when_somebody_ends_it() {
        assert!(!Quiet::Off.is_on(0));
        assert!(Quiet::On.is_on(i64::MAX));
        let until = Quiet::Until { wall_ms: 1_000 };
        assert_eq!((until.at(999), until.at(1_000)), (until, Quiet::Off));
    }
}
