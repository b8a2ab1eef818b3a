//! A Meta app that is connected to Pages: ours, the bot, or one of Meta's own inboxes.

use std::collections::BTreeSet;

use baton_messenger::AppId;
use secrecy::SecretString;

use super::refusals::Refusal;

/// Where an app's webhooks go.
#[derive(Debug, Clone)]
pub(crate) enum Receiver {
    /// An HTTP callback, as set in the app's dashboard or by `POST /{app}/subscriptions`.
    Callback(Callback),
    /// The bot inside this program.
    Bot,
    /// Nowhere (Meta's own inboxes; an app whose callback is not set yet).
    Nobody,
}

/// A verified callback of an app.
#[derive(Debug, Clone)]
pub(crate) struct Callback {
    pub url: String,
    /// The fields chosen at app level; an event needs its field here and on the Page.
    pub fields: BTreeSet<String>,
}

/// One app.
#[derive(Debug, Clone)]
pub(crate) struct App {
    pub id: AppId,
    pub name: String,
    pub secret: SecretString,
    pub receiver: Receiver,
}

/// The webhook fields of object `page` that a Page may subscribe an app to (docs/meta.md 2.5).
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

/// Every field of [`PAGE_FIELDS`].
pub(crate) fn all_fields() -> BTreeSet<String> {
    PAGE_FIELDS.iter().map(|f| (*f).to_owned()).collect()
}

/// Only names that Meta knows, and at least one.
pub(crate) fn known_fields(words: &[String]) -> Result<BTreeSet<String>, Refusal> {
    if words.is_empty() {
        return Err(Refusal::bad_parameter("subscribed_fields is needed."));
    }
    match words.iter().find(|word| !PAGE_FIELDS.contains(&word.as_str())) {
        Some(unknown) => Err(Refusal::bad_parameter(format!("{unknown} is not a field of a Page."))),
        None => Ok(words.iter().cloned().collect()),
    }
}
