//! What a desk tells whoever helps when something is not well.

use std::collections::BTreeSet;

use baton_commands::contract::status::Diagnostics;
use baton_core::keys::{KeyName, KeyStore as _};
use baton_support::world::Seen as _;
use secrecy::ExposeSecret as _;

use crate::scene::mara_is_passed_to_ines;

const HOUR_MS: i64 = 3_600_000;

#[tokio::test(flavor = "multi_thread")]
async fn the_facts_for_support_are_whole_and_tell_no_secret() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;
    ines.sees(&mara, "the reply", |t| t.times("Your parcel arrives tomorrow.") == 1).await?;

    let Diagnostics { facts } = ines.ask("diagnostics", ()).await?;

    let names: BTreeSet<&str> = facts.iter().map(|fact| fact.name.as_str()).collect();
    assert_eq!(names.len(), facts.len(), "each name once: {facts:#?}");
    for name in [
        "Version",
        "SQLite",
        "Size of the store",
        "Relay",
        "Version of the relay",
        "Stream",
        "Meta's clock minus this computer's",
        "Replies not sent",
        "Log 104500000000011",
        "Account 104500000000011, last webhook",
    ] {
        let fact = facts.iter().find(|fact| fact.name == name);
        assert!(fact.is_some_and(|fact| !fact.value.is_empty()), "{name} in {facts:#?}");
    }
    let told = format!("{facts:?}");
    let desk_token = ines.keys().get(&KeyName::DeskToken).await?.unwrap();
    for secret in world.secrets()?.iter().map(String::as_str).chain([desk_token.expose_secret()]) {
        assert!(!told.contains(secret));
    }
    for word in [mara.name(), "parcel"] {
        assert!(!told.contains(word), "{word} in {told}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_meta_refused_is_among_the_facts_without_its_words() -> anyhow::Result<()> {
    let (world, ines, mara) = mara_is_passed_to_ines().await?;
    world.meta().kill_tokens(&mara.account(), 460)?;
    ines.answers(&mara, "Your parcel arrives tomorrow.").await?;
    ines.finds("that the token is dead", |session| !session.problems.is_empty()).await?;

    let Diagnostics { facts } = ines.ask("diagnostics", ()).await?;

    let error = facts.iter().find(|fact| fact.name == "Error 1").unwrap();
    assert!(error.value.contains("code 190/460 (token_dead), trace id "), "{error:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_page_was_last_heard_is_told_in_metas_time() -> anyhow::Result<()> {
    let (world, ines, _mara) = mara_is_passed_to_ines().await?;
    let heard = |session: &baton_commands::contract::session::Session| session.accounts[0].last_webhook_ms;
    let session = ines.finds("when the Page was last heard", |session| heard(session).is_some()).await?;
    let age_ms = world.meta().now_ms() - heard(&session).unwrap().0;
    assert!((0..HOUR_MS).contains(&age_ms), "{age_ms}");

    world.moves_clock(30);

    let age_ms = world.meta().now_ms() - heard(&ines.session().await?).unwrap().0;
    assert!((30 * HOUR_MS..31 * HOUR_MS).contains(&age_ms), "{age_ms}");
    Ok(())
}
