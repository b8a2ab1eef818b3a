//! Names and faces of agents, and what a customer sees before the first message (docs/meta.md 4.9, 9).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::id::PersonaId;
use crate::loose;

/// A name and face under which messages appear. The answer to making one has the id alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Persona {
    /// Its id.
    pub id: PersonaId,
    /// The name.
    #[serde(default, deserialize_with = "loose::text")]
    pub name: Option<String>,
    /// The picture.
    #[serde(default, deserialize_with = "loose::text")]
    pub profile_picture_url: Option<String>,
}

/// The Messenger profile as some app has set it up. Baton shows it and does not overwrite it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "ProfileForm")]
pub struct MessengerProfile {
    /// The properties that are set, by name, as they came.
    pub properties: Map<String, Value>,
}

#[derive(Deserialize)]
struct ProfileForm {
    #[serde(default)]
    data: Value,
}

impl From<ProfileForm> for MessengerProfile {
    fn from(form: ProfileForm) -> Self {
        let rows = form.data.as_array().cloned().unwrap_or_default();
        let members = rows.into_iter().filter_map(|row| match row {
            Value::Object(members) => Some(members),
            _ => None,
        });
        Self { properties: members.flatten().collect() }
    }
}

impl MessengerProfile {
    /// The names of what is set.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.properties.keys().map(String::as_str)
    }
}

/// The answer to a change of the profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileResult {
    /// `success`.
    #[serde(default, deserialize_with = "loose::text")]
    pub result: Option<String>,
}

impl ProfileResult {
    /// Whether it was done.
    pub fn is_success(&self) -> bool {
        self.result.as_deref() == Some("success")
    }
}
