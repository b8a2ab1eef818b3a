//! Kept old files: what a relay of an earlier schema held is brought forward whole, with a copy from before.
//!
//! Each file in `old_files` holds, as statements, the rows of a relay of the schema it is named after. It is put into a file
//! that the migrations up to that schema make. A schema that is released gets one.

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use baton_protocol::{AccountId, AppId, DeskId, LogName};
use baton_relay::clock::{Clock as _, SystemClock};
use baton_relay::log::sqlite::{OpenError, RestoreError, SqliteLog, SqliteSettings, restore};
use baton_relay::log::tokens::TokenStore as _;
use baton_relay::log::{BackupError, Log as _, Range, Read};
use baton_relay::meta_time::MetaTime;
use baton_relay::secret::Hash;
use rstest::rstest;
use serde_json::{Value, json};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, SqliteConnection};

use crate::stage::{APP, MARA, Stage, TEA, unsend};

/// What Mara said first.
const SAID: &str = "Hello, where is my parcel?";
/// The desk of Ines.
const FRONT_DESK: &str = "01990000-0000-7000-8000-000000000011";

fn migrations() -> Migrator {
    sqlx::migrate!("../../migrations/relay")
}

fn newest() -> i64 {
    migrations().iter().map(|one| one.version).max().unwrap()
}

async fn connect(file: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

/// A new file as the migrations up to that schema make it.
async fn of_schema(file: &Path, schema: i64) -> SqliteConnection {
    let mut migrator = migrations();
    migrator.migrations = migrator.migrations.iter().filter(|one| one.version <= schema).cloned().collect();
    let options = SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal);
    let mut conn = options.connect().await.unwrap();
    migrator.run(&mut conn).await.unwrap();
    conn
}

async fn schema_of(file: &Path) -> i64 {
    let mut conn = connect(file).await;
    let schema =
        sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    schema
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
        conn.close().await.unwrap();
        std::fs::copy(kept.file(), kept.as_it_was()).unwrap();
        kept
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("relay.db")
    }

    /// The same before anything was done to it.
    fn as_it_was(&self) -> PathBuf {
        self.folder.path().join("as-it-was.db")
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        self.folder.path().join(format!("relay.db{suffix}"))
    }

    fn copy(&self) -> PathBuf {
        self.beside(&format!(".before-{}", self.schema))
    }

    async fn open(&self) -> Result<SqliteLog, OpenError> {
        let settings = SqliteSettings { path: self.file(), app: AppId::from(APP) };
        SqliteLog::open(settings, Arc::new(MetaTime::new(Arc::new(SystemClock)))).await
    }

    /// Whether every row of the old file is in that one, as far as the columns go that the old one has. Returns how many.
    async fn assert_rows_in(&self, file: &Path) -> i64 {
        let mut conn = connect(file).await;
        let old = self.as_it_was();
        sqlx::query("attach ? as old").bind(old.to_str().unwrap()).execute(&mut conn).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "select name from old.sqlite_schema where type = 'table' and name not like 'sqlite%'",
        )
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let mut rows = 0;
        for table in tables {
            let columns: Vec<String> =
                sqlx::query_scalar("select '\"' || name || '\"' from pragma_table_info(?, 'old')")
                    .bind(&table)
                    .fetch_all(&mut conn)
                    .await
                    .unwrap();
            let columns = columns.join(", ");
            let sql = format!(
                "select count(*) from (select {columns} from old.{table} except select {columns} from main.{table})"
            );
            let missing: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap();
            assert_eq!(missing, 0, "rows of {table}, schema {}", self.schema);
            let sql = format!("select count(*) from old.{table}");
            rows += sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap();
        }
        conn.close().await.unwrap();
        rows
    }
}

/// Everything in a schema: name and statement.
async fn statements(file: &Path) -> Vec<(String, String)> {
    let mut conn = connect(file).await;
    let all = sqlx::query_as(
        "select name, sql from sqlite_schema where sql is not null and name not like 'sqlite%' order by name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    conn.close().await.unwrap();
    all
}

fn holds(file: &Path, words: &str) -> bool {
    std::fs::read(file).unwrap().windows(words.len()).any(|at| at == words.as_bytes())
}

fn known(kept: &Kept) -> Vec<PathBuf> {
    let list: Vec<Value> = serde_json::from_slice(&std::fs::read(kept.beside(".backups")).unwrap()).unwrap();
    list.iter().map(|copy| PathBuf::from(copy["path"].as_str().unwrap())).collect()
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(7, include_str!("old_files/schema_07.sql"))]
#[case(13, include_str!("old_files/schema_13.sql"))]
#[tokio::test]
async fn a_kept_file_is_brought_forward_whole(#[case] schema: i64, #[case] rows: &'static str) {
    let kept = Kept::of(schema, rows).await;
    let log = kept.open().await.unwrap();

    // As desks and the operator see it.
    let ines = log.desk_of(&Hash::of("the token of the front desk")).await.unwrap().unwrap();
    assert_eq!((ines.desk.to_string().as_str(), ines.agent_name.as_str()), (FRONT_DESK, "Ines"));
    assert_eq!((ines.accounts.len(), ines.is_revoked), (2, false));
    let cut_off = log.desk_of(&Hash::of("the token of the old laptop")).await.unwrap().unwrap();
    assert!(cut_off.is_revoked);
    let tea = LogName::Account(AccountId::from(TEA));
    let Read::Found(page) = log.entries(ines.desk, &tea, Range::After(0), 100).await.unwrap() else {
        panic!("the log cannot be read")
    };
    assert!(page.entries.len() > 20);
    assert!(page.entries.iter().enumerate().all(|(at, entry)| entry.seq == at as u64 + 1));
    assert!(page.entries.iter().any(|entry| entry.body.get().contains(SAID)));
    let print = Hash::of("a Page token of Tea");
    let Read::Found(knows) = log.knows_token(ines.desk, &AccountId::from(TEA), &print).await.unwrap() else {
        panic!("Ines works there")
    };
    assert_eq!(knows, schema >= 3, "tokens are known since schema 3");
    log.close().await;

    assert_eq!(schema_of(&kept.file()).await, newest());
    let rows = kept.assert_rows_in(&kept.file()).await;
    assert!(rows > 50, "{rows}");

    // The copy is the old file, row by row, and nobody else's.
    assert_eq!(schema_of(&kept.copy()).await, schema);
    assert_eq!(kept.assert_rows_in(&kept.copy()).await, rows);
    assert_eq!(std::fs::metadata(kept.copy()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!kept.beside(&format!(".before-{schema}.part")).exists());
    assert_eq!(known(&kept), [kept.copy()]);

    let new = tempfile::tempdir().unwrap();
    let new = new.path().join("new.db");
    of_schema(&new, newest()).await.close().await.unwrap();
    assert_eq!(statements(&kept.file()).await, statements(&new).await);
}

#[test]
fn there_is_a_kept_file_of_every_schema_that_is_named() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/relay/old_files");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        ["schema_01.sql", "schema_07.sql", "schema_13.sql"],
        "a file that is kept is opened by the test above"
    );
}

#[tokio::test]
async fn a_file_of_today_is_not_copied_and_an_earlier_copy_goes_for_a_newer_one() {
    let kept = Kept::of(7, include_str!("old_files/schema_07.sql")).await;
    let (monday, earlier) = (kept.beside(".monday"), kept.beside(".before-1"));
    for copy in [&monday, &earlier] {
        std::fs::copy(kept.as_it_was(), copy).unwrap();
    }
    let list = [&monday, &earlier].map(|path| json!({"path": path, "at_ms": 1, "complete": true}));
    std::fs::write(kept.beside(".backups"), serde_json::to_vec(&list).unwrap()).unwrap();

    kept.open().await.unwrap().close().await;
    assert!(!earlier.exists(), "the copy from before the earlier update");
    assert!(monday.exists() && kept.copy().exists());
    assert_eq!(known(&kept), [monday, kept.copy()]);

    let before = std::fs::metadata(kept.copy()).unwrap().ino();
    kept.open().await.unwrap().close().await;
    let after = std::fs::metadata(kept.copy()).unwrap().ino();
    assert_eq!(after, before, "there was no update, so there is no other copy");
    assert!(!kept.beside(&format!(".before-{}", newest())).exists());
}

#[tokio::test]
async fn without_a_copy_there_is_no_update() {
    let kept = Kept::of(1, include_str!("old_files/schema_01.sql")).await;
    let in_the_way = kept.beside(".before-1.part");
    std::fs::create_dir(&in_the_way).unwrap();
    let refused = kept.open().await.unwrap_err();
    let OpenError::NoCopy { found: 1, why: BackupError::File { .. }, .. } = &refused else {
        panic!("{refused:?}")
    };
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    assert_eq!(schema_of(&kept.file()).await, 1);
    std::fs::remove_dir(&in_the_way).unwrap();
    kept.open().await.unwrap().close().await;
    assert_eq!((schema_of(&kept.file()).await, kept.copy().exists()), (newest(), true));
}

#[tokio::test]
async fn an_update_that_fails_on_its_way_leaves_the_file_as_it_was() {
    let kept = Kept::of(1, include_str!("old_files/schema_01.sql")).await;
    let mut conn = connect(&kept.file()).await;
    // What a later migration makes is there already.
    sqlx::query("create table label (label text) strict").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let before = statements(&kept.file()).await;
    let refused = kept.open().await.unwrap_err();
    assert!(matches!(&refused, OpenError::Update { found: 1, .. }), "{refused:?}");
    assert_eq!(schema_of(&kept.file()).await, 1, "not of a schema in between");
    assert_eq!(statements(&kept.file()).await, before);
    kept.assert_rows_in(&kept.file()).await;
}

#[tokio::test]
async fn a_file_of_a_newer_relay_is_refused_and_left_alone() {
    let kept = Kept::of(13, include_str!("old_files/schema_13.sql")).await;
    let newer = newest() + 1;
    let mut conn = connect(&kept.file()).await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (?, 'the future', 1, x'00', 0)",
    )
    .bind(newer)
    .execute(&mut conn)
    .await
    .unwrap();
    // As a restore leaves it; whoever opens it to write makes a WAL of it.
    sqlx::query("pragma journal_mode = delete").execute(&mut conn).await.unwrap();
    conn.close().await.unwrap();
    let before = std::fs::read(kept.file()).unwrap();

    let refused = kept.open().await.unwrap_err();
    assert!(
        matches!(refused, OpenError::TooNew { found, known } if (found, known) == (newer, newest())),
        "{refused:?}"
    );
    let words = refused.to_string();
    assert!(words.contains(&format!("schema {newer}")) && words.contains("run the newer program"), "{words}");
    assert!(std::fs::read(kept.file()).unwrap() == before, "not a byte was written");
    assert!(!kept.copy().exists() && !kept.beside(".backups").exists());

    // Nor is it put in the place of another one.
    let place = kept.beside(".other");
    let refused = restore(&kept.file(), &place, SystemClock.wall_ms()).await.unwrap_err();
    assert!(matches!(&refused, RestoreError::TooNew { found, .. } if *found == newer), "{refused:?}");
    assert!(refused.to_string().contains("nothing was changed"), "{refused}");
    assert!(!place.exists());
}

#[rstest]
#[case(1, include_str!("old_files/schema_01.sql"))]
#[case(7, include_str!("old_files/schema_07.sql"))]
#[case(13, include_str!("old_files/schema_13.sql"))]
#[tokio::test]
async fn what_is_taken_back_leaves_the_copy_from_before_the_update(
    #[case] schema: i64,
    #[case] rows: &'static str,
) {
    let kept = Kept::of(schema, rows).await;
    let stage = Stage::with(|config| {
        std::fs::copy(kept.as_it_was(), &config.database).unwrap();
    })
    .await;
    let copy = stage.database().with_file_name(format!("relay.db.before-{schema}"));
    assert!(holds(&copy, SAID));
    assert_eq!(stage.post(&unsend(TEA, MARA, "m_hello")).await, 200);
    assert!(!holds(&copy, SAID));
    assert!(holds(&copy, "The cup arrived broken"), "the rest is there");
    assert_eq!(schema_of(&copy).await, schema);
    let desk: DeskId = FRONT_DESK.parse().unwrap();
    assert!(stage.running().log().desk(desk).await.unwrap().is_some());
}
