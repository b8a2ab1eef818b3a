//! A supervisor's board in the real window: threads are given away by hand and by keys, with a way back; to somebody who is full
//! once that was said; one is read in its place; and the board moves into a window of its own.

use std::path::Path;

use baton_journeys_tests::album::Album;
use baton_journeys_tests::team::{JONAS, SVEN, Team, row_of};
use baton_journeys_tests::{NOOR, agent};
use baton_support::window::desk::{DeskWindow, by_name};
use baton_support::window::until;

const PIET: &str = "Piet Vos";
const KITES: &str = "Do you have the red kite in stock?";
const REPAIR: &str = "Is my kite repaired?";

/// Who wrote.
struct Customers {
    noor: String,
    piet: String,
}

#[tokio::test]
async fn a_supervisor_moves_threads_by_hand_and_by_keys_and_takes_the_board_along() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let team = Team::sits_down(folder.path(), &[(JONAS, "agent"), (SVEN, "supervisor")]).await?;
    let mut album = Album::open(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("board"))?;
    let customers =
        Customers { noor: wrote(&team, NOOR, KITES).await?, piet: wrote(&team, PIET, REPAIR).await? };

    he_begins_on_it(&team, &customers, &mut album).await?;
    by_hand_and_back(&team, &customers, &mut album).await?;
    by_keys(&team, &customers, &mut album).await?;
    to_somebody_who_is_full(&team, &customers, &mut album).await?;
    one_is_read_in_place(&team, &customers, &mut album).await?;
    in_its_own_window(&team, &customers, &mut album).await?;
    team.goes_home().await
}

async fn wrote(team: &Team, name: &str, text: &str) -> anyhow::Result<String> {
    let customer = team.customer(name).await?;
    customer.writes(text).await?;
    Ok(customer.id().to_owned())
}

/// What waits is in the queue, and everybody has a row with what they do and have.
async fn he_begins_on_it(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let sven = team.desk(SVEN)?;
    for (customer, name) in [(&customers.noor, NOOR), (&customers.piet, PIET)] {
        sven.see_css(&card("all", customer)).await?;
        let in_queue = card("queue", customer);
        until::holds(&format!("the card of {name}"), until::SHORT, async || {
            Ok(sven.texts_css(&in_queue).await?.iter().any(|said| said.contains(name)))
        })
        .await?;
    }
    let waiting = format!("{} {}", column("queue"), by_name("column-total"));
    until::holds("two threads to be counted in the queue", until::SHORT, async || {
        Ok(sven.texts_css(&waiting).await? == ["2"])
    })
    .await?;
    for name in [JONAS, SVEN] {
        sven.see_css(&format!("{} [data-state=\"online\"]", row_of(name))).await?;
        sees_load(sven, name, "0 of ").await?;
    }
    album.take(sven, "begins-on-the-board").await
}

/// A card is carried over the row of an agent and let go there; the toast takes it back.
async fn by_hand_and_back(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let (sven, jonas, noor) = (team.desk(SVEN)?, team.desk(JONAS)?, &customers.noor);
    jonas.click("view-mine").await?;
    sven.carries(&card("queue", noor), &row_of(JONAS)).await?;
    sven.says("board-ghost", NOOR).await?;
    sven.see_css(&format!("{}.over", row_of(JONAS))).await?;
    album.take(sven, "carried-over-an-agent").await?;
    is_mine(jonas, noor, false).await?;
    sven.lets_go().await?;
    sven.one_says("toast", JONAS).await?;
    // Under a hand it stays.
    sven.point_at(&by_name("toast")).await?;
    is_mine(jonas, noor, true).await?;
    sees_load(sven, JONAS, "1 of ").await?;
    is_in(sven, "queue", noor, false).await?;
    album.take(sven, "given-by-hand").await?;
    assert_eq!(sven.count(&by_name("thread")).await?, 0, "what is let go is not opened");

    sven.click_css(&format!("{} .act", by_name("toast"))).await?;
    is_in(sven, "queue", noor, true).await?;
    is_mine(jonas, noor, false).await?;
    sees_load(sven, JONAS, "0 of ").await
}

/// Arrows go to the card, a key asks whom it is given to, arrows choose, Enter gives.
async fn by_keys(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let (sven, jonas, noor) = (team.desk(SVEN)?, team.desk(JONAS)?, &customers.noor);
    goes_to_card(sven, noor).await?;
    sven.press("a").await?;
    sven.see("board-give").await?;
    until::holds("the keys to be in the picker", until::SHORT, async || {
        Ok(sven.focused().await?.as_deref() == Some("board-give-find"))
    })
    .await?;
    is_chosen(sven, JONAS).await?;
    sven.press("Down").await?;
    is_chosen(sven, SVEN).await?;
    sven.press("Up").await?;
    is_chosen(sven, JONAS).await?;
    album.take(sven, "whom-it-is-given-to").await?;
    sven.press("Enter").await?;
    sven.see_no("board-give").await?;
    is_mine(jonas, noor, true).await?;
    is_in(sven, "queue", noor, false).await?;
    sees_load(sven, JONAS, "1 of ").await?;
    album.take(jonas, "it-is-his").await
}

/// With one thread at most he is full: that is seen, and said before he gets another one.
async fn to_somebody_who_is_full(
    team: &Team,
    customers: &Customers,
    album: &mut Album,
) -> anyhow::Result<()> {
    let (sven, jonas, piet) = (team.desk(SVEN)?, team.desk(JONAS)?, &customers.piet);
    sven.click("settings").await?;
    sven.click("tab-accounts").await?;
    sven.see("queue-limit").await?.clear().await?;
    sven.type_into("queue-limit", "1").await?;
    // Whoever leaves the field has chosen.
    sven.click("queue-for-whom").await?;
    sven.click("close").await?;
    sven.see_no("settings-dialog").await?;
    sees_load(sven, JONAS, "1 of 1").await?;
    sven.see_css(&format!("{}.full", row_of(JONAS))).await?;
    sees_load(sven, JONAS, "full").await?;

    sven.drags(&card("queue", piet), &row_of(JONAS)).await?;
    let said = sven.says("board-full-says", JONAS).await?;
    assert!(said.contains("1 open thread"), "{said}");
    is_mine(jonas, piet, false).await?;
    album.take(sven, "he-is-full").await?;
    sven.click("board-full-anyway").await?;
    sven.see_no("board-full").await?;
    is_mine(jonas, piet, true).await?;
    sees_load(sven, JONAS, "2 of 1").await
}

/// A thread opens beside the board, and Esc leaves it.
async fn one_is_read_in_place(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let (sven, piet) = (team.desk(SVEN)?, &customers.piet);
    sven.click_css(&card("all", piet)).await?;
    sven.see_css(&format!("{}[data-customer=\"{piet}\"]", by_name("thread"))).await?;
    agent::sees_message(sven, "customer", REPAIR).await?;
    sven.see_css(&card("all", piet)).await?;
    album.take(sven, "read-beside-the-board").await?;
    sven.press("Esc").await?;
    sven.see_no("thread").await
}

/// The inbox is back in the first window; what is moved in the other one is seen in both.
async fn in_its_own_window(team: &Team, customers: &Customers, album: &mut Album) -> anyhow::Result<()> {
    let (sven, jonas, noor) = (team.desk(SVEN)?, team.desk(JONAS)?, &customers.noor);
    sven.click("board-own-window").await?;
    sven.see("thread-list").await?;
    sven.see_no("board").await?;
    sven.click("view-unassigned").await?;

    let inbox = sven.goes_to_other_window("board").await?;
    for name in ["open-board", "board-own-window", "board-leave", "thread-list"] {
        assert_eq!(sven.count(&by_name(name)).await?, 0, "{name} has no place there");
    }
    sees_load(sven, JONAS, "2 of 1").await?;
    sven.drags(&card("all", noor), &column("queue")).await?;
    is_in(sven, "queue", noor, true).await?;
    sees_load(sven, JONAS, "1 of 1").await?;
    album.take(sven, "in-its-own-window").await?;
    is_mine(jonas, noor, false).await?;

    sven.goes_to_window(inbox).await?;
    sven.see_css(&agent::row(noor)).await.map(drop)
}

/// The selector of a column.
fn column(key: &str) -> String {
    format!("{}[data-column=\"{key}\"]", by_name("board-column"))
}

/// The selector of a customer's card in a column.
fn card(key: &str, customer: &str) -> String {
    format!("{} {}[data-customer=\"{customer}\"]", column(key), by_name("board-card"))
}

/// Waits until the row of an agent says this of how much they have.
async fn sees_load(sven: &DeskWindow, name: &str, load: &str) -> anyhow::Result<()> {
    let css = format!("{} {}", row_of(name), by_name("agent-load"));
    until::holds(&format!("{load:?} in the row of {name}"), until::SHORT, async || {
        Ok(sven.texts_css(&css).await?.iter().any(|said| said.contains(load)))
    })
    .await
}

/// Waits until a customer's card stands in a column, or does not.
async fn is_in(sven: &DeskWindow, key: &str, customer: &str, is: bool) -> anyhow::Result<()> {
    let css = card(key, customer);
    until::holds(&format!("the card to be in {key}: {is}"), until::SHORT, async || {
        Ok((sven.count(&css).await? > 0) == is)
    })
    .await
}

/// Waits until a customer's thread stands among an agent's own, or does not.
async fn is_mine(jonas: &DeskWindow, customer: &str, is: bool) -> anyhow::Result<()> {
    let css = agent::row(customer);
    until::holds(&format!("the thread to be among his own: {is}"), until::SHORT, async || {
        Ok((jonas.count(&css).await? > 0) == is)
    })
    .await
}

/// Waits until the keys in the picker are at somebody.
async fn is_chosen(sven: &DeskWindow, name: &str) -> anyhow::Result<()> {
    let css = format!("{}[aria-selected=\"true\"]", by_name("board-give-to"));
    until::holds(&format!("{name} to be chosen"), until::SHORT, async || {
        Ok(matches!(&sven.texts_css(&css).await?[..], [only] if only.contains(name)))
    })
    .await
}

/// Goes to a customer's card in the queue, by keys alone.
async fn goes_to_card(sven: &DeskWindow, customer: &str) -> anyhow::Result<()> {
    sven.press("Esc").await?;
    let script = "return document.activeElement?.closest('[data-column=queue] [data-test=board-card]')\
                  ?.dataset.customer ?? null";
    until::holds("the keys to be in the queue", until::SHORT, async || {
        Ok(sven.client().execute(script, vec![]).await?.is_string())
    })
    .await?;
    // Who worked in the column stays where they were; the card that came back stands above.
    sven.press("Home").await?;
    until::holds("the keys to be at the card", until::SHORT, async || {
        let at = sven.client().execute(script, vec![]).await?;
        if at.is_string() && at != customer {
            sven.press("Down").await?;
        }
        Ok(at == customer)
    })
    .await
}
