//! Every order of what can happen to one part, with a desk that is killed at every moment: the customer gets it at most once.

use baton_protocol::AgentId;
use baton_protocol::command::GRANT_MS;
use proptest::prelude::*;

use super::{facts, meta_says, mid, pressed};
use crate::control::WayBack;
use crate::outbox::Answered;
use crate::outbox::machine::{Effect, Event, Facts, State, has_ended, step};

/// What the world does next with one part.
#[derive(Debug, Clone, Copy)]
enum Move {
    Turn,
    TurnUnchecked,
    ToldLater,
    RelayAnswers,
    RelayIsAway,
    RelayGrantsLate,
    MetaTakesIt,
    MetaTakesItButTheAnswerIsCut,
    TheCallIsCutBeforeMeta,
    MetaRefuses,
    MetaThrottles,
    NoConnection,
    EchoComes,
    LookFindsOrNot,
    KilledBeforeTheEffects,
    KilledDuringTheCall { reached: bool },
    Discard,
}

fn moves() -> impl Strategy<Value = Move> {
    prop_oneof![
        6 => Just(Move::Turn),
        2 => Just(Move::TurnUnchecked),
        2 => Just(Move::ToldLater),
        6 => Just(Move::RelayAnswers),
        2 => Just(Move::RelayIsAway),
        1 => Just(Move::RelayGrantsLate),
        3 => Just(Move::MetaTakesIt),
        2 => Just(Move::MetaTakesItButTheAnswerIsCut),
        1 => Just(Move::TheCallIsCutBeforeMeta),
        1 => Just(Move::MetaRefuses),
        1 => Just(Move::MetaThrottles),
        1 => Just(Move::NoConnection),
        2 => Just(Move::EchoComes),
        1 => Just(Move::LookFindsOrNot),
        2 => Just(Move::KilledBeforeTheEffects),
        1 => any::<bool>().prop_map(|reached| Move::KilledDuringTheCall { reached }),
        1 => Just(Move::Discard),
    ]
}

/// The plain reference: what really happened, by counting.
#[derive(Default)]
struct Truth {
    /// Graph calls under the present part id.
    calls_of_id: u32,
    /// Messages on the customer's phone.
    on_the_phone: u32,
    /// Grants under the present part id.
    grants_of_id: u32,
}

/// A desk that carries out what the machine says, and loses everything but the stored state when killed.
struct Desk {
    stored: State,
    to_do: Vec<Effect>,
    boot_ms: i64,
    truth: Truth,
    asked_at: Option<i64>,
}

impl Desk {
    fn new() -> Self {
        Self { stored: pressed(), to_do: Vec::new(), boot_ms: 0, truth: Truth::default(), asked_at: None }
    }

    fn happen(&mut self, event: Event) {
        let (state, effects) = step(self.stored.clone(), event, self.boot_ms);
        self.stored = state;
        self.to_do.extend(effects);
    }

    fn wants(&self, effect: &Effect) -> bool {
        self.to_do.iter().any(|to_do| std::mem::discriminant(to_do) == std::mem::discriminant(effect))
    }

    fn done(&mut self, effect: &Effect) -> Option<Effect> {
        let at = self
            .to_do
            .iter()
            .position(|to_do| std::mem::discriminant(to_do) == std::mem::discriminant(effect))?;
        Some(self.to_do.remove(at))
    }

    fn kill(&mut self) {
        self.to_do.clear();
        self.asked_at = None;
        self.happen(Event::Restarted);
    }

    /// The one Graph call, as the loop makes it.
    fn call(&mut self, reaches_the_phone: bool) -> bool {
        let Some(Effect::CallMeta { not_from_boot_ms }) =
            self.done(&Effect::CallMeta { not_from_boot_ms: 0 })
        else {
            return false;
        };
        if self.boot_ms >= not_from_boot_ms {
            self.happen(Event::TooLate);
            return false;
        }
        assert_eq!(self.stored, State::Sending, "sending was durable before the call");
        self.truth.calls_of_id += 1;
        assert_eq!(self.truth.calls_of_id, 1, "one Graph call per part id");
        assert_eq!(self.truth.on_the_phone, 0, "no call after the customer has it");
        self.truth.on_the_phone += u32::from(reaches_the_phone);
        true
    }

    fn relay(&mut self, delay_ms: i64) {
        if self.done(&Effect::Renew).is_some() {
            self.truth.calls_of_id = 0;
            self.truth.grants_of_id = 0;
            self.happen(Event::Renewed);
        } else if self.done(&Effect::AskGrant).is_some() {
            let asked_boot_ms = self.asked_at.take().unwrap_or(self.boot_ms);
            self.boot_ms += delay_ms;
            self.truth.grants_of_id += 1;
            if self.truth.grants_of_id == 1 {
                self.happen(Event::Granted { asked_boot_ms, facts: facts() });
            } else {
                self.happen(Event::GrantedBefore);
            }
        }
    }

    fn make(&mut self, a_move: Move) {
        self.boot_ms += 100;
        match a_move {
            Move::Turn => {
                let due = self.to_do.iter().all(|effect| matches!(effect, Effect::TurnAgain { .. }));
                if due {
                    self.to_do.clear();
                    self.happen(Event::Turn(facts()));
                }
            }
            Move::TurnUnchecked => {
                let due = self.to_do.iter().all(|effect| matches!(effect, Effect::TurnAgain { .. }));
                if due {
                    self.to_do.clear();
                    self.happen(Event::Turn(Facts { goes_unchecked: true, ..facts() }));
                }
            }
            Move::ToldLater => {
                if self.done(&Effect::RenewLater).is_some() {
                    self.truth.calls_of_id = 0;
                    self.truth.grants_of_id = 0;
                    self.happen(Event::Renewed);
                } else if self.done(&Effect::TellLater).is_some() {
                    self.happen(Event::ToldLater { facts: Facts { goes_unchecked: true, ..facts() } });
                }
            }
            Move::RelayAnswers => self.relay(50),
            Move::RelayGrantsLate => self.relay(GRANT_MS),
            Move::RelayIsAway => {
                if self.wants(&Effect::AskGrant) || self.wants(&Effect::Renew) {
                    // The answer is lost; whether the relay granted it stays open.
                    self.truth.grants_of_id += u32::from(self.wants(&Effect::AskGrant));
                    self.done(&Effect::AskGrant);
                    self.done(&Effect::Renew);
                    self.happen(Event::RelayAway);
                }
            }
            Move::MetaTakesIt => {
                if self.call(true) {
                    self.happen(Event::Answered(Answered::Accepted { mid: mid() }));
                }
            }
            Move::MetaTakesItButTheAnswerIsCut => {
                if self.call(true) {
                    self.happen(Event::Answered(Answered::Unknown { why: "cut".to_owned() }));
                }
            }
            Move::TheCallIsCutBeforeMeta => {
                if self.call(false) {
                    self.happen(Event::Answered(Answered::Unknown { why: "cut".to_owned() }));
                }
            }
            Move::MetaRefuses => {
                if self.call(false) {
                    let error = Box::new(meta_says(551, None));
                    self.happen(Event::Answered(Answered::Refused { error, way_back: WayBack::Ask }));
                }
            }
            Move::MetaThrottles => {
                if self.call(false) {
                    self.happen(Event::Answered(Answered::Throttled { until_ms: 0 }));
                }
            }
            Move::NoConnection => {
                if self.call(false) {
                    let why = baton_graph::NotBegun::NoConnection("refused".to_owned());
                    self.happen(Event::Answered(Answered::NotBegun(why)));
                }
            }
            Move::EchoComes => {
                if self.truth.on_the_phone == 1 {
                    self.happen(Event::Proved { mid: mid(), at_ms: Some(1) });
                }
            }
            Move::LookFindsOrNot => {
                if matches!(self.stored, State::Unknown { .. }) {
                    let found = self.truth.on_the_phone == 1;
                    let proof = Event::Proved { mid: mid(), at_ms: Some(1) };
                    self.happen(if found { proof } else { Event::LookedInVain { several_fit: false } });
                }
            }
            Move::KilledBeforeTheEffects => self.kill(),
            Move::KilledDuringTheCall { reached } => {
                if self.call(reached) {
                    self.kill();
                }
            }
            Move::Discard => self.happen(Event::Discard { by: AgentId::new() }),
        }
        self.check();
    }

    /// What the screen says is never a lie about the phone.
    fn check(&self) {
        let on_the_phone = self.truth.on_the_phone == 1;
        match &self.stored {
            State::Held { .. } | State::Queued { .. } => {
                assert!(!on_the_phone, "queued, although the customer has it");
            }
            State::Returned { .. } => {
                assert!(!on_the_phone, "back in the draft, although the customer has it");
            }
            State::Refused { .. } => assert!(!on_the_phone, "refused, although the customer has it"),
            State::Sent { .. } => assert!(on_the_phone, "sent, although the customer does not have it"),
            State::Sending | State::Unknown { .. } | State::Abandoned { .. } => {}
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_is_killed_whenever_a_reply_reaches_the_customer_at_most_once(
        story in prop::collection::vec(moves(), 1..60)
    ) {
        let mut desk = Desk::new();
        for a_move in story {
            desk.make(a_move);
        }
    }

    #[test]
    fn once_the_world_works_again_every_reply_comes_to_an_end(story in prop::collection::vec(moves(), 1..40)) {
        let mut desk = Desk::new();
        for a_move in story {
            desk.make(a_move);
        }
        desk.kill();
        for _ in 0..4 {
            for a_move in [Move::Turn, Move::ToldLater, Move::RelayAnswers, Move::MetaTakesIt, Move::LookFindsOrNot] {
                desk.make(a_move);
            }
        }
        prop_assert!(
            has_ended(&desk.stored) || matches!(desk.stored, State::Unknown { looked: true, .. }),
            "still {:?}", desk.stored
        );
    }
}
