//! Kept old files: what a desk of an earlier schema held is brought forward whole, and is seen as a new desk would see it.
//!
//! Each file in `old_files` holds, as statements, the rows of a desk of the schema it is named after: what it was, every entry
//! as it came, what the program of that time had made of them, and the agent's own. It is put into a file that the migrations up
//! to that schema make. A schema that is released gets one.

use std::path::Path;

use baton_core::store::{PartStateName, SCHEMA, Store, StoreError};
use baton_messenger::id::AppId;
use baton_protocol::account::{QueueRules, RoutingMode};
use baton_protocol::entry::Entry;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::{AccountId, CustomerId, LabelId, LogId, LogName, NoteId, ReplyId};
use rstest::rstest;
use serde_json::json;
use serde_json::value::RawValue;
use sqlx::{Connection, SqliteConnection};
use uuid::Uuid;

use crate::builders::*;
use crate::kept::*;

/// The account on Instagram.
const KITE: &str = "17841400000000044";
/// Who writes there.
const NIA: &str = "7300000000000303";

type RawRow = (String, String, i64, i64, String, String);

/// The entries of every log that a file holds.
async fn entries(conn: &mut SqliteConnection) -> Vec<(LogId, Vec<Entry>)> {
    let logs: Vec<(String, String)> =
        sqlx::query_as("SELECT log, log_id FROM log_identity ORDER BY log <> 'workspace', log")
            .fetch_all(&mut *conn)
            .await
            .unwrap();
    let mut all = Vec::new();
    for (log, log_id) in logs {
        let rows: Vec<RawRow> = sqlx::query_as(
            "SELECT kind, key, seq, at_ms, chain, body FROM raw_entry WHERE log = ? ORDER BY seq",
        )
        .bind(&log)
        .fetch_all(&mut *conn)
        .await
        .unwrap();
        let log = LogName::from(log);
        let entries = rows.into_iter().map(|(kind, key, seq, at_ms, chain, body)| Entry {
            log: log.clone(),
            seq: u64::try_from(seq).unwrap(),
            at_ms,
            kind: kind.parse().unwrap(),
            key,
            body: RawValue::from_string(body).unwrap(),
            chain,
        });
        all.push((LogId(log_id.parse().unwrap()), entries.collect()));
    }
    all
}

/// What a new desk of the same agent makes of what an old file holds.
async fn as_new(kept: &Kept) -> String {
    let mut conn = connect(&kept.as_it_was()).await;
    let marks: Vec<(String, String, i64)> =
        sqlx::query_as("SELECT account, customer, read_seq FROM read_mark")
            .fetch_all(&mut conn)
            .await
            .unwrap();
    let marks: Vec<ReadMark> = marks
        .into_iter()
        .map(|(account, customer, read_seq)| ReadMark {
            account: AccountId::from(account.as_str()),
            customer: CustomerId::from(customer.as_str()),
            read_seq: u64::try_from(read_seq).unwrap(),
        })
        .collect();
    let desk = Desk::new().await;
    desk.store.set_read_marks(&marks).await.unwrap();
    for (log_id, entries) in entries(&mut conn).await {
        desk.store.ingest(&entries, log_id).await.unwrap();
    }
    desk.store.canonical_export().await.unwrap()
}

/// Tells the first rows that differ, not both stores.
fn assert_same(now: &str, new: &str, schema: i64) {
    let only = |these: &str, those: &str| -> Vec<String> {
        let those: Vec<&str> = those.lines().collect();
        these.lines().filter(|line| !those.contains(line)).take(3).map(str::to_owned).collect()
    };
    assert!(now == new, "schema {schema}: {:#?} instead of {:#?}", only(now, new), only(new, now));
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(12, include_str!("old_files/schema_12.sql"))]
#[case(20, include_str!("old_files/schema_20.sql"))]
#[case(28, include_str!("old_files/schema_28.sql"))]
#[case(31, include_str!("old_files/schema_31.sql"))]
#[tokio::test]
async fn a_kept_file_is_brought_forward_whole(#[case] schema: i64, #[case] rows: &'static str) {
    let kept = Kept::of(schema, rows).await;
    let store = Store::open(&kept.file()).await.unwrap();
    assert_backup(&kept).await;
    assert_own_rows(&kept).await;
    assert_same(&store.canonical_export().await.unwrap(), &as_new(&kept).await, schema);
    assert!(store.is_sound().await.unwrap());

    // The same as the desk reads it.
    let me = store.enrolment().await.unwrap().unwrap();
    assert_eq!((me.agent, me.desk, me.agent_name.as_str()), (ines(), desk_of_ines(), "Ines"));
    assert_eq!(store.access().await.unwrap().len(), 2);
    assert_eq!(store.setting("page.theme").await.unwrap().as_deref(), Some("\"dark\""));
    let mara = store.thread_id(&key(MARA)).await.unwrap().unwrap();
    assert_eq!(store.read_seq(mara).await.unwrap(), 5);
    assert_eq!(store.draft(mara).await.unwrap().unwrap().text, "Dear Mara, I asked the carrier");
    let states = [(1, PartStateName::Sent), (2, PartStateName::Unknown), (3, PartStateName::Queued)];
    for (number, state) in states {
        let part = store.part(part(number)).await.unwrap().unwrap();
        assert_eq!((part.state, part.pressed_ms), (state, part.created_ms), "part {number}");
    }
    let next = store.next_queued(mara).await.unwrap().unwrap();
    assert_eq!(next.part, part(2), "what is queued waits behind what nobody knows");
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(12, include_str!("old_files/schema_12.sql"))]
#[case(20, include_str!("old_files/schema_20.sql"))]
#[case(28, include_str!("old_files/schema_28.sql"))]
#[case(31, include_str!("old_files/schema_31.sql"))]
#[tokio::test]
async fn a_kept_file_that_is_damaged_later_is_made_anew_from_what_it_held(
    #[case] schema: i64,
    #[case] rows: &'static str,
) {
    let kept = Kept::of(schema, rows).await;
    let store = Store::open(&kept.file()).await.unwrap();
    store.found_damaged().await.unwrap();
    store.close().await;
    let store = Store::open(&kept.file()).await.unwrap();
    assert_own_rows(&kept).await;
    assert_same(&store.canonical_export().await.unwrap(), &as_new(&kept).await, schema);
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(12, include_str!("old_files/schema_12.sql"))]
#[case(20, include_str!("old_files/schema_20.sql"))]
#[case(28, include_str!("old_files/schema_28.sql"))]
#[case(31, include_str!("old_files/schema_31.sql"))]
#[tokio::test]
async fn a_damaged_file_is_brought_forward_like_a_sound_one(#[case] schema: i64, #[case] rows: &'static str) {
    let (kept, sound) = (Kept::of(schema, rows).await, Kept::of(schema, rows).await);
    kept.is_known_as_damaged();
    let store = Store::open(&kept.file()).await.unwrap();
    let saved = store.repaired().await.unwrap().unwrap();
    assert_eq!((saved.damaged, saved.enrolment_lost), (vec![], false), "nothing of it was lost");
    assert_own_rows(&kept).await;
    assert_same(&store.canonical_export().await.unwrap(), &as_new(&kept).await, schema);

    let as_sound = Store::open(&sound.file()).await.unwrap();
    for number in [1, 2, 3] {
        let (part, as_sound) =
            (store.part(part(number)).await.unwrap(), as_sound.part(part(number)).await.unwrap());
        assert_eq!(part, as_sound, "what a migration said of part {number}");
    }
}

#[tokio::test]
async fn a_vault_is_added_up_and_a_pass_goes_on_as_the_update_found_them() {
    let kept = Kept::of(31, include_str!("old_files/schema_31.sql")).await;
    let store = Store::open(&kept.file()).await.unwrap();
    assert_eq!(store.media_bytes().await.unwrap(), 48_213 + 5_120, "what no message needs does not count");
    let pass = store.history_pass(&tea()).await.unwrap().unwrap();
    assert_eq!((pass.threads_known, pass.threads_done, pass.threads_failing), (2, 1, 0));
    let next = store.next_history_thread(&tea()).await.unwrap().unwrap();
    assert_eq!(next.conversation, "t_9000000000000301");
    assert!(!next.is_aside && !next.is_carried);
}

#[tokio::test]
async fn a_damaged_file_of_a_newer_program_is_left_alone() {
    let kept = Kept::of(28, include_str!("old_files/schema_28.sql")).await;
    let mut conn = connect(&kept.file()).await;
    sqlx::query("UPDATE _sqlx_migrations SET version = ? WHERE version = 28")
        .bind(SCHEMA + 1)
        .execute(&mut conn)
        .await
        .unwrap();
    conn.close().await.unwrap();
    kept.is_known_as_damaged();
    let refused = Store::open(&kept.file()).await;
    assert!(matches!(refused, Err(StoreError::TooNew { found, .. }) if found == SCHEMA + 1));
    let mut conn = connect(&kept.file()).await;
    let drafts: i64 = sqlx::query_scalar("SELECT count(*) FROM draft").fetch_one(&mut conn).await.unwrap();
    assert!(drafts > 0, "what the newer program kept is there");
}

#[test]
fn there_is_a_kept_file_of_every_schema_that_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store/old_files");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["schema_01.sql", "schema_12.sql", "schema_20.sql", "schema_28.sql", "schema_31.sql"],
        "a file that is kept is opened by the tests above"
    );
}

/// The log of the workspace, one of each channel, with what an agent meets.
fn logs() -> [Log; 3] {
    let mara = || CustomerId::from(MARA);
    let weber = || CustomerId::from(WEBER);
    let label = LabelId(Uuid::from_u128(0x31));

    let mut workspace = Log::new();
    workspace.name = LogName::Workspace;
    workspace.team(&TeamFact::AgentNamed { agent: ines(), name: "Ines".to_owned() });
    workspace.team(&TeamFact::LabelDefined {
        label,
        name: "Refund".to_owned(),
        colour: "#b53073".to_owned(),
        removed: false,
    });

    let mut tea = Log::connected();
    tea.says("standby", MARA, NINE, "m_1", "Hello, where is my parcel?");
    tea.echo("standby", MARA, NINE + 1, "m_2", TEABOT, "A colleague will look.");
    tea.pass(MARA, NINE + 2, Some(TEABOT), BATON, "asks for a parcel");
    tea.team(&TeamFact::Assigned { customer: mara(), assignee: Some(ines()), by: by_ines(), reply: None });
    let reply = ReplyId(part(1).0);
    tea.team(&TeamFact::SendStarted {
        file: None,
        customer: mara(),
        reply,
        part: part(1),
        index: 0,
        of: 1,
        agent: ines(),
        desk: desk_of_ines(),
        text: "It left us yesterday.".to_owned(),
        tag: None,
        unchecked: false,
    });
    tea.echo_of_part(MARA, NINE + MINUTE, "m_3", part(1), "It left us yesterday.");
    tea.team(&TeamFact::SendSettled {
        customer: mara(),
        reply,
        part: part(1),
        desk: desk_of_ines(),
        settlement: Settlement::Sent { mid: "m_3".into(), at_ms: Some(NINE + MINUTE) },
    });
    tea.team(&TeamFact::StatusSet { customer: mara(), status: Status::Done, by: by_ines() });
    let rules = QueueRules { reaction_reopens: true, ..QueueRules::default() };
    tea.team(&TeamFact::QueueSet { rules, by: by_ines() });
    let reaction = json!({"mid": "m_3", "action": "react", "emoji": "👍"});
    let event = json!({
        "sender": {"id": MARA}, "recipient": {"id": TEA}, "timestamp": NINE + 2 * MINUTE, "reaction": reaction,
    });
    tea.event("messaging", NINE + 2 * MINUTE, &event);
    tea.says("messaging", WEBER, NINE + 3 * MINUTE, "w_1", "The cup arrived broken");
    tea.team(&TeamFact::StatusSet {
        customer: weber(),
        status: Status::Snoozed { until_ms: NINE + 24 * HOUR },
        by: by_ines(),
    });
    tea.team(&TeamFact::LabelAdded { customer: weber(), label, by: by_ines() });
    tea.team(&TeamFact::CustomerNamed { customer: weber(), name: "Jonas Weber".to_owned(), by_hand: true });
    tea.team(&TeamFact::NoteAdded {
        customer: weber(),
        note: NoteId(Uuid::from_u128(0x61)),
        text: "Ask the warehouse".to_owned(),
        mentions: vec![ines()],
        supervisors_only: false,
        by: by_ines(),
    });
    tea.history(
        "6200000000000104",
        NINE + 4 * MINUTE,
        &[
            ("old_2", NINE - 40 * HOUR, false, "Gladly, until Friday."),
            ("old_1", NINE - 41 * HOUR, true, "Can you put one aside for me?"),
        ],
    );

    let mut kite = Log::new();
    kite.name = LogName::Account(AccountId::from(KITE));
    kite.team(&TeamFact::AccountConnected {
        platform: baton_messenger::id::Platform::Instagram,
        name: "@kiteandco".to_owned(),
        page: AccountId::from("104500000000022"),
        app: AppId::from(BATON),
        routing: RoutingMode::Off,
        fields: vec!["messages".to_owned()],
        by: by_ines(),
    });
    let says = json!({
        "sender": {"id": NIA}, "recipient": {"id": KITE}, "timestamp": NINE,
        "message": {"mid": "aWdf_1", "text": "Do you ship to Lagos?"},
    });
    kite.event_of("instagram", KITE, "messaging", NINE, &says);
    [workspace, tea, kite]
}

#[tokio::test]
async fn what_a_file_of_any_schema_keeps_is_seen_as_in_a_new_one() {
    let logs = logs();
    let desk = Desk::new().await;
    for log in &logs {
        desk.store.ingest(&log.entries, log_id()).await.unwrap();
    }
    let new = desk.store.canonical_export().await.unwrap();
    assert!(new.lines().count() > 30, "{new}");
    for schema in earlier_schemas() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("desk.db");
        let mut conn = of_schema(&file, schema).await;
        sqlx::query(
            "INSERT INTO enrolment (only, relay, desk, agent, agent_name, workspace)
             VALUES (1, 'https://relay.example', ?, ?, 'Ines', 'Northwind')",
        )
        .bind(desk_of_ines().to_string())
        .bind(ines().to_string())
        .execute(&mut conn)
        .await
        .unwrap();
        for log in &logs {
            keep_log(&mut conn, log).await;
        }
        conn.close().await.unwrap();

        let store = Store::open(&file).await.unwrap();
        assert_same(&store.canonical_export().await.unwrap(), &new, schema);
        assert_eq!(store.enrolment().await.unwrap().unwrap().agent, ines(), "schema {schema}");
        store.close().await;
    }
}

/// A log that was read to its end, of which nothing was understood.
async fn keep_log(conn: &mut SqliteConnection, log: &Log) {
    for entry in &log.entries {
        keep_not_understood(conn, entry).await;
    }
    let last = log.entries.last().unwrap();
    sqlx::query("INSERT INTO log_identity (log, log_id, chain) VALUES (?, ?, ?)")
        .bind(log.name.as_str())
        .bind(log_id().to_string())
        .bind(&last.chain)
        .execute(&mut *conn)
        .await
        .unwrap();
    sqlx::query("INSERT INTO cursor_range (log, first, last) VALUES (?, 1, ?)")
        .bind(log.name.as_str())
        .bind(i64::try_from(last.seq).unwrap())
        .execute(conn)
        .await
        .unwrap();
}
