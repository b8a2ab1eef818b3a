//! One act on many threads: what it would do, what became of each, and taking it back.

use baton_commands::contract::many::{
    BeforeView, HinderedThread, Hindrance, Many, ManyAct, ManyDone, ManyPreview, ManyUndone, OutcomeView,
    ThreadBefore, UndoMany,
};
use baton_commands::contract::note::{Member, Members};
use baton_commands::contract::thread::{ThreadName, ThreadView};
use baton_commands::contract::threads::View;
use baton_commands::contract::{Ms, StatusView, ThreadRef};
use baton_protocol::enrol::Role;
use baton_support::world::desk::TestDesk;
use baton_support::{Customer, INES, JONAS, NORTHWIND_TEA, World, wait};

/// Ines is an admin, Jonas an agent; so many customers wrote, and both desks have their threads.
async fn scene(customers: usize) -> anyhow::Result<(World, TestDesk, TestDesk, Vec<Customer>)> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let mut all = Vec::new();
    for at in 0..customers {
        let customer = world.new_customer(NORTHWIND_TEA)?;
        customer.writes(&format!("Question {at}"))?;
        all.push(customer);
    }
    for desk in [&ines, &jonas] {
        for customer in &all {
            desk.sees(customer, "the thread", |_| true).await?;
        }
    }
    Ok((world, ines, jonas, all))
}

async fn threads(desk: &TestDesk, customers: &[Customer]) -> anyhow::Result<Vec<ThreadRef>> {
    let mut found = Vec::new();
    for customer in customers {
        found.push(desk.opens(customer).await?.row.thread);
    }
    Ok(found)
}

async fn does(desk: &TestDesk, threads: &[ThreadRef], act: &ManyAct) -> anyhow::Result<Vec<ThreadBefore>> {
    let many = Many { threads: threads.to_vec(), act: act.clone() };
    let ManyDone { outcomes } = desk.ask("actOnMany", many).await?;
    assert_eq!(outcomes.iter().map(|one| one.thread).collect::<Vec<_>>(), threads, "in their order");
    Ok(outcomes
        .into_iter()
        .filter_map(|one| match one.outcome {
            OutcomeView::Done { before } => Some(ThreadBefore { thread: one.thread, before }),
            _ => None,
        })
        .collect())
}

async fn looks(desk: &TestDesk, threads: &[ThreadRef], act: ManyAct) -> anyhow::Result<ManyPreview> {
    desk.ask("previewMany", Many { threads: threads.to_vec(), act }).await
}

async fn member(desk: &TestDesk, thread: ThreadRef, name: &str) -> anyhow::Result<Member> {
    wait::until(format!("{} to know {name}", desk.name()), async || {
        let asked = desk.ask("members", ThreadName { thread }).await;
        let Members { members } = asked.map_err(|error| format!("{error:#}"))?;
        members.iter().find(|one| one.name == name).cloned().ok_or_else(|| format!("{members:?}"))
    })
    .await
}

/// Waits until a view of a desk has so many threads.
async fn come_to(desk: &TestDesk, view: View, many: usize) -> anyhow::Result<()> {
    wait::until(format!("{} to have {many} in {view:?}", desk.name()), async || {
        let rows = desk.threads(view).await.map_err(|error| format!("{error:#}"))?;
        if rows.len() == many { Ok(()) } else { Err(format!("{} rows", rows.len())) }
    })
    .await
}

fn whys(preview: &ManyPreview) -> Vec<(ThreadRef, Hindrance)> {
    preview.cannot.iter().map(|HinderedThread { thread, why, .. }| (*thread, *why)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_acts_did_is_taken_back_save_what_a_colleague_moved() -> anyhow::Result<()> {
    let (_world, ines, jonas, customers) = scene(30).await?;
    let mine = threads(&ines, &customers).await?;
    let preview = looks(&ines, &mine, ManyAct::Done).await?;
    assert_eq!((preview.can.len(), preview.cannot.len(), preview.gone.0), (30, 0, 0));

    let befores = does(&ines, &mine, &ManyAct::Done).await?;
    assert_eq!(befores.len(), 30);
    for desk in [&ines, &jonas] {
        come_to(desk, View::Done, 30).await?;
    }
    let again = looks(&ines, &mine, ManyAct::Done).await?;
    assert_eq!(again.can.len(), 0);
    assert!(whys(&again).iter().all(|(_, why)| *why == Hindrance::AlreadySo), "{again:?}");

    // A colleague goes on with one of them meanwhile: it is the colleague's word that stands.
    let moved = customers.first().ok_or_else(|| anyhow::anyhow!("nobody"))?;
    jonas.assigns(moved, true).await?;
    jonas.sets(moved, StatusView::Open).await?;
    let undone: ManyUndone = ines.ask("undoMany", UndoMany { threads: befores }).await?;
    assert_eq!((undone.back.0, undone.moved.len(), undone.failed.len()), (29, 1, 0), "{undone:?}");
    for customer in &customers {
        let is_open = |t: &ThreadView| t.row.status == StatusView::Open;
        jonas.sees(customer, "that it is open", is_open).await?;
    }
    let of_jonas = ines.sees(moved, "who works on it", |t| t.row.assignee.is_some()).await?;
    assert_eq!(of_jonas.row.assignee.as_deref(), Some(JONAS));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_moves_only_what_is_free_or_their_own_a_supervisor_anybodys() -> anyhow::Result<()> {
    let (_world, ines, jonas, customers) = scene(3).await?;
    let [free, own, other] = customers.as_slice() else { anyhow::bail!("three customers") };
    jonas.assigns(own, true).await?;
    ines.assigns(other, true).await?;
    jonas.sees(other, "whose it is", |t| t.row.assignee.as_deref() == Some(INES)).await?;
    let of_jonas = threads(&jonas, &customers).await?;
    let [free_one, own_one, others_one] = of_jonas[..] else { anyhow::bail!("three threads") };

    let preview = looks(&jonas, &of_jonas, ManyAct::Done).await?;
    assert_eq!(preview.can, [free_one, own_one]);
    assert_eq!(whys(&preview), [(others_one, Hindrance::OfAnother)]);
    let her = member(&jonas, free_one, INES).await?;
    let preview = looks(&jonas, &of_jonas, ManyAct::Assign { to: Some(her.agent.clone()) }).await?;
    assert_eq!(preview.can, [own_one], "an agent gives away what is their own");
    assert_eq!(whys(&preview), [(free_one, Hindrance::NotForOthers), (others_one, Hindrance::AlreadySo)],);

    let of_ines = threads(&ines, &customers).await?;
    let him = member(&ines, *of_ines.first().ok_or_else(|| anyhow::anyhow!("none"))?, JONAS).await?;
    let preview = looks(&ines, &of_ines, ManyAct::Assign { to: Some(him.agent.clone()) }).await?;
    assert_eq!(preview.can.len(), 2, "{preview:?}");
    let befores = does(&ines, &of_ines, &ManyAct::Assign { to: Some(him.agent) }).await?;
    assert_eq!(befores.len(), 2);
    assert!(befores.iter().all(|one| matches!(one.before, BeforeView::Assignee { .. })));
    for customer in [free, own, other] {
        jonas.sees(customer, "that it is his", |t| t.row.mine).await?;
    }
    let undone: ManyUndone = ines.ask("undoMany", UndoMany { threads: befores }).await?;
    assert_eq!(undone.back.0, 2);
    ines.sees(other, "that it is hers again", |t| t.row.mine).await?;
    ines.sees(free, "that it is nobody's", |t| t.row.assignee.is_none()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_would_sleep_past_a_deadline_is_counted_before_it_is_done() -> anyhow::Result<()> {
    let (_world, ines, _jonas, customers) = scene(2).await?;
    let all = threads(&ines, &customers).await?;
    let now_ms = ines.status().await?.now_ms.0;
    let snooze = |hours: i64| ManyAct::Snooze { until_ms: Ms(now_ms + hours * 3_600_000) };
    assert_eq!(looks(&ines, &all, snooze(3)).await?.past_deadline.0, 0);
    assert_eq!(looks(&ines, &all, snooze(30)).await?.past_deadline.0, 2);
    assert_eq!(does(&ines, &all, &snooze(30)).await?.len(), 2);
    come_to(&ines, View::Snoozed, 2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_what_needs_it_is_left_and_what_is_read_is_read() -> anyhow::Result<()> {
    let (mut world, ines, _jonas, customers) = scene(2).await?;
    let all = threads(&ines, &customers).await?;
    world.kills_relay();
    wait::until("the desk to notice".to_owned(), async || {
        let many = Many { threads: all.clone(), act: ManyAct::Done };
        let done: ManyDone = ines.ask("actOnMany", many).await.map_err(|error| format!("{error:#}"))?;
        let away = done.outcomes.iter().all(|one| one.outcome == OutcomeView::Away);
        if away { Ok(()) } else { Err(format!("{done:?}")) }
    })
    .await?;
    assert!(ines.threads(View::Done).await?.is_empty());
    assert_eq!(does(&ines, &all, &ManyAct::MarkRead).await?.len(), 2);
    assert!(ines.threads(View::All).await?.iter().all(|row| row.unread.0 == 0));
    Ok(())
}
