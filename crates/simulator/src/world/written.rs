//! A message as webhooks write it (docs/meta.md 2.6.1 to 2.6.11, 2.7.1 to 2.7.8).

use baton_messenger::Platform;
use serde_json::{Map, Value, json};

use super::World;
use super::app::AppKind;
use super::thread::{Author, Message};
use super::webhook_out::number_or_text;

impl World {
    /// The `message` object for this message.
    pub fn message_detail(&self, platform: Platform, message: &Message, now_ms: i64) -> Value {
        let mut detail = Map::new();
        detail.insert("mid".into(), message.mid.as_str().into());
        if message.is_deleted {
            detail.insert("is_deleted".into(), true.into());
            return Value::Object(detail);
        }
        self.put_sender(&mut detail, platform, message);
        put_words(&mut detail, message);
        self.put_context(&mut detail, message, now_ms);
        if !message.attachments.is_empty() {
            let attachments = message.attachments.iter().map(|a| a.to_json(&self.files, now_ms));
            detail.insert("attachments".into(), attachments.collect());
        }
        Value::Object(detail)
    }

    /// Instagram's echoes name neither the app nor its metadata (docs/meta.md 2.7.8).
    fn put_sender(&self, detail: &mut Map<String, Value>, platform: Platform, message: &Message) {
        let Author::App(app) = &message.author else { return };
        detail.insert("is_echo".into(), true.into());
        if platform == Platform::Instagram {
            return;
        }
        let is_named = !message.hides_app && self.app(app).is_ok_and(|a| a.kind != AppKind::AiAgent);
        if is_named {
            detail.insert("app_id".into(), number_or_text(app.as_str()));
        }
        if let Some(metadata) = &message.metadata {
            detail.insert("metadata".into(), metadata.as_str().into());
        }
    }

    fn put_context(&self, detail: &mut Map<String, Value>, message: &Message, now_ms: i64) {
        if let Some(to) = &message.reply_to {
            let reply_to = json!({"mid": to.mid.as_str(), "is_self_reply": to.is_self_reply});
            detail.insert("reply_to".into(), reply_to);
        }
        if let Some(story) = &message.story {
            let mut shown = json!({"id": story.id});
            if let Some(link) = self.files.link(&story.file, now_ms) {
                shown["url"] = link.into();
            }
            detail.insert("reply_to".into(), json!({ "story": shown }));
        }
        if let Some(referral) = &message.referral {
            detail.insert("referral".into(), referral.clone());
        }
    }
}

fn put_words(detail: &mut Map<String, Value>, message: &Message) {
    if let Some(text) = &message.text {
        detail.insert("text".into(), text.as_str().into());
    }
    if let Some(payload) = &message.chosen {
        detail.insert("quick_reply".into(), json!({ "payload": payload }));
    }
    if !message.commands.is_empty() {
        let commands = message.commands.iter().map(|name| json!({ "name": name }));
        detail.insert("commands".into(), commands.collect());
    }
    if message.is_unsupported {
        detail.insert("is_unsupported".into(), true.into());
    }
}
