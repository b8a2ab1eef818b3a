//! Two agents at one thread: one reply goes out, the other comes back with the reason, and nobody's text is lost.

use baton_commands::contract::thread::SendState;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_TEA};

use crate::scene::mara_is_passed_to_ines;

const OF_INES: &str = "Hello Mara, I am looking into it.";
const OF_JONAS: &str = "Hello Mara, your parcel is at the depot.";

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_to_what_is_no_longer_so_comes_back_with_the_reason() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let as_ines_saw_it = ines.composer(&mara).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;

    ines.answers_as(&mara, OF_INES, &as_ines_saw_it).await?;

    comes_back(&ines, &mara, OF_INES).await?;
    assert_eq!((mara.got(OF_JONAS)?, mara.got(OF_INES)?), (1, 0));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_press_at_once_one_reply_reaches_the_customer() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;

    let (first, second) = tokio::join!(ines.answers(&mara, OF_INES), jonas.answers(&mara, OF_JONAS));
    first?;
    second?;

    let won = baton_support::wait::until("one of the two on the phone", async || {
        let got = (mara.got(OF_INES).unwrap_or(0), mara.got(OF_JONAS).unwrap_or(0));
        if got.0 + got.1 > 0 { Ok(got) } else { Err(format!("{got:?}")) }
    })
    .await?;
    let (loser, lost) = if won.0 == 1 { (&jonas, OF_JONAS) } else { (&ines, OF_INES) };
    comes_back(loser, &mara, lost).await?;
    assert_eq!(mara.got(OF_INES)? + mara.got(OF_JONAS)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_not_left_can_be_taken_back_into_the_draft() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();
    ines.answers(&mara, OF_INES).await?;
    let waiting = ines.sees(&mara, "it waiting", |t| t.stands(OF_INES, SendState::Waiting)).await?;
    let part = waiting.message(OF_INES).and_then(|message| message.part.clone());

    ines.takes_back(&part.unwrap_or_default()).await?;
    comes_back(&ines, &mara, OF_INES).await?;
    world.starts_relay().await?;

    ines.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    assert_eq!(mara.got(OF_INES)?, 0);
    Ok(())
}

/// The text is in the composer again, with words that say why, and is shown nowhere else.
async fn comes_back(desk: &TestDesk, customer: &Customer, text: &str) -> anyhow::Result<()> {
    desk.sees(customer, "the text in the composer again, and only there", |t| {
        t.composer.draft == text && t.composer.draft_words.is_some() && t.times(text) == 0
    })
    .await?;
    Ok(())
}
