//! A customer is blocked: by whom it may be done, what Meta and the team know of it, and how it ends.

use baton_commands::contract::composer::SendMode;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::thread::{Item, SendState, ThreadView};
use baton_commands::contract::threads::{BlockView, View};
use baton_protocol::enrol::Role;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{AYUMI, Customer, INES, JONAS, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World, wait};

use crate::scene::{MARA_ASKS, mara_is_passed_to_ines};

const REPLY: &str = "Your parcel is at the depot.";

#[tokio::test(flavor = "multi_thread")]
async fn a_blocked_customer_leaves_the_queue_of_everybody_and_comes_back_unblocked() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let thread = ines.opens(&mara).await?;
    assert!(thread.may_block);

    ines.blocks(&mara, BlockView::Blocked).await?;

    for desk in [&ines, &jonas] {
        let thread = desk.sees(&mara, "the customer blocked", |t| t.row.block == BlockView::Blocked).await?;
        assert_eq!((thread.row.needs_reply, thread.row.waiting_since_ms), (false, None));
        assert_eq!((thread.composer.send, thread.composer.blocked), (SendMode::Blocked, true));
        assert!(thread.composer.words.unwrap().what.contains("is blocked"), "the composer says why");
        assert!(desk.threads(View::All).await?.is_empty());
        let blocked = desk.threads(View::Blocked).await?;
        assert_eq!(blocked.len(), 1);
    }
    assert!(team_lines(&jonas.opens(&mara).await?).iter().any(|line| line == "Ines blocked this customer"));
    assert!(mara.thread()?.is_blocked && !mara.thread()?.is_spam);
    assert!(mara.writes("Hello?").is_err(), "Meta lets nothing through");
    let lies = ines.composer(&mara).await?;
    let refused = refusal(ines.answers_as(&mara, REPLY, &lies).await)?;
    assert_eq!(refused.code, CommandErrorCode::SendRefused);

    jonas.blocks(&mara, BlockView::No).await?;
    for desk in [&ines, &jonas] {
        let thread = desk.sees(&mara, "the customer back", |t| t.row.block == BlockView::No).await?;
        assert!(thread.row.needs_reply, "who waited waits again");
        assert_eq!(desk.threads(View::All).await?.len(), 1);
        assert!(desk.threads(View::Blocked).await?.is_empty());
    }
    assert!(team_lines(&ines.opens(&mara).await?).iter().any(|line| line == "Jonas unblocked this customer"));
    ines.answers(&mara, REPLY).await?;
    mara.gets(REPLY).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn spam_is_blocked_and_put_aside_at_meta_on_instagram_too() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes("Free followers, look here")?;
    ines.sees(&ayumi, "what was written", |t| t.times("Free followers, look here") == 1).await?;
    ines.blocks(&ayumi, BlockView::Spam).await?;
    ines.sees(&ayumi, "it among spam", |t| t.row.block == BlockView::Spam).await?;
    let thread = ayumi.thread()?;
    assert!(thread.is_blocked && thread.is_spam);
    ines.blocks(&ayumi, BlockView::No).await?;
    ines.sees(&ayumi, "it back", |t| t.row.block == BlockView::No).await?;
    assert!(!ayumi.thread()?.is_blocked);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_gets_words_and_meta_is_not_asked() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let thread = jonas.sees(&mara, "the thread", |_| true).await?;
    assert!(!thread.may_block);
    let refused = refusal(jonas.blocks(&mara, BlockView::Blocked).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotAllowed);
    assert!(refused.message.contains("supervisors"), "{}", refused.message);
    assert_eq!(moderations(&world), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_refuses_changes_nothing_and_says_so() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault {
        call: Some(CallKind::Other),
        times: Some(1),
        ..Fault::always(Effect::CallRefused { error: "permission_missing".to_owned() })
    })?;
    let refused = refusal(ines.blocks(&mara, BlockView::Blocked).await)?;
    assert!(refused.message.contains("nothing changed"), "{}", refused.message);
    assert!(refused.action.contains("Page admin"), "{}", refused.action);
    let thread = ines.opens(&mara).await?;
    assert_eq!((thread.row.block, thread.blocking), (BlockView::No, None));
    assert!(thread.row.needs_reply && !mara.thread()?.is_blocked);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_this_desk_knows_it_and_the_team_hears_later() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    world.kills_relay();
    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "the reply waiting", |t| t.stands(REPLY, SendState::Waiting)).await?;

    ines.blocks(&mara, BlockView::Blocked).await?;

    let thread = ines
        .sees(&mara, "that the team is not told, and the reply in the composer again", |t| {
            t.blocking == Some(BlockView::Blocked) && t.composer.draft == REPLY
        })
        .await?;
    assert!(thread.composer.blocked);
    assert!(thread.composer.draft_words.unwrap().what.contains("blocked in the meantime"));
    world.starts_relay().await?;
    for desk in [&ines, &jonas] {
        desk.sees(&mara, "it blocked", |t| t.row.block == BlockView::Blocked && t.blocking.is_none()).await?;
    }
    assert_eq!(mara.got(REPLY)?, 0);
    Ok(())
}

/// Meta has done it, and the desk is killed before it heard so: no event tells of a block.
#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_team_was_told_it_is_settled_at_the_next_start() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let late = Effect::AnswerLate { ms: 60_000 };
    world.goes_wrong(Fault { call: Some(CallKind::Other), ..Fault::once(late) })?;
    tokio::select! {
        answered = ines.blocks(&mara, BlockView::Blocked) => anyhow::bail!("it was answered: {answered:?}"),
        is_done = wait::until("Meta to block", async || match mara.thread() {
            Ok(thread) if thread.is_blocked => Ok(()),
            other => Err(format!("{:?}", other.map(|thread| thread.is_blocked))),
        }) => is_done?,
    }
    ines.dies();
    assert_eq!(jonas.opens(&mara).await?.row.block, BlockView::No, "nothing has told of it");

    ines.comes_back().await?;

    sees_blocked(&ines, &mara).await?;
    sees_blocked(&jonas, &mara).await?;
    assert!(mara.thread()?.is_blocked);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_desk_knows_who_is_blocked() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.blocks(&mara, BlockView::Blocked).await?;
    ines.sees(&mara, "it blocked", |t| t.row.block == BlockView::Blocked).await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    sees_blocked(&jonas, &mara).await?;
    let thread = jonas.opens(&mara).await?;
    assert_eq!(thread.times(MARA_ASKS), 1);
    Ok(())
}

async fn sees_blocked(desk: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    desk.sees(customer, "the customer blocked", |t| t.row.block == BlockView::Blocked).await?;
    Ok(())
}

fn team_lines(thread: &ThreadView) -> Vec<String> {
    let lines = thread.items.iter().filter_map(|item| match item {
        Item::Team { line, .. } => Some(line.clone()),
        _ => None,
    });
    lines.collect()
}

fn moderations(world: &World) -> usize {
    world.meta().calls().iter().filter(|call| call.path.ends_with("/moderate_conversations")).count()
}
