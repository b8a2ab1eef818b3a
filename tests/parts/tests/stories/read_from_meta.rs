//! The relay is away: the thread that is opened is read from Meta itself and marked, and stands there once when the relay is
//! back.

use std::time::Duration;

use baton_commands::contract::session::ProblemKind;
use baton_commands::contract::thread::{Author, SendState, ThreadView};
use baton_commands::contract::threads::View;
use baton_simulator::Call;
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, JONAS, NORTHWIND_TEA, World, wait};

use crate::scene::mara_is_passed_to_ines;

const NEWS: &str = "Never mind, it has just arrived.";
const REPLY: &str = "Good, enjoy it!";
const MORE: &str = "But the box is empty!";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_writes_meanwhile_is_seen_marked_and_later_stands_there_once() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let before = ines.opens(&mara).await?;
    relay_is_missed(&mut world, &ines).await?;
    mara.writes(NEWS)?;

    let thread = ines.sees(&mara, "it, read from Meta", |t| is_marked(t.message(NEWS))).await?;
    assert!(thread.says(Author::Customer, NEWS) && thread.from_meta_ms.is_some(), "{}", thread.transcript());
    assert!(thread.message(NEWS).is_some_and(|m| m.mid.is_none() && m.place.is_none()));
    assert_eq!(thread.row.unread, before.row.unread, "it counts nowhere");
    assert_eq!(thread.composer.free_until_ms, before.composer.free_until_ms, "it opens no window");
    assert_eq!(thread.messages().len(), before.messages().len() + 1, "nothing else is new");

    world.starts_relay().await?;
    let thread = ines
        .sees(&mara, "it as the relay tells it", |t| t.message(NEWS).is_some_and(|m| m.mid.is_some()))
        .await?;
    assert!(!is_marked(thread.message(NEWS)), "{}", thread.transcript());
    ines.sees(&mara, "that the relay is back", |t| t.from_meta_ms.is_none() && t.times(NEWS) == 1).await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.has_read_all_of(&world, NORTHWIND_TEA).await?;
    ines.keeps_the_same_as(&jonas).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn meta_is_asked_once_in_30_seconds_and_only_about_what_is_opened() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    relay_is_missed(&mut world, &ines).await?;
    mara.writes(NEWS)?;
    let before = reads(&world);
    wait::stays("nothing is read", async || {
        ines.threads(View::All).await.map_err(|error| error.to_string())?;
        if reads(&world) == before { Ok(()) } else { Err("Meta was asked".to_owned()) }
    })
    .await?;

    ines.sees(&mara, "it, read from Meta", |t| is_marked(t.message(NEWS))).await?;
    mara.writes(MORE)?;
    wait::stays("one read", async || {
        let thread = ines.opens(&mara).await.map_err(|error| error.to_string())?;
        match (reads(&world) - before, thread.times(MORE)) {
            (1, 0) => Ok(()),
            other => Err(format!("{other:?}")),
        }
    })
    .await?;

    world.time_passes(Duration::from_secs(31));
    ines.sees(&mara, "what came since", |t| is_marked(t.message(MORE)) && t.times(NEWS) == 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_to_what_was_read_from_meta_leaves_once_when_the_relay_is_back() -> anyhow::Result<()> {
    let (mut world, ines, mara) = an_answer_waits_for_the_relay().await?;

    world.starts_relay().await?;

    mara.gets(REPLY).await?;
    let thread = ines
        .sees(&mara, "it sent, and what it answers", |t| {
            t.stands(REPLY, SendState::Sent) && t.message(NEWS).is_some_and(|m| m.mid.is_some())
        })
        .await?;
    assert_eq!((thread.times(NEWS), thread.times(REPLY)), (1, 1), "{}", thread.transcript());
    assert_eq!((thread.composer.draft.as_str(), world.our_sends().len()), ("", 1));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_customer_writes_after_that_press_brings_the_reply_back() -> anyhow::Result<()> {
    let (mut world, ines, mara) = an_answer_waits_for_the_relay().await?;
    mara.writes(MORE)?;

    world.starts_relay().await?;

    let came_back = |t: &ThreadView| t.composer.draft == REPLY && t.composer.draft_words.is_some();
    ines.sees(&mara, "the reply in the composer", came_back).await?;
    assert_eq!((mara.got(REPLY)?, world.our_sends().len()), (0, 0));
    Ok(())
}

/// Mara wrote while the relay was away, Ines read it from Meta itself and answered that.
async fn an_answer_waits_for_the_relay() -> anyhow::Result<(World, TestDesk, Customer)> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    relay_is_missed(&mut world, &ines).await?;
    mara.writes(NEWS)?;
    ines.sees(&mara, "it, read from Meta", |t| is_marked(t.message(NEWS))).await?;
    world.time_passes(Duration::from_secs(2));
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "the reply waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;
    Ok((world, ines, mara))
}

/// The relay is killed, and has been away for longer than a restart takes.
async fn relay_is_missed(world: &mut World, desk: &TestDesk) -> anyhow::Result<()> {
    world.kills_relay();
    desk.finds("that the relay is away", |session| {
        session.problems.iter().any(|problem| problem.kind == ProblemKind::RelayUnreachable)
    })
    .await?;
    world.time_passes(Duration::from_secs(6));
    Ok(())
}

fn is_marked(message: Option<&baton_commands::contract::thread::MessageView>) -> bool {
    message.is_some_and(|message| message.from_meta_ms.is_some())
}

/// How often our app asked Meta for a conversation.
fn reads(world: &World) -> usize {
    let ours = world.meta().app_id();
    let is_read = |call: &&Call| call.app_id.as_ref() == Some(&ours) && call.path.ends_with("/conversations");
    world.meta().calls().iter().filter(is_read).count()
}
