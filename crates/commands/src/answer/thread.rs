//! One thread: its newest items, and older ones. Each answer is of one moment.

use baton_core::desk::{ComposerRows, Desk};
use baton_core::store::{
    MessageKey, MessageRow, PartRow, Reading, ThreadId, ThreadRow, TimelineItem, TimelineLine,
};
use baton_messenger::Mid;
use baton_protocol::AgentId;

use super::composer::composer_state;
use super::control_words::{held_how, owner_name};
use super::items::Scene;
use super::rows::{Names, thread_row};
use super::{Answer, Answering, errors};
use crate::contract::thread::{HeldLine, Item, ItemPage, OlderItems, RenameCustomer, ThreadName, ThreadView};
use crate::contract::{Count, Ms};

/// How many messages a thread opens with, and how many a page of older ones holds at most.
const PAGE: u32 = 60;
const MOST: u32 = 200;
/// How many lines "who held it" shows, and how far back it looks, milliseconds.
const HELD_LINES: usize = 10;
const HELD_BACK_MS: i64 = 30 * 24 * 3_600_000;

impl Answering {
    pub(crate) async fn open_thread(&self, name: ThreadName) -> Answer<ThreadView> {
        let thread = ThreadId(name.thread.0);
        self.desk().opened(thread);
        let mut reading = self.reading().await?;
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let renaming = Desk::renaming(&mut reading, &row).await.map_err(errors::of_store)?;
        let composer = ComposerRows::read(&mut reading, row.clone()).await.map_err(errors::of_store)?;
        let scene = scene(&mut reading, row, self.desk().me()).await?;
        let ItemPage { mut items, older } = page(&mut reading, thread, &scene, None, PAGE, now_ms).await?;
        for part in reading.parts_of_thread(thread).await.map_err(errors::of_store)? {
            if let Some(mid) = self.desk().echo_on_its_way(&part).await.map_err(errors::of_desk)? {
                items.retain(|item| !is_message(item, &mid));
            }
        }
        let held = held(&mut reading, thread, &scene, now_ms).await?;
        let first_unread = reading.first_unread(thread).await.map_err(errors::of_store)?;
        let stranger = reading.is_stranger(thread).await.map_err(errors::of_store)?;
        let store_version = reading.version();
        drop(reading);
        Ok(ThreadView {
            row: scene.row,
            items,
            older,
            store_version: Count(store_version),
            composer: composer_state(self.desk().composer_of(composer).await),
            held,
            first_unread: first_unread.map(|place| format!("m:{}", place.key)),
            renaming,
            stranger,
        })
    }

    pub(crate) async fn older_items(&self, asked: OlderItems) -> Answer<ItemPage> {
        let thread = ThreadId(asked.thread.0);
        let before: MessageKey =
            serde_json::from_str(&asked.before).map_err(|_| errors::unreadable("a place in the thread"))?;
        let mut reading = self.reading().await?;
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let scene = scene(&mut reading, row, self.desk().me()).await?;
        page(&mut reading, thread, &scene, Some(&before), asked.limit.clamp(1, MOST), now_ms).await
    }

    pub(crate) async fn rename_customer(&self, asked: RenameCustomer) -> Answer<()> {
        self.desk().rename_customer(ThreadId(asked.thread.0), &asked.name).await.map_err(errors::of_desk)
    }
}

/// The thread's row, with what its items need for names.
async fn scene(reading: &mut Reading, row: ThreadRow, me: Option<AgentId>) -> Answer<Scene> {
    let names = Names::read(reading, me).await?;
    let facts = names.facts(&row.key.account);
    Ok(Scene { row: thread_row(row, &names), facts, names })
}

/// A page of messages, the newest or those before a place, with the timeline of the same stretch.
async fn page(
    reading: &mut Reading,
    thread: ThreadId,
    scene: &Scene,
    before: Option<&MessageKey>,
    limit: u32,
    now_ms: i64,
) -> Answer<ItemPage> {
    let messages = reading.messages(thread, before, limit).await.map_err(errors::of_store)?;
    let older = older_key(&messages, limit)?;
    let from_ms = if older.is_some() { first_ms(&messages) } else { 0 };
    let to_ms = before.map_or(i64::MAX, |place| place.at_ms);
    let lines = reading.timeline(thread, from_ms, to_ms, now_ms).await.map_err(errors::of_store)?;
    let mut parts = reading.parts_of_thread(thread).await.map_err(errors::of_store)?;
    parts.retain(|part| (from_ms..to_ms).contains(&part.pressed_ms));
    Ok(ItemPage { items: woven(scene, messages, lines, &parts), older })
}

/// Messages, timeline and what of this desk's outbox is no message yet, in order of time; at the same moment what was said
/// comes first.
fn woven(scene: &Scene, messages: Vec<MessageRow>, lines: Vec<TimelineItem>, parts: &[PartRow]) -> Vec<Item> {
    let mut items: Vec<(i64, u8, Item)> =
        messages.into_iter().map(|message| (message.place.at_ms, 0, scene.message(message))).collect();
    items.extend(lines.into_iter().filter_map(|line| Some((line.at_ms, 1, scene.line(line)?))));
    items.extend(parts.iter().map(|part| (part.pressed_ms, 2, scene.part(part))));
    items.sort_by_key(|(at_ms, rank, _)| (*at_ms, *rank));
    items.into_iter().map(|(_, _, item)| item).collect()
}

/// Who held the thread of late, newest first.
async fn held(reading: &mut Reading, thread: ThreadId, scene: &Scene, now_ms: i64) -> Answer<Vec<HeldLine>> {
    let from_ms = now_ms.saturating_sub(HELD_BACK_MS);
    let lines = reading.timeline(thread, from_ms, i64::MAX, now_ms).await.map_err(errors::of_store)?;
    let changes = lines.into_iter().rev().filter_map(|item| match item.line {
        TimelineLine::Owner(change) if change.from != change.to => Some(HeldLine {
            at_ms: Ms(change.at_ms),
            who: owner_name(&change.to, &scene.facts),
            how: held_how(&change, &scene.facts),
        }),
        _ => None,
    });
    Ok(changes.take(HELD_LINES).collect())
}

fn is_message(item: &Item, mid: &Mid) -> bool {
    matches!(item, Item::Message { message } if message.mid.as_deref() == Some(mid.as_str()))
}

/// Where older messages begin; none when this page is not full.
fn older_key(messages: &[MessageRow], limit: u32) -> Answer<Option<String>> {
    match messages.first() {
        Some(oldest) if messages.len() >= limit as usize => serde_json::to_string(&oldest.place)
            .map(Some)
            .map_err(|_| errors::unreadable("a place in the thread")),
        _ => Ok(None),
    }
}

fn first_ms(messages: &[MessageRow]) -> i64 {
    messages.first().map_or(0, |oldest| oldest.place.at_ms)
}
