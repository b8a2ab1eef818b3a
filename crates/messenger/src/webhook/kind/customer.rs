//! What a customer does besides writing (docs/meta.md 2.6.12, 2.6.13, 2.6.16, 2.6.17, 2.6.21).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{CustomerId, Mid};
use crate::loose;

/// A reaction set or taken away. A new one replaces the old one of the same person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reaction {
    /// The message.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// Set or taken away.
    #[serde(default, rename = "action")]
    pub act: ReactionAct,
    /// `love`, `like`, `smile`, … or `other`; missing when taken away.
    #[serde(default, deserialize_with = "loose::text")]
    pub reaction: Option<String>,
    /// The character itself.
    #[serde(default, deserialize_with = "loose::text")]
    pub emoji: Option<String>,
}

/// Whether a reaction was set or taken away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", rename_all = "lowercase")]
pub enum ReactionAct {
    /// Set.
    React,
    /// Taken away.
    Unreact,
    /// A word that is not known.
    #[default]
    Other,
}

impl ReactionAct {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::React => "react",
            Self::Unreact => "unreact",
            Self::Other => "other",
        }
    }
}

impl From<Value> for ReactionAct {
    fn from(value: Value) -> Self {
        match value.as_str() {
            Some("react") => Self::React,
            Some("unreact") => Self::Unreact,
            _ => Self::Other,
        }
    }
}

/// A button was pressed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Postback {
    /// The id of the press, as for a message; missing on old versions.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
    /// The text on the button.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// The developer's text; left out in standby.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// The link or ad that led here.
    #[serde(default, deserialize_with = "loose::object")]
    pub referral: Option<Referral>,
}

/// The customer came through a link, an ad or a shop.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Referral {
    /// What the link carries.
    #[serde(default, rename = "ref", deserialize_with = "loose::text")]
    pub reference: Option<String>,
    /// `ADS`, `SHORTLINK`, `CUSTOMER_CHAT_PLUGIN`, …
    #[serde(default, deserialize_with = "loose::text")]
    pub source: Option<String>,
    /// `OPEN_THREAD`, `LEAD_COMPLETE`, …
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// The ad.
    #[serde(default, deserialize_with = "loose::id")]
    pub ad_id: Option<String>,
    /// What the ad showed: title, picture, product.
    #[serde(default)]
    pub ads_context_data: Option<Value>,
    /// The shared product.
    #[serde(default)]
    pub product: Option<Value>,
    /// The answers of a finished lead ad; stands beside `referral` in the event.
    #[serde(default, skip_deserializing)]
    pub lead: Option<Lead>,
}

/// The answers of a finished lead ad.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    /// Question and answer, in order.
    #[serde(default, rename = "data", deserialize_with = "loose::list")]
    pub answers: Vec<Answer>,
}

/// One question of a lead ad with its answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question.
    #[serde(default, deserialize_with = "loose::text")]
    pub question: Option<String>,
    /// The answer.
    #[serde(default, deserialize_with = "loose::text")]
    pub answer: Option<String>,
}

/// The customer agreed to be written to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optin {
    /// `notification_messages`, or an older kind.
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// What they agreed to, as shown to them.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// The developer's text.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// In place of a sender for the checkbox plugin.
    #[serde(default, deserialize_with = "loose::id")]
    pub user_ref: Option<String>,
    /// Stop or resume of an earlier agreement.
    #[serde(default, rename = "notification_messages_status", deserialize_with = "loose::text")]
    pub status: Option<String>,
}

/// An account of the business was linked or unlinked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLinking {
    /// `linked` or `unlinked`.
    #[serde(default, deserialize_with = "loose::text")]
    pub status: Option<String>,
}

/// A feedback form was answered.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Feedback {
    /// The pages of the form.
    #[serde(default, rename = "feedback_screens", deserialize_with = "loose::list")]
    pub screens: Vec<FeedbackScreen>,
}

/// One page of a feedback form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FeedbackScreen {
    /// Its number.
    #[serde(default, deserialize_with = "loose::whole")]
    pub screen_id: Option<i64>,
    /// Questions by their id, as they came.
    #[serde(default)]
    pub questions: Value,
}

/// A thumb under one of our messages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseFeedback {
    /// `Good response` or `Bad response`.
    #[serde(default, deserialize_with = "loose::text")]
    pub feedback: Option<String>,
    /// Our message.
    #[serde(default, deserialize_with = "loose::id")]
    pub mid: Option<Mid>,
}

/// A shopping cart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Cart {
    /// What is in it.
    #[serde(default, deserialize_with = "loose::list")]
    pub products: Vec<Product>,
    /// What the customer wrote with it.
    #[serde(default, deserialize_with = "loose::text")]
    pub note: Option<String>,
}

/// One line of a shopping cart.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// Meta's id of the product.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
    /// The shop's own id.
    #[serde(default, deserialize_with = "loose::id")]
    pub retailer_id: Option<String>,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// Price of one, in `currency`.
    #[serde(default, deserialize_with = "loose::real")]
    pub unit_price: Option<f64>,
    /// ISO 4217.
    #[serde(default, deserialize_with = "loose::text")]
    pub currency: Option<String>,
    /// How many.
    #[serde(default, deserialize_with = "loose::whole")]
    pub quantity: Option<i64>,
}

/// A label was set or removed in Meta's inbox.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "InboxLabelForm")]
pub struct InboxLabel {
    /// Whose thread.
    pub customer: Option<CustomerId>,
    /// `add` or `remove`; the words are a guess (docs/meta.md 14).
    pub action: Option<String>,
    /// The label's id.
    pub label_id: Option<String>,
    /// The label's name.
    pub label_name: Option<String>,
}

#[derive(Deserialize)]
struct InboxLabelForm {
    #[serde(default)]
    user: Value,
    #[serde(default, deserialize_with = "loose::text")]
    action: Option<String>,
    #[serde(default)]
    label: Value,
}

impl From<InboxLabelForm> for InboxLabel {
    fn from(form: InboxLabelForm) -> Self {
        Self {
            customer: form.user.get("id").and_then(loose::id_of),
            action: form.action,
            label_id: form.label.get("id").and_then(loose::id_of),
            label_name: form.label.get("page_label_name").and_then(loose::text_of),
        }
    }
}
