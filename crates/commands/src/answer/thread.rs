//! One thread: its newest items, and older ones. Each answer is of one moment.

use std::collections::BTreeMap;

use baton_core::desk::{ComposerRows, Desk, PartElsewhere, reactions_of};
use baton_core::store::{
    Author as Said, MessageKey, MessageRow, OwnFile, PartKey, Reading, TeamPartRow, ThreadId, ThreadRow,
    TimelineLine,
};
use baton_messenger::Mid;
use baton_messenger::limits::{QUICK_REPLIES, QUICK_REPLY_TITLE_CHARS};
use baton_protocol::enrol::Role;

use super::composer::composer_state;
use super::control_words::{held_how, owner_name};
use super::fitting::{Fitting, PAGE_BYTES, newest, oldest};
use super::items::{Scene, item_key};
use super::queue::handed_draft;
use super::rows::{Names, block_view, thread_row};
use super::search::written;
use super::woven::{Beside, woven};
use super::{Answer, Answering, errors};
use crate::contract::thread::{
    HeldLine, Item, ItemPage, ItemStretch, ItemsAround, ItemsFrom, NewerItems, OfferLimit, OlderItems,
    RenameCustomer, ThreadName, ThreadView,
};
use crate::contract::{Count, Ms};

/// How many messages a thread opens with, and how many a page of older ones holds at most. Fewer, where they are very long
/// ([`super::fitting`]).
const PAGE: u32 = 60;
const MOST: u32 = 200;
/// How many lines "who held it" shows, and how far back it looks, milliseconds.
const HELD_LINES: usize = 10;
const HELD_BACK_MS: i64 = 30 * 24 * 3_600_000;

impl Answering {
    pub(crate) async fn open_thread(&self, name: ThreadName) -> Answer<ThreadView> {
        self.desk().opened(ThreadId(name.thread.0));
        self.read_ahead(name).await
    }

    pub(crate) async fn read_ahead(&self, name: ThreadName) -> Answer<ThreadView> {
        let thread = ThreadId(name.thread.0);
        let mut reading = self.reading().await?;
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let renaming = Desk::renaming(&mut reading, &row).await.map_err(errors::of_store)?;
        let block = Desk::blocking(&mut reading, &row).await.map_err(errors::of_store)?;
        let blocking = (block != row.block).then(|| block_view(block));
        let composer = ComposerRows::read(&mut reading, row.clone()).await.map_err(errors::of_store)?;
        let frame = reading.draft_frame(thread).await.map_err(errors::of_store)?;
        let reactions = reactions_of(row.channel()).into_iter().map(str::to_owned).collect();
        let scene = scene(&mut reading, row, self.desk()).await?;
        let ItemPage { mut items, older } = page(&mut reading, thread, &scene, None, PAGE, now_ms).await?;
        for part in reading.parts_of_thread(thread).await.map_err(errors::of_store)? {
            if let Some(mid) = self.desk().echo_on_its_way(&part).await.map_err(errors::of_desk)? {
                items.retain(|item| !is_message(item, &mid));
            }
        }
        let held = held(&mut reading, thread, &scene, now_ms).await?;
        let first_unread = reading.first_unread(thread).await.map_err(errors::of_store)?;
        let older_withheld = reading.lacks_older(thread).await.map_err(errors::of_store)?;
        let stranger = reading.is_stranger(thread).await.map_err(errors::of_store)?;
        let handed = reading.handed_draft(thread).await.map_err(errors::of_store)?;
        let store_version = reading.version();
        drop(reading);
        Ok(ThreadView {
            answering: frame.answers.as_ref().and_then(|mid| scene.quoted(mid)),
            offering: frame.offers,
            offer_limit: OfferLimit { most: count(QUICK_REPLIES), chars: count(QUICK_REPLY_TITLE_CHARS) },
            reactions,
            row: scene.row,
            items,
            older,
            older_withheld,
            store_version: Count(store_version),
            composer: composer_state(self.desk().composer_of(composer).await),
            held,
            first_unread_at: first_unread.as_ref().map(written).transpose()?,
            first_unread: first_unread.map(|place| format!("m:{}", place.key)),
            renaming,
            blocking,
            may_block: may_block(scene.role),
            stranger,
            handed: handed.map(|draft| handed_draft(draft, &scene.names)),
            from_meta_ms: scene.from_meta.as_ref().filter(|told| told.is_away).map(|told| Ms(told.read_ms)),
        })
    }

    /// How parts of this desk stand in their thread, as long as they are no messages, and at which version of the store.
    pub(super) async fn items_of_parts(
        &self,
        thread: ThreadId,
        keys: &[PartKey],
    ) -> Answer<(Vec<Item>, u64)> {
        let mut reading = self.reading().await?;
        let row = reading.thread(thread, self.desk().meta_now().ms).await.map_err(errors::of_store)?;
        let scene = scene(&mut reading, row, self.desk()).await?;
        let parts = reading.parts_of_thread(thread).await.map_err(errors::of_store)?;
        let items = parts.iter().zip(scene.parts(&parts)).filter(|(part, _)| keys.contains(&part.key));
        Ok((items.map(|(_, (_, item))| item).collect(), reading.version()))
    }

    pub(crate) async fn older_items(&self, asked: OlderItems) -> Answer<ItemPage> {
        let thread = ThreadId(asked.thread.0);
        let before = place(&asked.before)?;
        let mut reading = self.reading().await?;
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let scene = scene(&mut reading, row, self.desk()).await?;
        page(&mut reading, thread, &scene, Some(&before), asked.limit.clamp(1, MOST), now_ms).await
    }

    pub(crate) async fn newer_items(&self, asked: NewerItems) -> Answer<ItemStretch> {
        let thread = ThreadId(asked.thread.0);
        let after = place(&asked.after)?;
        let limit = asked.limit.clamp(1, MOST - 1);
        let mut reading = self.reading().await?;
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let scene = scene(&mut reading, row, self.desk()).await?;
        // The place itself is the first of them.
        let mut messages =
            reading.messages_from(thread, &after, limit + 1).await.map_err(errors::of_store)?;
        let full = messages.len() > limit as usize;
        messages.retain(|message| message.place > after);
        let Fitting { messages, more } = oldest(messages, full, PAGE_BYTES);
        let newer = newer_key(&messages, more)?;
        let from_ms = after.at_ms.saturating_add(1);
        let stretch = Stretch { thread, from_ms, to_ms: end_ms(&messages, more), now_ms };
        let items = stretch.items(&mut reading, &scene, messages).await?;
        Ok(ItemStretch { items, older: None, newer, key: None, key_ms: None })
    }

    pub(crate) async fn items_around(&self, asked: ItemsAround) -> Answer<ItemStretch> {
        let thread = ThreadId(asked.thread.0);
        let at = place(&asked.at)?;
        let mut reading = self.reading().await?;
        self.around(&mut reading, thread, &at, (asked.before, asked.after)).await
    }

    pub(crate) async fn items_from(&self, asked: ItemsFrom) -> Answer<ItemStretch> {
        let thread = ThreadId(asked.thread.0);
        let moment = MessageKey { at_ms: asked.from_ms.0, tie: i64::MIN, key: String::new() };
        let mut reading = self.reading().await?;
        let mut found = reading.messages_from(thread, &moment, 1).await.map_err(errors::of_store)?;
        if found.is_empty() {
            found = reading.messages(thread, None, 1).await.map_err(errors::of_store)?;
        }
        let at = found.pop().map_or(moment, |message| message.place);
        self.around(&mut reading, thread, &at, (asked.before, asked.after)).await
    }

    /// What stands around a place: so many messages before it, and so many from it on, each side half a page of words.
    async fn around(
        &self,
        reading: &mut Reading,
        thread: ThreadId,
        at: &MessageKey,
        (before, after): (u32, u32),
    ) -> Answer<ItemStretch> {
        let (before, after) = (before.clamp(1, MOST), after.clamp(1, MOST));
        let now_ms = self.desk().meta_now().ms;
        let row = reading.thread(thread, now_ms).await.map_err(errors::of_store)?;
        let scene = scene(reading, row, self.desk()).await?;
        let messages = reading.messages(thread, Some(at), before).await.map_err(errors::of_store)?;
        let full = messages.len() >= before as usize;
        let Fitting { mut messages, more } = newest(messages, full, PAGE_BYTES / 2);
        let older = older_key(&messages, more)?;
        let following = reading.messages_from(thread, at, after).await.map_err(errors::of_store)?;
        let full = following.len() >= after as usize;
        let Fitting { messages: following, more } = oldest(following, full, PAGE_BYTES / 2);
        let found = following.first().filter(|message| message.place == *at);
        let (key, key_ms) = (found.map(item_key), found.map(|message| Ms(message.place.at_ms)));
        messages.extend(following);
        let newer = newer_key(&messages, more)?;
        let from_ms = if older.is_some() { first_ms(&messages) } else { 0 };
        let stretch = Stretch { thread, from_ms, to_ms: end_ms(&messages, more), now_ms };
        let items = stretch.items(reading, &scene, messages).await?;
        Ok(ItemStretch { items, older, newer, key, key_ms })
    }

    pub(crate) async fn rename_customer(&self, asked: RenameCustomer) -> Answer<()> {
        self.desk().rename_customer(ThreadId(asked.thread.0), &asked.name).await.map_err(errors::of_desk)
    }
}

fn may_block(role: Option<Role>) -> bool {
    role.is_some_and(|role| role != Role::Agent)
}

fn count(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

/// The thread's row, with what its items need besides.
async fn scene(reading: &mut Reading, row: ThreadRow, desk: &Desk) -> Answer<Scene> {
    let names = Names::read(reading, desk.me()).await?;
    let facts = names.facts(&row.key.account);
    let overtaken = reading.overtaken(row.id, &desk.seen_at_press()).await.map_err(errors::of_store)?;
    let elsewhere = desk.parts_elsewhere(reading, &row).await.map_err(errors::of_store)?;
    let files: BTreeMap<PartKey, OwnFile> =
        reading.files_of_parts(row.id).await.map_err(errors::of_store)?.into_iter().collect();
    let uploads = files.keys().filter_map(|part| Some((*part, desk.uploaded_percent(*part)?))).collect();
    let said = reading.said_of_open_replies(row.id).await.map_err(errors::of_store)?.into_iter().collect();
    let frames = reading.frames_of_parts(row.id).await.map_err(errors::of_store)?;
    let draft = reading.draft_frame(row.id).await.map_err(errors::of_store)?;
    let mut answered: Vec<Mid> = frames.values().filter_map(|frame| frame.answers.clone()).collect();
    answered.extend(draft.answers);
    let quotes = reading.quotes(row.id, &answered).await.map_err(errors::of_store)?;
    let unchecked = reading.queued_unchecked(&row.key).await.map_err(errors::of_store)?;
    let reacted = reading.queued_reactions(&row.key).await.map_err(errors::of_store)?;
    let (pending, removing) = desk.pending_notes(reading, &row.key).await.map_err(errors::of_store)?;
    let role = role_here(reading, desk, &row).await?;
    let from_meta = desk.read_from_meta(reading, &row).await.map_err(errors::of_store)?;
    Ok(Scene {
        row: thread_row(row, &names),
        facts,
        names,
        overtaken,
        elsewhere,
        files,
        said,
        uploads,
        frames,
        quotes,
        unchecked,
        reacted,
        pending,
        removing,
        role,
        from_meta,
    })
}

/// What this agent may do on a thread's account.
async fn role_here(reading: &mut Reading, desk: &Desk, row: &ThreadRow) -> Answer<Option<Role>> {
    match desk.me() {
        Some(me) => reading.agent_role(me, &row.key.account).await.map_err(errors::of_store),
        None => Ok(None),
    }
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
    let full = messages.len() >= limit as usize;
    let Fitting { messages, more } = newest(messages, full, PAGE_BYTES);
    let older = older_key(&messages, more)?;
    let from_ms = if older.is_some() { first_ms(&messages) } else { 0 };
    let to_ms = before.map_or(i64::MAX, |place| place.at_ms);
    let items = Stretch { thread, from_ms, to_ms, now_ms }.items(reading, scene, messages).await?;
    Ok(ItemPage { items, older })
}

/// The time that some messages of a thread cover, from its begin to before its end.
struct Stretch {
    thread: ThreadId,
    from_ms: i64,
    to_ms: i64,
    now_ms: i64,
}

impl Stretch {
    /// The messages with all that happened in the same time.
    async fn items(
        &self,
        reading: &mut Reading,
        scene: &Scene,
        messages: Vec<MessageRow>,
    ) -> Answer<Vec<Item>> {
        let Self { thread, from_ms, to_ms, now_ms } = *self;
        let lines = reading.timeline(thread, from_ms, to_ms, now_ms).await.map_err(errors::of_store)?;
        let mut parts = reading.parts_of_thread(thread).await.map_err(errors::of_store)?;
        parts.retain(|part| (from_ms..to_ms).contains(&part.pressed_ms));
        let mut elsewhere = scene.elsewhere.clone();
        elsewhere.retain(|on_its_way| {
            let granted_ms = on_its_way.part.granted_ms.unwrap_or_default();
            (from_ms..to_ms).contains(&granted_ms)
                && !messages.iter().any(|message| echoes(on_its_way, message))
        });
        let is_of_it = |(at_ms, _): &(i64, Item)| (from_ms..to_ms).contains(at_ms);
        let beside = Beside {
            pending: scene.pending_notes().filter(is_of_it).collect(),
            from_meta: scene.news().filter(is_of_it).collect(),
        };
        Ok(woven(scene, messages, lines, beside, (parts.as_slice(), elsewhere.as_slice())))
    }
}

/// A place in a thread, as the page hands it back.
fn place(text: &str) -> Answer<MessageKey> {
    serde_json::from_str(text).map_err(|_| errors::unreadable("a place in the thread"))
}

/// Where newer messages begin, when there may be some.
fn newer_key(messages: &[MessageRow], more: bool) -> Answer<Option<String>> {
    messages.last().filter(|_| more).map(|last| written(&last.place)).transpose()
}

/// Until when messages cover the thread: what happened at the moment of the last one is theirs.
fn end_ms(messages: &[MessageRow], more: bool) -> i64 {
    messages.last().filter(|_| more).map_or(i64::MAX, |last| last.place.at_ms.saturating_add(1))
}

/// True for the echo of a part of another desk that is on its way, where echoes name no part: it is not shown twice until
/// its desk said how it ended. The relay knows Meta's time by the second.
fn echoes(on_its_way: &PartElsewhere, message: &MessageRow) -> bool {
    const GRAIN_MS: i64 = 2_000;
    let PartElsewhere { part, .. } = on_its_way;
    // Of one that was sent it is known which message it is.
    !part.is_sent()
        && message.author == Said::OtherDesk
        && message.part.is_none()
        && says(part, message)
        && part.granted_ms.is_some_and(|granted_ms| message.place.at_ms >= granted_ms - GRAIN_MS)
}

/// Whether a message says what a part says: its text, or nothing but one file of its kind.
fn says(part: &TeamPartRow, message: &MessageRow) -> bool {
    let Some(file) = part.file else { return message.text.is_some() && message.text == part.text };
    let is_silent = message.text.as_deref().is_none_or(str::is_empty);
    is_silent && matches!(message.attachments.as_slice(), [one] if one.kind == file.to_string())
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

/// Where older messages begin, when there may be some.
fn older_key(messages: &[MessageRow], more: bool) -> Answer<Option<String>> {
    messages.first().filter(|_| more).map(|oldest| written(&oldest.place)).transpose()
}

fn first_ms(messages: &[MessageRow]) -> i64 {
    messages.first().map_or(0, |oldest| oldest.place.at_ms)
}
