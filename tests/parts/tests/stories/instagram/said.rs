//! What customers say and do on Instagram, and what an agent sees of it.

use baton_commands::contract::attachment::{AttachmentView, HiddenWhy};
use baton_commands::contract::thread::{Author, MessageView, ThreadView};
use baton_commands::contract::threads::PreviewWhat;
use baton_messenger::Mid;
use baton_simulator::{Said, Thing};
use baton_support::world::Seen as _;
use baton_support::{Customer, NORTHWIND_ON_INSTAGRAM};

use super::ayumi_is_passed_to_ines;

fn by_mid<'a>(thread: &'a ThreadView, mid: &Mid) -> Option<&'a MessageView> {
    thread.messages().into_iter().find(|message| message.mid.as_deref() == Some(mid.as_str()))
}

async fn reply_of_ines(
    ines: &baton_support::world::desk::TestDesk,
    ayumi: &Customer,
    text: &str,
) -> anyhow::Result<Mid> {
    ines.answers(ayumi, text).await?;
    Ok(ayumi.gets(text).await?.mid)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_comes_changes_and_goes() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let mid = reply_of_ines(&ines, &ayumi, "Here it is.").await?;
    let shown = |thread: &ThreadView| {
        let message = by_mid(thread, &mid)?;
        Some(message.reactions.iter().map(|r| (r.emoji.clone(), r.by_customer)).collect::<Vec<_>>())
    };

    ayumi.reacts(&mid, Some("love"))?;
    ines.sees(&ayumi, "the heart", |t| shown(t) == Some(vec![("❤️".to_owned(), true)])).await?;
    ayumi.reacts(&mid, Some("laugh"))?;
    ines.sees(&ayumi, "the laugh alone", |t| shown(t).is_some_and(|r| r.len() == 1 && r[0].0 != "❤️"))
        .await?;
    ayumi.reacts(&mid, None)?;
    ines.sees(&ayumi, "no reaction", |t| shown(t) == Some(Vec::new())).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_taken_back_leaves_its_place_and_no_word() -> anyhow::Result<()> {
    let (world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let mid = ayumi.writes("My card is 4111 1111")?;
    ines.sees(&ayumi, "her word", |t| t.times("My card is 4111 1111") == 1).await?;

    ayumi.unsends(&mid)?;

    let thread = ines.sees(&ayumi, "it taken back", |t| by_mid(t, &mid).is_some_and(|m| m.unsent)).await?;
    let message = by_mid(&thread, &mid).unwrap();
    assert_eq!((message.text.as_str(), message.author), ("", Author::Customer));
    assert_eq!(thread.row.preview_what, PreviewWhat::Unsent);
    for entry in world.entries(NORTHWIND_ON_INSTAGRAM).await? {
        assert!(!serde_json::to_string(&entry)?.contains("4111 1111"), "{entry:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_shows_the_new_words_and_keeps_the_old() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let mid = ayumi.writes("Do you ship to Austria too?")?;
    ines.sees(&ayumi, "her word", |t| t.times("Do you ship to Austria too?") == 1).await?;

    ayumi.edits(&mid, "Do you ship to Switzerland?")?;

    let thread = ines.sees(&ayumi, "it changed", |t| by_mid(t, &mid).is_some_and(|m| m.edited)).await?;
    let message = by_mid(&thread, &mid).unwrap();
    assert_eq!(message.text, "Do you ship to Switzerland?");
    let earlier: Vec<_> = message.earlier.iter().map(|earlier| earlier.text.as_str()).collect();
    assert_eq!(earlier, ["Do you ship to Austria too?"]);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn words_about_our_story_and_a_story_that_names_us_are_shown_and_not_kept() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let reply = ayumi.says(&Said { answers_story: true, ..Said::text("Is it back?") })?;
    let mention = ayumi.says(&Said::thing(Thing::StoryMention))?;

    let thread =
        ines.sees(&ayumi, "both", |t| by_mid(t, &reply).is_some() && by_mid(t, &mention).is_some()).await?;

    let story = by_mid(&thread, &reply).unwrap().story.clone().unwrap();
    assert!(story.media.is_some_and(|media| media.fleeting));
    let attachments = &by_mid(&thread, &mention).unwrap().attachments;
    let [AttachmentView::StoryMention { media: Some(media) }] = attachments.as_slice() else {
        panic!("{attachments:?}")
    };
    assert!(media.fleeting);
    assert_eq!(thread.row.preview_what, PreviewWhat::StoryMention);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_shown_says_why() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let gone = ayumi.says(&Said::thing(Thing::Ephemeral))?;
    let strange = ayumi.says(&Said { is_unsupported: true, ..Said::default() })?;

    let thread =
        ines.sees(&ayumi, "both", |t| by_mid(t, &gone).is_some() && by_mid(t, &strange).is_some()).await?;

    let hidden = |mid: &Mid| {
        let message = by_mid(&thread, mid).unwrap();
        message.attachments.iter().find_map(|attachment| match attachment {
            AttachmentView::Hidden { why, .. } => Some(*why),
            _ => None,
        })
    };
    assert_eq!(hidden(&gone), Some(HiddenWhy::Disappearing));
    let unsupported = by_mid(&thread, &strange).unwrap();
    assert!(unsupported.unknown || hidden(&strange).is_some(), "{unsupported:?}");
    assert!(thread.row.needs_reply);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn shared_posts_and_reels_are_shown_in_the_old_form_and_the_new() -> anyhow::Result<()> {
    let (_world, ines, ayumi) = ayumi_is_passed_to_ines().await?;
    let things = [
        Thing::IgPost { title: "New colours".to_owned() },
        Thing::IgReel { title: "Behind the scenes".to_owned() },
        Thing::Share,
    ];
    let mids =
        things.into_iter().map(|thing| ayumi.says(&Said::thing(thing))).collect::<Result<Vec<_>, _>>()?;

    let thread =
        ines.sees(&ayumi, "all of them", |t| mids.iter().all(|mid| by_mid(t, mid).is_some())).await?;

    for mid in &mids {
        let message = by_mid(&thread, mid).unwrap();
        assert!(matches!(message.attachments.as_slice(), [AttachmentView::Shared { .. }]), "{message:?}");
    }
    Ok(())
}
