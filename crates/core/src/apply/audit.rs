//! What a page of history says (docs/meta.md 3.2). It has whole seconds and no metadata, so a webhook wins over it.

use baton_messenger::answer::{AttachedFile, ConversationMessage, Share};
use baton_protocol::audit::AuditPage;
use baton_protocol::entry::Entry;
use baton_thread::word::FRESH_MS;

use super::beside;
use super::extra::Extra;
use super::said::{
    AttachmentSaid, AuditedSaid, Grade, MessageSaid, NamedSaid, ReactionSaid, Said, Told, Understood,
};

pub(super) fn understand(entry: &Entry, page: AuditPage) -> Understood {
    let mut said = Vec::new();
    if let Some(name) = page.customer_name.clone().filter(|name| !name.is_empty()) {
        let customer = page.customer.clone();
        said.push(Said::Named(NamedSaid { customer, name, read_ms: page.read_at_ms }));
    }
    for (place, message) in page.messages.iter().enumerate() {
        said.extend(message_said(entry, &page, place, message));
    }
    if !page.lacks.is_empty() {
        said.push(Said::Lacking { customer: page.customer.clone(), lacks: page.lacks.clone() });
    }
    if page.is_oldest {
        let (read_ms, is_withheld) = (page.read_at_ms, page.older_withheld);
        said.push(Said::Audited(AuditedSaid { customer: page.customer.clone(), read_ms, is_withheld }));
    }
    Understood { said, mid: None, customer: Some(page.customer), understood: true }
}

fn message_said(entry: &Entry, page: &AuditPage, place: usize, message: &ConversationMessage) -> Vec<Said> {
    let (Some(mid), Some(at_ms)) = (message.id.clone(), message.created_ms) else { return Vec::new() };
    let Some(account) = entry.log.account() else { return Vec::new() };
    let Some(from_account) = message.is_from_account(account) else { return Vec::new() };
    let fresh = entry.at_ms.saturating_sub(at_ms) < FRESH_MS;
    let mut said = Vec::new();
    for reaction in &message.reactions {
        for user in &reaction.users {
            let Some(actor) = user.id.as_ref() else { continue };
            said.push(Said::Reacted(ReactionSaid {
                customer: page.customer.clone(),
                mid: mid.clone(),
                actor: actor.to_string(),
                at_ms: 0,
                key: entry.key.clone(),
                emoji: reaction.reaction.clone(),
            }));
        }
    }
    said.push(Said::Message(Box::new(MessageSaid {
        customer: page.customer.clone(),
        key: mid.to_string(),
        mid: Some(mid),
        at_ms,
        tie: older_in_same_second(page, place, at_ms),
        kind: "message",
        inbound: !from_account,
        text: message.text.clone().filter(|text| !text.is_empty()),
        app: None,
        part: None,
        heard: None,
        told: Told { grade: Grade::Audit, ms: page.read_at_ms, key: entry.key.clone() },
        opens: !from_account,
        counts: !from_account && fresh,
        found_late: !from_account && fresh,
        reply_to: message.reply_to.as_ref().and_then(|to| to.mid.clone()),
        extra: extra_of(message),
        attachments: attachments(message),
    })));
    said
}

/// How many messages of the same second are older: the page is newest first.
fn older_in_same_second(page: &AuditPage, place: usize, at_ms: i64) -> i64 {
    let older = page.messages.iter().skip(place + 1).take_while(|message| message.created_ms == Some(at_ms));
    i64::try_from(older.count()).unwrap_or(i64::MAX)
}

/// What is shown beside a message's text, as a read of it tells.
pub(crate) fn extra_of(message: &ConversationMessage) -> Option<Extra> {
    let answered = message.story.as_ref().and_then(|story| story.reply_to.as_ref());
    let answered = answered.or_else(|| message.reply_to.as_ref().and_then(|to| to.story.as_ref()));
    let story = answered.map(beside::story);
    Extra { story, unsupported: message.is_unsupported, ..Extra::default() }.if_any()
}

/// What came with a message, as a read of it tells.
pub(crate) fn attachments(message: &ConversationMessage) -> Vec<AttachmentSaid> {
    let mention =
        message.story.iter().filter_map(|story| story.mention.as_ref()).map(|story| AttachmentSaid {
            kind: "story_mention".to_owned(),
            url: story.url.clone(),
            title: None,
            payload: None,
        });
    let files = message.attachments.iter().map(file);
    let shares = message.shares.iter().map(share);
    let sticker = message.sticker.iter().map(|url| AttachmentSaid {
        kind: "sticker".to_owned(),
        url: Some(url.clone()),
        title: None,
        payload: None,
    });
    mention.chain(files).chain(shares).chain(sticker).collect()
}

fn file(file: &AttachedFile) -> AttachmentSaid {
    let image = file.image_data.as_ref().and_then(|image| image.url.clone());
    let video = file.video_data.as_ref().and_then(|video| video.url.clone());
    let is_sticker = file.image_data.as_ref().is_some_and(|image| image.render_as_sticker);
    let kind = match (&image, &video, file.generic_template.is_some(), file.mime_type.as_deref()) {
        (Some(_), _, _, _) if is_sticker => "sticker",
        (Some(_), _, _, _) => "image",
        (_, Some(_), _, _) => "video",
        (_, _, true, _) => "template",
        (_, _, _, Some(mime)) if mime.starts_with("audio/") => "audio",
        _ => "file",
    };
    let card = file.generic_template.as_ref();
    AttachmentSaid {
        kind: kind.to_owned(),
        url: image.or(video).or_else(|| file.file_url.clone()),
        title: file.name.clone().or_else(|| card.and_then(|card| card.title.clone())),
        payload: card.and_then(|card| serde_json::to_value(card).ok()),
    }
}

/// Before March 2026 a share has no type, and its link is that of a page: it is shown as a link, and nothing is fetched of
/// it. The word "share" is the webhook's for a picture of Instagram (docs/meta.md 2.7.3, 3.4).
fn share(share: &Share) -> AttachmentSaid {
    AttachmentSaid {
        kind: share.kind.clone().unwrap_or_else(|| "fallback".to_owned()),
        url: share.link.clone(),
        title: share.name.clone(),
        payload: serde_json::to_value(share).ok(),
    }
}
