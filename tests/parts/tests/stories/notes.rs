//! The team talks about a thread: notes reach whom they mention and never the customer, urgent is urgent for all, and
//! whoever comes second is told who was first.

use baton_commands::contract::composer::SetbackKind;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::note::{
    AddNote, Escalate, GiveThread, Member, Members, NoteReceipt, RemoveNote, SaveNoteDraft, SetUrgent,
};
use baton_commands::contract::thread::{Item, Mark, Marked, ThreadName, ThreadView};
use baton_commands::contract::threads::View;
use baton_core::relay_client::RelayError;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::enrol::Role;
use baton_protocol::{AgentId, CommandId, Entry, LogName};
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, JONAS, NORTHWIND_TEA, wait};

use crate::scene::mara_is_passed_to_ines;

const SHE_PAID: &str = "She paid twice, the second one came back.";
const THREATENS: &str = "Threatens a chargeback until noon.";

/// Somebody of the account, once this desk knows them.
async fn member(desk: &TestDesk, customer: &Customer, name: &str) -> anyhow::Result<Member> {
    let thread = desk.opens(customer).await?.row.thread;
    wait::until(format!("{} to know {name}", desk.name()), async || {
        let asked = desk.ask("members", ThreadName { thread }).await;
        let Members { members } = asked.map_err(|error| format!("{error:#}"))?;
        members.iter().find(|one| one.name == name).cloned().ok_or_else(|| format!("{members:?}"))
    })
    .await
}

async fn notes(
    desk: &TestDesk,
    customer: &Customer,
    text: &str,
    mentions: &[&Member],
    supervisors_only: bool,
) -> anyhow::Result<String> {
    let view = desk.opens(customer).await?;
    let request = AddNote {
        thread: view.row.thread,
        text: text.to_owned(),
        mentions: mentions.iter().map(|one| one.agent.clone()).collect(),
        supervisors_only,
        based_on: view.composer.note.text,
    };
    let NoteReceipt { note } = desk.ask("addNote", request).await?;
    Ok(note)
}

async fn removes(desk: &TestDesk, customer: &Customer, note: &str) -> anyhow::Result<()> {
    let thread = desk.opens(customer).await?.row.thread;
    desk.ask("removeNote", RemoveNote { thread, note: note.to_owned() }).await
}

async fn sets_urgent(desk: &TestDesk, customer: &Customer, urgent: bool) -> anyhow::Result<()> {
    let thread = desk.opens(customer).await?.row.thread;
    desk.ask("setUrgent", SetUrgent { thread, urgent }).await
}

/// Who wrote a note with this text, whom it mentions, and whether it is still on its way.
struct Noted<'a> {
    by: &'a str,
    mentions_me: bool,
    supervisors_only: bool,
    pending: bool,
    may_remove: bool,
}

fn noted<'a>(view: &'a ThreadView, said: &str) -> Option<Noted<'a>> {
    view.items.iter().find_map(|item| match item {
        Item::Note { by, text, mentions, supervisors_only, pending, may_remove, .. }
            if text.contains(said) =>
        {
            Some(Noted {
                by,
                mentions_me: mentions.iter().any(|one| one.me),
                supervisors_only: *supervisors_only,
                pending: *pending,
                may_remove: *may_remove,
            })
        }
        _ => None,
    })
}

/// How many are in the view Mentions, and in how many the note waits to be read.
async fn mentions(desk: &TestDesk) -> anyhow::Result<(usize, usize)> {
    let rows = desk.threads(View::Mentions).await?;
    Ok((rows.len(), rows.iter().filter(|row| row.mentioned).count()))
}

async fn comes_to_mentions(desk: &TestDesk, expected: (usize, usize)) -> anyhow::Result<()> {
    wait::until(format!("{} to have {expected:?} mentions", desk.name()), async || {
        let found = mentions(desk).await.map_err(|error| format!("{error:#}"))?;
        if found == expected { Ok(()) } else { Err(format!("{found:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_whom_it_mentions_and_never_the_customer() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let him = member(&ines, &mara, JONAS).await?;
    let got = mara.phone()?.len();

    let text = format!("@{JONAS} {SHE_PAID}");
    let note = notes(&ines, &mara, &text, &[&him], false).await?;
    let view = jonas.sees(&mara, "the note", |t| noted(t, SHE_PAID).is_some()).await?;
    let seen = noted(&view, SHE_PAID).ok_or_else(|| anyhow::anyhow!("no note"))?;
    assert_eq!((seen.by, seen.mentions_me, seen.supervisors_only), (INES, true, false));
    comes_to_mentions(&jonas, (1, 1)).await?;
    assert_eq!(mentions(&ines).await?, (0, 0), "whoever wrote it is not told of it");
    ines.sees(&mara, "it in the log", |t| noted(t, SHE_PAID).is_some_and(|seen| !seen.pending)).await?;

    // Reading the thread reads the note; it stays in sight until the thread is done.
    let thread = view.row.thread;
    let _: Marked = jonas.ask("mark", Mark { thread, read: true }).await?;
    comes_to_mentions(&jonas, (1, 0)).await?;

    removes(&ines, &mara, &note).await?;
    jonas.sees(&mara, "the note gone", |t| noted(t, SHE_PAID).is_none()).await?;
    comes_to_mentions(&jonas, (0, 0)).await?;
    let entries = world.entries(NORTHWIND_TEA).await?;
    let says = |entry: &&Entry| entry.body.get().contains(SHE_PAID);
    assert_eq!(entries.iter().filter(says).count(), 0, "its words went out of the log too");
    assert_eq!(mara.phone()?.len(), got);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_noted_while_the_relay_is_away_is_shown_at_once_and_leaves_later() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    let him = member(&ines, &mara, JONAS).await?;

    world.kills_relay();
    notes(&ines, &mara, &format!("@{JONAS} {SHE_PAID}"), &[&him], false).await?;
    let wrong = notes(&ines, &mara, "Wrong thread", &[], false).await?;
    sets_urgent(&ines, &mara, true).await?;
    let view = ines.opens(&mara).await?;
    assert!(noted(&view, SHE_PAID).is_some_and(|seen| seen.pending && seen.may_remove));
    assert!(view.row.urgent && view.row.urgent_pending);
    assert_eq!(view.composer.note.text, "");
    // What the team never heard of is gone at once.
    removes(&ines, &mara, &wrong).await?;
    assert!(noted(&ines.opens(&mara).await?, "Wrong thread").is_none());

    world.starts_relay().await?;
    jonas
        .sees(&mara, "the note, and that it is urgent", |t| noted(t, SHE_PAID).is_some() && t.row.urgent)
        .await?;
    comes_to_mentions(&jonas, (1, 1)).await?;
    ines.sees(&mara, "that the team knows", |t| {
        noted(t, SHE_PAID).is_some_and(|seen| !seen.pending) && !t.row.urgent_pending
    })
    .await?;
    jonas.sees(&mara, "nothing of the other", |t| noted(t, "Wrong thread").is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_the_relay_refuses_comes_back_with_the_reason() -> anyhow::Result<()> {
    let (mut world, mut ines, mara) = mara_is_passed_to_ines().await?;
    let petra = world.invited_desk("Petra", &[NORTHWIND_TEA], Role::Admin).await?;
    let _jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let him = member(&ines, &mara, JONAS).await?;
    world.kills_relay();
    let text = format!("@{JONAS} {SHE_PAID}");
    notes(&ines, &mara, &text, &[&him], false).await?;
    // By the time her desk comes to it, he does not work on the account any more.
    ines.dies();
    world.starts_relay().await?;
    world.as_desk(&petra).await?.set_role(him.agent.parse()?, &NORTHWIND_TEA.id(), None).await?;
    ines.comes_back().await?;

    let view = ines.sees(&mara, "the text where it was written", |t| t.composer.note.text == text).await?;
    let words = view.composer.note.words.clone().ok_or_else(|| anyhow::anyhow!("no words"))?;
    assert!(words.what.contains("was not added"), "{words:?}");
    assert_eq!(view.composer.draft, "", "it is no reply");
    assert!(noted(&view, SHE_PAID).is_none());
    let setback = ines.hears_of_a_setback().await?;
    assert_eq!(setback.kind, SetbackKind::NotNoted);
    ines.heard_of(&setback).await?;
    assert!(ines.status().await?.setbacks.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_as_a_note_outlives_the_desk_and_is_apart_from_the_reply() -> anyhow::Result<()> {
    let (_world, mut ines, mara) = mara_is_passed_to_ines().await?;
    ines.drafts(&mara, "Dear Mara").await?;
    let thread = ines.opens(&mara).await?.row.thread;
    let save = |text: &str, based_on: &str| SaveNoteDraft {
        thread,
        text: text.to_owned(),
        supervisors_only: true,
        based_on: based_on.to_owned(),
    };
    let () = ines.ask("saveNoteDraft", save(SHE_PAID, "")).await?;
    ines.comes_back().await?;
    let composer = ines.composer(&mara).await?;
    assert_eq!((composer.draft.as_str(), composer.note.text.as_str()), ("Dear Mara", SHE_PAID));
    assert!(composer.note.supervisors_only);
    let stale = refusal(ines.ask::<()>("saveNoteDraft", save("Other", "older")).await)?;
    assert_eq!(stale.code, CommandErrorCode::DraftChanged);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_for_supervisors_is_not_shown_to_an_agent_who_did_not_write_it() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let agent = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    agent.sees(&mara, "the thread", |_| true).await?;
    let him = member(&ines, &mara, JONAS).await?;

    notes(&ines, &mara, SHE_PAID, &[], true).await?;
    notes(&ines, &mara, "For all", &[], false).await?;
    let view = agent.sees(&mara, "what is for all", |t| noted(t, "For all").is_some()).await?;
    assert!(noted(&view, SHE_PAID).is_none());
    assert!(noted(&view, "For all").is_some_and(|seen| !seen.may_remove), "it is not his");

    // Their own they see, and so do the supervisors.
    notes(&agent, &mara, THREATENS, &[], true).await?;
    agent.sees(&mara, "his own", |t| noted(t, THREATENS).is_some_and(|seen| !seen.pending)).await?;
    let view = ines.sees(&mara, "it too", |t| noted(t, THREATENS).is_some()).await?;
    assert!(noted(&view, THREATENS).is_some_and(|seen| seen.supervisors_only && seen.may_remove));

    let refused = refusal(notes(&ines, &mara, "@Jonas", &[&him], true).await)?;
    assert!(refused.message.contains(JONAS), "{refused:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn escalating_makes_the_thread_urgent_and_tells_the_supervisors_why() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let agent = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    agent.sees(&mara, "the thread", |_| true).await?;
    member(&agent, &mara, INES).await?;

    let thread = agent.opens(&mara).await?.row.thread;
    let () = agent.ask("escalate", Escalate { thread, why: THREATENS.to_owned() }).await?;
    let view =
        ines.sees(&mara, "it urgent, with why", |t| t.row.urgent && noted(t, THREATENS).is_some()).await?;
    assert!(noted(&view, THREATENS).is_some_and(|seen| seen.by == JONAS && seen.mentions_me));
    comes_to_mentions(&ines, (1, 1)).await?;

    // Whoever supervises alone has nobody to tell, and nothing is left half done.
    sets_urgent(&ines, &mara, false).await?;
    ines.sees(&mara, "it no longer urgent", |t| !t.row.urgent && !t.row.urgent_pending).await?;
    let thread = ines.opens(&mara).await?.row.thread;
    let refused = refusal(ines.ask::<()>("escalate", Escalate { thread, why: SHE_PAID.to_owned() }).await)?;
    assert!(refused.message.contains("nobody to escalate to"), "{refused:?}");
    let view = ines.opens(&mara).await?;
    assert!(!view.row.urgent && noted(&view, SHE_PAID).is_none());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_second_is_told_who_took_the_thread() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    member(&ines, &mara, JONAS).await?;
    member(&jonas, &mara, INES).await?;

    let (hers, his) = tokio::join!(ines.assigns(&mara, true), jonas.assigns(&mara, true));
    let (lost, winner) = match (hers, his) {
        (Ok(()), lost) => (lost, INES),
        (lost, Ok(())) => (lost, JONAS),
        both => anyhow::bail!("nobody got it: {both:?}"),
    };
    // Who looked only after the other one had it moves it, as supervisors may.
    if lost.is_err() {
        let refused = refusal(lost)?;
        assert_eq!(refused.code, CommandErrorCode::ThreadChanged);
        assert!(refused.message.contains(&format!("{winner} took this thread first.")), "{refused:?}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_relay_names_the_winner_and_a_supervisor_gives_the_thread_to_anybody() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let view = jonas.sees(&mara, "the thread", |_| true).await?;
    let him = member(&ines, &mara, JONAS).await?;
    let her = member(&jonas, &mara, INES).await?;

    // What a desk would ask that saw the thread before Ines had it.
    let relay = world.as_desk(&jonas).await?;
    ines.assigns(&mara, true).await?;
    let command =
        Command::Assign { customer: mara.id().clone(), assignee: Some(him.agent.parse::<AgentId>()?) };
    let request =
        CommandRequest { command_id: CommandId::new(), if_version: Some(0), if_no_word_after: None, command };
    let lost = relay.command(&LogName::Account(NORTHWIND_TEA.id()), &request).await;
    let Err(RelayError::Conflict(conflict)) = lost else {
        anyhow::bail!("it was not lost: {lost:?}");
    };
    assert_eq!(conflict.assignee.map(|agent| agent.to_string()), Some(her.agent.clone()));

    // An agent cannot move what is a colleague's.
    jonas.sees(&mara, "that it is hers", |t| t.row.assignee.as_deref() == Some(INES)).await?;
    let thread = view.row.thread;
    let give = |to: &Member| GiveThread { thread, to: Some(to.agent.clone()) };
    refusal(jonas.ask::<()>("giveThread", give(&him)).await)?;
    // Who supervises does.
    let of_ines = GiveThread { thread: ines.opens(&mara).await?.row.thread, to: Some(him.agent.clone()) };
    let () = ines.ask("giveThread", of_ines).await?;
    jonas.sees(&mara, "that it is his", |t| t.row.mine).await?;
    // And he gives it on.
    let () = jonas.ask("giveThread", give(&her)).await?;
    ines.sees(&mara, "that it is hers again", |t| t.row.mine).await?;
    Ok(())
}
