//! *Send and done*: the reply goes first, the thread is done only after it; and an agent's own acts never stand in the way
//! of the agent's own reply.

use baton_commands::contract::StatusView;
use baton_commands::contract::thread::SendState;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_TEA};

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Hello Mara, your parcel is at the depot.";
const MORE: &str = "And it arrives tomorrow.";
const OF_JONAS: &str = "Hello Mara, Jonas here.";

async fn is_done(desk: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    desk.sees(customer, "the thread done", |t| t.row.status == StatusView::Done).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reply_goes_and_then_the_thread_is_done() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    for round in 0..10 {
        let text = format!("{REPLY} ({round})");
        mara.writes(&format!("Where is it? ({round})"))?;
        ines.sees(&mara, "the question", |t| t.times(&format!("Where is it? ({round})")) == 1).await?;

        ines.answers_and_is_done(&mara, &text).await?;

        mara.gets(&text).await?;
        is_done(&ines, &mara).await?;
        assert_eq!(mara.got(&text)?, 1);
    }
    assert_eq!(ines.status().await?.setbacks, []);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_a_reply_follows_it_over_a_restart_too() -> anyhow::Result<()> {
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();
    ines.answers_and_is_done(&mara, REPLY).await?;
    ines.sees(&mara, "it waiting, and the thread open", |t| {
        t.stands(REPLY, SendState::Waiting) && t.row.status == StatusView::Open
    })
    .await?;

    ines.comes_back().await?;
    world.starts_relay().await?;

    mara.gets(REPLY).await?;
    is_done(&ines, &mara).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_may_go_between_the_reply_and_what_follows_it() -> anyhow::Result<()> {
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers_and_is_done(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    world.kills_relay();
    ines.comes_back().await?;
    world.starts_relay().await?;
    is_done(&ines, &mara).await?;
    assert_eq!(mara.got(REPLY)?, 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_that_comes_back_leaves_the_thread_open_and_its_agent_is_told() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let as_ines_saw_it = ines.composer(&mara).await?;
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;

    ines.answers_as(&mara, REPLY, &as_ines_saw_it).await?;

    let told = ines.hears_of_a_setback().await?;
    assert_eq!(told.name, "Mara Lindt");
    assert!(told.words.what.contains("not sent"), "{:?}", told.words);
    let thread = ines.opens(&mara).await?;
    assert_eq!((thread.row.thread, thread.row.status.clone()), (told.thread, StatusView::Open));
    // It is told until somebody heard of it, and not again after that.
    ines.comes_back().await?;
    assert_eq!(ines.hears_of_a_setback().await?, told);
    ines.heard_of(&told).await?;
    assert_eq!(ines.status().await?.setbacks, []);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn own_acts_do_not_stand_in_the_way_of_an_own_reply() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let as_ines_saw_it = ines.composer(&mara).await?;
    ines.assigns(&mara, true).await?;
    ines.sets(&mara, StatusView::Done).await?;
    ines.sets(&mara, StatusView::Open).await?;

    ines.answers_as(&mara, REPLY, &as_ines_saw_it).await?;
    ines.answers_as(&mara, MORE, &as_ines_saw_it).await?;
    ines.sets(&mara, StatusView::Done).await?;

    mara.gets(REPLY).await?;
    mara.gets(MORE).await?;
    is_done(&ines, &mara).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_the_customers_turn_until_the_customer_writes() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.assigns(&mara, true).await?;
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;

    ines.sets(&mara, StatusView::WaitingOnCustomer).await?;
    ines.sees(&mara, "that it waits on her", |t| {
        t.row.status == StatusView::WaitingOnCustomer && t.row.waiting_since_ms.is_none()
    })
    .await?;

    mara.writes("Thank you. And the other one?")?;
    ines.sees(&mara, "it open again", |t| t.row.status == StatusView::Open && t.row.needs_reply).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_given_back_is_not_claimed_again_by_an_older_reply() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let as_ines_saw_it = ines.composer(&mara).await?;
    ines.assigns(&mara, true).await?;
    ines.assigns(&mara, false).await?;

    ines.answers_as(&mara, REPLY, &as_ines_saw_it).await?;

    mara.gets(REPLY).await?;
    ines.sees(&mara, "it sent, and nobody's", |t| {
        t.stands(REPLY, SendState::Sent) && t.row.assignee.is_none()
    })
    .await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_act_among_the_own_ones_still_counts() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let as_ines_saw_it = ines.composer(&mara).await?;
    jonas.assigns(&mara, true).await?;
    ines.sees(&mara, "it is his", |t| t.row.assignee.is_some()).await?;
    ines.sets(&mara, StatusView::WaitingOnCustomer).await?;

    ines.answers_as(&mara, REPLY, &as_ines_saw_it).await?;

    ines.sees(&mara, "the text in the composer again", |t| t.composer.draft == REPLY).await?;
    assert_eq!(mara.got(REPLY)?, 0);
    Ok(())
}
