//! Labels: supervisors say which there are, everybody puts them on threads, and what is done while the relay is away
//! reaches the team later.

use baton_commands::contract::composer::SetbackKind;
use baton_commands::contract::error::CommandErrorCode;
use baton_commands::contract::labels::{
    DefineLabel, LabelName, LabelState, LabelView, LabelsView, SetLabel, ThreadLabelView,
};
use baton_commands::contract::search::{Found, Search};
use baton_commands::contract::thread::{Item, ThreadView};
use baton_commands::contract::threads::{ListThreads, Sort, ThreadPage, View};
use baton_commands::contract::views::{SaveView, SavedViews};
use baton_protocol::enrol::Role;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{Customer, JONAS, NORTHWIND_TEA, wait};

use crate::scene::mara_is_passed_to_ines;

const PINK: &str = "#b53073";

async fn defines(
    desk: &TestDesk,
    label: Option<&LabelView>,
    name: &str,
    colour: &str,
) -> anyhow::Result<LabelsView> {
    let label = label.map(|label| label.id.clone());
    desk.ask("defineLabel", DefineLabel { label, name: name.to_owned(), colour: colour.to_owned() }).await
}

/// A label by its name, once this desk knows it.
async fn knows(desk: &TestDesk, name: &str) -> anyhow::Result<LabelView> {
    wait::until(format!("{} to know {name}", desk.name()), async || {
        let LabelsView { labels, .. } = desk.ask("labels", ()).await.map_err(|error| format!("{error:#}"))?;
        labels.iter().find(|label| label.name == name).cloned().ok_or_else(|| format!("{labels:?}"))
    })
    .await
}

async fn labels(desk: &TestDesk, customer: &Customer, label: &LabelView, on: bool) -> anyhow::Result<()> {
    let thread = desk.opens(customer).await?.row.thread;
    desk.ask("setLabel", SetLabel { thread, label: label.id.clone(), on }).await
}

fn carried(view: &ThreadView) -> Vec<(&str, LabelState)> {
    view.row.labels.iter().map(|ThreadLabelView { name, state, .. }| (name.as_str(), *state)).collect()
}

/// How many threads carry a label, of those that are neither done nor asleep, and the page that says so.
async fn listed(desk: &TestDesk, label: &LabelView) -> anyhow::Result<ThreadPage> {
    let request = ListThreads {
        view: View::All,
        account: None,
        channel: None,
        label: Some(label.id.clone()),
        sort: Sort::Newest,
        after: None,
        up_to: None,
        limit: 50,
    };
    desk.ask("listThreads", request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_one_puts_on_all_see_with_its_name_and_colour() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    jonas.sees(&mara, "the thread", |_| true).await?;

    let all = defines(&ines, None, " parcel late ", PINK).await?;
    assert!(all.may_define);
    let late = knows(&jonas, "parcel late").await?;
    assert_eq!(late.colour, PINK);
    let mays: LabelsView = jonas.ask("labels", ()).await?;
    assert!(!mays.may_define, "agents put labels on, and make none");
    let no = refusal(defines(&jonas, None, "mine", PINK).await)?;
    assert_eq!(no.code, CommandErrorCode::NotAllowed);
    let no = refusal(defines(&ines, None, "PARCEL LATE", "#286ebd").await)?;
    assert_eq!(no.code, CommandErrorCode::Failed, "{no:?}");

    labels(&jonas, &mara, &late, true).await?;
    let on = [("parcel late", LabelState::On)];
    assert_eq!(carried(&jonas.opens(&mara).await?), on, "it is there when the act is done");
    let view = ines.sees(&mara, "the label", |t| carried(t) == on).await?;
    let told =
        view.items.iter().any(|item| matches!(item, Item::Team { line, .. } if line.contains("parcel late")));
    assert!(told, "the thread tells of it: {:?}", view.items);
    let page = listed(&ines, &late).await?;
    assert_eq!((page.rows.len(), page.counts.all.0), (1, 1));
    assert_eq!(
        page.whole.as_ref().map(|whole| whole.all.0),
        Some(1),
        "of everything, whatever was asked for"
    );

    // It is found by its name, under each name that it has.
    let search = |typed: &str| Search {
        typed: typed.to_owned(),
        thread: None,
        before: None,
        limit: 20,
        zone: "UTC".to_owned(),
    };
    let found: Found = ines.ask("search", search("label:late")).await?;
    assert!(found.problem.is_none() && !found.hits.is_empty(), "{found:?}");
    defines(&ines, Some(&late), "delayed", "#286ebd").await?;
    jonas.sees(&mara, "its other name", |t| carried(t) == [("delayed", LabelState::On)]).await?;
    let found: Found = jonas.ask("search", search("label:delayed")).await?;
    assert!(!found.hits.is_empty(), "{found:?}");

    labels(&ines, &mara, &late, false).await?;
    jonas.sees(&mara, "no label", |t| t.row.labels.is_empty()).await?;
    assert_eq!(listed(&jonas, &late).await?.rows.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_is_removed_goes_from_every_thread_and_saved_views_say_so() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    defines(&ines, None, "parcel late", PINK).await?;
    let late = knows(&jonas, "parcel late").await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    labels(&jonas, &mara, &late, true).await?;
    let keeps = SaveView {
        id: None,
        name: "Late parcels".to_owned(),
        view: View::All,
        account: None,
        channel: None,
        label: Some(late.id.clone()),
        sort: Sort::NeedsReply,
    };
    let SavedViews { views, .. } = jonas.ask("saveView", keeps).await?;
    let counted = views.first().map(|view| (view.all.0, view.waiting.0, view.label_is_gone));
    assert_eq!(counted, Some((1, 1, false)));
    ines.sees(&mara, "the label", |t| !t.row.labels.is_empty()).await?;

    let left: LabelsView = ines.ask("removeLabel", LabelName { label: late.id.clone() }).await?;
    assert!(left.labels.is_empty(), "{left:?}");
    jonas.sees(&mara, "no label", |t| t.row.labels.is_empty()).await?;
    let SavedViews { views, .. } = jonas.ask("savedViews", ()).await?;
    let counted = views.first().map(|view| (view.all.0, view.label_is_gone));
    assert_eq!(counted, Some((0, true)));
    // It cannot be put on any more, and another one may have its name.
    let no = refusal(labels(&jonas, &mara, &late, true).await)?;
    assert!(!no.retryable, "{no:?}");
    let again = defines(&ines, None, "parcel late", PINK).await?;
    assert_ne!(again.labels.first().map(|label| &label.id), Some(&late.id));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_labelled_while_the_relay_is_away_shows_at_once_and_is_told_later() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    defines(&ines, None, "parcel late", PINK).await?;
    defines(&ines, None, "VIP", "#cfa417").await?;
    let (late, vip) = (knows(&jonas, "parcel late").await?, knows(&jonas, "VIP").await?);
    jonas.sees(&mara, "the thread", |_| true).await?;
    labels(&jonas, &mara, &vip, true).await?;

    world.kills_relay();
    labels(&jonas, &mara, &late, true).await?;
    labels(&jonas, &mara, &vip, false).await?;
    let view = jonas.opens(&mara).await?;
    assert_eq!(carried(&view), [("parcel late", LabelState::PuttingOn), ("VIP", LabelState::TakingOff)]);
    let no = refusal(defines(&ines, None, "call back", PINK).await)?;
    assert_eq!((no.code, no.retryable), (CommandErrorCode::RelayUnreachable, true));

    world.starts_relay().await?;
    let on = [("parcel late", LabelState::On)];
    ines.sees(&mara, "what was labelled meanwhile", |t| carried(t) == on).await?;
    jonas.sees(&mara, "that the team knows", |t| carried(t) == on).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_the_relay_refuses_later_is_told_until_the_agent_heard_of_it() -> anyhow::Result<()> {
    let (mut world, ines, mara) = mara_is_passed_to_ines().await?;
    let mut jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    defines(&ines, None, "parcel late", PINK).await?;
    let late = knows(&jonas, "parcel late").await?;
    jonas.sees(&mara, "the thread", |_| true).await?;
    world.kills_relay();
    labels(&jonas, &mara, &late, true).await?;
    // By the time his desk comes to it, there is no such label any more.
    jonas.dies();
    world.starts_relay().await?;
    let _: LabelsView = ines.ask("removeLabel", LabelName { label: late.id.clone() }).await?;
    jonas.comes_back().await?;

    let setback = jonas.hears_of_a_setback().await?;
    assert_eq!(setback.kind, SetbackKind::NotSet);
    assert!(setback.words.what.contains("was not put on the thread"), "{:?}", setback.words);
    assert!(!setback.words.action.is_empty(), "{:?}", setback.words);
    jonas.sees(&mara, "no label", |t| t.row.labels.is_empty()).await?;
    // A window that nobody saw is no telling.
    jonas.comes_back().await?;
    assert_eq!(jonas.hears_of_a_setback().await?, setback);
    jonas.heard_of(&setback).await?;
    assert!(jonas.status().await?.setbacks.is_empty());
    Ok(())
}
