//! Kept old files: what a desk of an earlier schema held is brought forward whole, and is seen as a new desk would see it.
//!
//! Each file in `old_files` holds, as statements, the rows of a desk of the schema it is named after: what it was, every entry
//! as it came, what the program of that time had made of them, and the agent's own. It is put into a file that the migrations up
//! to that schema make. A schema that is released gets one.

use std::path::{Path, PathBuf};

use baton_core::store::{PartStateName, SCHEMA, Store, own_tables};
use baton_messenger::id::AppId;
use baton_protocol::account::{QueueRules, RoutingMode};
use baton_protocol::entry::Entry;
use baton_protocol::snapshot::ReadMark;
use baton_protocol::team::{Settlement, Status, TeamFact};
use baton_protocol::{AccountId, CustomerId, LabelId, LogId, LogName, NoteId, ReplyId};
use rstest::rstest;
use serde_json::json;
use serde_json::value::RawValue;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use uuid::Uuid;

use crate::builders::*;

/// The account on Instagram.
const KITE: &str = "17841400000000044";
/// Who writes there.
const NIA: &str = "7300000000000303";

/// A new file as the migrations up to that schema make it.
pub async fn of_schema(file: &Path, schema: i64) -> SqliteConnection {
    let mut migrator = sqlx::migrate!("../../migrations/desk");
    migrator.migrations = migrator.migrations.iter().filter(|one| one.version <= schema).cloned().collect();
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let mut conn = options.connect().await.unwrap();
    migrator.run(&mut conn).await.unwrap();
    conn
}

/// Keeps an entry as a program does that does not understand it.
pub async fn keep_not_understood(conn: &mut SqliteConnection, entry: &Entry) {
    sqlx::query(
        "INSERT INTO raw_entry (log, kind, key, seq, at_ms, chain, applied, body) VALUES (?, ?, ?, ?, ?, ?, 0, ?)",
    )
    .bind(entry.log.as_str())
    .bind(entry.kind.to_string())
    .bind(&entry.key)
    .bind(i64::try_from(entry.seq).unwrap())
    .bind(entry.at_ms)
    .bind(&entry.chain)
    .bind(entry.body.get())
    .execute(conn)
    .await
    .unwrap();
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

async fn schema_of(conn: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(conn).await.unwrap()
}

/// A kept file, made whole, in a folder of its own.
struct Kept {
    folder: tempfile::TempDir,
    schema: i64,
}

impl Kept {
    async fn of(schema: i64, rows: &'static str) -> Self {
        let kept = Self { folder: tempfile::tempdir().unwrap(), schema };
        let mut conn = of_schema(&kept.file(), schema).await;
        sqlx::raw_sql(rows).execute(&mut conn).await.unwrap();
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut conn).await.unwrap();
        conn.close().await.unwrap();
        std::fs::copy(kept.file(), kept.as_it_was()).unwrap();
        kept
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("desk.db")
    }

    /// The same before anything was done to it.
    fn as_it_was(&self) -> PathBuf {
        self.folder.path().join("as-it-was.db")
    }

    fn backup(&self) -> PathBuf {
        self.folder.path().join(format!("set-aside/before-update-of-schema-{}.sqlite", self.schema))
    }

    /// Another file with the old one beside it, called `old`.
    async fn beside(&self, file: &Path) -> SqliteConnection {
        let mut conn = connect(file).await;
        let old = self.as_it_was();
        sqlx::query("ATTACH ? AS old").bind(old.to_str().unwrap()).execute(&mut conn).await.unwrap();
        conn
    }
}

/// The columns of a table that the old file has too; none where it has no such table.
async fn columns(conn: &mut SqliteConnection, table: &str) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT o.name FROM pragma_table_info(?1, 'old') o
         JOIN pragma_table_info(?1, 'main') m ON m.name = o.name ORDER BY o.cid",
    )
    .bind(table)
    .fetch_all(conn)
    .await
    .unwrap()
}

/// How many rows of the old file's table are not in this one's, as far as these columns tell.
async fn missing(conn: &mut SqliteConnection, table: &str, columns: &[String], of_those: &str) -> i64 {
    let columns: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let columns = columns.join(", ");
    let sql = format!(
        "SELECT count(*) FROM (SELECT {columns} FROM old.{table} WHERE {of_those} EXCEPT SELECT {columns} FROM main.{table})"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await.unwrap()
}

/// Whether the copy from before the update is the old file, row by row.
async fn assert_backup(kept: &Kept) {
    let mut conn = kept.beside(&kept.backup()).await;
    assert_eq!(schema_of(&mut conn).await, kept.schema);
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM old.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'
           AND name NOT LIKE 'sqlite%' AND name NOT GLOB '*search_*'",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    assert!(tables.len() > 30, "{tables:?}");
    for table in tables {
        let columns = columns(&mut conn, &table).await;
        assert!(!columns.is_empty(), "{table}");
        assert_eq!(missing(&mut conn, &table, &columns, "1").await, 0, "{table}");
    }
}

/// Whether every own row of the old file is in the new one.
async fn assert_own_rows(kept: &Kept) {
    let mut conn = kept.beside(&kept.file()).await;
    assert_eq!(schema_of(&mut conn).await, SCHEMA);
    let mut rows = 0;
    for table in own_tables().iter().copied().chain(["cursor_range"]) {
        let mut columns = columns(&mut conn, table).await;
        if columns.is_empty() {
            continue;
        }
        let of_those = match table {
            // What the store notes about itself.
            "setting" => "name NOT GLOB 'store.*' AND name NOT GLOB 'search.*'",
            _ => "1",
        };
        match table {
            "thread" => columns.retain(|name| ["thread_id", "account", "customer"].contains(&name.as_str())),
            // What is known of an entry from when it is understood.
            "raw_entry" => columns.retain(|name| !["applied", "mid", "customer"].contains(&name.as_str())),
            _ => {}
        }
        assert_eq!(missing(&mut conn, table, &columns, of_those).await, 0, "{table}");
        let sql = format!("SELECT count(*) FROM old.{table}");
        rows += sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap();
    }
    assert!(rows > 50, "{rows}");
}

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
        ["schema_01.sql", "schema_12.sql", "schema_20.sql", "schema_28.sql"],
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
    for schema in 1..SCHEMA {
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
