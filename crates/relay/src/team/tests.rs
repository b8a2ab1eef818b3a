//! The rules against a plain model: random desks, commands and webhooks, told twice.

use std::collections::BTreeMap;

use baton_messenger::id::{AppId, Platform};
use baton_protocol::command::{Command, CommandRequest, ConflictReason, PartState};
use baton_protocol::enrol::Role;
use baton_protocol::error::ErrorCode;
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::{AccountId, AgentId, CommandId, CustomerId, DeskId, LogName, Mid, PartId, ReplyId};
use proptest::prelude::*;
use rstest::rstest;
use uuid::Uuid;

use super::*;
use crate::stewards::Stewardship;

const DESKS: usize = 3;
const PARTS: u128 = 6;

fn desk(n: usize) -> DeskId {
    DeskId(Uuid::from_u128(100 + n as u128))
}

fn agent(n: usize) -> AgentId {
    AgentId(Uuid::from_u128(200 + n as u128))
}

fn part(n: u128) -> PartId {
    PartId(Uuid::from_u128(300 + n))
}

/// Each part is the only one of its own reply here; replies of several parts have stories of their own.
fn reply(n: u128) -> ReplyId {
    ReplyId(Uuid::from_u128(400 + n))
}

fn mara() -> CustomerId {
    CustomerId::from("6200000000000101")
}

fn asker(n: usize) -> Asker {
    // The last one is a supervisor.
    let role = if n + 1 == DESKS { Role::Supervisor } else { Role::Agent };
    Asker { desk: desk(n), agent: agent(n), role }
}

pub(super) fn scene(thread: &ThreadState) -> Scene {
    let account = AccountState::invited(AccountId::new("104500000000011"), Platform::Messenger);
    Scene {
        account,
        thread: thread.clone(),
        assignee_may_work: true,
        part_is_elsewhere: false,
        app_has_name: false,
        block: None,
        urgent: false,
        note: None,
        mentioned: Vec::new(),
        is_pending: false,
        handed: (0, 0),
        label: None,
        now_ms: 0,
        our_app: AppId::from("700100200300400"),
        steward: Stewardship::Nobody,
    }
}

fn request(command: Command, seen: Option<(u64, u64)>) -> CommandRequest {
    CommandRequest {
        command_id: CommandId::new(),
        if_version: seen.map(|seen| seen.0),
        if_no_word_after: seen.map(|seen| seen.1),
        command,
    }
}

fn start(n: u128, index: u32, of: u32, claim: bool, despite_unknown: bool) -> Command {
    Command::StartSend {
        file: None,
        customer: mara(),
        reply: reply(n),
        part: part(n),
        index,
        of,
        text: "Yes, we have three left.".into(),
        tag: None,
        claim,
        unchecked: false,
        despite_unknown,
    }
}

fn judge(thread: &ThreadState, who: usize, request: &CommandRequest) -> Decision {
    let log = LogName::Account("104500000000011".into());
    decide(&log, &asker(who), request, &scene(thread))
}

/// A thread, told fact by fact.
#[derive(Default)]
struct Told {
    thread: ThreadState,
    seq: u64,
}

impl Told {
    fn accept(&mut self, decision: Decision) -> Option<PartState> {
        let Decision::Accept { facts, part } = decision else { panic!("{decision:?}") };
        for fact in &facts {
            self.seq += 1;
            self.thread.apply(self.seq, fact);
        }
        part
    }

    fn hear(&mut self, heard: Heard, mid: Option<&str>) {
        self.seq += 1;
        self.thread.hear(self.seq, &heard, mid.map(Mid::from).as_ref(), None);
    }

    fn seen(&self) -> Option<(u64, u64)> {
        Some((self.thread.version, self.thread.words.last))
    }
}

// -- Stories

#[test]
fn ines_and_jonas_race_for_a_thread_and_one_wins() {
    let mut told = Told::default();
    told.hear(Heard::Others, None);
    let seen = told.seen();
    let ines = judge(&told.thread, 0, &request(start(0, 0, 1, true, false), seen));
    assert_eq!(told.accept(ines), Some(PartState::Granted));
    assert_eq!(told.thread.assignee, Some(agent(0)));
    let jonas = judge(&told.thread, 1, &request(start(1, 0, 1, true, false), seen));
    assert_eq!(jonas, Decision::Conflict(ConflictReason::Version));
    let jonas_looks_again = judge(&told.thread, 1, &request(start(1, 0, 1, false, false), told.seen()));
    assert_eq!(jonas_looks_again, Decision::Conflict(ConflictReason::OpenPart));
}

#[test]
fn a_reply_of_two_parts_builds_on_its_own_claim_and_waits_for_its_first_part() {
    let mut told = Told::default();
    let first = judge(&told.thread, 0, &request(start(0, 0, 2, true, false), told.seen()));
    told.accept(first);
    let Command::StartSend { customer, reply, text, .. } = start(0, 1, 2, false, false) else { panic!() };
    let second = Command::StartSend {
        file: None,
        customer,
        reply,
        part: part(1),
        index: 1,
        of: 2,
        text,
        tag: None,
        claim: true,
        unchecked: false,
        despite_unknown: false,
    };
    let second = request(second, None);
    assert_eq!(judge(&told.thread, 0, &second), Decision::Conflict(ConflictReason::EarlierPart));
    told.hear(Heard::OfPart(part(0)), Some("m_1"));
    told.hear(Heard::Others, None);
    let granted = judge(&told.thread, 0, &second);
    assert_eq!(
        told.accept(granted),
        Some(PartState::Granted),
        "a customer's word does not stop a reply halfway"
    );

    let moved = TeamFact::StatusSet {
        customer: mara(),
        status: Status::Done,
        by: baton_protocol::team::Actor::Relay,
    };
    told.seq += 1;
    told.thread.apply(told.seq, &moved);
    let mut third = second.clone();
    if let Command::StartSend { part: id, .. } = &mut third.command {
        *id = part(2);
    }
    assert_eq!(judge(&told.thread, 0, &third), Decision::Conflict(ConflictReason::Version));
    third.if_version = Some(told.thread.version);
    assert!(
        matches!(judge(&told.thread, 0, &third), Decision::Accept { .. }),
        "the desk has seen who moved the thread, and goes on"
    );
}

#[rstest]
#[case::done(Status::Done, 1)]
#[case::asleep(Status::Snoozed { until_ms: 7 }, 1)]
#[case::open(Status::Open, 0)]
fn a_status_is_set_anew_because_the_customer_may_have_ended_it(#[case] status: Status, #[case] facts: usize) {
    let thread = ThreadState { status: status.clone(), ..ThreadState::default() };
    let set = Command::SetStatus { customer: mara(), status };
    let decision = judge(&thread, 0, &request(set, None));
    assert!(matches!(&decision, Decision::Accept { facts: made, .. } if made.len() == facts), "{decision:?}");
}

#[test]
fn an_unknown_end_asks_for_a_confirmation_and_a_refused_one_is_no_word() {
    let mut told = Told::default();
    let granted = judge(&told.thread, 0, &request(start(0, 0, 1, false, false), told.seen()));
    told.accept(granted);
    let before = told.seen();
    let settle = |settlement| {
        request(Command::SettleSend { customer: mara(), reply: reply(0), part: part(0), settlement }, None)
    };
    let unknown = judge(&told.thread, 0, &settle(Settlement::Unknown { why: "cut off".into() }));
    told.accept(unknown);
    let jonas = |despite| request(start(1, 0, 1, false, despite), before);
    assert_eq!(judge(&told.thread, 1, &jonas(false)), Decision::Conflict(ConflictReason::UnknownPart));
    assert!(matches!(judge(&told.thread, 1, &jonas(true)), Decision::Accept { .. }));

    let refused = Settlement::Refused { code: 10, subcode: None, message: "No".into(), trace_id: None };
    let refused = judge(&told.thread, 0, &settle(refused));
    told.accept(refused);
    assert!(matches!(judge(&told.thread, 1, &jonas(false)), Decision::Accept { .. }));
    let lower = judge(&told.thread, 0, &settle(Settlement::Unknown { why: "late".into() }));
    assert!(matches!(&lower, Decision::Accept { facts, .. } if facts.is_empty()), "{lower:?}");
}

#[test]
fn another_desk_settles_only_after_a_minute_of_silence() {
    let mut told = Told::default();
    let granted = judge(&told.thread, 0, &request(start(0, 0, 1, false, false), told.seen()));
    told.accept(granted);
    let sent = Settlement::Sent { mid: "m_1".into(), at_ms: None };
    let settle = Command::SettleSend { customer: mara(), reply: reply(0), part: part(0), settlement: sent };
    let settle = request(settle, None);
    assert!(
        matches!(judge(&told.thread, 1, &settle), Decision::Refuse(no) if no.code == ErrorCode::NotAllowed)
    );
    told.thread.parts.get_mut(&part(0)).unwrap().age_ms = 60_000;
    assert!(matches!(judge(&told.thread, 1, &settle), Decision::Accept { .. }));
}

#[rstest]
#[case::claims_a_free_one(0, None, Some(0), true)]
#[case::gives_a_free_one_to_another(0, None, Some(1), false)]
#[case::gives_the_own_away(0, Some(0), Some(1), true)]
#[case::puts_the_own_back(0, Some(0), None, true)]
#[case::takes_from_another(0, Some(1), Some(0), false)]
#[case::supervisor_takes(2, Some(1), Some(2), true)]
#[case::supervisor_moves(2, Some(1), Some(0), true)]
fn who_may_move_a_thread(
    #[case] who: usize,
    #[case] from: Option<usize>,
    #[case] to: Option<usize>,
    #[case] may: bool,
) {
    let thread = ThreadState { assignee: from.map(agent), ..ThreadState::default() };
    let assign = Command::Assign { customer: mara(), assignee: to.map(agent) };
    let decision = judge(&thread, who, &request(assign, None));
    assert_eq!(matches!(decision, Decision::Accept { .. }), may, "{decision:?}");
}

#[rstest]
#[case::a_free_one(0, None, Status::Done, true)]
#[case::the_own(0, Some(0), Status::Snoozed { until_ms: 7 }, true)]
#[case::a_colleagues(0, Some(1), Status::Done, false)]
#[case::a_colleagues_to_sleep(0, Some(1), Status::Snoozed { until_ms: 7 }, false)]
#[case::supervisor(2, Some(1), Status::Done, true)]
fn who_may_say_how_a_thread_stands(
    #[case] who: usize,
    #[case] holder: Option<usize>,
    #[case] status: Status,
    #[case] may: bool,
) {
    let thread = ThreadState { assignee: holder.map(agent), ..ThreadState::default() };
    let set = Command::SetStatus { customer: mara(), status };
    let decision = judge(&thread, who, &request(set, None));
    assert_eq!(matches!(decision, Decision::Accept { .. }), may, "{decision:?}");
}

#[test]
fn whoever_answered_last_in_a_colleagues_thread_is_done_there() {
    let mut told = Told::default();
    let granted = judge(&told.thread, 0, &request(start(0, 0, 1, false, false), told.seen()));
    told.accept(granted);
    told.thread.assignee = Some(agent(1));
    let set = |status| request(Command::SetStatus { customer: mara(), status }, None);
    let may = |told: &Told, status| matches!(judge(&told.thread, 0, &set(status)), Decision::Accept { .. });
    assert!(may(&told, Status::Done), "what was sent is not settled yet");
    told.hear(Heard::OfPart(part(0)), Some("m_1"));
    assert!(may(&told, Status::Done) && may(&told, Status::WaitingOnCustomer));
    assert!(!may(&told, Status::Snoozed { until_ms: 7 }));
    told.hear(Heard::Others, None);
    assert!(!may(&told, Status::Done), "the customer wrote since");
}

#[rstest]
#[case::holder(0, Some(0), false, true, 1)]
#[case::a_free_one_is_claimed(0, None, false, true, 2)]
#[case::a_colleagues(0, Some(1), false, false, 0)]
#[case::a_colleagues_by_a_supervisor(2, Some(1), false, false, 0)]
#[case::a_supervisor_who_would_take_it(2, Some(1), true, false, 0)]
fn only_the_assignee_sends_where_the_account_says_so(
    #[case] who: usize,
    #[case] holder: Option<usize>,
    #[case] claim: bool,
    #[case] may: bool,
    #[case] facts: usize,
) {
    let thread = ThreadState { assignee: holder.map(agent), ..ThreadState::default() };
    let mut known = scene(&thread);
    known.account.queue.only_assignee_sends = true;
    let asked = request(start(0, 0, 1, claim, false), Some((0, 0)));
    let log = LogName::Account("104500000000011".into());
    match decide(&log, &asker(who), &asked, &known) {
        Decision::Accept { facts: made, .. } => assert_eq!((may, made.len()), (true, facts), "{made:?}"),
        Decision::Refuse(no) => assert_eq!((may, no.code), (false, ErrorCode::NotAllowed)),
        other @ Decision::Conflict(_) => panic!("{other:?}"),
    }
    // What left while the relay was away is a fact, whoever sent it.
    let Command::StartSend { customer, reply, part, index, of, text, file, tag, despite_unknown, .. } =
        asked.command
    else {
        panic!("another command")
    };
    let left = Command::StartSend {
        customer,
        reply,
        part,
        index,
        of,
        text,
        file,
        tag,
        claim,
        unchecked: true,
        despite_unknown,
    };
    assert!(matches!(decide(&log, &asker(who), &request(left, None), &known), Decision::Accept { .. }));
}

#[rstest]
#[case::an_agent(0, false)]
#[case::a_supervisor(2, true)]
fn who_may_block_a_customer(#[case] who: usize, #[case] may: bool) {
    for blocked in [true, false] {
        let block = request(Command::SetBlock { customer: mara(), blocked, spam: false }, None);
        let log = LogName::Account("104500000000011".into());
        let known = Scene { block: Some((!blocked, false)), ..scene(&ThreadState::default()) };
        let decision = decide(&log, &asker(who), &block, &known);
        if !may {
            assert!(matches!(decision, Decision::Refuse(no) if no.code == ErrorCode::NotAllowed));
            continue;
        }
        let Decision::Accept { facts, .. } = decision else { panic!("{decision:?}") };
        assert!(matches!(facts[..], [TeamFact::BlockSet { blocked: set, .. }] if set == blocked));
        // Two supervisors at once: the second finds it done.
        let known = Scene { block: Some((blocked, false)), ..scene(&ThreadState::default()) };
        let Decision::Accept { facts, .. } = decide(&log, &asker(who), &block, &known) else { panic!() };
        assert!(facts.is_empty());
    }
}

#[test]
fn rules_of_a_later_version_are_not_guessed() {
    let label = Command::DefineLabel {
        label: baton_protocol::LabelId::new(),
        name: "parcel late".into(),
        colour: "#b8386f".into(),
        removed: false,
    };
    let decision = judge(&ThreadState::default(), 0, &request(label, None));
    assert!(matches!(decision, Decision::Refuse(no) if no.code == ErrorCode::NotImplemented));
}

// -- The model

#[derive(Clone, Debug)]
enum Step {
    Customer,
    Echo { part: u128 },
    Start { who: usize, part: u128, stale: bool, claim: bool, despite: bool },
    Settle { who: usize, part: u128, rank: u8 },
    Assign { who: usize, to: Option<usize> },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Customer),
        (0..PARTS).prop_map(|part| Step::Echo { part }),
        (0..DESKS, 0..PARTS, any::<bool>(), any::<bool>(), any::<bool>())
            .prop_map(|(who, part, stale, claim, despite)| Step::Start { who, part, stale, claim, despite }),
        (0..DESKS, 0..PARTS, 0u8..5).prop_map(|(who, part, rank)| Step::Settle { who, part, rank }),
        (0..DESKS, prop::option::of(0..DESKS)).prop_map(|(who, to)| Step::Assign { who, to }),
    ]
}

fn settlement(rank: u8, who: usize) -> Settlement {
    match rank {
        0 => Settlement::NotBegun,
        1 => Settlement::Unknown { why: "cut off".into() },
        2 => Settlement::Abandoned { by: agent(who) },
        3 => Settlement::Refused { code: 10, subcode: None, message: "No".into(), trace_id: None },
        _ => Settlement::Sent { mid: "m".into(), at_ms: None },
    }
}

/// Everything that happened, as a list; every question is answered by looking through all of it.
#[derive(Default)]
struct Model {
    assignee: Option<usize>,
    version: u64,
    /// `(seq, desk)` of each word; no desk for the customer. A part is one word.
    words: Vec<(u64, Option<usize>)>,
    /// Desk and highest rank of each granted part.
    parts: BTreeMap<u128, (usize, Option<u8>)>,
    /// The ranks of the entries about each part, in order.
    entries: BTreeMap<u128, Vec<u8>>,
}

impl Model {
    fn others_open(&self, who: usize) -> impl Iterator<Item = Option<u8>> + '_ {
        let open = |rank: &Option<u8>| matches!(rank, None | Some(1));
        self.parts.values().filter(move |(desk, rank)| *desk != who && open(rank)).map(|(_, rank)| *rank)
    }

    fn may_grant(&self, who: usize, seen: (u64, u64), despite: bool) -> bool {
        let unseen_word = self.words.iter().any(|(seq, desk)| *seq > seen.1 && *desk != Some(who));
        let in_the_way = self.others_open(who).any(|rank| rank.is_none() || !despite);
        seen.0 == self.version && !unseen_word && !in_the_way
    }

    fn may_claim(&self, who: usize) -> bool {
        who + 1 == DESKS || self.assignee.is_none_or(|holder| holder == who)
    }

    /// An entry is made for what says more than anything known, and once for what an echo showed.
    fn needs_entry(&self, part: u128, rank: u8) -> bool {
        let known = self.parts.get(&part).and_then(|(_, known)| *known);
        let highest = self.entries.get(&part).and_then(|ranks| ranks.last().copied());
        known.is_none_or(|known| rank >= known) && highest.is_none_or(|highest| rank > highest)
    }

    fn settle(&mut self, seq: u64, part: u128, rank: u8) {
        let Some((desk, known)) = self.parts.get_mut(&part) else { return };
        if known.is_none_or(|known| rank > known) {
            *known = Some(rank);
            if rank == 4 {
                self.words.push((seq, Some(*desk)));
            }
        }
    }
}

proptest! {
    #[test]
    fn the_rules_are_the_plain_models(steps in prop::collection::vec(step(), 1..80)) {
        let (mut told, mut model) = (Told::default(), Model::default());
        for step in steps {
            match step {
                Step::Customer => {
                    told.hear(Heard::Others, None);
                    model.words.push((told.seq, None));
                }
                Step::Echo { part: n } => {
                    told.hear(Heard::OfPart(part(n)), Some("m"));
                    model.settle(told.seq, n, 4);
                }
                Step::Start { who, part: n, stale, claim, despite } => {
                    let last = model.words.last().map_or(0, |(seq, _)| *seq);
                    let seen = if stale { (model.version, last.saturating_sub(1)) } else { (model.version, last) };
                    let decision =
                        judge(&told.thread, who, &request(start(n, 0, 1, claim, despite), Some(seen)));
                    if model.parts.contains_key(&n) {
                        let granted = matches!(&decision, Decision::Accept { part: Some(PartState::Granted), .. });
                        prop_assert!(!granted, "a repeat was granted");
                        continue;
                    }
                    let may = model.may_grant(who, seen, despite) && (!claim || model.may_claim(who));
                    prop_assert_eq!(matches!(decision, Decision::Accept { .. }), may, "{:?}", decision);
                    if may {
                        let state = told.accept(decision);
                        prop_assert_eq!(state, Some(PartState::Granted));
                        if claim && model.assignee != Some(who) {
                            model.assignee = Some(who);
                            model.version = told.seq - 1;
                        }
                        model.parts.insert(n, (who, None));
                    }
                }
                Step::Settle { who, part: n, rank } => {
                    let command = Command::SettleSend {
                        customer: mara(),
                        reply: reply(n),
                        part: part(n),
                        settlement: settlement(rank, who),
                    };
                    let decision = judge(&told.thread, who, &request(command, None));
                    let Some((sender, known)) = model.parts.get(&n).copied() else {
                        prop_assert!(matches!(decision, Decision::Refuse(_)));
                        continue;
                    };
                    let may = match rank {
                        2 => (who == sender || known == Some(1))
                            && (who + 1 == DESKS || who == sender || model.assignee == Some(who)),
                        0 => who == sender,
                        _ => who == sender || known == Some(1),
                    };
                    prop_assert_eq!(matches!(decision, Decision::Accept { .. }), may, "{:?}", decision);
                    if may {
                        let before = told.seq;
                        told.accept(decision);
                        let entered = model.needs_entry(n, rank);
                        prop_assert_eq!(told.seq - before, u64::from(entered));
                        if entered {
                            model.entries.entry(n).or_default().push(rank);
                            model.settle(told.seq, n, rank);
                        }
                    }
                }
                Step::Assign { who, to } => {
                    let command = Command::Assign { customer: mara(), assignee: to.map(agent) };
                    let decision = judge(&told.thread, who, &request(command, None));
                    let may = model.assignee == to
                        || (model.may_claim(who) && (model.assignee.is_some() || to == Some(who)))
                        || who + 1 == DESKS;
                    prop_assert_eq!(matches!(decision, Decision::Accept { .. }), may, "{:?}", decision);
                    if may && model.assignee != to {
                        told.accept(decision);
                        model.assignee = to;
                        model.version = told.seq;
                    }
                }
            }
            prop_assert_eq!(told.thread.version, model.version);
            prop_assert_eq!(told.thread.assignee, model.assignee.map(agent));
        }
    }
}
