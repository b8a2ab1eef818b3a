//! Text and pictures as one reply: each is a part of its own, in order, and only what did not go out is sent again.

use baton_commands::contract::attachment::{AttachmentView, MediaState};
use baton_commands::contract::thread::{MessageView, PartAct, SendState, ThreadView};
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::picture::png;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::world::{Seen as _, file_name};
use baton_support::{AYUMI, Customer, INES, JONAS, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World, wait};

use crate::scene::{MARA_INSISTS, mara_is_passed_to_ines};

const REPLY: &str = "Here is how the shelf goes together.";
const COLOURS: [[u8; 3]; 3] = [[200, 80, 60], [60, 160, 90], [70, 90, 200]];
/// Longer than any step of these stories takes.
const HOLD_MS: i64 = 30_000;

async fn adds_three_pictures(ines: &TestDesk, customer: &Customer) -> anyhow::Result<()> {
    for (number, colour) in (1..).zip(COLOURS) {
        ines.attaches(customer, &format!("step {number}.png"), &png(320, 200, colour)?).await?;
    }
    Ok(())
}

/// How the last parts of ours stand, oldest first.
fn states(thread: &ThreadView, last: usize) -> Vec<Option<SendState>> {
    let ours: Vec<_> = ours(thread).into_iter().map(|message| message.state).collect();
    ours[ours.len().saturating_sub(last)..].to_vec()
}

/// What Ines said here: her text and her pictures.
fn ours(thread: &ThreadView) -> Vec<&MessageView> {
    let is_ours = |m: &&MessageView| m.text == REPLY || m.attachments.iter().any(|one| title(one).is_some());
    let from_me = |m: &&MessageView| m.author == baton_commands::contract::thread::Author::Me;
    thread.messages().into_iter().filter(from_me).filter(is_ours).collect()
}

fn title(attachment: &AttachmentView) -> Option<&str> {
    match attachment {
        AttachmentView::Media { media } => Some(&media.title),
        _ => None,
    }
}

/// What came to the customer from the desk: a text, or the name of a picture.
fn on_the_phone(customer: &Customer) -> anyhow::Result<Vec<String>> {
    let is_ours = |m: &baton_simulator::MessageView| {
        m.metadata.as_deref().is_some_and(|own| own.starts_with("b1:out:"))
    };
    let ours = customer.phone()?.into_iter().filter(is_ours);
    Ok(ours.map(|m| file_name(&m).or(m.text).unwrap_or_default()).collect())
}

const ALL: [&str; 4] = [REPLY, "step 1.png", "step 2.png", "step 3.png"];

async fn comes_to_be_on_the_phone(customer: &Customer, what: &[&str]) -> anyhow::Result<()> {
    wait::until(format!("{what:?} on the phone"), async || {
        let got = on_the_phone(customer).map_err(|error| format!("{error:#}"))?;
        if got == what { Ok(()) } else { Err(format!("{got:?}")) }
    })
    .await
}

fn refused_picture(after: u32) -> Fault {
    let refused = Effect::SendRefused { error: "attachment_upload_failed".to_owned() };
    Fault { call: Some(CallKind::Send), after, ..Fault::once(refused) }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_and_three_pictures_are_four_messages_in_order() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    adds_three_pictures(&ines, &mara).await?;
    let composer = ines.composer(&mara).await?;
    let names: Vec<&str> = composer.files.iter().map(|file| file.title.as_str()).collect();
    assert_eq!(names, ["step 1.png", "step 2.png", "step 3.png"]);

    let receipt = ines.answers_with_files(&mara, REPLY, 0).await?;

    assert_eq!(receipt.parts.len(), 4);
    assert!(ines.composer(&mara).await?.files.is_empty());
    comes_to_be_on_the_phone(&mara, &ALL).await?;
    let thread = ines
        .sees(&mara, "all four sent", |t| states(t, 4) == [Some(SendState::Sent); 4] && ours(t).len() == 4)
        .await?;
    let pictures: Vec<_> = ours(&thread).iter().flat_map(|m| &m.attachments).collect();
    for picture in pictures {
        let AttachmentView::Media { media } = picture else { panic!("{picture:?}") };
        assert_eq!(media.state, MediaState::Here, "the agent sees the picture at once");
    }
    assert_eq!(world.our_sends().len(), 4);
    // The echoes merge: nothing is there twice, and the own copies go once Meta's are in the vault.
    ines.has_read_all_of(&world, NORTHWIND_TEA).await?;
    assert_eq!(ours(&ines.opens(&mara).await?).len(), 4);
    nothing_is_kept(&ines).await
}

/// No file that was sent lies here any more.
async fn nothing_is_kept(desk: &TestDesk) -> anyhow::Result<()> {
    let folder = desk.folder().join("files");
    wait::until("no own file", async || {
        let left = std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        let left: Vec<_> = left.map(|file| file.file_name()).filter(|name| name != "outside").collect();
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_four_parts_the_one_that_was_refused_is_sent_again_alone() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(refused_picture(2))?;
    adds_three_pictures(&ines, &mara).await?;

    ines.answers_with_files(&mara, REPLY, 0).await?;

    let thread = ines
        .sees(&mara, "the second picture refused, the third waiting", |t| {
            let [.., second, third] = states(t, 4)[..] else { return false };
            second == Some(SendState::Refused) && third == Some(SendState::Waiting)
        })
        .await?;
    comes_to_be_on_the_phone(&mara, &ALL[..2]).await?;
    let [.., refused, waiting] = &ours(&thread)[..] else { anyhow::bail!("{}", thread.transcript()) };
    assert_eq!(refused.acts, [PartAct::SendAgain, PartAct::TakeBack, PartAct::PutAside]);
    assert_eq!(waiting.acts, [PartAct::SendRest, PartAct::TakeBack]);
    assert!(waiting.state_words.is_some() && thread.composer.files.is_empty(), "it waits, and is no draft");
    // Another reply is not kept up by it.
    ines.answers(&mara, "One moment, a picture did not go through.").await?;
    mara.gets("One moment, a picture did not go through.").await?;

    ines.tries_again(&mara, refused.part.as_deref().unwrap_or_default()).await?;

    ines.sees(&mara, "all four sent", |t| states(t, 4) == [Some(SendState::Sent); 4]).await?;
    let got = on_the_phone(&mara)?;
    for said in ALL {
        assert_eq!(got.iter().filter(|got| *got == said).count(), 1, "{said} in {got:?}");
    }
    // Four parts, one of them twice, and the text in between.
    assert_eq!(world.our_sends().len(), 6);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_leaves_without_the_part_that_was_refused_when_the_agent_says_so() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(refused_picture(1))?;
    adds_three_pictures(&ines, &mara).await?;
    ines.answers_with_files(&mara, REPLY, 0).await?;
    let thread = ines
        .sees(&mara, "two waiting, with what can be done offered once", |t| {
            states(t, 3) == [Some(SendState::Refused), Some(SendState::Waiting), Some(SendState::Waiting)]
                && ours(t).last().is_some_and(|m| m.acts.is_empty())
        })
        .await?;
    let [_, _, second, _] = ours(&thread)[..] else { anyhow::bail!("{}", thread.transcript()) };

    ines.sends_the_rest(&mara, second.part.as_deref().unwrap_or_default()).await?;

    comes_to_be_on_the_phone(&mara, &[REPLY, "step 2.png", "step 3.png"]).await?;
    let thread = ines
        .sees(&mara, "the rest sent", |t| {
            states(t, 4).iter().filter(|state| **state == Some(SendState::Sent)).count() == 3
        })
        .await?;
    let refused = ours(&thread).into_iter().find(|m| m.state == Some(SendState::Refused));
    let refused = refused.and_then(|m| m.part.clone()).unwrap_or_default();
    ines.tries_again(&mara, &refused).await?;
    comes_to_be_on_the_phone(&mara, &[REPLY, "step 2.png", "step 3.png", "step 1.png"]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn taken_back_the_pictures_are_attached_again_in_their_order() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(refused_picture(1))?;
    adds_three_pictures(&ines, &mara).await?;
    ines.answers_with_files(&mara, REPLY, 0).await?;
    let [refused, waiting] = [Some(SendState::Refused), Some(SendState::Waiting)];
    let thread =
        ines.sees(&mara, "one refused, two waiting", |t| states(t, 3) == [refused, waiting, waiting]).await?;
    let refused = ours(&thread)[1].part.clone().unwrap_or_default();

    ines.takes_back(&refused).await?;

    let names = |t: &ThreadView| t.composer.files.iter().map(|file| file.title.clone()).collect::<Vec<_>>();
    let thread = ines.sees(&mara, "three files in the composer", |t| names(t).len() == 3).await?;
    assert_eq!(names(&thread), ["step 1.png", "step 2.png", "step 3.png"]);
    assert_eq!(ours(&thread).len(), 1, "only the text stands: {}", thread.transcript());
    // They are still there after a restart, with their bytes, and leave once.
    ines.comes_back().await?;
    let thread = ines.opens(&mara).await?;
    assert_eq!(names(&thread).len(), 3);
    let medium = baton_commands::contract::attachment::MediaName { id: thread.composer.files[1].id.clone() };
    assert_eq!(ines.serves(&medium, None, None).await?.body, png(320, 200, COLOURS[1])?);
    assert_eq!(ines.serves(&medium, Some("size=thumb"), None).await?.status, 200);
    ines.answers_with_files(&mara, "", 0).await?;
    comes_to_be_on_the_phone(&mara, &ALL).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_back_is_taken_back_together() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    adds_three_pictures(&ines, &mara).await?;
    let receipt = ines.answers_with_files(&mara, REPLY, HOLD_MS).await?;
    let thread = ines.sees(&mara, "all kept back", |t| states(t, 4) == [Some(SendState::Held); 4]).await?;
    assert_eq!(ours(&thread)[0].acts, [PartAct::TakeBack, PartAct::SendNow]);
    assert!(ours(&thread)[2].acts.is_empty());

    ines.takes_back(&receipt.parts[2]).await?;

    ines.sees(&mara, "all in the composer", |t| t.composer.draft == REPLY && t.composer.files.len() == 3)
        .await?;
    assert!(world.our_sends().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn closed_in_the_time_to_undo_all_of_it_is_a_draft_again() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    adds_three_pictures(&ines, &mara).await?;
    ines.answers_with_files(&mara, REPLY, HOLD_MS).await?;
    ines.comes_back().await?;
    let thread = ines
        .sees(&mara, "all in the composer", |t| t.composer.draft == REPLY && t.composer.files.len() == 3)
        .await?;
    assert!(ours(&thread).is_empty() && thread.composer.draft_words.is_some());
    assert!(world.our_sends().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_pictures_wait_and_arrive_once_in_order() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    world.kills_relay();
    adds_three_pictures(&ines, &mara).await?;
    ines.answers_with_files(&mara, REPLY, 0).await?;
    ines.sees(&mara, "the first waiting, the others behind it", |t| {
        states(t, 4) == [Some(SendState::Waiting); 4]
    })
    .await?;
    assert!(on_the_phone(&mara)?.is_empty());

    world.starts_relay().await?;

    comes_to_be_on_the_phone(&mara, &ALL).await?;
    ines.sees(&mara, "all four sent", |t| states(t, 4) == [Some(SendState::Sent); 4]).await?;
    assert_eq!(world.our_sends().len(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_two_parts_the_others_follow_after_the_next_start() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_passed_to_ines().await?;
    adds_three_pictures(&ines, &mara).await?;
    // The second picture's upload takes its time: the desk is killed in it.
    world.goes_wrong(Fault {
        call: Some(CallKind::Upload),
        after: 1,
        ..Fault::once(Effect::AnswerLate { ms: 20_000 })
    })?;
    ines.answers_with_files(&mara, REPLY, 0).await?;
    comes_to_be_on_the_phone(&mara, &ALL[..2]).await?;
    ines.comes_back().await?;
    comes_to_be_on_the_phone(&mara, &ALL).await?;
    ines.sees(&mara, "all four sent", |t| states(t, 4) == [Some(SendState::Sent); 4]).await?;
    assert_eq!(world.our_sends().len(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_part_of_unknown_end_the_others_wait_until_it_is_known() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.goes_wrong(Fault { call: Some(CallKind::Send), after: 1, ..Fault::once(Effect::AnswerCut) })?;
    // Neither its answer nor its echo comes: a look at the conversation finds the one picture that fits.
    world.goes_wrong(Fault::always(Effect::EchoNever))?;
    adds_three_pictures(&ines, &mara).await?;
    ines.answers_with_files(&mara, REPLY, 0).await?;

    ines.sees(&mara, "the first picture unknown, the others waiting", |t| {
        let [_, first, second, third] = states(t, 4)[..] else { return false };
        (first, second, third)
            == (Some(SendState::Unknown), Some(SendState::Waiting), Some(SendState::Waiting))
    })
    .await?;
    wait::stays("nothing behind it leaving", async || {
        let sends = world.our_sends().len();
        if sends == 2 { Ok(()) } else { Err(format!("{sends} sends")) }
    })
    .await?;
    world.time_passes(std::time::Duration::from_secs(10));
    comes_to_be_on_the_phone(&mara, &ALL).await?;
    ines.sees(&mara, "all four sent", |t| states(t, 4) == [Some(SendState::Sent); 4]).await?;
    assert_eq!(world.our_sends().len(), 4);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_cut_is_made_again_and_one_that_meta_has_is_not() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let uploads = |cut: Effect| Fault { call: Some(CallKind::Upload), ..Fault::once(cut) };
    world.goes_wrong(uploads(Effect::CallCut))?;
    let picture = png(320, 200, COLOURS[0])?;
    ines.attaches(&mara, "step 1.png", &picture).await?;
    ines.answers_with_files(&mara, "", 0).await?;
    comes_to_be_on_the_phone(&mara, &["step 1.png"]).await?;

    // The same picture once more: Meta is not given it again.
    world.goes_wrong(Fault {
        call: Some(CallKind::Upload),
        ..Fault::always(Effect::CallRefused { error: "attachment_upload_failed".to_owned() })
    })?;
    ines.attaches(&mara, "step 1.png", &picture).await?;
    ines.answers_with_files(&mara, "", 0).await?;
    comes_to_be_on_the_phone(&mara, &["step 1.png"; 2]).await?;

    // Another one is refused in words, and can be taken back.
    ines.attaches(&mara, "step 2.png", &png(320, 200, COLOURS[1])?).await?;
    ines.answers_with_files(&mara, "", 0).await?;
    let thread = ines.sees(&mara, "it refused", |t| states(t, 1) == [Some(SendState::Refused)]).await?;
    let refused = ours(&thread).last().map(|m| (m.state_words.clone(), m.part.clone()));
    let Some((Some(words), Some(part))) = refused else { anyhow::bail!("{}", thread.transcript()) };
    assert!(words.what.contains("could not be uploaded"), "{words:?}");
    ines.takes_back(&part).await?;
    ines.sees(&mara, "it in the composer", |t| t.composer.files.len() == 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_channel_does_not_take_is_told_when_it_is_added() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes(MARA_INSISTS)?;
    ines.sees(&ayumi, "it", |t| t.times(MARA_INSISTS) == 1).await?;

    let archive = refusal(ines.attaches(&ayumi, "all.zip", b"PK\x03\x04 not for Instagram").await)?;
    assert!(archive.action.contains("PDF") && archive.action.contains("PNG"), "{archive:?}");
    let empty = refusal(ines.attaches(&ayumi, "empty.png", b"").await)?;
    assert!(empty.message.contains("empty"), "{empty:?}");
    let mut large = png(64, 64, COLOURS[0])?;
    large.resize(8_000_001, 0);
    let large = refusal(ines.attaches(&ayumi, "large.png", &large).await)?;
    assert!(large.message.contains("8 MB"), "{large:?}");
    for number in 0..10_u8 {
        ines.attaches(&ayumi, "small.png", &png(24, 24, [number, 0, 0])?).await?;
    }
    let eleventh = refusal(ines.attaches(&ayumi, "small.png", &png(24, 24, [99, 0, 0])?).await)?;
    assert!(eleventh.message.contains("10 files"), "{eleventh:?}");
    assert_eq!(ines.composer(&ayumi).await?.files.len(), 10);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_sees_that_a_picture_is_on_its_way_and_then_the_picture() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |t| t.times(MARA_INSISTS) == 1).await?;
    world.goes_wrong(Fault::once(Effect::AnswerLate { ms: 3_000 }))?;
    world.goes_wrong(Fault::once(Effect::EchoLate { ms: 4_000 }))?;
    ines.attaches(&mara, "step 1.png", &png(320, 200, COLOURS[0])?).await?;
    ines.answers_with_files(&mara, "", 0).await?;

    let is_on_its_way = |m: &MessageView| {
        let elsewhere = |one: &AttachmentView| matches!(one, AttachmentView::Media { media } if media.state == MediaState::Elsewhere);
        m.elsewhere && m.attachments.iter().any(elsewhere)
    };
    jonas.sees(&mara, "a picture on its way", |t| t.messages().into_iter().any(is_on_its_way)).await?;
    jonas
        .sees(&mara, "the picture", |t| {
            let pictures = t.messages().into_iter().filter(|m| !m.attachments.is_empty());
            pictures.filter(|m| !m.elsewhere && m.mid.is_some()).count() == 1
                && !t.messages().into_iter().any(|m| m.elsewhere)
        })
        .await?;
    Ok(())
}
