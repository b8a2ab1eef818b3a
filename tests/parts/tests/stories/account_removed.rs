//! An account is removed: every desk forgets it, Meta sends nothing more of it, and the other account goes on.

use baton_commands::contract::account::{AccountName, RemovalView, RemovedView};
use baton_commands::contract::composer::SaveDraft;
use baton_commands::contract::session::Session;
use baton_commands::contract::thread::Author;
use baton_commands::contract::threads::View;
use baton_core::keys::KeyName;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::world::{Seen as _, traces};
use baton_support::{
    AYUMI, INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, SAMIR, Shop, World,
};

const SECRET: &str = "Please do not tell anybody about the samovar.";
const DRAFT: &str = "The samovar is safe with us";

fn tea() -> AccountName {
    AccountName { account: NORTHWIND_TEA.id().to_string() }
}

fn serves_only_kite(session: &Session) -> bool {
    session.accounts.iter().map(|account| account.id.as_str()).eq([KITE_AND_CO.id().as_str()])
}

async fn keeps_nothing_of_tea(desk: &mut TestDesk) -> anyhow::Result<()> {
    desk.finds("that one account is left", serves_only_kite).await?;
    assert!(desk.threads(View::All).await?.iter().all(|row| row.account != NORTHWIND_TEA.id().as_str()));
    let token = KeyName::PageToken(NORTHWIND_TEA.id());
    baton_support::wait::until("the token to be gone", async || {
        if desk.keys().names().contains(&token) { Err("it is there".to_owned()) } else { Ok(()) }
    })
    .await?;
    desk.dies();
    for words in [SECRET, DRAFT, MARA] {
        assert_eq!(traces(desk.folder(), words)?, Vec::<String>::new());
    }
    desk.comes_back().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_account_leaves_nothing_on_any_desk_and_the_other_goes_on() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let mut jonas = world.desk(JONAS, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let (mara, samir) = (world.customer(MARA)?, world.customer(SAMIR)?);
    mara.writes(SECRET)?;
    for desk in [&ines, &jonas] {
        desk.sees(&mara, "what she wrote", |t| t.says(Author::Customer, SECRET)).await?;
    }
    let thread = ines.opens(&mara).await?.row.thread;
    let _: () =
        ines.ask("saveDraft", SaveDraft { thread, text: DRAFT.to_owned(), based_on: String::new() }).await?;
    let lost: RemovalView = ines.ask("removal", tea()).await?;
    assert_eq!((lost.threads.0, lost.replies_waiting.0, lost.drafts.0), (1, 0, 1));

    let removed: RemovedView = ines.ask("removeAccount", tea()).await?;

    assert_eq!(removed.words.what, "", "Meta was told");
    keeps_nothing_of_tea(&mut ines).await?;
    keeps_nothing_of_tea(&mut jonas).await?;
    let sent_before = world.meta().webhooks().len();
    mara.writes("Is anybody there?")?;
    let ours = world.meta().app_id();
    assert!(world.meta().webhooks()[sent_before..].iter().all(|webhook| webhook.app_id != ours));
    samir.writes("Do you repair kites?")?;
    ines.sees(&samir, "the other account at work", |t| t.says(Author::Customer, "Do you repair kites?"))
        .await?;
    ines.answers(&samir, "Yes, we do.").await?;
    samir.gets("Yes, we do.").await?;
    Ok(())
}

/// The stream stays open when a right ends; what it brings of the others must still arrive.
#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_loses_an_account_goes_on_hearing_of_the_other() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let _: RemovedView = ines.ask("removeAccount", tea()).await?;
    for desk in [&ines, &jonas] {
        desk.finds("that one account is left", serves_only_kite).await?;
    }
    let samir = world.customer(SAMIR)?;
    samir.writes("Do you repair kites?")?;
    for desk in [&ines, &jonas] {
        desk.sees(&samir, "what he wrote", |t| t.says(Author::Customer, "Do you repair kites?")).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_could_not_be_told_is_said() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    world.meta().kill_tokens(&NORTHWIND_TEA.id(), 460)?;

    let removed: RemovedView = ines.ask("removeAccount", tea()).await?;

    assert!(!removed.words.what.is_empty() && !removed.words.action.is_empty(), "{removed:?}");
    ines.finds("that one account is left", serves_only_kite).await?;
    world.customer(MARA)?.writes("Is anybody there?")?;
    baton_support::wait::until("the relay to put it aside", async || match world.quarantined().await {
        Ok(1..) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_nothing_is_removed() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    world.kills_relay();

    let removed = ines.ask::<RemovedView>("removeAccount", tea()).await;

    assert!(!refusal(removed)?.message.is_empty());
    assert_eq!(ines.session().await?.accounts.len(), 2);
    let subscribed = world.meta().world().pages.iter().any(|page| {
        page.id == NORTHWIND_TEA.id() && page.subscriptions.iter().any(|s| s.app_id == world.meta().app_id())
    });
    assert!(subscribed);
    Ok(())
}

/// The webhook fields with which the Page of Northwind Tea is subscribed to our app.
fn subscribed(world: &World) -> Vec<String> {
    let ours = world.meta().app_id();
    let pages = world.meta().world().pages;
    let page = pages.into_iter().find(|page| page.id == NORTHWIND_TEA.id());
    page.into_iter()
        .flat_map(|page| page.subscriptions)
        .filter(|subscription| subscription.app_id == ours)
        .flat_map(|subscription| subscription.fields)
        .collect()
}

fn account(shop: Shop) -> AccountName {
    AccountName { account: shop.id().to_string() }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_the_instagram_account_alone_does_not_silence_the_page() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_TEA]).await?;
    let ines = world.desk(INES, &[NORTHWIND_ON_INSTAGRAM]).await?;

    let removed: RemovedView = ines.ask("removeAccount", account(NORTHWIND_ON_INSTAGRAM)).await?;

    assert!(removed.words.what.contains("Instagram") && !removed.words.action.is_empty(), "{removed:?}");
    assert!(subscribed(&world).iter().any(|field| field == "messages"), "{:?}", subscribed(&world));
    let mara = world.customer(MARA)?;
    mara.writes("Are you still there?")?;
    jonas.sees(&mara, "what she wrote", |t| t.says(Author::Customer, "Are you still there?")).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_sees_the_page_alone_does_not_silence_its_instagram_account() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let jonas = world.desk(JONAS, &[NORTHWIND_ON_INSTAGRAM]).await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;

    let removed: RemovedView = ines.ask("removeAccount", account(NORTHWIND_TEA)).await?;

    assert_eq!(removed.words.what, "", "Meta was told");
    let fields = subscribed(&world);
    assert!(!fields.is_empty() && !fields.iter().any(|field| field == "messages"), "{fields:?}");
    let ayumi = world.customer(AYUMI)?;
    ayumi.writes("Do you ship to Austria?")?;
    jonas.sees(&ayumi, "what she wrote", |t| t.says(Author::Customer, "Do you ship to Austria?")).await?;
    Ok(())
}
