//! The way that led a customer here: a link, an ad, the website's chat, a shop (docs/meta.md 2.6.9, 2.6.17).

use serde::{Deserialize, Serialize};

use crate::loose;

/// The customer came through a link, an ad or a shop.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referral {
    /// What the link carries.
    #[serde(default, rename = "ref", deserialize_with = "loose::text")]
    pub reference: Option<String>,
    /// `ADS`, `SHORTLINK`, `CUSTOMER_CHAT_PLUGIN`, …; [`Referral::origin`] reads it.
    #[serde(default, deserialize_with = "loose::text")]
    pub source: Option<String>,
    /// `OPEN_THREAD`, `LEAD_COMPLETE`, …
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// The ad.
    #[serde(default, deserialize_with = "loose::id")]
    pub ad_id: Option<String>,
    /// What the ad showed.
    #[serde(default, deserialize_with = "loose::object")]
    pub ads_context_data: Option<AdContext>,
    /// The shared product.
    #[serde(default, deserialize_with = "loose::object")]
    pub product: Option<ReferredProduct>,
    /// The page of the website on which the chat stood (general knowledge, no source).
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub referer_uri: Option<String>,
    /// The answers of a finished lead ad; stands beside `referral` in the event.
    #[serde(default, skip_deserializing)]
    pub lead: Option<Lead>,
}

/// Where a customer came from.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::Display, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Origin {
    /// An ad.
    Ad,
    /// An ad that asks questions; the answers are in [`Referral::lead`].
    LeadAd,
    /// An m.me or ig.me link, or its QR code.
    Link,
    /// The chat on the account's website.
    WebsitePlugin,
    /// A product of the shop.
    Shop,
    /// A word that is not known.
    Other,
}

impl Referral {
    /// Where the customer came from.
    pub fn origin(&self) -> Origin {
        match (self.kind.as_deref(), self.source.as_deref()) {
            (Some("LEAD_COMPLETE"), _) => Origin::LeadAd,
            (_, Some("ADS")) => Origin::Ad,
            (_, Some("SHORTLINK")) => Origin::Link,
            (_, Some("CUSTOMER_CHAT_PLUGIN")) => Origin::WebsitePlugin,
            _ if self.product.is_some() => Origin::Shop,
            _ if self.ad_id.is_some() => Origin::Ad,
            _ => Origin::Other,
        }
    }
}

/// What an ad showed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdContext {
    /// Its title.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub ad_title: Option<String>,
    /// Its picture.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub photo_url: Option<String>,
    /// The picture of its video.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub video_url: Option<String>,
    /// The post behind it.
    #[serde(default, deserialize_with = "loose::id", skip_serializing_if = "Option::is_none")]
    pub post_id: Option<String>,
    /// The product it shows.
    #[serde(default, deserialize_with = "loose::id", skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    /// The flow it starts.
    #[serde(default, deserialize_with = "loose::id", skip_serializing_if = "Option::is_none")]
    pub flow_id: Option<String>,
}

/// The product from which a customer came.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferredProduct {
    /// Meta's id of it.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<String>,
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
