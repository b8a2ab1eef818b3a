//! Two windows of one desk: what is chosen in one is told to the other.

use std::pin::pin;
use std::time::Duration;

use anyhow::Context as _;
use baton_commands::contract::notice::Notice;
use baton_commands::contract::session::{Setting, SettingName};
use baton_support::{INES, NORTHWIND_TEA, World};
use futures_util::{Stream, StreamExt as _};

/// The first setting that a window hears of.
async fn heard(window: impl Stream<Item = Notice>) -> anyhow::Result<String> {
    let mut names = pin!(window.filter_map(|notice| {
        std::future::ready(match notice {
            Notice::Settings { name } => Some(name),
            _ => None,
        })
    }));
    let first = tokio::time::timeout(Duration::from_secs(20), names.next()).await?;
    first.context("the desk closed")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setting_that_is_set_in_one_window_is_told_to_all_of_the_desk() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let (inbox, board) = (ines.listens()?, ines.listens()?);
    let dark = Setting { name: "theme".to_owned(), value: Some("\"dark\"".to_owned()) };

    ines.ask::<()>("setSetting", dark.clone()).await?;

    for window in [inbox, board] {
        assert_eq!(heard(window).await?, "theme");
        let now: Setting = ines.ask("setting", SettingName { name: "theme".to_owned() }).await?;
        assert_eq!(now, dark);
    }
    Ok(())
}
