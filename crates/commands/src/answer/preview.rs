//! What the last thing of a thread was, in the shape of the page.

use baton_core::store::PreviewKind;

use crate::contract::threads::PreviewWhat;

/// The page's word for it.
pub(super) fn preview_what(kind: PreviewKind) -> PreviewWhat {
    match kind {
        PreviewKind::Text => PreviewWhat::Text,
        PreviewKind::Pressed => PreviewWhat::Pressed,
        PreviewKind::Image => PreviewWhat::Image,
        PreviewKind::Files => PreviewWhat::Files,
        PreviewKind::Video => PreviewWhat::Video,
        PreviewKind::Audio => PreviewWhat::Audio,
        PreviewKind::File => PreviewWhat::File,
        PreviewKind::Sticker => PreviewWhat::Sticker,
        PreviewKind::Place => PreviewWhat::Place,
        PreviewKind::Link => PreviewWhat::Link,
        PreviewKind::Cards => PreviewWhat::Cards,
        PreviewKind::Buttons => PreviewWhat::Buttons,
        PreviewKind::Receipt => PreviewWhat::Receipt,
        PreviewKind::Product => PreviewWhat::Product,
        PreviewKind::Post => PreviewWhat::Post,
        PreviewKind::Reel => PreviewWhat::Reel,
        PreviewKind::StoryReply => PreviewWhat::StoryReply,
        PreviewKind::StoryMention => PreviewWhat::StoryMention,
        PreviewKind::Appointment => PreviewWhat::Appointment,
        PreviewKind::Order => PreviewWhat::Order,
        PreviewKind::Disappearing => PreviewWhat::Disappearing,
        PreviewKind::Unknown => PreviewWhat::Unknown,
        PreviewKind::Unsent => PreviewWhat::Unsent,
        PreviewKind::Reaction => PreviewWhat::Reaction,
        PreviewKind::ReactionToOwn => PreviewWhat::ReactionToOwn,
        PreviewKind::OptedIn => PreviewWhat::OptedIn,
        PreviewKind::OptedOut => PreviewWhat::OptedOut,
        PreviewKind::CameByAd => PreviewWhat::CameByAd,
        PreviewKind::CameByLeadForm => PreviewWhat::CameByLeadForm,
        PreviewKind::CameByWebsite => PreviewWhat::CameByWebsite,
        PreviewKind::CameByLink => PreviewWhat::CameByLink,
        PreviewKind::Linked => PreviewWhat::Linked,
        PreviewKind::Unlinked => PreviewWhat::Unlinked,
        PreviewKind::Feedback => PreviewWhat::Feedback,
        PreviewKind::ThumbUp => PreviewWhat::ThumbUp,
        PreviewKind::ThumbDown => PreviewWhat::ThumbDown,
        PreviewKind::HandedOver => PreviewWhat::HandedOver,
        PreviewKind::AskedFor => PreviewWhat::AskedFor,
        PreviewKind::LabelSet => PreviewWhat::LabelSet,
        PreviewKind::LabelRemoved => PreviewWhat::LabelRemoved,
    }
}
