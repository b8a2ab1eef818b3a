//! Before the first step: the first window asks for the relay, the invite and the Page tokens, and checks them.

use baton_support::window::desk::by_name;

use super::Story;
use crate::ACCOUNTS;

pub(super) async fn play(story: &mut Story<'_>) -> anyhow::Result<()> {
    story.telling.step(0, "A new desk is set up")?;
    let invite = story.stage.invite().await?;
    let address = story.stage.relay_address();
    let desk = story.stage.desk()?;
    desk.type_into("relay-address", &address).await?;
    desk.type_into("invite", "an-invite-nobody-made").await?;
    desk.click("check-relay").await?;
    let words = desk.text_css(&format!("{}[data-code=\"inviteInvalid\"]", by_name("failure"))).await?;
    story.telling.window(&words)?;
    story.picture("invite-refused").await?;

    let desk = story.stage.desk()?;
    desk.see("invite").await?.clear().await?;
    desk.type_into("invite", &invite).await?;
    desk.click("check-relay").await?;
    let words = desk.text("relay-check").await?;
    story.telling.window(&words)?;
    story.picture("relay-checked").await?;
    story.stage.desk()?.click("enrol").await?;

    for page in ACCOUNTS {
        connects(story, page).await?;
    }
    story.stage.desk()?.see("thread-list").await?;
    Ok(())
}

async fn connects(story: &mut Story<'_>, page: &str) -> anyhow::Result<()> {
    let token = story.stage.meta().page_token(page)?.to_owned();
    let desk = story.stage.desk()?;
    let pick = format!("{}[data-account=\"{page}\"]", by_name("pick-account"));
    desk.click_css(&pick).await?;
    desk.click("paste-instead").await?;
    desk.type_into("page-token", &token).await?;
    desk.click("check-token").await?;
    let words = desk.text("page-check").await?;
    story.telling.window(&words)?;
    story.picture("page-checked").await?;
    story.stage.desk()?.click("connect").await?;
    let connected = format!("{pick}:disabled");
    let desk = story.stage.desk()?;
    baton_support::window::until::holds(
        "the Page to be connected",
        baton_support::window::until::SHORT,
        async || Ok(desk.count(&connected).await? > 0 || desk.count(&by_name("thread-list")).await? > 0),
    )
    .await
}
