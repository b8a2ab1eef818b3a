//! What this desk says of its agent, and when. Pure: `(state, event, boot clock) → (state, what to say, when to look again)`.
//!
//! ```text
//!   quiet ──(stream opens, saying how it is)──▶ said ──(something else is true · typing goes on · 10 s)──▶ due ──▶ said
//!     ▲                                          │ ▲                                    at the earliest 300 ms after the last
//!     └──────────── stream is gone ──────────────┘ └── the relay did not take it: 2 s later
//! ```
//!
//! A supervisor may set the agent offline: that is what the agent chose from then on, until they choose again. It has a name,
//! which goes with what is said, so that the relay tells a choice made since from what was on its way.
//!
//! The latest counts: what was true in between is never said. An agent who touches nothing for [`IDLE_MS`] looks at nothing,
//! and is away by themselves where that is on, until they touch something; what they chose stands behind it.

use baton_protocol::presence::{Doing, PresenceSaid, PresenceState, RENEW_EVERY_MS, Viewing};
use baton_protocol::{AgentId, OfflineId, RunId};

/// After so long without a key or a pointer an agent is away, milliseconds.
pub(crate) const IDLE_MS: i64 = 600_000;
/// How long what follows is gathered after something was said, milliseconds.
const GATHER_MS: i64 = 300;
/// When the relay did not take it, it is said again after so long, milliseconds.
const AGAIN_MS: i64 = 2_000;
/// Whoever types is told of again and again; after so long without that they do not type any more, milliseconds.
const TYPES_MS: i64 = 5_000;

/// What happened.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// The agent chose how present they are.
    Chose(PresenceState),
    /// Whether the agent goes away by themselves.
    GoesAway(bool),
    /// A key was pressed, or a pointer moved.
    Touched,
    /// This thread is on the screen, and the agent does this there; or none is.
    Shows(Option<Viewing>),
    /// A stream is open, over which this desk said how it is.
    Connected,
    /// It is gone.
    Disconnected,
    /// The relay did not take what was said.
    NotTaken,
    /// A supervisor set the agent offline.
    SetOffline {
        /// Names the act.
        offline: OfflineId,
        /// Who did it.
        by: AgentId,
        /// How many open threads the agent had when this desk heard of it.
        threads: u64,
    },
}

/// The machine.
#[derive(Clone, Debug)]
pub(crate) struct Saying {
    chosen: PresenceState,
    /// Who set the agent offline, until they choose again.
    set_offline_by: Option<AgentId>,
    /// How many open threads the agent had then.
    had_threads: u64,
    /// The last such act that the agent was shown.
    shown_offline: Option<OfflineId>,
    goes_away: bool,
    touched_ms: i64,
    shows: Option<Viewing>,
    /// When typing was told last.
    typed_ms: i64,
    is_connected: bool,
    run: RunId,
    seq: u64,
    /// What was said last, as far as the relay took it.
    said: Option<Now>,
    /// When something was said last; none before the first time.
    said_ms: Option<i64>,
    /// Typing goes on since it was said.
    types_on: bool,
    was_taken: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Now {
    state: PresenceState,
    viewing: Option<Viewing>,
}

impl Saying {
    /// A run of the program begins: whoever started it is there.
    pub(crate) fn begin(boot_ms: i64, goes_away: bool) -> Self {
        Self {
            chosen: PresenceState::Online,
            set_offline_by: None,
            had_threads: 0,
            shown_offline: None,
            goes_away,
            touched_ms: boot_ms,
            shows: None,
            typed_ms: boot_ms,
            is_connected: false,
            run: RunId::new(),
            seq: 0,
            said: None,
            said_ms: None,
            types_on: false,
            was_taken: true,
        }
    }

    /// One step.
    pub(crate) fn step(&mut self, event: Event, now_ms: i64) {
        match event {
            Event::Chose(state) => {
                self.chosen = state;
                self.set_offline_by = None;
                self.touched_ms = now_ms;
            }
            // Told once more, it is over as soon as the agent chose since.
            Event::SetOffline { offline, by, threads } if self.shown_offline != Some(offline) => {
                self.chosen = PresenceState::Offline;
                self.set_offline_by = Some(by);
                self.had_threads = threads;
                self.shown_offline = Some(offline);
            }
            Event::SetOffline { .. } => {}
            Event::GoesAway(goes_away) => self.goes_away = goes_away,
            Event::Touched => self.touched_ms = now_ms,
            Event::Shows(viewing) => {
                if viewing.as_ref().is_some_and(|viewing| viewing.doing.is_typing()) {
                    self.types_on = true;
                    self.typed_ms = now_ms;
                }
                if viewing.is_some() {
                    self.touched_ms = now_ms;
                }
                self.shows = viewing;
            }
            Event::Connected => self.is_connected = true,
            Event::Disconnected => {
                self.is_connected = false;
                self.said = None;
            }
            Event::NotTaken => {
                self.said = None;
                self.was_taken = false;
            }
        }
    }

    /// What the agent chose.
    pub(crate) fn chosen(&self) -> PresenceState {
        self.chosen
    }

    /// Who set the agent offline, while they have not chosen since.
    pub(crate) fn set_offline_by(&self) -> Option<AgentId> {
        self.set_offline_by
    }

    /// How many open threads the agent had when somebody set them offline; means nothing while nobody did.
    pub(crate) fn had_threads(&self) -> u64 {
        self.had_threads
    }

    /// Whether the agent goes away by themselves.
    pub(crate) fn goes_away(&self) -> bool {
        self.goes_away
    }

    /// How present the agent is: what they chose, or away because nothing was touched for long.
    pub(crate) fn state(&self, now_ms: i64) -> PresenceState {
        let may = matches!(self.chosen, PresenceState::Online | PresenceState::TransfersOnly);
        if self.goes_away && may && self.is_untouched(now_ms) { PresenceState::Away } else { self.chosen }
    }

    /// When to look again, on the boot clock; none while nothing will be different by time alone.
    pub(crate) fn look_again_ms(&self, now_ms: i64) -> Option<i64> {
        let untouched = Some(self.touched_ms + IDLE_MS).filter(|at_ms| *at_ms > now_ms);
        let due = self.is_connected.then(|| self.due_ms(now_ms));
        due.into_iter().chain(untouched).min()
    }

    /// What to say now, if anything.
    pub(crate) fn say(&mut self, now_ms: i64) -> Option<PresenceSaid> {
        (self.is_connected && self.due_ms(now_ms) <= now_ms).then(|| self.said_now(now_ms))
    }

    /// What is said with the opening of a stream.
    pub(crate) fn said_now(&mut self, now_ms: i64) -> PresenceSaid {
        let now = self.now(now_ms);
        self.said = Some(now.clone());
        self.said_ms = Some(now_ms);
        self.types_on = false;
        self.was_taken = true;
        self.seq += 1;
        PresenceSaid {
            run: self.run,
            seq: self.seq,
            state: now.state,
            viewing: now.viewing,
            shown_offline: self.shown_offline,
        }
    }

    fn due_ms(&self, now_ms: i64) -> i64 {
        let pause = if self.was_taken { GATHER_MS } else { AGAIN_MS };
        let earliest = self.said_ms.map_or(now_ms, |said_ms| said_ms + pause);
        let now = self.now(now_ms);
        if self.said.as_ref() != Some(&now) || (self.types_on && is_typing(&now)) {
            return earliest;
        }
        let renewal = self.said_ms.map(|said_ms| said_ms + RENEW_EVERY_MS);
        let typed = is_typing(&now).then_some(self.typed_ms + TYPES_MS);
        [renewal, typed].into_iter().flatten().min().unwrap_or(earliest).max(earliest)
    }

    fn now(&self, now_ms: i64) -> Now {
        let state = self.state(now_ms);
        let is_seen = state != PresenceState::Offline && !self.is_untouched(now_ms);
        let viewing = self.shows.clone().filter(|_| is_seen).map(|Viewing { thread, doing }| {
            let is_over = doing.is_typing() && now_ms - self.typed_ms >= TYPES_MS;
            Viewing { thread, doing: if is_over { Doing::Reads } else { doing } }
        });
        Now { state, viewing }
    }

    fn is_untouched(&self, now_ms: i64) -> bool {
        now_ms - self.touched_ms >= IDLE_MS
    }
}

fn is_typing(now: &Now) -> bool {
    now.viewing.as_ref().is_some_and(|viewing| viewing.doing.is_typing())
}

#[cfg(test)]
mod tests {
    use baton_protocol::presence::LooksAt;

    use super::*;

    fn viewing(doing: Doing) -> Option<Viewing> {
        let thread = LooksAt { account: "104500000000011".into(), customer: "6200".into() };
        Some(Viewing { thread, doing })
    }

    fn shows(doing: Doing) -> Event {
        Event::Shows(viewing(doing))
    }

    fn connected() -> Saying {
        let mut saying = Saying::begin(0, true);
        assert_eq!(saying.say(0), None, "without a stream nothing is said");
        let first = saying.said_now(0);
        assert_eq!((first.seq, first.state, first.viewing), (1, PresenceState::Online, None));
        saying.step(Event::Connected, 0);
        saying
    }

    fn doing(said: Option<PresenceSaid>) -> Option<Doing> {
        said.and_then(|said| said.viewing).map(|viewing| viewing.doing)
    }

    #[test]
    fn the_latest_counts_and_what_was_true_in_between_is_not_said() {
        let mut saying = connected();
        saying.step(Event::Chose(PresenceState::Away), 100);
        saying.step(Event::Chose(PresenceState::TransfersOnly), 200);
        saying.step(shows(Doing::Reads), 250);
        assert_eq!((saying.look_again_ms(250), saying.say(299)), (Some(300), None));
        let said = saying.say(300).unwrap();
        assert_eq!((said.seq, said.state), (2, PresenceState::TransfersOnly));
        assert_eq!(said.viewing, viewing(Doing::Reads));
        assert_eq!(saying.say(300), None);
        saying.step(Event::Chose(PresenceState::Online), 400);
        saying.step(Event::Chose(PresenceState::TransfersOnly), 410);
        assert_eq!(saying.say(1_000), None, "nothing else is true");
    }

    #[test]
    fn it_is_said_again_every_ten_seconds() {
        let mut saying = connected();
        assert_eq!(saying.look_again_ms(0), Some(10_000));
        assert_eq!(saying.say(9_999), None);
        assert_eq!(saying.say(10_000).map(|said| said.seq), Some(2));
    }

    #[test]
    fn typing_goes_on_as_long_as_it_is_told_and_ends_by_itself() {
        let mut saying = connected();
        saying.step(shows(Doing::WritesReply), 1_000);
        assert_eq!(doing(saying.say(1_000)), Some(Doing::WritesReply));
        assert_eq!(saying.say(3_000), None);
        saying.step(shows(Doing::WritesReply), 4_000);
        assert_eq!(doing(saying.say(4_000)), Some(Doing::WritesReply), "said again for the relay");
        assert_eq!((saying.look_again_ms(4_000), saying.say(8_999)), (Some(9_000), None));
        assert_eq!(doing(saying.say(9_000)), Some(Doing::Reads));
        assert_eq!(saying.look_again_ms(9_000), Some(19_000));
    }

    #[test]
    fn what_the_relay_did_not_take_is_said_again() {
        let mut saying = connected();
        saying.step(Event::Chose(PresenceState::Away), 1_000);
        saying.say(1_000).unwrap();
        saying.step(Event::NotTaken, 1_200);
        assert_eq!((saying.look_again_ms(1_200), saying.say(2_999)), (Some(3_000), None));
        assert_eq!(saying.say(3_000).map(|said| said.state), Some(PresenceState::Away));
    }

    #[test]
    fn it_is_quiet_without_a_stream_and_says_how_it_is_with_the_next() {
        let mut saying = connected();
        saying.step(Event::Disconnected, 1_000);
        saying.step(Event::Chose(PresenceState::Offline), 2_000);
        saying.step(shows(Doing::WritesReply), 2_000);
        assert_eq!((saying.look_again_ms(2_000), saying.say(60_000)), (Some(602_000), None));
        let said = saying.said_now(60_000);
        assert_eq!((said.state, said.viewing), (PresenceState::Offline, None), "closed, to everybody else");
        saying.step(Event::Connected, 60_000);
        assert_eq!(saying.say(60_300), None);
    }

    #[test]
    fn whoever_touches_nothing_is_away_until_they_do() {
        let mut saying = connected();
        saying.step(Event::Chose(PresenceState::TransfersOnly), 0);
        saying.step(shows(Doing::Reads), 0);
        for at_ms in (300..=590_000).step_by(9_700) {
            saying.say(at_ms);
        }
        assert_eq!(saying.state(599_999), PresenceState::TransfersOnly);
        assert!(saying.look_again_ms(599_990).is_some_and(|at_ms| at_ms <= 600_000));
        let said = saying.say(600_000).unwrap();
        assert_eq!((said.state, said.viewing), (PresenceState::Away, None));
        assert_eq!(saying.chosen(), PresenceState::TransfersOnly);

        saying.step(Event::Touched, 700_000);
        let back = saying.say(700_000).unwrap();
        assert_eq!((back.state, doing(Some(back))), (PresenceState::TransfersOnly, Some(Doing::Reads)));
    }

    #[test]
    fn whom_a_supervisor_set_offline_is_so_until_they_choose_and_says_which_act_they_saw() {
        let mut saying = connected();
        saying.step(shows(Doing::Reads), 1_000);
        let (offline, by) = (OfflineId::new(), AgentId::new());
        saying.step(Event::SetOffline { offline, by, threads: 3 }, 2_000);
        assert_eq!((saying.state(2_000), saying.set_offline_by()), (PresenceState::Offline, Some(by)));
        assert_eq!(saying.had_threads(), 3);
        let said = saying.say(2_000).unwrap();
        assert_eq!(
            (said.state, said.viewing, said.shown_offline),
            (PresenceState::Offline, None, Some(offline))
        );

        saying.step(Event::Touched, 3_000);
        assert_eq!(saying.state(3_000), PresenceState::Offline, "a key is no choice");
        saying.step(Event::SetOffline { offline, by, threads: 0 }, 3_500);
        assert_eq!(saying.had_threads(), 3, "told once more, after the threads have left");
        saying.step(Event::Chose(PresenceState::Online), 4_000);
        assert_eq!(saying.set_offline_by(), None);
        let back = saying.say(4_000).unwrap();
        assert_eq!((back.state, back.shown_offline), (PresenceState::Online, Some(offline)));
        saying.step(Event::SetOffline { offline, by, threads: 3 }, 5_000);
        assert_eq!(saying.state(5_000), PresenceState::Online, "that act is over");
        saying.step(Event::SetOffline { offline: OfflineId::new(), by, threads: 1 }, 6_000);
        assert_eq!(saying.state(6_000), PresenceState::Offline);
    }

    #[test]
    fn who_chose_away_stays_so_and_who_never_goes_by_themselves_does_not() {
        let mut saying = connected();
        saying.step(Event::Chose(PresenceState::Away), 0);
        saying.step(Event::Touched, 5_000_000);
        assert_eq!(saying.state(5_000_000), PresenceState::Away);
        saying.step(Event::Chose(PresenceState::Online), 5_000_000);
        saying.step(Event::GoesAway(false), 5_000_000);
        assert_eq!(saying.state(50_000_000), PresenceState::Online);
        saying.step(Event::GoesAway(true), 50_000_000);
        assert_eq!(saying.state(50_000_000), PresenceState::Away, "nothing was touched for long");
    }
}
