//! What a desk shows of one thread's owner: the evidence it has, folded as its store folds it, and what it asks Meta.

use baton_core::control::learned::{Learned, learned_at};
use baton_core::control::owner_read::{OwnerAnswers, ask_owner, is_worth_asking};
use baton_graph::CallError;
use baton_messenger::answer::ThreadOwner;
use baton_messenger::webhook::{Kind, parse};
use baton_simulator::QuietWorld;
use baton_thread::{AccountFacts, Act, Evidence, Owner, OwnerState};
use futures_util::FutureExt as _;
use serde_json::Value;

use crate::model::Broken;

/// Evidence may still come late among so many pieces.
const OPEN: usize = 24;

pub struct Shown {
    pub facts: AccountFacts,
    /// After the evidence that is closed.
    base: OwnerState,
    open: Vec<Evidence>,
    last_said_ms: i64,
    pieces: u64,
    broken: Option<Broken>,
}

impl Shown {
    pub fn new(facts: AccountFacts, broken: Option<Broken>) -> Self {
        let base = OwnerState::start(&facts);
        Self { facts, base, open: Vec::new(), last_said_ms: 0, pieces: 0, broken }
    }

    /// What is on the screen at this time of the desk's clock.
    pub fn at(&self, now_ms: i64) -> OwnerState {
        let mut lines = Vec::new();
        let mut state = self.base.clone();
        for piece in &self.open {
            state = state.step(piece, &self.facts, &mut lines);
        }
        if self.broken == Some(Broken::NothingIsHeldWithoutRouting) {
            state.owner = Owner::Unmanaged;
        }
        if self.broken == Some(Broken::OthersAreNotKnown) && state.owner.is_elsewhere() {
            state.owner = Owner::Unknown;
        }
        if self.broken == Some(Broken::NothingLapses) { state } else { state.at(now_ms) }
    }

    /// Nothing was heard or learned yet.
    pub fn has_heard_nothing(&self) -> bool {
        self.open.is_empty() && self.pieces == 0
    }

    /// A webhook arrived.
    pub fn hears(&mut self, body: &Value) -> Result<(), String> {
        let bytes = serde_json::to_vec(body).map_err(|error| error.to_string())?;
        let delivery = parse(&bytes).map_err(|error| format!("{error}: {body}"))?;
        for event in &delivery.events {
            let at_ms = event.at_ms(0);
            if matches!(event.kind, Kind::Message(_) | Kind::Echo(_) | Kind::Postback(_)) {
                self.last_said_ms = self.last_said_ms.max(at_ms);
            }
            let Some(piece) = Evidence::of_event(event, &event.key(), at_ms) else { continue };
            let is_take = matches!(piece.act, Act::Taken { .. });
            if !(is_take && self.broken == Some(Broken::TakesAreNotHeard)) {
                self.adds(piece);
            }
        }
        Ok(())
    }

    /// A desk learned something; every desk folds it as this one does.
    pub fn learns(&mut self, Learned { seen, source, until_ms }: Learned, now_ms: i64) {
        let at_ms = learned_at(now_ms, self.last_said_ms, &self.at(now_ms));
        self.pieces += 1;
        let tie = format!("learned {:020}", self.pieces);
        self.adds(Evidence {
            at_ms,
            tie,
            act: Act::Learned { seen, source, until_ms, note: None, by: None, when_done: false },
        });
    }

    /// Asks Meta who holds the thread, as when it is opened and after a refusal.
    pub fn refreshes(&mut self, world: &QuietWorld, now_ms: i64) -> Result<(), String> {
        if self.broken == Some(Broken::OpeningAsksNobody) {
            return Ok(());
        }
        let believed = self.at(now_ms);
        if !is_worth_asking(&self.facts) {
            return Ok(());
        }
        let asked = ask_owner(&believed, &self.facts, now_ms, &Asked(world)).now_or_never();
        let learned = asked.ok_or("Meta keeps a desk waiting")?.map_err(|error| error.to_string())?;
        if let Some(learned) = learned {
            self.learns(learned, now_ms);
        }
        Ok(())
    }

    fn adds(&mut self, piece: Evidence) {
        self.open.push(piece);
        self.open.sort_by(Evidence::order);
        self.open.dedup();
        if self.open.len() > OPEN {
            let oldest = self.open.remove(0);
            self.base = self.base.clone().step(&oldest, &self.facts, &mut Vec::new());
        }
    }
}

struct Asked<'a>(&'a QuietWorld);

impl OwnerAnswers for Asked<'_> {
    async fn thread_owner(&self) -> Result<ThreadOwner, CallError> {
        let answer = self.0.thread_owner().unwrap_or_default();
        Ok(serde_json::from_value(answer).unwrap_or(ThreadOwner::Idle))
    }

    async fn is_ours(&self) -> Result<Option<bool>, CallError> {
        Ok(self.0.is_ours())
    }
}
