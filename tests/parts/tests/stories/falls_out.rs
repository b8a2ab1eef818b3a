//! Somebody falls out: their threads go to the queue in one act, what they were writing is shown to whoever goes on, and what
//! waited on their desk never leaves behind somebody's back.

use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::composer::SendMode;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::many::{BeforeView, ManyUndone, UndoMany};
use baton_commands::contract::presence::{PersonView, PresenceState, PresenceView, SetPresence};
use baton_commands::contract::queue::{
    AgentName, HandedDraftName, QueueView, QueueWayView, ReturnedView, ReturningView, SetQueue,
};
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::{SendState, ThreadView};
use baton_protocol::enrol::Role;
use baton_simulator::{CallKind, Effect, Fault};
use baton_support::picture::png;
use baton_support::world::Seen as _;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, INES, JONAS, NORTHWIND_TEA, World, wait};

use crate::scene::mara_is_passed_to_ines;

const OF_JONAS: &str = "Your parcel arrives tomorrow.";
const DRAFT: &str = "And if it does not, then";
const OF_INES: &str = "It is at the depot, I have just called them.";
/// Longer than a draft rests before the relay hears of it.
const A_WHILE: Duration = Duration::from_secs(12);

async fn presence(desk: &TestDesk) -> anyhow::Result<PresenceView> {
    desk.ask("presence", ()).await
}

/// Waits until this desk sees a colleague so.
async fn colleague(
    desk: &TestDesk,
    name: &str,
    what: &str,
    looks_so: impl Fn(&PersonView) -> bool,
) -> anyhow::Result<PersonView> {
    wait::until(format!("{} to see {what} of {name}", desk.name()), async || {
        let seen = presence(desk).await.map_err(|error| format!("{error:#}"))?;
        let person = seen.people.iter().find(|person| person.name == name && looks_so(person)).cloned();
        person.ok_or_else(|| format!("{seen:#?}"))
    })
    .await
}

/// Jonas, an agent who can answer Mara because Ines's desk gave his a token.
async fn jonas_of(world: &World, mara: &Customer) -> anyhow::Result<TestDesk> {
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.sees(mara, "that he can answer", |t| t.composer.send == SendMode::Send).await?;
    Ok(jonas)
}

async fn id_of(desk: &TestDesk, name: &str) -> anyhow::Result<AgentName> {
    let person = colleague(desk, name, "that they may be set offline", |one| one.may_return).await?;
    Ok(AgentName { agent: person.agent })
}

/// Ines sets Jonas offline and returns his threads, after she saw how many they are.
async fn returns_all_of_jonas(ines: &TestDesk, threads: u64) -> anyhow::Result<ReturnedView> {
    let jonas = id_of(ines, JONAS).await?;
    wait::until("the preview to have them all", async || {
        let preview: anyhow::Result<ReturningView> = ines.ask("returning", jonas.clone()).await;
        let preview = preview.map_err(|error| format!("{error:#}"))?;
        let [on] = preview.accounts.as_slice() else { return Err(format!("{preview:?}")) };
        let is_so = preview.name == JONAS && on.name == NORTHWIND_TEA.name && on.threads == preview.threads;
        if is_so && preview.threads.0 == threads { Ok(()) } else { Err(format!("{preview:?}")) }
    })
    .await?;
    let returned: ReturnedView = ines.ask("returnThreads", jonas).await?;
    assert_eq!((returned.name.as_str(), returned.failed.len()), (JONAS, 0), "{returned:?}");
    assert_eq!(returned.threads.len() as u64, threads, "{returned:?}");
    assert!(returned.threads.iter().all(|one| matches!(one.before, BeforeView::Assignee { .. })));
    Ok(returned)
}

/// Meta turns the next reply away, whoever sends it, so that it waits for an hour.
fn turns_one_reply_away(world: &World) -> anyhow::Result<()> {
    world.goes_wrong(Fault {
        call: Some(CallKind::Send),
        times: Some(1),
        ..Fault::always(Effect::Throttled { error: "rate_buc_messenger".to_owned() })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waited_on_a_desk_whose_threads_were_returned_is_a_draft_when_it_comes_back()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = jonas_of(&world, &mara).await?;
    turns_one_reply_away(&world)?;
    jonas.answers(&mara, OF_JONAS).await?;
    jonas.sees(&mara, "it waiting", |t| t.stands(OF_JONAS, SendState::Waiting)).await?;
    jonas.drafts(&mara, DRAFT).await?;
    world.time_passes(A_WHILE);
    let waits = |t: &ThreadView| t.row.reply_waits.as_ref().is_some_and(|one| one.name == JONAS && !one.me);
    ines.sees(&mara, "that a reply waits on his desk", waits).await?;
    assert!(jonas.opens(&mara).await?.row.reply_waits.is_none(), "his own is shown as it stands");

    // He is gone for good, as far as anybody knows.
    jonas.dies();
    returns_all_of_jonas(&ines, 1).await?;
    let free = ines
        .sees(&mara, "it free, with what he was writing", |t| t.row.assignee.is_none() && t.handed.is_some())
        .await?;
    let handed = free.handed.context("the draft")?;
    assert_eq!((handed.by.as_str(), handed.text.as_str()), (JONAS, DRAFT));
    assert!(free.row.reply_waits.is_some(), "the reply may still be there");
    ines.answers(&mara, OF_INES).await?;
    mara.gets(OF_INES).await?;
    ines.sees(&mara, "that his draft is of no more use", |t| t.handed.is_none()).await?;

    jonas.comes_back().await?;
    let back = jonas
        .sees(&mara, "his reply in the composer, and nothing on its way", |t| {
            t.composer.draft.starts_with(OF_JONAS) && t.times(OF_JONAS) == 0
        })
        .await?;
    assert!(back.composer.draft.ends_with(DRAFT), "{}", back.composer.draft);
    let why = back.composer.draft_words.context("why it came back")?;
    assert!(why.what.contains(INES), "{why:?}");
    ines.sees(&mara, "that none waits there any more", |t| t.row.reply_waits.is_none()).await?;
    // However long it is: nothing leaves by itself.
    world.moves_clock(3);
    wait::stays("one reply on the phone", async || match (mara.got(OF_JONAS), mara.got(OF_INES)) {
        (Ok(0), Ok(1)) => Ok(()),
        got => Err(format!("{got:?}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_is_told_who_set_them_offline_and_goes_online_again() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = jonas_of(&world, &mara).await?;
    colleague(&ines, JONAS, "that he is there", |one| one.state == PresenceState::Online).await?;
    returns_all_of_jonas(&ines, 0).await?;
    colleague(&ines, JONAS, "that he is offline", |one| one.state == PresenceState::Offline).await?;
    let told = async |desk: &TestDesk| {
        wait::until("who set him offline", async || {
            let own = presence(desk).await.map_err(|error| format!("{error:#}"))?;
            match own.set_offline_by.as_deref() {
                Some(INES) => Ok(own.mine),
                _ => Err(format!("{own:?}")),
            }
        })
        .await
    };
    assert_eq!(told(&jonas).await?, PresenceState::Offline);

    // A new start is no choice.
    jonas.comes_back().await?;
    assert_eq!(told(&jonas).await?, PresenceState::Offline);
    let online = SetPresence { state: Some(PresenceState::Online), goes_away: None };
    let own: PresenceView = jonas.ask("setPresence", online).await?;
    assert_eq!((own.mine, own.set_offline_by), (PresenceState::Online, None));
    colleague(&ines, JONAS, "that he is back", |one| one.state == PresenceState::Online).await?;

    let refused = refusal(jonas.ask::<ReturnedView>("returnThreads", id_of(&ines, JONAS).await?).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotAllowed);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_gives_back_what_nobody_took_meanwhile() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = jonas_of(&world, &mara).await?;
    let other = world.new_customer(NORTHWIND_TEA)?;
    other.writes("Do you have jasmine?")?;
    for customer in [&mara, &other] {
        jonas.sees(customer, "the thread", |_| true).await?;
        jonas.assigns(customer, true).await?;
        ines.sees(customer, "that it is his", |t| t.row.assignee.as_deref() == Some(JONAS)).await?;
    }
    let ReturnedView { threads, .. } = returns_all_of_jonas(&ines, 2).await?;
    wait::until("him to be told how many threads left", async || {
        let own = presence(&jonas).await.map_err(|error| format!("{error:#}"))?;
        if own.threads_left.0 == 2 { Ok(()) } else { Err(format!("{own:?}")) }
    })
    .await?;
    ines.assigns(&other, true).await?;
    let undone: ManyUndone = ines.ask("undoMany", UndoMany { threads }).await?;
    assert_eq!((undone.back.0, undone.moved.len(), undone.failed.len()), (1, 1, 0), "{undone:?}");
    jonas.sees(&mara, "that it is his again", |t| t.row.mine).await?;
    jonas.sees(&other, "that she has it", |t| t.row.assignee.as_deref() == Some(INES)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_new_assignee_is_done_with_is_offered_to_nobody_any_more() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = jonas_of(&world, &mara).await?;
    let emil = world.invited_desk("Emil Sand", &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.assigns(&mara, true).await?;
    ines.sees(&mara, "that it is his", |t| t.row.assignee.as_deref() == Some(JONAS)).await?;
    jonas.drafts(&mara, DRAFT).await?;
    jonas.closes().await?;
    returns_all_of_jonas(&ines, 1).await?;
    let seen = ines.sees(&mara, "what he was writing", |t| t.handed.is_some()).await?;
    emil.sees(&mara, "it too", |t| t.handed.is_some()).await?;
    ines.assigns(&mara, true).await?;
    let handed = seen.handed.context("the draft")?;
    let used = HandedDraftName { thread: seen.row.thread, seq: handed.seq };
    let () = ines.ask("dropHandedDraft", used).await?;
    emil.sees(&mara, "that it is done with", |t| t.row.assignee.is_some() && t.handed.is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_closes_tells_what_was_begun_and_whoever_goes_on_puts_it_aside() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = jonas_of(&world, &mara).await?;
    jonas.assigns(&mara, true).await?;
    ines.sees(&mara, "that it is his", |t| t.row.assignee.as_deref() == Some(JONAS)).await?;
    jonas.drafts(&mara, DRAFT).await?;
    jonas.attaches(&mara, "offer.png", &png(320, 200, [200, 80, 60])?).await?;
    jonas.closes().await?;
    returns_all_of_jonas(&ines, 1).await?;
    let seen = ines.sees(&mara, "what he was writing", |t| t.handed.is_some()).await?;
    let handed = seen.handed.context("the draft")?;
    assert_eq!((handed.text.as_str(), handed.files.as_slice()), (DRAFT, ["offer.png".to_owned()].as_slice()));
    let aside = HandedDraftName { thread: seen.row.thread, seq: handed.seq };
    let () = ines.ask("dropHandedDraft", aside).await?;
    assert!(ines.opens(&mara).await?.handed.is_none());
    // He has it as he left it, and is not shown it as another's.
    jonas.comes_back().await?;
    let told = |t: &ThreadView| t.row.assignee.is_none() && t.composer.draft_words.is_some();
    let back = jonas.sees(&mara, "that the thread is free and what became of his draft", told).await?;
    assert_eq!((back.composer.draft.as_str(), back.handed), (DRAFT, None));
    let why = back.composer.draft_words.context("that it was handed over")?;
    assert!(why.what.contains("not yours any more") && why.what.contains("handed over"), "{why:?}");
    // Once the thread is his again, or he wrote something else, there is nothing to say.
    jonas.assigns(&mara, true).await?;
    jonas.sees(&mara, "his draft as any other", |t| t.row.mine && t.composer.draft_words.is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cleared_or_sent_is_handed_to_nobody() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = jonas_of(&world, &mara).await?;
    jonas.assigns(&mara, true).await?;
    jonas.drafts(&mara, DRAFT).await?;
    jonas.closes().await?;
    jonas.comes_back().await?;
    jonas.sees(&mara, "his draft", |t| t.composer.draft == DRAFT).await?;
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    jonas.closes().await?;
    returns_all_of_jonas(&ines, 1).await?;
    let free = ines.sees(&mara, "it free", |t| t.row.assignee.is_none()).await?;
    assert_eq!(free.handed, None);
    Ok(())
}

fn chosen(queue: QueueView) -> SetQueue {
    SetQueue {
        account: NORTHWIND_TEA.id().to_string(),
        way: queue.way,
        limit: queue.limit,
        reopen_to_last: queue.reopen_to_last,
        reaction_reopens: queue.reaction_reopens,
        only_assignee_sends: queue.only_assignee_sends,
    }
}

fn queue_of(session: &Session) -> Option<QueueView> {
    session.accounts.iter().find(|one| one.id == NORTHWIND_TEA.id().to_string()).map(|one| one.queue)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rules_of_the_queue_are_chosen_by_supervisors_and_known_to_all() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = jonas_of(&world, &mara).await?;
    let usual = queue_of(&ines.session().await?).context("rules")?;
    assert_eq!((usual.way, usual.limit, usual.reopen_to_last), (QueueWayView::Manual, 20, true));
    let refused = refusal(jonas.ask::<Session>("setQueue", chosen(usual)).await)?;
    assert_eq!(refused.code, CommandErrorCode::NotAllowed);
    let wrong = QueueView { limit: 0, ..usual };
    let refused = refusal(ines.ask::<Session>("setQueue", chosen(wrong)).await)?;
    assert!(refused.message.contains("from 1 to 200"), "{refused:?}");

    let wanted = QueueView { limit: 7, reaction_reopens: true, only_assignee_sends: true, ..usual };
    let session: Session = ines.ask("setQueue", chosen(wanted)).await?;
    assert_eq!(queue_of(&session), Some(wanted), "whoever chose reads it at once");
    jonas.finds("the rules", |session| queue_of(session) == Some(wanted)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_only_the_assignee_answers_a_colleague_is_told_and_a_free_thread_is_taken_with_the_answer()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = jonas_of(&world, &mara).await?;
    let usual = queue_of(&ines.session().await?).context("rules")?;
    let only = QueueView { only_assignee_sends: true, ..usual };
    let _: Session = ines.ask("setQueue", chosen(only)).await?;
    jonas.finds("the rules", |session| queue_of(session) == Some(only)).await?;
    ines.assigns(&mara, true).await?;
    let before = jonas.opens(&mara).await?.composer;

    let shut = jonas.sees(&mara, "that she works on it", |t| t.composer.for_another).await?.composer;
    assert_eq!(shut.send, SendMode::Blocked);
    assert!(shut.words.is_some_and(|words| words.what.contains(INES)));
    // What was shown before she took it does not leave either.
    refusal(jonas.answers_as(&mara, OF_JONAS, &before).await)?;

    ines.assigns(&mara, false).await?;
    jonas.sees(&mara, "that it is free", |t| t.composer.send == SendMode::Send).await?;
    jonas.answers(&mara, OF_JONAS).await?;
    mara.gets(OF_JONAS).await?;
    ines.sees(&mara, "that it is his now", |t| t.row.assignee.as_deref() == Some(JONAS)).await?;
    // Whoever supervises takes it, and answers then.
    assert!(ines.opens(&mara).await?.composer.for_another);
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "that she may", |t| t.composer.send == SendMode::Send).await?;
    ines.answers(&mara, OF_INES).await?;
    mara.gets(OF_INES).await?;
    assert_eq!(mara.got(OF_JONAS)?, 1);
    Ok(())
}
