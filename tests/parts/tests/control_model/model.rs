//! Steps of everybody who can move control of a thread, and what must be true of what a desk shows after each.
//!
//! ```text
//!   somebody acts ──▶ the world ──▶ events, some lost ──▶ shown
//!                        │                                  │
//!                        └──────────── compare ─────────────┘
//!     new and wrong      only when nothing told of it: a silent act, a lost event, an end that Meta alone knows
//!     after a refresh    right: ours, nobody's, or another's; by name where Meta gives it
//!     after a refusal    right, and what is offered then is not refused
//!     not known          right where nobody can know, and not for long: the next refresh tells
//! ```
//!
//! Meta tells the time of an act of ours in whole seconds, so that what others do within the next two cannot be put in order
//! (`baton_thread::owner`); here nobody does anything for three.

use std::collections::BTreeMap;

use baton_core::control::learned::Learned;
use baton_core::control::{Act, Permit, can_do, may_send};
use baton_messenger::Platform;
use baton_protocol::team::{OwnerSeen, OwnerSource};
use baton_simulator::{AppAct, Refused};
use fastrand::Rng;

use crate::followed::{EDGE_MS, Followed, HOUR, MINUTE, SECOND};

/// A customer's thread is followed for so many steps, then another one with other settings begins.
const STEPS_OF_A_THREAD: u64 = 500;
/// Nobody else acts for so long after we did.
const GRAIN_MS: i64 = 3 * SECOND;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    On,
    Off,
    Roles,
}

/// A desk that does not do what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    RefusalsTeachNothing,
    NothingLapses,
    TakesAreNotHeard,
    OpeningAsksNobody,
    NothingIsHeldWithoutRouting,
    OthersAreNotKnown,
}

/// What has to put right what is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Refusal,
    Refresh,
}

pub struct Model {
    mode: Mode,
    rng: Rng,
    broken: Option<Broken>,
    thread: Followed,
    seen: Seen,
}

/// What a run was made of.
#[derive(Default)]
struct Seen {
    acts: u64,
    refused: u64,
    refreshes: u64,
    wrong_steps: u64,
    unknowable_steps: u64,
    owners: BTreeMap<String, u64>,
}

impl Model {
    pub fn new(mode: Mode, seed: u64, broken: Option<Broken>) -> Result<Self, String> {
        let mut rng = Rng::with_seed(seed);
        let thread = Followed::begin(mode, &mut rng, broken)?;
        Ok(Self { mode, rng, broken, thread, seen: Seen::default() })
    }

    /// Goes so many steps; says what it was made of, or what was wrong.
    pub fn run(mut self, steps: u64) -> Result<String, String> {
        for step in 1..=steps {
            if step % STEPS_OF_A_THREAD == 0 {
                self.thread = Followed::begin(self.mode, &mut self.rng, self.broken)?;
            }
            self.step().map_err(|wrong| format!("step {step}: {wrong}\n{}", self.thread.told()))?;
        }
        let Seen { acts, refused, refreshes, wrong_steps, unknowable_steps, owners } = self.seen;
        Ok(format!(
            "{acts} acts of ours, {refused} refused, {refreshes} refreshes, wrong and not yet told in {wrong_steps} steps, \
             shown as not known where nobody can know in {unknowable_steps}; {owners:?}"
        ))
    }

    fn step(&mut self) -> Result<(), String> {
        self.time_passes();
        self.thread.world.forget_words();
        match self.rng.u32(0..100) {
            0..40 => self.others_act()?,
            40..50 => self.refresh()?,
            50..75 => self.we_act()?,
            75..90 => self.we_send()?,
            _ => {}
        }
        self.settle();
        if !self.thread.is_right() {
            if !self.thread.is_excused {
                return Err("the owner shown is wrong although everything was told".to_owned());
            }
            self.seen.wrong_steps += 1;
        } else {
            self.thread.is_excused = false;
            self.seen.unknowable_steps += u64::from(self.thread.is_unknowable());
        }
        *self.seen.owners.entry(format!("{:?}", self.thread.whose())).or_default() += 1;
        Ok(())
    }

    fn time_passes(&mut self) {
        let ms = match self.rng.u32(0..10) {
            0..4 => self.rng.i64(1..5 * SECOND),
            4..8 => self.rng.i64(SECOND..20 * MINUTE),
            8 => self.rng.i64(MINUTE..6 * HOUR),
            _ => self.rng.i64(HOUR..40 * HOUR),
        };
        self.waits(ms);
        self.settle();
    }

    /// Time goes by. An end that Meta and the desk know alike comes for both.
    fn waits(&mut self, ms: i64) {
        let was_right = self.thread.is_right();
        let ends_together = self.thread.ends_together();
        self.thread.world.advance_ms(ms);
        let is_edge = self.thread.is_near_an_end();
        if was_right && !self.thread.is_right() && !ends_together && !is_edge {
            self.thread.is_excused = true;
        }
        if was_right && is_edge && !ends_together {
            self.thread.is_excused = true;
        }
    }

    /// Nothing is judged within the seconds in which the clocks may differ about an end.
    fn settle(&mut self) {
        for _ in 0..4 {
            if !self.thread.is_near_an_end() {
                return;
            }
            self.waits(2 * EDGE_MS);
        }
    }

    fn others_act(&mut self) -> Result<(), String> {
        if self.thread.world.now_ms() - self.thread.acted_ms < GRAIN_MS {
            self.waits(GRAIN_MS);
            self.settle();
        }
        let (before, was_right) = (self.thread.owner_name(), self.thread.is_right());
        let (bot, inbox, ai, ours) = (
            self.thread.world.bot(),
            self.thread.world.inbox(),
            self.thread.world.ai_agent(),
            self.thread.world.ours(),
        );
        let world = &mut self.thread.world;
        let (what, done): (&str, Result<(), Refused>) = match self.rng.u32(0..18) {
            0..5 => ("the customer writes", world.customer_writes("Hello?")),
            5 => ("the bot takes", world.app_does(&bot, &AppAct::Take, "")),
            6 => (
                "the bot passes to us",
                world.app_does(&bot, &AppAct::Pass(Some(ours)), "a person is wanted"),
            ),
            7 => ("the bot passes to the inbox", world.app_does(&bot, &AppAct::Pass(Some(inbox)), "")),
            8 => ("the bot passes to the default app", world.app_does(&bot, &AppAct::Pass(None), "")),
            9 => ("the bot asks", world.app_does(&bot, &AppAct::Request, "may I?")),
            10 => ("the bot gives up", world.app_does(&bot, &AppAct::Release, "")),
            11 => ("the bot keeps", world.app_does(&bot, &AppAct::Extend(self.rng.i64(60..604_800)), "")),
            12 => ("the bot says something", world.app_says(&bot, "Let me see.", false)),
            13 => ("the inbox takes", world.inbox_takes()),
            14 => ("the inbox answers", world.inbox_answers("From the office.", self.rng.bool())),
            15 => {
                let to = if self.rng.bool() { ours } else { bot };
                ("the inbox passes on", world.app_does(&inbox, &AppAct::Pass(Some(to)), ""))
            }
            16 => ("the AI agent takes", world.ai_agent_takes(self.rng.bool())),
            _ => {
                let act = if self.rng.bool() { AppAct::Release } else { AppAct::Pass(Some(bot)) };
                ("the AI agent lets go", world.app_does(&ai, &act, ""))
            }
        };
        let outcome = if done.is_ok() { "" } else { ", refused" };
        let heard = world.heard();
        let is_lost = !heard.is_empty() && self.rng.u32(0..20) == 0;
        self.thread.note(&format!(
            "{what}{outcome}; {} heard{}",
            heard.len(),
            if is_lost { ", lost" } else { "" }
        ));
        if !is_lost {
            for body in &heard {
                self.thread.shown.hears(body)?;
            }
        }
        let moved = self.thread.owner_name() != before;
        // Nothing came that could have told.
        let is_silent = is_lost || (heard.is_empty() && moved);
        if was_right && is_silent {
            self.thread.is_excused = true;
        }
        Ok(())
    }

    /// One of the acts that are offered.
    fn we_act(&mut self) -> Result<(), String> {
        let offered = self.thread.offered();
        if offered.is_empty() {
            return Ok(());
        }
        let act = offered[self.rng.usize(0..offered.len())];
        self.act(act)?;
        Ok(())
    }

    /// Does one act as a desk does; true when Meta did it.
    fn act(&mut self, act: Act) -> Result<bool, String> {
        let was_right = self.thread.is_right_or_named();
        let (to, for_s) = (Some(self.thread.world.bot()), self.rng.i64(60..604_800));
        let asked = self.thread.as_app_act(act, to.clone(), for_s);
        let ours = self.thread.world.ours();
        let done = self.thread.world.app_does(&ours, &asked, "a note");
        let now_ms = self.thread.our_ms();
        self.thread.acted_ms = self.thread.world.now_ms();
        self.seen.acts += 1;
        self.thread.note(&format!("we: {act:?} {}", if done.is_ok() { "done" } else { "refused" }));
        let heard = self.thread.world.heard();
        match done {
            Ok(()) => {
                let learned = Learned::by_act(
                    act,
                    to.as_ref(),
                    for_s * 1000,
                    now_ms,
                    Platform::Messenger,
                    &self.thread.shown.facts,
                );
                self.thread.shown.learns(learned, now_ms);
            }
            Err(refused) => {
                self.seen.refused += 1;
                let is_by_setting = act == Act::Take && !self.thread.may_take;
                if was_right && !is_by_setting {
                    return Err(format!("{act:?} was offered and could not work: {}", refused.body));
                }
                for body in &heard {
                    self.thread.shown.hears(body)?;
                }
                self.after_refusal()?;
                return Ok(false);
            }
        }
        for body in &heard {
            self.thread.shown.hears(body)?;
        }
        // An act that Meta did on a thread that was shown wrongly may tell less than all.
        self.thread.is_excused |= !was_right && act == Act::Request;
        Ok(true)
    }

    /// A reply, with a take before it where the composer says so.
    fn we_send(&mut self) -> Result<(), String> {
        let now_ms = self.thread.our_ms();
        let owner = self.thread.shown.at(now_ms).owner;
        let facts = self.thread.shown.facts.clone();
        let may = match may_send(&owner, &facts) {
            Permit::Now => true,
            Permit::AfterTake if can_do(&owner, &facts).contains(&Act::Take) => self.act(Act::Take)?,
            Permit::AfterTake | Permit::Not => false,
        };
        if !may {
            return Ok(());
        }
        let was_right = self.thread.is_right_or_named();
        let ours = self.thread.world.ours();
        let sent = self.thread.world.app_says(&ours, "A reply.", true);
        self.thread.acted_ms = self.thread.world.now_ms();
        let now_ms = self.thread.our_ms();
        for body in self.thread.world.heard() {
            self.thread.shown.hears(&body)?;
        }
        let Err(refused) = sent else {
            self.thread.note("we answer");
            return Ok(());
        };
        if refused.body.pointer("/error/error_subcode").and_then(serde_json::Value::as_i64) != Some(2_018_300)
        {
            // The customer has not written, or not for a week.
            return Ok(());
        }
        self.seen.refused += 1;
        self.thread.note("we answer, refused");
        if was_right {
            return Err("a reply was offered and could not leave".to_owned());
        }
        if self.broken == Some(Broken::RefusalsTeachNothing) {
            return self.is_mended(By::Refusal);
        }
        let seen = OwnerSeen::Other { app: None };
        self.thread.shown.learns(Learned { seen, source: OwnerSource::SendRefused, until_ms: None }, now_ms);
        self.after_refusal()
    }

    /// A refusal makes Meta be asked, and what is offered after it works.
    fn after_refusal(&mut self) -> Result<(), String> {
        if self.broken == Some(Broken::RefusalsTeachNothing) {
            return self.is_mended(By::Refusal);
        }
        let now_ms = self.thread.our_ms();
        self.thread.shown.refreshes(&self.thread.world, now_ms)?;
        self.is_mended(By::Refusal)
    }

    fn refresh(&mut self) -> Result<(), String> {
        self.seen.refreshes += 1;
        self.thread.acted_ms = self.thread.world.now_ms();
        self.thread.note("we open it");
        let now_ms = self.thread.our_ms();
        self.thread.shown.refreshes(&self.thread.world, now_ms)?;
        self.is_mended(By::Refresh)
    }

    /// What was wrong is right again.
    fn is_mended(&mut self, by: By) -> Result<(), String> {
        self.settle();
        // Meta was asked a moment ago: what is still not known has to be young.
        let is_settled = self.thread.is_right() && !self.thread.is_unknown_for_long();
        let is_right = is_settled || self.thread.is_in_doubt();
        if is_right { Ok(()) } else { Err(format!("the owner shown is wrong after a {by:?}")) }
    }
}
