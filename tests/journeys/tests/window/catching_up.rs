//! What was said before an account was connected comes in, and so does what was said while a desk was away. Both take their
//! time, and the window says how far they are.

use std::path::Path;

use anyhow::Context as _;
use baton_journeys_tests::album::Album;
use baton_journeys_tests::stage::Stage;
use baton_journeys_tests::{NORTHWIND_TEA, agent};
use baton_simulator::seed::{self, Plan};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::line::Line;
use baton_support::window::meta::Beginning;
use baton_support::window::room::{KeyRing, Screen};
use baton_support::window::until;
use baton_support::world::bulk::{Bulk, asks};
use serde_json::json;

/// So many threads Meta gives at its usual pace: more than one listing names, so that all of them are known by then.
const READ_SOON: u64 = 30;
/// So long each later one takes, milliseconds; less than a desk waits for it.
const SLOW_MS: u64 = 12_000;
/// Meta tells what so many of a thread's newest messages say.
const GIVEN: usize = 20;
/// So many messages come while the desk is away: the stream brings the newest 1 000 of them, the others are a hole.
const MISSED: u64 = 3_600;
/// One of those that come last, because the newest come first.
const EARLY: u64 = 789;
const AGAIN: &str = "Hello, it is me again.";

#[tokio::test]
async fn what_was_said_before_is_read_in_sight_of_everybody_and_can_be_paused() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("older-messages"))?;
    let past = past(48, 960);
    let mut stage = set(folder.path(), &past).await?;
    let slow = json!({
        "effect": "answer_late", "ms": SLOW_MS, "call": "messages", "page_id": NORTHWIND_TEA, "after": READ_SOON,
    });
    stage.meta().goes_wrong(&slow).await?;
    let enrol_file = stage.enrol_file_as("supervisor").await?;
    stage.open_desk(Some(enrol_file)).await?;
    let desk = stage.desk()?;
    desk.click("view-all").await?;

    let mut far = Far::default();
    it_is_read(desk, &mut far, past.customers, &mut album).await?;
    it_is_paused(desk, &far, &mut album).await?;
    stage.meta().goes_right().await?;
    it_goes_on(desk, &mut far, &mut album).await?;
    the_top_says_what_is_missing(&stage, &past, &mut album).await?;
    stage.close_desk().await
}

/// First nobody knows how much there is, and no number is named as if it were the goal; then it says of how many, and how
/// long it takes.
async fn it_is_read(desk: &DeskWindow, far: &mut Far, threads: u32, album: &mut Album) -> anyhow::Result<()> {
    far.comes_to(desk, "some threads to be read", |far| far.of.is_none() && far.read >= 5).await?;
    album.take(desk, "it-is-not-known-how-many").await?;
    let threads = u64::from(threads);
    far.comes_to(desk, "all threads to be known", |far| far.of == Some(threads) && far.read >= READ_SOON)
        .await?;
    desk.click("status-history").await?;
    let said = desk.one_says("account-status", "threads read").await?;
    assert!(said.contains(&format!("of {threads} threads read")) && said.contains(" left."), "{said}");
    album.take(desk, "how-far-each-account-is").await?;
    desk.click("status-history").await
}

/// Whoever may pause it does so where the account is; everybody sees that, and how far it came.
async fn it_is_paused(desk: &DeskWindow, far: &Far, album: &mut Album) -> anyhow::Result<()> {
    opens_account(desk).await?;
    sees_history(desk, "reading").await?;
    let done = desk.see_css(&format!("{}[value]", by_name("history-progress"))).await?;
    assert_eq!(done.attr("max").await?.as_deref(), Some("100"), "it is told in percent");
    album.take(desk, "of-one-account").await?;
    desk.click("pause-history").await?;
    let said = sees_history(desk, "paused").await?;
    assert!(said.contains("paused for the whole team"), "{said}");
    let (read, of) = of_words(&said).context("it does not say how far it came")?;
    assert!(read >= far.read && Some(of) == far.of, "{said} after {far:?}");
    desk.says("pause-history", "Go on").await?;
    desk.says("status-history", "Older messages paused").await?;
    album.take(desk, "paused").await?;
    desk.click("close").await?;
    desk.see_no("settings-dialog").await?;
    desk.click("status-history").await?;
    desk.one_says("account-status", "paused for the whole team").await?;
    album.take(desk, "paused-in-the-status-line").await?;
    desk.click("status-history").await
}

/// It goes on where it stood, and then the status line has nothing more to say of it.
async fn it_goes_on(desk: &DeskWindow, far: &mut Far, album: &mut Album) -> anyhow::Result<()> {
    opens_account(desk).await?;
    desk.click("pause-history").await?;
    sees_history(desk, "reading").await?;
    far.comes_to_its_end(desk).await?;
    let said = sees_history(desk, "upToDate").await?;
    assert!(said.contains("Every older message that Meta gives is here."), "{said}");
    album.take(desk, "every-older-message-is-here").await?;
    desk.click("close").await?;
    desk.see_no("settings-dialog").await
}

async fn the_top_says_what_is_missing(stage: &Stage, past: &Plan, album: &mut Album) -> anyhow::Result<()> {
    let desk = stage.desk()?;
    let longest = past.threads().max_by_key(|thread| thread.said.len()).context("somebody wrote")?;
    assert!(longest.said.len() > GIVEN, "nobody said more than Meta gives");
    // Somebody who writes stands at the top of the list.
    let phone = stage.meta().phone(NORTHWIND_TEA, longest.person.id.as_str());
    phone.writes(AGAIN).await?;
    agent::opens(desk, phone.id()).await?;
    agent::sees_message(desk, "customer", AGAIN).await?;
    let top = format!("{} .edge", by_name("log"));
    let script = "document.querySelector(arguments[0]).scrollTop = 0";
    until::holds("the thread's top to say what Meta does not give", until::SHORT, async || {
        desk.client().execute(script, vec![json!(by_name("log"))]).await?;
        Ok(desk.text_css(&top).await?.contains("Older messages are not available"))
    })
    .await?;
    let shown = agent::shown(desk).await?;
    assert!(shown.len() < longest.said.len(), "more is shown than Meta gave: {}", shown.len());
    album.take(desk, "older-messages-are-not-available").await
}

#[tokio::test]
async fn a_desk_that_was_away_says_what_it_lacks_until_it_has_it() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("hole"))?;
    let past = past(12, 60);
    let mut stage = set(folder.path(), &past).await?;
    let line = Line::to(&stage.relay_address()).await?;
    let enrol_file = stage.enrol_file_through(line.address(), "agent").await?;
    stage.open_desk(Some(enrol_file)).await?;
    stage.desk()?.see("thread-list").await?;
    history_is_read(&stage).await?;
    stage.close_desk().await?;

    much_is_missed(&stage, &past).await?;
    line.holds_older();
    stage.open_desk(None).await?;
    let desk = stage.desk()?;
    the_newest_is_there_at_once(desk, &mut album).await?;
    the_hole_is_filled_in_sight(desk, &line, &mut album).await?;
    what_was_not_found_is_found(desk, &line, &mut album).await?;
    nothing_is_lacking(desk, &mut album).await?;
    stage.close_desk().await
}

async fn much_is_missed(stage: &Stage, past: &Plan) -> anyhow::Result<()> {
    let begin_ms = u64::try_from(stage.meta().now_ms().await?)? - MISSED * 1_000;
    let customers = past.threads().map(|thread| thread.person.id.to_string()).collect();
    let bulk = Bulk { account: NORTHWIND_TEA.to_owned(), customers, begin_ms };
    for webhook in bulk.webhooks(0..MISSED) {
        stage.posts(&webhook).await?;
    }
    Ok(())
}

async fn the_newest_is_there_at_once(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.click("view-all").await?;
    desk.one_says("row-preview", &asks(MISSED - 1)).await?;
    desk.says("status-relay", "Relay ok").await?;
    let left = left(desk).await?;
    assert!((MISSED - 1_000..MISSED).contains(&left), "{left} are lacking");
    album.take(desk, "catching-up").await
}

/// What is lacking shrinks and never grows, and is told against one and the same whole.
async fn the_hole_is_filled_in_sight(
    desk: &DeskWindow,
    line: &Line,
    album: &mut Album,
) -> anyhow::Result<()> {
    desk.click("status-desk").await?;
    let (mut before, whole) = until::some("account and line to say the same", until::SHORT, async || {
        let left = left(desk).await?;
        Ok(lacks(desk).await?.filter(|(lacking, _)| *lacking == left))
    })
    .await?;
    assert!(before <= whole, "{before} of {whole}");
    album.take(desk, "what-is-lacking").await?;
    for _ in 0..3 {
        line.lets_through(1);
        let last = before;
        before = until::some("less to be lacking", until::SHORT, async || {
            let (now, of) = lacks(desk).await?.context("nothing is lacking any more")?;
            anyhow::ensure!(now <= last && of == whole, "{now} of {of} after {last} of {whole}");
            Ok((now < last).then_some(now))
        })
        .await?;
    }
    assert!(before > 0);
    album.take(desk, "less-is-lacking").await?;
    desk.click("status-desk").await
}

/// A search says that it cannot know yet, and finds by itself what came in.
async fn what_was_not_found_is_found(
    desk: &DeskWindow,
    line: &Line,
    album: &mut Album,
) -> anyhow::Result<()> {
    desk.click("search").await?;
    desk.type_keys(&format!("parcel {EARLY}")).await?;
    desk.see("search-nothing").await?;
    desk.says("search-lacks", "still to be read from the relay").await?;
    album.take(desk, "not-found-yet").await?;
    line.opens();
    desk.one_says("search-hit", &asks(EARLY)).await?;
    desk.says("status-desk", "This desk up to date").await?;
    desk.text_where("search-state", "that it knows", |text| text.contains("That is all.")).await?;
    album.take(desk, "found-once-it-is-here").await?;
    desk.click("search-clear").await
}

async fn nothing_is_lacking(desk: &DeskWindow, album: &mut Album) -> anyhow::Result<()> {
    desk.see("thread-list").await?;
    desk.click("status-desk").await?;
    desk.one_says("account-status", "Everything the relay has is here.").await?;
    assert_eq!(lacks(desk).await?, None);
    album.take(desk, "all-is-here").await
}

/// So many customers who wrote to Northwind Tea, and nobody to anybody else.
fn past(customers: u32, messages: u64) -> Plan {
    let mut plan = Plan::new(customers, messages, 7);
    plan.accounts.retain(|account| account.id.as_str() == NORTHWIND_TEA);
    plan
}

async fn set(folder: &Path, past: &Plan) -> anyhow::Result<Stage> {
    let file = folder.join("world.jsonl");
    seed::write(past, std::fs::File::create(&file)?)?;
    Stage::set_in(folder, Screen::Virtual, KeyRing::Open, &Beginning::File(file)).await
}

/// How far the status line says that older messages are.
#[derive(Clone, Copy, Debug, Default)]
struct Far {
    read: u64,
    of: Option<u64>,
}

impl Far {
    /// Looks until it is there. On the way it only ever grows.
    async fn comes_to(
        &mut self,
        desk: &DeskWindow,
        what: &str,
        is_there: impl Fn(Self) -> bool,
    ) -> anyhow::Result<()> {
        until::holds(what, until::LONG, async || {
            let grew = self.grows_to(history_line(desk).await?.as_deref())?;
            Ok(grew && is_there(*self))
        })
        .await
        .with_context(|| format!("it is at {self:?}"))
    }

    /// Looks until nothing is read any more. On the way it only ever grows.
    async fn comes_to_its_end(&mut self, desk: &DeskWindow) -> anyhow::Result<()> {
        until::holds("every older message to be read", until::LONG, async || {
            let line = history_line(desk).await?;
            self.grows_to(line.as_deref())?;
            Ok(line.is_none())
        })
        .await
        .with_context(|| format!("it is at {self:?}"))
    }

    /// False when the line names no number.
    fn grows_to(&mut self, line: Option<&str>) -> anyhow::Result<bool> {
        let numbers = line.map(numbers).unwrap_or_default();
        let Some(read) = numbers.first().copied() else { return Ok(false) };
        let now = Self { read, of: numbers.get(1).copied() };
        let is_less = now.read < self.read || (self.of.is_some() && now.of != self.of);
        anyhow::ensure!(!is_less, "{self:?} is followed by {now:?}");
        *self = now;
        Ok(true)
    }
}

/// What the status line says of older messages; none when it says nothing of them.
async fn history_line(desk: &DeskWindow) -> anyhow::Result<Option<String>> {
    Ok(desk.texts_css(&format!("{} .num", by_name("status-history"))).await?.into_iter().next())
}

/// How many events the status line says to be lacking.
async fn left(desk: &DeskWindow) -> anyhow::Result<u64> {
    // Before every log is open it does not say how many.
    let said = desk.says("status-desk", "Catching up,").await?;
    numbers(&said).first().copied().context("it does not say how many")
}

/// How many events the account lacks, and of how many; none when it lacks none.
async fn lacks(desk: &DeskWindow) -> anyhow::Result<Option<(u64, u64)>> {
    let css = format!("{}[data-account=\"{NORTHWIND_TEA}\"] {}", by_name("account-status"), by_name("lacks"));
    let said = desk.texts_css(&css).await?.into_iter().next();
    Ok(said.and_then(|said| of_words(&said)))
}

/// `12 of 40` in a text.
fn of_words(said: &str) -> Option<(u64, u64)> {
    let numbers = numbers(said);
    Some((*numbers.first()?, *numbers.get(1)?))
}

/// The whole numbers in a text.
fn numbers(text: &str) -> Vec<u64> {
    text.split(|letter: char| !letter.is_ascii_digit()).filter_map(|digits| digits.parse().ok()).collect()
}

async fn opens_account(desk: &DeskWindow) -> anyhow::Result<()> {
    desk.click("settings").await?;
    desk.click("tab-accounts").await?;
    desk.click_css(&format!("{}[data-account=\"{NORTHWIND_TEA}\"]", by_name("account-row"))).await?;
    desk.see("history").await?;
    // Below every fact of the account.
    let script = "document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })";
    desk.client().execute(script, vec![json!(by_name("history"))]).await?;
    Ok(())
}

/// Waits until the account says this of its history; returns its words.
async fn sees_history(desk: &DeskWindow, state: &str) -> anyhow::Result<String> {
    desk.text_css(&format!("{}[data-state=\"{state}\"] p", by_name("history"))).await
}

/// The log says so once every thread was read.
async fn history_is_read(stage: &Stage) -> anyhow::Result<()> {
    until::holds("what was said before to be in the log", until::LONG, async || {
        let bodies = stage.relay()?.log_bodies(NORTHWIND_TEA).await?;
        Ok(bodies.iter().any(|body| body["fact"] == "history_read"))
    })
    .await
}
