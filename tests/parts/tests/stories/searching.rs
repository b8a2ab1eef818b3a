//! Ines looks for something that was said long ago, and reads it with what stood around it; and for one of many of the same
//! name.

use anyhow::Context as _;
use baton_commands::contract::search::{Found, FoundPeople};
use baton_commands::contract::thread::{Author, Item, ItemStretch};
use baton_support::world::Seen as _;
use baton_support::{INES, MARA, NORTHWIND_TEA, TOMASZ, World};
use serde_json::{Value, json};

const MANY: usize = 150;

fn texts(items: &[Item]) -> Vec<&str> {
    let messages = items.iter().filter_map(|item| match item {
        Item::Message { message } => Some(message.text.as_str()),
        _ => None,
    });
    messages.filter(|text| text.starts_with("line ") || text.contains("teapot")).collect()
}

fn asks(typed: &str, thread: Option<i64>) -> Value {
    json!({"typed": typed, "thread": thread, "before": null, "limit": 20, "zone": "Europe/Berlin"})
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_opens_in_its_place_and_leads_to_both_ends() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let (mara, tomasz) = (world.customer(MARA)?, world.customer(TOMASZ)?);
    tomasz.writes("The teapot is here, thank you")?;
    for number in 0..MANY {
        mara.writes(&format!("line {number:03}"))?;
        if number == 50 {
            mara.writes("My teapot has a crack, order TP-7741")?;
        }
    }
    let last = format!("line {:03}", MANY - 1);
    ines.sees(&mara, "all of it", |t| t.says(Author::Customer, &last)).await?;
    ines.sees(&tomasz, "him", |t| t.says(Author::Customer, "The teapot is here, thank you")).await?;

    let found: Found = ines.ask("search", asks("teap", None)).await?;
    assert_eq!(found.hits.len(), 2, "{found:#?}");
    let found: Found = ines.ask("search", asks("7741 crack ", None)).await?;
    let hit = &found.hits[0];
    let marked: Vec<&str> =
        hit.pieces.iter().filter(|piece| piece.found).map(|piece| piece.text.as_str()).collect();
    assert_eq!(marked, ["crack", "7741"]);
    let thread = hit.thread.0;

    let around = json!({"thread": thread, "at": hit.at, "before": 10, "after": 10});
    let around: ItemStretch = ines.ask("itemsAround", around).await?;
    let shown = texts(&around.items);
    assert_eq!((shown.first(), shown.last()), (Some(&"line 041"), Some(&"line 059")), "{shown:?}");
    let key = around.key.clone().unwrap_or_default();
    assert!(around.items.iter().any(|item| matches!(item, Item::Message { message } if message.key == key)));

    let (place, at_ms) = around
        .items
        .iter()
        .find_map(|item| match item {
            Item::Message { message } if message.key == key => Some((message.place.clone(), message.at_ms)),
            _ => None,
        })
        .context("the message that was asked for")?;
    assert_eq!((place.as_deref(), around.key_ms), (Some(hit.at.as_str()), Some(at_ms)));
    let from = async |from_ms: i64| -> anyhow::Result<ItemStretch> {
        ines.ask("itemsFrom", json!({"thread": thread, "fromMs": from_ms, "before": 10, "after": 10})).await
    };
    assert_eq!(from(at_ms.0).await?.key.as_deref(), Some(key.as_str()));
    let newest = from(at_ms.0 + 365 * 24 * 3_600_000).await?;
    assert!(newest.newer.is_none() && newest.key_ms > Some(at_ms), "nothing was said since: {newest:#?}");

    let (mut newer, mut down) = (around.newer.clone(), Vec::new());
    while let Some(after) = newer {
        let asked = json!({"thread": thread, "after": after, "limit": 40});
        let stretch: ItemStretch = ines.ask("newerItems", asked).await?;
        down.extend(texts(&stretch.items).into_iter().map(str::to_owned));
        newer = stretch.newer;
    }
    let expected: Vec<String> = (60..MANY).map(|number| format!("line {number:03}")).collect();
    assert_eq!(down, expected);

    let inside: Found = ines.ask("search", asks("teapot", Some(thread))).await?;
    assert_eq!((inside.hits.len(), inside.count.map(|count| count.0)), (1, Some(1)));
    let wrong: Found = ines.ask("search", asks("has:pony teapot", None)).await?;
    assert!(wrong.problem.is_some_and(|words| words.what.contains("pony")));
    Ok(())
}

/// The first six stand above the messages and say how many there are; the others come when they are asked for, and a filter
/// with the name finds what each of them said.
#[tokio::test(flavor = "multi_thread")]
async fn all_who_have_one_name_are_found() -> anyhow::Result<()> {
    const NOAS: usize = 9;
    let world = World::begin().await?;
    let ines = world.desk(INES, &[NORTHWIND_TEA]).await?;
    let mut expected = Vec::new();
    for number in 0..NOAS {
        let customer = world.new_customer(NORTHWIND_TEA)?;
        customer.writes(&format!("A question about tea, number {number}"))?;
        let thread = ines.sees(&customer, "who it is", |t| t.row.name == customer.name()).await?;
        expected.push(thread.row.thread);
    }
    expected.sort_by_key(|thread| thread.0);

    let found: Found = ines.ask("search", asks("noa", None)).await?;
    assert_eq!((found.names.len(), found.names_count.map(|count| count.0)), (6, Some(9)));
    let after = found.names_next.context("a way to the others")?;
    let more = json!({"typed": "noa", "after": after, "limit": 2, "zone": "Europe/Berlin"});
    let more: FoundPeople = ines.ask("searchPeople", more).await?;
    let rest = json!({"typed": "noa", "after": more.next, "limit": 20, "zone": "Europe/Berlin"});
    let rest: FoundPeople = ines.ask("searchPeople", rest).await?;
    assert_eq!((more.people.len(), rest.people.len(), &rest.next), (2, 1, &None));
    let people = found.names.iter().chain(&more.people).chain(&rest.people);
    let mut people: Vec<_> = people.map(|row| row.thread).collect();
    people.sort_by_key(|thread| thread.0);
    assert_eq!(people, expected);

    let said: Found = ines.ask("search", asks("tea from:noa ", None)).await?;
    let mut threads: Vec<_> = said.hits.iter().map(|hit| hit.thread).collect();
    threads.sort_by_key(|thread| thread.0);
    assert_eq!(threads, expected);

    // What is typed about a thread counts inside it too.
    let inside: Found = ines.ask("search", asks("tea is:done ", Some(expected[0].0))).await?;
    assert_eq!((inside.hits.len(), inside.count.map(|count| count.0), inside.next), (0, Some(0), None));
    let wrong = json!({"typed": "noa", "after": "nowhere", "limit": 2, "zone": "Europe/Berlin"});
    assert!(ines.ask::<FoundPeople>("searchPeople", wrong).await.is_err());
    Ok(())
}
