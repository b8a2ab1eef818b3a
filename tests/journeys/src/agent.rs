//! What an agent does and sees in the window, in words.

use anyhow::Context as _;
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::until;

/// The selector of a message by its author, optionally with a text in it looked for by [`message_with`].
fn messages() -> String {
    by_name("message")
}

/// Opens a customer's thread from the list of all threads; the composer has the focus then.
///
/// # Errors
/// When the window does not come to show it.
pub async fn opens(desk: &DeskWindow, customer: &str) -> anyhow::Result<()> {
    desk.click("view-all").await?;
    desk.see_css(&row(customer)).await?;
    // While older conversations come in rows move; under a hand that comes to press one they stand still.
    desk.point_at(&by_name("thread-list")).await?;
    desk.click_css(&row(customer)).await?;
    desk.see_css(&format!("{}[data-customer=\"{customer}\"]", by_name("thread"))).await?;
    until::holds("the focus to be in the composer", until::SHORT, async || {
        Ok(desk.focused().await?.as_deref() == Some("composer-text"))
    })
    .await
}

/// The row of a customer in the list.
#[must_use]
pub fn row(customer: &str) -> String {
    format!("{}[data-customer=\"{customer}\"]", by_name("thread-row"))
}

/// Who works on a customer's thread, as the row of the list says it; none where the view says it itself.
///
/// # Errors
/// When the window is gone.
pub async fn assignee(desk: &DeskWindow, customer: &str) -> anyhow::Result<Option<String>> {
    let said = desk.texts_css(&format!("{} .assignee", row(customer))).await?;
    Ok(said.into_iter().next().map(|name| name.trim().to_owned()))
}

/// Waits until the row of a customer says that this colleague works on the thread.
///
/// # Errors
/// When it does not come to say so.
pub async fn sees_assignee(desk: &DeskWindow, customer: &str, name: &str) -> anyhow::Result<()> {
    until::holds(&format!("{name} to work on the thread"), until::SHORT, async || {
        Ok(assignee(desk, customer).await?.is_some_and(|said| said.contains(name)))
    })
    .await
}

/// Waits for a message with this text by this author (`customer`, `me`, `app`); returns its place in the thread.
///
/// # Errors
/// When the window does not come to show it.
pub async fn sees_message(desk: &DeskWindow, author: &str, text: &str) -> anyhow::Result<usize> {
    until::some(&format!("{text:?} by {author} in the thread"), until::SHORT, async || {
        let shown = shown(desk).await?;
        Ok(shown.iter().position(|message| message.author == author && message.text.contains(text)))
    })
    .await
    .context("the thread does not show it")
}

/// Waits until the message with this text is in one of these states; returns which.
///
/// # Errors
/// When the window does not come to show it.
pub async fn sees_state(desk: &DeskWindow, text: &str, states: &[&str]) -> anyhow::Result<String> {
    let mut last = None;
    let seen = until::some(&format!("{text:?} to be {}", states.join(" or ")), until::LONG, async || {
        let state = shown(desk).await?.into_iter().find(|m| m.text.contains(text)).and_then(|m| m.state);
        last.clone_from(&state);
        Ok(state.filter(|state| states.contains(&state.as_str())))
    })
    .await;
    seen.with_context(|| format!("its state is {last:?}"))
}

/// Writes a reply and presses Enter.
///
/// # Errors
/// When the window does not come to show it.
pub async fn replies(desk: &DeskWindow, text: &str) -> anyhow::Result<()> {
    writes(desk, text).await?;
    sends(desk).await
}

/// Writes a reply that can be sent now.
///
/// # Errors
/// When the window does not come to show it.
pub async fn writes(desk: &DeskWindow, text: &str) -> anyhow::Result<()> {
    desk.click("composer-text").await?;
    desk.type_keys(text).await?;
    until::holds("the send button", until::SHORT, async || {
        let send = desk.see("send").await?;
        Ok(send.is_enabled().await.unwrap_or(false))
    })
    .await
}

/// Waits until the composer holds this text.
///
/// # Errors
/// When it holds another one.
pub async fn holds(desk: &DeskWindow, text: &str) -> anyhow::Result<()> {
    until::holds(&format!("the composer to hold {text:?}"), until::SHORT, async || {
        Ok(desk.see("composer-text").await?.prop("value").await?.as_deref() == Some(text))
    })
    .await
}

/// Presses Enter in what was written.
///
/// # Errors
/// When nothing has the focus.
pub async fn sends(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.type_keys("\u{E007}").await
}

/// Lets go what was sent and is kept back for a moment.
///
/// # Errors
/// When nothing is kept back.
pub async fn sends_now(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.click("send-part-now").await
}

/// Waits until the owner strip is of this kind; returns its words.
///
/// # Errors
/// When the window does not come to show it.
pub async fn sees_owner(desk: &DeskWindow, owner: &str) -> anyhow::Result<String> {
    let css = format!("{}[data-owner=\"{owner}\"]", by_name("owner-strip"));
    // A clock that was moved is known to the desk once Meta's next answer is: up to a minute.
    until::holds(&format!("the strip to say {owner}"), 2 * until::LONG, async || {
        Ok(desk.count(&css).await? > 0)
    })
    .await
    .context("the strip says something else")?;
    let text = desk.text_css(&format!("{css} p")).await?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Waits until the composer's line is of this verdict; returns its words.
///
/// # Errors
/// When the window does not come to show it.
pub async fn sees_verdict(desk: &DeskWindow, verdict: &str) -> anyhow::Result<String> {
    let css = format!("{}[data-verdict=\"{verdict}\"]", by_name("composer-policy"));
    until::holds(&format!("the composer to say {verdict}"), 2 * until::LONG, async || {
        Ok(desk.count(&css).await? > 0)
    })
    .await?;
    let text = desk.text_css(&format!("{css} p")).await?;
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Waits until the send button does this (`send`, `takeAndSend`, `blocked`).
///
/// # Errors
/// When the window does not come to show it.
pub async fn sees_send(desk: &DeskWindow, mode: &str) -> anyhow::Result<()> {
    desk.see_css(&format!("{}[data-mode=\"{mode}\"]", by_name("send"))).await.map(drop)
}

/// Waits until the desktop shows the window under a title that begins so.
///
/// # Errors
/// When the window does not come to show it.
pub async fn title_is(desk: &DeskWindow, title: &str) -> anyhow::Result<()> {
    until::holds(&format!("the window's title to begin with {title:?}"), until::SHORT, async || {
        Ok(desk.window_title().await?.starts_with(title))
    })
    .await
}

/// One message as the thread shows it.
#[derive(Clone, Debug, serde::Deserialize)]
pub struct Shown {
    /// Meta's id, once there is one.
    pub mid: Option<String>,
    /// `customer`, `me`, `app`, and so on.
    pub author: String,
    /// How a message of ours stands.
    pub state: Option<String>,
    /// True when it left with the human-agent tag.
    pub late: bool,
    /// Its text.
    pub text: String,
    /// True when words say how it stands.
    pub has_words: bool,
}

/// Every message that the open thread shows, oldest first.
///
/// # Errors
/// When the window does not come to show it.
pub async fn shown(desk: &DeskWindow) -> anyhow::Result<Vec<Shown>> {
    let script = "return [...document.querySelectorAll(arguments[0])].map((e) => ({ mid: e.dataset.mid ?? null, \
                  author: e.dataset.author, state: e.dataset.state ?? null, late: e.dataset.late === 'true', \
                  text: e.querySelector('.bubble')?.innerText ?? '', \
                  has_words: e.querySelector('[data-test=\"message-words\"]') !== null }))";
    let found = desk.client().execute(script, vec![messages().into()]).await?;
    Ok(serde_json::from_value(found)?)
}
