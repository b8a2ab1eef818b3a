//! When to connect, when to give up on a stream, when to try again. Pure: `(state, event, boot clock) → (state, act)`.
//!
//! ```text
//!            start                connected                  event
//!   idle ───────────▶ connecting ───────────▶ streaming ◀───────────┐
//!                       ▲   │                   │   └───────────────┘
//!        pause is over  │   │ no answer         │ cut, or silent for 20 s
//!        or woken       │   ▼                   ▼
//!                     pausing ◀─────────────────┘        (twice as long each time, with jitter)
//!
//!   revoked, not known, or versions that do not fit: refused. A desk that was cut off stays so, and removes what it
//!   holds (`crate::desk`, wiping); for the rest it asks again every few minutes, because either side may be updated, and a
//!   relay's log may be put back.
//! ```
//!
//! Silence is measured on the boot clock, so that a desk that slept knows at once that its stream is dead.

use baton_messenger::Words;
use baton_protocol::stream::SILENCE_MS;

use crate::backoff::Backoff;
use crate::relay_client::RelayError;

/// First and longest pause between tries, milliseconds.
const FIRST_PAUSE_MS: i64 = 500;
const LONGEST_PAUSE_MS: i64 = 30_000;
/// How often a relay of another version, or one that does not know this desk, is asked again, milliseconds.
const VERSION_PAUSE_MS: i64 = 300_000;

/// Why the relay does not serve this desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// An admin cut the desk off.
    Revoked,
    /// The relay does not know the desk.
    Unknown,
    /// The relay must be updated.
    RelayTooOld,
    /// This desk must be updated.
    RelayTooNew,
}

impl Refusal {
    /// The refusal in an error of the relay, if it is one.
    #[must_use]
    pub fn of(error: &RelayError) -> Option<Self> {
        match error {
            RelayError::Revoked => Some(Self::Revoked),
            RelayError::UnknownDesk => Some(Self::Unknown),
            RelayError::RelayTooOld => Some(Self::RelayTooOld),
            RelayError::RelayTooNew => Some(Self::RelayTooNew),
            _ => None,
        }
    }
}

/// How this desk stands to its relay, for the status line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncStatus {
    /// This desk is not enrolled, or its secrets cannot be read.
    Idle,
    /// The first try, or one after a pause, is under way.
    Connecting,
    /// The stream is open and complete.
    Live {
        /// How long the relay took to answer when this stream was opened, milliseconds; it says nothing of later. None when
        /// that was not measured.
        answered_ms: Option<i64>,
    },
    /// The stream is open; older entries are still being read, or not every log of it is open.
    Behind {
        /// How many; none are known of while a log is still to be opened.
        missing: u64,
    },
    /// The relay does not answer.
    Offline {
        /// Since when, milliseconds of the boot clock.
        since_boot_ms: i64,
        /// The next try, milliseconds of the boot clock.
        next_try_boot_ms: i64,
        /// What happened.
        error: RelayError,
    },
    /// The relay does not serve this desk.
    Refused {
        /// Why.
        why: Refusal,
    },
}

impl SyncStatus {
    /// True while the relay serves this desk, also while there is more to read than was read.
    #[must_use]
    pub fn is_served(&self) -> bool {
        matches!(self, Self::Live { .. } | Self::Behind { .. })
    }

    /// What the agent is told while the relay does not serve this desk, and what that means here; none while it does.
    #[must_use]
    pub fn trouble(&self) -> Option<Words> {
        let nothing_new = |what: &str| format!("{what}, so nothing new arrives here and replies wait.");
        // What is read without the relay: see `from_meta`.
        let but_what_is_opened = |what: &str| {
            format!("{} The thread that you open is read from Meta itself meanwhile.", nothing_new(what))
        };
        Some(match self {
            Self::Offline { error: RelayError::Unreachable(_), .. } => Words::new(
                but_what_is_opened("The relay cannot be reached"),
                "Check the network. Baton goes on trying by itself.",
            ),
            Self::Offline { error: RelayError::NotStored, .. } => Words::new(
                nothing_new("What the relay sends cannot be stored on this computer"),
                "See what Baton says about this computer's disk. It goes on trying by itself.",
            ),
            Self::Offline { error, .. } => error.agent_words(),
            Self::Refused { why: Refusal::Revoked } => Words::new(
                nothing_new("An admin cut this desk off"),
                "If that was not meant for you, ask an admin for a new invite.",
            ),
            Self::Refused { why: Refusal::Unknown } => Words::new(
                nothing_new("The relay does not know this desk"),
                "Ask an admin for a new invite and use it here; everything that is on this computer stays.",
            ),
            Self::Refused { why: Refusal::RelayTooOld } => Words::new(
                but_what_is_opened("The relay is too old for this version of Baton"),
                "Ask whoever runs the relay to update it.",
            ),
            Self::Refused { why: Refusal::RelayTooNew } => Words::new(
                but_what_is_opened("This version of Baton is too old for the relay"),
                "Update Baton on this computer.",
            ),
            Self::Idle | Self::Connecting | Self::Live { .. } | Self::Behind { .. } => return None,
        })
    }
}

/// Where the connection stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Link {
    /// Not begun.
    Idle,
    /// A connection is being made.
    Connecting,
    /// A stream is open.
    Streaming {
        /// When the last event came, milliseconds of the boot clock.
        heard_boot_ms: i64,
    },
    /// Waiting before the next try.
    Pausing {
        /// The next try.
        until_boot_ms: i64,
        /// What happened.
        error: RelayError,
    },
    /// The desk was cut off: no more tries.
    Over,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Begin.
    Start,
    /// The relay opened the stream.
    Connected,
    /// An event came on the stream.
    Heard,
    /// The connection could not be made, or the stream was cut.
    Failed(RelayError),
    /// Time passed.
    Tick,
    /// Something suggests that a try is worth it now: the network came back, the agent asked.
    Woken,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Nothing; ask again at the next event.
    None,
    /// Open a stream.
    Connect,
    /// Drop the stream; it is dead or over.
    Close,
}

/// The connection as a machine.
#[derive(Debug, Clone)]
pub struct Connection {
    link: Link,
    backoff: Backoff,
    offline_since_boot_ms: Option<i64>,
}

impl Default for Connection {
    fn default() -> Self {
        Self {
            link: Link::Idle,
            backoff: Backoff::new(FIRST_PAUSE_MS, LONGEST_PAUSE_MS),
            offline_since_boot_ms: None,
        }
    }
}

impl Connection {
    /// One step. `random` is any number, for jitter.
    pub fn step(&mut self, event: Event, boot_ms: i64, random: u64) -> Act {
        match (&self.link, event) {
            (Link::Over, _) => Act::None,
            (Link::Idle, Event::Start) => self.connect(),
            (Link::Pausing { .. }, Event::Woken) => {
                // A network that just came back may fail the first try, and that says nothing of how long it will.
                self.backoff.succeed();
                self.connect()
            }
            (Link::Pausing { until_boot_ms, .. }, Event::Tick) if boot_ms >= *until_boot_ms => self.connect(),
            (Link::Connecting, Event::Connected) => {
                self.link = Link::Streaming { heard_boot_ms: boot_ms };
                Act::None
            }
            (Link::Streaming { .. }, Event::Heard) => {
                self.link = Link::Streaming { heard_boot_ms: boot_ms };
                self.backoff.succeed();
                self.offline_since_boot_ms = None;
                Act::None
            }
            (Link::Streaming { heard_boot_ms }, Event::Tick | Event::Woken)
                if boot_ms.saturating_sub(*heard_boot_ms) > SILENCE_MS.cast_signed() =>
            {
                self.fail(RelayError::Unreachable("silent for 20 s".to_owned()), boot_ms, random)
            }
            (Link::Connecting | Link::Streaming { .. }, Event::Failed(error)) => {
                self.fail(error, boot_ms, random)
            }
            _ => Act::None,
        }
    }

    /// Where the connection stands.
    #[must_use]
    pub fn link(&self) -> &Link {
        &self.link
    }

    /// For how long the relay has not been heard, milliseconds; nothing while it is.
    #[must_use]
    pub fn away_ms(&self, boot_ms: i64) -> i64 {
        self.offline_since_boot_ms.map_or(0, |since| boot_ms.saturating_sub(since))
    }

    /// The status as far as the connection alone knows it; `missing` entries, whether all logs of the stream are open and how
    /// long the relay took to answer come from outside.
    #[must_use]
    pub fn status(&self, missing: u64, is_open: bool, answered_ms: Option<i64>) -> SyncStatus {
        match &self.link {
            Link::Idle => SyncStatus::Idle,
            Link::Over => SyncStatus::Refused { why: Refusal::Revoked },
            Link::Streaming { .. } if missing > 0 || !is_open => SyncStatus::Behind { missing },
            Link::Streaming { .. } => SyncStatus::Live { answered_ms },
            Link::Connecting => SyncStatus::Connecting,
            Link::Pausing { until_boot_ms, error } => match Refusal::of(error) {
                Some(why) => SyncStatus::Refused { why },
                None => SyncStatus::Offline {
                    since_boot_ms: self.offline_since_boot_ms.unwrap_or(*until_boot_ms),
                    next_try_boot_ms: *until_boot_ms,
                    error: error.clone(),
                },
            },
        }
    }

    fn connect(&mut self) -> Act {
        self.link = Link::Connecting;
        Act::Connect
    }

    fn fail(&mut self, error: RelayError, boot_ms: i64, random: u64) -> Act {
        self.offline_since_boot_ms.get_or_insert(boot_ms);
        let pause_ms = match Refusal::of(&error) {
            Some(Refusal::Revoked) => {
                self.link = Link::Over;
                return Act::Close;
            }
            Some(_) => VERSION_PAUSE_MS,
            None => self.backoff.fail(random),
        };
        self.link = Link::Pausing { until_boot_ms: boot_ms.saturating_add(pause_ms), error };
        Act::Close
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut() -> Event {
        Event::Failed(RelayError::Unreachable("refused".to_owned()))
    }

    fn streaming() -> Connection {
        let mut connection = Connection::default();
        assert_eq!(connection.step(Event::Start, 0, 0), Act::Connect);
        connection.step(Event::Connected, 10, 0);
        connection.step(Event::Heard, 20, 0);
        connection
    }

    #[test]
    fn a_stream_that_is_silent_for_20_seconds_is_dead() {
        let mut connection = streaming();
        assert_eq!(connection.step(Event::Tick, 20_020, 0), Act::None);
        assert_eq!(connection.step(Event::Tick, 20_021, 0), Act::Close);
        assert!(matches!(connection.status(0, true, None), SyncStatus::Offline { .. }));
    }

    #[test]
    fn after_a_night_of_sleep_the_first_look_finds_the_stream_dead() {
        let mut connection = streaming();
        assert_eq!(connection.step(Event::Woken, 8 * 3_600_000, 0), Act::Close);
        assert_eq!(connection.step(Event::Woken, 8 * 3_600_000, 0), Act::Connect);
    }

    #[test]
    fn pauses_grow_and_begin_small_again_after_a_stream_that_worked() {
        let mut connection = Connection::default();
        connection.step(Event::Start, 0, 0);
        let mut now = 0;
        let mut pauses = Vec::new();
        for _ in 0..9 {
            assert_eq!(connection.step(cut(), now, u64::MAX), Act::Close);
            let Link::Pausing { until_boot_ms, .. } = connection.link() else { panic!("not pausing") };
            pauses.push(until_boot_ms - now);
            now = *until_boot_ms;
            assert_eq!(connection.step(Event::Tick, now, 0), Act::Connect);
        }
        assert!(pauses.windows(2).all(|pair| pair[0] <= pair[1] * 2), "{pauses:?}");
        assert!(*pauses.last().unwrap() >= LONGEST_PAUSE_MS / 2);
        connection.step(Event::Connected, now, 0);
        connection.step(Event::Heard, now, 0);
        connection.step(cut(), now, 0);
        let Link::Pausing { until_boot_ms, .. } = connection.link() else { panic!("not pausing") };
        assert!(until_boot_ms - now <= FIRST_PAUSE_MS);
    }

    #[test]
    fn who_is_woken_tries_at_once_and_after_short_pauses_again() {
        let mut connection = Connection::default();
        connection.step(Event::Start, 0, 0);
        let mut now = 0;
        for _ in 0..9 {
            connection.step(cut(), now, u64::MAX);
            let Link::Pausing { until_boot_ms, .. } = connection.link() else { panic!("not pausing") };
            now = *until_boot_ms;
            connection.step(Event::Tick, now, 0);
        }
        connection.step(cut(), now, 0);
        assert_eq!(connection.step(Event::Tick, now + 1, 0), Act::None, "the pause is long by now");
        assert_eq!(connection.step(Event::Woken, now + 1, 0), Act::Connect);
        connection.step(cut(), now + 2, u64::MAX);
        let Link::Pausing { until_boot_ms, .. } = connection.link() else { panic!("not pausing") };
        assert!(until_boot_ms - (now + 2) <= FIRST_PAUSE_MS);
    }

    #[test]
    fn a_desk_that_was_cut_off_stops_asking() {
        let mut connection = streaming();
        assert_eq!(connection.step(Event::Failed(RelayError::Revoked), 30, 0), Act::Close);
        assert_eq!(connection.step(Event::Woken, 1_000_000, 0), Act::None);
        assert_eq!(connection.status(0, true, None), SyncStatus::Refused { why: Refusal::Revoked });
    }

    #[test]
    fn a_relay_that_does_not_know_this_desk_is_asked_again_later() {
        let mut connection = Connection::default();
        connection.step(Event::Start, 0, 0);
        connection.step(Event::Failed(RelayError::UnknownDesk), 0, 0);
        assert_eq!(connection.status(0, true, None), SyncStatus::Refused { why: Refusal::Unknown });
        assert_eq!(connection.step(Event::Tick, VERSION_PAUSE_MS, 0), Act::Connect);
    }

    #[test]
    fn a_relay_of_another_version_is_asked_again_later() {
        let mut connection = Connection::default();
        connection.step(Event::Start, 0, 0);
        connection.step(Event::Failed(RelayError::RelayTooOld), 0, 0);
        assert_eq!(connection.status(0, true, None), SyncStatus::Refused { why: Refusal::RelayTooOld });
        assert_eq!(connection.step(Event::Tick, VERSION_PAUSE_MS, 0), Act::Connect);
    }

    #[test]
    fn each_trouble_with_the_relay_has_words_of_its_own_and_health_has_none() {
        let offline = |error| SyncStatus::Offline { since_boot_ms: 0, next_try_boot_ms: 0, error };
        let troubles = [
            offline(RelayError::Unreachable("refused".to_owned())),
            offline(RelayError::NotARelay),
            offline(RelayError::NotStored),
            SyncStatus::Refused { why: Refusal::Revoked },
            SyncStatus::Refused { why: Refusal::Unknown },
            SyncStatus::Refused { why: Refusal::RelayTooOld },
            SyncStatus::Refused { why: Refusal::RelayTooNew },
        ];
        let told: std::collections::BTreeSet<String> =
            troubles.iter().map(|status| status.trouble().unwrap().what).collect();
        assert_eq!(told.len(), troubles.len());
        assert_eq!(SyncStatus::Live { answered_ms: None }.trouble(), None);
    }

    #[test]
    fn the_status_says_what_is_missing() {
        let connection = streaming();
        assert_eq!(connection.status(7, true, None), SyncStatus::Behind { missing: 7 });
        assert_eq!(connection.status(0, true, Some(100)), SyncStatus::Live { answered_ms: Some(100) });
    }

    #[test]
    fn a_stream_of_which_a_log_is_still_to_be_opened_is_not_complete() {
        let connection = streaming();
        assert_eq!(connection.status(0, false, Some(100)), SyncStatus::Behind { missing: 0 });
    }
}
