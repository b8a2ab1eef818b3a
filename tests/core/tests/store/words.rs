//! What the store finds with SQL, against the fold that relay and desks share, applied entry by entry: which entry brought
//! the last word, since when the customer waits, and whether a person should answer.

use baton_messenger::id::{AppId, PAGE_INBOX};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::{Content, Entry};
use baton_protocol::team::{OwnerSeen, OwnerSource, Settlement, Status, TeamFact};
use baton_protocol::{CustomerId, ReplyId};
use baton_thread::word::FRESH_MS;
use baton_thread::{WaitingFacts, WordBy, needs_reply, waiting, word};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::builders::*;

/// One thing that happens between an account and a customer. No message is told of twice: which entry of two brought the word
/// is another test's business.
#[derive(Clone, Debug)]
enum Step {
    Says {
        standby: bool,
    },
    Presses,
    Orders,
    Reacts,
    Reads,
    /// Through one of our desks, from the grant to the echo.
    WeAnswer,
    /// Our app, without a desk of ours.
    OurAppAnswers,
    BotAnswers {
        standby: bool,
    },
    InboxAnswers,
    Pass {
        to: u8,
    },
    Take {
        by: u8,
    },
    Learn {
        how: u8,
    },
    Status(u8),
    /// A page of history: of each message how many hours old it is, and whether the customer said it.
    History(Vec<(i64, bool)>),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|standby| Step::Says { standby }),
        1 => Just(Step::Presses),
        1 => Just(Step::Orders),
        1 => Just(Step::Reacts),
        1 => Just(Step::Reads),
        2 => Just(Step::WeAnswer),
        1 => Just(Step::OurAppAnswers),
        2 => any::<bool>().prop_map(|standby| Step::BotAnswers { standby }),
        1 => Just(Step::InboxAnswers),
        2 => (0_u8..3).prop_map(|to| Step::Pass { to }),
        1 => (0_u8..3).prop_map(|by| Step::Take { by }),
        2 => (0_u8..4).prop_map(|how| Step::Learn { how }),
        2 => (0_u8..4).prop_map(Step::Status),
        2 => prop::collection::btree_map(0_i64..240, any::<bool>(), 1..5)
            .prop_map(|page| Step::History(page.into_iter().collect())),
    ]
}

fn app(number: u8) -> &'static str {
    match number {
        0 => BATON,
        1 => TEABOT,
        _ => PAGE_INBOX,
    }
}

/// Within few hours, so that no control lapses. Both customers wrote first.
fn log_of(steps: &[(Step, bool, i64)]) -> (Log, i64) {
    let mut log = Log::connected();
    let mut at_ms = NINE;
    for customer in [MARA, WEBER] {
        log.says("messaging", customer, at_ms, &format!("m_first_{customer}"), "Hello");
    }
    for (number, (step, to_weber, wait_ms)) in (0_u32..).zip(steps) {
        at_ms += wait_ms;
        carry_out(&mut log, step, if *to_weber { WEBER } else { MARA }, at_ms, number);
    }
    (log, at_ms)
}

fn carry_out(log: &mut Log, step: &Step, customer: &str, at_ms: i64, number: u32) {
    let mid = format!("m_{number}");
    let who = || CustomerId::from(customer);
    let list = |standby: bool| if standby { "standby" } else { "messaging" };
    let frame = |name: &str, body: Value| json!({"sender": {"id": customer}, "recipient": {"id": TEA}, "timestamp": at_ms, name: body});
    match step {
        Step::Says { standby } => log.says(list(*standby), customer, at_ms, &mid, "Where is my parcel?"),
        Step::Presses => {
            let button = json!({"mid": mid, "title": "My order", "payload": "ORDER"});
            log.event("messaging", at_ms, &frame("postback", button))
        }
        Step::Orders => {
            let products = json!([{"name": "Sencha", "quantity": 2, "unit_price": 9.5, "currency": "EUR"}]);
            log.event("messaging", at_ms, &frame("order", json!({"products": products, "note": mid})))
        }
        Step::Reacts => {
            let reaction = json!({"mid": format!("m_first_{customer}"), "action": "react", "emoji": "👍"});
            log.event("messaging", at_ms, &frame("reaction", reaction))
        }
        Step::Reads => log.event("messaging", at_ms, &frame("read", json!({"watermark": at_ms - 1}))),
        Step::WeAnswer => we_answer(log, customer, at_ms, number),
        Step::OurAppAnswers => log.echo("messaging", customer, at_ms, &mid, BATON, "It is on its way."),
        Step::BotAnswers { standby } => {
            log.echo(list(*standby), customer, at_ms, &mid, TEABOT, "I am a bot.")
        }
        Step::InboxAnswers => log.echo("standby", customer, at_ms, &mid, PAGE_INBOX, "It is on its way."),
        Step::Pass { to } => log.pass(customer, at_ms, Some(TEABOT), app(*to), "a note"),
        Step::Take { by } => {
            let body = json!({"previous_owner_app_id": BATON, "new_owner_app_id": app(*by)});
            log.event("messaging", at_ms, &frame("take_thread_control", body))
        }
        Step::Learn { how } => {
            let bot = OwnerSeen::Other { app: Some(AppId::from(TEABOT)) };
            let (seen, source) = match how {
                0 => (OwnerSeen::Ours, OwnerSource::Took),
                1 => (OwnerSeen::Idle, OwnerSource::Released),
                2 => (OwnerSeen::Idle, OwnerSource::ThreadOwner),
                _ => (bot, OwnerSource::Passed),
            };
            let by = by_ines();
            log.team(&TeamFact::OwnerLearned {
                customer: who(),
                seen,
                source,
                at_ms,
                until_ms: None,
                note: None,
                by,
                when_done: false,
            })
        }
        Step::Status(status) => {
            let status = match status {
                0 => Status::Open,
                1 => Status::WaitingOnCustomer,
                2 => Status::Snoozed { until_ms: at_ms + 30 * 24 * HOUR },
                _ => Status::Done,
            };
            log.team(&TeamFact::StatusSet { customer: who(), status, by: by_ines() })
        }
        Step::History(page) => {
            let ids: Vec<String> = (0..page.len()).map(|place| format!("{mid}_{place}")).collect();
            let said = ids.iter().zip(page);
            let page: Vec<_> = said
                .map(|(id, (hours, inbound))| {
                    (id.as_str(), (at_ms - hours * HOUR) / 1_000 * 1_000, *inbound, "history")
                })
                .collect();
            log.history(customer, at_ms, &page)
        }
    };
}

fn we_answer(log: &mut Log, customer: &str, at_ms: i64, number: u32) -> u64 {
    let (part, mid) = (part(u128::from(number)), format!("m_{number}"));
    let (reply, who) = (ReplyId(part.0), CustomerId::from(customer));
    log.team(&TeamFact::SendStarted {
        file: None,
        customer: who.clone(),
        reply,
        part,
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "It is on its way.".to_owned(),
        tag: None,
        unchecked: false,
    });
    let settlement = Settlement::Sent { mid: mid.clone().into(), at_ms: Some(at_ms) };
    log.team(&TeamFact::SendSettled { customer: who, reply, part, desk: desk_of_ines(), settlement });
    log.echo_of_part(customer, at_ms, &mid, part, "It is on its way.")
}

/// What the words of a thread come to, entry by entry.
#[derive(Debug, Default)]
struct Words {
    last_seq: u64,
    /// When the customer asked something, milliseconds UTC of Meta.
    asked_ms: Vec<i64>,
    last_person_ms: Option<i64>,
}

impl Words {
    fn of(entries: &[Entry], customer: &CustomerId) -> Self {
        let (mut words, our_app) = (Self::default(), AppId::from(BATON));
        for entry in entries {
            let content = entry.content();
            let found = word(&content, Some(&our_app), &tea(), entry.at_ms);
            if let Some(found) = found.filter(|found| found.customer == *customer) {
                words.last_seq = words.last_seq.max(entry.seq);
                match found.by {
                    WordBy::Customer => words.asked_ms.push(found.at_ms),
                    WordBy::Ours { .. } | WordBy::MetaInbox => words.person_answered(found.at_ms),
                }
            }
            if let Content::Audit(page) = &content
                && page.customer == *customer
            {
                words.read(page, entry.at_ms);
            }
        }
        words
    }

    /// Each message of a page: the word that the page is, is the newest of them alone. Who of us answered it does not tell:
    /// a person, as long as no echo says otherwise.
    fn read(&mut self, page: &AuditPage, appended_ms: i64) {
        for message in &page.messages {
            match (message.is_from_account(&tea()), message.created_ms) {
                (Some(true), Some(at_ms)) => self.person_answered(at_ms),
                (Some(false), Some(at_ms)) if appended_ms - at_ms < FRESH_MS => self.asked_ms.push(at_ms),
                _ => {}
            }
        }
    }

    fn person_answered(&mut self, at_ms: i64) {
        self.last_person_ms = self.last_person_ms.max(Some(at_ms));
    }

    fn first_unanswered_ms(&self) -> Option<i64> {
        let is_open = |at_ms: &&i64| self.last_person_ms.is_none_or(|person_ms| **at_ms > person_ms);
        self.asked_ms.iter().filter(is_open).min().copied()
    }
}

fn stories() -> impl Strategy<Value = Vec<(Step, bool, i64)>> {
    prop::collection::vec((step(), prop::bool::weighted(0.3), 1..15 * MINUTE), 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_store_finds_what_the_shared_fold_says(steps in stories()) {
        let (log, now_ms) = log_of(&steps);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let rows = runtime.block_on(async {
            let desk = Desk::with(&log).await;
            [desk.row(MARA, now_ms).await, desk.row(WEBER, now_ms).await]
        });
        for row in rows {
            let words = Words::of(&log.entries, &row.key.customer);
            prop_assert_eq!(row.word_seq, words.last_seq);
            let since_ms = waiting(&WaitingFacts {
                first_unanswered_ms: words.first_unanswered_ms(),
                last_person_ms: words.last_person_ms,
                owner: row.owner.clone(),
            });
            // What is done is nobody's business until the customer writes.
            let since_ms = since_ms.filter(|_| row.status != Status::Done);
            prop_assert_eq!(row.waiting_since_ms, since_ms, "{:?} {:?}", row.owner, words);
            prop_assert_eq!(row.needs_reply, needs_reply(since_ms, &row.status));
        }
    }
}
