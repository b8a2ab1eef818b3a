//! One thread of the world, what a desk shows of it, and whether that is right.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;

use baton_core::control::{Act, can_do};
use baton_messenger::routing::AppRole;
use baton_messenger::{AppId, Platform};
use baton_protocol::account::RoutingMode as Routing;
use baton_simulator::{AppAct, QuietWorld, RoutingMode};
use baton_thread::owner::KnownApp;
use baton_thread::{AccountFacts, Cause, Owner, OwnerState};
use fastrand::Rng;

use crate::model::{Broken, Mode};
use crate::shown::Shown;

const START_MS: i64 = 1_791_190_800_000;
pub const SECOND: i64 = 1_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
/// So close to an end our clock may say one thing and Meta's another.
pub const EDGE_MS: i64 = 3 * SECOND;
/// So long a refusal outweighs an answer of Meta that names nobody.
const DOUBT_MS: i64 = 2 * MINUTE;

/// Whose the thread is, as far as it matters to who may answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Ours,
    Nobodys,
    Anothers,
    NotKnown,
}

/// One thread.
pub struct Followed {
    pub world: QuietWorld,
    pub shown: Shown,
    pub may_take: bool,
    /// When we last did or learned something.
    pub acted_ms: i64,
    /// What is shown is wrong, and nothing told the desk.
    pub is_excused: bool,
    story: VecDeque<String>,
}

impl Followed {
    pub fn begin(mode: Mode, rng: &mut Rng, broken: Option<Broken>) -> Result<Self, String> {
        let probe =
            QuietWorld::begin(&RoutingMode::Off, START_MS).map_err(|refused| refused.body.to_string())?;
        let (ours, bot, may_take, we_first) = (probe.ours(), probe.bot(), rng.u32(0..5) > 0, rng.bool());
        let first = if we_first { ours.clone() } else { bot.clone() };
        let (routing, facts_routing, role, default_app) = match mode {
            Mode::On => {
                let mut may = vec![bot.clone()];
                may.extend(may_take.then(|| ours.clone()));
                let on = RoutingMode::On { default_app: first.clone(), may_take: may };
                (on, Routing::On, None, Some(first))
            }
            Mode::Off => (RoutingMode::Off, Routing::Off, None, rng.bool().then(|| bot.clone())),
            Mode::Roles => {
                let second = if we_first { bot.clone() } else { ours.clone() };
                let role = if we_first { AppRole::PrimaryReceiver } else { AppRole::SecondaryReceiver };
                let roles = RoutingMode::HopV2 { primary: first, secondary: vec![second] };
                (roles, Routing::HopV2, Some(role), Some(bot.clone()))
            }
        };
        let world = QuietWorld::begin(&routing, START_MS).map_err(|refused| refused.body.to_string())?;
        let apps = BTreeMap::from([(bot, KnownApp { name: "Teabot".to_owned(), answers_count: false })]);
        let facts = AccountFacts {
            platform: Some(Platform::Messenger),
            our_app: Some(ours),
            routing: facts_routing,
            default_app,
            role,
            take_refused: false,
            apps,
        };
        let mut followed = Self {
            world,
            shown: Shown::new(facts, broken),
            may_take,
            acted_ms: START_MS,
            is_excused: false,
            story: VecDeque::new(),
        };
        followed.world.customer_writes("Hello").map_err(|refused| refused.body.to_string())?;
        for body in followed.world.heard() {
            followed.shown.hears(&body)?;
        }
        Ok(followed)
    }

    /// Meta's time as a desk knows it: by the whole seconds of its answers.
    pub fn our_ms(&self) -> i64 {
        let now_ms = self.world.now_ms();
        now_ms - now_ms % SECOND
    }

    pub fn owner_name(&self) -> Option<String> {
        self.world.owner().map(|(app, _)| app.to_string())
    }

    pub fn truth(&self) -> Whose {
        match self.world.owner() {
            None => Whose::Nobodys,
            Some((app, _)) if app == self.world.ours() => Whose::Ours,
            Some(_) => Whose::Anothers,
        }
    }

    pub fn whose(&self) -> Whose {
        match self.shown.at(self.our_ms()).owner {
            Owner::Ours => Whose::Ours,
            Owner::Idle | Owner::Unmanaged => Whose::Nobodys,
            Owner::Other { .. } | Owner::MetaInbox => Whose::Anothers,
            Owner::Unknown => Whose::NotKnown,
        }
    }

    pub fn is_right(&self) -> bool {
        self.whose() == self.truth() || self.is_unknowable()
    }

    /// It is shown as not known, and nobody can know it: nothing was heard yet, or both answers of Meta fit two threads. Ours
    /// it is not any more, and nobody has it by name: that is said of one that nobody holds, as here, and of one whose holder
    /// Meta does not name. Only with routing on Meta tells the first of the two.
    pub fn is_unknowable(&self) -> bool {
        let state = self.shown.at(self.our_ms());
        let fits_two = self.shown.facts.routing == Routing::On && state.by == Cause::Read;
        state.owner == Owner::Unknown
            && (self.shown.has_heard_nothing() || (fits_two && self.truth() == Whose::Nobodys))
    }

    /// It is shown as not known for longer than an answer of Meta that names nobody is doubted.
    pub fn is_unknown_for_long(&self) -> bool {
        let state = self.shown.at(self.our_ms());
        state.owner == Owner::Unknown && !self.is_young(&state)
    }

    /// Right, and nothing is open about it, so that what is offered has to work.
    pub fn is_right_or_named(&self) -> bool {
        self.whose() == self.truth()
    }

    /// Meta contradicts itself for a moment: it refused, and names nobody.
    pub fn is_in_doubt(&self) -> bool {
        let state = self.shown.at(self.our_ms());
        state.owner == Owner::Other { app: None } && self.truth() == Whose::Nobodys && self.is_young(&state)
    }

    fn is_young(&self, state: &OwnerState) -> bool {
        state.since_ms.is_some_and(|since_ms| self.our_ms() - since_ms < DOUBT_MS + SECOND)
    }

    /// Whether Meta and the desk see the same end of it.
    pub fn ends_together(&self) -> bool {
        let shown_ms = self.shown.at(self.our_ms()).until_ms;
        let true_ms = self.world.owner().map(|(_, until_ms)| until_ms);
        match (shown_ms, true_ms) {
            (None, None) => true,
            (Some(shown_ms), Some(true_ms)) => (shown_ms - true_ms).abs() < EDGE_MS,
            _ => false,
        }
    }

    pub fn is_near_an_end(&self) -> bool {
        let now_ms = self.world.now_ms();
        let ends = [self.world.owner().map(|(_, until_ms)| until_ms), self.shown.at(i64::MIN).until_ms];
        ends.into_iter().flatten().any(|end_ms| (end_ms - now_ms).abs() < EDGE_MS)
    }

    /// What the strip offers.
    pub fn offered(&self) -> Vec<Act> {
        let owner = self.shown.at(self.our_ms()).owner;
        can_do(&owner, &self.shown.facts).into_iter().collect()
    }

    pub fn as_app_act(&self, act: Act, to: Option<AppId>, for_s: i64) -> AppAct {
        let default = || match self.shown.facts.routing {
            Routing::On => None,
            _ => self.shown.facts.default_app.clone(),
        };
        match act {
            Act::Take => AppAct::Take,
            Act::PassToDefault => AppAct::Pass(default()),
            Act::PassToInbox => AppAct::Pass(Some(self.world.inbox())),
            Act::PassToApp => AppAct::Pass(to),
            Act::Release => AppAct::Release,
            Act::Request => AppAct::Request,
            Act::Extend => AppAct::Extend(for_s),
        }
    }

    pub fn note(&mut self, what: &str) {
        let shown = self.shown.at(self.our_ms());
        let line = format!(
            "{:>10} s: {what} · shown {:?} by {:?} until {:?} · true {:?}",
            (self.world.now_ms() - START_MS) / SECOND,
            shown.owner,
            shown.by,
            shown.until_ms.map(|ms| (ms - START_MS) / SECOND),
            self.world.owner().map(|(app, until_ms)| (app, (until_ms - START_MS) / SECOND)),
        );
        self.story.push_back(line);
        if self.story.len() > 30 {
            self.story.pop_front();
        }
    }

    /// The last things that happened.
    pub fn told(&self) -> String {
        let mut told = format!("{:?}", self.shown.facts);
        for line in &self.story {
            let _ = write!(told, "\n{line}");
        }
        let shown = self.shown.at(self.our_ms());
        let _ = write!(told, "\nshown now: {shown:?}\ntrue now: {:?}", self.world.owner());
        told
    }
}
