//! An account with routing off: any connected app may answer; there is nothing to take and nothing lapses.

use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::{Author, SendState};
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_support::world::Seen as _;
use baton_support::{JONAS, KITE_AND_CO, SAMIR, World};

#[tokio::test(flavor = "multi_thread")]
async fn any_app_may_answer_and_control_is_not_offered() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;

    samir.writes("Do you repair kites?")?;

    let thread = jonas
        .sees(&samir, "his question", |t| {
            t.says(Author::Customer, "Do you repair kites?") && t.held_by() == OwnerKind::Unmanaged
        })
        .await?;
    assert_eq!(thread.row.owner.until_ms, None);
    assert_eq!((thread.composer.verdict, thread.composer.send), (Verdict::Plain, SendMode::Send));
    for act in [ControlAct::Take, ControlAct::Release, ControlAct::Extend] {
        assert!(!thread.composer.acts.contains(&act), "{act:?} is offered");
    }

    jonas.answers(&samir, "We do, bring it in.").await?;
    samir.gets("We do, bring it in.").await?;
    jonas.sees(&samir, "it sent", |t| t.stands("We do, bring it in.", SendState::Sent)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_leaves_without_taking_anything() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let jonas = world.desk(JONAS, &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    jonas.says_late_replies_are_approved(KITE_AND_CO).await?;
    samir.writes("Do you repair kites?")?;
    jonas.sees(&samir, "his question", |t| t.says(Author::Customer, "Do you repair kites?")).await?;

    world.moves_clock(30);

    let thread = jonas.sees(&samir, "late", |t| t.composer.verdict == Verdict::HumanAgent).await?;
    assert_eq!(thread.held_by(), OwnerKind::Unmanaged);
    assert_eq!(thread.composer.send, SendMode::Send);
    jonas.answers(&samir, "Sorry for the wait. We do.").await?;
    let arrived = samir.gets("Sorry for the wait. We do.").await?;
    assert_eq!(arrived.tag.as_deref(), Some("HUMAN_AGENT"));
    Ok(())
}
