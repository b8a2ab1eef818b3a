//! The things that hang on a customer's message, as attachments.

use serde_json::{Value, json};

use super::said::{StickerForm, Thing};
use crate::clock::DAY_MS;
use crate::files::{MadeKind, made, made_named};
use crate::world::World;
use crate::world::attachment::Attachment;

/// A sticker of this world: the smiling disc that its file shows. The thumb of Messenger is another one (docs/meta.md 2.6.5).
const SMILE: u64 = 990_000_000_000_101;

impl World {
    /// Makes the files behind a thing and gives its attachments; a sticker can stand there twice.
    pub fn attach(&mut self, thing: &Thing, now_ms: i64) -> Vec<Attachment> {
        let one = match thing {
            Thing::Image => Attachment::file("image", self.files.add(made(MadeKind::Image))),
            Thing::Animation => Attachment::file("image", self.files.add(made(MadeKind::Animation))),
            Thing::Video => Attachment::file("video", self.files.add(made(MadeKind::Video))),
            Thing::Audio => Attachment::file("audio", self.files.add(made(MadeKind::Audio))),
            Thing::File { name } => {
                let name = name.as_deref().unwrap_or("invoice.pdf");
                Attachment::file("file", self.files.add(made_named(MadeKind::Document, name)))
            }
            Thing::Sticker { id, form } => return self.sticker(id.unwrap_or(SMILE), *form),
            Thing::Location { lat, long } => location(*lat, *long),
            Thing::Link { url, title } => link(url, title),
            Thing::UnknownShare => Attachment::plain("fallback", None),
            Thing::Post { title } => {
                let id = self.new_number(880_000_000_000_000);
                let url = format!("https://www.example.invalid/page/posts/{id}");
                Attachment::plain("post", Some(json!({"url": url, "title": title, "id": id})))
            }
            Thing::Reel { title } => self.reel("reel", title),
            Thing::IgReel { title } => self.reel("ig_reel", title),
            Thing::IgPost { title } => {
                let id = self.new_number(18_000_000_000_000_000).to_string();
                let payload = json!({"ig_post_media_id": id, "title": title});
                Attachment::file_with("ig_post", self.files.add(made(MadeKind::Image)), payload)
            }
            Thing::Share => Attachment::file("share", self.files.add(made(MadeKind::Image))),
            Thing::Product { title, subtitle } => self.product(title, subtitle, now_ms),
            Thing::Appointment { start_ms, end_ms, timezone } => {
                let id = format!("bk_{}", self.new_number(0));
                appointment(&id, *start_ms, *end_ms, timezone)
            }
            Thing::StoryMention => {
                let story = made(MadeKind::Image).until(now_ms + DAY_MS);
                Attachment::file("story_mention", self.files.add(story))
            }
            Thing::Ephemeral => Attachment::plain("ephemeral", None),
        };
        vec![one]
    }

    pub(in crate::world) fn sticker(&mut self, id: u64, form: StickerForm) -> Vec<Attachment> {
        let file = self.files.add(made(MadeKind::Sticker));
        let written = |kind: &str| Attachment::file_with(kind, file.clone(), json!({ "sticker_id": id }));
        match form {
            StickerForm::Sticker => vec![written("sticker")],
            StickerForm::Twice => vec![written("sticker"), written("image")],
            StickerForm::Image => vec![written("image")],
        }
    }

    fn reel(&mut self, kind: &str, title: &str) -> Attachment {
        let payload = json!({"reel_video_id": self.new_number(880_000_000_000_000), "title": title});
        Attachment::file_with(kind, self.files.add(made(MadeKind::Video)), payload)
    }

    /// The address of a picture that was just made, where files have addresses.
    pub(crate) fn picture_link(&mut self, now_ms: i64) -> Option<String> {
        let picture = self.files.add(made(MadeKind::Image));
        self.files.link(&picture, now_ms)
    }

    fn product(&mut self, title: &str, subtitle: &str, now_ms: i64) -> Attachment {
        let number = self.new_number(5_500_000_000_000_000);
        let picture = self.picture_link(now_ms);
        let element = json!({
            "id": number.to_string(), "retailer_id": format!("SKU-{}", number % 10_000),
            "image_url": picture, "title": title, "subtitle": subtitle,
        });
        Attachment::plain("template", Some(json!({"product": {"elements": [element]}})))
    }
}

fn location(lat: f64, long: f64) -> Attachment {
    let mut place = Attachment::plain("location", Some(json!({"coordinates": {"lat": lat, "long": long}})));
    place.beside.insert("title".into(), "Shared location".into());
    let url = format!("https://www.example.invalid/maps?where1={lat}%2C{long}");
    place.beside.insert("url".into(), Value::String(url));
    place
}

fn link(url: &str, title: &str) -> Attachment {
    let leads: String = url::form_urlencoded::byte_serialize(url.as_bytes()).collect();
    let redirector = format!("https://l.example.invalid/l.php?u={leads}");
    Attachment::plain("fallback", Some(json!({"url": redirector, "title": title})))
}

fn appointment(id: &str, start_ms: i64, end_ms: i64, timezone: &str) -> Attachment {
    let payload = json!({
        "booking_id": id, "status": "requested", "start_time": start_ms / 1000, "end_time": end_ms / 1000,
        "timezone": timezone,
    });
    Attachment::plain("appointment_booking", Some(payload))
}
