//! A customer agrees to something: to be written to, or to link an account (docs/meta.md 2.6.16, 2.6.21).

use serde::{Deserialize, Serialize};

use crate::hidden::Hidden;
use crate::loose;

/// The customer agreed to be written to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Optin {
    /// `notification_messages`, or an older kind; [`Optin::agreed_to`] reads it.
    #[serde(default, rename = "type", deserialize_with = "loose::text")]
    pub kind: Option<String>,
    /// What they agreed to, as shown to them.
    #[serde(default, deserialize_with = "loose::text")]
    pub title: Option<String>,
    /// The developer's text.
    #[serde(default, deserialize_with = "loose::text")]
    pub payload: Option<String>,
    /// The developer's text of the older plugins.
    #[serde(
        default,
        rename = "ref",
        deserialize_with = "loose::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub reference: Option<String>,
    /// In place of a sender for the checkbox plugin.
    #[serde(default, deserialize_with = "loose::id")]
    pub user_ref: Option<String>,
    /// Stop or resume of an earlier agreement.
    #[serde(default, rename = "notification_messages_status", deserialize_with = "loose::text")]
    pub status: Option<String>,
    /// With this a marketing message could be sent.
    #[serde(
        default,
        rename = "notification_messages_token",
        deserialize_with = "loose::id",
        skip_serializing
    )]
    pub token: Option<Hidden>,
    /// With this one message could be sent; retired.
    #[serde(default, rename = "one_time_notif_token", deserialize_with = "loose::id", skip_serializing)]
    pub one_time_token: Option<Hidden>,
    /// The customer's time zone, such as `Europe/Berlin`.
    #[serde(
        default,
        rename = "notification_messages_timezone",
        deserialize_with = "loose::text",
        skip_serializing_if = "Option::is_none"
    )]
    pub timezone: Option<String>,
    /// When the agreement ends, in milliseconds.
    #[serde(
        default,
        rename = "token_expiry_timestamp",
        deserialize_with = "loose::time_ms",
        skip_serializing_if = "Option::is_none"
    )]
    pub expires_ms: Option<i64>,
    /// `REFRESHED` or `NOT_REFRESHED`; the words are a guess.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub user_token_status: Option<String>,
}

/// What a customer agreed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Agreement {
    /// Marketing messages, until stopped.
    Marketing,
    /// Marketing messages were stopped.
    MarketingStopped,
    /// Marketing messages go on after a stop.
    MarketingResumed,
    /// One message; retired.
    OneTime,
    /// The checkbox on a website; the customer has no scoped id yet.
    Checkbox,
    /// Another plugin, or a word that is not known.
    Other,
}

impl Optin {
    /// What it is about.
    pub fn agreed_to(&self) -> Agreement {
        let status = self.status.as_deref().unwrap_or_default().to_ascii_uppercase();
        match self.kind.as_deref() {
            Some("notification_messages") if status.contains("STOP") => Agreement::MarketingStopped,
            Some("notification_messages") if status.contains("RESUME") => Agreement::MarketingResumed,
            Some("notification_messages") => Agreement::Marketing,
            Some("one_time_notif_req") => Agreement::OneTime,
            _ if self.one_time_token.is_some() => Agreement::OneTime,
            _ if self.user_ref.is_some() => Agreement::Checkbox,
            _ => Agreement::Other,
        }
    }
}

/// An account of the business was linked or unlinked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountLinking {
    /// `linked` or `unlinked`.
    #[serde(default, deserialize_with = "loose::text")]
    pub status: Option<String>,
    /// What the business gave when its customer logged in; missing when unlinked.
    #[serde(default, deserialize_with = "loose::id", skip_serializing)]
    pub authorization_code: Option<Hidden>,
}

impl AccountLinking {
    /// Whether it was linked; `None` for a word that is not known.
    pub fn is_linked(&self) -> Option<bool> {
        match self.status.as_deref() {
            Some("linked") => Some(true),
            Some("unlinked") => Some(false),
            _ => None,
        }
    }
}
