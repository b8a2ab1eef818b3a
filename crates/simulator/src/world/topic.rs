//! What an event is about, and the webhook field it goes out under on each platform (docs/meta.md 2.5).

use std::collections::BTreeSet;

use baton_messenger::Platform;

use super::refusals::Refusal;

/// The subject of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Messages,
    Echoes,
    Edits,
    Reactions,
    Deliveries,
    Reads,
    Postbacks,
    Optins,
    Referrals,
    Handovers,
    Policy,
    Linking,
    Feedback,
    Thumbs,
    Carts,
    Labels,
}

impl Topic {
    /// The field's name; `None`: this platform never tells of it.
    pub fn field(self, platform: Platform) -> Option<&'static str> {
        match platform {
            Platform::Messenger => Some(self.page_field()),
            Platform::Instagram => self.instagram_field(),
        }
    }

    fn page_field(self) -> &'static str {
        match self {
            Self::Messages => "messages",
            Self::Echoes => "message_echoes",
            Self::Edits => "message_edits",
            Self::Reactions => "message_reactions",
            Self::Deliveries => "message_deliveries",
            Self::Reads => "message_reads",
            Self::Postbacks => "messaging_postbacks",
            Self::Optins => "messaging_optins",
            Self::Referrals => "messaging_referrals",
            Self::Handovers => "messaging_handovers",
            Self::Policy => "messaging_policy_enforcement",
            Self::Linking => "messaging_account_linking",
            Self::Feedback => "messaging_feedback",
            Self::Thumbs => "response_feedback",
            Self::Carts => "send_cart",
            Self::Labels => "inbox_labels",
        }
    }

    fn instagram_field(self) -> Option<&'static str> {
        match self {
            // Echoes have no field of their own there.
            Self::Messages | Self::Echoes => Some("messages"),
            Self::Edits => Some("message_edit"),
            Self::Reactions => Some("message_reactions"),
            Self::Reads => Some("messaging_seen"),
            Self::Postbacks => Some("messaging_postbacks"),
            Self::Optins => Some("messaging_optins"),
            Self::Referrals => Some("messaging_referral"),
            Self::Handovers => Some("messaging_handover"),
            Self::Deliveries
            | Self::Policy
            | Self::Linking
            | Self::Feedback
            | Self::Thumbs
            | Self::Carts
            | Self::Labels => None,
        }
    }
}

/// The fields of object `page`.
const PAGE_FIELDS: &[&str] = &[
    "messages",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_deliveries",
    "message_reads",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referrals",
    "messaging_handovers",
    "standby",
    "messaging_policy_enforcement",
    "messaging_feedback",
    "response_feedback",
    "messaging_account_linking",
    "send_cart",
    "inbox_labels",
    "message_template_status_update",
    "messaging_customer_information",
    "messaging_in_thread_lead_form_submit",
    "messaging_integrity",
    "business_integrity",
    "messaging_optouts",
    "message_context",
    "messaging_game_plays",
    "conversations",
    "feed",
];

/// The fields of object `instagram`; the last three belong to the account's posts.
const INSTAGRAM_FIELDS: &[&str] = &[
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_seen",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_referral",
    "messaging_handover",
    "standby",
    "comments",
    "live_comments",
    "mentions",
];

fn fields_of(platform: Platform) -> &'static [&'static str] {
    match platform {
        Platform::Messenger => PAGE_FIELDS,
        Platform::Instagram => INSTAGRAM_FIELDS,
    }
}

/// Every field of a platform's webhook object.
pub(crate) fn all_fields(platform: Platform) -> BTreeSet<String> {
    fields_of(platform).iter().map(|f| (*f).to_owned()).collect()
}

/// Only names that Meta knows for this object, and at least one.
pub(crate) fn known_fields(platform: Platform, words: &[String]) -> Result<BTreeSet<String>, Refusal> {
    if words.is_empty() {
        return Err(Refusal::bad_parameter("At least one field is needed."));
    }
    match words.iter().find(|word| !fields_of(platform).contains(&word.as_str())) {
        Some(unknown) => {
            Err(Refusal::bad_parameter(format!("{unknown} is not a field of object {}.", platform.object())))
        }
        None => Ok(words.iter().cloned().collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_a_field_that_can_be_subscribed() {
        let topics = [
            Topic::Messages,
            Topic::Echoes,
            Topic::Edits,
            Topic::Reactions,
            Topic::Deliveries,
            Topic::Reads,
            Topic::Postbacks,
            Topic::Optins,
            Topic::Referrals,
            Topic::Handovers,
            Topic::Policy,
            Topic::Linking,
            Topic::Feedback,
            Topic::Thumbs,
            Topic::Carts,
            Topic::Labels,
        ];
        for platform in [Platform::Messenger, Platform::Instagram] {
            for topic in topics {
                let field = topic.field(platform);
                assert!(field.is_none_or(|f| fields_of(platform).contains(&f)), "{topic:?} on {platform}");
            }
        }
        assert_eq!(Topic::Deliveries.field(Platform::Instagram), None);
    }
}
