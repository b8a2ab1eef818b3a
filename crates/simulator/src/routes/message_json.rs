//! A message with every field that Graph has for it (docs/meta.md 3.4); what has no content is left out.

use serde_json::{Map, Value, json};

use crate::clock::graph_time;
use crate::files::{self, FILM, FILM_S, PICTURE};
use crate::world::World;
use crate::world::account::Account;
use crate::world::attachment::Attachment;
use crate::world::media::File;
use crate::world::thread::{Author, Message, Thread};

pub(super) fn message_json(
    world: &World,
    account: &Account,
    thread: &Thread,
    message: &Message,
    now_ms: i64,
) -> Value {
    let (from, to) = match message.author {
        Author::Customer => (person(account, thread), account_person(account)),
        Author::App(_) => (account_person(account), person(account, thread)),
    };
    let mut whole = Map::new();
    whole.insert("id".into(), message.mid.as_str().into());
    whole.insert("created_time".into(), graph_time(message.at_ms).into());
    whole.insert("from".into(), from);
    whole.insert("to".into(), json!({"data": [to]}));
    whole.insert("message".into(), message.text.clone().unwrap_or_default().into());
    if !account.is_instagram() {
        whole.insert("tags".into(), json!({"data": [{"name": "inbox"}, {"name": "source:chat"}]}));
    }
    if message.is_unsupported {
        whole.insert("is_unsupported".into(), true.into());
    }
    if let Some(to) = &message.reply_to {
        let reply_to = json!({"mid": to.mid.as_str(), "is_self_reply": to.is_self_reply});
        whole.insert("reply_to".into(), reply_to);
    }
    let mut put = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            whole.insert(name.to_owned(), value);
        }
    };
    put("reactions", edge(reactions(account, thread, message)));
    put("attachments", edge(attached(world, message, now_ms)));
    put("shares", edge(shares(world, message, now_ms)));
    put("sticker", sticker(world, message, now_ms));
    put("story", story(world, message, now_ms));
    Value::Object(whole)
}

/// The customer as a participant: by name on a Page, by handle on Instagram.
pub(super) fn person(account: &Account, thread: &Thread) -> Value {
    let customer = &thread.customer;
    if account.is_instagram() {
        return json!({"username": customer.username, "id": customer.id.as_str()});
    }
    json!({
        "name": customer.name(), "email": format!("{}@facebook.com", customer.id), "id": customer.id.as_str(),
    })
}

/// The account as a participant.
pub(super) fn account_person(account: &Account) -> Value {
    if account.is_instagram() {
        return json!({"username": account.username, "id": account.id.as_str()});
    }
    json!({
        "name": account.name, "email": format!("{}@facebook.com", account.id), "id": account.id.as_str(),
    })
}

fn edge(items: impl IntoIterator<Item = Value>) -> Option<Value> {
    let items: Vec<Value> = items.into_iter().collect();
    (!items.is_empty()).then(|| json!({ "data": items }))
}

fn reactions(account: &Account, thread: &Thread, message: &Message) -> Vec<Value> {
    let customer = message.reaction.as_ref().map(|r| reacted(&r.emoji, person(account, thread)));
    let business = message.page_reaction.as_ref().map(|r| reacted(&r.emoji, account_person(account)));
    customer.into_iter().chain(business).collect()
}

fn reacted(emoji: &str, mut who: Value) -> Value {
    if let Some(who) = who.as_object_mut() {
        who.remove("email");
    }
    json!({"reaction": emoji, "users": [who]})
}

fn attached(world: &World, message: &Message, now_ms: i64) -> Vec<Value> {
    message.attachments.iter().filter_map(|one| attached_one(world, one, now_ms)).collect()
}

fn attached_one(world: &World, one: &Attachment, now_ms: i64) -> Option<Value> {
    if one.kind == "template" {
        return card(one.payload.as_ref()?).map(|card| json!({ "generic_template": card }));
    }
    if !matches!(one.kind.as_str(), "image" | "video" | "audio" | "file") {
        return None;
    }
    let file = world.files.get(one.file.as_deref()?)?;
    let url = one.link(&world.files, now_ms)?;
    let mut shown = json!({
        "id": file.id, "mime_type": file.mime, "name": file.name, "size": files::bytes(file).len(),
    });
    match one.kind.as_str() {
        "image" => shown["image_data"] = image_data(file, &url),
        "video" => {
            shown["video_data"] = json!({
                "width": FILM.0, "height": FILM.1, "length": FILM_S, "video_type": 1, "url": url,
                "preview_url": url, "rotation": 0,
            });
        }
        _ => shown["file_url"] = url.into(),
    }
    Some(shown)
}

fn image_data(file: &File, url: &str) -> Value {
    let (width, height) = PICTURE;
    let mut data = json!({
        "width": width, "height": height, "max_width": width, "max_height": height, "url": url,
        "preview_url": url, "image_type": 1, "render_as_sticker": false,
    });
    if file.mime == "image/gif" {
        data["animated_gif_url"] = url.into();
        data["animated_gif_preview_url"] = url.into();
    }
    data
}

/// A template's first card, as Graph shows it.
fn card(payload: &Value) -> Option<Value> {
    let first = payload.pointer("/elements/0").unwrap_or(payload);
    let title = first.get("title").or_else(|| payload.get("text"))?;
    let mut card = json!({ "title": title });
    for (ours, theirs) in [("subtitle", "subtitle"), ("image_url", "media_url")] {
        if let Some(value) = first.get(ours) {
            card[theirs] = value.clone();
        }
    }
    if let Some(button) = first.pointer("/buttons/0") {
        let mut cta = json!({"title": button["title"], "type": cta_type(button)});
        if let Some(url) = button.get("url") {
            cta["url"] = url.clone();
        }
        card["cta"] = cta;
    }
    Some(card)
}

fn cta_type(button: &Value) -> &'static str {
    if button["type"] == "web_url" { "OPEN_URL" } else { "POSTBACK" }
}

fn shares(world: &World, message: &Message, now_ms: i64) -> Vec<Value> {
    message.attachments.iter().filter_map(|one| share(world, one, now_ms)).collect()
}

fn share(world: &World, one: &Attachment, now_ms: i64) -> Option<Value> {
    if !matches!(one.kind.as_str(), "post" | "ig_post" | "reel" | "ig_reel" | "share" | "fallback") {
        return None;
    }
    let payload = one.payload.as_ref()?;
    let link = one.link(&world.files, now_ms).map(Value::from).or_else(|| payload.get("url").cloned());
    let mut share = Map::new();
    let id = ["id", "ig_post_media_id", "reel_video_id"].iter().find_map(|key| payload.get(*key));
    if let Some(id) = id {
        share.insert("id".into(), id.as_str().map_or_else(|| id.to_string(), str::to_owned).into());
    }
    if let Some(link) = link {
        share.insert("link".into(), link.clone());
        share.insert("url".into(), link);
    }
    if let Some(title) = payload.get("title") {
        share.insert("name".into(), title.clone());
        share.insert("title".into(), title.clone());
    }
    share.insert("type".into(), one.kind.as_str().into());
    Some(Value::Object(share))
}

fn sticker(world: &World, message: &Message, now_ms: i64) -> Option<Value> {
    let sticker = message.attachments.iter().find(|one| one.kind == "sticker")?;
    sticker.link(&world.files, now_ms).map(Value::from)
}

fn story(world: &World, message: &Message, now_ms: i64) -> Option<Value> {
    if let Some(story) = &message.story {
        let link = world.files.link(&story.file, now_ms);
        return Some(json!({"reply_to": {"link": link, "id": story.id}}));
    }
    let mention = message.attachments.iter().find(|one| one.kind == "story_mention")?;
    let link = mention.link(&world.files, now_ms);
    Some(json!({"mention": {"link": link, "id": mention.file}}))
}
