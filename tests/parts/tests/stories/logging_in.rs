//! Logging in with Meta: a person agrees in a browser, and the desk gets its Page tokens without anybody seeing one.

use baton_commands::contract::Channel;
use baton_commands::contract::login::{GrantedView, LoginFailureView, LoginView};
use baton_commands::contract::session::{ProblemKind, Session, TokenView};
use baton_core::keys::{KeyName, KeyStore as _, KeyStoreError};
use baton_messenger::AccountId;
use baton_protocol::enrol::Role;
use baton_simulator::{Effect, Fault, NewPage};
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{
    HARBOUR_BOOKS, INES, KITE_AND_CO, MARA, NORTHWIND_ON_INSTAGRAM, NORTHWIND_TEA, World, wait,
};
use secrecy::ExposeSecret as _;

use crate::scene::MARA_ASKS;

/// Ines is invited to Northwind Tea on both channels, and has no token.
async fn ines_of_both(world: &World) -> anyhow::Result<TestDesk> {
    world.invited_desk(INES, &[NORTHWIND_TEA, NORTHWIND_ON_INSTAGRAM], Role::Admin).await
}

async fn granted(desk: &TestDesk) -> anyhow::Result<(Vec<GrantedView>, Vec<String>)> {
    let login = desk.sees_login("a choice", |login| matches!(login, LoginView::Choosing { .. })).await?;
    match login {
        LoginView::Choosing { granted, not_chosen } => Ok((granted, not_chosen)),
        other => anyhow::bail!("{other:?}"),
    }
}

async fn fails(desk: &TestDesk) -> anyhow::Result<LoginFailureView> {
    let login = desk.sees_login("at its end", |login| matches!(login, LoginView::Failed { .. })).await?;
    match login {
        LoginView::Failed { reason, words } => {
            anyhow::ensure!(!words.what.is_empty() && !words.action.is_empty(), "{words:?}");
            Ok(reason)
        }
        other => anyhow::bail!("{other:?}"),
    }
}

fn serves(session: &Session, account: &AccountId) -> bool {
    let is_it = |view: &&baton_commands::contract::session::AccountView| view.id == account.as_str();
    session.accounts.iter().find(is_it).is_some_and(|view| view.token == TokenView::Alive && view.connected)
}

#[tokio::test(flavor = "multi_thread")]
async fn one_login_connects_the_page_and_its_instagram_account_and_shows_no_token() -> anyhow::Result<()> {
    let world = World::begin_with_instagram().await?;
    let ines = ines_of_both(&world).await?;
    assert!(ines.session().await?.can_log_in);

    let waiting = ines.begins_login().await?;
    let LoginView::Waiting { link: None, .. } = &waiting else { panic!("{waiting:?}") };
    let done = ines.browser().agrees(&[NORTHWIND_TEA.id(), KITE_AND_CO.id()]).await?;
    assert!(done.contains(NORTHWIND_TEA.name), "{done}");

    let (granted, not_chosen) = granted(&ines).await?;
    let told: Vec<_> = granted.iter().map(|one| (one.name.as_str(), one.channel, one.may_connect)).collect();
    assert_eq!(
        told,
        [
            (NORTHWIND_TEA.name, Channel::Messenger, true),
            ("@northwindtea", Channel::Instagram, true),
            (KITE_AND_CO.name, Channel::Messenger, false),
        ]
    );
    assert!(
        granted[2].why_not.as_ref().is_some_and(|words| words.what.contains("not invited")),
        "{granted:?}"
    );
    assert!(not_chosen.is_empty(), "{not_chosen:?}");

    let after = ines.connects_granted(&[NORTHWIND_TEA.id(), NORTHWIND_ON_INSTAGRAM.id()]).await?;
    assert_eq!(after, LoginView::None);
    let session = ines.session().await?;
    assert!(
        serves(&session, &NORTHWIND_TEA.id()) && serves(&session, &NORTHWIND_ON_INSTAGRAM.id()),
        "{session:?}"
    );
    let mara = world.customer(MARA)?;
    mara.writes(MARA_ASKS)?;
    ines.sees(&mara, "her thread", |_| true).await?;

    let token = ines.keys().get(&KeyName::PageToken(NORTHWIND_TEA.id())).await?.unwrap();
    let state = state_of(&ines.browser().opened().pop().unwrap());
    assert!(state.starts_with("login_"), "the search itself must look for something");
    for secret in [token.expose_secret(), &state] {
        for shown in [format!("{granted:?}"), format!("{session:?}"), format!("{waiting:?}"), done.clone()] {
            assert!(!shown.contains(secret));
        }
        nowhere_in(world.folder(), secret)?;
    }
    Ok(())
}

fn state_of(address: &str) -> String {
    let after = address.split_once("state=").map_or("", |(_, after)| after);
    after.split('&').next().unwrap_or_default().to_owned()
}

/// No file of any desk or of the relay holds it.
fn nowhere_in(folder: &std::path::Path, secret: &str) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            nowhere_in(&path, secret)?;
        } else if path.is_file() {
            let bytes = std::fs::read(&path)?;
            let is_in = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            anyhow::ensure!(!is_in, "a secret stands in {}", path.display());
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_heals_a_dead_token_and_what_waited_leaves() -> anyhow::Result<()> {
    const HELLO: &str = "Hello Mara, I am looking into it.";
    let (world, ines, mara) = crate::scene::mara_is_passed_to_ines().await?;
    world.meta().kill_logins(460)?;
    ines.answers(&mara, HELLO).await?;
    let dead = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::TokenDead);
    ines.finds("that the token is dead", dead).await?;

    ines.begins_login().await?;
    ines.browser().agrees(&[NORTHWIND_TEA.id()]).await?;
    granted(&ines).await?;
    ines.connects_granted(&[NORTHWIND_TEA.id()]).await?;

    mara.gets(HELLO).await?;
    ines.finds("that all is well", |session| !dead(session)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_no_or_chooses_nothing_is_told_so_and_may_begin_again() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.invited_desk(INES, &[NORTHWIND_TEA], Role::Admin).await?;
    ines.begins_login().await?;
    ines.browser().declines().await?;
    assert_eq!(fails(&ines).await?, LoginFailureView::Denied);

    ines.begins_login().await?;
    ines.browser().agrees(&[]).await?;
    assert_eq!(fails(&ines).await?, LoginFailureView::NoPages);

    world.goes_wrong(Fault { path: Some("*access_token".into()), ..Fault::always(Effect::CallCut) })?;
    ines.begins_login().await?;
    ines.browser().agrees(&[NORTHWIND_TEA.id()]).await?;
    assert_eq!(fails(&ines).await?, LoginFailureView::MetaAway);
    world.meta().clear_faults();

    ines.begins_login().await?;
    ines.browser().agrees(&[NORTHWIND_TEA.id()]).await?;
    assert_eq!(granted(&ines).await?.0.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_chosen_and_what_cannot_be_used_is_told_with_the_reason() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let harbour = HARBOUR_BOOKS.id();
    let page = NewPage::without_routing(harbour.as_str(), HARBOUR_BOOKS.name);
    world.meta().add_page(NewPage { may_message: false, ..page });
    let ines = world.invited_desk(INES, &[NORTHWIND_TEA, KITE_AND_CO, HARBOUR_BOOKS], Role::Admin).await?;

    ines.begins_login().await?;
    ines.browser().agrees(&[NORTHWIND_TEA.id(), harbour.clone()]).await?;
    let (granted, not_chosen) = granted(&ines).await?;
    let harbours = granted.iter().find(|one| one.id == harbour.as_str()).unwrap();
    assert!(!harbours.may_connect);
    assert!(
        harbours.why_not.as_ref().is_some_and(|words| words.what.contains("may not answer")),
        "{harbours:?}"
    );
    assert_eq!(not_chosen, [KITE_AND_CO.id().to_string()]);

    // A page that lies connects nothing, and what fails stays with its reason.
    ines.connects_granted(&[harbour.clone(), KITE_AND_CO.id()]).await?;
    assert!(!serves(&ines.session().await?, &harbour) && !serves(&ines.session().await?, &KITE_AND_CO.id()));
    ines.keys().fail_with(Some(KeyStoreError::Locked));
    let after = ines.connects_granted(&[NORTHWIND_TEA.id()]).await?;
    let LoginView::Choosing { granted, .. } = after else { panic!("{after:?}") };
    assert!(granted[0].may_connect && granted[0].why_not.is_some(), "{granted:?}");
    ines.keys().fail_with(None);
    assert_eq!(ines.connects_granted(&[NORTHWIND_TEA.id()]).await?, LoginView::None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_browser_the_address_can_be_copied_and_a_login_can_be_called_off() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.invited_desk(INES, &[NORTHWIND_TEA], Role::Admin).await?;
    ines.browser().is_there(false);
    let login = ines.begins_login().await?;
    let LoginView::Waiting { link: Some(link), .. } = login else { panic!("{login:?}") };

    ines.browser().is_there(true);
    let login: LoginView = ines.ask("openLoginAgain", ()).await?;
    assert!(matches!(login, LoginView::Waiting { link: None, .. }), "{login:?}");
    assert_eq!(ines.browser().opened(), std::slice::from_ref(&link));

    // That browser dies, and nobody tells: the address is there for the asking.
    let login: LoginView = ines.ask("showLoginAddress", ()).await?;
    let LoginView::Waiting { link: Some(shown), browser_opened: true, .. } = login else {
        panic!("{login:?}")
    };
    assert_eq!(shown, link);

    ines.ask::<()>("cancelLogin", ()).await?;
    assert_eq!(ines.login().await?, LoginView::None);
    // Whoever comes back now finds nobody waiting.
    ines.browser().answers(&link, "continue", &[NORTHWIND_TEA.id()]).await?;
    wait::stays("that nobody logs in", async || match ines.login().await {
        Ok(LoginView::None) => Ok(()),
        other => Err(format!("{other:?}")),
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_goes_on_while_the_relay_is_away_for_a_moment() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let ines = world.invited_desk(INES, &[NORTHWIND_TEA], Role::Admin).await?;
    ines.begins_login().await?;
    world.kills_relay();
    let away = |session: &Session| session.problems.iter().any(|p| p.kind == ProblemKind::RelayUnreachable);
    ines.finds("that the relay is away", away).await?;
    assert!(matches!(ines.login().await?, LoginView::Waiting { .. }));
    assert!(refusal(ines.begins_login().await).is_ok(), "another cannot begin without the relay");
    world.starts_relay().await?;

    ines.browser().agrees(&[NORTHWIND_TEA.id()]).await?;
    assert_eq!(granted(&ines).await?.0.len(), 1);
    Ok(())
}
