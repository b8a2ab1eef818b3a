//! An admin at the desk invites people, gives and ends roles, erases a customer; what each desk confirms is listed.

use baton_commands::contract::people::{
    DeskState, ErasingView, ErasureView, InviteShown, InvitesChecked, InvitesFile, PeopleView,
    PersonDeskView, TeamPerson,
};
use baton_commands::contract::session::{RelayCheck, RoleView, Session, TokenView};
use baton_commands::contract::thread::{Author, Item, ThreadName};
use baton_commands::contract::threads::View;
use baton_core::keys::KeyName;
use baton_protocol::enrol::Role;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::world::{Seen as _, traces};
use baton_support::{INES, JONAS, KITE_AND_CO, MARA, NORTHWIND_TEA, SAMIR, Shop, World, wait};
use secrecy::SecretString;
use serde_json::json;

const SAID: &str = "My address is Lindenweg 4";
const NOTE: &str = "Lives above the bakery";

pub(crate) async fn people(desk: &TestDesk) -> anyhow::Result<PeopleView> {
    desk.ask("people", ()).await
}

fn person<'v>(view: &'v PeopleView, name: &str) -> Option<&'v TeamPerson> {
    view.people.iter().find(|person| person.name == name)
}

/// The desk of a person, as an admin's desk lists it; waits until it looks so.
pub(crate) async fn lists(
    admin: &TestDesk,
    name: &str,
    what: &str,
    looks_so: impl Fn(&PersonDeskView) -> bool,
) -> anyhow::Result<PersonDeskView> {
    wait::until(format!("the desk of {name} listed {what}"), async || {
        let view = people(admin).await.map_err(|error| format!("{error:#}"))?;
        let desks = person(&view, name).map(|person| person.desks.clone()).unwrap_or_default();
        let found = desks.iter().find(|desk| looks_so(desk)).cloned();
        found.ok_or_else(|| format!("{desks:#?}"))
    })
    .await
}

/// An invite for somebody new, as an admin makes it at the page.
pub(crate) async fn invites(
    admin: &TestDesk,
    name: &str,
    roles: &[(Shop, RoleView)],
) -> anyhow::Result<InviteShown> {
    let roles: Vec<_> =
        roles.iter().map(|(shop, role)| json!({"account": shop.id(), "role": role})).collect();
    admin.ask("makeInvite", json!({"name": name, "agent": null, "roles": roles, "expiresHours": 1})).await
}

fn has_token(session: &Session) -> bool {
    session.accounts.iter().any(|account| account.token == TokenView::Alive)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_new_comes_with_an_admins_invite_and_works() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let shown = invites(&ines, "Mara Lind", &[(NORTHWIND_TEA, RoleView::Agent)]).await?;
    let view = people(&ines).await?;
    assert_eq!(view.invites.iter().map(|open| open.name.as_str()).collect::<Vec<_>>(), ["Mara Lind"]);
    assert_eq!(view.invites[0].made_by.as_deref(), Some(INES));
    assert!(!format!("{view:?}").contains(&shown.invite), "it is shown once");

    let lind = world.new_desk("Mara Lind").await?;
    lind.enrols(&shown.relay_address, &SecretString::from(shown.invite)).await?;
    lind.finds("the Page token from the admin's desk", has_token).await?;
    let mara = world.customer(MARA)?;
    mara.writes("Is anybody there?")?;
    lind.sees(&mara, "what she wrote", |t| t.says(Author::Customer, "Is anybody there?")).await?;

    lists(&ines, "Mara Lind", "and connected", |desk| desk.connected).await?;
    let view = people(&ines).await?;
    assert!(view.invites.is_empty() && view.is_admin && view.away.is_none());
    // She sees who is who, and nothing else.
    let hers = people(&lind).await?;
    assert!(!hers.is_admin && hers.invites.is_empty());
    assert!(hers.people.iter().all(|person| person.desks.is_empty() && !person.wholly));
    assert!(person(&hers, INES).is_some_and(|ines| ines.roles[0].role == RoleView::Admin));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invite_that_is_taken_back_lets_nobody_in() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let shown = invites(&ines, "Mara Lind", &[(NORTHWIND_TEA, RoleView::Agent)]).await?;
    let open = people(&ines).await?.invites.remove(0);
    let view: PeopleView = ines.ask("takeBackInvite", json!({"invite": open.id})).await?;
    assert!(view.invites.is_empty());
    let lind = world.new_desk("Mara Lind").await?;
    let no = lind.enrols(&shown.relay_address, &SecretString::from(shown.invite)).await;
    assert!(!refusal(no)?.message.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_invites_everybody_or_nobody_and_the_invites_are_in_one_file() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let shops = [NORTHWIND_TEA, KITE_AND_CO];
    let ines = world.desk(INES, &shops).await?;
    // A list names accounts, and a desk hears their names only after it was connected.
    let is_named =
        |name: &str, session: &Session| session.accounts.iter().any(|account| account.name == name);
    ines.finds("the accounts' names", |session| shops.iter().all(|shop| is_named(shop.name, session)))
        .await?;
    let folder = tempfile::tempdir()?;
    ines.browser().saves_into(folder.path());
    let wrong =
        "name;role;account;expires_days\r\nLind, Mara;agent;Northwind Tea;7\r\nOtto;boss;Kite & Co;7\r\n";
    let checked: InvitesChecked = ines.ask("checkInvites", json!({"text": wrong})).await?;
    assert_eq!(checked.faults.iter().map(|fault| fault.line).collect::<Vec<_>>(), [3]);
    let no = ines.ask::<InvitesFile>("importInvites", json!({"text": wrong})).await;
    assert!(refusal(no)?.message.contains("Line 3"));
    assert!(people(&ines).await?.invites.is_empty(), "nobody was invited");
    assert_eq!(std::fs::read_dir(folder.path())?.count(), 0);

    let right = wrong.replace("boss", "supervisor");
    let made: InvitesFile = ines.ask("importInvites", json!({"text": right})).await?;
    assert_eq!((made.name.as_deref(), made.invites.0), (Some("invites.csv"), 2));
    let text = std::fs::read_to_string(folder.path().join("invites.csv"))?;
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((lines.len(), lines[0]), (3, "name,invite,good_until,relay"));
    assert!(lines[1].starts_with("\"Lind, Mara\",inv_"), "{text}");
    assert_eq!(people(&ines).await?.invites.len(), 2);

    let invite = lines[2].split(',').nth(1).map(str::to_owned).unwrap_or_default();
    let otto = world.new_desk("Otto").await?;
    let check: RelayCheck =
        otto.ask("checkRelay", json!({"address": world.relay_address(), "invite": invite})).await?;
    assert_eq!((check.agent_name.as_str(), check.accounts[0].role), ("Otto", RoleView::Supervisor));
    otto.enrols(&world.relay_address(), &SecretString::from(invite)).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_loses_a_role_loses_what_the_desk_held_and_is_listed_until_that_is_so()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA, KITE_AND_CO]).await?;
    let mut jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA, KITE_AND_CO], Role::Agent).await?;
    let (mara, samir) = (world.customer(MARA)?, world.customer(SAMIR)?);
    mara.writes(SAID)?;
    jonas.sees(&mara, "what she wrote", |t| t.says(Author::Customer, SAID)).await?;
    jonas.dies();

    let id = person(&people(&ines).await?, JONAS).map(|jonas| jonas.id.clone()).unwrap_or_default();
    let set = json!({"agent": id, "account": NORTHWIND_TEA.id(), "role": null});
    let _: PeopleView = ines.ask("setRole", set).await?;
    let held = lists(&ines, JONAS, "as holding it", |desk| !desk.still_holds.is_empty()).await?;
    assert_eq!(held.still_holds, [NORTHWIND_TEA.name]);

    jonas.comes_back().await?;
    lists(&ines, JONAS, "as holding nothing", |desk| desk.still_holds.is_empty()).await?;
    assert!(jonas.threads(View::All).await?.is_empty());
    assert!(!jonas.keys().names().contains(&KeyName::PageToken(NORTHWIND_TEA.id())));
    samir.writes("Do you repair kites?")?;
    jonas
        .sees(&samir, "the other account at work", |t| t.says(Author::Customer, "Do you repair kites?"))
        .await?;
    jonas.dies();
    assert_eq!(traces(jonas.folder(), SAID)?, Vec::<String>::new());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_of_an_account_stays_and_the_refusal_says_why() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let id = person(&people(&ines).await?, INES).map(|ines| ines.id.clone()).unwrap_or_default();
    let set = json!({"agent": id, "account": NORTHWIND_TEA.id(), "role": "agent"});
    let no = refusal(ines.ask::<PeopleView>("setRole", set).await)?;
    assert!(no.message.contains(NORTHWIND_TEA.name) && !no.action.is_empty(), "{no:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn while_the_relay_is_away_who_is_who_stands_and_nothing_is_changed() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    world.kills_relay();
    let view = people(&ines).await?;
    assert!(view.away.as_ref().is_some_and(|words| !words.what.is_empty()));
    assert!(person(&view, INES).is_some() && view.is_admin && view.invites.is_empty());
    assert!(view.people.iter().all(|person| person.desks.is_empty()));
    let no = invites(&ines, "Mara Lind", &[(NORTHWIND_TEA, RoleView::Agent)]).await;
    assert!(!refusal(no)?.message.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_customer_leaves_a_tombstone_and_desks_that_did_not_confirm_are_listed()
-> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mut jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let mara = world.customer(MARA)?;
    mara.writes(SAID)?;
    for desk in [&ines, &jonas] {
        desk.sees(&mara, "what she wrote", |t| t.says(Author::Customer, SAID)).await?;
    }
    let thread = ines.opens(&mara).await?.row.thread;
    let note =
        json!({"thread": thread, "text": NOTE, "mentions": [], "supervisorsOnly": false, "basedOn": ""});
    let _: serde_json::Value = ines.ask("addNote", note).await?;
    ines.sees(&mara, "the note", |t| {
        t.items.iter().any(|item| matches!(item, Item::Note { pending: false, .. }))
    })
    .await?;
    let draft = json!({"thread": thread, "text": "Hello Mara", "basedOn": ""});
    let _: () = ines.ask("saveDraft", draft).await?;
    let lost: ErasingView = ines.ask("erasing", ThreadName { thread }).await?;
    assert!(lost.messages.0 >= 1 && lost.notes.0 == 1 && lost.has_draft, "{lost:?}");
    let none: Option<ErasureView> = ines.ask("erasure", ThreadName { thread }).await?;
    assert_eq!(none, None);
    let no = jonas.ask::<()>("eraseCustomer", ThreadName { thread: jonas.opens(&mara).await?.row.thread });
    assert!(!refusal(no.await)?.message.is_empty(), "an agent erases nobody");
    jonas.dies();

    let _: () = ines.ask("eraseCustomer", ThreadName { thread }).await?;

    let view =
        ines.sees(&mara, "that she was erased", |t| t.messages().is_empty() && tombstone(&t.items)).await?;
    let line = view.items.iter().find_map(|item| match item {
        Item::Erased { line, .. } => Some(line.as_str()),
        _ => None,
    });
    assert_eq!(line, Some("You erased this customer"));
    let is_of =
        |name: &str, erasure: &ErasureView| erasure.waiting.iter().any(|desk| desk.agent_name == name);
    let standing = erasure(&ines, thread, "confirmed by Ines", |erasure| !is_of(INES, erasure)).await?;
    assert_eq!(standing.by.as_deref(), Some("You"));
    let waits = standing.waiting.iter().find(|desk| desk.agent_name == JONAS);
    assert!(
        waits.is_some_and(|desk| !desk.connected && !desk.cut_off && desk.seen_ms.is_some()),
        "{standing:?}"
    );
    lists(&ines, JONAS, "as owing it", |desk| desk.erasures.0 == 1).await?;

    jonas.comes_back().await?;
    erasure(&ines, thread, "confirmed by Jonas", |erasure| !is_of(JONAS, erasure)).await?;
    let theirs = jonas.sees(&mara, "that she was erased", |t| tombstone(&t.items)).await?;
    assert!(
        theirs
            .items
            .iter()
            .any(|item| matches!(item, Item::Erased { line, .. } if line == "Ines erased this customer"))
    );
    jonas.dies();
    for words in [SAID, NOTE, MARA] {
        assert_eq!(traces(jonas.folder(), words)?, Vec::<String>::new());
    }
    Ok(())
}

fn tombstone(items: &[Item]) -> bool {
    items.iter().any(|item| matches!(item, Item::Erased { .. }))
}

async fn erasure(
    desk: &TestDesk,
    thread: baton_commands::contract::ThreadRef,
    what: &str,
    looks_so: impl Fn(&ErasureView) -> bool,
) -> anyhow::Result<ErasureView> {
    wait::until(format!("the erasure {what}"), async || {
        let standing = desk.ask::<Option<ErasureView>>("erasure", ThreadName { thread }).await;
        match standing.map_err(|error| format!("{error:#}"))? {
            Some(standing) if looks_so(&standing) => Ok(standing),
            other => Err(format!("{other:#?}")),
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_is_cut_off_by_the_operator_is_listed_too() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mut jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    lists(&ines, JONAS, "and connected", |desk| desk.connected).await?;
    jonas.dies();
    let listed = lists(&ines, JONAS, "and gone", |desk| !desk.connected).await?;
    assert_eq!(listed.state, DeskState::Enrolled);
    world.revokes(&jonas).await?;
    lists(&ines, JONAS, "as cut off", |desk| desk.state == DeskState::CutOff).await?;
    jonas.comes_back().await?;
    lists(&ines, JONAS, "as wiped", |desk| desk.state == DeskState::Wiped).await?;
    Ok(())
}
