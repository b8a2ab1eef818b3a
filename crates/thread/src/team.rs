//! The team's facts about one thread, folded by seq.
//!
//! Each field belongs to the fact with the highest seq that speaks of it; a part's end belongs to the settlement of
//! the highest rank, and among those to the first. So the state is a function of the set of facts, in whatever order
//! they come, and a repeat changes nothing.

use std::collections::BTreeMap;

use baton_protocol::ids::{AgentId, DeskId, PartId, ReplyId};
use baton_protocol::snapshot::OpenPart;
use baton_protocol::team::{Settlement, Status, TagEvidence, TeamFact};
use serde::{Deserialize, Serialize};

use crate::owner::OwnerState;

/// The team's state of one thread.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeamState {
    assignee: Latest<Option<AgentId>>,
    status: Latest<Option<Status>>,
    #[serde(default)]
    block: Latest<(bool, bool)>,
    parts: BTreeMap<PartId, PartFold>,
}

/// A value and the seq of the fact it came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Latest<T> {
    seq: u64,
    value: T,
}

impl<T> Latest<T> {
    fn set(&mut self, seq: u64, value: T) {
        if seq > self.seq {
            *self = Self { seq, value };
        }
    }
}

/// One part, as the log tells it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PartFold {
    /// Its grant; none while only its end is known.
    pub grant: Option<Grant>,
    /// How it ended, with the seq of that fact.
    pub settled: Option<(u64, Settlement)>,
}

/// The grant of a part.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// Seq of the fact.
    pub seq: u64,
    /// The reply.
    pub reply: ReplyId,
    /// Its place in the reply, from 0.
    pub index: u32,
    /// How many parts the reply has.
    pub of: u32,
    /// Who sends.
    pub agent: AgentId,
    /// From which desk.
    pub desk: DeskId,
    /// What is sent.
    pub text: String,
    /// Evidence, when the part carries the human-agent tag.
    pub tag: Option<TagEvidence>,
    /// True when the relay could not be asked before.
    pub unchecked: bool,
}

/// Whether a settlement takes the place of another: a higher rank wins, and among equals the first.
#[must_use]
pub fn settlement_wins(new: (u64, &Settlement), old: (u64, &Settlement)) -> bool {
    match new.1.rank().cmp(&old.1.rank()) {
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => new.0 < old.0,
    }
}

/// Where a thread stands at a time: one that [`is_reopened`] is open, and a sleep ends.
#[must_use]
pub fn effective_status(status: &Status, reopened: bool, now_ms: Option<i64>) -> Status {
    let woken =
        matches!((status, now_ms), (Status::Snoozed { until_ms }, Some(now_ms)) if *until_ms <= now_ms);
    if woken || reopened { Status::Open } else { status.clone() }
}

/// Whether somebody should look at a thread now. It counts then among what its assignee has, and waits in the queue while it is
/// nobody's; one that waits on the customer, sleeps or is done does neither. The queue, which gives nothing to whoever is full,
/// and the board, which says who is, both go by this. `status` is the effective one ([`effective_status`]).
#[must_use]
pub fn counts(status: &Status) -> bool {
    matches!(status, Status::Open)
}

/// Whether somebody who has so many threads of an account that count ([`counts`]) has as many as its rules give one agent.
#[must_use]
pub fn is_full(has: u64, limit: u64) -> bool {
    has >= limit
}

/// Whether the customer opened a thread again: by what they did since its status was set, while it was ours, idle or unmanaged.
/// What is written to another app opens nothing until the thread comes to us; and what was opened stays open, whoever gets
/// it then. `came_ms` is when the customer first wrote since, milliseconds UTC of Meta, or reacted where the account's rules
/// of that moment let a reaction open a thread.
#[must_use]
pub fn is_reopened(came_ms: Option<i64>, owner: &OwnerState) -> bool {
    came_ms.is_some_and(|came_ms| owner.theirs_since_ms().is_none_or(|theirs_ms| theirs_ms > came_ms))
}

impl TeamState {
    /// Takes a fact in. Facts about other things are left alone.
    pub fn apply(&mut self, seq: u64, fact: &TeamFact) {
        match fact {
            TeamFact::Assigned { assignee, .. } => self.assignee.set(seq, *assignee),
            TeamFact::StatusSet { status, .. } => self.status.set(seq, Some(status.clone())),
            TeamFact::BlockSet { blocked, spam, .. } => self.block.set(seq, (*blocked, *spam)),
            TeamFact::SendStarted { reply, part, index, of, agent, desk, text, tag, unchecked, .. } => {
                let grant = Grant {
                    seq,
                    reply: *reply,
                    index: *index,
                    of: *of,
                    agent: *agent,
                    desk: *desk,
                    text: text.clone(),
                    tag: tag.clone(),
                    unchecked: *unchecked,
                };
                self.parts.entry(*part).or_default().granted(grant);
            }
            TeamFact::SendSettled { part, settlement, .. } => {
                self.parts.entry(*part).or_default().settled(seq, settlement);
            }
            _ => {}
        }
    }

    /// The seq of the last assignment or status entry; 0 when there is none.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.assignee.seq.max(self.status.seq)
    }

    /// Who works on the thread.
    #[must_use]
    pub fn assignee(&self) -> Option<AgentId> {
        self.assignee.value
    }

    /// Where it stands, as it was last set.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status.value.clone().unwrap_or(Status::Open)
    }

    /// The seq of the last status entry; 0 when there is none.
    #[must_use]
    pub fn status_seq(&self) -> u64 {
        self.status.seq
    }

    /// Whether the customer is kept away.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.block.value.0
    }

    /// Whether the thread of a customer who is kept away went among Meta's spam.
    #[must_use]
    pub fn is_spam(&self) -> bool {
        self.block.value.0 && self.block.value.1
    }

    /// One part.
    #[must_use]
    pub fn part(&self, part: PartId) -> Option<&PartFold> {
        self.parts.get(&part)
    }

    /// All parts, by id.
    pub fn parts(&self) -> impl Iterator<Item = (PartId, &PartFold)> {
        self.parts.iter().map(|(id, part)| (*id, part))
    }

    /// Parts on their way or unknown, oldest grant first.
    #[must_use]
    pub fn open_parts(&self) -> Vec<OpenPart> {
        let mut open: Vec<_> = self.parts.iter().filter_map(|(id, part)| part.open(*id)).collect();
        open.sort_by_key(|part| part.granted_seq);
        open
    }
}

impl PartFold {
    fn granted(&mut self, grant: Grant) {
        if self.grant.as_ref().is_none_or(|known| grant.seq < known.seq) {
            self.grant = Some(grant);
        }
    }

    fn settled(&mut self, seq: u64, settlement: &Settlement) {
        let wins = self
            .settled
            .as_ref()
            .is_none_or(|(old, known)| settlement_wins((seq, settlement), (*old, known)));
        if wins {
            self.settled = Some((seq, settlement.clone()));
        }
    }

    fn open(&self, part: PartId) -> Option<OpenPart> {
        let grant = self.grant.as_ref()?;
        let unknown = match self.settled.as_ref().map(|(_, settlement)| settlement) {
            None => false,
            Some(Settlement::Unknown { .. }) => true,
            Some(_) => return None,
        };
        let (reply, agent, desk, granted_seq) = (grant.reply, grant.agent, grant.desk, grant.seq);
        Some(OpenPart { reply, part, agent, desk, granted_seq, unknown })
    }
}

#[cfg(test)]
mod tests {
    use baton_protocol::account::RoutingMode;
    use baton_protocol::team::{Actor, OwnerSeen, OwnerSource};
    use proptest::prelude::*;
    use rstest::rstest;
    use uuid::Uuid;

    use super::*;
    use crate::evidence::{Act, Evidence, Heard};
    use crate::owner::{AccountFacts, Owner};

    fn id(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn agent(number: u8) -> AgentId {
        AgentId(id(u128::from(number)))
    }

    fn assigned(to: Option<u8>) -> TeamFact {
        TeamFact::Assigned { customer: "1".into(), assignee: to.map(agent), by: Actor::Relay, reply: None }
    }

    fn status(status: Status) -> TeamFact {
        TeamFact::StatusSet { customer: "1".into(), status, by: Actor::Relay }
    }

    fn block(blocked: bool, spam: bool) -> TeamFact {
        TeamFact::BlockSet { customer: "1".into(), blocked, spam, by: Actor::Relay }
    }

    fn started(part: u8, text: &str) -> TeamFact {
        TeamFact::SendStarted {
            file: None,
            customer: "1".into(),
            reply: ReplyId(id(50)),
            part: PartId(id(u128::from(part))),
            index: 0,
            of: 1,
            agent: agent(1),
            desk: DeskId(id(60)),
            text: text.to_owned(),
            tag: None,
            unchecked: false,
        }
    }

    fn settled(part: u8, settlement: Settlement) -> TeamFact {
        let (reply, part) = (ReplyId(id(50)), PartId(id(u128::from(part))));
        TeamFact::SendSettled { customer: "1".into(), reply, part, desk: DeskId(id(60)), settlement }
    }

    fn settlement(number: u8) -> Settlement {
        match number {
            0 => Settlement::NotBegun,
            1 => Settlement::Unknown { why: "cut".to_owned() },
            2 => Settlement::Abandoned { by: agent(2) },
            3 => Settlement::Refused { code: 10, subcode: None, message: String::new(), trace_id: None },
            _ => Settlement::Sent { mid: "m_1".into(), at_ms: None },
        }
    }

    #[test]
    fn a_part_is_open_from_its_grant_until_it_is_known_how_it_ended() {
        let mut team = TeamState::default();
        team.apply(3, &started(1, "Yes"));
        assert!(!team.open_parts()[0].unknown);
        team.apply(4, &settled(1, settlement(1)));
        assert!(team.open_parts()[0].unknown);
        team.apply(5, &settled(1, settlement(4)));
        assert!(team.open_parts().is_empty());
        // What a desk says later and knows less about changes nothing.
        team.apply(6, &settled(1, settlement(2)));
        let part = team.part(PartId(id(1))).unwrap();
        assert_eq!(part.settled, Some((5, settlement(4))));
        assert_eq!(team.version(), 0);
    }

    #[rstest]
    #[case::as_set(Status::Done, false, Status::Done)]
    #[case::reopened(Status::Done, true, Status::Open)]
    #[case::waiting(Status::WaitingOnCustomer, false, Status::WaitingOnCustomer)]
    #[case::asleep(Status::Snoozed { until_ms: 101 }, false, Status::Snoozed { until_ms: 101 })]
    #[case::woken(Status::Snoozed { until_ms: 100 }, false, Status::Open)]
    #[case::woken_early(Status::Snoozed { until_ms: 101 }, true, Status::Open)]
    fn a_thread_stands(#[case] set: Status, #[case] reopened: bool, #[case] stands: Status) {
        assert_eq!(effective_status(&set, reopened, Some(100)), stands);
    }

    #[rstest]
    #[case::open(Status::Open, true)]
    #[case::waits_on_the_customer(Status::WaitingOnCustomer, false)]
    #[case::asleep(Status::Snoozed { until_ms: 100 }, false)]
    #[case::done(Status::Done, false)]
    fn a_thread_counts_while_somebody_should_look_at_it(#[case] status: Status, #[case] is_counted: bool) {
        assert_eq!(counts(&status), is_counted);
    }

    #[rstest]
    #[case::room_for_one(4, 5, false)]
    #[case::as_many(5, 5, true)]
    #[case::given_more_by_hand(6, 5, true)]
    #[case::nothing_is_given(0, 0, true)]
    fn whoever_has_as_many_as_one_gets_is_full(#[case] has: u64, #[case] limit: u64, #[case] is: bool) {
        assert_eq!(is_full(has, limit), is);
    }

    const BATON: &str = "700100200300400";
    const TEABOT: &str = "700555666777888";

    /// What somebody did at a minute.
    #[derive(Clone, Copy, Debug)]
    enum Did {
        /// The customer writes, and whoever holds the thread hears it.
        Writes,
        BotTakes,
        BotPassesToUs,
        WeTake,
        WePass,
        WeRelease,
    }

    /// Whether a thread that was done at minute 0 is open again at the end of a story. The bot is the default app.
    fn opens(story: &[(i64, Did)]) -> bool {
        let facts = AccountFacts {
            our_app: Some(BATON.into()),
            routing: RoutingMode::On,
            default_app: Some(TEABOT.into()),
            ..AccountFacts::default()
        };
        let learned = |seen, source| Act::Learned {
            seen,
            source,
            until_ms: None,
            note: None,
            by: None,
            when_done: false,
        };
        let (us, bot) = (|| Some(BATON.into()), || Some(TEABOT.into()));
        let (mut owner, mut wrote_ms) = (OwnerState::default(), None);
        // Ours before it was done.
        let told = [(-1, Did::WeTake)];
        for (minute, did) in told.iter().chain(story) {
            let at_ms = minute * 60_000;
            let is_ours = owner.at(at_ms).owner == Owner::Ours;
            let act = match did {
                Did::Writes => {
                    wrote_ms = wrote_ms.or(Some(at_ms));
                    Act::CustomerWrote { heard: if is_ours { Heard::Messaging } else { Heard::Standby } }
                }
                Did::BotTakes => Act::Taken { from: us(), to: bot(), note: None },
                Did::BotPassesToUs => Act::Passed { from: bot(), to: us(), note: None },
                Did::WeTake => learned(OwnerSeen::Ours, OwnerSource::Took),
                Did::WePass => learned(OwnerSeen::Other { app: bot() }, OwnerSource::Passed),
                Did::WeRelease => learned(OwnerSeen::Idle, OwnerSource::Released),
            };
            owner = owner.step(&Evidence { at_ms, tie: minute.to_string(), act }, &facts, &mut Vec::new());
        }
        is_reopened(wrote_ms, &owner)
    }

    const DAY: i64 = 24 * 60;

    #[rstest]
    #[case::nothing_happens(&[], false)]
    #[case::writes_to_us(&[(5, Did::Writes)], true)]
    #[case::given_to_the_bot(&[(5, Did::WePass)], false)]
    #[case::writes_to_the_bot(&[(5, Did::WePass), (6, Did::Writes)], false)]
    #[case::the_bot_passes_it_on(&[(5, Did::WePass), (6, Did::Writes), (7, Did::BotPassesToUs)], true)]
    #[case::we_take_it(&[(5, Did::WePass), (6, Did::Writes), (7, Did::WeTake)], true)]
    #[case::it_comes_before_a_word(&[(5, Did::WePass), (7, Did::BotPassesToUs)], false)]
    #[case::open_stays_open_with_the_bot(&[(5, Did::Writes), (6, Did::WePass)], true)]
    #[case::open_stays_open_when_taken(&[(5, Did::Writes), (6, Did::BotTakes), (7, Did::Writes)], true)]
    #[case::came_and_went(&[(5, Did::WePass), (6, Did::Writes), (7, Did::WeTake), (8, Did::WePass)], true)]
    #[case::idle_and_the_bot_is_first(&[(5, Did::WeRelease), (6, Did::Writes)], false)]
    #[case::the_bot_lets_it_lapse(&[(5, Did::WePass), (6, Did::Writes), (7 + DAY, Did::Writes)], false)]
    #[case::taken_after_a_lapse(&[(5, Did::WePass), (6, Did::Writes), (7 + DAY, Did::WeTake)], true)]
    fn who_hears_the_customer_decides_whether_a_thread_opens_again(
        #[case] story: &[(i64, Did)],
        #[case] is_open: bool,
    ) {
        assert_eq!(opens(story), is_open);
    }

    #[test]
    fn what_an_older_version_kept_says_since_when_its_holder_has_it() {
        let kept = r#"{"owner":{"owner":"meta_inbox"},"since_ms":7,"until_ms":9,"by":"taken","note":null,"came_ms":null,"away":true}"#;
        let held: OwnerState = serde_json::from_str(kept).unwrap();
        assert_eq!((held.theirs_since_ms(), held.at(9).theirs_since_ms()), (Some(7), Some(7)));
        assert!(is_reopened(Some(6), &held) && !is_reopened(Some(7), &held) && !is_reopened(None, &held));
    }

    fn fact() -> impl Strategy<Value = TeamFact> {
        prop_oneof![
            prop::option::of(0_u8..3).prop_map(assigned),
            prop_oneof![Just(Status::Open), Just(Status::Done), Just(Status::WaitingOnCustomer)]
                .prop_map(status),
            (any::<bool>(), any::<bool>()).prop_map(|(blocked, spam)| block(blocked, spam)),
            (0_u8..3, "[a-c]").prop_map(|(part, text)| started(part, &text)),
            (0_u8..3, 0_u8..5).prop_map(|(part, how)| settled(part, settlement(how))),
        ]
    }

    proptest! {
        /// The plain model reads the facts in order of seq: the last assignment and status stand, the first grant, the
        /// first settlement of the highest rank.
        #[test]
        fn facts_fold_by_seq_whatever_came_first(
            (facts, order) in prop::collection::vec(fact(), 0..30).prop_flat_map(|facts| {
                let twice: Vec<usize> = (0..facts.len()).chain(0..facts.len()).collect();
                (Just(facts), Just(twice).prop_shuffle())
            })
        ) {
            let mut team = TeamState::default();
            for place in order {
                team.apply(place as u64 + 1, &facts[place]);
            }
            let last = |wanted: fn(&TeamFact) -> bool| facts.iter().rposition(wanted);
            let assignment = last(|fact| matches!(fact, TeamFact::Assigned { .. }));
            let set = last(|fact| matches!(fact, TeamFact::StatusSet { .. }));
            let expected = assignment.max(set).map_or(0, |place| place as u64 + 1);
            prop_assert_eq!(team.version(), expected);
            if let Some(TeamFact::Assigned { assignee, .. }) = assignment.map(|place| &facts[place]) {
                prop_assert_eq!(team.assignee(), *assignee);
            }
            let set = last(|fact| matches!(fact, TeamFact::BlockSet { .. })).map(|place| &facts[place]);
            let (blocked, spam) = match set {
                Some(TeamFact::BlockSet { blocked, spam, .. }) => (*blocked, *blocked && *spam),
                _ => (false, false),
            };
            prop_assert_eq!((team.is_blocked(), team.is_spam()), (blocked, spam));
            for (id, part) in team.parts() {
                let first = facts.iter().position(|fact| matches!(fact, TeamFact::SendStarted { part, .. } if *part == id));
                prop_assert_eq!(part.grant.as_ref().map(|grant| grant.seq), first.map(|place| place as u64 + 1));
                let best = facts.iter().enumerate().rev().filter_map(|(place, fact)| match fact {
                    TeamFact::SendSettled { part, settlement, .. } if *part == id => Some((settlement.rank(), place)),
                    _ => None,
                }).max_by_key(|(rank, _)| *rank);
                prop_assert_eq!(part.settled.as_ref().map(|(seq, _)| *seq), best.map(|(_, place)| place as u64 + 1));
            }
        }
    }
}
