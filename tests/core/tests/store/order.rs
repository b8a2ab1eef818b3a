//! Arrival does not matter: the same set of entries, shuffled, repeated, cut into other batches, with the desk started
//! anew in between, gives the same store; and whatever number it keeps is that of its rows.

use std::fmt::Write as _;

use baton_messenger::id::{AppId, CustomerId, PAGE_INBOX};
use baton_protocol::account::{QueueRules, RoutingMode};
use baton_protocol::entry::Entry;
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement, Status, TeamFact};
use baton_protocol::{AgentId, DeskId, LabelId, NoteId, ReplyId};
use proptest::prelude::*;
use serde_json::json;

use crate::builders::*;
use crate::recount::wrong_numbers;

/// One thing that happens between an account and a customer. Numbers name messages, so that things meet.
#[derive(Clone, Debug)]
enum Step {
    Says { standby: bool, mid: u8 },
    Echo { app: u8, mid: u8, standby: bool },
    EchoOfPart { part: u8, mid: u8 },
    Edit { mid: u8, num: i64 },
    React { mid: u8, on: bool },
    Unsend { mid: u8 },
    Receipt { seen: bool, by_mid: Option<u8> },
    Pass { to: u8 },
    Take { by: u8 },
    History { mids: Vec<u8>, lacks: Vec<u8> },
    Assign(Option<bool>),
    Status(u8),
    Start { part: u8 },
    Settle { part: u8, how: u8 },
    Learn { how: u8 },
    Note { note: u8, removed: bool, to_jonas: bool },
    Priority(bool),
    Label { label: u8, on: bool },
    Name { by_hand: bool, name: u8 },
    Routing { mode: u8 },
    App { counts: bool },
    Cart,
    Came,
    Policed { block: bool },
    Queue { reacts: bool },
    Handed { by_jonas: bool },
    HandedDone { back: u64 },
    Pending { desk: u8, parts: u32 },
    Erase,
    Odd,
}

fn step() -> impl Strategy<Value = Step> {
    let mid = 0_u8..12;
    prop_oneof![
        4 => (any::<bool>(), mid.clone()).prop_map(|(standby, mid)| Step::Says { standby, mid }),
        3 => (0_u8..4, 20_u8..30, any::<bool>()).prop_map(|(app, mid, standby)| Step::Echo { app, mid, standby }),
        2 => (0_u8..4, 30_u8..34).prop_map(|(part, mid)| Step::EchoOfPart { part, mid }),
        1 => (mid.clone(), 1_i64..4).prop_map(|(mid, num)| Step::Edit { mid, num }),
        1 => (0_u8..30, any::<bool>()).prop_map(|(mid, on)| Step::React { mid, on }),
        1 => (0_u8..34).prop_map(|mid| Step::Unsend { mid }),
        1 => (any::<bool>(), prop::option::of(20_u8..34)).prop_map(|(seen, by_mid)| Step::Receipt { seen, by_mid }),
        2 => (0_u8..3).prop_map(|to| Step::Pass { to }),
        1 => (0_u8..3).prop_map(|by| Step::Take { by }),
        1 => (prop::collection::vec(0_u8..30, 1..6), prop::collection::vec(0_u8..34, 0..3))
            .prop_map(|(mids, lacks)| Step::History { mids, lacks }),
        1 => prop::option::of(any::<bool>()).prop_map(Step::Assign),
        1 => (0_u8..4).prop_map(Step::Status),
        1 => (0_u8..4).prop_map(|part| Step::Start { part }),
        2 => (0_u8..4, 0_u8..5).prop_map(|(part, how)| Step::Settle { part, how }),
        2 => (0_u8..6).prop_map(|how| Step::Learn { how }),
        1 => (0_u8..3, any::<bool>(), any::<bool>())
            .prop_map(|(note, removed, to_jonas)| Step::Note { note, removed, to_jonas }),
        1 => any::<bool>().prop_map(Step::Priority),
        1 => (0_u8..2, any::<bool>()).prop_map(|(label, on)| Step::Label { label, on }),
        1 => (any::<bool>(), 0_u8..3).prop_map(|(by_hand, name)| Step::Name { by_hand, name }),
        1 => (0_u8..4).prop_map(|mode| Step::Routing { mode }),
        1 => any::<bool>().prop_map(|counts| Step::App { counts }),
        1 => Just(Step::Cart),
        1 => Just(Step::Came),
        1 => any::<bool>().prop_map(|block| Step::Policed { block }),
        1 => any::<bool>().prop_map(|reacts| Step::Queue { reacts }),
        1 => any::<bool>().prop_map(|by_jonas| Step::Handed { by_jonas }),
        1 => (0_u64..9).prop_map(|back| Step::HandedDone { back }),
        1 => (0_u8..2, 0_u32..2).prop_map(|(desk, parts)| Step::Pending { desk, parts }),
        1 => Just(Step::Erase),
        1 => Just(Step::Odd),
    ]
}

fn app(number: u8) -> &'static str {
    match number {
        0 => BATON,
        1 => TEABOT,
        _ => PAGE_INBOX,
    }
}

fn uuid(kind: u128, number: u8) -> uuid::Uuid {
    uuid::Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 + (kind << 16) + u128::from(number))
}

/// The log of a whole story. A key that came before is dropped, as the relay does.
fn log_of(steps: &[(Step, bool, i64)]) -> Log {
    let mut log = Log::connected();
    let mut at_ms = NINE;
    for (step, to_weber, wait_ms) in steps {
        at_ms += wait_ms;
        let customer = if *to_weber { WEBER } else { MARA };
        let before = log.entries.len();
        carry_out(&mut log, step, customer, at_ms);
        let repeated = log.entries[..before].iter().any(|e| e.key == log.entries[before].key);
        if repeated {
            log.entries.truncate(before);
        }
    }
    log
}

fn carry_out(log: &mut Log, step: &Step, customer: &str, at_ms: i64) {
    let id = |mid: u8| format!("m_{customer}_{mid}");
    let who = || CustomerId::from(customer);
    let list = |standby: bool| if standby { "standby" } else { "messaging" };
    let frame = |name: &str, body: serde_json::Value| json!({"sender": {"id": customer}, "recipient": {"id": TEA}, "timestamp": at_ms, name: body});
    let part_id = |number: u8| part(u128::from(number) + if customer == MARA { 0 } else { 100 });
    match step {
        Step::Says { standby, mid } => {
            log.says(list(*standby), customer, at_ms, &id(*mid), &format!("text {mid}"))
        }
        Step::Echo { app: number, mid, standby } => {
            log.echo(list(*standby), customer, at_ms, &id(*mid), app(*number), "answer")
        }
        Step::EchoOfPart { part, mid } => {
            log.echo_of_part(customer, at_ms, &id(*mid), part_id(*part), "reply")
        }
        Step::Edit { mid, num } => {
            let body = json!({"mid": id(*mid), "text": format!("edit {num} at {at_ms}"), "num_edit": num});
            log.event("messaging", at_ms, &frame("message_edit", body))
        }
        Step::React { mid, on } => {
            let action = if *on { "react" } else { "unreact" };
            log.event(
                "messaging",
                at_ms,
                &frame("reaction", json!({"mid": id(*mid), "action": action, "emoji": "👍"})),
            )
        }
        Step::Unsend { mid } => {
            let body = json!({"mid": id(*mid), "is_deleted": true});
            log.event_of("instagram", TEA, "messaging", at_ms, &frame("message", body))
        }
        Step::Receipt { seen, by_mid } => {
            let body = match by_mid {
                Some(mid) => json!({"mid": id(*mid), "mids": [id(*mid)]}),
                None => json!({"watermark": at_ms - 1}),
            };
            log.event("messaging", at_ms, &frame(if *seen { "read" } else { "delivery" }, body))
        }
        Step::Pass { to } => log.pass(customer, at_ms, Some(TEABOT), app(*to), "a note"),
        Step::Take { by } => {
            let body = json!({"previous_owner_app_id": BATON, "new_owner_app_id": app(*by)});
            log.event("messaging", at_ms, &frame("take_thread_control", body))
        }
        Step::History { mids, lacks } => {
            let ids: Vec<String> = mids.iter().map(|mid| id(*mid)).collect();
            let page: Vec<_> = ids
                .iter()
                .zip(mids)
                .map(|(id, mid)| {
                    (id.as_str(), (NINE + i64::from(mid / 3) * 1000) / 1000 * 1000, *mid < 20, "history")
                })
                .collect();
            let lacks: Vec<(String, i64)> =
                lacks.iter().map(|mid| (id(*mid), at_ms - i64::from(*mid) * MINUTE)).collect();
            let lacks: Vec<(&str, i64)> = lacks.iter().map(|(id, at_ms)| (id.as_str(), *at_ms)).collect();
            log.history_lacking(customer, at_ms, &page, &lacks)
        }
        Step::Assign(to_ines) => {
            let assignee: Option<AgentId> = to_ines.map(|is| if is { ines() } else { jonas() });
            log.team(&TeamFact::Assigned { customer: who(), assignee, by: by_ines(), reply: None })
        }
        Step::Status(number) => {
            let status = match number {
                0 => Status::Open,
                1 => Status::WaitingOnCustomer,
                2 => Status::Snoozed { until_ms: at_ms + HOUR },
                _ => Status::Done,
            };
            log.team(&TeamFact::StatusSet { customer: who(), status, by: by_ines() })
        }
        Step::Start { part } => log.team(&TeamFact::SendStarted {
            file: None,
            customer: who(),
            reply: ReplyId(part_id(*part).0),
            part: part_id(*part),
            index: 0,
            of: 1,
            agent: ines(),
            desk: desk_of_ines(),
            text: "reply".to_owned(),
            tag: None,
            unchecked: false,
        }),
        Step::Settle { part, how } => {
            let settlement = match how {
                0 => Settlement::NotBegun,
                1 => Settlement::Unknown { why: "cut".to_owned() },
                2 => Settlement::Abandoned { by: jonas() },
                3 => {
                    Settlement::Refused { code: 10, subcode: None, message: "no".to_owned(), trace_id: None }
                }
                _ => Settlement::Sent { mid: id(30 + part).into(), at_ms: Some(at_ms) },
            };
            let (reply, part) = (ReplyId(part_id(*part).0), part_id(*part));
            log.team(&TeamFact::SendSettled {
                customer: who(),
                reply,
                part,
                desk: desk_of_ines(),
                settlement,
            })
        }
        Step::Learn { how } => {
            let other = OwnerSeen::Other { app: None };
            let (seen, source) = match how {
                0 => (OwnerSeen::Ours, OwnerSource::Took),
                1 => (OwnerSeen::Idle, OwnerSource::Released),
                2 => (OwnerSeen::Ours, OwnerSource::Extended),
                3 => (other, OwnerSource::ThreadOwner),
                4 => (other, OwnerSource::SendRefused),
                _ => (OwnerSeen::Other { app: Some(AppId::from(TEABOT)) }, OwnerSource::Passed),
            };
            let until_ms = (*how == 2).then_some(at_ms + 7 * 24 * HOUR);
            log.team(&TeamFact::OwnerLearned {
                customer: who(),
                seen,
                source,
                at_ms,
                until_ms,
                note: (*how < 2).then(|| format!("note at {at_ms}")),
                by: by_ines(),
                when_done: false,
            })
        }
        Step::Note { note, removed, to_jonas } => {
            let note = NoteId(uuid(2, *note + if customer == MARA { 0 } else { 100 }));
            let fact = if *removed {
                TeamFact::NoteRemoved { customer: who(), note, by: by_ines() }
            } else {
                let mentions = if *to_jonas { vec![jonas(), ines()] } else { vec![] };
                let text = format!("note at {at_ms}");
                let by = by_ines();
                TeamFact::NoteAdded { customer: who(), note, text, mentions, supervisors_only: false, by }
            };
            log.team(&fact)
        }
        Step::Priority(urgent) => {
            log.team(&TeamFact::PrioritySet { customer: who(), urgent: *urgent, by: by_ines() })
        }
        Step::Label { label, on } => {
            let (customer, label, by) = (who(), LabelId(uuid(3, *label)), by_ines());
            log.team(&if *on {
                TeamFact::LabelAdded { customer, label, by }
            } else {
                TeamFact::LabelRemoved { customer, label, by }
            })
        }
        Step::Name { by_hand, name } => {
            let name = format!("Name {name}");
            log.team(&TeamFact::CustomerNamed { customer: who(), name, by_hand: *by_hand })
        }
        Step::Routing { mode } => {
            let (routing, default_app) = match mode {
                0 => (RoutingMode::Off, None),
                1 => (RoutingMode::On, Some(AppId::from(BATON))),
                2 => (RoutingMode::On, None),
                _ => (RoutingMode::On, Some(AppId::from(TEABOT))),
            };
            log.team(&TeamFact::RoutingSet { routing, default_app })
        }
        Step::App { counts } => {
            let (app, name) = (AppId::from(TEABOT), "Teabot".to_owned());
            log.team(&TeamFact::AppNamed { app, name, answers_count: *counts })
        }
        Step::Cart => {
            let products = json!([{"name": "Sencha", "quantity": 2, "unit_price": 9.5, "currency": "EUR"}]);
            let order = json!({"products": products, "note": format!("order at {at_ms}")});
            log.event("messaging", at_ms, &frame("order", order))
        }
        Step::Came => {
            let came = json!({"source": "SHORTLINK", "type": "OPEN_THREAD", "ref": "door"});
            log.event("messaging", at_ms, &frame("referral", came))
        }
        Step::Policed { block } => {
            let action = if *block { "block" } else { "unblock" };
            let policed = json!({"action": action, "reason": format!("reason at {at_ms}")});
            let event = json!({"recipient": {"id": TEA}, "timestamp": at_ms, "policy_enforcement": policed});
            log.event("messaging", at_ms, &event)
        }
        Step::Queue { reacts } => {
            let rules = QueueRules { reaction_reopens: *reacts, ..QueueRules::default() };
            log.team(&TeamFact::QueueSet { rules, by: by_ines() })
        }
        Step::Handed { by_jonas } => {
            let (from, text) = (if *by_jonas { jonas() } else { ines() }, format!("draft at {at_ms}"));
            let files = if *by_jonas { vec![format!("file at {at_ms}")] } else { Vec::new() };
            log.team(&TeamFact::DraftHanded { customer: who(), from, text, files, by: by_ines() })
        }
        Step::HandedDone { back } => {
            let seq = (log.entries.len() as u64).saturating_sub(*back);
            log.team(&TeamFact::DraftDone { customer: who(), seq, by: by_ines() })
        }
        Step::Pending { desk, parts } => {
            let (desk, agent) = (DeskId(uuid(4, *desk)), jonas());
            log.team(&TeamFact::ReplyPending { customer: who(), desk, agent, parts: *parts })
        }
        Step::Erase => log.team(&TeamFact::CustomerErased { customer: who(), by: by_ines() }),
        Step::Odd => log.event("messaging", at_ms, &frame("hologram", json!({"depth": 3}))),
    };
}

/// How the entries arrive: an order with repeats, where batches end, and before which of them the desk starts anew.
#[derive(Clone, Debug)]
struct Arrival {
    order: Vec<usize>,
    cuts: Vec<usize>,
    restarts: Vec<bool>,
}

fn arrival(entries: usize) -> impl Strategy<Value = Arrival> {
    let all: Vec<usize> = (0..entries).collect();
    let repeats = prop::collection::vec(0..entries, 0..entries);
    (repeats, prop::collection::vec(1..8_usize, 1..30), prop::collection::vec(prop::bool::weighted(0.1), 30))
        .prop_flat_map(move |(repeats, cuts, restarts)| {
            let order: Vec<usize> = all.iter().copied().chain(repeats).collect();
            (Just(order).prop_shuffle(), Just(cuts), Just(restarts))
        })
        .prop_map(|(order, cuts, restarts)| Arrival { order, cuts, restarts })
}

fn stories() -> impl Strategy<Value = (Vec<(Step, bool, i64)>, Arrival)> {
    let waits = prop_oneof![Just(0_i64), 1..5_000_i64, HOUR..30 * HOUR];
    prop::collection::vec((step(), prop::bool::weighted(0.3), waits), 1..40).prop_flat_map(|steps| {
        let entries = log_of(&steps).entries.len();
        (Just(steps), arrival(entries))
    })
}

async fn export_after(entries: &[Entry], arrival: &Arrival) -> String {
    let mut desk = Desk::new().await;
    let mut rest = arrival.order.as_slice();
    let mut turn = 0;
    while !rest.is_empty() {
        let cut = arrival.cuts[turn % arrival.cuts.len()].min(rest.len());
        let batch: Vec<Entry> = rest[..cut].iter().map(|place| entries[*place].clone()).collect();
        if arrival.restarts[turn % arrival.restarts.len()] {
            desk.reopen().await;
        }
        desk.store.ingest(&batch, log_id()).await.unwrap();
        rest = &rest[cut..];
        turn += 1;
    }
    told_by(&desk).await
}

/// Every derived row once its numbers were counted anew, and what is told of messages that no row keeps: whose word crossed them.
async fn told_by(desk: &Desk) -> String {
    let wrong = wrong_numbers(desk).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    let mut text = desk.store.canonical_export().await.unwrap();
    for customer in [MARA, WEBER] {
        let Some(thread) = desk.store.thread_id(&key(customer)).await.unwrap() else { continue };
        for message in desk.store.messages(thread, None, 200).await.unwrap() {
            if let Some(by) = message.crossed {
                writeln!(text, "crossed {customer} {} {by:?}", message.place.key).unwrap();
            }
        }
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_same_entries_give_the_same_store((steps, arrival) in stories()) {
        let entries = log_of(&steps).entries;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let (one, other) = runtime.block_on(async {
            let desk = Desk::new().await;
            desk.store.ingest(&entries, log_id()).await.unwrap();
            (told_by(&desk).await, export_after(&entries, &arrival).await)
        });
        prop_assert_eq!(one, other);
    }
}
