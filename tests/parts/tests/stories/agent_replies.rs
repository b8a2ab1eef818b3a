//! An agent replies within the day: it leaves as a plain response, and its state follows what Meta says.

use baton_commands::contract::composer::{SendMode, Verdict};
use baton_commands::contract::thread::{Author, Item, Mark, Marked, SendState};
use baton_protocol::team::TeamFact;
use baton_support::NORTHWIND_TEA;
use baton_support::world::Seen as _;

use crate::scene::mara_is_passed_to_ines;

const REPLY: &str = "Hello Mara, Ines here. Your parcel is at the depot and arrives tomorrow.";

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_leaves_plain_and_comes_to_be_seen() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let composer = ines.composer(&mara).await?;
    assert_eq!((composer.verdict, composer.send), (Verdict::Plain, SendMode::Send));

    ines.answers(&mara, REPLY).await?;

    let arrived = mara.gets(REPLY).await?;
    assert_eq!(arrived.messaging_type.as_deref(), Some("RESPONSE"));
    assert_eq!(arrived.tag, None);
    let sent = ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;
    assert!(sent.says(Author::Me, REPLY));
    assert_eq!(sent.message(REPLY).unwrap().mid.as_deref(), Some(arrived.mid.as_str()));

    mara.phone_is_on()?;
    ines.sees(&mara, "it delivered", |t| t.stands(REPLY, SendState::Delivered)).await?;
    mara.reads()?;
    ines.sees(&mara, "it seen", |t| t.stands(REPLY, SendState::Seen)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_learns_from_the_log_who_sent_what_and_how_it_ended() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;

    ines.answers(&mara, REPLY).await?;
    ines.sees(&mara, "it sent", |t| t.stands(REPLY, SendState::Sent)).await?;

    let facts = world.team_facts(NORTHWIND_TEA).await?;
    let starts: Vec<_> = facts
        .iter()
        .filter_map(|fact| match fact {
            TeamFact::SendStarted { text, part, tag, unchecked, .. } => {
                Some((text.as_str(), *part, tag.is_some() || *unchecked))
            }
            _ => None,
        })
        .collect();
    let [(REPLY, part, false)] = starts[..] else { panic!("{starts:?}") };
    let arrived = mara.gets(REPLY).await?;
    world.log_tells_sent(NORTHWIND_TEA, part, &arrived.mid).await?;
    assert_eq!(world.our_sends().len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_reply_took_the_thread_on_is_told_before_it() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers(&mara, REPLY).await?;
    let took = |item: &Item| matches!(item, Item::Team { line, .. } if line.contains("took this thread on"));
    let says = |item: &Item| matches!(item, Item::Message { message } if message.text == REPLY);
    let view = ines
        .sees(&mara, "that she took it on with her reply", |t| {
            t.stands(REPLY, SendState::Sent) && t.items.iter().any(took)
        })
        .await?;
    let places = (view.items.iter().position(took), view.items.iter().position(says));
    assert!(places.0.is_some() && places.0 < places.1, "{places:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_of_one_thread_leave_in_order() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let texts = ["First, the depot has it.", "Second, it leaves tonight.", "Third, it is with you tomorrow."];

    for text in texts {
        ines.answers(&mara, text).await?;
    }

    for text in texts {
        ines.sees(&mara, "it sent", |t| t.stands(text, SendState::Sent)).await?;
    }
    let phone = mara.phone()?;
    let ours: Vec<_> = phone.iter().filter_map(|m| m.text.as_deref()).filter(|t| texts.contains(t)).collect();
    assert_eq!(ours, texts);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_answers_has_read_also_what_was_marked_unread_by_hand() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_passed_to_ines().await?;
    let thread = ines.opens(&mara).await?.row.thread;
    ines.ask::<Marked>("mark", Mark { thread, read: true }).await?;
    ines.ask::<Marked>("mark", Mark { thread, read: false }).await?;
    ines.sees(&mara, "that it is unread", |t| t.row.unread.0 > 0).await?;

    ines.answers(&mara, REPLY).await?;

    ines.sees(&mara, "that it is read", |t| t.row.unread.0 == 0).await?;
    Ok(())
}
