//! What an agent is told of on the desktop, wherever they are: by name where that may be, once, and not when it is old.

use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::alerts::{AlertSettings, AlertTrial, AlertsView, LookAt, QuietView, SetQuiet};
use baton_commands::contract::composer::Verdict;
use baton_commands::contract::notice::Notice;
use baton_commands::contract::thread::{Mark, Marked, ThreadName};
use baton_commands::contract::{ControlAct, OwnerKind};
use baton_core::relay_client::RelayClient;
use baton_protocol::command::{Command, CommandRequest};
use baton_protocol::{AgentId, CommandId, LogName, NoteId};
use baton_support::world::Seen as _;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, JONAS, NORTHWIND_TEA, TEABOT, World, wait};
use futures_util::StreamExt as _;

use crate::scene::{MARA_INSISTS, mara_is_passed_to_ines};

const ASKS: &str = "Are you there?";
const ASKS_AGAIN: &str = "Hello?";
const ENOUGH: &str = "Never mind.";

const LATE: &str = "Sorry for the wait, Mara.";

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// A desk that was off for longer than this was away.
const A_BREAK: Duration = Duration::from_secs(11 * 60);
/// After this long a desk looks again at what ends soon.
const LOOKED_AGAIN: Duration = Duration::from_secs(20);

/// Mara's thread is Ines's, and nothing is on her screen.
async fn mara_is_with_ines() -> anyhow::Result<(World, TestDesk, Customer)> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.assigns(&mara, true).await?;
    ines.sees(&mara, "that Ines works on it", |t| t.row.mine).await?;
    Ok((world, ines, mara))
}

/// Waits until the screen shows this alone; returns what it shows.
async fn shows(desk: &TestDesk, words: &str) -> anyhow::Result<String> {
    wait::until(format!("{words:?} on the screen of {}", desk.name()), async || {
        match desk.screen().now().as_slice() {
            [one] if one.contains(words) => Ok(one.clone()),
            others => Err(format!("{others:?}")),
        }
    })
    .await
}

async fn shows_nothing(desk: &TestDesk) -> anyhow::Result<()> {
    wait::until(format!("nothing on the screen of {}", desk.name()), async || {
        let now = desk.screen().now();
        if now.is_empty() { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
}

/// Time passes at Meta; waits until the desk knows.
async fn passes_at_meta(world: &World, desk: &TestDesk, by: Duration) -> anyhow::Result<()> {
    let before = desk.status().await?.now_ms;
    world.meta().advance(by);
    // What a desk knows of Meta's time is off by a little.
    let most_ms = i64::try_from(by.as_millis())? / 2;
    wait::until("Meta's time to have moved", async || {
        let moved = desk.status().await.map_err(|error| format!("{error:#}"))?.now_ms.0 - before.0;
        if moved > most_ms { Ok(()) } else { Err(format!("{moved} ms")) }
    })
    .await
}

async fn nothing_new(desk: &TestDesk, ever: usize) -> anyhow::Result<()> {
    wait::stays("the screen", async || {
        let now = desk.screen().ever();
        if now.len() == ever { Ok(()) } else { Err(format!("{now:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_customer_who_writes_in_mine_is_told_in_one_place_until_that_was_read() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_with_ines().await?;
    nothing_new(&ines, 0).await?;

    mara.writes(ASKS)?;
    let told = shows(&ines, &format!("| {ASKS}")).await?;
    assert!(told.contains("Northwind Tea"), "{told}");
    mara.writes(ASKS_AGAIN)?;
    shows(&ines, &format!("| {ASKS_AGAIN}")).await?;

    let thread = ines.opens(&mara).await?.row.thread;
    let _: Marked = ines.ask("mark", Mark { thread, read: true }).await?;
    shows_nothing(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_of_mine_that_the_bot_hands_back_is_told_inside_the_window() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_with_ines().await?;
    let heard = ines.listens()?;
    ines.does(ControlAct::PassToDefault, &mara).await?;
    ines.sees(&mara, "that the bot has it", |t| t.held_by() == OwnerKind::Other && t.row.mine).await?;
    mara.writes(MARA_INSISTS)?;
    ines.sees(&mara, "that it came back", |t| t.held_by() == OwnerKind::Ours).await?;

    let mut passes = pin!(heard.filter_map(|notice| {
        std::future::ready(match notice {
            Notice::Passed { by, mine, .. } => Some((by, mine)),
            _ => None,
        })
    }));
    let told = tokio::time::timeout(Duration::from_secs(20), passes.next()).await?;
    assert_eq!(told.context("the desk closed")?, (Some(TEABOT.to_owned()), true));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_thread_that_somebody_looks_at_needs_no_telling() -> anyhow::Result<()> {
    let (_world, ines, mara) = mara_is_with_ines().await?;
    let thread = ines.opens(&mara).await?.row.thread;
    let () = ines.ask("lookAt", LookAt { thread: Some(thread) }).await?;
    mara.writes(ASKS)?;
    ines.sees(&mara, "what Mara wrote", |t| t.row.preview == ASKS).await?;
    nothing_new(&ines, 0).await?;

    let () = ines.ask("lookAt", LookAt { thread: None }).await?;
    mara.writes(ASKS_AGAIN)?;
    shows(&ines, ASKS_AGAIN).await?;
    let () = ines.ask("lookAt", LookAt { thread: Some(thread) }).await?;
    shows_nothing(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_gives_and_a_note_that_means_me_are_told_and_my_own_acts_are_not()
-> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let relay = world.as_desk(&jonas).await?;
    let me = world.as_desk(&ines).await?.hello().await?.agent;

    let customer = mara.id().clone();
    asks(&relay, Command::Assign { customer: customer.clone(), assignee: Some(me) }).await?;
    shows(&ines, &format!("{JONAS} gave you this thread")).await?;

    let note = NoteId::new();
    asks(&relay, note_to(&mara, note, me)).await?;
    let told = shows(&ines, &format!("{JONAS} mentioned you")).await?;
    assert!(told.contains("can you look"), "{told}");
    asks(&relay, Command::RemoveNote { customer, note }).await?;
    shows_nothing(&ines).await?;
    assert!(jonas.screen().ever().is_empty(), "{:?}", jonas.screen().ever());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_erased_customer_nothing_stays_on_the_desktop() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let relay = world.as_desk(&jonas).await?;
    let me = world.as_desk(&ines).await?.hello().await?.agent;
    let thread = ines.opens(&mara).await?.row.thread;

    asks(&relay, note_to(&mara, NoteId::new(), me)).await?;
    shows(&ines, &format!("{JONAS} mentioned you")).await?;
    let () = ines.ask("eraseCustomer", ThreadName { thread }).await?;
    shows_nothing(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_that_was_read_leaves_the_desktop() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let relay = world.as_desk(&jonas).await?;
    let me = world.as_desk(&ines).await?.hello().await?.agent;
    let thread = ines.opens(&mara).await?.row.thread;

    asks(&relay, note_to(&mara, NoteId::new(), me)).await?;
    shows(&ines, &format!("{JONAS} mentioned you")).await?;
    let _: Marked = ines.ask("mark", Mark { thread, read: true }).await?;
    shows_nothing(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_text_is_hidden_nobody_is_named_and_do_not_disturb_lets_nothing_through() -> anyhow::Result<()>
{
    let (_world, ines, mara) = mara_is_with_ines().await?;
    mara.writes(ASKS)?;
    shows(&ines, ASKS).await?;
    let AlertsView { settings, .. } = ines.ask("alerts", ()).await?;
    let hidden = AlertSettings { hide_text: true, ..settings };
    let view: AlertsView = ines.ask("setAlerts", hidden.clone()).await?;
    assert_eq!(view.settings, hidden);
    shows_nothing(&ines).await?;
    mara.writes(ASKS_AGAIN)?;
    assert_eq!(shows(&ines, "New message").await?, "Baton | New message");

    let view: AlertsView = ines.ask("setQuiet", SetQuiet { quiet: QuietView::On }).await?;
    assert_eq!(view.quiet, QuietView::On);
    mara.writes(ENOUGH)?;
    ines.sees(&mara, "what Mara wrote", |t| t.row.preview == ENOUGH).await?;
    nothing_new(&ines, 2).await?;
    assert_eq!(ines.status().await?.waiting_for_me.0, 1, "it is counted all the same");

    let _: AlertsView = ines.ask("setQuiet", SetQuiet { quiet: QuietView::Off }).await?;
    mara.writes(ASKS)?;
    wait::until("a third alert", async || {
        let ever = ines.screen().ever();
        if ever.len() == 3 { Ok(()) } else { Err(format!("{ever:?}")) }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_start_repeats_nothing_and_the_backlog_of_a_break_is_silent() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_with_ines().await?;
    mara.writes(ASKS)?;
    shows(&ines, ASKS).await?;
    ines.dies();
    mara.writes(ASKS_AGAIN)?;
    ines.comes_back().await?;
    shows(&ines, ASKS_AGAIN).await?;
    assert_eq!(ines.screen().ever().len(), 2, "{:?}", ines.screen().ever());

    ines.dies();
    mara.writes(ENOUGH)?;
    world.time_passes(A_BREAK);
    ines.comes_back().await?;
    ines.sees(&mara, "what Mara wrote", |t| t.row.preview == ENOUGH).await?;
    nothing_new(&ines, 2).await?;
    mara.writes(ASKS)?;
    shows(&ines, ASKS).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn before_the_time_to_answer_ends_it_is_told_once() -> anyhow::Result<()> {
    let (world, mut ines, mara) = mara_is_with_ines().await?;
    mara.writes(ASKS)?;
    shows(&ines, ASKS).await?;
    passes_at_meta(&world, &ines, 22 * HOUR).await?;
    world.time_passes(LOOKED_AGAIN);
    shows(&ines, " 2 h").await?;
    let told = ines.screen().ever().len();

    world.time_passes(Duration::from_secs(40));
    ines.comes_back().await?;
    ines.sees(&mara, "the thread", |t| t.row.mine).await?;
    world.time_passes(Duration::from_secs(40));
    nothing_new(&ines, told).await
}

#[tokio::test(flavor = "multi_thread")]
async fn before_late_replies_end_too_it_is_told_twice_until_one_went_out() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_with_ines().await?;
    ines.says_late_replies_are_approved(NORTHWIND_TEA).await?;
    mara.writes(ASKS)?;
    shows(&ines, ASKS).await?;
    passes_at_meta(&world, &ines, 166 * HOUR).await?;
    world.time_passes(LOOKED_AGAIN);
    let told = shows(&ines, "more, and not after").await?;
    assert!(told.contains("Northwind Tea"), "{told}");
    let far = ines.screen().ever().len();

    passes_at_meta(&world, &ines, 100 * MINUTE).await?;
    world.time_passes(LOOKED_AGAIN);
    wait::until("that it is close to be told", async || match ines.screen().ever().as_slice() {
        [before @ .., last] if before.len() == far && last.contains("more, and not after") => Ok(()),
        others => Err(format!("{others:?}")),
    })
    .await?;

    ines.sees(&mara, "that a late reply may leave", |t| t.composer.verdict == Verdict::HumanAgent).await?;
    ines.answers(&mara, LATE).await?;
    mara.gets(LATE).await?;
    shows_nothing(&ines).await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_desktop_shows_nothing_it_says_so_and_the_window_does() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let AlertTrial { on_desktop } = ines.ask("tryAlert", ()).await?;
    assert!(on_desktop);
    ines.screen().shows_notifications(false);
    let AlertTrial { on_desktop } = ines.ask("tryAlert", ()).await?;
    assert!(!on_desktop);
    let AlertsView { desktop, .. } = ines.ask("alerts", ()).await?;
    assert!(!desktop.shows && !desktop.words.what.is_empty(), "{desktop:?}");
    Ok(())
}

fn note_to(customer: &Customer, note: NoteId, agent: AgentId) -> Command {
    Command::AddNote {
        customer: customer.id().clone(),
        note,
        text: "@Ines can you look?".to_owned(),
        mentions: vec![agent],
        supervisors_only: false,
    }
}

/// A command of another desk, as its window would send it.
async fn asks(relay: &RelayClient, command: Command) -> anyhow::Result<()> {
    let log = LogName::Account(NORTHWIND_TEA.id());
    let request =
        CommandRequest { command_id: CommandId::new(), if_version: None, if_no_word_after: None, command };
    relay.command(&log, &request).await?;
    Ok(())
}
