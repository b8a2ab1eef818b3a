//! What a message may hold (docs/meta.md 4.4 to 4.8, 8.2).

use baton_messenger::Platform;
use serde_json::{Value, json};

use super::upload::{Source, check_file};
use super::{Draft, template};
use crate::world::World;
use crate::world::account::Account;
use crate::world::acts::said::StickerForm;
use crate::world::attachment::Attachment;
use crate::world::refusals::Refusal;
use baton_messenger::AccountId;

const MESSENGER_TEXT_CHARACTERS: usize = 2000;
const INSTAGRAM_TEXT_BYTES: usize = 1000;
const METADATA_CHARACTERS: usize = 1000;
const QUICK_REPLIES: usize = 13;
const QUICK_REPLY_TITLE: usize = 20;
const PAYLOAD_CHARACTERS: usize = 1000;
const IMAGES: usize = 10;

/// One attachment that an app wants to send.
#[derive(Debug, Clone)]
pub(crate) enum Wanted {
    /// `image`, `video`, `audio`, `file`.
    File { kind: String, source: Source, is_reusable: bool },
    /// The payload of a template.
    Template(Value),
    /// A sticker by its id.
    Sticker(u64),
    /// Instagram: a post of the account's own.
    OwnPost(String),
    /// Instagram: a heart.
    Heart,
}

/// An attachment on its way out.
pub(super) struct Hung {
    pub attachment: Attachment,
    pub reusable_id: Option<String>,
}

impl World {
    pub(super) fn check_content(&self, account: &Account, draft: &Draft, now_ms: i64) -> Result<(), Refusal> {
        if draft.metadata.as_ref().is_some_and(|m| m.chars().count() >= METADATA_CHARACTERS) {
            return Err(Refusal::bad_parameter("metadata must be shorter than 1000 characters."));
        }
        check_text(account.platform, draft)?;
        check_quick_replies(account.platform, &draft.quick_replies)?;
        if let Some(persona) = &draft.persona {
            self.check_persona(account, persona)?;
        }
        self.check_attachments(account, &draft.attachments, now_ms)
    }

    fn check_attachments(&self, account: &Account, wanted: &[Wanted], now_ms: i64) -> Result<(), Refusal> {
        let are_images = wanted.iter().all(|w| matches!(w, Wanted::File { kind, .. } if kind == "image"));
        if wanted.len() > 1 && !are_images {
            return Err(Refusal::bad_parameter("Only images can go together in one message."));
        }
        if wanted.len() > 1 && !account.switches.has_albums {
            return Err(Refusal::of("albums_not_rolled_out"));
        }
        if wanted.len() > IMAGES {
            return Err(Refusal::bad_parameter("Too many attachments in one message."));
        }
        wanted.iter().try_for_each(|one| self.check_attachment(account, one, now_ms))
    }

    fn check_attachment(&self, account: &Account, wanted: &Wanted, now_ms: i64) -> Result<(), Refusal> {
        match wanted {
            Wanted::File { kind, source: Source::Id(id), .. } => {
                self.upload(account, id, now_ms).and_then(|upload| {
                    if &upload.kind == kind { Ok(()) } else { Err(Refusal::of("attachment_id_unknown")) }
                })
            }
            Wanted::File { kind, source: Source::Bytes(file), .. } => {
                check_file(account.platform, kind, file)
            }
            Wanted::File { kind, source: Source::Url(_), .. } => check_kind(kind),
            Wanted::Template(payload) => template::check(self, account, payload, now_ms),
            Wanted::Sticker(_) if account.is_instagram() => {
                Err(Refusal::bad_parameter("Stickers cannot be sent on Instagram."))
            }
            Wanted::OwnPost(_) | Wanted::Heart if !account.is_instagram() => {
                Err(Refusal::bad_parameter("This attachment exists on Instagram only."))
            }
            Wanted::Sticker(_) | Wanted::OwnPost(_) | Wanted::Heart => Ok(()),
        }
    }

    /// Keeps the file and gives the attachment as the echo shows it.
    pub(super) fn hang(
        &mut self,
        account: &AccountId,
        wanted: &Wanted,
        now_ms: i64,
    ) -> Result<Hung, Refusal> {
        let only = |attachment| Hung { attachment, reusable_id: None };
        Ok(match wanted {
            Wanted::File { kind, source, is_reusable } => {
                let file = self.file_of(account, source, now_ms)?;
                let reusable_id =
                    if *is_reusable { Some(self.keep_upload(account, kind, &file, now_ms)?) } else { None };
                Hung { attachment: Attachment::file(kind, file), reusable_id }
            }
            Wanted::Template(payload) => {
                if let Some(order) = payload["order_number"].as_str() {
                    self.account_mut(account)?.orders.insert(order.to_owned());
                }
                let mut sent = Attachment::plain("template", Some(payload.clone()));
                sent.beside.insert("title".into(), "".into());
                sent.beside.insert("url".into(), "https://www.example.invalid/".into());
                only(sent)
            }
            Wanted::Sticker(id) => {
                let mut written = self.sticker(*id, StickerForm::Sticker);
                only(written.swap_remove(0))
            }
            Wanted::OwnPost(id) => {
                only(Attachment::plain("ig_post", Some(json!({"ig_post_media_id": id, "title": "Our post"}))))
            }
            Wanted::Heart => only(Attachment::plain("like_heart", None)),
        })
    }
}

/// A quick reply's title is cut where it is too long.
pub(super) fn cut_title(quick_reply: &Value) -> Value {
    let mut cut = quick_reply.clone();
    if let Some(title) = quick_reply["title"].as_str() {
        cut["title"] = title.chars().take(QUICK_REPLY_TITLE).collect::<String>().into();
    }
    cut
}

/// Only kinds that carry a file.
pub(super) fn check_kind(kind: &str) -> Result<(), Refusal> {
    if matches!(kind, "image" | "video" | "audio" | "file") {
        Ok(())
    } else {
        Err(Refusal::bad_parameter(format!("There is no attachment of type {kind}.")))
    }
}

fn check_text(platform: Platform, draft: &Draft) -> Result<(), Refusal> {
    match (&draft.text, draft.attachments.is_empty()) {
        (Some(_), false) => Err(Refusal::bad_parameter("A message has text or attachments, not both.")),
        (None, true) => Err(Refusal::bad_parameter("The message is empty.")),
        (None, false) => Ok(()),
        (Some(text), true) if text.trim().is_empty() => {
            Err(Refusal::bad_parameter("The text of the message is empty."))
        }
        (Some(text), true) => match platform {
            Platform::Messenger if text.chars().count() >= MESSENGER_TEXT_CHARACTERS => {
                Err(Refusal::bad_parameter("The text must be shorter than 2000 characters."))
            }
            Platform::Instagram if text.len() > INSTAGRAM_TEXT_BYTES => {
                Err(Refusal::bad_parameter("The text must not be longer than 1000 bytes."))
            }
            Platform::Messenger | Platform::Instagram => Ok(()),
        },
    }
}

fn check_quick_replies(platform: Platform, quick_replies: &[Value]) -> Result<(), Refusal> {
    if quick_replies.len() > QUICK_REPLIES {
        return Err(Refusal::bad_parameter("At most 13 quick replies."));
    }
    for quick_reply in quick_replies {
        match quick_reply["content_type"].as_str() {
            Some("text") => {
                let filled = |key: &str| quick_reply[key].as_str().is_some_and(|t| !t.trim().is_empty());
                let payload = quick_reply["payload"].as_str().unwrap_or_default();
                if !filled("title") || !filled("payload") || payload.chars().count() > PAYLOAD_CHARACTERS {
                    return Err(Refusal::bad_parameter("A quick reply needs a title and a payload."));
                }
            }
            Some("user_phone_number") => {}
            Some("user_email") if platform == Platform::Messenger => {}
            _ => return Err(Refusal::bad_parameter("Unknown content_type of a quick reply.")),
        }
    }
    Ok(())
}
