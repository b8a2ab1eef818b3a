//! Pictures, sounds, videos and files: they come, they can be seen, and they are gone when they should be.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use baton_commands::contract::Count;
use baton_commands::contract::attachment::{
    AttachmentView, MediaContent, MediaKind, MediaName, MediaNow, MediaState, SetVault, VaultView,
};
use baton_commands::contract::thread::MessageView;
use baton_messenger::Mid;
use baton_simulator::{Effect, Fault, Thing};
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_TEA, SAMIR, TOMASZ, World, wait};
use serde_json::{Value, json};

async fn ines_and_mara() -> anyhow::Result<(World, TestDesk, Customer)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mara = world.customer(MARA)?;
    Ok((world, ines, mara))
}

async fn fetched(desk: &TestDesk, medium: &MediaName) -> anyhow::Result<MediaNow> {
    desk.ask("fetchMedia", medium.clone()).await
}

async fn anew(desk: &TestDesk, medium: &MediaName) -> anyhow::Result<MediaNow> {
    desk.ask("fetchMediaAnew", medium.clone()).await
}

/// The whole file as the page gets it.
async fn bytes(desk: &TestDesk, medium: &MediaName) -> anyhow::Result<Vec<u8>> {
    let answer = desk.serves(medium, None, None).await?;
    anyhow::ensure!(answer.status == 200, "the desk answered {}", answer.status);
    Ok(answer.body)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries
        .flat_map(|entry| {
            let path = entry.path();
            if path.is_dir() { files(&path) } else { vec![path] }
        })
        .collect()
}

/// Files of a folder that hold a stretch out of the middle of these bytes.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let stretch = bytes.get(bytes.len() / 2..).and_then(|half| half.get(..64)).unwrap_or(bytes);
    let holds = |file: &PathBuf| {
        let found = std::fs::read(file).unwrap_or_default();
        found.windows(stretch.len()).any(|window| window == stretch)
    };
    files(folder).into_iter().filter(holds).collect()
}

async fn vault_is_empty(desk: &TestDesk) -> anyhow::Result<()> {
    let vault = desk.folder().join("vault");
    wait::until("an empty vault", async || {
        let left = files(&vault);
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await
}

/// Meta tells that a message was taken back.
async fn is_taken_back(world: &World, customer: &Customer, mid: &Mid) -> anyhow::Result<()> {
    let event = customer.event(world.meta().now_ms(), &json!({"mid": mid, "is_deleted": true}));
    anyhow::ensure!(world.posts(&event).await? == 200, "the relay refused the unsend");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_customer_sends_is_kept_and_shown_for_what_it_is() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    let cases = [
        (Thing::Image, "image/png"),
        (Thing::Animation, "image/gif"),
        (Thing::Audio, "video/mp4"),
        (Thing::Video, "video/mp4"),
        (Thing::File { name: Some("order 4412.pdf".to_owned()) }, "application/octet-stream"),
    ];
    let mut media = Vec::new();
    for (thing, mime) in cases {
        let mid = mara.sends(thing)?;
        media.push((ines.medium(&mara, &mid).await?, mime));
    }
    for (medium, mime) in &media {
        let now = fetched(&ines, medium).await?;
        assert_eq!(now.state, MediaState::Here);
        let answer = ines.serves(medium, None, None).await?;
        let kind =
            answer.headers.iter().find(|(name, _)| *name == "Content-Type").map(|(_, kind)| kind.as_str());
        assert_eq!(kind, Some(*mime), "{now:?}");
        assert_eq!(Some(answer.body.len() as u64), now.bytes.map(|bytes| bytes.0));
    }
    let [image, animation, audio, _, file] = &media[..] else { anyhow::bail!("five were sent") };
    let content = async |of: &MediaName| anyhow::Ok(fetched(&ines, of).await?.content);
    assert_eq!(
        content(&image.0).await?,
        Some(MediaContent::Picture { width: 240, height: 180, moves: false })
    );
    assert!(matches!(content(&animation.0).await?, Some(MediaContent::Picture { moves: true, .. })));
    assert_eq!(content(&audio.0).await?, Some(MediaContent::Played));
    assert_eq!(content(&file.0).await?, Some(MediaContent::Document));
    assert_eq!(fetched(&ines, &file.0).await?.title, "order_4412.pdf".replace('_', " "));
    // A player asks for pieces.
    let piece = ines.serves(&audio.0, None, Some("bytes=4-7")).await?;
    assert_eq!((piece.status, piece.body.as_slice()), (206, &b"ftyp"[..]));
    let behind = ines.serves(&audio.0, None, Some("bytes=99999999-")).await?;
    assert_eq!(behind.status, 416);
    // The thread itself tells what is known, so that nothing jumps when it opens again.
    let thread = ines.opens(&mara).await?;
    let known = thread.messages().into_iter().flat_map(|message| &message.attachments).count();
    assert_eq!(known, 5);
    drop(world);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_outlives_its_link() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    let mid = mara.sends(Thing::Image)?;
    let medium = ines.medium(&mara, &mid).await?;
    // Nobody looks at it: it is fetched as it arrives.
    let vault = ines.folder().join("vault");
    wait::until("the file in the vault", async || {
        let kept = files(&vault);
        if kept.len() == 2 { Ok(()) } else { Err(format!("{kept:?}")) }
    })
    .await?;
    world.moves_clock(24 * 10);
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Here);
    assert!(bytes(&ines, &medium).await?.starts_with(b"\x89PNG"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unsent_picture_leaves_no_byte_in_any_file_of_the_desk() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    let (mid, other) = (mara.sends(Thing::Image)?, mara.sends(Thing::Image)?);
    let (medium, stays) = (ines.medium(&mara, &mid).await?, ines.medium(&mara, &other).await?);
    let (gone, kept) = (bytes(&ines, &medium).await?, bytes(&ines, &stays).await?);
    let small = ines.serves(&medium, Some("size=thumb"), None).await?.body;
    assert!(!holding(ines.folder(), &gone).is_empty(), "it was in the vault");

    is_taken_back(&world, &mara, &mid).await?;
    ines.sees(&mara, "the tombstone", |thread| thread.messages().iter().any(|message| message.unsent))
        .await?;
    wait::until("its bytes to be gone", async || {
        let left = [holding(ines.folder(), &gone), holding(ines.folder(), &small)].concat();
        if left.is_empty() { Ok(()) } else { Err(format!("{left:?}")) }
    })
    .await?;
    assert_eq!(ines.serves(&medium, None, None).await?.status, 404);
    assert!(!holding(ines.folder(), &kept).is_empty(), "the other one stays");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_in_two_messages_stays_until_both_are_taken_back() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    let (mid, other) = (mara.sends(Thing::Audio)?, mara.sends(Thing::Audio)?);
    let (one, two) = (ines.medium(&mara, &mid).await?, ines.medium(&mara, &other).await?);
    assert_eq!(bytes(&ines, &one).await?, bytes(&ines, &two).await?);
    assert_eq!(files(&ines.folder().join("vault")).len(), 1);

    is_taken_back(&world, &mara, &mid).await?;
    ines.sees(&mara, "the tombstone", |thread| thread.messages().iter().any(|message| message.unsent))
        .await?;
    assert!(bytes(&ines, &two).await?.len() > 1_000, "the other message still has it");
    is_taken_back(&world, &mara, &other).await?;
    vault_is_empty(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_died_is_said_and_not_asked_again() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    world.goes_wrong(Fault::always(Effect::MediaDead))?;
    let mid = mara.sends(Thing::Image)?;
    let medium = ines.medium(&mara, &mid).await?;
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Dead);
    world.meta().clear_faults();
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Dead, "it is remembered");
    assert_eq!(ines.serves(&medium, None, None).await?.status, 404);
    vault_is_empty(&ines).await?;

    // Meta gives a fresh link with each read of the message.
    world.goes_wrong(Fault::always(Effect::MediaDead))?;
    assert!(anew(&ines, &medium).await.is_err(), "the fresh one is dead too");
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Dead, "that changes nothing");
    world.meta().clear_faults();
    assert_eq!(anew(&ines, &medium).await?.state, MediaState::Here);
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Here);
    assert!(bytes(&ines, &medium).await?.len() > 1_000);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn why_meta_cannot_be_asked_anew_is_said() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    world.goes_wrong(Fault::always(Effect::MediaDead))?;
    let mid = mara.sends(Thing::Image)?;
    let medium = ines.medium(&mara, &mid).await?;
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Dead);
    world.meta().clear_faults();

    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;
    let dead = refusal(anew(&ines, &medium).await)?;
    assert!(dead.message.contains("no Page token"), "{dead:?}");
    ines.connects(NORTHWIND_TEA, &world.new_page_token(NORTHWIND_TEA)).await?;

    // Only the newest twenty messages of a thread are given.
    for number in 0..25 {
        mara.writes(&format!("And another thing, number {number}"))?;
    }
    let old = refusal(anew(&ines, &medium).await)?;
    assert!(old.message.contains("too old"), "{old:?}");
    assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Dead);
    Ok(())
}

/// What a thread shows of its media: what each is, and where it lies.
async fn shown(desk: &TestDesk, customer: &Customer) -> anyhow::Result<Vec<(MediaKind, MediaState)>> {
    let thread = desk.opens(customer).await?;
    let attached = thread.messages().into_iter().flat_map(|message| &message.attachments);
    let media = attached.filter_map(|attached| match attached {
        AttachmentView::Media { media } => Some((media.kind, media.state)),
        _ => None,
    });
    Ok(media.collect())
}

/// The words for it are the page's (`ui/src/features/media/media.test.ts`).
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_joins_after_the_links_ended_says_of_each_file_that_it_does_not_have_it()
-> anyhow::Result<()> {
    const KINDS: [MediaKind; 4] = [MediaKind::Image, MediaKind::Video, MediaKind::Audio, MediaKind::File];
    let (world, ines, mara) = ines_and_mara().await?;
    let named = Some("order 4412.pdf".to_owned());
    let mut mids = Vec::new();
    for thing in [Thing::Image, Thing::Video, Thing::Audio, Thing::File { name: named }] {
        let mid = mara.sends(thing)?;
        let medium = ines.medium(&mara, &mid).await?;
        assert_eq!(fetched(&ines, &medium).await?.state, MediaState::Here);
        mids.push(mid);
    }
    world.moves_clock(24 * 4);

    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let mut media = Vec::new();
    for (mid, kind) in mids.iter().zip(KINDS) {
        let medium = jonas.medium(&mara, mid).await?;
        assert_eq!(fetched(&jonas, &medium).await?.state, MediaState::Dead, "{kind:?}");
        assert_eq!(jonas.serves(&medium, None, None).await?.status, 404, "{kind:?}");
        media.push(medium);
    }
    vault_is_empty(&jonas).await?;
    // The thread itself tells from now on.
    assert_eq!(shown(&jonas, &mara).await?, KINDS.map(|kind| (kind, MediaState::Dead)));
    assert_eq!(shown(&ines, &mara).await?, KINDS.map(|kind| (kind, MediaState::Here)));

    // What Meta still has of them it gives when it is asked, and says why not where it does not.
    let [image, video, audio, file] = &media[..] else { anyhow::bail!("four were sent") };
    assert_eq!(anew(&jonas, image).await?.state, MediaState::Here);
    let states = [MediaState::Here, MediaState::Dead, MediaState::Dead, MediaState::Dead];
    assert_eq!(shown(&jonas, &mara).await?, KINDS.into_iter().zip(states).collect::<Vec<_>>());
    for number in 0..25 {
        mara.writes(&format!("And another thing, number {number}"))?;
    }
    for medium in [video, audio, file] {
        let old = refusal(anew(&jonas, medium).await)?;
        assert!(old.message.contains("too old"), "{old:?}");
        assert!(!old.action.is_empty(), "{old:?}");
        assert_eq!(fetched(&jonas, medium).await?.state, MediaState::Dead, "that changes nothing");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn files_take_no_more_room_than_they_are_given() -> anyhow::Result<()> {
    let (_world, ines, mara) = ines_and_mara().await?;
    let medium = ines.medium(&mara, &mara.sends(Thing::Image)?).await?;
    fetched(&ines, &medium).await?;
    let vault: VaultView = ines.ask("vault", ()).await?;
    assert!(vault.held.0 > 1_000 && vault.room == vault.usual, "{vault:?}");
    // Less than the largest file cannot be given.
    let least: VaultView = ines.ask("setVault", SetVault { room: Some(Count(1)) }).await?;
    assert_eq!(least.room, least.least);
    let usual: VaultView = ines.ask("setVault", SetVault { room: None }).await?;
    assert_eq!(usual, vault);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_is_shown_and_written_to_no_file() -> anyhow::Result<()> {
    let (world, ines, mara) = ines_and_mara().await?;
    // Kite & Co is none of her accounts: what Samir sends there reaches her desk by this story alone.
    let jonas = world.desk("Jonas", &[KITE_AND_CO]).await?;
    let samir = world.customer(SAMIR)?;
    let sent = samir.sends(Thing::Image)?;
    jonas.medium(&samir, &sent).await?;
    let address = address_of(&world, &sent).context("Meta told no address")?;
    let mid = Mid::from("m_story-of-mara");
    let mention =
        json!({"mid": mid, "attachments": [{"type": "story_mention", "payload": {"url": address}}]});
    assert_eq!(world.posts(&mara.event(world.meta().now_ms(), &mention)).await?, 200);

    let story = ines.medium(&mara, &mid).await?;
    let now = fetched(&ines, &story).await?;
    assert!(now.state == MediaState::Here && matches!(now.content, Some(MediaContent::Picture { .. })));
    let shown = bytes(&ines, &story).await?;
    let small = ines.serves(&story, Some("size=thumb"), None).await?.body;
    assert_eq!(holding(ines.folder(), &shown), Vec::<PathBuf>::new());
    assert_eq!(holding(ines.folder(), &small), Vec::<PathBuf>::new());
    // The search finds what is kept.
    let tomasz = world.customer(TOMASZ)?;
    let kept = ines.medium(&tomasz, &tomasz.sends(Thing::Image)?).await?;
    assert!(!holding(ines.folder(), &bytes(&ines, &kept).await?).is_empty());
    Ok(())
}

/// The address of a message's file, as Meta told it to the relay.
fn address_of(world: &World, mid: &Mid) -> Option<String> {
    let webhooks = world.meta().webhooks();
    let told = webhooks.iter().find_map(|webhook| message_of(&webhook.event, mid))?;
    told["attachments"][0]["payload"]["url"].as_str().map(str::to_owned)
}

/// The message of this id, wherever it stands in a webhook.
fn message_of(told: &Value, mid: &Mid) -> Option<Value> {
    match told {
        Value::Object(fields) if fields.get("mid").and_then(Value::as_str) == Some(mid.as_str()) => {
            Some(told.clone())
        }
        Value::Object(fields) => fields.values().find_map(|field| message_of(field, mid)),
        Value::Array(items) => items.iter().find_map(|item| message_of(item, mid)),
        _ => None,
    }
}

/// What Meta's history told of shares before March 2026: a page with its title, and no word of what it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_share_without_a_type_is_a_link_to_open() -> anyhow::Result<()> {
    let (mut world, ines, mara) = ines_and_mara().await?;
    // Nothing else is said, so that the log stands still.
    ines.has_read_all_of(&world, NORTHWIND_TEA).await?;
    let fixture = include_str!("../../../../fixtures/graph_message.json");
    let fixture: Value = serde_json::from_str(fixture)?;
    let shared = serde_json::from_value(fixture["variants"]["shares_and_reactions"].clone())?;
    world.kills_relay();
    world.history_as_read(&mara, vec![shared]).await?;
    world.starts_relay().await?;

    let link = AttachmentView::Link {
        title: "Autumn opening hours".to_owned(),
        address: Some("https://www.example.invalid/page/posts/1".to_owned()),
    };
    let shared = |message: &MessageView| message.attachments == [link.clone()];
    ines.sees(&mara, "the link", |t| t.messages().iter().any(|one| shared(one))).await?;
    Ok(())
}
