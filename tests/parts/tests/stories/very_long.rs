//! Mara writes messages that are very long: pages of her thread get shorter, and reading on misses none of them.

use baton_commands::contract::thread::{Author, Item, ItemPage, ItemStretch, MessageView};
use baton_support::world::Seen as _;
use baton_support::{INES, KITE_AND_CO, World};
use serde::Serialize;
use serde_json::json;

const MANY: usize = 50;
const LONG: usize = 40 * 1024;
/// What one answer may hold beside a mebibyte of words.
const BESIDE: usize = 256 * 1024;

fn begins(items: &[Item]) -> Vec<String> {
    let messages = items.iter().filter_map(|item| match item {
        Item::Message { message } => message.text.split(':').next(),
        _ => None,
    });
    messages.map(str::to_owned).collect()
}

fn placed(items: &[Item], begin: &str) -> Option<MessageView> {
    items.iter().find_map(|item| match item {
        Item::Message { message } if message.text.starts_with(begin) => Some((**message).clone()),
        _ => None,
    })
}

fn is_bounded(answer: &impl Serialize) -> anyhow::Result<bool> {
    Ok(serde_json::to_string(answer)?.len() < 1024 * 1024 + BESIDE)
}

#[tokio::test(flavor = "multi_thread")]
async fn very_long_messages_make_short_pages_and_none_is_missed() -> anyhow::Result<()> {
    let world = World::begin().await?;
    // No bot answers there: the last word stays hers.
    let ines = world.desk(INES, &[KITE_AND_CO]).await?;
    let mara = world.new_customer(KITE_AND_CO)?;
    let all: Vec<String> = (0..MANY).map(|number| format!("line {number:03}")).collect();
    for begin in &all {
        mara.writes(&format!("{begin}: {}", "x".repeat(LONG)))?;
    }
    mara.writes("That is all")?;
    let view = ines.sees(&mara, "all of it", |t| t.says(Author::Customer, "That is all")).await?;
    assert!(is_bounded(&view)?);
    let thread = view.row.thread;

    let mut up = begins(&view.items);
    assert_eq!(up.pop().as_deref(), Some("That is all"));
    assert!(up.len() < MANY / 2 + 5, "{up:?}");
    let mut older = view.older.clone();
    while let Some(before) = older {
        let asked = json!({"thread": thread, "before": before, "limit": 200});
        let page: ItemPage = ines.ask("olderItems", asked).await?;
        assert!(is_bounded(&page)?);
        let mut longer = begins(&page.items);
        longer.append(&mut up);
        up = longer;
        older = page.older;
    }
    up.retain(|begin| begin.starts_with("line"));
    assert_eq!(up, all);

    // A message in the middle opens with a little of what stands before and behind it, and leads to both ends.
    let around = json!({"thread": thread, "fromMs": 0, "before": 200, "after": 200});
    let first: ItemStretch = ines.ask("itemsFrom", around).await?;
    assert!(is_bounded(&first)? && first.newer.is_some() && first.older.is_none());
    let (mut down, mut newer, mut middle) = (begins(&first.items), first.newer, None);
    while let Some(after) = newer {
        let asked = json!({"thread": thread, "after": after, "limit": 199});
        let stretch: ItemStretch = ines.ask("newerItems", asked).await?;
        assert!(is_bounded(&stretch)?);
        middle = middle.or_else(|| placed(&stretch.items, "line 025"));
        down.extend(begins(&stretch.items));
        newer = stretch.newer;
    }
    down.retain(|begin| begin.starts_with("line"));
    assert_eq!(down, all);

    let at = middle.and_then(|message| message.place).unwrap_or_default();
    let around: ItemStretch =
        ines.ask("itemsAround", json!({"thread": thread, "at": at, "before": 200, "after": 200})).await?;
    assert!(is_bounded(&around)? && around.older.is_some() && around.newer.is_some());
    let shown = begins(&around.items);
    assert!(shown.len() < MANY && shown.contains(&all[24]) && shown.contains(&all[25]), "{shown:?}");
    assert!(around.key.is_some());
    Ok(())
}
