//! Thirty hours later: control has lapsed, the plain window is shut, and a person may still answer.

use baton_commands::contract::OwnerKind;
use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::SendState;
use baton_protocol::entry::Content;
use baton_protocol::team::TeamFact;
use baton_support::world::Seen as _;
use baton_support::{NORTHWIND_TEA, TEABOT};
use serde_json::json;

use crate::scene::mara_is_passed_to_ines;

const LATE: &str = "Sorry for the wait, Mara. We found your parcel.";
const DAY_MS: i64 = 24 * 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn after_thirty_hours_nobody_holds_the_thread_and_the_composer_says_late() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    let wrote_ms = mara.phone()?.iter().filter(|m| m.app_id.is_none()).map(|m| m.at_ms).max().unwrap();

    world.moves_clock(30);

    let thread = ines.sees(&mara, "that nobody holds it", |t| t.held_by() == OwnerKind::Idle).await?;
    assert_eq!(thread.row.owner.default_app_name.as_deref(), Some(TEABOT));
    assert_eq!((thread.composer.verdict, thread.composer.send), (Verdict::HumanAgent, SendMode::TakeAndSend));
    assert_eq!(thread.composer.late_until_ms.unwrap().0, wrote_ms + 7 * DAY_MS);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tagged_send_that_skips_our_own_check_is_refused_for_its_owner() -> anyhow::Result<()> {
    let (world, _ines, mara) = mara_is_passed_to_ines().await?;
    world.moves_clock(30);

    let body = json!({
        "recipient": {"id": mara.id()}, "messaging_type": "MESSAGE_TAG", "tag": "HUMAN_AGENT",
        "message": {"text": LATE},
    });
    let (_, answer) = world.calls_graph(NORTHWIND_TEA, "/me/messages", &body).await?;

    assert_eq!(answer["error"]["code"], 10);
    assert_eq!(answer["error"]["error_subcode"], 2_018_300);
    assert_eq!(mara.got(LATE)?, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_reply_takes_control_and_leaves_as_a_persons_with_evidence() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    world.moves_clock(30);
    ines.sees(&mara, "that a late reply may leave", |t| t.composer.verdict == Verdict::HumanAgent).await?;

    ines.answers(&mara, LATE).await?;

    let arrived = mara.gets(LATE).await?;
    assert_eq!(arrived.messaging_type.as_deref(), Some("MESSAGE_TAG"));
    assert_eq!(arrived.tag.as_deref(), Some("HUMAN_AGENT"));
    let thread = ines.sees(&mara, "it sent", |t| t.stands(LATE, SendState::Sent)).await?;
    assert!(thread.message(LATE).unwrap().late);
    assert_eq!(thread.held_by(), OwnerKind::Ours, "{}", thread.transcript());
    assert_eq!(mara.held_by()?.as_deref(), Some("Baton"));

    let entries = world.entries(NORTHWIND_TEA).await?;
    let evidence = entries.iter().find_map(|entry| match entry.content() {
        Content::Team(fact) => match *fact {
            TeamFact::SendStarted { text, tag: Some(tag), agent, .. } if text == LATE => {
                Some((tag, agent, entry.at_ms))
            }
            _ => None,
        },
        _ => None,
    });
    let (evidence, sender, granted_ms) = evidence.unwrap();
    assert_eq!(evidence.agent, sender);
    // The entry has Meta's time, as the messages beside it have.
    assert!((granted_ms - evidence.meta_now_ms).abs() < 60_000, "{granted_ms}, {}", evidence.meta_now_ms);
    assert_eq!(evidence.until_ms, evidence.last_opening_ms + 7 * DAY_MS);
    assert!(evidence.composed_ms > 0);
    assert!(evidence.meta_now_ms > evidence.last_opening_ms + 29 * 3_600_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_metas_approval_no_late_reply_is_offered() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    world.moves_clock(30);

    let thread = ines.sees(&mara, "a shut composer", |t| t.composer.send == SendMode::Blocked).await?;
    assert_eq!(thread.composer.verdict, Verdict::Refused);
    assert!(!thread.composer.words.unwrap().what.is_empty());
    Ok(())
}
