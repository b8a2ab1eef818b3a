//! Meta turns replies away because too much was sent at once: they wait, the agent is told until when, and each arrives
//! once.

use baton_commands::contract::status::{Health, StatusLine};
use baton_commands::contract::thread::SendState;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::wait;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Your parcel arrives tomorrow.";

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_reply_says_until_when_it_waits_and_says_it_anew_when_that_moves() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault {
        call: Some(CallKind::Send),
        times: Some(2),
        ..Fault::always(Effect::Throttled { error: "rate_buc_messenger".to_owned() })
    })?;
    ines.answers(&mara, REPLY).await?;

    let held = async |after_ms: i64| {
        let thread = ines
            .sees(&mara, "until when the reply waits", |t| {
                t.message(REPLY).and_then(|m| m.sent_again_ms).is_some_and(|at| at.0 > after_ms)
            })
            .await?;
        let message = thread.message(REPLY).unwrap();
        assert_eq!(message.state, Some(SendState::Waiting));
        anyhow::Ok(message.sent_again_ms.unwrap().0)
    };
    let now_ms = ines.status().await?.now_ms.0;
    let first_ms = held(now_ms).await?;
    let line = says_until(&ines, first_ms).await?;
    assert_eq!((line.meta.health, line.replies_waiting.0), (Health::Busy, 1));
    assert_eq!(line.meta.short, "Meta is throttling");

    world.moves_clock(1);
    let second_ms = held(first_ms).await?;
    says_until(&ines, second_ms).await?;

    world.moves_clock(1);
    ines.sees(&mara, "that it was sent", |t| {
        t.message(REPLY).is_some_and(|m| m.sent_again_ms.is_none() && m.state_words.is_none())
    })
    .await?;
    wait::until("one copy at the customer", async || match mara.got(REPLY) {
        Ok(1) => Ok(()),
        got => Err(format!("{got:?}")),
    })
    .await?;
    wait::until("a status line that says nothing of it any more", async || {
        let line = ines.status().await.map_err(|error| error.to_string())?;
        let is_over = line.sent_again_ms.is_none() && line.replies_waiting.0 == 0;
        if is_over { Ok(()) } else { Err(format!("{line:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_throttled_reply_whose_customer_writes_no_longer_says_that_it_leaves_and_comes_back()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault {
        call: Some(CallKind::Send),
        times: Some(1),
        ..Fault::always(Effect::Throttled { error: "rate_buc_messenger".to_owned() })
    })?;
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "until when the reply waits", |t| {
        t.message(REPLY).is_some_and(|m| m.sent_again_ms.is_some())
    })
    .await?;

    mara.writes("It has just arrived, thank you.")?;
    ines.sees(&mara, "that the reply will not leave", |t| {
        let words =
            t.message(REPLY).filter(|m| m.sent_again_ms.is_none()).and_then(|m| m.state_words.as_ref());
        words.is_some_and(|words| words.what.contains("comes back to the composer"))
    })
    .await?;
    world.moves_clock(2);
    ines.sees(&mara, "that it came back", |t| t.composer.draft.contains(REPLY)).await?;
    assert_eq!(mara.got(REPLY)?, 0);
    Ok(())
}

async fn says_until(desk: &TestDesk, until_ms: i64) -> anyhow::Result<StatusLine> {
    wait::until("the status line to say until when", async || {
        let line = desk.status().await.map_err(|error| error.to_string())?;
        if line.sent_again_ms.map(|at| at.0) == Some(until_ms) { Ok(line) } else { Err(format!("{line:?}")) }
    })
    .await
}
