//! A morning rush: the queue against a plain model that keeps lists and looks through all of them each time, while people come,
//! go away and come back, get and lose their role, and the rules change.

use proptest::prelude::*;

use super::tests::{agent, customer, waits};
use super::*;

/// Everybody and everything, as lists.
#[derive(Default)]
struct Model {
    limit: usize,
    reopen_to_last: bool,
    gives_out: bool,
    answerable_ms: i64,
    now_ms: i64,
    /// Everybody, by id, each with whether they are online.
    agents: Vec<(AgentId, bool)>,
    /// Who has a role.
    members: BTreeSet<AgentId>,
    threads: Vec<(CustomerId, Standing)>,
    last: Option<AgentId>,
}

impl Model {
    fn is_open(&self, standing: &Standing) -> bool {
        match standing.stands {
            Stands::Open => true,
            Stands::Asleep => standing.wakes_ms.is_none_or(|wakes_ms| wakes_ms <= self.now_ms),
            _ => false,
        }
    }

    /// Somebody can still be given it.
    fn waits(&self, standing: &Standing) -> bool {
        standing.assignee.is_none()
            && standing.waits_ms.is_some()
            && standing.word_ms.is_none_or(|word_ms| self.now_ms < word_ms + self.answerable_ms)
            && self.is_open(standing)
    }

    fn load(&self, agent: AgentId) -> usize {
        let has = |standing: &Standing| standing.assignee == Some(agent) && self.is_open(standing);
        self.threads.iter().filter(|(_, standing)| has(standing)).count()
    }

    fn may_get(&self, agent: AgentId) -> bool {
        self.members.contains(&agent) && self.agents.contains(&(agent, true)) && self.load(agent) < self.limit
    }

    fn set(&mut self, customer: &CustomerId, standing: Standing) {
        self.threads.retain(|(known, _)| known != customer);
        self.threads.push((customer.clone(), standing));
    }

    /// Everybody's turn, beginning after the one who got the last.
    fn next(&self) -> Option<AgentId> {
        let after = self.agents.iter().filter(|(agent, _)| self.last.is_none_or(|last| *agent > last));
        let before = self.agents.iter().filter(|(agent, _)| self.last.is_some_and(|last| *agent <= last));
        after.chain(before).map(|(agent, _)| *agent).find(|agent| self.may_get(*agent))
    }

    fn moves(&mut self) -> Vec<Move> {
        let mut moves = Vec::new();
        let reopened = |(_, standing): &&(CustomerId, Standing)| {
            standing.is_reopened && standing.assignee.is_some() && self.is_open(standing)
        };
        let mut decide: Vec<(CustomerId, Standing)> = self.threads.iter().filter(reopened).cloned().collect();
        decide.sort_by(|one, other| one.0.cmp(&other.0));
        for (customer, mut standing) in decide {
            self.threads.retain(|(known, _)| *known != customer);
            let keeps = self.reopen_to_last && standing.assignee.is_some_and(|agent| self.may_get(agent));
            let version = standing.version;
            if keeps {
                standing.is_reopened = false;
                self.set(&customer, standing);
            }
            moves.push(Move { customer, version, to: if keeps { To::Stay } else { To::Queue } });
        }
        if !self.gives_out {
            return moves;
        }
        let waits = |(_, standing): &&(CustomerId, Standing)| self.waits(standing);
        let mut waiting: Vec<(CustomerId, Standing)> = self.threads.iter().filter(waits).cloned().collect();
        waiting.sort_by_key(|(customer, standing)| (standing.waits_ms, customer.clone()));
        for (customer, standing) in waiting {
            let Some(agent) = self.next() else { break };
            let version = standing.version;
            self.set(&customer, Standing { assignee: Some(agent), ..standing });
            self.last = Some(agent);
            moves.push(Move { customer, version, to: To::Agent(agent) });
        }
        moves
    }
}

/// What happens in the morning.
#[derive(Clone, Debug)]
enum Morning {
    /// So many customers write.
    Rush(u16),
    /// An agent comes, goes away, comes back.
    Presence(u8, PresenceState),
    /// An agent gets a role, or loses it.
    Role(u8, bool),
    /// Other rules: the limit, whether what is opened again stays, and whether anything is given out.
    Rules(u32, bool, bool),
    /// For so long after the last word somebody may answer from now on.
    Answerable(i64),
    /// An agent claims the thread of this number, before or after the next moves are carried out.
    Claims(u8, u16, bool),
    /// A thread is done.
    Done(u16),
    /// A thread waits on its customer.
    Waits(u16),
    /// The customer of a thread writes again.
    Writes(u16),
    /// A thread is put to sleep for so long.
    Sleeps(u16, i64),
    /// Time passes.
    Passes(i64),
}

fn morning() -> impl Strategy<Value = Morning> {
    prop_oneof![
        3 => (1_u16..80).prop_map(Morning::Rush),
        4 => (0_u8..12, presence()).prop_map(|(who, state)| Morning::Presence(who, state)),
        1 => (0_u8..12, any::<bool>()).prop_map(|(who, has)| Morning::Role(who, has)),
        1 => (1_u32..25, any::<bool>(), prop::bool::weighted(0.8))
            .prop_map(|(limit, stays, gives_out)| Morning::Rules(limit, stays, gives_out)),
        1 => (20_i64..400).prop_map(Morning::Answerable),
        3 => (0_u8..12, any::<u16>(), any::<bool>()).prop_map(|(who, which, before)| Morning::Claims(who, which, before)),
        3 => any::<u16>().prop_map(Morning::Done),
        1 => any::<u16>().prop_map(Morning::Waits),
        2 => any::<u16>().prop_map(Morning::Writes),
        1 => (any::<u16>(), 1_i64..50).prop_map(|(which, ms)| Morning::Sleeps(which, ms)),
        2 => (1_i64..40).prop_map(Morning::Passes),
    ]
}

fn presence() -> impl Strategy<Value = PresenceState> {
    use PresenceState::{Away, Offline, Online, TransfersOnly, Unknown};
    prop_oneof![4 => Just(Online), 1 => Just(Away), 1 => Just(TransfersOnly), 1 => Just(Offline), 1 => Just(Unknown)]
}

fn rules(limit: u32, reopen_to_last: bool, gives_out: bool) -> QueueRules {
    let assign = if gives_out { AssignBy::RoundRobin } else { AssignBy::Manual };
    QueueRules { assign, limit, reopen_to_last, ..QueueRules::default() }
}

/// The threads as the log has them, and what both are told.
struct Desk {
    queue: Queue,
    model: Model,
    threads: Vec<Standing>,
    there: BTreeMap<AgentId, PresenceState>,
    seq: u64,
}

impl Desk {
    fn new(limit: u32, reopen_to_last: bool, answerable_ms: i64) -> Self {
        let mut queue = Queue::default();
        let members: BTreeSet<AgentId> = (0..12).map(agent).collect();
        assert_eq!(
            queue.step([
                Event::Rules(rules(limit, reopen_to_last, true)),
                Event::Members(members.clone()),
                Event::Answerable(answerable_ms),
                Event::Settled
            ]),
            []
        );
        let model = Model {
            limit: usize::try_from(limit).unwrap(),
            reopen_to_last,
            gives_out: true,
            answerable_ms,
            members,
            agents: (0..12).map(|number| (agent(number), false)).collect(),
            ..Model::default()
        };
        Self { queue, model, threads: Vec::new(), there: BTreeMap::new(), seq: 0 }
    }

    /// A thread of the log stands otherwise: what both of them hear.
    fn stands(&mut self, at: usize) -> Event {
        let name = customer(u16::try_from(at).unwrap());
        self.model.set(&name, self.threads[at].clone());
        Event::Stands(name, self.threads[at].clone())
    }

    /// Which of the threads a number means; none while there are none.
    fn which(&self, number: u16) -> Option<usize> {
        usize::from(number).checked_rem(self.threads.len())
    }

    fn claims(&mut self, who: u8, which: u16) -> Vec<Event> {
        let Some(at) = self.which(which).filter(|at| self.threads[*at].assignee.is_none()) else {
            return Vec::new();
        };
        self.seq += 1;
        (self.threads[at].version, self.threads[at].assignee) = (self.seq, Some(agent(who)));
        vec![self.stands(at)]
    }

    fn happens(&mut self, what: &Morning) -> Vec<Event> {
        self.seq += 1;
        match *what {
            Morning::Rush(many) => {
                let begin = self.threads.len();
                for _ in 0..many {
                    self.seq += 1;
                    // Some of them at the same millisecond.
                    self.threads.push(waits(0, self.model.now_ms + i64::try_from(self.seq % 7).unwrap()));
                }
                (begin..self.threads.len()).map(|at| self.stands(at)).collect()
            }
            Morning::Presence(who, state) => {
                let known = self.model.agents.iter_mut().find(|(known, _)| *known == agent(who));
                known.unwrap().1 = state == PresenceState::Online;
                self.there.insert(agent(who), state);
                vec![Event::There(self.there.clone())]
            }
            Morning::Role(who, has) => {
                if has {
                    self.model.members.insert(agent(who));
                } else {
                    self.model.members.remove(&agent(who));
                }
                vec![Event::Members(self.model.members.clone())]
            }
            Morning::Rules(limit, reopen_to_last, gives_out) => {
                self.model.limit = usize::try_from(limit).unwrap();
                (self.model.reopen_to_last, self.model.gives_out) = (reopen_to_last, gives_out);
                vec![Event::Rules(rules(limit, reopen_to_last, gives_out))]
            }
            Morning::Answerable(ms) => {
                self.model.answerable_ms = ms;
                vec![Event::Answerable(ms)]
            }
            Morning::Claims(who, which, true) => self.claims(who, which),
            Morning::Claims(_, _, false) => Vec::new(),
            Morning::Done(which) | Morning::Waits(which) => {
                let Some(at) = self.which(which) else { return Vec::new() };
                let stands = if matches!(what, Morning::Done(_)) { Stands::Done } else { Stands::Waiting };
                let known = &mut self.threads[at];
                known.version = self.seq;
                (known.stands, known.waits_ms, known.wakes_ms, known.is_reopened) =
                    (stands, None, None, false);
                vec![self.stands(at)]
            }
            Morning::Writes(which) => {
                let Some(at) = self.which(which) else { return Vec::new() };
                let known = &mut self.threads[at];
                let was_set = !matches!(known.stands, Stands::Open | Stands::Blocked);
                known.is_reopened |= was_set && known.assignee.is_some();
                known.waits_ms = known.waits_ms.or(Some(self.model.now_ms));
                known.word_ms = Some(self.model.now_ms);
                (known.stands, known.wakes_ms) = (Stands::Open, None);
                vec![self.stands(at)]
            }
            Morning::Sleeps(which, ms) => {
                let Some(at) = self.which(which) else { return Vec::new() };
                let known = &mut self.threads[at];
                known.version = self.seq;
                (known.stands, known.is_reopened) = (Stands::Asleep, false);
                known.wakes_ms = Some(self.model.now_ms + ms);
                vec![self.stands(at)]
            }
            Morning::Passes(ms) => {
                self.model.now_ms += ms;
                vec![Event::Time(self.model.now_ms)]
            }
        }
    }

    /// Both decide, and what they decide is carried out where the thread has that version still.
    fn decide(&mut self, mut events: Vec<Event>, claim: Option<(u8, u16)>) -> Result<(), TestCaseError> {
        let mut claim = claim;
        loop {
            let moves = self.queue.step(std::mem::take(&mut events));
            prop_assert_eq!(&moves, &self.model.moves());
            if let Some((who, which)) = claim.take() {
                // The queue has decided and does not know yet.
                events.extend(self.claims(who, which));
            }
            for moved in &moves {
                let at: usize = moved.customer.as_str().strip_prefix("62").unwrap().parse().unwrap();
                self.seq += 1;
                let known = &mut self.threads[at];
                if known.version == moved.version {
                    known.is_reopened = false;
                    match moved.to {
                        To::Agent(agent) => {
                            prop_assert!(known.assignee.is_none(), "two have it");
                            (known.version, known.assignee) = (self.seq, Some(agent));
                        }
                        To::Queue => (known.version, known.assignee) = (self.seq, None),
                        To::Stay => {}
                    }
                }
                events.push(self.stands(at));
            }
            if events.is_empty() {
                return Ok(());
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn a_morning_goes_as_in_a_plain_model(
        limit in 1_u32..25, reopen_to_last in any::<bool>(), answerable_ms in 20_i64..400, morning in prop::collection::vec(morning(), 1..60),
    ) {
        let mut desk = Desk::new(limit, reopen_to_last, answerable_ms);
        for what in &morning {
            let claim = match *what {
                Morning::Claims(who, which, false) => Some((who, which)),
                _ => None,
            };
            let events = desk.happens(what);
            desk.decide(events, claim)?;
            // Nobody waits while somebody could have them.
            let is_free = desk.model.next().is_some();
            let waits = desk.threads.iter().any(|standing| desk.model.waits(standing));
            prop_assert!(!(is_free && waits && desk.model.gives_out));
        }
    }
}

#[test]
fn two_thousand_wait_in_the_morning() {
    let mut desk = Desk::new(20, true, 86_400_000);
    let events = desk.happens(&Morning::Rush(2_000));
    desk.decide(events, None).unwrap();
    assert!(desk.threads.iter().all(|standing| standing.assignee.is_none()));
    for who in 0..12 {
        let events = desk.happens(&Morning::Presence(who, PresenceState::Online));
        desk.decide(events, Some((11 - who, u16::from(who) * 31))).unwrap();
    }
    let given = |desk: &Desk| desk.threads.iter().filter(|standing| standing.assignee.is_some()).count();
    assert!((12 * 20..12 * 20 + 12).contains(&given(&desk)), "{}", given(&desk));
    // Each that is done makes room for the next, until nobody waits.
    for hour in 0..50_u16 {
        let done = hour * 40..(hour + 1) * 40;
        let events = done.flat_map(|number| desk.happens(&Morning::Done(number))).collect();
        desk.decide(events, None).unwrap();
    }
    assert!(desk.threads.iter().all(|standing| standing.stands == Stands::Done));
}

/// How many threads an agent has, done or not.
fn has(desk: &Desk, who: u8) -> usize {
    desk.threads.iter().filter(|standing| standing.assignee == Some(agent(who))).count()
}

#[test]
fn two_thousand_wait_while_people_go_away_and_the_rules_change() {
    let mut desk = Desk::new(20, true, 86_400_000);
    let events = desk.happens(&Morning::Rush(2_000));
    desk.decide(events, None).unwrap();
    for who in 0..12 {
        let events = desk.happens(&Morning::Presence(who, PresenceState::Online));
        desk.decide(events, None).unwrap();
    }
    let ways = [PresenceState::Away, PresenceState::TransfersOnly, PresenceState::Offline];
    for hour in 0..50_u16 {
        // Two go away, and those who went an hour ago come back.
        let away = [hour % 12, (hour + 5) % 12].map(|who| u8::try_from(who).unwrap());
        for who in 0..12 {
            let way = ways[usize::from(hour) % ways.len()];
            let state = if away.contains(&who) { way } else { PresenceState::Online };
            if desk.there.get(&agent(who)) != Some(&state) {
                let events = desk.happens(&Morning::Presence(who, state));
                desk.decide(events, None).unwrap();
            }
        }
        let had = away.map(|who| has(&desk, who));
        // The limit goes down and up again, one loses the role for ten hours, and for a while nothing is given out.
        let limit = [20, 5, 40, 12][usize::from(hour / 5) % 4];
        let gives_out = !(30..33).contains(&hour);
        let events = desk.happens(&Morning::Rules(limit, hour % 2 == 0, gives_out));
        desk.decide(events, None).unwrap();
        let has_role = !(10..20).contains(&hour);
        let events = desk.happens(&Morning::Role(7, has_role));
        let had_seven = has(&desk, 7);
        desk.decide(events, None).unwrap();
        let had_all = desk.threads.iter().filter(|standing| standing.assignee.is_some()).count();
        let done = hour * 40..(hour + 1) * 40;
        let events = done.flat_map(|number| desk.happens(&Morning::Done(number))).collect();
        desk.decide(events, None).unwrap();

        assert_eq!(away.map(|who| has(&desk, who)), had, "hour {hour}: given to who was away");
        assert!(has_role || has(&desk, 7) == had_seven, "hour {hour}: given to who has no role");
        let all = desk.threads.iter().filter(|standing| standing.assignee.is_some()).count();
        assert!(gives_out || all == had_all, "hour {hour}: given although agents claim");
        let is_free = desk.model.next().is_some();
        let waits = desk.threads.iter().any(|standing| desk.model.waits(standing));
        assert!(
            !(is_free && waits && gives_out),
            "hour {hour}: somebody waits, and somebody could have them"
        );
    }
    assert!(desk.threads.iter().all(|standing| standing.stands == Stands::Done));
    let given = desk.threads.iter().filter(|standing| standing.assignee.is_some()).count();
    assert!(given > 12 * 20, "{given}");
}
