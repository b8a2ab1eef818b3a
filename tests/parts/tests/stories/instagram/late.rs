//! A late reply on Instagram: tagged where Meta approved it, refused where not.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::SendState;
use baton_simulator::{Effect, Fault};
use baton_support::NORTHWIND_ON_INSTAGRAM;
use baton_support::world::Seen as _;
use serde_json::json;

use super::{INSISTS, ayumi_is_passed_to_ines};

const LATE: &str = "Sorry for the wait, Ayumi. We do ship to Austria.";

#[tokio::test(flavor = "multi_thread")]
async fn with_metas_approval_it_leaves_as_a_persons() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_ON_INSTAGRAM).await?;
    world.moves_clock(30);
    ines.sees(&ayumi, "that a late reply may leave", |t| t.composer.verdict == Verdict::HumanAgent).await?;

    ines.answers(&ayumi, LATE).await?;

    let arrived = ayumi.gets(LATE).await?;
    assert_eq!(arrived.messaging_type.as_deref(), Some("MESSAGE_TAG"));
    assert_eq!(arrived.tag.as_deref(), Some("HUMAN_AGENT"));
    let thread = ines.sees(&ayumi, "it sent", |t| t.stands(LATE, SendState::Sent)).await?;
    assert!(thread.message(LATE).unwrap().late);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_it_nothing_is_offered_and_a_plain_reply_would_be_refused_by_instagrams_own_code()
-> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.moves_clock(30);
    let thread = ines.sees(&ayumi, "a shut composer", |t| t.composer.send == SendMode::Blocked).await?;
    assert_eq!(thread.composer.verdict, Verdict::Refused);

    // Past our own check, with control taken: Meta looks at the window after it looked at the owner.
    let to_her = json!({"recipient": {"id": ayumi.id()}});
    world.calls_graph(NORTHWIND_ON_INSTAGRAM, "/me/take_thread_control", &to_her).await?;
    let body =
        json!({"recipient": {"id": ayumi.id()}, "messaging_type": "RESPONSE", "message": {"text": LATE}});
    let (_, answer) = world.calls_graph(NORTHWIND_ON_INSTAGRAM, "/me/messages", &body).await?;
    assert_eq!(
        (&answer["error"]["code"], &answer["error"]["error_subcode"]),
        (&json!(10), &json!(2_534_022))
    );
    Ok(())
}

/// The two clocks may differ by a moment: Meta's answer is the truth, and is said in words.
#[tokio::test(flavor = "multi_thread")]
async fn a_plain_reply_that_meta_finds_too_late_is_refused_in_words() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    world.goes_wrong(Fault::once(Effect::SendRefused { error: "window_closed_instagram".into() }))?;

    ines.answers(&ayumi, LATE).await?;

    let thread = ines.sees(&ayumi, "it refused", |t| t.stands(LATE, SendState::Refused)).await?;
    let words = thread.message(LATE).unwrap().state_words.clone().unwrap();
    assert!(words.what.contains("time to answer is over"), "{words:?}");
    assert_eq!(ayumi.got(LATE)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_approval_that_meta_does_not_know_of_is_taken_back_here_too() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let other = world.new_customer(NORTHWIND_ON_INSTAGRAM)?;
    other.writes(INSISTS)?;
    ines.sees(&other, "that the thread is ours", |t| t.held_by() == OwnerKind::Ours).await?;
    ines.says_late_replies_are_approved(NORTHWIND_ON_INSTAGRAM).await?;
    world.meta().set_human_agent(&ayumi.account(), false)?;
    world.moves_clock(30);
    ines.sees(&ayumi, "that a late reply may leave", |t| t.composer.verdict == Verdict::HumanAgent).await?;

    ines.answers(&ayumi, LATE).await?;

    // It could have another cause in her thread alone.
    let thread = ines.sees(&ayumi, "it refused", |t| t.stands(LATE, SendState::Refused)).await?;
    assert_eq!(thread.composer.verdict, Verdict::HumanAgent);
    ines.sees(&other, "that a late reply may leave", |t| t.composer.verdict == Verdict::HumanAgent).await?;
    ines.answers(&other, LATE).await?;
    for customer in [&ayumi, &other] {
        ines.sees(customer, "no late replies any more", |t| {
            t.stands(LATE, SendState::Refused) && t.composer.verdict == Verdict::Refused
        })
        .await?;
    }
    Ok(())
}
