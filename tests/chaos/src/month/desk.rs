//! One desk as its pure machines make it: what it knows of Meta's time and of each customer, and its outbox.

use baton_core::clock::{Clock as _, TestClock};
use baton_core::control::WayBack;
use baton_core::meta_time::{MetaTime, Reading, Teller};
use baton_core::outbox::arrival::{as_shown, on_arrival};
use baton_core::outbox::machine::{Control, Effect, Event, Facts, Return, has_ended, step};
use baton_core::outbox::{Leaves, State};
use baton_messenger::Platform;
use baton_messenger::policy::{Author, Content, Facts as PolicyFacts, HumanAgent, MetaNow, Verdict, decide};

/// How a desk is broken on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flaw {
    /// It is sound.
    #[default]
    None,
    /// Its rules run on the computer's clock.
    OwnClock,
    /// What goes out is made from what is true then, not from what the agent was shown.
    NoLastLook,
    /// It judges for the moment at which a part leaves.
    ToTheSecond,
}

/// A reply that is in the outbox.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub state: State,
    pub leaves: Leaves,
}

/// One customer as the desk knows it.
#[derive(Debug, Clone, Default)]
pub(super) struct Thread {
    pub opened_ms: Option<i64>,
    pub part: Option<Part>,
}

pub(super) struct Desk {
    pub clock: TestClock,
    pub time: MetaTime,
    pub threads: Vec<Thread>,
    pub right: HumanAgent,
    pub flaw: Flaw,
    /// Which run of the program it is.
    pub run: u32,
    heard_boot_ms: i64,
}

/// How often somebody tells Meta's time while there is a network, milliseconds: the relay's heartbeat.
const HEARTBEAT_MS: i64 = 15_000;

impl Desk {
    pub fn new(wall_ms: i64, customers: usize, flaw: Flaw) -> Self {
        Self {
            clock: TestClock::at(wall_ms),
            time: MetaTime::unknown(),
            threads: vec![Thread::default(); customers],
            right: HumanAgent::Approved,
            flaw,
            run: 0,
            heard_boot_ms: i64::MIN,
        }
    }

    /// Somebody tells Meta's time.
    pub fn hears(&mut self, meta_ms: i64, by: Teller) {
        let at = Reading::of(&self.clock);
        self.time.hear(meta_ms, by, at);
        self.heard_boot_ms = at.boot_ms;
    }

    /// True when the relay's last heartbeat is over: with a network the next one came since.
    pub fn is_due_to_hear(&self) -> bool {
        !(0..HEARTBEAT_MS).contains(&self.clock.boot_ms().saturating_sub(self.heard_boot_ms))
    }

    fn now(&self) -> MetaNow {
        match self.flaw {
            Flaw::OwnClock => MetaNow { ms: self.clock.wall_ms(), doubtful: false },
            _ => self.time.now(Reading::of(&self.clock)),
        }
    }

    fn policy_facts(&self, customer: usize) -> PolicyFacts {
        PolicyFacts {
            platform: Platform::Messenger,
            last_opening_ms: self.threads[customer].opened_ms,
            author: Author::Person,
            content: Content::Text,
            human_agent: self.right,
            now: self.now(),
        }
    }

    /// What the composer shows.
    pub fn composer(&self, customer: usize) -> Option<Leaves> {
        match decide(&self.policy_facts(customer)) {
            Verdict::Plain { .. } => Some(Leaves::Plain),
            Verdict::HumanAgent { .. } => Some(Leaves::Tagged),
            Verdict::Refused { .. } => None,
        }
    }

    pub fn facts(&self, customer: usize) -> Option<Facts> {
        let part = self.threads[customer].part.as_ref()?;
        let policy = self.policy_facts(customer);
        let verdict = if self.flaw == Flaw::ToTheSecond { decide(&policy) } else { on_arrival(&policy) };
        Some(Facts {
            leaves: part.leaves,
            verdict,
            control: Control::Ours,
            moved: None,
            heard: false,
            way_back: WayBack::Take,
            has_token: true,
            is_blocked: false,
            goes_unchecked: false,
            upload_due: false,
            meta_now_ms: self.now().ms,
        })
    }

    /// As what the part of a thread goes out now, if it does.
    pub fn verdict(&self, customer: usize) -> Option<Verdict> {
        let facts = self.facts(customer)?;
        if self.flaw == Flaw::NoLastLook { Some(facts.verdict) } else { as_shown(&facts) }
    }

    /// One step of the outbox. Gives what is to be done, and why the text came back if it did.
    pub fn step(&mut self, customer: usize, event: Event) -> (Vec<Effect>, Option<Return>) {
        let boot_ms = self.clock.boot_ms();
        let Some(part) = &mut self.threads[customer].part else { return (Vec::new(), None) };
        let (state, effects) = step(part.state.clone(), event, boot_ms);
        part.state = state;
        // What nobody knows is not sent again, and ends here: it is looked for elsewhere.
        if !has_ended(&part.state) && !matches!(part.state, State::Unknown { .. }) {
            return (effects, None);
        }
        let back = match self.threads[customer].part.take() {
            Some(Part { state: State::Returned { reason }, .. }) => Some(reason),
            _ => None,
        };
        (effects, back)
    }
}
