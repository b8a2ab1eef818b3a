//! More than seven days later: nothing may leave, and Meta is not even asked; then the customer writes again.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::{Author, SendState};
use baton_support::world::Seen as _;
use baton_support::world::desk::refusal;
use baton_support::{NORTHWIND_TEA, TEABOT};

use crate::scene::mara_is_passed_to_ines;

#[tokio::test(flavor = "multi_thread")]
async fn after_seven_days_a_reply_is_refused_before_meta_is_asked() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    world.moves_clock(30);
    let late = ines.sees(&mara, "a late composer", |t| t.composer.verdict == Verdict::HumanAgent).await?;

    world.moves_clock(6 * 24);

    let shut = ines.sees(&mara, "a shut composer", |t| t.composer.verdict == Verdict::Refused).await?;
    let words = shut.composer.words.unwrap();
    assert_eq!(shut.composer.send, SendMode::Blocked);
    assert!(!words.what.is_empty() && !words.action.is_empty(), "{words:?}");

    // A page that lies, or that was drawn before the deadline: the outbox asks the policy itself.
    let tried = ines.answers_as(&mara, "Is anybody there?", &late.composer).await;
    if tried.is_ok() {
        ines.sees(&mara, "it refused", |t| t.stands("Is anybody there?", SendState::Refused)).await?;
    } else {
        assert!(!refusal(tried)?.message.is_empty());
    }
    assert_eq!(world.our_sends().len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_customer_writes_again_the_bot_holds_the_thread_and_the_window_is_open() -> anyhow::Result<()>
{
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.moves_clock(8 * 24);
    ines.sees(&mara, "a shut composer", |t| t.composer.verdict == Verdict::Refused).await?;

    mara.writes("Hello, it is me again")?;

    let thread = ines
        .sees(&mara, "that the bot holds it", |t| {
            t.says(Author::Customer, "Hello, it is me again") && t.held_by() == OwnerKind::Other
        })
        .await?;
    assert_eq!(thread.row.owner.app_name.as_deref(), Some(TEABOT));
    assert!(thread.message("Hello, it is me again").unwrap().standby);
    assert_eq!(thread.composer.verdict, Verdict::Plain);
    assert!(thread.composer.free_until_ms.unwrap().0 > world.meta().now_ms());
    Ok(())
}
