//! Structured messages of apps, as echoes bring them (docs/meta.md 2.6.11, 4.8).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::loose;

/// What a template shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "template")]
pub enum Template {
    /// One card, or several side by side.
    Generic {
        /// The cards, in order.
        cards: Vec<TemplateCard>,
    },
    /// A text with buttons.
    Button {
        /// The text.
        text: Option<String>,
        /// The buttons, in order.
        buttons: Vec<TemplateButton>,
    },
    /// One picture or video with buttons.
    Media {
        /// Mostly one.
        cards: Vec<TemplateCard>,
    },
    /// What was bought, and the sums.
    Receipt(Box<TemplateReceipt>),
    /// A kind of template that is not known; its payload is kept in the attachment.
    Other {
        /// `template_type` as it came.
        name: Option<String>,
    },
}

/// A card of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateCard {
    /// Its title.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// Its second line.
    #[serde(default, deserialize_with = "loose::text")]
    pub subtitle: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub image_url: Option<String>,
    /// `image` or `video`, for a media template.
    #[serde(default, deserialize_with = "loose::text")]
    pub media_type: Option<String>,
    /// The upload that is shown.
    #[serde(default, deserialize_with = "loose::id")]
    pub attachment_id: Option<String>,
    /// The address of the picture or video on Facebook.
    #[serde(default, deserialize_with = "loose::text")]
    pub url: Option<String>,
    /// What a press on the card itself does.
    #[serde(default, deserialize_with = "loose::object")]
    pub default_action: Option<TemplateButton>,
    /// Its buttons, in order.
    #[serde(default, deserialize_with = "loose::list")]
    pub buttons: Vec<TemplateButton>,
}

/// A button of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateButton {
    /// `web_url`, `postback`, `phone_number`, `account_link`, `account_unlink`, `game_play`, or a word not known yet.
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// What stands on it.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// Where it leads.
    #[serde(default, deserialize_with = "loose::text")]
    pub url: Option<String>,
    /// The developer's text, or a telephone number.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
}

/// A receipt. Amounts are in the receipt's currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TemplateReceipt {
    /// Who bought.
    #[serde(default, deserialize_with = "loose::text")]
    pub recipient_name: Option<String>,
    /// Who sold.
    #[serde(default, deserialize_with = "loose::text")]
    pub merchant_name: Option<String>,
    /// The order.
    #[serde(default, deserialize_with = "loose::id")]
    pub order_number: Option<String>,
    /// ISO 4217.
    #[serde(default, deserialize_with = "loose::text")]
    pub currency: Option<String>,
    /// How it was paid.
    #[serde(default, deserialize_with = "loose::text")]
    pub payment_method: Option<String>,
    /// Where the order can be seen.
    #[serde(default, deserialize_with = "loose::text")]
    pub order_url: Option<String>,
    /// When, in milliseconds; Meta has seconds as text.
    #[serde(default, alias = "timestamp", deserialize_with = "loose::time_ms")]
    pub at_ms: Option<i64>,
    /// Where it goes.
    #[serde(default, deserialize_with = "loose::object")]
    pub address: Option<ReceiptAddress>,
    /// The sums.
    #[serde(default, deserialize_with = "loose::object")]
    pub summary: Option<ReceiptSummary>,
    /// What was taken off or added.
    #[serde(default, deserialize_with = "loose::list")]
    pub adjustments: Vec<ReceiptAdjustment>,
    /// What was bought.
    #[serde(default, deserialize_with = "loose::list")]
    pub elements: Vec<ReceiptLine>,
}

/// Where a purchase goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptAddress {
    /// First line.
    #[serde(default, deserialize_with = "loose::text")]
    pub street_1: Option<String>,
    /// Second line.
    #[serde(default, deserialize_with = "loose::text")]
    pub street_2: Option<String>,
    /// City.
    #[serde(default, deserialize_with = "loose::text")]
    pub city: Option<String>,
    /// Postal code.
    #[serde(default, deserialize_with = "loose::text")]
    pub postal_code: Option<String>,
    /// State or region.
    #[serde(default, deserialize_with = "loose::text")]
    pub state: Option<String>,
    /// Country, two letters.
    #[serde(default, deserialize_with = "loose::text")]
    pub country: Option<String>,
}

/// The sums of a receipt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptSummary {
    /// Before shipping, tax and adjustments.
    #[serde(default, deserialize_with = "loose::real")]
    pub subtotal: Option<f64>,
    /// Shipping.
    #[serde(default, deserialize_with = "loose::real")]
    pub shipping_cost: Option<f64>,
    /// Taxes.
    #[serde(default, deserialize_with = "loose::real")]
    pub total_tax: Option<f64>,
    /// What was paid.
    #[serde(default, deserialize_with = "loose::real")]
    pub total_cost: Option<f64>,
}

/// Something taken off or added, such as a voucher.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptAdjustment {
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// How much.
    #[serde(default, deserialize_with = "loose::real")]
    pub amount: Option<f64>,
}

/// One line of a receipt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct ReceiptLine {
    /// What it is.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// Its second line.
    #[serde(default, deserialize_with = "loose::text")]
    pub subtitle: Option<String>,
    /// How many.
    #[serde(default, deserialize_with = "loose::whole")]
    pub quantity: Option<i64>,
    /// What it costs.
    #[serde(default, deserialize_with = "loose::real")]
    pub price: Option<f64>,
    /// ISO 4217.
    #[serde(default, deserialize_with = "loose::text")]
    pub currency: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub image_url: Option<String>,
}

#[derive(Deserialize)]
struct Form {
    #[serde(default, deserialize_with = "loose::text")]
    template_type: Option<String>,
    #[serde(default, deserialize_with = "loose::text")]
    text: Option<String>,
    #[serde(default, deserialize_with = "loose::list")]
    buttons: Vec<TemplateButton>,
    #[serde(default)]
    elements: Value,
}

impl Template {
    /// Reads the payload of a template, as it stands in an echo or in the body of a send; `None` when it is no object.
    pub fn read(payload: &Value) -> Option<Self> {
        let form: Form = loose::object_of(payload.clone())?;
        Some(match form.template_type.as_deref() {
            Some("generic") => Self::Generic { cards: loose::list_of(form.elements) },
            Some("button") => Self::Button { text: form.text, buttons: form.buttons },
            Some("media") => Self::Media { cards: loose::list_of(form.elements) },
            Some("receipt") => Self::Receipt(loose::object_of(payload.clone())?),
            _ => Self::Other { name: form.template_type },
        })
    }
}
