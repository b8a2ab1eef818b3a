//! Accounts: which there are, what is switched on, who owns a thread (docs/meta.md 1.4, 2.5, 5.3).

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::{AccountId, AppId, Platform};
use crate::loose;
use crate::routing::RoutingMode;

/// A Page that the person behind a token may use, with the token for it.
#[derive(Clone, Deserialize)]
pub struct PageAccount {
    /// The Page.
    pub id: AccountId,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// Its token: a secret, to be wrapped by whoever takes it out.
    #[serde(default, deserialize_with = "loose::text")]
    access_token: Option<String>,
    /// What the person may do on it.
    #[serde(default, deserialize_with = "loose::ids")]
    pub tasks: Vec<String>,
    /// The Instagram account linked to it.
    #[serde(default, deserialize_with = "loose::complete_object")]
    pub instagram_business_account: Option<InstagramLink>,
}

impl PageAccount {
    /// Takes the token out.
    pub fn take_token(&mut self) -> Option<String> {
        self.access_token.take()
    }

    /// Whether the person may read and send messages (docs/meta.md 1.4).
    pub fn can_message(&self) -> bool {
        self.has_task("MESSAGING")
    }

    /// Whether the person may subscribe webhooks (docs/meta.md 1.4).
    pub fn can_subscribe(&self) -> bool {
        self.has_task("MODERATE")
    }

    /// New-style Pages prefix the names.
    fn has_task(&self, name: &str) -> bool {
        self.tasks.iter().any(|task| task == name || task.strip_prefix("PROFILE_PLUS_") == Some(name))
    }
}

impl fmt::Debug for PageAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageAccount")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("tasks", &self.tasks)
            .field("instagram_business_account", &self.instagram_business_account)
            .finish_non_exhaustive()
    }
}

/// The Instagram account linked to a Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstagramLink {
    /// Its id, the same as `entry.id` of its webhooks.
    pub id: AccountId,
    /// Its user name.
    #[serde(default, deserialize_with = "loose::text")]
    pub username: Option<String>,
}

/// An app that gets webhooks of a Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscribedApp {
    /// The app.
    pub id: AppId,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// The fields it gets.
    #[serde(default, deserialize_with = "loose::ids")]
    pub subscribed_fields: Vec<String>,
}

impl SubscribedApp {
    /// Which of these fields it does not get.
    pub fn missing<'a>(&self, fields: &[&'a str]) -> Vec<&'a str> {
        fields
            .iter()
            .copied()
            .filter(|field| !self.subscribed_fields.iter().any(|has| has == field))
            .collect()
    }
}

/// Which routing a Page uses (docs/meta.md 5.3); all false means none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "FeatureForm")]
pub struct FeatureStatus {
    /// The old handover protocol.
    pub hop_v2: bool,
    /// Conversation routing on Messenger.
    pub msgr_multi_app: bool,
    /// Conversation routing on Instagram.
    pub ig_multi_app: bool,
}

impl FeatureStatus {
    /// How Meta decides who may answer on this channel of the Page. Each channel has its own switch; the old protocol
    /// holds where routing is not on.
    pub fn routing(self, platform: Platform) -> RoutingMode {
        let routing_on = match platform {
            Platform::Messenger => self.msgr_multi_app,
            Platform::Instagram => self.ig_multi_app,
        };
        match (routing_on, self.hop_v2) {
            (true, _) => RoutingMode::On,
            (false, true) => RoutingMode::HopV2,
            (false, false) => RoutingMode::Off,
        }
    }
}

#[derive(Deserialize)]
struct FeatureForm {
    #[serde(default)]
    messaging_feature_status: Value,
}

impl From<FeatureForm> for FeatureStatus {
    fn from(form: FeatureForm) -> Self {
        let on =
            |name: &str| form.messaging_feature_status.get(name).and_then(loose::flag_of).unwrap_or(false);
        Self { hop_v2: on("hop_v2"), msgr_multi_app: on("msgr_multi_app"), ig_multi_app: on("ig_multi_app") }
    }
}

/// A secondary receiver of the old handover protocol (docs/meta.md 5.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecondaryReceiver {
    /// The app.
    pub id: AppId,
    /// Its name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
}

/// Who owns a thread: the three answers of `thread_owner` (docs/meta.md 5.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "OwnerForm", rename_all = "snake_case")]
pub enum ThreadOwner {
    /// Nobody.
    Idle,
    /// This app.
    App(OwnerApp),
    /// Another app; Meta does not say which, because ours is not the default app.
    Hidden {
        /// When its control ends, in milliseconds.
        expires_ms: Option<i64>,
    },
}

/// The app that owns a thread.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnerApp {
    /// The app.
    pub app_id: AppId,
    /// When its control ends, in milliseconds.
    pub expires_ms: Option<i64>,
}

#[derive(Deserialize)]
struct OwnerForm {
    #[serde(default, deserialize_with = "loose::list")]
    data: Vec<OwnerRow>,
}

#[derive(Deserialize)]
struct OwnerRow {
    #[serde(default, deserialize_with = "loose::object")]
    thread_owner: Option<OwnerFields>,
}

#[derive(Default, Deserialize)]
struct OwnerFields {
    #[serde(default, deserialize_with = "loose::id")]
    app_id: Option<AppId>,
    #[serde(default, deserialize_with = "loose::time_ms")]
    expiration: Option<i64>,
}

impl From<OwnerForm> for ThreadOwner {
    fn from(form: OwnerForm) -> Self {
        let Some(row) = form.data.into_iter().next() else {
            return Self::Idle;
        };
        let OwnerFields { app_id, expiration: expires_ms } = row.thread_owner.unwrap_or_default();
        match app_id {
            Some(app_id) => Self::App(OwnerApp { app_id, expires_ms }),
            None => Self::Hidden { expires_ms },
        }
    }
}
