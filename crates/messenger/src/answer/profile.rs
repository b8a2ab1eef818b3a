//! Who somebody is (docs/meta.md 3.5).

use serde::{Deserialize, Serialize};

use crate::id::{AccountId, CustomerId};
use crate::loose;

/// The account a Page token belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Its id.
    pub id: AccountId,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
}

/// A customer's profile. May be empty: then the name comes from the thread's participants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct UserProfile {
    /// The scoped id.
    #[serde(default, deserialize_with = "loose::id")]
    pub id: Option<CustomerId>,
    /// The whole name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// First name; Messenger.
    #[serde(default, deserialize_with = "loose::text")]
    pub first_name: Option<String>,
    /// Last name; Messenger.
    #[serde(default, deserialize_with = "loose::text")]
    pub last_name: Option<String>,
    /// User name; Instagram.
    #[serde(default, deserialize_with = "loose::text")]
    pub username: Option<String>,
    /// The picture; expires within days.
    #[serde(default, rename = "profile_pic", deserialize_with = "loose::text")]
    pub picture_url: Option<String>,
    /// Language and country; needs a right of its own.
    #[serde(default, deserialize_with = "loose::text")]
    pub locale: Option<String>,
    /// Followers; Instagram.
    #[serde(default, deserialize_with = "loose::whole")]
    pub follower_count: Option<i64>,
    /// The customer follows us; Instagram.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_user_follow_business: Option<bool>,
    /// The customer's time zone in hours from UTC; needs a right of its own.
    #[serde(default, deserialize_with = "loose::real", skip_serializing_if = "Option::is_none")]
    pub timezone: Option<f64>,
    /// The customer's gender; needs a right of its own.
    #[serde(default, deserialize_with = "loose::text", skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// We follow the customer; Instagram.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_business_follow_user: Option<bool>,
    /// Instagram shows the customer as verified.
    #[serde(default, deserialize_with = "loose::maybe_flag")]
    pub is_verified_user: Option<bool>,
}

impl UserProfile {
    /// The best name there is.
    pub fn display_name(&self) -> Option<String> {
        let joined = [self.first_name.as_deref(), self.last_name.as_deref()];
        let joined = joined.into_iter().flatten().collect::<Vec<_>>().join(" ");
        [self.name.clone(), Some(joined), self.username.clone()]
            .into_iter()
            .flatten()
            .map(|name| name.trim().to_owned())
            .find(|name| !name.is_empty())
    }
}
