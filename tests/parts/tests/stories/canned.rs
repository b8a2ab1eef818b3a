//! Canned replies: what one agent shares all desks have; what an agent keeps is that desk's alone.

use baton_commands::contract::canned::{CannedReplies, CannedReply, SetCannedReply};
use baton_commands::contract::error::CommandErrorCode;
use baton_protocol::enrol::Role;
use baton_support::world::desk::{TestDesk, refusal};
use baton_support::{INES, JONAS, NORTHWIND_TEA, World, wait};

async fn sets(
    desk: &TestDesk,
    name: &str,
    text: Option<&str>,
    shared: bool,
) -> anyhow::Result<CannedReplies> {
    let set = SetCannedReply { name: name.to_owned(), text: text.map(str::to_owned), shared };
    desk.ask("setCannedReply", set).await
}

async fn comes_to_have(desk: &TestDesk, wanted: &[CannedReply]) -> anyhow::Result<CannedReplies> {
    wait::until(format!("{} to have the replies", desk.name()), async || {
        match desk.ask::<CannedReplies>("cannedReplies", ()).await {
            Ok(canned) if canned.replies == wanted => Ok(canned),
            other => Err(format!("{other:#?}")),
        }
    })
    .await
}

fn reply(name: &str, text: &str, shared: bool) -> CannedReply {
    CannedReply { name: name.to_owned(), text: text.to_owned(), shared }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_desks_have_the_same_shared_replies_and_each_its_own() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let mut ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let jonas = world.invited_desk(JONAS, &[NORTHWIND_TEA], Role::Agent).await?;
    let hours = reply("hours", "Dear {name}, we open at nine.", true);

    let set = sets(&ines, " hours ", Some(&hours.text), true).await?;
    assert_eq!((set.replies.as_slice(), set.may_share), ([hours.clone()].as_slice(), true));
    let own = reply("bye", "Goodbye", false);
    sets(&ines, "bye", Some("Goodbye"), false).await?;

    let of_jonas = comes_to_have(&jonas, std::slice::from_ref(&hours)).await?;
    assert!(!of_jonas.may_share);
    let no = refusal(sets(&jonas, "hours", None, true).await)?;
    assert_eq!(no.code, CommandErrorCode::NotAllowed);

    ines.comes_back().await?;
    comes_to_have(&ines, &[own.clone(), hours]).await?;
    sets(&ines, "hours", None, true).await?;
    comes_to_have(&jonas, &[]).await?;
    comes_to_have(&ines, &[own]).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_relay_own_replies_are_kept_and_shared_ones_say_why_not() -> anyhow::Result<()> {
    let mut world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    world.kills_relay();
    sets(&ines, "bye", Some("Goodbye"), false).await?;
    let no = refusal(sets(&ines, "hours", Some("At nine."), true).await)?;
    assert_eq!((no.code, no.retryable), (CommandErrorCode::RelayUnreachable, true));
    let no = refusal(sets(&ines, "", Some("At nine."), false).await)?;
    assert_eq!(no.code, CommandErrorCode::Failed);
    comes_to_have(&ines, &[reply("bye", "Goodbye", false)]).await?;
    Ok(())
}
