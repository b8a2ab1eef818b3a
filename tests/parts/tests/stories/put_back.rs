//! An older copy of the relay's log is put back while desks know more: what Meta told them stays, what the team decided is
//! what the relay says, and nothing differs in silence.

use baton_commands::contract::note::{AddNote, NoteReceipt};
use baton_commands::contract::thread::{Author, Item, ThreadView};
use baton_messenger::Mid;
use baton_protocol::LogName;
use baton_protocol::audit::AuditPage;
use baton_protocol::enrol::Role;
use baton_protocol::team::TeamFact;
use baton_simulator::Fate;
use baton_support::world::Seen as _;
use baton_support::{INES, JONAS, MARA, NORTHWIND_TEA, TOMASZ, wait};

use crate::history;
use crate::scene::mara_is_passed_to_ines;

const KNOWN: &str = "The shop on the corner has it too.";
const LOST: &str = "I went there, they were closed.";
const LATER: &str = "So, will it come today?";

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_desks_keep_what_meta_said_and_take_the_teams_facts_from_the_relay()
-> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    mara.writes(KNOWN)?;
    ines.sees(&mara, "it", |t| t.says(Author::Customer, KNOWN)).await?;
    let copy = world.copies_log("monday.sqlite").await?;
    mara.writes(LOST)?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "both", |t| t.says(Author::Customer, LOST) && t.row.assignee.is_some()).await?;
    jonas.sees(&mara, "both", |t| t.says(Author::Customer, LOST) && t.row.assignee.is_some()).await?;

    world.kills_relay();
    world.restores_log(&copy).await?;
    world.starts_relay().await?;
    mara.writes(LATER)?;

    for desk in [&ines, &jonas] {
        let thread = desk
            .sees(&mara, "the later message, and nobody on the thread", |t| {
                t.says(Author::Customer, LATER) && t.row.assignee.is_none()
            })
            .await?;
        assert_eq!([KNOWN, LOST, LATER].map(|text| thread.times(text)), [1, 1, 1]);
    }
    // The thread can be worked on as before.
    ines.assigns(&mara, true).await?;
    jonas.sees(&mara, "who works on it", |t| t.row.assignee.is_some()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_restored_log_lacks_is_read_from_meta_again_for_desks_that_join_later() -> anyhow::Result<()> {
    let mut world = history::world().await?;
    let mara = world.customer(MARA)?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    history::is_up_to_date(&ines).await?;
    mara.writes(KNOWN)?;
    ines.sees(&mara, "it", |t| t.says(Author::Customer, KNOWN)).await?;
    let copy = world.copies_log("monday.sqlite").await?;
    mara.writes(LOST)?;
    ines.sees(&mara, "both", |t| t.says(Author::Customer, LOST)).await?;

    world.kills_relay();
    world.restores_log(&copy).await?;
    world.starts_relay().await?;
    // Before anybody else could read it: only Ines knows that something is missing.
    wait::until("the restored log having what was lost", async || {
        let pages = history::pages(&world).await.map_err(|error| format!("{error:#}"))?;
        if times(&pages, LOST) > 0 { Ok(()) } else { Err(format!("{pages:#?}")) }
    })
    .await?;

    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    for desk in [&ines, &jonas] {
        let thread = desk
            .sees(&mara, "what was lost", |t| t.says(Author::Customer, LOST) && t.times(KNOWN) == 1)
            .await?;
        assert_eq!(thread.times(LOST), 1);
    }
    history::is_up_to_date(&jonas).await?;
    let pages = history::pages(&world).await?;
    assert_eq!([KNOWN, LOST].map(|text| times(&pages, text)), [0, 1], "the log has each once");
    Ok(())
}

/// How often these pages tell of a message.
fn times(pages: &[AuditPage], text: &str) -> usize {
    pages
        .iter()
        .flat_map(|page| &page.messages)
        .filter(|message| message.text.as_deref() == Some(text))
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_put_back_by_hand_is_noticed_also_when_the_log_has_grown_past_the_desk() -> anyhow::Result<()>
{
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    // Hers is closed meanwhile; his goes on, and finds the relay again by itself.
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    mara.writes(KNOWN)?;
    ines.sees(&mara, "it", |t| t.says(Author::Customer, KNOWN)).await?;
    let copy = world.copies_log("monday.sqlite").await?;
    mara.writes(LOST)?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "both", |t| t.says(Author::Customer, LOST) && t.row.assignee.is_some()).await?;
    jonas.sees(&mara, "both", |t| t.says(Author::Customer, LOST) && t.row.assignee.is_some()).await?;
    ines.dies();
    let before = world.entries(NORTHWIND_TEA).await?.len();

    world.kills_relay();
    world.overwrites_log(&copy).await?;
    world.starts_relay().await?;
    for number in 0..8 {
        mara.writes(&format!("{LATER} ({number})"))?;
    }
    wait::until("the log being longer than before", async || match world.entries(NORTHWIND_TEA).await {
        Ok(entries) if entries.len() > before => Ok(()),
        Ok(entries) => Err(format!("{} of {before}", entries.len())),
        Err(error) => Err(error.to_string()),
    })
    .await?;
    ines.comes_back().await?;

    for desk in [&ines, &jonas] {
        let thread = desk
            .sees(&mara, "all later messages, and nobody on the thread", |t| {
                t.says(Author::Customer, &format!("{LATER} (7)")) && t.row.assignee.is_none()
            })
            .await?;
        assert_eq!([KNOWN, LOST].map(|text| thread.times(text)), [1, 1]);
        for number in 0..8 {
            assert_eq!(thread.times(&format!("{LATER} ({number})")), 1);
        }
    }
    Ok(())
}

/// What the team wrote that the copy does not have.
const NOTED: &str = "She was told that it comes on Thursday.";

/// Whether that note is shown, and if so whether it is still on its way.
fn noted(thread: &ThreadView) -> Option<bool> {
    thread.items.iter().find_map(|item| match item {
        Item::Note { text, pending, .. } if text.contains(NOTED) => Some(*pending),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_stays_up_comes_to_what_a_copy_put_back_by_hand_and_grown_past_it_says()
-> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let (tea, tomasz) = (LogName::Account(NORTHWIND_TEA.id()), world.customer(TOMASZ)?);
    mara.writes(KNOWN)?;
    ines.sees(&mara, "it", |t| t.says(Author::Customer, KNOWN)).await?;
    // What Meta says from here on the log has again by itself; what the copy lacks is the team's.
    wait::until("Meta to have told everything", async || {
        let webhooks = world.meta().webhooks();
        match webhooks.iter().find(|webhook| webhook.fate == Fate::Pending) {
            None => Ok(()),
            Some(pending) => Err(format!("{pending:?}")),
        }
    })
    .await?;
    let copied = u64::try_from(world.entries(NORTHWIND_TEA).await?.len())?;
    let copy = world.copies_log("monday.sqlite").await?;
    ines.assigns(&mara, true).await?;
    let view = ines.opens(&mara).await?;
    let note = AddNote {
        thread: view.row.thread,
        text: NOTED.to_owned(),
        mentions: Vec::new(),
        supervisors_only: false,
        based_on: view.composer.note.text,
    };
    ines.ask::<NoteReceipt>("addNote", note).await?;
    ines.sees(&mara, "her name and the note", |t| t.row.assignee.is_some() && noted(t) == Some(false))
        .await?;
    wait::until("the log to have both", async || {
        let facts = world.team_facts(NORTHWIND_TEA).await.map_err(|error| format!("{error:#}"))?;
        let is_noted = facts.iter().any(|fact| matches!(fact, TeamFact::NoteAdded { .. }));
        let is_taken = facts.iter().any(|fact| matches!(fact, TeamFact::Assigned { .. }));
        if is_noted && is_taken { Ok(()) } else { Err(format!("{facts:#?}")) }
    })
    .await?;
    ines.has_read_all_of(&world, NORTHWIND_TEA).await?;

    world.kills_relay();
    world.overwrites_log(&copy).await?;
    // Before she can reach it: the log is longer than what she read of the one before, and nothing is beyond its head.
    let read = ines.holds(&tea).await?.last().map_or(0, |(_, last)| *last);
    assert!(read > copied, "the copy has all that she read");
    let later: Vec<String> = (copied..read + 3).map(|number| format!("{LATER} ({number})")).collect();
    for (number, text) in later.iter().enumerate() {
        let mid = Mid::from(format!("m_tomasz-{number}"));
        world.history_of(&tomasz, &[(&mid, true, text.as_str())]).await?;
    }
    world.starts_relay().await?;

    let thread = ines
        .sees(&tomasz, "all that was written", |t| later.iter().all(|text| t.says(Author::Customer, text)))
        .await?;
    assert_eq!(thread.messages().len(), later.len());
    let thread = ines
        .sees(&mara, "nobody on the thread, and no note", |t| t.row.assignee.is_none() && noted(t).is_none())
        .await?;
    assert_eq!(thread.times(KNOWN), 1);

    // Whoever joins now has never seen the other log.
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Admin).await?;
    mara.writes(LATER)?;
    for desk in [&ines, &jonas] {
        desk.sees(&mara, "what she wrote at last", |t| t.says(Author::Customer, LATER)).await?;
        desk.has_read_all_of(&world, NORTHWIND_TEA).await?;
    }
    ines.keeps_the_same_as(&jonas).await
}
