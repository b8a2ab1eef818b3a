//! A thread that was put to sleep: it is out of the way, and counts again when its time has come at Meta.

use baton_commands::contract::thread::SetStatus;
use baton_commands::contract::threads::{ListThreads, Sort, ThreadPage, View};
use baton_commands::contract::{Ms, StatusView};
use baton_support::wait;
use baton_support::world::desk::TestDesk;

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_sleeps_counts_again_when_metas_clock_is_past_its_time() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    waits_for(&ines, 1).await?;
    let until_ms = Ms(ines.status().await?.now_ms.0 + HOUR_MS);
    let thread = ines.opens(&mara).await?.row.thread;
    let () = ines.ask("setStatus", SetStatus { thread, status: StatusView::Snoozed { until_ms } }).await?;
    waits_for(&ines, 0).await?;

    world.moves_clock(2);

    let page = waits_for(&ines, 1).await?;
    let row = page.rows.iter().find(|row| row.thread == thread);
    assert!(row.is_some_and(|row| row.needs_reply && row.status == StatusView::Open), "{row:?}");
    Ok(())
}

/// Waits until the list counts so many threads that need a reply.
async fn waits_for(desk: &TestDesk, waiting: u64) -> anyhow::Result<ThreadPage> {
    let asked = ListThreads {
        view: View::All,
        account: None,
        channel: None,
        label: None,
        sort: Sort::NeedsReply,
        after: None,
        up_to: None,
        limit: 10,
    };
    wait::until(format!("{waiting} threads that need a reply"), async || {
        let page: ThreadPage = desk.ask("listThreads", asked.clone()).await.map_err(|e| format!("{e:#}"))?;
        if page.counts.all_waiting.0 == waiting { Ok(page) } else { Err(format!("{:?}", page.counts)) }
    })
    .await
}
