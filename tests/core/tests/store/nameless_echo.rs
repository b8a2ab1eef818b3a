//! An echo without metadata proves a part only when it is the one that fits, for the one part that fits.

use baton_core::store::{LeavesAs, NewPart, NewReply, PartKey, PartMove, PartStateName, ThreadId};
use baton_protocol::team::{Settlement, TeamFact};
use baton_protocol::{AgentId, CustomerId, DeskId, Mid, PartId, ReplyId};
use serde_json::json;

use crate::builders::*;

const REPLY: &str = "Yes, three left.";

struct Stage {
    log: Log,
    desk: Desk,
    thread: ThreadId,
}

impl Stage {
    /// Ines's reply is on its way; nobody knows its end.
    async fn begin() -> Self {
        let mut log = Log::connected();
        log.says("messaging", MARA, NINE, "m_1", "Three left?");
        let desk = Desk::with(&log).await;
        let thread = desk.thread_id(MARA).await;
        let stage = Self { log, desk, thread };
        stage.has_unknown(part(1), REPLY).await;
        stage
    }

    async fn has_unknown(&self, id: PartId, text: &str) {
        let reply = NewReply {
            reply: ReplyId(id.0),
            thread: self.thread,
            agent: ines(),
            created_ms: NINE + MINUTE,
            pressed_ms: NINE + MINUTE,
            version_seen: 0,
            word_seq_seen: 0,
            claim: true,
            take_first: false,
            despite_unknown: false,
            leaves: LeavesAs::Plain,
            after_sent: None,
            parts: vec![NewPart {
                part: id,
                file: None,
                text: text.to_owned(),
                tag: None,
                state: PartStateName::Queued,
                detail: None,
            }],
        };
        self.desk.store.take_draft_into_reply(&reply, "").await.unwrap();
        self.moves(id, PartStateName::Queued, PartStateName::Unknown).await;
    }

    async fn moves(&self, id: PartId, from: PartStateName, to: PartStateName) {
        let change = PartMove::new(&[from], to, NINE + MINUTE);
        assert!(self.desk.store.set_state(PartKey(id), &change).await.unwrap());
    }

    async fn hears(&mut self, list: &str, at_ms: i64, message: &serde_json::Value) {
        let mut message = message.clone();
        message["is_echo"] = json!(true);
        let event =
            json!({"sender": {"id": TEA}, "recipient": {"id": MARA}, "timestamp": at_ms, "message": message});
        self.log.event(list, at_ms, &event);
        self.taken_in().await;
    }

    async fn learns(&mut self, fact: &TeamFact) {
        self.log.team(fact);
        self.taken_in().await;
    }

    async fn taken_in(&self) {
        self.desk.store.ingest(&self.log.entries, log_id()).await.unwrap();
    }

    async fn proof(&self) -> Option<Mid> {
        let found = self.desk.store.nameless_echo_of(PartKey(part(1)), None, NINE + MINUTE).await.unwrap();
        found.map(|(mid, _)| mid)
    }
}

fn started_elsewhere(id: PartId, text: &str) -> TeamFact {
    let colleague = (AgentId(uuid::Uuid::from_u128(77)), DeskId(uuid::Uuid::from_u128(78)));
    started(id, colleague, text, false)
}

#[tokio::test]
async fn the_one_echo_that_fits_is_the_part() {
    let mut stage = Stage::begin().await;
    assert_eq!(stage.proof().await, None);
    stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_2", "text": "Another thing."})).await;
    assert_eq!(stage.proof().await, None);
    stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_3", "text": REPLY})).await;
    assert_eq!(stage.proof().await, Some("m_3".into()));
}

#[tokio::test]
async fn what_is_something_else_does_not_fit() {
    let mut stage = Stage::begin().await;
    stage.hears("messaging", NINE + 1_000, &json!({"mid": "m_2", "text": REPLY})).await;
    stage.hears("standby", NINE + 2 * MINUTE, &json!({"mid": "m_3", "text": REPLY})).await;
    stage
        .hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_4", "text": REPLY, "app_id": TEABOT}))
        .await;
    let metadata = format!("b1:out:{}", part(9));
    let of_part = json!({"mid": "m_5", "text": REPLY, "app_id": BATON, "metadata": metadata});
    stage.hears("messaging", NINE + 2 * MINUTE, &of_part).await;
    assert_eq!(stage.proof().await, None);
}

#[tokio::test]
async fn of_two_that_fit_neither_is_it() {
    let mut stage = Stage::begin().await;
    for mid in ["m_2", "m_3"] {
        stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": mid, "text": REPLY})).await;
    }
    assert_eq!(stage.proof().await, None);
}

#[tokio::test]
async fn with_another_part_of_the_same_text_open_it_could_be_either() {
    let mut stage = Stage::begin().await;
    stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_2", "text": REPLY})).await;
    stage.has_unknown(part(2), REPLY).await;
    assert_eq!(stage.proof().await, None);
    stage.moves(part(2), PartStateName::Unknown, PartStateName::Abandoned).await;
    assert_eq!(stage.proof().await, None, "closed without knowing: it may have been that one");
}

#[tokio::test]
async fn a_colleagues_part_counts_until_its_end_is_known() {
    let mut stage = Stage::begin().await;
    stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_2", "text": REPLY})).await;
    stage.learns(&started_elsewhere(part(5), REPLY)).await;
    assert_eq!(stage.proof().await, None);
    let sent = Settlement::Sent { mid: "m_2".into(), at_ms: None };
    stage
        .learns(&TeamFact::SendSettled {
            customer: CustomerId::from(MARA),
            reply: ReplyId(part(5).0),
            part: part(5),
            desk: DeskId(uuid::Uuid::from_u128(78)),
            settlement: sent,
        })
        .await;
    assert_eq!(stage.proof().await, None, "it was the colleague's");
    stage.hears("messaging", NINE + 3 * MINUTE, &json!({"mid": "m_6", "text": REPLY})).await;
    assert_eq!(stage.proof().await, Some("m_6".into()));
}

#[tokio::test]
async fn an_echo_that_was_taken_back_proves_nothing() {
    let mut stage = Stage::begin().await;
    stage.hears("messaging", NINE + 2 * MINUTE, &json!({"mid": "m_2", "text": REPLY})).await;
    stage.hears("messaging", NINE + 3 * MINUTE, &json!({"mid": "m_2", "is_deleted": true})).await;
    assert_eq!(stage.proof().await, None);
}
