//! What is asked while an account is connected: the app's subscriptions, and the Instagram account behind a Page
//! (docs/meta.md 2.5, 8.1).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::InstagramLink;
use crate::id::AccountId;
use crate::loose;

/// One kind of account whose events the app gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSubscription {
    /// `page` or `instagram`.
    #[serde(default, deserialize_with = "loose::text")]
    pub object: Option<String>,
    /// Where they are sent.
    #[serde(default, deserialize_with = "loose::text")]
    pub callback_url: Option<String>,
    /// Whether they are sent at all.
    #[serde(default, deserialize_with = "loose::flag")]
    pub active: bool,
    /// Which.
    #[serde(default, deserialize_with = "names")]
    pub fields: Vec<SubscribedField>,
}

/// A subscribed field. It comes as an object with its name, in older answers as the name alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SubscribedField {
    /// Its name.
    pub name: String,
}

/// The fields in either form; what has no name is left out.
fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SubscribedField>, D::Error> {
    let fields = Value::deserialize(deserializer)?;
    let name = |field: &Value| loose::text_of(field.get("name").unwrap_or(field));
    let fields = fields.as_array().into_iter().flatten().filter_map(name);
    Ok(fields.map(|name| SubscribedField { name }).collect())
}

impl AppSubscription {
    /// Which of these fields are not sent.
    pub fn missing<'a>(&self, fields: &[&'a str]) -> Vec<&'a str> {
        let has = |field: &str| self.active && self.fields.iter().any(|own| own.name == field);
        fields.iter().copied().filter(|field| !has(field)).collect()
    }
}

/// A Page, and the Instagram account that is linked to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkedInstagram {
    /// The Page.
    pub id: AccountId,
    /// The Page's name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// The Instagram account; none when none is linked.
    #[serde(default, deserialize_with = "loose::complete_object")]
    pub instagram_business_account: Option<InstagramLink>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subscriptions_of_the_app_are_read_in_both_forms() {
        let answer = r#"{"object": "instagram", "callback_url": "https://relay.example.invalid/webhook", "active": true,
            "fields": [{"name": "messages", "version": "v26.0"}, "standby", {"odd": 1}]}"#;
        let subscription: AppSubscription = serde_json::from_str(answer).unwrap();
        assert_eq!(subscription.missing(&["messages", "standby", "messaging_seen"]), ["messaging_seen"]);
        let switched_off = AppSubscription { active: false, ..subscription };
        assert_eq!(switched_off.missing(&["messages"]), ["messages"]);
    }

    #[test]
    fn a_page_may_have_no_instagram_account() {
        let page: LinkedInstagram =
            serde_json::from_str(r#"{"id": "104500000000011", "name": "Kettle Corner"}"#).unwrap();
        assert_eq!(page.instagram_business_account, None);
    }
}
