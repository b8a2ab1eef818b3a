//! First results of commands: kept for every honest repeat, and not for ever.

use baton_protocol::command::{Command, RESULT_KEPT_MS};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};

use crate::stage::{MARA, Stage, TEA, customer, plain, until};

fn named(name: &str) -> Command {
    Command::NameCustomer { customer: customer(MARA), name: name.to_owned(), by_hand: false }
}

async fn file(stage: &Stage) -> SqliteConnection {
    SqliteConnectOptions::new().filename(stage.database()).connect().await.unwrap()
}

async fn kept(file: &mut SqliteConnection) -> i64 {
    sqlx::query_scalar("select count(*) from command_result").fetch_one(file).await.unwrap()
}

#[tokio::test]
async fn a_repeat_is_known_for_a_month_and_results_older_than_that_go() {
    let stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    let request = plain(named("Mara"));
    let first = ines.ask(TEA, &request).await.accepted();

    stage.clock.advance_ms(RESULT_KEPT_MS - 60_000);
    ines.do_it(TEA, named("Mara L.")).await;
    assert_eq!(ines.ask(TEA, &request).await.accepted(), first);
    assert_eq!(kept(&mut file(&stage).await).await, 3);

    stage.clock.advance_ms(120_000);
    ines.do_it(TEA, named("Mara Lindt")).await;
    let mut file = file(&stage).await;
    // The two newest stay. Whoever comes last is served before anything goes.
    until("the old results to go", async || kept(&mut file).await == 2).await;
    assert_eq!(ines.entries(TEA).await.len(), 4);
}

#[tokio::test]
async fn a_large_backlog_goes_in_small_steps() {
    let mut stage = Stage::new().await;
    let ines = stage.desk_on_tea("Ines").await;
    stage.relay.take().unwrap().stop().await;
    let mut file = file(&stage).await;
    sqlx::query(
        "insert into command_result (desk, command_id, asked, is_conflict, body, at_ms)
         with recursive n (n) as (select 1 union all select n + 1 from n where n < 1050)
         select 'a desk', n, '', 0, '{}', n from n",
    )
    .execute(&mut file)
    .await
    .unwrap();
    stage.start().await;
    ines.at(&stage).do_it(TEA, named("Mara")).await;
    until("the old results to go", async || kept(&mut file).await == 2).await;
}
