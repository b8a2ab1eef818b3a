//! A store that is emptied: no row, no word of the index and no byte of before; and it can be filled again.

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use crate::builders::*;

const SECRET: &str = "samovar";

/// Tables with rows in them, by name.
async fn filled(desk: &Desk) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(desk.file());
    let mut conn = SqliteConnection::connect_with(&options).await.unwrap();
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    )
    .fetch_all(&mut conn)
    .await
    .unwrap();
    let mut filled = Vec::new();
    for name in names {
        let sql = format!("SELECT EXISTS (SELECT 1 FROM \"{name}\")");
        let has_rows: bool =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut conn).await.unwrap_or(true);
        if has_rows {
            filled.push(name);
        }
    }
    conn.close().await.unwrap();
    filled
}

fn log() -> Log {
    let mut log = Log::connected();
    for number in 0..40 {
        let (mid, text) = (format!("m_{number}"), format!("The {SECRET} number {number} leaks"));
        log.says("messaging", MARA, NINE + number, &mid, &text);
    }
    log.pass(MARA, NINE + 100, Some(TEABOT), BATON, "asks about a samovar");
    log
}

#[tokio::test]
async fn nothing_is_left_of_it_and_the_file_is_small() {
    let desk = Desk::with(&log()).await;
    let thread = desk.thread_id(MARA).await;
    desk.store.save_draft(thread, "Which samovar?", "", NINE).await.unwrap();
    desk.store.set_setting("page.theme", Some("\"dark\"")).await.unwrap();
    assert!(filled(&desk).await.len() > 8);

    desk.store.empty().await.unwrap();

    let left = filled(&desk).await;
    let made = |name: &String| name == "_sqlx_migrations" || name == "setting" || name.contains("search");
    assert!(left.iter().all(made), "{left:?}");
    assert_eq!(desk.store.setting("page.theme").await.unwrap(), None);
    assert_eq!(desk.store.thread_id(&key(MARA)).await.unwrap(), None);
    let file = desk.file();
    desk.store.close().await;
    for path in std::fs::read_dir(file.parent().unwrap()).unwrap().map(|entry| entry.unwrap().path()) {
        let bytes = std::fs::read(&path).unwrap();
        let holds = bytes.windows(SECRET.len()).any(|at| at == SECRET.as_bytes());
        assert!(!holds, "{}", path.display());
    }
}

#[tokio::test]
async fn it_can_be_filled_again_and_no_number_of_before_comes_back() {
    let log = log();
    let mut desk = Desk::with(&log).await;
    let before = desk.thread_id(MARA).await;
    desk.store.empty().await.unwrap();
    // Twice is as well as once.
    desk.store.empty().await.unwrap();
    desk.store.ingest(&log.entries, log_id()).await.unwrap();
    assert_eq!(desk.texts(MARA).await.len(), 40);
    assert_ne!(desk.thread_id(MARA).await, before);
    desk.reopen().await;
    assert_eq!(desk.texts(MARA).await.len(), 40);
    assert!(desk.store.is_sound().await.unwrap());
}
