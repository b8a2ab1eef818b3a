//! Control of a thread moves between apps (docs/meta.md 2.6.18).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::id::AppId;
use crate::loose;
use crate::routing::AppRole;

/// A pass or a take.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlPassed {
    /// Who held the thread; `None` when it was idle, or when Meta does not say.
    #[serde(default, rename = "previous_owner_app_id", deserialize_with = "loose::id")]
    pub previous_owner: Option<AppId>,
    /// Who holds it now; `None` means that Graph has to be asked.
    #[serde(default, rename = "new_owner_app_id", deserialize_with = "loose::id")]
    pub new_owner: Option<AppId>,
    /// The note of the app that acted.
    #[serde(default, deserialize_with = "loose::text")]
    pub metadata: Option<String>,
}

/// Another app asks for control.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlRequested {
    /// The app that asks.
    #[serde(default, rename = "requested_owner_app_id", deserialize_with = "loose::id")]
    pub requested_owner: Option<AppId>,
    /// Its note.
    #[serde(default, deserialize_with = "loose::text")]
    pub metadata: Option<String>,
}

/// Roles of apps in the old handover protocol.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<String, Value>")]
pub struct AppRoles {
    /// App and its roles, such as `primary_receiver`.
    pub roles: BTreeMap<AppId, Vec<String>>,
}

impl AppRoles {
    /// The part of one app, where it has one that is known.
    pub fn role_of(&self, app: &AppId) -> Option<AppRole> {
        self.roles.get(app)?.iter().find_map(|role| role.parse().ok())
    }
}

impl From<BTreeMap<String, Value>> for AppRoles {
    fn from(members: BTreeMap<String, Value>) -> Self {
        let names = |value: Value| match value {
            Value::Array(values) => values.iter().filter_map(loose::text_of).collect(),
            one => loose::text_of(&one).into_iter().collect(),
        };
        Self { roles: members.into_iter().map(|(app, roles)| (AppId::new(app), names(roles))).collect() }
    }
}
