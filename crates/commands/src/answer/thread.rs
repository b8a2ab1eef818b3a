//! One thread: its newest items, and older ones.

use baton_core::store::{MessageKey, MessageRow, ThreadId, TimelineLine};
use baton_messenger::Mid;

use super::control_words::{held_how, owner_name};
use super::items::Scene;
use super::rows::thread_row;
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
        let store = self.desk().store();
        let store_version = store.version();
        let now_ms = self.desk().meta_now().ms;
        let scene = self.scene(thread).await?;
        let ItemPage { mut items, older } = self.page(thread, &scene, None, PAGE).await?;
        for part in store.parts_of_thread(thread).await.map_err(errors::of_store)? {
            if let Some(mid) = self.desk().echo_on_its_way(&part).await.map_err(errors::of_desk)? {
                items.retain(|item| !is_message(item, &mid));
            }
            items.push(scene.part(&part, self.desk().meta_of_wall(part.created_ms)));
        }

        let changes = store
            .timeline(thread, now_ms.saturating_sub(HELD_BACK_MS), i64::MAX, now_ms)
            .await
            .map_err(errors::of_store)?;
        let held = changes
            .into_iter()
            .rev()
            .filter_map(|item| match item.line {
                TimelineLine::Owner(change) if change.from != change.to => Some(HeldLine {
                    at_ms: Ms(change.at_ms),
                    who: owner_name(&change.to, &scene.facts),
                    how: held_how(&change, &scene.facts),
                }),
                _ => None,
            })
            .take(HELD_LINES)
            .collect();

        let read_seq = store.read_seq(thread).await.map_err(errors::of_store)?;
        let first_unread = store.first_unread(thread, read_seq).await.map_err(errors::of_store)?;
        Ok(ThreadView {
            row: scene.row,
            items,
            older,
            store_version: Count(store_version),
            composer: self.composer_of(thread).await?,
            held,
            first_unread: first_unread.map(|place| format!("m:{}", place.key)),
            renaming: self.desk().renaming(thread).await.map_err(errors::of_desk)?,
        })
    }

    pub(crate) async fn older_items(&self, asked: OlderItems) -> Answer<ItemPage> {
        let thread = ThreadId(asked.thread.0);
        let before: MessageKey =
            serde_json::from_str(&asked.before).map_err(|_| errors::unreadable("a place in the thread"))?;
        let scene = self.scene(thread).await?;
        self.page(thread, &scene, Some(&before), asked.limit.clamp(1, MOST)).await
    }

    pub(crate) async fn rename_customer(&self, asked: RenameCustomer) -> Answer<()> {
        self.desk().rename_customer(ThreadId(asked.thread.0), &asked.name).await.map_err(errors::of_desk)
    }

    /// The thread's row, with what its items need for names.
    async fn scene(&self, thread: ThreadId) -> Answer<Scene> {
        let now_ms = self.desk().meta_now().ms;
        let row = self.desk().store().thread(thread, now_ms).await.map_err(errors::of_store)?;
        let names = self.names().await?;
        let facts = names.facts(&row.key.account);
        Ok(Scene { row: thread_row(row, &names), facts, names })
    }

    /// A page of messages, the newest or those before a place, with the timeline of the same stretch.
    async fn page(
        &self,
        thread: ThreadId,
        scene: &Scene,
        before: Option<&MessageKey>,
        limit: u32,
    ) -> Answer<ItemPage> {
        let messages = self.desk().store().messages(thread, before, limit).await.map_err(errors::of_store)?;
        let older = older_key(&messages, limit)?;
        let from_ms = if older.is_some() { first_ms(&messages) } else { 0 };
        let to_ms = before.map_or(i64::MAX, |place| place.at_ms);
        Ok(ItemPage { items: self.woven(thread, scene, messages, from_ms, to_ms).await?, older })
    }

    /// Messages and timeline, in order of time; at the same moment what was said comes first.
    async fn woven(
        &self,
        thread: ThreadId,
        scene: &Scene,
        messages: Vec<MessageRow>,
        from_ms: i64,
        to_ms: i64,
    ) -> Answer<Vec<Item>> {
        let lines = self
            .desk()
            .store()
            .timeline(thread, from_ms, to_ms, self.desk().meta_now().ms)
            .await
            .map_err(errors::of_store)?;
        let mut items: Vec<(i64, u8, Item)> =
            messages.into_iter().map(|message| (message.place.at_ms, 0, scene.message(message))).collect();
        items.extend(lines.into_iter().filter_map(|line| Some((line.at_ms, 1, scene.line(line)?))));
        items.sort_by_key(|(at_ms, rank, _)| (*at_ms, *rank));
        Ok(items.into_iter().map(|(_, _, item)| item).collect())
    }
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
